/*
 * What the transports share among themselves: the table of backends, the
 * checks every message passes before it is handed to one, and the dialling.
 * Private to lib/mail/transport*.c.
 */
#ifndef MAIL_TRANSPORT_INT_H
#define MAIL_TRANSPORT_INT_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/err.h"
#include "mail/transport.h"

/* A backend. rest is the URL behind the scheme; what open returns is handed
 * to run and close. open makes no connection and no folder. */
struct transport_ops {
	const char *scheme;	/* with its colon */
	void *(*open)(const char *url, const char *rest,
	    const struct transport_options *options, struct err *err);
	int (*run)(void *impl, const struct transport_source *source,
	    struct err *err);
	void (*close)(void *impl);
};

/* impl is the transport's from here on. */
struct transport *transport_of(const struct transport_ops *ops, void *impl,
    const char *url);

extern const struct transport_ops transport_plain;	/* smtp: */
extern const struct transport_ops transport_submit_smtps;
extern const struct transport_ops transport_submit_starttls;
extern const struct transport_ops transport_submit_login;	/* smtp: */
extern const struct transport_ops transport_sendmail;
extern const struct transport_ops transport_maildir;

/* ---- transport_message.c ---- */

/* SMTP's limits: a line of text (RFC 5322 §2.1.1), and a command with room
 * for its verb and parameters (libesmtp cuts a command at 1,023 octets). */
#define TRANSPORT_LINE_MAX 998
#define TRANSPORT_COMMAND_MAX 1000

/* Whether the message may leave: ASCII lines that end in CRLF, none over
 * TRANSPORT_LINE_MAX, none left open at the end, no CR or LF elsewhere; both
 * addresses free of whatever would end or extend an SMTP command. 0, and in
 * dots (which may be NULL) whether a line begins with one, or -1 and why. */
int transport_message_check(const struct transport_message *m, bool *dots,
    char *why, size_t size);
size_t transport_message_size(const struct transport_message *m);
/* Whether it is for relays with SMTPUTF8 alone. */
bool transport_message_utf8(const struct transport_message *m);

/* The octets of a message as they follow DATA, where they lie: but for the CRLF
 * at its end, and with a dot before each line that begins with one (RFC 5321
 * §4.5.2). */
struct transport_spans {
	const struct transport_message *m;
	size_t part, at, left;
	bool dots;
	bool begins;		/* a line */
};
/* m has passed transport_message_check(), which says about dots. */
void transport_spans_begin(struct transport_spans *s,
    const struct transport_message *m, bool dots);
/* False: there are no more. A span is not empty. */
bool transport_spans_next(struct transport_spans *s, struct iovec *out);
/* Takes the first n octets away from those that are to be sent. */
void transport_spans_sent(struct msghdr *m, size_t n);
#define TRANSPORT_TEXT_END "\r\n.\r\n"	/* what follows them */

/* text as one line without control characters, cut to size. */
void transport_text(char *out, size_t size, const char *text);
/* Fills all of result. text becomes one line without control characters, the
 * queue id is taken out of it for TRANSPORT_SENT. */
void transport_result_set(struct transport_result *result,
    enum transport_verdict verdict, int code, const char *text);

/* ---- transport_hide.c ---- */

#define TRANSPORT_HIDDEN 3	/* words */
struct transport_hidden {
	size_t seen[TRANSPORT_HIDDEN];	/* letters, of each */
};
/* The next octet of what the relay offers, in libesmtp's own buffer and before
 * it is looked at: spoils the last letter of a word that is not to be seen. The
 * earlier letters may have come with an earlier read and be out of reach. */
void transport_hide(struct transport_hidden *h, char *c);

/* ---- transport_relay.c: what the SMTP transports have in common ---- */

struct transport_relay {
	char *url;
	char *host;		/* without the brackets of an IPv6 literal */
	char *port;
	char *helo;
	long timeout;		/* milliseconds */
	size_t per_connection;
	bool dsn;
	const void *more;	/* the backend's own */
};

/* rest: "//HOST", "//HOST:PORT", "//[::1]:PORT", a slash behind it allowed.
 * NULL and ERR_CONFIG for anything else. */
