#include "text/rtl.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Those of CLDR's "characterOrder: right-to-left", and their older names. */
static const char *const languages[] = {
	"ar", "arc", "bal", "ckb", "dv", "fa", "glk", "he", "iw", "ji", "khw",
	"ks", "lrc", "mzn", "nqo", "pnb", "prs", "ps", "sd", "syr", "ug", "ur",
	"yi"
};

static const char *const scripts[] = {
	"Adlm", "Arab", "Aran", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr",
	"Syrc", "Thaa"
};

static bool
among(const char *const *list, size_t n, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strlen(list[i]) == len && strncasecmp(list[i], s, len) == 0)
			return true;
	return false;
}

/* The script, of four letters, stands behind the language and up to three
 * extensions of it of three. */
static const char *
script(const char *tag)
{
	const char *p = strchr(tag, '-');

	while (p != NULL && strcspn(p + 1, "-") == 3)
		p = strchr(p + 1, '-');
	return p != NULL && strcspn(p + 1, "-") == 4 &&
	    isalpha((unsigned char)p[1]) ? p + 1 : NULL;
}

bool
rtl_language(const char *tag)
{
	const char *s = tag != NULL ? script(tag) : NULL;

	if (tag == NULL)
		return false;
	if (s != NULL)
		return among(scripts, sizeof(scripts) / sizeof(scripts[0]), s,
		    4);
	return among(languages, sizeof(languages) / sizeof(languages[0]), tag,
	    strcspn(tag, "-"));
}
