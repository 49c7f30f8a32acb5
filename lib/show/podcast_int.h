/*
 * The elements of the podcast namespace, and of a live item. Private to
 * show/podcast.
 */
#ifndef SHOW_PODCAST_INT_H
#define SHOW_PODCAST_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "show/podcast.h"

/* What a value must be, and how it is written. */
enum podcast_kind {
	PODCAST_NONE,		/* no text */
	PODCAST_TEXT,
	PODCAST_URL,		/* http or https */
	PODCAST_URI,		/* any scheme */
	PODCAST_YES_NO,
	PODCAST_BOOL,		/* "true", "false" */
	PODCAST_WHOLE,		/* from 0 on */
	PODCAST_DECIMAL,
	PODCAST_SECONDS,	/* 73, 73.5 or 1:13; written as a number */
	PODCAST_TYPE,		/* of media */
	PODCAST_LANGUAGE,
	PODCAST_DATE,		/* written as RFC 5322 */
	PODCAST_DATE_ISO,	/* written as RFC 3339 */
	PODCAST_UUID,
	PODCAST_CHOICE,		/* one of `choices` */
	PODCAST_RATIO,		/* 16/9 */
	PODCAST_GEO,		/* RFC 5870 */
	PODCAST_LICENSE
};

struct podcast_value {
	const char *name;	/* NULL: the end of a list */
	enum podcast_kind kind;
	bool required;
	unsigned max;		/* characters that players show; 0: any
				 * number */
	const char *choices;	/* between blanks */
};

/* Where an element may stand. */
#define IN_CHANNEL 1U
#define IN_ITEM 2U
#define IN_LIVE 4U
#define IN_ANY (IN_CHANNEL | IN_ITEM | IN_LIVE)

struct podcast_def {
	const char *name;	/* with its prefix, if it has one */
	unsigned where;		/* 0: inside others alone */
	bool single;
	struct podcast_value text;
	const struct podcast_value *attrs;
	const char *inside;	/* names of what may stand in it, between
				 * blanks; NULL: nothing */
	const char *key;	/* where it is not IN_ITEM or IN_CHANNEL: the
				 * key that says it there */
};

/* A value as it is to stand in the feed, in the arena; NULL: it cannot, and
 * why is in err, as the end of a sentence. */
const char *podcast_value(const struct podcast_source *s,
    const struct podcast_value *want, const char *text, struct err *err);

extern const struct podcast_def podcast_defs[];
extern const size_t podcast_ndefs;

#endif
