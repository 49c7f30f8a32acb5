/*
 * The page that shows a mail: its copies for the frames, and that nothing of a
 * mail gets out of its place in it.
 */
#include "told.h"

#include "base/buf.h"
#include "mail/lint.h"
#include "mail/preview.h"
#include "mold_example.h"

#define MARKUP "<!DOCTYPE html>\n<html><HEAD class=\"a\"><title>x</title>" \
    "<style>@media (prefers-color-scheme: dark) { p { color: #fff } }\n" \
    "@media screen and ( PREFERS-color-scheme:light ) { b { color: red } }" \
    "</style></HEAD><body><p>(prefers-color-scheme: dark) is CSS</p>" \
    "<img src=\"https://example.org/a.png\"></body></html>"

static const char *
copy(const char *html, enum preview_view view)
{
	struct buf out;
	const char *text;

	buf_init(&out, 0);
	preview_copy(html, view, &out);
	text = arena_strdup(&arena, out.data);
	buf_release(&out);
	return text;
}

static void
has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("`%s` is not in %s", part, text);
}

static void
dark_and_light(void **state)
{
	const char *light = copy(MARKUP, PREVIEW_LIGHT);
	const char *dark = copy(MARKUP, PREVIEW_DARK);

	(void)state;
	has(light, "@media (max-width:0) { p { color: #fff } }");
	has(light, "@media screen and (min-width:0) { b { color: red } }");
	has(light, "color-scheme:light");
	has(dark, "@media (min-width:0) { p { color: #fff } }");
	has(dark, "@media screen and (max-width:0) { b { color: red } }");
	has(dark, "color-scheme:dark");
	/* Words are no rules. */
	has(light, "<p>(prefers-color-scheme: dark) is CSS</p>");
	has(dark, "<p>(prefers-color-scheme: dark) is CSS</p>");
	has(dark, "<HEAD class=\"a\"><base target=\"_blank\">");
	/* Without rules for dark screens it stays as it is. */
	has(copy("<p>x</p>", PREVIEW_DARK), "color-scheme:light");
}

static void
pictures_off(void **state)
{
	const char *off = copy(MARKUP, PREVIEW_NO_PICTURES);

	(void)state;
	has(off, "img-src data:");
	has(off, "<img src=\"https://example.org/a.png\">");
	has(off, "(max-width:0) { p");
	assert_null(strstr(copy(MARKUP, PREVIEW_LIGHT), "img-src"));
}

static void
odd_pages(void **state)
{
	static const char *const pages[] = {
		"", "<", "<head", "<header>x", "prefers-color-scheme",
		"<style>(prefers-color-scheme", "<style>prefers-color-scheme:dark)",
		"(<style>prefers-color-scheme)", "<html>",
		"<style>((prefers-color-scheme))</style>"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(pages); i++) {
		assert_true(strlen(copy(pages[i], PREVIEW_DARK)) >
		    strlen(pages[i]));
		has(copy(pages[i], PREVIEW_LIGHT), "<base");
	}
	has(copy("<style>@media (prefers-color-scheme) {}</style>",
	    PREVIEW_DARK), "@media (min-width:0) {}");
	has(copy("<header>x", PREVIEW_LIGHT), "</style><header>x");
}

#define PICTURE_HTML "<p>\xc3\xa9 a = b\n-->\n--x\n " \
    "<img src=\"cid:1f.a_b-c@example.org\"> <img src=\"cid:2@example.org\">" \
    " cid:3@example.org " NAME "</p>\n"

