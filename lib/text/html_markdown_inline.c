#include "text/html_markdown_int.h"

#include <stdio.h>
#include <string.h>

/* How a character beside an emphasis mark counts (CommonMark 0.30, 6.2). */
enum side { SIDE_BLANK, SIDE_MARK, SIDE_WORD };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

static char
last_of(const struct buf *b)
{
	return b->len > 0 ? b->data[b->len - 1] : '\0';
}

static void
put_blank(struct buf *b)
{
	if (!is_blank(last_of(b)))
		buf_addc(b, ' ');
}

static bool
needs_escape(const struct buf *b, const char *s)
{
	switch (*s) {
	case '\\': case '`': case '*': case '[': case ']': case '<':
	case '{':
		return true;
	case '_':
		return !is_word(last_of(b)) || !is_word(s[1]);
	case '&':
		return is_word(s[1]) || s[1] == '#' || s[1] == '\0';
	default:
		return false;
	}
}

static void
put_text(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (is_blank(*s)) {
			put_blank(b);
			continue;
		}
		if (needs_escape(b, s))
			buf_addc(b, '\\');
		buf_addc(b, *s);
	}
}

static void
put_break(struct hm_run *r)
{
	if (r->one_line) {
		buf_adds(&r->text, "<br />");
		return;
	}
	while (last_of(&r->text) == ' ')
		buf_truncate(&r->text, r->text.len - 1);
	buf_adds(&r->text, "\\\n");
}

static bool
needs_angle(const char *url, const char *end)
{
	const char *p;

	for (p = url; p < end; p++)
		if ((unsigned char)*p <= 0x20 || strchr("()<>", *p) != NULL)
			return true;
	return url == end;
}

/* Blanks at the ends of an address are not its own, line ends nowhere. In
 * angle brackets when it could not stand without. */
static void
put_destination(struct buf *b, const char *url)
{
	const char *end = url + strlen(url), *p;
	bool angle;

	while (url < end && (unsigned char)*url <= 0x20)
		url++;
	while (end > url && (unsigned char)end[-1] <= 0x20)
		end--;
	angle = needs_angle(url, end);
	if (angle)
		buf_addc(b, '<');
	for (p = url; p < end; p++) {
		if ((unsigned char)*p < 0x20)
			continue;
		if (strchr("\\{<>", *p) != NULL || (*p == '&' &&
		    (is_word(p[1]) || p[1] == '#')))
			buf_addc(b, '\\');
		buf_addc(b, *p);
	}
	if (angle)
		buf_addc(b, '>');
}

static void
put_title(struct buf *b, const char *title)
{
	if (title == NULL || *title == '\0')
		return;
	buf_adds(b, " \"");
	for (; *title != '\0'; title++) {
		if (is_blank(*title)) {
			put_blank(b);
			continue;
		}
		if (strchr("\"\\&{", *title) != NULL)
			buf_addc(b, '\\');
		buf_addc(b, *title);
	}
	buf_addc(b, '"');
}

/* A "!" of the text before a "[" would make an image of a link. */
static void
put_bracket(struct buf *b)
{
	if (last_of(b) == '!') {
		buf_truncate(b, b->len - 1);
		buf_adds(b, "\\!");
	}
	buf_addc(b, '[');
}

static void
put_image(struct hm_run *r, const xmlNode *n)
{
	char *src = hm_attribute(n, "src"), *alt = hm_attribute(n, "alt");
	char *title = hm_attribute(n, "title");

	if (src != NULL && *src != '\0') {
		buf_adds(&r->text, "![");
		put_text(&r->text, alt != NULL ? alt : "");
		buf_adds(&r->text, "](");
		put_destination(&r->text, src);
		put_title(&r->text, title);
		buf_addc(&r->text, ')');
	} else if (alt != NULL) {
		put_text(&r->text, alt);
	}
	xmlFree(src);
	xmlFree(alt);
	xmlFree(title);
}

/* Whether <URL> says it all: the text is the address. */
static bool
is_autolink(const xmlNode *n, const char *href)
{
	const xmlNode *text = n->children;

	return text != NULL && text->next == NULL &&
	    text->type == XML_TEXT_NODE &&
	    strcmp((const char *)text->content, href) == 0 &&
	    (strncmp(href, "http://", 7) == 0 ||
	    strncmp(href, "https://", 8) == 0) &&
	    strpbrk(href, " \t\r\n<>&\\{`") == NULL;
}

static void
run_init(struct hm_run *inner, const struct hm_run *outer, bool in_link)
{
	buf_init(&inner->text, outer->text.max);
	inner->in_link = in_link;
	inner->one_line = outer->one_line;
}

