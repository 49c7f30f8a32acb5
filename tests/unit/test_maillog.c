/*
 * Lines of mail logs, of three servers and several syslogs.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "mail/maillog.h"

#define NOW 1768564800		/* 2026-01-16T12:00:00Z */

static struct err err;

static struct maillog_line
parse(const char *line)
{
	struct maillog_line l;

	maillog_parse(line, strlen(line), &l);
	return l;
}

static void
is(const struct maillog_text *t, const char *text)
{
	if (t->len != strlen(text) ||
	    (t->len > 0 && memcmp(t->at, text, t->len) != 0))
		fail_msg("`%.*s` is not `%s`", (int)t->len, t->at, text);
}

/* ---- what is said ---- */

static void
lines_say(void **state)
{
	static const struct {
		const char *line;
		enum maillog_what what;
		enum maillog_verdict verdict;
		const char *queue_id, *message_id, *from, *to, *text;
	} rows[] = {
		/* Postfix */
		{ "Jan 14 09:00:00 mx postfix/cleanup[77]: 4AB12C: "
		    "message-id=<2026-W03.mini.r-1_x@mini.example.org>",
		    MAILLOG_NAMED, 0, "4AB12C",
		    "2026-W03.mini.r-1_x@mini.example.org", "", "", "" },
		{ "Jan 14 09:00:00 mx postfix/cleanup[77]: 4AB12C: "
		    "message-id=", MAILLOG_NAMED, 0, "4AB12C", "", "", "", "" },
		{ "Jan 14 09:00:00 mx out/postfix/qmgr[7]: 4fbG3zXkLqz1: "
		    "from=<d@x.example>, size=900, nrcpt=1 (queue active)",
		    MAILLOG_QUEUED, 0, "4fbG3zXkLqz1", "", "d@x.example", "",
		    "" },
		{ "2026-01-14T09:00:01.5+01:00 mx postfix/smtp[8]: 4AB12C: "
		    "to=<bo@y.example>, orig_to=<b@z.example>, "
		    "relay=y[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent "
		    "(250 2.0.0 Ok (fine))", MAILLOG_VERDICT,
		    MAILLOG_DELIVERED, "4AB12C", "", "", "bo@y.example",
		    "250 2.0.0 Ok (fine)" },
		{ "Jan  4 09:00:00 mx postfix/smtp[8]: 4AB12C: to=<bo@y>, "
		    "relay=none, status=deferred (timed out)", MAILLOG_VERDICT,
		    MAILLOG_DEFERRED, "4AB12C", "", "", "bo@y", "timed out" },
		{ "Jan 14 09:00:00 mx postfix/error[8]: 4AB12C: to=<bo@y>, "
		    "status=bounced (no)", MAILLOG_VERDICT, MAILLOG_BOUNCED,
		    "4AB12C", "", "", "bo@y", "no" },
		{ "Jan 14 09:00:00 mx postfix/qmgr[8]: 4AB12C: from=<d@x>, "
		    "status=expired, returned to sender", MAILLOG_VERDICT,
		    MAILLOG_BOUNCED, "4AB12C", "", "d@x", "", "expired" },
		{ "Jan 14 09:00:00 mx postfix/qmgr[8]: 4AB12C: removed\r",
		    MAILLOG_GONE, 0, "4AB12C", "", "", "", "" },
		{ "<22>Jan 14 2026 09:00:00 mx postfix/qmgr[8]: 4AB12C: "
		    "removed", MAILLOG_GONE, 0, "4AB12C", "", "", "", "" },
		/* Exim */
		{ "2026-01-14 09:00:00 1vgA1b-000C2d-3e <= d@x.example "
		    "H=(h) [192.0.2.1] P=esmtp S=9 id=e.l.r@x.example "
		    "T=\"a id=b@c\"", MAILLOG_TAKEN, 0, "1vgA1b-000C2d-3e",
		    "e.l.r@x.example", "d@x.example", "", "" },
		{ "2026-01-14 09:00:00.123 +0100 [99] "
		    "1vgA1b-00000000C2d-3e4f => Bo@y.example R=dns T=smtp",
		    MAILLOG_VERDICT, MAILLOG_DELIVERED,
		    "1vgA1b-00000000C2d-3e4f", "", "", "Bo@y.example",
		    "R=dns T=smtp" },
		{ "Jan 14 09:00:00 mx exim[9]: 1vgA1b-000C2d-3e == bo@y "
		    "R=dns defer (-1): later", MAILLOG_VERDICT,
		    MAILLOG_DEFERRED, "1vgA1b-000C2d-3e", "", "", "bo@y",
		    "R=dns defer (-1): later" },
		{ "Jan 14 09:00:00 mx exim4[9]: 2026-01-14 09:00:00 "
		    "1vgA1b-000C2d-3e ** bo@y: no such user", MAILLOG_VERDICT,
		    MAILLOG_BOUNCED, "1vgA1b-000C2d-3e", "", "", "bo@y:",
		    "no such user" },
		{ "2026-01-14 09:00:00 1vgA1b-000C2d-3e Completed",
		    MAILLOG_GONE, 0, "1vgA1b-000C2d-3e", "", "", "", "" },
		{ "2026-01-14 09:00:00 1vgA1b-000C2d-3e <= <> R=1x P=local",
		    MAILLOG_QUEUED, 0, "1vgA1b-000C2d-3e", "", "", "", "" },
		/* OpenSMTPD */
		{ "Jan 14 09:00:00 mx smtpd[5]: 0a1b2c3d4e5f6071 smtp "
		    "envelope evpid=9f8e7d6c11223344 from=<d@x.example> "
		    "to=<bo@y.example>", MAILLOG_ENVELOPE, 0, "9f8e7d6c", "",
		    "d@x.example", "bo@y.example", "" },
		{ "Jan 14 09:00:00 mx smtpd[5]: 0a1b2c3d4e5f6071 smtp "
		    "event=message address=local host=h msgid=9f8e7d6c "
		    "from=<d@x> to=<bo@y> size=9 ndest=1", MAILLOG_ENVELOPE, 0,
		    "9f8e7d6c", "", "d@x", "bo@y", "" },
		{ "Jan 14 09:00:00 mx smtpd[5]: 0a1b2c3d4e5f6071 mta "
		    "delivery evpid=9f8e7d6c11223344 from=<d@x> to=<bo@y> "
		    "rcpt=<-> relay=\"y\" delay=1s result=\"PermFail\" "
		    "stat=\"550 no\"", MAILLOG_VERDICT, MAILLOG_BOUNCED,
		    "9f8e7d6c", "", "d@x", "bo@y", "\"550 no\"" },
		{ "Jan 14 09:00:00 mx smtpd[5]: 0a1b2c3d4e5f6071 mda "
		    "delivery evpid=9f8e7d6c11223344 from=<> to=<bo@y> "
		    "user=b result=Ok stat=Delivered", MAILLOG_VERDICT,
		    MAILLOG_DELIVERED, "9f8e7d6c", "", "", "bo@y",
		    "Delivered" },
		{ "Jan 14 09:00:00 mx smtpd[5]: 0a1b2c3d4e5f6071 mta "
		    "delivery evpid=9f8e7d6c11223344 from=<d@x> to=<bo@y> "
		    "result=TempFail stat=later", MAILLOG_VERDICT,
		    MAILLOG_DEFERRED, "9f8e7d6c", "", "d@x", "bo@y", "later" },
	};
	struct maillog_line l;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		l = parse(rows[i].line);
		if (l.what != rows[i].what || (l.what == MAILLOG_VERDICT &&
		    l.verdict != rows[i].verdict))
			fail_msg("%d %d: %s", l.what, l.verdict, rows[i].line);
		assert_true(l.timed);
		is(&l.queue_id, rows[i].queue_id);
		is(&l.message_id, rows[i].message_id);
		is(&l.from, rows[i].from);
		is(&l.to, rows[i].to);
		is(&l.text, rows[i].text);
	}
}

