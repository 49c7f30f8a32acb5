/*
 * The one table of every key of config.ini and show.ini: scope, type, range,
 * default and help. Files are checked against it; the documentation is held
 * against it by a test.
 */
#ifndef SHOW_OPTIONS_H
#define SHOW_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "text/ini.h"

enum option_scope {
	OPTION_CONFIG,
	OPTION_SHOW,
	OPTION_FEED,	/* [feed NAME] of show.ini */
	OPTION_RELAY	/* [relay NAME] of config.ini */
};

enum option_type {
	OPTION_TEXT,
	OPTION_URL,		/* absolute http or https, as url_check() */
	OPTION_HEADER_URL,	/* the same, as a mail header can carry it */
	OPTION_HEADER_LINK,	/* the same, or mailto: */
	OPTION_HTTPS,		/* the same, https only */
	OPTION_LIST_ID,		/* RFC 2919 */
	OPTION_SELECTOR,	/* of a DKIM key, RFC 6376 §3.1 */
	OPTION_FEEDBACK_ID,	/* the last field of Feedback-ID */
	OPTION_PATH,		/* counts from the file that names it */
	OPTION_STORE,		/* the same, or a server's address */
	OPTION_PATTERN,		/* a shell pattern, not joined: the folder that
				 * it counts from is none */
	OPTION_BOOL,		/* true, false, yes, no */
	OPTION_NUMBER,		/* min to max */
	OPTION_SPAN,		/* 14d */
	OPTION_RATE,		/* 20/s */
	OPTION_CHOICE,		/* one of `choices`, separated by | */
	OPTION_COLOUR,		/* #rrggbb */
	OPTION_FONT,		/* families of CSS: names, or '…', with
				 * commas */
	OPTION_UUID,
	OPTION_CLOCK,		/* HH:MM */
	OPTION_NAME,		/* [a-z0-9-]+, for file names and tokens */
	OPTION_FILE,		/* a file's name without folders */
	OPTION_LANGUAGE		/* RFC 5646 §2.1, its shape */
};

struct option {
	const char *name;
	enum option_scope scope;
	enum option_type type;
	const char *fallback;	/* default; NULL: none */
	bool required;
	bool repeat;		/* may be given several times */
	long min, max;		/* OPTION_NUMBER */
	const char *choices;	/* OPTION_CHOICE */
	const char *help;	/* one sentence without a full stop */
};

#define OPTIONS_SECTIONS_MAX 50	/* sections with a name, of one file */

extern const struct option options_table[];
extern const size_t options_count;

#define OPTIONS_MAX 192

struct options_value {
	const char *text;	/* checked; a path is already joined */
	unsigned line;		/* 0: the default */
};

/* The values of one file. */
struct options {
	enum option_scope scope;
	const char *file;
	const char *dir;	/* folder of the file */
	struct options_value *value[OPTIONS_MAX];	/* by index in the
							 * table */
	size_t n[OPTIONS_MAX];
	bool told[OPTIONS_MAX];	/* it is given, with a value of no use */
	const struct ini_entry **fields;	/* show.ini: its [fields] */
	size_t nfields;
	/* show.ini: its [feed NAME], config.ini: its [relay NAME], in their
	 * order. */
	struct options **sections;
	size_t nsections;
	/* Of such a section; "" and 0 of a file. */
	const char *section;	/* NAME */
	unsigned line;
};

/* Reads a file's text. What is wrong goes to findings (rules "option-unknown",
 * "option-value", "option-missing", "option-twice", "option-quotes",
 * "ini-syntax") with line;
 * the values that are sound are there all the same. */
void options_read(struct arena *a, enum option_scope scope, const char *file,
    const char *text, size_t len, struct options *out, struct findings *to);

/* The (only or first) value or the default; NULL when there is neither. The
 * name must be in the table, as a key of such a file. */
const char *options_text(const struct options *o, const char *name);
/* The line the (first, or i-th) value stands on, 0 for a default. */
unsigned options_line(const struct options *o, const char *name);
unsigned options_line_at(const struct options *o, const char *name, size_t i);
size_t options_number_of(const struct options *o, const char *name);
const char *options_at(const struct options *o, const char *name, size_t i);
/* Whether it is given with a value that is of no use, which was told. */
bool options_told(const struct options *o, const char *name);
bool options_bool(const struct options *o, const char *name);
long options_number(const struct options *o, const char *name);
/* Seconds. */
int64_t options_span(const struct options *o, const char *name);
/* An hour; 0: none. */
int64_t options_rate(const struct options *o, const char *name);
/* Seconds of the day. */
int options_clock(const struct options *o, const char *name);

/* Those of a text that begins with HH:MM, five bytes; -1: it does not. */
int options_clock_at(const char *s);
/* Whether a text is what `language` wants: a language tag (RFC 5646). */
bool options_is_language(const char *s);

#endif
