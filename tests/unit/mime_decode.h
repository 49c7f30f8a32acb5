/*
 * Reads back what lib/mail/mime.c writes, by the RFCs and not by its code, and
 * fails the test where a rule is broken. Input and output are NUL-terminated.
 */
#ifndef MIME_DECODE_H
#define MIME_DECODE_H

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "text/utf8.h"

static inline int
decode_digit(char c)
{
	const char *digits = "0123456789ABCDEF";
	const char *p = c == '\0' ? NULL : strchr(digits, c);

	return p == NULL ? -1 : (int)(p - digits);
}

static inline char
decode_hex(const char *s)
{
	int high = decode_digit(s[0]);
	int low = high < 0 ? -1 : decode_digit(s[1]);

	assert_true(high >= 0 && low >= 0);
	return (char)(high * 16 + low);
}

/* One line of quoted-printable without its CRLF (RFC 2045 §6.7). Returns
 * whether it ends in a soft break. */
static inline bool
decode_qp_line(const char *s, size_t len, struct buf *out)
{
	size_t i;

	assert_true(len <= 76);
	if (len > 0)
		assert_true(s[len - 1] != ' ' && s[len - 1] != '\t');
	if (len > 0)
		assert_true(s[0] != '.');
	assert_false(len >= 5 && memcmp(s, "From ", 5) == 0);
	for (i = 0; i < len; i++) {
		if (s[i] == '=' && i + 1 == len)
			return true;
		if (s[i] == '=') {
			assert_true(i + 2 < len);
			buf_addc(out, decode_hex(s + i + 1));
			i += 2;
			continue;
		}
		assert_true(s[i] == '\t' || (s[i] >= ' ' && s[i] <= '~'));
		buf_addc(out, s[i]);
	}
	return false;
}

/* CRLF comes out as LF. */
static inline void
decode_qp(const char *s, size_t len, struct buf *out)
{
	const char *end = s + len, *cr;

	for (;;) {
		cr = memchr(s, '\r', (size_t)(end - s));
		if (cr == NULL) {
			assert_null(memchr(s, '\n', (size_t)(end - s)));
			assert_false(decode_qp_line(s, (size_t)(end - s), out));
			return;
		}
		assert_true(cr + 1 < end && cr[1] == '\n');
		if (!decode_qp_line(s, (size_t)(cr - s), out))
			buf_addc(out, '\n');
		s = cr + 2;
	}
}

/* Takes folds out of a field's body, and checks its lines: at most limit
 * columns, counting first columns on the first, no blank lines. */
static inline void
decode_unfold(const char *s, size_t first, size_t limit, struct buf *out)
{
	size_t column = first;
	bool blank = first == 0;

	for (; *s != '\0'; s++) {
		if (*s != '\r') {
			assert_true(*s >= ' ' && *s <= '~');
			blank = blank && *s == ' ';
			buf_addc(out, *s);
			column++;
			continue;
		}
		assert_true(column <= limit && !blank);
		assert_true(s[1] == '\n');
		if (s[2] == '\0')
			return;
		assert_true(s[2] == ' ');
		column = 0;
		blank = true;
		s++;
	}
	assert_true(column <= limit && !blank);
}

static inline void
decode_base64(const char *s, size_t len, struct buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned acc = 0, bits = 0;
	size_t i;

	assert_int_equal(len % 4, 0);
	for (i = 0; i < len && s[i] != '='; i++) {
		const char *p = strchr(digits, s[i]);

		assert_non_null(p);
		acc = acc << 6 | (unsigned)(p - digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			buf_addc(out, (char)(acc >> bits & 255));
		}
	}
	assert_true(len - i <= 2);
}

/* The encoded-word at s (RFC 2047 §2); returns its length, 0 when s is none. */
static inline size_t
decode_word(const char *s, struct buf *out)
{
	const char *end, *text = s + 10;
	size_t start = out->len;

	if (strncmp(s, "=?UTF-8?", 8) != 0)
		return 0;
	assert_true((s[8] == 'Q' || s[8] == 'B') && s[9] == '?');
	end = strstr(text, "?=");
	assert_non_null(end);
	assert_true(end + 2 - s <= 75);
	if (s[8] == 'B')
		decode_base64(text, (size_t)(end - text), out);
	for (; s[8] == 'Q' && text < end; text++) {
		assert_true(isalnum((unsigned char)*text) ||
		    strchr("!*+-/=_", *text) != NULL);
		if (*text == '=') {
			buf_addc(out, decode_hex(text + 1));
			text += 2;
		} else {
			buf_addc(out, *text == '_' ? ' ' : *text);
		}
	}
	assert_true(out->len > start);
	/* Whole characters only (RFC 2047 §5). */
	assert_int_equal(utf8_invalid_at(out->data + start, out->len - start),
	    out->len - start);
	return (size_t)(end + 2 - s);
}

