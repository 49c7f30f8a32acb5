/* The command episode show: the facts of an episode and where they come
 * from. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "base/size.h"
#include "cmd/cmd.h"
#include "cmd/episode.h"
#include "cmd/print.h"
#include "cmd/setting.h"
#include "show/episode.h"
#include "show/chapters.h"
#include "show/media_chapters.h"
#include "show/notes.h"
#include "show/rendition.h"

#define FACTS_MAX 48

struct problem {
	struct finding finding;
	struct problem *next;
};

struct view {
	struct cmd_args *args;
	struct setting setting;
	struct problem *first, **last;
	struct show *show;
	struct episode *e;	/* NULL: its notes have errors */
	const char *file;
	struct fact fact[FACTS_MAX];	/* as traced */
	const char *name[FACTS_MAX];
	size_t nfacts;
	struct node *rows;
	struct arena *a;
};

static void
keep(void *ctx, const struct finding *f)
{
	struct view *v = ctx;
	struct problem *p = arena_alloc(v->a, sizeof(*p));

	/* What is wrong with config.ini or show.ini stops the command. */
	if (f->severity == SEV_ERROR && strncmp(f->rule, "episode-", 8) != 0) {
		log_finding(NULL, f);
		return;
	}
	p->finding = *f;
	p->finding.file = arena_strdup(v->a, f->file);
	p->finding.text = arena_strdup(v->a, f->text);
	*v->last = p;
	v->last = &p->next;
}

static bool
is_number(const char *text)
{
	return text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
}

/* Whether `wanted` is the file, or exactly its path from the notes' folder. */
static bool
is_file(struct arena *a, const struct show *s, const char *file,
    const char *wanted)
{
	char x[PATH_MAX], y[PATH_MAX];

	return strcmp(file, wanted) == 0 ||
	    strcmp(file, fs_join(a, s->episodes_dir, wanted)) == 0 ||
	    (realpath(file, x) != NULL && realpath(wanted, y) != NULL &&
	    strcmp(x, y) == 0);
}

/* Whether it is its name, with or without the ending. */
static bool
is_named(struct arena *a, const char *file, const char *wanted)
{
	return strcmp(fs_basename(file), wanted) == 0 ||
	    strcmp(fs_stem(a, file), wanted) == 0;
}

static bool
fits(struct view *v, const struct show *s, const struct episode *e,
    const char *file, const char *wanted, bool exact)
{
	if (is_number(wanted) && e != NULL)
		return exact && e->number > 0 &&
		    e->number == strtoll(wanted, NULL, 10);
	if (exact)
		return is_file(v->a, s, file, wanted);
	return is_named(v->a, file, wanted) || (e != NULL &&
	    strcmp(show_stem(v->a, e), wanted) == 0);
}

/* How many fit; the last of them is kept. */
static size_t
search(struct view *v, const char *wanted, bool exact, struct buf *names)
{
	size_t i, k, n = 0;

	for (i = 0; i < v->setting.nshows; i++) {
		struct show *s = v->setting.shows[i];

		for (k = 0; k < s->nepisodes + s->nleft_out; k++) {
			struct episode *e = k < s->nepisodes ?
			    &s->episodes[k] : NULL;
			const char *file = e != NULL ? e->file :
			    s->left_out[k - s->nepisodes];

			if (!fits(v, s, e, file, wanted, exact))
				continue;
			v->show = s;
			v->e = e;
			v->file = file;
			buf_addf(names, "%s%s", n++ > 0 ? ", " : "", file);
		}
	}
	return n;
}

static int
choose(struct view *v, struct err *err)
{
	const char *wanted = v->args->operand[0];
	size_t n, bad = 0, i;
	struct buf names;

	buf_init(&names, 0);
	n = search(v, wanted, true, &names);
	if (n == 0)
		n = search(v, wanted, false, &names);
	for (i = 0; i < v->setting.nshows; i++)
		bad += v->setting.shows[i]->nleft_out;
	if (n == 0)
		err_set(err, ERR_NOINPUT, "there is no episode `%s`%s",
		    wanted, bad == 0 ? "" : "; it may be one that has "
		    "errors: `showmill episode list` tells them");
	else if (n > 1)
		err_set(err, ERR_USAGE, "`%s` is several: %s; name the file, "
		    "or the show with --show SLUG", wanted, names.data);
	buf_release(&names);
	return n == 1 ? 0 : -1;
}

