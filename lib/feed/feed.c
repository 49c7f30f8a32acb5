#include "feed/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "feed/feed_int.h"

void
feed_optional(struct feed_writer *f, const char *name, const char *text)
{
	if (text != NULL && *text != '\0')
		xw_element(f->w, name, text);
}

void
feed_number(struct feed_writer *f, const char *name, int64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	xw_element(f->w, name, text);
}

struct feed_writer *
feed_open(enum feed_format format, const struct feed_head *head,
    int (*write)(void *ctx, const void *data, size_t len), void *ctx,
    struct err *err)
{
	static const struct feed_kind *const kinds[] = {
		[FEED_RSS] = &feed_rss,
		[FEED_ATOM] = &feed_atom,
		[FEED_JSON] = &feed_json,
	};
	struct feed_writer *f = xcalloc(1, sizeof(*f));
	struct err later = ERR_INIT;

	f->kind = kinds[format];
	f->head = *head;
	buf_init(&f->scratch, 0);
	f->write = write;
	f->ctx = ctx;
	if (f->kind->tail == NULL &&
	    (f->w = xw_open(write, ctx, err)) == NULL) {
		free(f);
		return NULL;
	}
	if (f->kind->head(f, err) != 0) {
		(void)feed_close(f, &later);
		return NULL;
	}
	return f;
}

int
feed_item(struct feed_writer *f, const struct feed_item *item,
    struct err *err)
{
	return f->kind->item(f, item, err);
}

int
feed_close(struct feed_writer *f, struct err *err)
{
	int rc = f->kind->tail != NULL ? f->kind->tail(f, err) :
	    xw_close(f->w, err);

	buf_release(&f->scratch);
	free(f);
	return rc;
}
