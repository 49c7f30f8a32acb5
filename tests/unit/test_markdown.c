#include "markdown_fixture.h"
#include "text/html.h"
#include "text/utf8.h"

static const char *
clean(const char *html, const char *base)
{
	struct err err = ERR_INIT;

	buf_clear(&out);
	assert_int_equal(markup_clean(html, strlen(html),
	    &(struct markup_base){ base, NULL }, &out, &err),
	    0);
	return out.data;
}

static void
relative_links_become_absolute(void **state)
{
	(void)state;
	assert_string_equal(html_of("[a](../b.html) ![c](d.png) [e](#f)\n",
	    "https://x.example/s/1/"),
	    "<p><a href=\"https://x.example/s/b.html\">a</a> "
	    "<img src=\"https://x.example/s/1/d.png\" alt=\"c\" /> "
	    "<a href=\"https://x.example/s/1/#f\">e</a></p>\n");
	assert_string_equal(html_of("[a](www.x.example/b?c) [d](#f)\n",
	    "https://y.example/1"), "<p><a href=\"https://www.x.example/b?c\">"
	    "a</a> <a href=\"https://y.example/1#f\">d</a></p>\n");
}

/* Of a text whose own page is not known. */
static void
links_that_lead_nowhere_are_words(void **state)
{
	static const struct markup_base site = {
		NULL, "https://x.example/show/"
	};
	static const char *const rows[][2] = {
		{ "[a](#t=0:14) [b](c.html) ![d](e.png)\n",
		    "<p>a b d</p>\n" },
		{ "[a](/b) ![c](/d.png)\n",
		    "<p><a href=\"https://x.example/b\">a</a> "
		    "<img src=\"https://x.example/d.png\" alt=\"c\" /></p>\n" },
		{ "[a](www.y.example/b) [c](//z.example/d) [e](mailto:f@g.example)\n",
		    "<p><a href=\"https://www.y.example/b\">a</a> "
		    "<a href=\"https://z.example/d\">c</a> "
		    "<a href=\"mailto:f@g.example\">e</a></p>\n" },
		{ "<a href=\"#f\">a</a> <img src=\"b.png\" alt=\"c &amp; d\"> "
		    "<img src=\"e.png\">\n",
		    "<p><a>a</a> c &amp; d </p>\n" },
		{ "<a href=\"/g\">a</a> <img src=\"/b.png\" alt=\"c\">\n",
		    "<p><a href=\"https://x.example/g\">a</a> "
		    "<img src=\"https://x.example/b.png\" alt=\"c\" /></p>\n" },
	};
	struct err err = ERR_INIT;
	struct markdown *m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		m = markdown_parse(rows[i][0], strlen(rows[i][0]), &site,
		    &err);
		buf_clear(&out);
		assert_non_null(m);
		assert_int_equal(markdown_html(m, &out, &err), 0);
		markdown_free(m);
		assert_string_equal(out.data, rows[i][1]);
	}
}

static void
bare_addresses_become_links(void **state)
{
	(void)state;
	assert_string_equal(html_of("see https://x.example/a_(b), (or "
	    "http://y.example/c?d=e). `https://code.example`\n", NULL),
	    "<p>see <a href=\"https://x.example/a_(b)\">"
	    "https://x.example/a_(b)</a>, (or <a href=\""
	    "http://y.example/c?d=e\">http://y.example/c?d=e</a>). "
	    "<code>https://code.example</code></p>\n");
	assert_string_equal(html_of("[https://x.example](https://y.example)",
	    NULL), "<p><a href=\"https://y.example\">https://x.example</a>"
	    "</p>\n");
	/* Quotation marks, and what stands behind a word without a blank. */
	assert_string_equal(html_of("\xe2\x80\x9chttps://x.example/a.html"
	    "\xe2\x80\x9d \xe3\x80\x8chttps://x.example/"
	    "\xe6\x97\xa5\xe3\x80\x8d\xe3\x80\x82", NULL),
	    "<p>\xe2\x80\x9c<a href=\"https://x.example/a.html\">"
	    "https://x.example/a.html</a>\xe2\x80\x9d \xe3\x80\x8c"
	    "<a href=\"https://x.example/%E6%97%A5\">https://x.example/"
	    "\xe6\x97\xa5</a>\xe3\x80\x8d\xe3\x80\x82</p>\n");
	assert_string_equal(html_of("no http:// and https://\n", NULL),
	    "<p>no http:// and https://</p>\n");
}

