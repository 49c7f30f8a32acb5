/*
 * base64, parameters (RFC 2231), and where encoded-words in base64 end.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mail/mime.h"
#include "mail/mime_part.h"
#include "mime_decode.h"

static void
repeat(struct buf *b, const char *s, size_t n)
{
	while (n-- > 0)
		buf_adds(b, s);
}

/* RFC 4648 §10. */
static void
base64_known_values(void **state)
{
	static const char *const cases[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
		{ "\xff\xef\xbe", "/+++" }
	};
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out, 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&out);
		mime_base64(&out, cases[i][0], strlen(cases[i][0]));
		assert_string_equal(out.data, cases[i][1]);
	}
	buf_release(&out);
}

static void
base64_lines_of_76(void **state)
{
	struct buf data, out, back;
	size_t n, full;
	const char *p;

	(void)state;
	buf_init(&data, 0);
	buf_init(&out, 0);
	buf_init(&back, 0);
	for (n = 0; n < 180; n++, buf_addc(&data, (char)(n * 37))) {
		buf_clear(&out);
		buf_clear(&back);
		mime_base64_lines(&out, data.data, data.len);
		full = 0;
		for (p = out.data; *p != '\0'; p = strchr(p, '\n') + 1) {
			size_t len = strcspn(p, "\r");

			assert_true(len > 0 && len <= 76);
			assert_memory_equal(p + len, "\r\n", 2);
			full += len == 76;
			decode_base64(p, len, &back);
		}
		assert_int_equal(full, (n + 2) / 57);
		assert_int_equal(back.len, n);
		assert_memory_equal(back.data, data.data, n);
	}
	buf_release(&data);
	buf_release(&out);
	buf_release(&back);
}

static void
parameters_of_any_name(void **state)
{
	static const struct { const char *value, *want; } cases[] = {
		{ "cover.png", ";\r\n filename=\"cover.png\"" },
		{ "a \"b\" \\c.png",
		    ";\r\n filename=\"a \\\"b\\\" \\\\c.png\"" },
		{ "", ";\r\n filename=\"\"" },
		{ "=?x?=.png", ";\r\n filename*=UTF-8''%3D%3Fx%3F%3D.png" },
		{ "B\xc3\xbc" "cher 1.png",
		    ";\r\n filename*=UTF-8''B%C3%BCcher%201.png" },
		{ "\xf0\x9f\x8e\x99\xf0\x9f\x8e\x99\xf0\x9f\x8e\x99"
		    "\xf0\x9f\x8e\x99.png",
		    ";\r\n filename*0*=UTF-8''%F0%9F%8E%99%F0%9F%8E%99"
		    "%F0%9F%8E%99;\r\n filename*1*=%F0%9F%8E%99.png" }
	};
	struct buf out, name;
	const char *p;
	size_t i;

	(void)state;
	buf_init(&out, 0);
	buf_init(&name, 0);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_clear(&out);
		mime_parameter(&out, "filename", cases[i].value);
		assert_string_equal(out.data, cases[i].want);
	}
	/* Any length: no line over 78, and nothing lost. */
	for (i = 0; i < 300; i++, buf_addc(&name, 'n')) {
		size_t found = 0;

		buf_clear(&out);
		mime_parameter(&out, "filename", name.data);
		for (p = strchr(out.data, '\n'); p != NULL;
		    p = strchr(p + 1, '\n')) {
			assert_true(strcspn(p + 1, "\r") <= 78);
			p = strchr(p, '=');
			p += strncmp(p, "=UTF-8''", 8) == 0 ? 8 : 1;
			found += strspn(p + (*p == '"'), "n");
		}
		assert_int_equal(found, i);
	}
	buf_release(&out);
	buf_release(&name);
}

/* Readers that put words together before they decode them stop at a padding:
 * only the last one of a run has it. */
static void
words_have_no_padding_between(void **state)
{
	static const char *const characters[] = {
		"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"
	};
	struct buf text, out;
	struct mime_field f;
	const char *p;
	size_t i, n;

	(void)state;
	buf_init(&text, 0);
	buf_init(&out, 0);
	for (i = 0; i < 3; i++) {
		for (n = 1; n < 130; n++) {
			buf_clear(&text);
			buf_clear(&out);
			repeat(&text, characters[i], n);
			mime_field_begin(&f, &out, "Subject");
			mime_field_text(&f, text.data);
			p = strstr(out.data, "=?= ");
			assert_null(p);
			assert_null(strstr(out.data, "=?=\r\n"));
		}
	}
	assert_non_null(strstr(out.data, "?=\r\n =?UTF-8?B?"));
	buf_release(&text);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_known_values),
		cmocka_unit_test(base64_lines_of_76),
		cmocka_unit_test(parameters_of_any_name),
		cmocka_unit_test(words_have_no_padding_between)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
