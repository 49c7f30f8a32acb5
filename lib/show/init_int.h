/*
 * Between the files that look at a tree (show/init.h).
 */
#ifndef SHOW_INIT_INT_H
#define SHOW_INIT_INT_H

#include "show/fields.h"
#include "show/init.h"
#include "text/node.h"

enum init_kind {
	INIT_BARE,
	INIT_HUGO,
	INIT_JEKYLL,
	INIT_OCTOPOD,
	INIT_ELEVENTY,
	INIT_ASTRO,
	INIT_PODBARD,
	INIT_STATICFORGE,
	INIT_ZOLA
};

/* The languages of a Hugo site. */
#define INIT_LANGS_MAX 16
struct init_langs {
	const char *code;	/* the show's; NULL: the site has one only */
	const char *root;	/* the folder of its content */
	const char *prefix;	/* of its pages' addresses; NULL: none */
	struct {
		const char *code, *root;
		size_t n;	/* notes */
		size_t named;	/* that have it in their names */
	} other[INIT_LANGS_MAX];
	size_t nothers;
};

/* The files of the tree. */
struct init_tree {
	const char *dir;
	enum init_kind kind;
	const char *marker;	/* the file that tells the kind; NULL: none */
	char **file;		/* paths from dir, sorted */
	size_t nfiles;
	bool showmill;		/* dir has a config.ini of ours */
	const char *only;	/* the folder that has the episodes, from dir;
				 * NULL: to be found */
	struct init_langs langs;
};

void init_tree_kind(struct arena *a, struct init_tree *t);
int init_tree_list(struct arena *a, struct init_tree *t, struct err *err);
bool init_tree_has(const struct init_tree *t, const char *file);
/* The folder of a path from the top, "" for the top. */
const char *init_folder(struct arena *a, const char *path);
/* Whether path lies in folder, or below it. */
bool init_is_below(const char *path, const char *folder);
/* name below folder, which may be "". */
const char *init_join(struct arena *a, const char *folder, const char *name);

/* The site's configuration: several files, the one that tells most about the
 * podcast first. */
#define INIT_DOCS_MAX 24
struct init_doc {
	const char *file;
	const struct node *map;
};
struct init_site {
	struct init_doc doc[INIT_DOCS_MAX];
	size_t n;
	const char *broken[INIT_DOCS_MAX];	/* what could not be read */
	size_t nbroken;
};
struct init_said {
	const char *text;	/* on one line; NULL: not said */
	const char *where;	/* "config.toml:4" */
};

/* A file of the site by its ending, as a map; NULL: there is none, or it cannot
 * be read. */
const struct node *init_site_file(struct arena *a, const struct init_tree *t,
    const char *path);
/* What a map has at a path, `a.b`; NULL: nothing. */
const struct node *init_node_at(const struct node *map, const char *path);
void init_site_read(struct arena *a, const struct init_tree *t,
    struct init_site *out);
/* The node at the first of the paths, separated by blanks, in any of the
 * files; *doc the one. NULL: none. */
const struct node *init_site_node(const struct init_site *s,
    const char *paths, const struct init_doc **doc);
/* The same as one line of text; of a list its first entry. */
struct init_said init_site_find(struct arena *a, const struct init_site *s,
    const char *paths);
/* A node's text on one line, of a list its first entry; NULL: it has none. */
const char *init_words(struct arena *a, const struct node *n);

/* One of the notes. */
struct init_note {
	const char *path;	/* from dir */
	const char *folder;	/* of an index.md the one above its own */
	const char *ending;	/* with a language before it, ".en.md" */
	bool bundle;
	bool looked;		/* sampled: what follows is known */
	bool front;		/* has front matter */
	const struct node *map;
	const char *audio;	/* as it is written; NULL: none is said */
	bool heard;		/* names audio, under whatever key */
	bool numbered;		/* by its name */
};

/* What the sampled notes say about one fact. */
struct init_fact {
	size_t hits;
	const char *path;	/* under which it stands mostly */
	const char *where;	/* an example, "content/a.md:6" */
	const char *value;	/* the example's */
	bool mapped;		/* needs [fields] */
	const char *paths;	/* for it */
};

struct init_notes {
	struct init_note *note;	/* all of the tree */
	size_t nnotes;
	const char *folder;	/* the one with the episodes */
	const char *others;	/* more folders with episodes, with how many
				 * notes, or NULL */
	bool joined;		/* the folders in it are taken as one show */
	const char *aside;	/* what else is left out, or NULL */
	struct init_note **own;	/* the notes in it */
	size_t nown;
	struct init_note **seen;	/* those of them that were sampled */
	size_t nseen;
	size_t nfront;		/* of seen: with front matter */
	struct fields *fields;
	struct init_fact audio, date, number, title, guid;
	const char *filter;	/* KEY = VALUE; NULL: none */
	const char *filter_why;
	const char *filter_look;	/* for a person, or NULL */
};

