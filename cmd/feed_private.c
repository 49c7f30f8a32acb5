#include "cmd/feed_private.h"

#include <stdio.h>
#include <string.h>

#include "base/compress.h"
#include "base/log.h"
#include "base/strmap.h"
#include "cmd/cmd.h"

#define FEED_MAX ((size_t)256 << 20)

/* The text with the second token in place of the first, which is long and
 * random enough to stand for nothing else. */
static void
swap_token(struct buf *out, const char *text, const char *from, const char *to)
{
	const char *p;

	for (; (p = strstr(text, from)) != NULL; text = p + strlen(from)) {
		buf_add(out, text, (size_t)(p - text));
		buf_adds(out, to);
	}
	buf_adds(out, text);
}

/* The path of the same document for another token: only the name has it. */
static const char *
path_for(struct arena *a, const struct feed_output *o, const char *token)
{
	const char *name = fs_basename(o->path);
	struct buf b;

	buf_init(&b, 0);
	swap_token(&b, name, o->feed->tokens[0], token);
	name = fs_join(a, o->folder, b.data);
	buf_release(&b);
	return name;
}

static int
copy_one(struct arena *a, const struct feed_output *o, const char *token,
    const struct buf *text, unsigned kinds, bool *changed, bool *made,
    struct err *err)
{
	const char *path = path_for(a, o, token);
	struct buf own;
	bool other = false;
	int rc;

	buf_init(&own, FEED_MAX);
	swap_token(&own, text->data, o->feed->tokens[0], token);
	rc = buf_check(&own, path, err);
	if (rc == 0)
		rc = fs_replace(path, own.data, own.len, 0666, &other, err);
	buf_release(&own);
	*changed |= other;
	return rc != 0 ? -1 : compress_beside(path, kinds, made, err);
}

/* Those whose tokens are gone: their feed does not change any more, but there
 * it is. */
static int
tell_old(struct arena *a, const struct feed_output *o, struct err *err)
{
	struct strmap known = STRMAP_INIT;
	char **path;
	size_t n = 0, i;
	int rc;

	for (i = 0; i < o->feed->ntokens; i++)
		(void)strmap_put(&known, path_for(a, o, o->feed->tokens[i]), i);
	rc = fs_glob(a, o->folder, o->feed->files, &path, &n, err);
	for (i = 0; rc == 0 && i < n; i++)
		if (strmap_get(&known, path[i]) == STRMAP_NONE &&
		    strstr(path[i], ".archive-") == NULL &&
		    strstr(path[i], ".page-") == NULL)
			log_warning("%s: is the feed of a token that is not "
			    "in [feed %s] any more; delete it, here and where "
			    "it is served", path[i], o->feed->name);
	strmap_release(&known);
	return rc;
}

int
feed_private_copy(const struct feed_output *o, unsigned kinds, bool *changed,
    bool *made, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct buf text;
	size_t i;
	int rc;

	buf_init(&text, FEED_MAX);
	rc = compress_beside(o->path, kinds, made, err);
	if (rc == 0)
		rc = fs_read(o->path, FEED_MAX, &text, NULL, err);
	for (i = 1; rc == 0 && i < o->feed->ntokens; i++)
		rc = copy_one(&a, o, o->feed->tokens[i], &text, kinds,
		    changed, made, err);
	if (rc == 0 && o->document == 0)
		rc = tell_old(&a, o, err);
	buf_release(&text);
	arena_release(&a);
	return rc;
}

void
feed_private_tell(const struct feed_output *o, bool changed, bool dry)
{
	if (o->document > 0)
		return;
	printf("[feed %s]: %zu private feed%s, %zu episode%s, %s\n",
	    o->feed->name, o->feed->ntokens, CMD_S(o->feed->ntokens), o->items,
	    CMD_S(o->items), !changed ? "unchanged" : dry ?
	    "would be written" : "written");
}
