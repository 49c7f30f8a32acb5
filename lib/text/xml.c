/*
 * libxml2's writer keeps the structure (open elements, indentation, states);
 * the characters are escaped here and handed over raw, because its own
 * escaping lets forbidden characters through, turns every non-ASCII character
 * of an attribute into a reference, and indents an end tag behind CDATA.
 */
#include "text/xml.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/xmlwriter.h>

#include "text/utf8.h"

/* libxml2 writes in pieces of 4 KB; they are gathered up to this. */
#define PIECE ((size_t)128 << 10)
#define BLOCK 32
#define REFERENCE_MAX 8	/* "&quot;", a character, and a NUL */
#define DECLARATION "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

struct xw {
	xmlTextWriterPtr tw;
	int (*write)(void *ctx, const void *data, size_t len);
	void *ctx;
	struct buf out;		/* gathered, not yet written */
	struct buf scratch;	/* CDATA without what is forbidden */
	struct err err;		/* the first error */
	unsigned depth;		/* open elements */
	bool foreign;		/* xw_elements() came last */
};

static void
fail(struct xw *w, const char *what, const char *name)
{
	if (w->err.kind == ERR_NONE)
		(void)err_set(&w->err, ERR_INTERNAL,
		    "the XML writer cannot %s %s here", what, name);
}

static void
flush(struct xw *w)
{
	if (w->err.kind == ERR_NONE && w->out.len > 0 &&
	    w->write(w->ctx, w->out.data, w->out.len) != 0)
		(void)err_set(&w->err, ERR_OUTPUT,
		    "the XML document cannot be written");
	buf_clear(&w->out);
}

/* Tells libxml2 of no failure, for it would print one to stderr. */
static int
gather(void *ctx, const char *data, int len)
{
	struct xw *w = ctx;

	if (len < 0)
		return -1;
	buf_add(&w->out, data, (size_t)len);
	if (w->out.len >= PIECE)
		flush(w);
	return len;
}

static void
raw(struct xw *w, const char *data, size_t len)
{
	int piece;

	while (len > 0 && w->err.kind == ERR_NONE) {
		piece = len > INT_MAX / 4 ? INT_MAX / 4 : (int)len;
		if (xmlTextWriterWriteRawLen(w->tw, (const xmlChar *)data,
		    piece) < 0)
			fail(w, "take", "text");
		data += piece;
		len -= (size_t)piece;
	}
}

struct xw *
xw_open(int (*write)(void *ctx, const void *data, size_t len), void *ctx,
    struct err *err)
{
	struct xw *w = xcalloc(1, sizeof(*w));
	xmlOutputBufferPtr out;

	w->write = write;
	w->ctx = ctx;
	buf_init(&w->out, SIZE_MAX / 2);
	buf_init(&w->scratch, SIZE_MAX / 2);
	out = xmlOutputBufferCreateIO(gather, NULL, w, NULL);
	if (out != NULL && (w->tw = xmlNewTextWriter(out)) == NULL)
		(void)xmlOutputBufferClose(out);
	if (w->tw == NULL || xmlTextWriterSetIndent(w->tw, 1) < 0 ||
	    xmlTextWriterSetIndentString(w->tw, BAD_CAST "  ") < 0) {
		xmlFreeTextWriter(w->tw);
		buf_release(&w->out);
		free(w);
		(void)err_set(err, ERR_INTERNAL,
		    "libxml2 does not give an XML writer");
		return NULL;
	}
	/* Not by xmlTextWriterStartDocument: an encoding named there makes
	 * libxml2 copy all bytes once more through its encoder. */
	raw(w, DECLARATION, sizeof(DECLARATION) - 1);
	return w;
}

/* Bytes of the character at s, or 0 when XML 1.0 §2.2 forbids it (or it is
 * no UTF-8) and *skip bytes are to be left out. */
static size_t
allowed(const char *s, size_t len, size_t *skip)
{
	unsigned char c = (unsigned char)*s;
	int32_t cp;
	size_t n;

	*skip = 1;
	if (c < 0x80)
		return c >= 0x20 || c == '\t' || c == '\n' || c == '\r';
	n = utf8_next(s, len, &cp);
	*skip = n;
	return n < 2 || cp == 0xfffe || cp == 0xffff ? 0 : n;
}

static const char *
reference(char c, bool attr)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '\r':
		return "&#13;";
	case '"':
		return attr ? "&quot;" : NULL;
	case '\n':
		return attr ? "&#10;" : NULL;
	case '\t':
		return attr ? "&#9;" : NULL;
	default:
		return NULL;
	}
}

/* Bytes from s on that are sure to be allowed. The blocks are of a fixed size
 * so that the compiler makes vectors of them. */
static size_t
plain_cdata(const char *s, size_t len)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0, k;

	for (; len - i >= BLOCK; i += BLOCK) {
		unsigned char bad = 0;

		for (k = 0; k < BLOCK; k++)
			bad |= (unsigned char)((p[i + k] >= 0x80) |
			    ((p[i + k] < 0x20) & (p[i + k] != '\n')));
		if (bad)
			break;
	}
	while (i < len && p[i] < 0x80 && (p[i] >= 0x20 || p[i] == '\n'))
		i++;
	return i;
}

