#include "text/url.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

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

/* [user@]host[:port], or [user@][IPv6][:port]. */
static int
check_authority(const char *s, const char *end, struct err *err)
{
	const char *at = memchr(s, '@', (size_t)(end - s)), *port, *wrong;

	if (at != NULL) {
		wrong = first_wrong(s, at, UNRESERVED SUB_DELIMS ":");
		if (wrong != at)
			return wrong_character(wrong, "user", err);
		s = at + 1;
	}
	if (s < end && *s == '[') {
		port = s + 1 + strspn(s + 1, HEX ":.");
		if (port >= end || *port != ']' || port == s + 1)
			return err_set(err, ERR_INPUT, "its host in brackets "
			    "is no IPv6 address");
		port++;
	} else {
		port = memchr(s, ':', (size_t)(end - s));
		if (port == NULL)
			port = end;
		wrong = first_wrong(s, port, UNRESERVED SUB_DELIMS);
		if (wrong != port)
			return wrong_character(wrong, "host", err);
		if (port == s || strchr(LETTERS DIGITS, *s) == NULL)
			return err_set(err, ERR_INPUT, "there is no host name "
			    "in it");
	}
	if (port < end && (*port != ':' ||
	    port + 1 + strspn(port + 1, DIGITS) != end))
		return err_set(err, ERR_INPUT, "its port is no number");
	return 0;
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
