#include "text/phrase.h"

#include <string.h>

#define NAME_BYTES "abcdefghijklmnopqrstuvwxyz0123456789_."

static bool
is_name(const char *s, size_t len)
{
	size_t i;

	if (len == 0 || len > PHRASE_NAME_MAX || s[0] == '.' ||
	    s[len - 1] == '.')
		return false;
	for (i = 1; i < len; i++)
		if (s[i] == '.' && s[i - 1] == '.')
			return false;
	return true;
}

const char *
phrase_hole(const char *text, const char **name, size_t *len)
{
	const char *open = text;

	while ((open = strchr(open, '{')) != NULL) {
		*name = open + 1;
		*len = strspn(*name, NAME_BYTES);
		if ((*name)[*len] == '}' && is_name(*name, *len))
			return open;
		open++;
	}
	return NULL;
}

int
phrase_check(const char *text, struct err *err)
{
	const char *hole, *name, *brace;
	size_t len;

	for (;;) {
		brace = text + strcspn(text, "{}");
		if (*brace == '\0')
			return 0;
		hole = phrase_hole(brace, &name, &len);
		if (hole != brace)
			return err_set(err, ERR_CONFIG, "the brace in "
			    "`%.40s` is none of a hole, which is written "
			    "{name}, in small letters", brace);
		text = name + len + 1;
	}
}

bool
phrase_counts(const struct phrase *p)
{
	size_t i;

	for (i = 0; i < PLURALS; i++)
		if (i != PLURAL_OTHER && p->form[i].text != NULL)
			return true;
	return false;
}