/* One rule, whether raw HTML stands in the notes or not. */
static void
links_have_one_list_of_schemes(void **state)
{
	static const struct {
		const char *url;
		bool link, image;
	} t[] = {
		{ "http://x.example/", true, true },
		{ "HTTPS://x.example/", true, true },
		{ "ftp://x.example/a", true, true },
		{ "mailto:a@x.example", true, true },
		{ "tel:+4930123", true, true },
		{ "b.html", true, true },
		{ "#top", true, true },
		{ "javascript:alert(1)", false, false },
		{ "JavaScript:alert(1)", false, false },
		{ "vbscript:x", false, false },
		{ "file:///etc/passwd", false, false },
		{ "magnet:?xt=1", false, false },
		{ "data:text/html,x", false, false },
		{ "data:image/png;base64,AA", false, true },
		{ "data:image/svg+xml,x", false, false }
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		const char *link = arena_printf(&a, "[a](%s)", t[i].url);
		const char *image = arena_printf(&a, "![a](%s)", t[i].url);
		const char *seen = t[i].link ? "href=" : "<p>a</p>";

		if (strstr(html_of(link, NULL), seen) == NULL)
			fail_msg("%s: %s", link, out.data);
		seen = t[i].image ? "src=" : "<p>a</p>";
		if (strstr(html_of(image, NULL), seen) == NULL)
			fail_msg("%s: %s", image, out.data);
		link = arena_printf(&a, "<b>x</b> [a](%s) <a href='%s'>c</a>",
		    t[i].url, t[i].url);
		html_of(link, NULL);
		if ((strstr(out.data, "href=") != NULL) != t[i].link ||
		    strstr(out.data, t[i].link ? "\">a</a>" : "</b> a <a>c")
		    == NULL)
			fail_msg("%s: %s", link, out.data);
	}
	arena_release(&a);
}

