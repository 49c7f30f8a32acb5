#include "text/html_markdown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/html.h"
#include "text/html_markdown_int.h"

#define WRAPS_MAX 4

/*
 * Where the output stands. Each line begins with `prefix` ("> " and the
 * indents of the lists around it); the first line of a quote or list item
 * with `lead` instead, which ends in its own mark.
 */
struct writer {
	struct buf *out;
	struct buf prefix;
	struct buf lead;
	bool pending;		/* lead is still to be written */
	bool gap;		/* a block was written in this container */
	bool tight;		/* no blank line between blocks here */
	char list;		/* the mark of the list just ended, or 0 */
	const xmlNode *wraps[WRAPS_MAX];	/* inline, around blocks */
	size_t nwraps;
};

static void put_children(struct writer *w, const xmlNode *n);

/* Where the third mark of empty items in a row stands, or 0: three in one line
 * would be a rule. */
static size_t
rule_at(const struct buf *lead)
{
	const char *p = lead->data + lead->len, *end = p;
	char mark = '\0';
	size_t n = 0;

	while (p > lead->data && (p[-1] == ' ' || (strchr("-*", p[-1]) !=
	    NULL && (mark == '\0' || p[-1] == mark))))
		if (*--p != ' ')
			mark = *p;
	for (; p < end; p++)
		if (*p != ' ' && ++n == 3)
			return (size_t)(p - lead->data);
	return 0;
}

/* lead and prefix are of one width: what an item holds may begin on the line
 * behind its mark. */
static void
part_marks(struct writer *w)
{
	size_t at;

	while ((at = rule_at(&w->lead)) != 0) {
		buf_add(w->out, w->lead.data, at - 1);
		buf_addc(w->out, '\n');
		memcpy(w->lead.data, w->prefix.data, at);
	}
}

static void
put_line(struct writer *w, const char *s, size_t len)
{
	const struct buf *head = w->pending ? &w->lead : &w->prefix;

	if (w->pending && len == 0)
		part_marks(w);
	buf_add(w->out, head->data, head->len);
	buf_add(w->out, s, len);
	if (len == 0)
		while (w->out->len > 0 && w->out->data[w->out->len - 1] == ' ')
			buf_truncate(w->out, w->out->len - 1);
	buf_addc(w->out, '\n');
	w->pending = false;
}

/* Before a block: the blank line that parts it from the last one. */
static void
begin_block(struct writer *w)
{
	if (w->gap && !w->tight)
		put_line(w, "", 0);
	w->gap = false;
	w->list = '\0';
}

struct place {
	size_t prefix;
	size_t lead;
	bool pending;
};

/* Goes into a quote or an item: first is its mark, rest what its other lines
 * begin with. */
static struct place
enter(struct writer *w, const char *first, const char *rest)
{
	struct place was = { w->prefix.len, w->lead.len, w->pending };

	if (!w->pending) {
		buf_clear(&w->lead);
		buf_add(&w->lead, w->prefix.data, w->prefix.len);
	}
	buf_adds(&w->lead, first);
	buf_adds(&w->prefix, rest);
	w->pending = true;
	w->gap = false;
	w->list = '\0';
	return was;
}

static void
leave(struct writer *w, struct place was, bool keep_empty)
{
	if (w->pending && keep_empty)
		put_line(w, "", 0);
	else if (w->pending) {
		w->pending = was.pending;
		if (was.pending)
			buf_truncate(&w->lead, was.lead);
	}
	buf_truncate(&w->prefix, was.prefix);
	w->gap = true;
	w->list = '\0';
}

static void
protect(struct buf *to, const char *s, size_t len)
{
	size_t at = hm_mark_at(s, len);

	buf_add(to, s, at);
	if (at < len)
		buf_addc(to, '\\');
	buf_add(to, s + at, len - at);
}

/* Blanks and breaks at the ends of a paragraph show nothing. */
static void
trim(const char **from, size_t *len)
{
	const char *p = *from, *end = p + *len;

	while (p < end && (*p == ' ' || (*p == '\\' && p[1] == '\n')))
		p += *p == ' ' ? 1 : 2;
	while (p < end && (end[-1] == ' ' || end[-1] == '\n'))
		end -= end[-1] == ' ' ? 1 : 2;
	*from = p;
	*len = end > p ? (size_t)(end - p) : 0;
}

