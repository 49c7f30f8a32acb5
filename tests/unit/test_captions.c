/* Transcripts: what is read of them, what is told of broken ones, and that
 * writing loses nothing that it does not tell. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/fs.h"
#include "text/captions.h"
#include "growth.h"
#include "told.h"

static const char *
shared(const char *below)
{
	const char *dir = getenv("SHARED");

	return arena_printf(&arena, "%s/%s", dir != NULL ? dir : "../shared",
	    below);
}

static struct captions
read_text(const char *text, enum captions_format want)
{
	struct captions got = { .n = 0 };
	struct err err = ERR_INIT;

	if (captions_read(&arena, text, strlen(text), want, &got, &err) != 0)
		fail_msg("%s: line %u: %s", text, err.line, err.msg);
	return got;
}

static void
is(const struct caption *cue, int64_t start, int64_t end, const char *speaker,
    const char *text)
{
	assert_int_equal(cue->start_ms, start);
	assert_int_equal(cue->end_ms, end);
	if (speaker == NULL)
		assert_null(cue->speaker);
	else
		assert_string_equal(cue->speaker, speaker);
	assert_string_equal(cue->text, text);
}

static void
vtt(void **state)
{
	static const char text[] = BOM "WEBVTT - a title\r\nKind: captions\r\n"
	    "\r\nSTYLE\r\n::cue { color: red }\r\n\r\n"
	    "NOTE two\r\nlines\r\n\r\n"
	    "name\r\n00:01.000 --> 00:02.500 align:start\r\n"
	    "<v.loud Mary  &amp; Co>Hi <i>you</i> &lt;there&gt;\r\n"
	    "&#8222;second&#x201c; line</v>\r\n\r\n"
	    "100:00:00.000 --> 100:00:00.000\r\n"
	    "<v A>one</v> <v B>two <00:00:01.500><c.x>three\r\n\r\n"
	    "100:00:01.000 --> 100:00:02.000\r\n\r\n"
	    "100:00:02.000\t-->\t100:00:03.000\r\nI said <laughs> & so\r\n";
	struct captions c;

	(void)state;
	c = read_text(text, CAPTIONS_NONE);
	assert_int_equal(c.format, CAPTIONS_VTT);
	assert_int_equal(c.n, 4);
	is(&c.cues[0], 1000, 2500, "Mary & Co", "Hi you <there>\n"
	    "\xe2\x80\x9esecond\xe2\x80\x9c line");
	assert_int_equal(c.cues[0].line, 11);
	is(&c.cues[1], 360000000, 360000000, "A", "one");
	is(&c.cues[2], 360000000, 360000000, "B", "two three");
	is(&c.cues[3], 360002000, 360003000, NULL, "I said <laughs> & so");
	/* Times without a blank line before them, and CR alone. */
	c = read_text("WEBVTT\r\r00:01.000 --> 00:02.000\rx\r"
	    "00:02.000 --> 00:03.000\ry", CAPTIONS_VTT);
	assert_int_equal(c.n, 2);
	is(&c.cues[1], 2000, 3000, NULL, "y");
	assert_int_equal(c.cues[1].line, 5);
}

