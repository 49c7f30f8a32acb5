/*
 * Friends, editions and deliveries: in ledger.db (SQLite in WAL mode, file mode
 * 0600), or on a PostgreSQL server. Batched calls; no SQL and no cursor outside
 * this room. One handle is used by one thread. Text that comes out lies in the
 * arena given.
 *
 * How a delivery stays single (DESIGN.md, "a friend gets an edition once"):
 *   pending | deferred -> claimed   ledger_claim and ledger_flush, before
 *                        anything goes to the relay; it carries the machine's
 *                        boot id. What does not go is what it was again
 *   claimed -> sending   ledger_doubt: a commit without fsync, before the last
 *                        part of a message is handed over (while the answers
 *                        to its envelope are waited for, or later); survives
 *                        the kill of the program, not a power cut
 *   sending -> sent | deferred | failed | unknown   ledger_settle, likewise
 * ledger_recover, run by the one sender that holds the lock, then knows after
 * a kill (same boot id) that what is `claimed` never went, and that what is
 * `sending` is unknown; after a power cut both are unknown.
 *
 * On a server several hosts send one edition together. Each run is a sender
 * with a lease, which ends by the server's clock; claims pass over what another
 * is claiming (FOR UPDATE SKIP LOCKED), and carry the sender instead of the
 * boot id. Whoever comes to ledger_recover() takes those for dead whose lease
 * has ended, and those of this machine and boot whose process is not there:
 * what they had `claimed` is what it was, what was `sending` is unknown. One
 * that was taken for dead and lives can neither claim, doubt nor settle: a
 * message whose doubt was not on record by then does not end, and one whose
 * doubt was is unknown to all.
 *
 * There ledger_doubt waits for the server's disk. The server's machine may fall
 * and come up while the senders' goes on, so no boot id would tell that a
 * `sending` was lost with it, and the message would go twice. A settle does not
 * wait: were it lost, `sending` stands, and becomes unknown. And what a sender
 * leaves `claimed`, by whatever end, never went.
 */
#ifndef STORE_LEDGER_H
#define STORE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"

#define LEDGER_CLAIM_MAX 64
#define LEDGER_KEY_SIZE 32
#define LEDGER_KEY_ID "l1"
#define LEDGER_NAME_MAX 32	/* "2025-W23-12" and its NUL */

struct ledger;

/* Whether it is a server's address, postgresql:// or postgres://; how long its
 * scheme is, also one that no ledger has (db_scheme); as it may be shown,
 * without a password; and whether it has one. */
bool ledger_is_url(const char *place);
size_t ledger_scheme(const char *place);
const char *ledger_shown(struct arena *a, const char *place);
bool ledger_has_password(const char *place);

/* A file's path or a server's address. Makes it when it is not there (on a
 * server the tables, but not the database). ERR_CONFIG when the file is of a
 * newer version or no ledger; ERR_IO, ERR_OUTPUT, ERR_TEMPORARY (busy, or no
 * server) otherwise, with the path. */
struct ledger *ledger_open(const char *path, struct err *err);
/* Opens one that is there, for reading alone: nothing is made, and every call
 * that would write fails. ERR_NOINPUT: on the server is none yet. */
struct ledger *ledger_peek(const char *path, struct err *err);
void ledger_close(struct ledger *l);	/* NULL is allowed */
/* For what was read and cannot be what was stored: ERR_IO with the place, why,
 * and what to do. Returns -1. */
int ledger_damaged(const struct ledger *l, const char *why, struct err *err);
/* Whether several hosts may write it: it is on a server. */
bool ledger_is_shared(const struct ledger *l);
/* While stopped() is true, a server that does not answer is waited for a
 * shorter time (db_heed). */
void ledger_heed(struct ledger *l, bool (*stopped)(void));
/* For tests: what claims and ledger_recover take for this boot of the machine
 * (at most 63 bytes). It is the kernel's boot id; where that cannot be read,
 * a random one, so that what a kill leaves claimed becomes unknown. On a
 * server, and with another id than it had, the handle is one of another
 * machine, and the sender that it was is heard of no more. */
