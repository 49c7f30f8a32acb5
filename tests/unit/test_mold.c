#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mold_example.h"

/* ---- fixed messages ---- */

/* The whole of one message, letter by letter. The boundary is the first 16
 * bytes of SHA-256 over list, edition, subject, text and html, a NUL behind
 * each. */
static void
a_message_as_it_is(void **state)
{
	static const char want[] =
	    "Date: Mon, 02 Jun 2025 10:00:00 -0700\r\n"
	    "From: Harbour Radio <radio@example.org>\r\n"
	    "To: Jo <jo@example.org>\r\n"
	    "Subject: Episode 7: Fog\r\n"
	    "Message-ID: <2025-W23.friends.ZygfbqryE9aXhZxZ@example.org>\r\n"
	    "List-Id: Harbour Radio <friends.example.org>\r\n"
	    "List-Unsubscribe: <mailto:leave@example.org?subject=unsubscribe"
	    "%20" TOKEN ">\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"=_@BOUNDARY@\"\r\n"
	    "\r\n"
	    "--=_@BOUNDARY@\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "Dear=20=\r\n"
	    "Jo=\r\n"
	    ",\r\n"
	    "\r\n"
	    "fog.\r\n"
	    "\r\n"
	    "mailto:leave@example.org?subject=3Dunsubscribe%201.l1.friends."
	    "ZygfbqryE9aXh=\r\n"
	    "ZxZ.48HOOGkUHHkv3TeusOY2tw\r\n"
	    "\r\n"
	    "--=_@BOUNDARY@\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n"
	    "\r\n"
	    "<p>Dear=20=\r\n"
	    "Jo=\r\n"
	    ",</p>\r\n"
	    "<a href=3D\"=\r\n"
	    "mailto:leave@example.org?subject=3Dunsubscribe%201.l1.friends."
	    "ZygfbqryE9aXh=\r\n"
	    "ZxZ.48HOOGkUHHkv3TeusOY2tw=\r\n"
	    "\">leave</a>\r\n"
	    "\r\n"
	    "--=_@BOUNDARY@--\r\n";
	const char *hex = "7b6d214995b97288167b62daced8850a", *p, *mark;
	struct buf message, expected;

	(void)state;
	buf_init(&message, 0);
	buf_init(&expected, 0);
	for (p = want; (mark = strstr(p, "@BOUNDARY@")) != NULL;
	    p = mark + strlen("@BOUNDARY@")) {
		buf_add(&expected, p, (size_t)(mark - p));
		buf_adds(&expected, hex);
	}
	buf_adds(&expected, p);
	fill(&model, &jo, &message);
	assert_string_equal(message.data, expected.data);
	buf_release(&message);
	buf_release(&expected);
}

static void
https_brings_one_click(void **state)
{
	struct mold_input in = model;
	struct buf message;

	(void)state;
	buf_init(&message, 0);
	in.unsubscribe_url = "https://example.org/leave?a=1&t=";
	in.list_archive = "https://example.org/archive";
	in.reply_to = "\"Desk, Harbour\" <desk@example.org>";
	fill(&in, &jo, &message);
	header_is(&message, "List-Unsubscribe",
	    "<https://example.org/leave?a=1&t=" TOKEN ">,\r\n "
	    "<mailto:leave@example.org?subject=unsubscribe%20" TOKEN ">");
	header_is(&message, "List-Unsubscribe-Post",
	    "List-Unsubscribe=One-Click");
	header_is(&message, "List-Archive", "<https://example.org/archive>");
	header_is(&message, "Reply-To",
	    "\"Desk, Harbour\" <desk@example.org>");
	header_is(&message, "Precedence", NULL);
	parts_are(&message, "Dear Jo,\n\nfog.\n\n"
	    "https://example.org/leave?a=1&t=" TOKEN "\n",
	    "<p>Dear Jo,</p>\n<a href=\"https://example.org/leave?a=1&amp;t="
	    TOKEN "\">leave</a>\n");
	in.unsubscribe_url = NULL;
	fill(&in, &jo, &message);
	header_is(&message, "List-Unsubscribe-Post", NULL);
	buf_release(&message);
}

