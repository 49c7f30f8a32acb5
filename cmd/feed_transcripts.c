#include "cmd/feed_transcripts.h"

#include <string.h>

#include "base/fs.h"
#include "cmd/feed_place.h"
#include "show/transcripts.h"
#include "show/transcripts_made.h"
#include "text/captions_prose.h"
#include "text/language.h"

#define OUT_MAX (4 * CAPTIONS_MAX)

/* The transcripts of an episode in one language, while others are made of
 * them. */
struct source {
	struct show_transcript *of;
	struct captions captions;
};

struct making {
	struct feed_made *made;
	struct setting *setting;
	struct arena *a;	/* of the names */
	struct arena scratch;	/* of what was read */
	struct show *show;
	struct episode *e;
	struct source *source;	/* the best one first */
	size_t n;
};

void
feed_transcripts_plan(struct feed_made *m, struct arena *a,
    const struct show *show, const char *out)
{
	m->what = "transcript";
	m->key = "transcripts_made";
	if (show->transcripts_made != 0 && show->transcripts_made_url != NULL)
		feed_made_plan(m, a, show, out, TRANSCRIPTS_DIR);
}

/* Also of a folder that is not there yet. */
static bool
is_made(const struct feed_made *m, struct arena *a, const char *folder)
{
	return strcmp(feed_place(a, fs_dirname(a, folder),
	    fs_basename(folder)), m->real) == 0;
}

int
feed_transcripts_apart(const struct feed_made *m, struct arena *a,
    struct err *err)
{
	const char *folder;
	size_t i;

	for (i = 0; m->folder != NULL &&
	    (folder = transcripts_folder(m->show, i)) != NULL; i++) {
		if (!is_made(m, a, folder))
			continue;
		err_set(err, ERR_CONFIG, "transcripts are made in %s, and "
		    "also looked for there; change `out`, or say with "
		    "`transcripts` where your own ones are", m->folder);
		return err_at(err, m->show->file, show_line(m->show, m->key));
	}
	return 0;
}

static bool
has(const struct making *k, enum captions_format format, const char *language)
{
	size_t i;

	for (i = 0; i < k->e->ntranscripts; i++) {
		const struct show_transcript *t = &k->e->transcripts[i];

		if (captions_format_of(t->type) == format &&
		    language_same(transcripts_language(k->show, t), language))
			return true;
	}
	return false;
}

/* Reads one as a source, unless it is none. A file that lies where others are
 * made could be replaced. */
static int
add_source(struct making *k, struct show_transcript *t, struct err *err)
{
	struct source *s = &k->source[k->n];
	struct err why = ERR_INIT;
	struct buf text;

	if (is_made(k->made, &k->scratch, fs_dirname(&k->scratch,
	    transcripts_path(&k->scratch, t)))) {
		err_set(err, ERR_CONFIG, "lies in the folder that transcripts "
		    "are made in; move it, and say in show.ini with "
		    "`transcripts` where it is");
		return err_at(err, transcripts_path(&k->scratch, t), 0);
	}
	buf_init(&text, CAPTIONS_MAX);
	if (transcripts_read(&k->scratch, t, &text, &s->captions, &why) != 0) {
		t->bad = true;
		finding_add(&k->setting->findings, SEV_WARNING,
		    "transcript-file", why.file, why.line, "%s; nothing is "
		    "made of it", why.msg);
	} else {
		s->of = t;
		k->n++;
	}
	buf_release(&text);
	return 0;
}

static int
find_sources(struct making *k, const char *language, struct err *err)
{
	static const enum captions_format best[] = { CAPTIONS_JSON,
		CAPTIONS_VTT, CAPTIONS_SRT };
	size_t i, b;

	k->n = 0;
	k->source = arena_array(&k->scratch, k->e->ntranscripts,
	    sizeof(*k->source));
	for (b = 0; b < sizeof(best) / sizeof(best[0]); b++)
		for (i = 0; i < k->e->ntranscripts; i++) {
			struct show_transcript *t = &k->e->transcripts[i];

			if (t->file != NULL && !t->bad &&
			    captions_format_of(t->type) == best[b] &&
			    language_same(transcripts_language(k->show, t),
			    language) && add_source(k, t, err) != 0)
				return -1;
		}
	return 0;
}

