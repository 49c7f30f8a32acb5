/*
 * Many requests at once, to servers that lie, die or stand still.
 */
#include <sys/resource.h>
#include <sys/time.h>

#include "base/http_slot.h"
#include "http_fixture.h"

/* Patient enough for a busy machine, short enough for a test. */
static const struct http_many_limits once = { .timeout = 20 };
static const struct http_many_limits again = { .timeout = 20, .retries = 2,
	.patience = 5, .unit_ms = 10 };

#define HEAD(p) { .url = url(p), .head = true, .to = -1 }
#define GET(p, k, c) { .url = url(p), .to = -1, .keep = k, .count = c }
#define PART(p, f, t) { .url = url(p), .from = f, .to = t, .keep = 100 }

static void
facts(void **state)
{
	struct got g;
	struct http_ask ask;

	(void)state;
	serve("/b.mp3 field Content-Encoding: gzip\n"
	    "/c.mp3 field Access-Control-Allow-Origin: *\n"
	    "/d.mp3 head 405\n"
	    "/e.mp3 nolength\n");
	g = ask_one(&once, (struct http_ask)HEAD("a.mp3"));
	assert_fine(&g, 200);
	assert_int_equal(g.a.head.length, FILE_SIZE);
	assert_string_equal(g.a.head.type, "audio/mpeg");
	assert_true(g.a.ranges);
	assert_false(g.a.encoded);
	assert_int_equal(g.a.total, -1);
	assert_int_equal(g.a.tries, 1);
	ask = (struct http_ask)HEAD("a.mp3");
	ask.etag = g.a.head.etag;
	g = ask_one(&once, ask);
	assert_fine(&g, 304);
	assert_true(g.a.head.not_modified);
	g = ask_one(&once, (struct http_ask)HEAD("b.mp3"));
	assert_fine(&g, 200);
	assert_true(g.a.encoded);
	ask = (struct http_ask)HEAD("c.mp3");
	ask.cors = true;
	g = ask_one(&once, ask);
	assert_string_equal(g.a.origin, "*");
	g = ask_one(&once, (struct http_ask)HEAD("d.mp3"));
	assert_says(&g, ERR_NETWORK, "the server answered 405");
	assert_int_equal(g.a.head.status, 405);
	g = ask_one(&once, (struct http_ask)HEAD("e.mp3"));
	assert_fine(&g, 200);
	assert_int_equal(g.a.head.length, -1);
}

/* POST, again where it is tried again or redirected, between others on the
 * same connection. */
static void
forms(void **state)
{
	struct http_many_limits l = again;
	struct http_ask asks[] = { HEAD("a.mp3"), GET("none", 0, 0),
		GET("busy", 0, 0), GET("moved", 0, 0), GET("empty", 0, 0),
		GET("no", 0, 0), PART("a.mp3", 0, 9), HEAD("b.mp3") };
	struct got got[SIZE(asks)];
	const char *log;
	size_t i;

	(void)state;
	serve("/none status 202 taken\n/busy retry 503 0 times=1\n"
	    "/busy status 204\n/moved redirect 307 /none\n"
	    "/empty status 204\n/no status 400 no such feed\n");
	l.connections = l.per_host = 1;
	for (i = 1; i < 6; i++) {
		asks[i].url = url(strrchr(asks[i].url, '/') + 1);
		asks[i].form = arena_printf(&arena, "x=%zu&y=%%26", i);
	}
	asks[0].url = asks[6].url = url("a.mp3");
	asks[7].url = url("b.mp3");
	ask_all(&l, asks, got, SIZE(asks));
	assert_fine(&got[0], 200);
	assert_fine(&got[1], 202);
	assert_fine(&got[2], 204);
	assert_int_equal(got[2].a.tries, 2);
	assert_fine(&got[3], 202);
	assert_fine(&got[4], 204);
	assert_says(&got[5], ERR_INPUT, "POST ");
	assert_says(&got[5], ERR_INPUT, "the server answered 400");
	assert_fine(&got[6], 206);
	assert_fine(&got[7], 200);
	log = got_file("log");
	for (i = 1; i < 6; i++)
		assert_non_null(strstr(log, arena_printf(&arena,
		    "\tapplication/x-www-form-urlencoded\tx=%zu&y=%%26\n",
		    i)));
	assert_non_null(strstr(log, "POST\t/busy\t503\t-\t"));
	assert_non_null(strstr(log, "POST\t/busy\t204\t-\t"));
	assert_non_null(strstr(log, "POST\t/none\t202\t-\tapplication/"
	    "x-www-form-urlencoded\tx=3&"));
	assert_null(strstr(log, "GET\t/no"));
}

