#include "show/episode_more.h"

#include <string.h>

#include "base/fs.h"
#include "show/chapters.h"
#include "show/fact_any.h"
#include "show/people.h"
#include "show/podcast.h"
#include "show/transcripts.h"
#include "text/front.h"
#include "text/url.h"
#include "text/utf8.h"
#include "text/xml_fragment.h"

/* Hugo publishes nothing before its publishDate, which may also be called
 * pubdate or published, whatever `date` says. */
static void
take_due(const struct fact_source *s, int day_seconds, struct episode *e)
{
	static const char *const keys[] = {
		"publish_date", "pub_date", "published"
	};
	const struct node *n = NULL;
	struct err err = ERR_INIT;
	struct date d;
	size_t i;

	e->due = e->date.t;
	for (i = 0; i < 3 && s->fields->site && n == NULL; i++) {
		struct fields_step step = { keys[i], fields_hash(keys[i]), 0 };
		struct fields_path path = {
			keys[i], &step, 1, FIELDS_DATE, -1
		};

		n = fields_find(&path, &s->index);
	}
	if (n == NULL)
		return;
	if (date_parse(n->text, s->show->zone, day_seconds, &d, &err) != 0)
		fact_complain(s, s->file, n->line, "episode-date",
		    "%s: %s", n->key, err.msg);
	else if (d.t > e->due)
		e->due = d.t;
}

static void
take_expires(const struct fact_source *s, int day_seconds, struct episode *e)
{
	struct fact f = fact_get(s, "expires");
	struct err err = ERR_INIT;
	struct date d;

	if (f.text == NULL)
		return;
	if (date_parse(f.text, s->show->zone, day_seconds, &d, &err) != 0) {
		fact_complain(s, f.file, f.line, "episode-date",
		    "expires: %s", err.msg);
		return;
	}
	e->expires = d.t;
	if (e->due != 0 && e->expires <= e->due)
		finding_add(s->to, SEV_WARNING, "episode-expires", f.file,
		    f.line, "`expires` is not later than the date of the "
		    "episode, which is never due");
}

/* Adds a tag unless it is there; false when there are too many. */
static bool
add_tag(const struct fact_source *s, const char *text, const char *end,
    const char **list, unsigned *n)
{
	const char *tag;
	unsigned i;

	while (text < end && strchr(" \t\r\n", *text) != NULL)
		text++;
	while (end > text && strchr(" \t\r\n", end[-1]) != NULL)
		end--;
	if (text == end)
		return true;
	tag = arena_strndup(&s->show->arena, text, (size_t)(end - text));
	for (i = 0; i < *n; i++)
		if (strcmp(list[i], tag) == 0)
			return true;
	if (*n == TAGS_MAX)
		return false;
	list[(*n)++] = tag;
	return true;
}

static bool
add_tags(const struct fact_source *s, const struct node *n, bool split,
    const char **list, unsigned *count)
{
	const char *p, *end, *text;

	/* `- Name: what it is`, which YAML takes for a map. */
	if (n->kind == NODE_MAP && s->fields->site && n->count == 1 &&
	    n->first->kind == NODE_TEXT) {
		text = arena_printf(&s->show->arena, "%s: %s", n->first->key,
		    n->first->text);
		finding_add(s->to, SEV_WARNING, "episode-value", s->file,
		    n->line, "the tag `%s` is a map to YAML; it is taken for "
		    "a text; write it in \"double quotes\"", text);
		return add_tag(s, text, text + strlen(text), list, count);
	}
	if (n->kind != NODE_TEXT && s->fields->site) {
		finding_add(s->to, SEV_WARNING, "episode-value", s->file,
		    n->line, "one of `tags` is no text and is left out; write "
		    "it in \"double quotes\"");
		return true;
	}
	if (n->kind != NODE_TEXT || utf8_has_control(n->text,
	    strlen(n->text), true)) {
		fact_complain(s, s->file, n->line, "episode-value",
		    "`tags` wants words without control characters");
		return true;
	}
	if (!split)
		return add_tag(s, n->text, n->text + strlen(n->text), list,
		    count);
	for (p = n->text; *p != '\0'; p = *end == '\0' ? end : end + 1) {
		end = p + strcspn(p, ",");
		if (!add_tag(s, p, end, list, count))
			return false;
	}
	return true;
}

/* A list, or one text with commas. */
static void
take_tags(const struct fact_source *s, struct episode *e)
{
	struct fact_source at;
	struct node cell;
	const struct node *n = fact_any(s, "tags", &cell, &at), *one;
	const char *list[TAGS_MAX], **kept;
	unsigned count = 0;
	bool room = true;

	if (n == NULL)
		return;
	if (n->kind != NODE_LIST)
		room = add_tags(&at, n, true, list, &count);
	else
		for (one = n->first; one != NULL && room; one = one->next)
			room = one->kind == NODE_NULL ||
			    add_tags(&at, one, false, list, &count);
	if (!room)
		finding_add(s->to, SEV_WARNING, "episode-value", at.file,
		    n->line, "there are more than %d tags; the others are "
		    "left out", TAGS_MAX);
	kept = arena_array(&s->show->arena, count, sizeof(*kept));
	memcpy(kept, list, count * sizeof(*kept));
	e->tags = kept;
	e->ntags = count;
}

