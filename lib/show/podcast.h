/*
 * Elements of the podcast namespace that are said by their own names, as
 * `podcast_tags` has them in show.ini and in front matter:
 *
 *	podcast_tags:
 *	  license: cc-by-4.0
 *	  soundbite:
 *	    - {startTime: 73, duration: 60, text: The lamp}
 *
 * A value is the element's text, or its one attribute where it has no text; a
 * map has attributes, `text`, and elements inside; a list is several elements.
 * Which there are, and what may stand in them, is in podcast_table.c.
 */
#ifndef SHOW_PODCAST_H
#define SHOW_PODCAST_H

#include "base/date.h"
#include "base/err.h"
#include "base/mem.h"
#include "text/node.h"

struct podcast_attr {
	const char *name;
	const char *value;
};

/* An element; strings are in the show's arena. */
struct podcast_tag {
	const char *name;	/* with its prefix, if it has one */
	const char *text;	/* NULL: none */
	const struct podcast_attr *attrs;
	size_t nattrs;
	struct podcast_tag *inside;	/* the first */
	struct podcast_tag *next;
};

enum podcast_place { PODCAST_CHANNEL, PODCAST_ITEM };

struct podcast_source {
	struct arena *arena;	/* of what comes out */
	const char *file;	/* where the map stands */
	const struct date_zone *zone;	/* of dates without one */
	enum severity severity;	/* of what is wrong */
	const char *rule;
	struct findings *to;
};

/* Puts the elements of the map behind *list. An element that something is
 * wrong with is told, with its line, and left out; so is one too many. What the
 * namespace merely advises is a warning. */
void podcast_read(const struct podcast_source *s, enum podcast_place place,
    const struct node *map, struct podcast_tag **list);

#endif
