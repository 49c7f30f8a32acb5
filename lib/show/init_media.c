/* Where the audio is: its addresses, and its files where they are at hand. */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "show/fields.h"
#include "show/init_int.h"
#include "show/media_type.h"
#include "show/table.h"

#define PREFIX_PATHS "params.media_prefix media_prefix audio_bucket_url " \
	"download_url episodeUrlBase podcast.episodeUrlBase " \
	"params.feed.media_prefix podcast.media_prefix media_base_url " \
	"audio_base_url params.media_url podcast_media_url"
#define PLACES_MAX 32

/* How the notes say their audio. */
struct audio {
	size_t n, urls, names;
	const char *example;	/* of a name */
	size_t local;		/* names whose file was found */
	size_t beside;		/* beside the notes */
	const char *root;	/* the folder that most names count from */
};

/* Folders, and how often each is the one. */
struct places {
	const char *path[PLACES_MAX];
	size_t count[PLACES_MAX];
	size_t n;
};

static void
count_place(struct places *p, const char *path)
{
	size_t i;

	for (i = 0; i < p->n && strcmp(p->path[i], path) != 0; i++)
		;
	if (i == PLACES_MAX)
		return;
	if (i == p->n) {
		p->path[p->n++] = path;
		p->count[i] = 0;
	}
	p->count[i]++;
}

static const char *
commonest(const struct places *p, size_t *count)
{
	size_t i, best = 0;

	for (i = 1; i < p->n; i++)
		if (p->count[i] > p->count[best])
			best = i;
	*count = p->n > 0 ? p->count[best] : 0;
	return p->n > 0 ? p->path[best] : NULL;
}

/* Every folder that the name may count from. */
static void
locate(struct init_work *w, const char *name, struct places *out)
{
	size_t len = strlen(name), i, had;
	const char *path;

	for (i = 0; i < w->tree.nfiles; i++) {
		path = w->tree.file[i];
		had = strlen(path);
		if (had < len || strcmp(path + had - len, name) != 0 ||
		    (had > len && path[had - len - 1] != '/'))
			continue;
		count_place(out, had == len ? "" : arena_strndup(w->a, path,
		    had - len - 1));
	}
}

static void
look_at(struct init_work *w, struct audio *out)
{
	struct places *roots = arena_alloc(w->a, sizeof(*roots));
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < w->notes.nseen; i++) {
		const struct init_note *note = w->notes.seen[i];
		const char *name = note->audio;

		if (name == NULL)
			continue;
		out->n++;
		if (strstr(name, "://") != NULL ||
		    strncmp(name, "//", 2) == 0) {
			out->urls++;
			continue;
		}
		if (out->names++ == 0)
			out->example = name;
		name += strspn(name, "/");
		if (init_tree_has(&w->tree, init_join(w->a, init_folder(w->a,
		    note->path), name)))
			out->beside++;
		locate(w, name, roots);
	}
	out->root = commonest(roots, &out->local);
}

/* The public path of a folder of the site: without the part of its path that
 * the generator takes away. */
static const char *
public_path(const struct init_work *w, const char *folder)
{
	static const struct {
		enum init_kind kind;
		const char *top;
	} tops[] = {
		{ INIT_HUGO, "static" }, { INIT_ZOLA, "static" },
		{ INIT_HUGO, "content" },
		{ INIT_HUGO, "assets" }, { INIT_ASTRO, "public" },
		{ INIT_ELEVENTY, "src" }, { INIT_ELEVENTY, "public" },
		{ INIT_STATICFORGE, "content" }, { INIT_PODBARD, "static" }
	};
	size_t i;

	for (i = 0; i < sizeof(tops) / sizeof(tops[0]); i++)
		if (tops[i].kind == w->tree.kind && init_is_below(folder,
		    tops[i].top)) {
			folder += strlen(tops[i].top);
			return folder + strspn(folder, "/");
		}
	return folder;
}

static const char *
slashed(struct init_work *w, const char *url)
{
	return url[strlen(url) - 1] == '/' ? url :
	    arena_printf(w->a, "%s/", url);
}

/* The address of a folder with audio: what the site says, else a proposal. */
static void
tell_media_url(struct init_work *w, const char *folder,
    const struct init_said *prefix)
{
	const char *path = public_path(w, folder);

	if (prefix->text != NULL)
		init_found(w->plan, "media_url", prefix->text, prefix->where);
	else if (w->link != NULL && w->tree.kind != INIT_BARE)
		init_found(w->plan, "media_url", init_url(w, path[0] == '\0' ?
		    "" : arena_printf(w->a, "%s/", path)), "where the site "
		    "has this folder: look whether it is so");
	else
		init_must(w->plan, "media_url", w->link == NULL ? NULL :
		    init_url(w, "audio/"), "the public address of the audio "
		    "files' folder");
}

