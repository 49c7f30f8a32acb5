/*
 * Reading feeds: what an RSS or Atom feed says, in a form that does not care
 * in which of the formats it was said.
 *
 * RSS 2.0, 0.9x, 1.0 and 1.1, Atom 1.0 and 0.3, with the elements of iTunes,
 * Podcasting 2.0 (podcast:), Podlove Simple Chapters (psc:), content:, dc:,
 * media:, feedburner: and googleplay:. Namespaces are known by their URI in
 * all spellings seen in the field, and by their usual prefix where none is
 * declared.
 *
 * Nothing is lost: an element that no field here holds, that cannot be
 * understood, or that says a thing a second time, is in `unknown` as XML. So
 * is one that says more than its field can hold (`partial`).
 *
 * All strings are UTF-8 without control characters, in the arena of the
 * feed_doc, and NULL where nothing was said. Those named "line of text" have
 * no line breaks, and single blanks. Addresses are absolute where the feed
 * (by xml:base, its self link, else where it came from, else its web page) lets
 * them be, else as written; also in XML that is kept.
 */
#ifndef FEED_READ_H
#define FEED_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/err.h"
#include "base/mem.h"
#include "text/xml_read.h"

#define FEED_DOC_MAX XR_INPUT_MAX	/* bytes of a feed */
#define FEED_DOC_ITEMS_MAX 100000

enum feed_doc_format { FEED_DOC_RSS, FEED_DOC_RDF, FEED_DOC_ATOM };

/* "yes" and "no" where nothing said is a third answer. */
enum feed_doc_flag { FEED_DOC_UNSAID, FEED_DOC_NO, FEED_DOC_YES };

/* A longer text; line breaks and tabs as they stand. */
struct feed_doc_text {
	const char *text;	/* NULL: not said */
	bool html;		/* a fragment of HTML, else plain text */
	const char *base;	/* what its relative links count from; NULL */
	unsigned line;
};

struct feed_doc_date {
	bool known;
	struct date date;	/* with the zone it was written in; UTC where
				 * none was said */
	const char *written;	/* as it stands; NULL: not said */
	unsigned line;
};

struct feed_doc_enclosure {
	const char *url;	/* never NULL */
	const char *type;	/* MIME type */
	const char *title;	/* Atom link title, media:title */
	int64_t length;		/* bytes as claimed; -1: not said, or no
				 * number */
	unsigned line;
};

/* A person: podcast:person, or an Atom author or contributor. */
struct feed_doc_person {
	const char *name;	/* never NULL, may be "" */
	const char *role;	/* as written ("guest"); NULL */
	const char *group;
	const char *img;
	const char *href;	/* also an Atom uri */
	const char *email;	/* Atom only */
	unsigned line;
};

/* itunes:category with those inside it: { "News", "Tech News" }; the plain
 * RSS and Atom category, dc:subject and the like: one name. */
struct feed_doc_category {
	const char *const *path;
	size_t npath;		/* at least 1; an empty name is "" */
	const char *scheme;	/* "itunes" or "googleplay" (directories' own
				 * lists), the domain or scheme attribute, or
				 * NULL */
	const char *label;	/* Atom label; NULL */
	unsigned line;
};

struct feed_doc_funding {
	const char *url;	/* never NULL */
	const char *text;	/* line of text; NULL */
	unsigned line;
};

/* psc:chapter */
struct feed_doc_chapter {
	int64_t start_ms;	/* milliseconds from the beginning */
	const char *start;	/* as written */
	const char *title;	/* line of text; may be NULL */
	const char *href;
	const char *image;
	unsigned line;
};

struct feed_doc_transcript {
	const char *url;	/* never NULL */
	const char *type;
	const char *language;
	const char *rel;	/* "captions" */
	unsigned line;
};

struct feed_doc_soundbite {
	const char *start;	/* seconds as written: "33.833" */
	const char *duration;
	const char *title;	/* line of text; NULL */
	unsigned line;
};

/* An element as XML that is well-formed alone. */
struct feed_doc_raw {
	const char *name;	/* "podcast:value", with the usual prefix */
	const char *full;	/* "{URI}value", whatever the prefix */
	const char *xml;	/* as it stands, with its namespaces */
	const char *canon;	/* equal for elements that say the same */
	bool partial;		/* a field holds some of what it says */
	unsigned line;
};

