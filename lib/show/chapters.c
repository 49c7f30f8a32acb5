#include "show/chapters.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "show/chapters_int.h"
#include "show/fact_any.h"
#include "show/made.h"
#include "show/media_chapters.h"
#include "text/url.h"
#include "text/utf8.h"
#include "text/xml.h"

#define LATE_TOLD 10	/* episodes of a show */

void
chapters_open(struct chapters *c, struct arena *a, const char *file,
    const char *base, enum severity fault, struct findings *to)
{
	memset(c, 0, sizeof(*c));
	c->a = a;
	c->file = file;
	c->base = base;
	c->fault = fault;
	c->to = to;
}

void
chapters_close(struct chapters *c)
{
	free(c->list);
	c->list = NULL;
	c->n = c->cap = 0;
}

void
chapters_fault(struct chapters *c, unsigned line, const char *fmt, ...)
{
	struct buf b;
	va_list ap;

	buf_init(&b, ERR_MSG_MAX);
	va_start(ap, fmt);
	buf_addv(&b, fmt, ap);
	va_end(ap);
	finding_add(c->to, c->fault, "episode-chapters", c->file, line,
	    "chapters: %s", b.data);
	buf_release(&b);
}

/* One line, blanks as one; NULL: there is nothing in it. */
static const char *
title_of(struct chapters *c, const struct show_chapter *one)
{
	const char *p = one->title;
	struct buf b;
	char *out = NULL;

	buf_init(&b, 0);
	for (; p != NULL && *p != '\0'; p++) {
		if (strchr(" \t\r\n", *p) == NULL)
			buf_addc(&b, *p);
		else if (b.len > 0 && b.data[b.len - 1] != ' ')
			buf_addc(&b, ' ');
	}
	buf_rtrim(&b);
	if (utf8_has_control(b.data, b.len, false))
		chapters_fault(c, one->line, "a title has a control character "
		    "and is left out");
	else if (b.len > 0)
		out = arena_strndup(c->a, b.data, utf8_prefix(b.data, b.len,
		    CHAPTERS_TITLE_MAX));
	buf_release(&b);
	return out;
}

static const char *
address_of(struct chapters *c, const struct show_chapter *one,
    const char *text)
{
	struct err err = ERR_INIT;
	const char *url;

	if (text == NULL || *text == '\0')
		return NULL;
	url = utf8_has_control(text, strlen(text), false) ? text :
	    xw_resolve(c->a, c->base, text);
	if (url_check(url, &err) == 0)
		return url;
	chapters_fault(c, one->line, "`%s` %s; the address is left out", text,
	    err.msg);
	return NULL;
}

void
chapters_add(struct chapters *c, const struct show_chapter *one)
{
	struct show_chapter *out;

	if (c->n == CHAPTERS_MAX) {
		c->over++;
		return;
	}
	if (c->n == c->cap) {
		c->cap = c->cap == 0 ? 16 : 2 * c->cap;
		c->list = xreallocarray(c->list, c->cap, sizeof(*c->list));
	}
	out = &c->list[c->n++];
	*out = *one;
	out->title = title_of(c, one);
	out->url = address_of(c, one, one->url);
	out->image = address_of(c, one, one->image);
}

/* ---- what is odd about them ---- */

/* " and 3 more" behind what is told of the first. */
static const char *
others(struct arena *a, size_t n)
{
	return n < 2 ? "" : arena_printf(a, "; %zu more %s likewise", n - 1,
	    n == 2 ? "is" : "are");
}

static void
tell(struct chapters *c, const struct show_chapter *one, size_t n,
    const char *rule, const char *what)
{
	if (n > 0)
		finding_add(c->to, SEV_WARNING, rule, c->file, one->line,
		    "the chapter at %s%s%s%s %s%s", media_clock(c->a,
		    one->start_ms), one->title != NULL ? " (" : "",
		    one->title != NULL ? one->title : "",
		    one->title != NULL ? ")" : "", what, others(c->a, n));
}

static void
check_order(struct chapters *c)
{
	size_t i, back = 0, same = 0, first_back = 0, first_same = 0;
	int64_t last;

	for (i = 1; i < c->n; i++) {
		last = c->list[i - 1].start_ms;
		if (c->list[i].start_ms < last && back++ == 0)
			first_back = i;
		else if (c->list[i].start_ms == last && same++ == 0)
			first_same = i;
	}
	tell(c, &c->list[first_back], back, "chapters-order", "begins before "
	    "the one above it; they are put in the order of their times");
	tell(c, &c->list[first_same], same, "chapters-order", "begins with "
	    "the one above it; players show one of them");
}

