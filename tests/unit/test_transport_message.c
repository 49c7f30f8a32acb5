/*
 * What a message is checked for before it leaves, and how it looks behind DATA,
 * against a plain reading of the whole of it, octet by octet; in pieces of any
 * length.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "mail/transport_int.h"

#define PARTS 40

static uint64_t rng;

static size_t below(size_t n)
{
	rng = rng * 6364136223846793005u + 1442695040888963407u;
	return (size_t)((rng >> 33) % n);
}

static void sow(void)
{
	const char *given = getenv("SEED");

	rng = given != NULL ? strtoull(given, NULL, 10) : (uint64_t)time(NULL);
	print_message("seed %llu\n", (unsigned long long)rng);
}

static bool reads_plainly(const char *s, size_t len, bool utf8)
{
	size_t i, column = 0;

	for (i = 0; i < len; i++) {
		if ((s[i] & 0x80) != 0 && !utf8)
			return false;
		if (s[i] == '\r' && i + 1 < len && s[i + 1] != '\n')
			return false;
		if (s[i] == '\n' && (i == 0 || s[i - 1] != '\r'))
			return false;
		column = s[i] == '\n' ? 0 : column + 1;
		if (column == TRANSPORT_LINE_MAX + 2)
			return false;
	}
	return len > 0 && s[len - 1] == '\n';
}

static void stuff_plainly(const char *s, size_t len, struct buf *out)
{
	size_t i;

	for (i = 0; i + 2 < len; i++) {
		if (s[i] == '.' && (i == 0 || s[i - 1] == '\n'))
			buf_addc(out, '.');
		buf_addc(out, s[i]);
	}
}

/* Mostly lines as they should be. */
static void random_message(struct buf *b)
{
	static const char *const odd[] = {
		"\r", "\n", "\n\r", "\xc3\xa9", "\r\r\n", "\xff", "", "\r.\n"
	};
	size_t lines = below(12), sane = below(3), n;

	while (lines-- > 0) {
		if (below(3) == 0)
			buf_addc(b, '.');
		n = below(10) != 0 ? below(70) : below(5) != 0 ?
		    below(900) : 990 + below(14);
		while (n-- > 0)
			buf_addc(b, below(20) == 0 ? '.' : (char)('a' +
			    below(26)));
		if (sane == 0 && below(10) == 0)
			buf_adds(b, odd[below(sizeof odd / sizeof odd[0])]);
		if (lines > 0 || below(20) != 0)
			buf_adds(b, "\r\n");
	}
}

/* Each piece has memory of its own, so that valgrind and ASan see who looks
 * behind it. */
static size_t cut(const struct buf *b, struct iovec part[PARTS])
{
	size_t at = 0, n = 0, len;

	while (at < b->len) {
		len = below(3) != 0 ? below(40) : below(800);
		if (len > b->len - at || n == PARTS - 1)
			len = b->len - at;
		part[n].iov_base = malloc(len + (len == 0));
		assert_non_null(part[n].iov_base);
		memcpy(part[n].iov_base, b->data + at, len);
		part[n++].iov_len = len;
		at += len;
	}
	return n;
}

static void expect_spans(const struct transport_message *m, bool dots,
    const struct buf *whole)
{
	struct transport_spans spans;
	struct buf want, got;
	struct iovec span;

	buf_init(&want, 0);
	buf_init(&got, 0);
	stuff_plainly(whole->data, whole->len, &want);
	transport_spans_begin(&spans, m, dots);
	while (transport_spans_next(&spans, &span)) {
		assert_true(span.iov_len > 0);
		buf_add(&got, span.iov_base, span.iov_len);
	}
	assert_int_equal(got.len, want.len);
	assert_memory_equal(got.data, want.data, want.len);
	assert_int_equal(dots, want.len + 2 != whole->len);
	buf_release(&want);
	buf_release(&got);
}

