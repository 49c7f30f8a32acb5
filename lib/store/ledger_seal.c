/* A seal is the SHA-256 of what was frozen: a database that is damaged may give
 * texts all the same, and nobody is to get those. */
#include <string.h>

#include "base/hash.h"
#include "store/ledger_int.h"
#include "text/utf8.h"

struct ledger_sealed
ledger_sealed_edition(const struct ledger_edition *e)
{
	return (struct ledger_sealed){ e->list, e->name, e->subject, e->html,
		e->text, e->mold, e->mold_len };
}

/* Of a server these would come back as something else. */
static int
check_text(const char *what, const char *text, size_t max, struct err *err)
{
	size_t n = text == NULL ? 0 : strlen(text);

	if (db_bound(what, text, 0, max, err) != 0)
		return -1;
	if (n > 0 && utf8_invalid_at(text, n) < n)
		return err_set(err, ERR_INPUT, "%s is not UTF-8", what);
	return 0;
}

int
ledger_sealed_check(const struct ledger_sealed *m, const char *page,
    struct err *err)
{
	if (check_text("the subject", m->subject, LEDGER_TITLE_MAX, err) != 0 ||
	    check_text("the HTML", m->html, LEDGER_BODY_MAX, err) != 0 ||
	    check_text("the text", m->text, LEDGER_BODY_MAX, err) != 0 ||
	    check_text("the page", page, LEDGER_BODY_MAX, err) != 0)
		return -1;
	if (m->mold_len > LEDGER_BODY_MAX)
		return err_set(err, ERR_INPUT,
		    "the message is longer than %zu bytes", LEDGER_BODY_MAX);
	return 0;
}

void
ledger_seal_text(const char *text, unsigned char out[LEDGER_SEAL_SIZE])
{
	hash_sha256(text, strlen(text), out);
}

void
ledger_seal_message(const struct ledger_sealed *m,
    unsigned char out[LEDGER_SEAL_SIZE])
{
	unsigned char part[6][LEDGER_SEAL_SIZE];

	ledger_seal_text(m->list, part[0]);
	ledger_seal_text(m->name, part[1]);
	ledger_seal_text(m->subject, part[2]);
	ledger_seal_text(m->html, part[3]);
	ledger_seal_text(m->text, part[4]);
	hash_sha256(m->mold, m->mold_len, part[5]);
	hash_sha256(part, sizeof(part), out);
}

bool
ledger_seal_holds(struct db_query *q, int at, size_t place,
    const unsigned char is[LEDGER_SEAL_SIZE])
{
	char seal[2 * LEDGER_SEAL_SIZE + 1];
	const size_t begin = place * LEDGER_SEAL_SIZE;
	size_t size = db_col_size(q, at);

	if (size == 0)
		return true;
	if (size < begin + LEDGER_SEAL_SIZE || size >= sizeof(seal))
		return false;
	db_col_copy(q, at, seal, sizeof(seal));
	return memcmp(seal + begin, is, LEDGER_SEAL_SIZE) == 0;
}