void ledger_set_boot_id(struct ledger *l, const char *id);

/* ---- who sends: all of it is nothing in a file ---- */

#define LEDGER_LEASE 300	/* seconds */

/* To be called before what claims, or changes what only senders change. Others
 * that send may do so too; with alone, none: ERR_TEMPORARY with who it is. The
 * lease is renewed by claims, doubts and ledger_sender_keep(), and ends with
 * the handle. A claim without it begins one. Twice is once. */
int ledger_sender_begin(struct ledger *l, bool alone, int64_t lease,
    struct err *err);
/* To be called now and then where a claim may be long in coming. ERR_TEMPORARY:
 * another took this one for dead. */
int ledger_sender_keep(struct ledger *l, struct err *err);
/* How many deliveries of the list other senders have in hand, dead ones too. */
int ledger_in_other_hands(struct ledger *l, const char *list, size_t *n,
    struct err *err);
/* Whether another handle is a sender. A file knows nothing of it: false. */
int ledger_is_sending(struct ledger *l, bool *out, struct err *err);

/* The key that signs unsubscribe tokens when none is configured; made at
 * random on first use. id is its name in tokens, LEDGER_KEY_ID. 1: there is
 * none yet, and the ledger is one of ledger_peek(). */
int ledger_key(struct ledger *l, char id[LEDGER_NAME_MAX],
    unsigned char key[LEDGER_KEY_SIZE], struct err *err);

/* ---- friends ---- */

struct ledger_friend {
	int64_t id;
	const char *address;	/* as typed */
	const char *key;	/* canonical: all lower case, domain as
				 * A-label */
	const char *name;	/* "": none */
	const char *ref;	/* stands for the friend in tokens */
	int64_t joined;		/* 0, for adding: not known, so from now on */
	int64_t left;		/* 0: is on the list */
	/* What they asked for; "": what the show has. For adding, NULL or "":
	 * nothing new, LEDGER_RESET: no more. */
	const char *language;	/* tag */
	const char *shows;	/* slugs with a blank between; "": all */
	const char *zone;	/* IANA name */
};
#define LEDGER_RESET "-"
/* For adding one who has left: nobody knows when. Later than any date. */
#define LEDGER_LEFT_UNDATED INT64_MAX

enum ledger_add {
	LEDGER_ADDED, LEDGER_RENAMED, LEDGER_KNOWN, LEDGER_REJOINED,
	LEDGER_HAS_LEFT,	/* before; nothing was changed */
	LEDGER_LEFT,		/* is one who has left from now on */
	LEDGER_STAYS,		/* joined after that `left`: nothing changed */
	LEDGER_CHANGED		/* known; asked for something else than
				 * before */
};

/* Adds n friends in one transaction, or none on error. (list, key) is unique. A
 * known one gets the new name when that is not "", and so with language, shows
 * and zone. One who left comes back only with rejoin, else LEDGER_HAS_LEFT. One
 * with `left` is kept as one who left then, new or known, and never brought
 * back; but for one on the list who is known to have joined at that time or
 * later (`joined` was given, or it was by rejoin): LEDGER_STAYS. Of several
 * with one key the latest `left` and the latest `joined` count, whatever their
 * order, and a `joined` that is later than the `left` says that they came back:
 * then they are as ones without `left`. what[i] (may be NULL) tells. */
int ledger_friends_add(struct ledger *l, const char *list,
    const struct ledger_friend *f, size_t n, bool rejoin, int64_t now,
    enum ledger_add *what, struct err *err);
/* Marks as left; found tells whether such a friend was on the list. */
int ledger_friend_remove(struct ledger *l, const char *list, const char *key,
    int64_t now, bool *found, struct err *err);
/* Up to max friends with id > after, by id. with_left: those too. */
int ledger_friends(struct ledger *l, const char *list, bool with_left,
    int64_t after, size_t max, struct arena *a, struct ledger_friend **out,
    size_t *n, struct err *err);
