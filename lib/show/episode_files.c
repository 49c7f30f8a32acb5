/* Several files of one episode: `audio: [{file: a.mp3}, {file: a.opus}]`. */
#include "show/episode_files.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "show/episode_int.h"
#include "show/options.h"
#include "text/url.h"
#include "text/utf8.h"

#define BITRATE_MIN 1000		/* bits a second */
#define BITRATE_MAX 1000000000
#define HEIGHT_MAX 100000		/* pixels */

/* What a file's map may say, and the names that are understood. */
static const struct {
	const char *fact;
	const char *names[4];
} known[] = {
	{ "file", { "file", "src" } },
	{ "url", { "url" } },
	{ "title", { "title", "label", "name" } },
	{ "type", { "type", "mime", "mime_type" } },
	{ "length", { "length", "size", "bytes" } },
	{ "duration", { "duration" } },
	{ "bitrate", { "bitrate" } },
	{ "language", { "language", "lang" } },
	{ "default", { "default" } },
	{ "height", { "height" } },
	{ "rel", { "rel" } },
	{ "source", { "source", "sources" } },
	{ "integrity", { "integrity" } },
};
#define NKNOWN (sizeof(known) / sizeof(known[0]))

/* The files of an episode while they are read. */
struct files {
	const struct fact_source *s;
	const struct episode_rules *rules;
	struct media media[EPISODE_FILES_MAX];
	size_t n;
	size_t first;	/* of them the one that is the audio */
	bool said;	/* by `default` */
};

static bool
is_name_of(size_t i, const char *key)
{
	size_t k;

	for (k = 0; k < 4 && known[i].names[k] != NULL; k++)
		if (fields_same(known[i].names[k], key))
			return true;
	return false;
}

const struct node *
episode_files_find(const struct node *map, const char *fact)
{
	const struct node *n;
	size_t i = 0;

	while (strcmp(known[i].fact, fact) != 0)
		i++;
	for (n = map->first; n != NULL && !is_name_of(i, n->key); n = n->next)
		;
	return n;
}

const struct node *
episode_files_entry(const struct fields *f, const struct node *front,
    struct arena *a, unsigned nth)
{
	const struct fields_path *path;
	struct fields_index index;
	const struct node *n;

	fields_index(a, front, &index);
	n = fields_first(fields_get(f, "audio"), &index, false, &path);
	if (n == NULL || n->kind == NODE_MAP)
		return nth == 1 ? n : NULL;
	if (n->kind != NODE_LIST)
		return NULL;
	for (n = n->first; n != NULL && nth > 1; nth--)
		n = n->next;
	return n;
}

/* What the map says of the fact, as it is written there. */
static struct fact
said(const struct files *l, const struct node *map, const char *fact)
{
	const struct node *n = episode_files_find(map, fact);

	return fact_in(l->s, map, "audio", n != NULL ? n->key : fact);
}

/* 64000, 64k, 64 kbit/s; -1: told. */
static int64_t
bitrate(const struct files *l, const struct fact *f)
{
	static const char *const thousands[] = {
		"k", "kbps", "kbit/s", "kb/s", "kbit"
	};
	char *end;
	long long n;
	size_t i;

	if (f->text == NULL)
		return 0;
	n = isdigit((unsigned char)f->text[0]) ? strtoll(f->text, &end, 10) :
	    0;
	for (i = 0; n > 0 && i < 5; i++)
		if (strcasecmp(end + strspn(end, " "), thousands[i]) == 0 &&
		    n < BITRATE_MAX / 1000)
			return n * 1000;
	if (n >= BITRATE_MIN && n <= BITRATE_MAX && *end == '\0')
		return n;
	fact_doubt(l->s, f, "episode-number", "`%s: %s` is no bitrate; write "
	    "bits a second, as in 64000 or 64k, or leave it out", f->key,
	    f->text);
	return 0;
}

/* A title or a group. */
static const char *
title(const struct files *l, const struct fact *f)
{
	size_t n = f->text == NULL ? 0 : utf8_count(f->text);

	if (n > EPISODE_FILES_TITLE_MAX)
		finding_add(l->s->to, SEV_WARNING, "episode-audio-title",
		    f->file, f->line, "`%s` has %zu characters; players may "
		    "cut off what is more than %d", f->key, n,
		    EPISODE_FILES_TITLE_MAX);
	return f->text;
}