static void
fill_run(const struct writer *w, struct hm_run *r, const xmlNode *first,
    const xmlNode *stop, const char **text, size_t *len)
{
	size_t i;

	r->in_link = false;
	for (i = 0; i < w->nwraps; i++)
		r->in_link = r->in_link || hm_is(w->wraps[i], "a");
	buf_init(&r->text, w->out->max);
	hm_run_add(r, first, stop);
	*text = r->text.data;
	*len = r->text.len;
	trim(text, len);
	if (*len == 0)
		return;
	for (i = w->nwraps; i > 0; i--)
		hm_run_wrap(r, w->wraps[i - 1]);
	*text = r->text.data;
	*len = r->text.len;
	trim(text, len);
}

static void
put_paragraph(struct writer *w, const xmlNode *first, const xmlNode *stop)
{
	struct hm_run r = { .one_line = false };
	const char *p, *end, *nl;
	struct buf line;
	size_t len;

	if (first == NULL || first == stop)
		return;
	fill_run(w, &r, first, stop, &p, &len);
	buf_init(&line, w->out->max);
	if (len > 0)
		begin_block(w);
	for (end = p + len; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			nl = end;
		while (p < nl && *p == ' ') /* shows nothing, hides a mark */
			p++;
		buf_clear(&line);
		protect(&line, p, (size_t)(nl - p));
		put_line(w, line.data, line.len);
	}
	if (len > 0)
		w->gap = true;
	buf_release(&line);
	buf_release(&r.text);
}

static void
put_heading(struct writer *w, const xmlNode *n)
{
	struct hm_run r = { .one_line = true };
	struct buf line;
	const char *p;
	size_t len;

	fill_run(w, &r, n->children, NULL, &p, &len);
	if (len > 0) {
		buf_init(&line, w->out->max);
		buf_add(&line, "######", (size_t)(n->name[1] - '0'));
		buf_addc(&line, ' ');
		buf_add(&line, p, len - (p[len - 1] == '#'));
		if (p[len - 1] == '#')
			buf_adds(&line, "\\#");
		begin_block(w);
		put_line(w, line.data, line.len);
		w->gap = true;
		buf_release(&line);
	}
	buf_release(&r.text);
}

static void
put_rule(struct writer *w, const xmlNode *n)
{
	(void)n;
	begin_block(w);
	put_line(w, "___", 3);	/* of no character that a list has too */
	w->gap = true;
}

static void
put_raw(struct writer *w, const xmlNode *n)
{
	struct buf raw;

	buf_init(&raw, w->out->max);
	hm_raw(&raw, n, false);
	begin_block(w);
	put_line(w, raw.data, raw.len);
	w->gap = true;
	buf_release(&raw);
}

/* Text, an image, a link or a rule somewhere below. */
static bool
has_content(const xmlNode *n, bool text_only)
{
	const xmlNode *c;

	if (n->type == XML_TEXT_NODE)
		return n->content[strspn((const char *)n->content,
		    " \t\r\n\f")] != '\0';
	if (!text_only && (hm_is(n, "img") || hm_is(n, "hr") ||
	    hm_is(n, "a")))
		return true;
	for (c = n->children; c != NULL; c = c->next)
		if (has_content(c, text_only))
			return true;
	return false;
}

static void
put_quote(struct writer *w, const xmlNode *n)
{
	bool tight = w->tight;
	struct place was;

	if (!has_content(n, false))
		return;
	begin_block(w);
	was = enter(w, "> ", "> ");
	w->tight = false;
	put_children(w, n->children);
	w->tight = tight;
	leave(w, was, false);
}

