/*
 * What a person sees of an edition, and is asked about it.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/edition.h"

#define VARIANTS_SHOWN 10	/* one by one */

int
edition_view_of(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, size_t friends, struct edition_view *out,
    struct err *err)
{
	struct ledger_episode *episodes;

	memset(out, 0, sizeof(*out));
	if (ledger_edition_episodes(s->ledger, e->id, &args->arena, &episodes,
	    &out->n, err) != 0)
		return -1;
	out->name = e->name;
	out->subject = e->subject;
	out->episodes = episodes;
	out->friends = friends;
	out->question = "Send it?";
	out->no = "nothing was sent";
	return 0;
}

void
edition_view_new(const struct edition *e, struct edition_view *out)
{
	memset(out, 0, sizeof(*out));
	out->name = e->row.name;
	out->subject = e->row.subject;
	out->episodes = e->rows;
	out->n = e->n;
	out->chosen = e;
	out->friends = e->friends;
	out->later = e->later;
	out->first_due = e->first_due;
	out->question = "Send it?";
	out->no = "nothing was sent";
}

/* "maxi:12 `A title`", as --episode takes it. show NULL: there is but one. Not
 * every show has numbers. */
static void
print_episode(const char *head, const char *show, int64_t number,
    const char *title)
{
	fputs(head, stdout);
	if (show != NULL)
		printf("%s%s", show, number > 0 ? ":" : " ");
	if (number > 0)
		printf("%lld ", (long long)number);
	printf("`%s`", title);
}

/* By what the ledger knows it (edition_guid()). */
static const char *
show_of(const struct setting *s, const char *guid)
{
	const struct show *own = s->shows[0];
	size_t i, len;

	for (i = 0; i < own->digest.nshows; i++) {
		len = strlen(own->digest.shows[i]);
		if (strncmp(guid, own->digest.shows[i], len) == 0 &&
		    guid[len] == ':')
			return own->digest.shows[i];
	}
	return own->digest.nshows > 0 ? own->slug : NULL;
}

/* A line for each reason that is of many, as their order brings them. */
static void
print_many(const struct edition *e)
{
	size_t i, k, n;

	for (i = 0; i < e->nomitted; i++) {
		const char *many = e->omitted[i].many;

		for (k = n = 0; many != NULL && k < e->nomitted; k++) {
			if (e->omitted[k].many == NULL ||
			    strcmp(e->omitted[k].many, many) != 0)
				continue;
			if (k < i)
				break;
			n++;
		}
		if (n > 0)
			printf("Left out %zu episode%s %s; -v names %s\n", n,
			    CMD_S(n), many, n == 1 ? "it" : "them");
	}
}

void
edition_print_omitted(const struct edition *e)
{
	size_t i;

	for (i = 0; i < e->nomitted; i++) {
		const struct edition_omission *o = &e->omitted[i];

		if (o->many != NULL)
			continue;
		print_episode("Left out ", o->show, o->episode->number,
		    o->episode->title);
		printf(": it %s\n", o->why);
	}
	print_many(e);
}

void
edition_print_none(const struct edition *e)
{
	if (e->without > 0)
		printf("%zu friend%s none of it: no show that they chose has "
		    "an episode in it\n", e->without, e->without == 1 ?
		    " gets" : "s get");
}

void
edition_say_nothing_new(const struct edition *e)
{
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%s\n", e->none != NULL ? e->none :
		    "nothing new to send");
	if (e->editorial.file != NULL)
		log_notice("%s waits for its edition", e->editorial.file);
}

static void
print_variants(const struct edition *e)
{
	size_t i;

	for (i = 0; i < e->nvariants && e->nvariants <= VARIANTS_SHOWN; i++)
		printf("Variant  %s, for %zu friend%s\n",
		    e->variants[i].label, e->variants[i].friends,
		    CMD_S(e->variants[i].friends));
	if (e->nvariants > VARIANTS_SHOWN)
		printf("Variants %zu\n", e->nvariants);
	edition_print_none(e);
}

/* At what others get it than now. */
static void
print_when(const struct setting *s, const struct edition_view *v)
{
	const struct date d = { v->first_due,
	    date_zone_offset(s->shows[0]->zone, v->first_due) };
	size_t now = v->later < v->friends ? v->friends - v->later : 0;
	char text[DATE_TEXT_MAX];

	if (v->later == 0)
		return;
	date_rfc3339(&d, text);
	printf("When     %zu get%s it now, %zu later, the first at %s\n", now,
	    now == 1 ? "s" : "", v->later, text);
}

void
edition_print(const struct setting *s, const struct edition_view *v)
{
	size_t i;

	printf("Edition  %s\nSubject  %s\n", v->name, v->subject);
	for (i = 0; i < v->n; i++) {
		print_episode("Episode  ", show_of(s, v->episodes[i].guid),
		    v->episodes[i].number, v->episodes[i].title);
		putchar('\n');
	}
	if (v->chosen != NULL)
		edition_print_omitted(v->chosen);
	printf("Friends  %zu\n", v->friends);
	print_when(s, v);
	if (v->chosen != NULL)
		print_variants(v->chosen);
	printf("Relay    %s\n", s->config->relay);
}

int
edition_confirm(struct cmd_args *args, struct setting *s,
    const struct edition_view *v, struct err *err)
{
	bool yes = cmd_flag(args, "--yes");
	char answer[16] = "";
	char *got = NULL;

	if (!yes && (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)))
		return err_set(err, ERR_USAGE, "this is no terminal to ask "
		    "on; --yes goes on without asking");
	if (!yes || log_get_level() > LOG_LEVEL_ERROR)
		edition_print(s, v);
	/* What follows on standard error stands behind it. */
	fflush(stdout);
	if (yes)
		return 1;
	printf("%s [y/N] ", v->question);
	fflush(stdout);
	setting_asks(s, true);
	if (edition_wait_for_answer())
		got = fgets(answer, sizeof(answer), stdin);
	setting_asks(s, false);
	if (!edition_stopped() && (answer[0] == 'y' || answer[0] == 'Y'))
		return 1;
	/* The end of the input left the cursor behind the question. */
	printf("%s%s: %s\n", got == NULL ? "\n" : "", v->name, v->no);
	return 0;
}
