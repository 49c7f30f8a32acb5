/* Writing a tree that was read (text/xml_read.h): as XML, HTML or text. */
#include "text/xml_read.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A prefix in force, innermost first. */
struct scope {
	const struct scope *outer;
	const char *prefix;
	const char *uri;
};

struct raw {
	struct arena scratch;
	struct buf *out;
	enum xr_form form;
	unsigned made;		/* prefixes that had to be made up */
};

/* The element whose children are being written, with its namespaces. */
struct frame {
	const struct xr_node *node;
	const struct scope *scope;
	const char *qname;
};

/* Text that is to stand in content or, in quotes, in an attribute. */
static void
escape(struct buf *out, const char *s, bool quoted)
{
	size_t n;

	while (*s != '\0') {
		n = strcspn(s, quoted ? "<>&\"\n\r\t" : "<>&\r");
		buf_add(out, s, n);
		s += n;
		if (*s == '\0')
			return;
		switch (*s) {
		case '<': buf_adds(out, "&lt;"); break;
		case '>': buf_adds(out, "&gt;"); break;
		case '&': buf_adds(out, "&amp;"); break;
		case '"': buf_adds(out, "&quot;"); break;
		default: buf_addf(out, "&#%d;", *s); break;
		}
		s++;
	}
}

static const char *
find(const struct scope *s, const char *prefix)
{
	for (; s != NULL; s = s->outer)
		if (strcmp(s->prefix, prefix) == 0)
			return s->uri;
	return "";
}

static const struct scope *
declare(struct raw *r, const struct scope *s, const char *prefix,
    const char *uri)
{
	struct scope *inner = arena_alloc(&r->scratch, sizeof(*inner));

	inner->outer = s;
	inner->prefix = prefix;
	inner->uri = uri;
	buf_adds(r->out, prefix[0] != '\0' ? " xmlns:" : " xmlns");
	buf_adds(r->out, prefix);
	buf_adds(r->out, "=\"");
	escape(r->out, uri, true);
	buf_addc(r->out, '"');
	return inner;
}

static const char *
uri_of(struct raw *r, const char *ns, const char *prefix)
{
	if (ns[0] != '\0' || prefix[0] == '\0')
		return ns;
	return arena_printf(&r->scratch, "urn:x-undeclared:%s", prefix);
}

/* Whether a prefix was declared in the element itself: since `outer`. */
static bool
declared_here(const struct scope *s, const struct scope *outer,
    const char *prefix)
{
	for (; s != outer; s = s->outer)
		if (strcmp(s->prefix, prefix) == 0)
			return true;
	return false;
}

static void
put_attribute(struct raw *r, const struct scope **s,
    const struct scope *outer, const struct xr_attr *at)
{
	const char *prefix = at->prefix, *uri;

	if (strcmp(at->ns, XR_NS_XML) == 0) {
		prefix = "xml";
	} else if (prefix[0] != '\0' && r->form == XR_COMPARE) {
		prefix = arena_printf(&r->scratch, "ns%u", ++r->made);
		*s = declare(r, *s, prefix, uri_of(r, at->ns, at->prefix));
	} else if (prefix[0] != '\0') {
		uri = uri_of(r, at->ns, prefix);
		if (strcmp(find(*s, prefix), uri) != 0) {
			if (declared_here(*s, outer, prefix))
				prefix = arena_printf(&r->scratch, "ns%u",
				    ++r->made);
			*s = declare(r, *s, prefix, uri);
		}
	}
	buf_addf(r->out, " %s%s%s=\"", prefix, prefix[0] != '\0' ? ":" : "",
	    at->name);
	escape(r->out, at->value, true);
	buf_addc(r->out, '"');
}

static int
by_name(const void *a, const void *b)
{
	const struct xr_attr *const *x = a, *const *y = b;
	int order = strcmp((*x)->ns, (*y)->ns);

	return order != 0 ? order : strcmp((*x)->name, (*y)->name);
}

static void
put_attributes(struct raw *r, const struct xr_node *n,
    const struct scope **s, const struct scope *outer)
{
	const struct xr_attr *at, **list;
	size_t count = 0, i = 0;

	for (at = n->attrs; at != NULL; at = at->next)
		count++;
	if (count == 0)
		return;
	list = arena_array(&r->scratch, count, sizeof(*list));
	for (at = n->attrs; at != NULL; at = at->next)
		list[i++] = at;
	if (r->form == XR_COMPARE)
		qsort(list, count, sizeof(const struct xr_attr *), by_name);
	for (i = 0; i < count; i++)
		put_attribute(r, s, outer, list[i]);
}

