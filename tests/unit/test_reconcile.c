/*
 * What a log knows of deliveries.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "mail/reconcile.h"

#define AGAIN 1000		/* when `again` was sent again */

static struct reconcile *r;

static void
add(int64_t id, bool unknown, const char *name, const char *queue_id,
    int64_t again)
{
	char address[64];
	struct reconcile_delivery d = {
		.id = id, .unknown = unknown, .address = address, .ref = name,
		.queue_id = queue_id, .again = again,
		.begun = again != 0 ? again : 100, .changed = 5000
	};

	snprintf(address, sizeof(address), "%s@y.example", name);
	reconcile_add(r, &d);
}

static int
begin(void **state)
{
	const struct reconcile_head head = { "2026-W03", "mini", "D@x.example" };

	(void)state;
	r = reconcile_new(&head);
	add(1, true, "bo", "", 0);
	add(2, true, "cy", "", 0);
	add(3, false, "di", "4DDDDD", 0);
	add(4, true, "again", "", AGAIN);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	reconcile_free(r);
	return 0;
}

static void
tell(int64_t t, const char *body)
{
	char line[400];
	struct maillog_line l;

	snprintf(line, sizeof(line), "Jan 14 09:00:00 mx %s", body);
	maillog_parse(line, strlen(line), &l);
	assert_int_not_equal(l.what, MAILLOG_OTHER);
	reconcile_line(r, &l, reconcile_concerns(r, &l) ? t : -1);
}

static struct reconcile_result
result(size_t i)
{
	struct reconcile_result x;

	reconcile_result(r, i, &x);
	return x;
}

#define NAMED(q, id) "postfix/cleanup[1]: " q ": message-id=<" id ">"
#define QUEUED(q, from) "postfix/qmgr[1]: " q ": from=<" from ">, size=1, nr"
#define STATUS(q, s) "postfix/smtp[1]: " q ": to=<a@b>, status=" s
#define GONE(q) "postfix/qmgr[1]: " q ": removed"

static void
accepted_and_further(void **state)
{
	(void)state;
	assert_int_equal(reconcile_count(r), 4);
	tell(0, NAMED("4AAAAA", "2026-W03.mini.bo@X.example"));
	assert_int_equal(result(0).found, RECONCILE_STARTED);
	tell(0, QUEUED("4AAAAA", "d@x.example"));
	assert_int_equal(result(0).found, RECONCILE_ACCEPTED);
	assert_string_equal(result(0).queue_id, "4AAAAA");
	assert_int_equal(result(0).further, RECONCILE_SILENT);
	tell(0, STATUS("4AAAAA", "deferred (later)"));
	tell(0, STATUS("4AAAAA", "deferred (later still)"));
	assert_int_equal(result(0).further, RECONCILE_DEFERRED);
	assert_string_equal(result(0).text, "later");
	tell(0, STATUS("4AAAAA", "bounced (never)"));
	assert_int_equal(result(0).further, RECONCILE_BOUNCED);
	assert_string_equal(result(0).text, "never");
	tell(0, STATUS("4AAAAA", "sent (to the filter)"));
	assert_int_equal(result(0).further, RECONCILE_BOUNCED);
	assert_int_equal(result(1).found, RECONCILE_ABSENT);
	/* A sent one, by the id that the relay gave it. */
	tell(0, STATUS("4DDDDD", "sent (Ok)"));
	assert_int_equal(result(2).further, RECONCILE_DELIVERED);
}