static const char *
language(const struct files *l, const struct fact *f)
{
	if (f->text == NULL || options_is_language(f->text))
		return f->text;
	fact_doubt(l->s, f, "episode-value", "`%s: %s` is no language; write "
	    "a tag such as en or pt-BR", f->key, f->text);
	return NULL;
}

static void
check_keys(const struct files *l, const struct node *map)
{
	const struct node *n;
	size_t i;

	for (n = map->first; n != NULL && !l->s->fields->site; n = n->next) {
		for (i = 0; i < NKNOWN && !is_name_of(i, n->key); i++)
			;
		if (i == NKNOWN)
			fact_complain(l->s, l->s->file, n->line,
			    "episode-key", "`%s` is no key of an audio file; "
			    "those are file or url, title, type, length, "
			    "duration, bitrate, language, default, height, "
			    "rel, source and integrity "
			    "(unknown_keys = ignore passes others over)",
			    n->key);
		else if (episode_files_find(map, known[i].fact) != n)
			fact_complain(l->s, l->s->file, n->line,
			    "episode-key", "`%s` says the same as `%s` above; "
			    "take one of them out", n->key,
			    episode_files_find(map, known[i].fact)->key);
	}
}

/* It is a list or map, which was told. */
static bool
is_no_name(const struct files *l, const struct node *map, const char *fact)
{
	const struct node *n = episode_files_find(map, fact);

	return n != NULL && !l->s->fields->site && (n->kind == NODE_LIST ||
	    n->kind == NODE_MAP);
}

/* Which file it is; false: none, which is told. */
static bool
name(const struct files *l, const struct node *map, struct media *out)
{
	struct fact file = said(l, map, "file"), url = said(l, map, "url");
	struct fact f = file.text != NULL ? file : url;
	struct fact here = { NULL, l->s->file, map->line, true, FACT_FRONT,
		"audio" };

	if (file.bad || url.bad || is_no_name(l, map, "file") ||
	    is_no_name(l, map, "url"))
		return false;
	if (f.text == NULL)
		fact_doubt(l->s, &here, "episode-value", "a file of `audio` "
		    "is not named; write `file: NAME` or `url: ADDRESS`");
	else if (file.text != NULL && url.text != NULL)
		fact_doubt(l->s, &url, "episode-value", "a file of `audio` "
		    "has `%s: %s` already; write one of the two", file.key,
		    file.text);
	else
		audio_name(l->s, l->rules, &f, out);
	return out->file != NULL || out->url != NULL;
}

static bool
is_default(const struct files *l, const struct node *map)
{
	struct fact f = said(l, map, "default");
	int flag = f.text == NULL ? 0 : fields_flag(f.text);

	if (flag < 0)
		fact_doubt(l->s, &f, "episode-bool", "`%s: %s` must be true "
		    "or false", f.key, f.text);
	if (flag == 1 && l->said)
		fact_doubt(l->s, &f, "episode-value", "another file of "
		    "`audio` is the default already; one can be it");
	return flag == 1 && !l->said;
}

static unsigned
height(const struct files *l, const struct fact *f)
{
	long n;

	if (f->text == NULL)
		return 0;
	n = f->text[strspn(f->text, "0123456789")] == '\0' ?
	    strtol(f->text, NULL, 10) : 0;
	if (n > 0 && n < HEIGHT_MAX)
		return (unsigned)n;
	fact_doubt(l->s, f, "episode-number", "`%s: %s` is no height in "
	    "pixels", f->key, f->text);
	return 0;
}

/* Further addresses of the same file, of any scheme: one, or a list. */
static void
sources(const struct files *l, const struct node *map, struct media *out)
{
	const struct node *n = episode_files_find(map, "source"), *one;
	const char **list;
	struct fact f = { NULL, l->s->file, 0, false, FACT_FRONT,
		"audio.source" };

	if (n == NULL)
		return;
	list = arena_array(&l->s->show->arena, n->kind == NODE_LIST ?
	    n->count : 1, sizeof(*list));
	for (one = n->kind == NODE_LIST ? n->first : n; one != NULL;
	    one = n->kind == NODE_LIST ? one->next : NULL) {
		f.line = one->line;
		f.bad = false;
		if (node_plain(one) != NULL && fact_line(l->s, node_plain(one),
		    &f) && url_is_uri(f.text))
			list[out->nsources++] = f.text;
		else if (!f.bad)
			fact_doubt(l->s, &f, "episode-url", "an address in "
			    "`%s` has no scheme, as in ipfs://… or "
			    "https://…, or characters that none has", f.key);
	}
	out->sources = list;
}

