/*
 * Writing XML 1.0 in UTF-8 by libxml2's xmlTextWriter (whose names begin with
 * xml; ours here with xw_). Errors stick: the first one is told by xw_close().
 */
#ifndef TEXT_XML_H
#define TEXT_XML_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

struct xw;

/* write takes all bytes (in large pieces) or returns -1. Indented by two
 * spaces; text content is never changed by it. Starts with the declaration
 * <?xml version="1.0" encoding="UTF-8"?>. */
struct xw *xw_open(int (*write)(void *ctx, const void *data, size_t len),
    void *ctx, struct err *err);
void xw_start(struct xw *w, const char *name);
void xw_attr(struct xw *w, const char *name, const char *value);
/* Characters that XML 1.0 §2.2 forbids are left out, here and below. */
void xw_text(struct xw *w, const char *text);
void xw_cdata(struct xw *w, const char *text);	/* "]]>" is split */
/* As xw_text(), with & and < as numbers: for a text that is not HTML where
 * some take it for that (RSS Best Practices Profile, 2.1). */
void xw_plain(struct xw *w, const char *text);
/* Elements that are known to be well-formed, as they stand, on lines of their
 * own; behind at least one other child of the open element. */
void xw_elements(struct xw *w, const char *xml);
void xw_end(struct xw *w);
void xw_element(struct xw *w, const char *name, const char *text);
/* Ends open elements, flushes and frees w in any case. */
int xw_close(struct xw *w, struct err *err);

/* Resolves ref against base (RFC 3986 §5.2). What may not stand in a URI
 * (blanks, non-ASCII characters, a % without two hex digits) is escaped, a
 * %XX stays as it is, blanks around it go. An absolute ref, or a base without
 * a scheme: the ref so escaped. base NULL: a copy of ref. */
char *xw_resolve(struct arena *a, const char *base, const char *ref);

/* Once in main, before any thread; and at its end. */
void xw_global_init(void);
void xw_global_release(void);

#endif
