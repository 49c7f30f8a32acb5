/*
 * One SMTP conversation, without its socket: octets go in, replies come out,
 * one at a time and in order however the client pipelines (RFC 2920).
 *
 * The owner reads into sink_smtp_room, tells sink_smtp_fed, and calls
 * sink_smtp_run until it wants input. While a reply is ready nothing further
 * is read; taking it (sink_smtp_taken) is what lets the talk go on.
 */
#ifndef SINK_SMTP_H
#define SINK_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "sink_script.h"
#include "sink_store.h"
#include "sink_syntax.h"
#include "sink_text.h"

#define SINK_INPUT_MAX 65536
#define SINK_REPLY_MAX 16384
#define SINK_COMMAND_MAX 2048	/* RFC 5321's 512 and room for extensions */
#define SINK_RCPTS_MAX 1000
#define SINK_MESSAGE_MAX ((size_t)64 << 20)	/* when SIZE names no limit */

struct sink_reply {
	char text[SINK_REPLY_MAX];
	size_t len;
	unsigned delay_ms;
	bool ready;
	bool never;		/* the script hangs here */
	bool last;		/* close when it is sent */
};

enum sink_state {
	SINK_NEW,		/* greeted the client, which has said nothing */
	SINK_REFUSED,		/* by the greeting; only QUIT is answered */
	SINK_READY,
	SINK_ENVELOPE		/* MAIL was taken */
};

enum sink_mode { SINK_COMMANDS, SINK_TEXT, SINK_CHUNK };

struct sink_session {
	struct sink_script *script;
	struct sink_store *store;
	unsigned long conn;
	enum sink_state state;
	enum sink_mode mode;
	bool esmtp;		/* said EHLO */
	unsigned long taken;	/* messages */
	bool smtputf8;		/* of this transaction */
	bool bdat;		/* it is given by BDAT */
	bool chunk_last;
	bool chunk_refused;	/* its octets are read for nothing */
	size_t chunk_left;
	bool overlong;		/* inside a command line that is too long */
	char from[SINK_PATH_MAX];
	char *rcpts[SINK_RCPTS_MAX];
	size_t rcpt_count;
	struct sink_text text;
	struct sink_reply reply;
	size_t in_start;
	size_t in_end;
	char in[SINK_INPUT_MAX];
};

enum sink_turn {
	SINK_WANTS_INPUT,
	SINK_HAS_REPLY,
	SINK_CUT		/* dropdata: close at once */
};

/* s is zeroed. The greeting is ready afterwards: when full, that of the script's
 * `room`, or a 421. script and store stay the caller's. */
void sink_smtp_open(struct sink_session *s, struct sink_script *script,
    struct sink_store *store, unsigned long conn, bool full);
void sink_smtp_release(struct sink_session *s);

/* Where to read to, never NULL; *len is 0 while nothing can be taken. */
char *sink_smtp_room(struct sink_session *s, size_t *len);
void sink_smtp_fed(struct sink_session *s, size_t len);
enum sink_turn sink_smtp_run(struct sink_session *s);
void sink_smtp_taken(struct sink_session *s);

#endif
