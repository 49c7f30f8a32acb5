#include "show/feeds.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/strmap.h"
#include "show/feeds_int.h"
#include "show/options.h"
#include "show/show.h"
#include "text/url.h"

#define TOKENS_FILE_MAX ((size_t)4 << 20)

/* What stands for {season}, {tag} and {token}; NULL: nothing does. */
struct values {
	const char *season, *tag, *token;
};

enum place { IN_TEXT, IN_URL, IN_FILE };

static const char *
tag_in(struct arena *a, const char *tag, enum place place)
{
	struct buf b;

	if (tag == NULL || place == IN_TEXT)
		return tag;
	tag = feeds_slug(a, tag);
	if (place == IN_FILE)
		return tag;
	buf_init(&b, 0);
	url_add_encoded(&b, tag, "");
	tag = arena_strdup(a, b.data);
	buf_release(&b);
	return tag;
}

/* The pattern with its placeholders filled in. */
static const char *
fill(struct arena *a, const char *pattern, const struct values *v,
    enum place place)
{
	const struct {
		const char *name, *value;
	} all[] = {
		{ "{season}", v->season },
		{ "{tag}", tag_in(a, v->tag, place) },
		{ "{token}", v->token },
	};
	struct buf b;
	size_t i, n = sizeof(all) / sizeof(all[0]);

	if (pattern == NULL)
		return NULL;
	buf_init(&b, 0);
	while (*pattern != '\0') {
		for (i = 0; i < n && (all[i].value == NULL || strncmp(pattern,
		    all[i].name, strlen(all[i].name)) != 0); i++)
			;
		if (i == n) {
			buf_addc(&b, *pattern++);
			continue;
		}
		buf_adds(&b, all[i].value);
		pattern += strlen(all[i].name);
	}
	pattern = arena_strdup(a, b.data);
	buf_release(&b);
	return pattern;
}

static void
wrong(const struct options *o, const char *key, struct findings *to,
    const char *text, const char *value)
{
	unsigned line = options_line(o, key);

	finding_add(to, SEV_ERROR, "option-value", o->file, line > 0 ? line :
	    o->line, "[feed %s]: %s%s%s", o->section, text, value != NULL ?
	    " " : "", value != NULL ? value : "");
}

/* ---- show.ini ---- */

static void
add(struct show *s, const struct show_feed *f)
{
	s->feeds[s->nfeeds++] = *f;
}

/* Those that have keys of their own. */
static void
add_main(struct show *s, enum feed_format format, const char *url,
    const char *file, const char *key)
{
	if (url != NULL)
		add(s, &(struct show_feed){ .line = show_line(s, key),
		    .format = format, .url = url, .file = file,
		    .title = s->title, .description = s->description,
		    .guid = s->guid, .items = s->items,
		    .history = s->history });
}

static enum feeds_history
history_of(const char *word)
{
	return strcmp(word, "pages") == 0 ? FEEDS_PAGES :
	    strcmp(word, "complete") == 0 ? FEEDS_COMPLETE : FEEDS_ARCHIVE;
}

static enum feed_format
format_of(const char *word)
{
	return strcmp(word, "atom") == 0 ? FEED_ATOM :
	    strcmp(word, "json") == 0 ? FEED_JSON : FEED_RSS;
}

static bool
is_each(const struct options *o, const char *key)
{
	const char *text = options_text(o, key);

	return text != NULL && strcasecmp(text, "each") == 0;
}

/* A number above 0; 0: it is none. */
static int64_t
season_of(const char *text)
{
	int64_t n = 0;

	if (strlen(text) > 9)
		return 0;
	for (; *text >= '0' && *text <= '9'; text++)
		n = n * 10 + (*text - '0');
	return *text == '\0' ? n : 0;
}

static bool
has(const struct options *o, const char *key, const char *placeholder)
{
	const char *text = options_text(o, key);

	return text != NULL && strstr(text, placeholder) != NULL;
}

/* What is behind the last slash, before a query; "" where there is no path. */
static const char *
last_part(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://");
	const char *path = arena_strndup(a, url, strcspn(url, "?#"));

	if (host == NULL || strchr(path + (host - url) + 3, '/') == NULL)
		return "";
	return fs_basename(path);
}

/* Where each of several feeds would be the same one. */
static void
check_each(struct arena *a, const struct options *o, const char *placeholder,
    struct findings *to)
{
	const char *url = options_text(o, "url");

