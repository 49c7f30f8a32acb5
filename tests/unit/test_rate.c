#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rate.h"

static void
rates(void **state)
{
	static const struct { const char *text; int64_t an_hour; } good[] = {
		{ "20/s", 72000 }, { "600/m", 36000 }, { "5000/h", 5000 },
		{ "50000/d", 2083 }, { "1/h", 1 }, { "24/d", 1 },
		{ "47/d", 1 }, { "48/d", 2 }, { "1000/s", 3600000 },
		{ "60000/m", 3600000 }, { "3600000/h", 3600000 },
		{ "86400000/d", 3600000 }, { "1/s", 3600 }, { "1/m", 60 },
		{ "20 /s", 72000 }, { "20/ s", 72000 }, { "20  /  s", 72000 },
		{ "007/h", 7 }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int64_t got = -1;

		if (rate_parse(good[i].text, &got) != 0 ||
		    got != good[i].an_hour)
			fail_msg("%s: %lld", good[i].text, (long long)got);
	}
}

static void
no_rates(void **state)
{
	static const char *const bad[] = {
		"", "20", "/s", "20/", "20/x", "20/sec", "20/S", "20 s", "s",
		"0/s", "-1/s", "+1/s", " 1/s", "1/s ", "1.5/s", "1,5/s",
		"1e3/h", "0x10/h", "23/d", "1/d", "1001/s", "60001/m",
		"3600001/h", "86400024/d", "86400001/d/d", "20//s", "20/s/s",
		"99999999999999999999/h", "9223372036854775807/s", "1/\ts",
		"\xd9\xa1/s"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t got = -1;

		if (rate_parse(bad[i], &got) != -1)
			fail_msg("`%s`: %lld", bad[i], (long long)got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rates),
		cmocka_unit_test(no_rates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
