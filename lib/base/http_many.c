#include "base/http_many.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/http_line.h"
#include "base/log.h"
#include "base/mem.h"

#define POLL_MS 1000	/* how long a stop may go unseen at most */
#define WAIT_MAX_S 86400

struct http_many {
	CURLM *multi;
	struct http_many_limits limits;
	uint64_t seed;
	struct http_line line;
	struct http_job *waiting;	/* for their due time */
	size_t open;		/* jobs without an answer */
	struct http_slot **slots;
	size_t nslots;
	struct http_slot *spare;
};

static void
set_limits(struct http_many_limits *to, const struct http_many_limits *from)
{
	*to = *from;
	if (to->connections == 0)
		to->connections = 32;
	if (to->per_host == 0)
		to->per_host = 8;
	if (to->timeout <= 0)
		to->timeout = 30;
	if (to->unit_ms == 0)
		to->unit_ms = 1000;
	if (to->patience > WAIT_MAX_S)
		to->patience = WAIT_MAX_S;
}

struct http_many *
http_many_open(const struct http_many_limits *limits, struct err *err)
{
	struct http_many *m = xcalloc(1, sizeof(*m));

	set_limits(&m->limits, limits);
	if (hash_random(&m->seed, sizeof(m->seed), err) != 0) {
		free(m);
		return NULL;
	}
	m->seed |= 1;
	m->multi = curl_multi_init();
	if (m->multi == NULL) {
		free(m);
		err_set(err, ERR_INTERNAL, "libcurl does not start");
		return NULL;
	}
	curl_multi_setopt(m->multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
	curl_multi_setopt(m->multi, CURLMOPT_MAX_CONCURRENT_STREAMS,
	    (long)HTTP_MANY_STREAMS);
	curl_multi_setopt(m->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS,
	    (long)m->limits.connections);
	curl_multi_setopt(m->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	    (long)m->limits.per_host);
	curl_multi_setopt(m->multi, CURLMOPT_MAXCONNECTS,
	    (long)m->limits.connections);
	return m;
}

void
http_many_close(struct http_many *m)
{
	struct http_job *j;
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < m->nslots; i++)
		http_slot_close(m->slots[i]);
	free(m->slots);
	curl_multi_cleanup(m->multi);
	while ((j = m->waiting) != NULL) {
		m->waiting = j->next;
		http_job_free(j);
	}
	http_line_release(&m->line);
	free(m);
}

void
http_many_add(struct http_many *m, const struct http_ask *ask)
{
	m->open++;
	http_line_add(&m->line, http_job_new(ask), ask->first);
}

static void
answer(struct http_many *m, struct http_job *j, const struct http_answer *a,
    const struct err *err)
{
	m->open--;
	j->ask.done(j->ask.ctx, a, err);
	http_job_free(j);
}

static bool
is_given_up(const struct http_host *h)
{
	return h->silent >= HTTP_MANY_SILENCE_MAX;
}

/* An err to what was not asked, or not asked again. */
static void
answer_unasked(struct http_many *m, struct http_job *j, const struct err *err)
{
	struct http_answer a = { .head.length = -1, .begins = -1, .ends = -1,
	    .total = -1, .body = "", .url = j->url, .tries = j->tries,
	    .redirects = j->redirects, .downgraded = j->downgraded,
	    .retry_after = -1 };

	if (is_given_up(j->host)) {
		a.head.silent = true;
		a.head.timed_out = j->host->timed_out;
	}

	answer(m, j, &a, err);
}

static void
give_up(struct http_many *m, struct http_host *h)
{
	struct http_job *j;

	while ((j = http_line_take(h)) != NULL) {
		struct err err = ERR_INIT;

		if (j->why != NULL)
			err_set(&err, h->kind, "%s", j->why);
		else
			http_job_fails(j, &err, h->kind, "not asked: %s did "
			    "not answer twice before", h->name);
		answer_unasked(m, j, &err);
	}
}

static struct http_slot *
spare_slot(struct http_many *m, struct err *err)
{
	struct http_slot *s = m->spare;

	if (s != NULL) {
		m->spare = s->next;
		return s;
	}
	s = http_slot_open(m->limits.ca_file, err);
	if (s == NULL)
		return NULL;
	if ((m->nslots & (m->nslots + 1)) == 0)
		m->slots = xreallocarray(m->slots, 2 * (m->nslots + 1),
		    sizeof(struct http_slot *));
	m->slots[m->nslots++] = s;
	return s;
}

static void
free_slot(struct http_many *m, struct http_slot *s)
{
	http_slot_clear(s);
	s->next = m->spare;
	m->spare = s;
}

/* A try begins with the address of the ask and goes on with what it leads to;
 * the time is for both. */
