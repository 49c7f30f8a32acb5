/*
 * The forms of numbers, with the whole numbers that CLDR 47 gives as samples of
 * each (supplemental/plurals.json).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "text/plural.h"

/* `~` is from one to the other. */
static const struct { const char *languages, *samples; } rows[] = {
	{ "af an asa ast az bal bem bez bg brx ce cgg chr ckb da de "
	    "dv ee el en eo et eu fi fo fur fy gl gsw ha haw hu ia io "
	    "jgo jmc ka kaj kcg kk kkj kl ks ksb ku ky lb lg lij mas "
	    "mgo ml mn mr nah nb nd ne nl nn nnh no nr ny nyn om or os "
	    "pap ps rm rof rwk saq sc sd sdh seh sn so sq ss ssy st sv "
	    "sw syr ta te teo tig tk tn tr ts ug ur uz ve vo vun wae xh "
	    "xog yi",
	    "one 1; other 0 2~16 100 1000 10000 100000 1000000" },
	{ "bm bo dz hnj id ig ii ja jbo jv jw kde kea km ko lkt lo ms "
	    "my nqo osa sah ses sg su th to tpi vi wo yo yue zh",
	    "other 0~15 100 1000 10000 100000 1000000" },
	{ "ak am as bho bn csw doi fa ff gu guw hi hy kab kn ln mg "
	    "nso pa pcm si ti wa zu",
	    "one 0 1; other 2~17 100 1000 10000 100000 1000000" },
	{ "he iu naq sat se sma smi smj smn sms",
	    "one 1; two 2; other 0 3~17 100 1000 10000 100000 1000000" },
	{ "ca es it lld pt-PT scn vec",
	    "one 1; many 1000000; other 0 2~16 100 1000 10000 100000" },
	{ "bs hr sh sr",
	    "one 1 21 31 41 51 61 71 81 101 1001; few 2~4 22~24 32~34 "
	    "42~44 52~54 62 102 1002; other 0 5~19 100 1000 10000 "
	    "100000 1000000" },
	{ "be ru uk",
	    "one 1 21 31 41 51 61 71 81 101 1001; few 2~4 22~24 32~34 "
	    "42~44 52~54 62 102 1002; many 0 5~19 100 1000 10000 100000 "
	    "1000000" },
	{ "blo ksh lag",
	    "zero 0; one 1; other 2~17 100 1000 10000 100000 1000000" },
	{ "ceb fil tl",
	    "one 0~3 5 7 8 10~13 15 17 18 20 21 100 1000 10000 100000 "
	    "1000000; other 4 6 9 14 16 19 24 26 104 1004" },
	{ "dsb hsb sl",
	    "one 1 101 201 301 401 501 601 701 1001; two 2 102 202 302 "
	    "402 502 602 702 1002; few 3 4 103 104 203 204 303 304 403 "
	    "404 503 504 603 604 703 704 1003; other 0 5~19 100 1000 "
	    "10000 100000 1000000" },
	{ "ar ars",
	    "zero 0; one 1; two 2; few 3~10 103~110 1003; many 11~26 "
	    "111 1011; other 100~102 200~202 300~302 400~402 500~502 "
	    "600 1000 10000 100000 1000000" },
	{ "cs sk",
	    "one 1; few 2~4; other 0 5~19 100 1000 10000 100000 1000000" },
	{ "fr pt",
	    "one 0 1; many 1000000; other 2~17 100 1000 10000 100000" },
	{ "is mk",
	    "one 1 21 31 41 51 61 71 81 101 1001; other 0 2~16 100 1000 "
	    "10000 100000 1000000" },
	{ "lv prg",
	    "zero 0 10~20 30 40 50 60 100 1000 10000 100000 1000000; "
	    "one 1 21 31 41 51 61 71 81 101 1001; other 2~9 22~29 102 "
	    "1002" },
	{ "mo ro",
	    "one 1; few 0 2~16 101 1001; other 20~35 100 1000 10000 "
	    "100000 1000000" },
	{ "br",
	    "one 1 21 31 41 51 61 81 101 1001; two 2 22 32 42 52 62 82 "
	    "102 1002; few 3 4 9 23 24 29 33 34 39 43 44 49 103 1003; "
	    "many 1000000; other 0 5~8 10~20 100 1000 10000 100000" },
	{ "cy",
	    "zero 0; one 1; two 2; few 3; many 6; other 4 5 7~20 100 "
	    "1000 10000 100000 1000000" },
	{ "ga",
	    "one 1; two 2; few 3~6; many 7~10; other 0 11~25 100 1000 "
	    "10000 100000 1000000" },
	{ "gd",
	    "one 1 11; two 2 12; few 3~10 13~19; other 0 20~34 100 1000 "
	    "10000 100000 1000000" },
	{ "gv",
	    "one 1 11 21 31 41 51 61 71 101 1001; two 2 12 22 32 42 52 "
	    "62 72 102 1002; few 0 20 40 60 80 100 120 140 1000 10000 "
	    "100000 1000000; other 3~10 13~19 23 103 1003" },
	{ "kw",
	    "zero 0; one 1; two 2 22 42 62 82 102 122 142 1000 10000 "
	    "100000; few 3 23 43 63 83 103 123 143 1003; many 21 41 61 "
	    "81 101 121 141 161 1001; other 4~19 100 1004 1000000" },
	{ "lt",
	    "one 1 21 31 41 51 61 71 81 101 1001; few 2~9 22~29 102 "
	    "1002; other 0 10~20 30 40 50 60 100 1000 10000 100000 "
	    "1000000" },
	{ "mt",
	    "one 1; two 2; few 0 3~10 103~109 1003; many 11~19 111~117 "
	    "1011; other 20~35 100 1000 10000 100000 1000000" },
	{ "pl",
	    "one 1; few 2~4 22~24 32~34 42~44 52~54 62 102 1002; many 0 "
	    "5~19 100 1000 10000 100000 1000000" },
	{ "shi",
	    "one 0 1; few 2~10; other 11~26 100 1000 10000 100000 "
	    "1000000" },
	{ "tzm",
	    "one 0 1 11~24; other 2~10 100~106 1000 10000 100000 "
	    "1000000" }
};

