/*
 * Control characters in notes: found with their line, however they are
 * written.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "text/markdown.h"

static void
found_with_its_line(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
		int32_t c;
	} rows[] = {
		{ "a\n\nb\tc\r\nd\n", 0, 0 },
		{ "a\rb\rc\n", 0, 0 },
		{ "", 0, 0 },
		{ "a &#65; &#9; &#x1f600; &#10; &lt;\n", 0, 0 },
		{ "`&#27;` is code\n\n    &#27;\n", 0, 0 },
		{ "<b title=\"&#65;\">x</b> &# &#x; &#;\n", 0, 0 },
		{ "a\x1b[31m\n", 1, 0x1b },
		{ "a\r\nb\r\n\r\nc\x01" "A\x02\r\n", 4, 1 },
		{ "a\rb\r\x7f", 3, 0x7f },
		{ "a\n\n\x0c\n", 3, 0x0c },
		{ "a\nb \xc2\x9b" "31m\n", 2, 0x9b },
		{ "a\n\n    code \x1b\n", 3, 0x1b },
		{ "a\n\nb &#1;B&#x2;\n", 3, 1 },
		{ "a\n\n- x\n- y &#13;\n", 4, 13 },
		{ "a\n\n# b &#155;\n", 3, 0x9b },
		{ "a\n\n[x](https://x.example/&#27;)\n", 3, 0x1b },
		{ "a\n\n![x](y \"&#27;\")\n", 3, 0x1b },
		{ "a\n\n``` &#27;\nx\n```\n", 3, 0x1b },
		{ "a\n\n<p>&#27;</p>\n", 3, 0x1b },
		{ "a\n\nb <b title=\"&#X1b\">x</b>\n", 3, 0x1b },
		{ "see https://x.example/a &#1;\n", 1, 1 },
	};
	struct err err = ERR_INIT;
	struct markdown *m;
	unsigned line;
	int32_t c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		m = markdown_parse(rows[i].text, strlen(rows[i].text), NULL,
		    &err);
		assert_non_null(m);
		c = 0;
		line = markdown_control(m, rows[i].text, strlen(rows[i].text),
		    &c);
		if (line != rows[i].line || c != rows[i].c)
			fail_msg("row %zu: line %u, U+%04X", i, line,
			    (unsigned)c);
		markdown_free(m);
	}
	/* A NUL does not end the search. */
	m = markdown_parse("a\n\0b\n", 5, NULL, &err);
	assert_int_equal(markdown_control(m, "a\n\0b\n", 5, &c), 2);
	assert_int_equal(c, 0);
	markdown_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
