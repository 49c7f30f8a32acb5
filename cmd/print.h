/*
 * Lists on standard output: as JSON, as CSV, or as columns.
 */
#ifndef CMD_PRINT_H
#define CMD_PRINT_H

#include "base/err.h"
#include "text/node.h"

/* The columns of the terminal; 0: standard output is none, and cuts nothing. */
size_t print_width(void);

int print_json(const struct node *n, struct err *err);

/* A list of maps as columns under their keys; numbers stand right. On a
 * terminal a last column that does not fit is cut. */
void print_table(const struct node *list);
/* As print_table(), and on a terminal no line is wider than it, whatever has to
 * be cut. */
void print_within(const struct node *list);
/* One line, and a newline; cut likewise. */
void print_line(const char *text);
/* As print_table(), and nothing is cut. */
void print_whole(const struct node *list);

/* The rows of a list of maps under their keys; nothing where there are none. */
void print_csv(const struct node *list);

#endif
