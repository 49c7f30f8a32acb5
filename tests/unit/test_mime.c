#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/mem.h"
#include "mail/mime.h"
#include "mime_decode.h"

static void
repeat(struct buf *b, const char *s, size_t n)
{
	while (n-- > 0)
		buf_adds(b, s);
}

/* ---- mime_check ---- */

static void
check_names_character_and_line(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		bool body;
		const char *want;
	} cases[] = {
		{ "fine \xc3\xa9 \xf0\x9f\x98\x80", 12, false, NULL },
		{ "a\tb\nc", 5, true, NULL },
		{ "a\nb", 3, false, "the X has a line break (U+000A), which no "
		    "mail header can carry" },
		{ "a\tb", 3, false, "the X has a tab (U+0009), which no mail "
		    "header can carry" },
		{ "a\r\nb", 4, true, "the X has a carriage return (U+000D) on "
		    "line 1, which no mail can carry" },
		{ "a\nb\n\x1b[1m", 8, true, "the X has an escape character "
		    "(U+001B) on line 3, which no mail can carry" },
		{ "a\0b", 3, true, "the X has a NUL (U+0000) on line 1, which "
		    "no mail can carry" },
		{ "\x7f", 1, false, "the X has a control character (U+007F), "
		    "which no mail header can carry" },
		{ "\xc2\x85", 2, false, "the X has a control character "
		    "(U+0085), which no mail header can carry" },
		{ "ab\xff", 3, false, "the X has a byte that is not UTF-8 "
		    "(0xFF), which no mail header can carry" },
		{ "\xed\xa0\x80", 3, true, "the X has a byte that is not UTF-8 "
		    "(0xED) on line 1, which no mail can carry" },
		{ "", 0, false, NULL },
		{ "\xc2\xa0", 2, false, NULL }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		int rc = mime_check(cases[i].text, cases[i].len, cases[i].body,
		    "the X", &err);

		assert_int_equal(rc, cases[i].want == NULL ? 0 : -1);
		assert_string_equal(err.msg,
		    cases[i].want == NULL ? "" : cases[i].want);
		assert_int_equal(err.kind,
		    cases[i].want == NULL ? ERR_NONE : ERR_INPUT);
	}
}

/* ---- quoted-printable ---- */

static void
qp_is(const char *text, const char *want)
{
	struct buf b, back;

	buf_init(&b, 0);
	buf_init(&back, 0);
	mime_qp(&b, text, strlen(text));
	assert_string_equal(b.data, want);
	decode_qp(b.data, b.len, &back);
	assert_string_equal(back.data, text);
	buf_release(&b);
	buf_release(&back);
}

static void
qp_known_lines(void **state)
{
	(void)state;
	qp_is("", "");
	qp_is("plain", "plain");
	qp_is("a=b", "a=3Db");
	qp_is("\n\n", "\r\n\r\n");
	qp_is("caf\xc3\xa9\n", "caf=C3=A9\r\n");
	qp_is("tail \n\tx\t\ny ", "tail=20\r\n\tx=09\r\ny=20");
	qp_is("From me\nfrom me\n From me\nFromage",
	    "=46rom me\r\nfrom me\r\n From me\r\nFromage");
	qp_is(".\n..\na.b", "=2E\r\n=2E.\r\na.b");
	qp_is("\xf0\x9f\x98\x80", "=F0=9F=98=80");
}

static void
qp_lines_break_at_75(void **state)
{
	static const char *const units[] = { "a", " ", ".", "=", "\xc3\xa9",
		"\xe2\x82\xac", "\xf0\x9f\x98\x80", "From ", "a. " };
	struct buf text, b, back;
	size_t u, n;

	(void)state;
	buf_init(&text, 0);
	buf_init(&b, 0);
	buf_init(&back, 0);
	for (u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		for (n = 1; n < 320; n++) {
			buf_clear(&text);
			buf_clear(&b);
			buf_clear(&back);
			repeat(&text, "x", n % 7);
			repeat(&text, units[u], n);
			mime_qp(&b, text.data, text.len);
			decode_qp(b.data, b.len, &back);
			assert_string_equal(back.data, text.data);
			/* Room for a soft break on the last line. */
			assert_true(strlen(strrchr(b.data, '\n') != NULL ?
			    strrchr(b.data, '\n') + 1 : b.data) <= 75);
		}
	}
	buf_clear(&b);
	buf_clear(&text);
	repeat(&text, "a", 76);
	mime_qp(&b, text.data, text.len);
	assert_int_equal(b.len, 79);
	assert_memory_equal(b.data + 75, "=\r\na", 4);
	buf_release(&text);
	buf_release(&b);
	buf_release(&back);
}

