#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "mail/mime.h"
#include "mail/mold_int.h"
#include "mail/signer.h"
#include "mail/token.h"
#include "text/html.h"

#define KEY_MAX 64

/* A piece of the message that is the same for all, or a slot. */
struct piece {
	const char *data;	/* NULL: a slot */
	size_t len;
	unsigned slot;
};

struct mold {
	struct arena arena;
	struct mold_sender sender;
	struct hash_hmac *key;
	struct piece piece[MOLD_PIECES_MAX];
	size_t npieces;
	bool used[MOLD_SLOTS];
	struct buf value[MOLD_SLOTS];
	struct buf raw, escaped;
	const struct signer *signer;	/* NULL: none */
	struct buf signature;
	struct iovec part[1 + MOLD_PIECES_MAX];	/* the first: signatures */
};

/* ---- values ---- */

static int
check_friend(const struct mold_friend *f, struct err *err)
{
	size_t len = strlen(f->wire);

	if (mime_check(f->name, strlen(f->name), false, "the friend's name",
	    err) < 0 || mime_check(f->address, strlen(f->address), false,
	    "the friend's address", err) < 0)
		return -1;
	if (mime_check(f->wire, len, false, "the friend's address", err) < 0)
		return -1;
	if (len == 0 || len > MIME_LINE_MAX / 2)
		return err_set(err, ERR_INPUT, "the address \"%s\" cannot "
		    "stand in a To header", f->wire);
	return 0;
}

/* What a friend reads in place of a mark, before any encoding. */
static void
add_raw(struct buf *out, const struct mold_sender *s,
    const struct mold_friend *f, const char *token, enum mold_patch p)
{
	switch (p) {
	case MOLD_NAME:
		buf_adds(out, *f->name != '\0' ? f->name : s->fallback);
		return;
	case MOLD_ADDRESS:
		buf_adds(out, f->address);
		return;
	case MOLD_UNSUBSCRIBE:
		if (*s->url == '\0')
			break;
		buf_adds(out, s->url);
		buf_adds(out, token);
		return;
	case MOLD_TOKEN:
		buf_adds(out, token);
		return;
	case MOLD_UNSUBSCRIBE_MAILTO:
	case MOLD_PATCHES:
		break;
	}
	buf_adds(out, "mailto:");
	buf_adds(out, s->mailto);
	buf_adds(out, "?subject=unsubscribe%20");
	buf_adds(out, token);
}

/* ---- opening ---- */

static const char *
take_line(struct mold *m, const char **p, const char *end)
{
	const char *line = *p;
	const char *lf = line == NULL ? NULL
	    : memchr(line, '\n', (size_t)(end - line));

	if (lf == NULL) {
		*p = NULL;
		return "";
	}
	*p = lf + 1;
	return arena_strndup(&m->arena, line, (size_t)(lf - line));
}

static int
add_piece(struct mold *m, const char *data, size_t len, unsigned slot,
    struct err *err)
{
	if (data != NULL && len == 0)
		return 0;
	if (m->npieces == MOLD_PIECES_MAX)
		return err_set(err, ERR_INTERNAL,
		    "the stored message has too many slots");
	m->piece[m->npieces++] = (struct piece) { data, len, slot };
	return 0;
}

static int
read_message(struct mold *m, const char *p, const char *end, struct err *err)
{
	const char *mark;
	unsigned slot;

	while ((mark = memchr(p, MOLD_OPEN, (size_t)(end - p))) != NULL) {
		if (end - mark < MOLD_MARK_LEN || mark[2] != MOLD_CLOSE ||
		    mark[1] < 'a' || mark[1] >= 'a' + (int)MOLD_SLOTS)
			return err_set(err, ERR_INTERNAL,
			    "the stored message has a slot that is not known");
		slot = (unsigned)(mark[1] - 'a');
		if (add_piece(m, p, (size_t)(mark - p), 0, err) < 0 ||
		    add_piece(m, NULL, 0, slot, err) < 0)
			return -1;
		m->used[slot] = true;
		p = mark + MOLD_MARK_LEN;
	}
	return add_piece(m, p, (size_t)(end - p), 0, err);
}

static int
read_mold(struct mold *m, const char *data, size_t len, struct err *err)
{
	const char *p = data + sizeof(MOLD_FIRST_LINE) - 1, *end = data + len;
	const size_t first = sizeof(MOLD_FIRST_LINE) - 1;
	const size_t family = sizeof(MOLD_FAMILY) - 1;

	if (len < first || memcmp(data, MOLD_FIRST_LINE, first) != 0)
		return err_set(err, ERR_INTERNAL, len > family &&
		    memcmp(data, MOLD_FAMILY, family) == 0 ? "the stored "
		    "message was made by another version of showmill" :
		    "the stored message is none");
	m->sender.key_id = take_line(m, &p, end);
	m->sender.list = take_line(m, &p, end);
	m->sender.mailto = take_line(m, &p, end);
	m->sender.url = take_line(m, &p, end);
	m->sender.fallback = take_line(m, &p, end);
	if (p == NULL || end - p < 4 || memcmp(end - 4, "--\r\n", 4) != 0)
		return err_set(err, ERR_INTERNAL,
		    "the stored message is not whole");
	return read_message(m, p, end, err);
}

const char *
mold_key_id(struct arena *a, const char *data, size_t len)
{
	const size_t first = sizeof(MOLD_FIRST_LINE) - 1;
	const char *end;

	if (len < first || memcmp(data, MOLD_FIRST_LINE, first) != 0)
		return "";
	end = memchr(data + first, '\n', len - first);
	return end == NULL ? "" : arena_strndup(a, data + first,
	    (size_t)(end - data) - first);
}

