#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <dkim.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/pkey.h"
#include "mail/signer.h"

/* libopendkim 2.11 (Debian 12) never frees the copy of an Ed25519 key that it
 * makes for each message: about half a kilobyte, until the program ends. */

#define KEY_FILE_MAX ((size_t)64 << 10)
#define RSA_BITS_MIN 1024
#define FIELD "DKIM-Signature: "

struct key {
	char *selector;
	struct buf pem;
	dkim_alg_t algorithm;
};

struct signer {
	DKIM_LIB *library;
	char *domain;
	struct key key[SIGNER_KEYS_MAX];
	size_t n;
};

/* All that mold_build() makes. */
static const char *signed_fields[] = {
	"From", "Reply-To", "To", "Subject", "Date", "Message-ID", "List-Id",
	"List-Unsubscribe", "List-Unsubscribe-Post", "List-Archive",
	"List-Help", "List-Owner", "Feedback-ID", "Auto-Submitted",
	"MIME-Version", "Content-Type", NULL
};
static const char *oversigned_fields[] = {
	"From", "To", "Cc", "Subject", "Date", "Reply-To", "Content-Type", NULL
};

/* ---- the library, which takes nothing as const ---- */

static unsigned char *
bytes(const char *s)
{
	return (unsigned char *)(uintptr_t)s;
}

static int
library_failed(DKIM *d, DKIM_STAT status, struct err *err)
{
	const char *why = d == NULL ? NULL : dkim_geterror(d);

	return err_set(err, ERR_INTERNAL, "the message cannot be signed: "
	    "libopendkim says \"%s\"", why != NULL && *why != '\0' ? why :
	    dkim_getresultstr(status));
}

static int
open_library(struct signer *s, struct err *err)
{
	s->library = dkim_init(NULL, NULL);
	if (s->library == NULL)
		return err_set(err, ERR_INTERNAL,
		    "libopendkim cannot be started");
	/* The size is that of one pointer, not of the list. */
	if (dkim_options(s->library, DKIM_OP_SETOPT, DKIM_OPTS_SIGNHDRS,
	    signed_fields, sizeof(const char **)) != DKIM_STAT_OK ||
	    dkim_options(s->library, DKIM_OP_SETOPT, DKIM_OPTS_OVERSIGNHDRS,
	    oversigned_fields, sizeof(const char **)) != DKIM_STAT_OK)
		return err_set(err, ERR_INTERNAL,
		    "libopendkim does not take the names of header fields");
	return 0;
}

void
signer_set_time(struct signer *s, int64_t time)
{
	uint64_t fixed = time > 0 ? (uint64_t)time : 0;

	dkim_options(s->library, DKIM_OP_SETOPT, DKIM_OPTS_FIXEDTIME, &fixed,
	    sizeof(fixed));
}

/* ---- signing ---- */

/* The header up to its blank line into out; part and *at are then where the
 * body begins. false: there is no blank line. */
static bool
take_header(const struct iovec *parts, size_t n, struct buf *out, size_t *part,
    size_t *at)
{
	size_t i, before, from;
	const char *end;

	for (i = 0; i < n; i++) {
		before = out->len;
		buf_add(out, parts[i].iov_base, parts[i].iov_len);
		from = before < 3 ? 0 : before - 3;
		end = memmem(out->data + from, out->len - from, "\r\n\r\n", 4);
		if (end == NULL)
			continue;
		*part = i;
		*at = (size_t)(end + 4 - out->data) - before;
		buf_truncate(out, (size_t)(end + 2 - out->data));
		return true;
	}
	return false;
}

/* Each field without its last line end. */
static DKIM_STAT
give_header(DKIM *d, const struct buf *header)
{
	const char *p = header->data, *end, *limit = p + header->len;
	DKIM_STAT status = DKIM_STAT_OK;

	while (p < limit && status == DKIM_STAT_OK) {
		for (end = p; end < limit; end += 2) {
			end = memmem(end, (size_t)(limit - end), "\r\n", 2);
			if (end == NULL)
				return DKIM_STAT_SYNTAX;
			if (end + 2 == limit || (end[2] != ' ' &&
			    end[2] != '\t'))
				break;
		}
		status = dkim_header(d, bytes(p), (size_t)(end - p));
		p = end + 2;
	}
	return status == DKIM_STAT_OK ? dkim_eoh(d) : status;
}

static DKIM_STAT
give_body(DKIM *d, const struct iovec *parts, size_t n, size_t part,
    size_t at)
{
	DKIM_STAT status = DKIM_STAT_OK;

	for (; part < n && status == DKIM_STAT_OK; part++, at = 0)
		if (parts[part].iov_len > at)
			status = dkim_body(d,
			    (unsigned char *)parts[part].iov_base + at,
			    parts[part].iov_len - at);
	return status == DKIM_STAT_OK ? dkim_eom(d, NULL) : status;
}