/* For the server that was asked, also behind a redirect of its own, and for no
 * other; between others on the same connection. */
static void
authorization(void **state)
{
	struct http_many_limits l = again;
	struct http_ask asks[] = { GET("key", 0, 0), GET("key", 0, 0),
		GET("open", 0, 0), GET("moved", 0, 0), GET("away", 0, 0),
		GET("busy", 0, 0) };
	struct got got[SIZE(asks)];
	struct server other;
	size_t i;

	(void)state;
	serve("* auth none\n");
	other = server;
	serve(arena_printf(&arena, "/key auth Blah^^1 2\n/open auth none\n"
	    "/moved redirect 302 /key?x\n/away redirect 302 %s/\n"
	    "/busy retry 503 0 times=1\n/busy auth Blah^^1 2\n", other.url));
	l.connections = l.per_host = 1;
	for (i = 0; i < SIZE(asks); i++) {
		asks[i].url = url(strrchr(asks[i].url, '/') + 1);
		asks[i].authorization = i == 1 || i == 2 ? NULL : "Blah^^1 2";
	}
	ask_all(&l, asks, got, SIZE(asks));
	kill(other.pid, SIGTERM);
	waitpid(other.pid, NULL, 0);
	assert_int_equal(system(arena_printf(&arena, "rm -rf %s",
	    other.dir)), 0);
	assert_fine(&got[0], 200);
	assert_says(&got[1], ERR_INPUT, "the server answered 401");
	assert_fine(&got[2], 200);
	assert_fine(&got[3], 200);
	assert_int_equal(got[3].a.redirects, 1);
	assert_fine(&got[4], 200);
	assert_int_equal(got[4].a.redirects, 1);
	assert_fine(&got[5], 200);
}

static void
parts(void **state)
{
	struct got g;

	(void)state;
	serve("/b.mp3 range ignore\n");
	g = ask_one(&once, (struct http_ask)PART("a.mp3", 0, 0));
	assert_fine(&g, 206);
	assert_int_equal(g.a.total, FILE_SIZE);
	assert_int_equal(g.a.ends, 0);
	assert_int_equal(g.a.body_len, 1);
	g = ask_one(&once, (struct http_ask)PART("a.mp3", 990, 5000));
	assert_fine(&g, 206);
	assert_int_equal(g.a.begins, 990);
	assert_int_equal(g.a.ends, 999);
	assert_string_equal(g.a.body, "cdefghijkl");
	g = ask_one(&once, (struct http_ask)PART("a.mp3", 5000, 5001));
	assert_says(&g, ERR_INPUT, "416");
	assert_int_equal(g.a.total, FILE_SIZE);
	g = ask_one(&once, (struct http_ask)PART("b.mp3", 990, 5000));
	assert_fine(&g, 200);
	assert_int_equal(g.a.head.length, FILE_SIZE);
	assert_int_equal(g.a.body_len, 100);
	assert_memory_equal(g.a.body, "abc", 3);
}

static void
wrong_parts(void **state)
{
	struct got g;

	(void)state;
	serve("/b.mp3 part 7\n/c.mp3 status 206\n");
	g = ask_one(&once, (struct http_ask)PART("b.mp3", 10, 19));
	assert_says(&g, ERR_NETWORK, "sent bytes 17 to 26 where 10 to 19 "
	    "were asked for");
	g = ask_one(&once, (struct http_ask)PART("c.mp3", 10, 19));
	assert_says(&g, ERR_NETWORK, "without saying which part");
	g = ask_one(&once, (struct http_ask)GET("c.mp3", 10, 0));
	assert_says(&g, ERR_NETWORK, "no part of the file was asked for");
	g = ask_one(&once, (struct http_ask)HEAD("c.mp3"));
	assert_says(&g, ERR_NETWORK, "no part of the file was asked for");
}

