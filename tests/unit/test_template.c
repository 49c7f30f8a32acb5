#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <string.h>

#include "template_example.h"

/* A case: data and partials are JSON, partials a map of texts. */
struct example {
	const char *data;
	const char *partials;
	const char *text;
	const char *expected;	/* or the whole message, when it fails */
};

static json_t *
load_json(const char *text)
{
	json_error_t error;
	json_t *j = json_loads(text == NULL ? "{}" : text, JSON_DECODE_ANY,
	    &error);

	if (j == NULL)
		fail_msg("%s: %s", text, error.text);
	return j;
}

static void
check(const struct example *e, size_t count, struct template_options o,
    int expected_rc)
{
	json_t *data, *partials;
	struct buf out;
	size_t i;
	int rc;

	for (i = 0; i < count; i++, e++) {
		buf_init(&out, 0);
		data = load_json(e->data);
		partials = load_json(e->partials);
		rc = render(&o, data, partials, e->text, strlen(e->text),
		    &out);
		if (rc != expected_rc || strcmp(out.data, e->expected) != 0)
			fail_msg("case %zu\n%s\ngave (%d)\n%s\ninstead of\n%s",
			    i, e->text, rc, out.data, e->expected);
		json_decref(data);
		json_decref(partials);
		buf_release(&out);
	}
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
static const struct template_options lax = { TEMPLATE_HTML, false, NULL, NULL };
static const struct template_options plain = { TEMPLATE_PLAIN, true, NULL,
    NULL };
static const struct template_options strict = { TEMPLATE_HTML, true, NULL,
    NULL };

#define SHOW "{\"show\":{\"title\":\"Tin & <Wire>\",\"hosts\":[\"Ada\"," \
    "\"Bo\"],\"site\":null},\"n\":\"0\",\"none\":[],\"e\":\"\",\"on\":true," \
    "\"off\":false,\"q\":\"'\\\"\",\"rows\":[{\"n\":\"1\"},{\"n\":\"2\"}," \
    "{\"m\":\"x\"}],\"nl\":\"p\\nq\",\"pick\":\"row\",\"grid\":[[\"a\"," \
    "\"b\"],[\"c\"]]}"

static void
variables(void **state)
{
	static const struct example cases[] = {
		{ SHOW, NULL, "", "" },
		{ SHOW, NULL, "no { tag } here", "no { tag } here" },
		{ SHOW, NULL,
		    "{{show.title}}|{{{show.title}}}|{{& show.title }}",
		    "Tin &amp; &lt;Wire&gt;|Tin & <Wire>|Tin & <Wire>" },
		{ SHOW, NULL, "{{q}}", "&#39;&quot;" },
		{ SHOW, NULL, "{{ n }}{{\tn\n}}{{{ n }}}", "000" },
		{ SHOW, NULL, "{{on}} {{off}} [{{e}}{{show.site}}]",
		    "true false []" },
		{ SHOW, NULL, "[{{gone}}{{show.gone}}{{n.gone}}{{gone.title}}]",
		    "[]" },
		{ SHOW, NULL, "[{{show}}{{rows}}]", "[]" },
		{ "\"a<b\"", NULL, "{{.}} {{{.}}}", "a&lt;b a<b" },
		{ "{\"a.b\":\"1\",\"a\":{\"c\":\"2\"}}", NULL,
		    "[{{a.b}}{{a.c}}]", "[2]" },
	};

	(void)state;
	check(cases, COUNT(cases), lax, 0);
}

static void
plain_is_not_escaped(void **state)
{
	static const struct example cases[] = {
		{ SHOW, NULL, "{{show.title}} {{q}} {{{q}}}",
		    "Tin & <Wire> '\" '\"" },
	};

	(void)state;
	check(cases, COUNT(cases), plain, 0);
}

static void
sections(void **state)
{
	static const struct example cases[] = {
		{ SHOW, NULL, "{{#rows}}{{n}},{{/rows}}", "1,2,0," },
		{ SHOW, NULL, "{{#show.hosts}}<{{.}}>{{/show.hosts}}",
		    "<Ada><Bo>" },
		{ SHOW, NULL, "{{#grid}}{{#.}}{{.}}{{/.}};{{/grid}}", "ab;c;" },
		{ SHOW, NULL, "{{#show}}{{title}}{{n}}{{/show}}",
		    "Tin &amp; &lt;Wire&gt;0" },
		{ SHOW, NULL, "{{#on}}a{{/on}}{{#off}}b{{/off}}{{#e}}c{{/e}}"
		    "{{#none}}d{{/none}}{{#n}}e{{/n}}{{#show.site}}f"
		    "{{/show.site}}{{#gone}}g{{/gone}}", "ae" },
		{ SHOW, NULL, "{{^on}}a{{/on}}{{^off}}b{{/off}}{{^e}}c{{/e}}"
		    "{{^none}}d{{/none}}{{^n}}e{{/n}}{{^show.site}}f"
		    "{{/show.site}}{{^gone}}g{{/gone}}", "bcdfg" },
		{ SHOW, NULL, "{{#on}}1{{#on}}2{{/on}}3{{/on}}", "123" },
		/* Alone on their lines, the tags leave no line behind. */
		{ SHOW, NULL, "a\n  {{#on}} \n  b\n\t{{/on}}\nc\n",
		    "a\n  b\nc\n" },
		{ SHOW, NULL, "a\r\n{{^off}}\r\nb\r\n{{/off}}\r\nc",
		    "a\r\nb\r\nc" },
		{ SHOW, NULL, "{{#on}}\nb\n{{/on}}", "b\n" },
		{ SHOW, NULL, " {{#on}}b{{/on}} \n", " b \n" },
		{ SHOW, NULL, " {{#on}}{{/on}}\n", " \n" },
	};

	(void)state;
	check(cases, COUNT(cases), lax, 0);
}

static void
comments_and_delimiters(void **state)
{
	static const struct example cases[] = {
		{ SHOW, NULL, "a{{! not\n seen }}b", "ab" },
		{ SHOW, NULL, "a\n  {{! alone\n }}  \nb", "a\nb" },
		{ SHOW, NULL, "a {{! not alone }}\nb", "a \nb" },
		{ SHOW, NULL, "{{=<% %>=}}<%n%>{{n}}<%={{ }}=%>{{n}}",
		    "0{{n}}0" },
		{ SHOW, NULL, "a\n {{= | | =}}\n|#on||n||/on|", "a\n0" },
		{ SHOW, NULL, "{{=[ ]=}}[{q}] [q] [& q]",
		    "'\" &#39;&quot; '\"" },
		{ SHOW, "{\"p\":\"{{n}}|n|\"}", "{{=| |=}}|>p| |n|",
		    "0|n| 0" },
		{ SHOW, "{\"p\":\"{{=| |=}}|n|\"}", "{{>p}} {{n}}|n|",
		    "0 0|n|" },
	};

	(void)state;
	check(cases, COUNT(cases), lax, 0);
}

static void
partials(void **state)
{
	static const struct example cases[] = {
		{ SHOW, "{\"row\":\"<{{n}}>\"}",
		    "{{#rows}}{{>row}}{{/rows}}", "<1><2><0>" },
		{ SHOW, NULL, "[{{>gone}}]", "[]" },
		{ SHOW, "{\"p\":\"1\\n\\n2\\n\"}", "  {{>p}}  \nend",
		    "  1\n\n  2\nend" },
		{ SHOW, "{\"p\":\"1\\n2\"}", "  {{>p}}\nend", "  1\n  2end" },
		{ SHOW, "{\"p\":\"1\\n2\"}", " - {{>p}}\n", " - 1\n2\n" },
		{ SHOW, "{\"p\":\"{{nl}}\\n\"}", "\t{{> p }}\n", "\tp\nq\n" },
		{ SHOW, "{\"a\":\"a\\n {{>b}}\\n\",\"b\":\"b\\nb\\n\"}",
		    " {{>a}}\n", " a\n  b\n  b\n" },
		{ SHOW, "{\"a\":\"{{#rows}}\\n* {{n}}\\n{{/rows}}\\n\"}",
		    "  {{>a}}\n", "  * 1\n  * 2\n  * 0\n" },
		{ SHOW, "{\"row\":\"R{{n}}\",\"pick\":\"no\"}",
		    "{{>*pick}} {{> * pick }} {{>*gone}}{{>**pick}}",
		    "R0 R0 " },
		{ "{\"k\":[{\"k\":[{\"k\":[]},{\"k\":[]}]}]}",
		    "{\"t\":\"({{#k}}{{>t}}{{/k}})\"}", "{{>t}}",
		    "((()()))" },
	};

	(void)state;
	check(cases, COUNT(cases), lax, 0);
}

#define BASE "{\"base\":\"<h1>{{$head}}No title{{/head}}</h1>\\n<main>\\n" \
    "  {{$body}}\\n  {{/body}}\\n</main>\\n{{$foot}}\\n  foot\\n" \
    "{{/foot}}\\n\",\"mid\":\"{{<base}}{{$head}}Mid{{/head}}{{$body}}\\n" \
    "{{$inner}}\\n  old\\n{{/inner}}\\nend\\n{{/body}}{{/base}}\"," \
    "\"row\":\"{{$a}}A{{/a}}\",\"line\":\"  {{$a}}A{{/a}}\\n\"}"

static void
inheritance(void **state)
{
	static const struct example cases[] = {
		{ SHOW, BASE, "{{<base}}{{/base}}\n",
		    "<h1>No title</h1>\n<main>\n</main>\n  foot\n" },
		{ SHOW, BASE, "{{<base}}\n\tnot seen {{n}}\n"
		    "\t{{$head}}Ep. {{n}}{{/head}}\n"
		    "\t{{$body}}\n\t<p>\n\t\tx\n\t</p>\n\t{{/body}}\n"
		    "{{$foot}}f{{/foot}}\n{{/base}}\n",
		    "<h1>Ep. 0</h1>\n<main>\n  <p>\n  \tx\n  </p>\n</main>\n"
		    "  f" },
		{ SHOW, BASE, "{{<mid}}{{$inner}}\nnew\n{{/inner}}{{/mid}}",
		    "<h1>Mid</h1>\n<main>\n    new\n  end\n</main>\n  foot\n" },
		{ SHOW, BASE, "{{<mid}}{{$head}}Top{{/head}}{{/mid}}",
		    "<h1>Top</h1>\n<main>\n    old\n  end\n</main>\n  foot\n" },
		{ SHOW, BASE, "{{<*pick}}{{$a}}{{n}}{{/a}}{{/*pick}}", "0" },
		{ SHOW, BASE, "[{{<gone}}{{$a}}x{{/a}}{{/gone}}]", "[]" },
		{ SHOW, BASE, "{{#rows}}{{<row}}{{$a}}{{n}} {{/a}}{{/row}}"
		    "{{/rows}}", "1 2 0 " },
		{ SHOW, BASE, "{{<line}}{{$a}}\n    x\n\n      y{{/a}}"
		    "{{/line}}", "  x\n\n    y\n" },
		{ SHOW, BASE, "{{<row}}{{$a}}1{{/a}}{{$a}}2{{/a}}{{/row}}",
		    "2" },
		/* A partial in an argument keeps the blanks of its own. */
		{ SHOW, "{\"box\":\"box:\\n {{$a}}"
		    "\\n {{/a}}\\n\",\"two\":\"  1\\n 2\\n\"}",
		    "{{<box}}{{$a}}\n    x\n    {{>two}}\n{{/a}}{{/box}}",
		    "box:\n x\n   1\n  2\n" },
		{ SHOW, BASE, "{{<line}}{{$a}}\n    x\n  y\n\t z{{/a}}"
		    "{{/line}}", "      x\n    y\n  \t z\n" },
		{ SHOW, BASE, "{{<line}}{{$a}}\n    x\n  y\n   z{{/a}}"
		    "{{/line}}", "    x\n  y\n   z\n" },
		{ SHOW, BASE, "{{<row}}{{<row}}{{$a}}x{{/a}}{{/row}}{{/row}}",
		    "A" },
		/* What is in a section within a parent is no argument. */
		{ SHOW, BASE, "{{<row}}{{#on}}{{$a}}1{{/a}}{{/on}}{{/row}}",
		    "A" },
		{ SHOW, BASE, "{{<row}}{{$a}}[{{$a}}in{{/a}}]{{/a}}{{/row}}",
		    "[in]" },
		{ SHOW, BASE, " {{>line}}\n {{<line}}{{$a}}\nx\ny{{/a}}"
		    "{{/line}}\n", "   A\n   x\n   y\n" },
	};

	(void)state;
	check(cases, COUNT(cases), lax, 0);
}

static void
strict_knows_empty_values(void **state)
{
	static const struct example cases[] = {
		{ SHOW, BASE, "[{{show.site}}{{e}}{{off}}{{show.site.url}}"
		    "{{off.x}}{{#none}}{{gone}}{{/none}}{{#on}}{{.}}{{/on}}"
		    "{{>*show.site}}{{>row}}]", "[falsetrueA]" },
	};

	(void)state;
	check(cases, COUNT(cases), strict, 0);
}

static void
strict_unknown_names(void **state)
{
	static const struct example cases[] = {
		{ SHOW, NULL, "a\nb {{titel}}",
		    "main.html:2: unknown name {{titel}}" },
		{ SHOW, NULL, "\n\n{{#show}}\n {{titel}}{{/show}}",
		    "main.html:4: unknown name {{titel}}; did you mean "
		    "{{title}}?" },
		{ SHOW, NULL, "{{#show.host}}{{/show.host}}",
		    "main.html:1: unknown name {{#show.host}}; did you mean "
		    "{{#show.hosts}}?" },
		{ SHOW, NULL, "{{{shwo.title}}}", "main.html:1: unknown name "
		    "{{{shwo.title}}}; did you mean {{{show.title}}}?" },
		{ SHOW, NULL, "{{^z}}{{/z}}",
		    "main.html:1: unknown name {{^z}}" },
		{ SHOW, NULL, "{{n.x}}", "main.html:1: unknown name {{n.x}}" },
		{ SHOW, NULL, "{{>*picks}}", "main.html:1: unknown name "
		    "{{>*picks}}; did you mean {{>*pick}}?" },
		{ SHOW, NULL, "\n{{>foot}}",
		    "main.html:2: unknown partial {{>foot}}" },
		{ SHOW, NULL, "{{<foot}}{{/foot}}",
		    "main.html:1: unknown partial {{<foot}}" },
		{ SHOW, NULL, "{{>*pick}}", "main.html:1: unknown partial "
		    "'row', asked for by {{>*pick}}" },
		{ SHOW, "{\"p.html\":\"1\\n2\\n{{no}}\"}", "{{>p.html}}",
		    "p.html:3: unknown name {{no}}" },
		{ SHOW, BASE, "{{<row}}\n{{$a}}\n{{no.x}}{{/a}}{{/row}}",
		    "main.html:3: unknown name {{no.x}}" },
		{ SHOW, NULL, "{{rows}}", "main.html:1: {{rows}} is a list, "
		    "not a text; use {{#rows}}" },
		{ SHOW, NULL, "{{show}}", "main.html:1: {{show}} is a map, "
		    "not a text; use {{#show}}" },
	};

	(void)state;
	check(cases, COUNT(cases), strict, -ERR_CONFIG);
}

#define EUROS "\xe2\x82\xac\xe2\x82\xac"
#define WIDE EUROS EUROS EUROS EUROS EUROS EUROS EUROS EUROS EUROS EUROS \
    EUROS EUROS EUROS

static void
syntax_errors(void **state)
{
	static const struct example cases[] = {
		{ NULL, NULL, "\n{{#episode}}\n{{n}}\n",
		    "main.html:2: unclosed section {{#episode}} opened here" },
		{ NULL, NULL, "{{#a}}{{^b}}{{/b}}",
		    "main.html:1: unclosed section {{#a}} opened here" },
		{ NULL, NULL, "{{$a}}", "main.html:1: unclosed block {{$a}} "
		    "opened here" },
		{ NULL, NULL, "{{<a}}", "main.html:1: unclosed parent {{<a}} "
		    "opened here" },
		{ NULL, NULL, "\n\n{{#a}}\n{{/b}}",
		    "main.html:4: {{/b}} closes {{#a}} of line 3" },
		{ NULL, NULL, "\n{{/b}}", "main.html:2: {{/b}} closes "
		    "nothing" },
		{ NULL, NULL, "x\n{{name", "main.html:2: the tag that is "
		    "opened here with {{ is not closed with }}" },
		{ NULL, NULL, "{{{name}}", "main.html:1: the tag that is "
		    "opened here with {{ is not closed with }}}" },
		{ NULL, NULL, "{{! x\n", "main.html:1: the tag that is "
		    "opened here with {{ is not closed with }}" },
		{ NULL, NULL, "{{", "main.html:1: the tag that is "
		    "opened here with {{ is not closed with }}" },
		{ NULL, NULL, "a{{ }}", "main.html:1: a tag without a name" },
		{ NULL, NULL, "{{a b}}", "main.html:1: the name 'a b' has a "
		    "blank in it, or its tag is not closed" },
		/* Shown in whole characters: 27 of three bytes are too many. */
		{ NULL, NULL, "{{/" WIDE "\xe2\x82\xac}}",
		    "main.html:1: {{/" WIDE "}} closes nothing" },
		{ NULL, NULL, "{{=<% =}}", "main.html:1: delimiters are set as "
		    "in {{=<% %>=}}: two of them, apart, without '='" },
		{ NULL, NULL, "{{== ==}}", "main.html:1: delimiters are set as "
		    "in {{=<% %>=}}: two of them, apart, without '='" },
		{ NULL, "{\"p\":\"\\n{{/x}}\"}", "{{>p}}",
		    "p:2: {{/x}} closes nothing" },
	};

	(void)state;
	check(cases, COUNT(cases), lax, -ERR_CONFIG);
}

static void
partial_that_cannot_be_read(void **state)
{
	static const struct example cases[] = {
		{ NULL, NULL, "\n{{>broken.disk}}",
		    "main.html:2: the disk is gone" },
	};

	(void)state;
	check(cases, COUNT(cases), lax, -ERR_IO);
}

#define TOO_DEEP " is nested deeper than 64 levels; does a partial call itself?"

static void
recursion_ends(void **state)
{
	static const struct example cases[] = {
		{ NULL, "{\"p\":\"\\n{{>p}}\"}", "{{>p}}", "p:2: {{>p}}"
		    TOO_DEEP },
		{ NULL, "{\"p\":\"{{>q}}\",\"q\":\"{{>p}}\"}", "{{>p}}",
		    "q:1: {{>p}}" TOO_DEEP },
		{ NULL, "{\"p\":\"{{<p}}{{/p}}\"}", "{{>p}}", "p:1: {{<p}}"
		    TOO_DEEP },
		/* Twice at each level, to a depth that is allowed. */
		{ "{\"a\":{\"b\":[1,1,1,1,1,1,1,1]}}",
		    "{\"1\":\"{{#a.b}}{{>2}}{{/a.b}}\","
		    "\"2\":\"{{#a.b}}{{>3}}{{/a.b}}\","
		    "\"3\":\"{{#a.b}}{{>4}}{{/a.b}}\","
		    "\"4\":\"{{#a.b}}{{>5}}{{/a.b}}\","
		    "\"5\":\"{{#a.b}}{{>6}}{{/a.b}}\","
		    "\"6\":\"{{#a.b}}{{>7}}{{/a.b}}\","
		    "\"7\":\"{{#a.b}}{{>8}}{{/a.b}}\","
		    "\"8\":\"{{#a.b}}{{#a.b}}{{/a.b}}{{/a.b}}\"}", "{{>1}}",
		    "8:1: the template renders more than 16777216 parts" },
	};

	(void)state;
	check(cases, COUNT(cases), lax, -ERR_CONFIG);
}

static void
add_times(struct buf *b, const char *text, int times)
{
	while (times-- > 0)
		buf_adds(b, text);
}

static void
section_depth(void **state)
{
	struct template_options o = lax;
	json_t *data = load_json("{\"x\":true}");
	struct buf text, out;
	int depth, rc;

	(void)state;
	for (depth = 64; depth <= 65; depth++) {
		buf_init(&text, 0);
		buf_init(&out, 0);
		add_times(&text, "{{#x}}", depth);
		add_times(&text, "{{/x}}", depth);
		rc = render(&o, data, NULL, text.data, text.len, &out);
		assert_int_equal(rc, depth == 64 ? 0 : -ERR_CONFIG);
		assert_string_equal(out.data, depth == 64 ? "" : "main.html:1: "
		    "sections are nested deeper than 64 levels");
		buf_release(&out);
		buf_release(&text);
	}
	json_decref(data);
}

static void
sizes(void **state)
{
	struct template_options o = lax;
	json_t *data = json_object(), *big = json_object();
	struct buf text, out;

	(void)state;
	buf_init(&text, 0);
	buf_init(&out, 0);
	while (text.len < TEMPLATE_MAX)
		buf_add(&text, "ab\0cdefg", 8);
	assert_int_equal(render(&o, data, NULL, text.data, text.len, &out), 0);
	assert_int_equal(out.len, TEMPLATE_MAX);
	assert_memory_equal(out.data, text.data, text.len);
	buf_clear(&out);
	buf_addc(&text, 'x');
	assert_int_equal(render(&o, data, NULL, text.data, text.len, &out),
	    -ERR_CONFIG);
	assert_string_equal(out.data,
	    "main.html: the template is larger than 1048576 bytes");
	buf_clear(&out);
	buf_clear(&text);
	add_times(&text, "abcdefgh", (int)TEMPLATE_MAX / 8);
	buf_addc(&text, 'x');
	json_object_set_new(big, "p", json_string(text.data));
	assert_int_equal(render(&o, data, big, "{{>p}}", 6, &out),
	    -ERR_CONFIG);
	assert_string_equal(out.data,
	    "p: the partial is larger than 1048576 bytes");
	buf_release(&out);
	buf_release(&text);
	json_decref(data);
	json_decref(big);
}

/* Renders 1000 bytes for each of n items behind what out holds. */
static int
render_kilobytes(int n, struct buf *out, struct err *err)
{
	static const struct template_options o = { TEMPLATE_HTML, true, NULL,
	    NULL };
	struct arena a;
	struct node *data, *list;
	struct template *t;
	struct buf text;
	int i, rc;

	arena_init(&a);
	buf_init(&text, 0);
	buf_adds(&text, "{{#list}}");
	add_times(&text, "0123456789", 100);
	buf_adds(&text, "{{/list}}");
	data = node_map(&a);
	list = node_set(&a, data, "list", node_list(&a));
	for (i = 0; i < n; i++)
		node_push(list, node_null(&a));
	t = template_parse("big.txt", text.data, text.len, err);
	assert_non_null(t);
	rc = template_render(t, data, &o, out, err);
	template_free(t);
	buf_release(&text);
	arena_release(&a);
	return rc;
}

static void
output_ceiling(void **state)
{
	struct err err = ERR_INIT;
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	buf_adds(&out, "before");
	assert_int_equal(render_kilobytes(16777, &out, &err), 0);
	assert_int_equal(out.len, 6 + 16777000);
	assert_int_equal(out.max, BUF_MAX_DEFAULT);
	buf_truncate(&out, 6);
	assert_int_equal(render_kilobytes(16778, &out, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_string_equal(err.file, "big.txt");
	assert_string_equal(out.data, "before");
	buf_release(&out);
	err = (struct err)ERR_INIT;
	buf_init(&out, 2999);
	assert_int_equal(render_kilobytes(3, &out, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(variables),
		cmocka_unit_test(plain_is_not_escaped),
		cmocka_unit_test(sections),
		cmocka_unit_test(comments_and_delimiters),
		cmocka_unit_test(partials),
		cmocka_unit_test(inheritance),
		cmocka_unit_test(strict_knows_empty_values),
		cmocka_unit_test(strict_unknown_names),
		cmocka_unit_test(syntax_errors),
		cmocka_unit_test(partial_that_cannot_be_read),
		cmocka_unit_test(recursion_ends),
		cmocka_unit_test(section_depth),
		cmocka_unit_test(sizes),
		cmocka_unit_test(output_ceiling),
	};

	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
