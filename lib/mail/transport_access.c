/*
 * smtps://, smtp+starttls:// and smtp://: what of their options goes together,
 * and by which library their messages go.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "mail/transport_int.h"

static char *copy(const char *s)
{
	return s != NULL ? xstrdup(s) : NULL;
}

static void forget(char *s)
{
	if (s != NULL)
		explicit_bzero(s, strlen(s));
	free(s);
}

static void submit_close(void *impl)
{
	struct transport_relay *r = impl;
	struct transport_access *a = (void *)(uintptr_t)r->more;

	free(a->ca_file);
	free(a->cert_file);
	free(a->key_file);
	free(a->user);
	forget(a->password);
	free(a->auth);
	free(a);
	transport_relay_close(r);
}

/* A user's name ends at a NUL in AUTH PLAIN; a CR or LF would be a command. */
static bool is_text(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

static int check_login(const struct transport_options *o, const char *url,
    struct err *err)
{
	if (o->user == NULL)
		return 0;
	if (*o->user == '\0' || !is_text(o->user))
		return err_set(err, ERR_CONFIG, "%s: `user` is empty, or has "
		    "control characters", url);
	if (o->password == NULL || *o->password == '\0')
		return err_set(err, ERR_CONFIG, "%s: there is a `user` and no "
		    "password for it", url);
	if (!is_text(o->password))
		return err_set(err, ERR_CONFIG, "%s: the password has control "
		    "characters in it", url);
	return 0;
}

static void *submit_open(const char *url, const char *rest, const char *port,
    enum transport_tls tls, const struct transport_options *o,
    struct err *err)
{
	struct transport_relay *r;
	struct transport_access *a;

	if (check_login(o, url, err) != 0)
		return NULL;
	r = transport_relay_open(url, rest, port, o, err);
	if (r == NULL)
		return NULL;
	a = xcalloc(1, sizeof *a);
	a->tls = tls;
	a->tls_13 = o->tls_13;
	a->ca_file = copy(o->tls_ca_file);
	a->cert_file = copy(o->tls_cert_file);
	a->key_file = copy(o->tls_key_file);
	a->user = copy(o->user);
	a->password = o->user != NULL ? copy(o->password) : NULL;
	a->auth = copy(o->auth);
	r->more = a;
	return r;
}

static void *smtps_open(const char *url, const char *rest,
    const struct transport_options *o, struct err *err)
{
	return submit_open(url, rest, "465", TRANSPORT_TLS_IMPLICIT, o, err);
}

static void *starttls_open(const char *url, const char *rest,
    const struct transport_options *o, struct err *err)
{
	return submit_open(url, rest, "587", TRANSPORT_TLS_STARTTLS, o, err);
}

static void *plain_open(const char *url, const char *rest,
    const struct transport_options *o, struct err *err)
{
	return submit_open(url, rest, "25", TRANSPORT_TLS_NONE, o, err);
}

/* Whether the host is this one shows when it is connected to; what is written
 * with another name, or another machine's address, is told before that. */
static bool may_be_here(const char *host)
{
	return strcasecmp(host, "localhost") == 0 ||
	    strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

static void *login_open(const char *url, const char *rest,
    const struct transport_options *o, struct err *err)
{
	struct transport_relay *r = plain_open(url, rest, o, err);

	if (r == NULL || may_be_here(r->host))
		return r;
	err_set(err, ERR_CONFIG, "`relay` is \"%s\", and a password does not "
	    "go to another machine without TLS; write smtps:// (usually port "
	    "465) or smtp+starttls:// (587)", url);
	submit_close(r);
	return NULL;
}

/* libesmtp knows no SMTPUTF8. */
static int plain_run(void *impl, const struct transport_source *source,
    struct err *err)
{
	return transport_session_run(impl, transport_esmtp_talk,
	    transport_submit_talk, source, err);
}

static int submit_run(void *impl, const struct transport_source *source,
    struct err *err)
{
	return transport_session_run(impl, transport_submit_talk, NULL, source,
	    err);
}

const struct transport_ops transport_plain = {
	"smtp:", plain_open, plain_run, submit_close,
};

const struct transport_ops transport_submit_smtps = {
	"smtps:", smtps_open, submit_run, submit_close,
};

const struct transport_ops transport_submit_starttls = {
	"smtp+starttls:", starttls_open, submit_run, submit_close,
};

const struct transport_ops transport_submit_login = {
	"smtp:", login_open, submit_run, submit_close,
};