static void
others_are_not_ours(void **state)
{
	static const char *const names[] = {
		NAMED("4AAAAA", "2026-W04.mini.bo@x.example"),
		NAMED("4AAAAA", "2026-W03.other.bo@x.example"),
		NAMED("4AAAAA", "2026-W03.mini.bob@x.example"),
		NAMED("4AAAAA", "2026-W03.mini.bo@other.example"),
		NAMED("4AAAAA", "2026-W03.mini.bo"),
		NAMED("4AAAAA", "2026-W03.mini."),
		NAMED("4AAAAA", "x2026-W03.mini.bo@x.example"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		tell(0, names[i]);
		tell(0, QUEUED("4AAAAA", "d@x.example"));
	}
	assert_int_equal(result(0).found, RECONCILE_ABSENT);
	/* A friend's server sends it on through the same relay. */
	tell(0, NAMED("4AAAAA", "2026-W03.mini.bo@x.example"));
	tell(0, QUEUED("4AAAAA", "bo@y.example"));
	assert_int_equal(result(0).found, RECONCILE_FOREIGN);
	tell(0, STATUS("4AAAAA", "bounced (loop)"));
	assert_int_equal(result(0).further, RECONCILE_SILENT);
	tell(0, QUEUED("4AAAAA", "d@x.example"));
	assert_int_equal(result(0).found, RECONCILE_FOREIGN);
}

static void
queue_ids_are_used_again(void **state)
{
	(void)state;
	tell(0, NAMED("4AAAAA", "2026-W03.mini.bo@x.example"));
	tell(0, GONE("4AAAAA"));
	tell(0, QUEUED("4AAAAA", "d@x.example"));
	assert_int_equal(result(0).found, RECONCILE_STARTED);
	tell(0, NAMED("4BBBBB", "2026-W03.mini.cy@x.example"));
	tell(0, NAMED("4BBBBB", "another@x.example"));
	tell(0, QUEUED("4BBBBB", "d@x.example"));
	assert_int_equal(result(1).found, RECONCILE_STARTED);
	tell(0, NAMED("4DDDDD", "another@x.example"));
	tell(0, STATUS("4DDDDD", "bounced (not ours)"));
	assert_int_equal(result(2).further, RECONCILE_SILENT);
}

static void
sent_again(void **state)
{
	(void)state;
	tell(AGAIN - 1, NAMED("4AAAAA", "2026-W03.mini.again@x.example"));
	tell(AGAIN - 1, QUEUED("4AAAAA", "d@x.example"));
	tell(AGAIN - 1, STATUS("4AAAAA", "bounced (then)"));
	assert_int_equal(result(3).found, RECONCILE_EARLIER);
	assert_int_equal(result(3).further, RECONCILE_SILENT);
	tell(AGAIN, NAMED("4BBBBB", "2026-W03.mini.again@x.example"));
	tell(AGAIN, QUEUED("4BBBBB", "d@x.example"));
	assert_int_equal(result(3).found, RECONCILE_ACCEPTED);
	assert_string_equal(result(3).queue_id, "4BBBBB");
}

static void
exim_says_both_at_once(void **state)
{
	(void)state;
	tell(0, "exim[1]: 1vgA1b-000C2d-3e <= d@x.example H=h P=esmtp "
	    "id=2026-W03.mini.cy@x.example");
	assert_int_equal(result(1).found, RECONCILE_ACCEPTED);
	tell(0, "exim[1]: 1vgA1b-000C2d-3e => cy@y.example R=r");
	assert_int_equal(result(1).further, RECONCILE_DELIVERED);
	tell(0, "exim[1]: 1vgA1b-000C2d-3f <= e@x.example H=h P=esmtp "
	    "id=2026-W03.mini.bo@x.example");
	assert_int_equal(result(0).found, RECONCILE_FOREIGN);
}

#define ENVELOPE(q, from, to) "smtpd[1]: 0a smtp envelope evpid=" q \
	"11223344 from=<" from "> to=<" to ">"

static void
by_address(void **state)
{
	(void)state;
	tell(99, ENVELOPE("aaaaaaaa", "d@x.example", "bo@y.example"));
	tell(5001, ENVELOPE("aaaaaaab", "d@x.example", "bo@y.example"));
	tell(200, ENVELOPE("aaaaaaac", "e@x.example", "bo@y.example"));
	tell(200, ENVELOPE("aaaaaaad", "d@x.example", "di@y.example"));
	assert_int_equal(result(0).found, RECONCILE_ABSENT);
	tell(100, ENVELOPE("aaaaaaae", "d@x.example", "Bo@Y.example"));
	assert_int_equal(result(0).found, RECONCILE_ADDRESSED);
	assert_int_equal(result(0).copies, 1);
	assert_string_equal(result(0).queue_id, "aaaaaaae");
	tell(0, "smtpd[1]: 0a mta delivery evpid=aaaaaaae11223344 "
	    "from=<d@x.example> to=<bo@y.example> result=Ok stat=fine");
	assert_int_equal(result(0).further, RECONCILE_DELIVERED);
	tell(5000, ENVELOPE("aaaaaaaf", "d@x.example", "bo@y.example"));
	assert_int_equal(result(0).copies, 2);
}

/* Mail after mail with one Message-ID. */
static void
memory_has_a_bound(void **state)
{
	char line[200];
	struct maillog_line l;
	size_t i;

	(void)state;
	for (i = 0; i < 100000; i++) {
		snprintf(line, sizeof(line), "Jan 14 09:00:00 mx "
		    "postfix/cleanup[1]: 4%08zu: message-id="
		    "<2026-W03.mini.bo@x.example>", i);
		maillog_parse(line, strlen(line), &l);
		reconcile_line(r, &l, 1);
	}
	tell(0, QUEUED("400000001", "d@x.example"));
	assert_int_equal(result(0).found, RECONCILE_ACCEPTED);
	tell(0, STATUS("400000099", "bounced (unknown id)"));
	assert_int_equal(result(0).further, RECONCILE_SILENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(accepted_and_further, begin,
		    end),
		cmocka_unit_test_setup_teardown(others_are_not_ours, begin,
		    end),
		cmocka_unit_test_setup_teardown(queue_ids_are_used_again,
		    begin, end),
		cmocka_unit_test_setup_teardown(sent_again, begin, end),
		cmocka_unit_test_setup_teardown(exim_says_both_at_once, begin,
		    end),
		cmocka_unit_test_setup_teardown(by_address, begin, end),
		cmocka_unit_test_setup_teardown(memory_has_a_bound, begin,
		    end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