/* Whether c stands for itself in text and in attributes. */
static bool
is_plain(unsigned char c)
{
	return (c > '>' && c < 0x80) || (c >= 0x20 && c < '>' && c != '"' &&
	    c != '&' && c != '<');
}

/* numbers: & and < as numbers, not as names. */
static void
escape(struct xw *w, const char *s, bool attr, bool numbers)
{
	char piece[4096], *o = piece;
	const char *end = s + strlen(s), *ref;
	size_t n, skip;

	while (s < end) {
		if (o > piece + sizeof(piece) - REFERENCE_MAX) {
			raw(w, piece, (size_t)(o - piece));
			o = piece;
		}
		if (is_plain((unsigned char)*s)) {
			*o++ = *s++;
			continue;
		}
		ref = numbers && *s == '&' ? "&#x26;" : numbers && *s == '<' ?
		    "&#x3C;" : reference(*s, attr);
		n = allowed(s, (size_t)(end - s), &skip);
		if (ref != NULL)
			n = strlen(ref);
		memcpy(o, ref != NULL ? ref : s, n);
		o += n;
		s += skip;
	}
	raw(w, piece, (size_t)(o - piece));
}

void
xw_start(struct xw *w, const char *name)
{
	if (w->err.kind == ERR_NONE &&
	    xmlTextWriterStartElement(w->tw, BAD_CAST name) < 0)
		fail(w, "begin", name);
	w->depth++;
	w->foreign = false;
}

void
xw_attr(struct xw *w, const char *name, const char *value)
{
	if (w->err.kind != ERR_NONE)
		return;
	if (xmlTextWriterStartAttribute(w->tw, BAD_CAST name) < 0) {
		fail(w, "begin the attribute", name);
		return;
	}
	escape(w, value, true, false);
	if (w->err.kind == ERR_NONE && xmlTextWriterEndAttribute(w->tw) < 0)
		fail(w, "end the attribute", name);
}

void
xw_text(struct xw *w, const char *text)
{
	escape(w, text, false, false);
}

void
xw_plain(struct xw *w, const char *text)
{
	escape(w, text, false, true);
}

/* The text without what is forbidden: itself in nearly all cases, or a copy
 * in the scratch buffer. */
static const char *
clean(struct xw *w, const char *text, size_t *len)
{
	const char *s = text, *kept = text;
	size_t left = strlen(text), n, skip;

	*len = left;
	buf_clear(&w->scratch);
	for (;;) {
		n = plain_cdata(s, left);
		s += n;
		left -= n;
		if (left == 0)
			break;
		n = allowed(s, left, &skip);
		if (n == 0) {
			buf_add(&w->scratch, kept, (size_t)(s - kept));
			kept = s + skip;
		}
		s += skip;
		left -= skip;
	}
	if (kept == text)
		return text;
	buf_add(&w->scratch, kept, (size_t)(s - kept));
	*len = w->scratch.len;
	return w->scratch.data;
}

void
xw_cdata(struct xw *w, const char *text)
{
	const char *p, *q, *end;
	size_t len;

	p = clean(w, text, &len);
	end = p + len;
	raw(w, "<![CDATA[", 9);
	while ((q = strstr(p, "]]>")) != NULL) {
		raw(w, p, (size_t)(q + 2 - p));
		raw(w, "]]><![CDATA[", 12);
		p = q + 2;
	}
	raw(w, p, (size_t)(end - p));
	raw(w, "]]>", 3);
}

static void
indent(struct xw *w, unsigned depth)
{
	while (depth-- > 0)
		raw(w, "  ", 2);
}

void
xw_elements(struct xw *w, const char *xml)
{
	size_t len = strlen(xml);

	while (len > 0 && strchr(" \t\r\n", xml[len - 1]) != NULL)
		len--;
	indent(w, w->depth);
	raw(w, xml, len);
	raw(w, "\n", 1);
	w->foreign = true;
}

void
xw_end(struct xw *w)
{
	w->depth--;
	/* The writer takes what was handed over raw for text, before whose end
	 * there is no new line. */
	if (w->foreign)
		indent(w, w->depth);
	w->foreign = false;
	if (w->err.kind == ERR_NONE && xmlTextWriterEndElement(w->tw) < 0)
		fail(w, "end", "an element");
}

void
xw_element(struct xw *w, const char *name, const char *text)
{
	xw_start(w, name);
	xw_text(w, text);
	xw_end(w);
}

int
xw_close(struct xw *w, struct err *err)
{
	int rc = 0;

	if (w->err.kind == ERR_NONE && xmlTextWriterEndDocument(w->tw) < 0)
		fail(w, "end", "the document");
	/* Hands the rest to gather(). */
	xmlFreeTextWriter(w->tw);
	flush(w);
	if (w->err.kind != ERR_NONE) {
		*err = w->err;
		rc = -1;
	}
	buf_release(&w->out);
	buf_release(&w->scratch);
	free(w);
	return rc;
}

void
xw_global_init(void)
{
	LIBXML_TEST_VERSION
	xmlInitParser();
}

void
xw_global_release(void)
{
	xmlCleanupParser();
}
