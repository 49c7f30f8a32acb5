#include "show/fact.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/url.h"
#include "text/utf8.h"
#include "text/xml.h"

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

void
fact_doubt(const struct fact_source *s, const struct fact *f,
    const char *rule, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	finding_add(s->to, s->fields->site ? SEV_WARNING : SEV_ERROR, rule,
	    f->file, f->line, "%s%s", text, s->fields->site ?
	    "; it counts as not said" : "");
}

void
fact_told(const struct fact_source *s, const char *name, const char *origin,
    const char *text, unsigned line)
{
	struct fact f = { text, s->file, line, false, origin, name };

	if (s->trace != NULL && text != NULL)
		s->trace(s->trace_ctx, name, &f);
}

/* As it was understood. */
static void
fact_told_at(const struct fact_source *s, const char *name,
    const struct fact *f, int64_t n)
{
	struct fact told = *f;

	told.text = arena_printf(&s->show->arena, "%lld", (long long)n);
	s->trace(s->trace_ctx, name, &told);
}

static const char *
node_words(const struct fact_source *s, const char *key, const struct node *n)
{
	const char *text = node_plain(n);

	if (text == NULL && n->kind != NODE_NULL)
		fact_complain(s, s->file, n->line, "episode-value",
		    "`%s` wants one plain value, not a list or map", key);
	return text;
}

const struct node *
fact_node(const struct fact_source *s, const char *name)
{
	const struct fields_path *path;
	const struct node *n = fields_first(fields_get(s->fields, name),
	    &s->index, false, &path);
	struct fact f = { "", s->file, 0, false, FACT_FRONT, name };

	if (n != NULL && s->trace != NULL) {
		f.line = n->line;
		f.key = path->text;
		s->trace(s->trace_ctx, name, &f);
	}
	return n;
}

static void
find_in_table(const struct fact_source *s, const struct fields_fact *fact,
    struct fact *f)
{
	f->text = fields_cell(fact, &s->table->csv, s->row, &f->key);
	f->file = s->table->file;
	f->line = s->row->line;
	f->origin = FACT_TABLE;
}

