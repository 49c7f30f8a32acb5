#include "cmd/feed_moved.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/http.h"
#include "base/log.h"
#include "feed/history.h"
#include "feed/read.h"
#include "show/options.h"

#define STEPS_MAX 10	/* as many as players follow */

struct check {
	struct findings *to;
	struct http_session *http;
	struct arena *a;
	const struct show *show;
	unsigned line;		/* of show.ini, that is at fault */
};

static void
wrong(struct check *c, struct err *err)
{
	err_at(err, c->show->file, c->line);
	finding_err(c->to, "feed-moved", err);
}

/* What an address answers that should lead on. */
static void
judge(struct check *c, const char *from, const char *url, long status,
    const char *to)
{
	struct err err = ERR_INIT;

	if (status == 301 || status == 308) {
		if (to != NULL)
			return;
		err_set(&err, ERR_INPUT, "%s answers %ld without a Location "
		    "that can be followed; set it to %s", url, status,
		    c->show->feed_url);
	} else if (to != NULL)
		err_set(&err, ERR_INPUT, "%s answers %ld, which says that it "
		    "may change again, so players keep the old address; make "
		    "it 301 or 308", url, status);
	else if (strcmp(from, url) != 0)
		err_set(&err, ERR_INPUT, "%s leads to %s, which answers %ld "
		    "and does not lead on; have it lead to %s", from, url,
		    status, c->show->feed_url);
	else
		err_set(&err, ERR_INPUT, "%s answers %ld and does not lead on, "
		    "so nobody who asks there finds the feed; set up the "
		    "redirect that `feed move` prints", url, status);
	wrong(c, &err);
}

/* Follows an old address until it comes to feed_url. */
static void
follow(struct check *c, const char *from)
{
	const char *url = from, *to = NULL;
	struct http_head head;
	struct err err = ERR_INIT;
	unsigned steps;

	for (steps = 0; strcmp(url, c->show->feed_url) != 0; steps++) {
		if (steps == STEPS_MAX) {
			err_set(&err, ERR_INPUT, "%s leads on more than %d "
			    "times, which players do not follow; have it lead "
			    "straight to %s", from, STEPS_MAX,
			    c->show->feed_url);
			wrong(c, &err);
			return;
		}
		if (http_step(c->http, c->a, url, &to, &head, &err) != 0) {
			wrong(c, &err);
			return;
		}
		judge(c, from, url, head.status, to);
		if (to == NULL)
			return;
		url = to;
	}
}

/* Without a podcast:guid the items tell: those of published.tsv. */
static int
check_items(const struct check *c, const struct feed_doc *d, struct err *err)
{
	const struct show *s = c->show;
	struct history was;
	size_t i, k, known = 0;

	if (history_read(c->a, s->published, &was, err) != 0)
		return -1;
	for (i = 0; i < d->nitems; i++) {
		const char *id = feed_doc_id(&d->items[i]);

		for (k = 0; id != NULL && k < was.n; k++)
			if (strcmp(was.row[k].guid, id) == 0) {
				known++;
				break;
			}
	}
	if (known > 0 && known == d->nitems)
		return 0;
	return err_set(err, ERR_INPUT, "the feed at %s has no podcast:guid, "
	    "and %zu of its %zu items are episodes that %s has; build the "
	    "feed and publish it there", s->feed_url, known, d->nitems,
	    s->published);
}

static int
check_guid(const struct check *c, const struct feed_doc *d, struct err *err)
{
	const struct show *s = c->show;

	if (d->channel.guid == NULL)
		return check_items(c, d, err);
	if (strcasecmp(d->channel.guid, s->guid) == 0)
		return 0;
	return err_set(err, ERR_INPUT, "the feed at %s has the podcast:guid "
	    "%s and the show %s: to directories it is another show; build "
	    "the feed and publish it there", s->feed_url, d->channel.guid,
	    s->guid);
}

