/*
 * An episode's notes, rendered once for all outputs.
 */
#ifndef SHOW_NOTES_H
#define SHOW_NOTES_H

#include "base/buf.h"
#include "show/show.h"
#include "text/markdown.h"

#define NOTES_SUMMARY_MAX 400
#define NOTES_TEXT_WIDTH 72

struct notes {
	struct markdown *markdown;
	struct buf html;	/* the whole notes */
	struct buf summary;	/* as given, else the first paragraph */
};

/* Reads and renders, without a first heading that only says the title;
 * ERR_INPUT with the notes' file, and for a control character with its line.
 * On failure there is nothing to release. */
int notes_open(const struct episode *e, struct notes *out, struct err *err);
void notes_release(struct notes *n);

#endif
