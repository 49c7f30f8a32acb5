/*
 * Mail logs of Postfix, Exim and OpenSMTPD: a line in, what it says out. By way
 * of syslog (`Nov 26 08:00:00 host program[1]: `, RFC 3339, journalctl), or
 * Exim's own mainlog. Pure; any bytes may come, and nothing is kept.
 */
#ifndef MAIL_MAILLOG_H
#define MAIL_MAILLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/date.h"

/* What stands behind so many bytes of a line is not read. */
#define MAILLOG_LINE_MAX ((size_t)16 << 10)

/* Bytes of the line; len 0: it does not say so. */
struct maillog_text {
	const char *at;
	size_t len;
};

enum maillog_what {
	MAILLOG_OTHER,		/* nothing of interest, or no line of these */
	MAILLOG_NAMED,		/* queue_id has message_id; not yet accepted */
	MAILLOG_QUEUED,		/* queue_id, from `from`, was accepted */
	MAILLOG_TAKEN,		/* both at once (Exim) */
	MAILLOG_ENVELOPE,	/* queue_id, from and to, accepted; the log has
				 * no Message-IDs (OpenSMTPD) */
	MAILLOG_VERDICT,	/* what became of queue_id further */
	MAILLOG_GONE		/* the queue is done with queue_id, which may
				 * come to stand for another message */
};

enum maillog_verdict {
	MAILLOG_DELIVERED, MAILLOG_DEFERRED, MAILLOG_BOUNCED
};

struct maillog_line {
	enum maillog_what what;
	bool timed;			/* the parts below are there */
	struct date_parts when;		/* year 0: not said */
	bool has_offset;
	int32_t offset;			/* seconds east of UTC */
	struct maillog_text queue_id, message_id, from, to, text;
	enum maillog_verdict verdict;
};

/* message_id, from and to are without < >; text is the reason of a verdict. */
void maillog_parse(const char *line, size_t len, struct maillog_line *out);

/* When that was; a time without an offset is one of zone (NULL: UTC), and
 * without a year the last one that is not more than a day behind now. 0: not
 * known. */
int64_t maillog_time(const struct maillog_line *l, const struct date_zone *zone,
    int64_t now);

/* Cuts what is read into lines, of which it keeps MAILLOG_LINE_MAX bytes. */
struct maillog_reader {
	struct buf line;
	void (*take)(void *ctx, const char *line, size_t len);
	void *ctx;
};

void maillog_reader_init(struct maillog_reader *r,
    void (*take)(void *ctx, const char *line, size_t len), void *ctx);
void maillog_reader_add(struct maillog_reader *r, const char *data,
    size_t len);
/* Hands on a last line without an end, and frees. */
void maillog_reader_end(struct maillog_reader *r);

#endif
