#include "cmd/publish_verify.h"

#include <string.h>

#include "base/date.h"
#include "base/http.h"
#include "base/log.h"
#include "base/run.h"
#include "feed/read.h"

#define PAUSE_MAX 5	/* seconds between two requests */

struct verify {
	const char *url;
	const char *path;
	struct buf built;
	struct http_session *http;
};

static struct feed_doc *
read_feed(const struct buf *data, const char *name)
{
	struct findings quiet = { .report = NULL };
	struct err ignored = ERR_INIT;

	return feed_doc_read(data->data, data->len, name, NULL, &quiet,
	    &ignored);
}

static const char *
id_of(const struct feed_doc *d, size_t i)
{
	const char *id = i < d->nitems ? feed_doc_id(&d->items[i]) : NULL;

	return id != NULL ? id : "";
}

static bool
same_audio(const struct feed_doc_item *a, const struct feed_doc_item *b)
{
	return a->nenclosures > 0 && b->nenclosures > 0 &&
	    strcmp(a->enclosures[0].url, b->enclosures[0].url) == 0 &&
	    a->enclosures[0].length == b->enclosures[0].length;
}

/* Some servers and networks change a feed's bytes and not what it says. */
static int
compare(const struct verify *v, const struct feed_doc *built,
    const struct feed_doc *there, struct err *err)
{
	size_t i;

	for (i = 0; i < built->nitems || i < there->nitems; i++)
		if (strcmp(id_of(built, i), id_of(there, i)) != 0)
			break;
	if (i < built->nitems || i < there->nitems)
		return err_set(err, ERR_TEMPORARY, "%s serves another feed "
		    "than %s: %zu items and not %zu, and number %zu has the "
		    "guid `%.100s` and not `%.100s`", v->url, v->path,
		    there->nitems, built->nitems, i + 1, id_of(there, i),
		    id_of(built, i));
	if (built->nitems > 0 && !same_audio(&built->items[0],
	    &there->items[0]))
		return err_set(err, ERR_TEMPORARY, "%s serves another feed "
		    "than %s: the newest item has other audio, or another "
		    "length of it", v->url, v->path);
	return 0;
}

static int
look(const struct verify *v, struct err *err)
{
	struct feed_doc *built = NULL, *there = NULL;
	struct http_head head;
	struct buf data;
	int rc;

	buf_init(&data, FEED_DOC_MAX);
	rc = http_get(v->http, v->url, FEED_DOC_MAX, &data, &head, err);
	/* No file here is at fault. */
	if (rc != 0 && err->kind == ERR_INPUT)
		err->kind = ERR_NETWORK;
	if (rc == 0 && (data.len != v->built.len ||
	    memcmp(data.data, v->built.data, data.len) != 0)) {
		built = read_feed(&v->built, v->path);
		there = read_feed(&data, v->url);
		if (there == NULL || built == NULL)
			rc = err_set(err, ERR_TEMPORARY, "%s serves something "
			    "that is no feed", v->url);
		else
			rc = compare(v, built, there, err);
	}
	feed_doc_free(built);
	feed_doc_free(there);
	buf_release(&data);
	return rc;
}

static int
look_until(const struct verify *v, int64_t patience, struct err *err)
{
	int64_t until = date_now() + patience, left;
	unsigned pause = 1;
	bool said = false;

	for (;;) {
		struct err why = ERR_INIT;

		if (look(v, &why) == 0)
			return 0;
		left = until - date_now();
		if (left <= 0) {
			*err = why;
			return -1;
		}
		log_debug("%s", why.msg);
		if (!said)
			log_notice("waiting until %s serves the new feed, %lld "
			    "s at most", v->url, (long long)left);
		said = true;
		run_pause(1000 * (left < pause ? (unsigned)left : pause));
		pause = pause < PAUSE_MAX ? pause + 1 : PAUSE_MAX;
	}
}

int
publish_verify(const struct setting *s, const struct show *show,
    const char *path, struct err *err)
{
	struct verify v = { .url = show->feed_url, .path = path };
	int rc = -1;

	buf_init(&v.built, FEED_DOC_MAX);
	v.http = http_session_open(s->config->http.timeout, err);
	if (v.http != NULL) {
		http_session_trust(v.http, s->config->http.ca_file);
		if (fs_read(path, FEED_DOC_MAX, &v.built, NULL, err) == 0)
			rc = look_until(&v, s->config->verify_for, err);
	}
	http_session_close(v.http);
	buf_release(&v.built);
	return rc;
}
