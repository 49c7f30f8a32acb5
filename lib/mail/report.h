/*
 * What became of an edition, as one web page: deliveries in, HTML out. Its
 * memory has a bound, however many they are: of domains and refusals beyond
 * REPORT_DOMAINS and REPORT_REASONS only the sum is kept.
 *
 * The page is whole in itself, without scripts, and the same ledger gives the
 * same bytes.
 */
#ifndef MAIL_REPORT_H
#define MAIL_REPORT_H

#include "base/buf.h"
#include "base/date.h"
#include "store/ledger.h"

#define REPORT_DOMAINS 20000
#define REPORT_REASONS 1000

struct report;

struct report *report_new(void);
void report_free(struct report *r);	/* NULL is allowed */
/* state: where it differs from d->state, as after a broken run. */
void report_add(struct report *r, const struct ledger_delivery *d,
    enum ledger_state state);

/* An answer of a relay with what differs from friend to friend folded:
 * "<bo@x.org>: user unknown 4FXYZ" is "<…>: user unknown #". The enhanced code
 * in front goes to enhanced ("": none), and what the ledger put before it
 * goes. */
#define REPORT_ENHANCED_SIZE 12
void report_fold(const char *text, char enhanced[REPORT_ENHANCED_SIZE],
    struct buf *out);

struct report_head {
	const char *show, *edition, *subject;
	int64_t frozen;
	const struct date_zone *zone;	/* NULL: UTC */
};

/* When all were added: the page up to the list of those who have not got the
 * edition; then a row for each; then its end. Each adds to out. */
void report_page(const struct report *r, const struct report_head *head,
    struct buf *out);
/* Whether the list has such a one; where it was empty when the page was made,
 * it stays so. */
bool report_lists(const struct report *r, enum ledger_state state);
void report_page_row(const struct report_head *head,
    const struct ledger_delivery *d, enum ledger_state state,
    struct buf *out);
void report_page_end(const struct report *r, struct buf *out);

#endif
