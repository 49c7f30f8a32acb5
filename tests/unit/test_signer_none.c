/*
 * What a build without libopendkim says: that file is put in here, in the
 * place of the library's.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "mail/signer_none.c"

static void
it_says_what_is_missing(void **state)
{
	const struct signer_key key = { "r1", "key.pem" };
	struct err err = ERR_INIT;

	(void)state;
	assert_null(signer_open("example.org", &key, 1, &err));
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_non_null(strstr(err.msg, "built with libopendkim"));
	assert_non_null(strstr(err.msg, "dkim_key_file"));
	assert_int_equal(signer_sign(NULL, NULL, 0, NULL, &err), -1);
	signer_close(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_what_is_missing)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
