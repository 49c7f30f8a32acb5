/* The episode commands. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/episode.h"
#include "cmd/print.h"
#include "cmd/setting.h"
#include "show/layout.h"
#include "show/pattern.h"
#include "show/twins.h"
#include "text/utf8.h"

#define SLUG_MAX 80
#define DIGITS_DEFAULT 3
#define WEEK (7 * 86400)

const char *
episode_state(const struct episode *e, int64_t now)
{
	if (e->draft)
		return "draft";
	if (e->expires != 0 && now >= e->expires)
		return "expired";
	return show_is_due(e, now) ? "due" : "scheduled";
}

/* For programs all of it; a person has the lines of a terminal. */
static void
list_episode(const struct setting *s, struct cmd_args *args,
    const struct show *show, const struct episode *e, struct node *rows)
{
	bool all = args->json || log_get_level() == LOG_LEVEL_DEBUG;
	struct date d = { e->date.t, date_zone_offset(show->zone, e->date.t) };
	struct node *row = node_push(rows, node_map(&args->arena));
	struct arena *a = &args->arena;
	char when[DATE_TEXT_MAX];

	date_rfc3339(args->json ? &e->date : &d, when);
	if (!args->json) {
		/* 2026-11-16T18:00:00+01:00 */
		when[10] = ' ';
		when[16] = '\0';
	}
	if (args->json || s->nshows > 1)
		node_set_text(a, row, "show", show->slug);
	node_set(a, row, "number", e->number > 0 ?
	    node_number(a, e->number) : node_null(a));
	node_set_text(a, row, "date", when);
	node_set_text(a, row, "state", episode_state(e, s->now));
	if (all && !args->json) {
		node_set_text(a, row, "guid", e->guid);
		node_set_text(a, row, "file", e->file);
	}
	node_set_text(a, row, "title", e->title);
	if (args->json) {
		node_set_text(a, row, "guid", e->guid);
		node_set_text(a, row, "file", e->file);
	}
}

static int
run_list(struct cmd_args *args, struct err *err)
{
	struct node *rows = node_list(&args->arena);
	struct setting s;
	int rc = -1;
	size_t i, k;

	if (setting_open(&s, args, err) == 0) {
		for (i = 0; i < s.nshows; i++)
			for (k = 0; k < s.shows[i]->nepisodes; k++)
				list_episode(&s, args, s.shows[i],
				    &s.shows[i]->episodes[k], rows);
		rc = 0;
		if (args->json)
			rc = print_json(rows, err);
		else
			print_table(rows);
		if (rc == 0 && s.findings.errors > 0)
			rc = err_exit_code(ERR_INPUT);
	}
	setting_close(&s);
	return rc;
}

/* What the new episode is, and how its file is named. */
struct draft {
	int64_t season;		/* 0: the show has none */
	int64_t number;
	char slug[SLUG_MAX];
	const char *guid;
	const char *file;	/* from the folder of the notes */
	const char *stem;
};

static bool
is_guid_taken(struct arena *a, const struct show *show, const char *guid)
{
	size_t i;

	for (i = 0; i < show->nepisodes; i++)
		if (strcmp(twins_key(a, show->episodes[i].guid), guid) == 0)
			return true;
	return false;
}

/* As showmill-episode(5) promises of the number alone; where another season
 * has taken that, of season and number, else of the file's name. */
static const char *
new_guid(struct arena *a, struct show *show, const struct draft *d)
{
	const char *guid = show_guid(show, arena_printf(a, "%lld",
	    (long long)d->number));

	if (is_guid_taken(a, show, guid) && d->season > 0)
		guid = show_guid(show, arena_printf(a, "%lld/%lld",
		    (long long)d->season, (long long)d->number));
	if (is_guid_taken(a, show, guid))
		guid = show_guid(show, d->stem);
	return guid;
}

/* A week after the newest one, on its day of the week and at its time of day,
 * or as many weeks as lead past now; a first one now. */
static struct date
next_date(const struct setting *s)
{
	const struct show *show = s->shows[0];
	struct date d = { s->now, 0 }, newest;
	struct date_parts p;
	int64_t weeks = 1;

	if (show->nepisodes > 0) {
		newest = show->episodes[0].date;
		newest.offset = date_zone_offset(show->zone, newest.t);
		if (s->now > newest.t)
			weeks += (s->now - newest.t) / WEEK;
		/* By the calendar: a change of the clock moves no hour. */
		do {
			d = newest;
			d.t += weeks++ * WEEK;
			date_split(&d, &p);
			d = date_from_wall(show->zone, p.year, p.month,
			    p.day, p.hour, p.minute, p.second);
		} while (d.t <= s->now);
	}
	d.offset = date_zone_offset(show->zone, d.t);
	return d;
}

/* One more than the newest episode's, in its season; and than that of any that
 * has one there or in no season, as numbers that run on are told apart from
 * those that begin anew only by what is there. */
static void
next_number(const struct show *show, struct draft *out)
{
	const struct episode *e, *newest = NULL;
	size_t i;

	for (i = 0; i < show->nepisodes && newest == NULL; i++)
		if (show->episodes[i].number > 0)
			newest = &show->episodes[i];
	if (newest != NULL)
		out->season = newest->season;
	else if (show->nepisodes > 0)
		out->season = show->episodes[0].season;
	for (i = 0; i < show->nepisodes; i++) {
		e = &show->episodes[i];
		if ((e->season == out->season || e->season == 0 ||
		    out->season == 0) && e->number > out->number)
			out->number = e->number;
	}
	out->number++;
}

