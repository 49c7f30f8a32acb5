/*
 * Styles that are written into the elements: what the cascade makes of them,
 * and that nothing else of a page is touched.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "text/html_style.h"
#include "growth.h"

/* Of the mold. */
#define MARK "\x01" "A\x02"

static struct buf out;
static struct err err;
static struct markup_dropped dropped;

static int
style(const char *html, size_t len)
{
	struct err none = ERR_INIT;

	err = none;
	buf_clear(&out);
	return markup_style(html, len, &out, &dropped, &err);
}

/* A page of a style and a body. */
static char *
page(const char *css, const char *body)
{
	size_t size = strlen(css) + strlen(body) + 100;
	char *p = malloc(size);

	assert_non_null(p);
	snprintf(p, size, "<html><head><style>%s</style></head><body>%s"
	    "</body></html>", css, body);
	return p;
}

static void
gives(const char *css, const char *body, const char *kept, const char *want)
{
	char *in = page(css, body), *whole, head[400];

	if (style(in, strlen(in)) != 0)
		fail_msg("%s: %s", css, err.msg);
	snprintf(head, sizeof(head), kept == NULL ? "%s" :
	    "<style>%s</style>", kept == NULL ? "" : kept);
	whole = malloc(strlen(head) + strlen(want) + 100);
	assert_non_null(whole);
	snprintf(whole, strlen(head) + strlen(want) + 100,
	    "<html><head>%s</head><body>%s</body></html>", head, want);
	assert_string_equal(out.data, whole);
	free(whole);
	free(in);
}

static void
selectors(void **state)
{
	static const struct { const char *css, *body, *want; } t[] = {
		{ "p{a:b}", "<P>x", "<P style=\"a:b\">x" },
		{ "P{a:b}", "<p>x", "<p style=\"a:b\">x" },
		{ ".c{a:b}", "<i class=\"d c\n e\">", "<i class=\"d c\n e\" style=\"a:b\">" },
		{ ".c{a:b}", "<i class=cc><i class=C>", "<i class=cc><i class=C>" },
		{ "i.c.d{a:b}", "<i class='c d'><i class=c>",
		    "<i class='c d' style=\"a:b\"><i class=c>" },
		{ "#c{a:b}", "<i id=c>", "<i id=c style=\"a:b\">" },
		{ "#c{a:b}", "<i id=\"c\"/>", "<i id=\"c\" style=\"a:b\"/>" },
		{ "[x]{a:b}", "<i X><i y>", "<i X style=\"a:b\"><i y>" },
		{ "[x=v]{a:b}", "<i x=v><i x=V>", "<i x=v style=\"a:b\"><i x=V>" },
		{ "[ x = \"v w\" ]{a:b}", "<i x=\"v w\">", "<i x=\"v w\" style=\"a:b\">" },
		{ "[x~=v]{a:b}", "<i x='u v'><i x=uv>", "<i x='u v' style=\"a:b\"><i x=uv>" },
		{ "[x|=v]{a:b}", "<i x=v-w><i x=vw>", "<i x=v-w style=\"a:b\"><i x=vw>" },
		{ "[x^=v]{a:b}", "<i x=vw><i x=wv>", "<i x=vw style=\"a:b\"><i x=wv>" },
		{ "[x$=v]{a:b}", "<i x=wv><i x=vw>", "<i x=wv style=\"a:b\"><i x=vw>" },
		{ "[x*=v]{a:b}", "<i x=uvw><i x=w>", "<i x=uvw style=\"a:b\"><i x=w>" },
		{ "[x='&']{a:b}", "<i x='&amp;'>", "<i x='&amp;' style=\"a:b\">" },
		{ "div b{a:b}", "<div><p><b></b></p></div><b>",
		    "<div><p><b style=\"a:b\"></b></p></div><b>" },
		{ "div>p{a:b}", "<div><p></p><section><p></p></section></div>",
		    "<div><p style=\"a:b\"></p><section><p></p></section></div>" },
		{ "h2 + p{a:b}", "<h2></h2><p></p><p></p>",
		    "<h2></h2><p style=\"a:b\"></p><p></p>" },
		{ "h2 ~ p{a:b}", "<p></p><h2></h2><b></b><p></p><p></p>",
		    "<p></p><h2></h2><b></b><p style=\"a:b\"></p><p style=\"a:b\"></p>" },
		/* The nearest <div> is not the one that counts. */
		{ "ul > div i{a:b}", "<ul><div><b><div><i>", "<ul><div><b><div>"
		    "<i style=\"a:b\">" },
		{ "i,b , u.x{a:b}", "<i></i><b></b><u></u><u class=x>",
		    "<i style=\"a:b\"></i><b style=\"a:b\"></b><u></u><u class=x style=\"a:b\">" },
		{ "*.x{a:b}", "<i class=x>", "<i class=x style=\"a:b\">" },
		/* What is not closed ends where the next begins. */
		{ "li li{a:b} p p{c:d}", "<li>1<li>2<p>x<p>y", "<li>1<li>2<p>x<p>y" },
		{ "td{a:b}", "<table><tr><td>x<td>y</table>",
		    "<table><tr><td style=\"a:b\">x<td style=\"a:b\">y</table>" },
		{ "p/**/.x/* .y */{a:b}", "<p class=x><b class=x>",
		    "<p class=x style=\"a:b\"><b class=x>" },
		{ "p/*\n*/.x{a:b}", "<p class=x><b class=x>",
		    "<p class=x style=\"a:b\"><b class=x>" },
		{ "figure>img{a:b}", "<figure><img><br></figure>",
		    "<figure><img style=\"a:b\"><br></figure>" },
	};
	size_t i;
	char *in;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		gives(t[i].css, t[i].body, NULL, t[i].want);
	/* All of it, but for what nobody sees. */
	in = page("*{a:b}", "<i>");
	assert_int_equal(style(in, strlen(in)), 0);
	assert_non_null(strstr(out.data, "<html style=\"a:b\"><head></head>"
	    "<body style=\"a:b\"><i style=\"a:b\">"));
	free(in);
}

