/* The plan as a show.ini, and what comes of it. */
#include <string.h>

#include "base/fs.h"
#include "show/init_int.h"
#include "show/show.h"

static void
add_line(struct init_plan *p, const char *key, const char *value,
    const char *why, unsigned kind)
{
	struct init_line *l;

	if (p->nlines == INIT_LINES_MAX)
		return;
	l = &p->line[p->nlines++];
	memset(l, 0, sizeof(*l));
	l->key = key;
	l->value = value;
	l->why = why;
	l->off = kind == 1 || kind == 2;
	l->must = kind == 2;
	l->field = kind == 3;
}

void
init_heading(struct init_plan *p, const char *text)
{
	add_line(p, NULL, text, NULL, 0);
}

void
init_found(struct init_plan *p, const char *key, const char *value,
    const char *why)
{
	add_line(p, key, value, why, 0);
}

void
init_off(struct init_plan *p, const char *key, const char *value,
    const char *why)
{
	add_line(p, key, value, why, 1);
}

void
init_must(struct init_plan *p, const char *key, const char *value,
    const char *why)
{
	add_line(p, key, value, why, 2);
}

void
init_field(struct init_plan *p, const char *key, const char *value,
    const char *why)
{
	add_line(p, key, value, why, 3);
}

void
init_look_at(struct init_plan *p, const char *key, const char *what)
{
	size_t i;

	for (i = 0; i < p->nlines; i++)
		if (p->line[i].key != NULL && strcmp(p->line[i].key,
		    key) == 0)
			p->line[i].look = what;
}

static void
add_text(struct buf *b, unsigned *n, const char *text)
{
	buf_adds(b, text);
	buf_addc(b, '\n');
	++*n;
}

/* Names of files may have line breaks in them. */
static const char *
clean(struct arena *a, const char *text)
{
	char *out = arena_strdup(a, text);

	err_clean(out);
	return out;
}

/* Comments are broken at blanks. */
static void
add_comment(struct arena *a, struct buf *b, unsigned *n, const char *text)
{
	size_t len, cut;

	text = clean(a, text);
	while (*text != '\0') {
		len = strlen(text);
		if (len > 76) {
			for (cut = 76; cut > 0 && text[cut] != ' '; cut--)
				;
			if (cut == 0)
				cut = strcspn(text, " ");
			len = cut;
		}
		buf_adds(b, "# ");
		buf_add(b, text, len);
		add_text(b, n, "");
		text += len + strspn(text + len, " ");
	}
}

/* A heading that nothing follows. */
static bool
is_empty(const struct init_plan *p, size_t i)
{
	if (p->line[i].key != NULL)
		return false;
	for (i++; i < p->nlines && p->line[i].field; i++)
		;
	return i == p->nlines || p->line[i].key == NULL;
}

static void
add_lines(struct arena *a, struct init_plan *p, struct buf *b, unsigned *n,
    bool fields)
{
	size_t i;

	for (i = 0; i < p->nlines; i++) {
		struct init_line *l = &p->line[i];

		if (l->field != fields || is_empty(p, i))
			continue;
		/* Lines of one key belong together. */
		if (l->why != NULL || i == 0 || p->line[i - 1].key == NULL ||
		    l->key == NULL || strcmp(p->line[i - 1].key, l->key) != 0)
			add_text(b, n, "");
		if (l->key == NULL) {
			add_text(b, n, arena_printf(a, "# ---- %s", l->value));
			continue;
		}
		if (l->why != NULL)
			add_comment(a, b, n, l->why);
		l->line = *n + 1;
		add_text(b, n, arena_printf(a, "%s%s =%s%s", l->off ? "#" : "",
		    l->key, l->value != NULL ? " " : "", l->value != NULL ?
		    clean(a, l->value) : ""));
	}
}

static void
write_plan(struct arena *a, struct init_plan *p, struct buf *b)
{
	unsigned n = 0;
	size_t i;

	add_comment(a, b, &n, arena_printf(a, "As `showmill init` found the "
	    "show in %s. What a person must know stands as `#key =`. "
	    "showmill-config(5) explains every key.", p->kind));
	add_lines(a, p, b, &n, false);
	for (i = 0; i < p->nlines && !p->line[i].field; i++)
		;
	if (i == p->nlines)
		return;
	add_text(b, &n, "");
	add_comment(a, b, &n, "the facts that stand under keys of their own");
	add_text(b, &n, "[fields]");
	add_lines(a, p, b, &n, true);
}

struct doubts {
	struct arena *a;
	struct init_plan *plan;
	bool changed;
};

