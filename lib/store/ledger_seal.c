/* A seal is the SHA-256 of what was frozen: a database that is damaged may still
 * give texts, and nobody is to get those. */
#include <string.h>

#include "base/hash.h"
#include "store/ledger_int.h"

int
ledger_sealed_check(const struct ledger_sealed *m, struct err *err)
{
	if (db_bound("the subject", m->subject, 0, LEDGER_TITLE_MAX,
	    err) != 0 ||
	    db_bound("the HTML", m->html, 0, LEDGER_BODY_MAX, err) != 0 ||
	    db_bound("the text", m->text, 0, LEDGER_BODY_MAX, err) != 0)
		return -1;
	if (m->mold_len > LEDGER_BODY_MAX)
		return err_set(err, ERR_INPUT,
		    "the message is longer than %zu bytes", LEDGER_BODY_MAX);
	return 0;
}

void
ledger_seal_text(const char *text, size_t len,
    unsigned char out[LEDGER_SEAL_SIZE])
{
	hash_sha256(text, len, out);
}

void
ledger_seal_message(const struct ledger_sealed *m,
    unsigned char out[LEDGER_SEAL_SIZE])
{
	unsigned char part[4][LEDGER_SEAL_SIZE];

	ledger_seal_text(m->subject, strlen(m->subject), part[0]);
	ledger_seal_text(m->html, strlen(m->html), part[1]);
	ledger_seal_text(m->text, strlen(m->text), part[2]);
	ledger_seal_text(m->mold, m->mold_len, part[3]);
	hash_sha256(part, sizeof(part), out);
}

int
ledger_seal_check(struct ledger *l, struct db_query *q, int at, size_t place,
    const unsigned char is[LEDGER_SEAL_SIZE], struct err *err)
{
	char seal[2 * LEDGER_SEAL_SIZE + 1];
	const size_t end = (place + 1) * LEDGER_SEAL_SIZE;
	size_t size = db_col_size(q, at);

	if (size == 0)
		return 0;
	db_col_copy(q, at, seal, sizeof(seal));
	if (size >= end && size < sizeof(seal) && memcmp(seal + end -
	    LEDGER_SEAL_SIZE, is, LEDGER_SEAL_SIZE) == 0)
		return 0;
	db_end(q);
	return db_damaged(l->db, "an edition's message is not what was stored",
	    err);
}
