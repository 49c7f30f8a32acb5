#include "mail/mime.h"

#include <stdint.h>
#include <string.h>

#include "mail/mime_part.h"
#include "text/utf8.h"

#define WORD_HEAD "=?UTF-8?"
#define WORD_FRAME 12		/* "=?UTF-8?Q?" and "?=" */
#define WORD_PAYLOAD (MIME_WORD_MAX - WORD_FRAME)
/* Less room than this at the end of a line is not worth an encoded-word that
 * does not hold all of its text. */
#define WORD_WORTH 20

static const char hex_digits[] = "0123456789ABCDEF";

/* ---- what may stand in a message ---- */

static bool
is_control(int32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0);
}

static int
set_forbidden(const char *what, const char *name, unsigned line,
    struct err *err)
{
	if (line == 0)
		return err_set(err, ERR_INPUT,
		    "%s has %s, which no mail header can carry", what, name);
	return err_set(err, ERR_INPUT,
	    "%s has %s on line %u, which no mail can carry", what, name, line);
}

static const char *
control_name(int32_t cp)
{
	switch (cp) {
	case 0x00:
		return "a NUL";
	case 0x09:
		return "a tab";
	case 0x0a:
		return "a line break";
	case 0x0d:
		return "a carriage return";
	case 0x1b:
		return "an escape character";
	default:
		return "a control character";
	}
}

int
mime_check(const char *text, size_t len, bool body, const char *what,
    struct err *err)
{
	size_t i = 0, n, end = utf8_invalid_at(text, len);
	unsigned line = body ? 1 : 0;
	struct buf name;
	int32_t cp = 0;

	while (i < end) {
		unsigned char c = (unsigned char)text[i];

		if (c >= 0x20 && c < 0x7f) {
			i++;
		} else if (body && (c == '\n' || c == '\t')) {
			line += c == '\n';
			i++;
		} else {
			n = utf8_next(text + i, end - i, &cp);
			if (is_control(cp))
				break;
			i += n;
		}
	}
	if (i >= len)
		return 0;
	buf_init(&name, 0);
	if (i < end)
		buf_addf(&name, "%s (U+%04X)", control_name(cp), (unsigned)cp);
	else
		buf_addf(&name, "a byte that is not UTF-8 (0x%02X)",
		    (unsigned)(unsigned char)text[i]);
	set_forbidden(what, name.data, line, err);
	buf_release(&name);
	return -1;
}

/* ---- fields ---- */

void
mime_field_begin(struct mime_field *f, struct buf *out, const char *name)
{
	mime_field_resume(f, out, name);
	buf_adds(out, name);
	buf_addc(out, ':');
}

void
mime_field_resume(struct mime_field *f, struct buf *out, const char *name)
{
	f->out = out;
	f->column = strlen(name) + 1;
	f->fresh = true;
}

void
mime_field_end(struct mime_field *f)
{
	buf_add(f->out, "\r\n", 2);
}

static void
fold(struct mime_field *f)
{
	buf_add(f->out, "\r\n", 2);
	f->column = 0;
}

void
mime_field_token(struct mime_field *f, const char *token, size_t len)
{
	if (!f->fresh && f->column + 1 + len > MIME_FOLD)
		fold(f);
	buf_addc(f->out, ' ');
	buf_add(f->out, token, len);
	f->column += 1 + len;
	f->fresh = false;
}

/* ---- encoded-words ---- */

/* What Q leaves as it is: the set of RFC 2047 §5 (3), which is safe in
 * phrases and text alike. */
static bool
is_q_safe(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '!' || c == '*' || c == '+' ||
	    c == '-' || c == '/';
}

static size_t
q_width(const char *s, size_t len)
{
	size_t i, width = 0;

	for (i = 0; i < len; i++)
		width += is_q_safe((unsigned char)s[i]) || s[i] == ' ' ? 1 : 3;
	return width;
}

static size_t
b_width(size_t len)
{
	return (len + 2) / 3 * 4;
}

/* Q as long as at least half of the characters stay readable in it. */
static bool
wants_base64(const char *s, size_t len)
{
	size_t i, characters = 0, readable = 0;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		characters += (c & 0xc0) != 0x80;
		readable += is_q_safe(c) || c == ' ';
	}
	return 2 * readable < characters;
}

static void
add_q(struct buf *out, const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if (is_q_safe(c)) {
			buf_addc(out, (char)c);
		} else if (c == ' ') {
			buf_addc(out, '_');
		} else {
			buf_addc(out, '=');
			buf_addc(out, hex_digits[c >> 4]);
			buf_addc(out, hex_digits[c & 15]);
		}
	}
}

