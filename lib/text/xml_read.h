/*
 * Reading XML 1.0 by libxml2 into a tree of our own (whose names begin with
 * xr_; xml is libxml2's). All of a tree lies in the arena it was read into.
 *
 * Made for documents as they are found: before the parser sees it, a text is
 * mended, and every repair is told as a warning with its line:
 *   xml-start      blanks or junk before the document
 *   xml-encoding   an encoding that is missing, wrong or unknown; bytes that
 *                  are none of it are read as windows-1252
 *   xml-control    characters that XML 1.0 §2.2 forbids: left out
 *   xml-entity     a name that XML does not define: HTML 4's are replaced,
 *                  others stay as text ("&foo;")
 *   xml-ampersand  a bare &
 *   xml-angle      a < that begins no tag, a > behind ]]
 *   xml-doctype    declarations inside a DOCTYPE: not read
 *   xml-namespace  a prefix that is not declared
 *   xml-structure  tags that do not match, attributes twice; an error, not a
 *                  warning, where something may have been lost (a document
 *                  that ends too early)
 * Each rule tells its first ten places, and then how many more there were.
 *
 * No DTD is read, no entity is expanded, nothing is fetched. Comments and
 * processing instructions are passed over.
 */
#ifndef TEXT_XML_READ_H
#define TEXT_XML_READ_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define XR_INPUT_MAX ((size_t)64 << 20)	/* bytes of a document */
#define XR_DEPTH_MAX 100		/* elements within each other */
#define XR_NODES_MAX 2000000		/* elements and texts of a document */

#define XR_NS_XML "http://www.w3.org/XML/1998/namespace"

struct xr_attr {
	const char *ns;		/* "" for those without a prefix */
	const char *name;	/* without prefix */
	const char *prefix;	/* as written; "" */
	const char *value;
	struct xr_attr *next;
};

/* An element, or (name NULL) a run of text between two tags. Changed by
 * nobody but the two fields that say so; values and texts may be replaced by
 * whoever makes addresses absolute. */
struct xr_node {
	const char *ns;		/* URI; "": none, or prefix not declared. May
				 * be replaced by whoever knows it better */
	const char *prefix;	/* as written; "". The same */
	const char *name;	/* without prefix; NULL: text */
	const char *text;	/* of text; else NULL */
	const char *base;	/* base URL here (xml:base); NULL: none */
	unsigned line;		/* where the start tag ends */
	struct xr_attr *attrs;	/* in order; without xmlns */
	struct xr_node *parent;
	struct xr_node *first;
	struct xr_node *last;
	struct xr_node *next;
};

/* The root element. file is for messages; base_url (may be NULL) is where the
 * document came from. NULL when there is no element to be found, the document
 * goes beyond the limits above: ERR_INPUT with file and line. */
struct xr_node *xr_read(struct arena *a, const char *data, size_t len,
    const char *file, const char *base_url, struct findings *to,
    struct err *err);

/* The value of an attribute, or NULL. ns "": one without a prefix. */
const char *xr_attr(const struct xr_node *n, const char *ns,
    const char *name);
bool xr_has_elements(const struct xr_node *n);
/* The next element at or behind n among its siblings; NULL: none. */
struct xr_node *xr_element(struct xr_node *n);

/* The node behind n in a walk through all that is in root, tags in the order
 * in which they open; begin with root. NULL: all were seen. */
struct xr_node *xr_next(const struct xr_node *root, const struct xr_node *n);

/* All text in an element, as it stands, without tags. */
char *xr_text(struct arena *a, const struct xr_node *n);
/* What stands in an element as an HTML fragment: tags by their names without
 * prefixes and namespaces, text escaped, elements that have no end as
 * <br />. */
char *xr_inner(struct arena *a, const struct xr_node *n);

enum xr_form {
	XR_ALONE,	/* text, order and blanks as they stand */
	XR_COMPARE	/* attributes sorted; blanks folded, those around
			 * tags left out; namespaces without the prefixes that
			 * somebody chose: equal texts say the same */
};

/* The element as XML that is well-formed alone: each namespace is declared
 * where it is first used, under the prefix of its node. A prefix that was
 * never declared is bound to urn:x-undeclared:PREFIX. */
void xr_raw(const struct xr_node *n, enum xr_form form, struct buf *out);

#endif