static void
cascade(void **state)
{
	static const struct { const char *css, *body, *want; } t[] = {
		/* order */
		{ "p{a:1} p{a:2}", "<p>", "<p style=\"a:2\">" },
		{ "p{A:1} p{a:2}", "<p>", "<p style=\"a:2\">" },
		{ "p{--A:1} p{--a:2}", "<p>", "<p style=\"--A:1; --a:2\">" },
		/* weight */
		{ ".c{a:1} p{a:2;b:3}", "<p class=c>", "<p class=c style=\"b:3; a:1\">" },
		{ "#i{a:1} p.c.d[x]{a:2}", "<p id=i class='c d' x>",
		    "<p id=i class='c d' x style=\"a:1\">" },
		{ "p.c{a:1} body .c{a:2} .c{a:3}", "<p class=c>", "<p class=c style=\"a:2\">" },
		{ ".c.c{a:1} .c{a:2}", "<p class=c>", "<p class=c style=\"a:1\">" },
		{ "*.c{a:1} .c{a:2}", "<p class=c>", "<p class=c style=\"a:2\">" },
		/* a group counts as its strongest that matches, and once */
		{ "p,.c{a:1} p{a:2}", "<p class=c>", "<p class=c style=\"a:1\">" },
		/* a shorthand stands where it stood */
		{ "p{margin:0} .c{margin-top:1px}", "<p class=c>",
		    "<p class=c style=\"margin:0; margin-top:1px\">" },
		{ ".c{margin-top:1px} p{margin:0}", "<p class=c>",
		    "<p class=c style=\"margin:0; margin-top:1px\">" },
		/* two of one property in one rule are both meant */
		{ "p{a:1} p{a:2;a:f(3)}", "<p>", "<p style=\"a:2; a:f(3)\">" },
		/* style="" wins, !important wins over it */
		{ "p{a:1;b:2}", "<p style='b:3'>", "<p style=\"a:1; b:3\">" },
		{ "p{a:1 !important}", "<p style=\"a:2;b:3\">", "<p style=\"b:3; a:1\">" },
		{ "p{a:1 ! IMPORTANT} #i{a:2}", "<p id=i>", "<p id=i style=\"a:1\">" },
		{ "p{a:1!important}", "<p style='a:2 !important'>",
		    "<p style=\"a:2 !important\">" },
		{ "p{a:1!important;a:2}", "<p>", "<p style=\"a:1\">" },
		{ "p{a:important}", "<p>", "<p style=\"a:important\">" },
		/* an attribute without quotes, and one with entities */
		{ "p{a:1}", "<p style=b:2;>", "<p style=\"a:1; b:2\">" },
		{ "p{a:1}", "<p x=1 style = 'b:\"&amp;;\"; c:d' y>",
		    "<p x=1 style=\"a:1; b:'&amp;;'; c:d\" y>" },
		{ "p{a:1}", "<p style>", "<p style=\"a:1\">" },
		{ "p{a:1}", "<p style=''>", "<p style=\"a:1\">" },
		/* values that have more in them than words */
		{ "p{f:\"A; }b\", 'c'}", "<p>", "<p style=\"f:&quot;A; }b&quot;, 'c'\">" },
		{ "p{f:\"A b\"}", "<p>", "<p style=\"f:'A b'\">" },
		{ "p{b:url(data:x;y,z)}", "<p>", "<p style=\"b:url(data:x;y,z)\">" },
		{ "p{a:1 < 2 & 3 > 2}", "<p>", "<p style=\"a:1 &lt; 2 &amp; 3 &gt; 2\">" },
		{ "p{a:1/*x*/;/* b:2; */c:3;;}", "<p>", "<p style=\"a:1; c:3\">" },
		{ "p{\n\ta:\n1\n}", "<p>", "<p style=\"a: 1\">" },
		{ "<!-- p{a:1} -->", "<p>", "<p style=\"a:1\">" },
		{ "p{}", "<p>", "<p>" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		gives(t[i].css, t[i].body, NULL, t[i].want);
}

static void
what_stays(void **state)
{
	static const char *const whole[] = {
		"", " ", "a:hover{x:y}", "@media print{p{a:b}}\n p::before { a:b }",
		"@import url(x.css);", "@font-face{a:b}/* p{a:b} */",
		"li:not(.x, .y){a:b}", ".x :first-child > a{a:b}",
	};
	static const struct { const char *css, *kept; } part[] = {
		{ "p{a:b} a:hover{c:d}", "\na:hover{c:d}\n" },
		{ "a/*,*/, p, a:hover, p:first-child {\n c:d }", "\na:hover, p:first-child {\n c:d }\n" },
		{ "@import 'x;y';@media x{p{c:d} q{}}p{a:b}@font-face{e:f}",
		    "\n@import 'x;y';\n@media x{p{c:d} q{}}\n@font-face{e:f}\n" },
	};
	size_t i;
	char *in;

	(void)state;
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		in = page(whole[i], "<p class=x><a href=y>z</a>");
		assert_int_equal(style(in, strlen(in)), 0);
		assert_string_equal(out.data, in);
		free(in);
	}
	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		in = page(part[i].css, "<br>");
		assert_int_equal(style(in, strlen(in)), 0);
		free(in);
		in = page(part[i].kept, "<br>");
		assert_string_equal(out.data, in);
		free(in);
	}
}