/* Unfolded text with encoded-words, as a reader shows it. */
static inline void
decode_text(const char *s, struct buf *out)
{
	bool after_word = false;
	size_t blanks, len;

	while (*s != '\0') {
		blanks = strspn(s, " ");
		len = decode_word(s + blanks, out);
		if (len != 0 && !after_word) {
			/* The blanks in front were text: once more, in order. */
			struct buf word;

			buf_init(&word, 0);
			decode_word(s + blanks, &word);
			buf_truncate(out, out->len - word.len);
			buf_add(out, s, blanks);
			buf_add(out, word.data, word.len);
			buf_release(&word);
		}
		if (len == 0) {
			buf_add(out, s, blanks);
			len = strcspn(s + blanks, " ");
			buf_add(out, s + blanks, len);
			/* Else a reader would take it for one. */
			assert_null(memmem(s + blanks, len, "=?", 2));
			after_word = false;
		} else {
			after_word = true;
			assert_true(s[blanks + len] == ' ' ||
			    s[blanks + len] == '\0');
		}
		s += blanks + len;
	}
}

/* A phrase (RFC 5322 §3.2.5): a quoted-string, or atoms and encoded-words. */
static inline void
decode_phrase(const char *s, struct buf *out)
{
	const char *p;

	if (*s != '"') {
		for (p = s; *p != '\0'; p++)
			assert_true(isalnum((unsigned char)*p) ||
			    strchr(" !#$%&'*+-/=?^_`{|}~", *p) != NULL);
		decode_text(s, out);
		return;
	}
	assert_null(strstr(s, "=?"));
	for (p = s + 1; *p != '"'; p++) {
		if (*p == '\\')
			p++;
		assert_true(*p != '\0');
		buf_addc(out, *p);
	}
	assert_true(p[1] == '\0');
}

/* ---- random text ---- */

static inline uint32_t
decode_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
	    UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

/* The seed of this run: SEED, or one from the clock; printed. */
static inline uint64_t
decode_seed(const char *name)
{
	const char *given = getenv("SEED");
	uint64_t seed = given != NULL ? strtoull(given, NULL, 10) :
	    (uint64_t)time(NULL) * 1000u + (uint64_t)getpid();

	print_message("%s: SEED=%llu\n", name, (unsigned long long)seed);
	return seed;
}

static inline void
decode_add_utf8(struct buf *b, uint32_t cp)
{
	if (cp < 0x80) {
		buf_addc(b, (char)cp);
		return;
	}
	if (cp < 0x800) {
		buf_addc(b, (char)(0xc0 | cp >> 6));
	} else {
		if (cp < 0x10000) {
			buf_addc(b, (char)(0xe0 | cp >> 12));
		} else {
			buf_addc(b, (char)(0xf0 | cp >> 18));
			buf_addc(b, (char)(0x80 | (cp >> 12 & 63)));
		}
		buf_addc(b, (char)(0x80 | (cp >> 6 & 63)));
	}
	buf_addc(b, (char)(0x80 | (cp & 63)));
}

/* Up to max characters: ASCII with many blanks and specials, and all planes.
 * Lines where body is set. */
static inline void
decode_add_random(struct buf *b, uint64_t *seed, size_t max, bool body)
{
	size_t n = decode_random(seed) % (max + 1);
	uint32_t wide = decode_random(seed) % 4, cp;

	while (n-- > 0) {
		uint32_t kind = decode_random(seed) % 16;

		if (body && kind == 0)
			cp = decode_random(seed) % 8 == 0 ? '\t' : '\n';
		else if (kind <= 3)
			cp = ' ';
		else if (kind == 4)
			cp = (uint32_t)"\"\\,.=?_@<>();:[]F-"[
			    decode_random(seed) % 18];
		else if (kind < 16 - 4 * wide)
			cp = 0x21 + decode_random(seed) % 94;
		else if (kind % 2 == 0)
			cp = 0xa0 + decode_random(seed) % 0x3000;
		else
			cp = 0xa0 + decode_random(seed) % (0x110000 - 0xa0);
		if (cp >= 0xd800 && cp < 0xe000)
			cp = 0x1f600;
		decode_add_utf8(b, cp);
	}
}

#endif
