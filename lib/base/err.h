/*
 * Errors: one value that says what kind of thing went wrong, in a whole
 * sentence, and where.
 *
 * A function that can fail returns 0 or -1 (or a pointer or NULL) and takes
 * `struct err *` as its last parameter, never NULL. On success it leaves the
 * err untouched; on failure it fills it with err_set() at the place where the
 * failure was seen, and callers add the file and line they know on the way
 * up with err_at().
 *
 * Findings are for work that goes on after a problem: many a run, handed to a
 * callback, each with a severity and a rule id that documentation can name.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* The kinds decide the exit code (err_exit_code) and whether a later try may
 * succeed. */
enum err_kind {
	ERR_NONE = 0,
	ERR_USAGE,	/* the command line was wrong: 64 */
	ERR_INPUT,	/* a file's content cannot be used: 65 */
	ERR_NOINPUT,	/* a named file cannot be read or is not there: 66 */
	ERR_HOST,	/* a host name is unknown: 68 */
	ERR_NETWORK,	/* a server did not answer or answered wrongly: 69 */
	ERR_INTERNAL,	/* a library or showmill itself misbehaved: 70 */
	ERR_SYSTEM,	/* the operating system refused a call: 71 */
	ERR_OUTPUT,	/* an output file cannot be written: 73 */
	ERR_IO,		/* reading or writing broke off: 74 */
	ERR_TEMPORARY,	/* try again later (lock held, relay busy): 75 */
	ERR_PROTOCOL,	/* the peer broke the protocol: 76 */
	ERR_REFUSED,	/* a permission, or a peer's final no: 77 */
	ERR_CONFIG	/* config.ini, show.ini or a template is wrong: 78 */
};

#define ERR_MSG_MAX 1024
#define ERR_FILE_MAX 512

struct err {
	enum err_kind kind;
	unsigned line;			/* 1-based; 0: no line */
	char file[ERR_FILE_MAX];	/* "": no file; cut at the front */
	char msg[ERR_MSG_MAX];		/* a sentence without a full stop */
	const char *rule;		/* as a finding's; NULL: by the kind */
};

#define ERR_INIT { ERR_NONE, 0, "", "", NULL }

/* Control characters (C0, DEL, C1) and bytes that are no UTF-8, which some
 * terminals take for C1, become one '?' each, in place: so a hostile input
 * cannot write to a terminal. What puts messages together does it itself. */
void err_clean(char *text);

/* Fills err; long text is cut, and cleaned. Always returns -1. */
int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set, with ": " and the text of errno (as it was on entry) added. */
int err_sys(struct err *err, enum err_kind kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a place unless one is known already. line 0: none. Returns -1. */
int err_at(struct err *err, const char *file, unsigned line);

/* Gives the rule id of a message on a file; a literal. Returns -1. */
int err_rule(struct err *err, const char *rule);

/* The rule id: its own, or the kind's name ("config"). */
const char *err_rule_of(const struct err *err);

/* "file:line: msg", "file: msg" or "msg" into out (cut to size). */
void err_format(const struct err *err, char *out, size_t size);

/* Whether a later try may succeed with nothing changed on this side: ERR_HOST,
 * ERR_NETWORK, ERR_TEMPORARY. */
bool err_may_pass(enum err_kind kind);

/* The exit code of sysexits.h for a kind; 0 for ERR_NONE. */
int err_exit_code(enum err_kind kind);

enum severity { SEV_INFO, SEV_WARNING, SEV_ERROR };

struct finding {
	enum severity severity;
	const char *rule;	/* stable id, e.g. "episode-date" */
	const char *file;	/* may be NULL */
	unsigned line;		/* 0: none */
	const char *text;	/* valid during the call only */
};

/* Where findings go; counts are kept so that a caller can stop at the end. */
struct findings {
	/* May be NULL. */
	void (*report)(void *ctx, const struct finding *);
	void *ctx;
	size_t errors;
	size_t warnings;
	/* What the errors have in common; see finding_err. */
	enum err_kind kind;
};

void finding_add(struct findings *to, enum severity severity, const char *rule,
    const char *file, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));

/* Hands an err on as a finding of severity SEV_ERROR. While all errors are of
 * one kind, findings.kind is that; several that a later try may help
 * (ERR_HOST, ERR_NETWORK, ERR_TEMPORARY) make it ERR_NETWORK, and all else,
 * as every error of finding_add, ERR_INPUT. */
void finding_err(struct findings *to, const char *rule, const struct err *err);

#endif
