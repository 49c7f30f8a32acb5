/*
 * What SpamAssassin says of an edition, where it is installed.
 */
#include <string.h>

#include "base/log.h"
#include "base/run.h"
#include "cmd/edition_lint.h"
#include "mail/spam.h"

#define PATIENCE 120	/* seconds; it takes one or two */

/* 1: it answered; 0: it is not there; -1. */
static int
ask(const struct buf *message, struct arena *a, struct spam_report *out,
    struct err *err)
{
	struct err second = ERR_INIT;
	struct buf answer;
	int code, rc;

	buf_init(&answer, 0);
	rc = run_filter(spam_command, spam_environment, message->data,
	    message->len, PATIENCE, &answer, &code, &second);
	if (rc == 0)
		rc = spam_read(a, answer.data, answer.len, out, &second) == 0 ?
		    1 : -1;
	else if (second.kind == ERR_NOINPUT)
		rc = 0;
	buf_release(&answer);
	if (rc < 0)
		*err = second;
	return rc;
}

static const char *
summary(struct arena *a, const struct spam_report *r)
{
	struct buf out;
	const char *text;
	size_t i, n = 0;

	buf_init(&out, 0);
	buf_addf(&out, "SpamAssassin: %.1f points, %.1f make it spam",
	    r->points, r->required);
	for (i = 0; i < r->n; i++)
		if (r->rules[i].offline)
			buf_addf(&out, "%s%s", n++ == 0 ? "; passed over, as "
			    "they tell nothing of it: " : ", ",
			    r->rules[i].name);
	buf_adds(&out, ".");
	text = arena_strdup(a, out.data);
	buf_release(&out);
	return text;
}

int
edition_lint_spam(struct setting *s, const struct ledger_edition *row,
    const struct buf *message, struct edition_lint *l, struct err *err)
{
	const char *list = s->shows[0]->digest.list;
	const char *edition = NULL, *before = NULL;
	struct err second = ERR_INIT;
	struct spam_report report;
	int r = ask(message, l->arena, &report, err);

	if (r < 0)
		return -1;
	if (r == 0) {
		l->asked[l->nasked++] = "SpamAssassin is not installed.";
		finding_add(&l->findings, SEV_WARNING, "digest-spam", NULL, 0,
		    "there is no program `spamassassin` here, and so it was "
		    "not asked; on Debian and Ubuntu its package has that "
		    "name");
		return 0;
	}
	/* Without a cache all of it is new. */
	if (cache_spam_get(s->cache, list, row->name, l->arena, &edition,
	    &before, &second) < 0)
		log_warning("%s", second.msg);
	spam_tell(&report, before, edition, &l->findings);
	l->asked[l->nasked++] = summary(l->arena, &report);
	log_notice("%s", l->asked[l->nasked - 1]);
	if (cache_spam_put(s->cache, list, row->name, s->now,
	    spam_names(l->arena, &report), &second) != 0)
		log_warning("%s", second.msg);
	return 0;
}
