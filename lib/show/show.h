/*
 * What is known of a show and its episodes. All strings lie in the show's
 * arena, are UTF-8 without control characters (so no header injection), and
 * are NULL where nothing was said unless a default is named here.
 */
#ifndef SHOW_SHOW_H
#define SHOW_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/fs.h"
#include "base/mem.h"
#include "show/feeds.h"

/* iTunes category: "Technology", or "News" with sub "Tech News". */
struct show_category {
	const char *name;
	const char *sub;	/* NULL: none */
	unsigned line;		/* of show.ini */
};

struct show_person {
	const char *name;
	const char *url;	/* NULL: none */
	const char *image;	/* URL; NULL: none */
	const char *role;	/* "host", "guest", "Cover Art Designer";
				 * NULL: not said */
	const char *group;	/* "cast"; NULL: not said */
};

struct show_transcript {
	const char *url;
	const char *type;	/* MIME type */
	const char *language;	/* NULL: the show's */
	const char *rel;	/* "captions"; NULL: none */
	const char *folder;	/* the file's, where that is at hand, and its */
	const char *file;	/* name below it; NULL: it is elsewhere */
	bool bad;		/* the file is of no use, as was told */
};

struct show_chapter {
	int64_t start_ms;
	int64_t end_ms;		/* behind the start; -1: not said */
	const char *title;	/* NULL: none */
	const char *url;	/* absolute; NULL: none */
	const char *image;	/* likewise */
	bool hidden;		/* in no list of chapters (`toc` of JSON) */
	unsigned line;		/* of the file that they were read from; 0:
				 * none */
};

/* Where an episode's chapters were read. */
enum show_chapters {
	CHAPTERS_NONE,
	CHAPTERS_FRONT,		/* front matter or table */
	CHAPTERS_FILE,		/* a file that it names */
	CHAPTERS_NOTES,		/* time stamps in the notes */
	CHAPTERS_AUDIO		/* the tags of the audio */
};

/* Elements that go into a feed as they stand. */
struct show_xml {
	const char *text;	/* well-formed; NULL: none */
	unsigned spaces;	/* what it needs (text/xml_fragment.h) */
	const char *names;	/* of its elements (xml_fragment_names()); NULL
				 * with the text */
};

struct show_sponsor {
	const char *name;
	const char *url;
	const char *code;	/* a discount code */
	const char *text;	/* a sentence or two, plain text */
};

/* Where something is said; file NULL: nowhere. */
struct show_place {
	const char *file;
	unsigned line;
};

struct media {
	const char *from;	/* file and line that name it */
	unsigned line;
	unsigned entry;		/* of the list in which it stands, from 1 on;
				 * 0: it stands alone */
	const char *title;	/* "data saver"; NULL: none */
	const char *language;	/* NULL: not said */
	const char *url;	/* as published; absolute */
	const char *file;	/* the local file: as named in the source until
				 * media_resolve, then its path; NULL: none */
	const char *asked;	/* the address that was asked; NULL: none, or
				 * not resolved */
	bool looked;		/* for what is in the file, too */
	const char *type;	/* MIME type */
	int64_t length;		/* bytes; the truth, never a guess. Before
				 * media_resolve: as claimed, -1 not said */
	int64_t duration;	/* seconds; -1: not known */
	int64_t bitrate;	/* bits a second; 0: not known */
	const char *codec;	/* "mp3", "opus"; NULL: not known */
	/* Of the claims, where there are any. */
	struct show_place length_at, duration_at;
	/* Of one in a list; podcast-namespace, tags/alternate-enclosure.md. */
	const char *rel;	/* "default", a group of files; NULL: none */
	const char *const *sources;	/* further addresses of any scheme */
	const char *integrity;		/* of the file; NULL: not said */
	const char *integrity_type;	/* "sri" or "pgp-signature" */
	unsigned nsources;
	unsigned height;	/* of a video; 0: not said */
};

struct csv_row;
struct podcast_tag;

