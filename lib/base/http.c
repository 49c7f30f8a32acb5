#include "base/http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/http_easy.h"
#include "base/mem.h"

/* A download under way. */
struct save {
	const char *url;
	const struct http_saving *what;
	int64_t have;		/* bytes of the file */
	struct err refused;	/* of began(), or of what comes compressed */
	int problem;		/* errno of a write; 0: none */
	bool misplaced;		/* another part than was asked for */
	bool too_large;
	bool begun;
};

struct http_session {
	CURL *curl;
	long timeout;
	char reason[CURL_ERROR_SIZE];
	struct http_head *head;	/* of the request under way */
	struct http_lines lines;
	struct save *save;	/* of a download */
	struct buf *body;	/* of a GET */
	size_t left;		/* bytes that it may still get */
	bool head_only;		/* the body ends the request */
	bool too_large;
};

int
http_global_init(struct err *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ERR_INTERNAL, "libcurl does not start");
	return 0;
}

void
http_global_release(void)
{
	curl_global_cleanup();
}

static size_t
on_header(char *line, size_t size, size_t count, void *ctx)
{
	struct http_session *s = ctx;

	return http_lines_take(&s->lines, line, size * count) ?
	    size * count : 0;
}

static bool
write_all(struct save *v, const char *data, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = pwrite(v->what->fd, data, len, (off_t)v->have);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			v->problem = errno;
			return false;
		}
		data += n;
		len -= (size_t)n;
		v->have += n;
	}
	return true;
}

/* Whether a part is of another file than the one that was begun, or does not
 * say of which it is (RFC 9110 §15.3.7 has it say so): not every server knows
 * of If-Range. */
static bool
is_of_other(const struct http_saving *what, const struct http_head *h)
{
	const char *now;

	if (what->version == NULL)
		return false;
	now = what->version[0] == '"' ? h->etag : h->modified;
	return strcmp(now, what->version) != 0;
}

/* At the first byte: where it belongs, and how long the whole file is. */
static bool
begin(struct http_session *s, struct save *v, long status)
{
	curl_off_t rest = -1;

	/* It was asked for as it lies there, and would be stored so. */
	if (s->lines.encoded) {
		err_set(&v->refused, ERR_NETWORK, "GET %s: the server sends "
		    "it compressed, though nobody asked for that; let it send "
		    "the file as it is", v->url);
		return false;
	}
	/* A part from the beginning on is a beginning too. */
	if (status == 200 || v->have == 0) {
		v->have = 0;
		if (ftruncate(v->what->fd, 0) != 0) {
			v->problem = errno;
			return false;
		}
		if (v->what->began != NULL && v->what->began(
		    v->what->began_ctx, s->head, &v->refused) != 0)
			return false;
	}
	curl_easy_getinfo(s->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &rest);
	s->head->length = status == 206 && s->lines.total >= 0 ?
	    s->lines.total :
	    rest < 0 ? -1 : v->have + rest;
	v->misplaced = status == 206 && (s->lines.begins != v->have ||
	    is_of_other(v->what, s->head));
	s->head->other_part = v->misplaced;
	v->begun = true;
	return !v->misplaced;
}

/* A part of the file, or (200) the file from its beginning. What comes with
 * any other status is not the file. */
static size_t
on_piece(struct http_session *s, const char *data, size_t len)
{
	struct save *v = s->save;
	long status = 0;

	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200 && status != 206)
		return len;
	if (!v->begun && !begin(s, v, status))
		return 0;
	v->too_large = (int64_t)len > v->what->max - v->have ||
	    s->head->length > v->what->max;
	if (v->too_large || !write_all(v, data, len))
		return 0;
	if (v->what->tell != NULL)
		v->what->tell(v->what->ctx, v->have, s->head->length);
	return len;
}

/* Of one that breaks off libcurl does not tell where it leads. */
static bool
is_redirect(const struct http_session *s)
{
	long status = 0;

	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	return status / 100 == 3;
}