/* `sha384-…` as browsers have it, or a map with type and value. */
static void
integrity(const struct files *l, const struct node *map, struct media *out)
{
	const struct node *n = episode_files_find(map, "integrity");
	struct fact f, type;

	if (n == NULL)
		return;
	if (n->kind != NODE_MAP) {
		f = said(l, map, "integrity");
		out->integrity = f.text;
		out->integrity_type = "sri";
		return;
	}
	type = fact_in(l->s, n, "audio.integrity", "type");
	f = fact_in(l->s, n, "audio.integrity", "value");
	if (type.text == NULL || f.text == NULL || (strcmp(type.text, "sri") !=
	    0 && strcmp(type.text, "pgp-signature") != 0)) {
		f.line = n->line;
		f.file = l->s->file;
		fact_doubt(l->s, &f, "episode-value", "`audio.integrity` wants "
		    "a value such as sha384-…, or a map with the type sri or "
		    "pgp-signature and a value");
		return;
	}
	out->integrity = f.text;
	out->integrity_type = type.text;
}

/* What only feeds of the podcast namespace have. */
static void
read_more(const struct files *l, const struct node *map, struct media *out)
{
	struct fact f = said(l, map, "rel");

	out->rel = title(l, &f);
	f = said(l, map, "height");
	out->height = height(l, &f);
	sources(l, map, out);
	integrity(l, map, out);
}

/* false: told. */
static bool
read_map(struct files *l, const struct node *map, struct media *out)
{
	struct fact f;

	check_keys(l, map);
	if (!name(l, map, out))
		return false;
	f = said(l, map, "title");
	out->title = title(l, &f);
	f = said(l, map, "type");
	out->type = audio_type(l->s, &f);
	f = said(l, map, "length");
	audio_length(l->s, &f, out);
	f = said(l, map, "duration");
	audio_duration(l->s, &f, out);
	f = said(l, map, "bitrate");
	out->bitrate = bitrate(l, &f);
	f = said(l, map, "language");
	out->language = language(l, &f);
	read_more(l, map, out);
	if (is_default(l, map)) {
		l->first = l->n;
		l->said = true;
	}
	return true;
}

static bool
read_name(const struct files *l, const struct node *n, struct media *out)
{
	struct fact f = { NULL, l->s->file, n->line, false, FACT_FRONT,
		"audio" };

	if (fact_line(l->s, n->text, &f))
		audio_name(l->s, l->rules, &f, out);
	else if (!f.bad)
		fact_doubt(l->s, &f, "episode-value", "one of `audio` is "
		    "empty; write the file's name or address");
	return out->file != NULL || out->url != NULL;
}

static void
read_entry(struct files *l, const struct node *n, unsigned entry)
{
	struct media *m = &l->media[l->n];
	struct fact f = { NULL, l->s->file, n->line, true, FACT_FRONT,
		"audio" };
	bool taken = false;

	*m = (struct media){ .from = l->s->file, .line = n->line,
		.entry = entry, .length = -1, .duration = -1 };
	if (n->kind == NODE_MAP)
		taken = read_map(l, n, m);
	else if (n->kind == NODE_TEXT)
		taken = read_name(l, n, m);
	else
		fact_doubt(l->s, &f, "episode-value", "one of `audio` is no "
		    "file; write its name, or `file: NAME` with what is to be "
		    "said of it");
	l->n += taken;
}

void
episode_files(const struct fact_source *s, const struct episode_rules *r,
    const struct node *n, struct episode *e)
{
	struct files l = { .s = s, .rules = r };
	struct fact f = { NULL, s->file, n->line, true, FACT_FRONT,
		n->key != NULL ? n->key : "audio" };
	const struct node *one = n->kind == NODE_LIST ? n->first : n;
	unsigned entry = 0;
	size_t i;

	for (; one != NULL && l.n < EPISODE_FILES_MAX;
	    one = n->kind == NODE_LIST ? one->next : NULL)
		read_entry(&l, one, ++entry);
	if (one != NULL)
		fact_doubt(s, &f, "episode-value", "`%s` has more than %d "
		    "files", f.key, EPISODE_FILES_MAX);
	if (l.n == 0)
		return;
	e->audio = l.media[l.first];
	e->renditions = arena_array(&s->show->arena, l.n,
	    sizeof(*e->renditions));
	for (i = 0; i < l.n; i++)
		if (i != l.first)
			e->renditions[e->nrenditions++] = l.media[i];
}