static void
qp_keeps_characters_whole(void **state)
{
	struct buf text, b;
	const char *p;

	(void)state;
	buf_init(&text, 0);
	buf_init(&b, 0);
	repeat(&text, "x\xf0\x9f\x98\x80", 200);
	mime_qp(&b, text.data, text.len);
	for (p = b.data; (p = strstr(p, "=\r\n")) != NULL; p += 3) {
		bool ends = strncmp(p - 3, "=80", 3) == 0 || p[-1] == 'x';

		assert_true(ends);
	}
	buf_release(&text);
	buf_release(&b);
}

static void
qp_random_reads_back(void **state)
{
	uint64_t seed = decode_seed("quoted-printable");
	struct buf text, b, back;
	int i;

	(void)state;
	buf_init(&text, 0);
	buf_init(&b, 0);
	buf_init(&back, 0);
	for (i = 0; i < 3000; i++) {
		buf_clear(&text);
		buf_clear(&b);
		buf_clear(&back);
		decode_add_random(&text, &seed, 400, true);
		mime_qp(&b, text.data, text.len);
		decode_qp(b.data, b.len, &back);
		assert_string_equal(back.data, text.data);
		assert_null(strstr(b.data, "=_"));
	}
	buf_release(&text);
	buf_release(&b);
	buf_release(&back);
}

/* ---- unstructured fields ---- */

static void
write_text(struct buf *out, const char *name, const char *text)
{
	struct mime_field f;

	buf_clear(out);
	mime_field_begin(&f, out, name);
	mime_field_text(&f, text);
	mime_field_end(&f);
}

/* Writes, reads back and compares. Every line fits, whatever the text. */
static void
text_reads_back(const char *text)
{
	struct buf out, unfolded, back;

	buf_init(&out, 0);
	buf_init(&unfolded, 0);
	buf_init(&back, 0);
	write_text(&out, "Subject", text);
	assert_memory_equal(out.data, "Subject:", 8);
	if (*text != '\0') {
		assert_true(out.data[8] == ' ' && out.data[9] != '\r');
		decode_unfold(out.data + 9, 9, MIME_FOLD, &unfolded);
		decode_text(unfolded.data, &back);
	}
	assert_string_equal(back.data, text);
	buf_release(&out);
	buf_release(&unfolded);
	buf_release(&back);
}

static void
text_is(const char *text, const char *want)
{
	struct buf out;

	buf_init(&out, 0);
	write_text(&out, "Subject", text);
	assert_string_equal(out.data, want);
	buf_release(&out);
	text_reads_back(text);
}

static void
text_known_fields(void **state)
{
	(void)state;
	text_is("", "Subject:\r\n");
	text_is("Hello, \"friends\" (all)",
	    "Subject: Hello, \"friends\" (all)\r\n");
	text_is("Folge 12: Gr\xc3\xbc\xc3\x9f" "e aus Ulm",
	    "Subject: Folge 12: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?= aus Ulm\r\n");
	text_is("\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 all",
	    "Subject: =?UTF-8?B?0J/RgNC40LLQtdGC?= all\r\n");
	text_is("a  b", "Subject: =?UTF-8?Q?a__b?=\r\n");
	text_is(" a", "Subject: =?UTF-8?Q?_a?=\r\n");
	text_is("a ", "Subject: =?UTF-8?Q?a_?=\r\n");
	text_is(" ", "Subject: =?UTF-8?Q?_?=\r\n");
	text_is("x =?UTF-8?Q?y?= z",
	    "Subject: x =?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fy=3F=3D?= z\r\n");
	text_is("one two three four five six seven eight nine ten eleven "
	    "twelve thirteen fourteen",
	    "Subject: one two three four five six seven eight nine ten eleven "
	    "twelve\r\n thirteen fourteen\r\n");
}

