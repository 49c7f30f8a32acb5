#include "cmd/feed_data.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"
#include "cmd/feed_place.h"
#include "feed/data.h"
#include "show/language.h"
#include "text/json.h"

#define DATA_MAX ((size_t)256 << 20)

int
feed_data_apart(struct cmd_args *args, const char *const *feeds, size_t n,
    struct err *err)
{
	const char *path = cmd_value(args, "--data"), *real;
	struct arena *a = &args->arena;
	size_t i;

	if (path == NULL)
		return 0;
	real = feed_place(a, fs_dirname(a, path), fs_basename(path));
	for (i = 0; i < n; i++)
		if (strcmp(feeds[i], real) == 0)
			return err_set(err, ERR_USAGE, "--data: %s is where a "
			    "feed goes; name another file", path);
	return 0;
}

static int
collect(struct arena *a, struct setting *s, struct buf *out,
    struct err *err)
{
	struct node *all = node_map(a), *list = node_list(a), *one;
	size_t i;

	node_set(a, all, "shows", list);
	for (i = 0; i < s->nshows; i++) {
		if (language_open(s->shows[i], s->config, false, &s->findings,
		    err) != 0)
			return -1;
		one = feed_data_show(a, s->shows[i], s->now, err);
		if (one == NULL)
			return -1;
		node_push(list, one);
	}
	return node_json(all, out, err);
}

int
feed_data_write(struct feed_data *d, struct setting *s,
    struct cmd_args *args, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct buf out;
	int rc;

	d->path = cmd_value(args, "--data");
	if (d->path == NULL)
		return 0;
	buf_init(&out, DATA_MAX);
	rc = collect(&a, s, &out, err);
	if (rc == 0)
		rc = buf_check(&out, d->path, err);
	if (rc == 0)
		rc = fs_mkdirs(fs_dirname(&a, d->path), err);
	if (rc == 0 && (d->file = fs_out_open(d->path, 0666, err)) == NULL)
		rc = -1;
	if (rc == 0) {
		(void)fs_out_write(d->file, out.data, out.len);
		rc = fs_out_finish(d->file, err);
	}
	buf_release(&out);
	arena_release(&a);
	return rc;
}

int
feed_data_commit(struct feed_data *d, struct err *err)
{
	struct fs_out *file = d->file;
	bool changed;

	if (file == NULL)
		return 0;
	d->file = NULL;
	if (fs_out_commit(file, &changed, err) != 0)
		return -1;
	if (log_get_level() != LOG_LEVEL_ERROR)
		printf("%s: %s\n", d->path, changed ? "written" : "unchanged");
	return 0;
}

void
feed_data_abandon(struct feed_data *d)
{
	fs_out_abandon(d->file);
	d->file = NULL;
}
