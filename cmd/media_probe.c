/* media probe: what is known of files, here and on web servers. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "base/http_many.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/config_first.h"
#include "cmd/media_write.h"
#include "cmd/print.h"
#include "show/config.h"
#include "show/media_prefix.h"
#include "show/media_probe.h"
#include "show/media_remote.h"
#include "text/url.h"

/* An operand, and what was learnt of it. */
struct item {
	struct probing *all;
	const char *name;	/* as given */
	bool remote;
	struct fs_stamp stamp;	/* of a file, from before it was read */
	bool known;		/* else err */
	struct err err;
	struct media_facts facts;	/* in the command's arena */
	const char *how;
	const char *at;		/* where a web server has it; NULL: at name */
	const char *doubt;	/* about the web server; NULL: none */
};

struct probing {
	struct cmd_args *args;
	struct arena *a;
	const char **names;	/* what is to be probed */
	struct item *items;
	size_t n, done;
	struct item **local;	/* those that are files */
	size_t nlocal;
	struct findings found;
};

static bool
is_url(const char *name)
{
	return strncasecmp(name, "http://", 7) == 0 ||
	    strncasecmp(name, "https://", 8) == 0;
}

/* ASCII without blanks. */
static bool
is_plain(const char *s)
{
	while (*s > ' ' && *s < 0x7f)
		s++;
	return *s == '\0';
}

/* A name that cannot be looked at, in better words than libcurl or the system
 * have for it. */
static bool
is_wrong(struct item *it)
{
	struct err why = ERR_INIT;

	if (it->remote && !is_plain(it->name) &&
	    url_check(it->name, &why) != 0)
		err_set(&it->err, ERR_INPUT, "%s is no address: %s", it->name,
		    why.msg);
	else if (it->name[0] == '\0')
		err_set(&it->err, ERR_NOINPUT, "one of the names is empty; "
		    "name files or addresses to be probed");
	else if (!it->remote && strstr(it->name, "://") != NULL &&
	    !fs_is_file(it->name))
		err_set(&it->err, ERR_NOINPUT, "%s is neither a file nor an "
		    "address that begins with http:// or https://; only these "
		    "can be probed", it->name);
	return it->err.kind != ERR_NONE;
}

/* For a terminal, and for JSON. */
static const char *
clean(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s);

	err_clean(copy);
	return copy;
}

static void
count(struct probing *p)
{
	log_progress("media", ++p->done, p->n);
}

/* The facts, with what they point to in the command's arena. */
static void
take(struct item *it, const struct media_facts *f)
{
	struct arena *a = it->all->a;
	struct media_chapter *c;
	size_t i;

	it->known = true;
	it->facts = *f;
	it->facts.doubt = arena_strdup(a, f->doubt);
	if (f->nchapters == 0)
		return;
	c = arena_array(a, f->nchapters, sizeof(*c));
	for (i = 0; i < f->nchapters; i++) {
		c[i] = f->chapters[i];
		c[i].title = arena_strdup(a, c[i].title);
		c[i].url = arena_strdup(a, c[i].url);
		c[i].image = arena_strdup(a, c[i].image);
	}
	it->facts.chapters = c;
}

/* ---- learning ---- */

static void
on_local(void *ctx, size_t i, const struct media_facts *facts,
    const struct err *err)
{
	struct probing *p = ctx;
	struct item *it = p->local[i];

	count(p);
	it->how = "file";
	if (facts != NULL)
		take(it, facts);
	else
		it->err = *err;
}

static void
learn_local(struct probing *p)
{
	const char **paths = arena_array(p->a, p->nlocal, sizeof(*paths));
	struct err ignored = ERR_INIT;
	size_t i;

	for (i = 0; i < p->nlocal; i++) {
		paths[i] = p->local[i]->name;
		/* What is wrong with it the probe tells. */
		(void)fs_stamp(paths[i], &p->local[i]->stamp, &ignored);
	}
	media_probe_many(paths, p->nlocal, 0, on_local, p);
}

static void
on_remote(void *ctx, const struct media_remote *r, const struct err *err)
{
	struct item *it = ctx;
	struct arena *a = it->all->a;

	count(it->all);
	if (strcmp(r->url, it->name) != 0)
		it->at = clean(a, r->url);
	log_debug("%s: %u request%s, %lld bytes of it", it->name, r->requests,
	    CMD_S(r->requests), (long long)r->received);
	if (err != NULL) {
		it->err = *err;
		return;
	}
	it->how = r->how;
	it->doubt = arena_strdup(a, r->doubt);
	take(it, &r->facts);
}

