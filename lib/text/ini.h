/*
 * config.ini and show.ini: `key = value` lines.
 *
 * Read by our own hand: of the libraries in Debian 12, inih is built to cut
 * lines at 200 bytes and to drop what follows " ;", and libini_config does
 * not tell the line of a value, which every message here needs.
 *
 * A line that begins with # or ; is a comment (not behind a value: URLs and
 * texts have both). A line that begins with a blank goes on with the value
 * above, joined by one blank. `[name]` begins a section. Blanks around keys
 * and values do not count. A UTF-8 byte order mark and CRLF are taken.
 */
#ifndef TEXT_INI_H
#define TEXT_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

#define INI_MAX ((size_t)1 << 20)	/* bytes of one file */

struct ini_entry {
	const char *section;	/* "": before the first [name] */
	const char *key;
	const char *value;	/* "" when there is none */
	unsigned line;
	unsigned section_line;	/* 0: there is no section */
	bool bad;		/* told already: the value is not to be used */
};

/* Reads the text of a file; entries in order, in the arena. Lines that are
 * none of the above and control characters go to findings (rule "ini-syntax")
 * and are passed over; a section with nothing in it is a warning ("ini-empty");
 * so does invalid UTF-8, whose entry is kept as bad. */
void ini_read(struct arena *a, const char *file, const char *text, size_t len,
    struct ini_entry **out, size_t *n, struct findings *to);

#endif