static void
srt(void **state)
{
	static const char text[] = "\n1\n00:00:01,000 --> 00:00:02,500\n"
	    "Mary Ann: Hi <I>you</I> <font color=\"red\">there</font>,\n"
	    "1 < 2 &amp; <br>\n\n"
	    "2\n0:00:02.500 --> 0:00:03.000 X1:1\nand then\n\n\nmore: it\n\n"
	    "1984\nwas a year\n\n3\n00:00:03,000 --> 00:00:04,000\n\n"
	    "4\n00:00:04,000 --> 00:00:05,000\nDr. O'Neil-X:\nyes";
	struct captions c;

	(void)state;
	c = read_text(text, CAPTIONS_SRT);
	assert_int_equal(c.n, 3);
	is(&c.cues[0], 1000, 2500, "Mary Ann",
	    "Hi you there,\n1 < 2 &amp; <br>");
	is(&c.cues[1], 2500, 3000, NULL,
	    "and then\n\nmore: it\n\n1984\nwas a year");
	is(&c.cues[2], 4000, 5000, "Dr. O'Neil-X", "yes");
	assert_int_equal(c.cues[2].line, 21);
	/* A colon alone makes no name: not once, not in small letters. */
	c = read_text("1\n00:00:01,000 --> 00:00:02,000\nfirst\n\n"
	    "2\n00:00:01,000 --> 00:00:02,000\nRemember: it is late\n",
	    CAPTIONS_NONE);
	is(&c.cues[1], 1000, 2000, NULL, "Remember: it is late");
	c = read_text("1\n00:00:01,000 --> 00:00:02,000\nthis: that\n\n"
	    "2\n00:00:01,000 --> 00:00:02,000\nthis: that\n\n"
	    "3\n00:00:01,000 --> 00:00:02,000\nAt 10:30 we go\n\n"
	    "4\n00:00:01,000 --> 00:00:02,000\nOne Two Three Four Five: x\n",
	    CAPTIONS_NONE);
	is(&c.cues[0], 1000, 2000, NULL, "this: that");
	is(&c.cues[3], 1000, 2000, NULL, "One Two Three Four Five: x");
	/* Twice the same name is enough. */
	c = read_text("1\n00:00:01,000 --> 00:00:02,000\nfirst\n\n"
	    "2\n00:00:01,000 --> 00:00:02,000\nBea: yes\n\n"
	    "3\n00:00:01,000 --> 00:00:02,000\nBea: no\n", CAPTIONS_NONE);
	is(&c.cues[1], 1000, 2000, "Bea", "yes");
}

static void
json(void **state)
{
	struct captions c = read_text("{ \"version\": \"1.0.0\", \"x\": [{}],\n"
	    "\"segments\": [\n{\"startTime\": 0.5, \"endTime\": 1.0005,\n"
	    "\"body\": \"a \\\"b\\\"\\n\", \"speaker\": \"Z\\u00e9\"},\n"
	    "{\"startTime\": 2, \"body\": \"b\", \"speaker\": null},"
	    "{\"startTime\": 2, \"body\": \" \"}]}\n", CAPTIONS_NONE);

	(void)state;
	assert_int_equal(c.format, CAPTIONS_JSON);
	assert_int_equal(c.n, 2);
	is(&c.cues[0], 500, 1001, "Z\xc3\xa9", "a \"b\"\n");
	is(&c.cues[1], 2000, -1, NULL, "b");
	assert_int_equal(c.cues[0].line, 3);
	assert_int_equal(c.cues[1].line, 5);
}

static void
told_apart(void **state)
{
	static const struct {
		const char *text;
		enum captions_format format;
	} rows[] = {
		{ "WEBVTT", CAPTIONS_VTT }, { BOM "WEBVTT\n", CAPTIONS_VTT },
		{ " {\"a\":1}", CAPTIONS_JSON }, { "[]", CAPTIONS_JSON },
		{ "\n<!DOCTYPE html>", CAPTIONS_HTML },
		{ "<html lang=en>", CAPTIONS_HTML },
		{ "<cite>Kevin:</cite>", CAPTIONS_HTML },
		{ "1\n00:00:00,000 --> 00:00:01,000\n", CAPTIONS_SRT },
		{ "00:00:00,000 --> 00:00:01,000", CAPTIONS_SRT },
		{ "00:00:00 Hello", CAPTIONS_TEXT }, { "", CAPTIONS_TEXT },
		{ "12", CAPTIONS_TEXT }, { "12\nx", CAPTIONS_TEXT },
		{ "<3 you all", CAPTIONS_TEXT }, { "<", CAPTIONS_TEXT },
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(rows); i++)
		if (captions_recognise(rows[i].text, strlen(rows[i].text)) !=
		    rows[i].format)
			fail_msg("%s: not %s", rows[i].text,
			    captions_format_name(rows[i].format));
	assert_int_equal(captions_format_of("text/vtt"), CAPTIONS_VTT);
	assert_int_equal(captions_format_of("Text/HTML; charset=utf-8"),
	    CAPTIONS_HTML);
	assert_int_equal(captions_format_of("application/x-subrip"),
	    CAPTIONS_SRT);
	assert_int_equal(captions_format_of("text/vttx"), CAPTIONS_NONE);
	assert_int_equal(captions_format_of("audio/mpeg"), CAPTIONS_NONE);
	assert_int_equal(read_text("just words", CAPTIONS_TEXT).n, 0);
	assert_int_equal(read_text("<p>words</p>", CAPTIONS_HTML).n, 0);
	assert_int_equal(read_text("WEBVTT is a format", CAPTIONS_TEXT).format,
	    CAPTIONS_TEXT);
}