/* How many bytes of s, in whole characters, take at most room columns. */
static size_t
word_fit(const char *s, size_t len, size_t room, bool base64)
{
	size_t n = 0, width = 0, step;
	int32_t cp;

	while (n < len) {
		step = utf8_next(s + n, len - n, &cp);
		width = base64 ? b_width(n + step)
		    : width + q_width(s + n, step);
		if (width > room)
			break;
		n += step;
	}
	return n;
}

/* The longest part of the first n bytes (whole characters, n < len, at most
 * WORD_PAYLOAD) that ends where a reader's character does; 0 when the first
 * is longer. utf8_prefix cuts that one: a line break put in front, which never
 * joins with anything, tells the cases apart. */
static size_t
cluster_prefix(const char *s, size_t len, size_t n)
{
	char text[1 + WORD_PAYLOAD + 4];
	int32_t cp;
	size_t next = utf8_next(s + n, len - n, &cp);

	text[0] = '\n';
	memcpy(text + 1, s, n + next);
	return utf8_prefix(text, 1 + n + next, 1 + n) - 1;
}

/* Of n bytes in base64, behind which more follows: as many as need no padding,
 * if that is not much less. Some readers put words together before they decode
 * them, against RFC 2047 §6.2, and stop at a padding (GMime 3.2.7 to 3.2.13, so
 * notmuch and its like). */
static size_t
unpadded_prefix(const char *s, size_t len, size_t n)
{
	size_t m = n;

	while (m % 3 != 0) {
		do
			m--;
		while (m > 0 && ((unsigned char)s[m] & 0xc0) == 0x80);
		m = m == 0 ? 0 : cluster_prefix(s, len, m);
	}
	return m >= n / 3 && m > 0 ? m : n;
}

/* The bytes for the next encoded-word of a line that has room columns left
 * for its payload. 0: the word belongs on the next line. What people see as
 * one character (an emoji of several code points) is kept together, if it
 * fits a line at all. */
static size_t
word_next(const struct mime_field *f, const char *s, size_t len, bool base64)
{
	bool can_fold = !f->fresh && f->column > 0;
	size_t used = f->column + 1 + WORD_FRAME;
	size_t room, n, whole;

	room = used < MIME_FOLD ? MIME_FOLD - used : 0;
	if (room > WORD_PAYLOAD)
		room = WORD_PAYLOAD;
	n = word_fit(s, len, room, base64);
	if (n == len)
		return n;
	if (can_fold && room < WORD_WORTH)
		return 0;
	whole = cluster_prefix(s, len, n);
	if (base64 && whole != 0)
		whole = unpadded_prefix(s, len, whole);
	if (whole == 0 && can_fold)
		return 0;
	return whole != 0 ? whole : n;
}

static void
add_words(struct mime_field *f, const char *s, size_t len)
{
	bool base64 = wants_base64(s, len);
	size_t n, start;

	while (len > 0) {
		n = word_next(f, s, len, base64);
		if (n == 0) {
			fold(f);
			continue;
		}
		/* Base64 holds clusters that Q would have to cut. */
		if (!base64 && n < len && cluster_prefix(s, len, n) == 0) {
			base64 = true;
			continue;
		}
		start = f->out->len;
		buf_adds(f->out, base64 ? " " WORD_HEAD "B?"
		    : " " WORD_HEAD "Q?");
		if (base64)
			mime_base64(f->out, s, n);
		else
			add_q(f->out, s, n);
		buf_adds(f->out, "?=");
		f->column += f->out->len - start;
		f->fresh = false;
		s += n;
		len -= n;
	}
}

/* ---- text and phrases ---- */

/* Whether s can stand in a header as it is: printable ASCII that is not
 * taken for an encoded-word. */
static bool
is_plain(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (s[i] < 0x21 || s[i] > 0x7e)
			return false;
		if (s[i] == '=' && i + 1 < len && s[i + 1] == '?')
			return false;
	}
	return true;
}

/* A word of a text: what stands between single blanks. One that is empty
 * comes from a blank too many, which folding or a reader may lose: it is
 * encoded with its neighbours. */
static bool
word_is_plain(const struct mime_field *f, const char *text, const char *word,
    size_t len)
{
	size_t room = MIME_FOLD - 1 - (f->fresh ? f->column : 0);

	if (len == 0 || len > room || !is_plain(word, len))
		return false;
	if (word - text >= 2 && word[-2] == ' ')
		return false;
	if (word - text == 1)
		return false;
	return !(word[len] == ' ' && (word[len + 1] == ' ' ||
	    word[len + 1] == '\0'));
}

void
mime_field_text(struct mime_field *f, const char *text)
{
	const char *p = text, *run = NULL;
	size_t len;

	for (;;) {
		len = strcspn(p, " ");
		if (!word_is_plain(f, text, p, len)) {
			if (run == NULL)
				run = p;
		} else {
			if (run != NULL)
				add_words(f, run, (size_t)(p - 1 - run));
			run = NULL;
			mime_field_token(f, p, len);
		}
		if (p[len] == '\0')
			break;
		p += len + 1;
	}
	if (run != NULL)
		add_words(f, run, strlen(run));
}