static void
note_fact(void *ctx, const char *name, const struct fact *f)
{
	struct view *v = ctx;
	size_t i;

	for (i = 0; i < v->nfacts && strcmp(v->name[i], name) != 0; i++)
		;
	if (i == FACTS_MAX)
		return;
	v->name[i] = name;
	v->fact[i] = *f;
	v->nfacts += i == v->nfacts;
}

static const struct fact *
traced(const struct view *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->nfacts; i++)
		if (strcmp(v->name[i], name) == 0)
			return &v->fact[i];
	return NULL;
}

/* A row; from: when nothing was traced, or to be told instead. */
static struct node *
add_from(struct view *v, const char *name, const char *value,
    const char *from, const char *file, unsigned line)
{
	struct node *row;

	if (value == NULL)
		return NULL;
	row = node_push(v->rows, node_map(v->a));
	node_set_text(v->a, row, "fact", name);
	if (v->args->json) {
		node_set_text(v->a, row, "value", value);
		node_set_text(v->a, row, "origin", from);
		node_set(v->a, row, "file", node_text(v->a, file));
		node_set(v->a, row, "line", line == 0 ? node_null(v->a) :
		    node_number(v->a, line));
		return row;
	}
	/* The notes are named above the table, and its file among the facts. */
	node_set_text(v->a, row, "from", file == NULL || line == 0 ? from :
	    strcmp(file, v->file) == 0 ? arena_printf(v->a, "line %u", line) :
	    arena_printf(v->a, "%s:%u", file, line));
	node_set_text(v->a, row, "value", value);
	return row;
}

static void
add(struct view *v, const char *name, const char *value, const char *from)
{
	const struct fact *f = traced(v, name);
	bool place;

	if (f == NULL) {
		add_from(v, name, value, from, NULL, 0);
		return;
	}
	place = strcmp(f->origin, FACT_FRONT) == 0 ||
	    strcmp(f->origin, FACT_TABLE) == 0 ||
	    strcmp(f->origin, FACT_HEADING) == 0;
	add_from(v, name, value, f->origin, place ? f->file : NULL,
	    place ? f->line : 0);
}

static const char *
number(struct view *v, int64_t n)
{
	return n <= 0 ? NULL : arena_printf(v->a, "%lld", (long long)n);
}

static const char *
when(struct view *v, struct date d)
{
	char text[DATE_TEXT_MAX];

	date_rfc3339(&d, text);
	return d.t == 0 ? NULL : arena_strdup(v->a, text);
}

static void
add_people(struct view *v)
{
	const struct episode *e = v->e;
	const char *fact;
	unsigned i;

	for (i = 0; i < e->npeople; i++) {
		const struct show_person *p = &e->people[i];

		fact = traced(v, "people") != NULL ? "people" :
		    p->role != NULL && strcmp(p->role, "guest") == 0 ?
		    "guests" : "hosts";
		add(v, fact, arena_printf(v->a, "%s%s%s%s", p->name,
		    p->url != NULL ? " <" : "", p->url != NULL ? p->url : "",
		    p->url != NULL ? ">" : ""), "show.ini");
	}
	for (i = 0; e->npeople == 0 && i < v->show->nhosts; i++)
		add_from(v, "hosts", v->show->hosts[i].name, "show.ini",
		    NULL, 0);
}