static void
keep_xml(struct arena *a, const char *text, size_t len, struct show_xml *out)
{
	struct buf names;

	buf_init(&names, XML_FRAGMENT_MAX);
	xml_fragment_names(text, len, &names);
	out->text = arena_strndup(a, text, len);
	out->names = arena_strdup(a, names.data);
	buf_release(&names);
}

static void
take_xml(const struct fact_source *s, struct episode *e)
{
	/* Each of them would be a second one, or end the item. */
	static const char *const none[] = {
		"item", "channel", "rss", "guid", NULL
	};
	const struct node *n = fact_node(s, "xml");
	struct err err = ERR_INIT;
	size_t len;

	if (n == NULL)
		return;
	if (n->kind != NODE_TEXT) {
		fact_complain(s, s->file, n->line, "episode-xml", "`xml` "
		    "wants XML elements as a text: `xml: |` and then the "
		    "indented lines");
		return;
	}
	len = strlen(n->text);
	if (n->text[strspn(n->text, " \t\r\n")] == '\0')
		return;
	if (xml_fragment_check(n->text, len, none, &e->xml.spaces,
	    &err) != 0)
		/* The text of a block begins a line below its key. */
		fact_complain(s, s->file, n->line +
		    (strchr(n->text, '\n') != NULL ? err.line : 0),
		    "episode-xml", "xml: %s", err.msg);
	else
		keep_xml(&s->show->arena, n->text, len, &e->xml);
}

static void
take_podcast(const struct fact_source *s, struct episode *e)
{
	const struct podcast_source from = {
		&s->show->arena, s->file, s->show->zone, s->fields->site ?
		SEV_WARNING : SEV_ERROR, "episode-podcast-tags", s->to
	};
	const struct node *n = fact_node(s, "podcast_tags");

	if (n == NULL)
		return;
	if (n->kind != NODE_MAP)
		fact_complain(s, s->file, n->line, "episode-podcast-tags",
		    "`podcast_tags` wants elements by their names, as in "
		    "`license: cc-by-4.0`");
	else
		podcast_read(&from, PODCAST_ITEM, n, &e->podcast);
}

void
episode_more_take(const struct fact_source *s, int day_seconds,
    struct episode *e)
{
	take_due(s, day_seconds, e);
	take_expires(s, day_seconds, e);
	people_take(s, e);
	take_tags(s, e);
	transcripts_take(s, e);
	chapters_take(s, e);
	take_podcast(s, e);
	take_xml(s, e);
}

/* The lines of a value are one, in which YAML needs its brackets. */
static void
complain_yaml(const struct options *o, unsigned line, const struct err *err,
    struct findings *to)
{
	static const char front[] = "the front matter ";
	const char *why = err->msg;

	if (strncmp(why, front, strlen(front)) == 0)
		why += strlen(front);
	finding_add(to, SEV_ERROR, "option-value", o->file, line,
	    "podcast_tags: as one line it %s; write it as in `license: "
	    "cc-by-4.0`, `funding: {url: https://…, text: Support us}`, or "
	    "`funding: [{…}, {…}]`", why);
}

/* `podcast_tags` of show.ini: each is a line of YAML. */
static void
channel_podcast(struct show *show, const struct options *o,
    struct findings *to)
{
	const struct podcast_source from = {
		&show->arena, o->file, show->zone, SEV_ERROR, "option-value",
		to
	};
	size_t i, n = options_number_of(o, "podcast_tags");

	for (i = 0; i < n; i++) {
		const char *text = options_at(o, "podcast_tags", i);
		unsigned line = options_line_at(o, "podcast_tags", i);
		struct err err = ERR_INIT;
		struct node *map;

		if (front_yaml(&show->arena, text, strlen(text), line, &map,
		    &err) != 0)
			complain_yaml(o, line, &err, to);
		else
			podcast_read(&from, PODCAST_CHANNEL, map,
			    &show->podcast);
	}
}

void
episode_more_channel(struct show *show, const struct options *o,
    struct findings *to)
{
	static const char *const none[] = { "item", "channel", "rss", NULL };
	const char *file = options_text(o, "channel_xml");
	struct err err = ERR_INIT;
	struct buf text;
	size_t mark;

	channel_podcast(show, o, to);
	if (file == NULL)
		return;
	buf_init(&text, XML_FRAGMENT_MAX);
	if (fs_read(file, XML_FRAGMENT_MAX, &text, NULL, &err) != 0) {
		finding_err(to, "channel-xml", &err);
		buf_release(&text);
		return;
	}
	mark = text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0 ?
	    3 : 0;
	if (xml_fragment_check(text.data + mark, text.len - mark, none,
	    &show->xml.spaces, &err) != 0) {
		err_at(&err, file, err.line);
		finding_err(to, "channel-xml", &err);
	} else {
		keep_xml(&show->arena, text.data + mark, text.len - mark,
		    &show->xml);
	}
	buf_release(&text);
}
