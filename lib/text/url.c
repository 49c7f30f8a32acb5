#include "text/url.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "text/utf8.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"
#define HEX DIGITS "abcdefABCDEF"
#define UNRESERVED LETTERS DIGITS "-._~"
#define SUB_DELIMS "!$&'()*+,;="

/* Says which character at s is wrong, and its percent-encoded form. */
static int
wrong_character(const char *s, const char *where, struct err *err)
{
	char encoded[3 * 4 + 1], shown[8];
	struct buf b;
	int32_t cp;
	size_t n;

	if (*s == '%')
		return err_set(err, ERR_INPUT, "a %% in it wants two hex "
		    "digits behind it; a %% of its own is written %%25");
	n = utf8_next(s, strlen(s), &cp);
	buf_init(&b, 0);
	memcpy(shown, s, n);
	shown[n] = '\0';
	url_add_encoded(&b, shown, "");
	memcpy(encoded, b.data, b.len + 1);
	buf_release(&b);
	if (strcmp(where, "host") == 0)
		return err_set(err, ERR_INPUT, "`%s` (U+%04X) cannot stand "
		    "in its host name%s", shown, (unsigned)cp, cp < 0x80 ?
		    "" : "; write the name in its form that begins with xn--");
	return err_set(err, ERR_INPUT, "`%s` (U+%04X) cannot stand in it; "
	    "write %s", shown, (unsigned)cp, encoded);
}

/* The first of s up to end that is neither allowed nor %XX; or end. */
static const char *
first_wrong(const char *s, const char *end, const char *allowed)
{
	while (s < end) {
		if (*s == '%' && end - s > 2 && strspn(s + 1, HEX) >= 2)
			s += 3;
		else if (strchr(allowed, *s) != NULL)
			s++;
		else
			break;
	}
	return s;
}

/* [IPv6], from its "[" on; sets what stands behind it. */
static int
check_bracketed(const char *s, const char *end, const char **port,
    struct err *err)
{
	char text[INET6_ADDRSTRLEN];
	const char *close = memchr(s, ']', (size_t)(end - s));
	struct in6_addr ignored;
	size_t len = close != NULL ? (size_t)(close - s) - 1 : 0;

	if (len > 0 && len < sizeof(text)) {
		memcpy(text, s + 1, len);
		text[len] = '\0';
		*port = close + 1;
		if (inet_pton(AF_INET6, text, &ignored) == 1)
			return 0;
	}
	return err_set(err, ERR_INPUT, "its host in brackets is no IPv6 "
	    "address");
}

/* A name of parts with dots between, none of them empty; one at the end is
 * the root's. Nothing is percent-encoded in it: `%2F` would be taken for a
 * part of the path by some, and `%00` for the end. */
static int
check_host(const char *s, const char *end, struct err *err)
{
	const char *p;

	for (p = s; p < end && strchr(UNRESERVED SUB_DELIMS, *p) != NULL; p++)
		continue;
	if (p < end && *p == '%')
		return err_set(err, ERR_INPUT, "`%%` (U+0025) cannot stand in "
		    "its host name");
	if (p < end)
		return wrong_character(p, "host", err);
	if (s == end || strchr(LETTERS DIGITS, *s) == NULL)
		return err_set(err, ERR_INPUT, "there is no host name in it");
	for (p = s; p + 1 < end; p++)
		if (p[0] == '.' && p[1] == '.')
			return err_set(err, ERR_INPUT, "its host name has "
			    "two dots with nothing between");
	return 0;
}

/* Behind the host: nothing, or ":" and a number, which may be left out. */
static int
check_port(const char *s, const char *end, struct err *err)
{
	long port = 0;
	const char *p;

	if (s == end || (*s == ':' && s + 1 == end))
		return 0;
	for (p = s + 1; p < end && *p >= '0' && *p <= '9'; p++)
		port = port > 65535 ? port : port * 10 + (*p - '0');
	if (*s != ':' || p < end)
		return err_set(err, ERR_INPUT, "its port is no number");
	if (port < 1 || port > 65535)
		return err_set(err, ERR_INPUT, "its port is not between 1 "
		    "and 65535");
	return 0;
}

/* host[:port], or [IPv6][:port]. A name and password before it (RFC 3986
 * §3.2.1) would be everybody's. */
static int
check_authority(const char *s, const char *end, struct err *err)
{
	const char *port = end;

	if (memchr(s, '@', (size_t)(end - s)) != NULL)
		return err_set(err, ERR_INPUT, "there is a user name or "
		    "password before its `@`, and everybody reads this "
		    "address; write it without, or %%40 where `@` belongs to "
		    "the path");
	if (s < end && *s == '[') {
		if (check_bracketed(s, end, &port, err) != 0)
			return -1;
	} else {
		if (memchr(s, ':', (size_t)(end - s)) != NULL)
			port = memchr(s, ':', (size_t)(end - s));
		if (check_host(s, port, err) != 0)
			return -1;
	}
	return check_port(port, end, err);
}

int
url_check(const char *text, struct err *err)
{
	const char *s = text, *end, *wrong, *hash;

	if (strncasecmp(text, "https://", 8) == 0)
		s += 8;
	else if (strncasecmp(text, "http://", 7) == 0)
		s += 7;
	else
		return err_set(err, ERR_INPUT,
		    "it does not begin with https:// or http://");
	end = s + strcspn(s, "/?#");
	if (check_authority(s, end, err) != 0)
		return -1;
	/* A # begins the fragment, and may not stand in that again. */
	hash = end + strcspn(end, "#");
	wrong = first_wrong(end, hash, UNRESERVED SUB_DELIMS ":@/?");
	if (wrong == hash && *hash == '#') {
		end = hash + strlen(hash);
		wrong = first_wrong(hash + 1, end, UNRESERVED SUB_DELIMS
		    ":@/?");
	}
	return *wrong == '\0' ? 0 : wrong_character(wrong, "path", err);
}

void
url_add_encoded(struct buf *out, const char *s, const char *keep)
{
	for (; *s != '\0'; s++) {
		if (strchr(UNRESERVED, *s) != NULL ||
		    strchr(keep, *s) != NULL)
			buf_addc(out, *s);
		else
			buf_addf(out, "%%%02X", (unsigned)(unsigned char)*s);
	}
}

const char *
url_below(struct arena *a, const char *folder, const char *path)
{
	const char *url;
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, folder);
	if (b.data[b.len - 1] != '/')
		buf_addc(&b, '/');
	url_add_encoded(&b, path, "/");
	url = arena_strdup(a, b.data);
	buf_release(&b);
	return url;
}

bool
url_is_uri(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

	if (!isalpha((unsigned char)s[0]) || s[n] != ':' || s[n + 1] == '\0')
		return false;
	for (; *s != '\0'; s++)
		if ((unsigned char)*s <= ' ' || (unsigned char)*s > '~' ||
		    strchr("<>\"{}|\\^`", *s) != NULL)
			return false;
	return true;
}

const char *
url_decoded(struct arena *a, const char *s)
{
	char *out = arena_strdup(a, s), *to = out;
	unsigned char byte;
	char hex[3];

	for (; *s != '\0' && *s != '?' && *s != '#'; s++) {
		if (*s == '%' && s[1] != '\0' && s[2] != '\0') {
			memcpy(hex, s + 1, 2);
			hex[2] = '\0';
			if (hash_unhex(hex, &byte, 1) == 0 && byte != 0) {
				*to++ = (char)byte;
				s += 2;
				continue;
			}
		}
		*to++ = *s;
	}
	*to = '\0';
	return out;
}