/* Each byte but those of the styles. */
static void
rest_is_untouched(void **state)
{
	static const char in[] = "<!DOCTYPE html>\r\n<HTML>\n<head><title><p>"
	    "</title>\n<style>\np{a:b}\n</style>\n<style media='print'>p{c:d}"
	    "</style>\n<!--[if mso]><style>p{e:f}</style><p><![endif]-->\n"
	    "</head><body>\n<!--[if !mso]><!--><p>&#8199;&nbsp;&bogus; < 3 <3 "
	    "\x01" "A\x02 \xc3\xa9<!--<![endif]-->\n<img alt=\"<p>\" src='x>y'"
	    "/><p title='a > \"b\"'\n><a href=\"\x01" "C\x02\">z</a></p>"
	    "<script>'<p>'</script><textarea><p></textarea><? <p> <p ?>"
	    "<![if x]><p><![endif]></P ><p/>\n<p";
	static const char want[] = "<!DOCTYPE html>\r\n<HTML>\n<head><title><p>"
	    "</title>\n<style media='print'>p{c:d}"
	    "</style>\n<!--[if mso]><style>p{e:f}</style><p><![endif]-->\n"
	    "</head><body>\n<!--[if !mso]><!--><p style=\"a:b\">&#8199;&nbsp;&bogus; < 3 <3 "
	    "\x01" "A\x02 \xc3\xa9<!--<![endif]-->\n<img alt=\"<p>\" src='x>y'"
	    "/><p title='a > \"b\"' style=\"a:b\"\n><a href=\"\x01" "C\x02\">z</a></p>"
	    "<script>'<p>'</script><textarea><p></textarea><? <p> <p ? style=\"a:b\">"
	    "<![if x]><p style=\"a:b\"><![endif]></P ><p style=\"a:b\"/>\n<p";

	(void)state;
	assert_int_equal(style(in, sizeof(in) - 1), 0);
	assert_string_equal(out.data, want);
	/* Without a style nothing changes. */
	assert_int_equal(style("<p style=x>", 11), 0);
	assert_string_equal(out.data, "<p style=x>");
	assert_int_equal(style("", 0), 0);
	/* A mark in a style stays, too. */
	gives("p{a:b}", "<p style=\"c:\x01" "A\x02\">", NULL,
	    "<p style=\"a:b; c:\x01" "A\x02\">");
}

