#include "text/shortcode_int.h"

#include <stdio.h>
#include <string.h>

static const char *
find_bytes(const char *p, const char *end, const char *text)
{
	return end > p ? memmem(p, (size_t)(end - p), text, strlen(text)) :
	    NULL;
}

/* The ">}}" or "%}}" that closes the tag at p, outside of its quotes. */
static const char *
tag_end(const char *p, const char *end)
{
	const char *close = p[2] == '<' ? ">}}" : "%}}";
	char quote = '\0';

	if (end - p > TAG_LEN_MAX)
		end = p + TAG_LEN_MAX;
	for (p += 3; end - p >= 3; p++) {
		if (quote != '\0') {
			if (*p == '\\' && quote == '"')
				p++;
			else if (*p == quote)
				quote = '\0';
		} else if (*p == '"' || *p == '`') {
			quote = *p;
		} else if (memcmp(p, close, 3) == 0) {
			return p;
		}
	}
	return NULL;
}

static const char *
skip_spaces(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	return p;
}

/* Behind the closing tag of name at p ("{{"), or NULL. */
static const char *
close_at(const char *p, const char *end, const char *name)
{
	size_t n = strlen(name);
	const char *q = p + 3;
	char mark;

	if (q >= end || (p[2] != '<' && p[2] != '%'))
		return NULL;
	mark = p[2] == '<' ? '>' : '%';
	q = skip_spaces(q, end);
	if (q == end || *q != '/')
		return NULL;
	q = skip_spaces(q + 1, end);
	if ((size_t)(end - q) < n + 3 || memcmp(q, name, n) != 0)
		return NULL;
	q = skip_spaces(q + n, end);
	return end - q >= 3 && *q == mark && q[1] == '}' && q[2] == '}' ?
	    q + 3 : NULL;
}

/* The closing tag of name behind p: its start, and *after behind it. */
static const char *
find_close(const char *p, const char *end, const char *name,
    const char **after)
{
	for (; (p = find_bytes(p, end, "{{")) != NULL; p += 2)
		if ((*after = close_at(p, end, name)) != NULL)
			return p;
	return NULL;
}

/* highlight and comment: with what they hold. */
static bool
take_pair(struct walk *w, const struct tag *t, const char *from)
{
	bool comment = strcmp(t->name, "comment") == 0;
	unsigned bit = comment ? NO_END_COMMENT << 8 : NO_END_HIGHLIGHT << 8;
	const char *close, *after;

	if (!comment && !shortcode_among("highlight|code|codeblock", t->name))
		return false;
	if (w->no_end & bit)
		return false;
	close = find_close(from, w->end, t->name, &after);
	if (close == NULL) {
		if (shortcode_among("highlight|comment", t->name))
			w->no_end |= bit;
		else
			w->failures++;
		return false;
	}
	walk_skip(w, after);
	if (!comment)
		shortcode_code(w, t, from, (size_t)(close - from));
	return true;
}

/* "{{</" "* … *" "/>}}" shows a shortcode: the text of it stays. */
static void
take_escaped(struct walk *w, const char *close)
{
	const char *from = w->p + 3, *to = close;
	char mark = w->p[2];

	from += *from == '/' ? 2 : 0;
	if (to - from >= 2 && to[-1] == '/' && to[-2] == '*')
		to -= 2;
	walk_skip(w, close + 3);
	buf_addf(w->out, "{{%s", mark == '<' ? "\\<" : "%");
	for (; from < to; from++) {
		if (strchr("\\`*_[]<&", *from) != NULL)
			buf_addc(w->out, '\\');
		buf_addc(w->out, *from);
	}
	buf_addf(w->out, "%c}}", mark == '<' ? '>' : '%');
}

static bool
go_comment(struct walk *w)
{
	const char *close = w->no_end & NO_END_GO_COMMENT ? NULL :
	    find_bytes(w->p, w->end, "*/}}");

	if (close == NULL) {
		w->no_end |= NO_END_GO_COMMENT;
		return false;
	}
	walk_skip(w, close + 4);
	return true;
}

bool
shortcode_hugo(struct walk *w)
{
	const char *from = w->p, *close;
	char written[TAG_NAME_MAX + 16];
	struct tag t;

	if (from[2] == '/')
		return go_comment(w);
	close = w->failures > FAILURES_MAX ? NULL : tag_end(from, w->end);
	if (close == NULL) {
		if (w->failures++ < FAILURES_MAX)
			walk_tell(w, "`%.3s` is not closed by `%c}}`: it is "
			    "taken as text", from, from[2] == '<' ? '>' : '%');
		return false;
	}
	if (close - from >= 5 && from[3] == '/' && from[4] == '*') {
		take_escaped(w, close);
		return true;
	}
	shortcode_parse(&t, from + 3, (size_t)(close - from - 3), &w->arena);
	if (t.name[0] == '\0')
		return false;	/* of shortcodes in general: {{< >}} */
	if (!t.closing && take_pair(w, &t, close + 3))
		return true;
	snprintf(written, sizeof(written), "{{%c %s %c}}", from[2], t.name,
	    close[0]);
	/* Told with the line the tag begins in, before going on. */
	w->p = close + 3;
	if (!t.closing)
		shortcode_render(w, &t, written);
	for (; from < close; from++)
		w->line += *from == '\n';
	return true;
}
