#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "mail/address.h"

#define A10 "aaaaaaaaaa"
#define A60 A10 A10 A10 A10 A10 A10

static void
known_addresses(void **state)
{
	static const struct {
		const char *typed, *wire, *key;
	} cases[] = {
		{ "jo@example.org", "jo@example.org", "jo@example.org" },
		{ "Jo.Doe+x@Example.ORG", "Jo.Doe+x@Example.ORG",
		    "jo.doe+x@example.org" },
		{ "!#$%&'*+-/=?^_`{|}~@example.org",
		    "!#$%&'*+-/=?^_`{|}~@example.org",
		    "!#$%&'*+-/=?^_`{|}~@example.org" },
		{ "\"Jo Doe\"@example.org", "\"Jo Doe\"@example.org",
		    "\"jo doe\"@example.org" },
		{ "\"a@b\\\"<,\"@example.org", "\"a@b\\\"<,\"@example.org",
		    "\"a@b\\\"<,\"@example.org" },
		{ "root@localhost", "root@localhost", "root@localhost" },
		{ "root@LocalHost", "root@LocalHost", "root@localhost" },
		{ "jo@b\xc3\xbc" "cher.example", "jo@xn--bcher-kva.example",
		    "jo@xn--bcher-kva.example" },
		{ "Jo@B\xc3\x9c" "CHER.example", "Jo@xn--bcher-kva.example",
		    "jo@xn--bcher-kva.example" },
		/* The same in decomposed form, and with an ideographic dot. */
		{ "jo@bu\xcc\x88" "cher.example", "jo@xn--bcher-kva.example",
		    "jo@xn--bcher-kva.example" },
		{ "jo@b\xc3\xbc" "cher\xe3\x80\x82" "example",
		    "jo@xn--bcher-kva.example", "jo@xn--bcher-kva.example" },
		/* IDNA 2008 keeps the sharp s. */
		{ "jo@stra\xc3\x9f" "e.example", "jo@xn--strae-oqa.example",
		    "jo@xn--strae-oqa.example" },
		{ "jo@xn--bcher-kva.example", "jo@xn--bcher-kva.example",
		    "jo@xn--bcher-kva.example" },
		{ "a@1and1.com", "a@1and1.com", "a@1and1.com" },
		{ A60 "aaaa@example.org", A60 "aaaa@example.org",
		    A60 "aaaa@example.org" },
		{ "a@" A60 "aaa.org", "a@" A60 "aaa.org", "a@" A60 "aaa.org" }
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		struct address out;

		if (address_parse(&a, cases[i].typed, &out, &err) != 0)
			fail_msg("%s: %s", cases[i].typed, err.msg);
		assert_string_equal(out.name, "");
		assert_string_equal(out.typed, cases[i].typed);
		assert_string_equal(out.wire, cases[i].wire);
		assert_string_equal(out.key, cases[i].key);
		assert_int_equal(err.kind, ERR_NONE);
	}
	arena_release(&a);
}

static void
bad_addresses_say_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *want;	/* a part of the message */
	} cases[] = {
		{ "", "is empty" },
		{ "jo", "has no @" },
		{ "@example.org", "nothing before the @" },
		{ "jo@", "no domain" },
		{ "jo@example", "only one part" },
		{ "jo@localhos", "only one part" },
		{ "jo@localhostx", "only one part" },
		{ "jo doe@example.org", "' '" },
		{ " jo@example.org", "' '" },
		{ "jo@example.org ", "has ' '" },
		{ "jo@exa_mple.org", "'_'" },
		{ "jo@ex@ample.org", "'@'" },
		{ ".jo@example.org", "with a dot" },
		{ "jo.@example.org", "with a dot" },
		{ "j..o@example.org", "two dots" },
		{ "jo@.example.org", "a dot" },
		{ "jo@example.org.", "a dot" },
		{ "jo@example..org", "a dot" },
		{ "jo@-example.org", "hyphen" },
		{ "jo@example-.org", "hyphen" },
		{ "jo@[127.0.0.1]", "in brackets" },
		{ "jo@127.0.0.1", "ends with a number" },
		{ "j\xe2\x80\xaeo@example.org", "U+202E" },
		{ "j\xc2\xa0o@example.org", "U+00A0" },
		{ "\"j\xe3\x80\x80o\"@example.org", "U+3000" },
		{ "j\xef\xbf\xbeo@example.org", "U+FFFE" },
		{ "\"j\\\xc3\xb6\"@example.org", "cannot be printed" },
		{ "\xc3\xb6.@example.org", "with a dot" },
		{ "\xc3\xb6 o@example.org", "' '" },
		{ A60 "aaa\xc3\xb6@example.org", "65 octets in UTF-8" },
		{ "\"jo@example.org", "not closed" },
		{ "\"jo\"doe@example.org", "not followed by @" },
		{ "jo@example.org\r\nRCPT TO:<x@example.net>", "U+000D" },
		{ "jo\n@example.org", "U+000A" },
		{ "jo@exam\xff.org", "not UTF-8" },
		{ "jo@\xe2\x80\xae.example", "international domain" },
		{ "jo@b\xc3\xbc" "cher", "only one part" },
		{ "jo@b\xc3\xbc..example", "begins or ends with a dot" },
		{ A60 "aaaaa@example.org", "65 characters" },
		{ "a@" A60 "aaaa.org", "64 characters" },
		{ "a@" A60 "." A60 "." A60 "." A60 "." A10 ".org",
		    "longer than 254" },
		{ "jo@example.org, al@example.org", "','" },
		{ "jo(a comment)@example.org", "'('" }
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		struct address out = { .typed = "untouched" };

		if (address_parse(&a, cases[i].text, &out, &err) != -1)
			fail_msg("accepted: %s", cases[i].text);
		if (strstr(err.msg, cases[i].want) == NULL)
			fail_msg("%s: %s", cases[i].text, err.msg);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_string_equal(out.typed, "untouched");
	}
	arena_release(&a);
}