/* The inner text between marks; blanks at its ends go outside of them. */
static void
put_between(struct hm_run *r, struct hm_run *inner, const char *open,
    const char *close)
{
	const char *p = inner->text.data, *end = p + inner->text.len;
	bool led = p < end && *p == ' ', trailed;

	p += led;
	trailed = p < end && end[-1] == ' ';
	end -= trailed;
	if (led)
		put_blank(&r->text);
	if (*open == '[')
		put_bracket(&r->text);
	else
		buf_adds(&r->text, open);
	buf_add(&r->text, p, (size_t)(end - p));
	buf_adds(&r->text, close);
	if (trailed)
		put_blank(&r->text);
}

static void
put_link_close(struct buf *close, const xmlNode *n, const char *href)
{
	char *title = hm_attribute(n, "title");

	buf_adds(close, "](");
	put_destination(close, href);
	put_title(close, title);
	buf_addc(close, ')');
	xmlFree(title);
}

static void
put_link(struct hm_run *r, const xmlNode *n)
{
	char *href = hm_attribute(n, "href");
	struct hm_run inner;
	struct buf close;

	if (href == NULL || r->in_link) {
		hm_run_add(r, n->children, NULL);
	} else if (is_autolink(n, href)) {
		buf_addf(&r->text, "<%s>", href);
	} else {
		run_init(&inner, r, true);
		buf_init(&close, 0);
		hm_run_add(&inner, n->children, NULL);
		put_link_close(&close, n, href);
		put_between(r, &inner, "[", close.data);
		buf_release(&close);
		buf_release(&inner.text);
	}
	xmlFree(href);
}

static enum side
side_of(char c)
{
	if (c == '\0' || is_blank(c))
		return SIDE_BLANK;
	return is_word(c) || (unsigned char)c >= 0x80 ? SIDE_WORD : SIDE_MARK;
}

/* Within the marks a character that may be a foreign blank (no-break space,
 * those of U+2000) counts as one, any other foreign one as punctuation: so
 * the stricter rule is asked for whatever it is. */
static enum side
inner_side(const char *c)
{
	unsigned char u = (unsigned char)*c;

	if (u < 0x80)
		return side_of(*c);
	return u == 0xc2 || (u >= 0xe1 && u <= 0xe3) ? SIDE_BLANK : SIDE_MARK;
}

static bool
is_see_through(const xmlNode *n)
{
	return hm_is(n, "span") || hm_is(n, "font");
}

/* What follows an inline element in the same block. */
static enum side
next_side(const xmlNode *n)
{
	for (;;) {
		while (n->next == NULL) {
			n = n->parent;
			if (n == NULL || hm_is_block(n))
				return SIDE_BLANK;
			if (!is_see_through(n))
				return SIDE_MARK;
		}
		n = n->next;
		while (is_see_through(n) && n->children != NULL)
			n = n->children;
		if (n->type == XML_TEXT_NODE && n->content[0] != '\0')
			return side_of((char)n->content[0]);
		if (n->type == XML_ELEMENT_NODE && !is_see_through(n))
			return hm_is_block(n) ? SIDE_BLANK : SIDE_MARK;
	}
}

/* Within emphasis of its own kind a mark could end the outer one. */
static bool
is_nested(const xmlNode *n, const char *mark)
{
	bool strong = mark[1] == '*';
	const xmlNode *up;

	for (up = n->parent; up != NULL && !hm_is_block(up); up = up->parent)
		if (strong ? hm_is(up, "strong") || hm_is(up, "b") :
		    hm_is(up, "em") || hm_is(up, "i"))
			return true;
	return false;
}

/* Whether * or ** around the text would be seen as emphasis there. */
static bool
can_mark(const struct buf *before, const char *p, const char *end,
    const xmlNode *n)
{
	enum side first = inner_side(p), last;
	const char *c = end - 1;

	while (c > p && ((unsigned char)*c & 0xc0) == 0x80)
		c--;
	last = inner_side(c);
	if (*p == '*' || end[-1] == '*' || last_of(before) == '*')
		return false;
	return first != SIDE_BLANK && last != SIDE_BLANK &&
	    (first == SIDE_WORD || side_of(last_of(before)) != SIDE_WORD) &&
	    (last == SIDE_WORD || next_side(n) != SIDE_WORD);
}

static void
put_emphasis(struct hm_run *r, const xmlNode *n, const char *mark,
    const char *name)
{
	const char *p, *end;
	struct hm_run inner;
	char open[16], close[16];

	run_init(&inner, r, r->in_link);
	hm_run_add(&inner, n->children, NULL);
	p = inner.text.data + (inner.text.data[0] == ' ');
	end = inner.text.data + inner.text.len;
	end -= end > p && end[-1] == ' ';
	if (p == end) {
		if (inner.text.len > 0)
			put_blank(&r->text);
		buf_release(&inner.text);
		return;
	}
	if (*p != inner.text.data[0])
		put_blank(&r->text);
	if (!is_nested(n, mark) && can_mark(&r->text, p, end, n)) {
		put_between(r, &inner, mark, mark);
	} else {
		snprintf(open, sizeof(open), "<%s>", name);
		snprintf(close, sizeof(close), "</%s>", name);
		put_between(r, &inner, open, close);
	}
	buf_release(&inner.text);
}

