/*
 * XML that somebody else wrote and that goes into a document of ours as it
 * stands. Checked by libxml2, not changed.
 */
#ifndef TEXT_XML_FRAGMENT_H
#define TEXT_XML_FRAGMENT_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define XML_FRAGMENT_MAX ((size_t)256 << 10)

/* A namespace that may be used without declaring it. Its bit in `spaces` is
 * 1 << its index. */
struct xml_fragment_space {
	const char *prefix;
	const char *uri;
};

extern const struct xml_fragment_space xml_fragment_spaces[];
extern const size_t xml_fragment_count;

/* Whether text is one element or several, with nothing but blanks, comments
 * and processing instructions between them. Prefixes that are not in the list
 * must be declared in it; of those in the list and not declared, the bits are
 * added to *spaces. No entity but those of XML itself, nothing is fetched.
 * none: names of elements without a namespace that it may not consist of,
 * ended by NULL. ERR_INPUT with the line, counted from 1 for the first of
 * text. */
int xml_fragment_check(const char *text, size_t len, const char *const *none,
    unsigned *spaces, struct err *err);

/* The names of the outermost elements of a fragment that was found sound,
 * each once, with a blank before and behind it (" title itunes:image "): as
 * they stand where they have no namespace, with the prefix of the list where
 * theirs is in it; others are passed over. */
void xml_fragment_names(const char *text, size_t len, struct buf *out);

#endif
