/* Raw HTML as text. */
#include "text/markdown_int.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "text/html.h"
#include "text/utf8.h"
#include "text/wrap.h"

void
markdown_add_text(struct buf *out, const char *s, size_t len)
{
	size_t i, from = 0, n;
	int32_t c;

	for (i = 0; i < len; i += n) {
		n = 1;
		if (((unsigned char)s[i] >= 0x20 && s[i] != 0x7f &&
		    (unsigned char)s[i] != 0xc2))
			continue;
		n = utf8_next(s + i, len - i, &c);
		if (c >= 0xa0)
			continue;
		buf_add(out, s + from, i - from);
		if (c == '\t' || c == '\n')
			buf_addc(out, ' ');
		from = i + n;
	}
	buf_add(out, s + from, len - from);
}

static size_t
entity(const char *s, struct buf *out)
{
	static const char *const known[][2] = {
		{ "&amp;", "&" }, { "&lt;", "<" }, { "&gt;", ">" },
		{ "&quot;", "\"" }, { "&#39;", "'" }, { "&nbsp;", " " }
	};
	size_t i, len;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		len = strlen(known[i][0]);
		if (strncmp(s, known[i][0], len) == 0) {
			buf_adds(out, known[i][1]);
			return len;
		}
	}
	buf_addc(out, '&');
	return 1;
}

/* The length of a tag or comment at s; 0 when it is none. */
static size_t
tag_length(const char *s)
{
	const char *end;

	if (strncmp(s, "<!--", 4) == 0) {
		end = strstr(s, "-->");
		return end != NULL ? (size_t)(end + 3 - s) : strlen(s);
	}
	if (s[1] != '!' && s[1] != '?' && !markup_is_tag(s))
		return 0;
	end = strchr(s, '>');
	return end != NULL ? (size_t)(end + 1 - s) : 0;
}

/* Whether the tag at s, opening or closing, has one of the names. */
static bool
is_one_of(const char *s, const char *const *names, size_t n)
{
	size_t i, len;

	s += 1 + (s[1] == '/');
	for (i = 0; i < n; i++) {
		len = strlen(names[i]);
		if (strncasecmp(s, names[i], len) == 0 &&
		    !isalnum((unsigned char)s[len]))
			return true;
	}
	return false;
}

static bool
is_tag(const char *s, const char *name)
{
	return is_one_of(s, &name, 1);
}

/* The value of an attribute of the tag, entities resolved; false: none. */
static bool
attribute(const char *tag, size_t len, const char *name, struct buf *out)
{
	const char *p, *end = tag + len, *stop;
	size_t n = strlen(name);
	char quote;

	for (p = tag + 1; p + n < end; p++)
		if (isspace((unsigned char)p[-1]) &&
		    strncasecmp(p, name, n) == 0 &&
		    p[n + strspn(p + n, " \t\n")] == '=')
			break;
	if (p + n >= end)
		return false;
	p += n + strspn(p + n, " \t\n") + 1;
	p += strspn(p, " \t\n");
	quote = *p == '"' || *p == '\'' ? *p++ : '\0';
	stop = quote != '\0' ? memchr(p, quote, (size_t)(end - p)) :
	    p + strcspn(p, " \t\n>");
	if (stop == NULL || stop > end)
		return false;
	while (p < stop)
		if (*p == '&')
			p += entity(p, out);
		else
			buf_addc(out, *p++);
	return true;
}

static void
line_break(const struct markdown_raw *r, struct buf *out)
{
	while (out->len > 0 && (out->data[out->len - 1] == ' ' ||
	    out->data[out->len - 1] == WRAP_GLUE))
		buf_truncate(out, out->len - 1);
	if (out->len > 0 && out->data[out->len - 1] != r->line_end)
		buf_addc(out, r->line_end);
}

static void
end_link(struct markdown_raw *r)
{
	if (r->url.len > 0)
		r->link(r->ctx, r->url.data, r->begin, false);
	buf_clear(&r->url);
}

static void
image(struct markdown_raw *r, const char *tag, size_t len, struct buf *out)
{
	size_t begin = out->len;
	struct buf url;

	buf_init(&url, 0);
	attribute(tag, len, "alt", out);
	if (attribute(tag, len, "src", &url) && url.len > 0)
		r->link(r->ctx, url.data, begin, true);
	buf_release(&url);
}

static void
link_tag(struct markdown_raw *r, const char *tag, size_t len, struct buf *out)
{
	if (r->link == NULL)
		return;
	if (is_tag(tag, "img")) {
		image(r, tag, len, out);
	} else if (is_tag(tag, "a")) {
		end_link(r);
		r->begin = out->len;
		if (tag[1] != '/')
			attribute(tag, len, "href", &r->url);
	}
}

/* What a tag is in a text of lines. */
static void
take_tag(struct markdown_raw *r, const char *tag, size_t len, struct buf *out)
{
	static const char *const blocks[] = {
		"p", "div", "li", "tr", "table", "ul", "ol", "dl", "dt", "dd",
		"h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote", "pre",
		"figure", "figcaption", "section", "article", "aside",
		"header", "footer", "details", "summary", "caption"
	};
	static const char *const cells[] = { "td", "th" };
	char name[MARKUP_NAME_MAX];

	if (markup_is_dropped(tag, name) && tag[len - 2] != '/') {
		memcpy(r->silent, name, sizeof(name));
	} else if (is_tag(tag, "br")) {
		buf_addc(out, r->line_end);
	} else if (is_one_of(tag, blocks, sizeof(blocks) / sizeof(blocks[0]))) {
		line_break(r, out);
		if (tag[1] != '/' && is_tag(tag, "li"))
			buf_adds(out, "- ");
	} else if (tag[1] == '/' && is_one_of(tag, cells, 2)) {
		buf_addc(out, WRAP_GLUE);
		buf_addc(out, WRAP_GLUE);
	} else {
		link_tag(r, tag, len, out);
	}
}

/* Passes over what nobody should see, to behind its end. */
static const char *
pass_silent(struct markdown_raw *r, const char *s)
{
	for (; (s = strstr(s, "</")) != NULL; s += 2)
		if (is_tag(s, r->silent)) {
			r->silent[0] = '\0';
			return s + strcspn(s, ">") + (strchr(s, '>') != NULL);
		}
	return "";
}

void
markdown_raw_text(struct markdown_raw *r, const char *html, struct buf *out)
{
	const char *s = html;
	size_t n;

	while (*s != '\0') {
		if (r->silent[0] != '\0') {
			s = pass_silent(r, s);
		} else if (*s == '<' && (n = tag_length(s)) > 0) {
			take_tag(r, s, n, out);
			s += n;
		} else if (*s == '&') {
			s += entity(s, out);
		} else {
			n = 1 + strcspn(s + 1, "<&");
			markdown_add_text(out, s, n);
			s += n;
		}
	}
}

void
markdown_raw_init(struct markdown_raw *r, char line_end)
{
	memset(r, 0, sizeof(*r));
	r->line_end = line_end;
	buf_init(&r->url, 0);
}

void
markdown_raw_begin(struct markdown_raw *r)
{
	r->silent[0] = '\0';
	buf_clear(&r->url);
}

void
markdown_raw_release(struct markdown_raw *r)
{
	buf_release(&r->url);
}
