#include "base/http_slot.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/mem.h"

int
http_job_fails(const struct http_job *j, struct err *err, enum err_kind kind,
    const char *fmt, ...)
{
	bool led = strcmp(j->url, j->ask.url) != 0;
	char text[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	/* An address may be longer than all of a message. */
	return err_set(err, kind, "%s %.400s%s%.250s: %s",
	    http_ask_method(&j->ask), j->ask.url,
	    led ? ", which led to " : "", led ? j->url : "", text);
}

int64_t
http_pause_ms(uint64_t *seed, unsigned tries, unsigned unit_ms)
{
	uint64_t x = *seed;
	unsigned times = tries <= 1 ? 1 : tries == 2 ? 2 : 4;

	/* xorshift64: any spread will do, if others have another one */
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*seed = x;
	return (int64_t)unit_ms * times * (int64_t)(500 + x % 1001) / 1000;
}

/* A date as HTTP has it, also in the two old forms (RFC 9110 §5.6.7): "Sunday,
 * 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994". */
static bool
take_date(const char *text, struct date *out)
{
	struct err ignored = ERR_INIT;
	char month[4], clock[9], again[DATE_TEXT_MAX];
	int day, year;

	if (sscanf(text, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %8s GMT", &day,
	    month, &year, clock) == 4)
		year += year < 70 ? 2000 : 1900;
	else if (sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %8s %4d", month,
	    &day, clock, &year) != 4)
		return date_parse(text, NULL, 0, out, &ignored) == 0;
	(void)snprintf(again, sizeof(again), "%d %s %d %s GMT", day, month,
	    year, clock);
	return date_parse(again, NULL, 0, out, &ignored) == 0;
}

int64_t
http_retry_after(const struct http_lines *l)
{
	struct date then, now;
	char *end;
	long long n;

	if (l->retry[0] >= '0' && l->retry[0] <= '9') {
		n = strtoll(l->retry, &end, 10);
		return *end == '\0' ? n : -1;
	}
	if (!take_date(l->retry, &then))
		return -1;
	if (!take_date(l->date, &now))
		now.t = date_now();
	return then.t > now.t ? then.t - now.t : 0;
}

static void
fill_answer(struct http_slot *s)
{
	struct http_answer *a = &s->answer;
	const struct http_job *j = s->job;
	curl_off_t length = -1;

	a->head.length = -1;
	if (s->answered) {
		curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE,
		    &a->head.status);
		curl_easy_getinfo(s->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
		    &length);
		a->head.length = length;
	}
	a->head.not_modified = a->head.status == 304;
	a->begins = s->lines.begins;
	a->ends = s->lines.ends;
	a->total = s->lines.total;
	a->encoded = s->lines.encoded;
	a->ranges = s->lines.ranges ||
	    (a->head.status == 206 && !s->misplaced);
	a->body = s->body.data;
	a->body_len = s->body.len;
	a->url = j->url;
	a->redirects = j->redirects;
	a->downgraded = j->downgraded;
	a->tries = j->tries;
	memcpy(a->origin, s->lines.origin, sizeof(a->origin));
	a->retry_after = s->answered ? http_retry_after(&s->lines) : -1;
}

/* Whether the connection or the server's mood is to blame, not the address. */
static bool
code_may_pass(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST: case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT: case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING: case CURLE_SEND_ERROR: case CURLE_RECV_ERROR:
	case CURLE_SSL_CONNECT_ERROR: case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
		return true;
	default:
		return false;
	}
}

static enum http_verdict
no_answer(struct http_slot *s, CURLcode code, struct err *err)
{
	const struct http_job *j = s->job;
	struct http_head *h = &s->answer.head;
	enum err_kind kind = http_code_kind(code, h);

	/* Who began to speak is slow, but not silent. */
	h->silent = h->silent && s->lines.count == 0;
	if (s->lines.flooded)
		http_job_fails(j, err, ERR_NETWORK, "the head of the answer "
		    "has more than %d lines", HTTP_LINES_MAX);
	else if (s->too_long)
		http_job_fails(j, err, ERR_INPUT, "the answer is larger than "
		    "%lld bytes", (long long)j->ask.count);
	else if (h->timed_out && s->answered)
		http_job_fails(j, err, kind, "the answer did not end in time; "
		    "%lld bytes of it came", (long long)s->answer.counted);
	else
		http_job_fails(j, err, kind, "%s", s->reason[0] != '\0' ?
		    s->reason : curl_easy_strerror(code));
	return code_may_pass(code) ? HTTP_AGAIN : HTTP_FAILED;
}