static void
bodies(void **state)
{
	struct got g;

	(void)state;
	serve("/b.mp3 endless\n/c.mp3 length 5000\n/d.mp3 cut 10\n"
	    "/e.mp3 length 500\n/html html\n");
	g = ask_one(&once, (struct http_ask)GET("a.mp3", 5, 0));
	assert_fine(&g, 200);
	assert_string_equal(g.a.body, "abcde");
	g = ask_one(&once, (struct http_ask)GET("a.mp3", 5, 1000));
	assert_fine(&g, 200);
	assert_int_equal(g.a.counted, FILE_SIZE);
	assert_string_equal(g.a.body, "abcde");
	g = ask_one(&once, (struct http_ask)GET("a.mp3", 5, 999));
	assert_says(&g, ERR_INPUT, "larger than 999 bytes");
	g = ask_one(&once, (struct http_ask)GET("a.mp3", 0, 0));
	assert_fine(&g, 200);
	assert_int_equal(g.a.head.length, FILE_SIZE);
	g = ask_one(&once, (struct http_ask)GET("b.mp3", 0, 0));
	assert_fine(&g, 200);
	g = ask_one(&once, (struct http_ask)GET("b.mp3", 100, 0));
	assert_fine(&g, 200);
	assert_int_equal(g.a.body_len, 100);
	g = ask_one(&once, (struct http_ask)GET("c.mp3", 0, 100000));
	assert_says(&g, ERR_NETWORK, "c.mp3");
	assert_int_equal(g.a.counted, FILE_SIZE);
	g = ask_one(&once, (struct http_ask)GET("d.mp3", 0, 100000));
	assert_says(&g, ERR_NETWORK, "d.mp3");
	assert_int_equal(g.a.counted, 10);
	g = ask_one(&once, (struct http_ask)GET("e.mp3", 0, 100000));
	assert_fine(&g, 200);
	assert_int_equal(g.a.counted, 500);
	g = ask_one(&once, (struct http_ask)HEAD("html"));
	assert_fine(&g, 200);
	assert_string_equal(g.a.head.type, "text/html");
}

static long
peak_kb(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

static void
memory(void **state)
{
	struct http_ask asks[8];
	struct got got[SIZE(asks)];
	long before;
	size_t i;

	(void)state;
	serve("/* endless\n");
	for (i = 0; i < SIZE(asks); i++)
		asks[i] = (struct http_ask)GET("a.mp3", 1000, 20 << 20);
	before = peak_kb();
	ask_all(&once, asks, got, SIZE(asks));
	for (i = 0; i < SIZE(asks); i++)
		assert_says(&got[i], ERR_INPUT, "larger than 20971520 bytes");
	if (peak_kb() - before > 32 << 10)
		fail_msg("%ld KB more for 160 MB", peak_kb() - before);
}

static void
redirects(void **state)
{
	struct http_ask ask;
	struct got g;

	(void)state;
	serve("/one redirect 302 /two\n/two redirect 301 /three\n"
	    "/three redirect 307 a.mp3\n/loop redirect 302 /loop\n"
	    "/n10 redirect 302 /n9\n/n9 redirect 302 /n8\n"
	    "/n8 redirect 302 /n7\n/n7 redirect 302 /n6\n"
	    "/n6 redirect 302 /n5\n/n5 redirect 302 /n4\n"
	    "/n4 redirect 302 /n3\n/n3 redirect 302 /n2\n"
	    "/n2 redirect 302 /n1\n/n1 redirect 302 /a.mp3\n"
	    "/n11 redirect 302 /n10\n"
	    "/file redirect 302 file:///etc/passwd\n"
	    "/ftp redirect 302 ftp://127.0.0.1/a.mp3\n"
	    "/none status 302\n/gone redirect 302 /not-there\n");
	g = ask_one(&once, (struct http_ask)HEAD("one"));
	assert_fine(&g, 200);
	assert_int_equal(g.a.head.length, FILE_SIZE);
	assert_int_equal(g.a.redirects, 3);
	assert_string_equal(g.a.url, url("a.mp3"));
	assert_false(g.a.downgraded);
	ask = (struct http_ask)PART("one", 0, 0);
	g = ask_one(&once, ask);
	assert_fine(&g, 206);
	assert_int_equal(g.a.total, FILE_SIZE);
	g = ask_one(&once, (struct http_ask)HEAD("n10"));
	assert_fine(&g, 200);
	g = ask_one(&once, (struct http_ask)HEAD("n11"));
	assert_says(&g, ERR_NETWORK, "more than 10 redirects");
	g = ask_one(&again, (struct http_ask)HEAD("loop"));
	assert_says(&g, ERR_NETWORK, "more than 10 redirects");
	assert_int_equal(g.a.tries, 1);
	g = ask_one(&once, (struct http_ask)GET("file", 100, 0));
	assert_says(&g, ERR_NETWORK, "file:///etc/passwd, which is neither");
	assert_string_not_equal(g.a.head.type, "audio/mpeg");
	g = ask_one(&once, (struct http_ask)HEAD("ftp"));
	assert_says(&g, ERR_NETWORK, "ftp://127.0.0.1/a.mp3, which is neither");
	g = ask_one(&once, (struct http_ask)HEAD("none"));
	assert_says(&g, ERR_NETWORK, "without an address to go on to");
	g = ask_one(&once, (struct http_ask)HEAD("gone"));
	assert_says(&g, ERR_INPUT, "which led to ");
	assert_int_equal(g.a.head.status, 404);
}

static void
addresses(void **state)
{
	static const char *const bad[] = { "", "nonsense", "ftp://127.0.0.1/x",
		"file:///etc/passwd", "http://", "http://127.0.0.1:99999/",
		"https://", "http://[::/", "http:///x y" };
	struct got g;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(bad); i++) {
		g = ask_one(&again, (struct http_ask){ .url = bad[i],
		    .head = true, .to = -1 });
		assert_says(&g, ERR_INPUT, bad[i]);
		assert_true(g.a.tries <= 1);
	}
}

