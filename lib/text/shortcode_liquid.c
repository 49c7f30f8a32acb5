#include "text/shortcode_int.h"

#include <stdio.h>
#include <string.h>

/* Without output, or the ends and middles of what was told at its start. */
static const char silent[] = "assign|set|import|from|increment|decrement|"
    "extends|else|elsif|elseif|elif|endif|endunless|endfor|endcase|when|"
    "endcapture|endset|endtablerow|endblock|endcall|endfilter|endmacro|"
    "break|continue|cycle|endhighlight|endraw|endverbatim|endcomment";
/* Choices and loops: all that they hold is kept. */
static const char controls[] = "if|unless|for|case|capture|tablerow|block|"
    "macro|call|filter|ifchanged";

static const char *
find_bytes(const char *p, const char *end, const char *text)
{
	return end > p ? memmem(p, (size_t)(end - p), text, strlen(text)) :
	    NULL;
}

/* The mark that closes a tag or output within the same paragraph. */
static const char *
tag_end(struct walk *w, const char *mark)
{
	const char *end = w->end - w->p > TAG_LEN_MAX ? w->p + TAG_LEN_MAX :
	    w->end;
	const char *close = NULL, *blank;

	if (w->failures <= FAILURES_MAX)
		close = find_bytes(w->p + 2, end, mark);
	if (close == NULL) {
		w->failures++;
		return NULL;
	}
	blank = find_bytes(w->p, close, "\n\n");
	return blank == NULL ? close : NULL;
}

/* `{%-` and `-%}` take the blanks beside them along; line ends stay, since
 * what a tag would have shown between them is not there. */
static void
trim_before(struct walk *w)
{
	while (w->out->len > 0 && w->out->data[w->out->len - 1] == ' ' &&
	    !walk_line_is_empty(w))
		buf_truncate(w->out, w->out->len - 1);
}

static void
trim_after(struct walk *w)
{
	while (w->p < w->end && (*w->p == ' ' || *w->p == '\t'))
		w->p++;
}

/* "{% endNAME %}" behind p: its start, and *after behind it. */
static const char *
find_close(const char *p, const char *end, const char *name,
    const char **after)
{
	size_t n = strlen(name);
	const char *q;

	for (; (p = find_bytes(p, end, "{%")) != NULL; p += 2) {
		q = p + 2;
		q += q < end && *q == '-';
		while (q < end && *q == ' ')
			q++;
		if ((size_t)(end - q) < n + 5 || memcmp(q, "end", 3) != 0 ||
		    memcmp(q + 3, name, n) != 0)
			continue;
		for (q += n + 3; q < end && (*q == ' ' || *q == '-'); q++)
			;
		if (end - q >= 2 && q[0] == '%' && q[1] == '}') {
			*after = q + 2;
			return p;
		}
	}
	return NULL;
}

static bool
take_pair(struct walk *w, const struct tag *t, const char *from)
{
	unsigned bit;
	const char *close, *after;

	if (shortcode_among("raw|verbatim", t->name))
		bit = NO_END_RAW;
	else if (strcmp(t->name, "comment") == 0)
		bit = NO_END_COMMENT;
	else if (shortcode_among("highlight|codeblock", t->name))
		bit = NO_END_HIGHLIGHT;
	else
		return false;
	if (w->no_end & bit)
		return false;
	close = find_close(from, w->end, t->name, &after);
	if (close == NULL) {
		w->no_end |= bit;
		return false;
	}
	if (bit == NO_END_RAW) {
		walk_skip(w, from);
		walk_copy(w, close);
		walk_skip(w, after);
		return true;
	}
	walk_skip(w, after);
	if (bit == NO_END_HIGHLIGHT)
		shortcode_code(w, t, from, (size_t)(close - from));
	return true;
}