/* A folder of notes. */
struct init_place {
	const char *path;
	size_t first, n;	/* in the notes, which are sorted by folder */
	size_t worth;		/* as episodes */
};

/* The folder above, where all that lies in it is made alike: one show whose
 * notes were put in order. Else the folder itself. */
const char *init_join_siblings(struct arena *a, const struct init_tree *t,
    struct init_notes *n, const struct init_place *f, size_t count,
    const char *folder);
/* Sets others and aside. */
void init_tell_others(struct arena *a, const struct init_tree *t,
    struct init_notes *n, const struct init_place *f, size_t count);

/* Sets the tree's languages, and puts what the site says of the show's
 * first. */
void init_langs_find(struct arena *a, struct init_tree *t,
    struct init_site *s);
/* The ending of a note's name, with the show's language before it; NULL: the
 * note is in another one. */
const char *init_langs_ending(struct init_langs *l, const char *path);

/* Whether anything in the front matter is the name of an audio file. */
bool init_has_audio(const struct node *n, unsigned depth);
int init_notes_find(struct arena *a, struct init_tree *t,
    struct init_notes *out, struct err *err);
/* The sample's facts: keys, places, filter. */
void init_notes_facts(struct arena *a, struct init_notes *n);
/* Sets the filter where a key tells several shows apart. */
void init_find_shows(struct arena *a, struct init_notes *n);
/* The text of a fact of one of the sampled notes, NULL: not said. at and path
 * may be NULL: the node, and how it is reached. */
const char *init_note_says(struct arena *a, const struct init_notes *n,
    const struct init_note *note, const char *fact, const struct node **at,
    const char **path);

/* Patterns of the notes' names. */
#define INIT_NAMES_MAX 8
struct init_names {
	const char *name[INIT_NAMES_MAX];
	size_t n;
	bool numbered, dated;	/* most of them tell it */
};
void init_names(struct arena *a, const struct init_notes *notes,
    struct init_names *out);

/* Lines of the plan. init_found: a value with where it was found; init_off: a
 * line that a person may need; init_must: one that must be filled in. */
void init_heading(struct init_plan *p, const char *text);
void init_found(struct init_plan *p, const char *key, const char *value,
    const char *why);
void init_off(struct init_plan *p, const char *key, const char *value,
    const char *why);
void init_must(struct init_plan *p, const char *key, const char *value,
    const char *why);
void init_field(struct init_plan *p, const char *key, const char *value,
    const char *why);

/* The line of the key is one that a person must look at. */
void init_look_at(struct init_plan *p, const char *key, const char *what);

/* Guids of the rule, which are made of the number, are another's where numbers
 * begin anew with each season: a pattern then, if one helps. */
void init_settle_guids(struct arena *a, struct init_plan *p);

/* Everything that the parts of the plan are made from. */
struct init_work {
	struct arena *a;
	const struct init_env *env;
	struct init_tree tree;
	struct init_site site;
	struct init_notes notes;
	struct init_names names;
	struct {
		const char *file;	/* from dir; NULL: none */
		const char *path;	/* that it is published under */
		const char *guid;	/* of an item, as it stands there */
		const char *prefix;	/* before each audio address */
	} feed;			/* the site's own template */
	const char *table;	/* from dir; NULL: none */
	bool table_audio, table_date;	/* it says them of most */
	const char *up;		/* from show.ini to dir: "" or "../../" */
	const char *link;	/* NULL: not known */
	const char *page_look;	/* what is doubtful about episode_url, or
				 * NULL */
	struct init_plan *plan;
};

void init_show_facts(struct init_work *w);	/* title to guid */
void init_find_table(struct init_work *w);
bool init_has_audio_files(const struct init_tree *tree);
void init_media(struct init_work *w);
void init_zone(struct init_work *w);
void init_pages(struct init_work *w);		/* episode_url, people */
void init_langs_tell(struct init_work *w);
void init_tell_except(struct init_work *w);	/* pages among the notes */
/* The part of Hugo's content that the notes are in: "episode". */
const char *init_section(const struct init_work *w);
/* The same as a part of an address, behind the language's. */
const char *init_hugo_section(struct init_work *w);
/* The pattern of the episodes' pages below link. NULL: the site does not tell;
 * *why then has the reason, or NULL. */
const char *init_page_path(struct init_work *w, const char **why);
/* sure: the site says it. */
const char *init_feed_url(struct init_work *w, const char **why, bool *sure);
void init_find_template(struct init_work *w);
/* link and a path below it. */
const char *init_url(struct init_work *w, const char *path);

#endif