/* An address of http or https, and which of them. */
static bool
is_web(const char *url, bool *tls)
{
	*tls = strncasecmp(url, "https://", 8) == 0;
	return *tls || strncasecmp(url, "http://", 7) == 0;
}

static enum http_verdict
moved(struct http_slot *s, struct err *err)
{
	struct http_job *j = s->job;
	char *to = NULL;
	bool was_tls, is_tls;
	curl_off_t took = 0;

	curl_easy_getinfo(s->curl, CURLINFO_REDIRECT_URL, &to);
	if (to == NULL) {
		http_job_fails(j, err, ERR_NETWORK, "the server answered %ld "
		    "without an address to go on to", s->answer.head.status);
		return HTTP_FAILED;
	}
	(void)is_web(j->url, &was_tls);
	if (!is_web(to, &is_tls)) {
		http_job_fails(j, err, ERR_NETWORK, "the server redirects to "
		    "%.200s, which is neither http nor https", to);
		return HTTP_FAILED;
	}
	if (j->redirects == HTTP_REDIRECTS_MAX) {
		http_job_fails(j, err, ERR_NETWORK, "more than %ld redirects",
		    HTTP_REDIRECTS_MAX);
		return HTTP_FAILED;
	}
	curl_easy_getinfo(s->curl, CURLINFO_TOTAL_TIME_T, &took);
	j->spent_ms += took / 1000;
	j->redirects++;
	j->downgraded |= was_tls && !is_tls;
	to = xstrdup(to);
	free(j->url);
	j->url = to;
	return HTTP_MOVED;
}

/* 200 or 206 */
static enum http_verdict
taken(struct http_slot *s, struct err *err)
{
	const struct http_answer *a = &s->answer;
	const struct http_job *j = s->job;
	int64_t size = a->ends - a->begins + 1;

	if (a->head.status == 206 && j->ask.to < 0)
		http_job_fails(j, err, ERR_NETWORK, "the server answered 206, "
		    "but no part of the file was asked for");
	else if (s->misplaced && a->begins < 0)
		http_job_fails(j, err, ERR_NETWORK, "the server answered 206 "
		    "without saying which part of the file it sends");
	else if (s->misplaced)
		http_job_fails(j, err, ERR_NETWORK, "the server sent bytes "
		    "%lld to %lld where %lld to %lld were asked for",
		    (long long)a->begins, (long long)a->ends,
		    (long long)j->ask.from, (long long)j->ask.to);
	else if (a->head.status == 206 && !s->enough && a->counted != size)
		http_job_fails(j, err, ERR_NETWORK, "the server sent %lld "
		    "bytes as a part of %lld", (long long)a->counted,
		    (long long)size);
	else
		return HTTP_DONE;
	return HTTP_FAILED;
}

static enum http_verdict
refused(struct http_slot *s, struct err *err)
{
	long status = s->answer.head.status;

	http_job_fails(s->job, err, http_status_kind(status),
	    "the server answered %ld", status);
	switch (status) {
	case 408: case 425: case 429: case 500: case 502: case 503: case 504:
		return HTTP_AGAIN;
	default:
		return HTTP_FAILED;
	}
}

enum http_verdict
http_judge(struct http_slot *s, CURLcode code, struct err *err)
{
	const struct http_ask *ask = &s->job->ask;
	long status;

	fill_answer(s);
	if (code != CURLE_OK && !s->enough)
		return no_answer(s, code, err);
	status = s->answer.head.status;
	if (ask->form != NULL && status / 100 == 2)
		return HTTP_DONE;
	if (status == 200 || status == 206)
		return taken(s, err);
	if (status == 304) {
		if (ask->etag != NULL || ask->modified != NULL)
			return HTTP_DONE;
		http_job_fails(s->job, err, ERR_NETWORK, "the server answered "
		    "304 to what was not asked");
		return HTTP_FAILED;
	}
	return status / 100 == 3 ? moved(s, err) : refused(s, err);
}
