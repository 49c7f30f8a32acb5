#include "show/episode_write.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "show/episode.h"
#include "show/episode_files.h"
#include "show/episode_form.h"
#include "show/episode_place.h"
#include "show/media_type.h"
#include "text/csv_edit.h"
#include "text/front_edit.h"
#include "text/markdown.h"

#define NOTES_MAX (MARKDOWN_MAX + FRONT_MAX)

/* In the order in which they are told. */
enum { LENGTH, DURATION, TYPE, FACTS };
static const char *const names[FACTS] = { "length", "duration", "type" };

/* The cells of a row that are to be written. */
struct cells {
	struct cells *next;
	unsigned line;
	struct csv_cell cell[FACTS];
	size_t n;
	const char *what;	/* for told */
};

struct sheet {
	struct sheet *next;
	const struct table *table;
	struct cells *first, **last;
	size_t n;
};

struct episode_writer {
	struct arena arena;
	bool dry_run;
	void (*told)(void *ctx, const char *file, unsigned line,
	    const char *what);
	void *ctx;
	struct sheet *sheets, **last;
	struct fs_stamp *written;	/* of the notes that it wrote itself */
	size_t nwritten;
};

/* One episode. */
struct work {
	struct episode_writer *w;
	const struct show *show;
	const struct episode *e;
	const struct media *media;
	const struct episode_truth *truth;
	struct arena *a;
	struct buf text, next;
	struct front front;
	bool beside_table;	/* the audio is named in the row */
	const char *change[FACTS];	/* of the notes, for told; NULL: none */
	const char *cell_change[FACTS];	/* of the table */
	struct csv_cell cell[FACTS];	/* by fact; value NULL: none */
	bool notes_changed;
};

struct episode_writer *
episode_writer_new(bool dry_run, void (*told)(void *ctx, const char *file,
    unsigned line, const char *what), void *ctx)
{
	struct episode_writer *w = xcalloc(1, sizeof(*w));

	w->dry_run = dry_run;
	w->told = told;
	w->ctx = ctx;
	w->last = &w->sheets;
	return w;
}

void
episode_writer_free(struct episode_writer *w)
{
	if (w == NULL)
		return;
	arena_release(&w->arena);
	free(w->written);
	free(w);
}

/* The value in the form that it had, or NULL: it is said, or not known. */
static const char *
value_of(const struct work *k, int fact, const char *was)
{
	const struct episode_truth *t = k->truth;

	if (fact == LENGTH)
		return t->length <= 0 ? NULL :
		    episode_form_length(k->a, was, t->length);
	if (fact == DURATION)
		return t->duration_ms < 0 ? NULL :
		    episode_form_duration(k->a, was, t->duration_ms);
	if (t->type == NULL || media_type_of(t->type) != MEDIA_TYPE_SOUND)
		return NULL;
	return episode_form_type(k->a, was, t->type);
}

/* Whether the ending of the audio's name says what type it is. */
static bool
is_told_by_name(const struct work *k)
{
	const struct media *m = k->media;
	const char *type = media_type_by_name(m->file != NULL ? m->file :
	    m->url != NULL ? m->url : "");

	return type != NULL && media_type_agrees(type, k->truth->type);
}

static const char *
change_of(struct work *k, const char *name, const char *was,
    const char *value)
{
	bool said = was != NULL && was[0] != '\0';

	return arena_printf(&k->w->arena, "%s %s%s%s", name,
	    said ? was : "", said ? " → " : "", value);
}

static int
read_front(struct work *k, struct err *err)
{
	if (front_read(k->a, k->text.data, k->text.len, &k->front, err) != 0)
		return err_at(err, k->e->file, err->line);
	return 0;
}

static int
misunderstood(int fact, const char *key, const char *value, struct err *err)
{
	return err_set(err, ERR_INPUT, "`%s: %s` would not be understood as "
	    "the %s; tell another key by `%s = NAME` in [fields] of show.ini",
	    key, value, names[fact], names[fact]);
}

/* The map that the file has in a list; NULL: it is named plainly. */
static const struct node *
entry_of(const struct work *k)
{
	const struct node *n = k->media->entry == 0 ? NULL :
	    episode_files_entry(k->show->rules->fields, k->front.map, k->a,
	    k->media->entry);

	return n != NULL && n->kind == NODE_MAP ? n : NULL;
}

/* The place in the file's own map; at NULL: nothing is said there. */
static void
place_in(const struct work *k, int fact, const struct node *map,
    struct episode_place *out)
{
	const struct node *file = episode_files_find(map, "file");

