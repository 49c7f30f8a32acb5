#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/feed_moved.h"
#include "cmd/setting.h"
#include "feed/redirect.h"
#include "show/options.h"
#include "text/ini.h"
#include "text/ini_edit.h"
#include "text/url.h"

/* A show.ini on its way from one address to the next. */
struct move {
	const struct show *show;
	const char *from, *to;
	struct buf text;	/* of the file */
	bool dry, quiet;
};

/* That the guid is missing is what this command mends. */
static void
report(void *ctx, const struct finding *f)
{
	if (strcmp(f->rule, "show-guid") != 0)
		log_finding(ctx, f);
}

/* ---- show.ini ---- */

static void
tell_line(const struct move *m, const char *key, const char *value)
{
	if (!m->quiet)
		printf("%s: %s%s = %s\n", m->show->file, m->dry ?
		    "would have " : "", key, value);
}

/* What came out of an edit is the text from then on. */
static int
take(struct move *m, int rc, struct buf *out, const char *key,
    const char *value)
{
	if (rc == 0) {
		buf_clear(&m->text);
		buf_add(&m->text, out->data, out->len);
		tell_line(m, key, value);
	}
	buf_release(out);
	return rc;
}

static int
set(struct move *m, const char *key, const char *old, const char *value,
    struct err *err)
{
	struct buf out;

	buf_init(&out, 0);
	return take(m, ini_edit_value(m->text.data, m->text.len, key, old,
	    value, &out, err), &out, key, value);
}

static int
add(struct move *m, const char *behind, const char *key, const char *value,
    struct err *err)
{
	struct buf out;

	buf_init(&out, 0);
	return take(m, ini_edit_add(m->text.data, m->text.len, behind, key,
	    value, &out, err), &out, key, value);
}

static bool
was_at(const struct move *m, const char *url)
{
	const struct options *o = m->show->options;
	size_t i;

	for (i = 0; i < options_number_of(o, "moved_from"); i++)
		if (strcmp(options_at(o, "moved_from", i), url) == 0)
			return true;
	return false;
}

/* An address that the feed comes back to is none it has left. */
static int
remember(struct move *m, struct err *err)
{
	if (was_at(m, m->to))
		return set(m, "moved_from", m->to, m->from, err);
	if (was_at(m, m->from))
		return 0;
	return add(m, "feed_url", "moved_from", m->from, err);
}

static int
edit(struct move *m, struct err *err)
{
	const struct options *o = m->show->options;
	const char *old = options_text(o, "new_feed_url");

	if (set(m, "feed_url", m->from, m->to, err) != 0 ||
	    remember(m, err) != 0)
		return -1;
	if (old == NULL ? add(m, "feed_url", "new_feed_url", m->to, err) :
	    strcmp(old, m->to) != 0 && set(m, "new_feed_url", old, m->to,
	    err))
		return -1;
	if (options_text(o, "guid") == NULL)
		return add(m, "feed_url", "guid", m->show->guid, err);
	return 0;
}

static int
write_show(struct move *m, struct err *err)
{
	const char *file = m->show->file;
	struct fs_stamp was, now;
	struct err told = ERR_INIT;

	if (fs_read(file, INI_MAX, &m->text, &was, err) != 0)
		return -1;
	if (edit(m, &told) != 0) {
		*err = told;
		return err_at(err, file, told.line);
	}
	if (m->dry)
		return 0;
	if (fs_stamp(file, &now, err) != 0)
		return -1;
	if (memcmp(&was, &now, sizeof(was)) != 0)
		return err_set(err, ERR_TEMPORARY, "%s changed while it was "
		    "read; nothing was done", file);
	return fs_replace(file, m->text.data, m->text.len, 0666, NULL, err);
}

/* ---- what is to be done at the old place ---- */

static void
print_rules(const char *from, const char *to)
{
	enum redirect_server server;
	struct buf b;

	printf("\n%s must lead to %s for good", from, to);
	if (!redirect_is_plain(from, true) || !redirect_is_plain(to, false)) {
		puts(".\nOne of them has characters that web servers write in "
		    "ways of their own; set up\na permanent redirect (301 or "
		    "308) by your server's manual.");
		return;
	}
	puts(". One of these does it:");
	buf_init(&b, 0);
	for (server = REDIRECT_NGINX; server < REDIRECT_SERVERS; server++) {
		buf_clear(&b);
		redirect_name(server, from, &b);
		printf("\n# %s\n", b.data);
		buf_clear(&b);
		redirect_rule(server, from, to, &b);
		fputs(b.data, stdout);
	}
	buf_release(&b);
}

static void
tell_other(const char *what, const char *key, const char *url)
{
	if (url != NULL)
		printf("\nThe %s stays at %s. If it moves too, change `%s` by "
		    "hand, and have\nits old address lead to the new one "
		    "likewise; its ids stay, as they come from the guid.\n",
		    what, url, key);
}

