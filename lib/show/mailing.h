/*
 * What show.ini says of the show's digest.
 */
#ifndef SHOW_MAILING_H
#define SHOW_MAILING_H

#include "base/err.h"
#include "show/options.h"
#include "show/show.h"

/* Takes the keys of the digest; the slug is known. What is wrong goes to
 * findings. */
void mailing_options(struct show *s, const struct options *o,
    struct findings *to);

#endif
