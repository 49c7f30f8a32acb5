/* Chapters in lists of values, and in files: JSON chapters 1.2 (podcast
 * namespace, chapters/jsonChapters.md), Podlove Simple Chapters 1.2, WebVTT. */
#include <string.h>
#include <strings.h>

#include "show/chapters_int.h"
#include "text/captions.h"
#include "text/front.h"
#include "text/utf8.h"
#include "text/xml_read.h"

#define PSC "http://podlove.org/simple-chapters"

static const struct node *
first_of(const struct node *map, const char *const *keys)
{
	const struct node *n = NULL;

	for (; *keys != NULL && n == NULL; keys++) {
		n = node_get(map, *keys);
		if (n != NULL && n->kind == NODE_NULL)
			n = NULL;
	}
	return n;
}

static const char *
text_in(struct chapters *c, const struct node *map, unsigned line,
    const char *const *keys)
{
	const struct node *n = first_of(map, keys);

	if (n == NULL || n->kind == NODE_TEXT)
		return n == NULL ? NULL : n->text;
	chapters_fault(c, line, "`%s` is no text and is left out", n->key);
	return NULL;
}

/* Times stand as 1:30 or as seconds. */
static void
from_map(struct chapters *c, const struct node *map)
{
	static const char *const starts[] = {
		"start", "startTime", "start_time", "time", "timestamp", NULL
	}, *const ends[] = { "end", "endTime", "end_time", NULL },
	    *const titles[] = { "title", "name", "text", NULL },
	    *const urls[] = { "url", "href", "link", NULL },
	    *const images[] = { "image", "img", NULL };
	const struct node *start = first_of(map, starts);
	const struct node *end = first_of(map, ends);
	const struct node *toc = node_get(map, "toc");
	struct show_chapter one = { .end_ms = -1, .line = map->line };

	/* A map in a list of JSON has the line of the list. */
	if (map->first != NULL && map->first->line > 0)
		one.line = map->first->line;
	if (start == NULL || start->kind != NODE_TEXT ||
	    !chapters_is_time(start->text, true, &one.start_ms)) {
		chapters_fault(c, one.line, "a chapter has no `start` such as "
		    "1:30 or 90.5, and is left out");
		return;
	}
	if (end != NULL && (end->kind != NODE_TEXT ||
	    !chapters_is_time(end->text, true, &one.end_ms))) {
		one.end_ms = -1;
		chapters_fault(c, one.line, "the end of a chapter is no time "
		    "such as 1:30 or 90.5, and is left out");
	}
	one.title = text_in(c, map, one.line, titles);
	one.url = text_in(c, map, one.line, urls);
	one.image = text_in(c, map, one.line, images);
	one.hidden = toc != NULL && toc->kind == NODE_BOOL && !toc->flag;
	chapters_add(c, &one);
}

static void
from_text(struct chapters *c, const char *text, unsigned line)
{
	struct arena a = ARENA_INIT;
	struct show_chapter one;

	if (chapters_line(&a, text, strlen(text), &one)) {
		one.line = line;
		chapters_add(c, &one);
	} else {
		chapters_fault(c, line, "`%s` does not begin with a time, as "
		    "`1:30 Title` does, and is left out", text);
	}
	arena_release(&a);
}

/* `1:30 Title: more` and `1:30: Title`, which YAML takes for maps. */
static bool
from_pair(struct chapters *c, const struct node *pair)
{
	struct arena a = ARENA_INIT;
	struct show_chapter one = { .end_ms = -1, .line = pair->line };
	bool is = pair->kind == NODE_TEXT;

	if (is && chapters_is_time(pair->key, false, &one.start_ms)) {
		one.title = pair->text;
		chapters_add(c, &one);
	} else if (is && chapters_line(&a, pair->key, strlen(pair->key),
	    &one)) {
		from_text(c, arena_printf(&a, "%s: %s", pair->key,
		    pair->text), pair->line);
	} else {
		is = false;
	}
	arena_release(&a);
	return is;
}

void
chapters_nodes(struct chapters *c, const struct node *list)
{
	const struct node *n;

	for (n = list->first; n != NULL; n = n->next) {
		if (list->kind == NODE_MAP) {
			if (!from_pair(c, n))
				chapters_fault(c, n->line, "`%s` is no time "
				    "such as 1:30, and is left out", n->key);
		} else if (n->kind == NODE_TEXT) {
			from_text(c, n->text, n->line);
		} else if (n->kind == NODE_MAP && (n->count != 1 ||
		    !from_pair(c, n->first))) {
			from_map(c, n);
		} else if (n->kind != NODE_MAP && n->kind != NODE_NULL) {
			chapters_fault(c, n->line, "an entry is neither a text "
			    "nor a map, and is left out");
		}
	}
}

/* ---- files ---- */

static int
from_json(struct chapters *c, const char *text, size_t len, unsigned line,
    struct err *err)
{
	struct arena a = ARENA_INIT;
	const struct node *list;
	struct err why = ERR_INIT;
	struct node *map;
	size_t used;
	int rc = -1;

