/*
 * What a whole page of HTML has that a reader of mail meets: its links, its
 * pictures, what no mail may have, and what it says. Nothing is cleaned: the
 * page is taken as a mail program gets it, comments (also those for Outlook)
 * apart.
 */
#ifndef TEXT_HTML_LOOK_H
#define TEXT_HTML_LOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

#define MARKUP_LOOK_DEPTH 250	/* of elements */

struct markup_link_seen {
	const char *href;	/* as written, blanks around it gone; "" too */
	const char *text;	/* the words that show, blanks folded */
	const char *says;	/* text, else what stands for it: alt,
				 * aria-label, title; "": nothing does */
	bool hidden;		/* nobody sees it */
};

struct markup_picture {
	const char *src;	/* "": none */
	const char *alt;	/* NULL: there is none; "" is for decoration */
	bool sized;		/* width= and height= or CSS of the element say
				 * the width at least */
	bool tiny;		/* 1 pixel, or hidden: no picture for people */
	bool linked;		/* in a link that has no other words */
};

/* An element that no mail may have, or mail programs throw out. */
struct markup_active {
	const char *what;	/* "<script>", "onclick=" */
	const char *value;	/* its address; NULL: none */
	bool remote_style;	/* of <link> and @import alone: no harm, no
				 * use */
};

struct markup_look {
	struct markup_link_seen *links;
	size_t nlinks;
	struct markup_picture *pictures;
	size_t npictures;
	struct markup_active *active;
	size_t nactive;
	const char *text;	/* what shows, as one line */
	const char *preheader;	/* what it begins with where that is hidden;
				 * "": nothing */
	const char *row;	/* what a list of mails shows behind the
				 * subject: the preheader, and the words behind
				 * it unless blanks that fill the line are
				 * between them */
};

#define MARKUP_LOOK_ROW 200	/* characters of row */
#define MARKUP_LOOK_FILLERS 20	/* that are enough to fill a line */

/* html: UTF-8. All strings in the arena. ERR_INPUT when libxml2 makes nothing
 * of it, or elements are nested deeper than the limit. */
int markup_look(struct arena *a, const char *html, size_t len,
    struct markup_look *out, struct err *err);

#endif
