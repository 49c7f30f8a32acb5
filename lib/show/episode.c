#include "show/episode.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "show/episode_int.h"
#include "show/episode_more.h"
#include "show/guid.h"
#include "show/pattern.h"
#include "text/front.h"
#include "text/markdown.h"
#include "text/shortcode.h"
#include "text/utf8.h"

#define SLUG_MAX 80

/* What the file's name says, as far as the notes do not. */
static void
take_name(const struct fact_source *s, const struct layout_file *f,
    int seconds, struct episode *e)
{
	const struct pattern_found *p = &f->found;
	struct date_parts parts;

	e->number = p->number;
	e->season = p->season;
	e->slug = p->slug;
	e->bundle = f->bundle;
	if (p->year == 0 || p->month == 0 || p->day == 0)
		return;
	e->date = date_from_wall(s->show->zone, p->year, p->month, p->day,
	    seconds / 3600, seconds / 60 % 60, 0);
	date_split(&e->date, &parts);
	if (p->year < 1970 || parts.day != p->day)
		fact_complain(s, e->file, 0, "episode-date",
		    "the date in the file's name, %04d-%02d-%02d, is none",
		    p->year, p->month, p->day);
	if (s->trace != NULL)
		fact_told(s, "date", FACT_NAME, arena_printf(&s->show->arena,
		    "%04d-%02d-%02d", p->year, p->month, p->day), 0);
}

/* The line of a key of the front matter, also of one without a value. */
static unsigned
line_of(const struct fact_source *s, const char *key, const struct episode *e)
{
	const struct node *n = fact_node(s, key);

	if (n == NULL)
		n = node_get(s->front, key);
	return n != NULL ? n->line : e->line;
}

/* The first heading as the title: entities in it can be what no title may
 * have. */
static const char *
title_of_notes(const struct fact_source *s, const char *body, size_t len,
    const struct episode *e)
{
	struct err err = ERR_INIT;
	struct markdown *m = markdown_parse(body, len, NULL, &err);
	const char *title = NULL;
	unsigned line = 0;

	if (m != NULL)
		title = markdown_title(m, &s->show->arena, &line);
	markdown_free(m);
	if (title == NULL)
		return NULL;
	line += e->body_line - 1;
	if (strpbrk(title, "\r\n") != NULL)
		fact_complain(s, s->file, line, "episode-line-break",
		    "there is a line break in the heading that is the title");
	else if (utf8_has_control(title, strlen(title), false))
		fact_complain(s, s->file, line, "episode-control",
		    "there is a control character in the heading that is the "
		    "title");
	fact_told(s, "title", FACT_HEADING, title, line);
	return title;
}

/* A draft may still want its title: nothing is made of it. */
static void
take_title(const struct fact_source *s, const char *body, size_t len,
    struct episode *e)
{
	struct fact f = fact_get(s, "title");

	e->title = f.text;
	if (e->title == NULL && !f.bad)
		e->title = title_of_notes(s, body, len, e);
	if (e->title != NULL || f.bad)
		return;
	finding_add(s->to, e->draft ? SEV_WARNING : SEV_ERROR,
	    "episode-title", s->file, line_of(s, "title", e),
	    "the %s has no title; write `title: …` at its head%s%s",
	    e->draft ? "draft" : "episode",
	    s->table != NULL ? ", or in the table" : "",
	    fact_instead(s, "title"));
	if (e->draft)
		e->title = "Untitled";
}

static void
take_date(const struct fact_source *s, const char *key, int day_seconds,
    bool required, struct episode *e, struct date *out)
{
	struct fact f = fact_get(s, key);
	struct err err = ERR_INIT;

	if (f.text == NULL && required && !f.bad)
		fact_complain(s, s->file, e->line, "episode-date",
		    "the episode has no date; write `date: "
		    "2025-06-02T10:00:00-07:00` at its head%s%s",
		    s->table != NULL ? ", or in the table" : "",
		    fact_instead(s, key));
	else if (f.text != NULL && date_parse(f.text, s->show->zone,
	    day_seconds, out, &err) != 0) {
		/* At most that of the file's name stands there yet. */
		if (s->fields->site && out == &e->date && e->date.t != 0)
			finding_add(s->to, SEV_WARNING, "episode-date",
			    f.file, f.line, "%s; the date in the file's name "
			    "is used", err.msg);
		else
			fact_complain(s, f.file, f.line, "episode-date",
			    "%s", err.msg);
	}
}

