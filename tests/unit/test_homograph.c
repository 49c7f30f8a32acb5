/* Domains that mix the letters of scripts that look alike. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mail/address.h"
#include "mail/homograph.h"

static void
labels_of_two_scripts(void **state)
{
	static const struct {
		const char *address, *want;	/* a part; NULL: no doubt */
	} cases[] = {
		{ "jo@example.org", NULL },
		{ "jo@b\xc3\xbc" "cher-1.example", NULL },
		{ "jo@\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.example",
		    NULL },
		{ "jo@\xce\xb4\xce\xbf\xce\xba.example", NULL },
		{ "jo@\xe5\xb1\xb1" "abc.example", NULL },
		/* As Japanese and Korean are written. */
		{ "jo@\xe6\xbc\xa2\xe3\x81\xb2\xe3\x82\xab\xe3\x83\xbc" "abc"
		    ".example", NULL },
		{ "jo@\xed\x95\x9c\xe6\xbc\xa2" "abc.example", NULL },
		/* Marks and digits are of all. */
		{ "jo@\xd0\xb0\xcc\x81" "1.example", NULL },
		{ "jo@q\xcc\x81" "1.example", NULL },
		/* Each label for itself. */
		{ "jo@\xd0\xbf\xd1\x80.abc.example", NULL },
		/* U+3002 is a dot; U+00B5 becomes Greek. */
		{ "jo@abc\xe3\x80\x82\xd0\xbf\xd1\x80.example", NULL },
		{ "jo@\xc2\xb5torrent.example", "Latin and Greek" },
		/* The local part is no domain. */
		{ "p\xd0\xb0y@example.org", NULL },
		{ "jo@p\xd0\xb0ypal.example", "`p\xd0\xb0ypal` has Latin and "
		    "Cyrillic letters" },
		{ "jo@www.p\xd0\xb0ypal.example", "`p\xd0\xb0ypal` has" },
		{ "jo@g\xce\xbfogle.example", "Latin and Greek" },
		{ "jo@\xce\xb4\xd0\xb0.example", "Greek and Cyrillic" },
		{ "jo@g\xce\xbf\xd0\xb0.example", "Latin, Greek and Cyrillic" },
		{ "jo@g\xd6\x85\xd6\x85gle.example", "Latin and Armenian" },
		{ "jo@g\xe2\xb2\x9fogle.example", "Latin and Coptic" },
		{ "jo@g\xea\xae\x8eogle.example", "Latin and Cherokee" },
		{ "jo@\xea\x93\x96ogle.example", "Latin and Lisu" },
		{ "jo@\xd5\xb0\xd5\xa1\xd5\xb5.example", NULL },
		{ "jo@\xea\x93\x90\xea\x93\xb2.example", NULL },
		/* As an A-label. */
		{ "jo@xn--pypal-4ve.example", "`p\xd0\xb0ypal` has Latin" },
	};
	struct arena a = ARENA_INIT;
	struct address out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		const char *got;

		if (address_parse(&a, cases[i].address, &out, &err) != 0)
			fail_msg("%s: %s", cases[i].address, err.msg);
		got = homograph_find(&a, out.key);
		if ((got == NULL) != (cases[i].want == NULL) || (got != NULL &&
		    strstr(got, cases[i].want) == NULL))
			fail_msg("%s: %s", cases[i].address,
			    got == NULL ? "no doubt" : got);
	}
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_of_two_scripts)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
