#include "text/front.h"

#include <stdbool.h>
#include <string.h>

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

/* `---`, also with a comment behind it, as YAML has it. */
static bool
is_open(const char *p, size_t len)
{
	size_t n = 3;

	if (len < 3 || !is_fence(p, 3, '-'))
		return false;
	while (n < len && (p[n] == ' ' || p[n] == '\t'))
		n++;
	return n == len || (n > 3 && p[n] == '#');
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

/* Front matter that would pass for notes, and be published, is refused. */
static int
check_language(const char *p, size_t len, unsigned line, struct err *err)
{
	if (is_fence(p, len, '+'))
		err_set(err, ERR_INPUT, "front matter in TOML (+++) is not "
		    "read; write it as YAML between --- lines");
	else if (is_json(p, len))
		err_set(err, ERR_INPUT, "front matter in JSON ({) is not "
		    "read; write it as YAML between --- lines");
	else if (len > 3 && is_fence(p, 3, '-') && p[3] != '-' &&
	    !is_open(p, len))
		err_set(err, ERR_INPUT, "there is something behind the --- "
		    "of the front matter; write --- alone on its line");
	else
		return 0;
	err->line = line;
	return -1;
}

/* Looks for the closing line: `---`, or `...` as YAML has it; *lines is the
 * number of the opening one, and becomes its. */
static int
find_close(const char *from, const char *end, const char **close,
    const char **body, unsigned *lines, struct err *err)
{
	const char *p = from, *next;
	unsigned opened = *lines;
	size_t len;

	for (++*lines; p < end; p = next, ++*lines) {
		len = line_at(p, end, &next);
		if (is_fence(p, len, '-') || is_fence(p, len, '.')) {
			*close = p;
			*body = next;
			return 0;
		}
		if ((size_t)(next - from) > FRONT_MAX)
			break;
	}
	err_set(err, ERR_INPUT, "the front matter that begins here is not "
	    "closed by a line with ---%s",
	    p < end ? " within its limit of 1 MiB" : "");
	err->line = opened;
	return -1;
}

int
front_read(struct arena *a, const char *text, size_t len, struct front *out,
    struct err *err)
{
	const char *p = text, *end = text + len, *next, *close, *body;
	unsigned opened = 1, lines;
	size_t first;

	if (len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	out->line = 0;
	out->body_line = 1;
	out->body_offset = (size_t)(p - text);
	while ((first = line_at(p, end, &next)) == 0 && next < end) {
		p = next;
		opened++;
	}
	if (check_language(p, first, opened, err) != 0)
		return -1;
	if (!is_open(p, first)) {
		out->map = node_map(a);
		return 0;
	}
	lines = opened;
	if (find_close(next, end, &close, &body, &lines, err) != 0)
		return -1;
	if (front_yaml(a, next, (size_t)(close - next), opened + 1, &out->map,
	    err) != 0)
		return -1;
	out->line = out->map->first != NULL ? out->map->first->line : opened;
	out->body_offset = (size_t)(body - text);
	out->body_line = lines + 1;
	return 0;
}
