/*
 * What a mail log knows of an edition's deliveries: deliveries in, then the
 * log's lines in their order, then what was found of each. Its memory grows
 * with the deliveries, not with the log.
 *
 * A delivery was accepted when the log has its Message-ID and the relay's queue
 * took it from the digest's sender: so a copy that a friend's own server sends
 * on through the same relay is none, and no stranger's mail with that
 * Message-ID. One that was sent again has the Message-ID that it had before;
 * then what the log tells of the time before is passed over.
 */
#ifndef MAIL_RECONCILE_H
#define MAIL_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/maillog.h"

struct reconcile_head {
	const char *edition, *list;
	const char *sender;	/* bare address, which has the Message-IDs'
				 * domain */
};

/* Of the log on one delivery; the first is the least. */
enum reconcile_found {
	RECONCILE_ABSENT,	/* no trace */
	RECONCILE_EARLIER,	/* only of the time before it was sent again */
	RECONCILE_STARTED,	/* its Message-ID, but never queued */
	RECONCILE_FOREIGN,	/* queued, but from another sender */
	RECONCILE_ADDRESSED,	/* a mail from the sender to the friend at that
				 * time, in a log without Message-IDs */
	RECONCILE_ACCEPTED
};

/* What its queue said of it last; a bounce stays. */
enum reconcile_further {
	RECONCILE_SILENT, RECONCILE_DELIVERED, RECONCILE_DEFERRED,
	RECONCILE_BOUNCED
};

struct reconcile_delivery {
	int64_t id;
	bool unknown;		/* else only what came of it further is asked */
	const char *address;	/* as the friend's key: A-label, lower case */
	const char *ref;
	const char *queue_id;	/* "": not known */
	int64_t again;		/* when it was last sent again; 0: never */
	int64_t begun, changed;	/* it was sent between these */
};

struct reconcile_result {
	int64_t id;
	bool unknown;
	enum reconcile_found found;
	enum reconcile_further further;
	size_t copies;		/* ADDRESSED: how many such mails */
	int64_t begun, changed;
	const char *queue_id;	/* of an unknown one; "": none */
	const char *text;	/* of a bounce, or of the delay of an unknown
				 * one; "" */
};

struct reconcile;

struct reconcile *reconcile_new(const struct reconcile_head *head);
void reconcile_free(struct reconcile *r);	/* NULL is allowed */
/* Before any line. Strings are copied. */
void reconcile_add(struct reconcile *r, const struct reconcile_delivery *d);
/* t: when that was, 0 not known. It is asked only where it matters. */
void reconcile_line(struct reconcile *r, const struct maillog_line *l,
    int64_t t);
/* Whether the line can be about one of them: then its time is needed. */
bool reconcile_concerns(const struct reconcile *r,
    const struct maillog_line *l);
size_t reconcile_count(const struct reconcile *r);
/* Of the i-th that was added. Strings live as long as r. */
void reconcile_result(const struct reconcile *r, size_t i,
    struct reconcile_result *out);

#endif