static void
text_edge_lengths(void **state)
{
	static const char *const units[] = { "x", "\xc3\xbc", "\xe6\xbc\xa2",
		"\xf0\x9f\x8e\x99", "x\xc3\xbc", "x ", "xx \xc3\xbc ", "=?" };
	struct buf text;
	size_t u, n, lead;

	(void)state;
	buf_init(&text, 0);
	for (u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		for (n = 0; n <= 160; n++) {
			for (lead = 0; lead < 80; lead += lead < 60 ? 12 : 1) {
				buf_clear(&text);
				repeat(&text, "a", lead);
				if (n % 2 == 1)
					buf_addc(&text, ' ');
				repeat(&text, units[u], n);
				text_reads_back(text.data);
			}
		}
	}
	buf_release(&text);
}

static void
words_of_998_bytes(void **state)
{
	struct buf text;
	size_t n;

	(void)state;
	buf_init(&text, 0);
	for (n = 990; n <= 1002; n++) {
		buf_clear(&text);
		repeat(&text, "w", n);
		text_reads_back(text.data);
		buf_adds(&text, " and ");
		repeat(&text, "\xc3\xa4", n / 2);
		text_reads_back(text.data);
	}
	buf_release(&text);
}

/* A family of four is seven code points and one sign: 25 bytes that stay
 * together, as do a letter and its accent. */
static void
clusters_stay_together(void **state)
{
	static const char family[] = "\xf0\x9f\x91\xa8\xe2\x80\x8d"
	    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7\xe2\x80\x8d"
	    "\xf0\x9f\x91\xa6";
	struct buf text, out, word;
	size_t lead, len;
	const char *p;

	(void)state;
	buf_init(&text, 0);
	buf_init(&out, 0);
	buf_init(&word, 0);
	for (lead = 0; lead < 60; lead++) {
		buf_clear(&text);
		repeat(&text, "a", lead);
		repeat(&text, family, 5);
		text_reads_back(text.data);
		write_text(&out, "Subject", text.data);
		for (p = out.data; (p = strstr(p, "=?")) != NULL; p += len) {
			buf_clear(&word);
			len = decode_word(p, &word);
			len += len == 0;
			assert_int_equal((word.len -
			    strspn(word.data, "a")) % (sizeof(family) - 1), 0);
		}
	}
	buf_release(&text);
	buf_release(&out);
	buf_release(&word);
}

static void
text_random_reads_back(void **state)
{
	uint64_t seed = decode_seed("subjects");
	struct buf text;
	int i;

	(void)state;
	buf_init(&text, 0);
	for (i = 0; i < 5000; i++) {
		buf_clear(&text);
		decode_add_random(&text, &seed, i % 10 == 0 ? 400 : 60, false);
		text_reads_back(text.data);
	}
	buf_release(&text);
}

/* ---- phrases and mailboxes ---- */

static void
write_mailbox(struct buf *out, const char *name, const char *phrase,
    const char *addr)
{
	struct mime_field f;

	buf_clear(out);
	mime_field_begin(&f, out, name);
	mime_field_mailbox(&f, phrase, addr);
	mime_field_end(&f);
}

static void
mailbox_is(const char *phrase, const char *want)
{
	struct buf out;

	buf_init(&out, 0);
	write_mailbox(&out, "To", phrase, "jo@example.org");
	assert_string_equal(out.data, want);
	buf_release(&out);
}

static void
mailbox_known_forms(void **state)
{
	(void)state;
	mailbox_is("", "To: jo@example.org\r\n");
	mailbox_is("Jo Doe", "To: Jo Doe <jo@example.org>\r\n");
	mailbox_is("Doe, Jo", "To: \"Doe, Jo\" <jo@example.org>\r\n");
	mailbox_is("Dr. Jo", "To: \"Dr. Jo\" <jo@example.org>\r\n");
	mailbox_is("Jo \"J\" \\o", "To: \"Jo \\\"J\\\" \\\\o\" "
	    "<jo@example.org>\r\n");
	mailbox_is("J\xc3\xb6, D", "To: =?UTF-8?Q?J=C3=B6=2C_D?= "
	    "<jo@example.org>\r\n");
	mailbox_is("=?x?q?y?=", "To: =?UTF-8?B?PT94P3E/eT89?= "
	    "<jo@example.org>\r\n");
	mailbox_is("evil@example.net", "To: \"evil@example.net\" "
	    "<jo@example.org>\r\n");
}