/* What config.ini says, where there is one. */
static int
read_config(struct probing *p, struct http_many_limits *limits,
    struct err *err)
{
	struct findings told = { .report = log_finding };
	const char *file = p->args->config;
	struct config *c;

	if (file == NULL)
		file = config_first_above(p->a, ".");
	if (file == NULL)
		return 0;
	c = config_load_alone(file, &told);
	if (c != NULL && told.errors == 0) {
		*limits = c->http;
		limits->ca_file = arena_strdup(p->a, c->http.ca_file);
	}
	config_free(c);
	return told.errors == 0 ? 0 : err_set(err, ERR_CONFIG, "%s cannot be "
	    "used; nothing was probed", file);
}

static int
learn_remote(struct probing *p, const struct http_many_limits *limits,
    struct err *err)
{
	struct http_many *m = http_many_open(limits, err);
	size_t i;
	int rc;

	if (m == NULL)
		return -1;
	for (i = 0; i < p->n; i++)
		if (p->items[i].remote &&
		    p->items[i].err.kind == ERR_NONE)
			media_remote_add(m, &(struct media_remote_ask){
			    .url = media_prefix_strip(p->a, p->items[i].name),
			    .want_facts = true, .done = on_remote,
			    .ctx = &p->items[i] });
	rc = http_many_run(m, err);
	http_many_close(m);
	return rc;
}

static int
learn(struct probing *p, struct err *err)
{
	struct http_many_limits limits = { .retries = CONFIG_HTTP_RETRIES,
		.patience = CONFIG_HTTP_PATIENCE };
	size_t i, nremote = 0;

	p->items = arena_array(p->a, p->n, sizeof(*p->items));
	p->local = arena_array(p->a, p->n, sizeof(struct item *));
	for (i = 0; i < p->n; i++) {
		struct item *it = &p->items[i];

		it->all = p;
		it->name = p->names[i];
		it->err = (struct err)ERR_INIT;
		it->remote = is_url(it->name);
		if (is_wrong(it))
			count(p);
		else if (it->remote)
			nremote++;
		else
			p->local[p->nlocal++] = it;
	}
	/* Files alone need none, but one that is named has to be right. */
	if ((nremote > 0 || p->args->config != NULL) &&
	    read_config(p, &limits, err) != 0)
		return -1;
	log_progress("media", p->done, p->n);
	learn_local(p);
	if (nremote > 0 && learn_remote(p, &limits, err) != 0)
		return -1;
	log_progress_end();
	return 0;
}

/* ---- for a person ---- */

/* "29:01.250", "1:02:03.000" */
static const char *
clock_of(struct arena *a, int64_t ms)
{
	long long s = ms / 1000, part = ms % 1000;

	if (s < 3600)
		return arena_printf(a, "%lld:%02lld.%03lld", s / 60, s % 60,
		    part);
	return arena_printf(a, "%lld:%02lld:%02lld.%03lld", s / 3600,
	    s / 60 % 60, s % 60, part);
}

static void
add(struct arena *a, struct node *rows, const char *fact, const char *value)
{
	struct node *row;

	if (value == NULL || value[0] == '\0')
		return;
	row = node_push(rows, node_map(a));
	node_set_text(a, row, "fact", fact);
	node_set_text(a, row, "value", value);
}

static const char *
how_many(struct arena *a, unsigned n, const char *unit)
{
	return n == 0 ? NULL : arena_printf(a, "%u%s", n, unit);
}

/* Only MP3 files are known to be of one bitrate or of several. */
static bool
knows_vbr(const struct media_facts *f)
{
	return strcmp(f->type, "audio/mpeg") == 0 && f->codec[0] != '\0';
}

static const char *
bitrate_of(struct arena *a, const struct media_facts *f)
{
	const char *kind = !knows_vbr(f) ? "" : f->vbr ? ", VBR" : ", CBR";

	if (f->bitrate == 0)
		return f->vbr ? "VBR" : NULL;
	return arena_printf(a, "%u bit/s%s", f->bitrate, kind);
}

static void
add_pictures(struct arena *a, struct node *rows, const struct media_facts *f)
{
	if (f->width > 0)
		add(a, rows, "video", arena_printf(a, "%ux%u", f->width,
		    f->height));
	if (f->art.width > 0)
		add(a, rows, "art", arena_printf(a, "%ux%u, %s, %lld bytes",
		    f->art.width, f->art.height, f->art.type,
		    (long long)f->art.bytes));
}