	if (url == NULL)
		return;
	if (strstr(url, placeholder) == NULL)
		wrong(o, "url", to, "the address of each feed needs "
		    "a place for", placeholder);
	else if (options_text(o, "file") != NULL ?
	    !has(o, "file", placeholder) :
	    strstr(last_part(a, url), placeholder) == NULL)
		wrong(o, options_text(o, "file") != NULL ? "file" : "url", to,
		    "the file of each feed needs a name of its own; write "
		    "`file = …` with", placeholder);
}

static void
check_section(struct arena *a, const struct options *o, struct findings *to)
{
	const char *season = options_text(o, "season");
	bool seasons = is_each(o, "season"), tags = is_each(o, "tag");

	if (season != NULL && !seasons && season_of(season) == 0)
		wrong(o, "season", to, "a season is a number above 0, or",
		    "`each`");
	if (seasons && tags)
		wrong(o, "tag", to, "`each` is for a season or a tag, not "
		    "for both", NULL);
	if (seasons)
		check_each(a, o, "{season}", to);
	if (tags)
		check_each(a, o, "{tag}", to);
	if (options_text(o, "tokens") != NULL)
		check_each(a, o, "{token}", to);
	if ((seasons || tags) && options_text(o, "guid") != NULL)
		wrong(o, "guid", to, "several feeds cannot have one guid; "
		    "take it out", NULL);
}

/* ---- the feeds of a section ---- */

struct making {
	struct show *show;
	const struct options *o;	/* of the section; sound but for the
					 * url */
	struct findings *to;
	int64_t now;
	struct show_feed base;
};

static const char *
file_of(struct making *m, const struct values *v)
{
	const char *file = options_text(m->o, "file");
	struct arena *a = &m->show->arena;

	if (file != NULL)
		return fill(a, file, v, IN_FILE);
	return fill(a, url_decoded(a, last_part(a, options_text(m->o,
	    "url"))), v, IN_FILE);
}

static const char *
title_of(struct making *m, const struct values *v)
{
	const char *title = options_text(m->o, "title");
	struct arena *a = &m->show->arena;

	if (title != NULL)
		return fill(a, title, v, IN_TEXT);
	if (m->base.each)
		return arena_printf(a, "%s: %s", m->show->title, v->tag !=
		    NULL ? v->tag : v->season);
	return m->show->title;
}

static const char *
description_of(struct making *m, const struct values *v)
{
	const char *text = options_text(m->o, "description");

	return text == NULL ? m->show->description :
	    fill(&m->show->arena, text, v, IN_TEXT);
}

/* A private feed's does not change with its tokens. */
static const char *
guid_of(struct making *m, const struct values *v)
{
	const char *guid = options_text(m->o, "guid");
	struct values without = *v;

	without.token = "";
	return guid != NULL ? guid : show_guid_of_feed(&m->show->arena,
	    fill(&m->show->arena, options_text(m->o, "url"), &without,
	    IN_URL));
}

static bool
is_name(const char *file)
{
	return *file != '\0' && strchr(file, '/') == NULL &&
	    strcmp(file, ".") != 0 && strcmp(file, "..") != 0;
}

