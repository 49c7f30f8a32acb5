/* Private to the files of html_style.h. */
#ifndef TEXT_HTML_STYLE_INT_H
#define TEXT_HTML_STYLE_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/strmap.h"
#include "text/html_style.h"

/* What an attribute must be: '.' has value among its words, 'e' is there, and
 * '=' '~' '|' '^' '$' '*' as in CSS. */
struct hs_test {
	char kind;
	const char *name;
	const char *value;
	size_t len;		/* of value */
};

/* What one element must be. */
struct hs_part {
	const char *name;	/* in small letters; NULL: any */
	const struct hs_test *tests;
	size_t ntests;
	char joined;		/* to the part before: ' ' > + ~; '\0': first */
};

struct hs_selector {
	size_t last;		/* its last part */
	size_t block;
	uint32_t weight;	/* its specificity */
};

/* `text` is "property:value" as written, without !important. */
struct hs_declaration {
	size_t property;	/* a number of its name */
	const char *text;
	size_t len;
	bool important;
};

struct hs_block {
	size_t first, n;	/* declarations */
};

struct hs_sheet {
	struct arena arena;
	struct strmap properties;
	struct hs_part *parts;
	struct hs_selector *selectors;	/* in order, until hs_sheet_sort() */
	struct hs_declaration *declarations;
	struct hs_block *blocks;
	size_t nparts, nselectors, ndeclarations, nblocks;
	const char *at;		/* the selector or declaration at hand */
	struct markup_dropped dropped;	/* its line is not known yet */
	size_t dropped_tag;	/* the number of the first tag of them */
	size_t parts_cap, selectors_cap, declarations_cap, blocks_cap;
};

void hs_sheet_init(struct hs_sheet *s);
void hs_sheet_release(struct hs_sheet *s);

/* Takes the rules of one <style>, which begins on a line, and appends to
 * `kept` what must stay there. *all: that is everything. */
int hs_sheet_add(struct hs_sheet *s, const char *css, size_t len,
    unsigned line, struct buf *kept, bool *all, struct err *err);

/* Into the order of the cascade, the weakest first. */
void hs_sheet_sort(struct hs_sheet *s);

/* The selector in text (no comments in it), of a block that is yet to come. 1:
 * taken; 0: it has a pseudo-class or -element, and nothing was taken; -1. */
int hs_selector_add(struct hs_sheet *s, const char *text, size_t len,
    struct err *err);

/* The declarations of a text without comments; what is none is an error. */
int hs_declarations_add(struct hs_sheet *s, const char *text, size_t len,
    struct err *err);

/* Whether that is one, and takes it: it is trimmed, without comments, and stays
 * in memory as long as s. */
bool hs_is_declaration(const char *from, const char *to);
int hs_declaration_add(struct hs_sheet *s, const char *from, const char *to,
    struct err *err);

/* Those of a style="", whose text need not stay: what is none goes, and is
 * counted in s->dropped. */
int hs_attribute_add(struct hs_sheet *s, const char *text, size_t len,
    struct err *err);

/* How many bytes of s a message shows. */
int hs_shown(const char *s, const char *end);
/* Where a character of the set stands outside of strings and brackets, at or
 * behind p; end when none does. */
const char *hs_find(const char *p, const char *end, const char *set);

/* A start tag of the page. */
struct hs_tag {
	size_t at;		/* where a style="" is put, or the old one is */
	size_t to;		/* where the old one ends; at: there is none */
	size_t style, nstyle;	/* what it gets, in `styles`; nothing: 0 */
};

/* Works out what each of the tags gets. `feed` is these tags and the end tags
 * between them, the start tags with the attribute HS_NUMBER as their first: the
 * number of the tag. On failure *failed is that of the one at fault, if any. */
#define HS_NUMBER "showmill-tag"
int hs_match(struct hs_sheet *s, const struct buf *feed, struct hs_tag *tags,
    size_t *failed, struct buf *styles, struct err *err);

#endif
