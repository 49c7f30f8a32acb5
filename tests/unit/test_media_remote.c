/*
 * Sizes and types of files on a web server: the scripted one answers rightly,
 * knows no HEAD, tells no size, lies, or dies.
 */
#include "remote_fixture.h"

static void
head_is_enough(void **state)
{
	struct learnt l;

	(void)state;
	serve("/far.mp3 redirect 302 /a.mp3\n");
	l = learn("far.mp3", false);
	assert_size(&l, FILE_SIZE, "head");
	assert_string_equal(l.r.url, url("a.mp3"));
	assert_string_equal(l.r.facts.type, "audio/mpeg");
	assert_string_equal(l.r.type, "audio/mpeg");
	assert_true(l.r.etag[0] == '"');
	assert_non_null(strstr(l.r.modified, "GMT"));
	assert_int_equal(l.r.status, 200);
	assert_int_equal(l.r.requests, 1);
	assert_int_equal(l.r.received, 0);
	assert_int_equal(l.r.facts.duration_ms, -1);
	assert_false(l.r.has_facts || l.r.not_modified);
	assert_null(l.r.doubt);
	assert_null(strstr(got_file("log"), "GET"));
}

/* Each of these answers to HEAD is of no use; one byte tells the size. */
static void
first_byte_tells(void **state)
{
	static const char *const rules[] = { "head 405", "head 501",
		"head 403", "head 400", "nolength", "length 0",
		"field Content-Encoding: gzip", "html", "close" };
	char text[1024] = "";
	struct learnt l;
	size_t i, n = 0;

	(void)state;
	for (i = 0; i < SIZE(rules); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n,
		    "HEAD:/g%zu.mp3 %s\n", i, rules[i]);
	serve(text);
	for (i = 0; i < SIZE(rules); i++) {
		l = learn(arena_printf(&arena, "g%zu.mp3", i), false);
		assert_size(&l, FILE_SIZE, "range");
		assert_int_equal(l.r.received, 1);
		assert_int_equal(l.r.requests, 2);
		assert_string_equal(l.r.type, "audio/mpeg");
		assert_null(l.r.doubt);
	}
}

/* A server without parts: its GET tells the size, and is ended at once. */
static void
parts_are_not_known(void **state)
{
	struct learnt l;
	char *big = xcalloc(1, 8 << 20);

	(void)state;
	serve("HEAD:/*.mp3 head 405\n"
	    "/big.mp3 range ignore\n");
	put("big.mp3", big, 8 << 20);
	free(big);
	l = learn("big.mp3", false);
	assert_size(&l, 8 << 20, "range");
	assert_int_equal(l.r.status, 200);
	assert_true(l.r.received < 1 << 20);
}

static void
all_is_counted(void **state)
{
	struct learnt l;

	(void)state;
	serve("/a.mp3 nolength\n"
	    "HEAD:/b.mp3 head 405\n"
	    "/b.mp3 nolength\n"
	    "HEAD:/c.mp3 head 405\n"
	    "/c.mp3 nolength\n");
	l = learn("a.mp3", false);
	assert_size(&l, FILE_SIZE, "count");
	assert_int_equal(l.r.requests, 3);
	l = learn("b.mp3", false);
	assert_size(&l, FILE_SIZE, "count");
	assert_int_equal(l.r.facts.duration_ms, -1);
	/* Without a byte, it is none. */
	put("c.mp3", "", 0);
	l = learn("c.mp3", false);
	assert_failed(&l, ERR_NETWORK, "0 bytes; look whether it is there");
}

