#include <stdlib.h>
#include <string.h>

#include "text/template_int.h"

/* Parts rendered at most: what stops partials that call each other twice, and
 * so on down to the greatest depth, without writing anything. */
#define STEPS_MAX ((size_t)1 << 24)

/* A partial, read once for a render. t NULL: there is none of that name. */
struct loaded {
	char *name;
	struct template *t;
	struct loaded *next;
};

/* Blanks put before each line, behind those of prev. */
struct indent {
	const char *blanks;
	size_t len;
	const struct indent *prev;
};

/* The arguments of the parents that are being rendered. */
struct frame {
	const struct template_part *parent;
	const struct template *t;	/* the template they are written in */
	const struct frame *prev;
};

struct scope {
	const struct template *t;
	const struct template_context *top;
	const struct frame *args;
	const struct indent *indent;
	size_t strip;		/* leading blanks that each line loses */
	size_t depth;
};

struct render {
	const struct template_options *options;
	struct buf *out;
	struct err *err;
	struct loaded *loaded;
	size_t steps;
	/* The next line goes on where one has begun: `begun` and what is
	 * before it is there already. */
	bool on_line;
	const struct indent *begun;
};

static int render_parts(struct render *, const struct scope *,
    const struct template_part *);

static int
fail_at(struct render *r, const struct scope *s, const struct template_part *p)
{
	return err_at(r->err, s->t->file, p->line);
}

/* Makes the scope of what p holds or calls. */
static int
enter(struct render *r, const struct scope *s, const struct template_part *p,
    struct scope *inner)
{
	char shown[TEMPLATE_SHOWN];

	*inner = *s;
	if (++inner->depth <= TEMPLATE_DEPTH_MAX)
		return 0;
	err_set(r->err, ERR_CONFIG, "%s is nested deeper than %d levels; does "
	    "a partial call itself?", template_tag_text(p->kind,
	    p->name.label, shown), TEMPLATE_DEPTH_MAX);
	return fail_at(r, s, p);
}

/* The indentation for what stands at p, which has its own blanks before it;
 * `room` keeps it. */
static const struct indent *
indent_at(const struct scope *s, const struct template_part *p,
    struct indent *room)
{
	size_t cut = s->strip < p->indent_len ? s->strip : p->indent_len;

	if (p->place == TEMPLATE_INLINE)
		return NULL;
	if (cut == p->indent_len)
		return s->indent;
	room->blanks = p->indent + cut;
	room->len = p->indent_len - cut;
	room->prev = s->indent;
	return room;
}

static void
render_line(struct render *r, const struct scope *s,
    const struct template_part *p)
{
	const struct indent *chain[TEMPLATE_DEPTH_MAX + 1], *i;
	size_t n = 0, cut = s->strip < p->len ? s->strip : p->len;

	if (!p->empty) {
		for (i = s->indent; i != NULL; i = i->prev) {
			if (r->on_line && i == r->begun)
				break;
			chain[n++] = i;
		}
		while (n-- > 0)
			buf_add(r->out, chain[n]->blanks, chain[n]->len);
		buf_add(r->out, p->text + cut, p->len - cut);
	}
	r->on_line = false;
}

static void
add_escaped(struct buf *out, const char *text)
{
	size_t n;

	for (;;) {
		n = strcspn(text, "&<>\"'");
		buf_add(out, text, n);
		text += n;
		switch (*text++) {
		case '\0':
			return;
		case '&':
			buf_adds(out, "&amp;");
			break;
		case '<':
			buf_adds(out, "&lt;");
			break;
		case '>':
			buf_adds(out, "&gt;");
			break;
		case '"':
			buf_adds(out, "&quot;");
			break;
		default:
			buf_adds(out, "&#39;");
		}
	}
}

/* The value of p's name; *out NULL is null. An unknown name is an error when
 * rendering is strict, else null. */
static int
lookup(struct render *r, const struct scope *s, const struct template_part *p,
    const struct node **out)
{
	if (template_name_find(s->top, &p->name, out) || !r->options->strict)
		return 0;
	template_name_unknown(s->top, &p->name, p->kind, r->err);
	return fail_at(r, s, p);
}

/* The text of a value, or NULL for a list or map, which has none. */
static const char *
text_of(const struct node *n)
{
	if (n == NULL)
		return "";
	switch (n->kind) {
	case NODE_TEXT:
		return n->text;
	case NODE_BOOL:
		return n->flag ? "true" : "false";
	case NODE_NULL:
		return "";
	default:
		return NULL;
	}
}

static void
add_text(struct render *r, const struct template_part *p, const char *text)
{
	if (p->kind == TEMPLATE_RAW || r->options->escape == TEMPLATE_PLAIN)
		buf_adds(r->out, text);
	else
		add_escaped(r->out, text);
}