struct transport_relay *transport_relay_open(const char *url,
    const char *rest, const char *default_port,
    const struct transport_options *options, struct err *err);
void transport_relay_close(struct transport_relay *r);

/* The reply that is being read, or the last one (RFC 5321 §4.2.1). */
struct transport_reply {
	int code;			/* 0: it does not begin with one */
	char line[TRANSPORT_TEXT_MAX];	/* "250 text", lines joined */
	size_t len;
	size_t column;
	bool further;			/* it is behind its first line */
	bool more;			/* its line is not the last one */
	bool whole;
};

/* Takes one octet from the relay (begin with all zero). True at the end of a
 * reply's last line. */
bool transport_reply_read(struct transport_reply *r, char c);

/* text as xtext (RFC 3461 §4). False: it does not fit, and out is "". */
bool transport_xtext(char *out, size_t size, const char *text);
/* UTF-8 likewise, as RFC 6533 §3 has it. */
bool transport_xtext_utf8(char *out, size_t size, const char *text);

#define TRANSPORT_ORCPT_MAX 500		/* RFC 3461 §4.2, as xtext */
#define TRANSPORT_RCPT_MAX (TRANSPORT_COMMAND_MAX + TRANSPORT_ORCPT_MAX + 64)
/* The RCPT of a message that has passed transport_message_check(), with its
 * CRLF and a NUL. notices: asks for them (RFC 3461 §4.1 and §4.2), and says for
 * whom as long as that is at most orcpt_max octets, up to TRANSPORT_ORCPT_MAX.
 * Its octets. */
size_t transport_rcpt(char out[TRANSPORT_RCPT_MAX],
    const struct transport_message *m, bool notices, size_t orcpt_max);

/* ---- transport_ahead.c ---- */

/* Of the recipient behind ORCPT=, as xtext: libesmtp has 256 octets for it, and
 * writes behind them when it is as long, and "(null)" when it is longer. */
#define TRANSPORT_ESMTP_ORCPT_MAX 255

/* What goes over an SMTP connection but for the messages, as libesmtp shows it.
 * Begin with all zero but for owed, which is 1: the greeting, and active. */
struct transport_traffic {
	int64_t active;		/* the last writing, or whole answer; clock_ms */
	int owed;		/* answers the relay has still to give */
	unsigned replies;
	struct transport_reply reply;	/* the last one */
	struct transport_reply refusal;	/* of the greeting or EHLO */
	struct transport_reply garbage;	/* an answer behind these that is no
					 * SMTP: libesmtp gives up there */
	struct transport_hidden hidden;
	bool mailing;		/* past the greeting and EHLO */
	bool quitting;		/* QUIT is on its way */
	bool bdat;		/* libesmtp was about to use CHUNKING */
	char verb[4];		/* of the command going out */
	size_t column;
};
/* Before libesmtp looks at what was read; of EHLO's answer some is hidden from
 * it. True: an answer ends there. */
bool transport_traffic_read(struct transport_traffic *t, char *buf,
    size_t len);
void transport_traffic_write(struct transport_traffic *t, const char *buf,
    size_t len);

/* What is sent before libesmtp writes it. Begin with all zero. */
struct transport_ahead {
	bool learnt;		/* the relay takes commands in one go */
	bool notices;		/* ... and requests for notices */
	size_t left;		/* octets of text that libesmtp has still to
				 * write, its last ones */
	size_t len;
	char text[TRANSPORT_RCPT_MAX + 8];
};
/* Looks at what libesmtp has written and is about to be sent, whether it is
 * RCPT and DATA of m in one. */
void transport_ahead_learn(struct transport_ahead *a,
    const struct transport_message *m, const char *out, size_t n);
/* Makes what follows the MAIL of m: a->text, of a->len octets, all of them
 * left. */
void transport_ahead_make(struct transport_ahead *a,
    const struct transport_message *m);
/* Takes from what libesmtp writes the octets that went before: how many it
 * begins with. False: it writes something else. */
bool transport_ahead_take(struct transport_ahead *a, const char *data,
    size_t len, size_t *went);

/* ---- transport_session.c: one transport_run over an SMTP relay ---- */

/* Of so many domains those have to be whom a relay refuses in the same words,
 * or else it may be the domains that it refuses. */
