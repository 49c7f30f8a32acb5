/* The template that the site makes its feed from: where the feed is, and how
 * its guids are made. */
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "show/init_int.h"
#include "text/front.h"
#include "text/utf8.h"

#define TEMPLATE_MAX ((size_t)1 << 18)
#define TEMPLATES_MAX 500	/* files that are looked into */
#define GUID_MAX 160
#define GUIDS_MAX 2

static bool
may_be_template(const char *path)
{
	static const char *const endings[] = {
		".xml", ".rss", ".njk", ".liquid", ".ejs", ".hbs", ".js",
		".mjs", ".cjs", ".ts", ".php", ".j2", ".html", ".tmpl"
	};
	const char *dot = strrchr(fs_basename(path), '.');
	size_t i;

	for (i = 0; dot != NULL && i < sizeof(endings) / sizeof(endings[0]);
	    i++)
		if (strcasecmp(dot, endings[i]) == 0)
			return true;
	return false;
}

/* What stands in a guid, when it is short and on one line; *at: behind it,
 * NULL: there are no more. */
static const char *
next_guid(struct arena *a, const char **at)
{
	const char *p = strstr(*at, "<guid"), *end;
	size_t len;

	*at = NULL;
	p = p == NULL ? NULL : strchr(p, '>');
	if (p == NULL)
		return NULL;
	p += 1 + strspn(p + 1, " \t\r\n");
	end = strstr(p, "</guid>");
	if (end == NULL)
		return NULL;
	*at = end;
	len = (size_t)(end - p);
	while (len > 0 && strchr(" \t\r\n", p[len - 1]) != NULL)
		len--;
	return len == 0 || len > GUID_MAX || strcspn(p, "\r\n") < len ? NULL :
	    arena_strndup(a, p, len);
}

/* The first of them: a template may have several, for different notes. */
static const char *
guids_of(struct arena *a, const char *text)
{
	const char *out = NULL, *one;
	unsigned i;

	for (i = 0; i < GUIDS_MAX && text != NULL; i++) {
		one = next_guid(a, &text);
		if (one != NULL)
			out = out == NULL ? one :
			    arena_printf(a, "%s` or `%s", out, one);
	}
	return out;
}

/* The path that its front matter gives it; one that has placeholders leads to
 * no one file. */
static const char *
permalink_of(struct arena *a, const struct buf *text)
{
	struct err err = ERR_INIT;
	struct front front;
	const char *path;

	if (utf8_invalid_at(text->data, text->len) != text->len ||
	    front_read(a, text->data, text->len, &front, &err) != 0)
		return NULL;
	path = node_get_text(front.map, "permalink");
	return path == NULL || path[0] == '\0' ||
	    strpbrk(path, "{}<>:* ") != NULL ? NULL : path;
}

/* The address that stands before each episode's own one, as of a service that
 * counts: `url="https://count.example.org/{{ page.audio }}"`. */
static const char *
prefix_of(struct arena *a, const char *text)
{
	const char *p = strstr(text, "<enclosure"), *path;
	size_t len;

	p = p == NULL ? NULL : strstr(p, "url=");
	if (p == NULL || (p[4] != '"' && p[4] != '\''))
		return NULL;
	p += 5;
	len = strcspn(p, "{\"'>\r\n");
	if (p[len] != '{' || len > GUID_MAX ||
	    (strncmp(p, "https://", 8) != 0 && strncmp(p, "http://", 7) != 0))
		return NULL;
	path = strchr(strstr(p, "//") + 2, '/');
	return path == NULL || path >= p + len || p[len - 1] != '/' ? NULL :
	    arena_strndup(a, p, len);
}

/* How sure it is that this makes the show's feed; 0: it makes none. */
static unsigned
sureness(const char *text)
{
	if (strstr(text, "<rss") == NULL)
		return 0;
	return 1U + (strstr(text, "itunes:") != NULL ? 2 : 0) +
	    (strstr(text, "<enclosure") != NULL ? 1 : 0) +
	    (strstr(text, "<guid") != NULL ? 1 : 0);
}

void
init_find_template(struct init_work *w)
{
	struct err err = ERR_INIT;
	size_t i, looked = 0;
	unsigned sure, best = 0;
	struct buf text;

	memset(&w->feed, 0, sizeof(w->feed));
	for (i = 0; i < w->tree.nfiles && looked < TEMPLATES_MAX; i++) {
		if (!may_be_template(w->tree.file[i]))
			continue;
		looked++;
		buf_init(&text, TEMPLATE_MAX);
		if (fs_read(fs_join(w->a, w->tree.dir, w->tree.file[i]),
		    TEMPLATE_MAX, &text, NULL, &err) == 0 && text.len > 0 &&
		    (sure = sureness(text.data)) > best) {
			best = sure;
			w->feed.file = w->tree.file[i];
			w->feed.guid = guids_of(w->a, text.data);
			w->feed.prefix = prefix_of(w->a, text.data);
			w->feed.path = permalink_of(w->a, &text);
		}
		buf_release(&text);
	}
}
