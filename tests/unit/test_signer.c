/*
 * DKIM signatures: whether others find them sound (python3-dkim), and which
 * keys are refused.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>

#include "mold_example.h"
#include "base/fs.h"
#include "reader.h"
#include "signer_keys.h"

#define FROZEN 1748883600

static EVP_PKEY *rsa, *ed25519;
static struct signer_key both[2] = { { "r1", NULL }, { "e1", NULL } };
static bool absent;		/* libopendkim, in this build */

static int
make(void **state)
{
	struct err err = ERR_INIT;
	struct signer *s;

	make_key(state);
	rsa = keys_rsa(2048);
	ed25519 = keys_ed25519();
	both[0].file = keys_write(rsa, NULL);
	both[1].file = keys_write(ed25519, NULL);
	s = signer_open("example.org", both, 2, &err);
	absent = s == NULL && strstr(err.msg, "built with") != NULL;
	signer_close(s);
	return s == NULL && !absent;
}

static int
sweep(void **state)
{
	(void)state;
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ed25519);
	keys_sweep();
	return 0;
}

static struct signer *
open_signer(const struct signer_key *keys, size_t n)
{
	struct err err = ERR_INIT;
	struct signer *s;

	if (absent)
		skip();
	s = signer_open("example.org", keys, n, &err);
	if (s == NULL)
		fail_msg("%s: %s", err.file, err.msg);
	signer_set_time(s, FROZEN);
	return s;
}

/* A message with all fields and a picture, signed. */
static void
make_message(const struct signer *s, struct buf *out)
{
	static const struct mold_image image = {
		"1a2b@example.org", "image/png", "cover.png", "\x89PNG\0x", 6
	};
	struct mold_input in = model;
	const struct iovec *parts;
	struct err err = ERR_INIT;
	struct buf stored;
	struct mold *m;
	size_t n;

	in.unsubscribe_url = "https://example.org/leave?t=";
	in.list_archive = "https://example.org/past";
	in.list_help = "mailto:help@example.org";
	in.list_owner = "desk@example.org";
	in.reply_to = "Desk <desk@example.org>";
	in.feedback_id = "harbour";
	in.images = &image;
	in.nimages = 1;
	m = open_mold(&in, &stored);
	mold_sign_with(m, s);
	if (mold_fill(m, &jo, &parts, &n, &err) != 0)
		fail_msg("%s", err.msg);
	join(parts, n, out);
	mold_close(m);
	buf_release(&stored);
}

/* ---- others verify ---- */

static void
put_case(struct buf *stream, const char *message, size_t len,
    const char *want)
{
	struct buf record;

	buf_init(&record, 0);
	reader_put(stream, "message", message, len);
	keys_record(rsa, &record);
	reader_puts(stream, "txt:r1._domainkey.example.org", record.data);
	keys_record(ed25519, &record);
	reader_puts(stream, "txt:e1._domainkey.example.org", record.data);
	reader_puts(stream, "want", want);
	reader_puts(stream, "end", "");
	buf_release(&record);
}

/* The message with one text in the place of another, or in front of it. */
static void
put_tampered(struct buf *stream, const struct buf *message, const char *old,
    const char *new, const char *want)
{
	const char *at = strstr(message->data, old);
	struct buf b;

	assert_non_null(at);
	buf_init(&b, 0);
	buf_add(&b, message->data, (size_t)(at - message->data));
	buf_adds(&b, new);
	buf_adds(&b, at + strlen(old));
	put_case(stream, b.data, b.len, want);
	buf_release(&b);
}

