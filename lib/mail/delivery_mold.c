#include "mail/delivery_mold.h"

#include <stdlib.h>

struct open_mold {
	int variant;		/* 0: free */
	struct mold *mold;
	struct arena arena;	/* what it was made of */
	uint64_t used;		/* when, by molds.clock */
};

struct molds {
	struct ledger *ledger;
	const struct ledger_edition *edition;
	const unsigned char *key;
	size_t keylen;
	const struct signer *signer;
	struct mold *own;
	struct open_mold kept[MOLDS_KEPT];
	uint64_t clock;
};

static struct mold *
open_one(const struct molds *m, const char *data, size_t len, struct err *err)
{
	struct mold *mold = mold_open(data, len, m->key, m->keylen, err);

	if (mold != NULL)
		mold_sign_with(mold, m->signer);
	return mold;
}

struct molds *
molds_open(struct ledger *l, const struct ledger_edition *e,
    const unsigned char *key, size_t keylen, const struct signer *signer,
    struct err *err)
{
	struct molds *m = xcalloc(1, sizeof(*m));

	m->ledger = l;
	m->edition = e;
	m->key = key;
	m->keylen = keylen;
	m->signer = signer;
	m->own = open_one(m, e->mold, e->mold_len, err);
	if (m->own != NULL)
		return m;
	free(m);
	return NULL;
}

static void
drop(struct open_mold *o)
{
	mold_close(o->mold);
	arena_release(&o->arena);
	*o = (struct open_mold){ .variant = 0 };
}

static int
load(const struct molds *m, int variant, struct open_mold *o, struct err *err)
{
	struct ledger_variant v;
	int r = ledger_edition_variant(m->ledger, m->edition->id, variant,
	    &o->arena, &v, err);

	if (r == 0)
		return err_set(err, ERR_INTERNAL, "the ledger has no variant "
		    "%d of %s", variant, m->edition->name);
	if (r < 0)
		return -1;
	if (v.damaged)
		return err_set(err, ERR_INPUT, "the ledger is damaged: the "
		    "message for them is not what was frozen");
	o->mold = open_one(m, v.mold, v.mold_len, err);
	if (o->mold == NULL)
		return -1;
	o->variant = variant;
	return 0;
}

bool
molds_is_open(const struct molds *m, int variant)
{
	size_t i;

	for (i = 0; i < MOLDS_KEPT; i++)
		if (m->kept[i].variant == variant)
			return true;
	return variant == 0;
}

struct mold *
molds_get(struct molds *m, int variant, struct err *err)
{
	struct open_mold *oldest = &m->kept[0];
	size_t i;

	if (variant == 0)
		return m->own;
	m->clock++;
	for (i = 0; i < MOLDS_KEPT; i++) {
		struct open_mold *o = &m->kept[i];

		if (o->variant == variant) {
			o->used = m->clock;
			return o->mold;
		}
		if (o->used < oldest->used)
			oldest = o;
	}
	drop(oldest);
	if (load(m, variant, oldest, err) != 0) {
		drop(oldest);
		return NULL;
	}
	oldest->used = m->clock;
	return oldest->mold;
}

void
molds_close(struct molds *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < MOLDS_KEPT; i++)
		drop(&m->kept[i]);
	mold_close(m->own);
	free(m);
}
