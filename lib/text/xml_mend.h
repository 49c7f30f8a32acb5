/*
 * Mending a document so that an XML parser can read all of it. Private to
 * the reading of XML (text/xml_read.h, which lists the rules).
 */
#ifndef TEXT_XML_MEND_H
#define TEXT_XML_MEND_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

enum xm_rule {
	XM_START, XM_ENCODING, XM_CONTROL, XM_ENTITY, XM_AMPERSAND, XM_ANGLE,
	XM_DOCTYPE, XM_NAMESPACE, XM_STRUCTURE, XM_RULES
};

/* What was told of one document. */
struct xm_told {
	struct findings *to;
	const char *file;
	size_t count[XM_RULES];
};

/* Tells a place, unless the rule has told its ten. */
void xm_tell(struct xm_told *t, enum xm_rule rule, enum severity severity,
    unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Tells how many places were not told. */
void xm_tell_rest(struct xm_told *t);

/* The document as UTF-8 in out: without its declaration, DOCTYPE, comments
 * and processing instructions (their line ends stay), every reference as a
 * number, only characters that XML allows. ERR_INPUT when it gets too large. */
int xm_mend(const char *data, size_t len, struct buf *out, struct xm_told *t,
    struct err *err);

/* Data in the encoding that it says or shows → UTF-8, which may still have
 * bytes that are none. */
int xm_decode(const char *data, size_t len, struct buf *out,
    struct xm_told *t, struct err *err);

/* The character that windows-1252 has for a byte of 0x80 to 0x9f. */
int32_t xm_cp1252(unsigned char byte);

#endif