#define TRANSPORT_ALIKE_DOMAINS 3

struct transport_session {
	const struct transport_relay *relay;
	const struct transport_source *source;
	/* Sends from s->m on over a connected socket, which is its to close,
	 * until there are no more messages. True: the connection was lost. */
	bool (*talk)(struct transport_session *s, int fd);
	/* The same, also to recipients that are not ASCII, which talk then does
	 * not; NULL: talk does. */
	bool (*talk_utf8)(struct transport_session *s, int fd);

	struct err *err;
	struct err spare;	/* for what fails after the first failure */
	bool failed;		/* err is filled: the run ends with -1 */
	bool ended;		/* no more, or not wanted */
	unsigned lost;		/* connections in a row, unanswered */
	bool proven;		/* the relay has answered a message */
	bool accepted;		/* ... and taken a MAIL */
	unsigned refused;	/* MAILs refused in a row since */
	bool balked;		/* ... one was refused, and not by 421 */
	bool taken;		/* ... and a message */
	unsigned alike;		/* REFUSED in the same words since */
	int alike_code;
	char alike_text[TRANSPORT_TEXT_MAX];
	/* The recipients', the first of them; each once. */
	char alike_domain[TRANSPORT_ALIKE_DOMAINS][256];
	unsigned alike_domains;

	size_t answered;	/* messages of this connection */
	bool leaving;		/* the relay said 421: no more messages */

	struct transport_message m;
	bool dots;		/* a line of it begins with one */
	bool open;		/* m is not settled */
	unsigned tries;
	bool doubted;
	bool cut;		/* m was broken off, its end never sent */
	char why[TRANSPORT_TEXT_MAX];	/* how m was lost */
};

int transport_session_run(const struct transport_relay *relay,
    bool (*talk)(struct transport_session *, int fd),
    bool (*talk_utf8)(struct transport_session *, int fd),
    const struct transport_source *source, struct err *err);

/* The source's next message into s->m; those that may not be sent are settled
 * on the way. False when there is none. */
bool transport_session_next(struct transport_session *s);
/* Whether s->m is not for talk: it returns then, with s->m open. */
bool transport_session_is_other(const struct transport_session *s);
void transport_session_settle(struct transport_session *s,
    enum transport_verdict verdict, int code, const char *text);
/* Settles s->m, whose recipient is not ASCII, as nothing for this relay. */
void transport_session_no_utf8(struct transport_session *s);
/* Settles s->m if this answer to RCPT or later refuses it: true when s->m is
 * settled. 421 is the end of the session and says nothing about a message,
 * unless it is the answer to the whole of it. The run may have failed then: the
 * refusal was one too many of its kind. */
bool transport_session_refusal(struct transport_session *s, int code,
    const char *text);
/* The answer to MAIL, 0 when there is none yet: true when s->m is settled or
 * the run has failed. The sender, the size and the way in are the same for all
 * messages of a run, and so is a 5xx as long as no MAIL was taken, or when it
 * speaks of the way in (530, 5.7.x) or of the size (552): none is tried then.
 * Otherwise it is this message's, up to three in a row. */
bool transport_session_sender(struct transport_session *s, int code,
    const char *text);
/* A 2xx answer to the whole message; the text need not be whole. */
void transport_session_sent(struct transport_session *s, int code,
    const char *text);
/* The answers to the envelope of s->m are waited for. */
void transport_session_soon(struct transport_session *s);
/* Asks the source; when it says no, s->m is cut and the run has failed. */
void transport_session_doubt(struct transport_session *s);
/* A relay that has hung up, or speaks before the message is at its end, will
 * not take it: better seen before the doubt than after. */
void transport_session_look(struct transport_session *s, int fd);
#define TRANSPORT_LOST "the connection was lost within the message"
/* Gives the source the time that the relay takes to answer. */
void transport_session_idle(struct transport_session *s);
/* Whether the source wants the run to end. */
bool transport_session_stopped(struct transport_session *s);
/* Whether only the answer to s->m is missing. */
bool transport_session_in_doubt(const struct transport_session *s);
/* How long an answer is waited for all the same when the run is to end, and how
 * long a relay that has nothing more to do may take to say so. */
