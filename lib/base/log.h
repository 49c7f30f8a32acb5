/*
 * Messages to standard error in levels, and one progress line when standard
 * error is a terminal. Standard output belongs to results. Any thread may log.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_DEBUG
};

/* Default LOG_LEVEL_NOTICE. -q: errors only; -v: debug as well. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/* "showmill: error: text"; a whole line, control characters shown as '?'. */
void log_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_notice(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* The err as an error line; one on a file as a finding is told. */
void log_err(const struct err *err);
/* A findings report callback: "file:line: error: text [rule]". */
void log_finding(void *ctx, const struct finding *f);

/* "what 17/380" redrawn in place, at most ten times a second; nothing when
 * standard error is no terminal or the level is below notice. total 0: not
 * known. log_progress_end wipes it; log lines wipe and redraw by themselves. */
void log_progress(const char *what, size_t done, size_t total);
void log_progress_end(void);
/* The same with words of the caller's. */
void log_status(const char *line);
/* Whether such a line is shown. */
bool log_is_live(void);

#endif
