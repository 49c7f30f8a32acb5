/*
 * What site generators put into Markdown, taken out again: Hugo's shortcodes
 * ({{< >}}, {{% %}}), the tags and outputs of Liquid and Nunjucks ({% %},
 * {{ }}, {# #}: Jekyll, Eleventy), and the attribute lists of kramdown, Hugo
 * and GitHub ({: .class}, {#id}). No generator runs here: what can be said in
 * Markdown is, the rest goes and is told.
 *
 *   videos, posts, gists     a link (youtube, vimeo, tweet, x, gist,
 *                            instagram, soundcloud, spotify …)
 *   figure, image            the image with its alt, caption and link
 *   highlight                fenced code
 *   raw, verbatim, and       what they hold, as it stands
 *   Hugo's escaped shortcodes
 *   ref, relref, link        as target of a link: the path as a site with
 *                            the generator's own defaults has it; where that
 *                            needs the site (a post's date, a page's front
 *                            matter), only the link's text stays, told
 *   site.url, site.baseurl   nothing: paths count from the site's root
 *   comments, attribute lists, assignments, audio players (the enclosure is
 *                            there already): nothing, and not told
 *   components (<Player src="a" />) and the `import X from "y"` lines of MDX
 *                            left out, and the first told
 *   all others               left out and told; what stands between a tag and
 *                            its end is kept
 *
 * In code (fenced, indented, spans, <code>, <pre>) and HTML comments nothing
 * is touched.
 */
#ifndef TEXT_SHORTCODE_H
#define TEXT_SHORTCODE_H

#include <stddef.h>

#include "base/buf.h"

/* Hears of each thing that was left out or not understood: its line, 1-based
 * in the text that was given, and a sentence (valid during the call only). */
typedef void shortcode_report(void *ctx, unsigned line, const char *what);

/* Appends the Markdown text with all this replaced to out (whose ceiling the
 * caller asks for with buf_check). Lines stay where they are, but for those
 * behind a tag over several lines, a picture's caption or code that began or
 * ended within a line. report may be NULL. Time is linear in len;
 * after 1000 tags that are not closed all further ones are text. */
void shortcode_expand(const char *text, size_t len, struct buf *out,
    shortcode_report *report, void *ctx);

#endif