static struct fact
find(const struct fact_source *s, const char *name)
{
	struct fact f = { NULL, s->file, 0, false, FACT_FRONT, name };
	const struct fields_fact *fact = fields_get(s->fields, name);
	const struct fields_path *path = NULL;
	const struct node *n = fields_first(fact, &s->index, s->fields->site,
	    &path);

	if (n != NULL) {
		f.key = path->text;
		f.text = node_words(s, f.key, n);
		f.line = n->line;
		f.bad = f.text == NULL;
	} else if (s->row != NULL) {
		find_in_table(s, fact, &f);
	}
	return f;
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

/* A value of one line; what cannot be one is told. */
static void
settle_line(const struct fact_source *s, struct fact *f)
{
	const char *text = f->text;

	f->text = NULL;
	if (strpbrk(text, "\r\n") != NULL &&
	    strpbrk(trimmed(&s->show->arena, text), "\r\n") != NULL) {
		fact_complain(s, f->file, f->line, "episode-line-break",
		    "there is a line break in `%s`", f->key);
		f->bad = true;
		return;
	}
	text = trimmed(&s->show->arena, text);
	if (utf8_has_control(text, strlen(text), false)) {
		fact_complain(s, f->file, f->line, "episode-control",
		    "there is a control character in `%s`", f->key);
		f->bad = true;
	} else if (text[0] != '\0') {
		f->text = text;
	}
}

bool
fact_line(const struct fact_source *s, const char *text, struct fact *f)
{
	f->text = text;
	settle_line(s, f);
	return f->text != NULL;
}

static void
settle_prose(const struct fact_source *s, struct fact *f)
{
	char *text, *to;
	const char *p;

	text = trimmed(&s->show->arena, f->text);
	for (p = to = text; *p != '\0'; p++) {
		if (!isspace((unsigned char)*p))
			*to++ = *p;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	*to = '\0';
	if (utf8_has_control(text, strlen(text), false)) {
		fact_complain(s, f->file, f->line, "episode-control",
		    "there is a control character in `%s`", f->key);
		text = NULL;
		f->bad = true;
	}
	f->text = text != NULL && text[0] != '\0' ? text : NULL;
}

static struct fact
take(const struct fact_source *s, const char *name,
    void (*settle)(const struct fact_source *, struct fact *))
{
	struct fact f = find(s, name);

	if (f.text != NULL)
		settle(s, &f);
	if (s->trace != NULL && f.text != NULL)
		s->trace(s->trace_ctx, name, &f);
	return f;
}

struct fact
fact_get(const struct fact_source *s, const char *name)
{
	return take(s, name, settle_line);
}

struct fact
fact_get_prose(const struct fact_source *s, const char *name)
{
	return take(s, name, settle_prose);
}

/* How many folders up a path goes, of those that it has not gone down. */
static int
climbs(const char *path)
{
	int depth = 0, lowest = 0;
	size_t len;

	for (; *path != '\0'; path += len + (path[len] == '/')) {
		len = strcspn(path, "/");
		if (len == 2 && strncmp(path, "..", 2) == 0)
			depth--;
		else if (len > 1 || (len == 1 && path[0] != '.'))
			depth++;
		if (depth < lowest)
			lowest = depth;
	}
	return -lowest;
}

/* Whether a path leads to the builder's own files, which it publishes under
 * names of its own: one that climbs out of the site, or by a short name. */
static bool
is_source_path(const struct fact_source *s, const char *path)
{
	const char *p = s->show->link != NULL ?
	    strstr(s->show->link, "://") : NULL;
	int depth = 0;

	if (strstr(path, "://") != NULL || strncmp(path, "//", 2) == 0)
		return false;
	if (strncmp(path, "~/", 2) == 0 || strncmp(path, "@/", 2) == 0 ||
	    strncmp(path, "@assets/", 8) == 0 ||
	    strncmp(path + (path[0] == '/'), "src/", 4) == 0)
		return true;
	/* The folders of the show's page. */
	for (p = p != NULL ? strchr(p + 3, '/') : NULL; p != NULL &&
	    (p = strchr(p + 1, '/')) != NULL;)
		depth++;
	return climbs(path) > (path[0] == '/' ? 0 : depth);
}

const char *
fact_address(const struct fact_source *s, const struct fact *f)
{
	struct err err = ERR_INIT;
	const char *url = f->text;

	if (url == NULL)
		return NULL;
	if (s->fields->site && is_source_path(s, url)) {
		fact_doubt(s, f, "episode-url", "`%s: %s` leads to a file of "
		    "the site's source, and where that is published is not "
		    "known; write the address", f->key, f->text);
		return NULL;
	}
	if (s->fields->site)
		url = xw_resolve(&s->show->arena, s->show->link, url);
	if (url_check(url, &err) == 0)
		return url;
	fact_doubt(s, f, "episode-url", "`%s: %s` is no address: %s", f->key,
	    f->text, err.msg);
	return NULL;
}

const char *
fact_url(const struct fact_source *s, const char *name)
{
	struct fact f = fact_get(s, name);

	return fact_address(s, &f);
}

/* `episode: None` and its like, which a test of the path keeps out. */
static bool
says_none(const struct fact_source *s, struct fact *f)
{
	static const char *const words[] = {
		"none", "n/a", "na", "-", "--", "tba", "tbd", "?", "null"
	};
	const struct fields_fact *fact = fields_get(s->fields, "number");
	const struct node *n;
	size_t i, k;

	for (i = 0; i < fact->npaths && s->fields->site; i++) {
		struct fields_path any = fact->path[i];

		any.test = FIELDS_ANY;
		n = fields_find(&any, &s->index);
		for (k = 0; n != NULL && n->kind == NODE_TEXT &&
		    k < sizeof(words) / sizeof(words[0]); k++)
			if (strcasecmp(n->text, words[k]) == 0) {
				f->text = n->text;
				f->key = any.text;
				f->line = n->line;
				return true;
			}
	}
	return false;
}

void
fact_episode(const struct fact_source *s, int64_t *season, int64_t *number)
{
	struct fact f = fact_get(s, "number");
	int64_t in = 0, n = 0;

	if (f.text == NULL && !says_none(s, &f))
		return;
	/* Shows have an episode zero; in a feed it has no number. */
	if (fields_number(f.text, &in, &n) && (n > 0 || s->fields->site)) {
		*number = n;
		if (in > 0)
			*season = in;
		if (s->trace != NULL)
			fact_told_at(s, "number", &f, n);
		if (s->trace != NULL && in > 0)
			fact_told_at(s, "season", &f, in);
		return;
	}
	if (s->fields->site && *number > 0)
		finding_add(s->to, SEV_WARNING, "episode-number", f.file,
		    f.line, "`%s: %s` is no whole number from 1 on, nor one "
		    "such as S02E05; %lld, from the file's name, is used",
		    f.key, f.text, (long long)*number);
	else
		fact_doubt(s, &f, "episode-number", "`%s: %s` is no whole "
		    "number from 1 on, nor one such as S02E05", f.key,
		    f.text);
}

int64_t
fact_season(const struct fact_source *s, int64_t otherwise)
{
	struct fact f = fact_get(s, "season");
	int64_t n;

	if (f.text == NULL)
		return otherwise;
	/* Shows have a season zero; in a feed it has no number. */
	if (fields_season(f.text, &n) && (n > 0 || s->fields->site)) {
		if (s->trace != NULL)
			fact_told_at(s, "season", &f, n);
		return n;
	}
	fact_doubt(s, &f, "episode-number", "`%s: %s` is no whole number from "
	    "1 on", f.key, f.text);
	return otherwise;
}

bool
fact_bool(const struct fact_source *s, const char *name, bool otherwise)
{
	struct fact f = fact_get(s, name);
	int flag;

	if (f.text == NULL)
		return otherwise;
	flag = fields_flag(f.text);
	if (flag < 0 && strcmp(name, "explicit") == 0)
		flag = strcasecmp(f.text, "explicit") == 0 ? 1 :
		    strcasecmp(f.text, "clean") == 0 ? 0 : -1;
	if (flag >= 0)
		return flag == 1;
	fact_doubt(s, &f, "episode-bool", "`%s: %s` must be true or false",
	    f.key, f.text);
	return otherwise;
}

/* What a key says of the draft: 1, 0, or -1 for nothing. What cannot be
 * understood is an error: to publish a draft cannot be taken back. */
static int
draft_flag(const struct fact_source *s, enum fields_test test, struct fact *f)
{
	int flag;

	f->text = trimmed(&s->show->arena, f->text);
	if (f->text[0] == '\0')
		return -1;
	if (test == FIELDS_DRAFT)
		return fields_passes(test, f->text) ? 1 : -1;
	flag = fields_flag(f->text);
	/* `published` may be a date, `upcoming` may be words. */
	if (flag < 0 && (test == FIELDS_BOOL || (test == FIELDS_NOT &&
	    fields_passes(FIELDS_DATE, f->text))))
		return -1;
	if (flag < 0) {
		fact_complain(s, f->file, f->line, "episode-bool", "`%s: %s` "
		    "must be true or false, or it is not clear whether the "
		    "episode is a draft", f->key, f->text);
		return -1;
	}
	if (test == FIELDS_NOT)
		flag = !flag;
	f->text = flag ? "true" : "false";
	return flag;
}

/* Of what the keys say, f is the first that says draft, else the first. */
static int
draft_add(const struct fact_source *s, enum fields_test test, int before,
    const struct fact *now, struct fact *f)
{
	struct fact one = *now;
	int flag = now->text != NULL ? draft_flag(s, test, &one) : -1;

	if (flag <= before)
		return before;
	*f = one;
	return flag;
}

const char *
fact_instead(const struct fact_source *s, const char *name)
{
	const struct fields_path *path;
	const struct node *n = fields_first(fields_get(s->fields, name),
	    &s->index, false, &path);

	if (n == NULL || node_plain(n) != NULL)
		return "";
	return arena_printf(&s->show->arena, ": its `%s` is a %s; a value "
	    "that begins with [ or { stands in \"double quotes\"",
	    path->text, n->kind == NODE_LIST ? "list" : "map");
}

static const char *
field(const struct fact_source *s, int column, enum fields_test test)
{
	const char *text = column < 0 ? "" : s->row->field[column];

	return text[0] != '\0' && fields_passes(test, text) ? text : NULL;
}

static int
draft_of_row(const struct fact_source *s, const struct fields_fact *fact,
    struct fact *f)
{
	struct fact one = { NULL, s->table->file, s->row->line, false,
	    FACT_TABLE, "draft" };
	int said = -1;
	size_t i;

	one.text = field(s, fact->column, FIELDS_ANY);
	said = draft_add(s, FIELDS_ANY, said, &one, f);
	for (i = 0; i < fact->npaths; i++) {
		if (fact->path[i].column == fact->column)
			continue;
		one.key = fact->path[i].text;
		one.text = field(s, fact->path[i].column, FIELDS_ANY);
		said = draft_add(s, fact->path[i].test, said, &one, f);
	}
	return said;
}

bool
fact_draft(const struct fact_source *s)
{
	const struct fields_fact *fact = fields_get(s->fields, "draft");
	struct fact f = { NULL, s->file, 0, false, FACT_FRONT, "draft" };
	struct fact one = f;
	struct fields_path any;
	const struct node *n;
	int said = -1;
	size_t i;

	for (i = 0; i < fact->npaths; i++) {
		any = fact->path[i];
		any.test = FIELDS_ANY;
		n = fields_find(&any, &s->index);
		if (n == NULL || (node_plain(n) == NULL &&
		    fact->path[i].test != FIELDS_ANY))
			continue;
		one.key = any.text;
		one.line = n->line;
		one.text = node_words(s, one.key, n);
		said = draft_add(s, fact->path[i].test, said, &one, &f);
	}
	if (said < 0 && s->row != NULL)
		said = draft_of_row(s, fact, &f);
	if (said >= 0 && s->trace != NULL)
		s->trace(s->trace_ctx, "draft", &f);
	return said == 1;
}

static struct fact
inner(const struct fact_source *s, const struct node *map, const char *name,
    const char *key, void (*settle)(const struct fact_source *, struct fact *))
{
	struct fact f = { NULL, s->file, 0, false, FACT_FRONT, key };
	const struct node *n = fields_child(map, key);

	if (n == NULL || n->kind == NODE_NULL)
		return f;
	f.line = n->line;
	f.key = arena_printf(&s->show->arena, "%s.%s", name, key);
	f.text = node_words(s, f.key, n);
	if (f.text != NULL)
		settle(s, &f);
	return f;
}

struct fact
fact_in(const struct fact_source *s, const struct node *map, const char *name,
    const char *key)
{
	return inner(s, map, name, key, settle_line);
}

const char *
fact_inner(const struct fact_source *s, const struct node *map,
    const char *name, const char *key)
{
	struct fact f = inner(s, map, name, key, settle_prose);
	struct err err = ERR_INIT;

	if (f.text != NULL && strcmp(key, "url") == 0 &&
	    url_check(f.text, &err) != 0) {
		fact_doubt(s, &f, "episode-url", "`%s: %s` is no address: %s",
		    f.key, f.text, err.msg);
		return NULL;
	}
	return f.text;
}
