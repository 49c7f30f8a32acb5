/*
 * What a person writes by hand for one edition, in editions/2025-W23.md: an
 * opening (the Markdown), and in the front matter
 *
 *     subject: …         instead of the template's
 *     preheader: …       instead of the first episode's summary
 *     episodes: [12, 9]  these and no others, in this order
 *     leave_out: [11]    not these
 *     items:             what is no episode
 *       - title: …
 *         url: …
 *         text: …
 *
 * All keys may be missing; so may the front matter. Relative addresses in the
 * opening count from the show's page.
 */
#ifndef MAIL_EDITORIAL_H
#define MAIL_EDITORIAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "show/show.h"

/* An episode, by its number, by its slug, or behind the slug of another show
 * and a colon ("other:12"). */
struct editorial_ref {
	const char *text;
	unsigned line;
};

struct editorial_item {
	const char *title;
	const char *url;	/* NULL: none */
	const char *text;	/* plain; NULL: none */
};

struct editorial {
	const char *file;	/* NULL: there is none */
	const char *subject;	/* NULL: not said; so the others */
	const char *preheader;
	struct editorial_ref *episodes, *leave_out;
	size_t nepisodes, nleave_out;
	bool picks;		/* `episodes` is there */
	struct editorial_item *items;
	size_t nitems;
	const char *html;	/* the opening; "" */
	const char *plain;	/* the same, as markdown_text() has it */
};

#define EDITORIAL_ITEMS_MAX 50
#define EDITORIAL_WIDTH 72

/* Reads one; all strings in the arena. A file that is not there is an empty
 * one with file NULL. What is wrong goes to findings (rule "edition"), all of
 * it, with its line; the caller looks at their count. */
void editorial_read(struct arena *a, const char *file, const struct show *show,
    struct editorial *out, struct findings *to);

#endif
