/*
 * Markdown by libcmark (CommonMark 0.30), parsed once for all outputs.
 *
 * Notes are written by people: raw HTML in them is allowed but cleaned
 * (text/html.h), bare http(s) URLs become links, relative links and images
 * are resolved against the episode's page.
 */
#ifndef TEXT_MARKDOWN_H
#define TEXT_MARKDOWN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/html.h"
#include "text/node.h"

#define MARKDOWN_MAX ((size_t)4 << 20)	/* bytes of one document */

struct markdown;

/* text is UTF-8 (an invalid byte is the caller's error to find first); CRLF
 * and a tab before a heading are taken as people mean them. base (may be
 * NULL) is what relative links are resolved against. A link or image whose
 * address markup_url_ok() refuses, or that leads nowhere, is its words alone.
 * ERR_INPUT when larger than MARKDOWN_MAX, nested deeper than 200, or when it
 * needs too much memory (128 MiB; prose needs about ten times its size). */
struct markdown *markdown_parse(const char *text, size_t len,
    const struct markup_base *base, struct err *err);
void markdown_free(struct markdown *m);	/* NULL is allowed */

/* Takes out the first block when it is a heading of level 1 that says title:
 * what shows the title itself must not say it twice. */
void markdown_drop_title(struct markdown *m, const char *title);

/* The line (of the document, from 1 on; for a character that an entity makes,
 * that of its paragraph or a later one of it) on which the document has a
 * control character other than TAB, LF and the CR of a line end, whether it
 * stands there or is written as &#27;, and the character; 0 when there is none.
 * text and len are what was parsed. */
unsigned markdown_control(const struct markdown *m, const char *text,
    size_t len, int32_t *character);

/* The notes as an HTML fragment: well-formed (each element closed, attributes
 * quoted, void elements as <br />), only what mail clients and feed readers
 * take: no script, style, form, iframe (a known player is a link to its page),
 * object, event handler or javascript: URL. No forbidden XML character. */
int markdown_html(const struct markdown *m, struct buf *out, struct err *err);

/* The notes as plain text for mail: wrapped at width columns by display
 * width (a longer word stands alone), nested bullets ("- ", indented by 2),
 * numbered lists, block quotes ("> "), code kept verbatim (blocks indented by
 * 4; a span never broken where it fits on a line, and in quotation marks where
 * it could be taken for the sentence's own: `+`, `a`, `jq .`), headings
 * underlined or in their own paragraph, links as footnotes "text [3]" listed
 * once each at the end under a blank line ("[3] URL"; a link whose text is its
 * URL stands as it is), images by their alt text and footnote. No Markdown
 * marks and no control characters are left. LF line ends, one at the end. */
int markdown_text(const struct markdown *m, size_t width, struct buf *out,
    struct err *err);

/* Such a text that can be made shorter when the document is gone. */
struct markdown_lines {
	struct buf text;
	size_t notes;		/* where its footnotes begin */
	struct markdown_place {
		size_t len;	/* of the text before it */
		size_t notes;	/* how many footnotes that has */
	} *place;		/* where it can be cut */
	size_t n, cap;
	bool cut;		/* it is not all */
};

/* The text in at most max bytes: cut before a block or an item of a list, but
 * not behind a heading, with the footnotes of what is there; empty where the
 * first block does not fit. On failure there is nothing to release. */
int markdown_lines_open(const struct markdown *m, size_t width, size_t max,
    struct markdown_lines *out, struct err *err);
void markdown_lines_release(struct markdown_lines *l);

/* Appends it, cut likewise to at most max bytes. False: that is not all. */
bool markdown_lines_put(const struct markdown_lines *l, size_t max,
    struct buf *out);

/* The first paragraph of prose, which says more than pictures and bare
 * addresses, as one line of plain text, cut between words to max bytes with
 * "…". Empty when there is none. */
int markdown_summary(const struct markdown *m, size_t max, struct buf *out,
    struct err *err);

/* The text of the first level-1 heading (arena) as it was written, so it can
 * have control characters (`&#10;`); and its line in the notes, 1-based. NULL
 * when there is none, or nothing in it. */
const char *markdown_title(const struct markdown *m, struct arena *a,
    unsigned *line);

/* The topics as a list of maps with `text` ("Brian #1: Something") in order:
 * headings of level 2 and 3; and where the notes number their topics
 * (a paragraph or heading that begins with emphasis or a word and "#N:"),
 * only those. Never NULL; may be empty. */
struct node *markdown_topics(const struct markdown *m, struct arena *a);

#endif