static void
check(const char *language, uint64_t n, enum plural want)
{
	enum plural form = plural_of(language, n);

	if (form != want)
		fail_msg("%s %llu: %s, not %s", language,
		    (unsigned long long)n, plural_name(form),
		    plural_name(want));
}

static void
check_samples(const char *language, const char *p)
{
	enum plural want = PLURALS;
	uint64_t n, to;
	char *end;
	size_t len;

	for (; *p != '\0'; p += strspn(p, " ;")) {
		len = strcspn(p, " ;");
		if (*p >= 'a') {
			want = plural_named(p, len);
			assert_int_not_equal(want, PLURALS);
			p += len;
			continue;
		}
		n = to = strtoull(p, &end, 10);
		if (*end == '~')
			to = strtoull(end + 1, &end, 10);
		assert_ptr_equal(end, p + len);
		for (; n <= to; n++)
			check(language, n, want);
		p = end;
	}
}

static void
the_samples_of_cldr_have_their_forms(void **state)
{
	char language[16];
	const char *p;
	size_t i, len;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (p = rows[i].languages; *p != '\0'; p += len) {
			p += strspn(p, " ");
			len = strcspn(p, " ");
			assert_true(len < sizeof(language));
			memcpy(language, p, len);
			language[len] = '\0';
			check_samples(language, rows[i].samples);
		}
}

/* What a region or a script changes, and numbers of which CLDR has no
 * sample. */
static void
the_rest_of_a_tag_and_large_numbers(void **state)
{
	static const struct {
		const char *language;
		uint64_t n;
		enum plural want;
	} cases[] = {
		{ "pt-BR", 0, PLURAL_ONE },
		{ "pt-AO", 0, PLURAL_ONE },
		{ "pt-x-PT", 0, PLURAL_ONE },
		{ "PT-pt", 0, PLURAL_OTHER },
		{ "pt_PT", 0, PLURAL_OTHER },
		{ "pt-Latn-PT", 0, PLURAL_OTHER },
		{ "pt-Latn-PT", 1, PLURAL_ONE },
		{ "pt-Latn-BR", 0, PLURAL_ONE },
		{ "br-FR", 1001, PLURAL_ONE },
		{ "br", 171, PLURAL_OTHER },
		{ "br", 3000000, PLURAL_MANY },
		{ "kw", 21000, PLURAL_OTHER },
		{ "kw", 60000, PLURAL_TWO },
		{ "kw", 120000, PLURAL_TWO },
		{ "kw", 160000, PLURAL_TWO },
		{ "kw", 200000, PLURAL_OTHER },
		{ "kw", 1100000, PLURAL_TWO },
		{ "kw", 180, PLURAL_OTHER },
		{ "fr-CA", 2000000, PLURAL_MANY },
		{ "fr", 1500000, PLURAL_OTHER },
		{ "qqq", 1, PLURAL_ONE },
		{ "qqq", 0, PLURAL_OTHER },
		{ "", 1, PLURAL_ONE }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check(cases[i].language, cases[i].n, cases[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_samples_of_cldr_have_their_forms),
		cmocka_unit_test(the_rest_of_a_tag_and_large_numbers)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
