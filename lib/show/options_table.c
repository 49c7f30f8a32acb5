#include "show/options.h"

#define CONFIG(name, type, fallback, help) \
	{ name, OPTION_CONFIG, type, fallback, false, false, 0, 0, NULL, help }
#define SHOW(name, type, fallback, help) \
	{ name, OPTION_SHOW, type, fallback, false, false, 0, 0, NULL, help }
#define REQUIRED(name, type, help) \
	{ name, OPTION_SHOW, type, NULL, true, false, 0, 0, NULL, help }
#define REPEAT(scope, name, type, fallback, help) \
	{ name, scope, type, fallback, false, true, 0, 0, NULL, help }
#define NUMBER(name, fallback, min, max, help) \
	{ name, OPTION_CONFIG, OPTION_NUMBER, fallback, false, false, min, \
	  max, NULL, help }
#define FEED(name, type, fallback, help) \
	{ name, OPTION_FEED, type, fallback, false, false, 0, 0, NULL, help }
/* How one comes in at a relay: of `relay`, and of each section. */
#define ACCESS(name, scope, type, fallback, choices, help) \
	{ name, scope, type, fallback, false, false, 0, 0, choices, help }
#define ACCESS_KEYS(scope) \
	ACCESS("user", scope, OPTION_TEXT, NULL, NULL, \
	    "Who we are to the relay (AUTH); none is done without it"), \
	ACCESS("auth", scope, OPTION_CHOICE, "any", \
	    "plain|login|cram-md5|xoauth2|any", \
	    "The way of AUTH; `any` is one of the first three"), \
	ACCESS("password_command", scope, OPTION_TEXT, NULL, NULL, \
	    "Shell command whose first line of output is the password"), \
	ACCESS("password_env", scope, OPTION_TEXT, NULL, NULL, \
	    "Environment variable that has the password"), \
	ACCESS("password_file", scope, OPTION_PATH, NULL, NULL, \
	    "File of one line that has the password, mode 600"), \
	ACCESS("password", scope, OPTION_TEXT, NULL, NULL, \
	    "The password itself; config.ini must be mode 600 then"), \
	ACCESS("tls_min", scope, OPTION_CHOICE, "1.2", "1.2|1.3", \
	    "The oldest TLS that will do"), \
	ACCESS("tls_ca_file", scope, OPTION_PATH, NULL, NULL, \
	    "PEM file of the authorities that the relay is trusted by; the " \
	    "system's when not given"), \
	ACCESS("tls_cert_file", scope, OPTION_PATH, NULL, NULL, \
	    "Certificate that we show the relay, PEM"), \
	ACCESS("tls_key_file", scope, OPTION_PATH, NULL, NULL, \
	    "Its key, PEM without a passphrase; in tls_cert_file when not " \
	    "given")
#define CHOICE(name, fallback, choices, help) \
	{ name, OPTION_SHOW, OPTION_CHOICE, fallback, false, false, 0, 0, \
	  choices, help }