/* What a generator does where its configuration says nothing. */
static struct init_said
default_prefix(struct init_work *w)
{
	struct init_said said = { NULL, NULL };

	if (w->link == NULL)
		return said;
	switch (w->tree.kind) {
	case INIT_ELEVENTY:
		said.where = "the podcaster plugin's default, "
		    "SITE/episodes/: look whether it is so";
		said.text = init_url(w, "episodes/");
		break;
	case INIT_OCTOPOD:
		said.where = "octopod's default, SITE/episodes/: look "
		    "whether it is so";
		said.text = init_url(w, "episodes/");
		break;
	case INIT_PODBARD:
		said.where = "podbard's default, SITE/audio/: look whether "
		    "it is so";
		said.text = init_url(w, "audio/");
		break;
	default:
		break;
	}
	return said;
}

/* The notes name files. */
static void
tell_names(struct init_work *w, const struct audio *audio)
{
	struct init_said prefix = init_site_find(w->a, &w->site,
	    PREFIX_PATHS);

	if (prefix.text != NULL && !fields_passes(FIELDS_URL, prefix.text))
		prefix.text = NULL;
	if (prefix.text != NULL && audio->example[0] != '/')
		prefix.text = slashed(w, prefix.text);
	if (prefix.text == NULL && audio->example[0] != '/')
		prefix = default_prefix(w);
	if (2 * audio->beside >= audio->names) {
		tell_media_url(w, w->notes.folder, &prefix);
	} else if (2 * audio->local >= audio->names) {
		init_found(w->plan, "media_dir", arena_printf(w->a, "%s%s",
		    w->up, audio->root[0] == '\0' ? "." : audio->root),
		    arena_printf(w->a, "the files of %zu of %zu notes lie "
		    "there", audio->local, audio->names));
		tell_media_url(w, audio->root, &prefix);
	} else if (prefix.text != NULL) {
		init_found(w->plan, "media_prefix", prefix.text, prefix.where);
	} else if (audio->example[0] == '/' && w->link != NULL) {
		init_off(w->plan, "media_prefix", NULL, arena_printf(w->a,
		    "the notes name paths such as `%s`, which count from "
		    "link; another server's address would stand here",
		    audio->example));
	} else {
		init_must(w->plan, "media_prefix", NULL, arena_printf(w->a,
		    "the notes name files such as `%s`: what stands before "
		    "the name in its address", audio->example));
	}
}

/* The ending of an audio file, NULL: it is none. */
static const char *
audio_ending(const char *path)
{
	const char *type = media_type_by_name(path);

	return type != NULL && strncmp(type, "audio/", 6) == 0 ?
	    strrchr(path, '.') : NULL;
}

bool
init_has_audio_files(const struct init_tree *tree)
{
	size_t i;

	for (i = 0; i < tree->nfiles; i++)
		if (audio_ending(tree->file[i]) != NULL)
			return true;
	return false;
}

/* Audio files that bear the names of the notes: "FOLDER\nENDING" of most. */
static const char *
namesakes(struct init_work *w, size_t *hits)
{
	struct places *p = arena_alloc(w->a, sizeof(*p));
	const char *ending, *stem;
	size_t i, k;

	for (i = 0; i < w->tree.nfiles; i++) {
		ending = audio_ending(w->tree.file[i]);
		if (ending == NULL)
			continue;
		stem = fs_stem(w->a, w->tree.file[i]);
		for (k = 0; k < w->notes.nseen; k++) {
			const struct init_note *note = w->notes.seen[k];
			const char *own = note->bundle ? fs_basename(
			    init_folder(w->a, note->path)) :
			    fs_stem(w->a, note->path);

			if (strcmp(own, stem) == 0)
				count_place(p, arena_printf(w->a, "%s\n%s",
				    init_folder(w->a, w->tree.file[i]),
				    ending));
		}
	}
	return commonest(p, hits);
}

/* The notes say no audio. */
static void
tell_pattern(struct init_work *w)
{
	size_t hits;
	const char *found = namesakes(w, &hits), *folder, *url;
	struct init_said none = { NULL, NULL };

	if (found != NULL && 2 * hits >= w->notes.nseen) {
		folder = arena_strndup(w->a, found, strcspn(found, "\n"));
		init_found(w->plan, "media_dir", arena_printf(w->a, "%s%s",
		    w->up, folder[0] == '\0' ? "." : folder), arena_printf(
		    w->a, "audio with the names of %zu of %zu notes lies "
		    "there", hits, w->notes.nseen));
		tell_media_url(w, folder, &none);
		url = w->plan->line[w->plan->nlines - 1].off ? NULL :
		    w->plan->line[w->plan->nlines - 1].value;
		found = arena_printf(w->a, "%s{stem}%s", url != NULL ?
		    slashed(w, url) : "https://…/", strchr(found, '\n') + 1);
		if (url != NULL)
			init_found(w->plan, "audio_url", found,
			    "media_url and the notes' names");
		else
			init_must(w->plan, "audio_url", found, "media_url, "
			    "and the notes' names as they are in the files'");
	} else {
		init_must(w->plan, "audio_url", NULL, "the notes say no "
		    "audio: a pattern such as "
		    "https://media.example.org/{number:03}.mp3, or a table "
		    "(`showmill episode table` writes one to fill in)");
	}
}

