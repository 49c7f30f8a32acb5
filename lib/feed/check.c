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

bool
check_has_items(const char *text)
{
	size_t len;

	while ((text = strchr(text, '<')) != NULL) {
		text++;
		len = strcspn(text, " \t\r\n/>");
		if ((len == 4 && strncmp(text, "item", 4) == 0) ||
		    (len == 5 && strncmp(text, "entry", 5) == 0))
			return true;
	}
	return false;
}
