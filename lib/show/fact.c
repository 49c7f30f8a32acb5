#include "show/fact.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/url.h"
#include "text/utf8.h"

void
fact_complain(const struct fact_source *s, const char *file, unsigned line,
    const char *rule, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	finding_add(s->to, SEV_ERROR, rule, file, line, "%s", text);
}

static const char *
node_words(const struct fact_source *s, const char *key, const struct node *n)
{
	switch (n->kind) {
	case NODE_TEXT:
		return n->text;
	case NODE_BOOL:
		return n->flag ? "true" : "false";
	case NODE_LIST:
	case NODE_MAP:
		fact_complain(s, s->file, n->line, "episode-value",
		    "`%s` wants one plain value, not a list or map", key);
		return NULL;
	case NODE_NULL:
		break;
	}
	return NULL;
}

static struct fact
find(const struct fact_source *s, const char *key)
{
	const struct node *n = node_get(s->front, key);
	struct fact f = { NULL, s->file, 0, false };

	if (n != NULL && n->kind != NODE_NULL) {
		f.text = node_words(s, key, n);
		f.line = n->line;
		f.bad = f.text == NULL;
	} else if (s->row != NULL) {
		f.text = table_value(s->table, s->row, key);
		f.file = s->table->file;
		f.line = s->row->line;
	}
	return f;
}

const struct node *
fact_node(const struct fact_source *s, const char *key)
{
	const struct node *n = node_get(s->front, key);

	return n == NULL || n->kind == NODE_NULL ? NULL : n;
}

/* Blanks around a value were not meant. */
static char *
trimmed(struct arena *a, const char *s)
{
	size_t len;

	while (isspace((unsigned char)*s))
		s++;
	for (len = strlen(s); len > 0 && isspace((unsigned char)s[len - 1]);
	    len--)
		;
	return arena_strndup(a, s, len);
}

struct fact
fact_get(const struct fact_source *s, const char *key)
{
	struct fact f = find(s, key);

	if (f.text == NULL)
		return f;
	if (strpbrk(f.text, "\r\n") != NULL &&
	    strpbrk(trimmed(&s->show->arena, f.text), "\r\n") != NULL) {
		fact_complain(s, f.file, f.line, "episode-line-break",
		    "there is a line break in `%s`", key);
		f.text = NULL;
		f.bad = true;
		return f;
	}
	f.text = trimmed(&s->show->arena, f.text);
	if (utf8_has_control(f.text, strlen(f.text), false)) {
		fact_complain(s, f.file, f.line, "episode-control",
		    "there is a control character in `%s`", key);
		f.text = NULL;
		f.bad = true;
	} else if (f.text[0] == '\0') {
		f.text = NULL;
	}
	return f;
}

struct fact
fact_get_prose(const struct fact_source *s, const char *key)
{
	struct fact f = find(s, key);
	char *text, *to;
	const char *p;

	if (f.text == NULL)
		return f;
	text = trimmed(&s->show->arena, f.text);
	for (p = to = text; *p != '\0'; p++) {
		if (!isspace((unsigned char)*p))
			*to++ = *p;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
	if (utf8_has_control(text, strlen(text), false)) {
		fact_complain(s, f.file, f.line, "episode-control",
		    "there is a control character in `%s`", key);
		text = NULL;
		f.bad = true;
	}
	f.text = text != NULL && text[0] != '\0' ? text : NULL;
	return f;
}

const char *
fact_url(const struct fact_source *s, const char *key)
{
	struct fact f = fact_get(s, key);
	struct err err = ERR_INIT;

	if (f.text == NULL || url_check(f.text, &err) == 0)
		return f.text;
	fact_complain(s, f.file, f.line, "episode-url", "`%s: %s` is no "
	    "address: %s", key, f.text, err.msg);
	return NULL;
}

int64_t
fact_number(const struct fact_source *s, const char *key, int64_t min,
    int64_t otherwise)
{
	struct fact f = fact_get(s, key);
	char *end;
	long long v;

	if (f.text == NULL)
		return otherwise;
	v = strtoll(f.text, &end, 10);
	if (isdigit((unsigned char)f.text[0]) && *end == '\0' &&
	    strlen(f.text) <= 15 && v >= min)
		return v;
	fact_complain(s, f.file, f.line, "episode-number", "`%s: %s` is no "
	    "whole number from %lld on", key, f.text, (long long)min);
	return otherwise;
}

bool
fact_bool(const struct fact_source *s, const char *key, bool otherwise)
{
	struct fact f = fact_get(s, key);

	if (f.text == NULL)
		return otherwise;
	if (strcasecmp(f.text, "true") == 0 || strcasecmp(f.text, "yes") == 0)
		return true;
	if (strcasecmp(f.text, "false") == 0 ||
	    strcasecmp(f.text, "no") == 0 || strcasecmp(f.text, "clean") == 0)
		return false;
	fact_complain(s, f.file, f.line, "episode-bool",
	    "`%s: %s` must be true or false", key, f.text);
	return otherwise;
}

const char *
fact_inner(const struct fact_source *s, const struct node *map,
    const char *name, const char *key)
{
	struct fact_source inner = *s;
	struct err err = ERR_INIT;
	struct fact f;

	inner.front = map;
	inner.row = NULL;
	f = fact_get_prose(&inner, key);
	if (f.text != NULL && strcmp(key, "url") == 0 &&
	    url_check(f.text, &err) != 0) {
		fact_complain(s, s->file, node_get(map, key)->line,
		    "episode-url", "`%s.%s: %s` is no address: %s", name, key,
		    f.text, err.msg);
		return NULL;
	}
	return f.text;
}