static void
mailbox_reads_back(const char *phrase, const char *addr)
{
	struct buf out, unfolded, back;
	size_t len, limit = strlen(addr) + 3;

	buf_init(&out, 0);
	buf_init(&unfolded, 0);
	buf_init(&back, 0);
	write_mailbox(&out, "To", phrase, addr);
	/* Only an address may be longer than a line. */
	decode_unfold(out.data + 4, 4,
	    limit > MIME_FOLD ? limit : MIME_FOLD, &unfolded);
	len = strlen(addr);
	assert_true(unfolded.len > len + 2);
	assert_int_equal(unfolded.data[unfolded.len - 1], '>');
	assert_memory_equal(unfolded.data + unfolded.len - 1 - len, addr, len);
	assert_memory_equal(unfolded.data + unfolded.len - 3 - len, " <", 2);
	buf_truncate(&unfolded, unfolded.len - 3 - len);
	decode_phrase(unfolded.data, &back);
	assert_string_equal(back.data, phrase);
	buf_release(&out);
	buf_release(&unfolded);
	buf_release(&back);
}

static void
phrase_edge_lengths(void **state)
{
	static const char *const units[] = { "x", "\xc3\xbc", ",", "\"", "x.",
		"xyz ", "\xf0\x9f\x8e\x99" };
	struct buf text, addr;
	size_t u, n;

	(void)state;
	buf_init(&text, 0);
	buf_init(&addr, 0);
	repeat(&addr, "l", 64);
	buf_addc(&addr, '@');
	repeat(&addr, "d.", 93);
	buf_adds(&addr, "org");
	for (u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		for (n = 1; n <= 200; n++) {
			buf_clear(&text);
			repeat(&text, units[u], n);
			mailbox_reads_back(text.data, "jo@example.org");
			mailbox_reads_back(text.data, addr.data);
		}
	}
	buf_release(&text);
	buf_release(&addr);
}

static void
phrase_random_reads_back(void **state)
{
	uint64_t seed = decode_seed("names");
	struct buf text;
	int i;

	(void)state;
	buf_init(&text, 0);
	for (i = 0; i < 5000; i++) {
		buf_clear(&text);
		decode_add_random(&text, &seed, i % 10 == 0 ? 300 : 30, false);
		if (text.len > 0)
			mailbox_reads_back(text.data, "jo@example.org");
	}
	buf_release(&text);
}

static void
tokens_stay_whole(void **state)
{
	struct mime_field f;
	struct buf out, token;

	(void)state;
	buf_init(&out, 0);
	buf_init(&token, 0);
	repeat(&token, "t", 200);
	mime_field_begin(&f, &out, "List-X");
	mime_field_token(&f, token.data, token.len);
	mime_field_token(&f, "<b>", 3);
	mime_field_token(&f, "<c>", 3);
	mime_field_end(&f);
	assert_memory_equal(out.data, "List-X: t", 9);
	assert_string_equal(out.data + 8 + 200, "\r\n <b> <c>\r\n");
	buf_release(&out);
	buf_release(&token);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_names_character_and_line),
		cmocka_unit_test(qp_known_lines),
		cmocka_unit_test(qp_lines_break_at_75),
		cmocka_unit_test(qp_keeps_characters_whole),
		cmocka_unit_test(qp_random_reads_back),
		cmocka_unit_test(text_known_fields),
		cmocka_unit_test(text_edge_lengths),
		cmocka_unit_test(words_of_998_bytes),
		cmocka_unit_test(clusters_stay_together),
		cmocka_unit_test(text_random_reads_back),
		cmocka_unit_test(mailbox_known_forms),
		cmocka_unit_test(phrase_edge_lengths),
		cmocka_unit_test(phrase_random_reads_back),
		cmocka_unit_test(tokens_stay_whole)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