/* As browsers take it: what is none is passed over, and no more than that. */
static void
what_is_no_declaration_goes(void **state)
{
	static const struct {
		const char *style, *want;
		size_t n;
		const char *first;
	} t[] = {
		{ "/* x */ color: red; foo", "color: red", 1, "foo" },
		{ "foo; color: red", "color: red", 1, "foo" },
		{ "c: d /* ; e: f */; g: h", "c: d; g: h", 0, "" },
		{ "c/**/: d; e:/* */f", "c : d; e: f", 0, "" },
		{ "c: d; /* no end; e: f", "c: d", 0, "" },
		{ ";; c: d ;;", "c: d", 0, "" },
		{ "<!-- c: d; e: f; g: h", "e: f; g: h", 1,
		    "<!-- c: d" },
		{ "c:; e: f", "e: f", 1, "c:" },
		{ "c: !important; e: f", "e: f", 1, "c: !important" },
		{ "--c:; e: f", "--c:; e: f", 0, "" },
		{ ": d; e: f", "e: f", 1, ": d" },
		{ "c d: e; f: g", "f: g", 1, "c d: e" },
		{ "1\\; c: d; e: f", "e: f", 1, "1\\; c: d" },
		{ "@media x; c: d", "c: d", 1, "@media x" },
		{ "{c: d; e: f}; g: h", "g: h", 1, "{c: d; e: f}" },
		{ "c: {d; e: f}; g: h", "g: h", 1, "c: {d; e: f}" },
		{ "c: d}; e: f", "e: f", 1, "c: d}" },
		{ "c: (d]); e: f", "e: f", 1, "c: (d])" },
		{ "c: (;); e: [;]", "c: (;); e: [;]", 0, "" },
		{ "c: f(d", "c: f(d)", 0, "" },
		{ "c: ([d", "c: ([d])", 0, "" },
		{ "c: 'd;e", "c: 'd;e'", 0, "" },
		{ "c: 'd\\'; e", "c: 'd\\'; e'", 0, "" },
		{ "c: 'd\\", "c: 'd'", 0, "" },
		{ "c: 'd\n; e: f", "e: f", 1, "c: 'd" },
		{ "c: '/* d */'; e: f", "c: '/* d */'; e: f", 0, "" },
		{ "c: url(d;/*); e: f", "c: url(d;/*); e: f", 0, "" },
		{ "c: url(d'e); f: g", "f: g", 1, "c: url(d'e)" },
		{ "c: url( 'd;)' ); e: f", "c: url( 'd;)' ); e: f", 0, "" },
		{ "c: URL(d", "c: URL(d)", 0, "" },
		{ "x; y; c: d; z", "c: d", 3, "x" }
	};
	char body[200], want[200];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		snprintf(body, sizeof(body), "<p style=\"%s\">x", t[i].style);
		snprintf(want, sizeof(want), "<p style=\"a:b%s%s\">x",
		    *t[i].want != '\0' ? "; " : "", t[i].want);
		gives("p{a:b}", body, NULL, want);
		if (dropped.n != t[i].n ||
		    strcmp(dropped.first, t[i].first) != 0)
			fail_msg("%s: %zu, %s", t[i].style, dropped.n,
			    dropped.first);
	}
	/* What the rules say of it stays, where it has nothing to say. */
	gives("p{c:d}", "<p style=\"c:\">", NULL, "<p style=\"c:d\">");
	/* The line is that of the tag. */
	gives("p{a:b}\nb{c:d !important}", "\n<b style=x>\n<p style='y'>",
	    NULL, "\n<b style=\"c:d\">\n<p style=\"a:b\">");
	assert_int_equal(dropped.n, 2);
	assert_int_equal(dropped.line, 3);
	assert_string_equal(dropped.first, "x");
}

