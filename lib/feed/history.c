/* The table itself. */
#include "feed/history_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "show/media_prefix.h"
#include "text/csv.h"

#define HISTORY_MAX ((size_t)64 << 20)	/* bytes */

enum { GUID, NUMBER, FIRST, ENCLOSURE, TITLE, COLUMNS };
static const char *const columns[COLUMNS] = {
	"guid", "number", "first_published", "enclosure", "title"
};

unsigned
history_allowed(const char *word)
{
	static const struct {
		const char *word;
		unsigned bit;
	} words[] = {
		{ "gone", HISTORY_GONE }, { "guid", HISTORY_GUID },
		{ "enclosure", HISTORY_ENCLOSURE }, { "order", HISTORY_ORDER },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].bit;
	return 0;
}

bool
history_is_in(const struct history_check *c, const struct episode *e)
{
	return e->media_known && show_is_due(e, c->at);
}

int64_t
history_time(const char *text)
{
	struct err ignored = ERR_INIT;
	struct date d;

	return date_parse(text, NULL, 0, &d, &ignored) == 0 ? d.t : INT64_MIN;
}

const char *
history_enclosure(struct arena *a, const struct episode *e)
{
	return media_prefix_strip(a, e->audio.url);
}

bool
history_has_unread(const struct history_check *c)
{
	const struct show *s = c->show;
	struct strmap read = STRMAP_INIT;
	bool any = false;
	size_t i;

	for (i = 0; i < s->nepisodes; i++)
		(void)strmap_put(&read, s->episodes[i].file, i);
	for (i = 0; i < s->nleft_out && !any; i++)
		any = strmap_get(&read, s->left_out[i]) == STRMAP_NONE;
	strmap_release(&read);
	return any;
}

void
history_index(struct arena *a, const struct history_check *c,
    struct history_index *x)
{
	const struct show *s = c->show;
	size_t i;

	memset(x, 0, sizeof(*x));
	for (i = 0; i < s->nepisodes; i++) {
		const struct episode *e = &s->episodes[i];

		(void)strmap_put(&x->by_guid, e->guid, i);
		if (history_is_in(c, e))
			(void)strmap_put(&x->by_enclosure,
			    history_enclosure(a, e), i);
	}
	for (i = 0; i < c->was->n; i++) {
		const struct history_row *r = &c->was->row[i];

		(void)strmap_put(&x->was_guid, r->guid, i);
		if (r->enclosure[0] != '\0')
			(void)strmap_put(&x->was_enclosure, r->enclosure, i);
	}
}

void
history_index_release(struct history_index *x)
{
	strmap_release(&x->by_guid);
	strmap_release(&x->by_enclosure);
	strmap_release(&x->was_guid);
	strmap_release(&x->was_enclosure);
}

const struct episode *
history_episode(const struct history_check *c, const struct history_index *x,
    const struct history_row *r)
{
	size_t i = strmap_get(&x->by_guid, r->guid);

	return i == STRMAP_NONE ? NULL : &c->show->episodes[i];
}

const struct episode *
history_renamed(const struct history_check *c, const struct history_index *x,
    const struct history_row *r)
{
	const struct show *s = c->show;
	size_t i = strmap_get(&x->by_enclosure, r->enclosure);

	if (r->enclosure[0] != '\0' && i != STRMAP_NONE)
		return strmap_get(&x->was_guid, s->episodes[i].guid) ==
		    STRMAP_NONE ? &s->episodes[i] : NULL;
	for (i = 0; i < s->nepisodes && r->number[0] != '\0'; i++) {
		const struct episode *e = &s->episodes[i];

		if (history_is_in(c, e) && e->number == strtoll(r->number,
		    NULL, 10) && strcmp(e->title, r->title) == 0 &&
		    strmap_get(&x->was_guid, e->guid) == STRMAP_NONE)
			return e;
	}
	return NULL;
}

static void
keep_err(void *ctx, const struct finding *f)
{
	struct err *err = ctx;

	if (err->kind != ERR_NONE)
		return;
	err_set(err, ERR_INPUT, "%s", f->text);
	err_at(err, f->file, f->line);
}

/* A merge of two branches may leave an episode twice: its place is that of the
 * first row, and its time the earlier one. */
static void
add_known(struct history *out, struct strmap *seen,
    const struct history_row *r)
{
	size_t i = strmap_get(seen, r->guid);

	if (i == STRMAP_NONE) {
		(void)strmap_put(seen, r->guid, out->n);
		out->row[out->n++] = *r;
	} else if (history_time(r->first) < history_time(out->row[i].first)) {
		out->row[i].first = r->first;
	}
}

