#include "base/fs_walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fs.h"

struct names {
	char **list;
	size_t n, cap;
};

struct walk {
	struct arena *a;	/* of the results */
	struct arena scratch;
	const char *top;
	const struct fs_walk *rules;
	struct names files;
	struct {
		dev_t dev;
		ino_t ino;
	} above[FS_WALK_DEPTH_MAX + 1];
};

static void
add(struct names *l, char *name)
{
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 64 : l->cap * 2;
		l->list = xreallocarray(l->list, l->cap, sizeof(*l->list));
	}
	l->list[l->n++] = name;
}

/* DT_DIR or DT_REG behind links; anything else is of no use. */
static unsigned char
kind(struct walk *w, const char *path, const struct dirent *e)
{
	const char *full;

	if (e->d_type == DT_REG || e->d_type == DT_DIR)
		return e->d_type;
	full = fs_join(&w->scratch, w->top, path);
	return fs_is_file(full) || fs_is_lost(full) ? DT_REG :
	    fs_is_dir(full) ? DT_DIR : DT_UNKNOWN;
}

/* The files go to the result, the folders to `below`. */
static int
read_entries(struct walk *w, DIR *d, const char *path, struct names *below,
    struct err *err)
{
	struct dirent *e;
	unsigned char type;
	char *name;

	/* The end and a failure are told apart by errno alone. */
	while (errno = 0, (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		name = fs_join(&w->scratch, path, e->d_name);
		type = kind(w, name, e);
		if (type == DT_REG)
			add(&w->files, arena_strdup(w->a, name));
		else if (type == DT_DIR && w->rules->enter(w->rules->ctx,
		    name))
			add(below, name);
	}
	if (errno == 0)
		return 0;
	return err_sys(err, ERR_IO, "the folder cannot be read to its end");
}

static bool
leads_back(struct walk *w, DIR *d, unsigned level)
{
	struct stat st;
	unsigned i;

	if (fstat(dirfd(d), &st) != 0)
		return false;
	for (i = 0; i < level; i++)
		if (w->above[i].dev == st.st_dev &&
		    w->above[i].ino == st.st_ino)
			return true;
	w->above[level].dev = st.st_dev;
	w->above[level].ino = st.st_ino;
	return false;
}

/* At most FS_WALK_DEPTH_MAX calls deep; no folder stays open meanwhile. */
static int
walk(struct walk *w, const char *path, unsigned level, struct err *err)
{
	const char *full = path[0] == '\0' ? w->top :
	    fs_join(&w->scratch, w->top, path);
	struct names below = { NULL, 0, 0 };
	DIR *d = opendir(full);
	size_t i;
	int rc = 0;

	if (d == NULL) {
		err_sys(err, ERR_NOINPUT, "the folder cannot be read");
		return err_at(err, full, 0);
	}
	if (leads_back(w, d, level))
		w->rules->passed(w->rules->ctx, path, true);
	else if (read_entries(w, d, path, &below, err) != 0)
		rc = err_at(err, full, 0);
	closedir(d);
	for (i = 0; rc == 0 && i < below.n; i++) {
		if (level < w->rules->depth)
			rc = walk(w, below.list[i], level + 1, err);
		else
			w->rules->passed(w->rules->ctx, below.list[i], false);
	}
	free(below.list);
	return rc;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
fs_walk(struct arena *a, const char *dir, const struct fs_walk *rules,
    char ***paths, size_t *count, struct err *err)
{
	struct walk w = { .a = a, .scratch = ARENA_INIT, .top = dir,
	    .rules = rules };
	int rc = walk(&w, "", 0, err);

	if (rc == 0) {
		if (w.files.n > 1)
			qsort(w.files.list, w.files.n, sizeof(*w.files.list),
			    by_name);
		*paths = arena_array(a, w.files.n, sizeof(**paths));
		if (w.files.n > 0)
			memcpy(*paths, w.files.list,
			    w.files.n * sizeof(*w.files.list));
		*count = w.files.n;
	}
	free(w.files.list);
	arena_release(&w.scratch);
	return rc;
}
