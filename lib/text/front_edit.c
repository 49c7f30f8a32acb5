#include "text/front_edit.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "text/front_write.h"

/* Between the reading and the writing. */
struct edit {
	const char *text;
	size_t len;
	const struct front *front;
	const char *base;	/* where the language begins: nodes count from
				 * it */
	const char *end;	/* and ends */
	const char *value;
	struct buf *out;
};

static void
begin(struct edit *e, const char *text, size_t len, const struct front *f,
    const char *value, struct buf *out)
{
	e->text = text;
	e->len = len;
	e->front = f;
	e->base = text + f->map_offset;
	e->end = e->base + f->map_len;
	e->value = value;
	e->out = out;
}

static int
refuse(unsigned line, const char *what, struct err *err)
{
	err_set(err, ERR_INPUT, "%s", what);
	err->line = line;
	return -1;
}

/* What can be written in every language without a thought of escapes. */
static bool
is_writable(const char *value)
{
	const char *p = value;

	while (isalnum((unsigned char)*p) || (*p != '\0' &&
	    strchr(".:/+-_", *p) != NULL))
		p++;
	return p > value && *p == '\0' &&
	    (size_t)(p - value) <= FRONT_EDIT_VALUE_MAX;
}

/* 12, 12.5 */
static bool
is_number(const char *s)
{
	size_t n = strspn(s, "0123456789");

	if (n == 0 || (n > 1 && s[0] == '0'))
		return false;
	if (s[n] == '.' && isdigit((unsigned char)s[n + 1]))
		n += 1 + strspn(s + n + 1, "0123456789");
	return s[n] == '\0';
}

/* 00:29:01 is a time of day to TOML, and stands there without quotes. */
static bool
is_time(const char *s)
{
	size_t i;

	for (i = 0; i < 8; i++)
		if (i % 3 == 2 ? s[i] != ':' : !isdigit((unsigned char)s[i]))
			return false;
	return s[8] == '\0' || s[8] == '.';
}

/* ---- the proof ---- */

struct proof {
	const struct node *at;		/* its value is new */
	const struct node *map;		/* it has a new child */
	const char *key, *value;
};

static bool is_same(const struct proof *p, const struct node *was,
    const struct node *is);

static bool
is_new(const struct proof *p, const struct node *n)
{
	return n != NULL && n->kind == NODE_TEXT &&
	    strcmp(n->text, p->value) == 0;
}

/* The children of both; in a map that has a new one, that is passed over. */
static bool
are_same(const struct proof *p, const struct node *was, const struct node *is)
{
	const struct node *a = was->first, *b = is->first;
	bool wanted = was == p->map;

	while (a != NULL || b != NULL) {
		if (wanted && b != NULL && strcmp(b->key, p->key) == 0) {
			if (!is_new(p, b))
				return false;
			wanted = false;
			b = b->next;
			continue;
		}
		if (a == NULL || b == NULL || !is_same(p, a, b))
			return false;
		a = a->next;
		b = b->next;
	}
	return !wanted;
}

static bool
is_same(const struct proof *p, const struct node *was, const struct node *is)
{
	if ((was->key == NULL) != (is->key == NULL) ||
	    (was->key != NULL && strcmp(was->key, is->key) != 0))
		return false;
	if (was == p->at)
		return is_new(p, is);
	if (was->kind != is->kind)
		return false;
	switch (was->kind) {
	case NODE_TEXT:
		return was->quoted == is->quoted &&
		    strcmp(was->text, is->text) == 0;
	case NODE_BOOL:
		return was->flag == is->flag;
	case NODE_LIST:
	case NODE_MAP:
		return are_same(p, was, is);
	case NODE_NULL:
		break;
	}
	return true;
}

static int
prove(const struct edit *e, const struct proof *p, unsigned line,
    struct err *err)
{
	const char *notes = e->text + e->front->body_offset;
	size_t rest = e->len - e->front->body_offset;
	struct arena scratch = ARENA_INIT;
	struct err ignored = ERR_INIT;
	struct front again;
	bool good;

	good = buf_check(e->out, "the new text", err) == 0 &&
	    front_read(&scratch, e->out->data, e->out->len, &again,
	    &ignored) == 0 && is_same(p, e->front->map, again.map) &&
	    e->out->len - again.body_offset == rest &&
	    memcmp(e->out->data + again.body_offset, notes, rest) == 0;
	arena_release(&scratch);
	if (good)
		return 0;
	buf_truncate(e->out, 0);
	return refuse(line, "the front matter is written in a way that "
	    "cannot be changed without changing more; write the value by "
	    "hand", err);
}

/* ---- values ---- */

/* was: the old text without quotes; NULL: there was none. `0:20` without
 * quotes is a number to some readers of YAML: only where it was so before. */
