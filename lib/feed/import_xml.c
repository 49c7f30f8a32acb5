/* Elements of an old feed that are kept as they stand. */
#include <inttypes.h>
#include <string.h>

#include "feed/import_int.h"
#include "feed/read_int.h"
#include "text/html.h"
#include "text/xml_fragment.h"

/* The declaration of a namespace that every feed of ours makes by itself, in
 * the form that xr_raw() has; its bytes, 0: none. */
static size_t
declaration(const char *p, size_t i, bool *foreign)
{
	const struct xml_fragment_space *s = &xml_fragment_spaces[i];
	size_t prefix = strlen(s->prefix), uri = strlen(s->uri);
	const char *value = p + sizeof(" xmlns:") - 1;

	if (strncmp(p, " xmlns:", sizeof(" xmlns:") - 1) != 0 ||
	    strncmp(value, s->prefix, prefix) != 0 ||
	    strncmp(value + prefix, "=\"", 2) != 0)
		return 0;
	value += prefix + 2;
	*foreign = strncmp(value, s->uri, uri) != 0 || value[uri] != '"';
	return *foreign ? 0 : (size_t)(value + uri + 1 - p);
}

/* The next place outside of quotes inside a tag where a blank stands, NULL at
 * the end. *in_tag and *quote are where p stands. */
static const char *
next_blank(const char *p, bool *in_tag, bool *quote)
{
	for (; *p != '\0'; p++) {
		if (*in_tag && *p == '"')
			*quote = !*quote;
		else if (!*quote && (*p == '<' || *p == '>'))
			*in_tag = *p == '<';
		else if (*p == ' ' && *in_tag && !*quote)
			return p;
	}
	return NULL;
}

/* Whether the prefix stands for something else anywhere in it. */
static bool
is_foreign(const char *xml, size_t i)
{
	bool in_tag = false, quote = false, foreign = false;
	const char *p = xml;

	while (!foreign && (p = next_blank(p, &in_tag, &quote)) != NULL) {
		(void)declaration(p, i, &foreign);
		p++;
	}
	return foreign;
}

static void
add_without(struct buf *out, const char *xml, const bool *foreign)
{
	bool in_tag = false, quote = false, ignored;
	const char *from = xml, *p = xml;
	size_t i, len;

	while ((p = next_blank(p, &in_tag, &quote)) != NULL) {
		for (i = len = 0; i < xml_fragment_count && len == 0; i++)
			if (!foreign[i])
				len = declaration(p, i, &ignored);
		if (len == 0) {
			p++;
			continue;
		}
		buf_add(out, from, (size_t)(p - from));
		from = p += len;
	}
	buf_adds(out, from);
}

void
import_xml_keep(struct import_xml *x, const struct xr_node *n)
{
	bool foreign[64] = { false };
	struct buf b;
	size_t i;

	buf_init(&b, 0);
	xr_raw(n, XR_ALONE, &b);
	for (i = 0; i < xml_fragment_count; i++)
		foreign[i] = is_foreign(b.data, i);
	add_without(&x->text, b.data, foreign);
	buf_addc(&x->text, '\n');
	/* A text that was cut is no XML; import_xml_check() tells. */
	x->text.full = x->text.full || b.full;
	buf_release(&b);
}

void
import_xml_add(struct import_xml *x, const char *name, const char *text)
{
	if (text == NULL) {
		buf_addf(&x->text, "<%s/>\n", name);
		return;
	}
	buf_addf(&x->text, "<%s>", name);
	markup_escape(&x->text, text, strlen(text));
	buf_addf(&x->text, "</%s>\n", name);
}

static void
add_attribute(struct buf *out, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_addf(out, " %s=\"", name);
	markup_escape(out, value, strlen(value));
	buf_addc(out, '"');
}

void
import_xml_enclosure(struct import_xml *x, const struct feed_doc_enclosure *e)
{
	struct buf *out = &x->text;

	buf_adds(out, "<enclosure");
	add_attribute(out, "url", e->url);
	if (e->length >= 0)
		buf_addf(out, " length=\"%" PRId64 "\"", e->length);
	add_attribute(out, "type", e->type);
	buf_adds(out, "/>\n");
}

bool
import_xml_is_unknown(const struct import_xml *x, const struct xr_node *n)
{
	size_t prefix = strlen(n->prefix), i;
	const char *name;

	for (i = 0; i < x->nunknown; i++) {
		name = x->unknown[i].name;
		if (prefix > 0) {
			if (strncmp(name, n->prefix, prefix) != 0 ||
			    name[prefix] != ':')
				continue;
			name += prefix + 1;
		}
		if (strcmp(name, n->name) == 0)
			return true;
	}
	return false;
}

bool
import_xml_has(const struct xr_node *parent, const char *ns, const char *name)
{
	const struct xr_node *n = parent->first;

	while (n != NULL && !feed_ns_is(n, ns, name))
		n = n->next;
	return n != NULL;
}

bool
import_xml_is_empty(const struct xr_node *n)
{
	const struct xr_node *c;

	for (c = n->first; c != NULL; c = c->next)
		if (c->name != NULL ||
		    c->text[strspn(c->text, " \t\r\n")] != '\0')
			return false;
	return n->attrs == NULL;
}

int
import_xml_check(const struct import_xml *x, const char *what,
    struct err *err)
{
	if (!x->text.full && x->text.len <= XML_FRAGMENT_MAX)
		return 0;
	return err_set(err, ERR_INPUT, "what showmill has no key for in this "
	    "%s is more than %zu KiB of XML", what, XML_FRAGMENT_MAX >> 10);
}