	if (front_json(&a, text, len, line, &map, &used, &why) != 0) {
		const char *told = strstr(why.msg, ": ");

		err_set(err, ERR_INPUT, "it is no JSON chapters file%s",
		    told != NULL ? told : "");
		err->line = why.line;
	} else if ((list = node_get(map, "chapters")) == NULL ||
	    list->kind != NODE_LIST) {
		err_set(err, ERR_INPUT, "it has no list of `chapters`");
	} else {
		chapters_nodes(c, list);
		rc = 0;
	}
	arena_release(&a);
	return rc;
}

static void
from_element(struct chapters *c, const struct xr_node *n)
{
	struct show_chapter one = {
		.end_ms = -1, .line = n->line, .title = xr_attr(n, "", "title"),
		.url = xr_attr(n, "", "href"), .image = xr_attr(n, "", "image")
	};
	const char *start = xr_attr(n, "", "start");

	/* Normal Play Time (RFC 2326 §3.6) */
	if (start == NULL || !chapters_is_time(start, true, &one.start_ms))
		chapters_fault(c, n->line, "a chapter has no `start` such as "
		    "00:01:30.500, and is left out");
	else
		chapters_add(c, &one);
}

/* The first list of chapters; it may be without its namespace. */
static const struct xr_node *
list_in(const struct xr_node *root)
{
	const struct xr_node *n;

	for (n = root; n != NULL; n = xr_next(root, n))
		if (n->name != NULL && strcmp(n->name, "chapters") == 0 &&
		    (n->ns[0] == '\0' || strcmp(n->ns, PSC) == 0))
			return n;
	return NULL;
}

static int
from_xml(struct chapters *c, const char *text, size_t len, struct err *err)
{
	struct findings silent = { NULL, NULL, 0, 0, ERR_NONE };
	struct arena a = ARENA_INIT;
	struct xr_node *root, *one;
	const struct xr_node *list;
	int rc = -1;

	root = xr_read(&a, text, len, c->file, NULL, &silent, err);
	list = list_in(root);
	if (root != NULL && silent.errors > 0)
		err_set(err, ERR_INPUT, "its XML is damaged: something may be "
		    "missing");
	else if (root != NULL && list == NULL)
		err_set(err, ERR_INPUT, "it is XML without psc:chapters");
	else if (root != NULL && !xr_has_elements(list))
		err_set(err, ERR_INPUT, "there is no chapter in it");
	else if (root != NULL)
		rc = 0;
	for (one = rc == 0 ? xr_element(list->first) : NULL; one != NULL;
	    one = xr_element(one->next))
		if (strcmp(one->name, "chapter") == 0)
			from_element(c, one);
	arena_release(&a);
	return rc;
}

static int
from_vtt(struct chapters *c, const char *text, size_t len, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct captions cues;
	size_t i;
	int rc = captions_read(&a, text, len, CAPTIONS_VTT, &cues, err);

	for (i = 0; rc == 0 && i < cues.n; i++)
		chapters_add(c, &(struct show_chapter){
		    .start_ms = cues.cues[i].start_ms,
		    .end_ms = cues.cues[i].end_ms,
		    .title = cues.cues[i].text, .line = cues.cues[i].line });
	arena_release(&a);
	return rc;
}

/* Lines; a text without any that begins with a time is something else. */
static int
from_lines(struct chapters *c, const char *text, size_t len, struct err *err)
{
	const char *end = text + len, *next, *p;
	struct arena a = ARENA_INIT;
	struct show_chapter one;
	bool any = false;

	for (p = text; p < end && !any; p = next) {
		next = memchr(p, '\n', (size_t)(end - p));
		next = next == NULL ? end : next + 1;
		any = chapters_line(&a, p, (size_t)(next - p), &one);
	}
	arena_release(&a);
	if (!any)
		return err_set(err, ERR_INPUT, "it is no file of chapters: "
		    "neither JSON chapters, Podlove Simple Chapters nor "
		    "WebVTT, and no line begins with a time, as `1:30 Title` "
		    "does");
	chapters_lines(c, text, len, 1);
	return 0;
}

int
chapters_text(struct chapters *c, const char *text, size_t len, bool *json,
    struct err *err)
{
	unsigned line = 1;
	size_t i = 0;

	*json = false;
	if (utf8_invalid_at(text, len) < len ||
	    memchr(text, '\0', len) != NULL)
		return err_set(err, ERR_INPUT, "it is not UTF-8 text");
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	for (; i < len && strchr(" \t\r\n", text[i]) != NULL; i++)
		line += text[i] == '\n';
	if (i < len && text[i] == '{') {
		*json = true;
		return from_json(c, text + i, len - i, line, err);
	}
	if (i < len && text[i] == '<')
		return from_xml(c, text, len, err);
	if (len >= 6 && memcmp(text, "WEBVTT", 6) == 0)
		return from_vtt(c, text, len, err);
	return from_lines(c, text, len, err);
}
