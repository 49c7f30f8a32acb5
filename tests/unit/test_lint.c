/*
 * Each rule of the lint: what hits it, and what is near and does not. The model
 * hits none.
 */
#include "told.h"

#include <stdlib.h>

#include "base/buf.h"
#include "mail/lint.h"
#include "text/utf8.h"

#define WORDS "Fog came up the river before noon and stayed until the ferry " \
    "had gone. We talk about lamps, about bells, and about the people who " \
    "ring them when nobody can see the shore. There is a tea in it as well, " \
    "and a timetable that nobody has kept since the spring of that year. "

#define HEAD "Date: Tue, 03 Jun 2025 10:00:00 -0700\r\n" \
    "From: Harbour Radio <radio@example.org>\r\n" \
    "To: jo@example.net\r\nSubject: Episode 7\r\n"
#define LIST "List-Id: Harbour Radio <friends.example.org>\r\n"
#define LEAVE "List-Unsubscribe: <https://example.org/u?t=1>,\r\n" \
    " <mailto:leave@example.org?subject=unsubscribe%201>\r\n"
#define POST "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
#define BODY "MIME-Version: 1.0\r\n\r\nbody\r\n"

/* 71 characters. */
#define LONG "This subject is a long one, and nobody w" \
    "ill read it to its very end, ok"

#define HIDDEN "<div style=\"display:none; max-height:0\">Fog, and bells</div>"

static struct lint_input in;
static enum severity severity[TOLD_MAX];
static const char *file[TOLD_MAX];

static void
keep_more(void *ctx, const struct finding *f)
{
	severity[told.n] = f->severity;
	file[told.n] = f->file;
	keep(ctx, f);
}

static void
look(void)
{
	forget();
	told.findings.report = keep_more;
	in.message_len = strlen(in.message);
	lint_message(&in, &told.findings);
}

static void
model(void)
{
	memset(&in, 0, sizeof(in));
	in.subject = "Episode 7: Fog";
	in.html = "<html><body>" HIDDEN "<p>" WORDS WORDS "</p></body></html>";
	in.text = "Hi Jo,\n\n" WORDS WORDS "\n";
	in.message = HEAD LIST LEAVE POST BODY;
	in.html_file = "digest.html";
	in.text_file = "digest.txt";
	in.subject_file = "digest.subject";
}

static const char *
page(const char *more)
{
	return arena_printf(&arena, "<html><body>" HIDDEN "<p>%s</p>\n%s"
	    "</body></html>", WORDS WORDS, more);
}

/* HTML with more in it, and the text with its own. */
static void
with(const char *html, const char *text)
{
	model();
	in.html = page(html);
	in.text = arena_printf(&arena, "Hi Jo,\n\n%s\n%s\n", WORDS WORDS,
	    text);
	look();
}

static void
clean(void)
{
	if (told.n > 0)
		fail_msg("[%s] %s", told.rule[0], told.text[0]);
}

/* The only finding is that one. */
static void
hit(const char *rule, enum severity how, const char *part)
{
	if (told.n == 0)
		fail_msg("nothing is told of %s", rule);
	assert_told(0, rule, told.line[0], part);
	assert_int_equal(severity[0], how);
	if (told.n > 1)
		fail_msg("also: [%s] %s", told.rule[1], told.text[1]);
}

static void
the_model(void **state)
{
	(void)state;
	model();
	look();
	clean();
	with("<a href=\"https://example.org/a\">a</a>"
	    "<a href=\"mailto:a@example.org\">write</a>",
	    "a (https://example.org/a).");
	clean();
}

static const char *
repeated(const char *what, size_t n)
{
	struct buf b;
	const char *text;

	buf_init(&b, 0);
	while (b.len < n)
		buf_adds(&b, what);
	text = arena_strdup(&arena, b.data);
	buf_release(&b);
	return text;
}

static void
sizes(void **state)
{
	(void)state;
	with(repeated("<!-- 3456789 -->", LINT_CLIP), "");
	hit("digest-size", SEV_WARNING, "hides the rest");
	with(repeated("<!-- 3456789 -->", LINT_CLIP / 100 * 97), "");
	hit("digest-size", SEV_INFO, "near");
	with(repeated("<!-- 3456789 -->", LINT_CLIP / 100 * 90), "");
	clean();
}

