/*
 * A size, duration or type in the form in which it was said before.
 */
#ifndef SHOW_EPISODE_FORM_H
#define SHOW_EPISODE_FORM_H

#include <stdint.h>

#include "base/mem.h"

/* Each: NULL when was says the same already; was NULL: nothing was said. */
const char *episode_form_length(struct arena *a, const char *was,
    int64_t length);
const char *episode_form_duration(struct arena *a, const char *was,
    int64_t ms);
const char *episode_form_type(struct arena *a, const char *was,
    const char *type);

#endif
