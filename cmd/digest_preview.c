#include "cmd/edition.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "cmd/browser.h"
#include "cmd/edition_lint.h"
#include "cmd/edition_variant.h"
#include "mail/preview.h"
#include "text/html_look.h"

static int
write_file(struct cmd_args *args, const char *dir, const char *name,
    const struct buf *bytes, struct err *err)
{
	char *path = fs_join(&args->arena, dir, name);

	if (fs_replace(path, bytes->data, bytes->len, 0666, NULL, err) != 0)
		return -1;
	printf("%s\n", path);
	return 0;
}

/* An edition with all that its files need. */
struct look {
	struct setting *setting;
	struct cmd_args *args;
	struct edition chosen;		/* where nothing is unfinished */
	struct ledger_edition row;
	unsigned char key[LEDGER_KEY_SIZE];
	const char *label;		/* of the variant; "": none */
	const char *friend;		/* a mailbox; NULL: an example */
	struct address to;
	struct edition_lint lint;
};

/* ---- which edition ---- */

/* With nothing new the newest episode shows what the digest looks like. */
static int
choose(struct look *k, struct err *err)
{
	struct setting *s = k->setting;
	struct edition *e = &k->chosen;
	struct show *show = s->shows[0];
	size_t i;

	if (edition_choose(s, k->args, e, err) != 0)
		return -1;
	for (i = 0; i < show->nepisodes && e->n == 0; i++)
		if (show_is_due(&show->episodes[i], s->now)) {
			log_notice("%s; the newest episode again", e->none !=
			    NULL ? e->none : "nothing new");
			if (edition_resolve(s, show, &show->episodes[i],
			    err) != 0)
				return -1;
			e->shows[e->n] = show;
			e->episodes[e->n++] = &show->episodes[i];
		}
	if (e->n == 0)
		return err_set(err, ERR_INPUT, "`%s` has no episode that is "
		    "due", show->slug);
	return 0;
}

static int
make_new(struct look *k, struct err *err)
{
	if (choose(k, err) != 0 ||
	    edition_render(k->setting, k->args, &k->chosen, err) != 0)
		return -1;
	edition_variant_row(&k->chosen, k->chosen.wanted, &k->row);
	k->label = k->chosen.wanted > 0 ?
	    k->chosen.variants[k->chosen.wanted - 1].label : "";
	if (k->chosen.wanted < 0)
		log_notice("%s has nothing of the shows that are asked for; "
		    "this is the edition itself", k->row.name);
	memcpy(k->key, k->chosen.key, sizeof(k->key));
	return 0;
}

/* An unfinished edition goes out as it was frozen, whatever the notes say
 * now. */
static int
find(struct look *k, struct err *err)
{
	int r = edition_unfinished(k->setting, k->args, &k->row, err);

	if (r < 0)
		return -1;
	if (r == 0)
		return make_new(k, err);
	log_notice("%s is not finished and goes out as it was frozen; changes "
	    "since then are not in it (`digest discard%s` drops it, where "
	    "nobody has got it)", k->row.name, setting_hint(k->setting));
	return edition_asked_of(k->setting, k->args, &k->row, &k->label,
	    err) != 0 ? -1 : edition_key(k->setting, &k->row, k->key, err);
}

/* ---- for whom ---- */

/* One who is on the list is met by the name that the list has. */
static int
find_friend(struct look *k, struct err *err)
{
	const char *list = k->setting->shows[0]->digest.list;
	struct ledger_friend f;
	int r = 0;

	if (k->friend == NULL)
		return 0;
	if (k->setting->ledger != NULL)
		r = ledger_friend_find(k->setting->ledger, list, k->to.key,
		    NULL, &k->args->arena, &f, err);
	if (r < 0)
		return -1;
	if (r == 0)
		log_notice("%s is not on the list `%s`; the preview shows what "
		    "a friend of that address would get", k->to.typed, list);
	else if (f.left != 0)
		log_notice("%s has left the list `%s` and gets nothing",
		    f.address, list);
	if (r == 1 && k->to.name[0] == '\0')
		k->to.name = f.name;
	if (r == 1)
		k->to.typed = f.address;
	return 0;
}

/* ---- the files ---- */

/* Who it is from, as a list of mails has it. */
static const char *
sender(struct look *k)
{
	const struct show *show = k->setting->shows[0];
	struct err ignored = ERR_INIT;
	struct address from;

	if (digest_sender(&k->args->arena, show, &from, &ignored) != 0)
		return show->title;
	return from.name[0] != '\0' ? from.name : from.wire;
}

static void
make_page(struct look *k, const struct letter *l, struct buf *out)
{
	const struct show *show = k->setting->shows[0];
	struct err ignored = ERR_INIT;
	struct markup_look look;
	struct preview p = {
		.show = show->title, .edition = k->row.name,
		.from = sender(k), .to = k->to.typed,
		.subject = k->row.subject, .html = l->html.data,
		.text = l->text.data, .message = l->message.data,
		.message_len = l->message.len, .findings = k->lint.list,
		.nfindings = k->lint.n, .asked = k->lint.asked,
		.nasked = k->lint.nasked
	};

	(void)markup_look(&k->args->arena, p.html, l->html.len, &look,
	    &ignored);
	p.row = look.row;
	p.preheader = look.preheader;
	preview_page(&p, out);
}

