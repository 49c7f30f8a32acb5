#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/keys.h"
#include "mail/delivery.h"

static volatile sig_atomic_t stopped;

static void
on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

/* The message in flight is finished, then the run ends; no SA_RESTART is
 * needed since nothing waits without a time-out. A second signal kills. */
static void
catch_signals(void)
{
	struct sigaction a = { .sa_handler = on_signal,
	    .sa_flags = SA_RESTART | (int)SA_RESETHAND };

	stopped = 0;
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
}

struct watch {
	size_t total;
};

static int
stop(void *ctx)
{
	(void)ctx;
	return stopped;
}

static void
progress(void *ctx, size_t done)
{
	const struct watch *w = ctx;

	log_progress("sent", done, w->total);
}

/* The edition was frozen with a key of that name; links must be signed with
 * it even when another one is the first today. */
int
edition_key_named(struct setting *s, const char *id, struct edition *e,
    struct err *err)
{
	if (s->config->token_key_file != NULL)
		return keys_read(s->config->token_key_file, id, e->key_id,
		    e->key, err);
	return ledger_key(s->ledger, e->key_id, e->key, err);
}

static int
run(struct setting *s, const struct ledger_edition *e, struct watch *w,
    struct delivery_report *report, struct err *err)
{
	struct transport_options to = {
		s->config->helo, s->config->smtp_timeout,
		s->config->per_connection
	};
	struct delivery_options o = {
		.claim = s->config->claim, .now = date_now, .stop = stop,
		.progress = progress, .ctx = w
	};
	struct edition key = { .n = 0 };
	struct transport *t;
	int rc = -1;

	o.from = edition_sender(s, &s->config->arena, err);
	if (o.from == NULL || edition_key(s, &key, err) != 0)
		return -1;
	o.key = key.key;
	o.keylen = sizeof(key.key);
	t = transport_open(s->config->relay, &to, err);
	if (t == NULL)
		return -1;
	catch_signals();
	rc = delivery_run(s->ledger, e, t, &o, report, err);
	transport_close(t);
	log_progress_end();
	return rc;
}

int
edition_deliver(struct setting *s, const struct ledger_edition *e,
    struct err *err)
{
	struct delivery_report report;
	struct ledger_counts c;
	struct watch w;
	char text[200];
	int rc;

	memset(&report, 0, sizeof(report));
	if (ledger_counts(s->ledger, e->id, &c, err) != 0)
		return -1;
	w.total = c.pending + c.deferred;
	rc = run(s, e, &w, &report, err);
	if (ledger_counts(s->ledger, e->id, &c, rc == 0 ? err :
	    &(struct err)ERR_INIT) != 0)
		return -1;
	edition_counts_text(&c, text, sizeof(text));
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%s: %s\n", e->name, text);
	if (rc == 0 && stopped)
		return 1;
	return rc;
}
