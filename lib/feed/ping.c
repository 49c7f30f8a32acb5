#include "feed/ping.h"

#include <string.h>

#include "base/buf.h"
#include "text/url.h"

static const char *
with_encoded(struct arena *a, const char *before, const char *feed)
{
	const char *out;
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, before);
	url_add_encoded(&b, feed, "");
	out = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return out;
}

void
ping_hub(struct arena *a, struct ping *p, const char *hub, const char *feed)
{
	memset(p, 0, sizeof(*p));
	p->url = hub;
	p->form = with_encoded(a, "hub.mode=publish&hub.url=", feed);
}

void
ping_index(struct arena *a, struct ping *p, const char *feed)
{
	memset(p, 0, sizeof(*p));
	p->url = with_encoded(a, PING_INDEX, feed);
}

static void
done(void *ctx, const struct http_answer *answer, const struct err *err)
{
	struct ping *p = ctx;

	(void)answer;
	p->told = err == NULL;
	if (err != NULL)
		p->err = *err;
}

int
ping_all(const struct http_many_limits *limits, struct ping *p, size_t n,
    struct err *err)
{
	struct http_many *m = http_many_open(limits, err);
	size_t i;
	int rc;

	if (m == NULL)
		return -1;
	for (i = 0; i < n; i++)
		http_many_add(m, &(struct http_ask){ .url = p[i].url,
		    .form = p[i].form, .to = -1, .done = done,
		    .ctx = &p[i] });
	rc = http_many_run(m, err);
	http_many_close(m);
	return rc;
}
