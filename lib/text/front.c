#include "text/front.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* The length of the line at p, without its end; *next behind the end. */
static size_t
line_at(const char *p, const char *end, const char **next)
{
	const char *nl = memchr(p, '\n', (size_t)(end - p));
	size_t len = (size_t)((nl == NULL ? end : nl) - p);

	*next = nl == NULL ? end : nl + 1;
	while (len > 0 && strchr(" \t\r", p[len - 1]) != NULL)
		len--;
	return len;
}

static bool
is_fence(const char *p, size_t len, char c)
{
	return len == 3 && p[0] == c && p[1] == c && p[2] == c;
}

/* `---`, also with a comment behind it, as YAML has it, or with the name of
 * the language. */
static enum front_language
opened_by_dashes(const char *p, size_t len)
{
	size_t n = 3;

	while (n < len && (p[n] == ' ' || p[n] == '\t'))
		n++;
	if (n == len || (n > 3 && p[n] == '#'))
		return FRONT_YAML;
	p += n;
	len -= n;
	if (len == 4 && strncasecmp(p, "yaml", len) == 0)
		return FRONT_YAML;
	if (len == 4 && strncasecmp(p, "toml", len) == 0)
		return FRONT_TOML;
	if (len == 4 && strncasecmp(p, "json", len) == 0)
		return FRONT_JSON;
	return FRONT_NONE;
}

/* Not `{{<` or `{%`, with which notes of site builders may begin. */
static bool
is_json(const char *p, size_t len)
{
	size_t n = 1;

	if (len == 0 || p[0] != '{')
		return false;
	while (n < len && (p[n] == ' ' || p[n] == '\t'))
		n++;
	return n == len || p[n] == '"' || p[n] == '}';
}

/* What begins with the line at p; front matter that would pass for notes, and
 * be published, is refused. */
static int
language_at(const char *p, size_t len, unsigned line,
    enum front_language *out, struct err *err)
{
	*out = FRONT_NONE;
	if (is_fence(p, len, '+'))
		*out = FRONT_TOML;
	else if (is_json(p, len))
		*out = FRONT_JSON;
	else if (len >= 3 && is_fence(p, 3, '-') && (len == 3 || p[3] != '-'))
		*out = opened_by_dashes(p, len);
	else if (len < 3 || !is_fence(p, 3, ';'))
		return 0;
	if (*out != FRONT_NONE)
		return 0;
	if (p[0] == ';')
		err_set(err, ERR_INPUT, "front matter between ;;; lines is "
		    "not read; write it as YAML between --- lines");
	else
		err_set(err, ERR_INPUT, "there is something behind the --- "
		    "of the front matter; write --- alone on its line");
	err->line = line;
	return -1;
}

/* Looks for the closing line, which is of the fence's characters, or `...` as
 * YAML has it; *lines is the number of the opening one, and becomes its. */
static int
find_close(const char *from, const char *end, char fence, const char **close,
    const char **body, unsigned *lines, struct err *err)
{
	const char *p = from, *next;
	unsigned opened = *lines;
	size_t len;

	for (++*lines; p < end; p = next, ++*lines) {
		len = line_at(p, end, &next);
		if (is_fence(p, len, fence) ||
		    (fence == '-' && is_fence(p, len, '.'))) {
			*close = p;
			*body = next;
			return 0;
		}
		if ((size_t)(next - from) > FRONT_MAX)
			break;
	}
	err_set(err, ERR_INPUT, "the front matter that begins here is not "
	    "closed by a line with %c%c%c%s", fence, fence, fence,
	    p < end ? " within its limit of 1 MiB" : "");
	err->line = opened;
	return -1;
}

