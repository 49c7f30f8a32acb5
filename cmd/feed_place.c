#include "cmd/feed_place.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"

/* The folder with links resolved, as far as it is there. What is not there yet
 * has no links in it; a path is at most PATH_MAX long, and so the calls
 * deep. */
static const char *
real_folder(struct arena *a, const char *path)
{
	const char *last = fs_basename(path), *above;
	char real[PATH_MAX];

	if (realpath(path, real) != NULL)
		return arena_strdup(a, real);
	if (strlen(path) >= PATH_MAX || strcmp(path, ".") == 0 ||
	    strcmp(path, "/") == 0)
		return path;
	above = real_folder(a, fs_dirname(a, path));
	if (last[0] == '\0' || strcmp(last, ".") == 0)
		return above;
	return strcmp(last, "..") == 0 ? fs_dirname(a, above) :
	    fs_join(a, above, last);
}

const char *
feed_folder(const struct setting *s, struct cmd_args *args,
    const struct show *show)
{
	const char *out = cmd_value(args, "--out");

	if (out == NULL)
		return show->out;
	return s->config->nshows > 1 ? fs_join(&args->arena, out,
	    show->slug) : out;
}

const char *
feed_place(struct arena *a, const char *folder, const char *name)
{
	char real[PATH_MAX];

	return realpath(fs_join(a, folder, name), real) != NULL ?
	    arena_strdup(a, real) : fs_join(a, real_folder(a, folder), name);
}
