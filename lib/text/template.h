/*
 * Mustache, by the specification (github.com/mustache/spec 1.4: comments,
 * delimiters, interpolation, inverted, partials, sections; and the optional
 * inheritance and dynamic names). Lambdas are left out: the data are values
 * that come from files, and there is no code that one could name.
 *
 * What the specification leaves open:
 * - null, false, an empty text and an empty list are false in a section; a
 *   text "0" is true. {{x}} of a truth value is "true" or "false".
 * - {{x}} of a list or map is empty, and when strict ERR_CONFIG.
 * - A partial's indentation is put before each of its lines that is not
 *   empty, so that it makes no blanks at the end of a line.
 * - A name has no blanks or control characters in it. A tag that is opened
 *   and not closed is an error, not text.
 * - Of two arguments of one name in a parent the last counts. How blocks are
 *   indented: see template_layout.c.
 */
#ifndef TEXT_TEMPLATE_H
#define TEXT_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "text/node.h"

#define TEMPLATE_MAX ((size_t)1 << 20)	/* bytes of one template or partial */
#define TEMPLATE_DEPTH_MAX 64	/* nested sections, partials and parents */
#define TEMPLATE_OUTPUT_MAX ((size_t)16 << 20)

struct template;

enum template_escape {
	TEMPLATE_HTML,	/* {{x}} escapes & < > " ' */
	TEMPLATE_PLAIN	/* {{x}} is {{{x}}} */
};

struct template_options {
	enum template_escape escape;
	/* A name that no context has is ERR_CONFIG with file and line, in
	 * variables, sections and partials alike. A name whose value is null
	 * or false is known, and so are all names below it ({{a.b}} with a
	 * null). Off: it is empty, as the specification has it. */
	bool strict;
	/* Gives a partial's text; returns 1 found, 0 unknown, -1 and err.
	 * `file` (FILE name for messages) may be set, else the name is used;
	 * it must live until the render ends. NULL: there are no partials.
	 * Asked once for each name in a render. */
	int (*partial)(void *ctx, const char *name, struct buf *out,
	    const char **file, struct err *err);
	void *ctx;
};

/* Parses; file is the name for messages. ERR_CONFIG with file and line for an
 * unclosed or mismatched tag, for sections nested deeper than
 * TEMPLATE_DEPTH_MAX, and for a text larger than TEMPLATE_MAX. The text need
 * not outlive the call. Nothing is kept between calls, and a template is not
 * changed by rendering: threads may share it. */
struct template *template_parse(const char *file, const char *text, size_t len,
    struct err *err);
void template_free(struct template *t);	/* NULL is allowed */

/* Renders behind what out holds; data NULL is null. 0, or -1 with ERR_CONFIG
 * (unknown name, too deep, a partial that does not parse), ERR_INPUT (more
 * than TEMPLATE_OUTPUT_MAX bytes, or than out takes) or what the partial
 * callback failed with; out then holds what it held before. */
int template_render(const struct template *t, const struct node *data,
    const struct template_options *options, struct buf *out, struct err *err);

#endif
