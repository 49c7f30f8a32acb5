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
	&transport_esmtp,
	&transport_maildir,
};

/* What is known but not done, so that the message can say why. */
static const char *const encrypted[] = { "smtps:", "smtp+starttls:" };

static struct transport *refuse(const char *url, struct err *err)
{
	size_t i;

	for (i = 0; i < sizeof encrypted / sizeof encrypted[0]; i++)
		if (strncasecmp(url, encrypted[i], strlen(encrypted[i])) == 0) {
			err_set(err, ERR_CONFIG, "`relay` is \"%s\", "
			    "but there is no TLS yet; write smtp:// and a "
			    "relay on this machine, or maildir:DIR", url);
			return NULL;
		}
	err_set(err, ERR_CONFIG, "`relay` is \"%s\", which names no way to "
	    "send; write smtp://HOST[:PORT] or maildir:DIR", url);
	return NULL;
}

struct transport *transport_open(const char *url,
    const struct transport_options *options, struct err *err)
{
	static const struct transport_options defaults = { NULL, 0, 0 };
	const struct transport_ops *ops = NULL;
	struct transport *t;
	void *impl;
	size_t i;

	for (i = 0; i < sizeof backends / sizeof backends[0]; i++)
		if (strncasecmp(url, backends[i]->scheme,
		    strlen(backends[i]->scheme)) == 0)
			ops = backends[i];
	if (ops == NULL)
		return refuse(url, err);
	impl = ops->open(url, url + strlen(ops->scheme),
	    options != NULL ? options : &defaults, err);
	if (impl == NULL)
		return NULL;
	t = xcalloc(1, sizeof *t);
	t->ops = ops;
	t->impl = impl;
	t->url = xstrdup(url);
	return t;
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