static void
add_plain(const struct edit *e, const char *was)
{
	enum front_language in = e->front->language;

	if (is_number(e->value) || (was != NULL && ((in == FRONT_YAML &&
	    strchr(was, ':') != NULL) ||
	    (in == FRONT_TOML && is_time(was) && is_time(e->value)))))
		buf_adds(e->out, e->value);
	else if (in == FRONT_YAML)
		front_write_text(e->out, e->value);
	else
		buf_addf(e->out, "\"%s\"", e->value);
}

int
front_edit_value(const char *text, size_t len, const struct front *f,
    const struct node *at, const char *value, struct buf *out,
    struct err *err)
{
	struct proof p = { .at = at, .value = value };
	const char *from, *to;
	struct edit e;

	begin(&e, text, len, f, value, out);
	from = e.base + at->from;
	to = e.base + at->to;
	if (!is_writable(value))
		return refuse(at->line, "the new value has a character that "
		    "is not written here", err);
	if (at->kind == NODE_LIST || at->kind == NODE_MAP)
		return refuse(at->line, "the value to be replaced is a list "
		    "or map; write one plain value", err);
	if (at->to < at->from || to > e.end ||
	    memchr(from, '\n', (size_t)(to - from)) != NULL)
		return refuse(at->line, "the value to be replaced goes over "
		    "several lines; write it on one", err);
	buf_add(out, text, (size_t)(from - text));
	if (from < to && (*from == '"' || *from == '\'')) {
		buf_addc(out, *from);
		buf_adds(out, value);
		buf_addc(out, *from);
	} else {
		if (from == to)		/* `key:` */
			buf_addc(out, ' ');
		add_plain(&e, at->kind == NODE_TEXT ? at->text : NULL);
	}
	buf_add(out, to, (size_t)(text + len - to));
	return prove(&e, &p, at->line, err);
}

/* ---- new keys ---- */

/* The end of a node's value; of a block that of what is in it. */
static size_t
end_of(const struct node *n)
{
	const struct node *child;
	size_t end = n->to, last;

	if (n->to == 0)
		for (child = n->first; child != NULL; child = child->next) {
			last = end_of(child);
			if (last > end)
				end = last;
		}
	return end;
}

static const char *
line_begin(const struct edit *e, const char *p)
{
	while (p > e->base && p[-1] != '\n')
		p--;
	return p;
}

/* Behind the line that p is on, its line end included. */
static const char *
line_end(const struct edit *e, const char *p)
{
	const char *nl = memchr(p, '\n', (size_t)(e->end - p));

	return nl == NULL ? e->end : nl + 1;
}

/* CRLF where the line before `at` has it. */
static const char *
eol_at(const struct edit *e, const char *at)
{
	return at - e->text > 1 && at[-1] == '\n' && at[-2] == '\r' ?
	    "\r\n" : "\n";
}

/* How the entry beside the new one is written. */
struct style {
	char quote;		/* of its key; 0: none */
	size_t key_len;		/* without quotes */
	const char *gap;	/* from its key to its value */
	size_t gap_len;		/* 0: nothing that can be copied */
};

/* Whether there are but blanks and one `:` or `=`. */
static bool
is_gap(const char *p, const char *to)
{
	size_t marks = 0;

	for (; p < to && strchr(" \t:=", *p) != NULL; p++)
		marks += *p == ':' || *p == '=';
	return p == to && marks == 1;
}

static struct style
style_of(const struct edit *e, const struct node *n)
{
	const char *p = e->base + n->key_at, *to = e->base + n->from;
	struct style s = { 0 };
	const char *key;

	if (*p == '"' || *p == '\'')
		s.quote = *p++;
	key = p;
	while (p < to && (s.quote != 0 ? *p != s.quote :
	    strchr(" \t:=", *p) == NULL))
		p++;
	s.key_len = (size_t)(p - key);
	p += p < to && s.quote != 0;
	s.gap = p;
	/* YAML's `key:` without a value. */
	if (is_gap(p, to) && (e->front->language != FRONT_YAML ||
	    to[-1] != ':' || s.quote != 0))
		s.gap_len = (size_t)(to - p);
	return s;
}

/* The key and what stands between it and the value; blanks that bring values
 * below each other go on doing so. */
static void
add_key(const struct edit *e, const struct style *s, const char *key)
{
	size_t i, run, len = strlen(key);
	bool done = false;

	if (s->quote != 0)
		buf_addc(e->out, s->quote);
	buf_adds(e->out, key);
	if (s->quote != 0)
		buf_addc(e->out, s->quote);
	if (s->gap_len == 0)
		buf_adds(e->out, e->front->language == FRONT_TOML ? " = " :
		    ": ");
	for (i = 0; i < s->gap_len; i += run) {
		for (run = 0; i + run < s->gap_len && s->gap[i + run] == ' ';)
			run++;
		if (run < 2 || done) {
			run = run == 0 ? 1 : run;
			buf_add(e->out, s->gap + i, run);
			continue;
		}
		done = true;
		buf_addf(e->out, "%*s", run + s->key_len > len + 1 ?
		    (int)(run + s->key_len - len) : 1, "");
	}
}