static void
what_mail_cannot_show_goes_with_its_content(void **state)
{
	static const char *const whole[] = {
		"script", "style", "form", "iframe", "object", "applet",
		"frameset", "button", "select", "textarea", "noscript", "svg",
		"math", "template", "title", "audio", "video", "canvas"
	};
	static const char *const alone[] = {
		"embed", "base", "frame", "input", "link", "meta"
	};
	static const char *const shown[] = {
		"bdi", "data", "dialog", "hgroup", "meter", "output",
		"progress", "section", "rtc"
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		assert_string_equal(clean(arena_printf(&a, "a <%s src=x>in"
		    "<b>side</b></%s> b", whole[i], whole[i]), NULL), "a  b");
	for (i = 0; i < sizeof(alone) / sizeof(alone[0]); i++)
		assert_string_equal(clean(arena_printf(&a, "a <%s src=x> b",
		    alone[i]), NULL), "a  b");
	for (i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		assert_string_equal(clean(arena_printf(&a, "<%s x=y>c</%s>",
		    shown[i], shown[i]), NULL), arena_printf(&a,
		    "<%s>c</%s>", shown[i], shown[i]));
	/* The parser takes what follows for content of these. */
	assert_string_equal(clean("<picture><source srcset=a>"
	    "<img src=b></picture> c<wbr>d", NULL),
	    "<picture><source /><img src=\"b\" /></picture> c<wbr />d");
	arena_release(&a);
}

static void
headings_go_down_to_a_level(void **state)
{
	static const struct {
		const char *in, *out;
	} t[] = {
		{ "<h1>a</h1><h2 id=\"x\">b</h2><h5>c</h5>",
		    "<h3>a</h3><h4 id=\"x\">b</h4><h6>c</h6>" },
		{ "<h2>a</h2><hr /><h3>b</h3>", "<h3>a</h3><hr /><h4>b</h4>" },
		{ "<h4>a</h4><p>h1 &lt;h1&gt;</p>",
		    "<h4>a</h4><p>h1 &lt;h1&gt;</p>" },
		{ "<p>a</p><header>b</header>", "<p>a</p><header>b</header>" },
		{ "", "" }
	};
	char html[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		memcpy(html, t[i].in, strlen(t[i].in) + 1);
		markup_demote(html, 3);
		assert_string_equal(html, t[i].out);
	}
}

/* A byte of text can be a node of 160. */
static void
notes_have_a_ceiling_of_memory(void **state)
{
	static const char *const unit[] = { "\"", "*a*", "[](a)" };
	char base[2048] = "https://x.example/";
	struct err err = ERR_INIT;
	struct markdown *m;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 0);
	for (i = 0; i < 2; i++) {
		buf_clear(&b);
		while (b.len < 3 << 20)
			buf_adds(&b, unit[i]);
		err = (struct err)ERR_INIT;
		assert_null(markdown_parse(b.data, b.len, NULL, &err));
		assert_int_equal(err.kind, ERR_INPUT);
		assert_non_null(strstr(err.msg, "the notes need more than "
		    "128 MiB"));
	}
	/* A long base for each of many links. */
	buf_clear(&b);
	while (b.len < 1 << 20)
		buf_adds(&b, unit[2]);
	m = markdown_parse(b.data, b.len, NULL, &err);
	assert_non_null(m);
	markdown_free(m);
	memset(base + 18, '/', 2000);
	assert_null(markdown_parse(b.data, b.len, &(struct markup_base){
	    base, NULL }, &err));
	buf_release(&b);
}

static const char *
html_without_title(const char *text, const char *title)
{
	struct err err = ERR_INIT;
	struct markdown *m = markdown_parse(text, strlen(text), NULL, &err);

	buf_clear(&out);
	assert_non_null(m);
	markdown_drop_title(m, title);
	assert_int_equal(markdown_html(m, &out, &err), 0);
	markdown_free(m);
	return out.data;
}

static void
a_first_heading_that_is_the_title_goes(void **state)
{
	(void)state;
	assert_string_equal(html_without_title("# The *T*\n\na\n", "The T"),
	    "<p>a</p>\n");
	assert_string_equal(html_without_title("# T\n", "T"), "");
	assert_string_equal(html_without_title("", "T"), "");
	assert_string_equal(html_without_title("# U\n\na\n", "T"),
	    "<h1>U</h1>\n<p>a</p>\n");
	assert_string_equal(html_without_title("a\n\n# T\n", "T"),
	    "<p>a</p>\n<h1>T</h1>\n");
	assert_string_equal(html_without_title("## T\n", "T"),
	    "<h2>T</h2>\n");
}

/* Raw HTML in them is what the page shows of it. */
static void
facts_of_raw_html_are_those_of_the_page(void **state)
{
	static const char text[] = "# ![Tea](t.png) <b title='a>b'>&copy;</b>"
	    "<script src=https://x.example/y/>alert(1)</script>\n\n"
	    "<i\nclass=x>H</i><sub>2</sub>O<br>and `code`\n\n"
	    "## The <svg/>end\n";
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	unsigned line = 0;
	struct markdown *m;

	(void)state;
	m = markdown_parse(text, sizeof(text) - 1, NULL, &err);
	assert_string_equal(markdown_title(m, &a, &line), "Tea \xc2\xa9");
	buf_clear(&out);
	assert_int_equal(markdown_summary(m, 200, &out, &err), 0);
	assert_string_equal(out.data, "H2O and code");
	assert_string_equal(node_get_text(markdown_topics(m, &a)->first,
	    "text"), "The end");
	markdown_free(m);
	arena_release(&a);
}

static void
what_does_not_end_takes_nothing_with_it(void **state)
{
	(void)state;
	assert_string_equal(clean("a <style> tag <b>b</b> <BUTTON\nid=x>c",
	    NULL), "a &lt;style&gt; tag <b>b</b> &lt;BUTTON\nid=x&gt;c");
	assert_string_equal(clean("a <script>x</script > b", NULL), "a  b");
	assert_string_equal(clean("a <svg/> b <video src='x' /> c "
	    "<form x/></form>d", NULL), "a  b  c d");
	assert_string_equal(clean("a <script src=https://x/> b </script> c",
	    NULL), "a  c");
	assert_string_equal(clean("a <script src=https://x/> b", NULL),
	    "a &lt;script src=https://x/&gt; b");
	assert_string_equal(clean("<script>x</scripts> b", NULL),
	    "&lt;script&gt;x&lt;/scripts&gt; b");
}

/* A title shows its control characters, so that they can be refused. */
static void
facts_of_notes_are_lines(void **state)
{
	static const char text[] = "\n# A&#10;B<br>C\n\np&#27;&#10;q&#155;r"
	    "\n\n## s&#10;t\n";
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	unsigned line = 0;
	struct markdown *m;

	(void)state;
	m = markdown_parse(text, sizeof(text) - 1, NULL, &err);
	assert_string_equal(markdown_title(m, &a, &line), "A\nB C");
	assert_int_equal(line, 2);
	buf_clear(&out);
	assert_int_equal(markdown_summary(m, 200, &out, &err), 0);
	assert_string_equal(out.data, "p qr");
	assert_string_equal(node_get_text(markdown_topics(m, &a)->first,
	    "text"), "s t");
	markdown_free(m);
	arena_release(&a);
}

static void
raw_html_is_cleaned(void **state)
{
	(void)state;
	assert_string_equal(clean("<p onclick=\"x()\">a<script>evil()</script>"
	    "<b>b</p>", NULL), "<p>a<b>b</b></p>");
	assert_string_equal(clean("run <scriptname> now & then", NULL),
	    "run &lt;scriptname&gt; now &amp; then");
	assert_string_equal(clean("a <!-- gone --> b<br>c", NULL),
	    "a  b<br />c");
	assert_string_equal(clean("<a href=\" javascript:x\">a</a>"
	    "<img src=p.png onerror=x>", "https://x.example/e/"),
	    "<a>a</a><img src=\"https://x.example/e/p.png\" />");
	assert_string_equal(clean("1 < 2 <3", NULL), "1 &lt; 2 &lt;3");
	assert_string_equal(clean("<a href=\"\">a</a><img src=' '>", "https://"
	    "x.example/e/"), "<a>a</a><img />");
	assert_string_equal(html_of("[a]() ![b]()\n", "https://x.example/e/"),
	    "<p>a b</p>\n");
	assert_string_equal(clean("<iframe src=x>y</iframe><i></i>", NULL),
	    "<i></i>");
}

static void
deep_nesting_is_refused(void **state)
{
	struct err err = ERR_INIT;
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, 0);
	for (i = 0; i < 5000; i++)
		buf_adds(&b, "> ");
	buf_adds(&b, "x\n");
	assert_null(markdown_parse(b.data, b.len, NULL, &err));
	assert_int_equal(err.kind, ERR_INPUT);
	buf_clear(&b);
	for (i = 0; i < 5000; i++)
		buf_adds(&b, "<div>");
	buf_clear(&out);
	assert_int_equal(markup_clean(b.data, b.len, NULL, &out, &err), -1);
	buf_release(&b);
}