static void
check_ends(struct chapters *c)
{
	size_t i, n = 0, first = 0;

	for (i = 0; i < c->n; i++) {
		struct show_chapter *one = &c->list[i];

		if (one->end_ms < 0 || one->end_ms > one->start_ms)
			continue;
		one->end_ms = -1;
		if (n++ == 0)
			first = i;
	}
	tell(c, &c->list[first], n, "chapters-end", "ends before it begins; "
	    "its end is left out");
}

/* Few are out of order, if any; equal ones stay as they are. */
static void
sort(struct chapters *c)
{
	size_t i, k;

	for (i = 1; i < c->n; i++) {
		struct show_chapter one = c->list[i];

		for (k = i; k > 0 && c->list[k - 1].start_ms > one.start_ms;
		    k--)
			c->list[k] = c->list[k - 1];
		c->list[k] = one;
	}
}

/* In an archive they may all be so. */
static void
check_first(struct chapters *c)
{
	size_t n = 0;

	if (c->list[0].start_ms == 0)
		return;
	if (c->late != NULL)
		n = ++*c->late;
	if (n <= LATE_TOLD)
		tell(c, &c->list[0], 1, "chapters-start", n < LATE_TOLD ?
		    "is the first; some players want one at 0:00" : "is the "
		    "first; some players want one at 0:00. Further episodes "
		    "of the show like it are not told");
}

void
chapters_settle(struct chapters *c, enum show_chapters from,
    struct episode *e)
{
	struct show_chapter *kept;

	if (c->n == 0)
		return;
	check_order(c);
	check_ends(c);
	sort(c);
	check_first(c);
	if (c->over > 0)
		finding_add(c->to, SEV_WARNING, "chapters-many", c->file, 0,
		    "there are more than %d chapters; %zu are left out",
		    CHAPTERS_MAX, c->over);
	kept = arena_array(c->a, c->n, sizeof(*kept));
	memcpy(kept, c->list, c->n * sizeof(*kept));
	e->chapter = kept;
	e->nchapters = (unsigned)c->n;
	e->chapters_from = from;
	e->chapters_file = c->file;
}

/* ---- front matter ---- */

/* What is optional keeps no episode of a site's own tree out of the feed. */
static enum severity
fault_of(const struct show *show)
{
	return show->own_tree ? SEV_WARNING : SEV_ERROR;
}

static void
doubt(const struct fact_source *s, unsigned line, const char *text,
    const char *why)
{
	finding_add(s->to, fault_of(s->show), "episode-chapters", s->file,
	    line, "chapters: `%s` %s", text, why);
}

static const char *
base_of(const struct show *show, const struct episode *e)
{
	return e->link != NULL ? e->link : show->link;
}

/* Reads a file that is at hand; true: it is JSON, which players can read.
 * What is wrong in it keeps no episode back: the file may be another's. */
static bool
read_file(const struct fact_source *s, const char *file, const char *told,
    struct episode *e)
{
	struct err err = ERR_INIT;
	struct chapters c;
	struct buf text;
	bool json = false;

	buf_init(&text, CHAPTERS_FILE_MAX);
	chapters_open(&c, &s->show->arena, told, base_of(s->show, e),
	    SEV_WARNING, s->to);
	c.late = &s->show->late_chapters;
	if (fs_read(file, CHAPTERS_FILE_MAX, &text, NULL, &err) != 0)
		finding_add(s->to, SEV_WARNING, "episode-chapters", told, 0,
		    "chapters: %s", err.msg);
	else if (chapters_text(&c, text.data, text.len, &json, &err) != 0)
		chapters_fault(&c, err.line, "%s; no chapters are taken from "
		    "it", err.msg);
	if (!s->show->no_chapters)
		chapters_settle(&c, CHAPTERS_FILE, e);
	chapters_close(&c);
	buf_release(&text);
	return json;
}

/* Where a file lies that the notes name: in media_dir, else beside them; in
 * the former it is published. NULL: nowhere. */
