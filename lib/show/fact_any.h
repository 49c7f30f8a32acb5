/*
 * Facts that may be lists and maps. Private to the reading of episodes.
 */
#ifndef SHOW_FACT_ANY_H
#define SHOW_FACT_ANY_H

#include "show/fact.h"
#include "text/node.h"

/* A fact as it stands in the front matter; else the text in the table, in
 * `cell`. `at` becomes s with the file in which it stands, for messages with
 * the node's line. NULL: not said. */
const struct node *fact_any(const struct fact_source *s, const char *key,
    struct node *cell, struct fact_source *at);

#endif
