/* What the front matter's `people` say of an item. */
#include <string.h>

#include "feed/import_int.h"
#include "feed/read_int.h"
#include "show/people.h"

bool
import_people_said(const struct feed_doc_item *d)
{
	const struct feed_doc_person *p;
	size_t i;

	for (i = 0; i < d->npersons; i++) {
		p = &d->persons[i];
		if (p->name[0] == '\0' || !import_is_clean(p->name) ||
		    !import_is_clean(p->role) || !import_is_clean(p->group) ||
		    (p->href != NULL && !import_is_address(p->href)) ||
		    (p->img != NULL && !import_is_address(p->img)))
			return false;
	}
	return d->npersons <= PEOPLE_MAX;
}

bool
import_creator_said(struct import *im, const struct feed_doc_item *d)
{
	const struct xr_node *n;
	const char *names;
	size_t seen = 0;

	/* An Atom feed is made without dc:creator. */
	if (im->doc->format == FEED_DOC_ATOM || !import_people_said(d))
		return false;
	names = feed_doc_names(&im->arena, d);
	for (n = d->element->first; n != NULL; n = n->next)
		if (feed_ns_is(n, FEED_NS_DC, "creator") && (seen++ > 0 ||
		    n->attrs != NULL || !import_same(feed_read_fold(&im->arena,
		    xr_text(&im->arena, n)), names)))
			return false;
	return true;
}
