#include "mail/mime_part.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "text/utf8.h"

#define LINE_MAX 78
#define ROOM 40			/* for the text of a piece of RFC 2231 */

void
mime_base64(struct buf *out, const void *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *s = data;
	size_t i, n;

	for (i = 0; i < len; i += 3) {
		uint32_t v = (uint32_t)s[i] << 16;
		char four[4];

		n = len - i < 3 ? len - i : 3;
		if (n > 1)
			v |= (uint32_t)s[i + 1] << 8;
		if (n > 2)
			v |= s[i + 2];
		four[0] = digits[v >> 18];
		four[1] = digits[v >> 12 & 63];
		four[2] = n > 1 ? digits[v >> 6 & 63] : '=';
		four[3] = n > 2 ? digits[v & 63] : '=';
		buf_add(out, four, sizeof(four));
	}
}

void
mime_base64_lines(struct buf *out, const void *data, size_t len)
{
	const size_t line = MIME_BASE64_MAX / 4 * 3;
	const char *p = data;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		n = len < line ? len : line;
		mime_base64(out, p, n);
		buf_add(out, "\r\n", 2);
	}
}

/* ---- parameters ---- */

/* What may stand in a quoted-string, and nothing that a reader takes for an
 * encoded-word, which some look for where none may be. */
static bool
is_quotable(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			return false;
	return strstr(s, "=?") == NULL;
}

static void
add_quoted(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, ";\r\n %s=\"", name);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_addc(out, '\\');
		buf_addc(out, *value);
	}
	buf_addc(out, '"');
}

/* attribute-char of RFC 2231 §7, less what some readers trip over. */
static bool
is_attribute_char(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("-._~", c) != NULL);
}

/* Whole characters of value, at most room columns of them (one always). The
 * bytes taken. */
static size_t
add_encoded(struct buf *out, const char *value, size_t room)
{
	size_t len = strlen(value), done = 0, n, i, width;
	int32_t cp;

	while (done < len) {
		n = utf8_next(value + done, len - done, &cp);
		width = n == 1 && is_attribute_char((unsigned char)value[done])
		    ? 1 : 3 * n;
		if (width > room && done > 0)
			break;
		for (i = 0; i < n; i++) {
			unsigned char c = (unsigned char)value[done + i];

			if (width == 1)
				buf_addc(out, (char)c);
			else
				buf_addf(out, "%%%02X", (unsigned)c);
		}
		room = width > room ? 0 : room - width;
		done += n;
	}
	return done;
}

static void
add_extended(struct buf *out, const char *name, const char *value)
{
	size_t start = out->len, taken;
	unsigned i;

	buf_addf(out, ";\r\n %s*=UTF-8''", name);
	taken = add_encoded(out, value, ROOM);
	if (value[taken] == '\0')
		return;
	buf_truncate(out, start);
	for (i = 0; *value != '\0'; i++) {
		buf_addf(out, ";\r\n %s*%u*=%s", name, i,
		    i == 0 ? "UTF-8''" : "");
		value += add_encoded(out, value, ROOM);
	}
}

void
mime_parameter(struct buf *out, const char *name, const char *value)
{
	size_t start = out->len;

	if (is_quotable(value)) {
		add_quoted(out, name, value);
		if (out->len - start - 3 < LINE_MAX)
			return;
		buf_truncate(out, start);
	}
	add_extended(out, name, value);
}
