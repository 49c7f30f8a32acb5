#include "cmd/feed_chapters.h"

#include <stdio.h>
#include <string.h>

#include "base/compress.h"
#include "base/fs.h"
#include "base/log.h"
#include "base/strmap.h"
#include "cmd/cmd.h"
#include "cmd/feed_place.h"
#include "feed/chapters.h"
#include "show/chapters.h"

#define JSON_MAX ((size_t)16 << 20)

void
feed_chapters_plan(struct feed_chapters *c, struct arena *a,
    const struct show *show, const char *out)
{
	if (show->chapters_url == NULL)
		return;
	c->show = show;
	c->folder = fs_join(a, out, CHAPTERS_DIR);
	c->real = feed_place(a, out, CHAPTERS_DIR);
}

static bool
lies_in(const char *file, const char *folder)
{
	size_t len = (size_t)(fs_basename(file) - file);

	return len == strlen(folder) + 1 &&
	    strncmp(file, folder, len - 1) == 0;
}

int
feed_chapters_apart(const struct feed_chapters *c, size_t n,
    const char *const *feeds, size_t nfeeds, struct err *err)
{
	const char *with;
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (c[i].folder == NULL)
			continue;
		with = NULL;
		for (k = 0; k < i; k++)
			if (c[k].folder != NULL &&
			    strcmp(c[k].real, c[i].real) == 0)
				with = c[k].show->file;
		for (k = 0; k < nfeeds; k++)
			if (lies_in(feeds[k], c[i].real))
				with = feeds[k];
		if (with == NULL)
			continue;
		err_set(err, ERR_CONFIG, "its chapters go to %s, and so does "
		    "what belongs to %s; change `out` in one of them",
		    c[i].folder, with);
		return err_at(err, c[i].show->file,
		    show_line(c[i].show, "chapters_url"));
	}
	return 0;
}

static bool
is_same(const char *path, const struct buf *text)
{
	struct err ignored = ERR_INIT;
	struct buf old;
	bool same;

	buf_init(&old, text->len);
	same = fs_read(path, text->len, &old, NULL, &ignored) == 0 &&
	    old.len == text->len &&
	    memcmp(old.data, text->data, text->len) == 0;
	buf_release(&old);
	return same;
}

static int
stage(struct feed_chapters *c, const char *path, const struct buf *text,
    struct err *err)
{
	if (fs_is_dir(path)) {
		err_set(err, ERR_OUTPUT, "cannot be written: it is a folder");
		return err_at(err, path, 0);
	}
	if (c->batch == NULL && (fs_mkdirs(c->folder, err) != 0 ||
	    (c->batch = fs_batch_open(c->folder, err)) == NULL))
		return -1;
	c->fresh++;
	return fs_batch_replace(c->batch, path, text->data, text->len, err);
}

static int
write_one(struct feed_chapters *c, struct arena *a, const struct show *show,
    const struct episode *e, const char *name, struct err *err)
{
	const char *path = fs_join(a, c->folder, name);
	struct buf text;
	int rc;

	buf_init(&text, JSON_MAX);
	rc = feed_chapters_json(show, e, &text, err);
	if (rc != 0)
		err_at(err, e->file, 0);
	else if (!is_same(path, &text))
		rc = stage(c, path, &text, err);
	buf_release(&text);
	if (rc == 0)
		c->path[c->n++] = path;
	return rc;
}

static void
check_lines(struct setting *s, const struct show *show,
    const struct episode *e)
{
	struct buf lines;

	buf_init(&lines, 0);
	if (feed_chapters_lines(show, e, &lines) == FEED_LINES_LONG)
		finding_add(&s->findings, SEV_WARNING, "chapters-description",
		    e->chapters_file, e->chapter[0].line, "the list of the "
		    "chapters takes more than %d bytes, and does not stand in "
		    "the description", FEED_LINES_MAX);
	buf_release(&lines);
}

/* Another episode whose file would be the same one. */
static int
clash(const struct episode *e, const struct episode *other, const char *name,
    struct err *err)
{
	err_set(err, ERR_INPUT, "its chapters would be the file %s, and so "
	    "would those of %s; give one of them another name", name,
	    other->file);
	return err_at(err, e->file, 0);
}

int
feed_chapters_write(struct feed_chapters *c, struct setting *s,
    struct arena *a, const struct show *show, struct err *err)
{
	struct strmap names = STRMAP_INIT;
	size_t i, other;
	int rc = 0;

	c->path = arena_array(a, show->nepisodes, sizeof(*c->path));
	for (i = 0; rc == 0 && i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];
		const char *name;

		if (!e->media_known || !show_is_due(e, s->now))
			continue;
		check_lines(s, show, e);
		if (!e->chapters_made || c->folder == NULL)
			continue;
		name = chapters_name(a, show, e);
		other = strmap_put(&names, name, i);
		rc = other != STRMAP_NONE ? clash(e, &show->episodes[other],
		    name, err) : write_one(c, a, show, e, name, err);
	}
	strmap_release(&names);
	return rc;
}

int
feed_chapters_commit(struct feed_chapters *c, const struct setting *s,
    bool *changed, struct err *err)
{
	struct fs_batch *batch = c->batch;
	size_t i;

	c->batch = NULL;
	*changed = *changed || c->fresh > 0;
	if (batch != NULL && fs_batch_commit(batch, err) != 0)
		return -1;
	for (i = 0; i < c->n; i++)
		if (compress_beside(c->path[i], s->config->compress, changed,
		    err) != 0)
			return -1;
	if (c->n > 0 && log_get_level() != LOG_LEVEL_ERROR)
		printf("%s: %zu chapters file%s, %zu written\n", c->folder,
		    c->n, CMD_S(c->n), c->fresh);
	return 0;
}

void
feed_chapters_abandon(struct feed_chapters *c)
{
	fs_batch_abandon(c->batch);
	c->batch = NULL;
}
