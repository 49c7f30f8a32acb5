/*
 * Whether the links of an edition lead anywhere.
 */
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/log.h"
#include "cmd/edition_lint.h"

#define FRESH 86400	/* seconds that an answer is believed */

enum outcome { SILENT, GOOD, REFUSED, BROKEN };

struct link {
	struct check *check;
	const char *url;
	enum outcome outcome;
	const char *why;
};

struct check {
	struct setting *setting;
	struct http_many *http;
	struct arena *arena;
	struct link *links;
	size_t n, done;
};

static void answered(void *ctx, const struct http_answer *a,
    const struct err *err);

static void
ask(struct link *k, bool head)
{
	struct http_ask q = { .head = head, .to = -1, .done = answered,
		.ctx = k };

	q.url = config_instead(k->check->setting->config, k->check->arena,
	    k->url);
	http_many_add(k->check->http, &q);
}

/* Many servers let in browsers alone: that tells nothing of the page. */
static bool
is_refusal(long status)
{
	return status == 401 || status == 403 || status == 407 ||
	    status == 429 || status == 451 || status == 999;
}

static void
answered(void *ctx, const struct http_answer *a, const struct err *err)
{
	struct link *k = ctx;
	long status = a->head.status;

	if (status >= 200 && status < 300) {
		k->outcome = GOOD;
	} else if (status != 0 && k->why == NULL) {
		/* Some know of no HEAD, in one way or another. */
		k->why = "";
		ask(k, false);
		return;
	} else {
		k->outcome = is_refusal(status) ? REFUSED : BROKEN;
		k->why = arena_strdup(k->check->arena, err != NULL ?
		    err->msg : "it gives no answer");
	}
	log_progress("links", ++k->check->done, k->check->n);
}

/* What a friend's token stands behind, such as the way off the list, is not for
 * trying. */
static bool
is_one_friends(const struct setting *s, const char *url)
{
	const struct show_digest *d = &s->shows[0]->digest;
	const char *prefix[] = { d->unsubscribe_url, d->preferences_url };
	size_t i;

	for (i = 0; i < sizeof(prefix) / sizeof(prefix[0]); i++)
		if (prefix[i] != NULL &&
		    strncmp(url, prefix[i], strlen(prefix[i])) == 0)
			return true;
	return false;
}

static int
plan(struct check *c, const char **urls, size_t n, size_t *known,
    struct err *err)
{
	int64_t since = date_now() - FRESH;
	size_t i;
	int r;

	*known = 0;
	c->links = arena_array(c->arena, n + 1, sizeof(*c->links));
	for (i = 0; i < n; i++) {
		if (is_one_friends(c->setting, urls[i]))
			continue;
		r = cache_link_get(c->setting->cache, urls[i], since, err);
		if (r < 0)
			return -1;
		if (r == 1) {
			++*known;
			continue;
		}
		c->links[c->n++] = (struct link){ .check = c,
		    .url = urls[i] };
	}
	return 0;
}

static void
tell(const struct link *k, struct edition_lint *l)
{
	const char *file;
	unsigned line;

	if (k->outcome == GOOD)
		return;
	file = lint_place(l->sources, l->nsources, k->url, &line);
	if (k->outcome == REFUSED)
		finding_add(&l->findings, SEV_INFO, "digest-link-broken",
		    file, line, "whether %.300s leads anywhere was not to be "
		    "found out: %s", k->url, k->why);
	else
		finding_add(&l->findings, SEV_WARNING, "digest-link-broken",
		    file, line, "%.300s leads nowhere: %s", k->url,
		    k->why != NULL ? k->why : "it was not asked");
}

static int
ask_all(struct check *c, struct err *err)
{
	struct http_many_limits limits = c->setting->config->http;
	size_t i;
	int rc;

	limits.retries = 0;
	c->http = http_many_open(&limits, err);
	if (c->http == NULL)
		return -1;
	for (i = 0; i < c->n; i++)
		ask(&c->links[i], true);
	rc = http_many_run(c->http, err);
	log_progress_end();
	http_many_close(c->http);
	return rc;
}

int
edition_lint_links(struct setting *s, const char *html,
    struct edition_lint *l, struct err *err)
{
	struct check c = { .setting = s, .arena = l->arena };
	struct err ignored = ERR_INIT;
	size_t n, known, i, good = 0;
	const char **urls = lint_addresses(l->arena, html, &n);

	if (plan(&c, urls, n, &known, err) != 0 || ask_all(&c, err) != 0)
		return -1;
	for (i = 0; i < c.n; i++) {
		tell(&c.links[i], l);
		if (c.links[i].outcome != GOOD)
			continue;
		good++;
		/* Unremembered, it is asked once more. */
		if (cache_link_put(s->cache, c.links[i].url, date_now(),
		    &ignored) != 0)
			log_debug("%s", ignored.msg);
	}
	l->asked[l->nasked++] = arena_printf(l->arena, "Links: %zu of %zu "
	    "lead somewhere; %zu of them were asked today already.",
	    good + known, c.n + known, known);
	log_notice("links: %zu of %zu lead somewhere", good + known,
	    c.n + known);
	return 0;
}