#define V "WEBVTT\n\n"
#define S(times) "1\n" times "\nx\n"
#define J(segments) "{\"segments\": [" segments "]}"

static void
wrong(void **state)
{
	static const struct {
		const char *text;
		enum captions_format want;
		unsigned line;
		const char *says;
	} rows[] = {
		{ "<!DOCTYPE html><title>404", CAPTIONS_VTT, 1, "HTML page" },
		{ "<html>", CAPTIONS_TEXT, 1, "HTML page" },
		{ "{}", CAPTIONS_SRT, 1, "this is JSON, not SubRip" },
		{ "words", CAPTIONS_VTT, 1, "WEBVTT" },
		{ "words", CAPTIONS_SRT, 1, "number" },
		{ "words", CAPTIONS_JSON, 1, "plain text, not JSON" },
		{ "WEBVTTX\n", CAPTIONS_VTT, 1, "first line" },
		{ "WEBVTT\n", CAPTIONS_VTT, 0, "no cue" },
		{ "", CAPTIONS_VTT, 1, "WEBVTT" },
		{ V "00:01.000 --> 00:02.000\n \n", CAPTIONS_VTT, 0, "no cue" },
		{ V "a\xff", CAPTIONS_VTT, 3, "UTF-8" },
		{ "\xff\xfeW", CAPTIONS_NONE, 1, "UTF-8" },
		{ V "00:02.000 --> 00:01.000\nx", CAPTIONS_NONE, 3, "ends" },
		{ V "00:02.000 --> 00:03.000\nx\n\n00:01.999 --> 00:03.000\nx",
		  CAPTIONS_NONE, 6, "line 3" },
		{ V "00:02,000 --> 00:03.000\nx", CAPTIONS_NONE, 3, "written" },
		{ V "0:02.000 --> 00:03.000\nx", CAPTIONS_NONE, 3, "written" },
		{ V "00:60.000 --> 01:03.000\nx", CAPTIONS_NONE, 3, "written" },
		{ V "00:60:00.000 --> 01:03.000\nx", CAPTIONS_NONE, 3, "wri" },
		{ V "00:02.00 --> 00:03.000\nx", CAPTIONS_NONE, 3, "written" },
		{ V "00:02.0000 --> 00:03.000\nx", CAPTIONS_NONE, 3, "writ" },
		{ V "00:02.000 -> 00:03.000\nx", CAPTIONS_NONE, 3, "no times" },
		{ V "00:02.000 -->\nx", CAPTIONS_NONE, 3, "written" },
		{ V "--> 00:02.000\nx", CAPTIONS_NONE, 3, "written" },
		{ V "99999:00:02.000 --> 99999:00:03.000\nx", CAPTIONS_NONE, 3,
		  "written" },
		{ V "00:01.000 --> 00:02.000\nx\n\nlost\n", CAPTIONS_NONE, 6,
		  "no times" },
		{ V "00:01.000 --> 00:02.000\n1 < 2\n", CAPTIONS_NONE, 3,
		  "&lt;" },
		{ S("00:00:01,000 --> 00:00:00,999"), CAPTIONS_SRT, 2, "ends" },
		{ S("00:01,000 --> 00:02,000"), CAPTIONS_SRT, 2, "written" },
		{ S("00:00:01;000 --> 00:00:02,000"), CAPTIONS_SRT, 2, "writ" },
		{ S("00:00:02,000 --> 00:00:03,000") "\n"
		  S("00:00:01,000 --> 00:00:03,000"), CAPTIONS_SRT, 6, "line" },
		{ "{\"segments\": [\n", CAPTIONS_JSON, 2, "cut off" },
		{ "{\"segments\": [\n{\"startTime\": 1, }", CAPTIONS_JSON, 2,
		  "broken" },
		{ "{\"a\": 1,\n\"b\": 2}", CAPTIONS_JSON, 0, "segments" },
		{ "{\n\"segments\": []}", CAPTIONS_JSON, 0, "no cue" },
		{ "{\"segments\": [], \"segments\": []}", CAPTIONS_JSON, 1,
		  "twice" },
		{ "[]", CAPTIONS_JSON, 1, "'{'" },
		{ "{} x", CAPTIONS_JSON, 1, "follows" },
		{ J("1"), CAPTIONS_JSON, 1, "segment has to be" },
		{ J("\n{\"body\": \"x\"}"), CAPTIONS_JSON, 2, "startTime" },
		{ J("{\"startTime\": \"1\"}"), CAPTIONS_JSON, 1, "startTime" },
		{ J("{\"startTime\": -1}"), CAPTIONS_JSON, 1, "startTime" },
		{ J("{\"startTime\": 1e99}"), CAPTIONS_JSON, 1, "startTime" },
		{ J("{\"startTime\": 1, \"endTime\": \"\"}"), CAPTIONS_JSON, 1,
		  "endTime" },
		{ J("{\"startTime\": 1}"), CAPTIONS_JSON, 1, "body" },
		{ J("{\"startTime\": 1, \"body\": \"\\u0000\"}"), CAPTIONS_JSON,
		  1, "broken" },
		{ J("{\"startTime\": 1, \"body\": \"x\", \"speaker\": 1}"),
		  CAPTIONS_JSON, 1, "speaker" },
		{ J("{\"startTime\": 1, \"body\": \"x\"},\n"
		    "{\"startTime\": 0, \"body\": \"x\"}"), CAPTIONS_JSON, 2,
		  "in front" },
	};
	struct captions got;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(rows); i++) {
		err = (struct err)ERR_INIT;
		if (captions_read(&arena, rows[i].text, strlen(rows[i].text),
		    rows[i].want, &got, &err) == 0)
			fail_msg("row %zu is read: %s", i, rows[i].text);
		if (err.kind != ERR_INPUT || err.line != rows[i].line ||
		    strstr(err.msg, rows[i].says) == NULL)
			fail_msg("row %zu: line %u: %s", i, err.line, err.msg);
	}
	err = (struct err)ERR_INIT;
	assert_int_equal(captions_read(&arena, "WEBVTT\n\n\0", 9, CAPTIONS_VTT,
	    &got, &err), -1);
	assert_int_equal(err.line, 3);
}