static size_t
on_body(char *data, size_t size, size_t count, void *ctx)
{
	struct http_session *s = ctx;
	size_t len = size * count;

	if (s->save != NULL)
		return on_piece(s, data, len);
	if (s->body == NULL)
		return s->head_only && !is_redirect(s) ? 0 : len;
	if (len > s->left) {
		s->too_large = true;
		return 0;
	}
	s->left -= len;
	buf_add(s->body, data, len);
	s->too_large = s->body->full;
	return s->too_large ? 0 : len;
}

struct http_session *
http_session_open(long timeout, struct err *err)
{
	struct http_session *s = xcalloc(1, sizeof(*s));
	CURL *c = http_easy_open(s->reason, err);

	if (c == NULL) {
		free(s);
		return NULL;
	}
	s->curl = c;
	s->timeout = timeout;
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, timeout);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, timeout);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	return s;
}

void
http_session_close(struct http_session *s)
{
	if (s == NULL)
		return;
	curl_easy_cleanup(s->curl);
	free(s);
}

void
http_session_trust(struct http_session *s, const char *ca_file)
{
	if (ca_file == NULL)
		return;
	curl_easy_setopt(s->curl, CURLOPT_CAINFO, ca_file);
	curl_easy_setopt(s->curl, CURLOPT_CAPATH, NULL);
}

static int
curl_failed(struct http_session *s, const char *method, const char *url,
    CURLcode code, struct err *err)
{
	enum err_kind kind = http_code_kind(code, s->head);

	if (s->lines.flooded)
		return err_set(err, ERR_NETWORK, "%s %s: the head of the "
		    "answer has more than %d lines", method, url,
		    HTTP_LINES_MAX);
	return err_set(err, kind, "%s %s: %s", method, url,
	    s->reason[0] != '\0' ? s->reason : curl_easy_strerror(code));
}

/* One request and what its last answer says; list may be NULL. */
static int
perform(struct http_session *s, const char *method, const char *url,
    struct curl_slist *list, struct http_head *out, struct err *err)
{
	curl_off_t length = -1;
	CURLcode code;

	memset(out, 0, sizeof(*out));
	s->head = out;
	s->lines = (struct http_lines){ .head = out, .length = -1,
	    .begins = -1, .ends = -1, .total = -1 };
	s->reason[0] = '\0';
	curl_easy_setopt(s->curl, CURLOPT_URL, url);
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, list);
	code = curl_easy_perform(s->curl);
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, NULL);
	if (code != CURLE_OK)
		return curl_failed(s, method, url, code, err);
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_easy_getinfo(s->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
	    &length);
	out->length = length;
	out->not_modified = out->status == 304;
	if (out->status == 200 || out->not_modified ||
	    (out->status == 206 && s->save != NULL))
		return 0;
	return err_set(err, http_status_kind(out->status),
	    "%s %s: the server answered %ld", method, url, out->status);
}

int
http_get(struct http_session *s, const char *url, size_t max,
    struct buf *out, struct http_head *head, struct err *err)
{
	size_t before = out->len;
	struct err problem = ERR_INIT;
	int rc;

	s->body = out;
	s->left = max;
	s->too_large = false;
	curl_easy_setopt(s->curl, CURLOPT_HTTPGET, 1L);
	/* "": all that libcurl can undo */
	curl_easy_setopt(s->curl, CURLOPT_ACCEPT_ENCODING, "");
	rc = perform(s, "GET", url, NULL, head, &problem);
	s->body = NULL;
	if (rc == 0 && !head->not_modified)
		return 0;
	buf_truncate(out, before);
	if (s->too_large) {
		out->full = false;
		return err_set(err, ERR_INPUT, "GET %s: the answer is larger "
		    "than %zu bytes", url, max);
	}
	if (rc == 0)
		return err_set(err, ERR_NETWORK, "GET %s: the server "
		    "answered 304 to what was not asked", url);
	*err = problem;
	return -1;
}