/* All that stands behind the alternative, letter by letter. */
static void
pictures_are_related_parts(void **state)
{
	static const char want[] =
	    "--=_@--\r\n"
	    "--=_#\r\n"
	    "Content-Type: image/png\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "Content-ID: <1a@example.org>\r\n"
	    "Content-Disposition: inline;\r\n"
	    " filename=\"cover.png\"\r\n"
	    "\r\n"
	    "iVBORwB4\r\n"
	    "--=_#\r\n"
	    "Content-Type: image/jpeg\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "Content-ID: <2b@example.org>\r\n"
	    "Content-Disposition: inline;\r\n"
	    " filename*=UTF-8''%C3%BC.jpg\r\n"
	    "\r\n"
	    "--=_#--\r\n";
	static const struct mold_image images[] = {
		{ "1a@example.org", "image/png", "cover.png", "\x89PNG\0x", 6 },
		{ "2b@example.org", "image/jpeg", "\xc3\xbc.jpg", "", 0 }
	};
	struct mold_input in = model;
	struct buf message, found;
	const char *inner, *outer, *p;
	char *type;

	(void)state;
	buf_init(&message, 0);
	buf_init(&found, 0);
	in.images = images;
	in.nimages = 2;
	fill(&in, &jo, &message);
	parts_are(&message, "Dear Jo,\n\nfog.\n\nmailto:leave@example.org?"
	    "subject=unsubscribe%20" TOKEN "\n", "<p>Dear Jo,</p>\n<a href=\""
	    "mailto:leave@example.org?subject=unsubscribe%20" TOKEN
	    "\">leave</a>\n");
	type = header(&message, "Content-Type");
	assert_memory_equal(type, "multipart/related; "
	    "type=\"multipart/alternative\";\r\n boundary=\"=_", 63);
	outer = strstr(message.data, "boundary=\"=_") + 12;
	inner = strstr(outer, "boundary=\"=_") + 12;
	assert_memory_not_equal(outer, inner, 32);
	for (p = strstr(message.data, "--\r\n") - 36; *p != '\0'; p++) {
		buf_addc(&found, *p);
		if (p[0] == '_' && strncmp(p + 1, inner, 32) == 0)
			buf_addc(&found, '@');
		else if (p[0] == '_' && strncmp(p + 1, outer, 32) == 0)
			buf_addc(&found, '#');
		else
			continue;
		p += 32;
	}
	assert_string_equal(found.data, want);
	free(type);
	buf_release(&message);
	buf_release(&found);
}

static void
fields_of_a_list(void **state)
{
	struct mold_input in = model;
	struct buf message;

	(void)state;
	buf_init(&message, 0);
	fill(&in, &jo, &message);
	header_is(&message, "List-Help", NULL);
	header_is(&message, "List-Owner", NULL);
	header_is(&message, "Feedback-ID", NULL);
	in.list_help = "mailto:help@example.org?subject=help";
	in.list_owner = "d&sk@b\xc3\xbc" "cher.example";
	in.feedback_id = "harbour.1";
	fill(&in, &jo, &message);
	header_is(&message, "List-Help",
	    "<mailto:help@example.org?subject=help>");
	header_is(&message, "List-Owner",
	    "<mailto:d%26sk@xn--bcher-kva.example>");
	header_is(&message, "Feedback-ID",
	    "2025-W23:friends:digest:harbour.1");
	buf_release(&message);
}

/* Marks at every kind of place: alone, side by side, first, last, before and
 * behind line ends, and values that would change a line if they were not
 * encoded from its first column on. */
static void
marks_anywhere_read_back(void **state)
{
	static const char *const shapes[] = {
		NAME, NAME "\n", "\n" NAME, NAME NAME, NAME ADDRESS NAME,
		"a" NAME "b", "a " NAME " b", NAME "\n" NAME "\n\n" NAME,
		"x\n" NAME "From y", ".\n" NAME ".", " " NAME " \n",
		"a\t" NAME "\t\n" ADDRESS " ", "=" NAME "=", ""
	};
	static const char *const names[] = {
		"Jo", "", "From me", ".", "..", "tail ", " ", "=", "<b>&\"'",
		"\xf0\x9f\x8e\x99", "--=_x", "a. From "
	};
	struct mold_input in = model;
	struct mold_friend f = jo;
	struct buf message, text, html;
	size_t i, j;

	(void)state;
	buf_init(&message, 0);
	buf_init(&text, 0);
	buf_init(&html, 0);
	in.friend_fallback = "";
	for (i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		for (j = 0; j < sizeof(names) / sizeof(names[0]); j++) {
			struct err err = ERR_INIT;

			in.text = in.html = shapes[i];
			f.name = names[j];
			buf_clear(&text);
			buf_clear(&html);
			assert_int_equal(fill_text(&in, &f, shapes[i], 0,
			    &text, &err), 0);
			assert_int_equal(fill_text(&in, &f, shapes[i], 1,
			    &html, &err), 0);
			fill(&in, &f, &message);
			parts_are(&message, text.data, html.data);
		}
	}
	buf_release(&message);
	buf_release(&text);
	buf_release(&html);
}