static void
add_lists(struct view *v)
{
	const struct episode *e = v->e;
	struct buf tags;
	unsigned i;

	add_people(v);
	buf_init(&tags, 0);
	for (i = 0; i < e->ntags; i++)
		buf_addf(&tags, "%s%s", i > 0 ? ", " : "", e->tags[i]);
	add(v, "tags", e->ntags > 0 ? arena_strdup(v->a, tags.data) : NULL,
	    FACT_FRONT);
	buf_release(&tags);
	for (i = 0; i < e->ntranscripts; i++)
		add(v, "transcripts", e->transcripts[i].url, "found");
	add(v, "chapters", e->chapters, FACT_MADE);
	add_from(v, "chapters_read", number(v, e->nchapters),
	    chapters_origin(e), e->chapters_file, e->nchapters > 0 ?
	    e->chapter[0].line : 0);
	add(v, "xml", e->xml.text == NULL ? NULL : arena_printf(v->a,
	    "%zu bytes", strlen(e->xml.text)), FACT_FRONT);
	add(v, "sponsor", e->sponsor.name, FACT_FRONT);
}

/* What nothing is known of but what the notes say. */
static void
add_claims(struct view *v, const struct media *m, const char *duration)
{
	add(v, "length", number(v, m->length), FACT_DEFAULT);
	add(v, "type", m->type, FACT_DEFAULT);
	add(v, "duration", duration, FACT_DEFAULT);
}

static void
add_art(struct view *v, const struct cache_art *art, const char *from,
    const char *file)
{
	const char *size = arena_printf(v->a, "%ux%u", art->width,
	    art->height);
	struct node *row;

	if (art->width == 0)
		return;
	row = add_from(v, "art", v->args->json ? size : arena_printf(v->a,
	    "%s, %s, %lld bytes", size, art->type, (long long)art->bytes),
	    from, file, 0);
	if (!v->args->json)
		return;
	node_set_text(v->a, row, "type", art->type);
	node_set(v->a, row, "width", node_number(v->a, art->width));
	node_set(v->a, row, "height", node_number(v->a, art->height));
	node_set(v->a, row, "channels", art->channels == 0 ?
	    node_null(v->a) : node_number(v->a, art->channels));
	node_set(v->a, row, "length", node_number(v->a, art->bytes));
}

/* What is in the file, where that was looked into. */
static void
add_inside(struct view *v, const struct media *m, const struct cache_media *c,
    const char *from)
{
	const struct media_chapter *chapters;
	size_t n;

	add_from(v, "sample_rate", number(v, c->sample_rate), from, m->file, 0);
	add_from(v, "channels", number(v, c->channels), from, m->file, 0);
	if (media_chapters_learnt(&v->setting.media, m, v->a, &chapters,
	    &n) == 0)
		add_from(v, "audio_chapters", arena_printf(v->a, "%zu", n),
		    from, m->file, 0);
	add_art(v, &c->art, from, m->file);
}

/* What was learnt of the audio, and from what. */
static void
add_learnt(struct view *v, const struct media *m, const char *duration)
{
	bool cached;
	const struct cache_media *c = media_learnt(&v->setting.media, m,
	    &cached);
	const char *from = cached ? "cache" : m->file != NULL ? "file" :
	    "web server";

	if (m->asked != NULL && strcmp(m->asked, m->url) != 0)
		add_from(v, "asked", m->asked, "made", NULL, 0);
	add_from(v, "audio_file", m->file, FACT_MADE, NULL, 0);
	add_from(v, "length", number(v, m->length), from, m->file, 0);
	if (strcmp(c->type, m->type) == 0)
		add_from(v, "type", m->type, from, m->file, 0);
	else
		add(v, "type", m->type, "the ending of its name");
	if (c->duration_ms >= 0 || traced(v, "duration") == NULL)
		add_from(v, "duration", duration, from, m->file, 0);
	else
		add(v, "duration", duration, FACT_DEFAULT);
	add_inside(v, m, c, from);
}

