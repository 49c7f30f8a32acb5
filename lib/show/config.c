#include "show/config.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/compress.h"
#include "base/fs.h"
#include "base/near.h"
#include "show/config_relay.h"
#include "show/options.h"
#include "store/ledger.h"
#include "text/ini.h"

#define CONFIG_NAME "config.ini"
#define CA_MAX ((size_t)16 << 20)

/* "config.ini", "../config.ini", … : relative, so that messages stay short. */
static const char *
find_above(struct arena *a)
{
	char here[PATH_MAX], *slash;
	const char *name = CONFIG_NAME;

	if (getcwd(here, sizeof(here)) == NULL)
		return NULL;
	for (;;) {
		if (fs_is_file(name))
			return name;
		slash = strrchr(here, '/');
		if (slash == NULL || here[1] == '\0')
			return NULL;
		*slash = '\0';
		if (slash == here)
			memcpy(here, "/", 2);
		name = arena_printf(a, "../%s", name);
	}
}

static int
by_length(const void *a, const void *b)
{
	const struct config_probe *pa = a, *pb = b;
	size_t la = strlen(pa->prefix), lb = strlen(pb->prefix);

	return la < lb ? 1 : la > lb ? -1 : strcmp(pa->prefix, pb->prefix);
}

static void
take_probes(struct config *c, const struct options *o, struct findings *to)
{
	size_t n = options_number_of(o, "probe_map"), i, len;
	struct config_probe *p;
	const char *text, *rest;

	c->probe = arena_array(&c->arena, n, sizeof(*c->probe));
	for (i = 0; i < n; i++) {
		text = options_at(o, "probe_map", i);
		len = strcspn(text, " \t");
		rest = text + len + strspn(text + len, " \t");
		if (*rest == '\0' || strstr(text, "://") == NULL ||
		    strstr(text, "://") > text + len) {
			finding_add(to, SEV_ERROR, "option-value", c->file,
			    options_line(o, "probe_map"), "probe_map = `%s`: "
			    "it wants a public address, a blank, and an "
			    "address or a folder", text);
			continue;
		}
		p = &c->probe[c->nprobe++];
		p->prefix = arena_strndup(&c->arena, text, len);
		p->is_url = strstr(rest, "://") != NULL;
		p->instead = p->is_url ? rest :
		    fs_join(&c->arena, o->dir, rest);
	}
	qsort(c->probe, c->nprobe, sizeof(*c->probe), by_length);
}

static void
take_shows(struct config *c, const struct options *o, struct findings *to)
{
	size_t n = options_number_of(o, "shows"), i, k, found;
	struct err err = ERR_INIT;
	char **paths;

	for (i = 0; i < n; i++) {
		const char *pattern = options_at(o, "shows", i);
		const char **grown;

		if (fs_glob(&c->arena, o->dir, pattern, &paths, &found,
		    &err) != 0) {
			finding_err(to, "option-value", &err);
			continue;
		}
		if (found == 0)
			finding_add(to, SEV_ERROR, "option-value", c->file,
			    options_line(o, "shows"), "shows = `%s`: there is "
			    "no such file", pattern);
		grown = arena_array(&c->arena, c->nshows + found,
		    sizeof(*grown));
		for (k = 0; k < c->nshows; k++)
			grown[k] = c->shows[k];
		for (k = 0; k < found; k++)
			grown[c->nshows + k] = paths[k];
		c->shows = grown;
		c->nshows += found;
	}
}

static void
take_dkim(struct config *c, const struct options *o, struct findings *to)
{
	size_t n = options_number_of(o, "dkim_key_file"), i;
	size_t selectors = options_number_of(o, "dkim_selector");
	const char *first = n > 0 ? "dkim_key_file" : selectors > 0 ?
	    "dkim_selector" : "dkim_domain";

	c->dkim_domain = options_text(o, "dkim_domain");
	c->dkim_domain_line = options_line(o, "dkim_domain");
	if (n == 0 && selectors == 0 && c->dkim_domain == NULL)
		return;
	if (n == 0 || selectors != n) {
		if (!options_told(o, "dkim_selector") &&
		    !options_told(o, "dkim_key_file"))
			finding_add(to, SEV_ERROR, "option-missing", c->file,
			    options_line(o, first), "there are %zu "
			    "`dkim_key_file` and %zu `dkim_selector`; each key "
			    "wants the selector under which its public half "
			    "stands in the DNS", n, selectors);
		return;
	}
	c->dkim = arena_array(&c->arena, n, sizeof(*c->dkim));
	c->ndkim = n;
	for (i = 0; i < n; i++)
		c->dkim[i] = (struct config_dkim){
			options_at(o, "dkim_selector", i),
			options_at(o, "dkim_key_file", i),
			options_line_at(o, "dkim_key_file", i)
		};
}

/* libcurl would call it a fault of each server. */
static void
check_ca_file(const struct config *c, const struct options *o,
    struct findings *to)
{
	const char *file = c->http.ca_file, *why = NULL;
	struct err err = ERR_INIT;
	struct buf text;

	if (file == NULL)
		return;
	buf_init(&text, CA_MAX);
	if (fs_read(file, CA_MAX, &text, NULL, &err) != 0)
		why = err.msg;
	else if (strstr(text.data, "-----BEGIN ") == NULL)
		why = "has no certificate in PEM, which begins with "
		    "-----BEGIN CERTIFICATE-----";
	if (why != NULL)
		finding_add(to, SEV_ERROR, "option-value", c->file,
		    options_line(o, "http_ca_file"), "http_ca_file: `%s` %s",
		    file, why);
	buf_release(&text);
}

/* Not a word of what is behind the scheme: there may be a password in it. */
static void
check_scheme(const struct config *c, const struct options *o,
    struct findings *to)
{
	size_t len = ledger_scheme(c->ledger);
	bool near;