static bool
is_merge_mark(const char *text)
{
	static const char *const marks[] = {
		"<<<<<<<", "|||||||", "=======", ">>>>>>>"
	};
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strncmp(text, marks[i], 7) == 0 &&
		    (text[7] == ' ' || text[7] == '\0'))
			return true;
	return false;
}

static int
check_guid(const char *guid, struct err *err)
{
	if (guid[0] == '\0')
		return err_set(err, ERR_INPUT, "there is no guid");
	if (is_merge_mark(guid))
		return err_set(err, ERR_INPUT, "`%.7s` is the mark of a merge "
		    "that did not end; keep the rows of both sides, and take "
		    "the marks out", guid);
	return 0;
}

static int
take_rows(struct arena *a, const struct csv_table *t, const char *file,
    struct history *out, struct err *err)
{
	struct strmap seen = STRMAP_INIT;
	int at[COLUMNS], rc = 0;
	size_t i;

	for (i = 0; i < COLUMNS; i++) {
		at[i] = csv_column(t, columns[i]);
		if (at[i] >= 0)
			continue;
		err_set(err, ERR_INPUT, "has no column `%s`; this table is "
		    "written by feed build", columns[i]);
		return err_at(err, file, 1);
	}
	out->row = arena_array(a, t->nrows, sizeof(*out->row));
	for (i = 0; i < t->nrows && rc == 0; i++) {
		const char **f = t->row[i].field;

		rc = check_guid(f[at[GUID]], err);
		if (rc == 0 && f[at[FIRST]][0] != '\0' &&
		    history_time(f[at[FIRST]]) == INT64_MIN)
			rc = err_set(err, ERR_INPUT, "`%s` is no time; write "
			    "one such as 2026-01-05T00:00:00Z, or nothing",
			    f[at[FIRST]]);
		if (rc != 0)
			(void)err_at(err, file, t->row[i].line);
		else
			add_known(out, &seen, &(struct history_row){
			    t->row[i].line, f[at[GUID]], f[at[NUMBER]],
			    f[at[FIRST]], f[at[ENCLOSURE]], f[at[TITLE]] });
	}
	strmap_release(&seen);
	return rc;
}

int
history_read(struct arena *a, const char *file, struct history *out,
    struct err *err)
{
	struct err told = ERR_INIT;
	struct findings to = { .report = keep_err, .ctx = &told };
	struct csv_table t;
	struct buf text;
	int rc = -1;

	memset(out, 0, sizeof(*out));
	out->file = file;
	if (!fs_is_file(file) && !fs_is_dir(file) && !fs_is_lost(file))
		return 0;
	buf_init(&text, HISTORY_MAX);
	if (fs_read(file, HISTORY_MAX, &text, NULL, err) == 0) {
		if (!csv_read(a, file, text.data, text.len, &t, &to) ||
		    to.errors > 0)
			*err = told;
		else
			rc = take_rows(a, &t, file, out, err);
	}
	buf_release(&text);
	return rc;
}

/* Items are newest first, as a rule; sorted by date in any case. */
static int
by_date(const void *a, const void *b)
{
	const struct feed_doc_item *const *x = a, *const *y = b;

	if ((*x)->date.date.t != (*y)->date.date.t)
		return (*x)->date.date.t < (*y)->date.date.t ? -1 : 1;
	return (*x < *y) - (*x > *y);
}

void
history_of_feed(struct arena *a, const struct feed_doc *d, const char *file,
    struct history *out)
{
	const struct feed_doc_item **item = arena_array(a, d->nitems,
	    sizeof(*item));
	struct strmap seen = STRMAP_INIT;
	char when[DATE_TEXT_MAX];
	size_t i;

	memset(out, 0, sizeof(*out));
	out->file = file;
	for (i = 0; i < d->nitems; i++)
		item[i] = &d->items[i];
	if (d->nitems > 1)
		qsort(item, d->nitems, sizeof(*item), by_date);
	out->row = arena_array(a, d->nitems, sizeof(*out->row));
	for (i = 0; i < d->nitems; i++) {
		const struct feed_doc_item *it = item[i];
		struct history_row r = { 0 };
		const char *id = feed_doc_id(it);

		if (id == NULL)
			continue;
		date_rfc3339(&it->date.date, when);
		r.guid = arena_strdup(a, id);
		r.number = it->episode > 0 ? arena_printf(a, "%lld",
		    (long long)it->episode) : "";
		r.first = it->date.known ? arena_strdup(a, when) : "";
		r.enclosure = it->nenclosures == 0 ? "" :
		    media_prefix_strip(a, arena_strdup(a,
		    it->enclosures[0].url));
		r.title = it->title != NULL ? arena_strdup(a, it->title) : "";
		add_known(out, &seen, &r);
	}
	strmap_release(&seen);
}