/* A head, and many of a piece. */
struct lengthy {
	const char *head, *piece;
};

static void
read_lengthy(size_t size, const void *ctx)
{
	const struct lengthy *l = ctx;
	size_t k = strlen(l->piece);
	struct captions got;
	struct buf text;
	struct err err = ERR_INIT;

	buf_init(&text, 0);
	buf_adds(&text, l->head);
	while (text.len + k <= size)
		buf_add(&text, l->piece, k);
	if (captions_read(&arena, text.data, text.len, CAPTIONS_NONE, &got,
	    &err) != 0)
		assert_int_equal(err.kind, ERR_INPUT);
	assert_true(arena.used < 32 * CAPTIONS_MAX);
	arena_release(&arena);
	buf_release(&text);
}

/* What is long in every way ends in time and memory. */
static void
large(void **state)
{
	static const char *const pieces[] = { "\r", "\n", "\n\n1\n", " ", "<v ",
		"<", "&", "&#1", "1", "00:01.000 --> 00:02.000\n",
		"1\n00:00:01,000 --> 00:00:02,000\nA: b\n\n", "{", "[", "\"",
		"{\"startTime\":1,\"body\":\"b\"},", "A: ", "A ", "x\n\nx\n" };
	static const char *const heads[] = { "WEBVTT\n\n",
		"WEBVTT\n\n00:00.000 --> 00:01.000\n<v ",
		"1\n00:00:00,000 --> 00:00:01,000\n", "{\"segments\": [",
		"{\"x\": " };
	char what[100];
	struct lengthy l;
	struct captions got;
	struct buf text;
	struct err err = ERR_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(pieces) * SIZE(heads); i++) {
		l.head = heads[i % SIZE(heads)];
		l.piece = pieces[i / SIZE(heads)];
		snprintf(what, sizeof(what), "%s and many of %s", l.head,
		    l.piece);
		assert_linear(what, read_lengthy, &l, CAPTIONS_MAX / 4);
	}
	buf_init(&text, 0);
	buf_adds(&text, "WEBVTT\n\n");
	while (text.len <= CAPTIONS_MAX)
		buf_adds(&text, "NOTE a comment\n\n");
	assert_int_equal(captions_read(&arena, text.data, text.len,
	    CAPTIONS_NONE, &got, &err), -1);
	assert_non_null(strstr(err.msg, "16 MiB"));
	buf_release(&text);
}

