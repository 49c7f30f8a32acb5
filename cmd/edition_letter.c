#include "cmd/edition_letter.h"

#include <string.h>

static int
fill(struct mold *m, const struct mold_friend *f,
    const struct ledger_edition *row, struct letter *out, struct err *err)
{
	const struct iovec *part;
	size_t n, i;

	if (mold_fill_text(m, f, row->html, true, &out->html, err) != 0 ||
	    mold_fill_text(m, f, row->text, false, &out->text, err) != 0 ||
	    mold_fill(m, f, &part, &n, err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		buf_add(&out->message, part[i].iov_base, part[i].iov_len);
	return buf_check(&out->message, "the message", err);
}

int
letter_make(struct setting *s, const struct ledger_edition *row,
    const unsigned char key[LEDGER_KEY_SIZE], const struct address *to,
    struct letter *out, struct err *err)
{
	char ref[ADDRESS_REF_SIZE];
	const struct mold_friend f = { to->typed, to->wire, to->name, ref };
	struct signer *signer = NULL;
	struct mold *m;
	int rc = -1;

	buf_init(&out->html, 0);
	buf_init(&out->text, 0);
	buf_init(&out->message, 0);
	address_ref(s->shows[0]->digest.list, to->key, ref);
	if (edition_signer(s, row->frozen, &signer, err) != 0)
		return -1;
	m = mold_open(row->mold, row->mold_len, key, LEDGER_KEY_SIZE, err);
	if (m != NULL) {
		mold_sign_with(m, signer);
		rc = fill(m, &f, row, out, err);
	}
	mold_close(m);
	signer_close(signer);
	if (rc != 0)
		letter_release(out);
	return rc;
}

void
letter_release(struct letter *l)
{
	if (l->html.data == NULL)
		return;
	buf_release(&l->html);
	buf_release(&l->text);
	buf_release(&l->message);
}
