#include "cmd/edition_lint.h"

#include <string.h>

#include "base/log.h"
#include "cmd/edition_variant.h"
#include "mail/mold.h"

#define SOURCE_MAX ((size_t)2 << 20)	/* of a file that is looked into */
#define OTHER_SOURCES 4			/* by hand, and three templates */

void
edition_lint_init(struct edition_lint *l, struct arena *a)
{
	memset(l, 0, sizeof(*l));
	l->arena = a;
	l->findings.report = edition_lint_report;
	l->findings.ctx = l;
}

void
edition_lint_report(void *ctx, const struct finding *f)
{
	struct edition_lint *l = ctx;
	struct finding *kept;

	log_finding(NULL, f);
	if (l->n == l->room) {
		l->list = l->room == 0 ? arena_array(l->arena, 32,
		    sizeof(*kept)) : arena_grow(l->arena, l->list, l->room *
		    sizeof(*kept), (l->room + 32) * sizeof(*kept));
		l->room += 32;
	}
	kept = &l->list[l->n++];
	*kept = *f;
	kept->rule = arena_strdup(l->arena, f->rule);
	kept->file = arena_strdup(l->arena, f->file);
	kept->text = arena_strdup(l->arena, f->text);
}

/* ---- where things stand ---- */

static void
add_source(struct arena *a, struct lint_source *list, size_t *n,
    const char *file)
{
	struct err ignored = ERR_INIT;
	struct buf text;

	if (file == NULL)
		return;
	buf_init(&text, SOURCE_MAX);
	if (fs_read(file, SOURCE_MAX, &text, NULL, &ignored) == 0)
		list[(*n)++] = (struct lint_source){ file,
		    arena_strdup(a, text.data) };
	buf_release(&text);
}

/* What is written for this edition first, as people look there first. */
static void
find_sources(struct arena *a, const struct edition *e,
    const struct show *show, struct lint_input *in)
{
	struct lint_source *list = arena_array(a, 2 * e->n + 1 +
	    OTHER_SOURCES, sizeof(*list));
	size_t n = 0, i;

	add_source(a, list, &n, e->editorial.file);
	for (i = 0; i < e->n; i++)
		add_source(a, list, &n, e->episodes[i]->file);
	add_source(a, list, &n, show->file);
	for (i = 0; i < e->n; i++)
		if (e->shows[i] != show && (i == 0 ||
		    e->shows[i] != e->shows[i - 1]))
			add_source(a, list, &n, e->shows[i]->file);
	add_source(a, list, &n, in->html_file);
	add_source(a, list, &n, in->text_file);
	if (e->editorial.subject == NULL)
		add_source(a, list, &n, in->subject_file);
	in->sources = list;
	in->nsources = n;
}

static void
find_files(struct setting *s, struct arena *a, const struct edition *e,
    struct lint_input *in)
{
	const struct show *show = s->shows[0];
	struct digest_input digest;

	edition_input(s, e, &digest);
	in->html_file = digest_file(a, &digest, "digest.html");
	in->text_file = digest_file(a, &digest, "digest.txt");
	in->subject_file = e->editorial.subject != NULL ? e->editorial.file :
	    digest_file(a, &digest, "digest.subject");
	find_sources(a, e, show, in);
}

/* part: with the marks of the mold. */
static void
check_way_out(const char *part, const char *file, const char *what,
    struct findings *to)
{
	if (strstr(part, mold_mark(MOLD_UNSUBSCRIBE)) == NULL &&
	    strstr(part, mold_mark(MOLD_UNSUBSCRIBE_MAILTO)) == NULL)
		finding_add(to, SEV_ERROR, "digest-leave", file, 0, "the %s "
		    "has no link to leave the list; put {{unsubscribe_url}} "
		    "into it", what);
}

/* Of that form of the edition. */
static const char *
unsaid(const struct edition *e, const struct ledger_edition *row)
{
	size_t i;

	for (i = 0; i < e->nvariants; i++)
		if (e->variants[i].digest.html.data == row->html)
			return e->variants[i].digest.unsaid;
	return e->digest.unsaid;
}

static void
look_through(struct setting *s, const struct edition *e,
    const struct ledger_edition *row, const struct letter *letter,
    struct edition_lint *l, struct findings *to)
{
	const struct config *c = s->config;
	struct lint_input in = {
		.subject = row->subject, .html = letter->html.data,
		.text = letter->text.data, .message = letter->message.data,
		.message_len = letter->message.len
	};