/* "Data saver: 5.24 MB, 22.8 MB less, 24 kbit/s, audio/ogg, https://…" */
static const char *
rendition_text(struct arena *a, const struct media *audio,
    const struct media *m)
{
	const char *less = rendition_less(a, NULL, audio, m);
	const char *more = rendition_more(a, NULL, audio, m);
	const char *bitrate = m->title != NULL ? rendition_bitrate(a, m) :
	    NULL;

	return arena_printf(a, "%s: %s%s%s%s%s%s, %s, %s",
	    rendition_name(a, NULL, m), size_text(a, m->length),
	    less != NULL || more != NULL ? ", " : "",
	    less != NULL ? less : more != NULL ? more : "",
	    less != NULL ? " less" : more != NULL ? " more" : "",
	    bitrate != NULL ? ", " : "", bitrate != NULL ? bitrate : "",
	    m->type, m->url);
}

/* The other files, and what they save. */
static void
add_renditions(struct view *v)
{
	const struct episode *e = v->e;
	struct node *row;
	unsigned i;

	for (i = 0; i < e->nrenditions; i++) {
		const struct media *m = &e->renditions[i];
		const char *url = m->url != NULL ? m->url : m->file;

		row = add_from(v, "rendition", e->media_known &&
		    !v->args->json ? rendition_text(v->a, &e->audio, m) : url,
		    FACT_FRONT, m->from, m->line);
		if (!v->args->json || !e->media_known)
			continue;
		node_set_text(v->a, row, "title", m->title);
		node_set(v->a, row, "length", node_number(v->a, m->length));
		node_set_text(v->a, row, "type", m->type);
		node_set(v->a, row, "bitrate", m->bitrate == 0 ?
		    node_null(v->a) : node_number(v->a, m->bitrate));
	}
}

static void
add_audio(struct view *v)
{
	const struct media *m = &v->e->audio;
	char text[DATE_TEXT_MAX];
	const char *duration = NULL;

	add(v, "audio", m->url != NULL ? m->url : m->file, FACT_PATTERN);
	if (m->duration >= 0) {
		date_duration(m->duration, text);
		duration = text;
	}
	if (v->e->media_known)
		add_learnt(v, m, duration);
	else
		add_claims(v, m, duration);
	if (v->e->media_known && v->show->settle > 0 &&
	    media_young(&v->setting.media, v->show, v->e) != NULL)
		add_from(v, "waits", arena_printf(v->a, "the audio was "
		    "written less than %lld seconds ago: an episode that is "
		    "not in the feed yet waits", (long long)v->show->settle),
		    "settle in show.ini", NULL, 0);
	add_renditions(v);
}

/* As a feed has it. */
static void
add_summary(struct view *v)
{
	struct err err = ERR_INIT;
	struct notes notes;

	if (notes_open(v->e, &notes, &err) != 0) {
		finding_err(&v->setting.findings, "episode-notes", &err);
		add(v, "summary", v->e->summary, FACT_FRONT);
		return;
	}
	add(v, "summary", notes.summary.len > 0 ? arena_strdup(v->a,
	    notes.summary.data) : NULL, "the first paragraph");
	notes_release(&notes);
}

static void
add_all(struct view *v)
{
	const struct episode *e = v->e;

	add(v, "number", number(v, e->number), FACT_DEFAULT);
	add(v, "season", number(v, e->season), FACT_NAME);
	add(v, "title", e->title, FACT_DEFAULT);
	add(v, "date", when(v, e->date), FACT_NAME);
	add_from(v, "state", episode_state(e, v->setting.now), FACT_MADE,
	    NULL, 0);
	add(v, "slug", e->slug, FACT_MADE);
	add(v, "guid", e->guid, FACT_MADE);
	add(v, "link", e->link, FACT_PATTERN);
	add_audio(v);
	add(v, "image", e->image, FACT_DEFAULT);
	add(v, "video", e->video, FACT_DEFAULT);
	add_summary(v);
	add(v, "episode_type", e->type, FACT_DEFAULT);
	add(v, "explicit", e->is_explicit ? "true" : "false",
	    "show.ini or default");
	add(v, "draft", e->draft ? "true" : "false", FACT_DEFAULT);
	add(v, "expires", when(v, (struct date){ e->expires,
	    e->date.offset }), FACT_DEFAULT);
	add(v, "updated", when(v, e->updated), "date");
	add_lists(v);
}

