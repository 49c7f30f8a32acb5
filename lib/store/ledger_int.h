/*
 * What the files of the ledger share. Private to lib/store.
 *
 * Deliveries of one edition are made in one transaction, and deleted only with
 * it, so their ids follow each other: from first_delivery to last_delivery.
 */
#ifndef STORE_LEDGER_INT_H
#define STORE_LEDGER_INT_H

#include "store/db.h"
#include "store/ledger.h"

#define LEDGER_BOOT_MAX 64
#define LEDGER_TEXT_MAX 500	/* bytes of an answer that are kept */
#define LEDGER_QUEUE_MAX 100
#define LEDGER_LIST_MAX 200
#define LEDGER_ADDRESS_MAX 320
#define LEDGER_FRIEND_NAME_MAX 500
#define LEDGER_REF_MAX 64
#define LEDGER_LANGUAGE_MAX 64
#define LEDGER_SHOWS_MAX 4000
#define LEDGER_ZONE_MAX 64
#define LEDGER_GUID_MAX 2000
#define LEDGER_TITLE_MAX 2000
#define LEDGER_BODY_MAX ((size_t)32 << 20)

struct ledger {
	struct db *db;
	bool peek;		/* opened for reading alone */
	char boot[LEDGER_BOOT_MAX];
	/* On a server alone: its id in `senders`; 0: it is none. */
	int64_t sender;
	int64_t lease, renewed;	/* seconds; when, by clock_ms */
};

/* In ledger_pg.c. */
extern const char *const ledger_pg_migrations[];

/* The id of a list: 1 found (or made, inside a transaction, with make), 0
 * not, -1. */
int ledger_list_id(struct ledger *l, const char *list, bool make, int64_t *id,
    struct err *err);

/* An array that grows outside the arena and is copied there at the end. */
struct ledger_rows {
	char *data;
	size_t n, cap, size;	/* size: of one element */
};
void *ledger_rows_add(struct ledger_rows *r);	/* zeroed */
void *ledger_rows_seal(struct ledger_rows *r, struct arena *a, size_t *n);
void ledger_rows_drop(struct ledger_rows *r);

/* A copy on one line of at most size - 1 bytes that ends between characters:
 * each run of control characters and blanks becomes one blank. */
void ledger_clean(const char *s, char *out, size_t size);

/* Of an edition under way, inside its transaction: its variants, and who gets
 * which. */
int ledger_variants_check(const struct ledger_edition *in, struct err *err);
int ledger_variants_freeze(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_edition *in, struct err *err);
/* When the deliveries of an edition are due, by their friends' zones. */
int ledger_zones_freeze(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_edition *in, struct err *err);

/* In ledger_seal.c. Editions have the seal of the message and behind it that of
 * the page, variants that of the message; those of an older ledger have none. */
#define LEDGER_SEAL_SIZE 32
struct ledger_sealed {
	const char *list, *name;	/* of a variant: edition and number */
	const char *subject, *html, *text, *mold;
	size_t mold_len;
};
struct ledger_sealed ledger_sealed_edition(const struct ledger_edition *e);
/* Whether it may be stored. */
int ledger_sealed_check(const struct ledger_sealed *m, const char *page,
    struct err *err);
void ledger_seal_text(const char *text, unsigned char out[LEDGER_SEAL_SIZE]);
void ledger_seal_message(const struct ledger_sealed *m,
    unsigned char out[LEDGER_SEAL_SIZE]);
/* Whether column `at` has this seal in its place, from 0 on, or none at all. */
bool ledger_seal_holds(struct db_query *q, int at, size_t place,
    const unsigned char is[LEDGER_SEAL_SIZE]);

/* LIMIT takes a signed number. */
int64_t ledger_limit(size_t max);

/* Two terms of deliveries that partial indexes have. A query is served by such
 * an index only where it has the term word for word, bound values will not do:
 * states pending, deferred, failed and unknown (of: the table's name and a dot,
 * or ""; as a list, SQLite would make a table of it at each change of a row);
 * and rows that a run has claimed and not settled. */
#define LEDGER_OPEN(of) "(" of "state = 0 OR " of "state BETWEEN 4 AND 6)"
#define LEDGER_HELD "boot > 0"
#define LEDGER_TEXT_OF(number) #number
#define LEDGER_TEXT(number) LEDGER_TEXT_OF(number)
/* Two of those states alone. Bound, they would have SQLite prepare a query anew
 * at each use, to see whether the index still serves it. */
#define LEDGER_IS_PENDING(of) of "state = 0"
#define LEDGER_IS_DEFERRED(of) of "state = 4"
_Static_assert(LEDGER_PENDING == 0 && LEDGER_DEFERRED == 4,
    "the numbers that the queries have");
/* One that did not go is what it was: pending, since that time, or deferred,
 * since it was that. */
#define LEDGER_AS_BEFORE(since) "state = CASE WHEN deferred > 0 THEN 4" \
	" ELSE 0 END, changed = CASE WHEN deferred > 0 THEN deferred" \
	" ELSE " since " END"
/* And one of friends: those who asked for something. */
#define LEDGER_CHOSEN "(language <> '' OR shows <> '')"

/* The number by which this boot of the machine stands in the ledger; 0 where it
 * does not, and is not to be made. On a server: the sender's id. */
int ledger_boot_number(struct ledger *l, bool make, int64_t *out,
    struct err *err);

/* In ledger_senders.c; 0 at once where there are none. Makes the lease a whole
 * one again, in the transaction that is open, where that is: nobody takes the
 * sender for dead until it ends. ERR_TEMPORARY: it was taken for dead. */
int ledger_sender_renew(struct ledger *l, struct err *err);
void ledger_sender_end(struct ledger *l);
/* ledger_recover() in a transaction, on a server. */
int ledger_recover_shared(struct ledger *l, const char *list, int64_t now,
    size_t *unknown, size_t *freed, struct err *err);

/* The deliveries of an edition with choices, n of them; those of one variant
 * follow each other: a sender has few of them at hand. */
int ledger_variants_deliveries(struct ledger *l, int64_t list, int64_t edition,
    const struct ledger_edition *in, size_t *n, struct err *err);

#endif
