/*
 * The rules of a page's <style> written into its elements: Gmail shows some
 * accounts no <style> at all, and Word, which lays out mail for Outlook, knows
 * little of it. So a template is written with classes and goes out with
 * style="".
 *
 * How: the page is read twice. Our own scanner finds where each start tag and
 * its style="" lie in the text; libxml2 is given these tags alone, each with
 * its number, and makes the tree that selectors are matched in (so a <p> or
 * <li> that is not closed ends where it should; <b> and its like it ends where
 * a block begins, which browsers do not). What is found is then put into the
 * text as it stands. Nothing is written by a serializer: text, entities,
 * comments for Outlook (`<!--[if mso]>`) and the marks of mail/mold.h stay byte
 * for byte. All of it takes time in proportion to the elements and the rules,
 * and no recursion.
 *
 * Selectors: element, *, .class, #id, [a], [a=v] with = ~= |= ^= $= *=, with a
 * blank, > + ~ between them, and groups.
 *
 * What is written into style="": the declarations in the order of the cascade
 * (specificity, then order; style="" of the element itself behind them, then
 * what is !important, without that word: what is left in <style> for dark
 * screens or phones must be able to win), so that a shorthand stands as it was
 * written. A declaration goes when a later rule has the same property; two of
 * one property in one rule are meant for programs that know only the first.
 * What is no declaration in a style="" goes with its comments, as browsers pass
 * it over (CSS Syntax 3, §5.4.4); in a <style>, which is ours, it is an error.
 *
 * What stays in <style>: at-rules (@media, @font-face, @import), and of each
 * rule the selectors with a pseudo-class or -element. A <style> of which
 * nothing is left goes; one of which all is left stays byte for byte, and so
 * does one with a media attribute or in a comment.
 */
#ifndef TEXT_HTML_STYLE_H
#define TEXT_HTML_STYLE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define MARKUP_STYLE_PARTS_MAX 4096	/* of all selectors together */
#define MARKUP_STYLE_DECLARATIONS_MAX 8192
#define MARKUP_STYLE_DEPTH_MAX 250	/* of elements */

#define MARKUP_DROPPED_SHOWN 60

/* What is no declaration in a style="" of an element that rules match. */
struct markup_dropped {
	size_t n;
	unsigned line;		/* of the first of them: that of its tag */
	char first[MARKUP_DROPPED_SHOWN + 1];	/* its text, cut */
};

/* Appends the page to out; dropped may be NULL. ERR_CONFIG with the line of
 * html on which a rule is not understood, or is one too many; ERR_INPUT when
 * elements are nested deeper than the limit, or for more than out takes. out is
 * then as it was. */
int markup_style(const char *html, size_t len, struct buf *out,
    struct markup_dropped *dropped, struct err *err);

#endif