	memset(out, 0, sizeof(*out));
	if (file == NULL)
		file = episode_files_find(map, "url");
	out->at = episode_files_find(map, names[fact]);
	out->was = out->at == NULL ? NULL : out->at->kind == NODE_TEXT ?
	    out->at->text : "";
	out->map = map;
	out->behind = file;
	out->key = names[fact];
	out->name = arena_printf(k->a, "%s of %s", out->at != NULL ?
	    out->at->key : names[fact], file != NULL && file->kind ==
	    NODE_TEXT ? file->text : "audio");
}

/* Where the notes say the fact; false: nowhere. What stands beside a list is
 * said of the audio alone. */
static bool
find_place(const struct work *k, int fact, struct episode_place *out)
{
	const struct node *map = entry_of(k);

	if (map != NULL) {
		place_in(k, fact, map, out);
		if (out->at != NULL)
			return true;
	}
	return k->media == &k->e->audio && episode_place_find(
	    k->show->rules->fields, names[fact], k->front.map, k->a, out);
}

/* Keys are told apart by what their values look like: a small size may be a
 * duration under the key of a large one. */
static int
check_found(const struct work *k, int fact, const struct episode_place *p,
    const char *value, struct err *err)
{
	struct episode_place is;

	if (find_place(k, fact, &is) && strcmp(is.was, value) == 0)
		return 0;
	(void)misunderstood(fact, p->name, value, err);
	return err_at(err, k->e->file, p->at != NULL ? p->at->line :
	    k->e->line);
}

/* Sets what a place tells; the text that comes out is the work's new one. */
static int
set_in_front(struct work *k, int fact, const struct episode_place *p,
    const char *value, struct err *err)
{
	struct buf was;
	int rc;

	buf_clear(&k->next);
	rc = p->at != NULL ? front_edit_value(k->text.data, k->text.len,
	    &k->front, p->at, value, &k->next, err) :
	    front_edit_add(k->text.data, k->text.len, &k->front, p->map,
	    p->behind, p->key, value, &k->next, err);
	if (rc != 0)
		return err_at(err, k->e->file, err->line);
	was = k->text;
	k->text = k->next;
	k->next = was;
	k->notes_changed = true;
	k->change[fact] = change_of(k, p->name, p->was, value);
	return read_front(k, err) != 0 ? -1 :
	    check_found(k, fact, p, value, err);
}

/* As check_found(); a column that is new bears the fact's own name. */
static bool
is_understood(const struct work *k, int fact, const char *column,
    const char *value)
{
	const struct csv_table *t = &k->show->rules->table->csv;
	const struct fields_fact *f = fields_get(k->show->rules->fields,
	    names[fact]);
	int at = csv_column(t, column);
	size_t i;

	if (at < 0 || at == f->column)
		return true;
	for (i = 0; i < f->npaths; i++)
		if (f->path[i].column == at && fields_passes(f->path[i].test,
		    value))
			return true;
	return false;
}

static int
set_in_row(struct work *k, int fact, const char *column, const char *was,
    const char *value, struct err *err)
{
	struct csv_cell *c = &k->cell[fact];

	if (!is_understood(k, fact, column, value)) {
		(void)misunderstood(fact, column, value, err);
		return err_at(err, k->show->rules->table->file,
		    k->e->row->line);
	}
	c->row = (size_t)(k->e->row - k->show->rules->table->csv.row);
	c->column = column;
	c->value = arena_strdup(&k->w->arena, value);
	k->cell_change[fact] = change_of(k, column, was, value);
	return 0;
}

/* The column in which a fact without a value is to stand: one that is there,
 * else a new one. */
static const char *
column_for(const struct work *k, int fact, const char *value)
{
	const struct fields_fact *f = fields_get(k->show->rules->fields,
	    names[fact]);
	const struct csv_table *t = &k->show->rules->table->csv;
	size_t i;

	if (f->column >= 0)
		return t->header[f->column];
	for (i = 0; i < f->npaths; i++)
		if (f->path[i].column >= 0 && fields_passes(f->path[i].test,
		    value) && k->e->row->field[f->path[i].column][0] == '\0')
			return t->header[f->path[i].column];
	return names[fact];
}