static bool
is_atext(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* Atoms with single blanks between, each of which fits a line (RFC 5322
 * §3.2.3); no word that could be read as an encoded one. */
static bool
is_atoms(const struct mime_field *f, const char *text)
{
	size_t len, i, room = MIME_FOLD - 1 - f->column;
	const char *p = text;

	for (;;) {
		len = strcspn(p, " ");
		if (len == 0 || len > room || !is_plain(p, len))
			return false;
		for (i = 0; i < len; i++)
			if (!is_atext(p[i]))
				return false;
		if (p[len] == '\0')
			return true;
		p += len + 1;
		room = MIME_FOLD - 1;
	}
}

/* A quoted-string that fits the line. Longer ones are encoded: their blanks
 * would be the only places to fold, and readers differ on those. */
static bool
add_quoted(struct mime_field *f, const char *text)
{
	size_t i, width = 2;

	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] != ' ' && !is_plain(text + i, 1))
			return false;
		if (text[i] == '=' && text[i + 1] == '?')
			return false;
		width += text[i] == '"' || text[i] == '\\' ? 2 : 1;
	}
	if (f->column + 1 + width > MIME_FOLD)
		return false;
	buf_adds(f->out, " \"");
	for (i = 0; text[i] != '\0'; i++) {
		if (text[i] == '"' || text[i] == '\\')
			buf_addc(f->out, '\\');
		buf_addc(f->out, text[i]);
	}
	buf_addc(f->out, '"');
	f->column += 1 + width;
	f->fresh = false;
	return true;
}

void
mime_field_phrase(struct mime_field *f, const char *text)
{
	size_t len;

	if (*text == '\0')
		return;
	if (!is_atoms(f, text)) {
		if (!add_quoted(f, text))
			add_words(f, text, strlen(text));
		return;
	}
	for (;; text += len + 1) {
		len = strcspn(text, " ");
		mime_field_token(f, text, len);
		if (text[len] == '\0')
			return;
	}
}

void
mime_field_mailbox(struct mime_field *f, const char *phrase, const char *addr)
{
	size_t len = strlen(addr);

	if (*phrase == '\0') {
		mime_field_token(f, addr, len);
		return;
	}
	mime_field_phrase(f, phrase);
	if (f->column + 1 + len + 2 > MIME_FOLD)
		fold(f);
	buf_adds(f->out, " <");
	buf_add(f->out, addr, len);
	buf_addc(f->out, '>');
	f->column += len + 3;
}

/* ---- quoted-printable ---- */

/* How the character at s, n bytes, is written in a line that has column
 * columns: the width, and in *encode whether it is encoded. */
static size_t
qp_width(const char *s, size_t len, size_t n, size_t column, bool *encode)
{
	char c = s[0];

	if (c == ' ' || c == '\t')
		*encode = len == 1 || s[1] == '\n';
	else if (c == '.' && column == 0)
		*encode = true;
	else if (c == 'F' && column == 0)
		*encode = len >= 5 && memcmp(s, "From ", 5) == 0;
	else
		*encode = c < 0x21 || c > 0x7e || c == '=';
	return *encode ? 3 * n : 1;
}

static void
qp_add(struct buf *out, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];
		char code[3] = { '=', hex_digits[c >> 4], hex_digits[c & 15] };

		buf_add(out, code, 3);
	}
}

void
mime_qp_break(struct buf *out)
{
	buf_add(out, "=\r\n", 3);
}

/* How many of at most max octets are written as they are, wherever they stand
 * but at the begin of a line. */
static size_t
qp_plain(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n] > 0x20 && s[n] < 0x7f && s[n] != '=')
		n++;
	return n;
}

void
mime_qp(struct buf *out, const char *text, size_t len)
{
	size_t i, n, room, width, column = 0;
	bool encode;
	int32_t cp;

	for (i = 0; i < len; i += n) {
		room = column == 0 ? 0 : MIME_QP_MAX - 1 - column;
		n = qp_plain(text + i, room < len - i ? room : len - i);
		if (n > 0) {
			buf_add(out, text + i, n);
			column += n;
			continue;
		}
		n = 1;
		if (text[i] == '\n') {
			buf_add(out, "\r\n", 2);
			column = 0;
			continue;
		}
		if ((unsigned char)text[i] >= 0x80)
			n = utf8_next(text + i, len - i, &cp);
		width = qp_width(text + i, len - i, n, column, &encode);
		if (column + width > MIME_QP_MAX - 1) {
			mime_qp_break(out);
			width = qp_width(text + i, len - i, n, 0, &encode);
			column = 0;
		}
		if (encode)
			qp_add(out, text + i, n);
		else
			buf_addc(out, text[i]);
		column += width;
	}
}