static void
others_find_it_sound(void **state)
{
	static const char none[] = "False False";
	struct signer *s = open_signer(both, 2);
	struct buf message, stream;
	int status;

	(void)state;
	buf_init(&message, 0);
	buf_init(&stream, 0);
	make_message(s, &message);
	put_case(&stream, message.data, message.len, "True True");
	put_tampered(&stream, &message, "fog.", "fag.", none);
	put_tampered(&stream, &message, "iVBORwB4", "iVBORwB5", none);
	put_tampered(&stream, &message, "--\r\n", "--\r\nmore\r\n", none);
	put_tampered(&stream, &message, "Subject: E", "Subject: e", none);
	put_tampered(&stream, &message, "One-Click", "Two-Click", none);
	put_tampered(&stream, &message, "leave?t=", "leave?u=", none);
	put_tampered(&stream, &message, "Date: ", "From: x@example.net\r\nDate: ",
	    none);
	put_tampered(&stream, &message, "Date: ", "Cc: x@example.net\r\nDate: ",
	    none);
	put_tampered(&stream, &message, "Date: ", "Content-Type: text/html\r\n"
	    "Date: ", none);
	/* What relays do, and relaxed allows. */
	put_tampered(&stream, &message, "Date: ", "Received: by x\r\nDate:  ",
	    "True True");
	signer_close(s);
	s = open_signer(both, 1);
	make_message(s, &message);
	put_case(&stream, message.data, message.len, "True");
	signer_close(s);
	s = open_signer(both + 1, 1);
	make_message(s, &message);
	put_case(&stream, message.data, message.len, "True");
	signer_close(s);
	status = reader_run("tests/unit/dkim_check.py", &stream);
	buf_release(&message);
	buf_release(&stream);
	if (status == READER_ABSENT)
		skip();
	assert_int_equal(status, 0);
}

/* ---- the field ---- */

/* The first field without its folds. */
static void
first_field(const struct buf *message, struct buf *out)
{
	const char *p;

	buf_clear(out);
	for (p = message->data; *p != '\0'; p++) {
		if (p[0] != '\r') {
			buf_addc(out, *p == '\t' ? ' ' : *p);
			continue;
		}
		if (p[2] != ' ' && p[2] != '\t')
			return;
		p++;
	}
}

static void
it_says_what_it_should(void **state)
{
	static const char *const fields[] = {
		"From", "Reply-To", "To", "Subject", "Date", "Message-ID",
		"List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
		"List-Archive", "List-Help", "List-Owner", "Feedback-ID",
		"Auto-Submitted", "MIME-Version", "Content-Type"
	};
	struct signer *s = open_signer(both, 2);
	struct buf message, field, name;
	char *h, *end;
	size_t i, column = 0;

	(void)state;
	buf_init(&message, 0);
	buf_init(&field, 0);
	buf_init(&name, 0);
	make_message(s, &message);
	first_field(&message, &field);
	assert_memory_equal(field.data, "DKIM-Signature: v=1; a=rsa-sha256; "
	    "c=relaxed/relaxed; d=example.org; s=r1;", 74);
	assert_non_null(strstr(field.data, " t=1748883600;"));
	assert_null(strstr(field.data, " l="));
	assert_null(strstr(field.data, " x="));
	assert_non_null(strstr(message.data, "a=ed25519-sha256;"));
	h = strstr(field.data, " h=");
	assert_non_null(h);
	end = strchr(h, ';');
	memcpy(h, ":::", 3);
	*end = ':';
	end[1] = '\0';
	while ((end = strchr(h, ' ')) != NULL)
		memmove(end, end + 1, strlen(end));
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		buf_clear(&name);
		buf_addf(&name, ":%s:", fields[i]);
		if (strstr(h, name.data) == NULL)
			fail_msg("%s is not in %s", fields[i], h);
	}
	/* Its lines are no longer than those of the others. */
	for (i = 0; memcmp(message.data + i, "Date:", 5) != 0; i++) {
		column = message.data[i] == '\n' ? 0 : column + 1;
		assert_true(column <= 79);
	}
	signer_close(s);
	buf_release(&message);
	buf_release(&field);
	buf_release(&name);
}

/* However the message is cut, and whatever was signed before. */
static void
same_message_same_signature(void **state)
{
	struct signer *s = open_signer(both, 2);
	struct buf message, bare, first, again;
	struct err err = ERR_INIT;
	struct iovec part[3];
	size_t i, j;

	(void)state;
	buf_init(&message, 0);
	buf_init(&bare, 0);
	buf_init(&first, 0);
	buf_init(&again, 0);
	make_message(NULL, &bare);
	make_message(s, &message);
	buf_add(&first, message.data, message.len - bare.len);
	assert_string_equal(message.data + first.len, bare.data);
	for (i = 0; i < bare.len; i += 7) {
		j = i + (bare.len - i) / 3;
		part[0] = (struct iovec){ bare.data, i };
		part[1] = (struct iovec){ bare.data + i, j - i };
		part[2] = (struct iovec){ bare.data + j, bare.len - j };
		buf_clear(&again);
		assert_int_equal(signer_sign(s, part, 3, &again, &err), 0);
		assert_string_equal(first.data, again.data);
	}
	signer_set_time(s, FROZEN + 1);
	buf_clear(&again);
	assert_int_equal(signer_sign(s, part, 3, &again, &err), 0);
	assert_string_not_equal(first.data, again.data);
	/* No header end, no signature. */
	part[0] = (struct iovec){ bare.data, bare.len };
	buf_clear(&again);
	assert_int_equal(signer_sign(s, part, 1, &again, &err), 0);
	part[0].iov_len = 20;
	buf_clear(&again);
	assert_int_equal(signer_sign(s, part, 1, &again, &err), -1);
	assert_int_equal(err.kind, ERR_INTERNAL);
	assert_int_equal(again.len, 0);
	signer_close(s);
	buf_release(&message);
	buf_release(&bare);
	buf_release(&first);
	buf_release(&again);
}

