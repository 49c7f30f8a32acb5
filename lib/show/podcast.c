#include "show/podcast_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show/fields.h"
#include "text/url.h"
#include "text/utf8.h"

#define ATTRS_MAX 16
#define SOUNDBITE_MIN 15	/* seconds (tags/soundbite.md) */
#define SOUNDBITE_MAX 120

/* An element while it is read. */
struct making {
	const struct podcast_source *s;
	const struct podcast_def *def;
	unsigned line;
	struct podcast_attr attr[ATTRS_MAX];
	struct podcast_tag tag;
	struct podcast_tag **last;	/* of those in it */
	bool bad;
};

static void add(const struct podcast_source *s, unsigned where,
    const struct podcast_def *in, const struct podcast_tag *have,
    const struct node *n, struct podcast_tag ***last, bool *bad);

static void tell(const struct podcast_source *s, enum severity severity,
    unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void
tell(const struct podcast_source *s, enum severity severity, unsigned line,
    const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	finding_add(s->to, severity, s->rule, s->file, line,
	    "podcast_tags: %s", text);
}

/* The element is left out. */
static void spoil(struct making *m, unsigned line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
spoil(struct making *m, unsigned line, const char *fmt, ...)
{
	char text[ERR_MSG_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	tell(m->s, m->s->severity, line, "%s", text);
	m->bad = true;
}

/* Without the prefix, as it is written in the sources. */
static const char *
short_name(const struct podcast_def *d)
{
	return strncmp(d->name, "podcast:", 8) == 0 ? d->name + 8 : d->name;
}

static bool
is_called(const struct podcast_def *d, const char *key)
{
	return fields_same(short_name(d), key) || fields_same(d->name, key);
}

/* Whether the name stands in a list with blanks between. */
static bool
has_word(const char *list, const char *name)
{
	size_t len = strlen(name);
	const char *p;

	for (p = list; (p = strstr(p, name)) != NULL; p += len)
		if ((p == list || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
	return false;
}

/* One that may stand in a place, or in another element; NULL: there is none.
 * A live item has those of items, too. */
static const struct podcast_def *
find(const char *key, unsigned where, const struct podcast_def *in)
{
	size_t i;

	for (i = 0; i < podcast_ndefs; i++) {
		const struct podcast_def *d = &podcast_defs[i];
		bool fits = in == NULL ? (d->where & where) != 0 :
		    (in->inside != NULL && has_word(in->inside, d->name)) ||
		    (d->where & where) != 0;

		if (fits && is_called(d, key))
			return d;
	}
	return NULL;
}

static void
complain_name(const struct podcast_source *s, const char *key, unsigned line,
    const struct podcast_def *in)
{
	size_t i;

	for (i = 0; i < podcast_ndefs; i++) {
		const struct podcast_def *d = &podcast_defs[i];

		if (!is_called(d, key))
			continue;
		if (in == NULL && d->key != NULL)
			tell(s, s->severity, line, "`%s` has a key of its "
			    "own: %s", key, d->key);
		else
			tell(s, s->severity, line, "`%s` cannot stand %s%s",
			    key, in == NULL ? "here" : "in ",
			    in == NULL ? "" : short_name(in));
		return;
	}
	tell(s, s->severity, line, "`%s` is no element of the podcast "
	    "namespace", key);
}

static void
check_length(const struct making *m, const struct podcast_value *want,
    const char *text, unsigned line)
{
	size_t n = want->max == 0 ? 0 : utf8_count(text);

	if (n > want->max)
		tell(m->s, SEV_WARNING, line, "%s of %s has %zu characters; "
		    "apps may cut off what is more than %u", want->name,
		    short_name(m->def), n, want->max);
}

/* Some of what is said of a value begins with it. */
static const char *
without_value(const char *why, const char *text)
{
	size_t len = strlen(text);

	return why[0] == '`' && strncmp(why + 1, text, len) == 0 &&
	    strncmp(why + 1 + len, "` ", 2) == 0 ? why + len + 3 : why;
}

/* What is to stand in the feed; NULL: told. */
static const char *
value(struct making *m, const struct podcast_value *want,
    const struct node *n)
{
	const char *text = node_plain(n), *out = NULL;
	struct err err = ERR_INIT;

	if (text == NULL)
		spoil(m, n->line, "%s of %s wants one plain value",
		    want->name, short_name(m->def));
	else if (utf8_has_control(text, strlen(text), want->kind ==
	    PODCAST_TEXT))
		spoil(m, n->line, "there is a control character in %s of %s",
		    want->name, short_name(m->def));
	else if ((out = podcast_value(m->s, want, text, &err)) == NULL)
		spoil(m, n->line, "%s of %s: `%s` %s", want->name,
		    short_name(m->def), text, without_value(err.msg, text));
	else
		check_length(m, want, out, n->line);
	return out == NULL ? NULL : arena_strdup(m->s->arena, out);
}

static const char *
attr(const struct making *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->tag.nattrs; i++)
		if (strcmp(m->attr[i].name, name) == 0)
			return m->attr[i].value;
	return NULL;
}

/* Keys that are written otherwise may be the same one. */
static void
spoil_twice(struct making *m, const struct node *n)
{
	spoil(m, n->line, "`%s` of %s is given twice", n->key,
	    short_name(m->def));
}

static void
set_attr(struct making *m, const struct podcast_value *want,
    const struct node *n)
{
	const char *text = value(m, want, n);

	if (text != NULL)
		m->attr[m->tag.nattrs++] = (struct podcast_attr){
			want->name, text
		};
}

static const struct podcast_value *
attr_named(const struct podcast_def *d, const char *key)
{
	const struct podcast_value *a;

	for (a = d->attrs; a->name != NULL; a++)
		if (fields_same(a->name, key))
			return a;
	return NULL;
}

/* An entry of the element's map. */
static void
take(struct making *m, const struct node *n)
{
	const struct podcast_value *a = attr_named(m->def, n->key);
	bool text = m->def->text.kind != PODCAST_NONE &&
	    fields_same(n->key, "text");

	if (n->kind == NODE_NULL)
		return;
	if (a != NULL ? attr(m, a->name) != NULL : text && m->tag.text != NULL)
		spoil_twice(m, n);
	else if (a != NULL)
		set_attr(m, a, n);
	else if (text)
		m->tag.text = value(m, &m->def->text, n);
	else if (m->def->inside != NULL)
		add(m->s, strcmp(m->def->name, "podcast:liveItem") == 0 ?
		    IN_LIVE : 0, m->def, m->tag.inside, n, &m->last, &m->bad);
	else
		spoil(m, n->line, "`%s` is nothing that %s has", n->key,
		    short_name(m->def));
}

static size_t
count_inside(const struct making *m, const char *name)
{
	const struct podcast_tag *t;
	size_t n = 0;

	for (t = m->tag.inside; t != NULL; t = t->next)
		n += strcmp(t->name, name) == 0;
	return n;
}

static void
check_required(struct making *m)
{
	const struct podcast_value *a;

	for (a = m->def->attrs; a->name != NULL; a++)
		if (a->required && attr(m, a->name) == NULL)
			spoil(m, m->line, "%s has no %s", short_name(m->def),
			    a->name);
	if (m->def->text.required && (m->tag.text == NULL ||
	    m->tag.text[0] == '\0'))
		spoil(m, m->line, "%s has no text; write `text: …`",
		    short_name(m->def));
}

/* Whether it is an identifier of the list of well-known licenses, which are
 * in small letters; else it is of one's own. */
static bool
is_known_license(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.+-")] ==
	    '\0';
}

static void
check_license(struct making *m)
{
	if (!is_known_license(m->tag.text) && attr(m, "url") == NULL)
		spoil(m, m->line, "the license `%s` is none of the list, whose "
		    "names are in small letters; give a `url` with it",
		    m->tag.text);
}

static void
check_soundbite(struct making *m)
{
	double seconds = strtod(attr(m, "duration"), NULL);

	if (seconds < SOUNDBITE_MIN || seconds > SOUNDBITE_MAX)
		tell(m->s, SEV_WARNING, m->line, "soundbite is %s seconds "
		    "long; apps want %d to %d", attr(m, "duration"),
		    SOUNDBITE_MIN, SOUNDBITE_MAX);
}

static void
check_publisher(struct making *m)
{
	const struct podcast_tag *t = m->tag.inside;
	size_t i;

	for (i = 0; t != NULL && i < t->nattrs; i++)
		if (strcmp(t->attrs[i].name, "medium") == 0 &&
		    strcmp(t->attrs[i].value, "publisher") == 0)
			return;
	spoil(m, m->line, "publisher has one remoteItem, with `medium: "
	    "publisher`");
}

static void
check_podroll(struct making *m)
{
	if (m->tag.inside == NULL)
		spoil(m, m->line, "podroll has no remoteItem");
}

static void
check_value(struct making *m)
{
	if (count_inside(m, "podcast:valueRecipient") == 0)
		spoil(m, m->line, "value has no valueRecipient");
}

static void
check_split(struct making *m)
{
	size_t remote = count_inside(m, "podcast:remoteItem");

	if (remote > 1 || (remote == 1) ==
	    (count_inside(m, "podcast:valueRecipient") > 0))
		spoil(m, m->line, "valueTimeSplit has one remoteItem, or "
		    "valueRecipients");
}

static void
check_alternate(struct making *m)
{
	if (count_inside(m, "podcast:source") == 0)
		spoil(m, m->line, "alternateEnclosure has no source");
}

static void
check_social(struct making *m)
{
	if (strcmp(attr(m, "protocol"), "disabled") != 0 &&
	    attr(m, "uri") == NULL)
		spoil(m, m->line, "socialInteract has no uri");
}

static void
check_live(struct making *m)
{
	static const char *const wanted[] = { "title", "guid", "enclosure" };
	size_t i;

	for (i = 0; i < 3; i++)
		if (count_inside(m, wanted[i]) == 0)
			spoil(m, m->line, "liveItem has no %s", wanted[i]);
	if (count_inside(m, "podcast:contentLink") == 0)
		tell(m->s, SEV_WARNING, m->line, "liveItem has no contentLink, "
		    "where those listen whose app does not play it");
}

/* Rules of one element, which has what it must have. */
static void
check_element(struct making *m)
{
	static const struct {
		const char *name;
		void (*check)(struct making *m);
	} rules[] = {
		{ "podcast:alternateEnclosure", check_alternate },
		{ "podcast:license", check_license },
		{ "podcast:liveItem", check_live },
		{ "podcast:podroll", check_podroll },
		{ "podcast:publisher", check_publisher },
		{ "podcast:socialInteract", check_social },
		{ "podcast:soundbite", check_soundbite },
		{ "podcast:value", check_value },
		{ "podcast:valueTimeSplit", check_split },
	};
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (strcmp(m->def->name, rules[i].name) == 0)
			rules[i].check(m);
}

/* A guid of RSS 2.0 that does not say so is an address. */
static void
settle_guid(struct making *m)
{
	struct err ignored = ERR_INIT;

	if (attr(m, "isPermaLink") == NULL && url_check(m->tag.text,
	    &ignored) != 0)
		m->attr[m->tag.nattrs++] = (struct podcast_attr){
			"isPermaLink", "false"
		};
}

/* The element that a value says; NULL: told. */
static struct podcast_tag *
make(const struct podcast_source *s, const struct podcast_def *d,
    const struct node *n)
{
	struct making m = { .s = s, .def = d, .line = n->line };
	struct podcast_attr *attrs;
	struct podcast_tag *out;
	const struct node *c;

	m.tag.name = d->name;
	m.last = &m.tag.inside;
	if (n->kind == NODE_MAP)
		for (c = n->first; c != NULL; c = c->next)
			take(&m, c);
	else if (d->text.kind != PODCAST_NONE)
		m.tag.text = value(&m, &d->text, n);
	else if (d->attrs->name != NULL)
		set_attr(&m, d->attrs, n);
	else
		spoil(&m, n->line, "%s wants a map of what stands in it",
		    short_name(d));
	if (!m.bad)
		check_required(&m);
	if (!m.bad && strcmp(d->name, "guid") == 0)
		settle_guid(&m);
	if (!m.bad)
		check_element(&m);
	if (m.bad)
		return NULL;
	attrs = arena_array(s->arena, m.tag.nattrs, sizeof(*attrs));
	if (m.tag.nattrs > 0)
		memcpy(attrs, m.attr, m.tag.nattrs * sizeof(*attrs));
	m.tag.attrs = attrs;
	out = arena_alloc(s->arena, sizeof(*out));
	*out = m.tag;
	return out;
}

static void
add_one(const struct podcast_source *s, const struct podcast_def *d,
    const struct node *n, struct podcast_tag ***last, bool *bad)
{
	struct podcast_tag *t = make(s, d, n);

	if (t == NULL) {
		*bad = true;
		return;
	}
	**last = t;
	*last = &t->next;
}

static bool
has_tag(const struct podcast_tag *list, const char *name)
{
	while (list != NULL && strcmp(list->name, name) != 0)
		list = list->next;
	return list != NULL;
}

/* All elements of one key; have: those that are there. */
static void
add(const struct podcast_source *s, unsigned where,
    const struct podcast_def *in, const struct podcast_tag *have,
    const struct node *n, struct podcast_tag ***last, bool *bad)
{
	const struct podcast_def *d = find(n->key, where, in);
	const struct node *one;

	if (d == NULL) {
		complain_name(s, n->key, n->line, in);
		*bad = true;
		return;
	}
	if (d->single && has_tag(have, d->name)) {
		tell(s, s->severity, n->line, "there can be one %s, and here "
		    "is another", short_name(d));
		*bad = true;
		return;
	}
	if (n->kind != NODE_LIST) {
		add_one(s, d, n, last, bad);
		return;
	}
	if (d->single && n->count > 1) {
		tell(s, s->severity, n->line, "there can be one %s, and here "
		    "are %zu", short_name(d), n->count);
		*bad = true;
		return;
	}
	for (one = n->first; one != NULL; one = one->next)
		add_one(s, d, one, last, bad);
}

void
podcast_read(const struct podcast_source *s, enum podcast_place place,
    const struct node *map, struct podcast_tag **list)
{
	unsigned where = place == PODCAST_CHANNEL ? IN_CHANNEL : IN_ITEM;
	struct podcast_tag **last = list;
	const struct node *n;
	bool bad = false;

	while (*last != NULL)
		last = &(*last)->next;
	for (n = map->first; n != NULL; n = n->next) {
		if (n->kind != NODE_NULL)
			add(s, where, NULL, *list, n, &last, &bad);
	}
}