int ledger_friends_count(struct ledger *l, const char *list, size_t *n,
    struct err *err);

/* What some friends asked for, as they did. */
struct ledger_choice {
	const char *language, *shows;	/* of struct ledger_friend */
	size_t friends;		/* how many; not for freezing */
	int variant;		/* for freezing: what of the edition they get: 0
				 * the edition itself, -1 nothing */
};
/* The choices of those who are on the list, by language and shows. */
int ledger_choices(struct ledger *l, const char *list, struct arena *a,
    struct ledger_choice **out, size_t *n, struct err *err);

/* The friend of the list with that key, or with that ref where key is NULL; one
 * who has left too. 1 found, 0 not, -1. */
int ledger_friend_find(struct ledger *l, const char *list, const char *key,
    const char *ref, struct arena *a, struct ledger_friend *out,
    struct err *err);

/* The time zones of those on the list, each once; "" is the show's. */
int ledger_zones(struct ledger *l, const char *list, struct arena *a,
    const char ***out, size_t *n, struct err *err);

/* ---- editions ---- */

#define LEDGER_VARIANTS_MAX 100	/* of one edition */

/* An edition for those who asked for another language than the show's or for
 * some of its shows: nothing of the edition's own but its name and date. The
 * n-th is number n, from 1 on. */
struct ledger_variant {
	const char *language;	/* "": the show's */
	const char *shows;	/* slugs with a blank between; "": all */
	const char *subject, *html, *text;
	const char *mold;
	size_t mold_len;
	bool damaged;		/* read: it is not what was frozen */
};

struct ledger_edition {
	int64_t id;
	const char *list;
	const char *name;	/* "2025-W23" */
	const char *subject;
	const char *html;	/* as frozen, with its patch marks */
	const char *text;
	const char *page;	/* for freezing: as a web page, without what is
				 * one friend's; NULL: none. See
				 * ledger_edition_page() */
	const char *mold;	/* the message with its patch marks
				 * (mail/mold.h) */
	size_t mold_len;
	bool damaged;		/* read: subject, html, text or mold are not
				 * what was frozen, and are for nobody */
	int64_t frozen;		/* when */
	/* For freezing: when friends of a zone get it, at the earliest; with
	 * none at any time, with some the zone of each must be among them. */
	const struct ledger_due *due;
	size_t ndue;
	/* For freezing alone. Without choices everybody gets the edition
	 * itself; with some, each choice on the list must be among them. */
	const struct ledger_variant *variants;
	size_t nvariants;
	const struct ledger_choice *choices;
	size_t nchoices;
};

struct ledger_due {
	const char *zone;	/* as ledger_zones() tells it */
	int64_t at;
};

struct ledger_episode {
	const char *guid;
	int64_t number;
	const char *title;
	int64_t date;
};

struct ledger_counts {
	size_t pending, claimed, sending, sent, deferred, failed, unknown;
	size_t skipped, total;
};

/* What the next edition of the list that is frozen in that week is called: the
 * week, or with "-2" and so on behind it. */
int ledger_edition_name(struct ledger *l, const char *list, const char *week,
    char name[LEDGER_NAME_MAX], struct err *err);
/* In one fsynced transaction: the edition, its variants, its episodes and one
 * pending delivery for each friend now on the list, but for those whose choice
 * has nothing of it. A name that the list has used, or a friend whose choice is
 * not among those given: ERR_TEMPORARY. An episode that is in an edition of the
 * list already: ERR_REFUSED naming both, unless again. A list without friends
 * who get it, or more variants than LEDGER_VARIANTS_MAX: ERR_INPUT. */
int ledger_edition_freeze(struct ledger *l, const struct ledger_edition *in,
    const struct ledger_episode *episodes, size_t n, bool again,
    struct err *err);
/* 1 found, 0 not, -1. name NULL: the newest of the list. list NULL is not
 * allowed. */
int ledger_edition_get(struct ledger *l, const char *list, const char *name,
    struct arena *a, struct ledger_edition *out, struct err *err);