static int
begin(struct http_many *m, struct http_job *j, int64_t now, struct err *err)
{
	int64_t left = (int64_t)m->limits.timeout * 1000 - j->spent_ms;
	struct http_slot *s = spare_slot(m, err);

	if (s == NULL)
		return -1;
	if (j->redirects == 0)
		j->tries++;
	s->began_ms = now;
	http_slot_begin(s, j, left > 1 ? left : 1);
	if (curl_multi_add_handle(m->multi, s->curl) == CURLM_OK) {
		http_line_count(&m->line, j->host, 1);
		return 0;
	}
	free_slot(m, s);
	return err_set(err, ERR_INTERNAL, "libcurl takes no request");
}

/* Neither http nor https: nothing is asked of it. */
static bool
is_for_us(struct http_many *m, struct http_job *j)
{
	struct err err = ERR_INIT;

	if (strncasecmp(j->url, "http://", 7) == 0 ||
	    strncasecmp(j->url, "https://", 8) == 0)
		return true;
	http_job_fails(j, &err, ERR_INPUT, "the address begins with neither "
	    "http:// nor https://");
	answer_unasked(m, j, &err);
	return false;
}

/* Takes one job off a host's queue, if it may be begun now. 1: one was taken;
 * 0: none; -1 with the err. */
static int
serve(struct http_many *m, struct http_host *h, int64_t now, struct err *err)
{
	struct http_job *j;

	if (is_given_up(h))
		give_up(m, h);
	if (h->first == NULL || h->rest_until_ms > now ||
	    !http_line_has_room(&m->line, h, m->limits.per_host,
	    m->limits.connections))
		return 0;
	j = http_line_take(h);
	if (!is_for_us(m, j) || begin(m, j, now, err) == 0)
		return 1;
	http_line_add(&m->line, j, true);
	return -1;
}

/* The hosts in line take turns until there is room for none of them. */
static int
fill(struct http_many *m, struct err *err)
{
	size_t idle = 0;
	int64_t now = clock_ms();
	struct http_host *h;
	int took;

	while (idle < m->line.count) {
		h = http_line_next(&m->line);
		took = serve(m, h, now, err);
		http_line_up(&m->line, h);
		if (took < 0)
			return -1;
		idle = took > 0 ? 0 : idle + (h->first != NULL);
	}
	return 0;
}

/* From the beginning, once the pause is over. */
static void
wait_again(struct http_many *m, struct http_job *j, int64_t pause,
    const struct err *err)
{
	free(j->why);
	j->why = xstrdup(err->msg);
	j->due_ms = clock_ms() + pause;
	j->redirects = 0;
	j->downgraded = false;
	j->spent_ms = 0;
	free(j->url);
	j->url = xstrdup(j->ask.url);
	j->host = http_line_host(&m->line, j->url);
	j->next = m->waiting;
	m->waiting = j;
}

/* Brings back what has waited long enough, and what waits for a host that was
 * given up. */
static void
wake(struct http_many *m)
{
	struct http_job **at = &m->waiting, *j;
	int64_t now = clock_ms();

	while ((j = *at) != NULL) {
		if (j->due_ms > now && !is_given_up(j->host)) {
			at = &j->next;
			continue;
		}
		*at = j->next;
		http_line_add(&m->line, j, true);
	}
}

static int
until_next(const struct http_many *m)
{
	int64_t now = clock_ms(), next = now + POLL_MS;
	const struct http_host *h;
	const struct http_job *j;

	for (j = m->waiting; j != NULL; j = j->next)
		if (j->due_ms < next)
			next = j->due_ms;
	for (h = m->line.first; h != NULL; h = h->next)
		if (h->rest_until_ms > now && h->rest_until_ms < next)
			next = h->rest_until_ms;
	return next > now ? (int)(next - now) : 0;
}

static void
rest(struct http_host *h, int64_t pause)
{
	int64_t until = clock_ms() + pause;

	if (until > h->rest_until_ms)
		h->rest_until_ms = until;
}

/* Until when the certificate of a slot's host is good: as that request saw
 * that made the connection, which may be under way still. */
static int64_t
cert_of(struct http_many *m, const struct http_slot *s)
{
	struct http_host *h = s->job->host;
	int64_t until = http_slot_cert(s);
	size_t i;

	for (i = 0; i < m->nslots && until == 0 && h->cert_until == 0; i++)
		if (m->slots[i]->job != NULL && m->slots[i]->job->host == h)
			until = http_slot_cert(m->slots[i]);
	if (until != 0)
		h->cert_until = until;
	return h->cert_until;
}

/* What the way a request ended says of its host. */
static void
note_host(struct http_many *m, const struct http_slot *s,
    const struct err *err)
{
	struct http_host *h = s->job->host;
	long version = 0;

	if (s->answered) {
		curl_easy_getinfo(s->curl, CURLINFO_HTTP_VERSION, &version);
		h->streams = version == CURL_HTTP_VERSION_2_0;
		h->silent = 0;
		h->answered_ms = clock_ms();
	}
	/* While others are answered, one that is not has only waited for its
	 * turn, within libcurl. */
	if (!s->answer.head.silent || h->answered_ms > s->began_ms)
		return;
	if (h->silent == 0 || s->began_ms >= h->silent_ms) {
		h->silent++;
		h->silent_ms = clock_ms();
		h->kind = err->kind;
		h->timed_out = s->answer.head.timed_out;
		log_debug("%s does not answer", h->name);
		if (m->limits.retries > 0 && !is_given_up(h))
			rest(h, http_pause_ms(&m->seed, 1,
			    m->limits.unit_ms));
	}
}

