#include "mail/trial.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash.h"
#include "mail/address.h"

struct run {
	struct transport_message message;
	struct iovec part;
	bool given;
	struct transport_result result;
};

/* A copy is no edition: mail clients and providers drop the second message of
 * one Message-ID, which would be the edition itself. No friend has this ref,
 * so the copy's way out takes nobody off the list either. */
static int
make_ref(char out[ADDRESS_REF_SIZE], struct err *err)
{
	static const char mark[] = "trial-";
	unsigned char random[5];

	if (hash_random(random, sizeof(random), err) != 0)
		return -1;
	memcpy(out, mark, sizeof(mark) - 1);
	hash_hex(random, sizeof(random), out + sizeof(mark) - 1);
	return 0;
}

static int
fill(struct arena *a, const struct trial *t, struct buf *out,
    struct address *to, struct err *err)
{
	char ref[ADDRESS_REF_SIZE];
	const struct iovec *part;
	struct mold_friend f;
	struct mold *m;
	size_t n, i;
	int rc = -1;

	if (address_parse_mailbox(a, t->to, to, err) != 0) {
		err->kind = ERR_USAGE;
		return -1;
	}
	if (make_ref(ref, err) != 0)
		return -1;
	f.address = to->wire;
	f.wire = to->wire;
	f.name = to->name;
	f.ref = ref;
	m = mold_open(t->mold, t->mold_len, t->key, t->keylen, err);
	if (m != NULL)
		mold_sign_with(m, t->signer);
	if (m != NULL && mold_fill(m, &f, &part, &n, err) == 0) {
		for (i = 0; i < n; i++)
			buf_add(out, part[i].iov_base, part[i].iov_len);
		rc = buf_check(out, "the message", err);
	}
	mold_close(m);
	return rc;
}

static int
next(void *ctx, struct transport_message *out, struct err *err)
{
	struct run *r = ctx;

	(void)err;
	if (r->given)
		return 0;
	r->given = true;
	*out = r->message;
	return 1;
}

static int
doubt(void *ctx, int64_t id, struct err *err)
{
	(void)ctx;
	(void)id;
	(void)err;
	return 0;
}

static int
settle(void *ctx, int64_t id, const struct transport_result *result,
    struct err *err)
{
	struct run *r = ctx;

	(void)id;
	(void)err;
	r->result = *result;
	return 0;
}

static int
explain(const struct trial *t, const struct transport_result *r,
    struct err *err)
{
	const char *relay = transport_url(t->transport);

	switch (r->verdict) {
	case TRANSPORT_SENT:
		return 0;
	case TRANSPORT_FAILED:
	case TRANSPORT_REFUSED:
	case TRANSPORT_DEFERRED:
		if (r->code != 0)
			return err_set(err, r->verdict != TRANSPORT_DEFERRED ?
			    ERR_REFUSED : ERR_TEMPORARY, "%s did not take the "
			    "trial copy; it says \"%d %s\"", relay, r->code,
			    r->text);
		return err_set(err, r->verdict == TRANSPORT_FAILED ?
		    ERR_INPUT : ERR_TEMPORARY, "the trial copy was not sent "
		    "to %s: %s", relay, r->text);
	case TRANSPORT_UNKNOWN:
		return err_set(err, ERR_TEMPORARY, "nobody can tell whether %s "
		    "took the trial copy (%s); look into %s before you send "
		    "another", relay, r->text, t->to);
	case TRANSPORT_UNTRIED:
		break;
	}
	return err_set(err, ERR_TEMPORARY, "the trial copy was not sent to "
	    "%s: %s", relay, r->text);
}

int
trial_send(const struct trial *t, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct run r = { .given = false };
	struct transport_source source = {
		.ctx = &r, .next = next, .doubt = doubt, .settle = settle
	};
	struct address to;
	struct buf bytes;
	int rc = -1;

	buf_init(&bytes, 0);
	if (fill(&a, t, &bytes, &to, err) != 0)
		goto out;
	r.part.iov_base = bytes.data;
	r.part.iov_len = bytes.len;
	r.message.id = 1;
	r.message.from = t->from;
	r.message.to = to.wire;
	r.message.part = &r.part;
	r.message.nparts = 1;
	if (transport_run(t->transport, &source, err) == 0)
		rc = explain(t, &r.result, err);
out:
	buf_release(&bytes);
	arena_release(&a);
	return rc;
}