static int
write_page(struct look *k, const struct letter *l, const char *dir,
    struct err *err)
{
	struct buf page;
	int rc = -1;

	buf_init(&page, 0);
	make_page(k, l, &page);
	if (buf_check(&page, "the page of the preview", err) == 0)
		rc = write_file(k->args, dir, "preview.html", &page, err);
	buf_release(&page);
	return rc;
}

static int
write_letter(struct look *k, const struct letter *l, const char *dir,
    struct err *err)
{
	struct cmd_args *args = k->args;

	if (fs_mkdirs(dir, err) != 0 ||
	    write_file(args, dir, "digest.html", &l->html, err) != 0 ||
	    write_file(args, dir, "digest.txt", &l->text, err) != 0 ||
	    write_file(args, dir, "digest.eml", &l->message, err) != 0)
		return -1;
	/* What is found stands behind what was printed. */
	fflush(stdout);
	if (edition_lint(k->setting, args, k->chosen.n > 0 ? &k->chosen :
	    NULL, &k->row, l, &k->lint, err) != 0 || (k->chosen.n > 0 &&
	    edition_lint_others(k->setting, args, &k->chosen,
	    k->chosen.wanted > 0 ? k->chosen.wanted : 0, &k->lint, err) != 0))
		return -1;
	return write_page(k, l, dir, err);
}

static int
write_all(struct look *k, struct err *err)
{
	const char *dir = cmd_value(k->args, "--out");
	struct letter letter;
	int rc;

	if (dir == NULL)
		dir = "digest-preview";
	if (letter_make(k->setting, &k->row, k->key, &k->to, &letter,
	    err) != 0)
		return -1;
	rc = write_letter(k, &letter, dir, err);
	letter_release(&letter);
	if (rc == 0 && cmd_flag(k->args, "--open"))
		browser_open(fs_join(&k->args->arena, dir, "preview.html"));
	return rc;
}

/* How many episodes it has; -1. */
static int
count(struct look *k, size_t *n, struct err *err)
{
	const struct edition *e = &k->chosen;
	struct edition_view frozen;

	*n = e->wanted > 0 ? e->variants[e->wanted - 1].n : e->n;
	if (e->n > 0)
		return 0;
	if (edition_view_of(k->setting, k->args, &k->row, 0, &frozen,
	    err) != 0)
		return -1;
	*n = frozen.n;
	return 0;
}

/* The exit code. */
static int
tell(struct look *k, struct err *err)
{
	int rc = k->chosen.n > 0 && k->lint.findings.errors > 0 ?
	    err_exit_code(ERR_REFUSED) : 0;
	size_t n;

	if (log_get_level() == LOG_LEVEL_ERROR)
		return rc;
	if (count(k, &n, err) != 0)
		return -1;
	printf("%s: \"%s\", ", k->row.name, k->row.subject);
	/* What a variant has of a frozen one is not known. */
	if (k->label[0] == '\0' || k->chosen.n > 0)
		printf("%zu episode%s of %s%s", n, CMD_S(n),
		    k->setting->shows[0]->title, k->label[0] != '\0' ? ", " :
		    "");
	printf("%s%s\n", k->label[0] != '\0' ? "for " : "", k->label);
	edition_print_none(&k->chosen);
	return rc;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct setting s;
	struct look k = {
		.setting = &s, .args = args, .friend = cmd_value(args, "--to")
	};
	int rc = -1;

	if (address_parse_mailbox(&args->arena, k.friend != NULL ? k.friend :
	    LETTER_EXAMPLE, &k.to, err) != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	edition_lint_init(&k.lint, &args->arena);
	if (setting_open_one(&s, args, err) == 0) {
		/* What is said while it is made belongs on the page, too. */
		s.findings.report = edition_lint_report;
		s.findings.ctx = &k.lint;
		if (edition_check_asked(&s, args, err) == 0 &&
		    setting_peek(&s, err) == 0 && find(&k, err) == 0 &&
		    find_friend(&k, err) == 0 && write_all(&k, err) == 0)
			rc = tell(&k, err);
	}
	edition_release(&k.chosen);
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	EDITION_OPTIONS,
	{ "--out", "DIR", "where to put it; digest-preview when not given" },
	{ "--to", "ADDRESS", "as that friend would get it: `Name <address>`" },
	{ "--open", NULL, "show preview.html in a browser" },
	EDITION_VARIANT_OPTIONS,
	EDITION_LINT_OPTIONS,
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_preview = {
	"digest", "preview", "", 0, 0,
	"Write the digest as it would be sent, to look at",
	"Writes digest.html, digest.txt and the whole message, digest.eml, "
	"and\npreview.html, which shows them as they are read, with what is "
	"wrong with them, and\nprints their paths. An unfinished edition is "
	"shown as it was frozen. Nothing is\nsent or recorded. Exit code 77: "
	"it has errors and would not be sent.",
	options, run
};
