/*
 * One pass over the characters of a document, which knows of XML only where
 * references and brackets mean something: text, tags, CDATA, comments.
 *
 * References all become numbers: libxml2 in its recovering mode forgets those
 * by name ("&amp;") behind the first error in a document.
 */
#include "text/xml_mend.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>

#include "text/utf8.h"

#define TELL_MAX 10
#define JUNK_MAX 4096	/* how far a document may begin behind its file */
#define NAME_LEN 32
#define ATTRIBUTES_MAX 128	/* libxml2 compares each with each */

static const struct { const char *id; const char *what; } rules[XM_RULES] = {
	{ "xml-start", "things before the document" },
	{ "xml-encoding", "characters of another encoding" },
	{ "xml-control", "characters that XML forbids" },
	{ "xml-entity", "references that XML does not define" },
	{ "xml-ampersand", "bare &" },
	{ "xml-angle", "bare < or ]]>" },
	{ "xml-doctype", "declarations" },
	{ "xml-namespace", "prefixes without a declaration" },
	{ "xml-structure", "errors in the structure" }
};

struct mend {
	const char *p;
	const char *end;
	unsigned line;
	struct buf *out;
	struct xm_told *told;
};

void
xm_tell(struct xm_told *t, enum xm_rule rule, enum severity severity,
    unsigned line, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	/* An error is counted even where it is not told. */
	if (t->count[rule]++ >= TELL_MAX) {
		if (severity == SEV_ERROR)
			t->to->errors++;
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	finding_add(t->to, severity, rules[rule].id, t->file, line, "%s",
	    text);
}

void
xm_tell_rest(struct xm_told *t)
{
	size_t i;

	for (i = 0; i < XM_RULES; i++)
		if (t->count[i] > TELL_MAX)
			finding_add(t->to, SEV_WARNING, rules[i].id, t->file,
			    0, "%zu more %s", t->count[i] - TELL_MAX,
			    rules[i].what);
}

#define TELL(m, rule, ...) \
	xm_tell((m)->told, rule, SEV_WARNING, (m)->line, __VA_ARGS__)

static bool
at(const struct mend *m, const char *s)
{
	size_t n = strlen(s);

	return (size_t)(m->end - m->p) >= n && memcmp(m->p, s, n) == 0;
}

/* A byte that is no UTF-8, or a two-byte C1 control: both are characters of
 * windows-1252 that lost their way. */
static void
stray(struct mend *m, unsigned char byte, size_t len)
{
	TELL(m, XM_ENCODING, "a byte 0x%02x that is not UTF-8 is read as "
	    "windows-1252", byte);
	utf8_put(m->out, xm_cp1252(byte));
	m->p += len;
}

/* The character at p that is no printing ASCII. */
static void
odd_character(struct mend *m)
{
	unsigned char c = (unsigned char)*m->p;
	int32_t cp;
	size_t n;

	if (c < 0x80) {
		if (c == '\n')
			m->line++;
		if (c == '\n' || c == '\t' || c == '\r')
			buf_addc(m->out, (char)c);
		else
			TELL(m, XM_CONTROL, "a control character 0x%02x is "
			    "left out", c);
		m->p++;
		return;
	}
	n = utf8_next(m->p, (size_t)(m->end - m->p), &cp);
	if (n == 1) {
		stray(m, c, 1);
	} else if (cp >= 0x80 && cp <= 0x9f) {
		stray(m, (unsigned char)cp, n);
	} else {
		if (cp == 0xfffe || cp == 0xffff)
			TELL(m, XM_CONTROL, "U+%04X is left out",
			    (unsigned)cp);
		else
			buf_add(m->out, m->p, n);
		m->p += n;
	}
}

static bool
is_plain(char c)
{
	return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7f;
}

/* One character, as it is or mended. */
static void
character(struct mend *m)
{
	if (is_plain(*m->p))
		buf_addc(m->out, *m->p++);
	else
		odd_character(m);
}

/* Passes over len bytes; their line ends stay, so that lines keep their
 * numbers. */
static void
skip(struct mend *m, size_t len)
{
	const char *to = m->p + len;

	for (; m->p < to; m->p++)
		if (*m->p == '\n') {
			buf_addc(m->out, '\n');
			m->line++;
		}
}

static void
put_number(struct mend *m, int32_t cp)
{
	buf_addf(m->out, "&#%d;", (int)cp);
}

static bool
is_xml_character(int32_t cp)
{
	return cp == '\t' || cp == '\n' || cp == '\r' ||
	    (cp >= 0x20 && cp != 0x7f && cp < 0xd800) ||
	    (cp >= 0xe000 && cp <= 0x10ffff && cp != 0xfffe && cp != 0xffff);
}

/* The number at p; behind its digits. Above 0x10ffff any is as wrong. */
static const char *
digits(const char *p, const char *end, bool hex, int32_t *cp)
{
	*cp = 0;
	while (p < end && (hex ? isxdigit((unsigned char)*p) :
	    isdigit((unsigned char)*p))) {
		int value = isdigit((unsigned char)*p) ? *p - '0' :
		    (*p | 0x20) - 'a' + 10;

		*cp = *cp > 0x10ffff ? *cp : *cp * (hex ? 16 : 10) + value;
		p++;
	}
	return p;
}

/* "&#8217;", "&#x2019;", also without its semicolon. false: not one. */
static bool
number(struct mend *m)
{
	const char *from = m->p + 2, *p;
	bool hex = from < m->end && (*from == 'x' || *from == 'X');
	int32_t cp;

	from += hex;
	p = digits(from, m->end, hex, &cp);
	if (p == from)
		return false;
	if (p < m->end && *p == ';')
		p++;
	else
		TELL(m, XM_AMPERSAND, "a reference without its semicolon");
	if (cp >= 0x80 && cp <= 0x9f) {
		TELL(m, XM_ENCODING, "&#%d; is read as windows-1252",
		    (int)cp);
		cp = xm_cp1252((unsigned char)cp);
	}
	if (is_xml_character(cp))
		put_number(m, cp);
	else
		TELL(m, XM_CONTROL, "a reference to a character that XML "
		    "forbids is left out");
	m->p = p;
	return true;
}

/* "&name;" → its character; 0 when HTML has none of that name. */
static int32_t
named(const char *name, bool *predefined)
{
	static const struct { const char *name; char c; } own[] = {
		{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' },
		{ "apos", '\'' }
	};
	const htmlEntityDesc *html;
	size_t i;

	*predefined = true;
	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i].name, name) == 0)
			return own[i].c;
	*predefined = false;
	html = htmlEntityLookup((const xmlChar *)name);
	return html != NULL ? (int32_t)html->value : 0;
}

