#include "show/transcripts_made.h"

#include <ctype.h>
#include <string.h>

#include "base/fs.h"
#include "show/made.h"
#include "text/url.h"

void
transcripts_made_options(struct show *s, const struct options *o,
    struct findings *to)
{
	size_t n = options_number_of(o, "transcripts_made"), i;

	for (i = 0; i < n; i++)
		s->transcripts_made |= 1u << captions_format_of_ending(
		    options_at(o, "transcripts_made", i));
	s->transcripts_made_url = options_text(o, "transcripts_made_url");
	if (n > 0 && s->transcripts_made_url == NULL)
		finding_add(to, SEV_ERROR, "option-missing", o->file,
		    options_line(o, "transcripts_made"), "`transcripts_made` "
		    "wants `transcripts_made_url`, the public address of the "
		    "folder `%s` in `out`", TRANSCRIPTS_DIR);
	if (n == 0 && s->transcripts_made_url != NULL)
		finding_add(to, SEV_ERROR, "option-missing", o->file,
		    options_line(o, "transcripts_made_url"),
		    "`transcripts_made_url` wants `transcripts_made`: vtt, "
		    "srt, json, html or txt, a line each");
}

bool
transcripts_made_wants(const struct show *s, enum captions_format format)
{
	return format != CAPTIONS_NONE &&
	    (s->transcripts_made & 1u << format) != 0;
}

const char *
transcripts_language(const struct show *s, const struct show_transcript *t)
{
	return t->language != NULL ? t->language : s->language;
}

const char *
transcripts_path(struct arena *a, const struct show_transcript *t)
{
	return fs_join(a, t->folder, t->file);
}

int
transcripts_read(struct arena *a, const struct show_transcript *t,
    struct buf *text, struct captions *out, struct err *err)
{
	const char *path = transcripts_path(a, t);
	enum captions_format want = captions_format_of(t->type);
	bool html = false;

	if (fs_beneath(a, t->folder, t->file, err) == NULL)
		return err_at(err, path, 0);
	if (fs_read(path, CAPTIONS_MAX, text, NULL, err) != 0)
		return -1;
	/* A part of a page may begin with anything. */
	if (want == CAPTIONS_HTML && captions_recognise(text->data,
	    text->len) == CAPTIONS_TEXT) {
		want = CAPTIONS_TEXT;
		html = true;
	}
	if (captions_read(a, text->data, text->len, want, out, err) != 0)
		return err_at(err, path, err->line);
	if (html)
		out->format = CAPTIONS_HTML;
	return 0;
}

const char *
transcripts_made_name(struct arena *a, const struct show *s,
    const struct episode *e, const struct show_transcript *of,
    enum captions_format format)
{
	char *language = of->language == NULL ? NULL :
	    arena_strdup(a, of->language), *p;

	for (p = language; p != NULL && *p != '\0'; p++)
		if (!isalnum((unsigned char)*p))
			*p = '-';
	return arena_printf(a, "%s%s%s.%s", made_name(a, s, e),
	    language != NULL ? "." : "", language != NULL ? language : "",
	    captions_ending(format));
}

/* Captions are what can be shown with the sound: all cues of WebVTT and SubRip
 * have an end. JSON is what it is made of. */
static const char *
rel_of(const struct show_transcript *of, enum captions_format format)
{
	if (format == CAPTIONS_VTT || format == CAPTIONS_SRT)
		return "captions";
	return format == CAPTIONS_JSON ? of->rel : NULL;
}

void
transcripts_made_add(struct show *s, struct episode *e,
    const struct show_transcript *of, enum captions_format format,
    const char *name)
{
	struct show_transcript *list = arena_array(&s->arena,
	    (size_t)e->ntranscripts + 1, sizeof(*list));

	if (e->ntranscripts > 0)
		memcpy(list, e->transcripts,
		    e->ntranscripts * sizeof(*list));
	list[e->ntranscripts++] = (struct show_transcript){
	    .url = url_below(&s->arena, s->transcripts_made_url, name),
	    .type = captions_type(format), .language = of->language,
	    .rel = rel_of(of, format) };
	e->transcripts = list;
}
