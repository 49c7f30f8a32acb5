#include "mail/digest_place.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/fs.h"
#include "text/html.h"
#include "text/html_find.h"
#include "text/template.h"
#include "text/url.h"

#define SOURCE_MAX ((size_t)8 << 20)	/* of a file that is looked into */

/* What is looked for, and the best that was found. */
struct search {
	const char *line;	/* of the rendered page */
	size_t len;
	struct digest_place place;
	size_t same;		/* bytes that are the same */
};

/* ---- templates ---- */

/* A piece of a template's line, which stands between two {{tags}} or at an end
 * of it: where that is in the line from `line` to `end`; NULL: nowhere. */
static const char *
find_piece(const char *piece, size_t n, bool first, bool last,
    const char *line, const char *end)
{
	const char *at;

	if (n > (size_t)(end - line) ||
	    (first && last && n != (size_t)(end - line)))
		return NULL;
	if (!first && !last)
		return n == 0 ? line : memmem(line, (size_t)(end - line),
		    piece, n);
	at = first ? line : end - n;
	return memcmp(at, piece, n) == 0 ? at : NULL;
}

/* How many bytes of a template's line stand in the rendered one, if that can
 * have come of it: each {{tag}} may have become anything. 0: it cannot. */
static size_t
alike(const char *t, size_t n, const char *line, size_t len)
{
	const char *tag, *at, *end = line + len;
	size_t same = 0, piece;
	bool first = true;

	for (;; first = false) {
		tag = memmem(t, n, "{{", 2);
		piece = tag != NULL ? (size_t)(tag - t) : n;
		at = find_piece(t, piece, first, tag == NULL, line, end);
		if (at == NULL)
			return 0;
		same += piece;
		line = at + piece;
		n -= piece;
		at = tag != NULL ? memmem(tag, n, "}}", 2) : NULL;
		if (at == NULL)
			return same;
		n -= (size_t)(at - tag) + 2;
		t = at + 2;
	}
}

static void
note(struct search *s, const char *file, unsigned line, size_t same)
{
	if (same > s->same) {
		s->same = same;
		s->place = (struct digest_place){ file, line };
	}
}

static void
look_at_lines(struct search *s, const char *file, const char *text)
{
	const char *p = text, *next;
	unsigned line = 1;

	for (; *p != '\0'; p = next + (*next == '\n'), line++) {
		next = strchrnul(p, '\n');
		note(s, file, line, alike(p, (size_t)(next - p), s->line,
		    s->len));
	}
}

