/*
 * A show.ini for a tree of notes that is there already: what kind of site it
 * is, where its episodes are, and which facts of the show the site's own
 * configuration tells.
 *
 * Nothing is written here, and nothing asked: the plan is lines of show.ini,
 * each with the place that it was found in. What nobody can find out stands
 * there as `#key =` with the reason.
 */
#ifndef SHOW_INIT_H
#define SHOW_INIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define INIT_SAMPLE_MAX 200	/* notes that are looked into */
#define INIT_PROBLEMS_MAX 3	/* that are told */

/* What the caller knows of the world. */
struct init_env {
	const char *zone;	/* this machine's, by name; NULL: not known */
	const char *episodes;	/* the folder of the notes, from the tree;
				 * NULL: to be found */
	const char *slug;	/* the show's; NULL: made of its title */
	/* Whether Apple Podcasts has the category; sub NULL: none. */
	bool (*is_category)(const char *name, const char *sub,
	    const char **why);
};

struct init_line {
	const char *key;	/* NULL: the value is a heading */
	const char *value;	/* NULL: nothing to propose */
	const char *why;	/* comment: where it was found, or what is to
				 * be filled in */
	bool off;		/* stands as `#key = value` */
	bool must;		/* and a person must fill it in */
	bool field;		/* in the section [fields] */
	const char *look;	/* what a person must look at before a feed is
				 * made, or NULL */
	unsigned line;		/* of show.ini, by init_text() */
};

#define INIT_LINES_MAX 96

struct init_plan {
	const char *dir;	/* the tree: that of the site which the folder
				 * asked for lies in, or itself */
	const char *kind;	/* "a Hugo site (hugo.toml)" */
	const char *folder;	/* of the notes, from dir; "": dir itself */
	const char *slug;
	const char *show;	/* the show.ini to be */
	size_t nnotes;		/* in the folder */
	const char *others;	/* folders that have episodes too; NULL: none */
	const char *aside;	/* what is left out besides; NULL: nothing */
	struct init_line line[INIT_LINES_MAX];
	size_t nlines;
	const char *passed;	/* a table that is not taken, with the reason;
				 * NULL: none */
	const char *const *broken;	/* files of the site that cannot be
					 * read, with the reason */
	size_t nbroken;
};

/* What episode list would find. */
struct init_outlook {
	size_t nread;		/* episodes without an error */
	size_t nbad;		/* notes with one */
	size_t nsilent;		/* that is without audio */
	size_t ntwins;		/* that is a guid of another's */
	const char *problem[INIT_PROBLEMS_MAX];
	size_t nproblems;
};

/* Looks at the tree; a folder inside a site is the folder of the notes, and the
 * site above it is the tree. ERR_NOINPUT when dir is not there or has no notes,
 * ERR_OUTPUT when a show.ini reads them already, ERR_USAGE when what env asks
 * for cannot be. All is in the arena. */
int init_look(struct arena *a, const char *dir, const struct init_env *env,
    struct init_plan *out, struct err *err);

/* The plan as a show.ini. A value that show.ini would not take is put off
 * (`#key =`) with the reason. */
void init_text(struct arena *a, struct init_plan *p, struct buf *out);

/* Reads the notes as the plan has it; what is to be filled in counts as
 * something that is sound. */
void init_outlook(struct arena *a, const struct init_plan *p,
    struct init_outlook *out);

#endif