/* Blanks folded to one, and left out at both ends. */
static void
put_folded(struct buf *out, const char *text)
{
	static const char blanks[] = " \t\r\n";
	char word[2] = "";
	bool gap = false, any = false;

	for (; *text != '\0'; text++) {
		if (strchr(blanks, *text) != NULL) {
			gap = any;
			continue;
		}
		if (gap)
			buf_addc(out, ' ');
		gap = false;
		any = true;
		word[0] = *text;
		escape(out, word, false);
	}
}

/* The start tag; false: it is the whole element. */
static bool
put_start(struct raw *r, const struct xr_node *n, const struct scope *outer,
    struct frame *f)
{
	const char *uri = uri_of(r, n->ns, n->prefix);
	const char *prefix = r->form == XR_COMPARE ? "" : n->prefix;

	f->node = n;
	f->scope = outer;
	f->qname = prefix[0] == '\0' ? n->name :
	    arena_printf(&r->scratch, "%s:%s", prefix, n->name);
	buf_addf(r->out, "<%s", f->qname);
	if (strcmp(find(outer, prefix), uri) != 0)
		f->scope = declare(r, outer, prefix, uri);
	put_attributes(r, n, &f->scope, outer);
	buf_adds(r->out, n->first != NULL ? ">" : "/>");
	return n->first != NULL;
}

void
xr_raw(const struct xr_node *n, enum xr_form form, struct buf *out)
{
	struct raw r = { .scratch = ARENA_INIT, .out = out, .form = form };
	struct frame frames[XR_DEPTH_MAX + 1];
	const struct xr_node *c = n;
	size_t depth = 0;

	/* In step with the tree, whose depth xr_read() has limited. */
	while (c != NULL) {
		if (c->name == NULL) {
			if (form == XR_COMPARE)
				put_folded(out, c->text);
			else
				escape(out, c->text, false);
		} else if (put_start(&r, c, depth > 0 ?
		    frames[depth - 1].scope : NULL, &frames[depth])) {
			depth++;
			c = c->first;
			continue;
		}
		while (depth > 0 && c->next == NULL) {
			depth--;
			c = frames[depth].node;
			buf_addf(out, "</%s>", frames[depth].qname);
		}
		c = depth > 0 ? c->next : NULL;
	}
	arena_release(&r.scratch);
}

char *
xr_text(struct arena *a, const struct xr_node *n)
{
	const struct xr_node *c;
	struct buf b;
	char *text;

	buf_init(&b, SIZE_MAX / 2);
	for (c = n->first; c != NULL; c = xr_next(n, c))
		if (c->name == NULL)
			buf_adds(&b, c->text);
	text = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return text;
}

static bool
is_void(const char *name)
{
	static const char *const voids[] = {
		"br", "hr", "img", "col", "wbr", "area", "source", "track",
		"param", "input", "link", "meta", "embed", "base"
	};
	size_t i;

	for (i = 0; i < sizeof(voids) / sizeof(voids[0]); i++)
		if (strcasecmp(voids[i], name) == 0)
			return true;
	return false;
}

static void
put_html_start(struct buf *out, const struct xr_node *n)
{
	const struct xr_attr *at;

	buf_addf(out, "<%s", n->name);
	for (at = n->attrs; at != NULL; at = at->next) {
		if (at->prefix[0] != '\0')
			continue;
		buf_addf(out, " %s=\"", at->name);
		escape(out, at->value, true);
		buf_addc(out, '"');
	}
	buf_adds(out, is_void(n->name) ? " />" : ">");
}

static void
put_html_end(struct buf *out, const struct xr_node *n)
{
	if (!is_void(n->name))
		buf_addf(out, "</%s>", n->name);
}

char *
xr_inner(struct arena *a, const struct xr_node *root)
{
	const struct xr_node *n = root->first;
	struct buf b;
	char *html;

	buf_init(&b, SIZE_MAX / 2);
	while (n != NULL) {
		if (n->name == NULL)
			escape(&b, n->text, false);
		else
			put_html_start(&b, n);
		if (n->first != NULL) {
			n = n->first;
			continue;
		}
		if (n->name != NULL)
			put_html_end(&b, n);
		while (n->next == NULL && n->parent != root) {
			n = n->parent;
			put_html_end(&b, n);
		}
		n = n->next;
	}
	html = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return html;
}