static bool
equal(const struct captions *x, const struct captions *y)
{
	size_t i;

	if (x->n != y->n)
		return false;
	for (i = 0; i < x->n; i++)
		if (x->cues[i].start_ms != y->cues[i].start_ms ||
		    x->cues[i].end_ms != y->cues[i].end_ms ||
		    strcmp(x->cues[i].text, y->cues[i].text) != 0 ||
		    (x->cues[i].speaker == NULL) !=
		    (y->cues[i].speaker == NULL) ||
		    (x->cues[i].speaker != NULL && strcmp(x->cues[i].speaker,
		    y->cues[i].speaker) != 0))
			return false;
	return true;
}

/* Writes and reads; what is not told as lost is there again. */
static unsigned
around(const struct captions *c, enum captions_format format)
{
	struct captions back;
	struct err err = ERR_INIT;
	unsigned lost = 99;
	struct buf out;

	buf_init(&out, 0);
	if (captions_write(c, format, &out, &lost, &err) != 0)
		fail_msg("%s: line %u: %s", captions_format_name(format),
		    err.line, err.msg);
	assert_int_equal(captions_read(&arena, out.data, out.len, format,
	    &back, &err), 0);
	if ((lost == 0) != equal(c, &back))
		fail_msg("%s: %u lost:\n%s", captions_format_name(format),
		    lost, out.data);
	buf_release(&out);
	return lost;
}