	if (e != NULL)
		find_files(s, l->arena, e, &in);
	if (e != NULL)
		in.unsaid_file = unsaid(e, row);
	if (c->dkim_domain != NULL) {
		in.dkim_file = c->file;
		in.dkim_line = c->dkim_domain_line;
	}
	l->sources = in.sources;
	l->nsources = in.nsources;
	lint_message(&in, to);
	check_way_out(row->html, in.html_file, "HTML", to);
	check_way_out(row->text, in.text_file, "text", to);
}

int
edition_lint(struct setting *s, struct cmd_args *args,
    const struct edition *e, const struct ledger_edition *row,
    const struct letter *letter, struct edition_lint *l, struct err *err)
{
	look_through(s, e, row, letter, l, &l->findings);
	if (cmd_flag(args, "--links") && edition_lint_links(s,
	    letter->html.data, l, err) != 0)
		return -1;
	return cmd_flag(args, "--spam") ? edition_lint_spam(s, row,
	    &letter->message, l, err) : 0;
}

/* As a friend without a name gets it. */
static int
make_letter(struct setting *s, struct arena *a, const struct edition *e,
    const struct ledger_edition *row, struct letter *out, struct err *err)
{
	struct address to;

	if (address_parse_mailbox(a, LETTER_EXAMPLE, &to, err) != 0)
		return -1;
	to.name = "";
	return letter_make(s, row, e->key, &to, out, err);
}

/* ---- the variants ---- */

/* One form after the other, each with what is new in it. */
struct others {
	struct edition_lint *lint;
	const char *where;		/* "the edition itself" */
	struct finding *told;		/* as they came */
	size_t n, room;
};

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool
is_told(const struct finding *list, size_t n, const struct finding *f)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i].rule, f->rule) == 0 &&
		    list[i].line == f->line &&
		    same_text(list[i].file, f->file) &&
		    strcmp(list[i].text, f->text) == 0)
			return true;
	return false;
}

static void
report_other(void *ctx, const struct finding *f)
{
	struct others *o = ctx;
	struct arena *a = o->lint->arena;

	if (is_told(o->told, o->n, f) ||
	    is_told(o->lint->list, o->lint->n, f))
		return;
	if (o->n == o->room) {
		o->told = arena_grow(a, o->told, o->room * sizeof(*o->told),
		    (o->room + 32) * sizeof(*o->told));
		o->room += 32;
	}
	o->told[o->n++] = (struct finding){ f->severity,
	    arena_strdup(a, f->rule), arena_strdup(a, f->file), f->line,
	    arena_strdup(a, f->text) };
	finding_add(&o->lint->findings, f->severity, f->rule, f->file,
	    f->line, "%s: %s", o->where, f->text);
}

int
edition_lint_others(struct setting *s, struct cmd_args *args,
    const struct edition *e, int shown, struct edition_lint *l,
    struct err *err)
{
	struct others o = { .lint = l,
	    .told = arena_array(l->arena, 1, sizeof(*o.told)), .room = 1 };
	struct findings to = { .report = report_other, .ctx = &o };
	struct ledger_edition row;
	struct letter letter;
	int i;

	for (i = 0; i <= (int)e->nvariants; i++) {
		if (i == shown)
			continue;
		edition_variant_row(e, i, &row);
		o.where = i == 0 ? "the edition itself" : arena_printf(
		    l->arena, "the variant for %s", e->variants[i - 1].label);
		if (make_letter(s, &args->arena, e, &row, &letter, err) != 0)
			return -1;
		look_through(s, e, &row, &letter, l, &to);
		letter_release(&letter);
	}
	return 0;
}

int
edition_lint_new(struct setting *s, struct cmd_args *args,
    const struct edition *e, struct edition_lint *l, struct err *err)
{
	struct letter letter;
	int rc;

	if (make_letter(s, &args->arena, e, &e->row, &letter, err) != 0)
		return -1;
	rc = edition_lint(s, args, e, &e->row, &letter, l, err);
	letter_release(&letter);
	return rc != 0 ? -1 : edition_lint_others(s, args, e, 0, l, err);
}

int
edition_lint_verdict(const struct edition_lint *l, const char *name,
    struct err *err)
{
	size_t n = l->findings.errors;

	if (n == 0)
		return 0;
	err_set(err, ERR_REFUSED, "%s has %zu error%s and was not sent; mend "
	    "%s, or send it with --force", name, n, CMD_S(n), n == 1 ? "it" :
	    "them");
	return err_rule(err, "digest-lint");
}