static void
lines_say_nothing(void **state)
{
	static const char *const rows[] = {
		"", " ", "<", "<22", "<22>", "<123456>Jan 14 09:00:00 a b: c",
		"Jan", "Jan 14", "Jan 14 09:00:00", "Jan 14 09:00:00 ",
		"Jan 14 09:00:00 mx", "Jan 14 09:00:00 mx postfix/qmgr[1]:",
		"Jan 14 09:00:00 mx postfix/qmgr[1]: ",
		"Jan 14 09:00:00 mx postfix/qmgr[1]: 4AB12C: ",
		"Jan 14 09:00:00 mx postfix/qmgr[1]: 4AB12C: from=<a",
		"Jan 14 09:00:00 mx postfix/qmgr[1]: 4AB: removed",
		"Jan 14 09:00:00 mx postfix/qmgr[1]: 4AB12C: removed today",
		"Jan 14 09:00:00 mx postfix/smtp[1]: 4AB12C: to=<a@b>, "
		    "status=undone (x)",
		"Jan 14 09:00:00 mx postfix/smtpd[1]: 4AB12C: "
		    "message-id=<a@b>",
		"Jan 14 09:00:00 mx postfix/cleanup[1]: NOQUEUE: reject: x",
		"Jan 14 09:00:00 mx other[1]: 4AB12C: removed",
		"Jan 32 09:00:00 mx postfix/qmgr[1]: 4AB12C: removed",
		"Jon 14 09:00:00 mx postfix/qmgr[1]: 4AB12C: removed",
		"Jan 14 29:00:00 mx postfix/qmgr[1]: 4AB12C: removed",
		"2026-13-14T09:00:00Z mx postfix/qmgr[1]: 4AB12C: removed",
		"2026-01-14 09:00:00 1vgA1b-000C2d-3 <= a@b",
		"2026-01-14 09:00:00 1vgA1b-000C2d-3e <",
		"Jan 14 09:00:00 mx smtpd[5]: 0a smtp envelope evpid=9f8e",
		"Jan 14 09:00:00 mx smtpd[5]: 0a smtp envelope "
		    "evpid=ZZ8e7d6c11223344 from=<a@b> to=<c@d>",
		"Jan 14 09:00:00 mx smtpd[5]: 0a mta delivery "
		    "evpid=9f8e7d6c11223344 from=<a@b> to=<c@d> result=Odd",
	};
	struct maillog_line l;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		l = parse(rows[i]);
		if (l.what != MAILLOG_OTHER)
			fail_msg("%d: %s", l.what, rows[i]);
	}
}