const struct option options_table[] = {
	/* config.ini: this machine's matters */
	REPEAT(OPTION_CONFIG, "shows", OPTION_PATTERN, "feeds/*/show.ini",
	    "The show.ini files, as a shell pattern"),
	CONFIG("ledger", OPTION_STORE, "ledger.db",
	    "Friends, editions and deliveries; made when it is not there. Or "
	    "postgresql://USER@HOST/DATABASE"),
	CONFIG("lease", OPTION_SPAN, "5m",
	    "How long a run that sends may not be heard of by that server "
	    "before another takes it for dead"),
	CONFIG("cache", OPTION_PATH, "cache.db",
	    "What was learnt of media files; may be deleted at any time"),
	CONFIG("templates", OPTION_PATH, "templates",
	    "The folder with digest.html, digest.txt and digest.subject"),
	CONFIG("opml", OPTION_PATH, NULL,
	    "File with the list of all shows, OPML; none is written without "
	    "it"),
	CONFIG("opml_title", OPTION_TEXT, "Podcasts",
	    "Title of that list"),
	{ "compress", OPTION_CONFIG, OPTION_CHOICE, "none", false, false, 0, 0,
	    "none|gz|br|gz br", "Whether FILE.gz and FILE.br are made beside "
	    "each file that is to be served" },
	REPEAT(OPTION_CONFIG, "probe_map", OPTION_TEXT, NULL,
	    "A public address, a blank, and where to ask instead: a URL or "
	    "a folder"),
	NUMBER("http_timeout", "30", 1, 600,
	    "Seconds that a web server has for its answer"),
	NUMBER("http_connections", "32", 1, 256,
	    "Connections to web servers at once"),
	NUMBER("http_per_host", "8", 1, 256,
	    "How many of them to one host"),
	NUMBER("http_retries", "2", 0, 10,
	    "Tries after the first, of what may pass"),
	CONFIG("http_ca_file", OPTION_PATH, NULL,
	    "PEM file of the authorities that web servers are trusted by; the "
	    "system's when not given"),
	CONFIG("recheck", OPTION_SPAN, "0s",
	    "How long a web server's answer is used without asking again"),
	CONFIG("deploy", OPTION_TEXT, NULL,
	    "Shell command by which `publish` brings a show's feeds to where "
	    "they are served"),
	CONFIG("podping_key_file", OPTION_PATH, NULL,
	    "A file with the key that podping.cloud has given, for the shows "
	    "with `podping`"),
	CONFIG("verify_for", OPTION_SPAN, "60s",
	    "How long `publish` waits until feed_url serves the new feed"),
	CONFIG("relay", OPTION_TEXT, "smtp://localhost:25",
	    "Where mail goes: smtp://, smtps:// or smtp+starttls://"
	    "HOST[:PORT], sendmail:/PATH, or maildir:DIR"),
	ACCESS_KEYS(OPTION_CONFIG),
	CONFIG("dsn", OPTION_BOOL, "false",
	    "Whether relays that can are asked for notices of failures and "
	    "delays (DSN)"),
	CONFIG("bounces_to", OPTION_TEXT, NULL,
	    "Address that bounces go to (the envelope sender); that of "
	    "digest_from when not given"),
	CONFIG("verp", OPTION_BOOL, "false",
	    "Whether each friend has an envelope sender of their own: "
	    "bounces+TOKEN@DOMAIN"),
	CONFIG("helo", OPTION_TEXT, NULL,
	    "Our name in EHLO; this host's name when not given"),
	NUMBER("smtp_timeout", "60", 1, 3600,
	    "Seconds that the relay has for each answer"),
	NUMBER("messages_per_connection", "500", 1, 100000,
	    "Messages before a connection to the relay is made anew"),
	NUMBER("connections", "1", 1, 64,
	    "Connections to the relay at once"),
	CONFIG("rate", OPTION_RATE, NULL,
	    "Messages in a time, at most: 20/s, 600/m, 5000/h, 50000/d"),
	REPEAT(OPTION_CONFIG, "domain_rate", OPTION_TEXT, NULL,
	    "A domain, a blank, and messages to it in a time, at most"),
	CONFIG("retry_for", OPTION_SPAN, "0s",
	    "How long a run tries again what was deferred, and waits for a "
	    "relay that is gone; later runs do in any case"),
	NUMBER("stop_refused", "50", 1, 100,
	    "The run ends when more of a hundred of the first hundred friends, "
	    "or of the canaries, are refused; 100: never"),
	NUMBER("claim", "64", 1, 64,
	    "Friends whose delivery is claimed at a time; 1 is the strictest"),
	CONFIG("give_up", OPTION_SPAN, "3d",
	    "How long after the freeze a deferred delivery is tried again"),
	CONFIG("token_key_file", OPTION_PATH, NULL,
	    "A file of `NAME HEX` lines; the first signs unsubscribe links. "
	    "Without it the ledger keeps a key"),
	CONFIG("dkim_domain", OPTION_TEXT, NULL,
	    "Domain that DKIM signatures are of; that of digest_from when not "
	    "given"),
	REPEAT(OPTION_CONFIG, "dkim_selector", OPTION_SELECTOR, NULL,
	    "Where the public key is found: SELECTOR._domainkey.DOMAIN"),
	REPEAT(OPTION_CONFIG, "dkim_key_file", OPTION_PATH, NULL,
	    "Private key in PEM, RSA or Ed25519, that signs the digest; each "
	    "goes with the dkim_selector of the same place"),

	/* show.ini: the show */
	REQUIRED("title", OPTION_TEXT, "Title of the show"),
	REQUIRED("link", OPTION_URL, "The show's web page"),
	REQUIRED("feed_url", OPTION_URL, "Public address of the RSS feed"),
	SHOW("new_feed_url", OPTION_URL, NULL,
	    "Where the RSS feed has moved to, told in it; `feed move` "
	    "writes it"),
	REPEAT(OPTION_SHOW, "moved_from", OPTION_URL, NULL,
	    "An earlier address of the RSS feed, which leads to it; `feed "
	    "move` writes it"),
	SHOW("atom_url", OPTION_URL, NULL,
	    "Public address of the Atom feed; none is written without it"),
	SHOW("json_url", OPTION_URL, NULL,
	    "Public address of the JSON Feed; none is written without it"),
	SHOW("slug", OPTION_NAME, NULL,
	    "Short name; the folder's name when not given"),
	REQUIRED("description", OPTION_TEXT, "What the show is about"),
	SHOW("language", OPTION_LANGUAGE, "en",
	    "Language of the show, RFC 5646"),
	SHOW("author", OPTION_TEXT, NULL, "Who makes the show"),
	SHOW("email", OPTION_TEXT, NULL,
	    "Address of the owner; not in the feed, as Apple asks"),
	SHOW("image", OPTION_URL, NULL,
	    "Cover, 1400 to 3000 pixels square, JPEG or PNG"),
	REPEAT(OPTION_SHOW, "category", OPTION_TEXT, NULL,
	    "A category of Apple Podcasts, or `Category > Subcategory`"),
	SHOW("explicit", OPTION_BOOL, "false", "Whether the show is explicit"),
	SHOW("block", OPTION_BOOL, "false",
	    "Whether directories are asked not to list the show"),
	SHOW("complete", OPTION_BOOL, "false",
	    "Whether there will be no more episodes"),
	SHOW("copyright", OPTION_TEXT, NULL,
	    "Who holds the rights, without the word, the sign or a year"),
	SHOW("guid", OPTION_UUID, NULL,
	    "The show's podcast:guid; set once, never changed"),
	CHOICE("type", "episodic", "episodic|serial", "Order of listening"),
	REPEAT(OPTION_SHOW, "host", OPTION_TEXT, NULL,
	    "A host: `Name` or `Name <URL>`"),
	REPEAT(OPTION_SHOW, "podcast_tags", OPTION_TEXT, NULL,
	    "An element of the podcast namespace, as YAML: "
	    "`license: cc-by-4.0`"),
	SHOW("live_url", OPTION_URL, NULL, "Where the live stream is"),
	SHOW("live_time", OPTION_TEXT, NULL,
	    "When it is, in words: Mondays at 10 am PT"),
	SHOW("friends_url", OPTION_URL, NULL, "Where one joins the list"),
	SHOW("accent", OPTION_COLOUR, "#1f5fa8", "The show's colour"),
	SHOW("font", OPTION_FONT, "'Segoe UI', Roboto, Helvetica, Arial, "
	    "sans-serif", "The digest's font: families, the first that is "
	    "there counts"),
	SHOW("logo", OPTION_URL, NULL,
	    "Picture at the head of the digest; the cover when not given"),

	/* show.ini: where episodes and media lie */
	SHOW("timezone", OPTION_TEXT, "UTC", "Zone of dates without one"),
	SHOW("publish_time", OPTION_CLOCK, "00:00",
	    "Time of day for dates that have none"),
	SHOW("episodes", OPTION_PATH, "episodes", "Folder of the notes"),
	REPEAT(OPTION_SHOW, "names", OPTION_TEXT, NULL,
	    "Pattern of the notes' file names; {number}-{slug}.md, "
	    "{number}.md and {slug}.md when not given"),
	REPEAT(OPTION_SHOW, "except", OPTION_TEXT, NULL,
	    "Pattern of notes that are passed over, such as `*.de.md`"),
	REPEAT(OPTION_SHOW, "filter", OPTION_TEXT, NULL,
	    "Only notes whose front matter has this: `KEY`, `KEY = VALUE`, or "
	    "not: `!KEY`"),
	SHOW("table", OPTION_PATH, NULL,
	    "CSV or TSV table with facts of the episodes"),
	CHOICE("unknown_keys", "error", "error|ignore",
	    "What to do about front matter keys that are not known"),
	{ "items", OPTION_SHOW, OPTION_NUMBER, "0", false, false, 0, 100000,
	    NULL, "How many of the newest episodes the feeds have, the others "
	    "being where `history` says; 0: all" },
	CHOICE("history", "archive", "archive|pages|complete",
	    "Where the others are: in an archive that stays as it is, on "
	    "further pages; or whether the feed says that it has all"),
	SHOW("pages", OPTION_BOOL, "false",
	    "Whether pages are made beside the feeds, for shows without a "
	    "site"),
	SHOW("published", OPTION_PATH, "published.tsv",
	    "What subscribers have been shown; belongs into version control"),
	SHOW("media_dir", OPTION_PATH, NULL, "Folder of the audio files"),
	SHOW("media_url", OPTION_URL, NULL, "Public address of that folder"),
	SHOW("media_prefix", OPTION_URL, NULL,
	    "What stands before the names of audio files in their addresses"),
	SHOW("analytics_prefix", OPTION_URL, NULL,
	    "What is put before published audio addresses, for a service that "
	    "counts downloads"),
	SHOW("settle", OPTION_SPAN, "0s",
	    "How old a local audio file must be before it is published first"),
	SHOW("audio_url", OPTION_TEXT, NULL,
	    "Pattern of audio addresses for episodes that name none"),
	SHOW("episode_url", OPTION_TEXT, NULL,
	    "Pattern of the episodes' web pages"),
	SHOW("episode_guid", OPTION_TEXT, NULL,
	    "Pattern of guids for episodes that name none"),

	REPEAT(OPTION_SHOW, "people", OPTION_TEXT, NULL,
	    "Where ids of people are looked up: `guests = guest/{id}.md`"),
	REPEAT(OPTION_SHOW, "transcripts", OPTION_PATH, NULL,
	    "Pattern of the transcripts' files, such as "
	    "`transcripts/{number}*.vtt`"),
	SHOW("transcripts_url", OPTION_URL, NULL,
	    "Public address of the folder with the transcripts"),
	{ "transcripts_made", OPTION_SHOW, OPTION_CHOICE, NULL, false, true,
	    0, 0, "vtt|srt|json|html|txt", "A format that transcripts at hand "
	    "are also made in" },
	SHOW("transcripts_made_url", OPTION_URL, NULL,
	    "Public address of the folder `transcripts` in `out`, where they "
	    "are made"),
	CHOICE("chapters", "found", "found|notes|none",
	    "Where chapters are read: front matter, the files that it names "
	    "and the audio's tags; the notes' time stamps, too; or nowhere"),
	SHOW("channel_xml", OPTION_PATH, NULL,
	    "File with XML elements for the channel of the RSS feed"),

	/* show.ini: what is made */
	CHOICE("descriptions", "brief", "brief|summary|notes",
	    "What the RSS feed's descriptions are: the notes as far as Apple "
	    "shows them, a summary, both with the link, or "
	    "the whole notes where they have no summary of their own"),
	SHOW("chapters_in_description", OPTION_BOOL, "false",
	    "Whether chapters are listed at the end of the RSS feed's "
	    "descriptions"),
	SHOW("chapters_url", OPTION_URL, NULL,
	    "Public address of the folder `chapters` in `out`; JSON chapters "
	    "files are made there when it is given"),
	SHOW("deploy", OPTION_TEXT, NULL,
	    "The same as in config.ini, for this show"),
	REPEAT(OPTION_SHOW, "websub_hub", OPTION_HTTPS, NULL,
	    "A WebSub hub that tells readers of a change at once; it stands "
	    "in the feeds, and `feed ping` tells it"),
	SHOW("podcast_index_ping", OPTION_BOOL, "false",
	    "Whether `feed ping` tells Podcast Index, too"),
	SHOW("podping", OPTION_BOOL, "false",
	    "Whether the RSS feed says that Podping is told of its changes, "
	    "and `feed ping` tells it"),
	SHOW("out", OPTION_PATH, "public", "Folder for the feeds"),
	SHOW("rss", OPTION_FILE, "feed.xml", "File name of the RSS feed"),
	SHOW("atom", OPTION_FILE, "atom.xml", "File name of the Atom feed"),
	SHOW("json", OPTION_FILE, "feed.json", "File name of the JSON Feed"),

	/* show.ini: the digest */
	SHOW("digest_from", OPTION_TEXT, NULL,
	    "Sender: `Name <address>`; needed for the digest"),
	SHOW("digest_reply_to", OPTION_TEXT, NULL, "Where answers go"),
	SHOW("list", OPTION_NAME, NULL,
	    "Name of the list of friends; the slug when not given"),
	SHOW("list_id", OPTION_LIST_ID, NULL,
	    "List-Id (RFC 2919); list.domain when not given"),
	SHOW("unsubscribe_mailto", OPTION_TEXT, NULL,
	    "Address for mails that leave the list; the sender's when not "
	    "given"),
	SHOW("unsubscribe_url", OPTION_HTTPS, NULL,
	    "https address for leaving by one click; the token is put behind "
	    "it"),
	SHOW("preferences_url", OPTION_HTTPS, NULL,
	    "https address where friends say what they want; the token is put "
	    "behind it"),
	SHOW("archive_url", OPTION_HEADER_URL, NULL,
	    "Where past editions can be read (List-Archive)"),
	SHOW("archive", OPTION_PATH, "public/digest",
	    "Folder in which `digest archive` makes the pages of past "
	    "editions"),
	SHOW("help_url", OPTION_HEADER_LINK, NULL,
	    "Where the list is explained (List-Help): a URL or mailto:ADDRESS"),
	SHOW("feedback_id", OPTION_FEEDBACK_ID, NULL,
	    "Who sends, in Feedback-ID, by which Gmail counts complaints: 5 to "
	    "15 letters, digits, - . and _"),
	CHOICE("images", "link", "link|inline",
	    "Whether pictures of local files go along in the digest, or all "
	    "are fetched from the web"),
	SHOW("postal_address", OPTION_TEXT, NULL,
	    "Postal address for the footer"),
	SHOW("friend_fallback", OPTION_TEXT, NULL,
	    "How to call a friend without a name"),
	SHOW("digest_template", OPTION_NAME, NULL,
	    "Folder in `templates` with other templates of the digest: "
	    "compact"),
	SHOW("window", OPTION_SPAN, "14d",
	    "How old an episode may be to go into an edition"),
	SHOW("digest_every", OPTION_TEXT, "run",
	    "When there is an edition: at each run that finds something new, "
	    "once a `week`, or when so many episodes are new"),
	SHOW("late_after", OPTION_SPAN, NULL,
	    "How old the newest episode may be, or an edition that was "
	    "begun, before it is held and reported"),
	SHOW("editions", OPTION_PATH, "editions",
	    "Folder of what is written by hand for an edition: 2025-W23.md"),
	SHOW("send_at", OPTION_TEXT, NULL,
	    "When friends get it: `09:00` by the show's clock, or `09:00 "
	    "local` by each friend's own; at once when not given"),
	SHOW("quiet_hours", OPTION_TEXT, NULL,
	    "When nobody gets it, by each friend's own clock: 22:00-07:00"),
	REPEAT(OPTION_SHOW, "canary", OPTION_TEXT, NULL,
	    "Address of a friend who gets it first; when too many canaries are "
	    "refused it goes to nobody else"),
	REPEAT(OPTION_SHOW, "digest_show", OPTION_NAME, NULL,
	    "Slug of another show whose episodes are in the digest, too"),

	/* [feed NAME] of show.ini: further feeds */
	{ "url", OPTION_FEED, OPTION_TEXT, NULL, true, false, 0, 0, NULL,
	    "Public address of the feed" },
	{ "format", OPTION_FEED, OPTION_CHOICE, "rss", false, false, 0, 0,
	    "rss|atom|json", "What it is" },
	FEED("file", OPTION_FILE, NULL,
	    "Its file in `out`; the last part of its address when not given"),
	FEED("title", OPTION_TEXT, NULL,
	    "Its title; the show's when not given"),
	FEED("description", OPTION_TEXT, NULL,
	    "What it is about; the show's description when not given"),
	FEED("guid", OPTION_UUID, NULL,
	    "Its podcast:guid; made from its address when not given"),
	FEED("audio", OPTION_TEXT, NULL,
	    "Which of an episode's files is its audio there: by title, format, "
	    "type or language; episodes without one are not in it"),
	FEED("season", OPTION_TEXT, NULL,
	    "Only episodes of that season; `each`: a feed for each season"),
	FEED("tag", OPTION_TEXT, NULL,
	    "Only episodes with that tag; `each`: a feed for each tag"),
	{ "items", OPTION_FEED, OPTION_NUMBER, NULL, false, false, 0, 100000,
	    NULL, "As the show's `items`, which it is when not given" },
	{ "history", OPTION_FEED, OPTION_CHOICE, NULL, false, false, 0, 0,
	    "archive|pages|complete",
	    "As the show's `history`, which it is when not given" },
	FEED("tokens", OPTION_PATH, NULL,
	    "File with a token on each line, which makes the feed a private "
	    "one for each of them"),

	/* [relay NAME] of config.ini: several */
	{ "url", OPTION_RELAY, OPTION_TEXT, NULL, true, false, 0, 0, NULL,
	    "Where mail goes, as `relay`" },
	{ "weight", OPTION_RELAY, OPTION_NUMBER, "1", false, false, 1, 100,
	    NULL, "Its share of the messages" },
	ACCESS_KEYS(OPTION_RELAY),
};

const size_t options_count = sizeof(options_table) / sizeof(options_table[0]);

_Static_assert(sizeof(options_table) / sizeof(options_table[0]) <=
    OPTIONS_MAX, "struct options holds OPTIONS_MAX");
