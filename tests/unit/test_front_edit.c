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
#include "text/front_edit.h"

static struct arena arena;

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* Without toml++ every +++ is an error. */
static bool
has_toml(void)
{
	struct err err = ERR_INIT;
	struct front f;

	return front_read(&arena, "+++\n+++\n", 8, &f, &err) == 0;
}

static const struct node *
at_path(const struct node *n, const char *path)
{
	char *copy = arena_strdup(&arena, path), *step, *more = NULL;

	for (step = strtok_r(copy, "/", &more); n != NULL && step != NULL;
	    step = strtok_r(NULL, "/", &more)) {
		if (n->kind == NODE_LIST)
			n = n->first;
		n = node_get(n, step);
	}
	return n != NULL && n->kind == NODE_LIST ? n->first : n;
}

/* A new value for `path`; or, where `add` is no NULL, that key behind it; a
 * path that ends in a slash is a map, and the key comes to its end. */
static int
edit(const char *text, const char *path, const char *add, const char *value,
    struct buf *out, struct err *err)
{
	const struct node *n, *map;
	struct front f;
	char *above;

	buf_init(out, 0);
	if (front_read(&arena, text, strlen(text), &f, err) != 0)
		fail_msg("%s: %s", text, err->msg);
	n = at_path(f.map, path);
	assert_non_null(n);
	if (add == NULL)
		return front_edit_value(text, strlen(text), &f, n, value,
		    out, err);
	above = arena_strdup(&arena, path);
	if (path[0] == '\0' || path[strlen(path) - 1] == '/')
		return front_edit_add(text, strlen(text), &f, n, NULL, add,
		    value, out, err);
	if (strrchr(above, '/') != NULL)
		*strrchr(above, '/') = '\0';
	else
		*above = '\0';
	map = at_path(f.map, above);
	return front_edit_add(text, strlen(text), &f, map, n, add, value, out,
	    err);
}

struct golden {
	const char *text, *path, *add, *value, *want;
};

static void
golden(const struct golden *g, size_t n)
{
	struct err err;
	struct buf out;
	size_t i;

	for (i = 0; i < n; i++) {
		memset(&err, 0, sizeof(err));
		if (g[i].text[0] == '+' && !has_toml())
			continue;
		if (edit(g[i].text, g[i].path, g[i].add, g[i].value, &out,
		    &err) != 0)
			fail_msg("%s: %s", g[i].text, err.msg);
		assert_string_equal(out.data, g[i].want);
		buf_release(&out);
	}
}

#define GOLDEN(g) golden(g, sizeof(g) / sizeof((g)[0]))

static void
one_value_of_yaml_is_replaced(void **state)
{
	static const struct golden g[] = {
		{ "---\ntitle: \xc3\xa9t\xc3\xa9\nlength: 100 # bytes\nx: 1\n"
		    "---\nlength: 100\n", "length", NULL, "69285",
		    "---\ntitle: \xc3\xa9t\xc3\xa9\nlength: 69285 # bytes\n"
		    "x: 1\n---\nlength: 100\n" },
		{ "\xef\xbb\xbf\r\n---\r\nlength:   '0'\t\r\na: b\r\n...\r\nn",
		    "length", NULL, "7",
		    "\xef\xbb\xbf\r\n---\r\nlength:   '7'\t\r\na: b\r\n...\r\n"
		    "n" },
		{ "---\nduration: 1:00\n---\n", "duration", NULL, "29:01",
		    "---\nduration: 29:01\n---\n" },
		{ "---\nlength:\nb: c\n---\n", "length", NULL, "5",
		    "---\nlength: 5\nb: c\n---\n" },
		{ "---\nduration: ~\n---\n", "duration", NULL, "0:08",
		    "---\nduration: \"0:08\"\n---\n" },
		{ "---\naudio: {url: x, length: 1, b: 2}\n---\n",
		    "audio/length", NULL, "5",
		    "---\naudio: {url: x, length: 5, b: 2}\n---\n" },
		{ "---\naudio:\n- file: x\n  size: \"1\"\n---\n",
		    "audio/size", NULL, "5",
		    "---\naudio:\n- file: x\n  size: \"5\"\n---\n" },
		{ "---\n\"length\" : 1\n---\n", "length", NULL, "5",
		    "---\n\"length\" : 5\n---\n" },
		{ "---\ntype: audio/mp3\n---\n", "type", NULL, "audio/mpeg",
		    "---\ntype: audio/mpeg\n---\n" },
		{ "---\nlength: 1\nx: 2\nlength: 3\n---\n", "length", NULL,
		    "5", "---\nlength: 1\nx: 2\nlength: 5\n---\n" },
	};

	(void)state;
	GOLDEN(g);
}

