#include "show/made.h"

const char *
made_name(struct arena *a, const struct show *s, const struct episode *e)
{
	char *name = arena_printf(a, "%s%s", show_folder(a, s, e), e->bundle ?
	    "" : show_stem(a, e)), *p;

	if (e->bundle && name[0] == '\0')
		name = arena_strdup(a, show_stem(a, e));
	for (p = name; *p != '\0'; p++)
		if (*p == '/')
			*p = p[1] == '\0' ? '\0' : '-';
	return name;
}
