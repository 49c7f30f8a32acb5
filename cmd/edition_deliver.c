#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/keys.h"
#include "mail/delivery.h"
#include "mail/mold.h"

static volatile sig_atomic_t stopped;

static void
on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

/* Without SA_RESTART, so that a question waits no longer. It is never unset:
 * what was asked to stop begins no further edition. */
void
edition_catch_signals(void)
{
	struct sigaction a = { .sa_handler = on_signal,
	    .sa_flags = (int)SA_RESETHAND };

	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
}

/* A signal that comes before the waiting begins must end it too: so they are
 * held back until then. */
bool
edition_wait_for_answer(void)
{
	struct pollfd in = { STDIN_FILENO, POLLIN, 0 };
	sigset_t both, before;
	int n = -1;

	sigemptyset(&both);
	sigaddset(&both, SIGINT);
	sigaddset(&both, SIGTERM);
	sigprocmask(SIG_BLOCK, &both, &before);
	while (!stopped && n == -1) {
		n = ppoll(&in, 1, NULL, &before);
		if (n == -1 && errno != EINTR)
			break;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return !stopped;
}

bool
edition_stopped(void)
{
	return stopped != 0;
}

static int
stop(void *ctx)
{
	(void)ctx;
	return stopped;
}

static void
progress(void *ctx, size_t done)
{
	const size_t *total = ctx;

	log_progress("sent", done, *total);
}

int
edition_post_open(struct setting *s, struct edition_post *p, struct err *err)
{
	struct transport_options to = {
		s->config->helo, s->config->smtp_timeout,
		s->config->per_connection
	};

	p->transport = NULL;
	p->from = edition_sender(s, &s->config->arena, err);
	if (p->from == NULL)
		return -1;
	p->transport = transport_open(s->config->relay, &to, err);
	return p->transport == NULL ? -1 : 0;
}

void
edition_post_close(struct edition_post *p)
{
	transport_close(p->transport);
	p->transport = NULL;
}

/* An edition's links are signed with the key that it was frozen with, whichever
 * is the first today. One of the ledger's stays there when token_key_file
 * comes into use. */
static int
frozen_key(struct setting *s, const struct ledger_edition *e,
    unsigned char key[LEDGER_KEY_SIZE], struct err *err)
{
	const char *id = mold_key_id(&s->config->arena, e->mold, e->mold_len);
	const char *file = s->config->token_key_file;
	bool own = strcmp(id, LEDGER_KEY_ID) == 0;
	char found[LEDGER_NAME_MAX];
	struct err told = ERR_INIT;

	if (file != NULL) {
		if (keys_read(file, id, found, key, own ? &told : err) == 0)
			return 0;
		if (!own)
			return -1;
	} else if (!own) {
		err_set(err, ERR_CONFIG, "%s was made with the token key "
		    "`%s`, which the ledger does not have; set "
		    "token_key_file to the file with it", e->name, id);
		return err_at(err, s->config->file, 0);
	}
	return ledger_key(s->ledger, found, key, err);
}

static int
run(struct setting *s, const struct edition_post *post,
    const struct ledger_edition *e, struct delivery_options *o,
    struct err *err)
{
	unsigned char key[LEDGER_KEY_SIZE];
	int rc;

	if (frozen_key(s, e, key, err) != 0)
		return -1;
	o->claim = s->config->claim;
	o->now = date_now;
	o->stop = stop;
	o->progress = progress;
	o->from = post->from;
	o->key = key;
	o->keylen = sizeof(key);
	rc = delivery_run(s->ledger, e, post->transport, o, err);
	log_progress_end();
	return rc;
}

/* Only what this run has tried, in vain: whatever was deferred gets a last
 * try, however long ago the run before was. */
static int
give_up(struct setting *s, const struct ledger_edition *e, int64_t begun,
    struct err *err)
{
	size_t n;

	if (ledger_give_up(s->ledger, e->id, s->now - s->config->give_up,
	    begun, date_now(), &n, err) != 0)
		return -1;
	if (n > 0)
		log_warning("%s: %zu friend%s given up, whose delivery was "
		    "deferred for too long", e->name, n, CMD_S(n));
	return 0;
}

int
edition_deliver(struct setting *s, const struct edition_post *post,
    const struct ledger_edition *e, const int64_t *only, size_t n,
    struct err *err)
{
	struct err second = ERR_INIT, *to = err;
	struct delivery_options o = { .only = only, .nonly = n };
	int64_t begun = date_now();
	struct ledger_counts c;
	char text[200];
	size_t total;
	int rc;

	if (ledger_counts(s->ledger, e->id, &c, err) != 0)
		return -1;
	total = only != NULL ? n : c.pending + c.deferred;
	o.ctx = &total;
	rc = run(s, post, e, &o, err);
	if (rc != 0)
		to = &second;
	/* The clock of what was asked for by name has just begun. */
	if ((rc == 0 && only == NULL && give_up(s, e, begun, err) != 0) ||
	    ledger_counts(s->ledger, e->id, &c, to) != 0)
		return -1;
	edition_counts_text(&c, text, sizeof(text));
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%s: %s\n", e->name, text);
	return rc;
}