/* Problems of the notes, and of their row of the table. */
static bool
is_own(const struct view *v, const struct finding *f)
{
	const struct episode *e = v->e;

	if (f->file == NULL)
		return false;
	return strcmp(f->file, v->file) == 0 || (e != NULL &&
	    e->row != NULL && v->show->table != NULL &&
	    strcmp(f->file, v->show->table) == 0 && f->line == e->row->line);
}

static struct node *
problems(struct view *v, size_t *errors)
{
	static const char *const words[] = { "info", "warning", "error" };
	struct node *list = node_list(v->a), *row;
	const struct problem *p;

	for (p = v->first; p != NULL; p = p->next) {
		const struct finding *f = &p->finding;

		if (!is_own(v, f))
			continue;
		*errors += f->severity == SEV_ERROR;
		row = node_push(list, node_map(v->a));
		node_set_text(v->a, row, "severity", words[f->severity]);
		node_set_text(v->a, row, "rule", f->rule);
		node_set_text(v->a, row, "file", f->file);
		node_set(v->a, row, "line", f->line == 0 ? node_null(v->a) :
		    node_number(v->a, f->line));
		node_set_text(v->a, row, "text", f->text);
	}
	return list;
}

static int
print(struct view *v, struct err *err)
{
	size_t errors = 0;
	struct node *told = problems(v, &errors), *top;
	const struct node *p;
	int rc = 0;

	if (v->args->json) {
		top = node_map(v->a);
		node_set_text(v->a, top, "show", v->show->slug);
		node_set_text(v->a, top, "file", v->file);
		node_set(v->a, top, "facts", v->rows);
		node_set(v->a, top, "problems", told);
		rc = print_json(top, err);
	} else {
		printf("%s\n", v->file);
		print_whole(v->rows);
		for (p = told->first; p != NULL; p = p->next)
			printf("%s:%s%s %s: %s [%s]\n",
			    node_get_text(p, "file"),
			    node_get_text(p, "line") != NULL ?
			    node_get_text(p, "line") : "",
			    node_get_text(p, "line") != NULL ? ":" : "",
			    node_get_text(p, "severity"),
			    node_get_text(p, "text"),
			    node_get_text(p, "rule"));
	}
	return rc != 0 ? rc : errors > 0 ? err_exit_code(ERR_INPUT) : 0;
}

static void
look_at_audio(struct view *v)
{
	/* A draft may have none yet. */
	if (v->e->audio.url == NULL && v->e->audio.file == NULL &&
	    v->e->draft)
		return;
	if (!media_resolve(&v->setting.media, v->show, v->e,
	    &v->setting.findings))
		return;
	chapters_find(&v->setting.media, v->show, v->e,
	    &v->setting.findings);
	if (media_lacks_duration(v->e))
		media_warn_duration(v->e, &v->setting.findings);
}

static int
show_one(struct view *v, struct err *err)
{
	if (choose(v, err) != 0)
		return -1;
	v->rows = node_list(v->a);
	if (v->e != NULL) {
		if (episode_trace(v->show, v->e, note_fact, v, err) != 0)
			return -1;
		look_at_audio(v);
		add_all(v);
	}
	return print(v, err);
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct view v = { .args = args, .a = &args->arena };
	int rc = -1;

	v.last = &v.first;
	if (setting_open_to(&v.setting, args, keep, &v, err) == 0)
		rc = show_one(&v, err);
	setting_close(&v.setting);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where several have such a one" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};

const struct command cmd_episode_show = {
	"episode", "show", "N|FILE", 1, 1,
	"Show the facts of an episode, and where each comes from",
	"The audio is looked at as for the feeds. Problems of the episode "
	"follow; the exit\ncode is 65 when one of them is an error, and 66 "
	"when there is no such episode.", options, run
};
