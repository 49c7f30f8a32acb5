#include "text/language.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* One of the words in a list with blanks around each. */
static bool
is_in(const char *list, const char *word, size_t len)
{
	const char *p;

	for (p = list; *p != '\0'; p += strcspn(p, " ")) {
		p += strspn(p, " ");
		if (strcspn(p, " ") == len && strncasecmp(p, word, len) == 0)
			return true;
	}
	return false;
}

bool
language_is_rtl(const char *tag)
{
	static const char languages[] = "ar arc arz azb bal ckb dv fa glk he "
	    "iw ji khw ks lrc mzn nqo pnb prs ps sd skr syr ug ur yi ydd";
	static const char scripts[] = "Adlm Arab Aran Hebr Mand Mend Nkoo "
	    "Rohg Samr Syrc Thaa";
	size_t first, len;
	const char *p;

	if (tag == NULL)
		return false;
	first = strcspn(tag, "-_");

	/* The script has four letters, and stands before region and variant,
	 * which begin with a digit where they have four characters. */
	for (p = tag + first; *p != '\0'; p += len) {
		p++;
		len = strcspn(p, "-_");
		if (len == 4 && isalpha((unsigned char)*p))
			return is_in(scripts, p, len);
		if (len != 3)
			break;
	}
	return is_in(languages, tag, first);
}

bool
language_same(const char *one, const char *other)
{
	return strcasecmp(one, other) == 0;
}