static int
no_place(const struct work *k, int fact, struct err *err)
{
	if (k->media != &k->e->audio)
		err_set(err, ERR_INPUT, "the file stands in a list by its mere "
		    "name; write `{file: NAME}` there, so that its %s can be "
		    "written", names[fact]);
	else if (k->front.language == FRONT_NONE && k->e->row == NULL)
		err_set(err, ERR_INPUT, "there is no front matter to which "
		    "the %s could be written; write --- on two lines of its "
		    "own at the head of the notes", names[fact]);
	else
		err_set(err, ERR_INPUT, "no key for the %s is free, as those "
		    "that are known have other values here; tell one by "
		    "`%s = NAME` in [fields] of show.ini", names[fact],
		    names[fact]);
	return err_at(err, k->e->file, k->media != &k->e->audio ?
	    k->media->line : k->e->line);
}

/* Nothing is said of the fact yet. */
static int
add_fact(struct work *k, int fact, struct err *err)
{
	const char *value = value_of(k, fact, NULL);
	const struct node *map = entry_of(k);
	struct episode_place p;

	if (value == NULL || (fact == TYPE && is_told_by_name(k)))
		return 0;
	if (map != NULL) {
		place_in(k, fact, map, &p);
		return set_in_front(k, fact, &p, value, err);
	}
	if (k->media != &k->e->audio)
		return no_place(k, fact, err);
	if (k->beside_table || (k->front.language == FRONT_NONE &&
	    k->e->row != NULL))
		return set_in_row(k, fact, column_for(k, fact, value), NULL,
		    value, err);
	if (k->front.language == FRONT_NONE || !episode_place_new(
	    k->show->rules->fields, names[fact], k->front.map, value, k->a,
	    &p))
		return no_place(k, fact, err);
	return set_in_front(k, fact, &p, value, err);
}

/* What is said of a fact is replaced; *missing: nothing is. */
static int
replace_fact(struct work *k, int fact, bool *missing, struct err *err)
{
	const struct fields *f = k->show->rules->fields;
	struct episode_place p;
	const char *value, *was = NULL, *column = NULL;

	*missing = false;
	if (find_place(k, fact, &p)) {
		value = value_of(k, fact, p.was);
		return value == NULL ? 0 : set_in_front(k, fact, &p, value,
		    err);
	}
	if (k->e->row != NULL && k->media == &k->e->audio)
		was = fields_cell(fields_get(f, names[fact]),
		    &k->show->rules->table->csv, k->e->row, &column);
	*missing = was == NULL;
	value = was != NULL ? value_of(k, fact, was) : NULL;
	return value == NULL ? 0 : set_in_row(k, fact, column, was, value,
	    err);
}

/* "length 100 → 69285, duration 0:08" */
static const char *
what_changed(struct work *k, const char *const change[FACTS])
{
	const char *text;
	struct buf b;
	int i;

	buf_init(&b, 0);
	for (i = 0; i < FACTS; i++)
		if (change[i] != NULL)
			buf_addf(&b, "%s%s", b.len > 0 ? ", " : "",
			    change[i]);
	err_clean(b.data);
	text = arena_strdup(&k->w->arena, b.data);
	buf_release(&b);
	return text;
}

static struct sheet *
sheet_of(struct episode_writer *w, const struct table *table)
{
	struct sheet *s;

	for (s = w->sheets; s != NULL; s = s->next)
		if (strcmp(s->table->file, table->file) == 0)
			return s;
	s = arena_alloc(&w->arena, sizeof(*s));
	s->table = table;
	s->last = &s->first;
	*w->last = s;
	w->last = &s->next;
	return s;
}

static void
keep_cells(struct work *k)
{
	struct cells *c = arena_alloc(&k->w->arena, sizeof(*c));
	struct sheet *s;
	int i;

	for (i = 0; i < FACTS; i++)
		if (k->cell[i].value != NULL)
			c->cell[c->n++] = k->cell[i];
	if (c->n == 0)
		return;
	s = sheet_of(k->w, k->show->rules->table);
	c->line = k->e->row->line;
	c->what = what_changed(k, k->cell_change);
	s->n += c->n;
	*s->last = c;
	s->last = &c->next;
}

static int
write_notes(struct work *k, struct err *err)
{
	struct episode_writer *w = k->w;

	if (fs_replace(k->e->file, k->text.data, k->text.len, 0666, NULL,
	    err) != 0)
		return -1;
	/* Grown by powers of two. */
	if ((w->nwritten & (w->nwritten + 1)) == 0)
		w->written = xreallocarray(w->written, 2 * (w->nwritten + 1),
		    sizeof(*w->written));
	if (fs_stamp(k->e->file, &w->written[w->nwritten], err) != 0)
		return -1;
	w->nwritten++;
	return 0;
}

