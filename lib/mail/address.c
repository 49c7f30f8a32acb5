#include "mail/address.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <idn2.h>

#include "base/hash.h"
#include "mail/mime.h"
#include "text/utf8.h"

#define LOCAL_MAX 64		/* RFC 5321 §4.5.3.1.1 */
#define LABEL_MAX 63		/* RFC 1035 §2.3.4 */
#define REF_BYTES 12

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9');
}

static bool
is_atext(char c)
{
	return is_alnum(c) ||
	    (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
is_ascii(const char *s, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)s[i] >= 0x80)
			return false;
	return true;
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* ---- local part ---- */

/* RFC 6531 §3.3 has them in any local part. */
static bool
is_not_ascii(char c)
{
	return (unsigned char)c >= 0x80;
}

static bool
is_printable(char c)
{
	return c >= 0x20 && c <= 0x7e;
}

/* The length of a quoted-string at s with both quotes (RFC 5321 §4.1.2:
 * printable ASCII, escaped or not), 0 when it is none or not closed. */
static size_t
quoted_len(const char *s)
{
	size_t i;

	for (i = 1; s[i] != '\0'; i++) {
		if (s[i] == '"')
			return i + 1;
		if (s[i] == '\\' ? !is_printable(s[++i]) :
		    !is_printable(s[i]) && !is_not_ascii(s[i]))
			return 0;
	}
	return 0;
}

/* The length of what stands before the '@' that ends the local part. */
static int
find_at(const char *text, size_t *at, struct err *err)
{
	const char *p;

	if (*text == '"') {
		*at = quoted_len(text);
		if (*at == 0)
			return err_set(err, ERR_INPUT, "the quoted name in the "
			    "address \"%s\" is not closed or has characters "
			    "that cannot be printed", text);
		if (text[*at] != '@')
			return err_set(err, ERR_INPUT, "in the address \"%s\" "
			    "the closing quote is not followed by @", text);
		return 0;
	}
	p = strchr(text, '@');
	if (p == NULL)
		return err_set(err, ERR_INPUT, "the address \"%s\" has no @",
		    text);
	*at = (size_t)(p - text);
	return 0;
}

static int
check_dot_atom(const char *text, size_t len, struct err *err)
{
	size_t i;

	if (text[0] == '.' || text[len - 1] == '.')
		return err_set(err, ERR_INPUT, "the part before the @ of "
		    "\"%s\" begins or ends with a dot", text);
	for (i = 0; i < len; i++) {
		if (text[i] == '.' && text[i + 1] == '.')
			return err_set(err, ERR_INPUT, "the part before the @ "
			    "of \"%s\" has two dots in a row", text);
		if (text[i] != '.' && !is_atext(text[i]) &&
		    !is_not_ascii(text[i]))
			return err_set(err, ERR_INPUT, "the part before the @ "
			    "of \"%s\" has '%c', which must not stand there "
			    "unquoted", text, text[i]);
	}
	return 0;
}

/* Blanks of other scripts, marks that turn the direction of what is behind
 * them, and the like: two addresses that look the same would be two. */
static int
check_visible(const char *text, size_t len, struct err *err)
{
	int32_t cp;
	size_t i = 0;

	while (i < len) {
		i += utf8_next(text + i, len - i, &cp);
		if (cp >= 0x80 && !utf8_is_visible(cp))
			return err_set(err, ERR_INPUT, "the part before the @ "
			    "of \"%s\" has the character U+%04X, which cannot "
			    "be seen", text, (unsigned)cp);
	}
	return 0;
}

static int
check_local(const char *text, size_t len, struct err *err)
{
	if (len == 0)
		return err_set(err, ERR_INPUT,
		    "the address \"%s\" has nothing before the @", text);
	if (len > LOCAL_MAX)
		return err_set(err, ERR_INPUT, "the part before the @ of "
		    "\"%s\" has %zu %s, at most %d are allowed", text, len,
		    is_ascii(text, len) ? "characters" : "octets in UTF-8",
		    LOCAL_MAX);
	if (check_visible(text, len, err) < 0)
		return -1;
	if (*text == '"')
		return 0;
	return check_dot_atom(text, len, err);
}

/* ---- domain ---- */

static int
check_label(const char *text, const char *label, size_t len, struct err *err)
{
	size_t i;

	if (len == 0)
		return err_set(err, ERR_INPUT, "the domain of \"%s\" begins or "
		    "ends with a dot or has two in a row", text);
	if (len > LABEL_MAX)
		return err_set(err, ERR_INPUT, "a part of the domain of \"%s\" "
		    "has %zu characters, at most %d are allowed", text, len,
		    LABEL_MAX);
	if (label[0] == '-' || label[len - 1] == '-')
		return err_set(err, ERR_INPUT, "a part of the domain of \"%s\" "
		    "begins or ends with a hyphen", text);
	for (i = 0; i < len; i++)
		if (!is_alnum(label[i]) && label[i] != '-')
			return err_set(err, ERR_INPUT, "the domain of \"%s\" "
			    "has '%c', which no domain can have", text,
			    label[i]);
	return 0;
}

static bool
is_localhost(const char *domain)
{
	const char *want = "localhost";

	while (*want != '\0' && lower(*domain) == *want) {
		domain++;
		want++;
	}
	return *want == '\0' && *domain == '\0';
}

/* A domain of A-labels (RFC 5321 §4.1.2, RFC 1123 §2.1). No top-level domain
 * is all digits, so that an address of the Internet without its brackets is
 * not taken for a name. */
static int
check_domain(const char *text, const char *domain, struct err *err)
{
	const char *p = domain;
	size_t len, labels = 0;

	for (;;) {
		len = strcspn(p, ".");
		if (check_label(text, p, len, err) < 0)
			return -1;
		labels++;
		if (p[len] == '\0')
			break;
		p += len + 1;
	}
	if (labels < 2 && !is_localhost(domain))
		return err_set(err, ERR_INPUT, "the domain of \"%s\" has only "
		    "one part, such as \"com\" without what is before it",
		    text);
	if (strspn(p, "0123456789") == len)
		return err_set(err, ERR_INPUT, "the domain of \"%s\" ends with "
		    "a number; a mail domain is a name", text);
	return 0;
}

/* As the A-label form; what is ASCII already stays as typed. */
static int
to_ascii(struct arena *a, const char *text, const char *domain,
    const char **out, struct err *err)
{
	uint8_t *made = NULL;
	int rc;

	if (is_ascii(domain, strlen(domain))) {
		*out = domain;
		return 0;
	}
	rc = idn2_lookup_u8((const uint8_t *)domain, &made, IDN2_NFC_INPUT |
	    IDN2_NONTRANSITIONAL | IDN2_USE_STD3_ASCII_RULES);
	if (rc != IDN2_OK)
		return err_set(err, ERR_INPUT, "the domain of \"%s\" is no "
		    "international domain name: %s", text, idn2_strerror(rc));
	*out = arena_strdup(a, (const char *)made);
	idn2_free(made);
	return 0;
}

/* ---- addresses ---- */

int
address_parse(struct arena *a, const char *text, struct address *out,
    struct err *err)
{
	struct address made = { .name = "" };
	const char *domain = NULL, *typed = text;
	size_t at = 0;

	if (*text == '\0')
		return err_set(err, ERR_INPUT, "the address is empty");
	/* Before anything looks at it in detail: no line of a list gets to
	 * keep the program busy. U-labels are longer than their A-labels at
	 * times, never by this much. */
	if (strlen(text) > (size_t)4 * ADDRESS_MAX)
		return err_set(err, ERR_INPUT, "the address \"%.40s...\" is "
		    "longer than %d characters", text, ADDRESS_MAX);
	if (mime_check(text, strlen(text), false, "the address", err) < 0)
		return -1;
	/* RFC 6532 §3.1. */
	if (!is_ascii(text, strlen(text)))
		text = utf8_nfc(a, text);
	if (find_at(text, &at, err) < 0 || check_local(text, at, err) < 0)
		return -1;
	if (text[at + 1] == '\0')
		return err_set(err, ERR_INPUT,
		    "the address \"%s\" has no domain behind the @", text);
	if (text[at + 1] == '[')
		return err_set(err, ERR_INPUT, "the address \"%s\" has a "
		    "number in brackets for a domain; a mail domain is a "
		    "name", text);
	if (to_ascii(a, text, text + at + 1, &domain, err) < 0 ||
	    check_domain(text, domain, err) < 0)
		return -1;
	if (at + 1 + strlen(domain) > ADDRESS_MAX)
		return err_set(err, ERR_INPUT, "the address \"%s\" is longer "
		    "than %d characters", text, ADDRESS_MAX);
	made.typed = arena_strdup(a, typed);
	made.utf8 = !is_ascii(text, at);
	made.wire = arena_printf(a, "%.*s@%s", (int)at, text, domain);
	made.key = utf8_lower(a, made.wire);
	*out = made;
	return 0;
}

int
address_need_ascii(const struct address *a, struct err *err)
{
	if (!a->utf8)
		return 0;
	return err_set(err, ERR_INPUT, "the part before the @ of \"%s\" is not "
	    "ASCII; friends may have such addresses, but the one that mail "
	    "comes from has to do for every mail server", a->typed);
}

/* ---- mailboxes ---- */

/* Reads a display name up to the '<' that begins the address, takes off
 * quotes, and writes it to name (as long as text). Returns the '<', NULL when
 * there is none: then text is a bare address, or err is set. */
static const char *
read_name(const char *text, char *name, struct err *err)
{
	const char *p = text;
	bool quoted = false;
	char *to = name;

	for (; *p != '\0' && (quoted || *p != '<'); p++) {
		if (*p == '"') {
			quoted = !quoted;
			continue;
		}
		if (quoted && *p == '\\' && p[1] != '\0')
			p++;
		else if (!quoted && *p == ',') {
			err_set(err, ERR_INPUT, "\"%s\" has a comma: give one "
			    "address only, and put a name with a comma in "
			    "quotes, as in \"Doe, Jo\" <jo@example.org>", text);
			return NULL;
		}
		*to++ = *p;
	}
	if (*p != '<') {
		err_set(err, ERR_INPUT, quoted ? "\"%s\" has a quote that is "
		    "not closed" : "\"%s\" has no <address>", text);
		return NULL;
	}
	while (to > name && to[-1] == ' ')
		to--;
	*to = '\0';
	return p;
}

/* Whether text is an address without <…>: its quoted-string, if it begins
 * with one, is a local part, or nothing in it opens an address. */
static bool
is_bare(const char *text)
{
	size_t len = *text == '"' ? quoted_len(text) : 0;

	if (len != 0 && text[len] == '@')
		return true;
	return strchr(text, '<') == NULL;
}

int
address_parse_mailbox(struct arena *a, const char *text,
    struct address *out, struct err *err)
{
	const char *open;
	char *trimmed, *name, *addr;
	size_t len;

	text += strspn(text, " \t");
	len = strlen(text);
	while (len > 0 && strchr(" \t", text[len - 1]) != NULL)
		len--;
	if (len > MIME_LINE_MAX)
		return err_set(err, ERR_INPUT, "the address with its name, "
		    "\"%.40s...\", is longer than %d bytes", text,
		    MIME_LINE_MAX);
	if (mime_check(text, len, false, "the name or address", err) < 0)
		return -1;
	trimmed = arena_strndup(a, text, len);
	if (is_bare(trimmed))
		return address_parse(a, trimmed, out, err);
	name = arena_alloc(a, len + 1);
	open = read_name(trimmed, name, err);
	if (open == NULL)
		return -1;
	if (trimmed[len - 1] != '>')
		return err_set(err, ERR_INPUT,
		    "\"%s\" does not end with the > of its address", trimmed);
	addr = arena_strndup(a, open + 1,
	    (size_t)(trimmed + len - 1 - (open + 1)));
	if (address_parse(a, addr, out, err) < 0)
		return -1;
	out->name = name;
	return 0;
}

void
address_ref(const char *list, const char *key, char out[ADDRESS_REF_SIZE])
{
	unsigned char digest[HASH_SHA256_SIZE];
	size_t list_size = strlen(list) + 1, key_len = strlen(key);
	struct buf both;

	buf_init(&both, 0);
	buf_add(&both, list, list_size);
	buf_add(&both, key, key_len);
	hash_sha256(both.data, both.len, digest);
	buf_release(&both);
	hash_base64url(digest, REF_BYTES, out);
}