static void
retries(void **state)
{
	double began;
	struct got g;

	(void)state;
	serve("/a.mp3 retry 503 0 times=2\n/b.mp3 retry 502 0\n"
	    "/c.mp3 close times=1\n/d.mp3 retry 503 1 times=1\n"
	    "/e.mp3 retrydate 429 2 times=1\n/far retry 429 3600\n"
	    "/fardate retrydate 503 7200\n/404 status 404\n"
	    "/g0.mp3 retry 500 0 times=3\n");
	g = ask_one(&again, (struct http_ask)HEAD("a.mp3"));
	assert_fine(&g, 200);
	assert_int_equal(g.a.tries, 3);
	g = ask_one(&again, (struct http_ask)HEAD("b.mp3"));
	assert_says(&g, ERR_NETWORK, "the server answered 502");
	assert_int_equal(g.a.tries, 3);
	g = ask_one(&again, (struct http_ask)HEAD("g0.mp3"));
	assert_says(&g, ERR_NETWORK, "the server answered 500");
	g = ask_one(&again, (struct http_ask)HEAD("c.mp3"));
	assert_fine(&g, 200);
	assert_int_equal(g.a.tries, 2);
	began = seconds();
	g = ask_one(&again, (struct http_ask)HEAD("d.mp3"));
	assert_fine(&g, 200);
	assert_true(seconds() - began >= 0.99);
	began = seconds();
	g = ask_one(&again, (struct http_ask)HEAD("e.mp3"));
	assert_fine(&g, 200);
	assert_true(seconds() - began >= 0.99);
	began = seconds();
	g = ask_one(&again, (struct http_ask)HEAD("far"));
	assert_says(&g, ERR_TEMPORARY, "asked again in 3600 seconds (20");
	assert_int_equal(g.a.retry_after, 3600);
	assert_int_equal(g.a.tries, 1);
	g = ask_one(&again, (struct http_ask)HEAD("fardate"));
	assert_says(&g, ERR_TEMPORARY, "asked again in 7");
	assert_in_range(g.a.retry_after, 7190, 7200);
	g = ask_one(&again, (struct http_ask)HEAD("404"));
	assert_says(&g, ERR_INPUT, "404");
	assert_int_equal(g.a.tries, 1);
	assert_true(seconds() - began < 60);
}

/* Retry-After, and the Date of the answer, as servers write them. */
static void
pauses_asked_for(void **state)
{
	static const struct {
		const char *retry, *date;
		int64_t seconds;
	} cases[] = {
		{ "120", "", 120 }, { "0", "junk", 0 }, { "", "", -1 },
		{ "-5", "", -1 }, { "1.5", "", -1 }, { "soon", "", -1 },
		{ "12 s", "", -1 },
		{ "99999999999999999999", "", INT64_MAX },
		{ "Wed, 21 Oct 2015 07:28:00 GMT",
		    "Wed, 21 Oct 2015 07:27:00 GMT", 60 },
		{ "Wednesday, 21-Oct-15 07:28:00 GMT",
		    "Wed, 21 Oct 2015 07:27:00 GMT", 60 },
		{ "Wed Oct 21 07:28:00 2015",
		    "Wednesday, 21-Oct-15 07:27:30 GMT", 30 },
		{ "Thu Oct  1 07:28:00 2015", "Thu Oct  1 06:28:00 2015",
		    3600 },
		{ "Sunday, 06-Nov-94 08:49:37 GMT", "", 0 },
		{ "Wed, 21 Oct 2015 07:26:00 GMT",
		    "Wed, 21 Oct 2015 07:27:00 GMT", 0 },
		{ "Wed Oct 99 07:28:00 2015", "", -1 }
	};
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		struct http_lines l = { .length = -1 };

		snprintf(l.retry, sizeof(l.retry), "%s", cases[i].retry);
		snprintf(l.date, sizeof(l.date), "%s", cases[i].date);
		if (http_retry_after(&l) != cases[i].seconds)
			fail_msg("%s at %s: %lld s", cases[i].retry,
			    cases[i].date, (long long)http_retry_after(&l));
	}
}

