#include "mail/verp.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"

#define REF_BYTES 12
#define MAC_BYTES 10
#define REF_LEN 20		/* in base32 */
#define MAC_LEN 16
#define LOCAL_MAX 64		/* RFC 5321 §4.5.3.1.1 */
#define PURPOSE "showmill bounce "

static const char base32[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "abcdefghijklmnopqrstuvwxyz0123456789-_";

/* Characters of `bits` bits each from octets, the last one filled with
 * zeros. */
static void
write_bits(const unsigned char *data, size_t len, char *out)
{
	uint32_t held = 0;
	unsigned bits = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		held = (held << 8 | data[i]) & 0xffff;
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = base32[held >> (bits - 5) & 31];
	}
	if (bits > 0)
		*out++ = base32[held << (5 - bits) & 31];
	*out = '\0';
}

/* Octets from so many characters of the alphabet. */
static bool
read_bits(const char *text, size_t count, const char *alphabet,
    unsigned width, unsigned char *out)
{
	uint32_t held = 0;
	unsigned bits = 0;
	const char *at;
	size_t i;

	for (i = 0; i < count; i++) {
		at = text[i] == '\0' ? NULL : strchr(alphabet, text[i]);
		if (at == NULL)
			return false;
		held = (held << width | (uint32_t)(at - alphabet)) & 0xffff;
		bits += width;
		if (bits >= 8) {
			bits -= 8;
			*out++ = (unsigned char)(held >> bits);
		}
	}
	return true;
}

static void
lower(char *s)
{
	for (; *s != '\0'; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

/* what: EDITION.REF, in small letters. */
static int
make_mac(const char *list, const char *what, struct hash_hmac *key,
    char out[MAC_LEN + 1], struct err *err)
{
	unsigned char mac[HASH_SHA256_SIZE];
	char text[256];
	int n = snprintf(text, sizeof(text), PURPOSE "%s %s", list, what);

	if (n < 0 || (size_t)n >= sizeof(text))
		return err_set(err, ERR_INPUT, "the name of the list `%s` is "
		    "too long", list);
	hash_hmac_make(key, text, (size_t)n, mac);
	write_bits(mac, MAC_BYTES, out);
	return 0;
}

int
verp_make(const char *address, const char *list, const char *edition,
    const char *ref, struct hash_hmac *key, char out[ADDRESS_MAX + 1],
    struct err *err)
{
	char what[VERP_EDITION_MAX + REF_LEN + 2], short_ref[REF_LEN + 1];
	char mac[MAC_LEN + 1];
	unsigned char octets[REF_BYTES];
	const char *at = strrchr(address, '@');
	size_t local;
	int n;

	if (at == NULL || strlen(ref) != ADDRESS_REF_SIZE - 1 ||
	    !read_bits(ref, ADDRESS_REF_SIZE - 1, base64, 6, octets) ||
	    strlen(edition) >= VERP_EDITION_MAX)
		return err_set(err, ERR_INPUT, "no return path can be made of "
		    "`%s`, %s and %s", address, edition, ref);
	write_bits(octets, REF_BYTES, short_ref);
	(void)snprintf(what, sizeof(what), "%s.%s", edition, short_ref);
	lower(what);
	if (make_mac(list, what, key, mac, err) != 0)
		return -1;
	local = (size_t)(at - address) + 1 + strlen(what) + 1 + MAC_LEN;
	if (local > LOCAL_MAX)
		return err_set(err, ERR_INPUT, "with a token behind it `%s` "
		    "has %zu characters before the @, and %d are allowed",
		    address, local, LOCAL_MAX);
	n = snprintf(out, ADDRESS_MAX + 1, "%.*s+%s.%s%s",
	    (int)(at - address), address, what, mac, at);
	if (n < 0 || n > ADDRESS_MAX)
		return err_set(err, ERR_INPUT, "with a token in it `%s` is "
		    "too long for an address", address);
	return 0;
}

/* TOKEN of local+TOKEN@domain, in small letters; false: it is no such. */
static bool
take_token(const char *rcpt, const char *address, char *out, size_t size)
{
	const char *at = strrchr(address, '@'), *end = strrchr(rcpt, '@');
	size_t local, len;

	if (at == NULL || end == NULL || strcasecmp(at, end) != 0)
		return false;
	local = (size_t)(at - address);
	if (strncasecmp(rcpt, address, local) != 0 || rcpt[local] != '+')
		return false;
	rcpt += local + 1;
	if (rcpt > end)
		return false;
	len = (size_t)(end - rcpt);
	if (len >= size)
		return false;
	memcpy(out, rcpt, len);
	out[len] = '\0';
	lower(out);
	return true;
}

int
verp_read(const char *rcpt, const char *address, const char *list,
    const unsigned char *key, size_t keylen, struct verp *out,
    struct err *err)
{
	char token[LOCAL_MAX + 1], mac[MAC_LEN + 1], *dot, *p;
	unsigned char octets[REF_BYTES + 1];
	struct hash_hmac *h;
	size_t n;
	int made;

	dot = take_token(rcpt, address, token, sizeof(token)) ?
	    strrchr(token, '.') : NULL;
	if (dot == NULL || strlen(dot + 1) != MAC_LEN)
		return err_set(err, ERR_INPUT, "`%s` is no return path of "
		    "`%s`", rcpt, address);
	*dot = '\0';
	h = hash_hmac_open(key, keylen);
	made = make_mac(list, token, h, mac, err);
	hash_hmac_close(h);
	if (made != 0)
		return -1;
	if (!hash_equal(mac, dot + 1, MAC_LEN))
		return err_set(err, ERR_REFUSED, "`%s` was not made for this "
		    "list with this key", rcpt);
	dot = strrchr(token, '.');
	n = dot == NULL ? 0 : (size_t)(dot - token);
	if (n == 0 || n >= sizeof(out->edition) ||
	    strlen(dot + 1) != REF_LEN ||
	    !read_bits(dot + 1, REF_LEN, base32, 5, octets))
		return err_set(err, ERR_INPUT, "`%s` is no return path of "
		    "`%s`", rcpt, address);
	hash_base64url(octets, REF_BYTES, out->ref);
	*dot = '\0';
	/* As editions are named: the week has a capital W. */
	for (p = token; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	memcpy(out->edition, token, n + 1);
	return 0;
}
