/* The command episode table: a sidecar table of what can be found out. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/setting.h"
#include "text/csv.h"

struct sheet {
	struct cmd_args *args;
	struct setting *setting;
	struct show *show;
	struct findings to;	/* for what is to be filled in */
	struct buf out;
	size_t rows, empty;
};

/* What keeps the table from being made is told; what the notes lack is the
 * matter of the table. */
static void
report(void *ctx, const struct finding *f)
{
	(void)ctx;
	if (strncmp(f->rule, "episode-", 8) != 0 ||
	    strcmp(f->rule, "episode-front-matter") == 0 ||
	    strcmp(f->rule, "episode-utf8") == 0 ||
	    strcmp(f->rule, "episode-file") == 0)
		log_finding(NULL, f);
}

static void
lacks(struct sheet *s, const struct episode *e, const char *cell,
    const char *why)
{
	s->empty++;
	finding_add(&s->to, SEV_WARNING, "table-cell", e->file, 0, "`%s` is "
	    "to be filled in: %s", cell, why);
}

static void
add(struct sheet *s, const char *field, bool last)
{
	csv_add(&s->out, field != NULL ? field : "");
	buf_addc(&s->out, last ? '\n' : ',');
}

static void
add_number(struct sheet *s, int64_t n)
{
	add(s, n <= 0 ? "" : arena_printf(&s->args->arena, "%lld",
	    (long long)n), false);
}

/* A file with the notes' name, where their audio would be looked for; its
 * name from there. */
static const char *
namesake(struct sheet *s, const struct episode *e)
{
	static const char *const endings[] = {
		"mp3", "m4a", "ogg", "opus", "mp4", "flac", "wav"
	};
	struct arena *a = &s->args->arena;
	const char *dir = s->show->media_dir != NULL ? s->show->media_dir :
	    fs_dirname(a, e->file), *name;
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		name = arena_printf(a, "%s.%s", show_stem(a, e), endings[i]);
		if (fs_is_file(fs_join(a, dir, name)))
			return name;
	}
	return NULL;
}

static void
add_audio(struct sheet *s, struct episode *e)
{
	char text[DATE_TEXT_MAX] = "";
	int64_t length, duration;

	if (e->audio.file == NULL && e->audio.url == NULL) {
		e->audio.file = namesake(s, e);
		if (e->audio.file == NULL)
			lacks(s, e, "audio", "no audio is named, and no file "
			    "has the name of the notes");
	}
	media_glance(&s->setting->media, s->show, e, &e->audio, &length,
	    &duration);
	add(s, e->audio.url != NULL ? e->audio.url : e->audio.file, false);
	add_number(s, length);
	if (duration >= 0)
		date_duration(duration, text);
	add(s, text, false);
}

static void
add_episode(void *ctx, struct episode *e)
{
	struct sheet *s = ctx;
	struct arena *a = &s->args->arena;
	char when[DATE_TEXT_MAX] = "";

	add(s, arena_printf(a, "%s%s", show_folder(a, s->show, e),
	    fs_basename(e->file)), false);
	add_number(s, e->number);
	add_number(s, e->season);
	if (e->title == NULL)
		lacks(s, e, "title", "the notes have no title and no heading "
		    "of level 1");
	add(s, e->title, false);
	if (e->date.t != 0)
		date_rfc3339(&e->date, when);
	else
		lacks(s, e, "date", "neither the notes nor their name tell "
		    "one");
	add(s, when, false);
	add_audio(s, e);
	add(s, e->guid, true);
	s->rows++;
}

static int
write_out(struct sheet *s, struct err *err)
{
	const char *path = cmd_value(s->args, "--out");

	if (buf_check(&s->out, "the table", err) != 0)
		return -1;
	if (path == NULL) {
		fwrite(s->out.data, 1, s->out.len, stdout);
		return 0;
	}
	if (fs_replace(path, s->out.data, s->out.len, 0666, NULL, err) != 0)
		return -1;
	printf("%s: %zu row%s, %zu cell%s to be filled in\n", path, s->rows,
	    CMD_S(s->rows), s->empty, CMD_S(s->empty));
	return 0;
}

static int
check_out(const struct cmd_args *args, struct err *err)
{
	const char *path = cmd_value(args, "--out");

	if (path == NULL || access(path, F_OK) != 0)
		return 0;
	err_set(err, ERR_OUTPUT, "is there already, and a table may have "
	    "what a person filled in; name another file");
	return err_at(err, path, 0);
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting setting;
	struct sheet s = {
		.args = args, .setting = &setting,
		.to = { .report = log_finding }
	};
	struct findings to = { .report = report };
	int rc = -1;

	if (check_out(args, err) != 0)
		return -1;
	buf_init(&s.out, 0);
	if (setting_open_unread(&setting, args, err) == 0) {
		s.show = setting.shows[0];
		buf_adds(&s.out, "notes,number,season,title,date,audio,length,"
		    "duration,guid\n");
		if (show_walk(s.show, add_episode, &s, &to))
			rc = write_out(&s, err);
		else
			err_set(err, ERR_INPUT, "the notes of %s cannot be "
			    "read; no table was written", s.show->slug);
	}
	buf_release(&s.out);
	setting_close(&setting);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--out", "FILE", "write it there, where no file is yet" },
	{ NULL, NULL, NULL }
};

const struct command cmd_episode_table = {
	"episode", "table", "", 0, 0,
	"Make a table of the notes for `table =` in show.ini",
	"A row for each file of notes, with what can be found out. Cells that "
	"a person must\nfill in are empty, and named with the reason.",
	options, run
};
