/*
 * What the threads of a delivery share. Private to lib/mail/delivery*.c.
 *
 * run.lock guards all of it. The ledger is one thread's at a time: who wants it
 * takes run.taken (delivery_ledger_take), and lets go of the lock while it is
 * read or written.
 */
#ifndef MAIL_DELIVERY_INT_H
#define MAIL_DELIVERY_INT_H

#include <pthread.h>

#include "mail/delivery.h"
#include "mail/delivery_mold.h"

/* What is written down at once at most: a row of each connection, and what is
 * put off. */
#define DELIVERY_ROWS (DELIVERY_CONNECTIONS_MAX + LEDGER_CLAIM_MAX)

struct delivery_row {
	struct ledger_outcome outcome;	/* its texts are those below */
	char text[TRANSPORT_TEXT_MAX];
	char queue_id[TRANSPORT_TEXT_MAX];
};

/* What is to be written into the ledger with the next commit. */
struct delivery_batch {
	struct delivery_row rows[DELIVERY_ROWS];
	size_t nrows;
	int64_t since;			/* the first row, on the clock */
	int64_t doubt[DELIVERY_CONNECTIONS_MAX];
	size_t ndoubt;
};

/* A refusal that may be the relay's of all, until a message that was begun
 * later is taken. */
struct delivery_held {
	int64_t id;
	uint64_t begun;		/* how many messages were, at the refusal */
};

struct delivery_claims {
	struct arena arena;
	struct ledger_delivery *d;
	size_t n, at;
};

/* One of the last messages that were answered. */
#define DELIVERY_RECENT 16
struct delivery_recent {
	char domain[254];	/* the recipient's (A-label) */
	bool put_off;
};

/* A domain of which friends were put off or refused in this run. */
#define DELIVERY_DOMAINS 64
struct delivery_domain {
	char name[254];
	unsigned bad;		/* in a row */
	bool taken;		/* one of it was, since the first of those */
	bool others;		/* others were, since the first of those */
	enum {
		DELIVERY_AT_ONCE,	/* as all others */
		DELIVERY_LAST,		/* behind all others */
		DELIVERY_HAD		/* that was so before: as all others */
	} turn;
};

/* What this run has deferred and tries again, by id: a hash table. */
struct delivery_retry {
	int64_t id;		/* 0: a free slot */
	int tries;		/* in this run */
	bool waits;		/* is deferred now */
};
struct delivery_retries {
	struct delivery_retry *slot;
	size_t n, size;		/* size: a power of two, or 0 */
};

struct delivery {
	pthread_mutex_t lock;
	pthread_cond_t work;		/* there may be something to do */
	pthread_cond_t free;		/* the ledger is nobody's */
	pthread_cond_t booked[2];	/* a batch is written, or somebody is to
					 * write it, by its number's last bit */
	pthread_cond_t main;		/* something for the thread that runs */
	struct ledger *ledger;
	const struct ledger_edition *edition;
	const struct delivery_options *o;
	int64_t begun;			/* when the run began */
	int64_t before;			/* o->before, or begun */

	/* The first reason to end. */
	bool failed;
	struct err err;

	/* The ledger, and what waits for it. batch[filling] takes what is new;
	 * turn: how many were begun to be written, written: were. */
	bool taken;
	struct delivery_batch *batch[2];
	unsigned filling;
	uint64_t turn, written;

	/* Claimed and not given to a connection: those that are given out now,
	 * and the next ones. */
	struct delivery_claims claims[2];
	unsigned now;
	bool exhausted;			/* there are no further ones to claim */
	int64_t head_at;		/* the next one not before that, on
					 * the clock; 0 */
	int64_t after;			/* the last id claimed */
	enum ledger_turn claim_turn;	/* claims are of that */
	/* When something that was put off in this run is due. again: then the
	 * list is gone through from its beginning, also within it. */
	int64_t due, again;
	int64_t until;			/* the run waits for what is due then */
	size_t asked;			/* how many of o->canary, then of
					 * o->only, were */
	bool canaries;			/* they are under way */
	bool passed;			/* through the list, to its end */
	int64_t over_at;		/* not gone through again before that,
					 * on the clock */
	bool looking;			/* one looks for what is left then */
	bool drained;			/* nothing is left for this run */

	size_t open;			/* messages that connections have */
	uint64_t started;		/* messages */
	size_t first, first_refused;	/* of the first hundred, canaries */
	struct delivery_progress done;
	struct delivery_held *held;
	size_t nheld, cap;
	struct transport_result held_last;
	struct delivery_retries retries;
	bool sent;			/* the relay took one in this run */
	int64_t down_since;		/* no connection works, on the clock;
					 * 0 */
	struct delivery_recent recent[DELIVERY_RECENT];
	unsigned nrecent;		/* how many there were since it took one
					 * after it was left in peace */
	struct delivery_domain domains[DELIVERY_DOMAINS];
	size_t ndomains;
	size_t passed_over;		/* friends of those that are last, */
	int64_t passed_to;		/* up to that id */
	unsigned fruitless;		/* times through the list in a row, with
					 * nothing to claim */
	int64_t told;			/* when progress was, last */
	struct delivery_line *lines;
	size_t nlines, running;
};

/* What a connection is likely to have next: its message is made while the
 * answer to the one at hand is waited for. */
struct delivery_ahead {
	struct arena arena;		/* when it has its turn, the line's */
	struct ledger_delivery at;	/* copied there; id 0: none */
	struct transport_message message;
};