static void
take_updated(const struct fact_source *s, int day_seconds, struct episode *e)
{
	struct fact f = fact_get(s, "updated");

	e->updated = e->date;
	if (f.text == NULL)
		return;
	take_date(s, "updated", day_seconds, false, e, &e->updated);
	if (e->updated.t >= e->date.t)
		return;
	finding_add(s->to, SEV_WARNING, "episode-updated", f.file, f.line,
	    "`updated` lies before the date of the episode; the date is used");
	e->updated = e->date;
}

static void
take_slug(const struct fact_source *s, struct episode *e)
{
	char slug[SLUG_MAX];
	struct fact f;

	fact_told(s, "slug", FACT_NAME, e->slug, 0);
	f = fact_get(s, "slug");
	e->slug_said = f.text != NULL;
	if (f.text != NULL)
		e->slug = f.text;
	if (e->slug != NULL)
		return;
	if (e->title != NULL && utf8_slug(e->title, slug, sizeof(slug)) > 0)
		e->slug = arena_strdup(&s->show->arena, slug);
	else
		e->slug = show_stem(&s->show->arena, e);
	fact_told(s, "slug", FACT_MADE, e->slug, 0);
}

/* Of the show's guid and the number, or the file's stem: never of what may
 * change (slug, title, address), unless show.ini says so. */
static void
take_guid(const struct fact_source *s, const struct episode_rules *r,
    struct episode *e)
{
	struct fact f = fact_get(s, "guid");
	struct err err = ERR_INIT;

	e->guid = f.text;
	if (e->guid != NULL || f.bad)
		return;
	if (r->guid != NULL) {
		e->guid = guid_fill(s->show, r->guid, e, &err);
		if (e->guid == NULL && (e->audio.url != NULL || !e->draft))
			fact_complain(s, s->file, e->line, "episode-guid",
			    "guid: %s", err.msg);
		fact_told(s, "guid", FACT_PATTERN, e->guid, 0);
	}
	if (e->guid != NULL || s->show->guid == NULL)
		return;
	e->guid = show_guid(s->show, e->number > 0 ?
	    arena_printf(&s->show->arena, "%lld", (long long)e->number) :
	    show_stem(&s->show->arena, e));
	fact_told(s, "guid", FACT_MADE, e->guid, 0);
}

static void
take_sponsor(const struct fact_source *s, struct episode *e)
{
	const struct node *n = fact_node(s, "sponsor");

	if (n == NULL || (n->kind != NODE_MAP && n->kind != NODE_TEXT &&
	    s->fields->site))
		return;
	if (n->kind == NODE_TEXT) {
		e->sponsor.name = fact_get(s, "sponsor").text;
		return;
	}
	if (n->kind != NODE_MAP) {
		fact_complain(s, s->file, n->line, "episode-value",
		    "`sponsor` wants a name, or name, url, code and text");
		return;
	}
	episode_sponsor_keys(s, n);
	e->sponsor.name = fact_inner(s, n, "sponsor", "name");
	e->sponsor.url = fact_inner(s, n, "sponsor", "url");
	e->sponsor.code = fact_inner(s, n, "sponsor", "code");
	e->sponsor.text = fact_inner(s, n, "sponsor", "text");
	if (e->sponsor.name == NULL)
		fact_complain(s, s->file, n->line, "episode-value",
		    "the sponsor has no name");
}

/* Whether there is a tag, a link, **strong** or `code` in it. */
static bool
is_marked(const char *p)
{
	const char *tag;

	for (tag = p; (tag = strchr(tag, '<')) != NULL;) {
		tag += tag[1] == '/' ? 2 : 1;
		if (((*tag >= 'a' && *tag <= 'z') || (*tag >= 'A' &&
		    *tag <= 'Z')) && strchr(tag, '>') != NULL)
			return true;
	}
	return strstr(p, "](") != NULL || strstr(p, "**") != NULL ||
	    strchr(p, '`') != NULL;
}

/* Where a site's summary is Markdown, its words. */
static const char *
take_summary(const struct fact_source *s)
{
	const char *text = fact_get_prose(s, "summary").text;
	struct err err = ERR_INIT;
	struct markdown *m;
	struct buf words;

	if (text == NULL || !s->fields->site || !is_marked(text))
		return text;
	buf_init(&words, 0);
	m = markdown_parse(text, strlen(text), NULL, &err);
	if (m != NULL && markdown_summary(m, 2 * strlen(text) + 16, &words,
	    &err) == 0 && words.len > 0)
		text = arena_strdup(&s->show->arena, words.data);
	markdown_free(m);
	buf_release(&words);
	return text;
}

