/*
 * The feeds of a show: the one to three that each show.ini has keys for, and
 * those of its sections [feed NAME] (of a format, a rendition, a season, a tag,
 * or private).
 */
#ifndef SHOW_FEEDS_H
#define SHOW_FEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

struct episode;
struct media;
struct options;
struct show;

enum feed_format { FEED_RSS, FEED_ATOM, FEED_JSON };

/* What becomes of episodes that are no longer in a feed (RFC 5005). */
enum feeds_history {
	FEEDS_ARCHIVE,		/* documents that stay as they are (§4) */
	FEEDS_PAGES,		/* further pages, which change with it (§3) */
	FEEDS_COMPLETE		/* there are none, and the feed says so (§2) */
};

#define FEEDS_MAX 500		/* of a show */
#define FEEDS_TOKENS_MAX 10000	/* of a private feed */

struct show_feed {
	const char *name;	/* of its section; NULL: it has none */
	unsigned line;		/* of show.ini */
	enum feed_format format;
	const char *url;	/* where it is served */
	const char *file;	/* name, in the show's `out` */
	const char *title;
	const char *description;
	const char *guid;	/* podcast:guid */
	const char *audio;	/* NULL: the audio of the episodes */
	int64_t season;		/* 0: all */
	const char *tag;	/* NULL: all; compared as in addresses */
	size_t items;		/* 0: all */
	enum feeds_history history;
	bool each;		/* one of a season or tag each */
	/* A private feed: tokens of 16 characters or more that stand in url
	 * and file, in place of each other; there they are the first. */
	const char **tokens;
	size_t ntokens;
	const char *files;	/* with {token} in place of them; NULL: it is
				 * none */
	/* Which episodes are of its season and tag; NULL: all. */
	const struct episode *first;
	bool *mine;
};

/* Takes the keys and sections of show.ini, but for what depends on the
 * episodes. What is wrong goes to findings. */
void feeds_options(struct show *s, const struct options *o,
    struct findings *to);
/* For a build, when all episodes have been read: finds the episodes of each
 * feed, makes the feeds of `each` season or tag that is out at `now`, and reads
 * the files of tokens. */
void feeds_expand(struct show *s, int64_t now, struct findings *to);

/* Whether a text is a token: 16 to 128 letters, digits, - and _. */
bool feeds_is_token(const char *text);
/* Whether the public may know of the feed: it is not private. */
bool feeds_is_public(const struct show_feed *f);
/* Whether it is one that others are told of when it changes: public, and not
 * one of many. */
bool feeds_is_told(const struct show_feed *f);

/* Tells of feeds for whose `audio` no episode has a file, when all are
 * resolved: a warning ("feed-empty"). */
void feeds_warn_audio(const struct show *s, struct findings *to);
/* Whether there is an episode for it, when their files are resolved. */
bool feeds_has_any(const struct show *s, const struct show_feed *f);

/* Whether the episode is of the feed's season and tag. */
bool feeds_takes(const struct show_feed *f, const struct episode *e);
/* Which of the episode's files is its audio in the feed (show_media()): 0 is
 * the episode's own; -1: none is. The files are resolved. */
int feeds_media(const struct show_feed *f, const struct episode *e);

#endif
