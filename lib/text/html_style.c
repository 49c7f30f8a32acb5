/* The page as text: where its tags are, and what is put into them. */
#include "text/html_style.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/html_style_int.h"

/* A <style> of which something is taken. */
struct sheet_place {
	size_t at, to;		/* of its content */
	size_t kept, nkept;	/* what stays of it, in `kept` */
	size_t begin, end;	/* of the element */
};

struct page {
	const char *html;
	size_t len;
	struct hs_sheet sheet;
	struct buf feed, styles, kept;
	struct hs_tag *tags;
	size_t ntags, tags_cap;
	struct sheet_place *places;
	size_t nplaces, places_cap;
	size_t counted;		/* up to where lines are counted */
	unsigned line;
};

/* One tag as it is scanned. */
struct scan {
	size_t begin, end;	/* from "<" to behind ">" */
	size_t name, nname;
	size_t attributes_end;	/* before "/" and ">" */
	size_t style, style_end;	/* of style="" and the blanks before */
	bool media;		/* has a media attribute */
	bool closing;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_named(const struct page *p, size_t at, size_t n, const char *name)
{
	return n == strlen(name) && strncasecmp(p->html + at, name, n) == 0;
}

static void
note_attribute(const struct page *p, struct scan *t, size_t blanks,
    size_t name, size_t nname, size_t end)
{
	if (is_named(p, name, nname, "media"))
		t->media = true;
	if (is_named(p, name, nname, "style") && t->style == 0) {
		t->style = blanks;
		t->style_end = end;
	}
}

static size_t
skip_blanks(const struct page *p, size_t i)
{
	while (i < p->len && is_blank(p->html[i]))
		i++;
	return i;
}

/* Behind the value of an attribute. */
static size_t
skip_value(const struct page *p, size_t i)
{
	const char *s = p->html, *end;

	i = skip_blanks(p, i);
	if (i < p->len && (s[i] == '"' || s[i] == '\'')) {
		end = memchr(s + i + 1, s[i], p->len - i - 1);
		return end != NULL ? (size_t)(end - s) + 1 : p->len;
	}
	while (i < p->len && !is_blank(s[i]) && s[i] != '>')
		i++;
	return i;
}

/* Behind the attribute at i; blanks: where the blanks before it begin. */
static size_t
scan_attribute(const struct page *p, struct scan *t, size_t blanks, size_t i)
{
	size_t name = i, nname, at;

	for (i++; i < p->len && !is_blank(p->html[i]) &&
	    strchr("=/>", p->html[i]) == NULL; i++)
		;
	nname = i - name;
	at = skip_blanks(p, i);
	if (at < p->len && p->html[at] == '=')
		i = skip_value(p, at + 1);
	note_attribute(p, t, blanks, name, nname, i);
	return i;
}

/* The tag at i; false: it is none, or does not end, and t->end is where to go
 * on: without an end all that follows is part of it. */
static bool
scan_tag(const struct page *p, size_t i, struct scan *t)
{
	const char *s = p->html;
	size_t blanks;

	memset(t, 0, sizeof(*t));
	t->end = i + 1;
	t->begin = i++;
	t->closing = i < p->len && s[i] == '/';
	i += t->closing;
	t->name = i;
	if (i >= p->len || !isalpha((unsigned char)s[i]))
		return false;
	while (i < p->len && !is_blank(s[i]) && s[i] != '/' && s[i] != '>')
		i++;
	t->nname = i - t->name;
	t->attributes_end = i;
	for (;;) {
		blanks = i;
		while (i < p->len && (is_blank(s[i]) || s[i] == '/'))
			i++;
		if (i >= p->len) {
			t->end = p->len;
			return false;
		}
		if (s[i] == '>')
			break;
		i = scan_attribute(p, t, blanks, i);
		t->attributes_end = i;
	}
	t->end = i + 1;
	return true;
}

/* Where the closing tag of an element begins whose content is no HTML. */
static size_t
find_closing(const struct page *p, size_t i, const char *name, size_t n)
{
	const char *at = p->html + i, *end = p->html + p->len;

	while ((at = memmem(at, (size_t)(end - at), "</", 2)) != NULL) {
		at += 2;
		if ((size_t)(end - at) > n && strncasecmp(at, name, n) == 0 &&
		    (is_blank(at[n]) || at[n] == '>' || at[n] == '/'))
			return (size_t)(at - p->html) - 2;
	}
	return p->len;
}

static size_t
past(const struct page *p, size_t i, const char *mark)
{
	const char *at = i < p->len ? memmem(p->html + i, p->len - i, mark,
	    strlen(mark)) : NULL;

	return at != NULL ? (size_t)(at - p->html) + strlen(mark) : p->len;
}

static void
add_tag(struct page *p, const struct scan *t)
{
	struct hs_tag *tag;

	if (p->ntags == p->tags_cap) {
		p->tags_cap = p->tags_cap == 0 ? 256 : p->tags_cap * 2;
		p->tags = xreallocarray(p->tags, p->tags_cap,
		    sizeof(*p->tags));
	}
	tag = &p->tags[p->ntags];
	memset(tag, 0, sizeof(*tag));
	tag->at = t->style_end > 0 ? t->style : t->attributes_end;
	tag->to = t->style_end > 0 ? t->style_end : tag->at;
	buf_addc(&p->feed, '<');
	buf_add(&p->feed, p->html + t->name, t->nname);
	buf_addf(&p->feed, " " HS_NUMBER "=\"%zu\" ", p->ntags++);
	buf_add(&p->feed, p->html + t->name + t->nname,
	    t->end - t->name - t->nname);
}

static unsigned
line_at(struct page *p, size_t at)
{
	for (; p->counted < at; p->counted++)
		p->line += p->html[p->counted] == '\n';
	return p->line;
}

static int
take_sheet(struct page *p, size_t at, size_t to, size_t begin, size_t end,
    struct err *err)
{
	struct sheet_place *place;
	size_t kept = p->kept.len;
	bool all = true;
	struct buf stays;