static void
take_type(const struct fact_source *s, struct episode *e)
{
	static const char *const types[] = { "full", "trailer", "bonus" };
	struct fact f = fact_get(s, "episode_type");
	size_t i;

	e->type = types[0];
	if (f.text == NULL)
		return;
	for (i = 0; i < 3; i++)
		if (s->fields->site ? strcasecmp(f.text, types[i]) == 0 :
		    strcmp(f.text, types[i]) == 0) {
			e->type = types[i];
			return;
		}
	fact_doubt(s, &f, "episode-value", "`%s: %s` must be full, trailer "
	    "or bonus", f.key, f.text);
}

static void
take_link(const struct fact_source *s, const struct episode_rules *r,
    struct episode *e)
{
	struct err err = ERR_INIT;

	e->site = s->show->link;
	e->link = fact_url(s, "link");
	if (e->link != NULL || r->episode_url == NULL || e->slug == NULL)
		return;
	e->link = pattern_fill(&s->show->arena, r->episode_url, e, &err);
	if (e->link == NULL)
		fact_complain(s, s->file, e->line, "episode-link", "link: %s",
		    err.msg);
	fact_told(s, "link", FACT_PATTERN, e->link, 0);
}

static void
take_facts(const struct fact_source *s, const struct episode_rules *r,
    const char *body, size_t len, struct episode *e)
{
	episode_keys(s);
	e->number_line = line_of(s, "number", e);
	e->guid_line = line_of(s, "guid", e);
	e->draft_line = line_of(s, "draft", e);
	e->draft = fact_draft(s);
	take_title(s, body, len, e);
	take_date(s, "date", r->publish_seconds, e->date.t == 0, e, &e->date);
	take_updated(s, r->publish_seconds, e);
	e->guid_is_link = fact_bool(s, "guid_is_link", false);
	e->is_explicit = fact_bool(s, "explicit", s->show->is_explicit);
	e->block = fact_bool(s, "block", false);
	e->summary = take_summary(s);
	e->image = fact_url(s, "image");
	e->video = fact_url(s, "video");
	take_type(s, e);
	take_slug(s, e);
	take_sponsor(s, e);
	episode_audio(s, r, e);
	take_link(s, r, e);
	take_guid(s, r, e);
	episode_more_take(s, r->publish_seconds, e);
}

/* The number that the notes tell, with its season, may lead to their row of
 * the table, which tells it where the notes do not. */
static void
take_number(struct fact_source *s, struct table *table, struct episode *e)
{
	const struct node *number = fact_node(s, "number");
	const struct node *season = fact_node(s, "season");
	int64_t other = 0;

	if (s->trace != NULL && e->number > 0)
		fact_told(s, "number", FACT_NAME, arena_printf(
		    &s->show->arena, "%lld", (long long)e->number), 0);
	fact_episode(s, &e->season, &e->number);
	if (season != NULL)
		e->season = fact_season(s, e->season);
	if (table == NULL)
		return;
	s->table = table;
	if (e->row == NULL)
		e->row = table_find(table, fs_basename(e->file), e->season,
		    e->number);
	s->row = e->row;
	if (number == NULL)
		fact_episode(s, season != NULL ? &other : &e->season,
		    &e->number);
	if (season == NULL)
		e->season = fact_season(s, e->season);
}

/* The rows of notes that are not the show's; nothing is told of these. */
static void
pass_rows(const struct fact_source *s, struct table *table,
    const struct layout_file *name, const char *file)
{
	int64_t season = name->found.season, number = name->found.number;
	struct fact_source quiet = *s;
	struct fact f;

	quiet.trace = NULL;
	f = fact_get(&quiet, "number");
	if (f.text != NULL)
		(void)fields_number(f.text, &season, &number);
	f = fact_get(&quiet, "season");
	if (f.text != NULL)
		(void)fields_season(f.text, &season);
	table_pass(table, fs_basename(file), season, number);
}

/* A name such as 2025-recap.md; that of a date holds no number at all. */
static void
tell_year(const struct fact_source *s, const struct layout_file *name,
    const struct episode *e)
{
	const char *slug = name->found.slug;
	size_t len = slug != NULL ? strspn(slug, "0123456789") : 0;

	if (name->year == 0 || e->number > 0 || (len == 4 &&
	    slug[4] == '-' && strspn(slug + 5, "0123456789") == 2))
		return;
	finding_add(s->to, SEV_WARNING, "episode-number", e->file, e->line,
	    "the %d in the file's name is taken for a year, not for the "
	    "episode's number; write `number: …` at its head, or, when it is "
	    "one, `names = {number}-{slug}.md` in show.ini", name->year);
}

static bool
check_utf8(const char *file, const struct buf *text, struct findings *to)
{
	size_t at = utf8_invalid_at(text->data, text->len), i;
	unsigned line = 1;

	if (at == text->len)
		return true;
	for (i = 0; i < at; i++)
		line += text->data[i] == '\n';
	finding_add(to, SEV_ERROR, "episode-utf8", file, line, "this line is "
	    "not valid UTF-8; save the file as UTF-8");
	return false;
}