static void
a_key_is_added_to_yaml_beside_its_sibling(void **state)
{
	static const struct golden g[] = {
		{ "---\naudio: 12.mp3   # the file\n# end\nx: 1\n---\nn\n",
		    "audio", "length", "5",
		    "---\naudio: 12.mp3   # the file\nlength: 5\n# end\nx: 1\n"
		    "---\nn\n" },
		{ "---\r\naudio: 1.mp3\r\n---\r\n", "audio", "duration",
		    "29:01",
		    "---\r\naudio: 1.mp3\r\nduration: \"29:01\"\r\n---\r\n" },
		{ "---\naudio:\n    url:  x\n    b: c\nz: 1\n---\n",
		    "audio/url", "length", "5",
		    "---\naudio:\n    url:  x\n    length: 5\n    b: c\n"
		    "z: 1\n---\n" },
		{ "---\naudio:\n  - url: x\n---\n", "audio/url", "size", "5",
		    "---\naudio:\n  - url: x\n    size: 5\n---\n" },
		{ "---\nfiles: [a,\n  b]\nx: 1\n---\n", "", "length", "5",
		    "---\nfiles: [a,\n  b]\nx: 1\nlength: 5\n---\n" },
		{ "---\naudio: {url: x}\n---\n", "audio/url", "size", "5",
		    "---\naudio: {url: x, size: 5}\n---\n" },
		{ "---\naudio: { url: x, b: c } # d\n---\n", "audio/url",
		    "size", "5",
		    "---\naudio: { url: x, size: 5, b: c } # d\n---\n" },
		{ "---\naudio: {\n  url: x,\n  b: c\n}\n---\n", "audio/b",
		    "size", "5",
		    "---\naudio: {\n  url: x,\n  b: c,\n  size: 5\n}\n---\n" },
		{ "---\n---\nn\n", "", "length", "5",
		    "---\nlength: 5\n---\nn\n" },
		{ "---\n# none\n---\n", "", "type", "audio/mpeg",
		    "---\n# none\ntype: audio/mpeg\n---\n" },
		{ "---\naudio: x\nnotes: |\n  a\n  b\n---\n", "notes",
		    "length", "5",
		    "---\naudio: x\nnotes: |\n  a\n  b\nlength: 5\n---\n" },
		{ "---\naudio:\n  url: x\n  more:\n    - 1\n# c\nz: 1\n---\n",
		    "audio", "length", "5",
		    "---\naudio:\n  url: x\n  more:\n    - 1\nlength: 5\n# c\n"
		    "z: 1\n---\n" },
		{ "---\ntitle:  T\naudio:  x\n---\n", "audio", "length", "5",
		    "---\ntitle:  T\naudio:  x\nlength: 5\n---\n" },
		{ "---\ntitle:     T\naudio:     x\n---\n", "audio", "length",
		    "5", "---\ntitle:     T\naudio:     x\nlength:    5\n"
		    "---\n" },
		{ "---\n\"audio\": \"x\"\n---\n", "audio", "length", "5",
		    "---\n\"audio\": \"x\"\n\"length\": 5\n---\n" },
	};

	(void)state;
	GOLDEN(g);
}