static void
put_fenced(struct writer *w, const char *code, const struct buf *language)
{
	size_t fence = 3, run = 0, len;
	const char *p;
	struct buf mark;

	for (p = code; *p != '\0'; p++) {
		run = *p == '`' ? run + 1 : 0;
		if (run >= fence)
			fence = run + 1;
	}
	buf_init(&mark, 0);
	for (run = 0; run < fence; run++)
		buf_addc(&mark, '`');
	len = mark.len;
	buf_adds(&mark, language->data);
	begin_block(w);
	put_line(w, mark.data, mark.len);
	for (p = code; *p != '\0'; p += run + (p[run] == '\n')) {
		run = strcspn(p, "\n");
		put_line(w, p, run);
	}
	put_line(w, mark.data, len);
	w->gap = true;
	buf_release(&mark);
}

static void
put_pre(struct writer *w, const xmlNode *n)
{
	const xmlNode *c = n->children;
	struct buf text, language;
	const char *p;

	buf_init(&text, w->out->max);
	buf_init(&language, 64);
	hm_language(n, &language);
	if (language.len == 0 && c != NULL && hm_is(c, "code"))
		hm_language(c, &language);
	if (!hm_pre_text(n, &text)) {
		put_raw(w, n);
	} else {
		p = text.data + (text.data[0] == '\n');
		if (*p != '\0')
			put_fenced(w, p, &language);
	}
	buf_release(&text);
	buf_release(&language);
}

static bool
is_list(const xmlNode *n)
{
	return hm_is(n, "ul") || hm_is(n, "ol");
}

/* Whether a list may follow a line of text without a blank line: not one
 * that begins with another number than 1 or with an empty item. */
static bool
can_follow(const xmlNode *list)
{
	const xmlNode *n = list->children;
	long start;

	while (n != NULL && !hm_is(n, "li"))
		n = n->next;
	return n != NULL && has_content(n, true) && hm_list_start(list,
	    &start) && start == 1;
}

static bool
has_block(const xmlNode *n)
{
	const xmlNode *c;

	if (hm_is_block(n))
		return true;
	for (c = n->children; c != NULL; c = c->next)
		if (has_block(c))
			return true;
	return false;
}

/* Text and then lists, and nothing else in any item. */
static bool
is_tight(const xmlNode *list)
{
	const xmlNode *item, *n;
	bool lists;

	for (item = list->children; item != NULL; item = item->next) {
		if (!hm_is(item, "li")) {
			if (has_content(item, false))
				return false;
			continue;
		}
		lists = false;
		for (n = item->children; n != NULL; n = n->next) {
			if (is_list(n) ? !can_follow(n) : has_block(n) ||
			    (lists && has_content(n, false)))
				return false;
			lists = lists || is_list(n);
		}
	}
	return true;
}

static void put_block(struct writer *w, const xmlNode *n);

/* The next node of a list that is more than blanks. */
static const xmlNode *
skip_blanks(const xmlNode *n)
{
	while (n != NULL && !hm_is(n, "li") && !has_content(n, false))
		n = n->next;
	return n;
}

static void
put_item(struct writer *w, const xmlNode *n)
{
	if (hm_is(n, "li"))
		put_children(w, n->children);
	else if (has_block(n))
		put_block(w, n);
	else
		put_paragraph(w, n, n->next);
}

static void
put_list(struct writer *w, const xmlNode *list)
{
	char mark = hm_is(list, "ol") ? '.' : '-', first[16];
	bool tight = w->tight;
	const xmlNode *n = list->children;
	struct place was;
	long number;

	if (!has_content(list, false))
		return;
	if (!hm_list_start(list, &number)) {
		put_raw(w, list);
		return;
	}
	if (w->list == mark)	/* or they would be one list */
		mark = mark == '.' ? ')' : '*';
	begin_block(w);
	w->tight = is_tight(list);
	for (n = skip_blanks(n); n != NULL; n = skip_blanks(n->next)) {
		begin_block(w);
		if (hm_is(list, "ol"))
			snprintf(first, sizeof(first), "%ld%c ", number++,
			    mark);
		else
			snprintf(first, sizeof(first), "%c ", mark);
		was = enter(w, first, &"          "[10 - strlen(first)]);
		put_item(w, n);
		/* A list that stands beside the items belongs to the last. */
		while (n->next != NULL && skip_blanks(n->next) != NULL &&
		    is_list(skip_blanks(n->next))) {
			n = skip_blanks(n->next);
			put_list(w, n);
		}
		leave(w, was, true);
	}
	w->tight = tight;
	w->gap = true;
	w->list = mark;
}

