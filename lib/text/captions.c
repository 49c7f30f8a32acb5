/* What all formats of transcripts share, and the way in. */
#include "text/captions.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/captions_int.h"
#include "text/utf8.h"

#define BOM "\xef\xbb\xbf"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum captions_format
captions_format_of(const char *type)
{
	static const struct {
		const char *type;
		enum captions_format format;
	} rows[] = {
		{ "text/vtt", CAPTIONS_VTT },
		{ "application/x-subrip", CAPTIONS_SRT },
		{ "application/srt", CAPTIONS_SRT },
		{ "text/srt", CAPTIONS_SRT },
		{ "application/json", CAPTIONS_JSON },
		{ "text/html", CAPTIONS_HTML },
		{ "text/plain", CAPTIONS_TEXT },
	};
	size_t i, n = strcspn(type, "; \t");

	for (i = 0; i < COUNT(rows); i++)
		if (strlen(rows[i].type) == n &&
		    strncasecmp(rows[i].type, type, n) == 0)
			return rows[i].format;
	return CAPTIONS_NONE;
}

const char *
captions_format_name(enum captions_format format)
{
	static const char *const names[] = {
		[CAPTIONS_NONE] = "no transcript", [CAPTIONS_VTT] = "WebVTT",
		[CAPTIONS_SRT] = "SubRip", [CAPTIONS_JSON] = "JSON",
		[CAPTIONS_HTML] = "HTML", [CAPTIONS_TEXT] = "plain text"
	};

	return names[format];
}

/* By enum captions_format. */
static const struct {
	const char *ending, *type;
} kinds[] = {
	[CAPTIONS_NONE] = { NULL, NULL },
	[CAPTIONS_VTT] = { "vtt", "text/vtt" },
	[CAPTIONS_SRT] = { "srt", "application/x-subrip" },
	[CAPTIONS_JSON] = { "json", "application/json" },
	[CAPTIONS_HTML] = { "html", "text/html" },
	[CAPTIONS_TEXT] = { "txt", "text/plain" },
};

enum captions_format
captions_format_of_ending(const char *ending)
{
	size_t i;

	for (i = CAPTIONS_NONE + 1; i < COUNT(kinds); i++)
		if (strcmp(kinds[i].ending, ending) == 0)
			return (enum captions_format)i;
	return CAPTIONS_NONE;
}

const char *
captions_ending(enum captions_format format)
{
	return kinds[format].ending;
}

const char *
captions_type(enum captions_format format)
{
	return kinds[format].type;
}

bool
captions_take(struct captions_draft *d, struct captions_line *out)
{
	const char *p = d->p;

	if (p == d->end)
		return false;
	while (p < d->end && *p != '\n' && *p != '\r')
		p++;
	out->s = d->p;
	out->len = (size_t)(p - d->p);
	if (p < d->end && *p == '\r')
		p++;
	/* Behind a CR, or the end by itself. */
	if (p < d->end && *p == '\n')
		p++;
	d->p = p;
	d->line++;
	return true;
}

bool
captions_peek(const struct captions_draft *d, struct captions_line *out)
{
	struct captions_draft copy = *d;

	return captions_take(&copy, out);
}

bool
captions_blank(const struct captions_line *l)
{
	size_t i;

	for (i = 0; i < l->len; i++)
		if (l->s[i] != ' ' && l->s[i] != '\t')
			return false;
	return true;
}

bool
captions_is_time(const struct captions_line *l)
{
	return memmem(l->s, l->len, "-->", 3) != NULL;
}

bool
captions_begins_cue(const struct captions_draft *d)
{
	struct captions_draft copy = *d;
	struct captions_line l;
	size_t i;

	if (!captions_take(&copy, &l))
		return false;
	if (captions_is_time(&l))
		return true;
	for (i = 0; i < l.len; i++)
		if (!isdigit((unsigned char)l.s[i]) && l.s[i] != ' ')
			return false;
	return !captions_blank(&l) && captions_peek(&copy, &l) &&
	    captions_is_time(&l);
}

/* The number of so many digits at *p; -1: there are fewer or more. */
static int64_t
digits(const char **p, const char *end, int least, int most)
{
	int64_t value = 0;
	int n = 0;

	for (; *p < end && isdigit((unsigned char)**p); (*p)++) {
		if (++n > most)
			return -1;
		value = value * 10 + (**p - '0');
	}
	return n < least ? -1 : value;
}