static void
render(struct walk *w, const struct tag *t)
{
	char written[TAG_NAME_MAX + 16];

	if (t->name[0] == '\0')
		return;	/* a comment */
	snprintf(written, sizeof(written), "{%% %s %%}", t->name);
	if (shortcode_among(controls, t->name))
		walk_tell(w, "`%s` is not evaluated: all that it holds is "
		    "kept", written);
	else if (!shortcode_among(silent, t->name) &&
	    strncmp(t->name, "end", 3) != 0)
		shortcode_render(w, t, written);
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* A tag has a name, or it is a comment (`{% # … %}`). */
static bool
begins_tag(const char *p, const char *close)
{
	while (p < close && strchr("-+ \t\r\n", *p) != NULL)
		p++;
	return p < close && (is_letter(*p) || *p == '#');
}

/* An output is of a name, a text, or goes through a filter. `{{{x}}}` and
 * `{{2}}` are nobody's. */
static bool
begins_output(const char *p, const char *close)
{
	return p < close && *p != '{' && (is_letter(*p) ||
	    strchr("\"'.$(", *p) != NULL ||
	    memchr(p, '|', (size_t)(close - p)) != NULL);
}

bool
shortcode_liquid_tag(struct walk *w)
{
	const char *from = w->p + 2, *close = tag_end(w, "%}"), *to = close;
	const char *p;
	bool before, after;
	struct tag t;

	if (close == NULL || !begins_tag(from, close))
		return false;
	before = from < to && *from == '-';
	after = to > from + before && to[-1] == '-';
	shortcode_parse(&t, from + before, (size_t)(to - from) - before -
	    after, &w->arena);
	if (before)
		trim_before(w);
	if (take_pair(w, &t, close + 2))
		return true;
	p = w->p;
	w->p = close + 2;
	render(w, &t);
	for (; p < close; p++)
		w->line += *p == '\n';
	if (after)
		trim_after(w);
	return true;
}

/* "text" | filter | filter: the text when no filter changes it here. */
static bool
put_string(struct walk *w, const char *p, const char *end)
{
	const char *close = memchr(p + 1, *p, (size_t)(end - p - 1)), *from;
	char filter[40];
	size_t n;

	if (close == NULL)
		return false;
	for (from = close + 1; from < end; from += n) {
		from += strspn(from, " \t|\n");
		n = strcspn(from, "|}");
		if (n == 0 && from < end)
			return false;
		snprintf(filter, sizeof(filter), "%.*s", (int)n, from);
		for (n = strlen(filter); n > 0 && filter[n - 1] == ' '; n--)
			filter[n - 1] = '\0';
		n = strcspn(from, "|}");
		if (filter[0] != '\0' && !shortcode_among("relative_url|"
		    "absolute_url|url|safe|escape|xml_escape|prepend: "
		    "site.baseurl|prepend: site.url|prepend:site.baseurl",
		    filter))
			return false;
	}
	if (walk_spot(w) == SPOT_TARGET || walk_spot(w) == SPOT_ATTRIBUTE)
		shortcode_path(w, p + 1, (size_t)(close - p - 1));
	else
		buf_add(w->out, p + 1, (size_t)(close - p - 1));
	return true;
}

static bool
is_root(const char *p, size_t len)
{
	char name[32];

	snprintf(name, sizeof(name), "%.*s", (int)len, p);
	return shortcode_among("site.url|site.baseurl|site.github.url", name);
}

/* What stands between the marks: a text, the site's root, or unknown. */
static void
evaluate(struct walk *w, const char *p, const char *end)
{
	char written[TAG_NAME_MAX];

	if (p < end && (*p == '"' || *p == '\'') && put_string(w, p, end))
		return;
	if (is_root(p, (size_t)(end - p)))
		return;
	snprintf(written, sizeof(written), "{{ %.*s }}",
	    end - p < 50 ? (int)(end - p) : 50, p);
	if (walk_spot(w) == SPOT_TARGET)
		walk_unlink(w, written);
	else
		walk_tell(w, "`%s` is left out: outputs are not evaluated "
		    "(as code, between backticks, it would be shown)",
		    written);
}

bool
shortcode_liquid_output(struct walk *w)
{
	const char *start = w->p, *p = start + 2, *close = tag_end(w, "}}");
	const char *end = close;

	if (close == NULL)
		return false;
	p += *p == '-';
	while (p < end && strchr(" \t\r\n", *p) != NULL)
		p++;
	if (!begins_output(p, end))
		return false;
	if (start[2] == '-')
		trim_before(w);
	while (end > p && strchr(" \t\r\n-", end[-1]) != NULL)
		end--;
	w->p = close + 2;
	evaluate(w, p, end);
	for (p = start; p < close; p++)
		w->line += *p == '\n';
	if (close[-1] == '-')
		trim_after(w);
	return true;
}