static void
pauses(void **state)
{
	uint64_t seed = (uint64_t)time(NULL) | 1, first = seed;
	int64_t least = INT64_MAX, most = 0, ms;
	unsigned tries, i;

	(void)state;
	for (tries = 1; tries <= 6; tries++) {
		unsigned times = tries > 3 ? 4 : 1u << (tries - 1);

		for (i = 0; i < 10000; i++) {
			ms = http_pause_ms(&seed, tries, 1000);
			if (ms < 500 * (int64_t)times ||
			    ms > 1500 * (int64_t)times)
				fail_msg("seed %llu, try %u: %lld ms",
				    (unsigned long long)first, tries,
				    (long long)ms);
			least = ms < least ? ms : least;
			most = ms > most ? ms : most;
		}
	}
	assert_in_range(least, 500, 520);
	assert_in_range(most, 5900, 6000);
}

/* A pause of one holds up no other. */
static void
pauses_alone(void **state)
{
	struct http_many_limits l = again;
	struct http_ask asks[8];
	struct got got[SIZE(asks)];
	double began;
	size_t i;

	(void)state;
	l.unit_ms = 2000;
	l.retries = 1;
	serve("/* retry 503 0 times=8\n");
	for (i = 0; i < SIZE(asks); i++)
		asks[i] = (struct http_ask)HEAD(arena_printf(&arena,
		    "g%zu.mp3", i));
	began = seconds();
	ask_all(&l, asks, got, SIZE(asks));
	for (i = 0; i < SIZE(asks); i++) {
		assert_fine(&got[i], 200);
		assert_int_equal(got[i].a.tries, 2);
		assert_true(got[i].at - began >= 1);
	}
	/* At once it is 3 at most, one after the other 8 at least. */
	assert_true(seconds() - began < 8);
}

static void
connections(void **state)
{
	struct http_many_limits l = { .per_host = 4, .connections = 16,
	    .timeout = 20 };
	struct http_ask asks[40];
	struct got got[SIZE(asks)];
	size_t i;

	(void)state;
	serve("/most most\n/* delay 20\n");
	for (i = 0; i < SIZE(asks); i++)
		asks[i] = (struct http_ask)HEAD(arena_printf(&arena,
		    "g%zu.mp3", i));
	/* Over one of them; a connection of its own might count with those. */
	asks[SIZE(asks) - 1] = (struct http_ask)GET("most", 10, 0);
	ask_all(&l, asks, got, SIZE(asks));
	for (i = 0; i < SIZE(asks); i++)
		assert_fine(&got[i], 200);
	assert_string_equal(got[SIZE(asks) - 1].a.body, "4\n");
}

static void
all_connections(void **state)
{
	struct http_many_limits l = { .per_host = 8, .connections = 3,
	    .timeout = 20 };
	struct http_ask asks[20];
	struct got got[SIZE(asks)];
	size_t i;

	(void)state;
	serve("/most most\n/* delay 20\n");
	/* Two names of one server are two hosts. */
	for (i = 0; i < SIZE(asks); i++)
		asks[i] = (struct http_ask){ .head = true, .to = -1,
		    .url = arena_printf(&arena, "http://%s%s/g%zu.mp3",
		    i % 2 == 0 ? "127.0.0.1" : "localhost",
		    strrchr(server.url, ':'), i) };
	asks[SIZE(asks) - 1] = (struct http_ask)GET("most", 10, 0);
	ask_all(&l, asks, got, SIZE(asks));
	for (i = 0; i < SIZE(asks); i++)
		assert_fine(&got[i], 200);
	/* One that was closed for the other host may not be seen as that yet. */
	assert_in_range(strtol(got[SIZE(asks) - 1].a.body, NULL, 10), 2, 4);
}

