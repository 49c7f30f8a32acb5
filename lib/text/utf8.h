/*
 * UTF-8: checks, display width and cutting (libutf8proc).
 */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"

/* Adds a code point, which is none of the surrogates. */
void utf8_put(struct buf *out, int32_t cp);

/* Offset of the first byte that is no valid UTF-8 (RFC 3629), or len. */
size_t utf8_invalid_at(const char *s, size_t len);

/* Decodes one code point (s is valid UTF-8, len > 0); returns its bytes. An
 * invalid byte gives U+FFFD and 1. */
size_t utf8_next(const char *s, size_t len, int32_t *cp);

/* Whether it is a character that can be seen: no blank, control or format
 * character (but the joiners that some scripts are spelled with), nor one that
 * is not assigned. */
bool utf8_is_visible(int32_t cp);

/* A valid text in NFC (Unicode Annex 15), in the arena. */
const char *utf8_nfc(struct arena *a, const char *s);

/* A valid text in small letters, one for one, in the arena: "ß" stays. */
const char *utf8_lower(struct arena *a, const char *s);

/* Terminal columns: East Asian wide and emoji are 2, combining marks 0;
 * control characters 0. */
size_t utf8_width(const char *s, size_t len);

/* The longest prefix of at most max bytes that ends between characters (not
 * inside a grapheme cluster where one begins before max). */
size_t utf8_prefix(const char *s, size_t len, size_t max);

/* Code points of a valid text. */
size_t utf8_count(const char *s);

/* Offset of the first control character (C0 but TAB and LF where allowed, DEL,
 * C1) or anything else that XML 1.0 §2.2 forbids, or len. */
size_t utf8_control_at(const char *s, size_t len, bool allow_tab_lf);
/* Whether there is one. */
bool utf8_has_control(const char *s, size_t len, bool allow_tab_lf);

/* Lower-case, dash-separated ASCII for URLs and file names: "Ça va? Nº 7" →
 * "ca-va-no-7". NFKD, marks dropped, ß and ø and their like
 * spelled out; other scripts are left out. At most
 * size - 1 bytes into out, cut at a word where possible; returns the length,
 * 0 when nothing is left. */
size_t utf8_slug(const char *s, char *out, size_t size);

/* A text as Hugo makes a part of a page's address of it: letters, digits,
 * marks and . / \ _ # + ~ - @ stay, blanks become one dash where none is, the
 * rest goes; in small letters where lower. s is valid UTF-8; in the arena. */
const char *utf8_hugo(struct arena *a, const char *s, bool lower);

#endif