/* Escaped as a whole: the words and what is in their holes. */
static int
render_phrase(struct render *r, const struct scope *s,
    const struct template_part *p, const struct phrase *phrase)
{
	struct buf text;
	int rc;

	buf_init(&text, TEMPLATE_OUTPUT_MAX);
	rc = template_phrase(s->top, phrase, r->options->strict, &text,
	    r->err);
	if (rc == 0 && buf_check(&text, "what the phrase makes",
	    r->err) != 0)
		rc = fail_at(r, s, p);
	if (rc == 0)
		add_text(r, p, text.data);
	buf_release(&text);
	return rc;
}

static int
render_variable(struct render *r, const struct scope *s,
    const struct template_part *p)
{
	char shown[TEMPLATE_SHOWN], section[TEMPLATE_SHOWN];
	const struct node *n;
	const char *text;

	if (lookup(r, s, p, &n) != 0)
		return -1;
	text = text_of(n);
	if (text == NULL && r->options->strict) {
		err_set(r->err, ERR_CONFIG, "%s is a %s, not a text; use %s",
		    template_tag_text(p->kind, p->name.label, shown),
		    n->kind == NODE_LIST ? "list" : "map", template_tag_text(
		    TEMPLATE_SECTION, p->name.label, section));
		return fail_at(r, s, p);
	}
	if (text == NULL)
		return 0;
	if (n != NULL && n->phrase != NULL)
		return render_phrase(r, s, p, n->phrase);
	add_text(r, p, text);
	return 0;
}

static bool
is_true(const struct node *n)
{
	if (n == NULL)
		return false;
	switch (n->kind) {
	case NODE_BOOL:
		return n->flag;
	case NODE_TEXT:
		return n->text[0] != '\0';
	case NODE_LIST:
		return n->first != NULL;
	case NODE_MAP:
		return true;
	default:
		return false;
	}
}

static int
render_section(struct render *r, const struct scope *s,
    const struct template_part *p)
{
	struct template_context context;
	const struct node *n, *item;
	struct scope inner;

	if (lookup(r, s, p, &n) != 0 || enter(r, s, p, &inner) != 0)
		return -1;
	if (p->kind == TEMPLATE_INVERTED)
		return is_true(n) ? 0 : render_parts(r, &inner, p->first);
	if (!is_true(n))
		return 0;
	context.prev = s->top;
	inner.top = &context;
	item = n->kind == NODE_LIST ? n->first : n;
	while (item != NULL) {
		context.node = item;
		if (render_parts(r, &inner, p->first) != 0)
			return -1;
		item = n->kind == NODE_LIST ? item->next : NULL;
	}
	return 0;
}

/* Asks for a partial; *t NULL: there is none. Errs have their place. */
static int
fetch(struct render *r, const char *name, struct template **t)
{
	const char *file = NULL;
	struct buf text;
	int rc;

	*t = NULL;
	if (r->options->partial == NULL)
		return 0;
	buf_init(&text, TEMPLATE_MAX);
	rc = r->options->partial(r->options->ctx, name, &text, &file, r->err);
	if (rc > 0 && text.full) {
		rc = err_set(r->err, ERR_CONFIG, "the partial is larger than "
		    "%zu bytes", TEMPLATE_MAX);
		err_at(r->err, file == NULL ? name : file, 0);
	}
	if (rc > 0) {
		*t = template_parse(file == NULL ? name : file, text.data,
		    text.len, r->err);
		if (*t == NULL)
			rc = -1;
	}
	buf_release(&text);
	return rc < 0 ? -1 : 0;
}

static int
load(struct render *r, const char *name, const struct template **t)
{
	struct loaded *l;

	for (l = r->loaded; l != NULL; l = l->next)
		if (strcmp(l->name, name) == 0)
			break;
	if (l == NULL) {
		l = xcalloc(1, sizeof(*l));
		l->name = xstrdup(name);
		l->next = r->loaded;
		r->loaded = l;
		if (fetch(r, name, &l->t) != 0)
			return -1;
	}
	*t = l->t;
	return 0;
}

/* Finds the template that a partial or parent calls; *t NULL: none. */
static int
called(struct render *r, const struct scope *s, const struct template_part *p,
    const struct template **t)
{
	const char *name = p->name.label;
	const struct node *n;
	char shown[TEMPLATE_SHOWN];

	*t = NULL;
	if (p->name.dynamic) {
		if (lookup(r, s, p, &n) != 0)
			return -1;
		name = text_of(n);
		if (name == NULL || *name == '\0')
			return 0;
	}
	if (load(r, name, t) != 0)
		return fail_at(r, s, p);
	if (*t != NULL || !r->options->strict)
		return 0;
	template_tag_text(p->kind, p->name.label, shown);
	if (p->name.dynamic)
		err_set(r->err, ERR_CONFIG, "unknown partial '%.*s', asked "
		    "for by %s", template_shown_len(name), name, shown);
	else
		err_set(r->err, ERR_CONFIG, "unknown partial %s", shown);
	return fail_at(r, s, p);
}

