/*
 * What `digest preview`, `send` and `resend` share: choosing the episodes of
 * an edition, rendering it, and sending what an edition has left.
 */
#ifndef CMD_EDITION_H
#define CMD_EDITION_H

#include "cmd/setting.h"
#include "mail/digest.h"
#include "mail/transport.h"

/* Friends are left who did not get an edition. */
#define EXIT_LEFT 75

/* A due episode that the rule does not take. */
struct edition_omission {
	const struct episode *episode;
	const char *why;	/* "is in edition 2025-W23" */
	bool old;		/* older than the window: most of a long show */
};

struct edition {
	const struct episode **episodes;	/* newest first */
	size_t n;			/* 0: nothing new */
	struct edition_omission *omitted;
	size_t nomitted;
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
 * is not newer than that is past (ledger_begun). What is left out goes to the
 * log (debug) and to omitted. Finds the facts of their audio. s->ledger NULL:
 * nothing went out yet. ERR_INPUT for episodes with errors, ERR_USAGE for a
 * number that is none. */
int edition_choose(struct setting *s, struct cmd_args *args,
    struct edition *out, struct err *err);
/* Reads the token key, names and renders the edition that was chosen. */
int edition_render(struct setting *s, struct cmd_args *args,
    struct edition *e, struct err *err);
void edition_release(struct edition *e);

/* The envelope sender: the bare address of digest_from (arena). */
const char *edition_sender(struct setting *s, struct arena *a,
    struct err *err);

/* What every delivery of a run needs: made before anything is recorded, so
 * that a mistake in config.ini or show.ini leaves nothing behind. */
struct edition_post {
	struct transport *transport;
	const char *from;
};
int edition_post_open(struct setting *s, struct edition_post *p,
    struct err *err);
void edition_post_close(struct edition_post *p);

/* From here on SIGINT and SIGTERM do not kill: the message under way is
 * finished and the run ends. A second one kills. */
void edition_catch_signals(void);
bool edition_stopped(void);
/* Until a line of standard input is there, or its end: true. False: a signal
 * came before that. */
bool edition_wait_for_answer(void);

/* Sends what is pending or deferred of an edition (only those of the n ids,
 * unless NULL), gives up what was deferred for too long, and prints how the
 * edition stands. */
int edition_deliver(struct setting *s, const struct edition_post *post,
    const struct ledger_edition *e, const int64_t *only, size_t n,
    struct err *err);

/* "12 sent, 1 unknown" */
void edition_counts_text(const struct ledger_counts *c, char *out,
    size_t size);
/* Whether friends are left who did not get it (EXIT_LEFT); then says so as an
 * error, that is also under -q, where cron mails it. */
bool edition_report_left(const char *name, const struct ledger_counts *c);

/* What a person is asked about, and --dry-run prints. */
void edition_print(const struct setting *s, const char *name,
    const char *subject, size_t friends);
/* On a terminal prints that and asks; elsewhere wants --yes. 1 go on; 0 no, or
 * the end of the input, or a signal: that nothing was sent is said; -1 err. */
int edition_confirm(struct cmd_args *args, const struct setting *s,
    const char *name, const char *subject, size_t friends, struct err *err);

#endif
