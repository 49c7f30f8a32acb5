#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"

#define LINE_MAX_BYTES 4096

static enum log_level level = LOG_LEVEL_NOTICE;
static char progress[160];	/* the line that stands there now; "" none */
static struct timespec drawn;

void
log_set_level(enum log_level l)
{
	level = l;
}

enum log_level
log_get_level(void)
{
	return level;
}

static void
line_out(enum log_level at, const char *mark, const char *text)
{
	struct buf b;
	size_t i;

	if (at > level)
		return;
	buf_init(&b, LINE_MAX_BYTES);
	if (progress[0] != '\0')
		buf_adds(&b, "\r\033[K");
	buf_adds(&b, mark);
	i = b.len;
	buf_adds(&b, text);
	err_clean(b.data + i);
	buf_truncate(&b, strlen(b.data));
	buf_addc(&b, '\n');
	buf_adds(&b, progress);
	/* One call, so that lines of several programs do not mix. */
	fwrite(b.data, 1, b.len, stderr);
	fflush(stderr);
	buf_release(&b);
}

#define DEFINE_LOG(name, at, mark)				\
	void							\
	name(const char *fmt, ...)				\
	{							\
		char text[LINE_MAX_BYTES / 2];			\
		va_list ap;					\
								\
		va_start(ap, fmt);				\
		vsnprintf(text, sizeof(text), fmt, ap);		\
		va_end(ap);					\
		line_out(at, mark, text);			\
	}

DEFINE_LOG(log_error, LOG_LEVEL_ERROR, "showmill: error: ")
DEFINE_LOG(log_warning, LOG_LEVEL_WARNING, "showmill: warning: ")
DEFINE_LOG(log_notice, LOG_LEVEL_NOTICE, "showmill: ")
DEFINE_LOG(log_debug, LOG_LEVEL_DEBUG, "showmill: debug: ")

void
log_err(const struct err *err)
{
	const struct finding f = { SEV_ERROR, err_rule_of(err), err->file,
	    err->line, err->msg };

	if (err->file[0] != '\0')
		log_finding(NULL, &f);
	else
		log_error("%s", err->msg);
}

void
log_finding(void *ctx, const struct finding *f)
{
	static const char *const names[] = { "note", "warning", "error" };
	static const enum log_level levels[] = {
		LOG_LEVEL_DEBUG, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR
	};
	char text[LINE_MAX_BYTES / 2];

	(void)ctx;
	if (f->file == NULL)
		snprintf(text, sizeof(text), "showmill: %s: %s [%s]",
		    names[f->severity], f->text, f->rule);
	else if (f->line == 0)
		snprintf(text, sizeof(text), "%s: %s: %s [%s]", f->file,
		    names[f->severity], f->text, f->rule);
	else
		snprintf(text, sizeof(text), "%s:%u: %s: %s [%s]", f->file,
		    f->line, names[f->severity], f->text, f->rule);
	line_out(levels[f->severity], "", text);
}

static bool
too_soon(void)
{
	struct timespec now;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (now.tv_sec - drawn.tv_sec) * 1000 +
	    (now.tv_nsec - drawn.tv_nsec) / 1000000;
	if (progress[0] != '\0' && ms < 100)
		return true;
	drawn = now;
	return false;
}

void
log_progress(const char *what, size_t done, size_t total)
{
	if (level < LOG_LEVEL_NOTICE || !isatty(STDERR_FILENO) ||
	    (done != total && too_soon()))
		return;
	if (total != 0)
		snprintf(progress, sizeof(progress), "%s %zu/%zu", what, done,
		    total);
	else
		snprintf(progress, sizeof(progress), "%s %zu", what, done);
	fprintf(stderr, "\r\033[K%s", progress);
	fflush(stderr);
}

void
log_progress_end(void)
{
	if (progress[0] == '\0')
		return;
	progress[0] = '\0';
	fputs("\r\033[K", stderr);
	fflush(stderr);
}