static void
errors(void **state)
{
	static const struct { const char *css; unsigned line; const char *says; } t[] = {
		{ "p{a:b}\n p && q {a:b}", 2, "`p && q`" },
		{ "p{a:b}\n\np,\nq || r{a:b}", 4, "`q || r`" },
		{ "p{a:b;\n\nc d}", 3, "`c d`" },
		{ "/* \n */p{a:b;/*\n\n*/c d}", 4, "`c d`" },
		{ "p{a:b;\n:d}", 2, "`:d`" },
		{ "p{a:b; q{c:d}}", 1, "no rule" },
		{ "p{a:b}}", 1, "no rule" },
		{ "p{a:b}\np", 2, "no rule" },
		{ "p{a:b", 1, "no rule" },
		{ "\np;{a:b}", 2, "no rule" },
		{ ",p{a:b}", 1, "cannot be written" },
		{ "p,{a:b}", 1, "cannot be written" },
		{ "{a:b}", 1, "cannot be written" },
		{ "p >{a:b}", 1, "cannot be written" },
		{ "> p{a:b}", 1, "cannot be written" },
		{ "p > > q{a:b}", 1, "cannot be written" },
		{ "p. q{a:b}", 1, "cannot be written" },
		{ "p..q{a:b}", 1, "cannot be written" },
		{ ".a\\:b{a:b}", 1, "cannot be written" },
		{ "svg|a{a:b}", 1, "cannot be written" },
		{ "a:{a:b}", 1, "cannot be written" },
		{ "[a=b i]{a:b}", 1, "cannot be written" },
		{ "[a=]{a:b}", 1, "cannot be written" },
		{ "[=a]{a:b}", 1, "cannot be written" },
		{ "[a!=b]{a:b}", 1, "cannot be written" },
		{ "p{a:b}\n/* x", 2, "comment" },
		{ "p{a:'b}", 1, "string" },
		{ "p{a:'b\n'}", 1, "string" },
		{ "@media x{p{a:b}", 1, "no end" },
		{ "@import x", 1, "no end" },
		{ "p{a:url(b}", 1, "no rule" },
	};
	size_t i;
	char *in;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		in = page(t[i].css, "<p>");
		if (style(in, strlen(in)) == 0)
			fail_msg("%s is taken", t[i].css);
		if (err.kind != ERR_CONFIG || err.line != t[i].line ||
		    strstr(err.msg, t[i].says) == NULL)
			fail_msg("%s: %u: %s", t[i].css, err.line, err.msg);
		assert_int_equal(out.len, 0);
		free(in);
	}
	assert_int_equal(style("a\0b", 3), -1);
	assert_int_equal(err.kind, ERR_INPUT);
}