static size_t
longest_run(const char *s, char c)
{
	size_t best = 0, n = 0;

	for (; *s != '\0'; s++) {
		n = *s == c ? n + 1 : 0;
		if (n > best)
			best = n;
	}
	return best;
}

static void
put_repeated(struct buf *b, char c, size_t n)
{
	while (n-- > 0)
		buf_addc(b, c);
}

static void
put_span(struct buf *b, const struct buf *code)
{
	size_t fence = longest_run(code->data, '`') + 1;
	char first = code->data[0], last = last_of(code);
	const char *pad = first == '`' || last == '`' ||
	    (first == ' ' && last == ' ') ? " " : "";

	if (last_of(b) == '`')
		buf_adds(b, "<!-- -->");	/* or the marks would be one */
	put_repeated(b, '`', fence);
	buf_addf(b, "%s%s%s", pad, code->data, pad);
	put_repeated(b, '`', fence);
}

static void
put_code(struct hm_run *r, const xmlNode *n)
{
	const xmlNode *t = n->children;
	struct buf code;
	const char *p;

	if (t == NULL)
		return;
	/* With more than text in it; and a "]" in code would end the label of
	 * a link that could be taken for a reference definition. */
	if (t->next != NULL || t->type != XML_TEXT_NODE || (r->in_link &&
	    strchr((const char *)t->content, ']') != NULL)) {
		buf_adds(&r->text, "<code>");
		hm_run_add(r, t, NULL);
		buf_adds(&r->text, "</code>");
		return;
	}
	buf_init(&code, r->text.max);
	for (p = (const char *)t->content; *p != '\0'; p++)
		if (is_blank(*p))
			put_blank(&code);
		else
			buf_addc(&code, *p);
	if (code.len == 0 || strcmp(code.data, " ") == 0)
		buf_adds(&r->text, code.data);
	else
		put_span(&r->text, &code);
	buf_release(&code);
}

/* Elements without a mark in Markdown that mean something to a reader. */
static bool
is_kept_inline(const xmlNode *n)
{
	static const char *const kept[] = {
		"sub", "sup", "del", "s", "strike", "ins", "u", "mark", "kbd",
		"q", "cite", "small", "big", "abbr", "acronym", "time", "var",
		"samp", "dfn", "bdo", "tt", "ruby", "rt", "rp", "wbr"
	};
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (hm_is(n, kept[i]))
			return true;
	return false;
}

static void
put_kept(struct hm_run *r, const xmlNode *n)
{
	size_t before = r->text.len, opened;

	hm_raw_open(&r->text, n);
	opened = r->text.len;
	hm_run_add(r, n->children, NULL);
	if (r->text.len == opened && !hm_is(n, "wbr") && !hm_is(n, "q"))
		buf_truncate(&r->text, before);	/* shows nothing */
	else if (!hm_is(n, "wbr"))
		buf_addf(&r->text, "</%s>", (const char *)n->name);
}

static void
put_node(struct hm_run *r, const xmlNode *n)
{
	if (n->type == XML_TEXT_NODE)
		put_text(&r->text, (const char *)n->content);
	else if (n->type != XML_ELEMENT_NODE)
		return;
	else if (hm_is(n, "br"))
		put_break(r);
	else if (hm_is(n, "img"))
		put_image(r, n);
	else if (hm_is(n, "a"))
		put_link(r, n);
	else if (hm_is(n, "em") || hm_is(n, "i"))
		put_emphasis(r, n, "*", "em");
	else if (hm_is(n, "strong") || hm_is(n, "b"))
		put_emphasis(r, n, "**", "strong");
	else if (hm_is(n, "code"))
		put_code(r, n);
	else if (is_kept_inline(n))
		put_kept(r, n);
	else
		hm_run_add(r, n->children, NULL);
}

void
hm_run_add(struct hm_run *r, const xmlNode *first, const xmlNode *stop)
{
	const xmlNode *n;

	for (n = first; n != NULL && n != stop; n = n->next)
		put_node(r, n);
}

void
hm_run_wrap(struct hm_run *r, const xmlNode *around)
{
	struct hm_run whole;
	struct buf close;
	char *href = hm_is(around, "a") ? hm_attribute(around, "href") : NULL;

	run_init(&whole, r, false);
	buf_init(&close, 0);
	if (href != NULL) {
		put_link_close(&close, around, href);
		put_between(&whole, r, "[", close.data);
	} else if (!hm_is(around, "a")) {
		hm_raw_open(&whole.text, around);
		buf_add(&whole.text, r->text.data, r->text.len);
		buf_addf(&whole.text, "</%s>", (const char *)around->name);
	}
	if (whole.text.len > 0) {
		buf_release(&r->text);
		r->text = whole.text;
	} else {
		buf_release(&whole.text);
	}
	buf_release(&close);
	xmlFree(href);
}
