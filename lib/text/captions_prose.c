#include "text/captions_prose.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "text/html.h"
#include "text/language.h"
#include "text/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SENTENCE_MS 20000
#define PARAGRAPH_MS 30000

/* Where the last character of a text begins. */
static size_t
last_at(const char *s, size_t len)
{
	while (len > 0 && ((unsigned char)s[--len] & 0xc0) == 0x80)
		;
	return len;
}

/* A script without blanks between words. Korean has them, and so have Thai and
 * Lao between sentences. */
static bool
is_dense(int32_t c)
{
	return (c >= 0x2e80 && c < 0xac00 && !(c >= 0x3130 && c < 0x3190)) ||
	    (c >= 0xf900 && c < 0xfb00) || (c >= 0xff01 && c < 0xff61) ||
	    (c >= 0x20000 && c < 0x40000);
}

static bool
is_joined(const struct buf *text, const char *next)
{
	size_t at = last_at(text->data, text->len);
	int32_t before, after;

	if (*next == '\0')
		return false;
	(void)utf8_next(text->data + at, text->len - at, &before);
	(void)utf8_next(next, strlen(next), &after);
	return is_dense(before) && is_dense(after);
}

/* Adds words; what is blank becomes one blank. */
static void
add_words(struct buf *text, const char *s)
{
	size_t n;

	for (;;) {
		s += strspn(s, " \t\r\n");
		n = strcspn(s, " \t\r\n");
		if (n == 0)
			return;
		if (text->len > 0 && !is_joined(text, s))
			buf_addc(text, ' ');
		buf_add(text, s, n);
		s += n;
	}
}

static bool
ends_sentence(const struct buf *text)
{
	static const char *const ends[] = { ".", "?", "!", "\xe2\x80\xa6",
		"\xe3\x80\x82", "\xef\xbc\x9f", "\xef\xbc\x81", "\xd8\x9f",
		"\xdb\x94", "\xe0\xa5\xa4" };
	static const char *const behind[] = { "\"", "'", ")", "\xe2\x80\x9d",
		"\xe2\x80\x9c", "\xc2\xab", "\xc2\xbb", "\xe3\x80\x8d" };
	size_t len = text->len, i, n;

	for (i = 0; i < COUNT(behind); i++) {
		n = strlen(behind[i]);
		if (len > n && memcmp(text->data + len - n, behind[i],
		    n) == 0) {
			len -= n;
			break;
		}
	}
	for (i = 0; i < COUNT(ends); i++) {
		n = strlen(ends[i]);
		if (len >= n && memcmp(text->data + len - n, ends[i], n) == 0)
			return true;
	}
	return false;
}

struct joining {
	struct arena *a;
	struct captions_paragraph *list;
	size_t n;
	struct buf text;	/* of the last paragraph */
	const char *speaker;	/* who has spoken last; NULL: not known */
};

static bool
begins(const struct joining *j, const struct caption *cue)
{
	int64_t since;

	if (j->n == 0 || (cue->speaker != NULL && (j->speaker == NULL ||
	    strcmp(cue->speaker, j->speaker) != 0)))
		return true;
	since = cue->start_ms - j->list[j->n - 1].start_ms;
	return since >= PARAGRAPH_MS ||
	    (since >= SENTENCE_MS && ends_sentence(&j->text));
}

static void
settle(struct joining *j)
{
	if (j->n > 0)
		j->list[j->n - 1].text = arena_strndup(j->a, j->text.data,
		    j->text.len);
	buf_clear(&j->text);
}

size_t
captions_paragraphs(struct arena *a, const struct captions *c,
    struct captions_paragraph **out)
{
	struct joining j = { .a = a };
	const struct caption *cue;
	bool other;
	size_t i;

	j.list = arena_array(a, c->n, sizeof(*j.list));
	buf_init(&j.text, 0);
	for (i = 0; i < c->n; i++) {
		cue = &c->cues[i];
		if (begins(&j, cue)) {
			settle(&j);
			other = cue->speaker != NULL && (j.speaker == NULL ||
			    strcmp(cue->speaker, j.speaker) != 0);
			j.list[j.n++] = (struct captions_paragraph){
			    .start_ms = cue->start_ms,
			    .speaker = other ? cue->speaker : NULL };
		}
		if (cue->speaker != NULL)
			j.speaker = cue->speaker;
		add_words(&j.text, cue->text);
	}
	settle(&j);
	buf_release(&j.text);
	*out = j.list;
	return j.n;
}

static void
escaped(struct buf *out, const char *s)
{
	markup_escape(out, s, strlen(s));
}

void
captions_html(const struct captions *c, const char *title,
    const char *language, struct buf *out)
{
	struct arena a = ARENA_INIT;
	struct captions_paragraph *p;
	size_t n = captions_paragraphs(&a, c, &p), i;
	char time[DATE_TEXT_MAX];

	buf_adds(out, "<!DOCTYPE html>\n<html lang=\"");
	escaped(out, language);
	buf_addf(out, "\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
	    language_is_rtl(language) ? "rtl" : "ltr");
	escaped(out, title);
	buf_adds(out, "</title>\n</head>\n<body>\n");
	for (i = 0; i < n; i++) {
		if (p[i].speaker != NULL) {
			buf_adds(out, "<cite>");
			escaped(out, p[i].speaker);
			buf_adds(out, ":</cite>\n");
		}
		date_duration(p[i].start_ms / 1000, time);
		buf_addf(out, "<time>%s</time>\n<p>", time);
		escaped(out, p[i].text);
		buf_adds(out, "</p>\n");
	}
	buf_adds(out, "</body>\n</html>\n");
	arena_release(&a);
}

void
captions_plain(const struct captions *c, struct buf *out)
{
	struct arena a = ARENA_INIT;
	struct captions_paragraph *p;
	size_t n = captions_paragraphs(&a, c, &p), i;

	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(out, '\n');
		if (p[i].speaker != NULL) {
			buf_adds(out, p[i].speaker);
			buf_adds(out, ": ");
		}
		buf_adds(out, p[i].text);
		buf_addc(out, '\n');
	}
	arena_release(&a);
}
