#include "base/http_slot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/mem.h"

/* A rest of so many bytes is cheaper to read than another connection. */
#define REST_MAX 16384

const char *
http_ask_method(const struct http_ask *ask)
{
	return ask->head ? "HEAD" : ask->form != NULL ? "POST" : "GET";
}

static char *
copied(const char *s)
{
	return s != NULL && s[0] != '\0' ? xstrdup(s) : NULL;
}

struct http_job *
http_job_new(const struct http_ask *ask)
{
	struct http_job *j = xcalloc(1, sizeof(*j));

	j->ask = *ask;
	j->ask.url = xstrdup(ask->url != NULL ? ask->url : "");
	j->ask.form = copied(ask->form);
	j->ask.etag = copied(ask->etag);
	j->ask.modified = copied(ask->modified);
	j->ask.authorization = copied(ask->authorization);
	if (j->ask.keep > HTTP_MANY_KEEP_MAX)
		j->ask.keep = HTTP_MANY_KEEP_MAX;
	if (j->ask.head)
		j->ask.to = -1;
	j->url = xstrdup(j->ask.url);
	return j;
}

void
http_job_free(struct http_job *j)
{
	free((char *)(uintptr_t)j->ask.url);
	free((char *)(uintptr_t)j->ask.form);
	free((char *)(uintptr_t)j->ask.etag);
	free((char *)(uintptr_t)j->ask.modified);
	free((char *)(uintptr_t)j->ask.authorization);
	free(j->url);
	free(j->why);
	free(j);
}

/* Whether the part that comes is the one that was asked for, or the beginning
 * of it. */
static bool
is_the_part(const struct http_slot *s)
{
	const struct http_lines *l = &s->lines;
	const struct http_ask *ask = &s->job->ask;

	return ask->to >= 0 && l->begins == ask->from && l->ends <= ask->to &&
	    (l->total < 0 || l->ends < l->total) &&
	    (l->length < 0 || l->length == l->ends - l->begins + 1);
}

/* There is nothing to learn from the rest: it is read only where that is a
 * small matter, for the sake of the connection. */
static bool
skip_rest(struct http_slot *s, int64_t rest)
{
	s->enough = true;
	return rest >= 0 && rest <= REST_MAX;
}

/* At the empty line behind a head: whether to go on. */
static bool
head_ends(struct http_slot *s)
{
	const struct http_ask *ask = &s->job->ask;
	long status = 0;

	curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	if (s->answered || status < 200)
		return true;	/* a trailer, or a head before the head */
	s->answered = true;
	if (ask->head || status == 304)
		return true;
	s->misplaced = status == 206 && !is_the_part(s);
	if (s->misplaced || (status != 200 && status != 206))
		return skip_rest(s, s->lines.length);
	if (ask->count > 0) {
		s->too_long = s->lines.length > ask->count;
		return !s->too_long;
	}
	return ask->keep > 0 || skip_rest(s, s->lines.length);
}

static size_t
on_header(char *line, size_t size, size_t count, void *ctx)
{
	struct http_slot *s = ctx;
	size_t len = size * count;

	if (!http_lines_take(&s->lines, line, len))
		return 0;
	if (len <= 2 && (line[0] == '\r' || line[0] == '\n'))
		return head_ends(s) ? len : 0;
	return len;
}

static size_t
on_body(char *data, size_t size, size_t count, void *ctx)
{
	struct http_slot *s = ctx;
	const struct http_ask *ask = &s->job->ask;
	size_t len = size * count, room = ask->keep - s->body.len;

	s->answer.counted += (int64_t)len;
	buf_add(&s->body, data, len < room ? len : room);
	if (s->enough)
		return len;
	if (ask->count > 0) {
		s->too_long = s->answer.counted > ask->count;
		return s->too_long ? 0 : len;
	}
	if (s->body.len < ask->keep || skip_rest(s, s->lines.length < 0 ?
	    -1 : s->lines.length - s->answer.counted))
		return len;
	return 0;
}

struct http_slot *
http_slot_open(const char *ca_file, struct err *err)
{
	struct http_slot *s = xcalloc(1, sizeof(*s));
	CURL *c = http_easy_open(s->reason, err);

	if (c == NULL) {
		free(s);
		return NULL;
	}
	s->curl = c;
	buf_init(&s->body, HTTP_MANY_KEEP_MAX);
	curl_easy_setopt(c, CURLOPT_PRIVATE, s);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, s);
	/* Redirects are followed by http_many: the next host has limits of
	 * its own. */
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	/* Any request may be the one that makes the connection that a later
	 * one wants to know the certificate of. */
	curl_easy_setopt(c, CURLOPT_CERTINFO, 1L);
	if (ca_file != NULL) {
		curl_easy_setopt(c, CURLOPT_CAINFO, ca_file);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	return s;
}

