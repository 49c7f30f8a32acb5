/*
 * Front matter: the facts at the head of a Markdown file. YAML between two
 * `---` lines (by libyaml, whose names begin with yaml; ours with front_),
 * TOML between two `+++` lines (by toml++), or a JSON object (by jansson).
 */
#ifndef TEXT_FRONT_H
#define TEXT_FRONT_H

#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"
#include "text/node.h"

#define FRONT_MAX ((size_t)1 << 20)	/* bytes of front matter */
#define FRONT_DEPTH_MAX 32
#define FRONT_NODES_MAX 10000

enum front_language { FRONT_NONE, FRONT_YAML, FRONT_TOML, FRONT_JSON };

struct front {
	struct node *map;	/* NODE_MAP; empty when there is no front
				 * matter */
	enum front_language language;
	size_t map_offset;	/* where its text begins, behind the fence */
	size_t map_len;		/* and how long it is, without fences */
	unsigned line;		/* of its first key; 0: there is none */
	size_t body_offset;	/* where the Markdown begins */
	unsigned body_line;	/* 1-based */
};

/* text: a whole file, valid UTF-8. ERR_INPUT with the line for what is not
 * closed, not of its language, no map, too deep, a key given twice (in YAML
 * the last counts, and its node tells the line of the other), an alias
 * of YAML (they can blow up a small file), a tag (`!!binary`), or of a
 * language that is not read (`;;;`, `---js`). Blank lines before it, and a
 * comment or the language behind `---` (`---toml`), are passed over. */
int front_read(struct arena *a, const char *text, size_t len,
    struct front *out, struct err *err);

/* A document that must be a map; lines count from first_line. All scalars but
 * true, false and null are text, numbers and dates as they are written where
 * the language allows (front_toml: as RFC 3339 has them). */
int front_yaml(struct arena *a, const char *text, size_t len,
    unsigned first_line, struct node **out, struct err *err);
int front_toml(struct arena *a, const char *text, size_t len,
    unsigned first_line, struct node **out, struct err *err);
/* The object that text begins with; *used: its bytes. */
int front_json(struct arena *a, const char *text, size_t len,
    unsigned first_line, struct node **out, size_t *used, struct err *err);

#endif