static void
limits(void **state)
{
	struct buf in;
	size_t i;

	(void)state;
	buf_init(&in, 0);
	buf_adds(&in, "<style>");
	for (i = 0; i < MARKUP_STYLE_PARTS_MAX; i++)
		buf_adds(&in, i == 0 ? "p" : ",p");
	buf_adds(&in, "{a:b}</style><p>");
	assert_int_equal(style(in.data, in.len), 0);
	buf_clear(&in);
	buf_adds(&in, "<style>\np");
	for (i = 0; i < MARKUP_STYLE_PARTS_MAX; i++)
		buf_adds(&in, " p");
	buf_adds(&in, "{a:b}</style><p>");
	assert_int_equal(style(in.data, in.len), -1);
	assert_int_equal(err.line, 2);
	assert_non_null(strstr(err.msg, "selectors"));
	buf_clear(&in);
	buf_adds(&in, "<style>p{");
	for (i = 0; i <= MARKUP_STYLE_DECLARATIONS_MAX; i++)
		buf_addf(&in, "a%zu:b;", i);
	buf_adds(&in, "}</style><p>");
	assert_int_equal(style(in.data, in.len), -1);
	assert_non_null(strstr(err.msg, "declarations"));
	buf_clear(&in);
	buf_adds(&in, "<style>b{a:b}</style>");
	for (i = 0; i < 300; i++)
		buf_adds(&in, "<b>");
	assert_int_equal(style(in.data, in.len), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.msg, "deeper"));
	buf_release(&in);
}

static void
style_pieces(size_t size, const void *piece)
{
	struct buf in;

	buf_init(&in, 0);
	buf_adds(&in, "<style>p{a:b} .x b, body > p > i{c:d}</style>");
	while (in.len < size)
		buf_adds(&in, piece);
	(void)style(in.data, in.len);
	buf_release(&in);
}

/* Pages that would take for ever if each step looked at all of the page. */
static void
time_is_linear(void **state)
{
	static const char *const pieces[] = {
		"<p class=x>A <b>word</b> and <i>so</i> on.</p>\n", "<a ",
		"<style>", "<!--", "<style></style>", "</p>", "<p x=\"", "<![",
		"<title>", "<br style='a:b'>", "</b><b>", "<p>",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++)
		assert_linear(pieces[i], style_pieces, pieces[i], 1 << 20);
}

static uint32_t seed;

static uint32_t
number(uint32_t below)
{
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % below;
}

static uint32_t
start_seed(void)
{
	const char *given = getenv("SHOWMILL_SEED");
	uint32_t start = given != NULL ? (uint32_t)strtoul(given, NULL, 10) :
	    (uint32_t)time(NULL);

	print_message("seed %u\n", start);
	return start;
}

/* The page without its first <style>, and what is left of the result without
 * that and any style="": the same. */
