#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"

#define LINE_MAX_BYTES 4096

static enum log_level level = LOG_LEVEL_NOTICE;
/* Of what follows. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char progress[160];	/* the line that stands there now; "" none */
static int64_t drawn;		/* when, in milliseconds */

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
	pthread_mutex_lock(&lock);
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
	pthread_mutex_unlock(&lock);
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
	int64_t now = clock_ms();

	if (progress[0] != '\0' && now - drawn < 100)
		return true;
	drawn = now;
	return false;
}

bool
log_is_live(void)
{
	return level >= LOG_LEVEL_NOTICE && isatty(STDERR_FILENO);
}

/* How many bytes of it stand on one line of the terminal: what goes over its
 * edge could not be wiped. */
static int
fitting(const char *line)
{
	struct winsize size;
	size_t n = strlen(line);

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 ||
	    n < size.ws_col)
		return (int)n;
	for (n = size.ws_col - 1u; n > 0 && (line[n] & 0xc0) == 0x80; n--)
		;
	return (int)n;
}

static void
draw(const char *line, bool now)
{
	pthread_mutex_lock(&lock);
	if (now || !too_soon()) {
		snprintf(progress, sizeof(progress), "%.*s", fitting(line),
		    line);
		fprintf(stderr, "\r\033[K%s", progress);
		fflush(stderr);
	}
	pthread_mutex_unlock(&lock);
}

void
log_status(const char *line)
{
	if (log_is_live())
		draw(line, false);
}

void
log_progress(const char *what, size_t done, size_t total)
{
	char line[sizeof(progress)];

	if (!log_is_live())
		return;
	if (total != 0)
		snprintf(line, sizeof(line), "%s %zu/%zu", what, done, total);
	else
		snprintf(line, sizeof(line), "%s %zu", what, done);
	draw(line, done == total);
}

void
log_progress_end(void)
{
	pthread_mutex_lock(&lock);
	if (progress[0] != '\0') {
		progress[0] = '\0';
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	pthread_mutex_unlock(&lock);
}