static void
toml_and_json_keep_their_ways(void **state)
{
	static const struct golden g[] = {
		{ "+++\ntitle = \"\xc3\xa9\"\nlength = 100 # b\n+++\nn",
		    "length", NULL, "5",
		    "+++\ntitle = \"\xc3\xa9\"\nlength = 5 # b\n+++\nn" },
		{ "+++\r\nlength = '100'\r\n+++\r\n", "length", NULL, "5",
		    "+++\r\nlength = '5'\r\n+++\r\n" },
		{ "+++\nduration = 00:29:01\n+++\n", "duration", NULL,
		    "00:29:02", "+++\nduration = 00:29:02\n+++\n" },
		{ "+++\nduration = 1741\n+++\n", "duration", NULL, "29:01",
		    "+++\nduration = \"29:01\"\n+++\n" },
		{ "+++\na = { x = \"\xc3\xa9\", length = 1 }\n+++\n",
		    "a/length", NULL, "5",
		    "+++\na = { x = \"\xc3\xa9\", length = 5 }\n+++\n" },
		{ "+++\n[audio]\nurl = \"x\" # c\n[b]\nc = 1\n+++\n",
		    "audio/url", "size", "5",
		    "+++\n[audio]\nurl = \"x\" # c\nsize = 5\n[b]\nc = 1\n"
		    "+++\n" },
		{ "+++\ntitle = \"T\"\n\n[audio]\nurl = \"x\"\n+++\n", "",
		    "length", "5", "+++\ntitle = \"T\"\nlength = 5\n\n[audio]\n"
		    "url = \"x\"\n+++\n" },
		{ "+++\n[audio]\nurl = \"x\"\n+++\n", "", "length", "5",
		    "+++\nlength = 5\n[audio]\nurl = \"x\"\n+++\n" },
		{ "+++\naudio.url = \"x\"\n+++\n", "audio/url", "size", "5",
		    "+++\naudio.url = \"x\"\naudio.size = 5\n+++\n" },
		{ "+++\naudio = { url = \"x\" }\n+++\n", "audio/url", "size",
		    "5", "+++\naudio = { url = \"x\", size = 5 }\n+++\n" },
		{ "+++\n  [audio]\n  url    = \"x\"\n+++\n", "audio/url",
		    "length", "5",
		    "+++\n  [audio]\n  url    = \"x\"\n  length = 5\n+++\n" },
		{ "+++\ntags = [\n \"a\",\n]\n+++\n", "", "duration", "0:08",
		    "+++\ntags = [\n \"a\",\n]\nduration = \"0:08\"\n+++\n" },
		{ "{\n  \"audio\": \"x\",\n  \"length\": 0,\n  \"d\": [1]\n}\n"
		    "n", "length", NULL, "5",
		    "{\n  \"audio\": \"x\",\n  \"length\": 5,\n  \"d\": [1]\n"
		    "}\nn" },
		{ "{\"length\":\"0\"}\n", "length", NULL, "5",
		    "{\"length\":\"5\"}\n" },
		{ "{\"length\":null}\n", "length", NULL, "29:01",
		    "{\"length\":\"29:01\"}\n" },
		{ "{\r\n\t\"audio\": \"x\"\r\n}\r\n", "audio", "length", "5",
		    "{\r\n\t\"audio\": \"x\",\r\n\t\"length\": 5\r\n}\r\n" },
		{ "{\"audio\":\"x\",\"b\":{\"c\":\"}\"}}\n", "b", "length",
		    "5", "{\"audio\":\"x\",\"b\":{\"c\":\"}\"},\"length\":5}\n"
		    },
		{ "{\"a\":{\"url\":\"x\"},\"b\":1}\n", "a/url", "size", "5",
		    "{\"a\":{\"url\":\"x\",\"size\":5},\"b\":1}\n" },
		{ "{}\nn\n", "", "length", "5", "{\"length\": 5}\nn\n" },
		{ "---json\n{ \"a\": 1 }\n---\n", "a", "duration", "0:08",
		    "---json\n{ \"a\": 1, \"duration\": \"0:08\" }\n---\n" },
	};

	(void)state;
	GOLDEN(g);
}

