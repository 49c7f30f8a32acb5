/* What can be downloaded, and where it then is. */
#include <ctype.h>
#include <string.h>

#include "base/fs.h"
#include "feed/import_int.h"
#include "feed/read_int.h"
#include "text/url.h"
#include "text/xml.h"

#define ENDING_MAX 8

bool
import_is_address(const char *url)
{
	struct err ignored = ERR_INIT;

	return url != NULL && url_check(url, &ignored) == 0;
}

const char *
import_address(struct arena *a, const char *url)
{
	if (url == NULL || import_is_address(url))
		return url;
	url = xw_resolve(a, "", url);
	return import_is_address(url) ? url : NULL;
}

const char *
import_local(const struct import *im, const char *url)
{
	size_t i = url == NULL ? STRMAP_NONE : strmap_get(&im->media_at, url);

	return i == STRMAP_NONE || im->media[i].failed ? NULL :
	    im->media[i].name;
}

const char *
import_beside(struct arena *a, const char *url, const char *name)
{
	const char *host = strstr(url, "://") + 3;
	const char *end = url + strcspn(url, "?#"), *last = end;

	while (last > host && last[-1] != '/')
		last--;
	/* Where there is no path the name is the first of it. */
	if (last == host)
		return arena_printf(a, "%.*s/%s", (int)(end - url), url, name);
	return arena_printf(a, "%.*s%s", (int)(last - url), url, name);
}

const char *
import_media_url(struct import *im)
{
	const char *why;

	return import_beside(&im->arena, import_feed_url(im, &why), "media/");
}

/* ".mp3" of an address's path; "" where it has none that a file can bear. */
static const char *
ending_of(struct arena *a, const char *url)
{
	const char *end = url + strcspn(url, "?#"), *dot = end;
	char *ending;
	size_t i, len;

	while (dot > url && dot[-1] != '.' && dot[-1] != '/')
		dot--;
	len = (size_t)(end - dot);
	if (dot == url || dot[-1] != '.' || len == 0 || len > ENDING_MAX)
		return "";
	ending = arena_strndup(a, dot - 1, len + 1);
	for (i = 1; i <= len; i++) {
		if (!isalnum((unsigned char)ending[i]))
			return "";
		ending[i] = (char)tolower((unsigned char)ending[i]);
	}
	return ending;
}

static void
add(struct import *im, const char *url, const char *stem, int64_t length,
    unsigned line)
{
	struct arena *a = &im->arena;
	const char *ending, *name;
	struct import_media *m;
	unsigned n;

	url = import_address(a, url);
	if (url == NULL || import_local(im, url) != NULL)
		return;
	ending = ending_of(a, url);
	name = arena_printf(a, "%s%s", stem, ending);
	for (n = 2; strmap_get(&im->names, name) != STRMAP_NONE; n++)
		name = arena_printf(a, "%s-%u%s", stem, n, ending);
	(void)strmap_put(&im->names, name, im->nmedia);
	(void)strmap_put(&im->media_at, url, im->nmedia);
	im->media = feed_read_grow(a, im->media, im->nmedia,
	    sizeof(*im->media));
	m = &im->media[im->nmedia++];
	*m = (struct import_media){ .url = url, .name = name,
	    .length = length, .line = line };
}

void
import_media_plan(struct import *im)
{
	const struct feed_doc_channel *c = &im->doc->channel;
	struct arena *a = &im->arena;
	const struct import_item *it;
	size_t i, k;

	if (!im->with_media)
		return;
	add(im, c->image, "cover", -1, c->element->line);
	for (i = 0; i < im->nitems; i++) {
		it = &im->items[i];
		if (it->audio != NULL)
			add(im, it->audio->url, it->stem, it->audio->length,
			    it->audio->line);
		add(im, it->doc->image, it->stem, -1, it->doc->line);
		add(im, it->doc->chapters_url, arena_printf(a, "%s.chapters",
		    it->stem), -1, it->doc->line);
		for (k = 0; k < it->doc->ntranscripts; k++)
			add(im, it->doc->transcripts[k].url, it->stem, -1,
			    it->doc->transcripts[k].line);
	}
}