static void
lines(void **state)
{
	char line[1000];

	(void)state;
	model();
	memset(line, 'x', sizeof(line));
	in.message = arena_printf(&arena, "%s\r\n%.999s\r\n",
	    HEAD LIST LEAVE POST, line);
	look();
	hit("digest-line", SEV_ERROR, "999 bytes");
	in.message = arena_printf(&arena, "%s\r\n%.998s\r\n",
	    HEAD LIST LEAVE POST, line);
	look();
	clean();
}

#define JAPANESE "\xe3\x81\xae\xe3\x83\x8b\xe3\x83\xa5\xe3\x83\xbc"

static void
subjects(void **state)
{
	static const struct { const char *subject, *says; } bad[] = {
		{ LONG, "71 characters" },
		{ "EPISODE SEVEN", "capitals" },
		{ "Fog!! And more", "!!" },
		{ "Earn $$ now", "$$" },
		{ "Re: the fog", "answer" },
		{ "FWD: the fog", "answer" },
	};
	static const char *const good[] = {
		LONG, "NASA", "Fog! And more!", "Regarding: fog",
		"NHK " JAPANESE " ABCDE",
		"Episode 7: TCP/IP"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(bad); i++) {
		model();
		in.subject = bad[i].subject;
		look();
		hit("digest-subject", SEV_WARNING, bad[i].says);
		assert_string_equal(file[0], "digest.subject");
	}
	for (i = 0; i < SIZE(good); i++) {
		model();
		in.subject = i == 0 ? arena_strndup(&arena, good[i], 70) :
		    good[i];
		look();
		clean();
	}
	model();
	in.subject = " ";
	look();
	hit("digest-subject", SEV_ERROR, "empty");
}

static void
preheaders(void **state)
{
	(void)state;
	model();
	in.html = "<html><body><p>Visible " WORDS WORDS "</p></body></html>";
	look();
	hit("digest-preheader", SEV_WARNING, "Visible Fog");
	/* What only fills a line is none. */
	in.html = "<html><body><div style='display: none'>&#8199;&#847; "
	    "&zwnj;</div><p>" WORDS WORDS "</p></body></html>";
	look();
	hit("digest-preheader", SEV_WARNING, "\"Fog came");
	in.html = "<html><body><style>p { }</style><span style='color:red;"
	    "DISPLAY:NONE'>x</span><p>" WORDS WORDS "</p></body></html>";
	look();
	clean();
}

static void
left_over(void **state)
{
	(void)state;
	with("<p>{{friend.name}}</p>", "");
	hit("digest-left-over", SEV_ERROR, "`{{friend.name}}`");
	with("", "{{#episodes}}");
	hit("digest-left-over", SEV_ERROR, "`{{#episodes}}` stands in the "
	    "text");
	assert_string_equal(file[0], "digest.txt");
	/* Notes may speak of templates. */
	with("<p>Write {{ site.title }} there</p>", "");
	hit("digest-left-over", SEV_WARNING, "{{ site.title }}");
	with("<p>{ {x} } and {{ and }\n}</p>", "{{");
	clean();
	with("\001" "A\002", "");
	hit("digest-left-over", SEV_ERROR, "mark");
	with("", "\001" "A\002");
	hit("digest-left-over", SEV_ERROR, "mark");
	model();
	in.text = "Hi ,\n\n" WORDS WORDS "\n";
	look();
	hit("digest-left-over", SEV_WARNING, "\"Hi ,\"");
	model();
	in.text = "Hi,\n\n" WORDS WORDS "\n";
	look();
	clean();
}

static void
active(void **state)
{
	static const char *const errors[] = {
		"<script>x</script>", "<form action='https://x.org/'></form>",
		"<iframe src='https://x.org/'></iframe>",
		"<object></object>", "<p onclick='x()'>a</p>"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(errors); i++) {
		with(errors[i], "");
		hit("digest-active", SEV_ERROR, "attack");
	}
	with("<link rel=stylesheet href=https://x.org/a.css>", "");
	hit("digest-active", SEV_WARNING, "load no style sheets");
	with("<style>@import url(https://x.org/a.css);</style>", "");
	hit("digest-active", SEV_WARNING, "load no style sheets");
	with("<video src='https://x.org/a.mp4'></video>", "");
	hit("digest-active", SEV_WARNING, "<video>");
	with("<!--[if mso]><script></script><![endif]--><p>script form "
	    "onclick=</p><style>p { }</style>", "");
	clean();
}

