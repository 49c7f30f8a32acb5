/* digest archive: past editions as web pages, and as a feed. */
#include <stdio.h>
#include <string.h>

#include "base/compress.h"
#include "base/log.h"
#include "cmd/edition.h"
#include "feed/feed.h"
#include "show/language.h"
#include "show/view.h"
#include "text/html.h"
#include "text/template_file.h"
#include "text/url.h"
#include "text/words.h"

#define FEED_FILE "editions.xml"
#define FEED_MOST 20		/* editions in it: each is there whole */
#define TEMPLATE "digest-archive.html"
#define PAGE_MAX ((size_t)32 << 20)

struct archive {
	struct setting *setting;
	struct cmd_args *args;
	const struct show *show;
	const char *dir;
	struct ledger_edition *edition;	/* that went out, newest first */
	size_t n;
	size_t written;
};

static const char *
address(struct archive *x, const char *file)
{
	return url_below(&x->args->arena, x->show->digest.archive_url, file);
}

static const char *
page_name(struct archive *x, const struct ledger_edition *e)
{
	return arena_printf(&x->args->arena, "%s.html", e->name);
}

static struct date
date_of(const struct archive *x, const struct ledger_edition *e)
{
	return (struct date){ e->frozen,
	    date_zone_offset(x->show->zone, e->frozen) };
}

/* Somebody has it, as far as is known. An edition that was frozen before there
 * were pages has none. */
static int
take(struct archive *x, const struct ledger_edition *e, struct err *err)
{
	struct arena scratch = ARENA_INIT;
	struct ledger_counts c;
	const char *page;
	bool there;

	if (ledger_counts(x->setting->ledger, e->id, &c, err) != 0)
		return -1;
	if (c.sent + c.unknown == 0)
		return 0;
	if (ledger_edition_page(x->setting->ledger, e->id, &scratch, &page,
	    err) != 0)
		return -1;
	there = page[0] != '\0';
	arena_release(&scratch);
	if (there)
		x->edition[x->n++] = *e;
	else
		log_notice("%s was made by an earlier version, and has no "
		    "page", e->name);
	return 0;
}

static int
find(struct archive *x, struct err *err)
{
	struct ledger_edition *all;
	size_t n = 0, i;

	if (x->setting->ledger == NULL)
		return 0;
	if (ledger_editions(x->setting->ledger, x->show->digest.list,
	    &x->args->arena, &all, &n, err) != 0)
		return -1;
	x->edition = arena_array(&x->args->arena, n, sizeof(*x->edition));
	for (i = n; i > 0; i--)
		if (take(x, &all[i - 1], err) != 0)
			return -1;
	return 0;
}

static int
put(struct archive *x, const char *name, const char *text, size_t len,
    struct err *err)
{
	const char *path = fs_join(&x->args->arena, x->dir, name);
	bool changed = false, made = false;

	if (fs_replace(path, text, len, 0666, &changed, err) != 0)
		return -1;
	x->written += changed;
	return compress_beside(path, x->setting->config->compress, &made, err);
}

static int
put_page(struct archive *x, const struct ledger_edition *e, struct err *err)
{
	struct arena scratch = ARENA_INIT;
	const char *page;
	int rc = ledger_edition_page(x->setting->ledger, e->id, &scratch,
	    &page, err);

	if (rc == 0)
		rc = put(x, page_name(x, e), page, strlen(page), err);
	arena_release(&scratch);
	return rc;
}

static struct node *
data(struct archive *x)
{
	struct arena *a = &x->args->arena;
	struct node *map = node_map(a), *list = node_list(a), *one;
	struct node *feeds = node_list(a);
	size_t i;

	node_set(a, map, "show", view_show(a, x->show));
	node_set(a, map, "words", words_node(a, x->show->words));
	one = node_push(feeds, node_map(a));
	node_set_text(a, one, "url", address(x, FEED_FILE));
	node_set_text(a, one, "type", "application/atom+xml");
	node_set_text(a, one, "title", x->show->title);
	node_set(a, map, "feeds", feeds);
	node_set_text(a, map, "feed_url", address(x, FEED_FILE));
	for (i = 0; i < x->n; i++) {
		struct date d = date_of(x, &x->edition[i]);

		one = node_push(list, node_map(a));
		node_set_text(a, one, "name", x->edition[i].name);
		node_set_text(a, one, "subject", x->edition[i].subject);
		node_set_text(a, one, "url", page_name(x, &x->edition[i]));
		node_set_text(a, one, "date", words_date(a, x->show->words,
		    &d));
	}
	node_set(a, map, "has_editions", node_bool(a, x->n > 0));
	node_set(a, map, "editions", list);
	return map;
}