static bool
pass(const char **p, const char *end, const char *set)
{
	if (*p == end || strchr(set, **p) == NULL)
		return false;
	(*p)++;
	return true;
}

/* [[h]h:]mm:ss.mmm; -1: it is none. */
static int64_t
time_at(const char **p, const char *end, const char *points, bool hours)
{
	const char *begin = *p;
	int64_t h = digits(p, end, hours ? 1 : 2, 4), m, s, ms;
	bool two = *p - begin == 2;

	if (h < 0 || !pass(p, end, ":"))
		return -1;
	m = digits(p, end, 2, 2);
	s = -1;
	if (pass(p, end, ":")) {
		s = digits(p, end, 2, 2);
	} else if (!hours && two) {
		s = m;
		m = h;
		h = 0;
	}
	if (m < 0 || m > 59 || s < 0 || s > 59 || !pass(p, end, points))
		return -1;
	ms = digits(p, end, 3, 3);
	return ms < 0 ? -1 : ((h * 60 + m) * 60 + s) * 1000 + ms;
}

int
captions_times(struct captions_draft *d, const struct captions_line *l,
    const char *points, bool hours, int64_t *start, int64_t *end)
{
	const char *p = l->s, *last = l->s + l->len;

	while (pass(&p, last, " \t"))
		;
	*start = time_at(&p, last, points, hours);
	while (pass(&p, last, " \t"))
		;
	if (last - p >= 3 && memcmp(p, "-->", 3) == 0)
		p += 3;
	else
		*start = -1;
	while (pass(&p, last, " \t"))
		;
	*end = time_at(&p, last, points, hours);
	if (*start < 0 || *end < 0 || (p < last && *p != ' ' && *p != '\t'))
		return captions_wrong(d, d->line, "the times have to be "
		    "written as 00:00:00%c000 --> 00:00:00%c000, not as '%.*s'",
		    points[0], points[0], (int)(l->len > 60 ? 60 : l->len),
		    l->s);
	return 0;
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int
captions_add(struct captions_draft *d, struct caption cue, const char *text,
    size_t len, bool trim)
{
	size_t from = 0, to = len;

	while (from < to && is_space(text[from]))
		from++;
	while (to > from && is_space(text[to - 1]))
		to--;
	if (cue.end_ms >= 0 && cue.end_ms < cue.start_ms)
		return captions_wrong(d, cue.line,
		    "the cue ends before it begins");
	if (d->n > 0 && cue.start_ms < d->cues[d->n - 1].start_ms)
		return captions_wrong(d, cue.line, "the cue begins before the "
		    "one in front of it (line %u); put them into the order of "
		    "their beginnings", d->cues[d->n - 1].line);
	if (from == to)
		return 0;
	if (d->n == d->cap) {
		d->cap = d->cap == 0 ? 256 : 2 * d->cap;
		d->cues = xreallocarray(d->cues, d->cap, sizeof(*d->cues));
	}
	cue.text = trim ? arena_strndup(d->a, text + from, to - from) :
	    arena_strndup(d->a, text, len);
	d->cues[d->n++] = cue;
	return 0;
}

int
captions_wrong(struct captions_draft *d, unsigned line, const char *fmt, ...)
{
	char msg[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	err_set(d->err, ERR_INPUT, "%s", msg);
	d->err->line = line;
	return -1;
}

/* ---- what it is ---- */

static bool
begins(const char *s, size_t len, const char *word)
{
	size_t n = strlen(word);

	return len >= n && strncasecmp(s, word, n) == 0;
}

static bool
is_html(const char *s, size_t len)
{
	static const char *const tags[] = { "!doctype", "!--", "?xml", "html",
		"head", "body", "cite", "time", "div", "main", "article",
		"section", "span", "h1", "h2", "h3", "p>", "p ", "meta",
		"title", "script", "a ", "br" };
	size_t i;

	for (i = 0; i < COUNT(tags); i++)
		if (begins(s + 1, len - 1, tags[i]))
			return true;
	return false;
}

/* A number and a line with an arrow, or that line alone. */
static bool
is_srt(const char *s, size_t len)
{
	struct captions_draft d = { .p = s, .end = s + len };
	return captions_begins_cue(&d);
}

enum captions_format
captions_recognise(const char *data, size_t len)
{
	size_t i = len >= 3 && memcmp(data, BOM, 3) == 0 ? 3 : 0;

	if (len - i >= 6 && memcmp(data + i, "WEBVTT", 6) == 0)
		return CAPTIONS_VTT;
	while (i < len && is_space(data[i]))
		i++;
	if (i == len)
		return CAPTIONS_TEXT;
	if (data[i] == '{' || data[i] == '[')
		return CAPTIONS_JSON;
	if (data[i] == '<' && is_html(data + i, len - i))
		return CAPTIONS_HTML;
	return is_srt(data + i, len - i) ? CAPTIONS_SRT : CAPTIONS_TEXT;
}

/* ---- reading ---- */

/* The line of an offset. */
static unsigned
line_of(const char *data, size_t at)
{
	struct captions_draft d = { .p = data, .end = data + at };
	struct captions_line l;

	while (captions_take(&d, &l))
		;
	/* The offset is behind a line's end, or inside the last line. */
	return at == 0 || data[at - 1] == '\n' || data[at - 1] == '\r' ?
	    d.line + 1 : d.line;
}

static int
check_bytes(struct captions_draft *d, const char *data, size_t len)
{
	const char *nul;
	size_t at;

	if (len > CAPTIONS_MAX)
		return captions_wrong(d, 0, "the transcript is larger than "
		    "%zu MiB", CAPTIONS_MAX >> 20);
	at = utf8_invalid_at(data, len);
	if (at < len)
		return captions_wrong(d, line_of(data, at),
		    "the transcript is not UTF-8; convert it");
	nul = len == 0 ? NULL : memchr(data, '\0', len);
	if (nul != NULL)
		return captions_wrong(d, line_of(data, (size_t)(nul - data)),
		    "the transcript has a NUL in it: it is no text");
	return 0;
}

static int
check_format(struct captions_draft *d, enum captions_format want,
    enum captions_format *is)
{
	if (want == CAPTIONS_TEXT && *is != CAPTIONS_HTML)
		*is = want;
	if (want == CAPTIONS_NONE || want == *is)
		return 0;
	if (*is == CAPTIONS_HTML)
		return captions_wrong(d, 1, "this is an HTML page, not %s; "
		    "a server answers so when the file is not there",
		    captions_format_name(want));
	if (want == CAPTIONS_VTT && *is == CAPTIONS_TEXT)
		return captions_wrong(d, 1, "the first line of WebVTT is "
		    "WEBVTT");
	if (want == CAPTIONS_SRT && *is == CAPTIONS_TEXT)
		return captions_wrong(d, 1, "SubRip begins with a number and "
		    "a line like 00:00:00,000 --> 00:00:02,000");
	return captions_wrong(d, 1, "this is %s, not %s",
	    captions_format_name(*is), captions_format_name(want));
}

static int
read_cues(struct captions_draft *d, enum captions_format format)
{
	int rc = 0;

	if (format == CAPTIONS_VTT)
		rc = captions_vtt(d);
	else if (format == CAPTIONS_SRT)
		rc = captions_srt(d);
	else if (format == CAPTIONS_JSON)
		rc = captions_json(d);
	else
		return 0;
	if (rc == 0 && d->n == 0)
		rc = captions_wrong(d, 0, "no cue is in the transcript");
	return rc;
}

int
captions_read(struct arena *a, const char *data, size_t len,
    enum captions_format want, struct captions *out, struct err *err)
{
	struct captions_draft d = { .a = a, .p = data, .end = data + len,
		.err = err };
	enum captions_format is;
	struct caption *cues;
	int rc = -1;

	buf_init(&d.text, 0);
	if (check_bytes(&d, data, len) != 0)
		goto out;
	is = captions_recognise(data, len);
	if (check_format(&d, want, &is) != 0)
		goto out;
	if (len >= 3 && memcmp(data, BOM, 3) == 0)
		d.p += 3;
	if (read_cues(&d, is) != 0)
		goto out;
	cues = arena_array(a, d.n, sizeof(*cues));
	if (d.n > 0)
		memcpy(cues, d.cues, d.n * sizeof(*cues));
	*out = (struct captions){ .format = is, .cues = cues, .n = d.n };
	rc = 0;
out:
	buf_release(&d.text);
	free(d.cues);
	return rc;
}