int
http_step(struct http_session *s, struct arena *a, const char *url,
    const char **to, struct http_head *head, struct err *err)
{
	struct err problem = ERR_INIT;
	char *there = NULL;
	int rc;

	s->head_only = true;
	curl_easy_setopt(s->curl, CURLOPT_HTTPGET, 1L);
	curl_easy_setopt(s->curl, CURLOPT_ACCEPT_ENCODING, NULL);
	curl_easy_setopt(s->curl, CURLOPT_FOLLOWLOCATION, 0L);
	rc = perform(s, "GET", url, NULL, head, &problem);
	curl_easy_setopt(s->curl, CURLOPT_FOLLOWLOCATION, 1L);
	s->head_only = false;
	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &head->status);
	/* Status 0, or 100: nothing that could be taken for an answer. */
	if (rc != 0 && head->status < 200) {
		*err = problem;
		return -1;
	}
	head->not_modified = false;
	curl_easy_getinfo(s->curl, CURLINFO_REDIRECT_URL, &there);
	*to = there != NULL ? arena_strdup(a, there) : NULL;
	return 0;
}

/* A download may take long, but not stand still. */
static void
set_patience(struct http_session *s, bool download)
{
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT, download ? 0L :
	    s->timeout);
	curl_easy_setopt(s->curl, CURLOPT_LOW_SPEED_LIMIT, download ? 1L :
	    0L);
	curl_easy_setopt(s->curl, CURLOPT_LOW_SPEED_TIME, download ?
	    s->timeout : 0L);
}

static int
save_result(const struct save *v, const char *url,
    const struct http_head *head, int rc, const struct err *problem,
    struct err *err)
{
	if (v->problem != 0) {
		errno = v->problem;
		return err_sys(err, ERR_OUTPUT, "GET %s: the file cannot be "
		    "written", url);
	}
	if (v->refused.kind != ERR_NONE) {
		*err = v->refused;
		return -1;
	}
	if (v->misplaced)
		return err_set(err, ERR_NETWORK, "GET %s: the server sent "
		    "another part than it was asked for", url);
	if (v->too_large)
		return err_set(err, ERR_INPUT, "GET %s: the file is larger "
		    "than %lld bytes", url, (long long)v->what->max);
	if (rc != 0) {
		*err = *problem;
		return -1;
	}
	if (head->length >= 0 && v->have != head->length)
		return err_set(err, ERR_NETWORK, "GET %s: %lld bytes came of "
		    "%lld", url, (long long)v->have, (long long)head->length);
	return 0;
}

/* What makes the answer a part only of the file that was begun. */
static struct curl_slist *
same_file(const struct http_saving *what)
{
	char line[HTTP_FIELD_MAX + 32];

	if (what->from == 0 || what->version == NULL)
		return NULL;
	(void)snprintf(line, sizeof(line), "If-Range: %s", what->version);
	return curl_slist_append(NULL, line);
}

int
http_save(struct http_session *s, const char *url,
    const struct http_saving *what, struct http_head *head, struct err *err)
{
	struct save v = { .url = url, .what = what, .have = what->from,
	    .refused = ERR_INIT };
	struct curl_slist *list = same_file(what);
	struct err problem = ERR_INIT;
	char range[32];
	int64_t length;
	int rc;

	s->save = &v;
	(void)snprintf(range, sizeof(range), "%lld-", (long long)what->from);
	curl_easy_setopt(s->curl, CURLOPT_HTTPGET, 1L);
	/* What is stored is what lies there: ranges count those bytes. */
	curl_easy_setopt(s->curl, CURLOPT_ACCEPT_ENCODING, NULL);
	curl_easy_setopt(s->curl, CURLOPT_RANGE, what->from > 0 ? range :
	    NULL);
	set_patience(s, true);
	rc = perform(s, "GET", url, list, head, &problem);
	set_patience(s, false);
	curl_slist_free_all(list);
	curl_easy_setopt(s->curl, CURLOPT_RANGE, NULL);
	s->save = NULL;
	length = head->length;
	/* That of the answer is the rest. */
	if (rc == 0 && head->status == 206 && s->lines.total >= 0)
		head->length = s->lines.total;
	else if (rc == 0 && length >= 0 && head->status == 206)
		head->length = what->from + length;
	if (rc == 0 && !v.begun && head->status == 200 &&
	    ftruncate(what->fd, 0) == 0)
		v.have = 0;
	return save_result(&v, url, head, rc, &problem, err);
}

const char *
http_last_url(const struct http_session *s)
{
	char *url = NULL;

	curl_easy_getinfo(s->curl, CURLINFO_EFFECTIVE_URL, &url);
	return url != NULL ? url : "";
}