static void
writes(void **state)
{
	static const struct {
		struct caption cue[2];
		unsigned vtt, srt;
	} rows[] = {
		{ { { 0, 1500, "Ann", "a & <b> --> c\nd", 0 },
		    { 1500, 360000001, NULL, "\xc2\xa0&amp;<v x>", 0 } }, 0,
		  CAPTIONS_LOST_TEXT },
		{ { { 0, 1500, "Ann", "one\ntwo", 0 },
		    { 1500, 1500, "Bob B.", "12", 0 } }, 0, 0 },
		{ { { 0, 1, "Ann--", "one", 0 }, { 1, 2, "-", "x", 0 } },
		  0, CAPTIONS_LOST_SPEAKERS },
		{ { { 0, -1, "Ann", "one", 0 }, { 1500, -1, NULL, "x", 0 } },
		  CAPTIONS_LOST_TIMES, CAPTIONS_LOST_TIMES },
		{ { { 0, 1, "Ann", "one\n\ntwo", 0 }, { 1, 2, NULL, "x", 0 } },
		  CAPTIONS_LOST_TEXT, CAPTIONS_LOST_TEXT },
		{ { { 0, 1, "the voice", "one", 0 }, { 1, 2, NULL, "x", 0 } },
		  0, CAPTIONS_LOST_SPEAKERS },
		{ { { 0, 1, NULL, "Note: one", 0 }, { 1, 2, NULL, "x", 0 } },
		  0, CAPTIONS_LOST_SPEAKERS },
		{ { { 0, 1, NULL, "x", 0 }, { 1, 2, "Ann", "x", 0 } },
		  0, CAPTIONS_LOST_SPEAKERS },
		{ { { 0, 1, "A\n\nB", " x", 0 }, { 1, 2, "C>", "x", 0 } },
		  CAPTIONS_LOST_SPEAKERS | CAPTIONS_LOST_TEXT,
		  CAPTIONS_LOST_SPEAKERS | CAPTIONS_LOST_TEXT },
	};
	static const struct caption back[2] = { { 5, 6, NULL, "x", 0 },
		{ 4, 6, NULL, "y", 0 } };
	struct captions c = { CAPTIONS_NONE, NULL, 2 };
	struct err err = ERR_INIT;
	struct buf out;
	unsigned lost;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(rows); i++) {
		c.cues = rows[i].cue;
		assert_int_equal(around(&c, CAPTIONS_JSON), 0);
		assert_int_equal(around(&c, CAPTIONS_VTT), rows[i].vtt);
		assert_int_equal(around(&c, CAPTIONS_SRT), rows[i].srt);
	}
	buf_init(&out, 0);
	c.cues = rows[1].cue;
	assert_int_equal(captions_write(&c, CAPTIONS_VTT, &out, &lost, &err),
	    0);
	assert_string_equal(out.data, "WEBVTT\n\n"
	    "00:00:00.000 --> 00:00:01.500\n<v Ann>one\ntwo\n\n"
	    "00:00:01.500 --> 00:00:01.500\n<v Bob B.>12\n");
	buf_clear(&out);
	assert_int_equal(captions_write(&c, CAPTIONS_SRT, &out, &lost, &err),
	    0);
	assert_string_equal(out.data, "1\n00:00:00,000 --> 00:00:01,500\n"
	    "Ann: one\ntwo\n\n2\n00:00:01,500 --> 00:00:01,500\n"
	    "Bob B.: 12\n");
	c.cues = back;
	assert_int_equal(captions_write(&c, CAPTIONS_VTT, &out, &lost, &err),
	    -1);
	assert_int_equal(err.kind, ERR_INPUT);
	buf_release(&out);
}

/* Files of the field: read, and with the same cues again in each format. */
static size_t
field_files(const char *pattern)
{
	struct captions got;
	struct err err = ERR_INIT;
	struct buf text;
	glob_t files;
	size_t i, n;

	if (glob(shared(pattern), 0, NULL, &files) != 0)
		return 0;
	buf_init(&text, 0);
	for (i = 0; i < files.gl_pathc; i++) {
		buf_clear(&text);
		assert_int_equal(fs_read(files.gl_pathv[i], CAPTIONS_MAX, &text,
		    NULL, &err), 0);
		if (captions_read(&arena, text.data, text.len, CAPTIONS_NONE,
		    &got, &err) != 0)
			fail_msg("%s:%u: %s", files.gl_pathv[i], err.line,
			    err.msg);
		assert_true(got.n > 0);
		assert_int_equal(around(&got, CAPTIONS_JSON), 0);
		assert_int_equal(around(&got, CAPTIONS_VTT), 0);
		around(&got, CAPTIONS_SRT);
	}
	n = files.gl_pathc;
	globfree(&files);
	buf_release(&text);
	return n;
}

static void
field(void **state)
{
	(void)state;
	if (!fs_is_dir(shared("corpora")))
		skip();
	assert_int_equal(field_files(
	    "suites/podcast-namespace/examples/transcripts/example.[!h]*"), 3);
	assert_true(field_files("corpora/python-bytes/transcripts/*.vtt") >=
	    10);
}

/* ---- mutations ---- */