static int
read_fenced(struct arena *a, enum front_language language, const char *text,
    size_t len, unsigned line, struct node **out, struct err *err)
{
	size_t used, rest;

	if (language == FRONT_YAML)
		return front_yaml(a, text, len, line, out, err);
	if (language == FRONT_TOML)
		return front_toml(a, text, len, line, out, err);
	if (front_json(a, text, len, line, out, &used, err) != 0)
		return -1;
	for (rest = used; rest < len; rest++)
		if (strchr(" \t\r\n", text[rest]) == NULL) {
			err_set(err, ERR_INPUT, "there is something behind "
			    "the JSON of the front matter");
			err->line = line;
			return -1;
		}
	return 0;
}

/* A JSON object stands without a fence; the notes begin on the next line. */
static int
read_object(struct arena *a, const char *from, const char *end, unsigned line,
    struct front *out, const char **body, struct err *err)
{
	size_t most = (size_t)(end - from), used = 0, i;

	if (most > FRONT_MAX)
		most = FRONT_MAX;
	if (front_json(a, from, most, line, &out->map, &used, err) != 0)
		return -1;
	out->map_len = used;
	for (i = 0; i < used; i++)
		line += from[i] == '\n';
	for (from += used; from < end && strchr(" \t\r", *from) != NULL;)
		from++;
	if (from < end && *from == '\n') {
		from++;
		line++;
	}
	*body = from;
	out->body_line = line;
	return 0;
}

/* Whether a line is `key: value`, and of a key that notes do not begin with. */
static bool
is_entry(const char *p, size_t len, bool *known)
{
	static const char *const keys[] = {
		"title", "date", "pubDate", "published", "layout", "draft"
	};
	size_t n = 0, i;

	while (n < len && (isalnum((unsigned char)p[n]) || p[n] == '_' ||
	    p[n] == '-'))
		n++;
	if (n == 0 || n == len || p[n] != ':' || (n + 1 < len &&
	    p[n + 1] != ' '))
		return false;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i]) == n && strncasecmp(keys[i], p, n) == 0)
			*known = true;
	return true;
}

/* Front matter that lacks its first line, and would be published as notes. */
static bool
is_unopened(const char *p, const char *end)
{
	const char *next;
	bool known = false;
	size_t len, entries = 0;

	for (; p < end; p = next) {
		len = line_at(p, end, &next);
		if (is_fence(p, len, '-'))
			return known && entries > 1;
		if (is_entry(p, len, &known))
			entries++;
		else if (len == 0 || entries == 0 || (p[0] != ' ' &&
		    p[0] != '\t' && p[0] != '-'))
			return false;
	}
	return false;
}

int
front_read(struct arena *a, const char *text, size_t len, struct front *out,
    struct err *err)
{
	const char *p = text, *end = text + len, *next, *close, *body;
	unsigned opened = 1, lines;
	enum front_language language;
	size_t first;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	out->line = 0;
	out->language = FRONT_NONE;
	out->map_offset = out->map_len = 0;
	out->body_line = 1;
	out->body_offset = (size_t)(p - text);
	while ((first = line_at(p, end, &next)) == 0 && next < end) {
		p = next;
		opened++;
	}
	if (language_at(p, first, opened, &language, err) != 0)
		return -1;
	if (language == FRONT_NONE && is_unopened(p, end)) {
		err_set(err, ERR_INPUT, "the front matter has no --- before "
		    "it; write --- on a line of its own above this one");
		err->line = opened;
		return -1;
	}
	if (language == FRONT_NONE) {
		out->map = node_map(a);
		return 0;
	}
	lines = opened;
	if (*p == '{') {
		out->map_offset = (size_t)(p - text);
		if (read_object(a, p, end, opened, out, &body, err) != 0)
			return -1;
	} else {
		if (find_close(next, end, *p, &close, &body, &lines, err) != 0
		    || read_fenced(a, language, next, (size_t)(close - next),
		    opened + 1, &out->map, err) != 0)
			return -1;
		out->body_line = lines + 1;
		out->map_offset = (size_t)(next - text);
		out->map_len = (size_t)(close - next);
	}
	out->language = language;
	out->line = out->map->first != NULL ? out->map->first->line : opened;
	out->body_offset = (size_t)(body - text);
	return 0;
}