struct worker {
	const struct signer *signer;
	struct buf out;
	pthread_t thread;
};

static void *
work(void *ctx)
{
	static char text[] = "From: a@example.org\r\n\r\nfog\r\n";
	const struct iovec part = { text, sizeof(text) - 1 };
	struct worker *w = ctx;
	struct err err = ERR_INIT;
	int i;

	for (i = 0; i < 50; i++) {
		buf_clear(&w->out);
		if (signer_sign(w->signer, &part, 1, &w->out, &err) != 0)
			buf_clear(&w->out);
	}
	return NULL;
}

static void
threads_sign_at_the_same_time(void **state)
{
	struct signer *s = open_signer(both, 2);
	struct worker w[4];
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		w[i].signer = s;
		buf_init(&w[i].out, 0);
		assert_int_equal(pthread_create(&w[i].thread, NULL, work,
		    &w[i]), 0);
	}
	for (i = 0; i < 4; i++)
		pthread_join(w[i].thread, NULL);
	for (i = 0; i < 4; i++) {
		assert_true(w[i].out.len > 100);
		assert_string_equal(w[i].out.data, w[0].out.data);
	}
	for (i = 0; i < 4; i++)
		buf_release(&w[i].out);
	signer_close(s);
}

/* ---- keys ---- */

static void
refused(const char *file, enum err_kind kind, const char *want)
{
	const struct signer_key k = { "r1", file };
	struct err err = ERR_INIT;

	assert_null(signer_open("example.org", &k, 1, &err));
	if (err.kind != kind || strstr(err.msg, want) == NULL ||
	    strcmp(err.file, file) != 0)
		fail_msg("%d %s: %s", err.kind, err.file, err.msg);
}

/* Writes the first len bytes of a text over a key's file. */
static void
spoil(const char *file, const char *text, size_t len)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
keys_that_do_not_do(void **state)
{
	static const char public[] = "-----BEGIN PUBLIC KEY-----\nMCow\n"
	    "-----END PUBLIC KEY-----\n";
	EVP_PKEY *ec, *small;
	struct buf text;
	struct err err = ERR_INIT;
	const char *file;

	(void)state;
	if (absent)
		skip();
	ec = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	small = keys_rsa(512);
	refused(keys_write(small, NULL), ERR_CONFIG, "has 512 bits");
	refused(keys_write(ec, NULL), ERR_CONFIG, "neither RSA nor Ed25519");
	file = keys_write(rsa, "secret");
	refused(file, ERR_CONFIG, "wants a passphrase");
	spoil(file, public, sizeof(public) - 1);
	refused(file, ERR_CONFIG, "this is the public one");
	spoil(file, "", 0);
	refused(file, ERR_CONFIG, "no private key");
	buf_init(&text, 0);
	assert_int_equal(fs_read(both[0].file, 1 << 16, &text, NULL, &err), 0);
	spoil(file, text.data, text.len / 2);
	refused(file, ERR_CONFIG, "damaged or cut off");
	spoil(file, text.data, text.len);
	assert_int_equal(chmod(file, 0640), 0);
	refused(file, ERR_CONFIG, "others may read it");
	assert_int_equal(unlink(file), 0);
	refused(file, ERR_NOINPUT, "");
	EVP_PKEY_free(ec);
	EVP_PKEY_free(small);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_find_it_sound),
		cmocka_unit_test(it_says_what_it_should),
		cmocka_unit_test(same_message_same_signature),
		cmocka_unit_test(threads_sign_at_the_same_time),
		cmocka_unit_test(keys_that_do_not_do)
	};

	return cmocka_run_group_tests(tests, make, sweep);
}
