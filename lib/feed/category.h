/*
 * The categories of Apple Podcasts, which the other directories read too.
 */
#ifndef FEED_CATEGORY_H
#define FEED_CATEGORY_H

#include <stdbool.h>

/* sub NULL: the category alone. Names are compared as they are, as Apple
 * does. Why is set when it is none: the words of the message. */
bool category_is_known(const char *name, const char *sub, const char **why);

#endif