static void
text_is_filled_for_previews(void **state)
{
	static const struct {
		const char *rendered, *text, *html;
	} cases[] = {
		{ "", "", "" },
		{ "no marks", "no marks", "no marks" },
		{ "Dear " NAME "!", "Dear J&J!", "Dear J&amp;J!" },
		{ ADDRESS ADDRESS, "jo@b\xc3\xbc" "cher.examplejo@b\xc3\xbc"
		    "cher.example", "jo@b\xc3\xbc" "cher.examplejo@b\xc3\xbc"
		    "cher.example" },
		{ UNSUBSCRIBE, "https://example.org/?a&t=" TOKEN,
		    "https://example.org/?a&amp;t=" TOKEN },
		{ MAILTO, "mailto:le%26ve@example.org?subject=unsubscribe%20"
		    TOKEN, "mailto:le%26ve@example.org?subject=unsubscribe%20"
		    TOKEN }
	};
	struct mold_friend f = { "jo@b\xc3\xbc" "cher.example",
		"jo@xn--bcher-kva.example", "J&J", jo.ref };
	struct mold_input in = model;
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out, 0);
	in.unsubscribe_url = "https://example.org/?a&t=";
	in.unsubscribe_mailto = "le&ve@example.org";
	for (i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = ERR_INIT;

		buf_clear(&out);
		assert_int_equal(fill_text(&in, &f, cases[i / 2].rendered,
		    i % 2 == 1, &out, &err), 0);
		assert_string_equal(out.data, i % 2 == 1 ? cases[i / 2].html
		    : cases[i / 2].text);
	}
	buf_release(&out);
}

static void
a_friend_without_name_gets_the_fallback(void **state)
{
	struct mold_friend f = jo;
	struct buf message;

	(void)state;
	buf_init(&message, 0);
	f.name = "";
	fill(&model, &f, &message);
	header_is(&message, "To", "jo@example.org");
	assert_non_null(strstr(message.data, "Dear=20=\r\nfriend=\r\n,\r\n"));
	buf_release(&message);
}

/* The domain of Message-ID is that of From, as an A-label. */
static void
international_senders(void **state)
{
	struct mold_input in = model;
	struct buf message;

	(void)state;
	buf_init(&message, 0);
	in.from = "\"B\xc3\xbc" "cher, heute\" <radio@b\xc3\xbc"
	    "cher.example>";
	in.list_name = "B\xc3\xbc" "cher heute";
	fill(&in, &jo, &message);
	header_is(&message, "From", "=?UTF-8?Q?B=C3=BCcher=2C_heute?= "
	    "<radio@xn--bcher-kva.example>");
	header_is(&message, "Message-ID", "<2025-W23.friends.ZygfbqryE9aXhZxZ"
	    "@xn--bcher-kva.example>");
	header_is(&message, "List-Id", "=?UTF-8?Q?B=C3=BCcher_heute?= "
	    "<friends.example.org>");
	in.list_name = "";
	fill(&in, &jo, &message);
	header_is(&message, "List-Id", "<friends.example.org>");
	buf_release(&message);
}

/* The longest of everything at once. */
static void
longest_values_stay_below_998(void **state)
{
	struct mold_input in = model;
	struct mold_friend f = jo;
	char url[701], list[80], key_id[40], local[80], wire[300];
	struct buf message;

	(void)state;
	memset(url, 'u', sizeof(url) - 1);
	url[sizeof(url) - 1] = '\0';
	memcpy(url, "https://", 8);
	memset(list, 'l', sizeof(list));
	list[sizeof(list) - 1] = '\0';
	memset(key_id, 'k', sizeof(key_id));
	key_id[sizeof(key_id) - 1] = '\0';
	/* All of it is written with % in a mailto: URL. */
	snprintf(local, sizeof(local), "%s", "\"                              "
	    "                                \"");
	snprintf(wire, sizeof(wire), "%s@%.60s.%.60s.%.60s.org", local, url + 8,
	    url + 8, url + 8);
	in.list = list;
	in.key_id = key_id;
	in.unsubscribe_url = url;
	in.list_archive = url;
	in.unsubscribe_mailto = wire;
	in.from = in.reply_to = f.address = f.wire = wire;
	in.edition = "2025-W23-12";
	f.ref = "1234567890123456789";
	buf_init(&message, 0);
	fill(&in, &f, &message);
	assert_non_null(strstr(message.data, "%22%20%20"));
	buf_release(&message);
}

