/* WebVTT: https://www.w3.org/TR/webvtt1/ */
#include <ctype.h>
#include <string.h>
#include <stdlib.h>

#include "text/captions_int.h"
#include "text/utf8.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- the text of a cue (§4.2.2) ---- */

/* A cue while its text is taken apart. */
struct voice {
	struct captions_draft *d;
	struct caption cue;
	struct buf out;		/* the text since the last change of voices */
};

/* A character by its number: &#39; or &#x27;. s ends with a NUL. Bytes taken,
 * 0: it is none. */
static size_t
numbered(const char *s, struct buf *out)
{
	bool hex = s[2] == 'x' || s[2] == 'X';
	const char *p = s + (hex ? 3 : 2);
	unsigned long c;
	char *end;

	if (!isxdigit((unsigned char)*p))
		return 0;
	c = strtoul(p, &end, hex ? 16 : 10);
	if (*end != ';' || c == 0 || c > 0x10ffff ||
	    (c >= 0xd800 && c < 0xe000))
		return 0;
	utf8_put(out, (int32_t)c);
	return (size_t)(end - s) + 1;
}

/* What an & begins: the character, or the & itself. Bytes taken. */
static size_t
reference(const char *s, size_t len, struct buf *out)
{
	static const struct {
		const char *name, *text;
	} names[] = {
		{ "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" },
		{ "&quot;", "\"" }, { "&apos;", "'" },
		{ "&nbsp;", "\xc2\xa0" }, { "&lrm;", "\xe2\x80\x8e" },
		{ "&rlm;", "\xe2\x80\x8f" },
	};
	size_t i, n;

	for (i = 0; i < COUNT(names); i++) {
		n = strlen(names[i].name);
		if (n <= len && memcmp(s, names[i].name, n) == 0) {
			buf_adds(out, names[i].text);
			return n;
		}
	}
	n = len > 1 && s[1] == '#' ? numbered(s, out) : 0;
	if (n > 0)
		return n;
	buf_addc(out, '&');
	return 1;
}

/* The end of one voice: what it said becomes a cue. */
static int
voice_ends(struct voice *v)
{
	int rc = captions_add(v->d, v->cue, v->out.data, v->out.len, true);

	buf_clear(&v->out);
	return rc;
}

/* The name in <v.class Name>: s is behind the v. NULL: there is none. */
static const char *
name_in(struct voice *v, const char *s, size_t len)
{
	struct buf name;
	const char *out;
	size_t i = 0;

	while (i < len && strchr(" \t\n", s[i]) == NULL)
		i++;
	buf_init(&name, 0);
	while (i < len) {
		if (strchr(" \t\n", s[i]) != NULL) {
			if (name.len > 0 && name.data[name.len - 1] != ' ')
				buf_addc(&name, ' ');
			i++;
		} else if (s[i] == '&') {
			i += reference(s + i, len - i, &name);
		} else {
			buf_addc(&name, s[i++]);
		}
	}
	buf_rtrim(&name);
	out = name.len == 0 ? NULL :
	    arena_strndup(v->d->a, name.data, name.len);
	buf_release(&name);
	return out;
}

/* Whether the inside of <...> is a tag of WebVTT or a time. */
static bool
is_tag(const char *s, size_t len)
{
	static const char *const tags[] = { "c", "i", "b", "u", "v", "ruby",
		"rt", "lang" };
	size_t i, n = 0;

	if (len > 0 && isdigit((unsigned char)*s))
		return memchr(s, ':', len) != NULL;
	if (len > 0 && *s == '/') {
		s++;
		len--;
	}
	while (n < len && strchr(". \t\n", s[n]) == NULL)
		n++;
	for (i = 0; i < COUNT(tags); i++)
		if (strlen(tags[i]) == n && memcmp(tags[i], s, n) == 0)
			return true;
	/* <> and </> are tags, too. */
	return n == 0 && len == 0;
}

