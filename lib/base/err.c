#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Bytes of the UTF-8 sequence at s (RFC 3629), 0 when there is none. Only its
 * shape is looked at: that is what a terminal does. */
static size_t
sequence(const unsigned char *s)
{
	size_t n = *s < 0x80 ? 1 : *s < 0xc2 ? 0 : *s < 0xe0 ? 2 :
	    *s < 0xf0 ? 3 : *s < 0xf5 ? 4 : 0, i;

	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

void
err_clean(char *text)
{
	const unsigned char *from = (const unsigned char *)text;
	char *to = text;
	size_t n;

	for (; *from != '\0'; from += n) {
		n = sequence(from);
		if (n == 0 || *from < 0x20 || *from == 0x7f ||
		    (*from == 0xc2 && from[1] < 0xa0)) {
			n = n == 0 ? 1 : n;
			*to++ = '?';
			continue;
		}
		memmove(to, from, n);
		to += n;
	}
	*to = '\0';
}

int
err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	err->kind = kind;
	err->line = 0;
	err->rule = NULL;
	err->file[0] = '\0';
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	err_clean(err->msg);
	return -1;
}

int
err_sys(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	int saved = errno;
	size_t len;
	va_list ap;

	err->kind = kind;
	err->line = 0;
	err->rule = NULL;
	err->file[0] = '\0';
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	len = strlen(err->msg);
	snprintf(err->msg + len, sizeof(err->msg) - len, ": %s",
	    strerrordesc_np(saved) != NULL ? strerrordesc_np(saved) :
	    "unknown error");
	err_clean(err->msg);
	errno = saved;
	return -1;
}

int
err_at(struct err *err, const char *file, unsigned line)
{
	size_t len;

	if (err->file[0] != '\0' || file == NULL)
		return -1;
	len = strlen(file);
	if (len >= sizeof(err->file))
		snprintf(err->file, sizeof(err->file), "...%s",
		    file + len - (sizeof(err->file) - 4));
	else
		memcpy(err->file, file, len + 1);
	err_clean(err->file);
	err->line = line;
	return -1;
}

int
err_rule(struct err *err, const char *rule)
{
	err->rule = rule;
	return -1;
}

const char *
err_rule_of(const struct err *err)
{
	static const char *const kinds[] = {
		[ERR_NONE] = "none", [ERR_USAGE] = "usage",
		[ERR_INPUT] = "input", [ERR_NOINPUT] = "no-input",
		[ERR_HOST] = "host", [ERR_NETWORK] = "network",
		[ERR_INTERNAL] = "internal", [ERR_SYSTEM] = "system",
		[ERR_OUTPUT] = "output", [ERR_IO] = "io",
		[ERR_TEMPORARY] = "temporary", [ERR_PROTOCOL] = "protocol",
		[ERR_REFUSED] = "refused", [ERR_CONFIG] = "config"
	};

	return err->rule != NULL ? err->rule : kinds[err->kind];
}

void
err_format(const struct err *err, char *out, size_t size)
{
	if (err->file[0] == '\0')
		snprintf(out, size, "%s", err->msg);
	else if (err->line == 0)
		snprintf(out, size, "%s: %s", err->file, err->msg);
	else
		snprintf(out, size, "%s:%u: %s", err->file, err->line,
		    err->msg);
}

int
err_exit_code(enum err_kind kind)
{
	static const int codes[] = {
		[ERR_NONE] = 0, [ERR_USAGE] = 64, [ERR_INPUT] = 65,
		[ERR_NOINPUT] = 66, [ERR_HOST] = 68, [ERR_NETWORK] = 69,
		[ERR_INTERNAL] = 70, [ERR_SYSTEM] = 71, [ERR_OUTPUT] = 73,
		[ERR_IO] = 74, [ERR_TEMPORARY] = 75, [ERR_PROTOCOL] = 76,
		[ERR_REFUSED] = 77, [ERR_CONFIG] = 78
	};

	return codes[kind];
}

bool
err_may_pass(enum err_kind kind)
{
	return kind == ERR_HOST || kind == ERR_NETWORK ||
	    kind == ERR_TEMPORARY;
}

static void
count(struct findings *to, enum severity severity, enum err_kind kind)
{
	if (severity == SEV_WARNING)
		to->warnings++;
	if (severity != SEV_ERROR)
		return;
	if (to->errors++ == 0)
		to->kind = kind;
	else if (to->kind != kind)
		to->kind = err_may_pass(to->kind) && err_may_pass(kind) ?
		    ERR_NETWORK : ERR_INPUT;
}

void
finding_add(struct findings *to, enum severity severity, const char *rule,
    const char *file, unsigned line, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	struct finding f = { severity, rule, file, line, text };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	err_clean(text);
	count(to, severity, ERR_INPUT);
	if (to->report != NULL)
		to->report(to->ctx, &f);
}

void
finding_err(struct findings *to, const char *rule, const struct err *err)
{
	struct finding f = { SEV_ERROR, rule,
	    err->file[0] == '\0' ? NULL : err->file, err->line, err->msg };

	count(to, SEV_ERROR, err->kind);
	if (to->report != NULL)
		to->report(to->ctx, &f);
}