/* The site's own feed has an address before that of each file. */
static void
tell_prefix(struct init_work *w)
{
	const char *what = arena_printf(w->a, "%s has `%s` before the address "
	    "of each file, and the service there counts no more without it; "
	    "media_prefix puts it before names of files only, addresses in "
	    "the notes stay as they are", w->feed.file, w->feed.prefix);
	size_t i;

	for (i = 0; i < w->plan->nlines; i++)
		if (w->plan->line[i].key != NULL && strcmp(
		    w->plan->line[i].key, "media_prefix") == 0)
			break;
	if (i == w->plan->nlines)
		init_off(w->plan, "media_prefix", w->feed.prefix, what);
	if (i == w->plan->nlines || !w->plan->line[i].must)
		init_look_at(w->plan, "media_prefix", what);
}

static void
tell_analytics(struct init_work *w)
{
	const char *what = arena_printf(w->a, "%s has it before the address "
	    "of each file", w->feed.file);

	init_found(w->plan, "analytics_prefix", w->feed.prefix, what);
	init_look_at(w->plan, "analytics_prefix", what);
}

void
init_media(struct init_work *w)
{
	struct audio audio;

	look_at(w, &audio);
	init_heading(w->plan, "audio");
	if (w->notes.audio.mapped)
		init_field(w->plan, "audio", w->notes.audio.paths,
		    arena_printf(w->a, "%s: %s", w->notes.audio.where,
		    w->notes.audio.value));
	if (2 * audio.names > audio.n)
		tell_names(w, &audio);
	else if (audio.n == 0 && !w->table_audio)
		tell_pattern(w);
	if (w->feed.prefix != NULL && 2 * audio.names > audio.n)
		tell_prefix(w);
	else if (w->feed.prefix != NULL)
		tell_analytics(w);
}

struct reason {
	struct arena *a;
	const char *text;	/* of the first finding; NULL: there was none */
};

static void
note_reason(void *ctx, const struct finding *f)
{
	struct reason *r = ctx;

	if (r->text == NULL)
		r->text = arena_strdup(r->a, f->text);
}

/* Whether the table tells a fact: in a column that bears its name, also where
 * that is yet to be filled in, or in cells of another that is read. */
static bool
tells(const struct table *t, const struct fields *f, const char *name)
{
	const struct fields_fact *fact = fields_get(f, name);
	const char *key;
	size_t i;

	for (i = 0; fact->column < 0 && i < t->csv.nrows; i++)
		if (fields_cell(fact, &t->csv, &t->csv.row[i], &key) != NULL)
			return true;
	return fact->column >= 0;
}

/* What a table has for us. */
struct offer {
	size_t rows;		/* 0: it is none */
	bool audio, date;
	const char *why;	/* it is none, then */
};

static void
read_table(struct init_work *w, const char *path, struct offer *out)
{
	struct reason reason = { w->a, NULL };
	struct findings muted = { .report = note_reason, .ctx = &reason };
	struct fields *f = fields_new(w->a, true);
	struct table t;

	memset(out, 0, sizeof(*out));
	if (!table_load(w->a, fs_join(w->a, w->tree.dir, path), f, &t,
	    &muted)) {
		out->why = reason.text != NULL ? reason.text :
		    "it is no table";
		return;
	}
	out->audio = tells(&t, f, "audio");
	out->date = tells(&t, f, "date");
	/* `name` and its like are titles of anything. */
	if (out->audio || out->date || fields_get(f, "title")->column >= 0)
		out->rows = t.csv.nrows;
	out->why = t.csv.nrows == 0 ? "it has no rows" :
	    "no column tells audio, date or title";
}

static bool
is_table(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL && (strcasecmp(dot, ".csv") == 0 ||
	    strcasecmp(dot, ".tsv") == 0);
}

void
init_find_table(struct init_work *w)
{
	struct offer best = { .rows = 0 }, one;
	const char *path;
	size_t i;

	for (i = 0; i < w->tree.nfiles; i++) {
		path = w->tree.file[i];
		/* Beside the notes, or in a folder above. */
		if (!is_table(path) || !init_is_below(w->notes.folder,
		    init_folder(w->a, path)))
			continue;
		read_table(w, path, &one);
		if (one.rows > best.rows && 4 * one.rows >= w->notes.nown) {
			best = one;
			w->table = path;
		} else if (w->plan->passed == NULL) {
			w->plan->passed = arena_printf(w->a, "%s: %s", path,
			    one.rows > 0 ? "it has rows for less than a "
			    "quarter of the notes" : one.why);
		}
	}
	if (w->table != NULL)
		w->plan->passed = NULL;
	/* What it says of some is not said of most. */
	w->table_audio = best.audio && 2 * best.rows >= w->notes.nown;
	w->table_date = best.date && 2 * best.rows >= w->notes.nown;
}