static void test_random_messages(void **state)
{
	char why[TRANSPORT_TEXT_MAX];
	size_t i, j, good = 0, bad = 0;
	struct iovec part[PARTS];
	struct buf b;
	bool dots;

	(void)state;
	sow();
	buf_init(&b, 0);
	for (i = 0; i < 20000; i++) {
		bool utf8 = below(4) == 0;
		struct transport_message m = {
			.from = "show@example.org", .part = part,
			.to = utf8 ? "fr\xc3\xa9" "d@example.net" :
			    "fred@example.net"
		};

		buf_clear(&b);
		random_message(&b);
		m.nparts = cut(&b, part);
		why[0] = '\0';
		if (!reads_plainly(b.data, b.len, utf8)) {
			assert_int_equal(transport_message_check(&m, &dots,
			    why, sizeof why), -1);
			assert_int_equal(strncmp(why, "the message has ",
			    16), 0);
			bad++;
		} else {
			assert_int_equal(transport_message_check(&m, &dots,
			    why, sizeof why), 0);
			expect_spans(&m, dots, &b);
			good++;
		}
		for (j = 0; j < m.nparts; j++)
			free(part[j].iov_base);
	}
	print_message("%zu good, %zu bad\n", good, bad);
	assert_true(good > 1000 && bad > 1000);
	buf_release(&b);
}

static void test_each_reason(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{ "", "nothing in it" },
		{ "a: b\r\n\r\nc", "no CRLF at its end" },
		{ "a: b\r\n\r\nc\r", "no CRLF at its end" },
		{ "a: b\r\n\nc\r\n", "a CR or LF without the other" },
		{ "\n", "a CR or LF without the other" },
		{ "\r\r\n", "a CR or LF without the other" },
		{ "a: b\rc\r\n", "a CR or LF without the other" },
		{ "a: \xc3\xa9\r\n", "octets above 127" },
		{ "\xff", "octets above 127" },
		{ "0123456789abcdef\xff", "octets above 127" },
		{ "0123456789abcde\xff\r\n", "octets above 127" },
	};
	char why[TRANSPORT_TEXT_MAX], want[200];
	struct iovec part;
	size_t i;
	bool dots;

	(void)state;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct transport_message m = {
			.from = "", .to = "a@example.net", .part = &part,
			.nparts = 1
		};

		part.iov_base = (void *)(uintptr_t)rows[i].text;
		part.iov_len = strlen(rows[i].text);
		assert_int_equal(transport_message_check(&m, &dots, why,
		    sizeof why), -1);
		snprintf(want, sizeof want, "the message has %s", rows[i].why);
		assert_string_equal(why, want);
	}
}

/* 998 octets and CRLF, and one more, at every cut. */
static void test_long_lines_at_every_cut(void **state)
{
	char text[3010], why[TRANSPORT_TEXT_MAX];
	struct iovec part[2];
	struct transport_message m = {
		.from = "", .to = "a@example.net", .part = part, .nparts = 2
	};
	size_t len, at, more;
	bool dots;

	(void)state;
	for (more = 0; more < 2; more++) {
		memset(text, 'x', sizeof text);
		len = TRANSPORT_LINE_MAX;
		memcpy(text + len, "\r\n", 2);
		len += 2 + TRANSPORT_LINE_MAX + more;
		memcpy(text + len, "\r\n", 2);
		len += 2 + 500;
		memcpy(text + len, "\r\n", 2);
		len += 2;
		for (at = 0; at <= len; at++) {
			part[0] = (struct iovec){ text, at };
			part[1] = (struct iovec){ text + at, len - at };
			assert_int_equal(transport_message_check(&m, &dots,
			    why, sizeof why), more == 0 ? 0 : -1);
			assert_false(dots);
		}
	}
	assert_string_equal(why,
	    "the message has a line of more than 998 octets");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_reason),
		cmocka_unit_test(test_random_messages),
		cmocka_unit_test(test_long_lines_at_every_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
