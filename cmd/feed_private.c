#include "cmd/feed_private.h"

#include <stdio.h>
#include <string.h>

#include "base/compress.h"
#include "base/log.h"
#include "cmd/cmd.h"

#define FEED_MAX ((size_t)256 << 20)
#define TOKEN "{token}"
#define SHOWN 4			/* characters of a token that is gone */

/* The text with `to` in place of `from` wherever that stands behind prefix. */
static void
swap(struct buf *out, const char *text, const char *prefix, const char *from,
    const char *to)
{
	size_t before = strlen(prefix), len = strlen(from);
	const char *p, *at = text;

	while ((p = strstr(at, from)) != NULL) {
		at = p + len;
		if ((size_t)(p - text) < before ||
		    memcmp(p - before, prefix, before) != 0)
			continue;
		buf_add(out, text, (size_t)(p - text));
		buf_adds(out, to);
		text = at;
	}
	buf_adds(out, text);
}

static const char *
swapped(struct arena *a, const char *text, const char *from, const char *to)
{
	struct buf b;

	buf_init(&b, 0);
	swap(&b, text, "", from, to);
	text = arena_strdup(a, b.data);
	buf_release(&b);
	return text;
}

const char *
feed_private_name(struct arena *a, const struct feed_output *o, size_t token)
{
	return swapped(a, fs_basename(o->path), o->feed->tokens[0],
	    o->feed->tokens[token]);
}

const char *
feed_private_shown(struct arena *a, const struct feed_output *o)
{
	return o->feed->ntokens == 0 ? o->path : fs_join(a, o->folder,
	    swapped(a, fs_basename(o->path), o->feed->tokens[0], TOKEN));
}

static void
mask(struct arena *a, char *text, size_t size, const char *token)
{
	if (strstr(text, token) != NULL)
		(void)snprintf(text, size, "%s", swapped(a, text, token,
		    TOKEN));
}

void
feed_private_mask(const struct feed_output *o, struct err *err)
{
	struct arena a = ARENA_INIT;
	size_t i;

	for (i = 0; i < o->feed->ntokens; i++) {
		mask(&a, err->msg, sizeof(err->msg), o->feed->tokens[i]);
		mask(&a, err->file, sizeof(err->file), o->feed->tokens[i]);
	}
	arena_release(&a);
}

/* What stands before the token in each address of the document, as far as it
 * is written there as it is. */
static const char *
prefix_of(struct arena *a, const struct show_feed *f)
{
	const char *token = strstr(f->url, f->tokens[0]), *p = token;

	while (p > f->url && strchr("&<>\"'", p[-1]) == NULL)
		p--;
	return arena_strndup(a, p, (size_t)(token - p));
}

static int
copy_one(struct arena *a, const struct feed_output *o, size_t token,
    const struct buf *text, unsigned kinds, bool *changed, bool *made,
    struct err *err)
{
	const char *path = fs_join(a, o->folder, feed_private_name(a, o,
	    token));
	struct buf own;
	bool other = false;
	int rc;

	buf_init(&own, FEED_MAX);
	swap(&own, text->data, prefix_of(a, o->feed), o->feed->tokens[0],
	    o->feed->tokens[token]);
	rc = buf_check(&own, path, err);
	if (rc == 0)
		rc = fs_replace(path, own.data, own.len, 0666, &other, err);
	buf_release(&own);
	*changed |= other;
	return rc != 0 ? -1 : compress_beside(path, kinds, made, err);
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
	for (i = 1; rc == 0 && i < o->feed->ntokens; i++) {
		rc = copy_one(&a, o, i, &text, kinds, changed, made, err);
		arena_release(&a);
	}
	buf_release(&text);
	arena_release(&a);
	return rc;
}

bool
feed_private_lacks(const struct feed_output *o)
{
	struct arena a = ARENA_INIT;
	bool lacks = false;
	size_t i;

	for (i = 1; i < o->feed->ntokens && !lacks; i++)
		lacks = !fs_is_file(fs_join(&a, o->folder, feed_private_name(
		    &a, o, i)));
	arena_release(&a);
	return lacks;
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

/* ---- tokens that are gone ---- */

/* Without the number of a document: "X.archive-3". */
static void
drop_document(char *name)
{
	static const char *const marks[] = { ".archive-", ".page-" };
	size_t i;
	char *p;

	for (i = 0; i < 2; i++)
		if ((p = strstr(name, marks[i])) != NULL &&
		    p[strlen(marks[i]) + strspn(p + strlen(marks[i]),
		    "0123456789")] == '\0')
			*p = '\0';
}

/* The token that a file's name has in the place of {token}; NULL: it has
 * none. */
static const char *
token_in(struct arena *a, const char *name, const char *pattern)
{
	const char *at = strstr(pattern, TOKEN), *tail = at + strlen(TOKEN);
	size_t head = (size_t)(at - pattern), end = strlen(tail);
	size_t len = strlen(name);
	char *token;

	if (len < head + end || strncmp(name, pattern, head) != 0 ||
	    strcmp(name + len - end, tail) != 0)
		return NULL;
	token = arena_strndup(a, name + head, len - head - end);
	drop_document(token);
	return feeds_is_token(token) ? token : NULL;
}

struct looking {
	const struct show_feed *feed;
	const char *folder;
	bool (*is_known)(void *ctx, const char *path);
	void *ctx;
	size_t n;
	char first[SHOWN + 1];
};

static void
look_at(struct looking *l, const char *path)
{
	struct arena a = ARENA_INIT;
	char *plain = arena_strdup(&a, path);
	size_t len = strlen(plain);
	const char *token;

	if (len > 3 && (strcmp(plain + len - 3, ".gz") == 0 ||
	    strcmp(plain + len - 3, ".br") == 0))
		plain[len - 3] = '\0';
	token = token_in(&a, fs_basename(plain), l->feed->files);
	if (token != NULL && !l->is_known(l->ctx, plain) && l->n++ == 0)
		(void)snprintf(l->first, sizeof(l->first), "%.*s", SHOWN,
		    token);
	arena_release(&a);
}

int
feed_private_old(const struct show_feed *f, const char *folder,
    bool (*is_known)(void *ctx, const char *path), void *ctx,
    struct err *err)
{
	struct looking l = { f, folder, is_known, ctx, 0, "" };
	struct arena a = ARENA_INIT;
	char **name;
	size_t n = 0, i;
	int rc = fs_is_dir(folder) ? fs_list(&a, folder, &name, &n, err) : 0;

	for (i = 0; i < n; i++)
		look_at(&l, fs_join(&a, folder, name[i]));
	if (l.n > 0)
		log_warning("%s: %zu file%s there %s of tokens that are not "
		    "in [feed %s] any more, the first begins with %s…; "
		    "delete them, there and where they are served", folder,
		    l.n, CMD_S(l.n), l.n == 1 ? "is" : "are", f->name,
		    l.first);
	arena_release(&a);
	return rc;
}
