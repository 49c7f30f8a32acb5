/*
 * Odd messages, random ones and those at the edges of the rules, read back by
 * the decoder of these tests, and by others: Python's email package, GMime
 * (python3-gi, gir1.2-gmime-3.0), and for their signatures python3-dkim.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "mold_example.h"
#include "reader.h"
#include "signer_keys.h"

#define RANDOM 400
#define EDGES 136		/* each plane with each of eight lengths */
#define IMAGES 3

/* What the readers get, and what the verifier does. */
static struct buf stream, signatures;
static struct signer *signer;	/* NULL: not in this build */
static EVP_PKEY *rsa, *ed25519;
static struct buf rsa_record, ed25519_record;

struct random_case {
	struct mold_input in;
	struct mold_friend f;
	struct buf from, subject, html, text, list_name, name;
	struct mold_image image[IMAGES];
	struct buf image_name[IMAGES], image_data[IMAGES];
};

static void
random_init(struct random_case *c)
{
	size_t i;

	c->in = model;
	c->f = jo;
	c->in.unsubscribe_url = "https://example.org/leave?t=";
	buf_init(&c->from, 0);
	buf_init(&c->subject, 0);
	buf_init(&c->html, 0);
	buf_init(&c->text, 0);
	buf_init(&c->list_name, 0);
	buf_init(&c->name, 0);
	for (i = 0; i < IMAGES; i++) {
		buf_init(&c->image_name[i], 0);
		buf_init(&c->image_data[i], 0);
	}
}

static void
random_release(struct random_case *c)
{
	size_t i;

	for (i = 0; i < IMAGES; i++) {
		buf_release(&c->image_name[i]);
		buf_release(&c->image_data[i]);
	}
	buf_release(&c->from);
	buf_release(&c->subject);
	buf_release(&c->html);
	buf_release(&c->text);
	buf_release(&c->list_name);
	buf_release(&c->name);
}

static void
random_body(struct buf *b, uint64_t *seed)
{
	size_t i, n = decode_random(seed) % 8;

	for (i = 0; i < n; i++) {
		decode_add_random(b, seed, 300, true);
		buf_adds(b, mold_mark((enum mold_patch)(decode_random(seed) %
		    MOLD_PATCHES)));
	}
	decode_add_random(b, seed, 100, true);
}

/* No blank at either end, and no run of blanks: readers, Python among them,
 * are free to lose those in names. */
static void
random_name(struct buf *b, uint64_t *seed)
{
	size_t i, n = 0;

	decode_add_random(b, seed, decode_random(seed) % 8 == 0 ? 200 : 25,
	    false);
	for (i = 0; i < b->len; i++)
		if (b->data[i] != ' ' || (n > 0 && b->data[n - 1] != ' '))
			b->data[n++] = b->data[i];
	while (n > 0 && b->data[n - 1] == ' ')
		n--;
	buf_truncate(b, n);
}

static void
random_images(struct random_case *c, uint64_t *seed)
{
	static const char *const ids[IMAGES] = {
		"0.a@example.org", "1_b@example.org", "2-c@xn--bcher-kva.example"
	};
	static const char *const types[IMAGES] = {
		"image/png", "image/jpeg", "image/gif"
	};
	size_t i, k, n;

	c->in.images = c->image;
	c->in.nimages = decode_random(seed) % 2 * (decode_random(seed) %
	    (IMAGES + 1));
	for (i = 0; i < c->in.nimages; i++) {
		struct buf *name = &c->image_name[i];

		buf_clear(name);
		random_name(name, seed);
		for (k = 0; k < name->len; k++)
			if (name->data[k] == '/')
				name->data[k] = '-';
		/* To 255 bytes, in whole characters. */
		while (name->len > 240 || (name->len > 0 &&
		    utf8_invalid_at(name->data, name->len) < name->len))
			buf_truncate(name, name->len - 1);
		buf_adds(name, ".x");
		buf_clear(&c->image_data[i]);
		n = decode_random(seed) % 600;
		while (n-- > 0)
			buf_addc(&c->image_data[i],
			    (char)(decode_random(seed) & 255));
		c->image[i] = (struct mold_image){ ids[i], types[i],
		    name->data, c->image_data[i].data, c->image_data[i].len };
		buf_addf(&c->html, "<img src=\"cid:%s\">", ids[i]);
	}
}

/* The values of all the buffers into the input. */
static void
random_use(struct random_case *c)
{
	size_t i;

	/* From is configured as people write it: in quotes, to be sure. */
	buf_clear(&c->from);
	buf_addc(&c->from, '"');
	for (i = 0; i < c->list_name.len; i++) {
		if (strchr("\"\\", c->list_name.data[i]) != NULL)
			buf_addc(&c->from, '\\');
		buf_addc(&c->from, c->list_name.data[i]);
	}
	buf_adds(&c->from, "\" <radio@example.org>");
	c->in.from = c->from.data;
	c->in.subject = c->subject.data;
	c->in.html = c->html.data;
	c->in.text = c->text.data;
	c->in.list_name = c->list_name.data;
	c->f.name = c->name.data;
}

