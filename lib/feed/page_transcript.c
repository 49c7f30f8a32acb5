#include "feed/page_transcript.h"

#include <string.h>

#include "base/date.h"
#include "show/transcripts_made.h"
#include "text/captions_prose.h"
#include "text/html.h"
#include "text/language.h"

/* The page has <h1>, and <h2> above the transcript. */
#define HEADING 3
#define BOM "\xef\xbb\xbf"

static struct node *
push_paragraph(struct arena *a, struct node *list, const char *time,
    const char *speaker, const char *text)
{
	struct node *one = node_push(list, node_map(a));

	node_set_text(a, one, "time", time);
	node_set_text(a, one, "speaker", speaker);
	node_set_text(a, one, "text", text);
	return one;
}

static struct node *
of_cues(struct arena *a, const struct captions *c)
{
	struct node *list = node_list(a);
	struct captions_paragraph *p;
	size_t n = captions_paragraphs(a, c, &p), i;
	char time[DATE_TEXT_MAX];

	for (i = 0; i < n; i++) {
		date_duration(p[i].start_ms / 1000, time);
		(void)push_paragraph(a, list, time, p[i].speaker, p[i].text);
	}
	return list;
}

/* An empty line, which may have blanks in it, parts paragraphs; other ends of
 * lines stay. */
static struct node *
of_plain(struct arena *a, const char *s)
{
	struct node *list = node_list(a);
	const char *end;
	struct buf text;
	size_t n;

	buf_init(&text, 0);
	for (; *s != '\0'; s = end + (*end != '\0')) {
		n = strcspn(s, "\n");
		end = s + n;
		buf_add(&text, s, n);
		buf_rtrim(&text);
		if (strspn(s, " \t\r") >= n || *end == '\0') {
			if (text.len > 0)
				(void)push_paragraph(a, list, NULL, NULL,
				    text.data);
			buf_clear(&text);
		} else {
			buf_addc(&text, '\n');
		}
	}
	if (text.len > 0)
		(void)push_paragraph(a, list, NULL, NULL, text.data);
	buf_release(&text);
	return list;
}

/* NULL and err: it is no HTML that could be used. */
static struct node *
of_html(struct arena *a, const struct show_transcript *t,
    const struct buf *text, struct err *err)
{
	const struct markup_base base = { .page = t->url };
	struct node *out = NULL;
	struct buf html;

	buf_init(&html, 0);
	if (markup_clean(text->data, text->len, &base, &html, err) == 0) {
		if (html.len > 0)
			markup_demote(html.data, HEADING);
		out = node_text(a, html.data);
	} else
		err_at(err, transcripts_path(a, t), 0);
	buf_release(&html);
	return out;
}

/* NULL and err: it cannot be read. */
static struct node *
read_one(struct arena *a, const struct show *s,
    const struct show_transcript *t, struct err *err)
{
	const char *language = transcripts_language(s, t);
	struct node *map = node_map(a), *list = NULL, *html = NULL;
	struct captions c;
	struct buf text;

	node_set_text(a, map, "language", language);
	node_set_text(a, map, "dir", language_is_rtl(language) ? "rtl" :
	    "ltr");
	buf_init(&text, CAPTIONS_MAX);
	if (transcripts_read(a, t, &text, &c, err) != 0)
		goto out;
	if (c.format == CAPTIONS_HTML)
		html = of_html(a, t, &text, err);
	else
		list = c.n > 0 ? of_cues(a, &c) : of_plain(a, text.data +
		    (strncmp(text.data, BOM, strlen(BOM)) == 0 ?
		    strlen(BOM) : 0));
	node_set(a, map, "html", html != NULL ? html : node_null(a));
	node_set(a, map, "paragraphs", list != NULL ? list : node_list(a));
out:
	buf_release(&text);
	return html != NULL || list != NULL ? map : NULL;
}

static struct node *
read_language(struct arena *a, const struct show *s, const struct episode *e,
    const char *language, struct findings *to)
{
	static const enum captions_format best[] = { CAPTIONS_VTT,
		CAPTIONS_JSON, CAPTIONS_SRT, CAPTIONS_HTML, CAPTIONS_TEXT };
	struct node *map;
	size_t b, i;

	for (b = 0; b < sizeof(best) / sizeof(best[0]); b++)
		for (i = 0; i < e->ntranscripts; i++) {
			struct show_transcript *t = &e->transcripts[i];
			struct err err = ERR_INIT;

			if (t->file == NULL || t->bad ||
			    captions_format_of(t->type) != best[b] ||
			    !language_same(language,
			    transcripts_language(s, t)))
				continue;
			map = read_one(a, s, t, &err);
			if (map != NULL)
				return map;
			t->bad = true;
			finding_add(to, SEV_WARNING, "transcript-file",
			    err.file, err.line, "%s; the page does not show "
			    "it", err.msg);
		}
	return NULL;
}

/* Whether one before it has the language, too. */
static bool
is_seen(const struct show *s, const struct episode *e, size_t i,
    const char *language)
{
	while (i-- > 0)
		if (language_same(language, transcripts_language(s,
		    &e->transcripts[i])))
			return true;
	return false;
}

struct node *
page_transcripts(struct arena *a, const struct show *s,
    const struct episode *e, struct findings *to)
{
	struct node *list = node_list(a),
	    *one = read_language(a, s, e, s->language, to);
	const char *language;
	size_t i;

	if (one != NULL)
		node_push(list, one);
	for (i = 0; i < e->ntranscripts; i++) {
		language = transcripts_language(s, &e->transcripts[i]);
		if (language_same(language, s->language) ||
		    is_seen(s, e, i, language))
			continue;
		one = read_language(a, s, e, language, to);
		if (one != NULL)
			node_push(list, one);
	}
	for (one = list->first; one != NULL; one = one->next)
		node_set(a, one, "several", node_bool(a, list->count > 1));
	return list;
}