static void
print_item(struct arena *a, const struct item *it)
{
	const struct media_facts *f = &it->facts;
	struct node *rows = node_list(a);
	size_t i;

	if (it->at != NULL)
		add(a, rows, "at", it->at);
	add(a, rows, "size", arena_printf(a, "%lld bytes",
	    (long long)f->length));
	add(a, rows, "type", f->type);
	add(a, rows, "codec", f->codec);
	add(a, rows, "duration", f->duration_ms < 0 ? "not known" :
	    clock_of(a, f->duration_ms));
	add(a, rows, "bitrate", bitrate_of(a, f));
	add(a, rows, "rate", how_many(a, f->sample_rate, " Hz"));
	add(a, rows, "channels", how_many(a, f->channels, ""));
	add_pictures(a, rows, f);
	for (i = 0; i < f->nchapters; i++)
		add(a, rows, "chapter", arena_printf(a, "%s  %s",
		    clock_of(a, f->chapters[i].start_ms),
		    f->chapters[i].title != NULL ? f->chapters[i].title : ""));
	printf("%s\n", clean(a, it->name));
	print_whole(rows);
}

/* ---- for programs ---- */

static struct node *
number(struct arena *a, int64_t n, int64_t least)
{
	return n < least ? node_null(a) : node_number(a, n);
}

static struct node *
text(struct arena *a, const char *s)
{
	return node_text(a, s != NULL && s[0] != '\0' ? s : NULL);
}

static struct node *
chapters_of(struct arena *a, const struct media_facts *f)
{
	struct node *list, *one;
	size_t i;

	/* Who could not read what the file holds has not seen that there are
	 * none. */
	if (f->nchapters == 0 && f->codec[0] == '\0')
		return node_null(a);
	list = node_list(a);
	for (i = 0; i < f->nchapters; i++) {
		const struct media_chapter *c = &f->chapters[i];

		one = node_push(list, node_map(a));
		node_set(a, one, "start_ms", number(a, c->start_ms, 0));
		node_set(a, one, "end_ms", number(a, c->end_ms, 0));
		node_set(a, one, "title", text(a, c->title));
		node_set(a, one, "url", text(a, c->url));
		node_set(a, one, "image", text(a, c->image));
	}
	return list;
}

static struct node *
art_of(struct arena *a, const struct media_art *art)
{
	struct node *one;

	if (art->width == 0)
		return node_null(a);
	one = node_map(a);
	node_set(a, one, "type", text(a, art->type));
	node_set(a, one, "width", number(a, art->width, 1));
	node_set(a, one, "height", number(a, art->height, 1));
	node_set(a, one, "channels", number(a, art->channels, 1));
	node_set(a, one, "length", number(a, art->bytes, 1));
	return one;
}

static void
add_facts(struct arena *a, struct node *o, const struct media_facts *f)
{
	node_set(a, o, "length", number(a, f->length, 0));
	node_set(a, o, "type", text(a, f->type));
	node_set(a, o, "codec", text(a, f->codec));
	node_set(a, o, "duration_ms", number(a, f->duration_ms, 0));
	node_set(a, o, "bitrate", number(a, f->bitrate, 1));
	node_set(a, o, "vbr", knows_vbr(f) ? node_bool(a, f->vbr) :
	    node_null(a));
	node_set(a, o, "sample_rate", number(a, f->sample_rate, 1));
	node_set(a, o, "channels", number(a, f->channels, 1));
	node_set(a, o, "width", number(a, f->width, 1));
	node_set(a, o, "height", number(a, f->height, 1));
	node_set(a, o, "art", art_of(a, &f->art));
	node_set(a, o, "chapters", chapters_of(a, f));
}

static struct node *
object_of(struct arena *a, const struct item *it)
{
	struct node *o = node_map(a), *doubts = node_list(a);
	const char *name = clean(a, it->name);

	node_set(a, o, "file", text(a, it->remote ? NULL : name));
	node_set(a, o, "url", text(a, it->remote ? name : NULL));
	node_set(a, o, "at", text(a, !it->remote ? NULL : it->at != NULL ?
	    it->at : name));
	node_set(a, o, "error", text(a, it->known ? NULL : it->err.msg));
	if (!it->known)
		return o;
	node_set(a, o, "how", text(a, it->how));
	add_facts(a, o, &it->facts);
	if (it->doubt != NULL)
		node_push(doubts, node_text(a, it->doubt));
	if (it->facts.doubt != NULL)
		node_push(doubts, node_text(a, it->facts.doubt));
	node_set(a, o, "doubts", doubts);
	return o;
}

/* ---- both ---- */

static void
tell_doubts(struct probing *p, const struct item *it)
{
	const char *doubts[] = { it->doubt, it->facts.doubt };
	size_t i;

	for (i = 0; i < sizeof(doubts) / sizeof(doubts[0]); i++)
		if (doubts[i] != NULL)
			finding_add(&p->found, SEV_WARNING, "media-doubt",
			    it->name, 0, "%s", doubts[i]);
}