/* All editions of a list, oldest first, without what is large in them: html,
 * text and mold are NULL. */
int ledger_editions(struct ledger *l, const char *list, struct arena *a,
    struct ledger_edition **out, size_t *n, struct err *err);
/* A variant of it: 1 found, 0 not, -1. */
int ledger_edition_variant(struct ledger *l, int64_t edition, int variant,
    struct arena *a, struct ledger_variant *out, struct err *err);
/* All of them, from number 1 on, without what is large: subject, html, text and
 * mold are NULL. */
int ledger_edition_variants(struct ledger *l, int64_t edition,
    struct arena *a, struct ledger_variant **out, size_t *n, struct err *err);
/* Which variant those get who had that choice when it was frozen; see struct
 * ledger_choice. 1 found, 0 nobody had it, -1. */
int ledger_edition_choice(struct ledger *l, int64_t edition,
    const char *language, const char *shows, int *variant, struct err *err);
/* Its page, "" where it was frozen without one. ERR_IO also when it is not what
 * was frozen. */
int ledger_edition_page(struct ledger *l, int64_t edition, struct arena *a,
    const char **out, struct err *err);
/* The episodes of an edition, as they were at the freeze and in its order. */
int ledger_edition_episodes(struct ledger *l, int64_t edition,
    struct arena *a, struct ledger_episode **out, size_t *n, struct err *err);
/* 0 when nothing of the edition went out. ERR_REFUSED when a delivery is sent
 * or unknown, or was sent again on request: of such a one nobody knows what
 * came of it the first time. To be called behind ledger_recover(). */
int ledger_edition_discardable(struct ledger *l,
    const struct ledger_edition *e, struct err *err);
/* Forgets such an edition: its episodes are in none then, and its name is
 * free. Refuses as above, and nothing changes. */
int ledger_edition_discard(struct ledger *l, const struct ledger_edition *e,
    struct err *err);
/* When the list began: the date of the newest episode in its first edition that
 * had one which was due at the freeze (those that were not do not count). 1
 * found, 0 there is no such edition, -1. */
int ledger_begun(struct ledger *l, const char *list, int64_t *date,
    struct err *err);
/* The edition (its name, in the arena) that holds the episode, or NULL. */
int ledger_episode_edition(struct ledger *l, const char *list,
    const char *guid, struct arena *a, const char **name, struct err *err);
int ledger_counts(struct ledger *l, int64_t edition,
    struct ledger_counts *out, struct err *err);

/* ---- deliveries ---- */

enum ledger_state {
	LEDGER_PENDING, LEDGER_CLAIMED, LEDGER_SENDING, LEDGER_SENT,
	LEDGER_DEFERRED, LEDGER_FAILED, LEDGER_UNKNOWN,
	LEDGER_SKIPPED		/* had left when it was claimed */
};
const char *ledger_state_name(enum ledger_state s);	/* "pending" … */

/* A `changed` that is by so many seconds later than now is of a clock that was
 * ahead, and what is due then is due at once. */
#define LEDGER_AHEAD 3600

struct ledger_delivery {
	int64_t id;
	enum ledger_state state;
	const char *address, *key, *name, *ref;	/* of the friend */
	int attempts;
	int code;		/* last SMTP code; 0: none */
	const char *text;	/* last answer; "" */
	const char *queue_id;	/* "" */
	int64_t changed;	/* when the state was last set */
	int64_t resent;		/* when it was last sent again on request; 0 */
	int64_t due;		/* not before; 0: at any time */
	int64_t planned;	/* what `due` was at the freeze, and is for the
				 * next run */
	const char *zone;	/* the friend's time zone; "": the show's */
	int variant;		/* of the edition; 0: the edition itself */
	bool left;		/* the friend has left the list since */
	bool was_deferred;	/* of one that is CLAIMED, or PENDING as it was
				 * put off: it was deferred before that */
	bool in_doubt;		/* ledger_recover() would make it unknown; of
				 * ledger_deliveries() only */
};