struct episode {
	const char *file;	/* the Markdown file, as named to the user */
	unsigned line;		/* of its front matter's first key, or 1 */
	unsigned number_line;	/* of these keys, where the front matter has */
	unsigned guid_line;	/* them; else as `line` */
	unsigned draft_line;
	const char *title;	/* never NULL */
	const char *slug;	/* never NULL */
	bool slug_said;		/* by the notes */
	const char *guid;	/* never NULL */
	const char *link;	/* its page; NULL: none */
	const char *site;	/* the show's page */
	const char *image;
	const char *summary;	/* as written; NULL: writers make one */
	const char *type;	/* "full", "trailer" or "bonus" */
	const char *video;	/* URL */
	int64_t number;		/* 0: none */
	int64_t season;		/* 0: none */
	struct date date;
	int64_t due;		/* from then on; the date, or what holds it
				 * back until later */
	int64_t expires;	/* not due from then on; 0: never */
	struct date updated;	/* the date when nothing else was said, and
				 * never before it */
	bool is_explicit;
	bool block;		/* directories are asked not to list it */
	bool draft;
	bool guid_is_link;	/* the guid is an address of it, too */
	struct media audio;
	struct media *renditions;	/* further files of the same sound, in
					 * the order of the notes */
	bool bundle;		/* the index.md of a folder of its own */
	struct show_sponsor sponsor;	/* name NULL: no sponsor */
	const struct show_person *people;	/* all of them, hosts too;
						 * none: those of the show */
	const char *const *tags;
	struct show_transcript *transcripts;
	unsigned npeople, ntags, ntranscripts, nrenditions;
	bool transcripts_said;	/* by the notes; none is looked for */
	const char *chapters;	/* URL of the JSON file; NULL: none */
	bool chapters_made;	/* it is one that is made (chapters_find()) */
	const struct show_chapter *chapter;	/* by their starts */
	unsigned nchapters;
	enum show_chapters chapters_from;
	const char *chapters_file;	/* in which they stand; NULL: none */
	struct podcast_tag *podcast;	/* show/podcast.h; NULL: none */
	struct show_xml xml;
	const struct csv_row *row;	/* of the table; NULL: none */
	struct fs_stamp stamp;	/* of the file when its facts were read */
	bool media_known;	/* audio and renditions are complete
				 * (media_resolve was done) */
	size_t body_offset;	/* where the Markdown begins in the file */
	unsigned body_line;	/* and on which line */
};

struct show_digest {
	const char *list;		/* name of the list of friends */
	const char *from;		/* "Name <address>" or "address", as
					 * written; NULL: the show has no
					 * digest */
	const char *reply_to;		/* NULL: none */
	const char *list_id;		/* "<friends.example.org>" without <> */
	const char *unsubscribe_mailto;	/* an address */
	const char *unsubscribe_url;	/* https URL; the token goes behind it;
					 * NULL */
	const char *preferences_url;	/* likewise, for all else; NULL */
	const char *postal_address;	/* NULL: none */
	const char *friend_fallback;	/* for friends without a name; NULL: by
					 * the words */
	const char *archive_url;	/* where past editions are; NULL */
	const char *archive;		/* folder for their pages */
	const char *help_url;		/* URL or mailto:; NULL */
	const char *feedback_id;	/* NULL: none */
	bool inline_images;		/* those of local files go along */
	const char *template;		/* folder below the templates; NULL */
	int64_t window;			/* seconds */
	int64_t late_after;		/* seconds; 0: never too late */
	bool weekly;			/* one edition in a week at most */
	size_t every;			/* new episodes that it waits for */
	const char *editions;		/* folder of what is written by hand */
	const char **shows;		/* slugs of others whose episodes are
					 * in it, too */
	size_t nshows;
	/* Seconds of the day; -1: not given. */
	int send_at, quiet_from, quiet_to;
	bool send_local;		/* send_at is by each friend's clock */
	const char **canary;		/* addresses as written */
	size_t ncanary;
};

struct episode_rules;
struct options;
struct layout;
struct people;
struct transcripts;
struct words;

struct show {
	struct arena arena;
	const char *file;		/* show.ini */
	const struct options *options;	/* of it, for show_line; NULL: none */
	const char *dir;		/* the folder of show.ini */
	const char *slug;
	const char *title;
	const char *link;
	const char *feed_url;		/* public URL of the RSS feed */
	const char *new_feed_url;	/* itunes:new-feed-url; NULL: none */
	const char *const *hubs;	/* WebSub, https */
	size_t nhubs;
	const char *deploy;		/* shell command; NULL: none */
	bool index_ping;		/* Podcast Index is told of changes */
	bool podping;			/* Podping, too */
	const char *atom_url;		/* of the Atom feed; NULL: none is
					 * made */
	const char *json_url;		/* of the JSON Feed; NULL: none is
					 * made */
	const char *out;		/* folder for the feeds */
	size_t items;			/* in a feed, 0: all */
	enum feeds_history history;
	struct show_feed *feeds;	/* all that are made, the RSS feed
					 * first; those of sections when the
					 * episodes have been read */
	size_t nfeeds;
	bool pages;			/* are made of it */
	const char *published;		/* file: what subscribers have seen */
	const char *rss;		/* file names in it */
	const char *atom;
	const char *json;
	const char *language;		/* RFC 5646; "en" */
	const struct words *words;	/* of it, for templates, after
					 * language_open(); NULL: English */
	const char *description;
	const char *author;
	const char *email;		/* of the owner; NULL: none */
	const char *image;
	const char *copyright;
	const char *guid;		/* podcast:guid, a UUID; else made from
					 * feed_url by the namespace's rule */
	const char *type;		/* "episodic" or "serial" */
	const char *live_url;
	const char *live_time;		/* in words: "Mondays at 10 am PT" */
	const char *friends_url;	/* where one joins the list */
	const char *accent;		/* "#rrggbb" */
	const char *font;		/* families, as CSS has them */
	const char *logo;		/* of the digest; NULL: the image */
	bool is_explicit;
	bool block, complete;	/* not to be listed; at its end */
	bool whole_notes;		/* in descriptions, where the notes
					 * have no summary */
	bool brief_notes;		/* likewise, as far as Apple shows
					 * them; neither: a summary */
	bool no_chapters;		/* none are read */
	bool note_chapters;		/* the notes' time stamps are some */
	bool describe_chapters;		/* in the RSS descriptions */
	size_t late_chapters;		/* episodes whose first is not at
					 * 0:00 */
	const char *chapters_url;	/* of the folder with the JSON files
					 * that are made; NULL: none are */
	struct show_category *categories;
	size_t ncategories;
	struct show_person *hosts;
	size_t nhosts;
	struct date_zone *zone;
	const char *media_dir;		/* folder and public address of the
					 * audio */
	const char *media_url;		/* files; NULL: none */
	const char *analytics_prefix;	/* before published audio; NULL: none */
	int64_t settle;			/* seconds that a new local file
					 * waits */
	bool media_dir_told;		/* that it is no folder */
	const char *episodes_dir;
	const char *table;		/* file; NULL: none */
	struct episode_rules *rules;	/* for show_read_episodes */
	bool own_tree;			/* made for something else as well:
					 * what is optional only warns */
	struct layout *layout;		/* which files are notes */
	struct people *people;		/* files about people; NULL: none */
	struct transcripts *transcripts;	/* where they lie; NULL:
						 * unknown */
	unsigned transcripts_made;	/* formats to be made: 1 << enum
					 * captions_format */
	const char *transcripts_made_url;	/* of the folder they go to */
	struct podcast_tag *podcast;	/* show/podcast.h; NULL: none */
	struct show_xml xml;		/* for the channel */
	struct show_digest digest;
	struct episode *episodes;	/* newest first; only sound ones */
	size_t nepisodes;
	const char **left_out;		/* files of the others, in no order */
	size_t nleft_out;
};