static void
length_limit_is_254(void **state)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	struct address out;
	struct buf b;
	size_t extra;

	(void)state;
	buf_init(&b, 0);
	for (extra = 0; extra < 2; extra++) {
		buf_clear(&b);
		buf_adds(&b, "a@" A60 "." A60 "." A60 "." A60 ".");
		while (b.len < 254 + extra)
			buf_addc(&b, 'c');
		assert_int_equal(address_parse(&a, b.data, &out, &err),
		    extra == 0 ? 0 : -1);
	}
	/* A million bytes are not looked at one by one, nor shown. */
	while (b.len < 1000000)
		buf_addc(&b, 'c');
	assert_int_equal(address_parse(&a, b.data, &out, &err), -1);
	assert_true(strlen(err.msg) < 200);
	assert_int_equal(address_parse_mailbox(&a, b.data, &out, &err), -1);
	assert_true(strlen(err.msg) < 200);
	assert_true(a.used < 100000);
	buf_release(&b);
	arena_release(&a);
}

static void
known_mailboxes(void **state)
{
	static const struct {
		const char *text, *name, *typed;
	} cases[] = {
		{ "jo@example.org", "", "jo@example.org" },
		{ "  jo@example.org\t", "", "jo@example.org" },
		{ "<jo@example.org>", "", "jo@example.org" },
		{ "Jo Doe <jo@example.org>", "Jo Doe", "jo@example.org" },
		{ "Jo Doe<jo@example.org>", "Jo Doe", "jo@example.org" },
		{ "\"Doe, Jo\" <jo@example.org>", "Doe, Jo",
		    "jo@example.org" },
		{ "\"a \\\"b\\\" \\\\ <c>\" <jo@example.org>", "a \"b\" \\ <c>",
		    "jo@example.org" },
		{ "Jo \"J.\" Doe <jo@example.org>", "Jo J. Doe",
		    "jo@example.org" },
		{ "Dr. J\xc3\xb6 (x) <jo@example.org>", "Dr. J\xc3\xb6 (x)",
		    "jo@example.org" },
		{ "jo@example.org <jo@example.org>", "jo@example.org",
		    "jo@example.org" },
		{ "\"Jo Doe\"@example.org", "", "\"Jo Doe\"@example.org" },
		{ "\"a<b>\"@example.org", "", "\"a<b>\"@example.org" },
		{ "Jo <\"a>b<\"@example.org>", "Jo",
		    "\"a>b<\"@example.org" },
		{ "\"\" <jo@example.org>", "", "jo@example.org" }
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		struct address out;

		if (address_parse_mailbox(&a, cases[i].text, &out, &err) != 0)
			fail_msg("%s: %s", cases[i].text, err.msg);
		assert_string_equal(out.name, cases[i].name);
		assert_string_equal(out.typed, cases[i].typed);
	}
	arena_release(&a);
}