void
http_slot_close(struct http_slot *s)
{
	if (s == NULL)
		return;
	curl_easy_cleanup(s->curl);
	curl_slist_free_all(s->fields);
	buf_release(&s->body);
	free(s);
}

/* Whether both have the same scheme, host and port; as written is enough. */
static bool
same_server(const char *a, const char *b)
{
	const char *host = strstr(a, "://");
	size_t len;

	if (host == NULL)
		return false;
	len = (size_t)(host - a) + 3;
	len += strcspn(a + len, "/?#");
	return strncasecmp(a, b, len) == 0 && strchr("/?#", b[len]) != NULL;
}

static struct curl_slist *
authorized(struct curl_slist *list, const struct http_job *j)
{
	struct buf b;

	if (j->ask.authorization == NULL || !same_server(j->ask.url, j->url))
		return list;
	buf_init(&b, 0);
	buf_addf(&b, "Authorization: %s", j->ask.authorization);
	list = curl_slist_append(list, b.data);
	buf_release(&b);
	return list;
}

static struct curl_slist *
fields_of(const struct http_job *j)
{
	const struct http_ask *ask = &j->ask;
	/* Some servers compress what was not asked to be. */
	struct curl_slist *list = curl_slist_append(NULL,
	    "Accept-Encoding: identity");

	if (ask->cors)
		list = curl_slist_append(list, "Origin: " HTTP_MANY_ORIGIN);
	return http_easy_conditions(authorized(list, j), ask->etag,
	    ask->modified);
}

/* NOBODY of an earlier use would make it a HEAD. */
static void
post(CURL *c, const char *form)
{
	curl_easy_setopt(c, CURLOPT_NOBODY, 0L);
	curl_easy_setopt(c, CURLOPT_POST, 1L);
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, -1L);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, form);
}

void
http_slot_begin(struct http_slot *s, struct http_job *j, int64_t timeout_ms)
{
	bool tls = strncasecmp(j->url, "https:", 6) == 0;
	char range[64];
	CURL *c = s->curl;

	s->job = j;
	memset(&s->answer, 0, sizeof(s->answer));
	s->lines = (struct http_lines){ .head = &s->answer.head,
	    .length = -1, .begins = -1, .ends = -1, .total = -1 };
	s->answered = s->enough = s->too_long = s->misplaced = false;
	s->reason[0] = '\0';
	s->fields = fields_of(j);
	curl_easy_setopt(c, CURLOPT_URL, j->url);
	if (j->ask.head)
		curl_easy_setopt(c, CURLOPT_NOBODY, 1L);
	else if (j->ask.form != NULL)
		post(c, j->ask.form);
	else
		curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
	(void)snprintf(range, sizeof(range), "%lld-%lld",
	    (long long)j->ask.from, (long long)j->ask.to);
	curl_easy_setopt(c, CURLOPT_RANGE, j->ask.to >= 0 ? range : NULL);
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, s->fields);
	/* Waiting for a first connection pays only where it may turn out to
	 * take many streams. */
	curl_easy_setopt(c, CURLOPT_PIPEWAIT, tls ? 1L : 0L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
}

void
http_slot_clear(struct http_slot *s)
{
	s->job = NULL;
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, NULL);
	curl_slist_free_all(s->fields);
	s->fields = NULL;
	/* What one large body took does not stay with the slot. */
	buf_release(&s->body);
	buf_init(&s->body, HTTP_MANY_KEEP_MAX);
}

/* "Nov 25 22:00:00 2026 GMT" (OpenSSL); other libraries write dates that are
 * read as they are. */
static int64_t
time_of(const char *text)
{
	struct err ignored = ERR_INIT;
	char month[4], clock[16], again[DATE_TEXT_MAX];
	struct date d;
	int day, year;

	if (sscanf(text, "%3s %d %15s %d GMT", month, &day, clock,
	    &year) == 4) {
		(void)snprintf(again, sizeof(again), "%d %s %d %s GMT", day,
		    month, year, clock);
		text = again;
	}
	return date_parse(text, NULL, 0, &d, &ignored) == 0 ? d.t : 0;
}

int64_t
http_slot_cert(const struct http_slot *s)
{
	struct curl_certinfo *chain = NULL;
	const struct curl_slist *line;
	static const char name[] = "Expire date:";

	long made = 0;

	/* A handle keeps what an earlier transfer saw. */
	curl_easy_getinfo(s->curl, CURLINFO_NUM_CONNECTS, &made);
	if (made < 1 || curl_easy_getinfo(s->curl, CURLINFO_CERTINFO, &chain) !=
	    CURLE_OK || chain == NULL || chain->num_of_certs < 1)
		return 0;
	for (line = chain->certinfo[0]; line != NULL; line = line->next)
		if (strncmp(line->data, name, sizeof(name) - 1) == 0)
			return time_of(line->data + sizeof(name) - 1);
	return 0;
}
