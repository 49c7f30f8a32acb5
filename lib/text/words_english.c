/* The words that are always there: templates/words/en.ini, line by line. */
#include <string.h>

#include "base/buf.h"
#include "text/words_int.h"

static const char *const lines[] = {
#include "text/words_english.inc"
};

#define LINES (sizeof(lines) / sizeof(lines[0]))

const char *
words_english(struct arena *a)
{
	struct buf text;
	const char *all;
	size_t i;

	buf_init(&text, 0);
	for (i = 0; i < LINES; i++) {
		buf_adds(&text, lines[i]);
		buf_addc(&text, '\n');
	}
	all = arena_strdup(a, text.data);
	buf_release(&text);
	return all;
}

bool
words_is_key(const char *key)
{
	size_t len = strlen(key), i;

	for (i = 0; i < LINES; i++)
		if (strncmp(lines[i], key, len) == 0 && (lines[i][len] ==
		    '.' || strncmp(lines[i] + len, " =", 2) == 0))
			return true;
	return false;
}