static unsigned
line_of(const char *text, const char *at)
{
	unsigned line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static void
look_at_pictures(struct search *s, const char *file, const char *text)
{
	struct markup_reference r;
	const char *p = text;

	while (markup_find_reference(text, &p, &r))
		if (r.picture)
			note(s, file, line_of(text, r.at), alike(r.at, r.len,
			    s->line, s->len));
}

typedef void looking(struct search *, const char *file, const char *text);

static void
look_in(struct arena *a, looking *look, struct search *s, const char *file)
{
	struct err ignored = ERR_INIT;
	struct buf text;

	buf_init(&text, TEMPLATE_MAX);
	if (fs_read(file, TEMPLATE_MAX, &text, NULL, &ignored) == 0)
		look(s, arena_strdup(a, file), text.data);
	buf_release(&text);
}

/* In digest.html, else in the others, which may be a part of it. */
static void
look_in_all(struct arena *a, looking *look, struct search *s,
    const char *folder)
{
	struct err ignored = ERR_INIT;
	char **names;
	size_t n, k;

	look_in(a, look, s, fs_join(a, folder, "digest.html"));
	if (s->place.file != NULL ||
	    fs_list(a, folder, &names, &n, &ignored) != 0)
		return;
	for (k = 0; k < n; k++)
		if (strlen(names[k]) > 5 && strcmp(names[k] +
		    strlen(names[k]) - 5, ".html") == 0)
			look_in(a, look, s, fs_join(a, folder, names[k]));
}

void
digest_place_line(struct arena *a, const char *folder, const char *line,
    size_t len, struct digest_place *out)
{
	struct search s = { .line = line, .len = len };

	look_in_all(a, look_at_lines, &s, folder);
	*out = s.place;
}

/* ---- what people write ---- */

/* Without the backslashes of Markdown. */
static void
take_backslashes(char *s)
{
	char *to = s;

	for (; *s != '\0'; s++) {
		if (*s == '\\' && ispunct((unsigned char)s[1]))
			s++;
		*to++ = *s;
	}
	*to = '\0';
}

static bool
is_same(struct arena *a, const char *one, const char *other)
{
	return strcmp(one + strcspn(one, "?#"),
	    other + strcspn(other, "?#")) == 0 &&
	    strcmp(url_decoded(a, one), url_decoded(a, other)) == 0;
}

/* Whether what is written there leads to url. */
static bool
leads_to(struct arena *a, const struct markup_reference *r,
    const struct markup_base *base, const char *url)
{
	char last = url[strlen(url) - 1], *ref;
	const char *address;

	if (isalnum((unsigned char)last) && r->at[r->len - 1] != last)
		return false;
	ref = markup_unescaped(a, r->at, r->len);
	take_backslashes(ref);
	address = markup_address(a, base, ref);
	return address != NULL && is_same(a, address, url);
}

/* The best so far: one that is a picture, else the first that is the
 * address. */
struct finding_it {
	struct digest_place place;
	bool picture;
};

static void
look_at_text(struct arena *a, const char *file,
    const struct markup_base *base, const char *url, struct finding_it *f)
{
	struct err ignored = ERR_INIT;
	struct arena scratch = ARENA_INIT;
	struct markup_reference r;
	const char *p;
	struct buf text;

	buf_init(&text, SOURCE_MAX);
	if (file != NULL && !f->picture &&
	    fs_read(file, SOURCE_MAX, &text, NULL, &ignored) == 0)
		for (p = text.data; !f->picture &&
		    markup_find_reference(text.data, &p, &r);) {
			if ((f->place.file != NULL && !r.picture) ||
			    !leads_to(&scratch, &r, base, url))
				continue;
			f->place = (struct digest_place){ arena_strdup(a,
			    file), line_of(text.data, r.at) };
			f->picture = r.picture;
		}
	buf_release(&text);
	arena_release(&scratch);
}

static void
look_at_writing(struct arena *a, const struct digest_input *in,
    const char *url, struct finding_it *f)
{
	const struct markup_base page = { in->show->link, in->show->link };
	size_t i;

	if (in->editorial != NULL)
		look_at_text(a, in->editorial->file, &page, url, f);
	for (i = 0; i < in->n; i++) {
		const struct episode *e = in->episodes[i];

		look_at_text(a, e->file, &(struct markup_base){ e->link,
		    e->site }, url, f);
	}
}

/* ---- pictures ---- */

static bool
is_of_show(const struct show *show, const char *url, struct digest_place *out)
{
	const char *key = show->logo != NULL && strcmp(show->logo, url) == 0 ?
	    "logo" : show->image != NULL && strcmp(show->image, url) == 0 ?
	    "image" : NULL;

	if (key != NULL)
		*out = (struct digest_place){ show->file, show_line(show,
		    key) };
	return key != NULL;
}

/* One that is all {{tag}} says where the picture is, if not what. */
static void
look_at_tags(struct search *s, const char *file, const char *text)
{
	struct markup_reference r;
	const char *p = text;

	while (markup_find_reference(text, &p, &r))
		if (r.picture && strncmp(r.at, "{{", 2) == 0)
			note(s, file, line_of(text, r.at), 1);
}

void
digest_place_picture(struct arena *a, const struct digest_input *in,
    const char *url, struct digest_place *out)
{
	const char *main = digest_file(a, in, "digest.html");
	struct search s = { .line = url, .len = strlen(url) };
	struct finding_it f = { .picture = false };
	size_t i;

	if (is_of_show(in->show, url, out))
		return;
	for (i = 0; i < in->n && in->shows != NULL; i++)
		if (is_of_show(in->shows[i], url, out))
			return;
	look_at_writing(a, in, url, &f);
	if (!f.picture)
		look_in_all(a, look_at_pictures, &s, fs_dirname(a, main));
	*out = f.picture || s.place.file == NULL ? f.place : s.place;
	if (out->file != NULL)
		return;
	look_in(a, look_at_tags, &s, main);
	*out = s.place.file != NULL ? s.place :
	    (struct digest_place){ main, 0 };
}