static int
put_as(const struct making *k, const struct source *s,
    enum captions_format format, struct buf *out, unsigned *lost,
    struct err *err)
{
	*lost = 0;
	if (format == CAPTIONS_HTML)
		captions_html(&s->captions, k->e->title,
		    transcripts_language(k->show, s->of), out);
	else if (format == CAPTIONS_TEXT)
		captions_plain(&s->captions, out);
	else
		return captions_write_narrow(&s->captions, format, out, lost,
		    err);
	return buf_check(out, "the transcript", err);
}

static void
tell_lost(struct making *k, const struct show_transcript *of,
    enum captions_format format, const struct err *why, unsigned lost)
{
	const char *path = transcripts_path(&k->scratch, of);

	if (lost != 0)
		finding_add(&k->setting->findings, SEV_WARNING,
		    "transcript-lossy", path, 0, "no %s is made of it, which "
		    "cannot hold all: %s", captions_format_name(format),
		    captions_lost_words(&k->scratch, lost));
	else
		finding_add(&k->setting->findings, SEV_WARNING,
		    "transcript-lossy", path, 0, "no %s is made of it: %s",
		    captions_format_name(format), why->msg);
}

/* Of the first source that loses nothing; the first one is told of when none
 * is. */
static int
make(struct making *k, enum captions_format format, struct err *err)
{
	struct err first = ERR_INIT;
	unsigned lost = 0, first_lost = 0;
	const char *name;
	struct buf out;
	size_t i;
	int rc = 0;

	buf_init(&out, OUT_MAX);
	for (i = 0; i < k->n; i++) {
		struct err why = ERR_INIT;

		buf_clear(&out);
		if (put_as(k, &k->source[i], format, &out, &lost, &why) == 0 &&
		    lost == 0)
			break;
		if (i == 0) {
			first = why;
			first_lost = why.kind == ERR_NONE ? lost : 0;
		}
	}
	if (i == k->n) {
		tell_lost(k, k->source[0].of, format, &first, first_lost);
	} else {
		name = transcripts_made_name(k->a, k->show, k->e,
		    k->source[i].of, format);
		rc = feed_made_put(k->made, k->a, k->e, name, &out, err);
		if (rc == 0)
			transcripts_made_add(k->show, k->e, k->source[i].of,
			    format, name);
	}
	buf_release(&out);
	return rc;
}

static int
make_language(struct making *k, const char *language, struct err *err)
{
	enum captions_format format;
	bool read = false;

	for (format = CAPTIONS_VTT; format <= CAPTIONS_TEXT; format++) {
		if (!transcripts_made_wants(k->show, format) ||
		    has(k, format, language))
			continue;
		if (!read && find_sources(k, language, err) != 0)
			return -1;
		read = true;
		if (k->n > 0 && make(k, format, err) != 0)
			return -1;
	}
	return 0;
}

/* Whether one before it has the language already. */
static bool
is_done(const struct making *k, size_t i)
{
	const struct show_transcript *t = k->e->transcripts;
	const char *language = transcripts_language(k->show, &t[i]);

	while (i-- > 0)
		if (t[i].file != NULL && language_same(language,
		    transcripts_language(k->show, &t[i])))
			return true;
	return false;
}

static int
make_episode(struct making *k, struct err *err)
{
	size_t n = k->e->ntranscripts, i;
	int rc = 0;

	/* Those that are made come behind. */
	for (i = 0; rc == 0 && i < n; i++)
		if (k->e->transcripts[i].file != NULL && !is_done(k, i))
			rc = make_language(k, transcripts_language(k->show,
			    &k->e->transcripts[i]), err);
	arena_release(&k->scratch);
	return rc;
}

int
feed_transcripts_write(struct feed_made *m, struct setting *s,
    struct arena *a, struct show *show, struct err *err)
{
	struct making k = { .made = m, .setting = s, .a = a, .show = show,
		.scratch = ARENA_INIT };
	size_t i;

	for (i = 0; m->folder != NULL && i < show->nepisodes; i++) {
		k.e = &show->episodes[i];
		if (k.e->media_known && show_is_due(k.e, s->now) &&
		    make_episode(&k, err) != 0)
			return -1;
	}
	return 0;
}
