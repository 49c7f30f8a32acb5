/*
 * HTML back into Markdown: what the Markdown is rendered to must say what the
 * HTML said: the same words, links, images and kinds of blocks in order.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libxml/HTMLparser.h>

#include "base/fs.h"
#include "base/mem.h"
#include "text/html.h"
#include "text/html_markdown.h"
#include "text/markdown.h"
#include "text/shortcode.h"
#include "text/utf8.h"

/* ---- what an HTML fragment says ---- */

struct said {
	struct buf text;	/* blanks folded */
	struct buf links;	/* one a line, %XX resolved */
	struct buf images;
	struct buf kinds;
	bool in_run;
};

static void
said_init(struct said *s)
{
	buf_init(&s->text, 0);
	buf_init(&s->links, 0);
	buf_init(&s->images, 0);
	buf_init(&s->kinds, 0);
	s->in_run = false;
}

static void
said_release(struct said *s)
{
	buf_release(&s->text);
	buf_release(&s->links);
	buf_release(&s->images);
	buf_release(&s->kinds);
}

static void
add_folded(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++)
		if (strchr(" \t\r\n\f", *s) == NULL)
			buf_addc(b, *s);
		else if (b->len > 0 && b->data[b->len - 1] != ' ')
			buf_addc(b, ' ');
}

static void
add_url(struct buf *b, const xmlNode *n, const char *name)
{
	xmlChar *url = xmlGetProp(n, (const xmlChar *)name);
	const char *p = (const char *)url;
	unsigned c;

	if (url == NULL)
		return;
	for (; *p != '\0'; p++)
		if (*p == '%' && sscanf(p + 1, "%2x", &c) == 1) {
			buf_addc(b, (char)c);
			p += 2;
		} else {
			buf_addc(b, *p);
		}
	buf_addc(b, '\n');
	xmlFree(url);
}

static bool
is_any(const xmlNode *n, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcmp((const char *)n->name, *names) == 0)
			return true;
	return false;
}

static const char *const named[] = {
	"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote",
	"pre", "table", "tr", "td", "th", "dl", "details", NULL
};
static const char *const breaking[] = {
	"p", "div", "dt", "dd", "summary", "section", "figure", "figcaption",
	"html", "body", NULL
};

static bool
says_something(const xmlNode *n)
{
	const xmlNode *c;

	if (n->type == XML_TEXT_NODE)
		return n->content[strspn((const char *)n->content,
		    " \t\r\n")] != '\0';
	if (strcmp((const char *)n->name, "img") == 0 ||
	    strcmp((const char *)n->name, "a") == 0 ||
	    strcmp((const char *)n->name, "hr") == 0)
		return true;
	for (c = n->children; c != NULL; c = c->next)
		if (says_something(c))
			return true;
	return false;
}

/* What stands beside the items of a list is an item. */
static bool
is_stray(const xmlNode *list, const xmlNode *n)
{
	static const char *const lists[] = { "ul", "ol", NULL };
	static const char *const in_lists[] = { "li", "ul", "ol", NULL };

	return list->type == XML_ELEMENT_NODE && is_any(list, lists) &&
	    says_something(n) && !is_any(n, in_lists);
}

static void
listen(struct said *s, const xmlNode *n)
{
	const char *name = (const char *)n->name;
	bool block = n->type == XML_ELEMENT_NODE &&
	    (is_any(n, named) || is_any(n, breaking));
	const xmlNode *c;

	if (block && !says_something(n))
		return;
	if (block) {
		add_folded(&s->text, " ");
		s->in_run = name[0] == 'h' && name[1] >= '1' && name[1] <= '6';
		s->in_run = s->in_run || strcmp(name, "pre") == 0;
		if (is_any(n, named))
			buf_addf(&s->kinds, "%s(", name);
	} else if (n->type == XML_ELEMENT_NODE && strcmp(name, "hr") == 0) {
		buf_adds(&s->kinds, "hr ");
		s->in_run = false;
	} else if (!s->in_run && (strcmp(name, "img") == 0 ||
	    strcmp(name, "a") == 0 ||
	    (n->type == XML_TEXT_NODE && says_something(n)))) {
		buf_adds(&s->kinds, "p ");
		s->in_run = true;
	}
	if (n->type == XML_TEXT_NODE)
		add_folded(&s->text, (const char *)n->content);
	else if (strcmp(name, "br") == 0)
		add_folded(&s->text, " ");
	else if (strcmp(name, "a") == 0)
		add_url(&s->links, n, "href");
	else if (strcmp(name, "img") == 0)
		add_url(&s->images, n, "src");
	for (c = n->children; c != NULL; c = c->next)
		if (is_stray(n, c)) {
			buf_adds(&s->kinds, "li(");
			listen(s, c);
			buf_adds(&s->kinds, ") ");
			s->in_run = false;
		} else {
			listen(s, c);
		}
	if (block) {
		add_folded(&s->text, " ");
		if (is_any(n, named))
			buf_adds(&s->kinds, ") ");
		s->in_run = false;
	}
}

