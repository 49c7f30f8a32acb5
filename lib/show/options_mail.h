/*
 * Values of config.ini and show.ini that go into mail: its header fields, and
 * DKIM. Private to show/options.
 */
#ifndef SHOW_OPTIONS_MAIL_H
#define SHOW_OPTIONS_MAIL_H

#include "show/options.h"

/* What a sound value of such a type looks like, for the message; NULL when it
 * is sound. */
const char *options_mail_wanted(const struct option *o, const char *s);

#endif
