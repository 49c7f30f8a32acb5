#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/edition_progress.h"
#include "mail/delivery.h"
#include "mail/mold.h"

/* How often a canary in other hands is looked at. */
#define CANARY_MS 500

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
edition_catch_signals(struct setting *s)
{
	struct sigaction a = { .sa_handler = on_signal,
	    .sa_flags = (int)SA_RESETHAND };
	struct sigaction before;

	ledger_heed(s->ledger, edition_stopped);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	/* Under nohup it stays ignored. */
	sigaction(SIGHUP, NULL, &before);
	if (before.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &a, NULL);
}

/* A signal that comes before the waiting begins must end it too: so they are
 * held back until then. */
bool
edition_wait_for_answer(void)
{
	struct pollfd in = { STDIN_FILENO, POLLIN, 0 };
	sigset_t all, before;
	int n = -1;

	sigemptyset(&all);
	sigaddset(&all, SIGINT);
	sigaddset(&all, SIGTERM);
	sigaddset(&all, SIGHUP);
	sigprocmask(SIG_BLOCK, &all, &before);
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

void
edition_say_stopped(const struct setting *s, const char *with)
{
	/* Counts that were printed stand before it. */
	fflush(stdout);
	if (stopped && with != NULL)
		log_notice("stopped as asked; `%s%s` goes on", with,
		    setting_hint(s));
	else if (stopped)
		log_notice("stopped as asked");
}

static int
stop(void *ctx)
{
	(void)ctx;
	return stopped;
}

int
edition_check_damage(struct setting *s, const struct ledger_edition *e,
    struct err *err)
{
	if (!e->damaged)
		return 0;
	err_set(err, ERR_IO, "the ledger is damaged: the message of %s in it "
	    "is not what was frozen, so nobody gets it. `digest discard %s%s` "
	    "drops it where nobody has got it yet, `digest settle %s --waiting "
	    "--failed%s` gives up who is left", e->name, e->name,
	    setting_hint(s), e->name, setting_hint(s));
	return err_at(err, ledger_shown(&s->config->arena, s->config->ledger),
	    0);
}

/* An edition's links are signed with the key that it was frozen with, whichever
 * is the first today. */
int
edition_key(struct setting *s, const struct ledger_edition *e,
    unsigned char key[LEDGER_KEY_SIZE], struct err *err)
{
	if (edition_check_damage(s, e, err) != 0)
		return -1;
	return setting_key(s, mold_key_id(&s->config->arena, e->mold,
	    e->mold_len), e->name, key, err);
}

static bool
is_refused(const struct ledger_delivery *d)
{
	return d->code >= 500 &&
	    (d->state == LEDGER_FAILED || d->state == LEDGER_DEFERRED);
}

/* As ledger_delivery_of(). One that another host has in hand may be waited for:
 * what comes of it decides for this one, too. */
static int
look_at_canary(struct setting *s, const struct ledger_edition *e,
    const char *key, bool wait, struct ledger_delivery *d, struct err *err)
{
	for (;;) {
		int r = ledger_delivery_of(s->ledger, e->id, key,
		    &s->config->arena, d, err);

		if (r != 1 || !wait || !ledger_is_shared(s->ledger) ||
		    stopped || (d->state != LEDGER_CLAIMED &&
		    d->state != LEDGER_SENDING))
			return r;
		poll(NULL, 0, CANARY_MS);
		if (ledger_sender_keep(s->ledger, err) != 0 ||
		    edition_recover(s, date_now(), NULL, err) != 0)
			return -1;
	}
}

/* Those of the edition's canaries that are still to go, and what became of the
 * others; a list of tests may have none of them. wait: for other hosts. */
static int
find_canaries(struct setting *s, const struct edition_post *post,
    const struct ledger_edition *e, bool wait, struct delivery_options *o,
    struct err *err)
{
	struct arena *a = &s->config->arena;
	int64_t *ids = arena_array(a, post->times.ncanaries + 1, sizeof(*ids));
	struct ledger_delivery d;
	size_t i;
	int r;

	o->canary = ids;
	for (i = 0; i < post->times.ncanaries; i++) {
		r = look_at_canary(s, e, post->times.canaries[i], wait, &d, err);
		if (r < 0)
			return -1;
		if (r == 0 || d.state == LEDGER_SKIPPED)
			continue;
		if (d.state == LEDGER_PENDING)
			ids[o->ncanary++] = d.id;
		else
			o->canary_tried++;
		if (d.state != LEDGER_PENDING && is_refused(&d))
			o->canary_refused++;
	}
	return 0;
}

int
edition_canaries(struct setting *s, const struct edition_post *post,
    const struct ledger_edition *e, struct err *err)
{
	struct delivery_options o = { .canary_tried = 0 };

	if (find_canaries(s, post, e, false, &o, err) != 0)
		return -1;
	if (o.ncanary > 0)
		return EDITION_CANARIES_TO_GO;
	return delivery_refuses_too_much(s->config->stop_refused,
	    o.canary_refused, o.canary_tried) ? EDITION_CANARIES_REFUSED : 0;
}

static int
run(struct setting *s, struct edition_post *post,
    const struct ledger_edition *e, struct delivery_options *o,
    struct edition_progress *p, struct err *err)
{
	unsigned char key[LEDGER_KEY_SIZE];
	int rc;

	if (edition_key(s, e, key, err) != 0 ||
	    edition_pace(s, post, err) != 0 ||
	    find_canaries(s, post, e, true, o, err) != 0)
		return -1;
	p->hours = post->times.hours;
	p->zone = s->shows[0]->zone;
	o->claim = s->config->claim;
	o->hint = setting_hint(s);
	o->pace = post->pace;
	o->retry_for = s->config->retry_for;
	o->stop_refused = s->config->stop_refused;
	o->now = date_now;
	o->stop = stop;
	o->progress = edition_progress;
	o->gone = edition_gone;
	o->held = edition_held;
	o->before = post->before;
	o->ctx = p;
	if (s->shows[0]->digest.quiet_from >= 0)
		o->quiet = edition_quiet;
	o->from = post->from;
	o->verp = post->verp;
	o->key = key;
	o->keylen = sizeof(key);
	o->signer = post->signer;
	if (post->signer != NULL)
		signer_set_time(post->signer, e->frozen);
	rc = delivery_run(s->ledger, e, post->transports, post->n, o, err);
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

/* What is sent more than before is of this run, but for what other hosts send
 * meanwhile. */
static void
tell_again(const struct ledger_edition *e, size_t asked, size_t before,
    size_t now)
{
	size_t sent = now < before ? 0 : now - before;

	if (sent > asked)
		sent = asked;
	if (log_get_level() == LOG_LEVEL_ERROR)
		return;
	if (sent == asked)
		printf("%s: sent again to %zu friend%s\n", e->name, sent,
		    CMD_S(sent));
	else
		printf("%s: sent again to %zu of %zu friend%s\n", e->name, sent,
		    asked, CMD_S(asked));
}

/* Those that a signal kept from their turn. */
static int
withdraw(struct setting *s, const struct edition_again *again, struct err *err)
{
	if (again == NULL || !stopped)
		return 0;
	return ledger_withdraw(s->ledger, again->was, again->nwas, s->now, err);
}

/* begun: of the run; 0: it broke off, and has tried nobody for the last time. */
static int
end_run(struct setting *s, const struct ledger_edition *e,
    const struct edition_again *again, int64_t begun, struct err *err)
{
	if (withdraw(s, again, err) != 0 ||
	    ledger_defer_again(s->ledger, e->id, err) != 0)
		return -1;
	/* The clock of what was asked for by name has just begun. */
	return begun == 0 || again != NULL ? 0 : give_up(s, e, begun, err);
}

int
edition_deliver(struct setting *s, struct edition_post *post,
    const struct ledger_edition *e, const struct edition_again *again,
    struct ledger_counts *told, struct err *err)
{
	struct delivery_options o = { .only = NULL };
	struct err second = ERR_INIT;
	struct ledger_counts before, now;
	int64_t begun = date_now();
	struct edition_progress p = { .name = e->name,
		.timeout = (int)s->config->smtp_timeout,
		.speed = EDITION_PROGRESS_SPEED };
	int rc;

	if (ledger_counts(s->ledger, e->id, &before, err) != 0)
		return -1;
	p.total = before.pending + before.deferred;
	p.total -= post->later < p.total ? post->later : p.total;
	p.last = again == NULL && e->frozen < s->now - s->config->give_up;
	if (again != NULL) {
		o.only = again->ids;
		p.total = o.nonly = again->n;
	}
	rc = run(s, post, e, &o, &p, err);
	if (end_run(s, e, again, rc == 0 ? begun : 0, rc == 0 ? err :
	    &second) != 0 ||
	    ledger_counts(s->ledger, e->id, &now, rc == 0 ? err : &second) != 0)
		return -1;
	if (again != NULL)
		tell_again(e, again->n, before.sent, now.sent);
	return edition_print_counts(s, e, told, rc == 0 ? err :
	    &second) != 0 ? -1 : rc;
}