static void
check_rest(const char *in, const char *got)
{
	const char *end = "</style>", *p, *q;

	in = strstr(in, end) + strlen(end);
	/* It went with its line, for all of it was taken. */
	in += *in == '\n';
	for (p = got, q = in; *p != '\0'; p++, q++) {
		if (strncmp(p, " style=\"", 8) == 0) {
			p = strchr(p + 8, '"') + 1;
			if (*p == '\0')
				break;
		}
		if (*p != *q)
			fail_msg("%s\n%s", in, got);
	}
	assert_int_equal(*q, '\0');
}

/* Nothing but styles is added. */
static void
random_rest(void **state)
{
	static const char *const pieces[] = {
		"<p>", "</p>", "<p", ">", "<", "class=x", " id='i' ", "'", "\"",
		"{", "a:b", "<!--", "-->", "\n", "<table><tr><td>", "</table>",
		"<li>", "&amp;", "\xc3\xa9", MARK, "/>", "<body>",
		"<html>", "<script>", "</script>", "=", "<br/>", "<a href=x>",
		"</a>", "<head>", "</head>", "<title>", "</title>", "<b x=\"",
	};
	struct buf in;
	uint32_t i, k;

	(void)state;
	seed = start_seed();
	buf_init(&in, 0);
	for (i = 0; i < 20000; i++) {
		buf_clear(&in);
		buf_adds(&in, "<style>p,.x{a:b}#i{c:d}td,a,body{e:f}</style>");
		for (k = number(40); k > 0; k--)
			buf_adds(&in, pieces[number(sizeof(pieces) /
			    sizeof(pieces[0]))]);
		if (style(in.data, in.len) != 0)
			fail_msg("%s: %s", in.data, err.msg);
		check_rest(in.data, out.data);
	}
	buf_release(&in);
}

/* Any input ends, and gives the same twice. */
static void
random_pages(void **state)
{
	static const char *const pieces[] = {
		"<p>", "</p>", "<p", ">", "<", "class=x", " id='i' ", "style=\"a:b\"",
		" style='", "'", "\"", "<style>", "</style>", "{", "}", "a:b", ";",
		".x", "#i", "[a=b]", "p", " ", "*", ",", ">", "+", "~", ":hover",
		"@media x", "(", ")", "/*", "*/", "<!--", "-->", "\\", "\n",
		"!important", "<table><tr><td>", "</table>", "<li>", "&amp;",
		"\xc3\xa9", MARK, "/>", "<body>", "<html>", "<script>",
		"</script>", "=", "<br/>", "<a href=x>", "</a>",
	};
	struct buf in, first;
	uint32_t i, k;
	int rc;

	(void)state;
	buf_init(&in, 0);
	buf_init(&first, 0);
	seed = start_seed();
	for (i = 0; i < 20000; i++) {
		buf_clear(&in);
		buf_clear(&first);
		if (number(2) == 0)
			buf_adds(&in, "<style>p,.x{a:b}#i{c:d!important}"
			    "</style>");
		for (k = number(40); k > 0; k--)
			buf_adds(&in, pieces[number(sizeof(pieces) /
			    sizeof(pieces[0]))]);
		rc = style(in.data, in.len);
		if (rc != 0) {
			assert_int_equal(out.len, 0);
			assert_true(err.msg[0] != '\0');
			continue;
		}
		buf_add(&first, out.data, out.len);
		assert_int_equal(style(in.data, in.len), 0);
		assert_string_equal(out.data, first.data);
	}
	buf_release(&in);
	buf_release(&first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(selectors),
		cmocka_unit_test(cascade),
		cmocka_unit_test(what_stays),
		cmocka_unit_test(rest_is_untouched),
		cmocka_unit_test(what_is_no_declaration_goes),
		cmocka_unit_test(errors),
		cmocka_unit_test(limits),
		cmocka_unit_test(time_is_linear),
		cmocka_unit_test(random_pages),
		cmocka_unit_test(random_rest),
	};
	int rc;

	buf_init(&out, 0);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	buf_release(&out);
	return rc;
}