/* Its file is named as the first pattern of `names` has it, with as many
 * digits as the newest that fits. */
static void
plan_draft(struct arena *a, struct show *show, const char *title,
    const struct date *date, struct draft *out)
{
	const char *pattern = show->layout->names[0];
	struct pattern_found found, values = { .slug = out->slug };
	struct episode e = { .file = NULL };
	struct date_parts day;
	size_t i;

	memset(out, 0, sizeof(*out));
	next_number(show, out);
	/* A title without a Latin letter. */
	if (utf8_slug(title, out->slug, sizeof(out->slug)) == 0)
		snprintf(out->slug, sizeof(out->slug), "episode-%lld",
		    (long long)out->number);
	for (i = 0; i < show->nepisodes && values.digits == 0; i++)
		if (pattern_match(a, pattern, show_path(a, show,
		    &show->episodes[i]), &found))
			values.digits = found.digits;
	date_split(date, &day);
	values.number = out->number;
	values.season = out->season;
	values.year = day.year;
	values.month = day.month;
	values.day = day.day;
	if (values.digits == 0)
		values.digits = DIGITS_DEFAULT;
	out->file = pattern_name(a, pattern, &values);
	e.file = out->file;
	e.bundle = layout_is_bundle(out->file);
	out->stem = show_stem(a, &e);
	out->guid = new_guid(a, show, out);
}

static void
add_quoted(struct buf *b, const char *text)
{
	buf_addc(b, '"');
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buf_addc(b, '\\');
		buf_addc(b, *text);
	}
	buf_addc(b, '"');
}

static void
draft_text(struct buf *b, const struct draft *d,
    const char *title, const struct date *date)
{
	char when[DATE_TEXT_MAX];

	date_rfc3339(date, when);
	buf_adds(b, "---\ntitle: ");
	add_quoted(b, title);
	if (d->season > 0)
		buf_addf(b, "\nseason: %lld", (long long)d->season);
	buf_addf(b, "\nnumber: %lld\nslug: %s\ndate: %s\nguid: %s\n"
	    "audio: %s.mp3\ndraft: true\n---\n\n", (long long)d->number,
	    d->slug, when, d->guid, d->stem);
}

static int
write_new(struct setting *s, struct cmd_args *args, const char *title,
    struct err *err)
{
	struct show *show = s->shows[0];
	struct arena *a = &args->arena;
	struct date date = next_date(s);
	struct draft draft;
	struct buf b;
	char *path;
	int rc = -1;

	plan_draft(a, show, title, &date, &draft);
	path = fs_join(a, show->episodes_dir, draft.file);
	if (access(path, F_OK) == 0) {
		err_set(err, ERR_OUTPUT, "is there already");
		return err_at(err, path, 0);
	}
	buf_init(&b, 0);
	draft_text(&b, &draft, title, &date);
	/* The folder of the notes themselves must be there: a wrong one would
	 * be made in silence. */
	if (!fs_is_dir(show->episodes_dir)) {
		err_set(err, ERR_NOINPUT, "the folder of the notes is not "
		    "there");
		err_at(err, show->episodes_dir, 0);
	} else if (fs_mkdirs(fs_dirname(a, path), err) == 0)
		rc = fs_replace(path, b.data, b.len, 0666, NULL, err);
	buf_release(&b);
	if (rc == 0)
		printf("%s\n", path);
	return rc;
}

static int
run_new(struct cmd_args *args, struct err *err)
{
	const char *title = args->noperands > 0 ? args->operand[0] :
	    "Untitled";
	struct setting s;
	int rc = -1;

	/* A shell's variable that is not set. */
	if (title[strspn(title, " \t")] == '\0')
		return err_set(err, ERR_USAGE, "the title is empty; write one, "
		    "or nothing for `Untitled`");
	if (setting_open_one(&s, args, err) == 0) {
		if (utf8_has_control(title, strlen(title), false) ||
		    utf8_invalid_at(title, strlen(title)) != strlen(title))
			err_set(err, ERR_USAGE, "there is a control character "
			    "or a wrong byte in the title");
		/* An episode that cannot be read may have the number. */
		else if (s.findings.errors > 0)
			err_set(err, ERR_INPUT, "%zu error%s in the episodes, "
			    "which may have the next number; nothing was "
			    "written", s.findings.errors,
			    CMD_S(s.findings.errors));
		else
			rc = write_new(&s, args, title, err);
	}
	setting_close(&s);
	return rc;
}

static const struct cmd_option new_options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ NULL, NULL, NULL }
};
static const struct cmd_option list_options[] = {
	{ "--show", "SLUG", "only this show (may be given again)" },
	{ "--at", "TIME", "as if it were that time" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};

const struct command cmd_episode_new = {
	"episode", "new", "[TITLE]", 0, 1, "Begin the notes of a new episode",
	"Writes a file with the next number, the next date and the guid, as a "
	"draft, and\nprints its path.", new_options, run_new
};
const struct command cmd_episode_list = {
	"episode", "list", "", 0, 0, "List what was understood of the episodes",
	NULL, list_options, run_list
};
