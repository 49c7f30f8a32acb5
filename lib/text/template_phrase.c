#include <string.h>

#include "text/phrase.h"
#include "text/template_int.h"

/* More digits are no count of anything here. */
#define DIGITS_MAX 18

struct hole {
	char label[PHRASE_NAME_MAX + 1];	/* as written, but for braces */
	char keys[PHRASE_NAME_MAX + 1];
	struct template_name name;
};

static void
hole_of(struct hole *h, const char *text, size_t len)
{
	size_t i;

	memset(h, 0, sizeof(*h));
	memcpy(h->label, text, len);
	memcpy(h->keys, text, len);
	h->name.label = h->label;
	h->name.keys = h->keys;
	h->name.count = 1;
	for (i = 0; i < len; i++)
		if (h->keys[i] == '.') {
			h->keys[i] = '\0';
			h->name.count++;
		}
}

/* The text of a value that may stand in a hole; NULL: it may not. Words within
 * words would have holes again. */
static const char *
plain_of(const struct node *n)
{
	if (n == NULL || n->kind == NODE_NULL)
		return "";
	return n->phrase != NULL ? NULL : node_plain(n);
}

static enum plural
form_for(const struct template_context *top, const struct phrase *phrase,
    const char **why)
{
	const struct node *n = NULL;
	const char *text;
	struct hole count;
	uint64_t number = 0;
	size_t len;

	*why = NULL;
	if (!phrase_counts(phrase))
		return PLURAL_OTHER;
	hole_of(&count, "count", 5);
	(void)template_name_find(top, &count.name, &n);
	text = n == NULL ? NULL : node_plain(n);
	len = text == NULL ? 0 : strspn(text, "0123456789");
	if (len == 0 || len > DIGITS_MAX || text[len] != '\0') {
		*why = "there is no `count` where the template has this, "
		    "and so one form only: write it without .other";
		return PLURAL_OTHER;
	}
	for (; *text != '\0'; text++)
		number = number * 10 + (uint64_t)(*text - '0');
	return plural_of(phrase->language, number);
}

static int
fill(const struct template_context *top, const char *text, size_t len,
    bool strict, struct buf *out, struct err *err)
{
	const struct node *n;
	const char *value;
	struct hole h;

	hole_of(&h, text, len);
	if (!template_name_find(top, &h.name, &n))
		return !strict ? 0 : template_name_unknown(top, &h.name,
		    TEMPLATE_HOLE, err);
	value = plain_of(n);
	if (value == NULL)
		return !strict ? 0 : err_set(err, ERR_CONFIG, "{%s} is %s, "
		    "which cannot stand in a hole", h.label, n->phrase != NULL ?
		    "itself one of the words" : "a list or a map");
	buf_adds(out, value);
	return 0;
}

int
template_phrase(const struct template_context *top,
    const struct phrase *phrase, bool strict, struct buf *out,
    struct err *err)
{
	const char *why, *text, *hole, *name;
	enum plural form = form_for(top, phrase, &why);
	unsigned line;
	size_t len;

	if (phrase->form[form].text == NULL)
		form = PLURAL_OTHER;
	text = phrase->form[form].text;
	line = phrase->form[form].line;
	if (why != NULL && strict) {
		err_set(err, ERR_CONFIG, "%s", why);
		return err_at(err, phrase->file, line);
	}
	while ((hole = phrase_hole(text, &name, &len)) != NULL) {
		buf_add(out, text, (size_t)(hole - text));
		if (fill(top, name, len, strict, out, err) != 0)
			return err_at(err, phrase->file, line);
		text = name + len + 1;
	}
	buf_adds(out, text);
	return 0;
}