static void
bad_mailboxes_say_what_is_wrong(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "", "is empty" },
		{ "   ", "is empty" },
		{ "Jo <>", "is empty" },
		{ "Jo Doe", "has no @" },
		{ "Jo <jo@example.org", "does not end with" },
		{ "Jo <jo@example.org> x", "does not end with" },
		{ "Jo <jo@example.org> (home)", "does not end with" },
		{ "Doe, Jo <jo@example.org>", "in quotes" },
		{ "a@example.org, Jo <jo@example.org>", "in quotes" },
		{ "\"Jo <jo@example.org>", "not closed" },
		{ "Jo <a@example.org> <b@example.org>", "'>'" },
		{ "Jo\r\nBcc: x <jo@example.org>", "U+000D" },
		{ "J\x1bo <jo@example.org>", "U+001B" },
		{ "J\xffo <jo@example.org>", "not UTF-8" },
		{ "Jo < jo@example.org>", "' '" }
	};
	struct arena a = ARENA_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		struct address out = { .typed = "untouched" };

		if (address_parse_mailbox(&a, cases[i].text, &out, &err) != -1)
			fail_msg("accepted: %s", cases[i].text);
		if (strstr(err.msg, cases[i].want) == NULL)
			fail_msg("%s: %s", cases[i].text, err.msg);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_string_equal(out.typed, "untouched");
	}
	arena_release(&a);
}

/* By Python: base64.urlsafe_b64encode(hashlib.sha256(list + b"\0" + key)
 * .digest()[:12]). */
static void
known_refs(void **state)
{
	char ref[ADDRESS_REF_SIZE];

	(void)state;
	address_ref("friends", "jo@example.org", ref);
	assert_string_equal(ref, "ZygfbqryE9aXhZxZ");
	address_ref("friends", "jo@xn--bcher-kva.example", ref);
	assert_string_equal(ref, "kz-hLWEERQAFnUJ6");
	address_ref("", "", ref);
	assert_string_equal(ref, "bjQLnP-zepicpUTm");
	address_ref("friend", "sjo@example.org", ref);
	assert_string_equal(ref, "d6Ku10WPLc6z40e3");
}

/* RFC 6531: the local part in NFC, lower case of ASCII alone. */
static void
letters_outside_ascii(void **state)
{
	static const struct {
		const char *typed, *wire, *key;
	} cases[] = {
		{ "b\xc3\xbc" "cher@example.org", "b\xc3\xbc" "cher@example.org",
		    "b\xc3\xbc" "cher@example.org" },
		{ "Bu\xcc\x88" "cher@Example.org", "B\xc3\xbc" "cher@Example.org",
		    "b\xc3\xbc" "cher@example.org" },
		{ "\xc3\x9c" "A@example.org", "\xc3\x9c" "A@example.org",
		    "\xc3\xbc" "a@example.org" },
		{ "\"\xc3\xb6 x\"@example.org", "\"\xc3\xb6 x\"@example.org",
		    "\"\xc3\xb6 x\"@example.org" },
		{ "\xe5\xb1\xb1@b\xc3\xbc" "cher.example",
		    "\xe5\xb1\xb1@xn--bcher-kva.example",
		    "\xe5\xb1\xb1@xn--bcher-kva.example" },
		{ "jo@b\xc3\xbc" "cher.example", "jo@xn--bcher-kva.example",
		    "jo@xn--bcher-kva.example" },
	};
	struct arena a = ARENA_INIT;
	struct address out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;
		bool utf8 = i < sizeof(cases) / sizeof(cases[0]) - 1;

		if (address_parse(&a, cases[i].typed, &out, &err) != 0)
			fail_msg("%s: %s", cases[i].typed, err.msg);
		assert_string_equal(out.typed, cases[i].typed);
		assert_string_equal(out.wire, cases[i].wire);
		assert_string_equal(out.key, cases[i].key);
		assert_int_equal(out.utf8, utf8);
		assert_int_equal(address_need_ascii(&out, &err), utf8 ? -1 : 0);
		if (utf8)
			assert_non_null(strstr(err.msg, "not ASCII"));
	}
	arena_release(&a);
}

/* ---- the isemail suite ---- */

/*
 * What the suite calls valid, and showmill refuses on purpose: the digest goes
 * to people's mailboxes on the Internet. All else that the suite calls valid
 * for SMTP is accepted, and what it calls folding white space, deprecated, RFC
 * 5322 only, or an error, is refused.
 */
static const struct {
	unsigned id;
	const char *why;
} policy[] = {
	{ 5, "a domain of one label" },
	{ 166, "a domain of one label" },
	{ 23, "a numeric top-level domain" },
	{ 24, "an IPv4 address without brackets" },
	{ 61, "an address literal" },
	{ 68, "an address literal" },
	{ 72, "an address literal" },
	{ 75, "an address literal" },
	{ 77, "an address literal" },
	{ 79, "an address literal" },
	{ 81, "an address literal" }
};

