/*
 * A page that shows a message as its friends may see it: in a list of mails, on
 * a desk, on a phone, on a dark screen, without pictures, and as text; with its
 * size, its header fields, and what is wrong with it.
 *
 * One file, without scripts. What it loads is what the mail itself loads. The
 * frames show copies of the HTML, with the pictures that go along: the mail's
 * own bytes are not touched. Dark screens and pictures that are not loaded are
 * emulated in the copies: the former by taking each `prefers-color-scheme` of
 * its style sheets as true or false, the latter by a Content-Security-Policy.
 * Both say so on the page: what some programs do by themselves, such as to
 * invert colours, is not shown.
 */
#ifndef MAIL_PREVIEW_H
#define MAIL_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum preview_view { PREVIEW_LIGHT, PREVIEW_DARK, PREVIEW_NO_PICTURES };

struct preview {
	const char *show, *edition;	/* for the page's title */
	const char *from;		/* who a list of mails says it is
					 * from */
	const char *to;			/* whom it is made out to; NULL */
	const char *subject;
	const char *row, *preheader;	/* as markup_look() gives them */
	const char *html, *text;	/* as one friend gets them */
	const char *message;
	size_t message_len;
	const struct finding *findings;
	size_t nfindings;
	const char *const *asked;	/* who else was asked, and what came of
					 * it: sentences */
	size_t nasked;
};

/* Appends the page. */
void preview_page(const struct preview *p, struct buf *out);

/* Appends the HTML of a message that mold_fill() made, with the pictures that
 * go along in it as data: addresses; false: there are none, and nothing is
 * appended. */
bool preview_inline(const char *message, size_t len, struct buf *out);

/* Appends the copy of the HTML that a frame shows. */
void preview_copy(const char *html, enum preview_view view, struct buf *out);

#endif