/* A field of the table: texts have no tabs or line breaks where they come
 * from. */
static void
add_field(struct buf *out, const char *text, bool last)
{
	if (strchr(text, '"') != NULL || text[strspn(text, " ")] == '\0' ||
	    text[0] == ' ')
		csv_add(out, text);
	else
		buf_adds(out, text);
	buf_addc(out, last ? '\n' : '\t');
}

static void
add_row(struct buf *out, const struct history_row *r)
{
	add_field(out, r->guid, false);
	add_field(out, r->number, false);
	add_field(out, r->first, false);
	add_field(out, r->enclosure, false);
	add_field(out, r->title, true);
}

/* was: the row that it had, or NULL. */
static void
add_episode(struct arena *a, const struct history_check *c,
    const struct episode *e, const struct history_row *was,
    struct buf *out)
{
	struct date at = { c->at, 0 };
	char now[DATE_TEXT_MAX];
	struct history_row r;

	date_rfc3339(&at, now);
	/* To players one with another guid is new. */
	r.first = was == NULL || strcmp(was->guid, e->guid) != 0 ? now :
	    was->first;
	/* It was shown earlier than was known. */
	if (r.first[0] == '\0' || history_time(r.first) > c->at)
		r.first = now;
	r.guid = e->guid;
	r.number = e->number > 0 ? arena_printf(a, "%lld",
	    (long long)e->number) : "";
	r.enclosure = history_enclosure(a, e);
	r.title = e->title;
	add_row(out, &r);
}

/* The old rows, and what becomes of them. */
struct rewriting {
	const struct history_check *c;
	struct history_index x;
	bool unread;	/* see history_has_unread() */
	size_t *row;	/* of each episode; STRMAP_NONE: none */
	bool *owned;	/* whether a row is that of an episode */
	struct buf *out;
};

/* Who gets another guid with leave keeps its place. */
static void
find_rows(struct arena *a, struct rewriting *w)
{
	const struct history_check *c = w->c;
	const struct history *was = c->was;
	size_t i;

	w->row = arena_array(a, c->show->nepisodes, sizeof(*w->row));
	w->owned = arena_array(a, was->n, sizeof(*w->owned));
	for (i = 0; i < c->show->nepisodes; i++)
		w->row[i] = STRMAP_NONE;
	for (i = 0; i < was->n; i++) {
		const struct episode *e = history_episode(c, &w->x,
		    &was->row[i]);

		if (e == NULL && (c->allow & HISTORY_GUID) != 0)
			e = history_renamed(c, &w->x, &was->row[i]);
		w->owned[i] = e != NULL;
		if (e != NULL)
			w->row[e - c->show->episodes] = i;
	}
}

/* Rows from number i on of which there are no notes, and which must not be
 * forgotten, up to the next of which there are. */
static void
add_rows(const struct rewriting *w, size_t i)
{
	const struct history *was = w->c->was;

	for (; i < was->n && !w->owned[i]; i++)
		if (w->unread || history_time(was->row[i].first) > w->c->at)
			add_row(w->out, &was->row[i]);
}

void
history_write(struct arena *a, const struct history_check *c, struct buf *out)
{
	struct rewriting w = { .c = c, .out = out };
	const struct show *s = c->show;
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		buf_addf(out, "%s%c", columns[i], i + 1 < COLUMNS ? '\t' :
		    '\n');
	history_index(a, c, &w.x);
	w.unread = history_has_unread(c);
	find_rows(a, &w);
	/* Each keeps its place behind the one that was before it. */
	add_rows(&w, 0);
	for (i = s->nepisodes; i-- > 0;) {
		const struct episode *e = &s->episodes[i];
		const struct history_row *r = w.row[i] == STRMAP_NONE ? NULL :
		    &c->was->row[w.row[i]];

		/* One that is due and has an error comes back; one that was
		 * let go is past. */
		if (history_is_in(c, e))
			add_episode(a, c, e, r, out);
		else if (r != NULL && (show_is_due(e, c->at) ||
		    history_time(r->first) > c->at))
			add_row(out, r);
		if (r != NULL)
			add_rows(&w, w.row[i] + 1);
	}
	history_index_release(&w.x);
}