struct body_place {
	struct findings *to;
	const struct episode *e;
};

static void
tell_shortcode(void *ctx, unsigned line, const char *what)
{
	const struct body_place *at = ctx;

	finding_add(at->to, SEV_WARNING, "episode-shortcode", at->e->file,
	    at->e->body_line + line - 1, "%s", what);
}

static void
take_all(const struct fact_source *s, const struct episode_rules *r,
    const struct buf *text, struct episode *e)
{
	struct body_place at = { s->to, e };
	struct buf body;

	buf_init(&body, 2 * MARKDOWN_MAX);
	shortcode_expand(text->data + e->body_offset,
	    text->len - e->body_offset, &body, tell_shortcode, &at);
	take_facts(s, r, body.data, body.len, e);
	buf_release(&body);
}

/* The text is at hand: understand it. */
static enum episode_read
take_text(struct fact_source *s, const struct episode_rules *r,
    const struct layout_file *name, const struct buf *text, struct episode *e)
{
	struct arena scratch = ARENA_INIT;
	struct err err = ERR_INIT;
	struct front front;

	if (!name->fits) {
		finding_add(s->to, SEV_ERROR, "episode-name", e->file, 0,
		    "the file's name fits no pattern of `names` in show.ini; "
		    "rename it, or begin its name with _ when it is no "
		    "episode");
		return EPISODE_BAD;
	}
	if (front_read(&scratch, text->data, text->len, &front, &err) != 0) {
		err_at(&err, e->file, err.line);
		finding_err(s->to, "episode-front-matter", &err);
		arena_release(&scratch);
		return EPISODE_BAD;
	}
	fields_index(&scratch, front.map, &s->index);
	if (!layout_wants(s->show->layout, &s->index)) {
		if (r->table != NULL)
			pass_rows(s, r->table, name, e->file);
		arena_release(&scratch);
		return EPISODE_OTHER;
	}
	take_name(s, name, r->publish_seconds, e);
	e->line = front.line > 0 ? front.line : 1;
	e->body_offset = front.body_offset;
	e->body_line = front.body_line;
	s->front = front.map;
	take_number(s, r->table, e);
	tell_year(s, name, e);
	if (s->row != NULL && s->row->bad)
		finding_add(s->to, SEV_ERROR, "episode-table", e->file, e->line,
		    "its row of the table, %s:%u, cannot be used",
		    r->table->file, s->row->line);
	else
		take_all(s, r, text, e);
	arena_release(&scratch);
	return EPISODE_SOUND;
}

static enum episode_read
load(struct fact_source *s, const struct episode_rules *r,
    const struct layout_file *name, struct episode *e)
{
	enum episode_read rc = EPISODE_BAD;
	struct err err = ERR_INIT;
	struct buf text;

	s->file = e->file;
	s->fields = r->fields;
	buf_init(&text, MARKDOWN_MAX + FRONT_MAX);
	if (fs_read(e->file, MARKDOWN_MAX + FRONT_MAX, &text, &e->stamp,
	    &err) != 0)
		finding_err(s->to, "episode-file", &err);
	else if (check_utf8(e->file, &text, s->to))
		rc = take_text(s, r, name, &text, e);
	buf_release(&text);
	return rc;
}

enum episode_read
episode_load(struct show *show, const struct episode_rules *rules,
    const char *file, const struct layout_file *name, struct episode *out,
    struct findings *to)
{
	struct fact_source s = { .show = show, .to = to };
	size_t before = to->errors;
	enum episode_read rc;

	memset(out, 0, sizeof(*out));
	out->file = file;
	out->line = 1;
	rc = load(&s, rules, name, out);
	return to->errors == before ? rc : EPISODE_BAD;
}

int
episode_trace(struct show *show, const struct episode *e,
    void (*trace)(void *ctx, const char *name, const struct fact *f),
    void *ctx, struct err *err)
{
	struct findings muted = { .report = NULL };
	struct fact_source s = {
		.show = show, .to = &muted, .trace = trace, .trace_ctx = ctx
	};
	struct episode again = {
		.file = e->file, .line = 1, .row = e->row
	};
	struct layout_file name;

	layout_name(show, show_path(&show->arena, show, e), &name);
	(void)load(&s, show->rules, &name, &again);
	if (muted.errors == 0)
		return 0;
	err_set(err, ERR_INPUT, "was changed while it was read; run showmill "
	    "again");
	return err_at(err, e->file, 0);
}