#define TRANSPORT_HEAR_OUT_MS 400
#define TRANSPORT_QUIT_MS 2000
/* The end of s->m will not be sent. The first reason counts. */
void transport_session_cut(struct transport_session *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Fills err, unless the run has failed already. The URL goes in front. */
void transport_session_fail(struct transport_session *s, enum err_kind kind,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* The same, with the 4xx or 5xx that the relay said what it does not do with. */
void transport_session_refused(struct transport_session *s,
    const struct transport_reply *r, const char *what);

/* ---- transport_curl.c: a connection ready for MAIL, by libcurl ---- */

enum transport_tls {
	TRANSPORT_TLS_NONE, TRANSPORT_TLS_STARTTLS, TRANSPORT_TLS_IMPLICIT
};

/* How one comes in at the relay; the relay's `more`. */
struct transport_access {
	enum transport_tls tls;
	bool tls_13;
	char *ca_file, *cert_file, *key_file;	/* NULL: none */
	char *user, *password;			/* NULL: no AUTH */
	char *auth;
};

/* What the last EHLO offered. */
struct transport_offers {
	bool starttls, pipelining, size, dsn, smtputf8;
	bool auth;		/* a way that we may take */
	char ways[128];		/* all its AUTH says; "" */
};

/* One keyword with its parameters. allowed: the ways of AUTH that we may take,
 * blanks between. */
void transport_offers_take(struct transport_offers *o, const char *line,
    const char *allowed);

struct transport_wire;

/* Takes a connected socket, which is its to close, through the greeting, EHLO,
 * TLS and AUTH. NULL: s has failed, or s->why says how it was lost, or the run
 * is to end. */
struct transport_wire *transport_wire_open(struct transport_session *s,
    int fd);
const struct transport_offers *transport_wire_offers(
    const struct transport_wire *w);
int transport_wire_fd(const struct transport_wire *w);
/* How many octets were read or written: 0 none at the moment, -1 it is lost.
 * What was not written is to be given again, at the same place. */
ssize_t transport_wire_read(struct transport_wire *w, char *out, size_t size);
ssize_t transport_wire_write(struct transport_wire *w, const char *data,
    size_t len);
void transport_wire_close(struct transport_wire *w);	/* says nothing */

/* ---- transport_submit.c: messages over such a connection ---- */

/* As transport_session.talk. */
bool transport_submit_talk(struct transport_session *s, int fd);

/* ---- transport_esmtp.c: the same with libesmtp, to ASCII recipients ---- */

bool transport_esmtp_talk(struct transport_session *s, int fd);

/* ---- transport_libc.c ---- */

/* What is done in a library's place while this thread is in it. */
struct transport_place {
	int ready;	/* a connected socket, until the library has it; -1 */
	int fd;		/* the library's; -1: it has none yet */
	/* In place of poll(2) for this socket alone, which may be named twice:
	 * to read and to write. */
	int (*wait)(void *ctx, struct pollfd *fds, nfds_t n, int timeout);
	/* In place of write(2) to it. */
	ssize_t (*write)(void *ctx, const void *data, size_t len);
	void *ctx;
};

void transport_place_begin(struct transport_place *p);
/* False when the library never connected: the socket is closed then. */
bool transport_place_end(struct transport_place *p);
/* What is written to may have been closed at its other end. The program ignores
 * SIGPIPE; a caller that does not is not to die of it. */
struct transport_hush {
	sigset_t before;
	bool pending;
};
void transport_hush_begin(struct transport_hush *h);
void transport_hush_end(const struct transport_hush *h);
/* poll(2) itself. */
int transport_poll(struct pollfd *fds, nfds_t n, int timeout);

/* ---- transport_dial.c ---- */

/* A connected, non-blocking, close-on-exec TCP socket with TCP_NODELAY.
 * timeout: milliseconds for the look-up, and again for the connection, in
 * which every address of the host has its turn. -1: ERR_HOST for a name that
 * does not exist, ERR_TEMPORARY otherwise, also soon after the source's stop
 * says that the run is to end. url is for the messages only. */
int transport_dial(const char *url, const char *host, const char *port,
    long timeout, const struct transport_source *source, struct err *err);
bool transport_wants_stop(const struct transport_source *source);

#endif