static void
schemes(void **state)
{
	(void)state;
	with("<a href=' JavaScript:alert(1)'>x</a>", "");
	hit("digest-link-scheme", SEV_ERROR, "forbidden");
	with("<a href='data:text/html,x'>x</a>", "");
	hit("digest-link-scheme", SEV_ERROR, "forbidden");
	with("<a href='page.html'>x</a>", "");
	hit("digest-link-scheme", SEV_WARNING, "nowhere");
	with("<a href='#there'>x</a>", "");
	hit("digest-link-scheme", SEV_WARNING, "nowhere");
	with("<a href='tel:+4940123'>call</a> <a name='there'>x</a>", "");
	clean();
	with("<a href='http://example.org/'>x</a><a href='http://example.org/'>"
	    "y</a>", "http://example.org/");
	hit("digest-link-http", SEV_WARNING, "http://example.org/");
	with("<img src='http://example.org/a.png' alt='x' width='9'>", "");
	hit("digest-link-http", SEV_WARNING, "picture");
}

static void
link_words(void **state)
{
	(void)state;
	with("<a href='https://example.org/'> &nbsp;</a>",
	    "https://example.org/");
	hit("digest-link-empty", SEV_WARNING, "no words");
	with("<a href='https://example.org/'><img src='https://example.org/"
	    "a.png' alt='' width='9'></a>", "https://example.org/");
	hit("digest-link-empty", SEV_WARNING, "no words");
	with("<a href='https://example.org/'><img src='https://example.org/"
	    "a.png' alt='Cover' width='9'></a><a href='https://example.org/' "
	    "aria-label='x'></a>", "https://example.org/");
	clean();
}

static void
shown_addresses(void **state)
{
	static const char *const bad[] = {
		"https://bank.example.com/", "www.bank.example.com",
		"bank.example.com", "bank.com/login"
	};
	static const char *const good[] = {
		"https://www.example.org/other", "example.org", "Example.org",
		"our blog.", "node.js", "config.ini", "media.example.org",
		"see bank.com", "me@bank.com"
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(bad); i++) {
		with(arena_printf(&arena, "<a href='https://example.org/x'>%s"
		    "</a>", bad[i]), "https://example.org/x");
		hit("digest-link-shown", SEV_WARNING, "fraud");
	}
	for (i = 0; i < SIZE(good); i++) {
		with(arena_printf(&arena, "<a href='https://example.org/x'>%s"
		    "</a>", good[i]), "https://example.org/x");
		clean();
	}
}

static void
pictures(void **state)
{
	(void)state;
	with("<img src='https://example.org/a.png' width='9'>", "");
	hit("digest-image-alt", SEV_WARNING, "alt");
	with("<img width='9' alt='x'>", "");
	hit("digest-image-alt", SEV_WARNING, "no address");
	with("<img src='https://example.org/a.png' width='1' height='1'>"
	    "<img src='https://example.org/b.png' alt='' style='width: 9px'>"
	    "<img src='cid:1@example.org' alt='x' width='9'>", "");
	clean();
	with("<img src='https://example.org/a.png' alt='x'>", "");
	hit("digest-image-size", SEV_INFO, "width");
	model();
	in.html = "<body>" HIDDEN "<p>Short.</p><img src='https://example.org/"
	    "a.png' alt='x' width='9'></body>";
	in.text = "Short.\n";
	look();
	hit("digest-image-share", SEV_WARNING, "1 picture and only 6");
	in.html = "<body>" HIDDEN "<p>Short.</p></body>";
	look();
	clean();
}

static void
parts(void **state)
{
	(void)state;
	with("<a href='https://example.org/a'>a</a>", "");
	hit("digest-parts", SEV_WARNING, "in the HTML and not in the text");
	with("", "https://example.org/a");
	hit("digest-parts", SEV_WARNING, "in the text and not in the HTML");
	/* A slash, or the end of a sentence, makes no difference. */
	with("<a href='https://example.org/'>a</a>",
	    "(see https://example.org).");
	clean();
	/* Words of the HTML, and a picture's address. */
	with("<p>https://example.org/a</p><img src='https://example.org/b' "
	    "alt='' width='9'>", "https://example.org/a https://example.org/b");
	clean();
	model();
	in.text = "Hi Jo,\n\nSee the HTML.\n";
	look();
	hit("digest-parts", SEV_WARNING, "misses half");
	/* Cut ones need not agree. */
	with(arena_printf(&arena, "%s<a href='https://example.org/a'>a</a>",
	    repeated("<!-- 3456789 -->", 93000)), "");
	hit("digest-parts", SEV_INFO, "not in the text");
}