static void
same_input_same_bytes(void **state)
{
	struct mold_input in = model;
	struct buf a, b;
	struct err err = ERR_INIT;
	const struct iovec *parts;
	struct buf first, again;
	struct mold *m;
	size_t n;

	(void)state;
	buf_init(&a, 0);
	buf_init(&b, 0);
	assert_int_equal(mold_build(&model, &a, &err), 0);
	assert_int_equal(mold_build(&model, &b, &err), 0);
	assert_int_equal(a.len, b.len);
	assert_memory_equal(a.data, b.data, a.len);
	/* A friend in between leaves nothing behind. */
	buf_init(&first, 0);
	buf_init(&again, 0);
	m = mold_open(a.data, a.len, key, sizeof(key), &err);
	assert_non_null(m);
	assert_int_equal(mold_fill(m, &jo, &parts, &n, &err), 0);
	join(parts, n, &first);
	assert_int_equal(mold_fill(m, &(struct mold_friend) { "a@b.example",
	    "a@b.example", "A very much longer name of somebody else", "other"
	    }, &parts, &n, &err), 0);
	join(parts, n, &again);
	assert_string_not_equal(first.data, again.data);
	assert_int_equal(mold_fill(m, &jo, &parts, &n, &err), 0);
	join(parts, n, &again);
	assert_string_equal(first.data, again.data);
	mold_close(m);
	/* Other content, other boundary. */
	in.text = "other";
	buf_clear(&b);
	assert_int_equal(mold_build(&in, &b, &err), 0);
	assert_memory_not_equal(strstr(a.data, "boundary="),
	    strstr(b.data, "boundary="), 40);
	buf_release(&a);
	buf_release(&b);
	buf_release(&first);
	buf_release(&again);
}

/* ---- what cannot be in a message ---- */