/* ---- when ---- */

static void
times(void **state)
{
	static const struct { const char *line; int64_t t; } rows[] = {
		{ "2026-01-14T09:00:00Z a b: c", 1768381200 },
		{ "2026-01-14T09:00:00.999999+01:00 a b: c", 1768377600 },
		{ "2026-01-14T09:00:00-0230 a b: c", 1768390200 },
		{ "2026-01-14 09:00:00 +0100 [1] c", 1768377600 },
		/* in the zone of the log: an hour east of UTC */
		{ "2026-01-14 09:00:00 c", 1768377600 },
		{ "Jan 14 09:00:00 a b: c", 1768377600 },
		{ "Jan 14 2025 09:00:00 a b: c", 1736841600 },
		/* the year that has just been */
		{ "Dec 31 09:00:00 a b: c", 1767168000 },
		{ "Jan 17 12:59:59 a b: c", 1768651199 },
		{ "Jan 17 13:00:01 a b: c", 1768651201 - 365 * 86400 },
		{ "nothing", 0 },
	};
	struct date_zone *zone = date_zone_open("Europe/Berlin", &err);
	struct maillog_line l;
	size_t i;

	(void)state;
	assert_non_null(zone);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		l = parse(rows[i].line);
		if (maillog_time(&l, zone, NOW) != rows[i].t)
			fail_msg("%lld: %s", (long long)maillog_time(&l, zone,
			    NOW), rows[i].line);
	}
	date_zone_close(zone);
}

