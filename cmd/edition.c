#include "cmd/edition.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/keys.h"
#include "mail/address.h"

/* The token key: the first of token_key_file, else the ledger's own; where
 * nothing may be made, one of zeros. */
static int
first_key(struct setting *s, struct edition *e, struct err *err)
{
	int r;

	if (s->config->token_key_file != NULL)
		return keys_read(s->config->token_key_file, NULL, e->key_id,
		    e->key, err);
	if (s->ledger != NULL) {
		r = ledger_key(s->ledger, e->key_id, e->key, err);
		if (r <= 0)
			return r;
	}
	memcpy(e->key_id, "preview", sizeof("preview"));
	return 0;
}

int
edition_render(struct setting *s, struct cmd_args *args, struct edition *e,
    struct err *err)
{
	struct show *show = s->shows[0];
	struct digest_input in = {
		.show = show, .episodes = e->episodes, .n = e->n,
		.edition = e->name, .templates = s->config->templates,
		.date = { s->now, date_zone_offset(show->zone, s->now) }
	};
	char week[DATE_TEXT_MAX];

	date_iso_week(&in.date, week);
	snprintf(e->name, sizeof(e->name), "%.*s", LEDGER_NAME_MAX - 1, week);
	if (s->ledger != NULL && ledger_edition_name(s->ledger,
	    show->digest.list, week, e->name, err) != 0)
		return -1;
	if (first_key(s, e, err) != 0 ||
	    digest_render(&in, &e->digest, err) != 0)
		return -1;
	return digest_mold_input(&args->arena, &in, &e->digest, e->key_id,
	    &e->mold, err);
}

void
edition_release(struct edition *e)
{
	if (e->digest.html.data != NULL)
		digest_release(&e->digest);
}

const char *
edition_sender(struct setting *s, struct arena *a, struct err *err)
{
	struct address address;

	return digest_sender(a, s->shows[0], &address, err) == 0 ?
	    address.wire : NULL;
}

void
edition_counts_text(const struct ledger_counts *c, char *out, size_t size)
{
	const struct { size_t n; const char *word; } parts[] = {
		{ c->sent, "sent" }, { c->deferred, "deferred" },
		{ c->failed, "failed" }, { c->unknown, "unknown" },
		{ c->pending + c->claimed + c->sending, "waiting" },
		{ c->skipped, "left the list" }
	};
	size_t i, len = 0;

	out[0] = '\0';
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].n > 0 && len < size)
			len += (size_t)snprintf(out + len, size - len,
			    "%s%zu %s", len > 0 ? ", " : "", parts[i].n,
			    parts[i].word);
}

bool
edition_report_left(const char *name, const struct ledger_counts *c)
{
	struct ledger_counts left = *c;
	char text[200];

	left.sent = left.skipped = 0;
	edition_counts_text(&left, text, sizeof(text));
	if (text[0] == '\0')
		return false;
	log_error("%s: %s; `digest status %s` tells who", name, text, name);
	return true;
}

void
edition_print(const struct setting *s, const char *name, const char *subject,
    size_t friends)
{
	printf("Edition  %s\nSubject  %s\nFriends  %zu\nRelay    %s\n", name,
	    subject, friends, s->config->relay);
}

int
edition_confirm(struct cmd_args *args, const struct setting *s,
    const char *name, const char *subject, size_t friends, struct err *err)
{
	char answer[16] = "";
	char *got = NULL;

	if (cmd_flag(args, "--yes"))
		return 1;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, "this is no terminal to ask "
		    "on; --yes sends without asking");
	edition_print(s, name, subject, friends);
	printf("Send it? [y/N] ");
	fflush(stdout);
	if (edition_wait_for_answer())
		got = fgets(answer, sizeof(answer), stdin);
	if (!edition_stopped() && (answer[0] == 'y' || answer[0] == 'Y'))
		return 1;
	/* The end of the input left the cursor behind the question. */
	printf("%s%s: nothing was sent\n", got == NULL ? "\n" : "", name);
	return 0;
}