/* What became of a delivery. state: SENT, DEFERRED, FAILED, UNKNOWN, or
 * PENDING: it was not tried (the connection was lost before), no attempt is
 * counted, and without `due` it is what it was before the claim. */
struct ledger_outcome {
	int64_t id;
	enum ledger_state state;
	int code;
	const char *text;	/* cut to 500 bytes, control characters out */
	const char *queue_id;
	/* PENDING and DEFERRED: not before this time; 0: PENDING at any time,
	 * DEFERRED by a later run. */
	int64_t due;
};

/* What is claimed: each is more than the one before. */
enum ledger_turn {
	LEDGER_TURN_PENDING,	/* what is pending, and due */
	LEDGER_TURN_DUE,	/* what was deferred at `before` or later with a
				 * due time, which has come */
	LEDGER_TURN_DEFERRED,	/* what was deferred before, but by no 5xx */
	LEDGER_TURN_ALL		/* also by a 5xx */
};

/* Claims up to max (at most LEDGER_CLAIM_MAX) deliveries of the edition with
 * id > after that turn takes, in the order of their ids; what was deferred
 * later than now, by a clock that was ahead, is as if it was before. Friends
 * who left since become SKIPPED and are not among them. n 0: none is left
 * behind `after`; 1 instead of 0 where that is since the others have left. Nothing of what was claimed may go before ledger_flush() has
 * returned 0. */
int ledger_claim(struct ledger *l, int64_t edition, int64_t after,
    int64_t before, enum ledger_turn turn, size_t max, int64_t now,
    struct arena *a, struct ledger_delivery **out, size_t *n, struct err *err);
/* The same for those of the n ids (at most LEDGER_CLAIM_MAX) that are pending,
 * in the order given. */
int ledger_claim_these(struct ledger *l, const int64_t *ids, size_t n,
    int64_t now, struct arena *a, struct ledger_delivery **out, size_t *nout,
    struct err *err);
int ledger_doubt(struct ledger *l, int64_t delivery, int64_t now,
    struct err *err);
int ledger_settle(struct ledger *l, const struct ledger_outcome *rows,
    size_t n, int64_t now, struct err *err);
/* Waits until the claims, and all that was written before them, are on the
 * disk. Another thread may use the ledger meanwhile. */
int ledger_flush(struct ledger *l, struct err *err);
/* Settles the rows, and then puts the ndoubt deliveries in doubt, in one
 * commit: what several connections have to write down costs as much as what one
 * has. */
int ledger_book(struct ledger *l, const struct ledger_outcome *rows, size_t n,
    const int64_t *doubt, size_t ndoubt, int64_t now, struct err *err);
/* What an earlier run has put off, behind quiet hours or for the rate of a
 * domain, is due again: each run does that anew. What send_at says stays. */
int ledger_plan_again(struct ledger *l, int64_t edition, struct err *err);
/* What was deferred, and put off when its turn came, is deferred again: since
 * when it was, and due when it is now. */
int ledger_defer_again(struct ledger *l, int64_t edition, struct err *err);
/* Who is still to get it (pending or deferred) does not: failed, as a person
 * wants it. n: how many. */
int ledger_drop_waiting(struct ledger *l, int64_t edition, int64_t now,
    size_t *n, struct err *err);
/* When the next delivery of the edition can be claimed, of those that a run
 * which began at `before` can claim at all: 1 and its time (which may be past),
 * 0: there is none, -1. */
int ledger_next_due(struct ledger *l, int64_t edition, int64_t before,
    int64_t now, int64_t *due, struct err *err);
/* How many of the edition were deferred before that time, and not since. */
int ledger_deferred_before(struct ledger *l, int64_t edition, int64_t before,
    size_t *n, struct err *err);
/* Those of the deliveries that are DEFERRED become FAILED: it has come out that
 * their refusal was final. */
int ledger_fail(struct ledger *l, const int64_t *ids, size_t n, int64_t now,
    struct err *err);
/* See above; for all editions of the list. What this handle itself has claimed
 * counts as left by a dead sender. Counts may be NULL. */
