/* Transcripts for readers: cues put together, as HTML and as plain text; lines
 * as players show them; and languages from right to left. */
#include "text/captions_prose.h"

#include "text/language.h"
#include "told.h"

static struct captions
of(const struct caption *cues, size_t n)
{
	return (struct captions){ CAPTIONS_JSON, cues, n };
}

static void
a_paragraph_is(const struct captions_paragraph *p, int64_t start,
    const char *speaker, const char *text)
{
	assert_int_equal(p->start_ms, start);
	if (speaker == NULL)
		assert_null(p->speaker);
	else
		assert_string_equal(p->speaker, speaker);
	assert_string_equal(p->text, text);
}

static void
cues_of_one_speaker_are_a_paragraph(void **state)
{
	static const struct caption cues[] = {
		{ 0, 1000, "Ann", " Hello,\n you ", 1 },
		{ 1000, 2000, NULL, "there.", 2 },
		{ 2000, 3000, "Ann", "And", 3 },
		{ 3000, 4000, "Bo", "Yes", 4 },
		{ 4000, 5000, "Ann", "No", 5 },
	};
	struct captions c = of(cues, SIZE(cues));
	struct captions_paragraph *p;

	(void)state;
	assert_int_equal(captions_paragraphs(&arena, &c, &p), 3);
	a_paragraph_is(&p[0], 0, "Ann", "Hello, you there. And");
	a_paragraph_is(&p[1], 3000, "Bo", "Yes");
	a_paragraph_is(&p[2], 4000, "Ann", "No");
}

static void
time_parts_paragraphs(void **state)
{
	static const struct caption cues[] = {
		{ 500, -1, NULL, "one", 1 },
		{ 20499, -1, NULL, "Two.", 2 },		/* just inside */
		{ 20500, -1, NULL, "three", 3 },	/* a sentence ended */
		{ 50499, -1, NULL, "four", 4 },
		{ 50500, -1, NULL, "five", 5 },		/* 30 seconds */
		{ 71000, -1, NULL, "Six?\xe2\x80\x9d", 6 },	/* none ended */
		{ 72000, -1, "Ann", "Seven", 7 },
		{ 103000, -1, NULL, "eight", 8 },	/* she goes on */
	};
	struct captions c = of(cues, SIZE(cues));
	struct captions_paragraph *p;

	(void)state;
	assert_int_equal(captions_paragraphs(&arena, &c, &p), 5);
	a_paragraph_is(&p[0], 500, NULL, "one Two.");
	a_paragraph_is(&p[1], 20500, NULL, "three four");
	a_paragraph_is(&p[2], 50500, NULL, "five Six?\xe2\x80\x9d");
	a_paragraph_is(&p[3], 72000, "Ann", "Seven");
	a_paragraph_is(&p[4], 103000, NULL, "eight");
}

static void
a_quote_ends_a_sentence(void **state)
{
	static const struct caption cues[] = {
		{ 0, -1, NULL, "\xe2\x80\x9cSix?\xe2\x80\x9d", 1 },
		{ 20000, -1, NULL, "seven", 2 },
	};
	struct captions c = of(cues, SIZE(cues));
	struct captions_paragraph *p;

	(void)state;
	assert_int_equal(captions_paragraphs(&arena, &c, &p), 2);
}

static void
no_blank_where_the_script_has_none(void **state)
{
	static const struct caption cues[] = {
		{ 0, -1, NULL, "\xe6\x97\xa5\xe6\x9c\xac", 1 },	/* 日本 */
		{ 1000, -1, NULL, "\xe8\xaa\x9e\nPHP", 2 },	/* 語 */
		{ 2000, -1, NULL, "\xed\x95\x9c", 3 },		/* 한 */
		{ 3000, -1, NULL, "\xea\xb5\xad", 4 },		/* 국 */
	};
	struct captions c = of(cues, SIZE(cues));
	struct captions_paragraph *p;

	(void)state;
	assert_int_equal(captions_paragraphs(&arena, &c, &p), 1);
	a_paragraph_is(&p[0], 0, NULL, "\xe6\x97\xa5\xe6\x9c\xac"
	    "\xe8\xaa\x9e PHP \xed\x95\x9c \xea\xb5\xad");
}

static void
nothing_at_all(void **state)
{
	struct captions c = of(NULL, 0);
	struct captions_paragraph *p;

	(void)state;
	assert_int_equal(captions_paragraphs(&arena, &c, &p), 0);
}

static const struct caption talk[] = {
	{ 0, 1000, "A <b> & \"C\"", "One </p> & two", 1 },
	{ 3725000, 3726000, "Bo", "Three", 2 },
	{ 3756000, 3757000, "Bo", "Four", 3 },
};

static void
html(void **state)
{
	struct captions c = of(talk, SIZE(talk));
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	captions_html(&c, "It's <1>", "ar", &out);
	assert_string_equal(out.data, "<!DOCTYPE html>\n"
	    "<html lang=\"ar\" dir=\"rtl\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<title>It&#39;s &lt;1&gt;</title>\n</head>\n<body>\n"
	    "<cite>A &lt;b&gt; &amp; &quot;C&quot;:</cite>\n"
	    "<time>0:00</time>\n<p>One &lt;/p&gt; &amp; two</p>\n"
	    "<cite>Bo:</cite>\n<time>1:02:05</time>\n<p>Three</p>\n"
	    "<time>1:02:36</time>\n<p>Four</p>\n"
	    "</body>\n</html>\n");
	assert_int_equal(captions_recognise(out.data, out.len),
	    CAPTIONS_HTML);
	buf_release(&out);
}

