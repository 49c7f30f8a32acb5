/*
 * Where what is in the digest was written: messages name people's own files and
 * lines, not those of the page that is made of them. Private to the digest.
 */
#ifndef MAIL_DIGEST_PLACE_H
#define MAIL_DIGEST_PLACE_H

#include "mail/digest.h"

struct digest_place {
	const char *file;	/* NULL: not known */
	unsigned line;		/* 0: not known */
};

/* Of a line that the digest.html of the folder gave: the line there, or else in
 * another .html of the folder, that can have given it. */
void digest_place_line(struct arena *a, const char *folder, const char *line,
    size_t len, struct digest_place *out);

/* Of a picture, by its address in the page: show.ini where it is the show's
 * logo or cover, else what is written for the edition by hand, an episode's
 * notes, or a template. The file at least is always known. */
void digest_place_picture(struct arena *a, const struct digest_input *in,
    const char *url, struct digest_place *out);

#endif