/* Inline around blocks (a link around paragraphs): it goes into each. */
static bool
push_wrap(struct writer *w, const xmlNode *n)
{
	static const char *const inlines[] = {
		"a", "b", "strong", "i", "em", "u", "s", "del", "small", "sup"
	};
	size_t i;

	for (i = 0; i < w->nwraps; i++)
		if (hm_is(n, "a") && hm_is(w->wraps[i], "a"))
			return false;	/* no link within a link */
	for (i = 0; i < sizeof(inlines) / sizeof(inlines[0]); i++)
		if (hm_is(n, inlines[i]) && w->nwraps < WRAPS_MAX) {
			w->wraps[w->nwraps++] = n;
			return true;
		}
	return false;
}

static void
put_block(struct writer *w, const xmlNode *n)
{
	static const struct {
		const char *name;
		void (*put)(struct writer *, const xmlNode *);
	} blocks[] = {
		{ "h1", put_heading }, { "h2", put_heading },
		{ "h3", put_heading }, { "h4", put_heading },
		{ "h5", put_heading }, { "h6", put_heading },
		{ "hr", put_rule }, { "blockquote", put_quote },
		{ "pre", put_pre }, { "ul", put_list }, { "ol", put_list },
		{ "table", put_raw }, { "dl", put_raw }, { "details", put_raw }
	};
	bool wrapped;
	size_t i;

	for (i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (hm_is(n, blocks[i].name)) {
			blocks[i].put(w, n);
			return;
		}
	wrapped = push_wrap(w, n);
	put_children(w, n->children);
	w->nwraps -= wrapped;
}

static void
put_children(struct writer *w, const xmlNode *n)
{
	const xmlNode *from = NULL;

	for (; n != NULL; n = n->next) {
		if (!has_block(n)) {
			if (from == NULL)
				from = n;
			continue;
		}
		put_paragraph(w, from, n);
		from = NULL;
		put_block(w, n);
	}
	put_paragraph(w, from, NULL);
}

static bool
has_tag(const char *html)
{
	const char *p;

	for (p = strchr(html, '<'); p != NULL; p = strchr(p + 1, '<'))
		if (markup_is_tag(p) || strncmp(p, "<!--", 4) == 0)
			return true;
	return false;
}

/* Text without tags: its lines become HTML's. */
static void
lines_to_html(const char *p, struct buf *out)
{
	size_t newlines;

	for (; *p != '\0'; p++) {
		if (*p == '<' || *p == '>') {
			buf_adds(out, *p == '<' ? "&lt;" : "&gt;");
		} else if (*p == '\n') {
			for (newlines = 1; p[1] != '\0' &&
			    strchr(" \t\r\n", p[1]) != NULL; p++)
				newlines += p[1] == '\n';
			buf_adds(out, newlines > 1 ? "</p><p>" : "<br>");
		} else {
			buf_addc(out, *p);
		}
	}
}

int
markup_to_markdown(const char *html, size_t len, struct buf *out,
    struct err *err)
{
	struct writer w = { .out = out };
	xmlDoc *doc = NULL;
	struct buf text;

	buf_init(&text, 0);
	/* A NUL is no character of HTML, and ends the text for what follows. */
	len = strnlen(html, len);
	buf_add(&text, html, len);
	if (!has_tag(text.data)) {
		struct buf lines;

		buf_init(&lines, 0);
		buf_adds(&lines, "<p>");
		lines_to_html(text.data, &lines);
		buf_release(&text);
		text = lines;
	}
	if (buf_check(&text, "the HTML", err) == 0)
		doc = hm_read(text.data, text.len, NULL, MARKUP_EMBED_LINK,
		    err);
	buf_release(&text);
	if (doc == NULL)
		return -1;
	buf_init(&w.prefix, 0);
	buf_init(&w.lead, 0);
	put_children(&w, xmlDocGetRootElement(doc)->children);
	buf_release(&w.prefix);
	buf_release(&w.lead);
	xmlFreeDoc(doc);
	return buf_check(out, "the Markdown", err);
}