static const char *const seeds[] = {
	"WEBVTT x\n\nNOTE a\nb\n\nSTYLE\nq\n\nid\n00:01.000 --> 00:02.000 a:b\n"
	"<v.x Ann B>Hi <i>you</i> &amp;\n&#39;x</v> <v C>y\n\n"
	"00:00:02.000 --> 00:00:03.000\nz <00:02.500>z\n",
	"1\n00:00:01,000 --> 00:00:02,000\nAnn: Hi <b>you</b>\nx\n\n"
	"2\n00:00:02,000 --> 00:00:03,000\nBob: y\n\n\nz: z\n\n"
	"3\n00:00:04,000 --> 00:00:05,000\nAnn:\n12\n",
	"{\"version\": \"1.0.0\", \"segments\": [\n{\"speaker\": \"Ann\",\n"
	"\"startTime\": 0.5, \"endTime\": 0.75, \"body\": \"I\\n\"},\n"
	"{\"startTime\": 1, \"body\": \"am \\u00e9\"}]}\n",
};

static void
mutate(struct buf *b)
{
	static const char *const bits[] = { "\n", "\r", "\n\n", "-->", "<", ">",
		"<v ", "</v>", "&", ";", "&#0;", "&#55296;", ":", ",", ".", "0",
		"99", "\xc3", "\xe2\x80", "{", "}", "[", "]", "\"", "\\", "\t",
		" ", "1\n00:00:01,000 --> 00:00:02,000\n", BOM, "NOTE", "-->\n",
		"Ann: " };
	size_t at = (size_t)random() % (b->len + 1), n = b->len - at, k;
	char tail[4096], head[64];

	k = (size_t)random() % 8;
	if (n > sizeof(tail))
		return;
	memcpy(tail, b->data + at, n);
	buf_truncate(b, at);
	switch (random() % 4) {
	case 0:
		buf_adds(b, bits[(size_t)random() % SIZE(bits)]);
		break;
	case 1:
		buf_addc(b, (char)random());
		break;
	case 2:
		k = b->len < k * 9 ? b->len : k * 9;
		memcpy(head, b->data, k);
		buf_add(b, head, k);
		break;
	default:
		buf_add(b, tail + (k < n ? k : n), n - (k < n ? k : n));
		return;
	}
	buf_add(b, tail, n);
}

/* FUZZ_SECONDS: how long; SEED: the run that is to be had again. */
static void
mutations(void **state)
{
	unsigned seed = (unsigned)time(NULL);
	time_t begin = time(NULL), seconds = 2;
	size_t runs = 0, good = 0, k;
	struct captions got;
	struct err err;
	struct buf text;

	(void)state;
	if (getenv("SEED") != NULL)
		seed = (unsigned)strtoul(getenv("SEED"), NULL, 10);
	if (getenv("FUZZ_SECONDS") != NULL)
		seconds = strtol(getenv("FUZZ_SECONDS"), NULL, 10);
	print_message("seed %u\n", seed);
	srandom(seed);
	buf_init(&text, 3000);
	for (; time(NULL) - begin < seconds; runs++) {
		buf_clear(&text);
		buf_adds(&text, seeds[(size_t)random() % SIZE(seeds)]);
		for (k = (size_t)random() % 6; k > 0; k--)
			mutate(&text);
		err = (struct err)ERR_INIT;
		if (captions_read(&arena, text.data, text.len,
		    CAPTIONS_NONE, &got, &err) != 0) {
			assert_int_equal(err.kind, ERR_INPUT);
			assert_true(err.msg[0] != '\0');
		} else if (got.n > 0) {
			good++;
			assert_int_equal(around(&got, CAPTIONS_JSON), 0);
			around(&got, CAPTIONS_VTT);
			around(&got, CAPTIONS_SRT);
		}
		arena_release(&arena);
	}
	buf_release(&text);
	print_message("%zu runs, %zu of them good transcripts\n", runs, good);
	assert_true(good > 100);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(vtt),
		TOLD_TEST(srt),
		TOLD_TEST(json),
		TOLD_TEST(told_apart),
		TOLD_TEST(wrong),
		TOLD_TEST(large),
		TOLD_TEST(writes),
		TOLD_TEST(field),
		TOLD_TEST(mutations),
	};

	return cmocka_run_group_tests_name("captions", tests, NULL, NULL);
}
