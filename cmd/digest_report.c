/* digest report: what became of an edition, as one web page. */
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/edition.h"
#include "cmd/edition_pick.h"
#include "mail/report.h"

#define PAGE 500

struct work {
	struct setting *s;
	struct ledger_edition edition;
	struct report_head head;
	struct report *report;
	struct fs_out *out;		/* NULL: standard output */
	struct buf page;
	bool is_sending;
};

static void
flush(struct work *w)
{
	if (w->out != NULL)
		(void)fs_out_write(w->out, w->page.data, w->page.len);
	else
		fwrite(w->page.data, 1, w->page.len, stdout);
	buf_clear(&w->page);
}

static void
add(struct work *w, const struct ledger_delivery *d, enum ledger_state state)
{
	report_add(w->report, d, state);
}

static void
list(struct work *w, const struct ledger_delivery *d, enum ledger_state state)
{
	if (report_lists(w->report, state))
		report_page_row(&w->head, d, state, &w->page);
}

static int
each(struct work *w, void (*one)(struct work *,
    const struct ledger_delivery *, enum ledger_state), struct err *err)
{
	struct arena page = ARENA_INIT;
	struct ledger_delivery *d;
	size_t n = PAGE, i;
	int64_t after = 0;
	int rc = 0;

	while (rc == 0 && n == PAGE) {
		rc = ledger_deliveries(w->s->ledger, w->edition.id, -1, after,
		    PAGE, &page, &d, &n, err);
		for (i = 0; rc == 0 && i < n; i++) {
			after = d[i].id;
			one(w, &d[i], edition_state(&d[i], w->is_sending));
		}
		arena_release(&page);
		flush(w);
	}
	return rc;
}

static int
write_page(struct work *w, struct err *err)
{
	report_page(w->report, &w->head, &w->page);
	if (each(w, list, err) != 0)
		return -1;
	report_page_end(w->report, &w->page);
	flush(w);
	return 0;
}

static int
make(struct work *w, struct cmd_args *args, struct err *err)
{
	const char *path = cmd_value(args, "--out");
	const struct show *show = w->s->shows[0];
	struct fs_out *out;

	if (edition_pick_edition(w->s, args, &w->edition, err) != 0)
		return -1;
	w->head = (struct report_head){
		.show = show->title, .edition = w->edition.name,
		.subject = w->edition.subject, .frozen = w->edition.frozen,
		.zone = show->zone
	};
	w->is_sending = setting_is_sending(w->s);
	if (each(w, add, err) != 0)
		return -1;
	/* It names friends: for its owner alone. */
	if (path != NULL && (w->out = fs_out_open(path, 0600, err)) == NULL)
		return -1;
	if (write_page(w, err) != 0)
		return -1;
	out = w->out;
	w->out = NULL;
	if (out == NULL)
		return 0;
	if (fs_out_commit(out, NULL, err) != 0)
		return -1;
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%s: the report is %s\n", w->edition.name, path);
	return 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting s;
	struct work w = { .s = &s };
	int rc = -1;

	buf_init(&w.page, 0);
	w.report = report_new();
	if (setting_open_facts(&s, args, log_finding, err) == 0 &&
	    setting_one(&s, err) == 0 && setting_peek(&s, err) == 0)
		rc = make(&w, args, err);
	fs_out_abandon(w.out);
	report_free(w.report);
	buf_release(&w.page);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--out", "FILE", "where to put it, instead of standard output" },
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_report = {
	"digest", "report", "[EDITION]", 0, 1,
	"Make a web page of what became of an edition",
	"When the deliveries went out, how it is with each domain, why relays "
	"refused, and who may not have got it. Without EDITION it is the "
	"newest one. The page names addresses; it is not for publishing.",
	options, run
};