static const char *
find_file(const struct fact_source *s, const struct episode *e,
    const char *name, bool *published, struct err *err)
{
	struct arena *a = &s->show->arena;
	const char *beside = fs_dirname(a, e->file), *file;
	struct err ignored = ERR_INIT;

	*published = true;
	if (s->show->media_dir == NULL)
		return fs_beneath(a, beside, name, err);
	file = fs_beneath(a, s->show->media_dir, name, err);
	if (file == NULL && err->kind == ERR_NOINPUT) {
		*published = false;
		file = fs_beneath(a, beside, name, &ignored);
	}
	return file;
}

/* The file that a public address leads to; NULL: it is not at hand. */
static const char *
file_behind(const struct show *show, const char *url, struct arena *a)
{
	size_t n = show->media_url == NULL ? 0 : strlen(show->media_url);
	struct err ignored = ERR_INIT;

	while (n > 0 && show->media_url[n - 1] == '/')
		n--;
	if (n == 0 || show->media_dir == NULL || strpbrk(url, "%?#") != NULL ||
	    strncmp(url, show->media_url, n) != 0 || url[n] != '/')
		return NULL;
	return fs_beneath(a, show->media_dir, url + n + 1, &ignored);
}

static void
take_address(const struct fact_source *s, const char *url, unsigned line,
    struct episode *e)
{
	struct err err = ERR_INIT;
	const char *file;

	if (url_check(url, &err) != 0) {
		doubt(s, line, url, err.msg);
		return;
	}
	e->chapters = arena_strdup(&s->show->arena, url);
	file = file_behind(s->show, url, &s->show->arena);
	if (file != NULL && !s->show->no_chapters)
		(void)read_file(s, file, file, e);
}

/* A file in the folder of the audio has its address, where players can read
 * it. */
static void
take_file(const struct fact_source *s, const char *name, unsigned line,
    struct episode *e)
{
	const struct show *show = s->show;
	struct arena *a = &s->show->arena;
	struct err err = ERR_INIT;
	bool published, json;
	const char *file = find_file(s, e, name, &published, &err), *url;

	if (file == NULL) {
		doubt(s, line, name, err.msg);
		return;
	}
	json = read_file(s, file, fs_join(a, published &&
	    show->media_dir != NULL ? show->media_dir :
	    fs_dirname(a, e->file), name), e);
	if (!json || !published)
		return;
	if (show->media_url == NULL) {
		if (show->chapters_url == NULL)
			doubt(s, line, name, "is a file; write `media_url` in "
			    "show.ini, the address of its folder, or "
			    "`chapters_url`");
		return;
	}
	url = url_below(a, show->media_url, show->media_dir != NULL ? name :
	    arena_printf(a, "%s%s", show_folder(a, show, e), name));
	if (url_check(url, &err) == 0)
		e->chapters = url;
	else
		doubt(s, line, url, err.msg);
}

/* The list in a node: itself, `chapters` of JSON chapters, or a map whose keys
 * are times. NULL: it is none. */
static const struct node *
list_in(const struct node *n)
{
	const struct node *list = node_get(n, "chapters");
	int64_t ms;

	if (n->kind == NODE_LIST)
		return n;
	if (list != NULL && list->kind == NODE_LIST)
		return list;
	return n->kind == NODE_MAP && n->first != NULL &&
	    chapters_is_time(n->first->key, false, &ms) ? n : NULL;
}

static void
take_list(const struct fact_source *s, const struct node *n,
    const struct node *list, struct episode *e)
{
	struct show_chapter one;
	struct chapters c;

	chapters_open(&c, &s->show->arena, s->file, base_of(s->show, e),
	    fault_of(s->show), s->to);
	c.late = &s->show->late_chapters;
	if (list != NULL)
		chapters_nodes(&c, list);
	else if (strchr(n->text, '\n') != NULL)
		/* The text of a block begins a line below its key. */
		chapters_lines(&c, n->text, strlen(n->text), n->line + 1);
	else if (chapters_line(c.a, n->text, strlen(n->text), &one)) {
		one.line = n->line;
		chapters_add(&c, &one);
	}
	if (!s->show->no_chapters)
		chapters_settle(&c, CHAPTERS_FRONT, e);
	chapters_close(&c);
}

