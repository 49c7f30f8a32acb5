/* Which element fills which field, and which of two goes first. */
#include "feed/read_int.h"

#define C(field) offsetof(struct feed_doc_channel, field)
#define I(field) offsetof(struct feed_doc_item, field)
#define NONE FEED_NS_NONE
#define ATOM FEED_NS_ATOM
#define ITUNES FEED_NS_ITUNES
#define PODCAST FEED_NS_PODCAST
#define PLAY FEED_NS_GOOGLEPLAY
#define DC FEED_NS_DC

static const struct feed_field channel_rss[] = {
	{ NONE, "channel", feed_take_nothing, 0, NULL },
	{ NONE, "item", feed_take_nothing, 0, NULL },
	{ NONE, "items", feed_take_nothing, 0, NULL },
	{ ATOM, "entry", feed_take_nothing, 0, NULL },
	{ NONE, "title", feed_take_line, C(title), "" },
	{ NONE, "link", feed_take_url, C(link), "" },
	{ NONE, "description", feed_take_prose, C(description), NULL },
	{ NONE, "language", feed_take_line, C(language), "" },
	{ NONE, "copyright", feed_take_line, C(copyright), "" },
	{ NONE, "managingEditor", feed_take_line, C(managing_editor), "" },
	{ NONE, "webMaster", feed_take_line, C(web_master), "" },
	{ NONE, "pubDate", feed_take_date, C(date), "" },
	{ NONE, "lastBuildDate", feed_take_date, C(last_build), "" },
	{ NONE, "generator", feed_take_line, C(generator), "" },
	{ NONE, "docs", feed_take_line, C(docs), "" },
	{ NONE, "ttl", feed_take_line, C(ttl), "" },
	{ NONE, "category", feed_take_category, 0, "domain" },
	{ NONE, "image", feed_take_image, 0, NULL },
	FEED_END
};

static const struct feed_field channel_more[] = {
	{ ITUNES, "author", feed_take_line, C(author), "" },
	{ ITUNES, "summary", feed_take_prose, C(summary), NULL },
	{ ITUNES, "subtitle", feed_take_line, C(subtitle), "" },
	{ ITUNES, "owner", feed_take_owner, 0, NULL },
	{ ITUNES, "image", feed_take_href, C(image), "href url" },
	{ ITUNES, "category", feed_take_nested, 0, NULL },
	{ ITUNES, "keywords", feed_take_keywords, 0, "" },
	{ ITUNES, "explicit", feed_take_explicit, C(is_explicit), "" },
	{ ITUNES, "block", feed_take_yes, C(block), "" },
	{ ITUNES, "complete", feed_take_yes, C(complete), "" },
	{ ITUNES, "type", feed_take_type, C(type), "" },
	{ ITUNES, "new-feed-url", feed_take_url, C(new_feed_url), "" },
	{ PODCAST, "guid", feed_take_line, C(guid), "" },
	{ PODCAST, "medium", feed_take_line, C(medium), "" },
	{ PODCAST, "locked", feed_take_locked, 0, "owner" },
	{ PODCAST, "funding", feed_take_funding, 0, "url" },
	{ PODCAST, "person", feed_take_person, 0, "role group img href" },
	FEED_END
};

static const struct feed_field channel_atom[] = {
	{ ATOM, "title", feed_take_atom_line, C(title), "+type mode" },
	{ ATOM, "subtitle", feed_take_atom_line, C(subtitle), "+type mode" },
	{ ATOM, "tagline", feed_take_atom_line, C(subtitle), "+type mode" },
	{ ATOM, "info", feed_take_atom_text, C(description), "+type mode" },
	{ ATOM, "link", feed_take_atom_link, 0,
	    "href rel type title length hreflang" },
	{ ATOM, "id", feed_take_line, C(id), "" },
	{ ATOM, "updated", feed_take_date, C(last_build), "" },
	{ ATOM, "modified", feed_take_date, C(last_build), "" },
	{ ATOM, "published", feed_take_date, C(date), "" },
	{ ATOM, "rights", feed_take_atom_line, C(copyright), "+type mode" },
	{ ATOM, "copyright", feed_take_atom_line, C(copyright),
	    "+type mode" },
	{ ATOM, "author", feed_take_author, 0, NULL },
	{ ATOM, "contributor", feed_take_contributor, 0, NULL },
	{ ATOM, "category", feed_take_atom_category, 0,
	    "term scheme label" },
	{ ATOM, "generator", feed_take_line, C(generator),
	    "uri version url" },
	{ ATOM, "logo", feed_take_url, C(image), "" },
	{ ATOM, "icon", feed_take_url, C(icon), "" },
	FEED_END
};

static const struct feed_field channel_else[] = {
	{ PLAY, "author", feed_take_line, C(author), "" },
	{ PLAY, "description", feed_take_prose, C(summary), NULL },
	{ PLAY, "image", feed_take_href, C(image), "href url" },
	{ PLAY, "category", feed_take_nested, 0, NULL },
	{ PLAY, "explicit", feed_take_explicit, C(is_explicit), "" },
	{ PLAY, "block", feed_take_yes, C(block), "" },
	{ PLAY, "owner", feed_take_owner, 0, "" },
	{ PLAY, "email", feed_take_line, C(owner_email), "" },
	{ PLAY, "new-feed-url", feed_take_url, C(new_feed_url), "" },
	{ DC, "creator", feed_take_line, C(author), "" },
	{ DC, "language", feed_take_line, C(language), "" },
	{ DC, "rights", feed_take_line, C(copyright), "" },
	{ DC, "date", feed_take_date, C(date), "" },
	{ DC, "subject", feed_take_category, 0, "" },
	{ DC, "title", feed_take_line, C(title), "" },
	{ DC, "description", feed_take_prose, C(description), NULL },
	FEED_END
};