static int
sign_with(const struct signer *s, const struct key *k,
    const struct buf *header, const struct iovec *parts, size_t n, size_t part,
    size_t at, struct buf *out, struct err *err)
{
	DKIM_STAT status = DKIM_STAT_OK;
	unsigned char *value = NULL;
	size_t len = 0;
	DKIM *d;
	int rc = -1;

	d = dkim_sign(s->library, bytes("showmill"), NULL, bytes(k->pem.data),
	    bytes(k->selector), bytes(s->domain), DKIM_CANON_RELAXED,
	    DKIM_CANON_RELAXED, k->algorithm, -1, &status);
	if (d == NULL)
		return library_failed(NULL, status, err);
	status = give_header(d, header);
	if (status == DKIM_STAT_OK)
		status = give_body(d, parts, n, part, at);
	if (status == DKIM_STAT_OK)
		status = dkim_getsighdr_d(d, sizeof(FIELD) - 1, &value, &len);
	if (status == DKIM_STAT_OK) {
		buf_adds(out, FIELD);
		buf_add(out, value, len);
		buf_add(out, "\r\n", 2);
		rc = 0;
	} else {
		library_failed(d, status, err);
	}
	dkim_free(d);
	return rc;
}

int
signer_sign(const struct signer *s, const struct iovec *parts, size_t nparts,
    struct buf *out, struct err *err)
{
	size_t start = out->len, part = 0, at = 0, i;
	struct buf header;
	int rc = 0;

	buf_init(&header, 0);
	if (!take_header(parts, nparts, &header, &part, &at))
		rc = err_set(err, ERR_INTERNAL, "the message cannot be signed: "
		    "its header has no end");
	for (i = 0; i < s->n && rc == 0; i++)
		rc = sign_with(s, &s->key[i], &header, parts, nparts, part, at,
		    out, err);
	buf_release(&header);
	if (rc == 0)
		rc = buf_check(out, "the signature", err);
	if (rc != 0)
		buf_truncate(out, start);
	return rc;
}

/* ---- opening ---- */

/* The library would sign with any key, RFC 8463 or not, and nobody could
 * verify that. */
static int
take_kind(struct key *k, struct err *err)
{
	enum pkey_kind kind;
	unsigned bits;

	if (pkey_look(k->pem.data, k->pem.len, &kind, &bits, err) != 0)
		return -1;
	if (kind == PKEY_RSA && bits < RSA_BITS_MIN)
		return err_set(err, ERR_CONFIG, "the RSA key has %u bits, and "
		    "no server takes one of less than %d; make one of 2048",
		    bits, RSA_BITS_MIN);
	if (kind == PKEY_OTHER)
		return err_set(err, ERR_CONFIG, "the private key is neither "
		    "RSA nor Ed25519, and DKIM knows no others");
	k->algorithm = kind == PKEY_RSA ? DKIM_SIGN_RSASHA256 :
	    DKIM_SIGN_ED25519SHA256;
	return 0;
}

static int
take_key(struct signer *s, const struct signer_key *from, struct err *err)
{
	struct key *k = &s->key[s->n++];
	int rc = -1;

	k->selector = xstrdup(from->selector);
	buf_init(&k->pem, KEY_FILE_MAX);
	if (fs_check_secret(from->file, err) == 0 &&
	    fs_read(from->file, KEY_FILE_MAX, &k->pem, NULL, err) == 0)
		rc = take_kind(k, err);
	return rc == 0 ? 0 : err_at(err, from->file, 0);
}

/* What fails now would fail with the first message, after the edition is
 * frozen. */
static int
try_out(struct signer *s, struct err *err)
{
	static char text[] = "From: a@example.org\r\nDate: x\r\n\r\nx\r\n";
	const struct iovec part = { text, sizeof(text) - 1 };
	struct buf out;
	int rc;

	buf_init(&out, 0);
	rc = signer_sign(s, &part, 1, &out, err);
	buf_release(&out);
	return rc;
}

struct signer *
signer_open(const char *domain, const struct signer_key *keys, size_t n,
    struct err *err)
{
	struct signer *s = xcalloc(1, sizeof(*s));
	int rc = 0;
	size_t i;

	s->domain = xstrdup(domain);
	if (n > SIGNER_KEYS_MAX)
		rc = err_set(err, ERR_CONFIG, "%zu DKIM keys are too many; at "
		    "most %zu can sign a message", n, SIGNER_KEYS_MAX);
	for (i = 0; i < n && rc == 0; i++)
		rc = take_key(s, &keys[i], err);
	if (rc == 0 && open_library(s, err) == 0 && try_out(s, err) == 0)
		return s;
	signer_close(s);
	return NULL;
}

void
signer_close(struct signer *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->n; i++) {
		struct key *k = &s->key[i];

		if (k->pem.cap > 0)
			explicit_bzero(k->pem.data, k->pem.cap);
		buf_release(&k->pem);
		free(k->selector);
	}
	if (s->library != NULL)
		dkim_close(s->library);
	free(s->domain);
	free(s);
}