static void
refused(const struct mold_input *in, const char *want)
{
	struct err err = ERR_INIT;
	struct buf out;

	buf_init(&out, 0);
	buf_adds(&out, "before");
	assert_int_equal(mold_build(in, &out, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	if (strstr(err.msg, want) == NULL)
		fail_msg("\"%s\" is not in: %s", want, err.msg);
	assert_string_equal(out.data, "before");
	buf_release(&out);
}

#define REFUSED(field, value, want) do {		\
	struct mold_input in = model;			\
	in.field = (value);				\
	refused(&in, want);				\
} while (0)

static void
bad_input_is_named(void **state)
{
	(void)state;
	REFUSED(subject, "", "the subject is empty");
	REFUSED(subject, "a\r\nBcc: x@example.org",
	    "the subject has a carriage return (U+000D)");
	REFUSED(subject, "a\nb", "the subject has a line break (U+000A)");
	REFUSED(subject, "a\tb", "the subject has a tab (U+0009)");
	REFUSED(subject, NAME, "the subject has a control character (U+0001)");
	REFUSED(subject, "\xc3", "the subject has a byte that is not UTF-8");
	REFUSED(text, "a\nb\rc", "the text part has a carriage return "
	    "(U+000D) on line 2");
	REFUSED(text, NAME "\n\x1b[0m", "the text part has an escape "
	    "character (U+001B) on line 2");
	REFUSED(text, "\x01" "F\x02", "the text part has a control character "
	    "(U+0001) on line 1");
	REFUSED(html, "\x01" "A", "the HTML part has a control character "
	    "(U+0001)");
	REFUSED(html, "\n\n\xff", "the HTML part has a byte that is not UTF-8 "
	    "(0xFF) on line 3");
	REFUSED(list, "Friends", "the list name \"Friends\"");
	REFUSED(list, "", "list name");
	REFUSED(key_id, "l 1", "the key id \"l 1\"");
	REFUSED(list_name, "a\nb", "the list's name has a line break");
	REFUSED(list_id, "friends", "the list id \"friends\"");
	REFUSED(list_id, "a b.example.org", "the list id");
	REFUSED(list_id, "a..org", "the list id");
	REFUSED(list_id, "a.org>\r\nX: y", "the list id");
	REFUSED(edition, "", "the edition \"\"");
	REFUSED(edition, "2025.W23", "the edition \"2025.W23\"");
	REFUSED(from, "Radio, Harbour <a@example.org>", "comma");
	REFUSED(from, "radio", "has no @");
	REFUSED(reply_to, "x", "has no @");
	REFUSED(unsubscribe_mailto, "x", "has no @");
	REFUSED(unsubscribe_url, "http://example.org/",
	    "does not begin with https://");
	REFUSED(unsubscribe_url, "https://example.org/a b", "has a blank");
	REFUSED(unsubscribe_url, "https://example.org/>", "has a blank");
	REFUSED(unsubscribe_url, "https://b\xc3\xbc" "cher.example/",
	    "not ASCII");
	REFUSED(list_archive, "https://example.org/\r\nX: y", "has a blank");
	REFUSED(list_help, "mailto:a b@example.org", "has a blank");
	REFUSED(list_owner, "x", "has no @");
	REFUSED(feedback_id, "abcd", "the feedback id \"abcd\"");
	REFUSED(feedback_id, "abcdefghijklmnop", "5 to 15");
	REFUSED(feedback_id, "a:b:c", "5 to 15");
	REFUSED(friend_fallback, "a\nb", "friends without one has a line");
}

static void
bad_pictures_are_named(void **state)
{
	static const struct { struct mold_image image; const char *want; }
	cases[] = {
		{ { "a", "image/png", "a", "x", 1 }, "the picture's id \"a\"" },
		{ { "a@", "image/png", "a", "x", 1 }, "the picture's id" },
		{ { "a@b>", "image/png", "a", "x", 1 }, "the picture's id" },
		{ { "a@b", "text/html", "a", "x", 1 }, "\"text/html\" is none" },
		{ { "a@b", "image/", "a", "x", 1 }, "is none of a picture" },
		{ { "a@b", "image/png\r\nX", "a", "x", 1 }, "is none of" },
		{ { "a@b", "image/png", "", "x", 1 }, "no name of a file" },
		{ { "a@b", "image/png", "a/b", "x", 1 }, "no name of a file" },
		{ { "a@b", "image/png", "a\r\nb", "x", 1 },
		    "the picture's name has a carriage return" },
		{ { "a@b", "image/png", "a", "x", MOLD_IMAGES_SIZE + 1 },
		    "more than 8388608 bytes" }
	};
	struct mold_image many[65];
	struct mold_input in = model;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		in.images = &cases[i].image;
		in.nimages = 1;
		refused(&in, cases[i].want);
	}
	for (i = 0; i < 65; i++)
		many[i] = (struct mold_image){ "a@b", "image/png", "a", "", 0 };
	in.images = many;
	in.nimages = 65;
	refused(&in, "65 pictures are too many");
	many[0].len = many[1].len = MOLD_IMAGES_SIZE / 2 + 1;
	in.nimages = 2;
	refused(&in, "more than 8388608 bytes together");
}

static void
marks_have_a_limit(void **state)
{
	struct mold_input in = model;
	struct buf text, message;
	size_t i;

	(void)state;
	buf_init(&text, 0);
	buf_init(&message, 0);
	for (i = 0; i < 110; i++)
		buf_adds(&text, "x" NAME);
	in.text = text.data;
	in.html = "<p>";
	fill(&in, &jo, &message);
	in.html = NAME;
	refused(&in, "stand 111 times");
	buf_release(&text);
	buf_release(&message);
}