/* A connection. */
struct delivery_line {
	struct delivery *run;
	unsigned rank;			/* among all: those below what is
					 * allowed may work */
	struct transport *transport;
	struct molds *molds;
	struct hash_hmac *key;		/* of return paths (VERP) */
	pthread_t thread;
	struct arena arena;		/* of the message at hand */
	struct ledger_delivery at;	/* copied there */
	bool made;			/* its message is: ahead.message */
	struct delivery_ahead ahead;
	uint64_t number;		/* how many were begun, with it */
	/* The last one whose doubt was noted, and in which batch. */
	uint64_t noted, turn;
	bool down;			/* not since the relay answered last */
	int64_t retry_at;		/* on the clock; 0 */
	unsigned lost;			/* times, without an answer since */
};

/* Seconds since 1970, never before the run began: what is deferred would be of
 * an earlier run where the clock is put back. */
int64_t delivery_now(const struct delivery *r);

/* ---- delivery_book.c; the lock is held ---- */

void delivery_fail(struct delivery *r, const struct err *why);
void delivery_ledger_take(struct delivery *r);	/* and lets go of the lock */
void delivery_ledger_give(struct delivery *r);	/* and takes it again */
/* Waits until there may be something to do, at most so many microseconds. */
void delivery_wait(struct delivery *r, int64_t us);
void delivery_wait_for(struct delivery *r, pthread_cond_t *what, int64_t us);
/* Notes an outcome for the next commit. */
void delivery_note(struct delivery *r, int64_t id, enum ledger_state state,
    const struct transport_result *result, int64_t due);
/* Notes, once for each message, that the line's will be in doubt; alone at work
 * it writes that down at once. */
void delivery_note_doubt(struct delivery_line *line);
/* Writes down what was noted, and that the line's message is in doubt; returns
 * when it is on record. 0, or -1: the run has failed. */
int delivery_book_doubt(struct delivery_line *line);
/* Waits until all that was noted is written down. */
void delivery_book_wait(struct delivery *r);
/* Writes down what was noted, unless somebody is at it. */
void delivery_book(struct delivery *r);
/* The same, all of it: when no other thread is left. */
void delivery_book_all(struct delivery *r);

/* ---- delivery_queue.c; the lock is held ---- */

enum delivery_next {
	DELIVERY_GO,		/* line->at is the next one */
	DELIVERY_WAIT,		/* not now */
	DELIVERY_OVER		/* no more, or the run ends */
};
/* take false: only whether there is one. wait: microseconds, with WAIT. */
enum delivery_next delivery_next(struct delivery_line *line, bool take,
    int64_t *wait);
/* Copies what is likely to be the line's next one to line->ahead. False: there
 * is none, or others are at work, who may have it first. */
bool delivery_look_ahead(struct delivery_line *line);
/* Claims the next ones, ahead of those who will want them: their way to the
 * disk then costs nobody's time. For the thread that runs alone. False: nothing
 * is to be claimed now. */
bool delivery_feed(struct delivery *r);
/* Whether there is. */
bool delivery_is_hungry(const struct delivery *r);
/* Something was noted that may be claimed again at that time. soon: also before
 * the end of the list. */
void delivery_due(struct delivery *r, int64_t due, bool soon);
/* How many connections may have messages now. */
unsigned delivery_allowed(const struct delivery *r);
/* What is claimed and was not given to a connection is what it was. */
void delivery_give_back(struct delivery *r);

/* ---- delivery_retry.c; the lock is held ---- */

/* It is deferred, and tried again: how often it was in this run, with this. */
int delivery_retry_tries(const struct delivery *r, int64_t id);
void delivery_retry_add(struct delivery *r, int64_t id);
/* It is at hand again, and so no longer counts as deferred; and it was not
 * tried after all. */
void delivery_retry_take(struct delivery *r, int64_t id);
void delivery_retry_back(struct delivery *r, int64_t id);

/* ---- delivery_domain.c; the lock is held; key: a recipient's ---- */

const char *delivery_domain_of(const char *key);
/* It was put off or refused, and it may be for its domain. */
void delivery_domain_bad(struct delivery *r, const char *key);
void delivery_domain_sent(struct delivery *r, const char *key);
/* Whether it may be that domain which is put off, and not all: others were taken
 * since, or none of it was and its turn behind all others is still to come. */
bool delivery_domain_may_be_it(const struct delivery *r, const char *domain);
/* Whether others were taken since friends of its domain were put off or refused,
 * and none of it was. */
bool delivery_domain_is_alone(const struct delivery *r, const char *key);
/* Whether that friend's turn is behind all others. */
bool delivery_domain_pass_over(struct delivery *r,
    const struct ledger_delivery *d);
bool delivery_domain_is_last(const struct delivery *r, const char *key);
/* All others had their turn. */
void delivery_domains_again(struct delivery *r);

/* ---- delivery_line.c ---- */

void *delivery_line_main(void *line);

/* ---- delivery_verdict.c; the lock is held ---- */

/* What came of the line's message. */
void delivery_verdict(struct delivery_line *line,
    const struct transport_result *result);
/* Whether the friend at hand was refused by an earlier run: one who is tried
 * again by name, or as a canary, is asked for anew. The lock is not needed: no
 * canary is open then, or all are. */
bool delivery_refused_before(const struct delivery_line *line);
/* All canaries have gone. */
void delivery_verdict_canaries(struct delivery *r);
/* At the end of a run that was not broken off: refusals of which nobody could
 * tell. */
void delivery_verdict_end(struct delivery *r);

#endif