const struct feed_field *const feed_channel_tables[] = {
	channel_rss, channel_more, channel_atom, channel_else, NULL
};

static const struct feed_field item_rss[] = {
	{ NONE, "title", feed_take_line, I(title), "" },
	{ NONE, "link", feed_take_url, I(link), "" },
	{ NONE, "guid", feed_take_guid, I(guid), "isPermaLink" },
	{ NONE, "description", feed_take_prose, I(description), NULL },
	{ NONE, "pubDate", feed_take_date, I(date), "" },
	{ NONE, "author", feed_take_line, I(rss_author), "" },
	{ NONE, "category", feed_take_category, 0, "domain" },
	{ NONE, "comments", feed_take_url, I(comments), "" },
	{ NONE, "enclosure", feed_take_enclosure, 0, "url length type" },
	FEED_END
};

static const struct feed_field item_more[] = {
	{ FEED_NS_CONTENT, "encoded", feed_take_prose, I(content), NULL },
	{ ITUNES, "title", feed_take_line, I(itunes_title), "" },
	{ ITUNES, "author", feed_take_line, I(author), "" },
	{ ITUNES, "subtitle", feed_take_line, I(subtitle), "" },
	{ ITUNES, "summary", feed_take_prose, I(summary), NULL },
	{ ITUNES, "image", feed_take_href, I(image), "href url" },
	{ ITUNES, "duration", feed_take_duration, 0, "" },
	{ ITUNES, "explicit", feed_take_explicit, I(is_explicit), "" },
	{ ITUNES, "block", feed_take_yes, I(block), "" },
	{ ITUNES, "episode", feed_take_number, I(episode), "" },
	{ ITUNES, "season", feed_take_number, I(season), "" },
	{ ITUNES, "episodeType", feed_take_type, I(type), "" },
	{ ITUNES, "keywords", feed_take_keywords, 0, "" },
	{ ITUNES, "category", feed_take_nested, 0, NULL },
	{ PODCAST, "chapters", feed_take_chapters_url, 0, "url type" },
	{ PODCAST, "transcript", feed_take_transcript, 0,
	    "url type language rel" },
	{ PODCAST, "person", feed_take_person, 0, "role group img href" },
	{ PODCAST, "soundbite", feed_take_soundbite, 0,
	    "startTime duration" },
	{ PODCAST, "funding", feed_take_funding, 0, "url" },
	{ FEED_NS_PSC, "chapters", feed_take_chapters, 0, "+version" },
	{ FEED_NS_FEEDBURNER, "origLink", feed_take_url, I(orig_link), "" },
	{ FEED_NS_FEEDBURNER, "origEnclosureLink", feed_take_url,
	    I(orig_enclosure), "" },
	FEED_END
};

static const struct feed_field item_atom[] = {
	{ ATOM, "id", feed_take_line, I(guid), "" },
	{ ATOM, "title", feed_take_atom_line, I(title), "+type mode" },
	{ ATOM, "link", feed_take_atom_link, 0,
	    "href rel type title length hreflang" },
	{ ATOM, "published", feed_take_date, I(date), "" },
	{ ATOM, "issued", feed_take_date, I(date), "" },
	{ ATOM, "updated", feed_take_date, I(updated), "" },
	{ ATOM, "modified", feed_take_date, I(updated), "" },
	{ ATOM, "summary", feed_take_atom_text, I(description),
	    "+type mode" },
	{ ATOM, "content", feed_take_atom_text, I(content), "+type mode" },
	{ ATOM, "author", feed_take_author, 0, NULL },
	{ ATOM, "contributor", feed_take_contributor, 0, NULL },
	{ ATOM, "category", feed_take_atom_category, 0,
	    "term scheme label" },
	FEED_END
};

static const struct feed_field item_else[] = {
	{ PODCAST, "season", feed_take_season, 0, "name" },
	{ PODCAST, "episode", feed_take_episode, 0, "display" },
	{ PLAY, "author", feed_take_line, I(author), "" },
	{ PLAY, "description", feed_take_prose, I(summary), NULL },
	{ PLAY, "image", feed_take_href, I(image), "href url" },
	{ PLAY, "explicit", feed_take_explicit, I(is_explicit), "" },
	{ PLAY, "block", feed_take_yes, I(block), "" },
	{ DC, "creator", feed_take_creator, I(author), "" },
	{ DC, "date", feed_take_date, I(date), "" },
	{ DC, "subject", feed_take_category, 0, "" },
	{ DC, "title", feed_take_line, I(title), "" },
	{ DC, "description", feed_take_prose, I(description), NULL },
	{ FEED_NS_DCTERMS, "modified", feed_take_date, I(updated), "" },
	{ FEED_NS_MEDIA, "content", feed_take_media, 0, NULL },
	{ FEED_NS_MEDIA, "group", feed_take_media_group, 0, NULL },
	{ FEED_NS_MEDIA, "thumbnail", feed_take_thumbnail, 0, NULL },
	FEED_END
};

const struct feed_field *const feed_item_tables[] = {
	item_rss, item_more, item_atom, item_else, NULL
};