static void
unchanged(void **state)
{
	struct media_remote_ask ask = { .url = NULL };
	struct learnt l, again;

	(void)state;
	serve("HEAD:/b.mp3 head 405\n"
	    "HEAD:/c.mp3 head 405\n"
	    "/c.mp3 nolength\n");
	l = learn("a.mp3", false);
	ask.url = url("a.mp3");
	ask.etag = l.r.etag;
	learn_all(&limits, &ask, &again, 1);
	assert_false(again.failed);
	assert_true(again.r.not_modified);
	assert_null(again.r.how);
	ask.etag = "\"another\"";
	learn_all(&limits, &ask, &again, 1);
	assert_size(&again, FILE_SIZE, "head");
	assert_false(again.r.not_modified);
	/* Without HEAD too. */
	l = learn("b.mp3", false);
	ask = (struct media_remote_ask){ .url = url("b.mp3"),
	    .etag = "", .modified = l.r.modified };
	learn_all(&limits, &ask, &again, 1);
	assert_false(again.failed);
	assert_true(again.r.not_modified);
	assert_int_equal(again.r.requests, 2);
	l = learn("c.mp3", false);
	ask = (struct media_remote_ask){ .url = url("c.mp3"),
	    .etag = l.r.etag };
	learn_all(&limits, &ask, &again, 1);
	assert_false(again.failed);
	assert_true(again.r.not_modified);
}

/* One rule, and what comes of it. */
struct fault {
	const char *rules;	/* of /N/..., N its place */
	bool facts;		/* they are wanted */
	enum err_kind kind;	/* ERR_NONE: the size is had all the same */
	const char *says;	/* the err, or the way */
};

static const struct fault faults[] = {
	{ "/%zu/* html", false, ERR_NETWORK, "the server sends text/html, "
	    "which is no audio; look at the address" },
	{ "/%zu/* field Content-Encoding: gzip", false, ERR_NETWORK,
	    "the server sends it compressed" },
	{ "HEAD:/%zu/* nolength\n/%zu/* drip 300", false, ERR_NONE,
	    "range" },
	{ "HEAD:/%zu/* delay 9000", false, ERR_NETWORK, "timed out" },
	{ "/%zu/* redirect 302 {path}x", false, ERR_NETWORK,
	    "more than 10 redirects; look at the address, and where it "
	    "leads" },
	{ "/%zu/* redirect 302 file:///etc/passwd", false, ERR_NETWORK,
	    "neither http nor https" },
	{ "/%zu/* redirect 302 ftp://127.0.0.1/a", false, ERR_NETWORK,
	    "neither http nor https" },
	{ "HEAD:/%zu/* head 405\n/%zu/* part 5", false, ERR_NETWORK,
	    "bytes 5 to 5 where 0 to 0 were asked for" },
	{ "HEAD:/%zu/* head 405\n/%zu/* range ignore", false, ERR_NONE,
	    "range" },
	{ "/%zu/* close", false, ERR_NETWORK, "GET " },
	{ "HEAD:/%zu/* head 405\n/%zu/* length 5000", false, ERR_NONE,
	    NULL },
	{ "/%zu/* headers 10000", false, ERR_NETWORK, "lines" },
	{ "/%zu/* status 404", false, ERR_INPUT, "the server answered 404; "
	    "look at the address, and whether the file is there" },
	{ "/%zu/* status 403", false, ERR_INPUT, "the server answered 403; "
	    "podcast players have no password" },
	{ "/%zu/* status 500", false, ERR_NETWORK, "the server answered 500; "
	    "try again later" },
	{ "/%zu/* retry 503 4000", false, ERR_TEMPORARY, "503 and wants to "
	    "be asked again in 4000 seconds" },
	{ "HEAD:/%zu/* nolength\nGET:/%zu/* status 410", false, ERR_INPUT,
	    "the server answered 410" },
	{ "/%zu/* drip 300", true, ERR_NETWORK, "did not end in time" },
	{ "/%zu/* cut 500", true, ERR_NETWORK, "GET " },
	{ "/%zu/* part 5", true, ERR_NONE, "head" },
	{ "GET:/%zu/* field Content-Encoding: gzip", true, ERR_NONE,
	    "head" },
	{ "GET:/%zu/* status 404", true, ERR_INPUT, "answered 404" },
	{ "GET:/%zu/* html", true, ERR_NETWORK, "sends text/html" },
	{ "", true, ERR_INPUT, "is no audio or video file but" }
};

