/*
 * Episodes that a person names for an edition, or leaves out.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/edition_choose.h"

/* Where a name was written; file NULL: on the command line. */
struct where {
	const char *file;
	unsigned line;
};

static int
refuse(const struct where *w, enum err_kind kind, struct err *err,
    const char *text)
{
	(void)err_set(err, kind, "%s", text);
	return w->file == NULL ? -1 : err_at(err, w->file, w->line);
}

/* The number that a text is; 0: it is none. */
static int64_t
number_of(const char *text)
{
	char *end;
	long long n = strtoll(text, &end, 10);

	return *text >= '0' && *text <= '9' && *end == '\0' ? n : 0;
}

static bool
is_it(const struct episode *e, const char *text, int64_t number)
{
	return number > 0 ? e->number == number : strcmp(e->slug, text) == 0;
}

/* Finds "12", "a-slug" (in the list's own show) or "other:12"; false: there is
 * none. */
static bool
find(const struct choice *c, const char *text, const struct show **show,
    const struct episode **out)
{
	const char *colon = strchr(text, ':');
	size_t len = colon == NULL ? 0 : (size_t)(colon - text), i, k;
	const char *rest = colon == NULL ? text : colon + 1;

	for (k = 0; k < c->nshows; k++) {
		const struct show *x = c->shows[k];

		if (colon == NULL ? k > 0 : strlen(x->slug) != len ||
		    strncmp(x->slug, text, len) != 0)
			continue;
		for (i = 0; i < x->nepisodes; i++)
			if (is_it(&x->episodes[i], rest, number_of(rest))) {
				*show = x;
				*out = &x->episodes[i];
				return true;
			}
	}
	return false;
}

/* --episode 7 --episode 7 is one episode. */
static bool
is_chosen(const struct edition *out, const struct episode *e)
{
	size_t i;

	for (i = 0; i < out->n; i++)
		if (out->episodes[i] == e)
			return true;
	return false;
}

static int
add(struct choice *c, const struct show *show, const struct episode *e,
    const char *text, const struct where *w, struct err *err)
{
	struct arena *a = &c->args->arena;
	const char *name;

	if (e->draft) {
		err_set(err, ERR_INPUT, "is a draft; take `draft: true` out "
		    "to send it");
		err_at(err, e->file, e->draft_line);
		return err_rule(err, "episode-draft");
	}
	if (choice_in_edition(c, show, e, &name, err) != 0)
		return -1;
	if (name != NULL && !cmd_flag(c->args, "--again"))
		return refuse(w, ERR_REFUSED, err, arena_printf(a, "episode "
		    "%s is in the edition %s already; --again sends it once "
		    "more", text, name));
	if (is_chosen(c->out, e))
		return 0;
	c->out->episodes[c->out->n] = e;
	c->out->shows[c->out->n++] = show;
	return 0;
}

static int
add_named(struct choice *c, const char *text, const struct where *w,
    struct err *err)
{
	const struct show *show = c->setting->shows[0];
	const struct episode *e;

	if (!find(c, text, &show, &e))
		return refuse(w, w->file == NULL ? ERR_USAGE : ERR_INPUT, err,
		    arena_printf(&c->args->arena, "`%s` has no episode %s",
		    show->slug, text));
	return add(c, show, e, text, w, err);
}

/* "7-12": those between, in the order of the show; 1 it is such a range, 0 it
 * is none, -1. */
static int
add_range(struct choice *c, const char *text, const struct where *w,
    struct err *err)
{
	const struct show *show = c->setting->shows[0];
	struct arena *a = &c->args->arena;
	const char *dash = strchr(text, '-');
	int64_t from, to;
	size_t i, before = c->out->n;

	if (dash == NULL)
		return 0;
	from = number_of(arena_strndup(a, text, (size_t)(dash - text)));
	to = number_of(dash + 1);
	if (from == 0 || to == 0)
		return 0;
	for (i = 0; i < show->nepisodes; i++) {
		const struct episode *e = &show->episodes[i];

		if (e->number >= from && e->number <= to && !e->draft &&
		    add(c, show, e, arena_printf(a, "%lld",
		    (long long)e->number), w, err) != 0)
			return -1;
	}
	if (c->out->n == before)
		return refuse(w, ERR_USAGE, err, arena_printf(a,
		    "`%s` has no episodes %s", show->slug, text));
	return 1;
}

int
choice_named(struct choice *c, struct err *err)
{
	static const struct where nowhere = { NULL, 0 };
	const char *text;
	size_t i;
	int rc;

	for (i = 0; (text = cmd_value_at(c->args, "--episode", i)) != NULL;
	    i++) {
		rc = add_range(c, text, &nowhere, err);
		if (rc == 0)
			rc = add_named(c, text, &nowhere, err);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int
choice_picked(struct choice *c, struct err *err)
{
	const struct editorial *ed = &c->out->editorial;
	size_t i;

	for (i = 0; i < ed->nepisodes; i++)
		if (add_named(c, ed->episodes[i].text, &(struct where){
		    ed->file, ed->episodes[i].line }, err) != 0)
			return -1;
	return 0;
}

int
choice_leave_out(struct choice *c, struct err *err)
{
	struct edition *out = c->out;
	const struct editorial *ed = &out->editorial;
	const struct show *show = c->setting->shows[0];
	const struct episode *e;
	size_t i, k, n;

	for (i = 0; i < ed->nleave_out; i++) {
		if (!find(c, ed->leave_out[i].text, &show, &e))
			return refuse(&(struct where){ ed->file,
			    ed->leave_out[i].line }, ERR_INPUT, err,
			    arena_printf(&c->args->arena, "leave_out: `%s` "
			    "has no episode %s", show->slug,
			    ed->leave_out[i].text));
		for (k = n = 0; k < out->n; k++) {
			if (out->episodes[k] == e) {
				choice_omit(c, e, arena_printf(
				    &c->args->arena, "is left out by %s",
				    ed->file), NULL);
				continue;
			}
			out->episodes[n] = out->episodes[k];
			out->shows[n++] = out->shows[k];
		}
		out->n = n;
	}
	return 0;
}