	buf_init(&stays, p->len + 4096);
	if (hs_sheet_add(&p->sheet, p->html + at, to - at, line_at(p, at),
	    &stays, &all, err) != 0) {
		buf_release(&stays);
		return -1;
	}
	if (!all) {
		if (p->nplaces == p->places_cap) {
			p->places_cap = p->places_cap == 0 ? 8 :
			    p->places_cap * 2;
			p->places = xreallocarray(p->places, p->places_cap,
			    sizeof(*p->places));
		}
		place = &p->places[p->nplaces++];
		*place = (struct sheet_place){ at, to, kept, stays.len, begin,
			end };
		buf_add(&p->kept, stays.data, stays.len);
	}
	buf_release(&stays);
	return 0;
}

/* The tag goes to libxml2; with an element that has no HTML in it, which
 * nobody sees or which is no place for styles, its content and end are passed
 * over instead. */
static int
take_tag(struct page *p, const struct scan *t, size_t *next, struct err *err)
{
	static const char *const raw[] = {
		"style", "script", "title", "textarea", "xmp", "noframes"
	};
	size_t i, to, n = sizeof(raw) / sizeof(raw[0]);
	struct scan close;

	*next = t->end;
	for (i = 0; i < n && !is_named(p, t->name, t->nname, raw[i]); i++)
		;
	if (i == n && t->closing)
		buf_add(&p->feed, p->html + t->begin, t->end - t->begin);
	else if (i == n)
		add_tag(p, t);
	if (i == n || t->closing)
		return 0;
	to = find_closing(p, t->end, raw[i], strlen(raw[i]));
	*next = to;
	if (i != 0 || t->media || to == p->len || !scan_tag(p, to, &close))
		return 0;
	return take_sheet(p, t->end, to, t->begin, close.end, err);
}

static int
scan(struct page *p, struct err *err)
{
	const char *s = p->html, *at;
	struct scan t;
	size_t i = 0;

	while (i < p->len && (at = memchr(s + i, '<', p->len - i)) != NULL) {
		i = (size_t)(at - s);
		if (p->len - i >= 4 && strncmp(at, "<!--", 4) == 0) {
			i = past(p, i + 4, "-->");
		} else if (p->len - i >= 2 && (at[1] == '!' || at[1] == '?')) {
			i = past(p, i, ">");
		} else if (!scan_tag(p, i, &t)) {
			i = t.end;
		} else if (take_tag(p, &t, &i, err) != 0) {
			return -1;
		}
	}
	return buf_check(&p->feed, "the HTML", err);
}

/* A style that nothing stays of goes with its line. */
static size_t
put_sheet(const struct page *p, const struct sheet_place *s, size_t from,
    struct buf *out)
{
	size_t end = s->end;