static void
hear(struct said *s, const char *html, size_t len)
{
	xmlDoc *doc;
	struct buf whole;

	said_init(s);
	buf_init(&whole, 0);
	buf_adds(&whole, "<html><body>");
	buf_add(&whole, html, len);
	buf_adds(&whole, "</body></html>");
	doc = htmlReadMemory(whole.data, (int)whole.len, NULL, "UTF-8",
	    HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
	assert_non_null(doc);
	listen(s, xmlDocGetRootElement(doc));
	buf_rtrim(&s->text);
	xmlFreeDoc(doc);
	buf_release(&whole);
}

/* ---- there and back ---- */

static struct buf markdown, html;

static int
setup(void **state)
{
	(void)state;
	buf_init(&markdown, 0);
	buf_init(&html, 0);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_release(&markdown);
	buf_release(&html);
	return 0;
}

static const char *
back(const char *from)
{
	struct err err = ERR_INIT;

	buf_clear(&markdown);
	assert_int_equal(markup_to_markdown(from, strlen(from), &markdown,
	    &err), 0);
	return markdown.data;
}

static void
render(const char *text, size_t len)
{
	struct err err = ERR_INIT;
	struct markdown *m = markdown_parse(text, len, NULL, &err);

	assert_non_null(m);
	buf_clear(&html);
	assert_int_equal(markdown_html(m, &html, &err), 0);
	markdown_free(m);
}

/* Each line of some is in all, in the same order: all may have more, since
 * bare addresses became links on the way. */
static bool
is_part(const char *some, const char *all)
{
	size_t n, m;

	for (; *some != '\0'; some += n) {
		n = strcspn(some, "\n") + 1;
		for (;; all += m) {
			if (*all == '\0')
				return false;
			m = strcspn(all, "\n") + 1;
			if (n == m && memcmp(some, all, n) == 0)
				break;
		}
		all += n;
	}
	return true;
}

static bool
same(const char *what, const struct buf *before, const struct buf *after,
    bool part)
{
	size_t at;

	if (part ? is_part(before->data, after->data) :
	    strcmp(before->data, after->data) == 0)
		return true;
	for (at = 0; before->data[at] != '\0' &&
	    before->data[at] == after->data[at]; at++)
		;
	at -= at < 40 ? at : 40;
	print_message("%s before: …%.90s\n%s after:  …%.90s\n", what,
	    before->data + at, what, after->data + at);
	return false;
}

/* Nothing in the Markdown may be taken for a shortcode later. */
static bool
is_without_shortcodes(void)
{
	struct buf expanded;
	bool ok;

	buf_init(&expanded, 0);
	shortcode_expand(markdown.data, markdown.len, &expanded, NULL, NULL);
	ok = same("shortcodes", &markdown, &expanded, false);
	buf_release(&expanded);
	return ok;
}

/* HTML -> Markdown -> HTML says the same. */
static bool
round_trip(const char *from, size_t len, bool more_links)
{
	struct err err = ERR_INIT;
	struct said before, after;
	struct buf clean;
	bool ok;

	buf_init(&clean, 0);
	assert_int_equal(markup_clean_with(from, len, NULL, MARKUP_EMBED_LINK,
	    &clean, &err), 0);
	hear(&before, clean.data, clean.len);
	buf_clear(&markdown);
	assert_int_equal(markup_to_markdown(from, len, &markdown, &err), 0);
	render(markdown.data, markdown.len);
	hear(&after, html.data, html.len);
	ok = same("text", &before.text, &after.text, false) &&
	    same("links", &before.links, &after.links, more_links) &&
	    same("images", &before.images, &after.images, false) &&
	    same("kinds", &before.kinds, &after.kinds, false) &&
	    is_without_shortcodes();
	if (!ok && getenv("VERBOSE") != NULL)
		fprintf(stderr, "HTML: %.*s\nMarkdown:\n%s\n", (int)len, from,
		    markdown.data);
	said_release(&before);
	said_release(&after);
	buf_release(&clean);
	return ok;
}

static void
marks_for_elements(void **state)
{
	static const struct {
		const char *html;
		const char *markdown;
	} cases[] = {
		{ "", "" },
		{ "<p>One.</p><p>Two.<br/>Three.</p>",
		  "One.\n\nTwo.\\\nThree.\n" },
		{ "<h2>A <em>b</em><br>c #</h2>",
		  "## A *b*<br />c \\#\n" },
		{ "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
		  "- a\n  - b\n- c\n" },
		{ "<ol start=\"9\"><li>a</li><li>b</li></ol>",
		  "9. a\n10. b\n" },
		{ "<ol><li value=\"5\">a</li><li value=6>b</li></ol>",
		  "5. a\n6. b\n" },
		{ "<ol><li>a</li><li value=5>b</li></ol>c",
		  "<ol><li>a</li><li value=\"5\">b</li></ol>\n\nc\n" },
		{ "<ol start=-3><li>a</li></ol>",
		  "<ol start=\"-3\"><li>a</li></ol>\n" },
		{ "<ol reversed><li>a</li><li>b</li></ol>",
		  "<ol reversed=\"\"><li>a</li><li>b</li></ol>\n" },
		{ "<ul><li>a<ol start=-1><li>b</li></ol></li><li>c</li></ul>",
		  "- a\n\n  <ol start=\"-1\"><li>b</li></ol>\n\n- c\n" },
		{ "<ol start=x><li value=y>a</li></ol>", "1. a\n" },
		{ "<em><sup></sup></em><a href=x>b</a>**<del></del>",
		  "[b](x)\\*\\*\n" },
		{ "<a href=x><p>a</p><ul><li><a href=y><p>b</p></a></li></ul>"
		  "</a>", "[a](x)\n\n- [b](x)\n" },
		{ "<ul><li><p>a</p><p>b</p></li><li>c</li></ul>",
		  "- a\n\n  b\n\n- c\n" },
		{ "<ul><li>a</li></ul><ul><li>b</li></ul>",
		  "- a\n\n* b\n" },
		{ "<blockquote><p>a</p><ul><li>b</li></ul></blockquote>",
		  "> a\n>\n> - b\n" },
		{ "<p><a href=\"../x y(1)\" title='q\"r'>a ]</a></p>",
		  "[a \\]](<../x y(1)> \"q\\\"r\")\n" },
		{ "<a href=\"https://x.example/\">https://x.example/</a>",
		  "<https://x.example/>\n" },
		{ "see https://x.example/a_b!<b>!</b>",
		  "see https://x.example/a_b!**!**\n" },
		{ "Wow!<a href=\"b\">c</a>", "Wow\\![c](b)\n" },
		{ "<img src=a.png alt='[b]'>", "![\\[b\\]](a.png)\n" },
		{ "<p>a<strong> b </strong>c <i>\"d\"</i>e</p>",
		  "a **b** c <em>\"d\"</em>e\n" },
		{ "<code>a`b</code> <code>{{ x }}</code>",
		  "``a`b`` `{{ x }}`\n" },
		{ "<pre><code class=\"language-c\">int a;\n\n```\n</code>"
		  "</pre>", "````c\nint a;\n\n```\n````\n" },
		{ "a<hr>b", "a\n\n___\n\nb\n" },
		{ "<div><span>a</span></div><section>b</section>",
		  "a\n\nb\n" },
		{ "<table><tr><td>a\n\n{{ b }}</td></tr></table>",
		  "<table><tr><td>a  &#123;&#123; b }}</td></tr></table>\n" },
		{ "H<sub>2</sub>O", "H<sub>2</sub>O\n" },
		{ "<a href=\"u\"><p>a</p><p>b</p></a>",
		  "[a](u)\n\n[b](u)\n" },
		{ "<p>&lt;b&gt; &amp;amp; &copy;</p>",
		  "\\<b> \\&amp; ©\n" },
		{ "<ul><li><ul><li><ul><li></li><li>a</li></ul></li></ul></li>"
		  "</ul>", "- -\n    -\n    - a\n" },
		{ "<ol><li><ul><li><ul><li><ul><li><ul><li><p></p></li>"
		  "<li>a</li></ul></li></ul></li></ul></li></ul></li></ol>",
		  "1. - -\n       - -\n\n         - a\n" },
		{ "<p>a<br><code> </code>~~~ b<br> <sup></sup> - c</p>",
		  "a\\\n\\~~~ b\\\n\\- c\n" },
		{ "<script>x</script><p onclick=\"y\">z</p>", "z\n" }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(back(cases[i].html), cases[i].markdown);
}

static void
text_stays_text(void **state)
{
	static const char *const texts[] = {
		"# a", "- a", "+ a", "* a", "1. a", "2) a", "> a", "---",
		"===", "~~~", "```", "    a", "_a_ *b* **c**", "[a](b)",
		"![a](b)", "[a]: b", "a `b` c", "a\\b\\", "&lt;b> &amp;lt;",
		"snake_case_word", "{{ a }} {% b %} {{&lt; c >}}",
		"{: .a}", "+", "-", "1.", "# a {#b}", "a\\", "| a | b |",
		"1986\\. A", "\xc2\xa0- a", "&amp;amp;"
	};
	char fragment[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(fragment, sizeof(fragment), "<p>%s</p>", texts[i]);
		assert_true(round_trip(fragment, strlen(fragment), false));
		snprintf(fragment, sizeof(fragment), "<ul><li>x<br>%s</li>"
		    "</ul><h3>%s</h3>", texts[i], texts[i]);
		assert_true(round_trip(fragment, strlen(fragment), false));
	}
}

static void
plain_text_keeps_its_lines(void **state)
{
	(void)state;
	assert_string_equal(back("One\r\nTwo & <scriptname>\n\n\n- Three\n"),
	    "One\\\nTwo & \\<scriptname>\n\n\\- Three\n");
	assert_string_equal(back("Tom &amp; Jerry\n00:10 Start\n1. x"),
	    "Tom & Jerry\\\n00:10 Start\\\n1\\. x\n");
	assert_string_equal(back(" \n\t\n"), "");
}

static void
limits_hold(void **state)
{
	struct err err = ERR_INIT;
	struct buf deep, small;
	int i;

	(void)state;
	buf_init(&deep, 0);
	for (i = 0; i < 5000; i++)
		buf_adds(&deep, "<blockquote>");
	buf_adds(&deep, "x");
	buf_clear(&markdown);
	assert_int_equal(markup_to_markdown(deep.data, deep.len, &markdown,
	    &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	buf_init(&small, 8);
	assert_int_equal(markup_to_markdown("<p>more than eight</p>", 22,
	    &small, &err), -1);
	buf_release(&small);
	buf_release(&deep);
}

/* ---- random fragments ---- */

static uint64_t rng;

static unsigned
below(unsigned n)
{
	rng = rng * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(rng >> 33) % n;
}

static void
random_text(struct buf *b)
{
	static const char *const words[] = {
		"word", " ", " ", "a", "1.", "- ", "*", "**", "_", "__", "`",
		"``", "[", "]", "(", ")", "!", "#", "&amp;", "&lt;", ">",
		"\\", "+", "~~~", "=", "{{ x }}", "{% raw %}", "{", "\n",
		"é", "“quoted”", "—", "&nbsp;", "日本", "snake_case", ": ",
		"https://x.example/a_b?c=1&amp;d=2", "&amp;copy;", "\"", "'",
		"&lt;b>", "|", "10) ", "---", "."
	};
	unsigned n = 1 + below(6);

	while (n-- > 0)
		buf_adds(b, words[below(sizeof(words) / sizeof(words[0]))]);
}

static void
random_inline(struct buf *b, unsigned depth, bool in_link)
{
	static const char *const around[] = {
		"em", "strong", "i", "b", "span", "sup", "del", "code"
	};
	static const char *const urls[] = {
		"https://x.example/", "../a/b.html", "a b", "x(1)", "#f",
		"?a=1&amp;copy=2", "a_b*c*", "mailto:a@x.example", "a\\b",
		"{{ x }}", "é.html", "%7Ea"
	};
	const char *url = urls[below(sizeof(urls) / sizeof(urls[0]))];
	unsigned n = 1 + below(4), kind;

	while (n-- > 0) {
		kind = below(12);
		if (kind < 5 || depth == 0) {
			random_text(b);
		} else if (kind < 9) {
			kind = below(8);
			buf_addf(b, "<%s>", around[kind]);
			random_inline(b, depth - 1, in_link);
			buf_addf(b, "</%s>", around[kind]);
		} else if (kind == 9 && !in_link) {
			buf_addf(b, "<a href=\"%s\">", url);
			random_inline(b, depth - 1, true);
			buf_adds(b, "</a>");
		} else if (kind == 10) {
			buf_addf(b, "<img src=\"%s\" alt=\"a [b] *c*\">", url);
		} else {
			buf_adds(b, "<br>");
		}
	}
}

static void random_blocks(struct buf *b, unsigned depth);

static void
random_list(struct buf *b, unsigned depth)
{
	bool ordered = below(2) == 0;
	unsigned n = 1 + below(3);

	if (ordered)
		buf_addf(b, "<ol start=\"%u\">\n", below(12));
	else
		buf_adds(b, "<ul>\n");
	while (n-- > 0) {
		buf_adds(b, "<li>");
		if (below(3) == 0)
			random_blocks(b, depth - 1);
		else
			random_inline(b, 2, false);
		if (below(4) == 0 && depth > 1)
			random_list(b, depth - 1);
		buf_adds(b, "</li>\n");
	}
	buf_adds(b, ordered ? "</ol>" : "</ul>");
}

static void
random_block(struct buf *b, unsigned depth)
{
	unsigned kind = below(depth > 0 ? 10 : 5), level = 1 + below(6);

	switch (kind) {
	case 0: case 1:
		buf_adds(b, "<p>");
		random_inline(b, 3, false);
		buf_adds(b, "</p>");
		break;
	case 2:
		buf_addf(b, "<h%u>", level);
		random_inline(b, 2, false);
		buf_addf(b, "</h%u>", level);
		break;
	case 3:
		buf_adds(b, "<pre><code class=\"language-c\">");
		random_text(b);
		buf_adds(b, "\n\n  ");
		random_text(b);
		buf_adds(b, "</code></pre>");
		break;
	case 4:
		buf_adds(b, "<hr>");
		break;
	case 5: case 6:
		random_list(b, depth);
		break;
	case 7:
		buf_adds(b, "<blockquote>");
		random_blocks(b, depth - 1);
		buf_adds(b, "</blockquote>");
		break;
	case 8:
		buf_adds(b, "<div>");
		random_blocks(b, depth - 1);
		buf_adds(b, "</div>");
		break;
	default:
		buf_adds(b, "<table><tr><td>");
		random_inline(b, 1, false);
		buf_adds(b, "</td></tr></table>");
		break;
	}
}

static void
random_blocks(struct buf *b, unsigned depth)
{
	unsigned n = 1 + below(3);

	while (n-- > 0) {
		random_block(b, depth);
		buf_addc(b, '\n');
	}
}

static void
random_fragments(void **state)
{
	const char *given = getenv("SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) :
	    (uint64_t)time(NULL);
	unsigned i, failed = 0, n = 3000;
	struct buf fragment;

	(void)state;
	rng = seed;
	buf_init(&fragment, 0);
	for (i = 0; i < n && failed < 3; i++) {
		buf_clear(&fragment);
		random_blocks(&fragment, 3);
		failed += !round_trip(fragment.data, fragment.len, true);
	}
	print_message("%u random fragments, seed %llu, %u differ\n", i,
	    (unsigned long long)seed, failed);
	buf_release(&fragment);
	assert_int_equal(failed, 0);
}

/* Tags in no order: each is read, and what comes out can be rendered and says
 * the same when it goes round once more. */
static void
random_soup(void **state)
{
	static const char *const bits[] = {
		"<p>", "</p>", "<ul>", "</ul>", "<li>", "<b>", "</b>", "<a ",
		"href=x>", "</a>", "<pre>", "</pre>", "<td>", "<table>",
		"</table>", "<blockquote>", "</blockquote>", "<h1>", "</h1>",
		"<br", ">", "<!--", "-->", "x", " ", "\n", "<img src=a>",
		"<code>", "</code>", "<dl><dt>", "&", "<", "<ol start=-1>",
		"<hr>", "</li>", "<em>", "</em>", "<i>", "*", "1."
	};
	unsigned i, k, n = 3000;
	struct err err = ERR_INIT;
	struct buf soup, was;

	(void)state;
	buf_init(&soup, 0);
	buf_init(&was, 0);
	for (i = 0; i < n; i++) {
		buf_clear(&soup);
		for (k = below(40); k > 0; k--)
			buf_adds(&soup, bits[below(sizeof(bits) /
			    sizeof(bits[0]))]);
		buf_clear(&markdown);
		assert_int_equal(markup_to_markdown(soup.data, soup.len,
		    &markdown, &err), 0);
		render(markdown.data, markdown.len);
		buf_clear(&was);
		buf_add(&was, html.data, html.len);
		assert_true(round_trip(was.data, was.len, true));
	}
	buf_release(&soup);
	buf_release(&was);
}

/* ---- the corpora, when they are there ---- */

static void
notes_of_python_bytes(void **state)
{
	const char *dir = "../shared/corpora/python-bytes/show_notes";
	DIR *d = opendir(dir);
	unsigned files = 0, failed = 0;
	struct err err = ERR_INIT;
	struct buf text, was;
	struct dirent *e;
	char path[512];

	(void)state;
	if (d == NULL)
		skip();
	buf_init(&text, 0);
	buf_init(&was, 0);
	while ((e = readdir(d)) != NULL) {
		if (strstr(e->d_name, ".md") == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		buf_clear(&text);
		assert_int_equal(fs_read(path, MARKDOWN_MAX, &text, NULL,
		    &err), 0);
		render(text.data, text.len);
		buf_clear(&was);
		buf_add(&was, html.data, html.len);
		files++;
		if (!round_trip(was.data, was.len, false)) {
			print_message("%s differs\n", path);
			failed++;
		}
	}
	closedir(d);
	print_message("%u notes, %u differ\n", files, failed);
	buf_release(&text);
	buf_release(&was);
	assert_int_equal(failed, 0);
	assert_true(files > 300);
}

static void
content_of_a_feed(void **state)
{
	const char *file = "../shared/corpora/arresteddevops/ado-episode.xml";
	unsigned items = 0, failed = 0;
	struct err err = ERR_INIT;
	struct buf feed, item;
	const char *p, *end;

	(void)state;
	buf_init(&feed, 0);
	if (fs_read(file, (size_t)16 << 20, &feed, NULL, &err) != 0) {
		buf_release(&feed);
		skip();
	}
	buf_init(&item, 0);
	for (p = feed.data; (p = strstr(p, "<![CDATA[")) != NULL; p = end) {
		p += 9;
		end = strstr(p, "]]>");
		assert_non_null(end);
		buf_clear(&item);
		buf_add(&item, p, (size_t)(end - p));
		items++;
		failed += !round_trip(item.data, item.len, true);
	}
	print_message("%u contents, %u differ\n", items, failed);
	buf_release(&feed);
	buf_release(&item);
	assert_int_equal(failed, 0);
	assert_true(items > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(marks_for_elements, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(text_stays_text, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(plain_text_keeps_its_lines,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(limits_hold, setup, teardown),
		cmocka_unit_test_setup_teardown(random_fragments, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(random_soup, setup, teardown),
		cmocka_unit_test_setup_teardown(notes_of_python_bytes, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(content_of_a_feed, setup,
		    teardown)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