/* Reads show.ini; episodes are for show_read_episodes. What is wrong goes to
 * findings, all of it. NULL when it cannot be used. show_free() takes NULL. */
struct show *show_open(const char *file, struct findings *to);
/* As show_open(), of a show.ini that is at hand; paths count from file, which
 * need not be there. */
struct show *show_from_text(const char *file, const char *text, size_t len,
    struct findings *to);
/* Reads the facts of all episodes (not their audio: see media_resolve) with
 * the show's table. What is wrong goes to findings, all of it; the caller
 * looks at their count. false when the table cannot be used at all: then no
 * episode is read, since each would be told to lack what stands in it. */
bool show_read_episodes(struct show *s, struct findings *to);
/* Instead of show_read_episodes(): calls each for the notes of the show, in
 * the order of their paths, also for those that something is wrong with: what
 * of them could not be understood is NULL, 0 or -1. false when the table or
 * the folder cannot be used. */
bool show_walk(struct show *s, void (*each)(void *ctx, struct episode *e),
    void *ctx, struct findings *to);
void show_free(struct show *s);

/* The line of show.ini that gives a key; 0: none does. */
unsigned show_line(const struct show *s, const char *key);

/* The podcast:guid that belongs to a feed's address (podcast-namespace,
 * tags/guid.md): an address as url_check() takes. */
const char *show_guid_of_feed(struct arena *a, const char *url);
/* The file name at the end of a feed's address, for `rss` or `atom`; NULL: it
 * has none, or that is the usual one, which need not be said. */
const char *show_file_of_feed(struct arena *a, const char *url,
    const char *usual);

/* The slug that a show.ini gives, in the arena, whatever else is wrong with
 * it; NULL when the file cannot be read. For passing over shows that are not
 * asked for. */
const char *show_slug(struct arena *a, const char *file);
/* Likewise the folder of its notes. */
const char *show_notes_folder(struct arena *a, const char *file);

/* Notes that an error of its own, found after show_read_episodes(),
 * keeps out of all
 * that is made. Each episode at most once. */
void show_leave_out(struct show *s, const char *file);

/* The guid that a name has in the show: UUIDv5 in the namespace of the show's
 * guid; in the show's arena. For an episode the name is its number, or its
 * file's stem where there is none; "SEASON/NUMBER" is what the messages
 * propose where a number is taken. */
const char *show_guid(struct show *s, const char *name);

/* By what the file of notes is told from others: its name without folders and
 * ending, or the folder's where it is the index.md there. */
const char *show_stem(struct arena *a, const struct episode *e);

/* The path of the notes from `episodes`. */
const char *show_path(struct arena *a, const struct show *s,
    const struct episode *e);
/* The notes' folder below `episodes`, with a slash behind it; "" for that
 * itself. */
const char *show_folder(struct arena *a, const struct show *s,
    const struct episode *e);

/* The files of an episode: its audio is number 0, and then come renditions. */
const struct media *show_media(const struct episode *e, size_t i);
/* How many those of all episodes are. */
size_t show_media_count(const struct show *s);

/* Whether an episode is out at `at`, and not expired. */
bool show_is_due(const struct episode *e, int64_t at);

/* The episode's notes: read again from its file, which must be what it was
 * when its facts were read (else ERR_TEMPORARY); behind what out holds. */
int show_read_notes(const struct episode *e, struct buf *out, struct err *err);

#endif