static const char *
all_rules(void)
{
	struct buf b;
	const char *text, *p;
	size_t i;

	buf_init(&b, 0);
	for (i = 0; i < SIZE(faults); i++) {
		for (p = faults[i].rules; *p != '\0'; p++)
			if (strncmp(p, "%zu", 3) == 0) {
				buf_addf(&b, "%zu", i);
				p += 2;
			} else {
				buf_addc(&b, *p);
			}
		buf_addc(&b, '\n');
	}
	text = arena_strdup(&arena, b.data);
	buf_release(&b);
	return text;
}

static void
look_at(const struct fault *f, const struct learnt *l)
{
	if (f->kind != ERR_NONE)
		assert_failed(l, f->kind, f->says);
	else if (f->says != NULL)
		assert_size(l, FILE_SIZE, f->says);
	else
		assert_false(l->failed);
}

/* Every fault at once, among files that have none: each ends, and ends no
 * other. */
static void
faults_among_others(void **state)
{
	static const struct http_many_limits hasty = { .timeout = 2,
	    .per_host = 40, .connections = 40 };
	struct media_remote_ask asks[SIZE(faults) + GOOD] = { 0 };
	struct learnt to[SIZE(faults) + GOOD];
	char data[FILE_SIZE] = "#!/bin/sh\n";
	double begun;
	size_t i;

	(void)state;
	serve(all_rules());
	for (i = 0; i < SIZE(faults); i++) {
		assert_int_equal(mkdir(arena_printf(&arena, "%s/%zu",
		    server.dir, i), 0755), 0);
		put(arena_printf(&arena, "%zu/a.mp3", i), data, FILE_SIZE);
		asks[i].url = url(arena_printf(&arena, "%zu/a.mp3", i));
		asks[i].want_facts = faults[i].facts;
	}
	for (i = 0; i < GOOD; i++)
		asks[SIZE(faults) + i].url = url(arena_printf(&arena,
		    "g%zu.mp3", i));
	begun = seconds();
	learn_all(&hasty, asks, to, SIZE(asks));
	assert_true(seconds() - begun < 15);
	for (i = 0; i < SIZE(faults); i++)
		look_at(&faults[i], &to[i]);
	for (i = 0; i < GOOD; i++)
		assert_size(&to[SIZE(faults) + i], FILE_SIZE, "head");
}

/* Until the time is over, or more came than is counted. */
static void
endless_body(void **state)
{
	static const struct http_many_limits hasty = { .timeout = 1 };
	struct media_remote_ask asks[2] = { { .want_facts = false },
		{ .want_facts = true } };
	struct learnt to[2];
	size_t i;

	(void)state;
	serve("HEAD:/b.mp3 head 405\n"
	    "/*.mp3 endless\n");
	asks[0].url = url("a.mp3");
	asks[1].url = url("b.mp3");
	learn_all(&hasty, asks, to, SIZE(asks));
	for (i = 0; i < SIZE(asks); i++)
		if (to[i].r.timed_out)
			assert_failed(&to[i], ERR_NETWORK, "did not end in "
			    "time");
		else if (i == 0)
			assert_failed(&to[i], ERR_INPUT, "is larger than "
			    "4294967296 bytes");
		else
			assert_true(to[i].failed);
}

/* A body that breaks off while it is counted is not a shorter file. */
static void
cut_is_no_size(void **state)
{
	struct learnt l;

	(void)state;
	serve("HEAD:/*.mp3 head 405\n"
	    "/a.mp3 length 5000\n"
	    "/b.mp3 close\n");
	/* 200 to a range, and what GET promises is what players see. */
	l = learn("a.mp3", false);
	assert_size(&l, 5000, "range");
	l = learn("a.mp3", true);
	assert_failed(&l, ERR_NETWORK, "GET ");
	l = learn("b.mp3", false);
	assert_failed(&l, ERR_NETWORK, "; look at the address");
}