static void
refused(const char *text, const char *path, const char *add,
    const char *value, const char *what)
{
	struct err err = ERR_INIT;
	struct buf out;

	if (edit(text, path, add, value, &out, &err) == 0)
		fail_msg("taken: %s", out.data);
	assert_int_equal(err.kind, ERR_INPUT);
	if (strstr(err.msg, what) == NULL)
		fail_msg("%s", err.msg);
	assert_int_equal(out.len, 0);
	buf_release(&out);
}

static void
what_cannot_be_changed_alone_stays(void **state)
{
	(void)state;
	refused("---\nlength: |\n  100\n---\n", "length", NULL, "5",
	    "several lines");
	refused("---\nlength:\n  a: b\n---\n", "length", NULL, "5",
	    "list or map");
	refused("---\nlength: 1\n---\n", "length", NULL, "5 # x",
	    "character");
	refused("---\nlength: 1\n---\n", "length", NULL, "a\nb", "character");
	refused("---\nlength: 1\n---\n", "length", NULL, "", "character");
	/* A key that is there already. */
	if (has_toml())
		refused("+++\na = 1\nlength = 1\n+++\n", "a", "length",
		    "5", "by hand");
	refused("{\"a\": 1, \"length\": 1}\n", "a", "length", "5",
	    "by hand");
	refused("---\na: {}\n---\n", "a/", "length", "5", "no entry");
	refused("only notes\n", "", "length", "5", "no front matter");
}

/* ---- any front matter ---- */

static unsigned long seed;

static unsigned
any(unsigned below)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(seed >> 33) % below;
}

static const char *
word(void)
{
	static const char *const words[] = {
		"a", "b c", "\xc3\xbc x", "12", "x: y", "it's", "#1",
		"\xf0\x9f\x8e\x99", "q\\\"q", "true", "29:01", "- d", "{e"
	};

	return words[any(sizeof(words) / sizeof(words[0]))];
}

struct made {
	struct buf text;
	enum front_language language;
	const char *eol;
	unsigned keys;
};

static void
add_scalar(struct made *m)
{
	const char *w = word();

	if (m->language == FRONT_YAML && any(3) == 0 && strpbrk(w, "#:'\\-{")
	    == NULL)
		buf_adds(&m->text, w);
	else
		buf_addf(&m->text, "\"%s\"", w);
}

/* One line of the top level, with comments and blanks as people leave them. */
static void
add_entry(struct made *m, const char *key, const char *value)
{
	static const char *const yaml_gaps[] = { ": ", ":   ", " : " };
	static const char *const toml_gaps[] = { " = ", "=", "    = " };
	bool json = m->language == FRONT_JSON;

	if (json && m->keys > 0)
		buf_addf(&m->text, ",%s", m->eol);
	m->keys++;
	if (any(8) == 0)
		buf_adds(&m->text, m->eol);
	if (any(8) == 0 && !json)
		buf_addf(&m->text, "# %s%s", word(), m->eol);
	buf_addf(&m->text, json ? "  \"%s\": " : "%s", key);
	if (!json)
		buf_adds(&m->text, m->language == FRONT_YAML ?
		    yaml_gaps[any(3)] : toml_gaps[any(3)]);
	if (value != NULL && any(2) == 0) {
		buf_adds(&m->text, value);
	} else if (value != NULL) {
		buf_addf(&m->text, "\"%s\"", value);
	} else if (any(5) == 0) {
		buf_adds(&m->text, "[");
		add_scalar(m);
		buf_adds(&m->text, ", ");
		add_scalar(m);
		buf_adds(&m->text, "]");
	} else {
		add_scalar(m);
	}
	if (!json && any(4) == 0)
		buf_addf(&m->text, "  # %s", word());
	if (!json)
		buf_adds(&m->text, m->eol);
}

