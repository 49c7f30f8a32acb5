/*
 * The tree is built from libxml2's SAX2 events. Where tags do not match,
 * libxml2 closes whatever is open; here the tag that was really written
 * counts, so that one forgotten </b> does not swallow the items behind it.
 * Since libxml2 would end at the root that it so takes to be closed, the
 * document is wrapped in elements that only it sees.
 */
#include "text/xml_read.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>

#include "text/xml.h"
#include "text/xml_mend.h"

#define MENDED_MAX (3 * XR_INPUT_MAX)
#define TAG_MAX 128
#define WRAPPER "showmill-wrapper"
#define WRAPPER_END "</" WRAPPER ">"
#define WRAPPERS 64
#define NAMES 256	/* a power of two */

/* Names come from libxml2's dictionary: the same name is the same pointer as
 * long as the parser lives. */
struct name {
	const xmlChar *theirs;
	const char *ours;
};

struct reader {
	xmlParserCtxt *ctxt;
	struct arena *a;
	struct xm_told told;
	const char *base;
	struct xr_node *root;
	struct xr_node *open;		/* the innermost open element */
	struct buf text;		/* since the last tag */
	unsigned depth;
	unsigned wrappers;		/* that were opened */
	size_t nodes;
	struct name names[NAMES];	/* those seen last */
	bool extra;			/* something behind the root was told */
	char written[TAG_MAX];		/* the end tag that does not match;
					 * "" */
	struct err *err;		/* what ends the reading */
	struct err first;		/* libxml2's first complaint */
};

static unsigned
line(const struct reader *r)
{
	int n = xmlSAX2GetLineNumber(r->ctxt);

	return n > 0 ? (unsigned)n : 0;
}

static const char *
copy(struct reader *r, const xmlChar *s)
{
	struct name *n;

	if (s == NULL)
		return "";
	n = &r->names[((uintptr_t)s >> 3 ^ (uintptr_t)s) & (NAMES - 1)];
	if (n->theirs != s) {
		n->theirs = s;
		n->ours = arena_strdup(r->a, (const char *)s);
	}
	return n->ours;
}

/* A zeroed node, or NULL when there are too many. */
static struct xr_node *
new_node(struct reader *r)
{
	if (r->nodes++ < XR_NODES_MAX)
		return arena_alloc(r->a, sizeof(struct xr_node));
	(void)err_set(r->err, ERR_INPUT, "the document has more than %d "
	    "elements and texts", XR_NODES_MAX);
	r->err->line = line(r);
	xmlStopParser(r->ctxt);
	return NULL;
}

static void
append(struct xr_node *parent, struct xr_node *n)
{
	n->parent = parent;
	if (parent->last == NULL)
		parent->first = n;
	else
		parent->last->next = n;
	parent->last = n;
}

static void
flush_text(struct reader *r)
{
	struct xr_node *n;

	if (r->text.len == 0)
		return;
	n = r->open != NULL ? new_node(r) : NULL;
	if (n != NULL) {
		n->ns = n->prefix = "";
		n->text = arena_strndup(r->a, r->text.data, r->text.len);
		n->base = r->open->base;
		n->line = line(r);
		append(r->open, n);
	}
	buf_clear(&r->text);
}

/* attributes as SAX2 has them: five pointers each. */
static void
take_attributes(struct reader *r, struct xr_node *n, int count,
    const xmlChar **attributes)
{
	struct xr_attr **tail = &n->attrs, *at;
	int i;

	for (i = 0; i < count; i++, attributes += 5) {
		if (xr_attr(n, attributes[2] == NULL ? "" :
		    (const char *)attributes[2],
		    (const char *)attributes[0]) != NULL)
			continue;	/* the first one counts */
		at = arena_alloc(r->a, sizeof(*at));
		at->name = copy(r, attributes[0]);
		at->prefix = copy(r, attributes[1]);
		at->ns = copy(r, attributes[2]);
		at->value = arena_strndup(r->a, (const char *)attributes[3],
		    (size_t)(attributes[4] - attributes[3]));
		*tail = at;
		tail = &at->next;
	}
}

/* HTML that nobody escaped: a <br> without an end does not hold what comes
 * behind it. */