static void
of_message(const char *message)
{
	model();
	in.message = message;
	look();
}

static void
list_fields(void **state)
{
	(void)state;
	of_message(HEAD LEAVE POST BODY);
	hit("digest-list", SEV_ERROR, "List-Id is missing");
	of_message(HEAD "List-Id: friends.example.org\r\n" LEAVE POST BODY);
	hit("digest-list", SEV_ERROR, "RFC 2919");
	of_message(HEAD "List-Id: <friends>\r\n" LEAVE POST BODY);
	hit("digest-list", SEV_ERROR, "RFC 2919");
	of_message(HEAD "List-Id: <a..b>\r\n" LEAVE POST BODY);
	hit("digest-list", SEV_ERROR, "RFC 2919");
	of_message(arena_printf(&arena, "%sList-Id: <a.%s>\r\n%s", HEAD,
	    repeated("abcdefgh", 254), LEAVE POST BODY));
	hit("digest-list", SEV_ERROR, "RFC 2919");
	of_message(arena_printf(&arena, "%sList-Id: <a.%s>\r\n%s", HEAD,
	    repeated("abcdefgh", 248), LEAVE POST BODY));
	clean();
	of_message(HEAD LIST BODY);
	hit("digest-list", SEV_ERROR, "List-Unsubscribe is missing");
	of_message(HEAD LIST "List-Unsubscribe: https://example.org/\r\n"
	    BODY);
	hit("digest-list", SEV_ERROR, "RFC 2369");
	of_message(HEAD LIST "List-Unsubscribe: <https://example.org/> "
	    "<mailto:a@example.org>\r\n" POST BODY);
	hit("digest-list", SEV_ERROR, "RFC 2369");
	of_message(HEAD LIST "List-Unsubscribe: (a \\) comment) <mailto:a@"
	    "example.org> (x)\r\n" BODY);
	clean();
	of_message(HEAD LIST LEAVE POST "List-Archive: example.org\r\n" BODY);
	hit("digest-list", SEV_ERROR, "List-Archive");
	of_message(HEAD LIST LEAVE POST "List-Post: NO\r\nList-Help: <mailto:"
	    "a@example.org>\r\n" BODY);
	clean();
}

static void
one_click(void **state)
{
	(void)state;
	of_message(HEAD LIST LEAVE BODY);
	hit("digest-list", SEV_WARNING, "want both");
	of_message(HEAD LIST "List-Unsubscribe: <mailto:a@example.org>\r\n"
	    POST BODY);
	hit("digest-list", SEV_ERROR, "wants an https address");
	of_message(HEAD LIST LEAVE "List-Unsubscribe-Post: yes\r\n" BODY);
	hit("digest-list", SEV_ERROR, "RFC 8058");
	of_message("DKIM-Signature: v=1; d=example.org; h=From:List-Unsubscribe"
	    "-Post;\r\n b=x\r\n" HEAD LIST LEAVE POST BODY);
	hit("digest-list", SEV_WARNING, "does not cover");
	of_message("DKIM-Signature: v=1; d=example.org; h=From:List-Unsubscribe"
	    ":\r\n\tList-Unsubscribe-Post; b=x\r\n" HEAD LIST LEAVE POST BODY);
	clean();
}

#define SIGNED(d) "DKIM-Signature: v=1; a=x; d=" d "; h=list-unsubscribe:" \
    "list-unsubscribe-post:from; b=x\r\n"

static void
domains(void **state)
{
	(void)state;
	of_message(SIGNED("mailer.example") HEAD LIST LEAVE POST BODY);
	hit("digest-domain", SEV_WARNING, "mailer.example");
	/* One that counts is enough; one within the other counts. */
	of_message(SIGNED("mailer.example") SIGNED("mail.example.org") HEAD LIST
	    LEAVE POST BODY);
	clean();
	of_message(SIGNED("EXAMPLE.org") HEAD LIST LEAVE POST BODY);
	clean();
	of_message("From: nobody\r\n" LIST LEAVE POST BODY);
	hit("digest-domain", SEV_ERROR, "no address");
	assert_false(lint_is_aligned("anexample.org", "example.org"));
	assert_true(lint_is_aligned("a.example.org", "example.org"));
	assert_false(lint_is_aligned("example.org", ""));
}

