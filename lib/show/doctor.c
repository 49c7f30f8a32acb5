#include "show/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/strmap.h"
#include "show/doctor_int.h"

struct doctor {
	struct arena arena;
	struct findings *to;
	int64_t now;
	struct doctor_case *first, **last;
	struct strmap known;	/* addresses that were added */
	size_t count[DOCTOR_KINDS];
	size_t n, done;
};

/* What many files of one server have in common. */
struct common {
	const struct doctor_trouble *told;	/* the best of them */
	size_t n;
};

struct commons {
	struct strmap map;	/* by rule and host */
	struct common *list;
	size_t n, room;
};

struct doctor *
doctor_open(int64_t now, struct findings *to)
{
	struct doctor *d = xcalloc(1, sizeof(*d));

	d->to = to;
	d->now = now;
	d->last = &d->first;
	return d;
}

void
doctor_close(struct doctor *d)
{
	if (d == NULL)
		return;
	strmap_release(&d->known);
	arena_release(&d->arena);
	free(d);
}

size_t
doctor_count(const struct doctor *d, enum doctor_kind kind)
{
	return d->count[kind];
}

static const char *
host_of(struct arena *a, const char *url)
{
	const char *host = strstr(url, "://");

	host = host != NULL ? host + 3 : url;
	return arena_strndup(a, host, strcspn(host, "/?#"));
}

bool
doctor_add(struct doctor *d, const struct doctor_file *f)
{
	struct doctor_case *c;

	if (strncasecmp(f->url, "http://", 7) != 0 &&
	    strncasecmp(f->url, "https://", 8) != 0)
		return false;
	if (strmap_put(&d->known, f->url, d->n) != STRMAP_NONE)
		return false;
	c = arena_alloc(&d->arena, sizeof(*c));
	c->doctor = d;
	c->arena = &d->arena;
	c->f = *f;
	c->host = host_of(&d->arena, f->url);
	c->last = &c->first;
	*d->last = c;
	d->last = &c->next;
	d->count[f->kind]++;
	d->n++;
	return true;
}

