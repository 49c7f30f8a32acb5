#include "feed/ping.h"

#include <string.h>

#include "base/buf.h"
#include "feed/feed_int.h"
#include "feed/read.h"
#include "show/podcast.h"
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

static const struct podcast_tag *
find(const struct podcast_tag *list, const char *name)
{
	while (list != NULL && strcmp(list->name, name) != 0)
		list = list->next;
	return list;
}

static const char *
medium(struct arena *a, const struct show *show)
{
	const struct podcast_tag *t = find(show->podcast, "podcast:medium");
	const char *own = NULL;
	struct err ignored = ERR_INIT;
	struct feed_own o;

	if (feed_has_own(&show->xml, "podcast:medium")) {
		if (feed_own_open(&o, &show->xml, &ignored) == 0)
			own = feed_own_text(&o, FEED_NS_PODCAST, "medium");
		own = own == NULL ? NULL : arena_strdup(a, own);
		feed_own_close(&o);
	} else if (t != NULL) {
		own = t->text;
	}
	return own != NULL && *own != '\0' ? own : "podcast";
}

void
ping_podping(struct arena *a, struct ping *p, const struct show *show,
    const char *feed, const char *key, bool live)
{
	struct buf b;

	memset(p, 0, sizeof(*p));
	buf_init(&b, 0);
	buf_addf(&b, "%s&reason=%s&medium=", with_encoded(a, PING_PODPING,
	    feed), live ? "live" : "update");
	url_add_encoded(&b, medium(a, show), "");
	p->url = arena_strdup(a, b.data);
	p->key = key;
	buf_release(&b);
}

static bool
is_on_air(const struct podcast_tag *t)
{
	size_t i;

	for (i = 0; i < t->nattrs; i++)
		if (strcmp(t->attrs[i].name, "status") == 0)
			return strcmp(t->attrs[i].value, "live") == 0;
	return false;
}

/* Those of somebody's own XML. */
static void
add_own_live(const struct show *show, struct buf *out)
{
	struct err ignored = ERR_INIT;
	const char *status;
	struct xr_node *n = NULL;
	struct feed_own o;

	if (feed_own_open(&o, &show->xml, &ignored) == 0)
		while ((n = feed_own_next(&o, n, FEED_NS_PODCAST,
		    "liveItem")) != NULL) {
			status = xr_attr(n, "", "status");
			if (status != NULL && strcmp(status, "live") == 0)
				xr_raw(n, XR_COMPARE, out);
		}
	feed_own_close(&o);
}

const char *
ping_live(struct arena *a, const struct show *show)
{
	const struct podcast_tag *t = show->podcast, *in;
	const char *live;
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	if (feed_has_own(&show->xml, "podcast:liveItem"))
		add_own_live(show, &b);
	else
		for (; (t = find(t, "podcast:liveItem")) != NULL; t = t->next) {
			if (!is_on_air(t))
				continue;
			for (i = 0; i < t->nattrs; i++)
				buf_addf(&b, "%s=%s\n", t->attrs[i].name,
				    t->attrs[i].value);
			in = find(t->inside, "guid");
			buf_addf(&b, "%s\n", in != NULL && in->text != NULL ?
			    in->text : "");
		}
	live = arena_strdup(a, b.data);
	buf_release(&b);
	return live;
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
		    .form = p[i].form, .authorization = p[i].key, .to = -1,
		    .done = done, .ctx = &p[i] });
	rc = http_many_run(m, err);
	http_many_close(m);
	return rc;
}
