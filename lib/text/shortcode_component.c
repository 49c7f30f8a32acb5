/* Components of Vue and MDX: tags that a site's code fills in. */
#include "text/shortcode_int.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Whether a name is a component's: a capital, and a small letter; no element of
 * HTML, whatever its case. */
static bool
is_component(const char *name, size_t len)
{
	static const char *const html[] = {
		"Img", "Br", "Hr", "Div", "Span", "Iframe", "Audio", "Video",
		"Source", "Strong", "Em", "Table", "Td", "Tr", "Th", "Ul",
		"Ol", "Li", "Figure", "Script", "Style", "Code", "Pre",
		"Textarea"
	};
	bool small = false;
	size_t i;

	for (i = 0; i < len; i++)
		small = small || islower((unsigned char)name[i]);
	for (i = 0; i < sizeof(html) / sizeof(html[0]); i++)
		if (strlen(html[i]) == len &&
		    strncasecmp(html[i], name, len) == 0)
			return false;
	return small && name[0] >= 'A' && name[0] <= 'Z';
}

static bool
is_blank(const char *line, const char *end)
{
	if (line < end && *line == '\r')
		line++;
	return line < end && *line == '\n';
}

/* Behind the > that ends the tag at p, one in quotes not counted; NULL: there
 * is none before a blank line. value: whether an attribute has one in
 * quotes. */
static const char *
tag_end(const char *p, const char *end, bool *value)
{
	const char *from = p;
	char quote = '\0';

	for (; p < end && p - from < TAG_LEN_MAX; p++) {
		if (*p == '\n' && is_blank(p + 1, end))
			return NULL;
		if (quote != '\0') {
			quote = *p == quote ? '\0' : quote;
		} else if (*p == '>' || *p == '<') {
			return *p == '>' ? p + 1 : NULL;
		} else if (p > from && p[-1] == '=' &&
		    strchr("\"'", *p) != NULL) {
			*value = true;
			quote = *p;
		}
	}
	return NULL;
}

/* The length of the name at p, where it is a component's; else 0. */
static size_t
name_length(const char *name, const char *end)
{
	const char *p = name;
	size_t len;

	while (p < end && (isalnum((unsigned char)*p) || *p == '.'))
		p++;
	len = (size_t)(p - name);
	return len > 0 && len <= TAG_NAME_MAX && p < end &&
	    strchr(" \t\r\n/>", *p) != NULL && is_component(name, len) ?
	    len : 0;
}

/* The end tag of one that was left out; where modules are imported, any. */
static bool
take_end_tag(struct walk *w)
{
	const char *name = w->p + 2;
	size_t len = name_length(name, w->end);

	if (len == 0 || !w->component || name[len] != '>')
		return false;
	walk_skip(w, name + len + 1);
	return true;
}

bool
shortcode_component(struct walk *w)
{
	const char *name = w->p + 1, *end;
	bool value = false;
	size_t len;

	if (name < w->end && *name == '/')
		return take_end_tag(w);
	len = name_length(name, w->end);
	if (len == 0 || w->failures >= FAILURES_MAX)
		return false;
	end = tag_end(name + len, w->end, &value);
	if (end == NULL)
		w->failures++;
	/* `<Suspense />` may well be what an episode is about. */
	if (end == NULL || (!value && !w->component))
		return false;
	w->component = true;
	walk_tell(w, "`<%.*s>` is a component of the site, and is left out",
	    (int)len, name);
	walk_skip(w, end);
	return true;
}

/* `import X from "y"`, a line that ends at nl */
static bool
is_import(const char *p, const char *nl)
{
	while (nl > p && strchr(" \t\r;", nl[-1]) != NULL)
		nl--;
	if (nl - p < 12 || memcmp(p, "import ", 7) != 0 ||
	    (nl[-1] != '"' && nl[-1] != '\''))
		return false;
	for (p += 7; nl - p > 7; p++)
		if (memcmp(p, " from ", 6) == 0)
			return p[6] == nl[-1];
	return false;
}

void
shortcode_imports(struct walk *w)
{
	const char *nl, *word;

	while (w->p < w->end) {
		nl = memchr(w->p, '\n', (size_t)(w->end - w->p));
		if (nl == NULL)
			nl = w->end;
		for (word = w->p; word < nl && strchr(" \t\r", *word) != NULL;)
			word++;
		if (is_import(w->p, nl)) {
			w->component = true;
			walk_skip(w, nl);
		} else if (word < nl) {
			return;
		}
		walk_copy(w, nl < w->end ? nl + 1 : nl);
	}
}
