/*
 * What a mail_sink leaves in its folder:
 *   NNNNNN.eml   the octets of each message taken, dots unstuffed
 *   log.tsv      a line for each: number, connection, reverse-path, forward-
 *                paths with commas between, octets, "bare" or "clean"
 *   dialog.log   connection, C S or !, reply number or -, text; with tabs
 * The log counts: a message without a line was not taken. A sink started in
 * the same folder goes on with the numbers.
 */
#ifndef SINK_STORE_H
#define SINK_STORE_H

#include <stdbool.h>
#include <stddef.h>

struct sink_store {
	const char *dir;	/* the caller's */
	int log_fd;
	int dialog_fd;		/* -1: not kept */
	bool keep;		/* write .eml files */
	unsigned long seq;	/* of the newest message */
};

/* What is known of a message beside its text. */
struct sink_envelope {
	unsigned long conn;
	const char *from;
	char *const *rcpts;
	size_t rcpt_count;
	bool bare;
};

/* Makes the folder when it is missing (not those above it). -1: a message is
 * on stderr. sink_store_release is due in both cases. */
int sink_store_open(struct sink_store *s, const char *dir, bool keep,
    bool dialog);
void sink_store_release(struct sink_store *s);

/* Stores a message and then writes its line in one write(2). text may be NULL
 * when nothing is kept. -1: not taken, a message is on stderr. */
int sink_store_take(struct sink_store *s, const struct sink_envelope *e,
    const char *text, size_t len);

/* Adds to the dialog when one is kept: a line for each line of the text, its
 * control octets shown as '?'. who: 'C', 'S', or '!' for what the sink did. */
void sink_store_dialog(struct sink_store *s, unsigned long conn, char who,
    unsigned long reply, const char *text, size_t len);

#endif