/* What else does not go by itself. */
static void
tell_more(const struct move *m)
{
	const struct show *s = m->show;
	const char *name = fs_basename(m->to), *own = s->xml.names;

	tell_other("Atom feed", "atom_url", s->atom_url);
	tell_other("JSON Feed", "json_url", s->json_url);
	if (strchr(name, '?') == NULL && *name != '\0' &&
	    strcmp(name, s->rss) != 0)
		printf("\nThe feed's file is called %s (`rss`), and the new "
		    "address ends in %s: give\nthem one name, or have the "
		    "server find the file.\n", s->rss, name);
	if (own != NULL && strstr(own, " itunes:new-feed-url ") != NULL)
		puts("\nThe file of `channel_xml` has an itunes:new-feed-url "
		    "of its own, which counts: take\nit out.");
	puts("\nThen:\n"
	    "1. showmill feed build, and put the feed where the new address "
	    "is.\n"
	    "2. Set up the redirect, and keep the old address alive for a year "
	    "at least:\n   players and directories follow when they ask next, "
	    "some of them seldom.\n"
	    "3. showmill feed move --check, now and in a while.");
}

static int
check_new(const struct move *m, const struct setting *s, struct err *err)
{
	struct err told = ERR_INIT;
	size_t i;

	if (url_check(m->to, &told) != 0)
		return err_set(err, ERR_USAGE, "`%s`: the new address of the "
		    "feed cannot be this: %s", m->to, told.msg);
	if (strchr(m->to, '#') != NULL)
		return err_set(err, ERR_USAGE, "`%s`: a feed's address has no "
		    "#", m->to);
	if (strcmp(m->to, m->from) == 0)
		return err_set(err, ERR_USAGE, "%s is the address that the "
		    "feed has already", m->to);
	for (i = 0; i < s->nshows + s->nothers; i++) {
		const struct show *x = i < s->nshows ? s->shows[i] :
		    s->others[i - s->nshows];
		size_t k;

		for (k = 0; k < x->nfeeds; k++)
			if (strcmp(x->feeds[k].url, m->to) == 0)
				return err_set(err, ERR_USAGE, "%s is the "
				    "address of another feed (%s); each feed "
				    "needs one of its own", m->to, x->file);
	}
	return 0;
}

static int
move(struct move *m, const struct setting *s, struct err *err)
{
	if (s->findings.errors > 0)
		return err_set(err, ERR_CONFIG, "nothing was changed; mend "
		    "%s first", m->show->file);
	if (check_new(m, s, err) != 0 || write_show(m, err) != 0)
		return -1;
	if (m->quiet)
		return 0;
	print_rules(m->from, m->to);
	tell_more(m);
	return 0;
}

/* The redirects of a move that was made. */
static int
print_again(const struct show *s, struct err *err)
{
	size_t n = options_number_of(s->options, "moved_from"), i;

	if (n == 0)
		return err_set(err, ERR_USAGE, "%s has no `moved_from`: say "
		    "where the feed moves to, `feed move NEW_URL`", s->file);
	for (i = 0; i < n; i++)
		print_rules(options_at(s->options, "moved_from", i),
		    s->feed_url);
	return 0;
}

static int
run(struct cmd_args *args, struct err *err)
{
	bool check = cmd_flag(args, "--check");
	struct move m = { .dry = cmd_flag(args, "--dry-run"),
	    .quiet = log_get_level() == LOG_LEVEL_ERROR };
	struct setting s;
	int rc = -1;

	if (check && args->noperands > 0)
		return err_set(err, ERR_USAGE, "--check asks for the feeds "
		    "that have moved, and takes no address");
	buf_init(&m.text, INI_MAX);
	if (setting_open_facts(&s, args, report, err) != 0)
		;
	else if (check)
		rc = feed_moved_check(&s, args, err);
	else if (setting_one(&s, err) == 0) {
		m.show = s.shows[0];
		m.from = m.show->feed_url;
		m.to = args->noperands > 0 ? args->operand[0] : NULL;
		rc = m.to != NULL ? move(&m, &s, err) :
		    print_again(m.show, err);
	}
	setting_close(&s);
	buf_release(&m.text);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--show", "SLUG", "the show; for --check it may be given again" },
	{ "--check", NULL, "ask whether the old addresses lead to the feed" },
	{ "--dry-run", NULL, "say what would be done, change nothing" },
	{ NULL, NULL, NULL }
};

const struct command cmd_feed_move = {
	"feed", "move", "[NEW_URL]", 0, 1,
	"Give a feed a new public address that subscribers follow to",
	"Writes the new address, the guid and the old address into show.ini, "
	"and changes\nnothing else there. Then prints the redirect that the "
	"old address needs, for nginx,\nApache, Caddy, Netlify and Cloudflare, "
	"and what comes next. Without NEW_URL the\nredirects are printed "
	"again.\n\nWith --check each old address is asked: it must answer "
	"301 or 308 and lead to the\nfeed, which must be the same show's and "
	"say where it is.",
	options, run
};
