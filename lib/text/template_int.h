/*
 * What the files of the template engine share; nobody else includes it.
 *
 * A template is read in three steps: template_scan() finds the tags and pairs
 * them, template_layout() decides which of them stand alone on their line and
 * by how much blocks are indented, and template_parse() makes the tree of
 * parts that template_render() walks.
 */
#ifndef TEXT_TEMPLATE_INT_H
#define TEXT_TEMPLATE_INT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "text/node.h"
#include "text/phrase.h"
#include "text/template.h"

enum template_kind {
	TEMPLATE_TEXT,		/* literal bytes within one line */
	TEMPLATE_LINE,		/* a line begins: its leading blanks */
	TEMPLATE_VARIABLE,
	TEMPLATE_RAW,
	TEMPLATE_SECTION,
	TEMPLATE_INVERTED,
	TEMPLATE_PARTIAL,
	TEMPLATE_PARENT,
	TEMPLATE_BLOCK,
	TEMPLATE_CLOSE,		/* this and what follows: tags, never parts */
	TEMPLATE_COMMENT,
	TEMPLATE_DELIMITERS,
	TEMPLATE_HOLE		/* of a phrase; only in messages */
};

/* How a partial, a parent or a block stands in its template. */
enum template_place {
	TEMPLATE_INLINE,	/* within a line: brings no indentation */
	TEMPLATE_PAIRED,	/* alone with its closing tag on one line */
	TEMPLATE_ALONE		/* the tag's line is taken out of the output */
};

struct template_name {
	const char *label;	/* as written, without blanks around it */
	const char *keys;	/* the dotted parts, each ended by a NUL */
	size_t count;		/* number of keys; 0: "." */
	bool dynamic;		/* "*name" in a partial or parent */
};

#define TEMPLATE_NOWHERE ((size_t)-1)

struct template_tag {
	enum template_kind kind;
	enum template_place place;
	unsigned line;
	size_t start, end;	/* offsets of the tag with its delimiters */
	size_t cut, resume;	/* where text before it ends and begins again */
	size_t match;		/* index of the opening or closing tag */
	size_t within;		/* index of innermost argument, or NOWHERE */
	bool argument;		/* a block that fills its parent's block */
	bool hidden;		/* in a parent, but in no argument: ignored */
	const char *indent;	/* see struct template_part */
	size_t indent_len;
	struct template_name name;
};

struct template_part {
	enum template_kind kind;
	enum template_place place;
	unsigned line;
	bool empty;		/* LINE: nothing else is on this line */
	const char *text;	/* TEXT, LINE */
	size_t len;
	/* PARTIAL, PARENT: blanks before it. BLOCK: what its override is
	 * indented by; an argument: what its lines lose. */
	const char *indent;
	size_t indent_len;
	struct template_name name;
	struct template_part *first;	/* content; a parent's arguments */
	struct template_part *next;
};

struct template {
	struct arena arena;
	const char *file;
	struct template_part *first;
};

struct template_source {
	struct arena *arena;
	const char *file;
	const char *text;
	size_t len;
	struct template_tag *tags;	/* owned by the caller, free() */
	size_t count;
	size_t cap;
};

/* Fills tags, in order, all paired. Names are in the arena. */
int template_scan(struct template_source *src, struct err *err);

/* Sets place, cut, resume and indent of all tags. */
void template_layout(struct template_source *src);

/* Whether a line of the template begins at pos. What an argument holds is a
 * template of its own, so that its content begins a line too. within: the
 * argument that pos is in. */
bool template_line_begins(const struct template_source *src, size_t pos,
    size_t within);

struct template_context {
	const struct node *node;		/* NULL: null */
	const struct template_context *prev;
};

/* Whether the name is known; *out is its value, NULL for null or unknown. A
 * name below a null or false value is known and null. */
bool template_name_find(const struct template_context *top,
    const struct template_name *name, const struct node **out);
/* Fills err for a name that is not known, with the nearest known one. */
int template_name_unknown(const struct template_context *top,
    const struct template_name *name, enum template_kind kind,
    struct err *err);

/* How many bytes of a name are shown in a message: whole characters. */
int template_shown_len(const char *name);

#define TEMPLATE_SHOWN 96
/* The tag as it is shown in messages: "{{#name}}"; returns out. */
const char *template_tag_text(enum template_kind kind, const char *label,
    char out[TEMPLATE_SHOWN]);

/* Writes a phrase with its holes filled, unescaped, behind what out holds. Of
 * an unknown name, or one that is no text, ERR_CONFIG with the phrase's file
 * and line when strict; else it is empty. */
int template_phrase(const struct template_context *top,
    const struct phrase *phrase, bool strict, struct buf *out,
    struct err *err);

#endif
