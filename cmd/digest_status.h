/* How editions stand, on standard output. */
#ifndef CMD_DIGEST_STATUS_H
#define CMD_DIGEST_STATUS_H

#include "cmd/edition.h"

/* The table of the n editions (e) on standard output: as columns, JSON or CSV.
 * With --watch no line is wider than the terminal. */
int status_print_editions(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, const struct ledger_edition *e, size_t n,
    struct err *err);

/* Shows how the editions stand, anew every so often, until nothing is left to
 * be sent: EXIT_LEFT where friends are left who did not get it, else 0. */
int digest_watch(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, struct err *err);

#endif
