#include "feed/opml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "text/xml.h"

/* The addresses of two shows are never the same. */
static int
by_title(const void *a, const void *b)
{
	const struct show *x = *(struct show *const *)a;
	const struct show *y = *(struct show *const *)b;
	int rc = strcasecmp(x->title, y->title);

	if (rc == 0)
		rc = strcmp(x->title, y->title);
	return rc != 0 ? rc : strcmp(x->feed_url, y->feed_url);
}

static void
optional(struct xw *w, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		xw_attr(w, name, value);
}

static void
outline(struct xw *w, const struct show *s)
{
	xw_start(w, "outline");
	xw_attr(w, "type", "rss");
	xw_attr(w, "text", s->title);
	xw_attr(w, "title", s->title);
	optional(w, "description", s->description);
	xw_attr(w, "xmlUrl", s->feed_url);
	optional(w, "htmlUrl", s->link);
	/* "und" is the tag of what is not known (RFC 5646 §4.1). */
	if (s->language != NULL && strcmp(s->language, "und") != 0)
		optional(w, "language", s->language);
	xw_attr(w, "version", "RSS2");
	xw_end(w);
}

int
opml_write(const char *title, const struct date *modified,
    struct show *const *shows, size_t n,
    int (*write)(void *ctx, const void *data, size_t len), void *ctx,
    struct err *err)
{
	struct xw *w = xw_open(write, ctx, err);
	struct arena a = ARENA_INIT;
	char date[DATE_TEXT_MAX];
	const struct show **list;
	size_t i;

	if (w == NULL)
		return -1;
	list = arena_array(&a, n, sizeof(*list));
	for (i = 0; i < n; i++)
		list[i] = shows[i];
	if (n > 1)
		qsort(list, n, sizeof(*list), by_title);
	xw_start(w, "opml");
	xw_attr(w, "version", "2.0");
	xw_start(w, "head");
	xw_element(w, "title", title);
	date_rfc5322(modified, date);
	xw_element(w, "dateModified", date);
	xw_end(w);
	xw_start(w, "body");
	for (i = 0; i < n; i++)
		outline(w, list[i]);
	arena_release(&a);
	return xw_close(w, err);
}