/* Every fault at once beside what is good. */
static void
bad_among_good(void **state)
{
	static const struct {
		const char *path;
		enum err_kind kind;
		const char *says;
	} bad[] = {
		{ "endless", ERR_INPUT, "larger than 1000000 bytes" },
		{ "a.mp3", ERR_NETWORK, "did not end in time" },
		{ "b.mp3", ERR_NETWORK, "990 bytes remaining" },
		{ "c.mp3", ERR_NETWORK, "more than 1000 lines" },
		{ "loop", ERR_NETWORK, "more than 10 redirects" },
		{ "file", ERR_NETWORK, "neither http nor https" },
		{ "close", ERR_NETWORK, "close" },
		{ "d.mp3", ERR_NETWORK, "d.mp3" },
		{ "e.mp3", ERR_NETWORK, "e.mp3" }
	};
	struct http_many_limits l = { .timeout = 2, .per_host = 6 };
	struct http_ask asks[SIZE(bad) + GOOD];
	struct got got[SIZE(asks)];
	double began;
	size_t i;

	(void)state;
	serve("/endless endless\n/a.mp3 drip 100\n/b.mp3 cut 10\n"
	    "/c.mp3 headers 10000\n/loop redirect 302 /loop\n"
	    "/file redirect 302 file:///etc/passwd\n/close close\n"
	    "/d.mp3 length 100000\n/e.mp3 delay 60000\n");
	for (i = 0; i < SIZE(asks); i++)
		asks[i] = (struct http_ask)GET(i < SIZE(bad) ? bad[i].path :
		    arena_printf(&arena, "g%zu.mp3", i - SIZE(bad)), 10,
		    1000000);
	began = seconds();
	ask_all(&l, asks, got, SIZE(asks));
	assert_true(seconds() - began < 30);
	for (i = 0; i < SIZE(bad); i++)
		assert_says(&got[i], bad[i].kind, bad[i].says);
	for (; i < SIZE(asks); i++) {
		assert_fine(&got[i], 200);
		assert_int_equal(got[i].a.counted, FILE_SIZE);
	}
}

static void
silent_host(void **state)
{
	struct http_many_limits l = { .timeout = 2, .per_host = 4 };
	struct http_ask asks[20 + GOOD];
	struct got got[SIZE(asks)];
	unsigned unasked = 0, port;
	double silent = 0;
	size_t i;
	int fd;

	(void)state;
	serve("");
	port = free_port(&fd);
	for (i = 0; i < 20; i++)
		asks[i] = (struct http_ask){ .head = true, .to = -1,
		    .url = arena_printf(&arena, "http://127.0.0.1:%u/%zu",
		    port, i) };
	for (; i < SIZE(asks); i++)
		asks[i] = (struct http_ask)HEAD(arena_printf(&arena,
		    "g%zu.mp3", i - 20));
	ask_all(&l, asks, got, SIZE(asks));
	close(fd);
	for (i = 0; i < 20; i++) {
		assert_true(got[i].failed);
		assert_int_equal(got[i].err.kind, ERR_NETWORK);
		unasked += got[i].a.tries == 0;
		if (got[i].a.tries == 0)
			assert_says(&got[i], ERR_NETWORK, "not asked: http:");
		else
			assert_true(got[i].a.head.silent);
		if (i == 0 || got[i].at < silent)
			silent = got[i].at;
	}
	/* Four at once, then one to see whether it has come back. */
	assert_int_equal(unasked, 15);
	for (; i < SIZE(asks); i++) {
		assert_fine(&got[i], 200);
		assert_true(got[i].at < silent);
	}
}

static void
refused(void **state)
{
	struct http_ask asks[10];
	struct got got[SIZE(asks)];
	unsigned port = free_port(NULL), tries = 0;
	struct got g;
	size_t i;

	(void)state;
	g = ask_one(&once, (struct http_ask){ .url = "http://name.invalid/x",
	    .head = true, .to = -1 });
	assert_says(&g, ERR_HOST, "http://name.invalid/x");
	for (i = 0; i < SIZE(asks); i++)
		asks[i] = (struct http_ask){ .head = true, .to = -1,
		    .url = arena_printf(&arena, "http://127.0.0.1:%u/%zu",
		    port, i) };
	ask_all(&again, asks, got, SIZE(asks));
	for (i = 0; i < SIZE(asks); i++) {
		assert_true(got[i].failed);
		assert_int_equal(got[i].err.kind, ERR_NETWORK);
		tries += got[i].a.tries;
	}
	assert_in_range(tries, 2, 9);
}