static void
leave_void(struct reader *r)
{
	static const char *const names[] = { "br", "hr", "img", "wbr" };
	size_t i;

	if (r->open == NULL || r->open == r->root)
		return;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(r->open->name, names[i]) == 0) {
			flush_text(r);
			r->open = r->open->parent;
			r->depth--;
			return;
		}
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri, int nnamespaces, const xmlChar **namespaces,
    int nattributes, int ndefaulted, const xmlChar **attributes)
{
	struct reader *r = ctx;
	const char *base;
	struct xr_node *n;

	(void)nnamespaces;
	(void)namespaces;
	(void)ndefaulted;
	if (r->wrappers < WRAPPERS) {
		r->wrappers++;
		return;
	}
	leave_void(r);
	flush_text(r);
	if (r->open == NULL && r->root != NULL) {
		if (!r->extra)
			xm_tell(&r->told, XM_STRUCTURE, SEV_ERROR, line(r),
			    "<%s> stands behind the end of the document",
			    (const char *)name);
		r->extra = true;
		return;
	}
	if (++r->depth > XR_DEPTH_MAX) {
		(void)err_set(r->err, ERR_INPUT, "elements are nested deeper "
		    "than %d", XR_DEPTH_MAX);
		r->err->line = line(r);
		xmlStopParser(r->ctxt);
		return;
	}
	n = new_node(r);
	if (n == NULL)
		return;
	n->name = copy(r, name);
	n->prefix = copy(r, prefix);
	n->ns = copy(r, uri);
	n->line = line(r);
	take_attributes(r, n, nattributes, attributes);
	base = xr_attr(n, XR_NS_XML, "base");
	n->base = r->open != NULL ? r->open->base : r->base;
	if (base != NULL)
		n->base = xw_resolve(r->a, n->base, base);
	if (r->open == NULL)
		r->root = n;
	else
		append(r->open, n);
	r->open = n;
}

static bool
is_called(const struct xr_node *n, const char *name)
{
	size_t prefix = strlen(n->prefix);

	if (strcmp(n->name, name) == 0)
		return true;
	return prefix > 0 && strncmp(n->prefix, name, prefix) == 0 &&
	    name[prefix] == ':' && strcmp(n->name, name + prefix + 1) == 0;
}

/* An end tag closes the nearest element of its name, and all inside it; one
 * that fits none is passed over. */
static void
on_end(void *ctx, const xmlChar *name, const xmlChar *prefix,
    const xmlChar *uri)
{
	struct reader *r = ctx;
	struct xr_node *n = r->open;

	(void)prefix;
	(void)uri;
	flush_text(r);
	if (r->written[0] == '\0' && n != NULL &&
	    !is_called(n, (const char *)name)) {
		/* libxml2's own stack went astray before; the tag fits it by
		 * chance. */
		(void)strncat(r->written, (const char *)name, TAG_MAX - 1);
	}
	if (r->written[0] != '\0')
		while (n != NULL && !is_called(n, r->written))
			n = n->parent;
	r->written[0] = '\0';
	if (n == NULL)
		return;
	while (r->open != n) {
		r->open = r->open->parent;
		r->depth--;
	}
	r->open = n->parent;
	r->depth--;
}

static void
on_text(void *ctx, const xmlChar *s, int len)
{
	struct reader *r = ctx;

	leave_void(r);
	if (r->open != NULL)
		buf_add(&r->text, s, (size_t)len);
}

/* Whether a complaint means that something was lost. */
static bool
is_loss(int code)
{
	switch (code) {
	case XML_ERR_TAG_NAME_MISMATCH:
	case XML_ERR_ATTRIBUTE_REDEFINED:
	case XML_NS_ERR_XML_NAMESPACE:
	case XML_NS_ERR_UNDEFINED_NAMESPACE:
	case XML_NS_ERR_QNAME:
	case XML_NS_ERR_ATTRIBUTE_REDEFINED:
	case XML_NS_ERR_EMPTY:
	case XML_NS_ERR_COLON:
		return false;
	default:
		return true;
	}
}

/* A complaint about the wrappers, or about what is open at the end, which is
 * looked at there. */
static bool
is_echo(const struct reader *r, int code)
{
	const xmlParserInput *in = r->ctxt->input;

	if (code == XML_ERR_TAG_NOT_FINISHED ||
	    strcmp(r->written, WRAPPER) == 0)
		return true;
	return code == XML_ERR_DOCUMENT_END && in != NULL &&
	    (size_t)(in->end - in->cur) <= WRAPPERS * sizeof(WRAPPER_END);
}

#if LIBXML_VERSION >= 21200
#define ERROR_CONST const
#else
#define ERROR_CONST
#endif

static void
on_error(void *ctx, ERROR_CONST xmlError *e)
{
	enum severity severity = SEV_WARNING;
	unsigned where = e->line > 0 ? (unsigned)e->line : 0;
	struct reader *r = ctx;
	char text[400] = "";
	size_t len;

	if (e->code == XML_ERR_TAG_NAME_MISMATCH && e->str2 != NULL) {
		r->written[0] = '\0';
		(void)strncat(r->written, e->str2, TAG_MAX - 1);
	}
	if (is_echo(r, e->code))
		return;
	if (e->message != NULL && strstr(e->message, WRAPPER) != NULL)
		(void)snprintf(text, sizeof(text), "</%s> closes nothing",
		    r->written);
	else
		(void)strncat(text, e->message != NULL ? e->message :
		    "unknown error", sizeof(text) - 1);
	for (len = strlen(text); len > 0 && text[len - 1] == '\n'; len--)
		text[len - 1] = '\0';
	if (r->first.kind == ERR_NONE) {
		(void)err_set(&r->first, ERR_INPUT, "%s", text);
		r->first.line = where;
	}
	if (e->level != XML_ERR_WARNING && is_loss(e->code))
		severity = SEV_ERROR;
	xm_tell(&r->told, e->domain == XML_FROM_NAMESPACE ? XM_NAMESPACE :
	    XM_STRUCTURE, severity, where, "%s", text);
}

