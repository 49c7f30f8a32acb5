#include "cmd/feed_load.h"

#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "base/http.h"
#include "base/log.h"

#define GET_SECONDS 120L

static int
fetch(const char *url, struct buf *out, char **base, struct arena *a,
    struct err *err)
{
	struct http_session *s = http_session_open(GET_SECONDS, err);
	struct http_head head;
	int rc;

	if (s == NULL)
		return -1;
	log_debug("fetching %s", url);
	rc = http_get(s, url, FEED_DOC_MAX, out, &head, err);
	if (rc == 0)
		*base = arena_strdup(a, http_last_url(s));
	http_session_close(s);
	return rc;
}

struct feed_doc *
feed_load(struct arena *a, const char *from, const char *nothing,
    bool *keep_going, struct err *err)
{
	struct findings findings = { .report = log_finding };
	struct feed_doc *d = NULL;
	bool damaged = false;
	char *base = NULL;
	struct buf data;
	int rc;

	buf_init(&data, FEED_DOC_MAX);
	if (strncasecmp(from, "http://", 7) == 0 ||
	    strncasecmp(from, "https://", 8) == 0)
		rc = fetch(from, &data, &base, a, err);
	else
		rc = fs_read(from, FEED_DOC_MAX, &data, NULL, err);
	if (rc == 0)
		d = feed_doc_read(data.data, data.len, from, base, &findings,
		    err);
	buf_release(&data);
	damaged = d != NULL && findings.errors > 0;
	if (damaged && keep_going == NULL) {
		(void)err_set(err, ERR_INPUT, "%s: the feed is damaged, and "
		    "something may be missing; %s", from, nothing);
		feed_doc_free(d);
		return NULL;
	}
	if (keep_going != NULL)
		*keep_going = damaged;
	return d;
}
