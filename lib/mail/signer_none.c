/* In the place of signer_dkim.c where there is no libopendkim. */
#include "mail/signer.h"

struct signer *
signer_open(const char *domain, const struct signer_key *keys, size_t n,
    struct err *err)
{
	(void)domain;
	(void)keys;
	(void)n;
	err_set(err, ERR_CONFIG, "DKIM signatures need a showmill built with "
	    "libopendkim; install libopendkim-dev and run make again, or take "
	    "`dkim_key_file` out, and let the mail server sign");
	return NULL;
}

void
signer_close(struct signer *s)
{
	(void)s;
}

void
signer_set_time(struct signer *s, int64_t time)
{
	(void)s;
	(void)time;
}

int
signer_sign(const struct signer *s, const struct iovec *parts, size_t nparts,
    struct buf *out, struct err *err)
{
	(void)s;
	(void)parts;
	(void)nparts;
	(void)out;
	return err_set(err, ERR_INTERNAL, "there is nothing to sign with");
}