static void
random_make(struct random_case *c, uint64_t *seed)
{
	buf_clear(&c->subject);
	decode_add_random(&c->subject, seed, 150, false);
	buf_addc(&c->subject, '.');
	buf_clear(&c->html);
	random_body(&c->html, seed);
	buf_clear(&c->text);
	random_body(&c->text, seed);
	buf_clear(&c->list_name);
	random_name(&c->list_name, seed);
	buf_clear(&c->name);
	random_name(&c->name, seed);
	random_images(c, seed);
	random_use(c);
}

/* One character of each plane, as often as just fits, or just does not, a
 * line, an encoded-word, or a line of the wire. */
static void
edge_make(struct random_case *c, size_t i)
{
	static const size_t lengths[] = { 1, 38, 39, 63, 64, 66, 67, 998 };
	const size_t kinds = sizeof(lengths) / sizeof(lengths[0]);
	uint32_t plane = (uint32_t)(i / kinds);
	uint32_t cp = plane == 0 ? 'x' : plane << 16 | 0x1f3;
	size_t n = lengths[i % kinds], k;

	buf_clear(&c->subject);
	buf_clear(&c->list_name);
	buf_clear(&c->name);
	buf_clear(&c->text);
	buf_clear(&c->html);
	for (k = 0; k < n; k++) {
		decode_add_utf8(&c->subject, cp);
		decode_add_utf8(&c->text, cp);
		if (k < 100)
			decode_add_utf8(&c->name, cp);
		if (k % 7 == 6)
			buf_adds(&c->list_name, k % 2 == 0 ? ", " : "\" ");
		else if (k < 100)
			decode_add_utf8(&c->list_name, cp);
	}
	if (n >= 7)
		decode_add_utf8(&c->list_name, cp);
	buf_adds(&c->text, "\n.\n..\n. \n.\t.\nFrom \n>From\n--=_\n= \n\t\n"
	    MAILTO "\n" NAME "." NAME "\n");
	buf_add(&c->html, c->text.data, c->text.len);
	c->in.nimages = 0;
	random_use(c);
}

/* What a field reads as: an unstructured one, or a mailbox's name. */
static void
reads_as(const struct buf *message, const char *name, bool mailbox,
    const char *want)
{
	struct buf unfolded, back;
	char *raw = header(message, name), *open;

	assert_non_null(raw);
	buf_init(&unfolded, 0);
	buf_init(&back, 0);
	decode_unfold(raw, strlen(name) + 2, 78, &unfolded);
	if (mailbox) {
		open = strrchr(unfolded.data, '<');
		if (open == NULL || open == unfolded.data)
			open = unfolded.data;
		else
			open--;
		*open = '\0';
		if (*unfolded.data != '\0')
			decode_phrase(unfolded.data, &back);
	} else {
		decode_text(unfolded.data, &back);
	}
	assert_string_equal(back.data, want);
	free(raw);
	buf_release(&unfolded);
	buf_release(&back);
}

static void
put_dkim(const struct buf *message)
{
	reader_put(&signatures, "message", message->data, message->len);
	reader_puts(&signatures, "txt:r1._domainkey.example.org",
	    rsa_record.data);
	reader_puts(&signatures, "txt:e1._domainkey.example.org",
	    ed25519_record.data);
	reader_puts(&signatures, "want", "True True");
	reader_puts(&signatures, "end", "");
}

static void
put_images(const struct random_case *c)
{
	char name[40];
	size_t i;

	for (i = 0; i < c->in.nimages; i++) {
		const struct mold_image *m = &c->image[i];

		snprintf(name, sizeof(name), "image:%zu:", i);
		reader_put(&stream, name, m->data, m->len);
		snprintf(name, sizeof(name), "image:%zu:name", i);
		reader_puts(&stream, name, m->name);
		snprintf(name, sizeof(name), "image:%zu:type", i);
		reader_puts(&stream, name, m->type);
		snprintf(name, sizeof(name), "image:%zu:cid", i);
		reader_puts(&stream, name, m->cid);
	}
}

