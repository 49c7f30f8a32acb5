#include "cmd/edition.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "cmd/keys.h"
#include "mail/address.h"

static int
in_edition(struct setting *s, const struct show *show,
    const struct episode *e, const char **name, struct err *err)
{
	*name = NULL;
	if (s->ledger == NULL)
		return 0;
	return ledger_episode_edition(s->ledger, show->digest.list, e->guid,
	    &s->config->arena, name, err);
}

static int
choose_numbered(struct setting *s, struct cmd_args *args,
    struct edition *out, struct err *err)
{
	struct show *show = s->shows[0];
	const char *text, *name;
	struct episode *e;
	size_t i, k;

	for (i = 0; (text = cmd_value_at(args, "--episode", i)) != NULL; i++) {
		char *end;
		long long number = strtoll(text, &end, 10);

		e = NULL;
		for (k = 0; k < show->nepisodes; k++)
			if (*end == '\0' && number > 0 &&
			    show->episodes[k].number == number)
				e = &show->episodes[k];
		if (e == NULL)
			return err_set(err, ERR_USAGE,
			    "`%s` has no episode %s", show->slug, text);
		if (e->draft) {
			err_set(err, ERR_INPUT, "is a draft; take `draft: "
			    "true` out to send it");
			return err_at(err, e->file, e->line);
		}
		if (in_edition(s, show, e, &name, err) != 0)
			return -1;
		if (name != NULL && !cmd_flag(args, "--again"))
			return err_set(err, ERR_REFUSED, "episode %s is in "
			    "the edition %s already; --again sends it once "
			    "more", text, name);
		out->episodes[out->n++] = e;
	}
	return 0;
}

/* What was out already when the list got its first edition is past, although
 * that edition had only the newest: nobody waits for it. */
static int
when_begun(struct setting *s, int64_t *out, size_t *editions, struct err *err)
{
	const char *list = s->shows[0]->digest.list, **names;
	struct ledger_edition first;

	*out = INT64_MIN;
	*editions = 0;
	if (s->ledger == NULL)
		return 0;
	if (ledger_editions(s->ledger, list, &s->config->arena, &names,
	    editions, err) != 0)
		return -1;
	if (*editions == 0)
		return 0;
	if (ledger_edition_get(s->ledger, list, names[0], &s->config->arena,
	    &first, err) != 1)
		return -1;
	*out = first.frozen + 1;
	return 0;
}

static int
earliest(struct setting *s, struct cmd_args *args, int64_t *out,
    size_t *editions, struct err *err)
{
	const char *since = cmd_value(args, "--since");
	int64_t window = s->now - s->shows[0]->digest.window;
	struct err told = ERR_INIT;
	struct date d;

	if (when_begun(s, out, editions, err) != 0)
		return -1;
	if (*out < window)
		*out = window;
	if (since == NULL)
		return 0;
	if (date_parse(since, s->shows[0]->zone, 0, &d, &told) != 0)
		return err_set(err, ERR_USAGE, "--since: %s", told.msg);
	*out = d.t;
	return 0;
}

static int
choose_new(struct setting *s, struct cmd_args *args, struct edition *out,
    struct err *err)
{
	bool since = cmd_value(args, "--since") != NULL;
	bool again = cmd_flag(args, "--again");
	struct show *show = s->shows[0];
	size_t editions, i;
	const char *name;
	int64_t from;

	if (earliest(s, args, &from, &editions, err) != 0)
		return -1;
	for (i = 0; i < show->nepisodes; i++) {
		struct episode *e = &show->episodes[i];

		if (!show_is_due(e, s->now) || e->date.t < from)
			continue;
		if (in_edition(s, show, e, &name, err) != 0)
			return -1;
		if (name != NULL && !again)
			continue;
		out->episodes[out->n++] = e;
		if (editions == 0 && !since)
			break;
	}
	return 0;
}

int
edition_choose(struct setting *s, struct cmd_args *args, struct edition *out,
    struct err *err)
{
	struct show *show = s->shows[0];
	size_t i;

	memset(out, 0, sizeof(*out));
	if (s->findings.errors > 0 && !cmd_flag(args, "--keep-going"))
		return err_set(err, ERR_INPUT, "%zu error%s in the episodes; "
		    "nothing was sent", s->findings.errors,
		    CMD_S(s->findings.errors));
	out->episodes = arena_array(&args->arena, show->nepisodes +
	    CMD_VALUES_MAX, sizeof(*out->episodes));
	if ((cmd_value(args, "--episode") != NULL ?
	    choose_numbered(s, args, out, err) :
	    choose_new(s, args, out, err)) != 0)
		return -1;
	for (i = 0; i < out->n; i++) {
		/* The show is ours; only the view of it is const. */
		struct episode *e = &show->episodes[out->episodes[i] -
		    show->episodes];

		if (!media_resolve(&s->media, show, e, &s->findings))
			return err_set(err, ERR_INPUT, "the audio of `%s` "
			    "is not right; nothing was sent", e->title);
	}
	return 0;
}

int
edition_key(struct setting *s, struct edition *e, struct err *err)
{
	if (s->config->token_key_file != NULL)
		return keys_read(s->config->token_key_file, NULL, e->key_id,
		    e->key, err);
	if (s->ledger != NULL)
		return ledger_key(s->ledger, e->key_id, e->key, err);
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
	const char **names = NULL;
	size_t n = 0;

	if (s->ledger != NULL && ledger_editions(s->ledger,
	    show->digest.list, &args->arena, &names, &n, err) != 0)
		return -1;
	digest_edition_name(&in.date, names, n, e->name, sizeof(e->name));
	if (edition_key(s, e, err) != 0 ||
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
	const char *from = s->shows[0]->digest.from;
	struct address address;

	if (from == NULL) {
		err_set(err, ERR_CONFIG, "`digest_from` is missing");
		err_at(err, s->shows[0]->file, 0);
		return NULL;
	}
	if (address_parse_mailbox(a, from, &address, err) != 0)
		return NULL;
	return address.wire;
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
edition_has_left(const struct ledger_counts *c)
{
	return c->deferred + c->failed + c->unknown + c->pending +
	    c->claimed + c->sending > 0;
}

int
edition_confirm(struct cmd_args *args, const struct setting *s,
    const char *name, const char *subject, size_t friends, struct err *err)
{
	char answer[16];

	if (cmd_flag(args, "--yes"))
		return 1;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE, "this is no terminal to ask "
		    "on; --yes sends without asking");
	printf("Edition  %s\nSubject  %s\nFriends  %zu\nRelay    %s\n"
	    "Send it? [y/N] ", name, subject, friends, s->config->relay);
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) == NULL)
		return 0;
	return answer[0] == 'y' || answer[0] == 'Y';
}