/* The tag at s, which ends at end. */
static int
tag(struct voice *v, const char *s, const char *end)
{
	size_t len = (size_t)(end - s) - 1;

	if (!is_tag(s + 1, len)) {
		buf_add(&v->out, s, len + 2);
		return 0;
	}
	if (len >= 2 && memcmp(s + 1, "/v", 2) == 0) {
		if (voice_ends(v) != 0)
			return -1;
		v->cue.speaker = NULL;
	} else if (len >= 1 && s[1] == 'v') {
		if (voice_ends(v) != 0)
			return -1;
		v->cue.speaker = name_in(v, s + 2, len - 1);
	}
	return 0;
}

static int
take_text(struct voice *v, const char *s, size_t len)
{
	const char *end = s + len, *close;

	while (s < end) {
		if (*s == '&') {
			s += reference(s, (size_t)(end - s), &v->out);
		} else if (*s == '<') {
			close = memchr(s, '>', (size_t)(end - s));
			if (close == NULL)
				return captions_wrong(v->d, v->cue.line,
				    "the text has a '<' that no '>' follows; "
				    "write &lt;");
			if (tag(v, s, close) != 0)
				return -1;
			s = close + 1;
		} else {
			buf_addc(&v->out, *s++);
		}
	}
	return voice_ends(v);
}

/* ---- blocks (§4.1) ---- */

static bool
is_word(const struct captions_line *l, const char *word)
{
	size_t n = strlen(word);

	return l->len >= n && memcmp(l->s, word, n) == 0 &&
	    (l->len == n || l->s[n] == ' ' || l->s[n] == '\t');
}

/* Goes to the next blank line, or to one with times; out (may be NULL) gets
 * what is passed. An empty line ends a block, not one of blanks. */
static void
pass_block(struct captions_draft *d, struct buf *out)
{
	struct captions_line l;

	while (captions_peek(d, &l) && l.len > 0 && !captions_is_time(&l)) {
		captions_take(d, &l);
		if (out != NULL) {
			buf_add(out, l.s, l.len);
			buf_addc(out, '\n');
		}
	}
}

/* The line of times was taken. */
static int
take_cue(struct captions_draft *d, const struct captions_line *l)
{
	struct voice v = { .d = d, .cue = { .line = d->line } };
	int rc;

	if (captions_times(d, l, ".", false, &v.cue.start_ms,
	    &v.cue.end_ms) != 0)
		return -1;
	buf_clear(&d->text);
	pass_block(d, &d->text);
	buf_init(&v.out, 0);
	rc = take_text(&v, d->text.data, d->text.len);
	buf_release(&v.out);
	return rc;
}

/* A block that does not begin with its times: a comment or the like, or a cue
 * with a name. */
static int
take_named(struct captions_draft *d, const struct captions_line *first)
{
	struct captions_line l;
	unsigned line = d->line;

	if (is_word(first, "NOTE") || (d->n == 0 &&
	    (is_word(first, "STYLE") || is_word(first, "REGION")))) {
		pass_block(d, NULL);
		return 0;
	}
	if (captions_peek(d, &l) && captions_is_time(&l)) {
		captions_take(d, &l);
		return take_cue(d, &l);
	}
	return captions_wrong(d, line, "this text has no times, and players "
	    "pass over it; a blank line inside a cue ends it, and a comment "
	    "begins with NOTE");
}

int
captions_vtt(struct captions_draft *d)
{
	struct captions_line l;
	int rc;

	captions_take(d, &l);
	if (!is_word(&l, "WEBVTT"))
		return captions_wrong(d, 1,
		    "the first line of WebVTT is WEBVTT");
	pass_block(d, NULL);
	while (captions_take(d, &l)) {
		if (captions_blank(&l))
			continue;
		rc = captions_is_time(&l) ? take_cue(d, &l) :
		    take_named(d, &l);
		if (rc != 0)
			return -1;
	}
	return 0;
}