/* What show.ini would not take is no proposal. */
static void
put_off(void *ctx, const struct finding *f)
{
	struct doubts *d = ctx;
	size_t i;

	for (i = 0; f->severity == SEV_ERROR && f->line > 0 &&
	    i < d->plan->nlines; i++) {
		struct init_line *l = &d->plan->line[i];

		if (l->line != f->line || l->off || l->key == NULL)
			continue;
		l->off = true;
		l->must = strcmp(l->key, "title") == 0 ||
		    strcmp(l->key, "link") == 0 ||
		    strcmp(l->key, "feed_url") == 0 ||
		    strcmp(l->key, "description") == 0;
		l->why = arena_printf(d->a, "%s%s%s", l->why != NULL ? l->why :
		    "", l->why != NULL ? ": " : "", f->text);
		d->changed = true;
	}
}

void
init_text(struct arena *a, struct init_plan *p, struct buf *out)
{
	struct doubts d = { a, p, true };
	struct findings to = { .report = put_off, .ctx = &d };
	unsigned rounds;

	for (rounds = 0; d.changed && rounds < 8; rounds++) {
		d.changed = false;
		buf_clear(out);
		write_plan(a, p, out);
		show_free(show_from_text(p->show, out->data, out->len, &to));
	}
}

/* The required keys that are still to be filled in. */
static void
fill_in(const struct init_plan *p, struct buf *text)
{
	static const char *const keys[][2] = {
		{ "title", "?" }, { "description", "?" },
		{ "link", "https://example.org/" },
		{ "feed_url", "https://example.org/feed.xml" }
	};
	struct buf head;
	size_t i, k;

	buf_init(&head, 0);
	for (i = 0; i < 4; i++)
		for (k = 0; k < p->nlines; k++)
			if (p->line[k].key != NULL && p->line[k].off &&
			    strcmp(p->line[k].key, keys[i][0]) == 0)
				buf_addf(&head, "%s = %s\n", keys[i][0],
				    keys[i][1]);
	buf_add(&head, text->data, text->len);
	buf_release(text);
	*text = head;
}

struct problems {
	struct arena *a;
	struct init_outlook *out;
};

static void
note_problem(void *ctx, const struct finding *f)
{
	struct problems *p = ctx;
	struct init_outlook *o = p->out;

	o->ntwins += strcmp(f->rule, "episode-guid-twice") == 0;
	if (f->severity != SEV_ERROR || o->nproblems == INIT_PROBLEMS_MAX)
		return;
	o->problem[o->nproblems++] = clean(p->a, f->line > 0 ?
	    arena_printf(p->a, "%s:%u: %s", f->file, f->line, f->text) :
	    arena_printf(p->a, "%s: %s", f->file != NULL ? f->file : "-",
	    f->text));
}

/* Episodes without audio are read, but no feed takes them. */
static void
count_silent(struct findings *to, const struct show *s,
    struct init_outlook *out)
{
	size_t i;

	for (i = 0; i < s->nepisodes; i++) {
		const struct episode *e = &s->episodes[i];

		if (e->draft || e->audio.url != NULL || e->audio.file != NULL)
			continue;
		finding_add(to, SEV_ERROR, "episode-audio", e->file, e->line,
		    "the episode has no audio");
		out->nread--;
		out->nbad++;
		out->nsilent++;
	}
}

void
init_outlook(struct arena *a, const struct init_plan *p,
    struct init_outlook *out)
{
	struct problems problems = { a, out };
	struct findings to = { .report = note_problem, .ctx = &problems };
	struct init_plan copy = *p;
	struct show *s;
	struct buf text;

	memset(out, 0, sizeof(*out));
	buf_init(&text, 0);
	write_plan(a, &copy, &text);
	fill_in(p, &text);
	s = show_from_text(p->show, text.data, text.len, &to);
	if (s != NULL && show_read_episodes(s, &to)) {
		out->nread = s->nepisodes;
		out->nbad = s->nleft_out;
		count_silent(&to, s, out);
	}
	show_free(s);
	buf_release(&text);
}

void
init_settle_guids(struct arena *a, struct init_plan *p)
{
	const char *tries[] = {
		arena_printf(a, "%s-s{season}e{number}", p->slug), "{audio}"
	};
	struct init_outlook before, after;
	struct init_line *l = p->line, old;
	size_t i;

	while (l < p->line + p->nlines && (l->key == NULL || !l->off ||
	    strcmp(l->key, "episode_guid") != 0))
		l++;
	init_outlook(a, p, &before);
	/* A few are a slip of those who wrote them. */
	if (l == p->line + p->nlines ||
	    20 * before.ntwins <= before.nread + before.nbad)
		return;
	old = *l;
	for (i = 0; i < 2; i++) {
		l->off = false;
		l->value = tries[i];
		l->why = "numbers occur several times, and guids are made of "
		    "them; when the episodes are in a feed already, its guids "
		    "must stay: write their pattern";
		init_outlook(a, p, &after);
		if (after.nbad < before.nbad)
			return;
		*l = old;
	}
}
