#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/hash.h"
#include "mail/token.h"

/*
 * The vectors come from Python:
 *
 *   b = lambda x: base64.urlsafe_b64encode(x).rstrip(b"=").decode()
 *   t = f"1.{key_id}.{list}.{ref}"
 *   t + "." + b(hmac.new(key, b"showmill unsubscribe " + t.encode(),
 *       hashlib.sha256).digest()[:16])
 *
 * with the keys bytes(range(32)), b"\xff" * 32 and b"k".
 */
static unsigned char counting[32], ones[32];
#define L20 "llllllllllllllllllll"

static const struct {
	const char *key_id;
	const unsigned char *key;
	size_t keylen;
	const char *list, *ref, *token;
} vectors[] = {
	{ "l1", counting, 32, "friends", "ZygfbqryE9aXhZxZ",
	    "1.l1.friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2tw" },
	{ "l1", ones, 32, "friends", "ZygfbqryE9aXhZxZ",
	    "1.l1.friends.ZygfbqryE9aXhZxZ.0bl7vB4kbuTuAmGFlSPS8w" },
	{ "2025-06", (const unsigned char *)"k", 1, "a", "AAAAAAAAAAAAAAA_",
	    "1.2025-06.a.AAAAAAAAAAAAAAA_.wznIvc2Ji9aLcQ29Bye6TQ" },
	{ "k", counting, 32, L20 L20 L20 "lllllllllllllllllll",
	    "-------------------",
	    "1.k." L20 L20 L20 "lllllllllllllllllll.-------------------."
	    "7L2sv1vYv3P45DCnExHEVA" }
};

static int
make_keys(void **state)
{
	unsigned char i;

	(void)state;
	for (i = 0; i < 32; i++)
		counting[i] = i;
	memset(ones, 0xff, sizeof(ones));
	return 0;
}

static void
known_tokens_are_made_and_checked(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct err err = ERR_INIT;
		struct token t;
		struct hash_hmac *h = hash_hmac_open(vectors[i].key,
		    vectors[i].keylen);
		char out[TOKEN_MAX];

		assert_int_equal(token_make(vectors[i].key_id, h,
		    vectors[i].list, vectors[i].ref, out, &err), 0);
		hash_hmac_close(h);
		assert_string_equal(out, vectors[i].token);
		assert_int_equal(token_read(out, &t, &err), 0);
		assert_string_equal(t.key_id, vectors[i].key_id);
		memset(&t, 0, sizeof(t));
		assert_int_equal(token_check(out, vectors[i].key,
		    vectors[i].keylen, &t, &err), 0);
		assert_string_equal(t.key_id, vectors[i].key_id);
		assert_string_equal(t.list, vectors[i].list);
		assert_string_equal(t.ref, vectors[i].ref);
		assert_int_equal(err.kind, ERR_NONE);
	}
}

/* No single change of any character gets through, whatever it changes to. */
static void
every_change_is_seen(void **state)
{
	static const char with[] = "aZ0-_.=~ \n\xff";
	const char *token = vectors[0].token;
	char changed[TOKEN_MAX];
	struct token t;
	size_t i, j;

	(void)state;
	for (i = 0; i < strlen(token); i++) {
		for (j = 0; j < sizeof(with); j++) {
			struct err err = ERR_INIT;
			int rc;

			memcpy(changed, token, strlen(token) + 1);
			if (changed[i] == with[j])
				continue;
			changed[i] = with[j];
			rc = token_check(changed, counting, 32, &t, &err);
			assert_int_equal(rc, -1);
			assert_true(err.kind == ERR_INPUT ||
			    err.kind == ERR_REFUSED);
		}
	}
}

static void
a_wrong_key_is_refused(void **state)
{
	struct err err = ERR_INIT;
	struct token t;

	(void)state;
	assert_int_equal(token_check(vectors[0].token, ones, 32, &t, &err), -1);
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_non_null(strstr(err.msg, "\"l1\""));
	assert_int_equal(token_check(vectors[0].token, counting, 31, &t, &err),
	    -1);
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_int_equal(token_check(vectors[0].token, counting, 0, &t, &err),
	    -1);
	assert_int_equal(err.kind, ERR_INTERNAL);
}

static void
what_is_no_token_is_input(void **state)
{
	static const char *const bad[] = {
		"", ".", "....", "1.l1.friends.ZygfbqryE9aXhZxZ",
		"1.l1.friends.ZygfbqryE9aXhZxZ.",
		"1.l1.friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2t",
		"1.l1.friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2tww",
		"1.l1.friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2tw.",
		"1.l1.friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2t=",
		"2.l1.friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2tw",
		"1.L1.friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2tw",
		"1.l1.Friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2tw",
		"1.l1.friends.Zygfbqry+9aXhZxZ.48HOOGkUHHkv3TeusOY2tw",
		"1..friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2tw",
		"1.l1.friends.ZygfbqryE9aXhZxZZygf.48HOOGkUHHkv3TeusOY2tw",
		"1.l1." L20 L20 L20 L20 ".ZygfbqryE9aXhZxZ."
		    "48HOOGkUHHkv3TeusOY2tw",
		L20 L20 L20 L20 L20 L20 L20 L20 L20 L20 L20
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = ERR_INIT;
		struct token t = { "untouched", "", "" };

		assert_int_equal(token_read(bad[i], &t, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(token_check(bad[i], counting, 32, &t, &err),
		    -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_string_equal(t.key_id, "untouched");
	}
}

static void
make_names_the_bad_field(void **state)
{
	static const struct {
		const char *key_id, *list, *ref, *want;
	} cases[] = {
		{ "", "a", "r", "an unsubscribe token needs a key id" },
		{ "k", "", "r", "an unsubscribe token needs a list name" },
		{ "k", "a", "", "an unsubscribe token needs a friend's ref" },
		{ "K", "a", "r", "the key id \"K\" has characters other than "
		    "a-z, 0-9 and -, which cannot stand in an unsubscribe "
		    "token" },
		{ "k", "a.b", "r", "the list name \"a.b\" has characters other "
		    "than a-z, 0-9 and -, which cannot stand in an unsubscribe "
		    "token" },
		{ "k", "a", "r\r\n", "the friend's ref \"r??\" has characters "
		    "other than A-Z, a-z, 0-9, - and _, which cannot stand in "
		    "an unsubscribe token" },
		{ L20 L20, "a", "r", "the key id \"" L20 L20 "\" is longer "
		    "than the 39 characters that fit an unsubscribe token" }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		struct hash_hmac *h = hash_hmac_open(counting, 32);
		char out[TOKEN_MAX];

		assert_int_equal(token_make(cases[i].key_id, h, cases[i].list,
		    cases[i].ref, out, &err), -1);
		hash_hmac_close(h);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_string_equal(err.msg, cases[i].want);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_tokens_are_made_and_checked),
		cmocka_unit_test(every_change_is_seen),
		cmocka_unit_test(a_wrong_key_is_refused),
		cmocka_unit_test(what_is_no_token_is_input),
		cmocka_unit_test(make_names_the_bad_field)
	};

	return cmocka_run_group_tests(tests, make_keys, NULL);
}
