/*
 * The copies of a mail that the frames show.
 */
#include <string.h>
#include <strings.h>

#include "mail/preview.h"

/* Links open beside the page, and tell nobody of it. A scroll bar would take
 * away from the width that is said. */
static const char common[] = "<base target=\"_blank\">"
    "<meta name=\"referrer\" content=\"no-referrer\">"
    "<style>html{scrollbar-width:none}</style>";
static const char light[] = "<style>:root{color-scheme:light only}</style>";
static const char dark[] = "<style>:root{color-scheme:dark}</style>";
static const char blind[] = "<meta http-equiv=\"Content-Security-Policy\" "
    "content=\"img-src data:\">";

/* Always true, and never. */
static const char yes[] = "(min-width:0)", no[] = "(max-width:0)";

/* Behind the first start tag of that name; NULL: there is none. */
static const char *
behind_tag(const char *html, const char *name)
{
	size_t n = strlen(name);
	const char *p, *end;

	for (p = html; (p = strchr(p, '<')) != NULL; p++) {
		if (strncasecmp(p + 1, name, n) != 0 ||
		    strchr(" \t\r\n>", p[n + 1]) == NULL)
			continue;
		end = strchr(p, '>');
		return end == NULL ? NULL : end + 1;
	}
	return NULL;
}

static const char *
place_of_head(const char *html)
{
	const char *at = behind_tag(html, "head");

	if (at == NULL)
		at = behind_tag(html, "html");
	if (at == NULL)
		at = behind_tag(html, "!doctype");
	return at == NULL ? html : at;
}

/* Whether what stands at p is of a style sheet, or of a tag that names one: not
 * words of a page on style sheets. */
static bool
is_style(const char *html, const char *p)
{
	static const char *const tags[] = {
		"<style", "<link", "<source", "<meta", "<!--"
	};
	const char *tag = memrchr(html, '<', (size_t)(p - html));
	size_t i;

	for (i = 0; tag != NULL && i < sizeof(tags) / sizeof(tags[0]); i++)
		if (strncasecmp(tag, tags[i], strlen(tags[i])) == 0)
			return true;
	return false;
}

/* The end of "(prefers-color-scheme: dark)", which begins at open; NULL: it is
 * none. */
static const char *
condition(const char *open, const char *word, bool *is_dark)
{
	const char *p = open + 1, *value, *close;

	p += strspn(p, " \t\r\n");
	close = strchr(word, ')');
	if (*open != '(' || p != word || close == NULL)
		return NULL;
	p += sizeof("prefers-color-scheme") - 1;
	value = p + strspn(p, ": \t\r\n");
	*is_dark = strncasecmp(value, "light", 5) != 0;
	return close + 1;
}

static void
add_styled(struct buf *out, const char *html, const char *from, bool is_dark)
{
	const char *p = from, *word, *open, *end;
	bool wants_dark;

	while ((word = strcasestr(p, "prefers-color-scheme")) != NULL) {
		open = memrchr(p, '(', (size_t)(word - p));
		end = open != NULL && is_style(html, word) ?
		    condition(open, word, &wants_dark) : NULL;
		if (end == NULL) {
			buf_add(out, p, (size_t)(word + 1 - p));
			p = word + 1;
			continue;
		}
		buf_add(out, p, (size_t)(open - p));
		buf_adds(out, wants_dark == is_dark ? yes : no);
		p = end;
	}
	buf_adds(out, p);
}

void
preview_copy(const char *html, enum preview_view view, struct buf *out)
{
	const char *head = place_of_head(html);
	bool is_dark = view == PREVIEW_DARK;

	buf_add(out, html, (size_t)(head - html));
	buf_adds(out, common);
	if (view == PREVIEW_NO_PICTURES)
		buf_adds(out, blind);
	/* One that says nothing of dark screens stays light there. */
	buf_adds(out, is_dark && strcasestr(html, "color-scheme") != NULL ?
	    dark : light);
	add_styled(out, html, head, is_dark);
}