struct feed_doc_channel {
	const struct xr_node *element;	/* <channel> or <feed> */
	const char *title;		/* line of text, here and below */
	const char *link;		/* its web page */
	const char *self;		/* its own address (atom:link
					 * rel=self) */
	const char *id;			/* Atom id, rdf:about */
	const char *language;		/* language, dc:language, xml:lang */
	const char *copyright;
	struct feed_doc_text description;	/* Atom 0.3: info */
	struct feed_doc_text summary;	/* itunes:summary,
					 * googleplay:description */
	const char *subtitle;		/* itunes:subtitle, Atom subtitle */
	const char *author;		/* itunes:author; else googleplay's,
					 * Atom's, dc:creator */
	const char *owner_name;		/* itunes:owner */
	const char *owner_email;
	const char *managing_editor;	/* as written: "a@b.example (A B)" */
	const char *web_master;
	const char *image;		/* itunes:image; else that of RSS or
					 * googleplay, Atom logo, icon */
	const char *rss_image;		/* <image>: url, title, link */
	const char *rss_image_title;
	const char *rss_image_link;
	const char *icon;		/* Atom icon */
	struct feed_doc_category *categories;
	size_t ncategories;
	const char **keywords;		/* itunes:keywords, split at commas */
	size_t nkeywords;
	enum feed_doc_flag is_explicit;	/* "clean" is no */
	enum feed_doc_flag block;	/* itunes:block, googleplay:block */
	enum feed_doc_flag complete;
	const char *type;		/* "episodic" or "serial" */
	const char *new_feed_url;	/* itunes:new-feed-url; RSS redirect */
	const char *guid;		/* podcast:guid */
	const char *medium;		/* podcast:medium */
	enum feed_doc_flag locked;	/* podcast:locked */
	const char *locked_owner;
	struct feed_doc_funding *funding;
	size_t nfunding;
	struct feed_doc_funding payment;	/* atom:link rel=payment; url
						 * NULL: none */
	struct feed_doc_person *persons;	/* podcast:person */
	size_t npersons;
	struct feed_doc_person *authors;	/* Atom's; the first named is in
						 * author too */
	size_t nauthors;
	struct feed_doc_person *contributors;
	size_t ncontributors;
	struct feed_doc_date last_build;	/* lastBuildDate; Atom
						 * updated */
	struct feed_doc_date date;		/* pubDate */
	const char *generator;
	const char *docs;
	const char *ttl;
	const char *page_next;		/* RFC 5005: links rel=next, first;
					 * also */
	const char *page_first;		/* in unknown */
	struct feed_doc_raw *unknown;	/* in their order */
	size_t nunknown;
};