static void
plain(void **state)
{
	struct captions c = of(talk, SIZE(talk));
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	captions_plain(&c, &out);
	assert_string_equal(out.data, "A <b> & \"C\": One </p> & two\n\n"
	    "Bo: Three\n\nFour\n");
	buf_release(&out);
}

/* ---- lines ---- */

static void
narrow_is(const char *speaker, const char *text, enum captions_format format,
    const char *want)
{
	const struct caption cue = { 0, 1000, speaker, text, 1 };
	struct captions c = of(&cue, 1);
	struct err err = ERR_INIT;
	unsigned lost = 99;
	struct buf out;

	buf_init(&out, 0);
	assert_int_equal(captions_write_narrow(&c, format, &out, &lost, &err),
	    0);
	if (strstr(out.data, want) == NULL)
		fail_msg("`%s` is not in %s", want, out.data);
	assert_int_equal(lost, 0);
	buf_release(&out);
}

static void
long_lines_are_broken(void **state)
{
	(void)state;
	/* 65 are a line, and 66 are two. */
	narrow_is(NULL, "123456789 123456789 123456789 123456789 123456789 "
	    "123456789 12345", CAPTIONS_VTT, "123456789 12345\n");
	narrow_is(NULL, "123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456", CAPTIONS_VTT, "123456789\n123456\n");
	/* Characters, not bytes; a word without end stays whole. */
	narrow_is(NULL, "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
	    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 456789 123456789 1234",
	    CAPTIONS_SRT, "\xc3\xa4 456789 123456789 1234\n");
	narrow_is(NULL, "https://example.org/1234567890123456789012345 x",
	    CAPTIONS_SRT, "12345\nx\n");
	/* The name takes place in SubRip, none in WebVTT. */
	narrow_is("Ann Lee", "123456789 123456789 1234", CAPTIONS_SRT,
	    "Ann Lee: 123456789 123456789\n1234\n");
	narrow_is("Ann Lee", "123456789 123456789 123456789 123456789 "
	    "123456789 123456789 1234", CAPTIONS_VTT, "123456789 1234\n");
	/* What would be three lines stays as it is; so do lines that are. */
	narrow_is(NULL, "123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789", CAPTIONS_SRT, "\n123456789 123456789 "
	    "123456789 123456789 123456789 123456789 123456789\n");
	narrow_is(NULL, "one\ntwo", CAPTIONS_SRT, "\none\ntwo\n");
	/* JSON has no lines. */
	narrow_is(NULL, "123456789 123456789 123456789 123456789 123456789 "
	    "123456789 123456789", CAPTIONS_JSON, "123456789 123456789\"");
}

static void
what_is_lost_is_told(void **state)
{
	static const struct caption cue = { 0, -1, "lower", "x", 1 };
	static const struct caption back[] = {
		{ 2000, 3000, NULL, "x", 1 }, { 1000, 2000, NULL, "y", 2 },
	};
	struct captions c = of(&cue, 1), b = of(back, 2);
	struct err err = ERR_INIT;
	unsigned lost = 0;
	struct buf out;

	(void)state;
	buf_init(&out, 0);
	assert_int_equal(captions_write_narrow(&c, CAPTIONS_SRT, &out, &lost,
	    &err), 0);
	assert_string_equal(captions_lost_words(&arena, lost), "who speaks; "
	    "that some cues have no end");
	assert_string_equal(captions_lost_words(&arena, CAPTIONS_LOST_TEXT |
	    CAPTIONS_LOST_CUES), "blank lines, blanks at the ends, or words "
	    "in brackets; some cues");
	assert_int_equal(captions_write_narrow(&b, CAPTIONS_SRT, &out, &lost,
	    &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	buf_release(&out);
}

static void
languages(void **state)
{
	static const char *const rtl[] = { "ar", "AR-EG", "he", "fa-IR",
		"ur", "az-Arab", "az_arab_AZ", "yi", "ckb", "zh-cmn-Hebr" };
	static const char *const ltr[] = { "en", "de-AT", "ar-Latn", "az",
		"arn", "a", "", "en-1996", "he-Latn-IL", "aren" };
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(rtl); i++)
		if (!language_is_rtl(rtl[i]))
			fail_msg("%s", rtl[i]);
	for (i = 0; i < SIZE(ltr); i++)
		if (language_is_rtl(ltr[i]))
			fail_msg("%s", ltr[i]);
	assert_true(language_same("de-AT", "DE-at"));
	assert_false(language_same("de", "de-AT"));
}

static void
endings(void **state)
{
	static const char *const all[] = { "vtt", "srt", "json", "html",
		"txt" };
	enum captions_format format;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(all); i++) {
		format = captions_format_of_ending(all[i]);
		assert_string_equal(captions_ending(format), all[i]);
		assert_int_equal(captions_format_of(captions_type(format)),
		    format);
	}
	assert_int_equal(captions_format_of_ending("ass"), CAPTIONS_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(cues_of_one_speaker_are_a_paragraph),
		TOLD_TEST(time_parts_paragraphs),
		TOLD_TEST(a_quote_ends_a_sentence),
		TOLD_TEST(no_blank_where_the_script_has_none),
		TOLD_TEST(nothing_at_all),
		TOLD_TEST(html),
		TOLD_TEST(plain),
		TOLD_TEST(long_lines_are_broken),
		TOLD_TEST(what_is_lost_is_told),
		TOLD_TEST(languages),
		TOLD_TEST(endings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