void
chapters_take(const struct fact_source *s, struct episode *e)
{
	struct fact_source at;
	struct node cell;
	struct show_chapter one;
	const struct node *n = fact_any(s, "chapters", &cell, &at), *list;
	const char *text;

	if (n == NULL || (n->kind == NODE_TEXT && n->text[0] == '\0'))
		return;
	list = list_in(n);
	if (list != NULL || (n->kind == NODE_TEXT &&
	    (strchr(n->text, '\n') != NULL || chapters_line(&s->show->arena,
	    n->text, strlen(n->text), &one)))) {
		take_list(&at, n, list, e);
		return;
	}
	text = n->kind == NODE_TEXT ? n->text : node_get_text(n, "url");
	if (text == NULL)
		text = node_get_text(n, "file");
	if (text == NULL || text[0] == '\0')
		finding_add(s->to, fault_of(s->show), "episode-chapters",
		    at.file, n->line, "these are no chapters; write a list of "
		    "`- 1:30 Title`, or the name or address of a file");
	else if (strstr(text, "://") != NULL)
		take_address(&at, text, n->line, e);
	else
		take_file(&at, text, n->line, e);
}

/* ---- notes and audio ---- */

static void
find_notes(struct show *s, struct episode *e, struct findings *to)
{
	struct err ignored = ERR_INIT;
	struct chapters c;
	struct buf text;

	buf_init(&text, 0);
	chapters_open(&c, &s->arena, e->file, base_of(s, e), SEV_WARNING, to);
	c.late = &s->late_chapters;
	/* What is wrong with them is told when they are rendered. */
	if (show_read_notes(e, &text, &ignored) == 0)
		chapters_stamps(&c, text.data, text.len, e->body_line);
	chapters_settle(&c, CHAPTERS_NOTES, e);
	chapters_close(&c);
	buf_release(&text);
}

static void
find_audio(struct media_context *m, struct show *s, struct episode *e,
    struct findings *to)
{
	const struct media_chapter *list;
	struct chapters c;
	size_t n, i;

	if (media_chapters_learnt(m, &e->audio, &s->arena, &list, &n) != 0)
		return;
	chapters_open(&c, &s->arena, e->audio.file != NULL ? e->audio.file :
	    e->file, NULL, SEV_WARNING, to);
	c.late = &s->late_chapters;
	for (i = 0; i < n; i++)
		chapters_add(&c, &(struct show_chapter){
		    .start_ms = list[i].start_ms, .end_ms = list[i].end_ms,
		    .title = list[i].title, .url = list[i].url,
		    .image = list[i].image });
	chapters_settle(&c, CHAPTERS_AUDIO, e);
	chapters_close(&c);
}

/* The duration is whole seconds. */
static void
check_duration(struct show *s, const struct episode *e, struct findings *to)
{
	struct chapters c;
	size_t i, n = 0, first = 0;

	if (e->audio.duration <= 0)
		return;
	chapters_open(&c, &s->arena, e->chapters_file, NULL, SEV_WARNING, to);
	for (i = 0; i < e->nchapters; i++)
		if (e->chapter[i].start_ms >= (e->audio.duration + 1) * 1000 &&
		    n++ == 0)
			first = i;
	tell(&c, &e->chapter[first], n, "chapters-end", arena_printf(&s->arena,
	    "is behind the end of the audio, which is %s long",
	    media_clock(&s->arena, e->audio.duration * 1000)));
}

void
chapters_find(struct media_context *m, struct show *s, struct episode *e,
    struct findings *to)
{
	if (s->no_chapters)
		return;
	if (e->nchapters == 0 && s->note_chapters)
		find_notes(s, e, to);
	if (e->nchapters == 0)
		find_audio(m, s, e, to);
	if (e->nchapters == 0)
		return;
	check_duration(s, e, to);
	if (e->chapters != NULL || s->chapters_url == NULL)
		return;
	e->chapters = url_below(&s->arena, s->chapters_url,
	    chapters_name(&s->arena, s, e));
	e->chapters_made = true;
}

const char *
chapters_name(struct arena *a, const struct show *s, const struct episode *e)
{
	return arena_printf(a, "%s.json", made_name(a, s, e));
}

const char *
chapters_origin(const struct episode *e)
{
	static const char *const names[] = {
		[CHAPTERS_NONE] = "none", [CHAPTERS_FRONT] = FACT_FRONT,
		[CHAPTERS_FILE] = "file", [CHAPTERS_NOTES] = "notes",
		[CHAPTERS_AUDIO] = "audio"
	};

	return names[e->chapters_from];
}