/* Of what a build makes beside feeds. */
static bool
is_other_kind(const char *file)
{
	static const char *const endings[] = { ".html", ".htm", ".gz", ".br" };
	size_t len = strlen(file), i, n;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		n = strlen(endings[i]);
		if (len > n && strcasecmp(file + len - n, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_taken(const struct show *s, const char *url)
{
	size_t i;

	for (i = 0; i < s->nfeeds; i++)
		if (strcmp(s->feeds[i].url, url) == 0)
			return true;
	return false;
}

/* Documents beside a feed have its address with another name. */
static void
check_beside(struct making *m, const struct show_feed *f)
{
	if (f->items > 0 && f->history != FEEDS_COMPLETE &&
	    (strpbrk(f->url, "?#") != NULL || *last_part(&m->show->arena,
	    f->url) == '\0'))
		wrong(m->o, "url", m->to, "an address with a query or without "
		    "a name has no place for further documents beside it; "
		    "write", "`items = 0`");
}

/* Tokens are not for messages: those tell the pattern. */
static struct show_feed *
make(struct making *m, struct values v)
{
	struct show *s = m->show;
	struct arena *a = &s->arena;
	struct show_feed f = m->base;
	const char *pattern = options_text(m->o, "url");
	struct err err = ERR_INIT;

	v.token = f.ntokens > 0 ? f.tokens[0] : f.tokens != NULL ? "none" :
	    NULL;
	f.url = fill(a, pattern, &v, IN_URL);
	f.file = file_of(m, &v);
	if (url_check(f.url, &err) != 0)
		wrong(m->o, "url", m->to, "its address is none:", err.msg);
	else if (!is_name(f.file))
		wrong(m->o, "url", m->to, "the address tells no name for its "
		    "file; write `file = …`", NULL);
	else if (is_other_kind(f.file))
		wrong(m->o, options_text(m->o, "file") != NULL ? "file" : "url",
		    m->to, "pages and compressed files have such names; write "
		    "another", "`file = …`");
	else if (is_taken(s, f.url))
		wrong(m->o, "url", m->to, "another feed of the show has the "
		    "address", f.tokens != NULL ? pattern : f.url);
	else if (s->nfeeds == FEEDS_MAX)
		wrong(m->o, "url", m->to, "the show has too many feeds; "
		    "500 are the most", NULL);
	else {
		check_beside(m, &f);
		f.title = title_of(m, &v);
		f.description = description_of(m, &v);
		f.guid = guid_of(m, &v);
		v.token = "{token}";
		f.files = f.tokens == NULL ? NULL : file_of(m, &v);
		add(s, &f);
		return &s->feeds[s->nfeeds - 1];
	}
	return NULL;
}

/* Oldest first, so that a feed is called as its first episode has it. */
static void
make_seasons(struct making *m)
{
	const struct show *s = m->show;
	struct arena *a = &m->show->arena;
	struct values v = { .season = NULL };
	struct strmap known = STRMAP_INIT;
	size_t i;

	for (i = s->nepisodes; i > 0; i--) {
		const struct episode *e = &s->episodes[i - 1];

		m->base.season = e->season;
		v.season = arena_printf(a, "%lld", (long long)e->season);
		if (e->season > 0 && show_is_due(e, m->now) &&
		    strmap_put(&known, v.season, i) == STRMAP_NONE)
			(void)make(m, v);
	}
	strmap_release(&known);
}

static void
make_tags(struct making *m)
{
	const struct show *s = m->show;
	struct arena *a = &m->show->arena;
	struct values v = { .season = NULL };
	struct strmap known = STRMAP_INIT;
	size_t i, k;

	if (m->base.season > 0)
		v.season = arena_printf(a, "%lld", (long long)m->base.season);
	for (i = s->nepisodes; i > 0; i--) {
		const struct episode *e = &s->episodes[i - 1];

		for (k = 0; k < e->ntags && show_is_due(e, m->now); k++) {
			m->base.tag = v.tag = e->tags[k];
			if (strmap_put(&known, feeds_slug(a, v.tag), i) ==
			    STRMAP_NONE)
				(void)make(m, v);
		}
	}
	strmap_release(&known);
}

static void
make_one(struct making *m)
{
	struct values v = { .season = NULL };

	if (m->base.season > 0)
		v.season = arena_printf(&m->show->arena, "%lld",
		    (long long)m->base.season);
	v.tag = m->base.tag;
	(void)make(m, v);
}

/* ---- tokens ---- */

static void
take_token(struct making *m, const char *file, unsigned line, const char *p,
    struct strmap *known)
{
	struct show_feed *f = &m->base;
	size_t len = strcspn(p, " \t\r");
	const char *token = arena_strndup(&m->show->arena, p, len);
	const char *bad = NULL;

	if (!feeds_is_token(token))
		bad = "a token is 16 or more letters, digits, - and _, and "
		    "128 at the most; `openssl rand -hex 16` makes one";
	else if (f->ntokens == FEEDS_TOKENS_MAX)
		bad = "10000 tokens are the most";
	else if (strmap_put(known, token, line) != STRMAP_NONE)
		bad = "this token stands there twice";
	if (bad != NULL)
		finding_add(m->to, SEV_ERROR, "feed-token", file, line, "%s",
		    bad);
	else
		f->tokens[f->ntokens++] = token;
}

/* A word on each line, and what one likes behind it. */
static void
read_tokens(struct making *m, const char *file)
{
	struct strmap known = STRMAP_INIT;
	struct err err = ERR_INIT;
	struct buf text;
	unsigned line = 0;
	char *p, *end;

	buf_init(&text, TOKENS_FILE_MAX);
	m->base.tokens = arena_array(&m->show->arena, FEEDS_TOKENS_MAX,
	    sizeof(*m->base.tokens));
	if (fs_check_secret(file, &err) != 0) {
		err_at(&err, file, 0);
		finding_err(m->to, "feed-token", &err);
	} else if (fs_read(file, TOKENS_FILE_MAX, &text, NULL, &err) != 0) {
		finding_err(m->to, "feed-token", &err);
	}
	if (text.len > 0 && strlen(text.data) != text.len)
		finding_add(m->to, SEV_ERROR, "feed-token", file, 0, "there is "
		    "a NUL in it; it must be a file of text");
	for (p = text.data; p != NULL && *p != '\0'; p = end) {
		end = p + strcspn(p, "\n");
		if (*end != '\0')
			*end++ = '\0';
		line++;
		p += strspn(p, " \t\r");
		if (*p != '\0' && *p != '#')
			take_token(m, file, line, p, &known);
	}
	strmap_release(&known);
	buf_release(&text);
}

/* What the section says that does not differ from feed to feed. */
static void
take_section(struct making *m)
{
	const struct options *o = m->o;
	struct show_feed *f = &m->base;
	const char *items = options_text(o, "items");
	const char *history = options_text(o, "history");

	f->name = o->section;
	f->line = o->line;
	f->format = format_of(options_text(o, "format"));
	f->audio = options_text(o, "audio");
	if (!is_each(o, "tag"))
		f->tag = options_text(o, "tag");
	if (options_text(o, "season") != NULL)
		f->season = season_of(options_text(o, "season"));
	f->items = items == NULL ? m->show->items :
	    (size_t)options_number(o, "items");
	f->history = history == NULL ? m->show->history : history_of(history);
	f->each = is_each(o, "season") || is_each(o, "tag");
	if (f->history == FEEDS_COMPLETE && f->items > 0)
		wrong(o, history != NULL ? "history" : "items", m->to, "a "
		    "complete feed has all episodes; `items` must be", "0");
}

static void
expand(struct show *s, const struct options *o, int64_t now,
    struct findings *to)
{
	struct making m = { .show = s, .o = o, .to = to, .now = now };
	const char *tokens = options_text(o, "tokens");

	/* Told already. */
	if (options_text(o, "url") == NULL)
		return;
	take_section(&m);
	if (tokens != NULL)
		read_tokens(&m, tokens);
	if (is_each(o, "season"))
		make_seasons(&m);
	else if (is_each(o, "tag"))
		make_tags(&m);
	else
		make_one(&m);
}

/* Whether it wants the episodes, or another file. */
static bool
is_late(const struct options *o)
{
	return is_each(o, "season") || is_each(o, "tag") ||
	    options_text(o, "tokens") != NULL;
}

void
feeds_options(struct show *s, const struct options *o, struct findings *to)
{
	size_t i;

	s->history = history_of(options_text(o, "history"));
	if (s->history == FEEDS_COMPLETE && s->items > 0)
		finding_add(to, SEV_ERROR, "option-value", s->file,
		    options_line(o, "history"), "history = complete says that "
		    "the feed has all episodes, and `items` leaves some out; "
		    "take one of them out");
	s->feeds = arena_array(&s->arena, FEEDS_MAX, sizeof(*s->feeds));
	if (s->feed_url != NULL)
		add_main(s, FEED_RSS, s->feed_url, s->rss, "feed_url");
	add_main(s, FEED_ATOM, s->atom_url, s->atom, "atom_url");
	add_main(s, FEED_JSON, s->json_url, s->json, "json_url");
	for (i = 0; i < o->nsections; i++) {
		check_section(&s->arena, o->sections[i], to);
		if (!is_late(o->sections[i]))
			expand(s, o->sections[i], 0, to);
	}
}

/* ---- for a build ---- */

void
feeds_expand(struct show *s, int64_t now, struct findings *to)
{
	size_t i;

	for (i = 0; s->options != NULL && i < s->options->nsections; i++)
		if (is_late(s->options->sections[i]))
			expand(s, s->options->sections[i], now, to);
	feeds_find(s, to);
}
