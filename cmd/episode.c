/* The episode commands. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/print.h"
#include "cmd/setting.h"
#include "show/pattern.h"
#include "show/twins.h"
#include "text/utf8.h"

#define SLUG_MAX 80
#define DIGITS_DEFAULT 3

static int
run_list(struct cmd_args *args, struct err *err)
{
	struct node *rows = node_list(&args->arena), *row;
	struct arena *a = &args->arena;
	char when[DATE_TEXT_MAX];
	struct setting s;
	int rc = -1;
	size_t i, k;

	if (setting_open(&s, args, err) == 0) {
		for (i = 0; i < s.nshows; i++)
			for (k = 0; k < s.shows[i]->nepisodes; k++) {
				const struct episode *e =
				    &s.shows[i]->episodes[k];

				row = node_push(rows, node_map(a));
				date_rfc3339(&e->date, when);
				node_set_text(a, row, "show",
				    s.shows[i]->slug);
				node_set(a, row, "number",
				    node_number(a, e->number));
				node_set_text(a, row, "date", when);
				node_set_text(a, row, "state", e->draft ?
				    "draft" : show_is_due(e, s.now) ? "due" :
				    "scheduled");
				node_set_text(a, row, "title", e->title);
				node_set_text(a, row, "guid", e->guid);
				node_set_text(a, row, "file", e->file);
			}
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
	const char *guid;
	const char *file;	/* without folders */
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
		guid = show_guid(show, fs_stem(a, d->file));
	return guid;
}

/* The next number of the newest season; its file named as the first pattern
 * of `names` has it, with as many digits as the newest that fits. */
static void
plan_draft(struct arena *a, struct show *show, const char *slug,
    struct draft *out)
{
	const char *pattern = show->names[0];
	struct pattern_found found;
	int digits = 0;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < show->nepisodes; i++)
		if (show->episodes[i].season > out->season)
			out->season = show->episodes[i].season;
	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		if (e->season == out->season && e->number > out->number)
			out->number = e->number;
		if (digits == 0 && pattern_match(a, pattern,
		    fs_basename(e->file), &found))
			digits = found.digits;
	}
	out->number++;
	out->file = pattern_name(a, pattern, out->number,
	    digits > 0 ? digits : DIGITS_DEFAULT, slug);
	out->guid = new_guid(a, show, out);
}

/* A week after the newest one, at its time of day; a first one now. */
static struct date
next_date(const struct setting *s)
{
	const struct show *show = s->shows[0];
	struct date d = { s->now, 0 };

	if (show->nepisodes > 0)
		d.t = show->episodes[0].date.t + 7 * 86400;
	while (d.t < s->now - 7 * 86400)
		d.t += 7 * 86400;
	d.offset = date_zone_offset(show->zone, d.t);
	return d;
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
draft_text(struct arena *a, struct buf *b, const struct draft *d,
    const char *title, const char *slug, const struct date *date)
{
	char when[DATE_TEXT_MAX];

	date_rfc3339(date, when);
	buf_adds(b, "---\ntitle: ");
	add_quoted(b, title);
	if (d->season > 0)
		buf_addf(b, "\nseason: %lld", (long long)d->season);
	buf_addf(b, "\nnumber: %lld\nslug: %s\ndate: %s\nguid: %s\n"
	    "audio: %s.mp3\ndraft: true\n---\n\n", (long long)d->number, slug,
	    when, d->guid, fs_stem(a, d->file));
}

static int
write_new(struct setting *s, struct cmd_args *args, const char *title,
    struct err *err)
{
	struct show *show = s->shows[0];
	struct arena *a = &args->arena;
	struct date date = next_date(s);
	char slug[SLUG_MAX];
	struct draft draft;
	struct buf b;
	char *path;
	int rc = -1;

	if (utf8_slug(title, slug, sizeof(slug)) == 0)
		memcpy(slug, "untitled", sizeof("untitled"));
	plan_draft(a, show, slug, &draft);
	path = fs_join(a, show->episodes_dir, draft.file);
	if (access(path, F_OK) == 0) {
		err_set(err, ERR_OUTPUT, "is there already");
		return err_at(err, path, 0);
	}
	buf_init(&b, 0);
	draft_text(a, &b, &draft, title, slug, &date);
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
