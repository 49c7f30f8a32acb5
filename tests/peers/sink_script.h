/*
 * The script of a mail_sink: what it offers, and where it is to misbehave.
 *
 * A script is a text file, one instruction a line; blank lines and lines that
 * begin with # are skipped. STEP is one of connect ehlo mail rcpt data end
 * rset quit. `times=N` lets only the first N matches count. GLOB is an
 * fnmatch(3) pattern, compared with case:
 *   mail   the reverse-path          rcpt   the forward-path
 *   end    the first recipient       ehlo   the line, "EHLO client.example"
 *   the other steps have nothing to compare, only patterns such as * match.
 *
 *   ehlo KEYWORD [PARAMS]    offer this keyword; the first such line replaces
 *                            the defaults; `ehlo` alone offers nothing
 *   on STEP [times=N] [GLOB] CODE TEXT
 *                            this reply instead, first match of the file; \n
 *                            in TEXT begins a further line of the reply
 *   delay STEP [times=N] MS  answer later; other connections go on
 *   hang STEP [times=N]      never answer; a reply not given has no number
 *   garbage STEP [times=N] TEXT
 *                            TEXT and CRLF in place of a reply; what the step
 *                            does is still ruled by `on` or its default
 *   drop before|after N      close instead of reply N, or after it
 *   kill before|after N      SIGKILL the process named in the pidfile, once;
 *                            the sink waits up to a second for its end, so
 *                            that with `before` reply N is never seen
 *   dropdata BYTES [times=N] close at once when BYTES octets of a message
 *                            (as sent, dots included) have been read before
 *                            its end was
 *   room N CODE TEXT         greet so a connection that comes while N are open
 *   session N CODE TEXT      answer so to a MAIL behind N messages that were
 *                            taken over the same connection
 *   pidfile PATH             read at the moment of the kill
 *   dialog                   keep DIR/dialog.log
 *
 * N counts the replies of the whole process from 1, greetings and 421s for
 * too many connections included; a reply of several lines is one; a reply
 * that a `before` withheld has used up its number.
 */
#ifndef SINK_SCRIPT_H
#define SINK_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#define SINK_KEYWORDS_MAX 32
#define SINK_KEYWORD_LEN 256
#define SINK_RULES_MAX 256
#define SINK_FAULTS_MAX 64
#define SINK_LINE_MAX 1024

enum sink_step {
	SINK_CONNECT, SINK_EHLO, SINK_MAIL, SINK_RCPT, SINK_DATA, SINK_END,
	SINK_RSET, SINK_QUIT,
	SINK_UNSCRIPTED		/* replies no script line can name */
};

enum sink_rule_kind { SINK_REPLY, SINK_DELAY, SINK_HANG, SINK_GARBAGE };

struct sink_rule {
	enum sink_rule_kind kind;
	enum sink_step step;
	long left;		/* matches still to come; -1: no limit */
	int code;		/* SINK_REPLY */
	unsigned delay_ms;	/* SINK_DELAY */
	char *glob;		/* NULL: all */
	char *text;		/* SINK_REPLY, SINK_GARBAGE */
};

struct sink_fault {
	bool kill;		/* else: drop the connection */
	bool after;
	unsigned long reply;
};

struct sink_limit {
	unsigned long n;
	int code;		/* 0: there is none */
	char *text;
};

struct sink_script {
	char *keywords[SINK_KEYWORDS_MAX];
	size_t keyword_count;
	bool keywords_named;
	struct sink_rule rules[SINK_RULES_MAX];
	size_t rule_count;
	struct sink_fault faults[SINK_FAULTS_MAX];
	size_t fault_count;
	unsigned long dropdata;	/* 0: never */
	long dropdata_left;
	struct sink_limit room, session;
	char *pidfile;
	bool dialog;
};

/* Fills s from the file, or with the defaults when path is NULL. -1: it
 * cannot be used, and stderr has "file:line: what is wrong". In both cases
 * sink_script_release is due. */
int sink_script_load(struct sink_script *s, const char *path);
void sink_script_release(struct sink_script *s);

/* The first rule of this kind for the step that matches the subject, and
 * one of its times used up; NULL when there is none. Each event asks once. */
const struct sink_rule *sink_script_match(struct sink_script *s,
    enum sink_rule_kind kind, enum sink_step step, const char *subject);

/* The parameters of an offered keyword ("" when it has none), compared
 * without case; NULL when it is not offered. */
const char *sink_script_offer(const struct sink_script *s, const char *keyword,
    size_t len);

#endif
