#include "feed/check.h"

#include <stddef.h>
#include <string.h>

#include "feed/category.h"

void
check_show(const struct show *s, struct findings *to)
{
	const struct show_category *c;
	const char *why;
	size_t i;

	if (s->image == NULL)
		finding_add(to, SEV_WARNING, "show-image", s->file, 0,
		    "the show has no cover, and Apple Podcasts takes none "
		    "without; write `image = https://…`");
	if (s->ncategories == 0)
		finding_add(to, SEV_WARNING, "show-category", s->file, 0,
		    "the show has no category, and Apple Podcasts takes none "
		    "without; write `category = …`, such as `News > Tech "
		    "News`");
	for (i = 0; i < s->ncategories; i++) {
		c = &s->categories[i];
		if (!category_is_known(c->name, c->sub, &why))
			finding_add(to, SEV_WARNING, "show-category-unknown",
			    s->file, c->line, "`%s%s%s` %s; "
			    "showmill-config(5) has the list",
			    c->name, c->sub != NULL ? " > " : "",
			    c->sub != NULL ? c->sub : "", why);
	}
}

static const char *
pass_blanks(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

/* Inside a string the quotes of "items" have backslashes before them, and no
 * value has a colon behind it. */
static bool
has_json_items(const char *text)
{
	static const char key[] = "\"items\"";

	while ((text = strstr(text, key)) != NULL) {
		text = pass_blanks(text + sizeof(key) - 1);
		if (*text != ':')
			continue;
		text = pass_blanks(text + 1);
		if (*text == '[' && pass_blanks(text + 1)[0] != ']')
			return true;
	}
	return false;
}

bool
check_has_items(const char *text)
{
	size_t len;

	if (*pass_blanks(text) == '{')
		return has_json_items(text);
	while ((text = strchr(text, '<')) != NULL) {
		text++;
		len = strcspn(text, " \t\r\n/>");
		if ((len == 4 && strncmp(text, "item", 4) == 0) ||
		    (len == 5 && strncmp(text, "entry", 5) == 0))
			return true;
	}
	return false;
}