static void
make(struct made *m)
{
	static const char *const fences[] = { "", "---", "+++", "" };
	unsigned i, n = any(6), at = any(n + 1);
	char key[16];

	buf_init(&m->text, 0);
	m->language = FRONT_YAML + any(3);
	if (m->language == FRONT_TOML && !has_toml())
		m->language = FRONT_YAML;
	m->eol = any(2) == 0 ? "\n" : "\r\n";
	m->keys = 0;
	if (any(4) == 0)
		buf_adds(&m->text, "\xef\xbb\xbf");
	buf_addf(&m->text, "%s%s", m->language == FRONT_JSON ? "{" :
	    fences[m->language], m->eol);
	for (i = 0; i <= n; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		if (i == at)
			add_entry(m, "audio", "12");
		else
			add_entry(m, key, NULL);
		if (i == at && any(2) == 0)
			add_entry(m, "length", "100");
	}
	buf_addf(&m->text, "%s%s%s%s", m->language == FRONT_JSON ? m->eol :
	    "", m->language == FRONT_JSON ? "}" : fences[m->language],
	    m->eol, "notes\nlength: 100\n\n  ");
}

/* What is before and behind the bytes that differ is one text. */
static void
compare(const struct made *m, const struct buf *out, bool added,
    unsigned long from)
{
	const char *a = m->text.data, *b = out->data;
	size_t head = 0, tail = 0, least = m->text.len < out->len ?
	    m->text.len : out->len, cut;

	while (head < least && a[head] == b[head])
		head++;
	while (tail < least - head && a[m->text.len - 1 - tail] ==
	    b[out->len - 1 - tail])
		tail++;
	cut = m->text.len - head - tail;
	/* "100" alone went, or nothing. */
	if (added ? cut != 0 : cut > 3)
		fail_msg("seed %lu: %s became %s", from, a, b);
	if (strstr(b, "69285") == NULL || (!added && cut == 0))
		fail_msg("seed %lu: %s", from, b);
}

static void
all_else_of_any_front_matter_stays(void **state)
{
	const char *given = getenv("SHOWMILL_TEST_SEED");
	unsigned long start = given != NULL ? strtoul(given, NULL, 10) :
	    (unsigned long)time(NULL), from;
	unsigned i, edited = 0;
	const struct node *n;
	struct made m;
	struct front f;
	struct buf out;

	(void)state;
	print_message("SHOWMILL_TEST_SEED=%lu\n", start);
	for (i = 0; i < 3000; i++) {
		struct err err = ERR_INIT;

		seed = from = start + i;
		make(&m);
		if (front_read(&arena, m.text.data, m.text.len, &f, &err) != 0)
			fail_msg("seed %lu: %s: %s", from, m.text.data,
			    err.msg);
		n = node_get(f.map, "length");
		if (edit(m.text.data, n != NULL ? "length" : "audio",
		    n != NULL ? NULL : "length", "69285", &out, &err) != 0)
			fail_msg("seed %lu: %s: %s", from, m.text.data,
			    err.msg);
		compare(&m, &out, n == NULL, from);
		edited += n != NULL;
		buf_release(&out);
		buf_release(&m.text);
		arena_release(&arena);
	}
	assert_in_range(edited, 500, 2500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_value_of_yaml_is_replaced),
		cmocka_unit_test(a_key_is_added_to_yaml_beside_its_sibling),
		cmocka_unit_test(toml_and_json_keep_their_ways),
		cmocka_unit_test(what_cannot_be_changed_alone_stays),
		cmocka_unit_test(all_else_of_any_front_matter_stays),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