static void
places(void **state)
{
	const struct lint_source sources[] = {
		{ "001.md", "---\n---\n\n[x](http://example.org/?a&b)\n" },
		{ "digest.html", "<p>\n<a href=\"http://example.org/?c&amp;"
		    "d\">" }
	};

	(void)state;
	model();
	in.html = page("<a href='http://example.org/?a&amp;b'>x</a>"
	    "<a href='http://example.org/?c&amp;d'>x</a>"
	    "<a href='http://example.org/e'>x</a>");
	in.text = WORDS WORDS "http://example.org/?a&b http://example.org/?c&d"
	    " http://example.org/e";
	in.sources = sources;
	in.nsources = 2;
	look();
	assert_int_equal(told.n, 3);
	assert_string_equal(file[0], "001.md");
	assert_int_equal(told.line[0], 4);
	assert_string_equal(file[1], "digest.html");
	assert_int_equal(told.line[1], 2);
	/* It is made of several values. */
	assert_string_equal(file[2], "digest.html");
	assert_int_equal(told.line[2], 0);
}

static void
many_are_counted(void **state)
{
	(void)state;
	with(repeated("<a href='x.html'>x</a>", 22 * 8), "");
	assert_int_equal(told.n, LINT_SHOWN + 1);
	assert_told(LINT_SHOWN, "digest-link-scheme", 0, "3 more");
	assert_int_equal(told.findings.errors, 0);
	/* An error that is only counted is an error. */
	with(arena_printf(&arena, "%s<a href='javascript:x'>x</a>",
	    repeated("<a href='x.html'>x</a>", 22 * 8)), "");
	assert_int_equal(told.findings.errors, 1);
	assert_int_equal(severity[LINT_SHOWN], SEV_ERROR);
}

static void
hostile(void **state)
{
	(void)state;
	model();
	in.html = in.text = in.message = "";
	look();
	assert_true(told.findings.errors > 0);
	model();
	in.html = repeated("<div>", 5 * 5000);
	look();
	assert_true(told.n > 0);
	with("<a href=\"", "");
	with("<a href=''>x<a href='https://example.org/'><img", "");
	assert_true(told.n > 0);
}

/* What a list of mails shows. */
static void
rows(void **state)
{
	static const char line[] = "<body><div style='display:none'>One <b>two"
	    "</b> %s</div><p>three &amp; four</p></body>";
	struct err err = ERR_INIT;
	struct markup_look k;
	const char *html;

	(void)state;
	html = arena_printf(&arena, line, repeated("&#8199;&#847; ", 14 *
	    MARKUP_LOOK_FILLERS));
	assert_int_equal(markup_look(&arena, html, strlen(html), &k, &err), 0);
	assert_string_equal(k.preheader, "One two");
	assert_string_equal(k.row, "One two");
	assert_string_equal(k.text, "three & four");
	html = arena_printf(&arena, line, "&#8199;&#847; ");
	assert_int_equal(markup_look(&arena, html, strlen(html), &k, &err), 0);
	assert_string_equal(k.preheader, "One two");
	assert_string_equal(k.row, "One two three & four");
	html = repeated("<p>\xc3\xa9\xc3\xa9</p>", 11 * 200);
	assert_int_equal(markup_look(&arena, html, strlen(html), &k, &err), 0);
	assert_string_equal(k.preheader, "");
	assert_int_equal(utf8_count(k.row), MARKUP_LOOK_ROW);
}

static void
addresses(void **state)
{
	const char **list;
	size_t n;

	(void)state;
	list = lint_addresses(&arena, "<a href='https://a.org/'>x</a>"
	    "<a href='mailto:a@a.org'>x</a><a href='https://a.org/'>y</a>"
	    "<img src='http://b.org/'><img src='cid:x'>", &n);
	assert_int_equal(n, 2);
	assert_string_equal(list[0], "https://a.org/");
	assert_string_equal(list[1], "http://b.org/");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(the_model), TOLD_TEST(sizes), TOLD_TEST(lines),
		TOLD_TEST(subjects), TOLD_TEST(preheaders),
		TOLD_TEST(left_over), TOLD_TEST(active), TOLD_TEST(schemes),
		TOLD_TEST(link_words), TOLD_TEST(shown_addresses),
		TOLD_TEST(pictures), TOLD_TEST(parts),
		TOLD_TEST(list_fields), TOLD_TEST(one_click),
		TOLD_TEST(domains), TOLD_TEST(places),
		TOLD_TEST(many_are_counted), TOLD_TEST(rows), TOLD_TEST(hostile),
		TOLD_TEST(addresses)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