static void
topics_are_the_numbered_ones_or_the_headings(void **state)
{
	static const char numbered[] = "# T\n\n**Ada #1:** [**One**](u)\n\n"
	    "- x\n\n**Bob #2: Two**\n\n**Extras**\n\n## H\n";
	static const char headed[] = "# T\n\n## One\n\n### Two\n\n#### No\n";
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	struct markdown *m;
	struct node *t;
	unsigned line;

	(void)state;
	m = markdown_parse(numbered, sizeof(numbered) - 1, NULL, &err);
	t = markdown_topics(m, &a);
	assert_int_equal(t->count, 2);
	assert_string_equal(node_get_text(t->first, "text"), "Ada #1: One");
	assert_string_equal(node_get_text(t->last, "text"), "Bob #2: Two");
	assert_string_equal(markdown_title(m, &a, &line), "T");
	assert_int_equal(line, 1);
	markdown_free(m);
	m = markdown_parse(headed, sizeof(headed) - 1, NULL, &err);
	t = markdown_topics(m, &a);
	assert_int_equal(t->count, 2);
	assert_string_equal(node_get_text(t->last, "text"), "Two");
	markdown_free(m);
	m = markdown_parse("x", 1, NULL, &err);
	assert_int_equal(markdown_topics(m, &a)->count, 0);
	assert_null(markdown_title(m, &a, &line));
	markdown_free(m);
	arena_release(&a);
}