struct second {
	struct http_many *m;
	const char *url;
	struct got first, then;
};

static void
then_a_part(void *ctx, const struct http_answer *a, const struct err *err)
{
	struct second *s = ctx;

	on_done(&s->first, a, err);
	http_many_add(s->m, &(struct http_ask){ .url = a->url, .from = 0,
	    .to = 0, .keep = 1, .done = on_done, .ctx = &s->then });
}

static void
asks_that_follow(void **state)
{
	struct second s = { .m = NULL };
	struct err err = ERR_INIT;

	(void)state;
	serve("/a.mp3 head 405\n");
	s.m = http_many_open(&once, &err);
	assert_non_null(s.m);
	http_many_add(s.m, &(struct http_ask){ .url = url("a.mp3"),
	    .head = true, .to = -1, .done = then_a_part, .ctx = &s });
	assert_int_equal(http_many_run(s.m, &err), 0);
	assert_says(&s.first, ERR_NETWORK, "405");
	assert_int_equal(s.then.calls, 1);
	assert_fine(&s.then, 206);
	assert_int_equal(s.then.a.total, FILE_SIZE);
	assert_int_equal(http_many_run(s.m, &err), 0);
	http_many_add(s.m, &(struct http_ask)HEAD("b.mp3"));
	http_many_close(s.m);
}

static volatile sig_atomic_t stopped;

static void
on_alarm(int sig)
{
	(void)sig;
	stopped = 1;
}

static void
interrupted(void **state)
{
	struct http_many_limits l = { .timeout = 30, .per_host = 2,
	    .stop = &stopped };
	struct itimerval soon = { .it_value = { 0, 200000 } };
	struct sigaction a = { .sa_handler = on_alarm };
	struct http_ask ask;
	struct http_many *m;
	struct err err = ERR_INIT;
	struct got got[10] = { 0 };
	double began = seconds();
	size_t i;

	(void)state;
	serve("/* delay 60000\n");
	stopped = 0;
	sigaction(SIGALRM, &a, NULL);
	m = http_many_open(&l, &err);
	assert_non_null(m);
	for (i = 0; i < SIZE(got); i++) {
		ask = (struct http_ask)HEAD("a.mp3");
		ask.done = on_done;
		ask.ctx = &got[i];
		http_many_add(m, &ask);
	}
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(http_many_run(m, &err), -1);
	assert_int_equal(err.kind, ERR_TEMPORARY);
	for (i = 0; i < SIZE(got); i++) {
		assert_int_equal(got[i].calls, 1);
		assert_int_equal(got[i].err.kind, ERR_TEMPORARY);
	}
	http_many_close(m);
	assert_true(seconds() - began < 30);
}

static void
tls(void **state)
{
	static const char answer[] = "HTTP/1.0 200 OK\r\n"
	    "Content-Type: audio/mpeg\r\nContent-Length: 5\r\n\r\nhello";
	struct http_many_limits l = again;
	unsigned port = free_port(NULL);
	int64_t now = (int64_t)time(NULL);
	struct http_ask ask = { .to = -1, .keep = 10, .count = 100,
	    .cert = true };
	const char *moved;
	struct got g;

	(void)state;
	serve_tls(port, "30");
	put("a", answer, sizeof(answer) - 1);
	wait_for_server(port);
	snprintf(server.url, sizeof server.url, "https://127.0.0.1:%u", port);
	ask.url = url("a");
	g = ask_one(&l, ask);
	assert_says(&g, ERR_NETWORK, "certificate");
	assert_int_equal(g.a.tries, 1);
	assert_int_equal(g.a.head.status, 0);
	l.ca_file = arena_printf(&arena, "%s/cert.pem", server.dir);
	g = ask_one(&l, ask);
	assert_fine(&g, 200);
	assert_string_equal(g.a.body, "hello");
	assert_in_range(g.a.cert_until, now + 29 * 86400, now + 31 * 86400);
	/* The certificate is for 127.0.0.1. */
	ask.url = arena_printf(&arena, "https://localhost:%u/a", port);
	g = ask_one(&l, ask);
	assert_says(&g, ERR_NETWORK, "certificate");
	moved = arena_printf(&arena, "HTTP/1.0 302 Found\r\n"
	    "Content-Length: 0\r\nLocation: http://127.0.0.1:%u/\r\n\r\n",
	    free_port(NULL));
	put("moved", moved, strlen(moved));
	ask.url = url("moved");
	g = ask_one(&l, ask);
	assert_true(g.failed);
	assert_true(g.a.downgraded);
	l.ca_file = "/nowhere/ca.pem";
	g = ask_one(&l, ask);
	assert_true(g.failed);
	assert_int_equal(g.a.head.status, 0);
}