static void
bad_friends_are_refused(void **state)
{
	static const struct mold_friend bad[] = {
		{ "a@b.example", "a@b.example", "a\r\nBcc: x", "r" },
		{ "a@b.example", "a@b.example", "a\x01" "A\x02", "r" },
		{ "a@b.example", "a@b.example", "a\xff", "r" },
		{ "a@b.example\n", "a@b.example", "a", "r" },
		{ "a@b.example", "a@b.example\r\nX: y", "a", "r" },
		{ "a@b.example", "a@b\xc3.example", "a", "r" },
		{ "a@b.example", "", "a", "r" },
		{ "a@b.example", "a@b.example", "a", "" },
		{ "a@b.example", "a@b.example", "a", "r>\r\n" }
	};
	const struct iovec *parts;
	struct buf stored, out;
	struct mold *m = open_mold(&model, &stored);
	size_t i, n;

	(void)state;
	buf_init(&out, 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = ERR_INIT;

		assert_int_equal(mold_fill(m, &bad[i], &parts, &n, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(fill_text(&model, &bad[i], "x", 0, &out,
		    &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(out.len, 0);
	}
	mold_close(m);
	buf_release(&stored);
	buf_release(&out);
}

/* A damaged blob is found or at least harmless, wherever it is cut or
 * changed. */
static void
damaged_molds_are_harmless(void **state)
{
	const struct iovec *parts;
	struct buf stored;
	struct err err = ERR_INIT;
	size_t i, n, opened = 0;
	struct mold *m;
	char *copy;

	(void)state;
	mold_close(open_mold(&model, &stored));
	for (i = 0; i < stored.len; i++) {
		copy = xmalloc(i + 1);
		memcpy(copy, stored.data, i);
		m = mold_open(copy, i, key, sizeof(key), &err);
		assert_null(m);
		assert_int_equal(err.kind, ERR_INTERNAL);
		free(copy);
	}
	for (i = 0; i < 4 * stored.len; i++) {
		copy = xmalloc(stored.len);
		memcpy(copy, stored.data, stored.len);
		copy[i / 4] = "\x01\x02\n\xff"[i % 4];
		m = mold_open(copy, stored.len, key, sizeof(key), &err);
		if (m != NULL) {
			opened++;
			mold_fill(m, &jo, &parts, &n, &err);
		}
		mold_close(m);
		free(copy);
	}
	assert_true(opened > 0);
	assert_null(mold_open("showmill mold 2\nx", 17, key, 32, &err));
	assert_non_null(strstr(err.msg, "another version"));
	assert_null(mold_open(stored.data, stored.len, key, 0, &err));
	assert_int_equal(err.kind, ERR_INTERNAL);
	buf_release(&stored);
}

/* Slots that no version has made, and more of them than fit. */
static void
unknown_slots_are_refused(void **state)
{
	static const char letters[] = "`nzA\x7f\xff";
	struct err err = ERR_INIT;
	struct buf stored;
	size_t i, letter;

	(void)state;
	mold_close(open_mold(&model, &stored));
	letter = (size_t)(strchr(stored.data, '\x01') - stored.data) + 1;
	for (i = 0; i < sizeof(letters); i++) {
		stored.data[letter] = letters[i];
		assert_null(mold_open(stored.data, stored.len, key,
		    sizeof(key), &err));
		assert_int_equal(err.kind, ERR_INTERNAL);
		assert_non_null(strstr(err.msg, "not known"));
	}
	buf_clear(&stored);
	buf_adds(&stored, "showmill mold 1\nk\nl\na@b.example\n\n\n");
	for (i = 0; i < 257; i++)
		buf_adds(&stored, "\x01" "a\x02");
	buf_adds(&stored, "--\r\n");
	assert_null(mold_open(stored.data, stored.len, key, sizeof(key), &err));
	assert_non_null(strstr(err.msg, "too many"));
	buf_release(&stored);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_as_it_is),
		cmocka_unit_test(https_brings_one_click),
		cmocka_unit_test(pictures_are_related_parts),
		cmocka_unit_test(fields_of_a_list),
		cmocka_unit_test(bad_pictures_are_named),
		cmocka_unit_test(marks_anywhere_read_back),
		cmocka_unit_test(text_is_filled_for_previews),
		cmocka_unit_test(a_friend_without_name_gets_the_fallback),
		cmocka_unit_test(international_senders),
		cmocka_unit_test(longest_values_stay_below_998),
		cmocka_unit_test(same_input_same_bytes),
		cmocka_unit_test(bad_input_is_named),
		cmocka_unit_test(marks_have_a_limit),
		cmocka_unit_test(bad_friends_are_refused),
		cmocka_unit_test(damaged_molds_are_harmless),
		cmocka_unit_test(unknown_slots_are_refused)
	};

	return cmocka_run_group_tests(tests, make_key, NULL);
}