struct mold *
mold_open(const char *data, size_t len, const unsigned char *key,
    size_t keylen, struct err *err)
{
	struct mold *m;
	size_t i;

	if (keylen == 0 || keylen > KEY_MAX) {
		err_set(err, ERR_INTERNAL, "a token key has 1 to %d bytes, not "
		    "%zu", KEY_MAX, keylen);
		return NULL;
	}
	m = xcalloc(1, sizeof(*m));
	arena_init(&m->arena);
	for (i = 0; i < MOLD_SLOTS; i++)
		buf_init(&m->value[i], 0);
	buf_init(&m->raw, 0);
	buf_init(&m->escaped, 0);
	buf_init(&m->signature, 0);
	m->key = hash_hmac_open(key, keylen);
	if (read_mold(m, data, len, err) < 0) {
		mold_close(m);
		return NULL;
	}
	return m;
}

void
mold_close(struct mold *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < MOLD_SLOTS; i++)
		buf_release(&m->value[i]);
	buf_release(&m->raw);
	buf_release(&m->escaped);
	buf_release(&m->signature);
	arena_release(&m->arena);
	hash_hmac_close(m->key);
	free(m);
}

void
mold_sign_with(struct mold *m, const struct signer *s)
{
	m->signer = s;
}

/* ---- filling ---- */

/* Both encodings of one patch, each where the message has it. */
static void
make_values(struct mold *m, const struct mold_friend *f, const char *token,
    enum mold_patch p)
{
	unsigned text = mold_slot(false, p), html = mold_slot(true, p);

	if (!m->used[text] && !m->used[html])
		return;
	buf_clear(&m->raw);
	add_raw(&m->raw, &m->sender, f, token, p);
	if (m->used[text])
		mime_qp(&m->value[text], m->raw.data, m->raw.len);
	if (m->used[html]) {
		buf_clear(&m->escaped);
		markup_escape(&m->escaped, m->raw.data, m->raw.len);
		mime_qp(&m->value[html], m->escaped.data, m->escaped.len);
	}
}

/* Behind the first, which is left for the signatures. */
static size_t
put_parts(struct mold *m)
{
	size_t i, n = 1;

	for (i = 0; i < m->npieces; i++) {
		const struct piece *p = &m->piece[i];
		const char *data = p->data;
		size_t len = p->len;

		if (data == NULL) {
			data = m->value[p->slot].data;
			len = m->value[p->slot].len;
		}
		if (len == 0)
			continue;
		/* iovec has no const; nobody writes through it. */
		m->part[n].iov_base = (void *)(uintptr_t)data;
		m->part[n++].iov_len = len;
	}
	return n - 1;
}

static int
sign(struct mold *m, size_t nparts, struct err *err)
{
	buf_clear(&m->signature);
	if (signer_sign(m->signer, m->part + 1, nparts, &m->signature,
	    err) < 0)
		return -1;
	m->part[0].iov_base = m->signature.data;
	m->part[0].iov_len = m->signature.len;
	return 0;
}

int
mold_fill(struct mold *m, const struct mold_friend *f,
    const struct iovec **parts, size_t *nparts, struct err *err)
{
	char token[TOKEN_MAX];
	struct mime_field to;
	unsigned i;

	if (check_friend(f, err) < 0 || token_make(m->sender.key_id, m->key,
	    m->sender.list, f->ref, token, err) < 0)
		return -1;
	for (i = 0; i < MOLD_SLOTS; i++)
		buf_clear(&m->value[i]);
	mime_field_resume(&to, &m->value[MOLD_SLOT_TO], "To");
	mime_field_mailbox(&to, f->name, f->wire);
	buf_adds(&m->value[MOLD_SLOT_REF], f->ref);
	buf_adds(&m->value[MOLD_SLOT_TOKEN], token);
	for (i = 0; i < MOLD_PATCHES; i++)
		make_values(m, f, token, (enum mold_patch)i);
	for (i = 0; i < MOLD_SLOTS; i++)
		if (buf_check(&m->value[i], "a friend's value", err) < 0)
			return -1;
	*nparts = put_parts(m);
	*parts = m->part + 1;
	if (m->signer == NULL)
		return 0;
	if (sign(m, *nparts, err) < 0)
		return -1;
	*parts = m->part;
	(*nparts)++;
	return 0;
}

int
mold_fill_text(struct mold *m, const struct mold_friend *f,
    const char *rendered, int is_html, struct buf *out, struct err *err)
{
	char token[TOKEN_MAX];
	enum mold_patch p = MOLD_NAME;
	const char *mark;
	size_t start = out->len;
	struct buf raw;
	int rc;

	if (check_friend(f, err) < 0 || token_make(m->sender.key_id, m->key,
	    m->sender.list, f->ref, token, err) < 0)
		return -1;
	buf_init(&raw, 0);
	while ((mark = mold_find_mark(rendered, &p)) != NULL) {
		buf_add(out, rendered, (size_t)(mark - rendered));
		buf_clear(&raw);
		add_raw(&raw, &m->sender, f, token, p);
		if (is_html)
			markup_escape(out, raw.data, raw.len);
		else
			buf_add(out, raw.data, raw.len);
		rendered = mark + MOLD_MARK_LEN;
	}
	buf_adds(out, rendered);
	rc = buf_check(out, "the filled text", err);
	if (rc < 0)
		buf_truncate(out, start);
	buf_release(&raw);
	return rc;
}