static void
put_message(const struct random_case *c, const struct buf *message,
    const char *text, const char *html)
{
	reader_put(&stream, "message", message->data, message->len);
	reader_puts(&stream, "subject", c->in.subject);
	reader_puts(&stream, "from_name", c->in.list_name);
	reader_puts(&stream, "from_addr", "radio@example.org");
	reader_puts(&stream, "to_name", c->f.name);
	reader_puts(&stream, "to_addr", "jo@example.org");
	reader_puts(&stream, "text", text);
	reader_puts(&stream, "html", html);
	reader_puts(&stream, "message-id",
	    "<2025-W23.friends.ZygfbqryE9aXhZxZ@example.org>");
	reader_puts(&stream, "list-unsubscribe", "<https://example.org/leave?t="
	    TOKEN ">, <mailto:leave@example.org?subject=unsubscribe%20" TOKEN
	    ">");
	reader_puts(&stream, "list-unsubscribe-post",
	    "List-Unsubscribe=One-Click");
	reader_puts(&stream, "feedback-id", "2025-W23:friends:digest:harbour");
	put_images(c);
	reader_puts(&stream, "end", "");
}

/* The signed message: the unsigned one with fields in front. */
static void
fill_signed(const struct random_case *c, const struct buf *bare,
    struct buf *out)
{
	const struct iovec *parts;
	struct err err = ERR_INIT;
	struct buf stored;
	struct mold *m = open_mold(&c->in, &stored);
	size_t n;

	mold_sign_with(m, signer);
	assert_int_equal(mold_fill(m, &c->f, &parts, &n, &err), 0);
	join(parts, n, out);
	assert_string_equal(out->data + out->len - bare->len, bare->data);
	mold_close(m);
	buf_release(&stored);
}

static void
random_check(const struct random_case *c)
{
	struct buf message, whole, text, html;
	struct err err = ERR_INIT;

	buf_init(&message, 0);
	buf_init(&whole, 0);
	buf_init(&text, 0);
	buf_init(&html, 0);
	fill(&c->in, &c->f, &message);
	assert_int_equal(fill_text(&c->in, &c->f,
	    c->in.text, 0, &text, &err), 0);
	assert_int_equal(fill_text(&c->in, &c->f,
	    c->in.html, 1, &html, &err), 0);
	parts_are(&message, text.data, html.data);
	reads_as(&message, "Subject", false, c->in.subject);
	reads_as(&message, "To", true, c->f.name);
	reads_as(&message, "From", true, c->in.list_name);
	reads_as(&message, "List-Id", true, c->in.list_name);
	fill_signed(c, &message, &whole);
	put_message(c, &whole, text.data, html.data);
	if (signer != NULL)
		put_dkim(&whole);
	buf_release(&message);
	buf_release(&whole);
	buf_release(&text);
	buf_release(&html);
}

static void
messages_read_back(void **state)
{
	uint64_t seed = decode_seed("messages");
	struct random_case c;
	size_t i;

	(void)state;
	random_init(&c);
	c.in.feedback_id = "harbour";
	for (i = 0; i < RANDOM; i++) {
		random_make(&c, &seed);
		random_check(&c);
	}
	for (i = 0; i < EDGES; i++) {
		edge_make(&c, i);
		random_check(&c);
	}
	random_release(&c);
}

/* ---- other readers ---- */

static void
read_by(const char *script, const struct buf *b)
{
	int status = b->len == 0 ? READER_ABSENT : reader_run(script, b);

	if (status == READER_ABSENT)
		skip();
	assert_int_equal(status, 0);
}

static void
python_reads_the_same(void **state)
{
	(void)state;
	read_by("tests/unit/mime_check.py", &stream);
}

static void
gmime_reads_the_same(void **state)
{
	(void)state;
	read_by("tests/unit/gmime_check.py", &stream);
}

static void
signatures_are_sound(void **state)
{
	(void)state;
	read_by("tests/unit/dkim_check.py", &signatures);
}

static int
make(void **state)
{
	struct signer_key keys[] = { { "r1", NULL }, { "e1", NULL } };
	struct err err = ERR_INIT;

	make_key(state);
	buf_init(&stream, 0);
	buf_init(&signatures, 0);
	buf_init(&rsa_record, 0);
	buf_init(&ed25519_record, 0);
	rsa = keys_rsa(2048);
	ed25519 = keys_ed25519();
	keys_record(rsa, &rsa_record);
	keys_record(ed25519, &ed25519_record);
	keys[0].file = keys_write(rsa, NULL);
	keys[1].file = keys_write(ed25519, NULL);
	signer = signer_open("example.org", keys, 2, &err);
	if (signer != NULL)
		signer_set_time(signer, model.date.t);
	return signer == NULL && strstr(err.msg, "built with") == NULL;
}

static int
sweep(void **state)
{
	(void)state;
	signer_close(signer);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(ed25519);
	keys_sweep();
	buf_release(&stream);
	buf_release(&signatures);
	buf_release(&rsa_record);
	buf_release(&ed25519_record);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_read_back),
		cmocka_unit_test(python_reads_the_same),
		cmocka_unit_test(gmime_reads_the_same),
		cmocka_unit_test(signatures_are_sound)
	};

	return cmocka_run_group_tests(tests, make, sweep);
}