static void
run(struct reader *r, const struct buf *mended)
{
	xmlSAXHandler *sax = r->ctxt->sax;

	memset(sax, 0, sizeof(*sax));
	sax->initialized = XML_SAX2_MAGIC;
	sax->startElementNs = on_start;
	sax->endElementNs = on_end;
	sax->characters = on_text;
	sax->ignorableWhitespace = on_text;
	sax->cdataBlock = on_text;
	sax->serror = on_error;
	r->ctxt->userData = r;
	/* NOENT is about the five names and numbers in attributes: there is no
	 * DTD left that could define any other. HUGE lifts limits meant for
	 * entities and for texts of 10 MB; ours hold instead. */
	xmlFreeDoc(xmlCtxtReadMemory(r->ctxt, mended->data, (int)mended->len,
	    NULL, "UTF-8", XML_PARSE_RECOVER | XML_PARSE_NONET |
	    XML_PARSE_NOENT | XML_PARSE_HUGE));
	flush_text(r);
	if (r->open != NULL && r->err->kind == ERR_NONE)
		xm_tell(&r->told, XM_STRUCTURE, SEV_ERROR, r->open->line,
		    "the document ends inside of <%s>, which begins here",
		    r->open->name);
}

static int
outcome(struct reader *r)
{
	if (r->err->kind != ERR_NONE)
		return -1;
	if (buf_check(&r->text, "a text", r->err) != 0)
		return -1;
	if (r->root != NULL)
		return 0;
	(void)err_set(r->err, ERR_INPUT, "this is no XML document: %s",
	    r->first.kind != ERR_NONE ? r->first.msg : "there is no element");
	r->err->line = r->first.line;
	return -1;
}

static int
mend(const char *data, size_t len, struct buf *out, struct xm_told *told,
    struct err *err)
{
	int i;

	for (i = 0; i < WRAPPERS; i++)
		buf_adds(out, "<" WRAPPER ">");
	if (xm_mend(data, len, out, told, err) != 0)
		return -1;
	for (i = 0; i < WRAPPERS; i++)
		buf_adds(out, WRAPPER_END);
	return buf_check(out, "the document", err);
}

struct xr_node *
xr_read(struct arena *a, const char *data, size_t len, const char *file,
    const char *base_url, struct findings *to, struct err *err)
{
	struct err problem = ERR_INIT;
	struct reader r = { .a = a, .base = base_url, .err = &problem,
	    .told = { .to = to, .file = file } };
	struct buf mended;
	int rc = -1;

	buf_init(&mended, MENDED_MAX);
	buf_init(&r.text, MENDED_MAX);
	r.ctxt = xmlNewParserCtxt();
	if (r.ctxt == NULL) {
		rc = err_set(&problem, ERR_INTERNAL,
		    "libxml2 does not give a parser");
	} else if (len > XR_INPUT_MAX) {
		rc = err_set(&problem, ERR_INPUT, "the document is larger than "
		    "%zu bytes", XR_INPUT_MAX);
	} else if (mend(data, len, &mended, &r.told, &problem) == 0) {
		run(&r, &mended);
		rc = outcome(&r);
	}
	xm_tell_rest(&r.told);
	xmlFreeParserCtxt(r.ctxt);
	buf_release(&r.text);
	buf_release(&mended);
	if (rc == 0)
		return r.root;
	*err = problem;
	(void)err_at(err, file, problem.line);
	return NULL;
}

const char *
xr_attr(const struct xr_node *n, const char *ns, const char *name)
{
	const struct xr_attr *at;

	for (at = n->attrs; at != NULL; at = at->next)
		if (strcmp(at->name, name) == 0 && strcmp(at->ns, ns) == 0)
			return at->value;
	return NULL;
}

struct xr_node *
xr_element(struct xr_node *n)
{
	while (n != NULL && n->name == NULL)
		n = n->next;
	return n;
}

struct xr_node *
xr_next(const struct xr_node *root, const struct xr_node *n)
{
	if (n->first != NULL)
		return n->first;
	while (n != root && n->next == NULL)
		n = n->parent;
	return n == root ? NULL : n->next;
}

bool
xr_has_elements(const struct xr_node *n)
{
	return xr_element(n->first) != NULL;
}