struct doctor_trouble *
doctor_tell(struct doctor_case *c, enum severity severity, const char *rule,
    const char *fmt, ...)
{
	static const char *const words[DOCTOR_KINDS] = {
		"audio", "picture", "transcript", "chapters"
	};
	struct doctor_trouble *t = arena_alloc(c->arena, sizeof(*t));
	char text[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	t->severity = severity;
	t->rule = rule;
	t->kind = ERR_INPUT;
	/* What a request says of its failure names the address itself. */
	t->text = strstr(text, c->f.url) != NULL ?
	    arena_printf(c->arena, "%s of %s: %s", words[c->f.kind], c->f.who,
	    text) : arena_printf(c->arena, "%s of %s, %.400s: %s",
	    words[c->f.kind], c->f.who, c->f.url, text);
	*c->last = t;
	c->last = &t->next;
	return t;
}

static void
keep_answer(struct doctor_case *c, struct doctor_answer *to,
    const struct http_answer *a, const struct err *err)
{
	to->came = err == NULL;
	to->status = a->head.status;
	to->asked = a->tries > 0;
	to->encoded = a->encoded;
	to->type = arena_strdup(c->arena, a->head.type);
	to->size = a->total >= 0 ? a->total :
	    a->encoded || a->head.status != 200 ? -1 : a->head.length;
	if (err != NULL) {
		to->kind = err->kind;
		to->why = arena_strdup(c->arena, err->msg);
	}
	if (a->cert_until != 0) {
		c->cert_until = a->cert_until;
		c->host = host_of(c->arena, a->url);
	}
}

static void
one_less(struct doctor_case *c)
{
	if (--c->waits > 0)
		return;
	doctor_judge(c, c->doctor->now);
	log_progress("looking at what is published", ++c->doctor->done,
	    c->doctor->n);
}

static void
on_head(void *ctx, const struct http_answer *a, const struct err *err)
{
	struct doctor_case *c = ctx;

	keep_answer(c, &c->head, a, err);
	one_less(c);
}

static void
on_get(void *ctx, const struct http_answer *a, const struct err *err)
{
	struct doctor_case *c = ctx;

	keep_answer(c, &c->get, a, err);
	if (err == NULL)
		doctor_look(c, a->body, a->body_len, a->origin);
	one_less(c);
}

static void
ask(struct http_many *m, struct doctor_case *c)
{
	size_t wants = doctor_wants(c->f.kind);
	struct http_ask head = { .url = c->f.url, .head = true, .to = -1,
		.cert = true, .done = on_head, .ctx = c };
	struct http_ask get = { .url = c->f.url, .to = -1, .keep = wants,
		.cert = true, .done = on_get, .ctx = c };

	if (doctor_wants_all(c->f.kind)) {
		get.count = (int64_t)wants;
		get.cors = true;
	} else {
		get.to = (int64_t)wants - 1;
	}
	c->waits = 1;
	if (doctor_wants_head(c->f.kind)) {
		c->waits++;
		http_many_add(m, &head);
	}
	http_many_add(m, &get);
}

static struct common *
common_of(struct doctor *d, struct commons *all, const struct doctor_trouble *t)
{
	const char *key = arena_printf(&d->arena, "%s %s", t->rule, t->host);
	size_t i = strmap_put(&all->map, key, all->n);

	if (i != STRMAP_NONE)
		return &all->list[i];
	if (all->n == all->room) {
		all->room = all->room == 0 ? 16 : 2 * all->room;
		all->list = xreallocarray(all->list, all->room,
		    sizeof(*all->list));
	}
	all->list[all->n] = (struct common){ .told = t };
	return &all->list[all->n++];
}

static void
tell(struct doctor *d, const struct doctor_case *c,
    const struct doctor_trouble *t, size_t others)
{
	struct err err = ERR_INIT;
	const char *more = "";

	if (others > 0)
		more = arena_printf(&d->arena, " (and so for %zu more "
		    "address%s of %s)", others, others == 1 ? "" : "es",
		    t->host);
	if (t->severity != SEV_ERROR) {
		finding_add(d->to, t->severity, t->rule, c->f.file, c->f.line,
		    "%s%s", t->text, more);
		return;
	}
	err_set(&err, t->kind, "%s%s", t->text, more);
	err_at(&err, c->f.file, c->f.line);
	finding_err(d->to, t->rule, &err);
}

/* In the order in which the files were added. */
static void
tell_all(struct doctor *d)
{
	struct commons all = { .map = STRMAP_INIT };
	const struct doctor_trouble *t;
	const struct doctor_case *c;
	struct common *m;

	for (c = d->first; c != NULL; c = c->next)
		for (t = c->first; t != NULL; t = t->next) {
			if (t->host == NULL)
				continue;
			m = common_of(d, &all, t);
			m->n++;
			if (m->told->weak && !t->weak)
				m->told = t;
		}
	for (c = d->first; c != NULL; c = c->next)
		for (t = c->first; t != NULL; t = t->next) {
			m = t->host != NULL ? common_of(d, &all, t) : NULL;
			if (m == NULL || m->told == t)
				tell(d, c, t, m == NULL ? 0 : m->n - 1);
		}
	strmap_release(&all.map);
	free(all.list);
}

int
doctor_run(struct doctor *d, const struct http_many_limits *limits,
    struct err *err)
{
	struct http_many *m = http_many_open(limits, err);
	struct doctor_case *c;
	int rc;

	if (m == NULL)
		return -1;
	for (c = d->first; c != NULL; c = c->next)
		ask(m, c);
	rc = http_many_run(m, err);
	http_many_close(m);
	log_progress_end();
	if (rc == 0)
		tell_all(d);
	return rc;
}
