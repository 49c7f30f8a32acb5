/*
 * How editions and their deliveries stand, also where a run was broken off: as
 * the next run will find them.
 */
#ifndef CMD_DIGEST_STATUS_H
#define CMD_DIGEST_STATUS_H

#include "cmd/edition.h"

/* is_sending: of setting_is_sending(); then a claimed one is being sent. */
enum ledger_state status_of(const struct ledger_delivery *d, bool is_sending);
int status_counts(struct setting *s, int64_t edition, bool is_sending,
    struct ledger_counts *out, struct err *err);

/* The table of the n editions (e) on standard output: as columns, JSON or CSV.
 * t NULL: as columns that are no wider than the terminal. */
int status_print_editions(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, const struct ledger_edition *e, size_t n,
    struct err *err);

/* Shows how the editions stand, anew every so often, until nothing is left to
 * be sent: EXIT_LEFT where friends are left who did not get it, else 0. */
int digest_watch(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, struct err *err);

#endif
