/*
 * What report.c adds up and report_page.c writes.
 */
#ifndef MAIL_REPORT_INT_H
#define MAIL_REPORT_INT_H

#include "base/strmap.h"
#include "mail/report.h"

#define REPORT_BINS 128		/* even */

/* As people ask: what is claimed waits. */
enum report_kind {
	REPORT_SENT, REPORT_DEFERRED, REPORT_FAILED, REPORT_UNKNOWN,
	REPORT_WAITING, REPORT_SKIPPED, REPORT_KINDS
};
enum report_kind report_kind_of(enum ledger_state state);

struct report_domain {
	const char *name;
	size_t n[REPORT_KINDS], all;
};

/* Refusals in the same words. */
struct report_reason {
	const char *key;	/* code, enhanced code and text, by TABs */
	int code;
	const char *enhanced, *text;
	size_t failed, deferred;
};

/* How many at a time: bins of a width that doubles when a time lies outside. */
struct report_curve {
	int64_t base, width;	/* width 0: none yet */
	size_t sent[REPORT_BINS], failed[REPORT_BINS];
};

struct report {
	struct arena arena;
	size_t n[REPORT_KINDS], all;
	int64_t first, last;	/* sent or failed; 0: none */
	struct report_domain *domain;
	size_t ndomains, domains_cap;
	struct strmap by_domain;
	struct report_domain other;	/* beyond REPORT_DOMAINS */
	struct report_reason *reason;
	size_t nreasons, reasons_cap;
	struct strmap by_reason;
	struct report_reason rest;
	struct report_curve curve;
	struct buf folded, key;		/* of the refusal at hand */
};

#endif