/* nginx, which closes a connection after some requests (GOAWAY) and takes
 * fewer streams than we would send. */
static void
serve_h2(unsigned port)
{
	char *run[] = { ARG("nginx"), ARG("-p"), server.dir, ARG("-c"),
	    ARG("nginx.conf"), ARG("-e"), ARG("stderr"), NULL };
	const char *conf = arena_printf(&arena, "%sdaemon off;\n"
	    "pid nginx.pid;\nworker_processes 1;\n"
	    "events { worker_connections 256; }\n"
	    "http { log_format p $server_protocol; access_log log p;\n"
	    " keepalive_requests 60;\n"
	    " http2_max_concurrent_streams 10;\n"
	    " client_body_temp_path t; proxy_temp_path t;\n"
	    " fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;\n"
	    " server { listen 127.0.0.1:%u ssl http2; root .;\n"
	    "  ssl_certificate cert.pem; ssl_certificate_key key.pem;\n"
	    " } }\n", getuid() == 0 ? "user root;\n" : "", port);

	setenv("PATH", arena_printf(&arena, "%s:/usr/sbin", getenv("PATH")),
	    1);
	put("nginx.conf", conf, strlen(conf));
	server.pid = start(run);
	if (server.pid < 0)
		skip();		/* there is no nginx */
	wait_for_server(port);
}

static void
http2(void **state)
{
	struct http_many_limits l = { .timeout = 20, .per_host = 4 };
	unsigned port = free_port(NULL), tls_port = free_port(NULL);
	struct http_ask asks[400];
	struct got got[SIZE(asks)];
	char data[FILE_SIZE] = "data";
	size_t i, lines = 0;
	const char *at;

	(void)state;
	serve_tls(tls_port, "30");	/* for its certificate */
	kill(server.pid, SIGTERM);
	waitpid(server.pid, NULL, 0);
	server.pid = -1;
	put("a.mp3", data, sizeof data);
	serve_h2(port);
	snprintf(server.url, sizeof server.url, "https://127.0.0.1:%u", port);
	l.ca_file = arena_printf(&arena, "%s/cert.pem", server.dir);
	for (i = 0; i < SIZE(asks); i++) {
		asks[i] = i % 2 == 0 ? (struct http_ask)HEAD("a.mp3") :
		    (struct http_ask)PART("a.mp3", 10, 19);
		asks[i].cert = true;
	}
	ask_all(&l, asks, got, SIZE(asks));
	for (i = 0; i < SIZE(asks); i++) {
		assert_fine(&got[i], i % 2 == 0 ? 200 : 206);
		assert_int_equal(got[i].a.tries, 1);
		assert_true(got[i].a.cert_until > time(NULL));
	}
	kill(server.pid, SIGTERM);
	waitpid(server.pid, NULL, 0);
	server.pid = -1;
	for (at = got_file("log"); *at != '\0'; at = strchr(at, '\n') + 1)
		lines += strncmp(at, "HTTP/2.0\n", 9) == 0;
	assert_int_equal(lines, SIZE(asks));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		HTTP_TEST(facts), HTTP_TEST(forms), HTTP_TEST(authorization), HTTP_TEST(parts), HTTP_TEST(wrong_parts),
		HTTP_TEST(bodies), HTTP_TEST(memory), HTTP_TEST(redirects),
		HTTP_TEST(addresses), HTTP_TEST(retries), HTTP_TEST(pauses),
		HTTP_TEST(pauses_asked_for), HTTP_TEST(pauses_alone),
		HTTP_TEST(connections),
		HTTP_TEST(all_connections), HTTP_TEST(bad_among_good),
		HTTP_TEST(silent_host), HTTP_TEST(refused),
		HTTP_TEST(asks_that_follow), HTTP_TEST(interrupted),
		HTTP_TEST(tls), HTTP_TEST(http2)
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