static void
pictures_go_along(void **state)
{
	const struct mold_image images[] = {
		{ "2@example.org", "image/gif", "b.gif", "other", 5 },
		{ "1f.a_b-c@example.org", "image/png", "a.png", arena_alloc(
		    &arena, 100), 100 }
	};
	struct mold_input in = model;
	struct err err = ERR_INIT;
	const struct iovec *part;
	struct buf stored, message, out;
	struct mold *m;
	size_t n, i;

	(void)state;
	buf_init(&stored, 0);
	buf_init(&message, 0);
	buf_init(&out, 0);
	in.html = PICTURE_HTML;
	in.images = images;
	in.nimages = 2;
	assert_int_equal(mold_build(&in, &stored, &err), 0);
	m = mold_open(stored.data, stored.len, key, sizeof(key), &err);
	assert_int_equal(mold_fill(m, &jo, &part, &n, &err), 0);
	for (i = 0; i < n; i++)
		buf_add(&message, part[i].iov_base, part[i].iov_len);
	assert_true(preview_inline(message.data, message.len, &out));
	has(out.data, "<p>\xc3\xa9 a = b\n-->\n--x\n <img src=\"data:image/"
	    "png;base64,AAAAAAAA");
	has(out.data, "AAAA==\"> <img src=\"data:image/gif;base64,b3RoZXI=\"> "
	    "cid:3@example.org Jo</p>");
	assert_null(strchr(out.data, '\r'));
	/* Cut anywhere, it is no longer one; nothing is read behind its end. */
	for (i = 0; i < message.len; i += 7) {
		char *cut = arena_alloc(&arena, i + 1);

		memcpy(cut, message.data, i);
		buf_clear(&out);
		(void)preview_inline(cut, i, &out);
	}
	buf_clear(&out);
	assert_false(preview_inline("A: b\r\n\r\n", 8, &out));
	assert_int_equal(out.len, 0);
	mold_close(m);
	buf_release(&stored);
	buf_release(&message);
	buf_release(&out);
}

static size_t
count(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		n++;
	return n;
}

static const char *
page_of(const struct preview *p)
{
	struct buf out;
	const char *text;

	buf_init(&out, 0);
	preview_page(p, &out);
	text = arena_strdup(&arena, out.data);
	buf_release(&out);
	return text;
}

#define EVIL "\"></iframe><script>alert(1)</script>'&amp;"

static void
nothing_gets_out(void **state)
{
	const struct finding f[] = {
		{ SEV_INFO, "digest-x", NULL, 0, EVIL },
		{ SEV_ERROR, "digest-y", EVIL, 7, "an error" }
	};
	const char *asked[] = { EVIL };
	const struct preview p = {
		.show = EVIL, .edition = EVIL, .from = EVIL, .to = EVIL,
		.subject = EVIL, .row = EVIL, .preheader = EVIL, .html = EVIL, .text = EVIL,
		.message = "A: " EVIL "\r\n" "B: c\r\n d\r\n\r\nbody",
		.message_len = sizeof("A: " EVIL "\r\nB: c\r\n d\r\n\r\nbody")
		    - 1, .findings = f, .nfindings = 2, .asked = asked,
		.nasked = 1
	};
	const char *page = page_of(&p);

	(void)state;
	assert_int_equal(count(page, "<script"), 0);
	assert_int_equal(count(page, "<iframe "), 5);
	assert_int_equal(count(page, "</iframe>"), 5);
	assert_int_equal(count(page, "sandbox=\"allow-popups allow-popups-to-"
	    "escape-sandbox\""), 5);
	assert_int_equal(count(page, "<pre"), 2);
	has(page, "default-src 'none'");
	/* The worst comes first. */
	assert_true(strstr(page, "an error") < strstr(page, "[digest-x]"));
	has(page, "1 error, 0 warnings");
	has(page, ":7</bdi> [digest-y]");
	/* The head alone, as it is. */
	has(page, "B: c\n d\n</pre>");
}

static void
facts(void **state)
{
	char *html = arena_alloc(&arena, LINT_CLIP + 2);
	struct preview p = {
		.show = "A show", .edition = "2026-W01", .from = "A show",
		.subject = "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", .row = "Behind",
		.preheader = "Behind", .text = "text\n", .html = html,
		.message = "A: b\r\n\r\n", .message_len = 8
	};
	const char *page;

	(void)state;
	memset(html, 'x', LINT_CLIP);
	page = page_of(&p);
	has(page, "104,448 bytes");
	has(page, "100 % of the 102 KB");
	assert_null(strstr(page, "hides the rest"));
	has(page, "The subject has 4 characters");
	has(page, "The preheader behind it has 6.");
	has(page, "<h1><bdi>\xd7\xa9");
	has(page, "no rules for dark screens");
	has(page, "Nothing is wrong with it");
	html[LINT_CLIP] = 'x';
	p.preheader = "";
	page = page_of(&p);
	has(page, "hides the rest");
	has(page, "There is no preheader");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(dark_and_light), TOLD_TEST(pictures_off),
		TOLD_TEST(odd_pages),
		TOLD_TEST(pictures_go_along), TOLD_TEST(nothing_gets_out),
		TOLD_TEST(facts)
	};

	return cmocka_run_group_tests(tests, make_key, NULL);
}