/* At an ampersand. */
static void
reference(struct mend *m)
{
	char name[NAME_LEN];
	bool predefined;
	size_t n = 0;
	int32_t cp;

	if (at(m, "&#") && number(m))
		return;
	while (m->p + 1 + n < m->end && n < NAME_LEN - 1 &&
	    isalnum((unsigned char)m->p[1 + n])) {
		name[n] = m->p[1 + n];
		n++;
	}
	name[n] = '\0';
	if (n == 0 || m->p + 1 + n >= m->end || m->p[1 + n] != ';') {
		TELL(m, XM_AMPERSAND, "a bare & is taken as &amp;");
		put_number(m, '&');
		m->p++;
		return;
	}
	cp = named(name, &predefined);
	if (cp == 0) {
		TELL(m, XM_ENTITY, "&%s; is not defined and stays as text",
		    name);
		put_number(m, '&');
		m->p++;
		return;
	}
	if (!predefined)
		TELL(m, XM_ENTITY, "&%s; is HTML's, not XML's", name);
	put_number(m, cp);
	m->p += n + 2;
}

/* Length of what begins at p, to the end of `closing`; all that is left when
 * it has none, which is told. */
static size_t
to_end(struct mend *m, const char *closing, const char *what)
{
	const char *end = memmem(m->p, (size_t)(m->end - m->p), closing,
	    strlen(closing));

	if (end != NULL)
		return (size_t)(end - m->p) + strlen(closing);
	xm_tell(m->told, XM_STRUCTURE, SEV_ERROR, m->line, "%s that begins "
	    "here has no end", what);
	return (size_t)(m->end - m->p);
}

static void
cdata(struct mend *m)
{
	static const char opening[] = "<![CDATA[", closing[] = "]]>";
	const char *end = m->p + to_end(m, closing, "the CDATA section");

	if (end - m->p >= (ptrdiff_t)(sizeof(opening) + sizeof(closing) - 2) &&
	    memcmp(end - 3, closing, 3) == 0)
		end -= 3;
	buf_adds(m->out, opening);
	m->p += sizeof(opening) - 1;
	while (m->p < end)
		character(m);
	buf_adds(m->out, closing);
	if (at(m, closing))
		m->p += sizeof(closing) - 1;
}

/* Ends at the > that is in no quotes and no brackets. */
static void
doctype(struct mend *m)
{
	const char *p;
	bool subset = false;
	int depth = 0;
	char quote = '\0';

	for (p = m->p + 2; p < m->end; p++) {
		if (quote != '\0') {
			if (*p == quote)
				quote = '\0';
		} else if (*p == '"' || (*p == '\'' && depth == 0)) {
			quote = *p;
		} else if (*p == '[') {
			subset = true;
			depth++;
		} else if (*p == ']' && depth > 0) {
			depth--;
		} else if (*p == '>' && depth == 0) {
			break;
		}
	}
	if (subset)
		TELL(m, XM_DOCTYPE, "what the DOCTYPE declares is not read; "
		    "references to it stay as text");
	if (p == m->end)
		xm_tell(m->told, XM_STRUCTURE, SEV_ERROR, m->line,
		    "the DOCTYPE that begins here has no end");
	skip(m, (size_t)(p - m->p) + (p < m->end));
}

