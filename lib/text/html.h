/*
 * HTML fragments by libxml2 (whose own names begin with html and xml; ours
 * here with markup_).
 */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define MARKUP_NAME_MAX 32

/* Text with & < > " ' as entities, safe in content and attributes. */
void markup_escape(struct buf *out, const char *text, size_t len);

/* Whether text (NUL-terminated) begins with an opening or closing tag of an
 * element that HTML has: "<p", "</p>", but not "<scriptname>". */
bool markup_is_tag(const char *text);

/* Whether a link (or an image) may lead there: an address without a scheme,
 * or with http, https, ftp, mailto or tel; images may be data: too, but not
 * SVG, which can hold scripts. One rule for Markdown and for raw HTML. */
bool markup_url_ok(const char *url, bool image);

/* What relative addresses in a text count from. Where both are NULL, or there
 * is none of these, they stay as they are. */
struct markup_base {
	const char *page;	/* the text's own page; NULL: not known */
	const char *site;	/* a page of the same site; NULL: not known */
};

/* The address that ref means, as xw_resolve() has it, in the arena; NULL: that
 * is not known, as it counts from a page that is not. `www.example.org/x` is
 * what it is on every page. base may be NULL. */
const char *markup_address(struct arena *a, const struct markup_base *base,
    const char *ref);

/* Moves the headings of a fragment that markup_clean or Markdown made, so that
 * the topmost of them is an <hLEVEL>, and none below <h6>. Headings that are
 * lower already stay. */
void markup_demote(char *html, int level);

/* A fragment as people write it → a well-formed one that is safe in feeds
 * and mail: elements that are not HTML's (`<scriptname>`) become text; script,
 * style, form, iframe, object and their like go with their content, but become
 * text too when they do not end; on* attributes and addresses that
 * markup_url_ok() refuses go; of relative href and src becomes what
 * markup_address() makes of them, and without one a link is no link, and a
 * picture the text that stands for it. Depth is limited to 200. */
int markup_clean(const char *html, size_t len, const struct markup_base *base,
    struct buf *out, struct err *err);

/* What becomes of iframe, embed, object, audio and video. */
enum markup_embed {
	MARKUP_EMBED_DROP,	/* they go with their content */
	MARKUP_EMBED_LINK,	/* so too, but an iframe of a known player is
				 * a link to its page (text/html_embed.h) */
	MARKUP_EMBED_KEEP	/* they stay: for reading what a feed says, not
				 * for what is published */
};
int markup_clean_with(const char *html, size_t len,
    const struct markup_base *base,
    enum markup_embed embed, struct buf *out, struct err *err);

#endif