static bool
is_blank(const char *p, const char *end)
{
	while (p < end && strchr(" \t\r\n", *p) != NULL)
		p++;
	return p == end;
}

/* What stands before an entry between brackets: blanks, or a line's end and
 * the blanks of the next. */
static void
add_flow_gap(const struct edit *e, const struct node *behind,
    const struct style *s)
{
	const struct node *from = behind->next != NULL ? behind->next :
	    behind;
	const char *to = e->base + from->key_at, *p = to;

	while (p > e->base && strchr(" \t\r\n", p[-1]) != NULL)
		p--;
	if (p > e->base && (p[-1] == ',' || (p[-1] == '{' &&
	    memchr(p, '\n', (size_t)(to - p)) != NULL)) && is_blank(p, to))
		buf_add(e->out, p, (size_t)(to - p));
	else if (s->gap_len == 0 || s->gap[s->gap_len - 1] == ' ')
		buf_addc(e->out, ' ');
}

static void
add_in_flow(const struct edit *e, const struct node *behind, const char *key)
{
	const char *at = e->base + end_of(behind);
	struct style s = style_of(e, behind);

	buf_add(e->out, e->text, (size_t)(at - e->text));
	buf_addc(e->out, ',');
	add_flow_gap(e, behind, &s);
	add_key(e, &s, key);
	add_plain(e, NULL);
	buf_add(e->out, at, (size_t)(e->text + e->len - at));
}

/* What stands before the key on its line stands before the new one too: blanks,
 * or the first parts of TOML's a.b.c; the dash of a list is not repeated. */
static void
add_on_line(const struct edit *e, const struct node *behind, const char *key)
{
	size_t end = end_of(behind);
	const char *at = e->base + end, *p;
	const char *to = e->base + behind->key_at;
	struct style s = style_of(e, behind);

	if (end == 0 || at[-1] != '\n')
		at = line_end(e, at);
	buf_add(e->out, e->text, (size_t)(at - e->text));
	for (p = line_begin(e, to); p < to; p++)
		buf_addc(e->out, e->front->language == FRONT_YAML &&
		    *p != '\t' ? ' ' : *p);
	add_key(e, &s, key);
	add_plain(e, NULL);
	buf_adds(e->out, eol_at(e, at));
	buf_add(e->out, at, (size_t)(e->text + e->len - at));
}

/* Into a map without entries, or before the first [table]. */
static void
add_first(const struct edit *e, const char *key)
{
	bool json = e->front->language == FRONT_JSON;
	const char *at = json || e->base == e->end ? e->base : e->end;
	struct style s = { .quote = json ? '"' : 0 };

	if (e->front->language == FRONT_TOML)
		at = e->base;
	at += json;
	buf_add(e->out, e->text, (size_t)(at - e->text));
	add_key(e, &s, key);
	add_plain(e, NULL);
	if (!json)
		buf_adds(e->out, eol_at(e, at));
	buf_add(e->out, at, (size_t)(e->text + e->len - at));
}

static bool
is_header(const struct edit *e, const struct node *n)
{
	const char *p = line_begin(e, e->base + n->key_at);

	return p[strspn(p, " \t")] == '[';
}

static const struct node *
last_of(const struct edit *e, const struct node *map)
{
	const struct node *n, *last = NULL;

	if (e->front->language != FRONT_TOML || map != e->front->map)
		return map->last;
	for (n = map->first; n != NULL && !is_header(e, n); n = n->next)
		last = n;
	return last;
}

int
front_edit_add(const char *text, size_t len, const struct front *f,
    const struct node *map, const struct node *behind, const char *key,
    const char *value, struct buf *out, struct err *err)
{
	struct proof p = { .map = map, .key = key, .value = value };
	unsigned line = map->line > 0 ? map->line : f->line;
	struct edit e;
	bool flow;

	begin(&e, text, len, f, value, out);
	if (!is_writable(value) || !is_writable(key))
		return refuse(line, "the new value has a character that is "
		    "not written here", err);
	if (f->language == FRONT_NONE)
		return refuse(f->body_line, "there is no front matter", err);
	flow = f->language == FRONT_JSON ||
	    ((map != f->map || f->language == FRONT_YAML) &&
	    map->from < f->map_len && e.base[map->from] == '{');
	if (behind == NULL)
		behind = last_of(&e, map);
	if (behind == NULL && map != f->map)
		return refuse(line, "the map has no entry to which the value "
		    "could be put; write it by hand", err);
	if (behind == NULL)
		add_first(&e, key);
	else if (flow)
		add_in_flow(&e, behind, key);
	else
		add_on_line(&e, behind, key);
	return prove(&e, &p, line, err);
}