struct feed_doc_item {
	const struct xr_node *element;	/* <item> or <entry> */
	unsigned line;
	const char *guid;		/* as it stands, blanks around it left
					 * out; Atom: id. See feed_doc_id() */
	bool permalink;			/* isPermaLink, said or by default */
	const char *title;		/* line of text, here and below */
	const char *itunes_title;
	const char *link;		/* its page; a permalink guid that is an
					 * http(s) address where none is
					 * given */
	struct feed_doc_date date;	/* pubDate, Atom published, dc:date; for
					 * Atom without it, updated */
	struct feed_doc_date updated;	/* atom:updated, dcterms:modified */
	struct feed_doc_text description;	/* RSS description, Atom
						 * summary */
	struct feed_doc_text content;	/* content:encoded, Atom content */
	struct feed_doc_text summary;	/* itunes:summary,
					 * googleplay:description */
	const char *subtitle;
	struct feed_doc_enclosure *enclosures;	/* those of media: only where
						 * there is no other */
	size_t nenclosures;
	int64_t duration;		/* seconds; -1: not said */
	const char *duration_written;
	const char *image;		/* itunes:image; else media:thumbnail */
	enum feed_doc_flag is_explicit;
	enum feed_doc_flag block;
	int64_t season;			/* 0: none */
	const char *season_name;	/* podcast:season name= */
	int64_t episode;		/* itunes:episode, else a whole
					 * podcast:episode; 0: none */
	const char *podcast_episode;	/* podcast:episode as written ("3.5") */
	const char *episode_display;	/* podcast:episode display= */
	const char *type;		/* "full", "trailer", "bonus" */
	const char *author;		/* itunes:author; else Atom's,
					 * dc:creator, RSS author */
	const char *rss_author;		/* as written: "a@b.example (A B)" */
	struct feed_doc_person *persons;
	size_t npersons;
	struct feed_doc_person *authors;
	size_t nauthors;
	struct feed_doc_person *contributors;
	size_t ncontributors;
	const char **keywords;
	size_t nkeywords;
	struct feed_doc_category *categories;
	size_t ncategories;
	const char *chapters_url;	/* podcast:chapters */
	const char *chapters_type;
	struct feed_doc_chapter *chapters;	/* psc:chapters */
	size_t nchapters;
	struct feed_doc_transcript *transcripts;
	size_t ntranscripts;
	struct feed_doc_soundbite *soundbites;
	size_t nsoundbites;
	struct feed_doc_funding *funding;
	size_t nfunding;
	struct feed_doc_funding payment;
	const char *comments;		/* RSS comments: address */
	const char *orig_link;		/* feedburner:origLink */
	const char *orig_enclosure;	/* feedburner:origEnclosureLink */
	struct feed_doc_raw *unknown;
	size_t nunknown;
};

struct feed_doc {
	struct arena arena;
	enum feed_doc_format format;
	const char *version;		/* "2.0"; Atom: "1.0" or "0.3"; NULL */
	const char *file;		/* as given, for messages */
	struct feed_doc_channel channel;
	struct feed_doc_item *items;	/* in their order */
	size_t nitems;
};

/* Reads a feed of len bytes. file: what it is called in messages; base_url
 * (may be NULL): where it was fetched from. What had to be mended or could
 * not be understood goes to `to` (rules xml-* of text/xml_read.h, and
 * feed-*: warnings); an error among them means that something may be missing.
 * NULL when it is no feed at all, or beyond the limits (those of XML, and
 * FEED_DOC_ITEMS_MAX): ERR_INPUT with file and line. */
struct feed_doc *feed_doc_read(const char *data, size_t len, const char *file,
    const char *base_url, struct findings *to, struct err *err);
void feed_doc_free(struct feed_doc *d);		/* NULL is allowed */

/* The names of its podcast:person, each once, with a comma and a blank between;
 * "": there is none. One dc:creator that says just that is in no field, as it
 * tells nothing else. */
const char *feed_doc_names(struct arena *a, const struct feed_doc_item *item);

/* By what players know the item: its guid, else its link, else the address
 * that all its enclosures share; NULL: nothing. */
const char *feed_doc_id(const struct feed_doc_item *item);

/* The children of an item or channel `element` with that name as XML, one
 * behind the other, appended to out; for what a field says less well. ns is
 * one of FEED_NS_*; returns how many there were. */
size_t feed_doc_raw_of(const struct xr_node *element, const char *ns,
    const char *name, struct buf *out);

/* The namespaces in the spelling to which a read tree is brought. */
#define FEED_NS_NONE ""		/* RSS of all versions */
#define FEED_NS_ATOM "http://www.w3.org/2005/Atom"	/* 0.3 as well */
#define FEED_NS_CONTENT "http://purl.org/rss/1.0/modules/content/"
#define FEED_NS_DC "http://purl.org/dc/elements/1.1/"
#define FEED_NS_DCTERMS "http://purl.org/dc/terms/"
#define FEED_NS_FEEDBURNER "http://rssnamespace.org/feedburner/ext/1.0"
#define FEED_NS_GOOGLEPLAY "http://www.google.com/schemas/play-podcasts/1.0"
#define FEED_NS_ITUNES "http://www.itunes.com/dtds/podcast-1.0.dtd"
#define FEED_NS_MEDIA "http://search.yahoo.com/mrss/"
#define FEED_NS_PODCAST "https://podcastindex.org/namespace/1.0"
#define FEED_NS_PSC "http://podlove.org/simple-chapters"
#define FEED_NS_RDF "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

#endif