/* How long to wait before a job is asked again; -1: it is not. */
static int64_t
pause_of(struct http_many *m, struct http_slot *s, struct err *err)
{
	struct http_job *j = s->job;
	struct http_host *h = j->host;
	int64_t after = s->answer.retry_after, pause;
	char text[DATE_TEXT_MAX];
	struct date then = { 0, 0 };

	if (after > m->limits.patience) {
		then.t = date_now() + (after < INT32_MAX ? after : INT32_MAX);
		date_rfc3339(&then, text);
		http_job_fails(j, err, err->kind, "the server answered %ld "
		    "and wants to be asked again in %lld seconds (%s)",
		    s->answer.head.status, (long long)after, text);
		return -1;
	}
	if (j->tries > m->limits.retries)
		return -1;
	pause = http_pause_ms(&m->seed, j->tries, m->limits.unit_ms);
	if (after * 1000 <= pause)
		return pause;
	/* Others would be told the same; but no host may have all of its asks
	 * wait for each other. */
	pause = after * 1000;
	if (h->rested_ms + pause <= (int64_t)m->limits.patience *
	    m->limits.retries * 1000) {
		h->rested_ms += pause;
		rest(h, pause);
	}
	return pause;
}

static void
finish(struct http_many *m, struct http_slot *s, CURLcode code)
{
	struct err err = ERR_INIT;
	struct http_job *j = s->job;
	struct http_host *h = j->host;
	enum http_verdict v;
	int64_t pause = -1;

	s->answer.cert_until = cert_of(m, s);
	if (!j->ask.cert)
		s->answer.cert_until = 0;
	v = http_judge(s, code, &err);
	note_host(m, s, &err);
	http_line_count(&m->line, h, -1);
	if (v == HTTP_AGAIN)
		pause = pause_of(m, s, &err);
	if (v == HTTP_DONE || v == HTTP_MOVED)
		log_debug("%s %s: %s", http_ask_method(&j->ask),
		    j->ask.url, v == HTTP_DONE ? "answered" : j->url);
	else
		log_debug("%s", err.msg);
	if (v == HTTP_MOVED) {
		http_line_add(&m->line, j, true);
	} else if (pause >= 0) {
		wait_again(m, j, pause, &err);
	} else {
		answer(m, j, &s->answer, v == HTTP_DONE ? NULL : &err);
	}
	free_slot(m, s);
}

/* Whether any transfer had ended. */
static bool
collect(struct http_many *m)
{
	struct http_slot *s = NULL;
	bool any = false;
	CURLMsg *msg;
	CURLcode code;
	int left;

	while ((msg = curl_multi_info_read(m->multi, &left)) != NULL) {
		if (msg->msg != CURLMSG_DONE)
			continue;
		code = msg->data.result;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &s);
		curl_multi_remove_handle(m->multi, s->curl);
		finish(m, s, code);
		any = true;
	}
	return any;
}

/* Everything that is open gets the err; what done() adds, too. */
static int
abandon(struct http_many *m, const struct err *why, struct err *err)
{
	struct http_job *j;
	size_t i;

	for (i = 0; i < m->nslots; i++) {
		if ((j = m->slots[i]->job) == NULL)
			continue;
		curl_multi_remove_handle(m->multi, m->slots[i]->curl);
		free_slot(m, m->slots[i]);
		http_line_count(&m->line, j->host, -1);
		http_line_add(&m->line, j, true);
	}
	while ((j = m->waiting) != NULL) {
		m->waiting = j->next;
		http_line_add(&m->line, j, true);
	}
	while (m->line.count > 0) {
		struct http_host *h = http_line_next(&m->line);

		while ((j = http_line_take(h)) != NULL)
			answer_unasked(m, j, why);
	}
	*err = *why;
	return -1;
}

int
http_many_run(struct http_many *m, struct err *err)
{
	struct err why = ERR_INIT;
	int running;

	while (m->open > 0) {
		if (m->limits.stop != NULL && *m->limits.stop != 0) {
			err_set(&why, ERR_TEMPORARY, "interrupted");
			return abandon(m, &why, err);
		}
		wake(m);
		if (fill(m, &why) != 0)
			return abandon(m, &why, err);
		if (curl_multi_perform(m->multi, &running) != CURLM_OK) {
			err_set(&why, ERR_INTERNAL, "libcurl fails");
			return abandon(m, &why, err);
		}
		if (collect(m) || m->open == 0)
			continue;
		if (curl_multi_poll(m->multi, NULL, 0, until_next(m),
		    NULL) != CURLM_OK) {
			err_set(&why, ERR_INTERNAL, "libcurl fails");
			return abandon(m, &why, err);
		}
	}
	return 0;
}
