/*
 * JSON by jansson (whose names begin with json; ours here with node_).
 */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include "base/buf.h"
#include "base/err.h"
#include "text/node.h"

/* The tree as indented JSON with a line end, keys in their order. A text that
 * node_number() or node_decimal() made is written as a number. */
int node_json(const struct node *n, struct buf *out, struct err *err);
/* The same in one line, without a line end. */
int node_json_line(const struct node *n, struct buf *out, struct err *err);

/* A list or map from JSON of our own making; its integers are as
 * node_number() makes them, and nothing has a line. NULL: it is no JSON, is
 * nested deeper than 64, or holds a number that is no integer. */
struct node *node_of_json(struct arena *a, const char *text, size_t len);

/* As front_json(), of a file that is no front matter: the err has its line,
 * and a clause about what is wrong there. */
int node_read_json(struct arena *a, const char *text, size_t len,
    struct node **out, size_t *used, struct err *err);

#endif
