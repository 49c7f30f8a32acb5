#include "mail/token.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash.h"

#define VERSION "1"
#define PURPOSE "showmill unsubscribe "
#define MAC_BYTES 16
#define MAC_SIZE HASH_B64_SIZE(MAC_BYTES)
#define MAC_LEN 22		/* 16 bytes as base64url without padding */

#define LIST_CHARS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define REF_CHARS LIST_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"

static void
make_mac(struct hash_hmac *key, const char *signed_part, size_t len,
    char out[MAC_SIZE])
{
	unsigned char mac[HASH_SHA256_SIZE];
	char text[sizeof(PURPOSE) + TOKEN_MAX];

	memcpy(text, PURPOSE, sizeof(PURPOSE) - 1);
	memcpy(text + sizeof(PURPOSE) - 1, signed_part, len);
	hash_hmac_make(key, text, sizeof(PURPOSE) - 1 + len, mac);
	hash_base64url(mac, MAC_BYTES, out);
}

static int
check_field(const char *what, const char *value, size_t size,
    const char *chars, struct err *err)
{
	size_t len = strlen(value);

	if (len == 0)
		return err_set(err, ERR_INPUT,
		    "an unsubscribe token needs a %s", what);
	if (len >= size)
		return err_set(err, ERR_INPUT, "the %s \"%s\" is longer than "
		    "the %zu characters that fit an unsubscribe token", what,
		    value, size - 1);
	if (strspn(value, chars) != len)
		return err_set(err, ERR_INPUT, "the %s \"%s\" has characters "
		    "other than %s, which cannot stand in an unsubscribe token",
		    what, value, chars[sizeof(LIST_CHARS) - 1] == '\0' ?
		    "a-z, 0-9 and -" : "A-Z, a-z, 0-9, - and _");
	return 0;
}

int
token_check_names(const char *key_id, const char *list, struct err *err)
{
	const struct token *t = NULL;

	if (check_field("key id", key_id, sizeof(t->key_id), LIST_CHARS,
	    err) < 0)
		return -1;
	return check_field("list name", list, sizeof(t->list), LIST_CHARS, err);
}

static int
check_fields(const char *key_id, const char *list, const char *ref,
    struct err *err)
{
	const struct token *t = NULL;

	if (token_check_names(key_id, list, err) < 0)
		return -1;
	return check_field("friend's ref", ref, sizeof(t->ref), REF_CHARS, err);
}

static size_t
put(char *out, size_t at, const char *s, char end)
{
	size_t len = strlen(s);

	memcpy(out + at, s, len);
	out[at + len] = end;
	return at + len + 1;
}

int
token_make(const char *key_id, struct hash_hmac *key, const char *list,
    const char *ref, char out[TOKEN_MAX], struct err *err)
{
	char mac[MAC_SIZE];
	size_t len = 0;

	if (check_fields(key_id, list, ref, err) < 0)
		return -1;
	len = put(out, len, VERSION, '.');
	len = put(out, len, key_id, '.');
	len = put(out, len, list, '.');
	len = put(out, len, ref, '.');
	make_mac(key, out, len - 1, mac);
	put(out, len, mac, '\0');
	return 0;
}

/* The next field up to a dot or the end, into a place of size bytes. */
static bool
take(const char **p, char *out, size_t size)
{
	size_t len = strcspn(*p, ".");

	if (len >= size)
		return false;
	memcpy(out, *p, len);
	out[len] = '\0';
	*p += len + ((*p)[len] == '.');
	return true;
}

static int
split(const char *text, struct token *out, char mac[MAC_SIZE],
    struct err *err)
{
	struct err unused = ERR_INIT;
	struct token t;
	const char *p = text;
	char version[8];
	size_t len = strlen(text), dots = 0, i;

	for (i = 0; i < len && i < TOKEN_MAX; i++)
		dots += text[i] == '.';
	if (len >= TOKEN_MAX || dots != 4 ||
	    !take(&p, version, sizeof(version)) ||
	    !take(&p, t.key_id, sizeof(t.key_id)) ||
	    !take(&p, t.list, sizeof(t.list)) ||
	    !take(&p, t.ref, sizeof(t.ref)) || !take(&p, mac, MAC_SIZE))
		return err_set(err, ERR_INPUT,
		    "\"%.*s\" is no unsubscribe token", TOKEN_MAX, text);
	if (strcmp(version, VERSION) != 0)
		return err_set(err, ERR_INPUT, "the unsubscribe token \"%s\" "
		    "is of a version that is not known here", text);
	if (check_fields(t.key_id, t.list, t.ref, &unused) < 0 ||
	    strlen(mac) != MAC_LEN || strspn(mac, REF_CHARS) != MAC_LEN)
		return err_set(err, ERR_INPUT,
		    "\"%s\" is no unsubscribe token", text);
	*out = t;
	return 0;
}

int
token_read(const char *text, struct token *out, struct err *err)
{
	char mac[MAC_SIZE];

	return split(text, out, mac, err);
}

int
token_check(const char *text, const unsigned char *key, size_t keylen,
    struct token *out, struct err *err)
{
	char given[MAC_SIZE], mac[MAC_SIZE];
	struct hash_hmac *h;
	struct token t;

	if (keylen == 0)
		return err_set(err, ERR_INTERNAL,
		    "the key for unsubscribe tokens is empty");
	if (split(text, &t, given, err) < 0)
		return -1;
	h = hash_hmac_open(key, keylen);
	make_mac(h, text, strlen(text) - 1 - MAC_LEN, mac);
	hash_hmac_close(h);
	if (!hash_equal(given, mac, MAC_LEN))
		return err_set(err, ERR_REFUSED, "the unsubscribe token \"%s\" "
		    "was not made with the key \"%s\", or was changed", text,
		    t.key_id);
	*out = t;
	return 0;
}