static int
put_index(struct archive *x, struct err *err)
{
	struct buf out;
	int rc;

	buf_init(&out, PAGE_MAX);
	rc = template_file_render(&x->args->arena,
	    x->setting->config->templates, TEMPLATE, TEMPLATE_HTML, data(x),
	    &out, err);
	if (rc == 0)
		rc = put(x, "index.html", out.data, out.len, err);
	buf_release(&out);
	return rc;
}

/* ---- the feed ---- */

static int
add_bytes(void *ctx, const void *bytes, size_t len)
{
	struct buf *out = ctx;

	buf_add(out, bytes, len);
	return 0;
}

/* An edition as an item without audio. */
static int
put_item(struct archive *x, struct feed_writer *w,
    const struct ledger_edition *e, struct err *err)
{
	struct episode item;
	struct arena scratch = ARENA_INIT;
	struct markup_base base = { address(x, page_name(x, e)),
	    x->show->link };
	const char *page;
	struct buf html;
	int rc = -1;

	memset(&item, 0, sizeof(item));
	item.title = e->subject;
	/* No address: the id is made of it and of the feed's guid. */
	item.guid = arena_printf(&scratch, "edition %s", e->name);
	item.link = base.page;
	item.date = item.updated = date_of(x, e);
	item.type = "full";
	item.is_explicit = x->show->is_explicit;
	buf_init(&html, PAGE_MAX);
	if (ledger_edition_page(x->setting->ledger, e->id, &scratch, &page,
	    err) == 0 && markup_clean(page, strlen(page), &base, &html,
	    err) == 0)
		rc = feed_item(w, &(struct feed_item){ &item, html.data, "" },
		    err);
	buf_release(&html);
	arena_release(&scratch);
	return rc;
}

static int
put_feed(struct archive *x, struct err *err)
{
	struct show show = *x->show;
	struct feed_head head = { .show = &show,
		.self_url = address(x, FEED_FILE) };
	struct feed_writer *w;
	struct buf out;
	size_t i;
	int rc = 0;

	show.guid = show_guid_of_feed(&x->args->arena, head.self_url);
	show.link = x->show->digest.archive_url;
	show.nhubs = 0;
	show.podcast = NULL;
	show.xml = (struct show_xml){ .text = NULL };
	if (x->n > 0)
		head.updated = date_of(x, &x->edition[0]);
	buf_init(&out, PAGE_MAX);
	w = feed_open(FEED_ATOM, &head, add_bytes, &out, err);
	for (i = 0; w != NULL && rc == 0 && i < x->n && i < FEED_MOST; i++)
		rc = put_item(x, w, &x->edition[i], err);
	if (w == NULL || (rc == 0 ? feed_close(w, err) :
	    feed_close(w, &(struct err)ERR_INIT)) != 0)
		rc = -1;
	if (rc == 0)
		rc = buf_check(&out, "the feed of editions", err);
	if (rc == 0)
		rc = put(x, FEED_FILE, out.data, out.len, err);
	buf_release(&out);
	return rc;
}

/* ---- all of it ---- */

static int
make(struct archive *x, struct err *err)
{
	size_t i;

	if (x->show->digest.archive_url == NULL) {
		err_set(err, ERR_CONFIG, "`archive_url` is missing: where the "
		    "pages of past editions are served");
		err_at(err, x->show->file, 0);
		return err_rule(err, "option-missing");
	}
	if (language_open(x->setting->shows[0], x->setting->config, false,
	    &x->setting->findings, err) != 0 || find(x, err) != 0 ||
	    fs_mkdirs(x->dir, err) != 0)
		return -1;
	/* Before what leads to them. */
	for (i = 0; i < x->n; i++)
		if (put_page(x, &x->edition[i], err) != 0)
			return -1;
	if (put_index(x, err) != 0 || put_feed(x, err) != 0)
		return -1;
	if (log_get_level() > LOG_LEVEL_ERROR)
		printf("%s: %zu edition%s, %zu file%s written\n", x->dir, x->n,
		    CMD_S(x->n), x->written, CMD_S(x->written));
	return 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct archive x = { .args = args };
	struct setting s;
	int rc = -1;

	x.setting = &s;
	if (setting_open_facts(&s, args, log_finding, err) == 0 &&
	    setting_one(&s, err) == 0 && setting_peek(&s, err) == 0) {
		x.show = s.shows[0];
		x.dir = cmd_value(args, "--out");
		if (x.dir == NULL)
			x.dir = x.show->digest.archive;
		rc = make(&x, err);
	}
	setting_close(&s);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "of this show, where config.ini has several" },
	{ "--out", "DIR", "where to put it, instead of `archive`" },
	{ NULL, NULL, NULL }
};

const struct command cmd_digest_archive = {
	"digest", "archive", "", 0, 0,
	"Make web pages and a feed of past editions",
	"Writes a page for each edition that went out, as it was frozen and "
	"without what was\none friend's, a page that lists them, and "
	"editions.xml, an Atom feed of them, for\narchive_url.",
	options, run
};
