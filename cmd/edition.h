/*
 * What `digest preview`, `send` and `resend` share: choosing the episodes of
 * an edition, rendering it, and sending what an edition has left.
 */
#ifndef CMD_EDITION_H
#define CMD_EDITION_H

#include "cmd/setting.h"
#include "mail/digest.h"

struct edition {
	const struct episode **episodes;	/* newest first */
	size_t n;			/* 0: nothing new */
	char name[LEDGER_NAME_MAX];
	char key_id[LEDGER_NAME_MAX];	/* of the token key */
	unsigned char key[LEDGER_KEY_SIZE];
	struct digest digest;
	struct mold_input mold;
};

#define EDITION_OPTIONS \
	{ "--show", "SLUG", "of this show, where config.ini has several" }, \
	{ "--episode", "N", "take this one, due or not (may be given again)" }, \
	{ "--since", "DATE", "take all that are due and not older" }, \
	{ "--again", NULL, "also those that went out already" }, \
	{ "--at", "TIME", "as if it were that time" }, \
	{ "--keep-going", NULL, "do not mind other episodes' errors" }

/* Chooses by --episode, --since, --again, or the rule: due, in no edition yet,
 * not older than the window; a first edition takes the newest only, and what
 * was out before it is past. Finds the facts of their audio. s->ledger NULL: nothing went out yet. ERR_INPUT for
 * episodes with errors, ERR_USAGE for a number that is none. */
int edition_choose(struct setting *s, struct cmd_args *args,
    struct edition *out, struct err *err);
/* Reads the token key, names and renders the edition that was chosen. */
int edition_render(struct setting *s, struct cmd_args *args,
    struct edition *e, struct err *err);
void edition_release(struct edition *e);

/* The token key: the first of token_key_file, else the ledger's own; without
 * a ledger one of zeros, for previews. */
int edition_key(struct setting *s, struct edition *e, struct err *err);
/* The key of that id, for editions that were frozen with it. */
int edition_key_named(struct setting *s, const char *id, struct edition *e,
    struct err *err);

/* The envelope sender: the bare address of digest_from (arena). */
const char *edition_sender(struct setting *s, struct arena *a,
    struct err *err);

/* Sends what is pending or deferred of an edition and prints what became of
 * it. 0: done; 1: stopped by a signal; -1 err. */
int edition_deliver(struct setting *s, const struct ledger_edition *e,
    struct err *err);

/* "12 sent, 1 unknown" */
void edition_counts_text(const struct ledger_counts *c, char *out,
    size_t size);
/* Whether friends are left who did not get it: exit code 75. */
bool edition_has_left(const struct ledger_counts *c);

/* On a terminal shows what would be sent and asks; elsewhere wants --yes.
 * 1 go on, 0 no, -1 err. */
int edition_confirm(struct cmd_args *args, const struct setting *s,
    const char *name, const char *subject, size_t friends, struct err *err);

#endif