static void
summary_is_the_first_paragraph(void **state)
{
	static const char text[] = "# T\n\nFirst *words* of [it](u), and "
	    "more\nthan fit.\n\nSecond.\n";
	struct err err = ERR_INIT;
	struct markdown *m;

	(void)state;
	m = markdown_parse(text, sizeof(text) - 1, NULL, &err);
	buf_clear(&out);
	assert_int_equal(markdown_summary(m, 200, &out, &err), 0);
	assert_string_equal(out.data, "First words of it, and more than fit.");
	buf_clear(&out);
	assert_int_equal(markdown_summary(m, 20, &out, &err), 0);
	assert_string_equal(out.data, "First words of\xe2\x80\xa6");
	markdown_free(m);
}

static void
summary_is_no_address_and_no_picture(void **state)
{
	static const char *const before[] = {
		"https://a.example/b", "<https://a.example/b>",
		"[a.example/b](https://a.example/b)",
		"![A bee](a.png)", "[![A bee](a.png)](https://a.example/)",
		"https://a.example/b, https://a.example/c\n![x](a.png)",
		"<https://a.example/b> - ![x](a.png)",
		"<img src=\"a.png\" alt=\"x\">",
		"<a href=\"https://a.example/b\">https://a.example/b</a>"
	};
	struct err err = ERR_INIT;
	struct markdown *m;
	struct buf text;
	size_t i;

	(void)state;
	buf_init(&text, 0);
	for (i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		buf_clear(&text);
		buf_addf(&text, "%s\n\nOf ![I](a) <https://a.example/>\n",
		    before[i]);
		m = markdown_parse(text.data, text.len, NULL, &err);
		buf_clear(&out);
		assert_int_equal(markdown_summary(m, 200, &out, &err), 0);
		assert_string_equal(out.data, "Of I https://a.example/");
		markdown_free(m);
	}
	m = markdown_parse("a <b>b</b><div>c</div>", 22, NULL, &err);
	buf_clear(&out);
	assert_int_equal(markdown_summary(m, 200, &out, &err), 0);
	assert_string_equal(out.data, "a b c");
	markdown_free(m);
	m = markdown_parse("[Listen](u)", 11, NULL, &err);
	buf_clear(&out);
	assert_int_equal(markdown_summary(m, 200, &out, &err), 0);
	assert_string_equal(out.data, "Listen");
	markdown_free(m);
	buf_release(&text);
}