static void
head_lies(void **state)
{
	struct learnt l;
	struct buf b;

	(void)state;
	serve("HEAD:/a.mp3 length 31\n");
	buf_init(&b, 0);
	add_frames(&b, MP3_128, 100, NULL, 0, 0);
	put("a.mp3", b.data, b.len);
	/* Nobody asked for more. */
	l = learn("a.mp3", false);
	assert_size(&l, 31, "head");
	l = learn("a.mp3", true);
	assert_size(&l, (int64_t)b.len, "range");
	assert_string_equal(l.r.doubt, arena_printf(&arena, "HEAD says that "
	    "the file has 31 bytes, GET %zu", b.len));
	assert_true(l.r.has_facts);
	assert_int_equal(l.r.facts.duration_ms, 2612);
	buf_release(&b);
}

static void
nobody_is_there(void **state)
{
	static const struct http_many_limits again = { .timeout = 20,
	    .retries = 3, .unit_ms = 5 };
	struct media_remote_ask ask = { .url = NULL };
	struct learnt l;

	(void)state;
	snprintf(server.url, sizeof(server.url), "http://127.0.0.1:%u",
	    free_port(NULL));
	ask.url = url("a.mp3");
	learn_all(&limits, &ask, &l, 1);
	assert_failed(&l, ERR_NETWORK, "whether the server runs");
	assert_true(l.r.silent);
	assert_int_equal(l.r.status, 0);
	assert_int_equal(l.r.requests, 1);
	/* No GET either, once the host is given up. */
	learn_all(&again, &ask, &l, 1);
	assert_failed(&l, ERR_NETWORK, "Couldn't connect to server; look "
	    "at the address, and whether the server runs");
	assert_true(l.r.silent);
	assert_int_equal(l.r.requests, 1);
	ask.url = "file:///etc/passwd";
	learn_all(&limits, &ask, &l, 1);
	assert_true(l.failed);
	assert_int_equal(l.err.kind, ERR_INPUT);
	assert_int_equal(l.r.requests, 1);
}

/* A certificate that nobody has signed: there is no GET after it either. */
static void
not_trusted(void **state)
{
	struct http_many_limits l = limits;
	struct media_remote_ask ask = { .url = NULL };
	unsigned port = free_port(NULL);
	struct learnt to;

	(void)state;
	serve_tls(port, "30");
	wait_for_server(port);
	snprintf(server.url, sizeof(server.url), "https://127.0.0.1:%u", port);
	ask.url = url("a.mp3");
	learn_all(&l, &ask, &to, 1);
	assert_failed(&to, ERR_NETWORK, "certificate; players refuse it too: "
	    "let the server have a certificate that is valid, or, where it is "
	    "one of your own, name who signed it by http_ca_file in "
	    "config.ini");
	assert_true(to.r.untrusted);
	assert_int_equal(to.r.requests, 1);
}

/* Nothing is begun once it is stopped, however often there was another way. */
static void
stopped(void **state)
{
	static volatile sig_atomic_t stop = 1;
	struct http_many_limits l = limits;
	struct media_remote_ask ask = { .want_facts = true,
	    .done = on_learnt };
	struct err err = ERR_INIT;
	struct learnt to = { 0 };
	struct http_many *m;

	(void)state;
	serve("");
	l.stop = &stop;
	m = http_many_open(&l, &err);
	assert_non_null(m);
	ask.url = url("a.mp3");
	ask.ctx = &to;
	media_remote_add(m, &ask);
	assert_int_equal(http_many_run(m, &err), -1);
	http_many_close(m);
	assert_int_equal(to.calls, 1);
	assert_int_equal(to.err.kind, ERR_TEMPORARY);
	assert_string_equal(to.err.msg, "interrupted");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		HTTP_TEST(head_is_enough),
		HTTP_TEST(first_byte_tells),
		HTTP_TEST(parts_are_not_known),
		HTTP_TEST(all_is_counted),
		HTTP_TEST(unchanged),
		HTTP_TEST(faults_among_others),
		HTTP_TEST(endless_body),
		HTTP_TEST(cut_is_no_size),
		HTTP_TEST(head_lies),
		HTTP_TEST(nobody_is_there),
		HTTP_TEST(not_trusted),
		HTTP_TEST(stopped)
	};
	struct err err = ERR_INIT;
	int rc;

	if (http_global_init(&err) != 0)
		return 1;
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	http_global_release();
	return rc;
}
