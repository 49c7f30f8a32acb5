/*
 * Between the files that read chapters.
 */
#ifndef SHOW_CHAPTERS_INT_H
#define SHOW_CHAPTERS_INT_H

#include "show/chapters.h"
#include "text/node.h"

#define CHAPTERS_FILE_MAX ((size_t)1 << 20)	/* bytes of a file */

/* Chapters on their way into an episode. */
struct chapters {
	struct arena *a;	/* for what stays */
	const char *file;	/* in which they stand, for messages */
	const char *base;	/* against which addresses are resolved */
	struct findings *to;
	enum severity fault;	/* of what is no chapter */
	struct show_chapter *list;	/* malloc'd */
	size_t n, cap;
	size_t over;		/* that are too many */
	size_t *late;		/* counts lists that do not begin at 0:00;
				 * NULL: each is told */
};

void chapters_open(struct chapters *c, struct arena *a, const char *file,
    const char *base, enum severity fault, struct findings *to);
/* Frees the list. */
void chapters_close(struct chapters *c);

/* Adds one: its texts are checked and copied. title "" is none. */
void chapters_add(struct chapters *c, const struct show_chapter *one);
/* A finding about an entry on that line. */
void chapters_fault(struct chapters *c, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Tells what is odd about them, sorts them, and gives them to e. */
void chapters_settle(struct chapters *c, enum show_chapters from,
    struct episode *e);

/* ---- chapters_line.c: times and lines ---- */

/* The time that text begins with: 4:27, 75:30, 01:02:03.5; with `plain` also
 * seconds alone, 267.5. *end is behind it. false: it begins with none. */
bool chapters_time(const char *text, bool plain, int64_t *ms,
    const char **end);
/* The whole of a text. */
bool chapters_is_time(const char *text, bool plain, int64_t *ms);
/* A line of text that begins with a time, which may stand in brackets, be a
 * link or be emphasised, with an @ before it: "0:00 Hello", "00:01:30.500 -
 * Hello", "(12:30) Topic", "[@4:27] Topic", "**[00:00](#t=00:00)** Topic". A
 * second time behind a dash is the end, an address in angle brackets behind
 * the title is its link. Title and link come out of the arena. false: it does
 * not begin with a time. */
bool chapters_line(struct arena *a, const char *text, size_t len,
    struct show_chapter *out);
/* Of a text of many lines; blank ones and those with # are passed over. */
void chapters_lines(struct chapters *c, const char *text, size_t len,
    unsigned first_line);

/* ---- chapters_file.c ---- */

/* A list of chapters, as front matter or JSON has it. */
void chapters_nodes(struct chapters *c, const struct node *list);
/* The text of a file: JSON chapters 1.2, Podlove Simple Chapters, WebVTT, or
 * lines. *json: it is the first of them. ERR_INPUT when it is none. */
int chapters_text(struct chapters *c, const char *text, size_t len,
    bool *json, struct err *err);

/* ---- chapters_notes.c ---- */

/* The time stamps of notes (ended by a NUL) that begin on first_line: at least
 * three, rising, the first below ten minutes. */
void chapters_stamps(struct chapters *c, const char *text, size_t len,
    unsigned first_line);

#endif
