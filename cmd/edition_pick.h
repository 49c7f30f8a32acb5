/*
 * Deliveries of one edition that a person names: all that are in a state, or
 * the one to a friend.
 */
#ifndef CMD_EDITION_PICK_H
#define CMD_EDITION_PICK_H

#include "cmd/setting.h"

struct edition_pick {
	enum ledger_state state;
	const char *friend;	/* as typed; NULL: the state counts */
	const char *key;
};

/* Takes --friend, --unknown and, unless unknown_only, --failed, of which one
 * must be given. ERR_USAGE: what tells how, behind "say ". */
int edition_pick_read(struct cmd_args *args, bool unknown_only,
    const char *what, struct edition_pick *out, struct err *err);
/* The edition that the operand names, the newest one without it. ERR_USAGE
 * when there is none. */
int edition_pick_edition(struct setting *s, struct cmd_args *args,
    struct ledger_edition *out, struct err *err);
/* The ids of all in the state (arena of args); with_left: also those of
 * friends who have left since. */
int edition_pick_state(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, enum ledger_state state, bool with_left,
    int64_t **ids, size_t *n, struct err *err);
/* The one to the friend. ERR_INPUT when the edition has none. */
int edition_pick_friend(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, const struct edition_pick *p,
    struct ledger_delivery *out, struct err *err);

#endif
