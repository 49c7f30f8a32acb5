/* Podlove Simple Chapters as the front matter's `chapters`. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "feed/import_int.h"
#include "feed/read_int.h"
#include "show/chapters.h"
#include "text/front_write.h"

#define START_MAX ((int64_t)100 * 3600 * 1000)	/* ms; more is a mistake */

static bool
is_said(const struct feed_doc_chapter *c, int64_t after)
{
	return c->start_ms >= after && c->start_ms < START_MAX &&
	    c->title != NULL && c->title[0] != '\0' &&
	    strlen(c->title) <= CHAPTERS_TITLE_MAX &&
	    import_is_clean(c->title) &&
	    (c->href == NULL || import_is_address(c->href)) &&
	    (c->image == NULL || import_is_address(c->image));
}

/* What is no address is in no field of the chapter, but in its attribute. */
static bool
has_lost(const struct xr_node *n, const char *name, const char *url)
{
	const char *written = xr_attr(n, "", name);

	return url == NULL && written != NULL && *written != '\0';
}

/* n is psc:chapters, all of whose chapters were read. */
static bool
has_lost_any(const struct xr_node *n, const struct feed_doc_item *d)
{
	const struct xr_node *e;
	size_t i = 0;

	for (e = xr_element(n->first); e != NULL; e = xr_element(e->next), i++)
		if (i >= d->nchapters || has_lost(e, "href",
		    d->chapters[i].href) || has_lost(e, "image",
		    d->chapters[i].image))
			return true;
	return false;
}

bool
import_chapters_said(const struct import_xml *x,
    const struct feed_doc_item *d)
{
	const struct xr_node *n;
	size_t i;

	/* The key then has the address of the other chapters. */
	if (d->nchapters == 0 || d->nchapters > CHAPTERS_MAX ||
	    d->chapters_url != NULL)
		return false;
	for (n = d->element->first; n != NULL; n = n->next)
		if (feed_ns_is(n, FEED_NS_PSC, "chapters") &&
		    (import_xml_is_unknown(x, n) || has_lost_any(n, d)))
			return false;
	for (i = 0; i < d->nchapters; i++)
		if (!is_said(&d->chapters[i], i == 0 ? 0 :
		    d->chapters[i - 1].start_ms))
			return false;
	return true;
}

static void
add_time(struct buf *out, int64_t ms)
{
	int64_t s = ms / 1000;

	if (s >= 3600)
		buf_addf(out, "%" PRId64 ":%02" PRId64, s / 3600,
		    s / 60 % 60);
	else
		buf_addf(out, "%" PRId64, s / 60);
	buf_addf(out, ":%02" PRId64, s % 60);
	if (ms % 1000 != 0)
		buf_addf(out, ".%03" PRId64, ms % 1000);
}

/* As one line, where no part of the title would be taken for something else:
 * a dash, a time, an address behind it. */
static bool
is_line(const struct feed_doc_chapter *c)
{
	return c->href == NULL && c->image == NULL &&
	    isalpha((unsigned char)c->title[0]) &&
	    c->title[strlen(c->title) - 1] != '>';
}

static void
add_key(struct buf *out, const char *key, const char *value)
{
	if (value == NULL)
		return;
	buf_addf(out, "    %s: ", key);
	front_write_text(out, value);
	buf_addc(out, '\n');
}

void
import_chapters(const struct feed_doc_item *d, struct buf *out)
{
	struct buf one;
	size_t i;

	buf_init(&one, 0);
	buf_adds(out, "chapters:\n");
	for (i = 0; i < d->nchapters; i++) {
		const struct feed_doc_chapter *c = &d->chapters[i];

		buf_clear(&one);
		add_time(&one, c->start_ms);
		if (is_line(c))
			buf_addf(&one, " %s", c->title);
		buf_adds(out, is_line(c) ? "  - " : "  - start: ");
		front_write_text(out, one.data);
		buf_addc(out, '\n');
		if (is_line(c))
			continue;
		add_key(out, "title", c->title);
		add_key(out, "url", c->href);
		add_key(out, "image", c->image);
	}
	buf_release(&one);
}