int ledger_recover(struct ledger *l, const char *list, int64_t now,
    size_t *unknown, size_t *freed, struct err *err);
/* Deliveries of the edition that were deferred at `since` or later, for the second
 * time at least, and were begun (frozen, or sent again on request) before
 * `before`, become failed ("given up"). */
int ledger_give_up(struct ledger *l, int64_t edition, int64_t before,
    int64_t since, int64_t now, size_t *n, struct err *err);
/* What a delivery was before it was sent again on request. */
struct ledger_again {
	int64_t id;
	enum ledger_state state;
	int64_t changed, resent, due, planned;
};
/* Makes those of the deliveries that are SENT, DEFERRED, FAILED or UNKNOWN
 * pending again; with was (-1: any) only those that are in that state: another
 * host may have sent them meanwhile. The ids rise. out (in the arena): these,
 * as they were. */
int ledger_resend(struct ledger *l, const int64_t *ids, size_t n, int was,
    int64_t now, struct arena *a, struct ledger_again **out, size_t *nout,
    struct err *err);
/* Those that ledger_resend() made pending at that time, and that are still
 * pending at any time, are again what they were. */
int ledger_withdraw(struct ledger *l, const struct ledger_again *was, size_t n,
    int64_t at, struct err *err);
/* Makes those of the deliveries that are UNKNOWN what a person says of them,
 * SENT or FAILED; their answer then begins with "as told by hand". */
int ledger_decide(struct ledger *l, const int64_t *ids, size_t n,
    enum ledger_state state, int64_t now, struct err *err);
/* Makes those of the deliveries that are UNKNOWN sent, with their queue_id
 * (nothing else of a row counts): the relay's log has them. Their answer then
 * begins with "found in the mail log", and their `changed` stays, which is
 * nearer to when they went. Changed may be NULL. */
int ledger_found(struct ledger *l, const struct ledger_outcome *rows, size_t n,
    size_t *changed, struct err *err);
/* Up to max deliveries with id > after; state -1: any. */
int ledger_deliveries(struct ledger *l, int64_t edition, int state,
    int64_t after, size_t max, struct arena *a, struct ledger_delivery **out,
    size_t *n, struct err *err);
/* The delivery to the friend with that key: 1 found, 0 not, -1. */
int ledger_delivery_of(struct ledger *l, int64_t edition, const char *key,
    struct arena *a, struct ledger_delivery *out, struct err *err);
/* The oldest edition of the list with id > after that has pending, claimed or
 * deferred deliveries; 1 found, 0 not, -1. */
int ledger_edition_unfinished(struct ledger *l, const char *list,
    int64_t after, struct arena *a, struct ledger_edition *out,
    struct err *err);

/* What an edition has left after ledger_recover(). */
struct ledger_left {
	int64_t edition;
	const char *name;
	struct ledger_counts counts;	/* pending, deferred, failed and
					 * unknown; the others are 0 */
	bool untold;		/* claimed from since the last ledger_told() */
	size_t later;		/* those of pending that are not due yet */
	int64_t due;		/* when the first of these is */
};
/* The editions of the list that have any left, oldest first. */
int ledger_left(struct ledger *l, const char *list, int64_t now,
    struct arena *a, struct ledger_left **out, size_t *n, struct err *err);
/* What a relay was found to bear, by its URL. */
struct ledger_limit {
	int64_t rate;		/* messages an hour; 0: no limit was met */
	int64_t connections;
	int64_t learnt;		/* when */
};
/* 1 found, 0 not, -1. */
int ledger_limit_get(struct ledger *l, const char *relay,
    struct ledger_limit *out, struct err *err);
int ledger_limit_set(struct ledger *l, const char *relay,
    const struct ledger_limit *limit, struct err *err);

/* To be called when the user was told what an edition has left. A claim undoes
 * it, so that what failed in a run that was killed is told by a later one. */
int ledger_told(struct ledger *l, int64_t edition, struct err *err);

#endif
