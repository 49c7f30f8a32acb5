#include "show/config_relay.h"

#include <string.h>
#include <strings.h>

#include "base/fs.h"
#include "base/rate.h"

static const char *const password_keys[] = {
	"password", "password_command", "password_env", "password_file"
};

#define PASSWORD_KEYS (sizeof(password_keys) / sizeof(password_keys[0]))

static bool
has_scheme(const char *url, const char *scheme)
{
	return strncasecmp(url, scheme, strlen(scheme)) == 0;
}

static const char *
joined(struct config *c, const struct options *o, const char *url)
{
	if (strncmp(url, "maildir:", 8) != 0)
		return url;
	return arena_printf(&c->arena, "maildir:%s",
	    fs_join(&c->arena, o->dir, url + 8));
}

/* One password, of one place. */
static void
check_password(const struct config *c, const struct options *o,
    struct config_relay *r, struct findings *to)
{
	const char *first = NULL;
	bool told = options_told(o, "user");
	size_t i;

	for (i = 0; i < PASSWORD_KEYS; i++) {
		const char *key = password_keys[i];
		unsigned line = options_line(o, key);

		told = told || options_told(o, key);
		if (line == 0)
			continue;
		if (first != NULL)
			finding_add(to, SEV_ERROR, "option-value", c->file,
			    line, "there is `%s` already, and one password "
			    "only; take one of them out", first);
		first = key;
		r->password_line = line;
	}
	if (told)
		return;
	if (first != NULL && r->user == NULL)
		finding_add(to, SEV_ERROR, "option-missing", c->file,
		    r->password_line, "`%s` is of no use without `user`",
		    first);
	if (first == NULL && r->user != NULL)
		finding_add(to, SEV_ERROR, "option-missing", c->file,
		    r->user_line, "`user` wants a password: "
		    "`password_command`, `password_env`, `password_file` or "
		    "`password`");
	if (r->password != NULL && fs_others_read(c->file))
		finding_add(to, SEV_ERROR, "option-value", c->file,
		    r->password_line, "a `password` stands here, and others "
		    "may read this file; chmod 600 it, or take "
		    "`password_command` or `password_file`");
}

/* What has no meaning there would be thought to have one. */
static void
check_scheme(const struct config *c, const struct options *o,
    const struct config_relay *r, struct findings *to)
{
	static const char *const tls_keys[] = {
		"tls_min", "tls_ca_file", "tls_cert_file", "tls_key_file"
	};
	bool tls = has_scheme(r->url, "smtps:") ||
	    has_scheme(r->url, "smtp+starttls:");
	size_t i;

	for (i = 0; !tls && i < sizeof(tls_keys) / sizeof(tls_keys[0]); i++)
		if (options_line(o, tls_keys[i]) != 0)
			finding_add(to, SEV_ERROR, "option-value", c->file,
			    options_line(o, tls_keys[i]), "`%s` is for "
			    "smtps:// and smtp+starttls://, and the relay is "
			    "%s", tls_keys[i], r->url);
	if (r->user != NULL && !tls && !has_scheme(r->url, "smtp:"))
		finding_add(to, SEV_ERROR, "option-value", c->file,
		    r->user_line, "`user` is for mail servers, and the relay "
		    "is %s", r->url);
	if (r->tls_key_file != NULL && r->tls_cert_file == NULL)
		finding_add(to, SEV_ERROR, "option-missing", c->file,
		    options_line(o, "tls_key_file"), "`tls_key_file` is of no "
		    "use without `tls_cert_file`");
}

static void
take(struct config *c, const struct options *o, const char *url_key,
    struct findings *to)
{
	struct config_relay *r = &c->relays[c->nrelays];
	const char *url = options_text(o, url_key);

	if (url == NULL)
		return;		/* which was told */
	c->nrelays++;
	r->url = joined(c, o, url);
	r->line = options_line(o, url_key);
	r->weight = 1;
	r->user = options_text(o, "user");
	r->user_line = options_line(o, "user");
	r->auth = options_text(o, "auth");
	r->password = options_text(o, "password");
	r->password_command = options_text(o, "password_command");
	r->password_env = options_text(o, "password_env");
	r->password_file = options_text(o, "password_file");
	r->tls_ca_file = options_text(o, "tls_ca_file");
	r->tls_cert_file = options_text(o, "tls_cert_file");
	r->tls_key_file = options_text(o, "tls_key_file");
	r->tls_13 = strcmp(options_text(o, "tls_min"), "1.3") == 0;
	check_password(c, o, r, to);
	check_scheme(c, o, r, to);
	c->relay = c->relay == NULL ? r->url : arena_printf(&c->arena,
	    "%s, %s", c->relay, r->url);
}

static void
take_domain_rates(struct config *c, const struct options *o,
    struct findings *to)
{
	size_t n = options_number_of(o, "domain_rate"), i, len;

	c->domain_rates = arena_array(&c->arena, n + 1,
	    sizeof(*c->domain_rates));
	for (i = 0; i < n; i++) {
		const char *text = options_at(o, "domain_rate", i);
		struct config_domain_rate *d =
		    &c->domain_rates[c->ndomain_rates];

		len = strcspn(text, " \t");
		d->domain = arena_strndup(&c->arena, text, len);
		d->line = options_line_at(o, "domain_rate", i);
		text += len + strspn(text + len, " \t");
		if (len > 0 && strchr(d->domain, '@') == NULL &&
		    rate_parse(text, &d->rate) == 0)
			c->ndomain_rates++;
		else
			finding_add(to, SEV_ERROR, "option-value", c->file,
			    d->line, "domain_rate = `%s`: it wants a domain "
			    "(what is behind the @), a blank, and " RATE_WANTED,
			    options_at(o, "domain_rate", i));
	}
}

void
config_take_pace(struct config *c, const struct options *o,
    struct findings *to)
{
	c->connections = (size_t)options_number(o, "connections");
	c->rate = options_rate(o, "rate");
	c->retry_for = options_span(o, "retry_for");
	c->stop_refused = (unsigned)options_number(o, "stop_refused");
	take_domain_rates(c, o, to);
}

void
config_take_relays(struct config *c, const struct options *o,
    struct findings *to)
{
	size_t i;

	c->relays = arena_array(&c->arena, o->nsections + 1,
	    sizeof(*c->relays));
	if (o->nsections == 0 || options_line(o, "relay") != 0)
		take(c, o, "relay", to);
	else if (options_line(o, "user") != 0)
		finding_add(to, SEV_ERROR, "option-value", c->file,
		    options_line(o, "user"), "`user` is for `relay`, which is "
		    "not given; put it into the section [relay NAME] that it "
		    "is for");
	for (i = 0; i < o->nsections; i++) {
		take(c, o->sections[i], "url", to);
		if (c->nrelays > 0)
			c->relays[c->nrelays - 1].weight =
			    options_number(o->sections[i], "weight");
	}
	/* All were told; what is made of them is not used. */
	if (c->nrelays == 0)
		take(c, o, "relay", to);
	c->dsn = options_bool(o, "dsn");
	c->verp = options_bool(o, "verp");
	c->bounces_to = options_text(o, "bounces_to");
	c->bounces_line = options_line(o, "bounces_to");
}
