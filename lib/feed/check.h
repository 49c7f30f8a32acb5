/*
 * What directories want of a feed beyond its being well-formed.
 */
#ifndef FEED_CHECK_H
#define FEED_CHECK_H

#include <stdbool.h>

#include "base/err.h"
#include "show/show.h"

/* Warnings "show-image", "show-category" and "show-category-unknown", with
 * the line of show.ini. The feed can be made all the same. */
void check_show(const struct show *s, struct findings *to);

/* Whether a document, XML or JSON, looks like a feed with an item or entry in
 * it. */
bool check_has_items(const char *text);

#endif