static int
render_partial(struct render *r, const struct scope *s,
    const struct template_part *p)
{
	struct indent room;
	struct frame frame;
	struct scope inner;

	if (enter(r, s, p, &inner) != 0 || called(r, s, p, &inner.t) != 0)
		return -1;
	if (inner.t == NULL)
		return 0;
	inner.indent = indent_at(s, p, &room);
	inner.strip = 0;
	if (p->kind == TEMPLATE_PARENT) {
		frame.parent = p;
		frame.t = s->t;
		frame.prev = s->args;
		inner.args = &frame;
	}
	return render_parts(r, &inner, inner.t->first);
}

/* The outermost argument for a block, the last where a parent has two. */
static const struct template_part *
find_argument(const struct frame *args, const char *name,
    const struct frame **from)
{
	const struct template_part *p, *found = NULL, *here;

	for (; args != NULL; args = args->prev) {
		here = NULL;
		for (p = args->parent->first; p != NULL; p = p->next)
			if (strcmp(p->name.label, name) == 0)
				here = p;
		if (here == NULL)
			continue;
		found = here;
		*from = args;
	}
	return found;
}

static int
render_block(struct render *r, const struct scope *s,
    const struct template_part *p)
{
	const struct template_part *arg;
	const struct frame *from = NULL;
	struct indent room;
	struct scope inner;
	int rc;

	if (enter(r, s, p, &inner) != 0)
		return -1;
	arg = find_argument(s->args, p->name.label, &from);
	if (arg == NULL)
		return render_parts(r, &inner, p->first);
	/* Blocks within an argument are blocks of the template it is written
	 * in: what that template passes on does not fill them. */
	inner.args = from->prev;
	inner.t = from->t;
	inner.indent = indent_at(s, p, &room);
	inner.strip = arg->place == TEMPLATE_ALONE ? arg->indent_len : 0;
	if (p->place != TEMPLATE_ALONE) {
		r->on_line = true;
		r->begun = inner.indent;
	}
	rc = render_parts(r, &inner, arg->first);
	if (p->place != TEMPLATE_ALONE)
		r->on_line = false;
	return rc;
}

static int
render_part(struct render *r, const struct scope *s,
    const struct template_part *p)
{
	switch (p->kind) {
	case TEMPLATE_TEXT:
		buf_add(r->out, p->text, p->len);
		return 0;
	case TEMPLATE_LINE:
		render_line(r, s, p);
		return 0;
	case TEMPLATE_VARIABLE:
	case TEMPLATE_RAW:
		return render_variable(r, s, p);
	case TEMPLATE_SECTION:
	case TEMPLATE_INVERTED:
		return render_section(r, s, p);
	case TEMPLATE_PARTIAL:
	case TEMPLATE_PARENT:
		return render_partial(r, s, p);
	default:
		return render_block(r, s, p);
	}
}

static int
render_parts(struct render *r, const struct scope *s,
    const struct template_part *p)
{
	for (; p != NULL; p = p->next) {
		if (buf_check(r->out, "what the template makes", r->err) != 0)
			return err_at(r->err, s->t->file, p->line);
		if (++r->steps > STEPS_MAX) {
			err_set(r->err, ERR_CONFIG, "the template renders more "
			    "than %zu parts", STEPS_MAX);
			return fail_at(r, s, p);
		}
		if (render_part(r, s, p) != 0)
			return -1;
	}
	return 0;
}

int
template_render(const struct template *t, const struct node *data,
    const struct template_options *options, struct buf *out, struct err *err)
{
	const struct template_context context = { .node = data };
	const struct scope s = { .t = t, .top = &context };
	struct render r = { .options = options, .out = out, .err = err };
	const size_t start = out->len, max = out->max;
	struct loaded *l;
	int rc;

	if (max - start > TEMPLATE_OUTPUT_MAX)
		out->max = start + TEMPLATE_OUTPUT_MAX;
	rc = render_parts(&r, &s, t->first);
	if (rc == 0 && buf_check(out, "what the template makes", err) != 0)
		rc = err_at(err, t->file, 0);
	out->max = max;
	if (rc != 0)
		buf_truncate(out, start);
	while ((l = r.loaded) != NULL) {
		r.loaded = l->next;
		template_free(l->t);
		free(l->name);
		free(l);
	}
	return rc;
}
