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

static void
keep_err(void *ctx, const struct finding *f)
{
	struct err *err = ctx;

	if (err->kind != ERR_NONE)
		return;
	err_set(err, ERR_INPUT, "%s", f->text);
	err_at(err, f->file, f->line);
}

static int
take_rows(struct arena *a, const struct csv_table *t, const char *file,
    struct history *out, struct err *err)
{
	int at[COLUMNS];
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
	for (i = 0; i < t->nrows; i++) {
		const char **f = t->row[i].field;

		if (f[at[GUID]][0] == '\0') {
			err_set(err, ERR_INPUT, "there is no guid");
			return err_at(err, file, t->row[i].line);
		}
		out->row[out->n++] = (struct history_row){ t->row[i].line,
			f[at[GUID]], f[at[NUMBER]], f[at[FIRST]],
			f[at[ENCLOSURE]], f[at[TITLE]] };
	}
	return 0;
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
		struct history_row *r = &out->row[out->n];
		const char *id = feed_doc_id(it);

		if (id == NULL)
			continue;
		date_rfc3339(&it->date.date, when);
		r->guid = arena_strdup(a, id);
		r->number = it->episode > 0 ? arena_printf(a, "%lld",
		    (long long)it->episode) : "";
		r->first = it->date.known ? arena_strdup(a, when) : "";
		r->enclosure = it->nenclosures == 0 ? "" :
		    media_prefix_strip(a, arena_strdup(a,
		    it->enclosures[0].url));
		r->title = it->title != NULL ? arena_strdup(a, it->title) : "";
		out->n++;
	}
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

static void
add_episode(struct arena *a, const struct history_check *c,
    const struct episode *e, const struct strmap *known, struct buf *out)
{
	size_t i = strmap_get(known, e->guid);
	struct date at = { c->at, 0 };
	char now[DATE_TEXT_MAX];
	struct history_row r;

	date_rfc3339(&at, now);
	r.first = i == STRMAP_NONE ? now : c->was->row[i].first;
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
	struct strmap known;	/* rows by guid */
	struct strmap shown;	/* episodes of the feed by guid */
	struct buf *out;
};

/* Rows from number i on that are not in the feed and must not be forgotten,
 * up to the next that is. */
static void
add_rows(const struct rewriting *w, size_t i)
{
	const struct history *was = w->c->was;

	for (; i < was->n; i++) {
		const struct history_row *r = &was->row[i];

		if (strmap_get(&w->shown, r->guid) != STRMAP_NONE)
			break;
		if (w->c->lacks || history_time(r->first) > w->c->at)
			add_row(w->out, r);
	}
}

void
history_write(struct arena *a, const struct history_check *c, struct buf *out)
{
	struct rewriting w = { .c = c, .out = out };
	const struct show *s = c->show;
	size_t i, row;

	for (i = 0; i < COLUMNS; i++)
		buf_addf(out, "%s%c", columns[i], i + 1 < COLUMNS ? '\t' :
		    '\n');
	for (i = 0; i < c->was->n; i++)
		strmap_put(&w.known, c->was->row[i].guid, i);
	for (i = 0; i < s->nepisodes; i++)
		if (history_is_in(c, &s->episodes[i]))
			strmap_put(&w.shown, s->episodes[i].guid, i);
	/* Each keeps its place behind the one that was before it. */
	add_rows(&w, 0);
	for (i = s->nepisodes; i-- > 0;) {
		if (!history_is_in(c, &s->episodes[i]))
			continue;
		add_episode(a, c, &s->episodes[i], &w.known, out);
		row = strmap_get(&w.known, s->episodes[i].guid);
		if (row != STRMAP_NONE)
			add_rows(&w, row + 1);
	}
	strmap_release(&w.known);
	strmap_release(&w.shown);
}
