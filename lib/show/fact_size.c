/* Sizes in bytes as people write them (show/fact.h). */
#include "show/fact.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Digits in groups of three behind the first: 18,200,000. */
static bool
is_grouped(const char *s, const char *separator)
{
	size_t len = strlen(separator), n = strspn(s, "0123456789");

	if (n == 0 || n > 3)
		return false;
	for (s += n; *s != '\0'; s += len + 3)
		if (strncmp(s, separator, len) != 0 ||
		    strspn(s + len, "0123456789") < 3)
			return false;
	return true;
}

/* Bytes; 0 when it is no number of them. */
static int64_t
bytes_of(const char *text)
{
	/* Comma, dot, blank, apostrophe, low line; no-break, thin and narrow
	 * no-break blank; right single quotation mark. */
	static const char *const separators[] = {
		",", ".", " ", "'", "_", "\xc2\xa0", "\xe2\x80\x89",
		"\xe2\x80\xaf", "\xe2\x80\x99"
	};
	char digits[24];
	size_t i, n = 0;

	if (text[strspn(text, "0123456789")] != '\0') {
		for (i = 0; i < 9 && !is_grouped(text, separators[i]); i++)
			;
		if (i == 9)
			return 0;
	}
	for (; *text != '\0' && n < sizeof(digits) - 1; text++)
		if (isdigit((unsigned char)*text))
			digits[n++] = *text;
	digits[n] = '\0';
	return n > 15 ? 0 : strtoll(digits, NULL, 10);
}

int64_t
fact_size(const struct fact_source *s, const struct fact *f)
{
	const char *unit;
	char *number;
	size_t len;
	int64_t n;

	if (f->text == NULL)
		return -1;
	number = arena_strdup(&s->show->arena, f->text);
	unit = f->text + strcspn(f->text, "BbKkMmGg");
	if (strcasecmp(unit, "bytes") == 0 || strcasecmp(unit, "b") == 0)
		number[unit - f->text] = '\0';
	for (len = strlen(number); len > 0 && isspace((unsigned char)
	    number[len - 1]); len--)
		number[len - 1] = '\0';
	n = bytes_of(number);
	if (n > 0) {
		if (n % 10000 == 0)
			finding_add(s->to, SEV_WARNING, "episode-size-rounded",
			    f->file, f->line, "`%s: %s` looks rounded; write "
			    "the size in bytes, or leave it out", f->key,
			    f->text);
		return n;
	}
	if (strcmp(number, "0") == 0 || (*unit != '\0' &&
	    isdigit((unsigned char)f->text[0])))
		finding_add(s->to, SEV_WARNING, "episode-size", f->file,
		    f->line, "`%s: %s` is no size in bytes; it counts as "
		    "not said", f->key, f->text);
	else
		fact_doubt(s, f, "episode-number", "`%s: %s` is no size; "
		    "write the bytes as a whole number from 1 on", f->key,
		    f->text);
	return -1;
}