	if (s->nkept == 0) {
		buf_add(out, p->html + from, s->begin - from);
		if (end < p->len && p->html[end] == '\n' && (s->begin == 0 ||
		    p->html[s->begin - 1] == '\n'))
			end++;
		return end;
	}
	buf_add(out, p->html + from, s->at - from);
	buf_addc(out, '\n');
	buf_add(out, p->kept.data + s->kept, s->nkept);
	buf_addc(out, '\n');
	return s->to;
}

static void
put(const struct page *p, struct buf *out)
{
	const struct hs_tag *t;
	size_t from = 0, i = 0, k;

	for (k = 0; k < p->ntags; k++) {
		t = &p->tags[k];
		if (t->nstyle == 0)
			continue;
		for (; i < p->nplaces && p->places[i].begin < t->at; i++)
			from = put_sheet(p, &p->places[i], from, out);
		buf_add(out, p->html + from, t->at - from);
		buf_adds(out, " style=\"");
		buf_add(out, p->styles.data + t->style, t->nstyle);
		buf_addc(out, '"');
		from = t->to;
	}
	for (; i < p->nplaces; i++)
		from = put_sheet(p, &p->places[i], from, out);
	buf_add(out, p->html + from, p->len - from);
}

/* Also of a place before the last that was asked for. */
static unsigned
line_of_tag(struct page *p, size_t tag)
{
	p->counted = 0;
	p->line = 1;
	return line_at(p, p->tags[tag].at);
}

static int
work(struct page *p, struct buf *out, struct err *err)
{
	size_t failed = SIZE_MAX;

	if (memchr(p->html, '\0', p->len) != NULL)
		return err_set(err, ERR_INPUT, "there is a NUL character in "
		    "the HTML");
	if (scan(p, err) != 0)
		return -1;
	hs_sheet_sort(&p->sheet);
	if (p->sheet.nselectors > 0 && p->ntags > 0 &&
	    hs_match(&p->sheet, &p->feed, p->tags, &failed, &p->styles,
	    err) != 0) {
		if (failed < p->ntags)
			err->line = line_of_tag(p, failed);
		return -1;
	}
	if (p->sheet.dropped.n > 0)
		p->sheet.dropped.line = line_of_tag(p, p->sheet.dropped_tag);
	put(p, out);
	return buf_check(out, "the page with its styles", err);
}

int
markup_style(const char *html, size_t len, struct buf *out,
    struct markup_dropped *dropped, struct err *err)
{
	struct page p = { .html = html, .len = len, .line = 1 };
	size_t begin = out->len;
	int rc;

	hs_sheet_init(&p.sheet);
	buf_init(&p.feed, 0);
	buf_init(&p.styles, out->max);
	buf_init(&p.kept, 0);
	rc = work(&p, out, err);
	if (rc != 0)
		buf_truncate(out, begin);
	if (dropped != NULL)
		*dropped = p.sheet.dropped;
	hs_sheet_release(&p.sheet);
	buf_release(&p.feed);
	buf_release(&p.styles);
	buf_release(&p.kept);
	free(p.tags);
	free(p.places);
	return rc;
}
