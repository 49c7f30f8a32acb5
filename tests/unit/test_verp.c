/*
 * Return paths with a token: what is made is read again, and nothing else.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "mail/verp.h"

static const unsigned char key[32] = "a key that nobody has";
static const unsigned char other[32] = "another key";
static struct hash_hmac *hmac;

static int open_key(void **state)
{
	(void)state;
	hmac = hash_hmac_open(key, sizeof key);
	return 0;
}

static int close_key(void **state)
{
	(void)state;
	hash_hmac_close(hmac);
	return 0;
}

static void made_and_read(void **state)
{
	char path[ADDRESS_MAX + 1], again[ADDRESS_MAX + 1], ref[ADDRESS_REF_SIZE];
	struct err err = ERR_INIT;
	struct verp v;
	char name[32], *p;
	int i;

	(void)state;
	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof name, "friend%d@example.net", i);
		address_ref("mini", name, ref);
		assert_int_equal(verp_make("bounces@example.org", "mini",
		    "2025-W23-2", ref, hmac, path, &err), 0);
		assert_true(strchr(path, '@') - path <= 64);
		assert_int_equal(strncmp(path, "bounces+2025-w23-2.", 19), 0);
		assert_non_null(strstr(path, "@example.org"));
		assert_int_equal(verp_read(path, "bounces@example.org", "mini",
		    key, sizeof key, &v, &err), 0);
		assert_string_equal(v.edition, "2025-W23-2");
		assert_string_equal(v.ref, ref);
		/* On the way it was put into capitals. */
		memcpy(again, path, sizeof again);
		for (p = again; *p != '\0'; p++)
			if (*p >= 'a' && *p <= 'z')
				*p = (char)(*p - 'a' + 'A');
		assert_int_equal(verp_read(again, "bounces@example.org",
		    "mini", key, sizeof key, &v, &err), 0);
		assert_string_equal(v.ref, ref);
	}
}

static void others_are_refused(void **state)
{
	static const char *const none[] = {
		"", "@", "bounces@example.org", "bounces+@example.org",
		"bounces+a.b@example.org", "bounces+a", "bounces",
		"bounces+2025-w23.aaaaaaaaaaaaaaaaaaaa@example.org",
	};
	char path[ADDRESS_MAX + 1], ref[ADDRESS_REF_SIZE];
	struct err err = ERR_INIT;
	struct verp v;
	size_t i, len;

	(void)state;
	address_ref("mini", "a@example.net", ref);
	assert_int_equal(verp_make("bounces@example.org", "mini", "2025-W23",
	    ref, hmac, path, &err), 0);
	assert_int_equal(verp_read(path, "bounces@example.org", "mini", other,
	    sizeof other, &v, &err), -1);
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_int_equal(verp_read(path, "bounces@example.org", "maxi", key,
	    sizeof key, &v, &err), -1);
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_int_equal(verp_read(path, "bounces@example.com", "mini", key,
	    sizeof key, &v, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_int_equal(verp_read(path, "bounce@example.org", "mini", key,
	    sizeof key, &v, &err), -1);
	for (i = 0; i < sizeof none / sizeof none[0]; i++)
		assert_int_equal(verp_read(none[i], "bounces@example.org",
		    "mini", key, sizeof key, &v, &err), -1);
	/* Each letter of the token counts. */
	len = (size_t)(strchr(path, '@') - path);
	for (i = strlen("bounces+"); i < len; i++) {
		char kept = path[i];

		path[i] = kept == 'x' ? 'y' : 'x';
		assert_int_equal(verp_read(path, "bounces@example.org", "mini",
		    key, sizeof key, &v, &err), -1);
		path[i] = kept;
	}
}

static void too_long(void **state)
{
	char path[ADDRESS_MAX + 1], ref[ADDRESS_REF_SIZE];
	struct err err = ERR_INIT;

	(void)state;
	address_ref("mini", "a@example.net", ref);
	assert_int_equal(verp_make("returned-mail-of-us@example.org", "mini",
	    "2025-W23", ref, hmac, path, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.msg, "before the @"));
	assert_int_equal(verp_make("b@example.org", "mini", "2025-W23", "x!",
	    hmac, path, &err), -1);
	assert_int_equal(verp_make("b", "mini", "2025-W23", ref, hmac,
	    path, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made_and_read),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(too_long),
	};

	return cmocka_run_group_tests(tests, open_key, close_key);
}
