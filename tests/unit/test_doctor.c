/*
 * The doctor, where a command line cannot lead: certificates, and servers that
 * say one thing to HEAD and another to GET.
 */
#include "http_fixture.h"
#include "show/doctor.h"
#include "show/doctor_int.h"

static void
serve_days(const char *days)
{
	unsigned port = free_port(NULL);

	serve_tls(port, days);
	wait_for_server(port);
	snprintf(server.url, sizeof server.url, "https://127.0.0.1:%u", port);
}

/* Two chapters files of one server, with nothing wrong about them. */
static void
visit_tls(void)
{
	static const char answer[] = "HTTP/1.0 200 OK\r\n"
	    "Content-Type: application/json\r\n"
	    "Access-Control-Allow-Origin: *\r\n\r\n"
	    "{\"version\": \"1.2.0\", \"chapters\": [{\"startTime\": 0}]}";
	struct http_many_limits l = { .timeout = 20, .connections = 1,
	    .per_host = 1, .ca_file = arena_printf(&arena, "%s/cert.pem",
	    server.dir) };
	struct doctor_file f = { .kind = DOCTOR_CHAPTERS, .who = "episode 1",
	    .file = "notes.md", .line = 3, .duration = -1 };
	struct doctor *d = doctor_open((int64_t)time(NULL), &told.findings);
	struct err err = ERR_INIT;

	put("a", answer, sizeof(answer) - 1);
	put("b", answer, sizeof(answer) - 1);
	f.url = url("a");
	assert_true(doctor_add(d, &f));
	assert_false(doctor_add(d, &f));
	f.url = url("b");
	assert_true(doctor_add(d, &f));
	if (doctor_run(d, &l, &err) != 0)
		fail_msg("%s", err.msg);
	doctor_close(d);
}

static void
certificate(void **state)
{
	(void)state;
	serve_days("5");
	visit_tls();
	assert_int_equal(told.n, 1);
	assert_string_equal(told.rule[0], "media-certificate");
	assert_int_equal(told.findings.warnings, 1);
	assert_non_null(strstr(told.text[0], " only, for "));
	assert_non_null(strstr(told.text[0], "(and so for 1 more address of "
	    "127.0.0.1:"));
}

static void
good_certificate(void **state)
{
	(void)state;
	serve_days("20");
	visit_tls();
	assert_int_equal(told.n, 0);
}

static struct doctor_case
a_case(void)
{
	struct doctor_case c = { .arena = &arena, .host = "example.org",
	    .f = { .kind = DOCTOR_AUDIO, .url = "https://example.org/a.mp3",
	    .who = "episode 1", .type = "audio/mpeg", .length = 1000,
	    .length_of = "the feed", .local = 1000 },
	    .head = { .came = true, .status = 200, .asked = true,
	    .size = 1000, .type = "audio/mpeg" }, .bytes = "audio/mpeg" };

	c.get = c.head;
	c.get.status = 206;
	return c;
}

static const struct doctor_trouble *
judged(struct doctor_case *c)
{
	c->last = &c->first;
	doctor_judge(c, 1000000);
	return c->first;
}

static void
assert_trouble(struct doctor_case c, const char *rule, const char *words)
{
	const struct doctor_trouble *t = judged(&c);

	if (t == NULL)
		fail_msg("nothing is told; expected \"%s\"", words);
	assert_string_equal(t->rule, rule);
	if (strstr(t->text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", t->text, words);
	assert_null(t->next);
}

static void
answers(void **state)
{
	struct doctor_case c = a_case();

	(void)state;
	assert_null(judged(&c));
	c = a_case();
	c.head.size = 999;
	assert_trouble(c, "media-length", "HEAD says 999 bytes, GET 1000");
	c = a_case();
	c.head.size = -1;
	assert_trouble(c, "media-length", "HEAD tells no Content-Length");
	c = a_case();
	c.head.encoded = true;
	c.head.size = -1;
	assert_trouble(c, "media-length", "sends it compressed");
	c = a_case();
	c.f.length = 999;
	assert_trouble(c, "media-length", "has 1000 bytes, but the feed says "
	    "999; run `feed build");
	c = a_case();
	c.f.local = 999;
	assert_trouble(c, "media-length", "the file here 999; upload it "
	    "again");
	c = a_case();
	c.bytes = "audio/ogg";
	c.f.type = NULL;
	assert_trouble(c, "media-type", "says it is audio/mpeg, its bytes are "
	    "audio/ogg");
	c = a_case();
	c.f.type = "audio/ogg";
	assert_trouble(c, "media-type", "the feed says it is audio/ogg");
	c = a_case();
	c.cert_until = 1000000 + 14 * 86400;
	assert_null(judged(&c));
	c = a_case();
	c.cert_until = 1000000 + 14 * 86400 - 1;
	assert_trouble(c, "media-certificate", "for 13 more days");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		HTTP_TEST(certificate), HTTP_TEST(good_certificate),
		cmocka_unit_test_setup_teardown(answers, setup, teardown)
	};
	struct err err = ERR_INIT;
	int rc;

	if (http_global_init(&err) != 0)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	http_global_release();
	return rc;
}