static bool
is_policy(unsigned id)
{
	size_t i;

	for (i = 0; i < sizeof(policy) / sizeof(policy[0]); i++)
		if (policy[i].id == id)
			return true;
	return false;
}

/* A reference at s: its character; *s goes behind it. */
static char
entity(const char **s)
{
	static const struct {
		const char *name;
		char c;
	} names[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' },
		{ "&quot;", '"' }, { "&apos;", '\'' } };
	unsigned long cp;
	char *end;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strncmp(*s, names[i].name, strlen(names[i].name)) == 0) {
			*s += strlen(names[i].name);
			return names[i].c;
		}
	}
	assert_memory_equal(*s, "&#", 2);
	cp = (*s)[2] == 'x' ? strtoul(*s + 3, &end, 16)
	    : strtoul(*s + 2, &end, 10);
	assert_int_equal(*end, ';');
	*s = end + 1;
	/* The suite writes control characters as their pictures. */
	if (cp >= 0x2400 && cp < 0x2420)
		cp -= 0x2400;
	assert_true(cp < 0x100);
	return (char)cp;
}

/* The text of <name>…</name> in the test at p; "" for an empty element. A
 * NUL, which no C string can hold, becomes \x01: not allowed either. */
static void
element(const char *p, const char *name, struct buf *out)
{
	char open[40];
	const char *s;

	buf_clear(out);
	snprintf(open, sizeof(open), "<%s>", name);
	s = strstr(p, open);
	if (s == NULL || s > strstr(p, "</test>"))
		return;
	for (s += strlen(open); *s != '<';) {
		char c = *s == '&' ? entity(&s) : *s++;

		buf_addc(out, c == '\0' ? '\x01' : c);
	}
}

static bool
is_valid_category(const char *category)
{
	return strcmp(category, "ISEMAIL_VALID_CATEGORY") == 0 ||
	    strcmp(category, "ISEMAIL_DNSWARN") == 0 ||
	    strcmp(category, "ISEMAIL_RFC5321") == 0;
}

/* Returns whether the suite calls it valid. */
static bool
suite_test(const char *p)
{
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	struct buf text, category;
	struct address out;
	unsigned id = (unsigned)strtoul(p + strlen("<test id=\""), NULL, 10);
	bool valid, accepted;

	buf_init(&text, 0);
	buf_init(&category, 0);
	element(p, "address", &text);
	element(p, "category", &category);
	valid = is_valid_category(category.data);
	accepted = address_parse(&a, text.data, &out, &err) == 0;
	if (is_policy(id))
		assert_true(valid && !accepted);
	else if (accepted != valid)
		fail_msg("test %u, %s: %s, but %s", id, text.data,
		    category.data, accepted ? "accepted" : err.msg);
	buf_release(&text);
	buf_release(&category);
	arena_release(&a);
	return valid;
}

static void
verdicts_of_isemail(void **state)
{
	const char *shared = getenv("SHARED");
	struct arena a = ARENA_INIT;
	struct err err = ERR_INIT;
	size_t tests = 0, valid = 0;
	struct buf xml;
	const char *p;

	(void)state;
	buf_init(&xml, 0);
	p = fs_join(&a, shared != NULL ? shared : "../shared",
	    "suites/isemail/test/tests.xml");
	if (!fs_is_file(p)) {
		arena_release(&a);
		skip();
	}
	assert_int_equal(fs_read(p, 1 << 20, &xml, NULL, &err), 0);
	for (p = xml.data; (p = strstr(p, "<test id=\"")) != NULL; p++) {
		valid += suite_test(p);
		tests++;
	}
	print_message("isemail: %zu of %zu as the suite says, %zu refused on "
	    "purpose\n", tests - sizeof(policy) / sizeof(policy[0]), tests,
	    sizeof(policy) / sizeof(policy[0]));
	assert_int_equal(tests, 164);
	assert_int_equal(valid, 38);
	buf_release(&xml);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_addresses),
		cmocka_unit_test(bad_addresses_say_what_is_wrong),
		cmocka_unit_test(length_limit_is_254),
		cmocka_unit_test(known_mailboxes),
		cmocka_unit_test(bad_mailboxes_say_what_is_wrong),
		cmocka_unit_test(known_refs),
		cmocka_unit_test(letters_outside_ascii),
		cmocka_unit_test(verdicts_of_isemail)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