static int
finish(struct work *k, struct err *err)
{
	if (k->notes_changed) {
		if (!k->w->dry_run && write_notes(k, err) != 0)
			return -1;
		k->w->told(k->w->ctx, k->e->file, 0, what_changed(k,
		    k->change));
	}
	keep_cells(k);
	return 0;
}

static bool
is_stamp(const struct fs_stamp *a, const struct fs_stamp *b)
{
	return a->size == b->size && a->mtime_ns == b->mtime_ns &&
	    a->inode == b->inode;
}

/* The notes as the episode was read from them, or as they were left here: those
 * that somebody changed may name another file by now. */
static int
read_notes(struct work *k, struct err *err)
{
	const struct episode_writer *w = k->w;
	struct fs_stamp stamp;
	bool known;
	size_t i;

	if (fs_read(k->e->file, NOTES_MAX, &k->text, &stamp, err) != 0)
		return -1;
	known = is_stamp(&stamp, &k->e->stamp);
	for (i = 0; i < w->nwritten && !known; i++)
		known = is_stamp(&stamp, &w->written[i]);
	if (known)
		return read_front(k, err);
	err_set(err, ERR_TEMPORARY, "was changed since it was read, so that "
	    "nothing was written to it; run showmill again");
	return err_at(err, k->e->file, 0);
}

/* First what moves no line, so that a message tells the right one; then from
 * the last to the first, as each new key comes right behind the audio. */
static int
take_all(struct work *k, struct err *err)
{
	struct episode_place audio;
	bool missing[FACTS];
	const char *unused;
	int i;

	if (read_notes(k, err) != 0)
		return -1;
	k->beside_table = k->e->row != NULL && !episode_place_find(
	    k->show->rules->fields, "audio", k->front.map, k->a, &audio) &&
	    fields_cell(fields_get(k->show->rules->fields, "audio"),
	    &k->show->rules->table->csv, k->e->row, &unused) != NULL;
	for (i = 0; i < FACTS; i++)
		if (replace_fact(k, i, &missing[i], err) != 0)
			return -1;
	for (i = FACTS - 1; i >= 0; i--)
		if (missing[i] && add_fact(k, i, err) != 0)
			return -1;
	return finish(k, err);
}

int
episode_writer_add(struct episode_writer *w, struct show *show,
    const struct episode *e, const struct media *media,
    const struct episode_truth *truth, struct err *err)
{
	struct arena scratch = ARENA_INIT;
	struct work k = {
		.w = w, .show = show, .e = e, .media = media, .truth = truth,
		.a = &scratch
	};
	int rc;

	buf_init(&k.text, NOTES_MAX);
	buf_init(&k.next, NOTES_MAX);
	rc = take_all(&k, err);
	buf_release(&k.text);
	buf_release(&k.next);
	arena_release(&scratch);
	return rc;
}

/* ---- tables ---- */

static int
write_sheet(struct episode_writer *w, const struct sheet *s, struct err *err)
{
	const char *file = s->table->file;
	struct csv_cell *cell = arena_array(&w->arena, s->n, sizeof(*cell));
	const struct cells *c;
	struct buf text, out;
	size_t n = 0;
	int rc;

	for (c = s->first; c != NULL; n += c->n, c = c->next)
		memcpy(cell + n, c->cell, c->n * sizeof(*cell));
	buf_init(&text, CSV_MAX);
	buf_init(&out, CSV_MAX);
	rc = fs_read(file, CSV_MAX, &text, NULL, err);
	if (rc == 0 && csv_edit(text.data, text.len, &s->table->csv, cell, n,
	    &out, err) != 0)
		rc = err_at(err, file, 0);
	if (rc == 0 && !w->dry_run)
		rc = fs_replace(file, out.data, out.len, 0666, NULL, err);
	buf_release(&text);
	buf_release(&out);
	return rc;
}

void
episode_writer_end(struct episode_writer *w, struct findings *to)
{
	const struct sheet *s;
	const struct cells *c;

	for (s = w->sheets; s != NULL; s = s->next) {
		struct err err = ERR_INIT;

		if (write_sheet(w, s, &err) != 0) {
			finding_err(to, "media-write", &err);
			continue;
		}
		for (c = s->first; c != NULL; c = c->next)
			w->told(w->ctx, s->table->file, c->line, c->what);
	}
	w->sheets = NULL;
	w->last = &w->sheets;
}