/* ---- any bytes ---- */

/* Each beginning of each line, and each with a byte changed, in memory of its
 * own size, which ASan watches. */
static void
broken_lines(void **state)
{
	static const char *const rows[] = {
		"<22>Jan 14 09:00:00 mx postfix/smtp[8]: 4AB12C: to=<bo@y>, "
		    "relay=y, dsn=2.0.0, status=sent (250 Ok)",
		"2026-01-14T09:00:00.5+01:00 mx postfix/cleanup[1]: 4AB12C: "
		    "message-id=<a@b>",
		"2026-01-14 09:00:00 +0100 [99] 1vgA1b-000C2d-3e <= a@b "
		    "H=x P=esmtp id=a@b",
		"Jan 14 09:00:00 mx smtpd[5]: 0a1b smtp envelope "
		    "evpid=9f8e7d6c11223344 from=<a@b> to=<c@d>",
		"Jan 14 09:00:00 mx smtpd[5]: 0a1b mta delivery "
		    "evpid=9f8e7d6c11223344 from=<a@b> to=<c@d> "
		    "result=\"Ok\" stat=\"250\"",
	};
	static const char odd[] = { '\0', '\n', ' ', '<', '>', '\xff', '9' };
	struct maillog_line l;
	size_t i, n, k, b;
	char *copy;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (n = 0; n <= strlen(rows[i]); n++) {
			copy = xmalloc(n == 0 ? 1 : n);
			memcpy(copy, rows[i], n);
			maillog_parse(copy, n, &l);
			(void)maillog_time(&l, NULL, NOW);
			for (k = 0; k < n; k += 3)
				for (b = 0; b < sizeof(odd); b++) {
					copy[k] = odd[b];
					maillog_parse(copy, n, &l);
					copy[k] = rows[i][k];
				}
			free(copy);
		}
}

struct seen {
	size_t n, bytes, longest;
	char last[32];
};

static void
see(void *ctx, const char *line, size_t len)
{
	struct seen *s = ctx;
	size_t n = len < sizeof(s->last) - 1 ? len : sizeof(s->last) - 1;

	s->n++;
	s->bytes += len;
	if (len > s->longest)
		s->longest = len;
	memcpy(s->last, line, n);
	s->last[n] = '\0';
}

static void
lines_are_cut(void **state)
{
	static const char text[] = "one\n\ntwo\0x\r\nthree";
	struct maillog_reader r;
	struct seen s = { 0 };
	size_t step, i, n;
	char *big;

	(void)state;
	for (step = 1; step < sizeof(text); step++) {
		memset(&s, 0, sizeof(s));
		maillog_reader_init(&r, see, &s);
		for (i = 0; i < sizeof(text) - 1; i += n) {
			n = sizeof(text) - 1 - i;
			n = n > step ? step : n;
			maillog_reader_add(&r, text + i, n);
		}
		maillog_reader_end(&r);
		assert_true(s.n == 4);
		assert_int_equal(s.bytes, 3 + 6 + 5);
		assert_string_equal(s.last, "three");
	}
	/* 10 MB without an end, in pieces, and then a line. */
	big = xmalloc(1 << 20);
	memset(big, 'x', 1 << 20);
	memset(&s, 0, sizeof(s));
	maillog_reader_init(&r, see, &s);
	for (i = 0; i < 10; i++)
		maillog_reader_add(&r, big, 1 << 20);
	assert_true(r.line.cap <= 2 * MAILLOG_LINE_MAX);
	maillog_reader_add(&r, "\nlast\n", 6);
	big[(1 << 20) - 1] = '\n';
	maillog_reader_add(&r, big, 1 << 20);
	maillog_reader_end(&r);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.longest, MAILLOG_LINE_MAX);
	free(big);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_say),
		cmocka_unit_test(lines_say_nothing),
		cmocka_unit_test(times),
		cmocka_unit_test(broken_lines),
		cmocka_unit_test(lines_are_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