static int
print_all(struct probing *p, struct err *err)
{
	struct node *list = node_list(p->a);
	bool any = false;
	size_t i;

	for (i = 0; i < p->n; i++) {
		const struct item *it = &p->items[i];

		if (p->args->json) {
			node_push(list, object_of(p->a, it));
		} else if (it->known) {
			if (any)
				putchar('\n');
			print_item(p->a, it);
			any = true;
		}
		/* Both lines of a terminal stand in their order. */
		fflush(stdout);
		if (it->known)
			tell_doubts(p, it);
		else
			finding_err(&p->found, "media-probe", &it->err);
	}
	return p->args->json ? print_json(list, err) : 0;
}

/* A file that is still being written has other facts by now. */
static void
write_item(struct probing *p, struct media_write *w, const struct item *it)
{
	struct err err = ERR_INIT;
	struct fs_stamp now;

	if (it->remote) {
		media_write_facts(w, it->name, &it->facts, &p->found);
		return;
	}
	if (fs_stamp(it->name, &now, &err) != 0) {
		finding_err(&p->found, "media-probe", &err);
	} else if (now.size == it->stamp.size &&
	    now.inode == it->stamp.inode &&
	    now.mtime_ns == it->stamp.mtime_ns) {
		media_write_facts(w, it->name, &it->facts, &p->found);
	} else {
		err_set(&err, ERR_TEMPORARY, "the file changed while it was "
		    "looked at, and nothing of it was written; try again when "
		    "it is whole");
		err_at(&err, it->name, 0);
		finding_err(&p->found, "media-probe", &err);
	}
}

/* Into the notes of the episodes, instead of printing it. */
static int
write_all(struct probing *p, struct err *err)
{
	struct media_write *w = media_write_open(p->args, err);
	size_t i;
	int rc;

	if (w == NULL)
		return -1;
	for (i = 0; i < p->n; i++)
		p->names[i] = media_write_place(w, p->names[i]);
	if (p->n == 0)
		p->names = media_write_names(w, &p->n);
	rc = learn(p, err);
	for (i = 0; rc == 0 && i < p->n; i++) {
		const struct item *it = &p->items[i];

		if (it->known) {
			tell_doubts(p, it);
			write_item(p, w, it);
		} else {
			finding_err(&p->found, "media-probe", &it->err);
		}
	}
	media_write_close(w, &p->found);
	return rc;
}

static int
run(struct cmd_args *args, struct err *err)
{
	struct probing p = { .args = args, .a = &args->arena,
		.names = args->operand, .n = args->noperands,
		.found = { .report = log_finding } };

	if (cmd_flag(args, "--write")) {
		if (args->json)
			return err_set(err, ERR_USAGE, "--write prints a line "
			    "for each file that it changes, and no JSON; take "
			    "one of the two");
		if (write_all(&p, err) != 0)
			return -1;
		return p.found.errors > 0 ? err_exit_code(p.found.kind) : 0;
	}
	if (p.n == 0)
		return err_set(err, ERR_USAGE, "name files or addresses to be "
		    "probed; only with --write all audio of the episodes is");
	if (cmd_flag(args, "--dry-run") || cmd_value(args, "--show") != NULL)
		return err_set(err, ERR_USAGE, "--dry-run and --show go with "
		    "--write");
	if (learn(&p, err) != 0 || print_all(&p, err) != 0)
		return -1;
	return p.found.errors > 0 ? err_exit_code(p.found.kind) : 0;
}

static const struct cmd_option options[] = {
	{ "--write", NULL, "put size, duration and type into the notes" },
	{ "--dry-run", NULL, "with --write: only tell what would change" },
	{ "--show", "SLUG", "with --write: of this show (may be given again)" },
	CMD_JSON_OPTION,
	{ NULL, NULL, NULL }
};

const struct command cmd_media_probe = {
	"media", "probe", "[FILE|URL ...]", 0, SIZE_MAX,
	"Tell size, type, duration and chapters of media files",
	"Files are read, and of http(s) addresses no more than tells it: "
	"mostly the head and\nthe tail. No config.ini is needed.\n\n"
	"What is odd about a file is a warning. One that cannot be read is an "
	"error, whose\nkind decides the exit code; the others are told all "
	"the same.\n\n"
	"--write puts size, duration and type where the episodes with that "
	"audio have their\nfacts: in the front matter of their notes, or in "
	"the table. Nothing else in these\nfiles changes. Without a FILE or "
	"URL it is all audio of episodes that are due.", options, run
};
