#include "text/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

void
utf8_put(struct buf *out, int32_t cp)
{
	utf8proc_uint8_t bytes[4];

	buf_add(out, (const char *)bytes,
	    (size_t)utf8proc_encode_char(cp, bytes));
}

size_t
utf8_next(const char *s, size_t len, int32_t *cp)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s,
	    len > 8 ? 8 : (utf8proc_ssize_t)len, &c);

	if (n < 1) {
		*cp = 0xfffd;
		return 1;
	}
	*cp = c;
	return (size_t)n;
}

size_t
utf8_invalid_at(const char *s, size_t len)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n;
	size_t i = 0;

	while (i < len) {
		if ((unsigned char)s[i] < 0x80) {
			i++;
			continue;
		}
		n = utf8proc_iterate((const utf8proc_uint8_t *)s + i,
		    len - i > 8 ? 8 : (utf8proc_ssize_t)(len - i), &c);
		if (n < 1)
			return i;
		i += (size_t)n;
	}
	return len;
}

bool
utf8_is_visible(int32_t cp)
{
	switch (utf8proc_category(cp)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return false;
	case UTF8PROC_CATEGORY_CF:
		return cp == 0x200c || cp == 0x200d;
	default:
		return true;
	}
}

const char *
utf8_nfc(struct arena *a, const char *s)
{
	utf8proc_uint8_t *made = utf8proc_NFC((const utf8proc_uint8_t *)s);
	const char *out = arena_strdup(a, made != NULL ? (char *)made : s);

	free(made);
	return out;
}

/* The end of the grapheme cluster at s, and its columns: a cluster is as wide
 * as its widest part, and two with an emoji selector. */
static size_t
cluster(const char *s, size_t len, size_t *columns)
{
	utf8proc_int32_t state = 0;
	int32_t c, before;
	size_t n = utf8_next(s, len, &before), width, step;

	width = (size_t)utf8proc_charwidth(before);
	while (n < len) {
		step = utf8_next(s + n, len - n, &c);
		if (utf8proc_grapheme_break_stateful(before, c, &state))
			break;
		if (c == 0xfe0f)
			width = 2;
		else if ((size_t)utf8proc_charwidth(c) > width)
			width = (size_t)utf8proc_charwidth(c);
		before = c;
		n += step;
	}
	*columns = width;
	return n;
}

size_t
utf8_width(const char *s, size_t len)
{
	size_t width = 0, i = 0, columns;

	while (i < len) {
		if ((unsigned char)s[i] >= 0x20 && (unsigned char)s[i] < 0x7f &&
		    (i + 1 == len || (unsigned char)s[i + 1] < 0x80)) {
			width++;
			i++;
			continue;
		}
		i += cluster(s + i, len - i, &columns);
		width += columns;
	}
	return width;
}

size_t
utf8_prefix(const char *s, size_t len, size_t max)
{
	size_t i = 0, columns, n;

	if (len <= max)
		return len;
	while (i < max) {
		n = cluster(s + i, len - i, &columns);
		if (i + n > max)
			break;
		i += n;
	}
	/* One cluster alone is longer: then between its characters. */
	if (i == 0)
		for (i = max; i > 0 && ((unsigned char)s[i] & 0xc0) == 0x80;
		    i--)
			;
	return i;
}

size_t
utf8_count(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

size_t
utf8_control_at(const char *s, size_t len, bool allow_tab_lf)
{
	size_t i, n;
	int32_t c;

	for (i = 0; i < len; i += n) {
		/* Nearly all of it. */
		n = 1;
		if (s[i] >= ' ' && s[i] < 0x7f)
			continue;
		n = utf8_next(s + i, len - i, &c);
		if (allow_tab_lf && (c == '\t' || c == '\n'))
			continue;
		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffe ||
		    c == 0xffff)
			break;
	}
	return i;
}

bool
utf8_has_control(const char *s, size_t len, bool allow_tab_lf)
{
	return utf8_control_at(s, len, allow_tab_lf) != len;
}

