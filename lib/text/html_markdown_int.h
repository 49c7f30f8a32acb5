/* Private to the files that turn HTML into Markdown or text. All recursion in
 * them follows a tree that markup_clean() has limited to a depth of 200. */
#ifndef TEXT_HTML_MARKDOWN_INT_H
#define TEXT_HTML_MARKDOWN_INT_H

#include <stdbool.h>

#include <libxml/HTMLparser.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/html.h"

/* Inline content as it grows. Newlines in it are hard breaks, nothing else. */
struct hm_run {
	struct buf text;
	bool in_link;	/* a link within a link is only its text */
	bool one_line;	/* a heading: breaks are <br /> */
};

/* The tree of a fragment that markup_clean() has cleaned; NULL and ERR_INPUT
 * when it refuses. */
xmlDoc *hm_read(const char *html, size_t len, const struct markup_base *base,
    enum markup_embed embed, struct err *err);

/* Likewise of one that it has cleaned already. */
xmlDoc *hm_read_clean(const char *html, size_t len, struct err *err);

bool hm_is(const xmlNode *n, const char *name);
/* One of them; the last is NULL. */
bool hm_is_any(const xmlNode *n, const char *const *names);
bool hm_is_block(const xmlNode *n);	/* by its name */

/* The attribute (freed with xmlFree) or NULL. */
char *hm_attribute(const xmlNode *n, const char *name);

/* The nodes from first up to stop (not included; NULL: all that follow). */
void hm_run_add(struct hm_run *r, const xmlNode *first, const xmlNode *stop);

/* Puts what r holds between the marks of an element that stood around whole
 * blocks: <a> or <b> around paragraphs. */
void hm_run_wrap(struct hm_run *r, const xmlNode *around);

/* An opening tag with its attributes, and a whole element, as raw HTML
 * without a newline. */
void hm_raw_open(struct buf *out, const xmlNode *n);
void hm_raw(struct buf *out, const xmlNode *n, bool in_pre);

/* The text of a <pre>, or false when there is more in it than text. */
bool hm_pre_text(const xmlNode *pre, struct buf *text);

/* What stands behind "language-" or "lang-" in the class; or nothing. */
void hm_language(const xmlNode *n, struct buf *to);

/* The numbers that the items of an <ol> show, by its start and reversed and
 * their value, in order. */
struct hm_numbers {
	long next;
	long step;
};

void hm_numbers_begin(struct hm_numbers *n, const xmlNode *list);
long hm_number(struct hm_numbers *n, const xmlNode *item);

/* The number of a list's first item; false when Markdown cannot number its
 * items: one is below 0, or they do not count up. */
bool hm_list_start(const xmlNode *list, long *start);

/* Where the mark stands that makes a heading, quote, list, rule or fence of a
 * line; len when none does. */
size_t hm_mark_at(const char *s, size_t len);

#endif