static int
check_new(const struct check *c, const struct feed_doc *d, struct err *err)
{
	const struct show *s = c->show;
	const char *says = d->channel.new_feed_url;

	if (says != NULL && strcmp(says, s->feed_url) == 0)
		return 0;
	if (says == NULL)
		return err_set(err, ERR_INPUT, "the feed at %s has no "
		    "itunes:new-feed-url; write `new_feed_url = %s`, build "
		    "the feed and publish it there", s->feed_url, s->feed_url);
	return err_set(err, ERR_INPUT, "the feed at %s has the "
	    "itunes:new-feed-url %s, which sends subscribers elsewhere; set "
	    "`new_feed_url` (and what `channel_xml` says) to %s, build the "
	    "feed and publish it there", s->feed_url, says, s->feed_url);
}

static int
fetch(struct check *c, struct buf *out, struct err *err)
{
	const char *url = c->show->feed_url, *last;
	struct http_head head;

	if (http_get(c->http, url, FEED_DOC_MAX, out, &head, err) != 0)
		return -1;
	last = http_last_url(c->http);
	if (strcmp(last, url) == 0)
		return 0;
	return err_set(err, ERR_INPUT, "feed_url leads on itself, to %s; it "
	    "is the address that subscribers are to keep, so serve the feed "
	    "there, or give feed_url that one", last);
}

/* What is served at the new address. */
static void
check_feed(struct check *c)
{
	struct findings quiet = { .report = NULL };
	struct feed_doc *d = NULL;
	struct err err = ERR_INIT;
	struct buf data;

	c->line = show_line(c->show, "feed_url");
	buf_init(&data, FEED_DOC_MAX);
	if (fetch(c, &data, &err) == 0)
		d = feed_doc_read(data.data, data.len, c->show->feed_url, NULL,
		    &quiet, &err);
	if (d == NULL)
		wrong(c, &err);
	else if (check_guid(c, d, &err) != 0)
		wrong(c, &err);
	if (d != NULL && check_new(c, d, &err) != 0) {
		c->line = show_line(c->show, "new_feed_url");
		wrong(c, &err);
	}
	feed_doc_free(d);
	buf_release(&data);
}

static void
check_show(struct check *c)
{
	size_t n = options_number_of(c->show->options, "moved_from"), i;
	size_t before = c->to->errors;

	for (i = 0; i < n; i++) {
		c->line = options_line_at(c->show->options, "moved_from", i);
		follow(c, options_at(c->show->options, "moved_from", i));
	}
	check_feed(c);
	if (c->to->errors == before && log_get_level() != LOG_LEVEL_ERROR)
		printf("%s: %zu earlier address%s lead%s to %s, and the feed "
		    "is there\n", c->show->slug, n, n == 1 ? "" : "es",
		    n == 1 ? "s" : "", c->show->feed_url);
}

static size_t
moved_shows(const struct setting *s)
{
	size_t i, n = 0;

	for (i = 0; i < s->nshows; i++)
		n += options_number_of(s->shows[i]->options,
		    "moved_from") > 0;
	return n;
}

int
feed_moved_check(struct setting *s, struct cmd_args *args, struct err *err)
{
	struct check c = { .to = &s->findings, .a = &args->arena };
	size_t before = s->findings.errors, wrongs, i;

	if (moved_shows(s) == 0)
		return err_set(err, ERR_USAGE, "no show has a `moved_from` in "
		    "its show.ini, so there is nothing to check; `feed move "
		    "NEW_URL` writes it");
	c.http = http_session_open(s->config->http.timeout, err);
	if (c.http == NULL)
		return -1;
	http_session_trust(c.http, s->config->http.ca_file);
	for (i = 0; i < s->nshows; i++) {
		c.show = s->shows[i];
		if (options_number_of(c.show->options, "moved_from") > 0)
			check_show(&c);
	}
	http_session_close(c.http);
	wrongs = s->findings.errors - before;
	if (wrongs == 0)
		return 0;
	return err_set(err, err_may_pass(s->findings.kind) ?
	    s->findings.kind : ERR_INPUT, "%zu thing%s to mend before all "
	    "subscribers find the feed; then run `feed move --check` again",
	    wrongs, CMD_S(wrongs));
}
