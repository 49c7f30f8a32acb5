/* The command episode next: what comes out when. */
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "cmd/cmd.h"
#include "cmd/episode.h"
#include "cmd/print.h"
#include "cmd/setting.h"

#define MINUTE 60
#define HOUR 3600
#define DAY 86400

/* The earliest of all that are scheduled; NULL: none. */
static const struct episode *
find_next(const struct setting *s, const struct show **show)
{
	const struct episode *next = NULL;
	size_t i, k;

	for (i = 0; i < s->nshows; i++)
		for (k = 0; k < s->shows[i]->nepisodes; k++) {
			const struct episode *e = &s->shows[i]->episodes[k];

			if (strcmp(episode_state(e, s->now),
			    "scheduled") != 0 ||
			    (e->expires != 0 && e->expires <= e->due) ||
			    (next != NULL && e->due >= next->due))
				continue;
			next = e;
			*show = s->shows[i];
		}
	return next;
}

static const char *
words(struct arena *a, int64_t seconds)
{
	long long n = seconds / MINUTE + (seconds % MINUTE != 0);
	const char *unit = "minute";

	if (seconds >= 2 * DAY) {
		n = seconds / DAY;
		unit = "day";
	} else if (seconds >= 2 * HOUR) {
		n = seconds / HOUR;
		unit = "hour";
	}
	return arena_printf(a, "in %lld %s%s", n, unit, CMD_S(n));
}

static struct node *
describe(struct arena *a, const struct show *show, const struct episode *e,
    int64_t now)
{
	struct date at = { e->due, date_zone_offset(show->zone, e->due) };
	struct node *row = node_map(a);
	char when[DATE_TEXT_MAX];

	date_rfc3339(&at, when);
	node_set_text(a, row, "show", show->slug);
	node_set(a, row, "number", e->number > 0 ?
	    node_number(a, e->number) : node_null(a));
	node_set_text(a, row, "title", e->title);
	node_set_text(a, row, "date", when);
	node_set_text(a, row, "when", words(a, e->due - now));
	node_set_text(a, row, "file", e->file);
	return row;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct arena *a = &args->arena;
	const struct show *show = NULL;
	const struct episode *e;
	struct node *row, *list;
	struct setting s;
	int rc = -1;

	if (setting_open(&s, args, err) == 0) {
		rc = 0;
		e = find_next(&s, &show);
		row = e == NULL ? node_null(a) : describe(a, show, e, s.now);
		if (args->json) {
			if (e != NULL)
				node_set(a, row, "seconds", node_number(a,
				    e->due - s.now));
			rc = print_json(row, err);
		} else if (e == NULL) {
			puts("nothing is scheduled");
		} else {
			list = node_list(a);
			node_push(list, row);
			print_table(list);
		}
		if (rc == 0 && s.findings.errors > 0)
			rc = err_exit_code(ERR_INPUT);
	}
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "only this show (may be given again)" },
	{ "--at", "TIME", "as if it were that time" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};

const struct command cmd_episode_next = {
	"episode", "next", "", 0, 0, "Tell which episode is due next, and when",
	NULL, options, run
};
