#include "cmd/feed_made.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compress.h"
#include "base/fs.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/feed_place.h"

void
feed_made_plan(struct feed_made *m, struct arena *a, const struct show *show,
    const char *out, const char *name)
{
	m->show = show;
	m->folder = fs_join(a, out, name);
	m->real = feed_place(a, out, name);
}

static bool
lies_in(const char *file, const char *folder)
{
	size_t len = (size_t)(fs_basename(file) - file);

	return len == strlen(folder) + 1 &&
	    strncmp(file, folder, len - 1) == 0;
}

int
feed_made_apart(struct feed_made *const *m, size_t n,
    const char *const *feeds, size_t nfeeds, struct err *err)
{
	const char *with;
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (m[i]->folder == NULL)
			continue;
		with = NULL;
		for (k = 0; k < i; k++)
			if (m[k]->folder != NULL &&
			    strcmp(m[k]->real, m[i]->real) == 0)
				with = m[k]->show->file;
		for (k = 0; k < nfeeds; k++)
			if (lies_in(feeds[k], m[i]->real))
				with = feeds[k];
		if (with == NULL)
			continue;
		err_set(err, ERR_CONFIG, "its %s go to %s, and so does "
		    "what belongs to %s; change `out` in one of them",
		    m[i]->what, m[i]->folder, with);
		return err_at(err, m[i]->show->file,
		    show_line(m[i]->show, m[i]->key));
	}
	return 0;
}

static int
stage(struct feed_made *m, const char *path, const struct buf *text,
    struct err *err)
{
	if (fs_is_dir(path)) {
		err_set(err, ERR_OUTPUT, "cannot be written: it is a folder");
		return err_at(err, path, 0);
	}
	m->fresh++;
	if (m->dry)
		return 0;
	if (m->batch == NULL && (fs_mkdirs(m->folder, err) != 0 ||
	    (m->batch = fs_batch_open(m->folder, err)) == NULL))
		return -1;
	return fs_batch_replace(m->batch, path, text->data, text->len, err);
}

int
feed_made_put(struct feed_made *m, struct arena *a, const struct episode *e,
    const char *name, const struct buf *text, struct err *err)
{
	const char *path = fs_join(a, m->folder, name);
	size_t other = strmap_put(&m->names, name,
	    (size_t)(e - m->show->episodes));

	if (other != STRMAP_NONE) {
		err_set(err, ERR_INPUT, "its %s would be the file %s, and so "
		    "would those of %s; give one of them another name",
		    m->what, name, m->show->episodes[other].file);
		return err_at(err, e->file, 0);
	}
	if (!fs_holds(path, text->data, text->len) &&
	    stage(m, path, text, err) != 0)
		return -1;
	if (m->n == m->cap) {
		m->cap = m->cap == 0 ? 64 : 2 * m->cap;
		m->path = xreallocarray(m->path, m->cap, sizeof(*m->path));
	}
	m->path[m->n++] = path;
	return 0;
}

int
feed_made_commit(struct feed_made *m, const struct setting *s,
    bool *changed, struct err *err)
{
	struct fs_batch *batch = m->batch;
	size_t i;

	m->batch = NULL;
	*changed |= m->fresh > 0;
	if (batch != NULL && fs_batch_commit(batch, err) != 0)
		return -1;
	for (i = 0; i < m->n; i++)
		if (compress_beside(m->path[i], s->config->compress, changed,
		    err) != 0)
			return -1;
	if (m->n > 0 && log_get_level() != LOG_LEVEL_ERROR)
		printf("%s: %zu %s file%s, %zu written\n", m->folder,
		    m->n, m->what, CMD_S(m->n), m->fresh);
	return 0;
}

void
feed_made_abandon(struct feed_made *m)
{
	fs_batch_abandon(m->batch);
	m->batch = NULL;
	free(m->path);
	m->path = NULL;
	strmap_release(&m->names);
}
