/*
 * The digest's HTML with its styles in place. Private to the digest.
 */
#ifndef MAIL_DIGEST_STYLE_H
#define MAIL_DIGEST_STYLE_H

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

/* markup_style() of what the digest.html of the folder gave, behind what out
 * holds; dropped: what was passed over, and ERR_NONE where nothing was. Both
 * that and a failure name the file and line of the template: the line, in
 * digest.html or else in another .html of the folder, that can have given the
 * one at fault. None when there is no such line. */
int digest_style(struct arena *a, const char *folder, const struct buf *html,
    struct buf *out, struct err *dropped, struct err *err);

#endif
