/* Private to the shortcode files. */
#ifndef TEXT_SHORTCODE_INT_H
#define TEXT_SHORTCODE_INT_H

#include <stdbool.h>

#include "base/mem.h"
#include "text/shortcode.h"

/* ---- lines: what block a line belongs to (CommonMark 0.30, 4 and 5) ---- */

enum line_kind { LINE_TEXT, LINE_HEADING, LINE_HTML, LINE_CODE };

#define LINE_CONTAINERS_MAX 64

/* All zero at the start of a text. */
struct line_state {
	struct {
		bool quote;
		unsigned indent;	/* of an item's content */
	} open[LINE_CONTAINERS_MAX];
	unsigned nopen;
	bool paragraph;		/* the last line was one's */
	char fence;		/* ` or ~, or 0 */
	size_t fence_len;
	const char *html_end;	/* what ends raw HTML; "": a blank line */
	unsigned leaf_depth;	/* containers around the fence or HTML */
};

/* The next line, without its end. */
enum line_kind shortcode_line(struct line_state *s, const char *line,
    size_t len);

/* ---- tags ---- */

#define TAG_ARGS_MAX 24
#define TAG_NAME_MAX 64
#define TAG_LEN_MAX 4096	/* bytes from its start to its end */

struct tag {
	char name[TAG_NAME_MAX];
	bool closing;
	unsigned nargs;
	struct {
		const char *name;	/* NULL: positional */
		const char *value;
	} args[TAG_ARGS_MAX];
};

/* What stands between the marks of a tag; values go to the arena. */
void shortcode_parse(struct tag *t, const char *s, size_t len,
    struct arena *a);

/* By one of the names ("id|v|video"), or NULL; by position, or NULL. */
const char *tag_named(const struct tag *t, const char *names);
const char *tag_at(const struct tag *t, unsigned position);

/* Whether name is one of a list like "id|v|video". */
bool shortcode_among(const char *names, const char *name);

/* ---- the walk through a text ---- */

/* Where in the output a tag stands. */
enum spot { SPOT_TEXT, SPOT_TARGET, SPOT_ATTRIBUTE, SPOT_HTML };

#define FAILURES_MAX 1000	/* so many tags without an end are looked for */

/* Bits of walk.no_end; the lowest eight are those of raw HTML. */
enum {
	NO_END_KRAMDOWN = 1 << 8,
	NO_END_HUGO = 1 << 9,
	NO_END_RAW = 1 << 12,
	NO_END_HIGHLIGHT = 1 << 13,
	NO_END_COMMENT = 1 << 14,
	NO_END_GO_COMMENT = 1 << 15
};

struct walk {
	const char *p;
	const char *end;
	unsigned line;		/* of p */
	struct buf *out;
	shortcode_report *report;
	void *ctx;
	struct arena arena;
	struct line_state lines;
	enum line_kind kind;
	unsigned failures;	/* tags without an end */
	unsigned no_end;	/* bits: what has no end from here on */
	bool component;		/* one was left out, or modules are imported:
				 * their tags go, with values or without */
	const char *no_run[33];	/* no closing run of N backticks before … */
};

void walk_tell(struct walk *w, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Goes on to `to`, leaving out or copying what is between. */
void walk_skip(struct walk *w, const char *to);
void walk_copy(struct walk *w, const char *to);

/* Whether only blanks, quote and list marks stand on the line so far. */
bool walk_line_is_empty(const struct walk *w);

enum spot walk_spot(const struct walk *w);

/* A link whose address cannot be known: only its text stays. */
void walk_unlink(struct walk *w, const char *name);

/* At a tag of Hugo ("{{<", "{{%") or of Liquid ("{%", "{{"): takes it, or
 * false when it is none. */
bool shortcode_hugo(struct walk *w);
bool shortcode_liquid_tag(struct walk *w);
bool shortcode_liquid_output(struct walk *w);
bool shortcode_attributes(struct walk *w);
/* At the < of a component of Vue or MDX: a capitalised tag with values in
 * quotes, or any where the text imports modules or has had one. */
bool shortcode_component(struct walk *w);
/* The lines of a module that MDX begins with. */
void shortcode_imports(struct walk *w);

/* Writes what a known tag shows, and tells what is not known. as_written:
 * "{{< name >}}", for that. */
void shortcode_render(struct walk *w, const struct tag *t,
    const char *as_written);

/* Writes code as a fenced block, or as a span within a line. */
void shortcode_code(struct walk *w, const struct tag *t, const char *code,
    size_t len);

/* A path as target or attribute. */
void shortcode_path(struct walk *w, const char *path, size_t len);

#endif