static char
lowered(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Latin letters that no decomposition takes apart. */
static void
spell(const char *s, struct buf *out)
{
	static const struct { const char *letter, *ascii; } letters[] = {
		{ "ß", "ss" }, { "ẞ", "ss" }, { "æ", "ae" }, { "Æ", "ae" },
		{ "ø", "o" }, { "Ø", "o" }, { "œ", "oe" }, { "Œ", "oe" },
		{ "đ", "d" }, { "Đ", "d" }, { "ð", "d" }, { "Ð", "d" },
		{ "ł", "l" }, { "Ł", "l" }, { "þ", "th" }, { "Þ", "th" },
		{ "ı", "i" }, { "ħ", "h" }, { "Ħ", "h" }, { "ŋ", "ng" },
		{ "Ŋ", "ng" }, { "ŧ", "t" }, { "Ŧ", "t" }, { "ə", "e" },
		{ "Ə", "e" }, { "ĸ", "k" }
	};
	size_t i, len;

	while (*s != '\0') {
		for (i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
			len = strlen(letters[i].letter);
			if (strncmp(s, letters[i].letter, len) == 0)
				break;
		}
		if (i < sizeof(letters) / sizeof(letters[0])) {
			buf_adds(out, letters[i].ascii);
			s += len;
		} else {
			buf_addc(out, *s++);
		}
	}
}

/* Keeps a-z and 0-9; runs of anything else become one dash. */
static size_t
squeeze(const char *s, char *out, size_t size)
{
	size_t n = 0, cut = 0;
	bool gap = false;

	for (; *s != '\0'; s++) {
		char c = lowered(*s);

		if (c == '\'' || (unsigned char)c >= 0x80)
			continue;
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
			gap = n > 0;
			continue;
		}
		if (gap)
			cut = n;
		if (n + (gap ? 2 : 1) >= size) {
			n = cut > 0 ? cut : n;
			break;
		}
		if (gap)
			out[n++] = '-';
		gap = false;
		out[n++] = c;
	}
	out[n] = '\0';
	return n;
}

const char *
utf8_lower(struct arena *a, const char *s)
{
	const char *out;
	struct buf b;
	int32_t cp;

	buf_init(&b, 0);
	while (*s != '\0') {
		s += utf8_next(s, strlen(s), &cp);
		utf8_put(&b, utf8proc_tolower(cp));
	}
	out = arena_strdup(a, b.data);
	buf_release(&b);
	return out;
}

size_t
utf8_slug(const char *s, char *out, size_t size)
{
	utf8proc_uint8_t *plain = NULL;
	struct buf b;
	size_t n;

	buf_init(&b, 0);
	spell(s, &b);
	if (utf8proc_map((const utf8proc_uint8_t *)b.data, 0, &plain,
	    UTF8PROC_NULLTERM | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
	    UTF8PROC_STRIPMARK | UTF8PROC_STABLE) < 0) {
		n = squeeze(b.data, out, size);
	} else {
		n = squeeze((const char *)plain, out, size);
		free(plain);
	}
	buf_release(&b);
	return n;
}

static bool
is_kept(int32_t cp)
{
	utf8proc_category_t c = utf8proc_category(cp);

	if (cp < 0x80 && strchr("./\\_#+~-@", cp) != NULL)
		return cp != 0;
	return (c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO) ||
	    (c >= UTF8PROC_CATEGORY_MN && c <= UTF8PROC_CATEGORY_ND);
}

static bool
is_blank(int32_t cp)
{
	utf8proc_category_t c = utf8proc_category(cp);

	return (cp >= '\t' && cp <= '\r') || cp == 0x85 ||
	    (c >= UTF8PROC_CATEGORY_ZS && c <= UTF8PROC_CATEGORY_ZP);
}

const char *
utf8_hugo(struct arena *a, const char *s, bool lower)
{
	size_t len = strlen(s), step;
	bool gap = false, dash = true;
	const char *out;
	struct buf b;
	int32_t cp;

	buf_init(&b, 0);
	for (; len > 0; s += step, len -= step) {
		step = utf8_next(s, len, &cp);
		if (!is_kept(cp)) {
			gap = gap || (!dash && is_blank(cp));
			continue;
		}
		dash = cp == '-';
		if (gap && !dash)
			buf_addc(&b, '-');
		gap = false;
		utf8_put(&b, lower ? utf8proc_tolower(cp) : cp);
	}
	out = arena_strdup(a, b.data);
	buf_release(&b);
	return out;
}
