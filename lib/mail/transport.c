#include "mail/transport.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "mail/transport_int.h"

struct transport {
	const struct transport_ops *ops;
	void *impl;
	char *url;
};

static const struct transport_ops *const backends[] = {
	&transport_plain,
	&transport_submit_smtps,
	&transport_submit_starttls,
	&transport_sendmail,
	&transport_maildir,
};

static const struct transport_ops *find(const char *url,
    const struct transport_options *options, struct err *err)
{
	const struct transport_ops *ops = NULL;
	size_t i;

	for (i = 0; i < sizeof backends / sizeof backends[0]; i++)
		if (strncasecmp(url, backends[i]->scheme,
		    strlen(backends[i]->scheme)) == 0)
			ops = backends[i];
	/* What may be a password is not shown. */
	if (ops != &transport_sendmail && ops != &transport_maildir &&
	    strchr(url, '@') != NULL) {
		err_set(err, ERR_CONFIG, "`relay` has a user in its address; "
		    "write %s//HOST, and beside it `user` and "
		    "`password_command`, `password_env` or `password_file`",
		    ops != NULL ? ops->scheme : "smtps:");
		return NULL;
	}
	if (ops == NULL)
		err_set(err, ERR_CONFIG, "`relay` is \"%s\", which names no "
		    "way to send; write smtp://HOST[:PORT], smtps://HOST, "
		    "smtp+starttls://HOST, sendmail:/PATH or maildir:DIR", url);
	/* libesmtp goes on without AUTH when the relay refuses it, and tells
	 * nobody. */
	if (ops == &transport_plain && options->user != NULL)
		return &transport_submit_login;
	return ops;
}

struct transport *transport_of(const struct transport_ops *ops, void *impl,
    const char *url)
{
	struct transport *t = xcalloc(1, sizeof *t);

	t->ops = ops;
	t->impl = impl;
	t->url = xstrdup(url);
	return t;
}

struct transport *transport_open(const char *url,
    const struct transport_options *options, struct err *err)
{
	static const struct transport_options defaults = { .helo = NULL };
	const struct transport_options *o =
	    options != NULL ? options : &defaults;
	const struct transport_ops *ops = find(url, o, err);
	void *impl;

	if (ops == NULL)
		return NULL;
	impl = ops->open(url, url + strlen(ops->scheme), o, err);
	return impl != NULL ? transport_of(ops, impl, url) : NULL;
}

void transport_close(struct transport *t)
{
	if (t == NULL)
		return;
	t->ops->close(t->impl);
	free(t->url);
	free(t);
}

const char *transport_url(const struct transport *t)
{
	return t->url;
}

int transport_run(struct transport *t, const struct transport_source *source,
    struct err *err)
{
	return t->ops->run(t->impl, source, err);
}