/* Passes over the rest of a tag that has too many attributes. */
static void
cut_tag(struct mend *m)
{
	const char *end = memchr(m->p, '>', (size_t)(m->end - m->p));

	xm_tell(m->told, XM_STRUCTURE, SEV_ERROR, m->line, "a tag with more "
	    "than %d attributes: the others are not read", ATTRIBUTES_MAX);
	if (end == NULL)
		end = m->end;
	skip(m, (size_t)(end - m->p) - (end > m->p && end[-1] == '/'));
}

/* A start or end tag, to its >. A < outside quotes ends a tag that was not
 * closed. */
static void
tag(struct mend *m)
{
	char quote = '\0';
	int quotes = 0;

	buf_addc(m->out, *m->p++);
	while (m->p < m->end) {
		if (quotes == 2 * ATTRIBUTES_MAX) {
			cut_tag(m);
			quotes = 0;
			continue;
		}
		if (*m->p == '&') {
			reference(m);
			continue;
		}
		if (*m->p == '<') {
			TELL(m, XM_ANGLE, "a bare < inside a tag");
			if (quote == '\0') {
				buf_addc(m->out, '>');
				return;
			}
			put_number(m, '<');
			m->p++;
			continue;
		}
		if (quote == '\0' && *m->p == '>') {
			buf_addc(m->out, *m->p++);
			return;
		}
		if (*m->p == quote) {
			quote = '\0';
			quotes++;
		} else if (quote == '\0' && (*m->p == '"' || *m->p == '\'')) {
			quote = *m->p;
			quotes++;
		}
		character(m);
	}
}

static bool
begins_name(const char *p, const char *end)
{
	unsigned char c = p < end ? (unsigned char)*p : 0;

	return isalpha(c) || c == '_' || c == ':' || c >= 0x80;
}

/* At a <. */
static void
markup(struct mend *m)
{
	if (at(m, "<![CDATA[")) {
		cdata(m);
	} else if (at(m, "<!--")) {
		skip(m, to_end(m, "-->", "the comment"));
	} else if (at(m, "<?")) {
		skip(m, to_end(m, "?>", "the processing instruction"));
	} else if ((size_t)(m->end - m->p) > 9 &&
	    strncasecmp(m->p, "<!DOCTYPE", 9) == 0) {
		doctype(m);
	} else if (begins_name(m->p + 1, m->end) || (at(m, "</") &&
	    begins_name(m->p + 2, m->end))) {
		tag(m);
	} else {
		TELL(m, XM_ANGLE, "a bare < is taken as &lt;");
		put_number(m, '<');
		m->p++;
	}
}

/* What stands before the document: blanks, or the warnings of a program that
 * was to write nothing but XML. */
static void
start(struct mend *m)
{
	size_t len = (size_t)(m->end - m->p), blank = 0;
	const char *xml;

	while (blank < len && memchr(" \t\r\n", m->p[blank], 4) != NULL)
		blank++;
	if (len > JUNK_MAX)
		len = JUNK_MAX;
	xml = memmem(m->p, len, "<?xml", 5);
	if (xml == NULL && blank < len && m->p[blank] != '<')
		xml = memchr(m->p, '<', len);
	if (xml == NULL || xml == m->p)
		return;
	TELL(m, XM_START, "%s before the document",
	    m->p + blank == xml ? "blanks" : "something else stands");
	skip(m, (size_t)(xml - m->p));
}

/* Text up to the next character that means something. */
static void
plain(struct mend *m)
{
	const char *from = m->p;

	while (m->p < m->end && is_plain(*m->p) && *m->p != '<' &&
	    *m->p != '&' && *m->p != ']')
		m->p++;
	buf_add(m->out, from, (size_t)(m->p - from));
}

static void
special(struct mend *m)
{
	if (*m->p == '<') {
		markup(m);
	} else if (*m->p == '&') {
		reference(m);
	} else if (at(m, "]]>")) {
		TELL(m, XM_ANGLE, "]]> without a CDATA section");
		buf_adds(m->out, "]]&#62;");
		m->p += 3;
	} else {
		character(m);
	}
}

int
xm_mend(const char *data, size_t len, struct buf *out, struct xm_told *t,
    struct err *err)
{
	struct buf text;
	struct mend m = { .line = 1, .out = out, .told = t };
	int rc;

	buf_init(&text, out->max);
	rc = xm_decode(data, len, &text, t, err);
	m.p = text.data;
	m.end = text.data + text.len;
	if (rc == 0)
		start(&m);
	while (rc == 0 && m.p < m.end && !out->full) {
		plain(&m);
		if (m.p < m.end)
			special(&m);
	}
	buf_release(&text);
	return rc == 0 ? buf_check(out, "the document", err) : -1;
}
