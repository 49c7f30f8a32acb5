#include "cmd/feed_opml.h"

#include <stdio.h>

#include "base/compress.h"
#include "base/log.h"
#include "cmd/feed_place.h"
#include "feed/opml.h"

void
feed_opml_plan(struct feed_opml *o, const struct setting *s,
    struct cmd_args *args)
{
	const char *path = s->config->opml, *name;
	struct arena *a = &args->arena;

	if (path == NULL)
		return;
	name = fs_basename(path);
	o->folder = cmd_value(args, "--out");
	if (o->folder == NULL)
		o->folder = fs_dirname(a, path);
	else
		path = fs_join(a, o->folder, name);
	o->path = path;
	o->real = feed_place(a, o->folder, name);
}

static int
write_piece(void *ctx, const void *data, size_t len)
{
	return fs_out_write(ctx, data, len);
}

int
feed_opml_write(struct feed_opml *o, const struct setting *s,
    struct date modified, struct err *err)
{
	if (o->path == NULL || s->nothers > 0)
		return 0;
	if (fs_mkdirs(o->folder, err) != 0)
		return -1;
	o->file = fs_out_open(o->path, 0666, err);
	if (o->file == NULL)
		return -1;
	if (opml_write(s->config->opml_title, &modified, s->shows, s->nshows,
	    write_piece, o->file, err) != 0) {
		/* The disk's reason is better than the writer's. */
		fs_out_finish(o->file, err);
		return -1;
	}
	return fs_out_finish(o->file, err);
}

int
feed_opml_commit(struct feed_opml *o, const struct setting *s,
    struct err *err)
{
	struct fs_out *file = o->file;
	bool changed, made = false;	/* the list is of no one show */

	if (file == NULL)
		return 0;
	o->file = NULL;
	if (fs_out_commit(file, &changed, err) != 0 ||
	    compress_beside(o->path, s->config->compress, &made, err) != 0)
		return -1;
	if (log_get_level() != LOG_LEVEL_ERROR)
		printf("%s: %zu show%s, %s\n", o->path, s->nshows,
		    CMD_S(s->nshows), changed ? "written" : "unchanged");
	return 0;
}

void
feed_opml_abandon(struct feed_opml *o)
{
	fs_out_abandon(o->file);
	o->file = NULL;
}