	if (len == 0 || ledger_is_url(c->ledger))
		return;
	near = near_is(c->ledger, len, "postgresql") ||
	    near_is(c->ledger, len, "postgres");
	finding_add(to, SEV_ERROR, "option-value", c->file,
	    options_line(o, "ledger"), "`ledger` begins with `%.*s://`%s; it "
	    "wants a file, or postgresql://USER@HOST:PORT/DATABASE",
	    (int)(len > 40 ? 40 : len), c->ledger, near ?
	    "; did you mean postgresql://?" : ", which is no ledger");
}

static void
check_ledger(const struct config *c, const struct options *o,
    struct findings *to)
{
	check_scheme(c, o, to);
	if (ledger_has_password(c->ledger) && fs_others_read(c->file))
		finding_add(to, SEV_ERROR, "option-value", c->file,
		    options_line(o, "ledger"), "a password stands in "
		    "`ledger`, and others may read this file; chmod 600 it, "
		    "or put the password into ~/.pgpass");
	if (c->lease < 1)
		finding_add(to, SEV_ERROR, "option-value", c->file,
		    options_line(o, "lease"), "`lease` is less than a second; "
		    "each run would take the others for dead");
}

/* Else it would be told of each file that is not in it. */
static void
check_templates(const struct config *c, const struct options *o,
    struct findings *to)
{
	if (options_line(o, "templates") != 0 && !fs_is_dir(c->templates))
		finding_add(to, SEV_ERROR, "option-value", c->file,
		    options_line(o, "templates"), "templates: the folder `%s` "
		    "does not exist; copy showmill's own templates there, or "
		    "take the key out", c->templates);
}

static void
take_values(struct config *c, const struct options *o, struct findings *to)
{
	c->ledger = options_text(o, "ledger");
	c->ledger_line = options_line(o, "ledger");
	c->lease = options_span(o, "lease");
	c->cache = options_text(o, "cache");
	c->templates = options_text(o, "templates");
	c->installed = SHOWMILL_DATADIR "/templates";
	c->opml = options_text(o, "opml");
	c->opml_title = options_text(o, "opml_title");
	c->opml_line = options_line(o, "opml");
	c->compress = compress_kinds(options_text(o, "compress"));
	c->helo = options_text(o, "helo");
	c->helo_line = options_line(o, "helo");
	c->token_key_file = options_text(o, "token_key_file");
	c->podping_key_file = options_text(o, "podping_key_file");
	c->podping_key_line = options_line(o, "podping_key_file");
	c->http = (struct http_many_limits){
		.connections = (unsigned)options_number(o, "http_connections"),
		.per_host = (unsigned)options_number(o, "http_per_host"),
		.timeout = options_number(o, "http_timeout"),
		.retries = (unsigned)options_number(o, "http_retries"),
		.patience = CONFIG_HTTP_PATIENCE,
		.ca_file = options_text(o, "http_ca_file")
	};
	c->smtp_timeout = options_number(o, "smtp_timeout");
	c->per_connection =
	    (size_t)options_number(o, "messages_per_connection");
	c->claim = (size_t)options_number(o, "claim");
	c->give_up = options_span(o, "give_up");
	c->recheck = options_span(o, "recheck");
	c->deploy = options_text(o, "deploy");
	c->verify_for = options_span(o, "verify_for");
	check_ledger(c, o, to);
	check_ca_file(c, o, to);
	check_templates(c, o, to);
	take_probes(c, o, to);
	take_dkim(c, o, to);
	config_take_relays(c, o, to);
	config_take_pace(c, o, to);
}

static struct config *
load(const char *file, bool with_shows, struct findings *to)
{
	struct config *c = xcalloc(1, sizeof(*c));
	const char *example = SHOWMILL_DATADIR "/config.example.ini";
	struct err err = ERR_INIT;
	struct options o;
	struct buf text;

	arena_init(&c->arena);
	buf_init(&text, INI_MAX);
	c->file = file != NULL ? file : find_above(&c->arena);
	if (c->file == NULL) {
		finding_add(to, SEV_ERROR, "config-missing", NULL, 0,
		    "there is no config.ini here or in a folder above; "
		    "`showmill init` makes one for notes that are there, or "
		    "copy %s, or name one with -c", fs_is_file(example) ?
		    example : "config.example.ini of showmill's source");
	} else if (fs_read(c->file, INI_MAX, &text, NULL, &err) != 0) {
		finding_err(to, "config-missing", &err);
		c->file = NULL;
	} else {
		options_read(&c->arena, OPTION_CONFIG, c->file, text.data,
		    text.len, &o, to);
		take_values(c, &o, to);
		if (with_shows)
			take_shows(c, &o, to);
	}
	buf_release(&text);
	if (c->file != NULL)
		return c;
	config_free(c);
	return NULL;
}

struct config *
config_load(const char *file, struct findings *to)
{
	return load(file, true, to);
}

struct config *
config_load_alone(const char *file, struct findings *to)
{
	return load(file, false, to);
}

const char *
config_instead(const struct config *c, struct arena *a, const char *url)
{
	size_t i, n;

	for (i = 0; i < c->nprobe; i++) {
		const struct config_probe *p = &c->probe[i];

		n = strlen(p->prefix);
		if (strncmp(url, p->prefix, n) == 0 && (n == 0 ||
		    p->prefix[n - 1] == '/' || strchr("/?", url[n]) != NULL))
			return p->is_url ? arena_printf(a, "%s%s", p->instead,
			    url + n) : url;
	}
	return url;
}

void
config_free(struct config *c)
{
	if (c == NULL)
		return;
	arena_release(&c->arena);
	free(c);
}
