#include "show/filter.h"

#include <string.h>
#include <strings.h>

/* The text up to end, without blanks around it. */
static const char *
trimmed(struct arena *a, const char *s, const char *end)
{
	while (s < end && (*s == ' ' || *s == '\t'))
		s++;
	while (end > s && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	return arena_strndup(a, s, (size_t)(end - s));
}

/* What stands behind the key, from the = or : on. */
static int
read_values(struct arena *a, const char *p, struct filter *out,
    struct err *err)
{
	const char **values = arena_array(a, strlen(p), sizeof(*values));
	const char *end, *value;

	for (; *p != '\0'; p = end) {
		p++;
		end = p + strcspn(p, ",");
		value = trimmed(a, p, end);
		if (value[0] == '\0')
			return err_set(err, ERR_CONFIG, "a value is empty; "
			    "write `%s` alone for notes that have the key, "
			    "`!%s` for those that have not", out->path.text,
			    out->path.text);
		if (value[0] == '=')
			return err_set(err, ERR_CONFIG, "one `=` is enough, "
			    "as in `show = main`");
		if (strcmp(value, "*") == 0)
			return err_set(err, ERR_CONFIG, "`*` is a value like "
			    "any other here; write `%s` alone for notes that "
			    "have the key", out->path.text);
		values[out->nvalues++] = value;
	}
	out->values = values;
	return 0;
}

int
filter_read(struct arena *a, const char *text, struct filter *out,
    struct err *err)
{
	const char *p = text + strspn(text, " \t"), *end, *key;

	memset(out, 0, sizeof(*out));
	out->text = text;
	out->not = *p == '!';
	p += out->not;
	end = p + strcspn(p, ":=");
	key = trimmed(a, p, end);
	if (key[0] == '\0')
		return err_set(err, ERR_CONFIG, "it wants a key of the front "
		    "matter, as in `audio_url`, or a key and its value, as in "
		    "`show = main`");
	if (key[strlen(key) - 1] == '!' || key[0] == '!')
		return err_set(err, ERR_CONFIG, "the `!` stands once, before "
		    "the key, as in `!show = main`");
	if (fields_path(a, key, &out->path, err) != 0)
		return -1;
	return read_values(a, end, out, err);
}

static bool
is_value(const struct filter *f, const struct node *n)
{
	const char *text = node_plain(n);
	size_t i;

	for (i = 0; text != NULL && i < f->nvalues; i++)
		if (strcasecmp(f->values[i], text) == 0)
			return true;
	return false;
}

static bool
fits(const struct filter *f, const struct fields_index *front)
{
	const struct node *n = fields_find(&f->path, front), *one;

	if (n == NULL || f->nvalues == 0)
		return n != NULL;
	if (n->kind != NODE_LIST)
		return is_value(f, n);
	for (one = n->first; one != NULL; one = one->next)
		if (is_value(f, one))
			return true;
	return false;
}

bool
filter_all(struct filter *f, size_t n, const struct fields_index *front)
{
	bool all = true;
	size_t i;

	for (i = 0; i < n; i++) {
		if (fits(&f[i], front) != f[i].not)
			f[i].fits++;
		else
			all = false;
	}
	return all;
}