static void
players_become_links(void **state)
{
	static const char *const list[][2] = {
		{ "https://www.youtube.com/embed/a_B-1?rel=0",
		  "https://www.youtube.com/watch?v=a_B-1" },
		{ "https://www.youtube.com/embed/videoseries?list=PL1", NULL },
		{ "//player.vimeo.com/video/42", "https://vimeo.com/42" },
		{ "https://player.vimeo.com/video/42?h=ab", NULL },
		{ "https://open.spotify.com/embed/episode/4r/video?theme=0",
		  "https://open.spotify.com/episode/4r" },
		{ "https://open.spotify.com/embed-podcast/show/4r",
		  "https://open.spotify.com/show/4r" },
		{ "https://open.spotify.com/embed/user/4r", NULL },
		{ "https://asciinema.org/a/17/iframe?size=big",
		  "https://asciinema.org/a/17" },
		{ "https://asciinema.org/a/17/iframe?t=5", NULL },
		{ "https://asciinema.org/a/17/other", NULL },
		{ "https://embed.podcasts.apple.com/us/podcast/bee/id12?"
		  "theme=auto&amp;i=1000",
		  "https://podcasts.apple.com/us/podcast/bee/id12?i=1000" },
		{ "https://w.soundcloud.com/player/?color=%23ff&amp;"
		  "url=https%3A//api.soundcloud.com/tracks/3&amp;hide=true",
		  "https://w.soundcloud.com/player/?url="
		  "https%3A//api.soundcloud.com/tracks/3" },
		{ "https://w.soundcloud.com/player/?"
		  "url=https%3A%2F%2Fsoundcloud.com%2Fbee%2Fhive",
		  "https://soundcloud.com/bee/hive" },
		{ "https://w.soundcloud.com/player/?color=1", NULL },
		{ "https://x.example/www.youtube.com/embed/a", NULL }
	};
	struct buf text, want;
	size_t i;

	(void)state;
	buf_init(&text, 0);
	buf_init(&want, 0);
	for (i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		buf_clear(&text);
		buf_clear(&want);
		buf_addf(&text, "a <iframe src=\"%s\"></iframe> b\n",
		    list[i][0]);
		if (list[i][1] == NULL)
			buf_adds(&want, "<p>a  b</p>\n");
		else
			buf_addf(&want, "<p>a  <a href=\"%s\">%s</a>  b</p>\n",
			    list[i][1], list[i][1]);
		assert_string_equal(html_of(text.data, NULL), want.data);
	}
	buf_release(&text);
	buf_release(&want);
}

static void
utf8_is_measured_and_cut(void **state)
{
	char slug[32];

	(void)state;
	assert_int_equal(utf8_invalid_at("ab\xff", 3), 2);
	assert_int_equal(utf8_invalid_at("\xc0\x80", 2), 0);
	assert_int_equal(utf8_invalid_at("\xed\xa0\x80", 3), 0);
	assert_int_equal(utf8_invalid_at("\xf0\x9f\x98\x80", 4), 4);
	assert_int_equal(utf8_width("a\xcc\x81", 3), 1);
	assert_int_equal(utf8_width("\xe2\x9d\xa4\xef\xb8\x8f", 6), 2);
	assert_int_equal(utf8_prefix("a\xf0\x9f\x98\x80", 5, 3), 1);
	assert_true(utf8_has_control("a\x1b", 2, true));
	assert_true(utf8_has_control("a\n", 2, false));
	assert_false(utf8_has_control("a\n", 2, true));
	assert_true(utf8_has_control("\xc2\x85", 2, true));
	assert_int_equal(utf8_slug("\xc3\x87""a va? N\xc2\xba 7!", slug,
	    sizeof(slug)), 10);
	assert_string_equal(slug, "ca-va-no-7");
	assert_int_equal(utf8_slug("aaa bbb ccc", slug, 9), 7);
	assert_string_equal(slug, "aaa-bbb");
	utf8_slug("Straße + Łódź, Þór & Æsir", slug, sizeof(slug));
	assert_string_equal(slug, "strasse-lodz-thor-aesir");
	assert_int_equal(utf8_slug("\xe6\x97\xa5", slug, sizeof(slug)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relative_links_become_absolute),
		cmocka_unit_test(links_that_lead_nowhere_are_words),
		cmocka_unit_test(bare_addresses_become_links),
		cmocka_unit_test(links_have_one_list_of_schemes),
		cmocka_unit_test(what_mail_cannot_show_goes_with_its_content),
		cmocka_unit_test(headings_go_down_to_a_level),
		cmocka_unit_test(notes_have_a_ceiling_of_memory),
		cmocka_unit_test(a_first_heading_that_is_the_title_goes),
		cmocka_unit_test(facts_of_notes_are_lines),
		cmocka_unit_test(facts_of_raw_html_are_those_of_the_page),
		cmocka_unit_test(what_does_not_end_takes_nothing_with_it),
		cmocka_unit_test(raw_html_is_cleaned),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(topics_are_the_numbered_ones_or_the_headings),
		cmocka_unit_test(summary_is_the_first_paragraph),
		cmocka_unit_test(summary_is_no_address_and_no_picture),
		cmocka_unit_test(players_become_links),
		cmocka_unit_test(utf8_is_measured_and_cut),
	};

	return cmocka_run_group_tests_name("markdown", tests, setup, teardown);
}
