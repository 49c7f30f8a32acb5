/*
 * A small edition, a friend, and what tests of the mold do with them.
 */
#ifndef MOLD_EXAMPLE_H
#define MOLD_EXAMPLE_H

#include "base/mem.h"
#include "mail/mold.h"
#include "mime_decode.h"

#define NAME "\x01" "A\x02"
#define ADDRESS "\x01" "B\x02"
#define UNSUBSCRIBE "\x01" "C\x02"
#define MAILTO "\x01" "D\x02"
/* What test_token.c has from Python for this key, list and ref. */
#define TOKEN "1.l1.friends.ZygfbqryE9aXhZxZ.48HOOGkUHHkv3TeusOY2tw"

static unsigned char key[32];

static const struct mold_input model = {
	.from = "Harbour Radio <radio@example.org>",
	.reply_to = NULL,
	.subject = "Episode 7: Fog",
	.html = "<p>Dear " NAME ",</p>\n<a href=\"" UNSUBSCRIBE "\">leave</a>\n",
	.text = "Dear " NAME ",\n\nfog.\n\n" UNSUBSCRIBE "\n",
	.list = "friends",
	.list_name = "Harbour Radio",
	.list_id = "friends.example.org",
	.list_archive = NULL,
	.edition = "2025-W23",
	.unsubscribe_mailto = "leave@example.org",
	.unsubscribe_url = NULL,
	.friend_fallback = "friend",
	.key_id = "l1",
	.date = { 1748883600, -25200 }
};

static const struct mold_friend jo = {
	"jo@example.org", "jo@example.org", "Jo", "ZygfbqryE9aXhZxZ"
};

static inline int
make_key(void **state)
{
	unsigned char i;

	(void)state;
	for (i = 0; i < sizeof(key); i++)
		key[i] = i;
	return 0;
}

/* The rules that hold for whatever is handed to a transport. */
static inline void
check_wire(const struct buf *b)
{
	size_t i, column = 0;

	for (i = 0; i < b->len; i++) {
		if (b->data[i] == '\r') {
			assert_true(i + 1 < b->len && b->data[i + 1] == '\n');
			column = 0;
			i++;
			continue;
		}
		assert_true(b->data[i] == '\t' ||
		    (b->data[i] >= ' ' && b->data[i] <= '~'));
		assert_true(++column <= 998);
	}
	assert_true(b->len > 2);
	assert_memory_equal(b->data + b->len - 2, "\r\n", 2);
}

static inline void
join(const struct iovec *parts, size_t n, struct buf *out)
{
	size_t i;

	assert_true(n <= 256);
	buf_clear(out);
	for (i = 0; i < n; i++) {
		assert_true(parts[i].iov_len > 0);
		buf_add(out, parts[i].iov_base, parts[i].iov_len);
	}
	check_wire(out);
}

static inline struct mold *
open_mold(const struct mold_input *in, struct buf *stored)
{
	struct err err = ERR_INIT;
	struct mold *m;

	buf_init(stored, 0);
	if (mold_build(in, stored, &err) != 0)
		fail_msg("%s", err.msg);
	m = mold_open(stored->data, stored->len, key, sizeof(key), &err);
	if (m == NULL)
		fail_msg("%s", err.msg);
	return m;
}

/* mold_fill_text() of a mold made of in. */
static inline int
fill_text(const struct mold_input *in, const struct mold_friend *f,
    const char *rendered, int is_html, struct buf *out, struct err *err)
{
	struct buf stored;
	struct mold *m = open_mold(in, &stored);
	int rc = mold_fill_text(m, f, rendered, is_html, out, err);

	mold_close(m);
	buf_release(&stored);
	return rc;
}

static inline void
fill(const struct mold_input *in, const struct mold_friend *f,
    struct buf *message)
{
	const struct iovec *parts;
	struct err err = ERR_INIT;
	struct buf stored;
	struct mold *m = open_mold(in, &stored);
	size_t n;

	if (mold_fill(m, f, &parts, &n, &err) != 0)
		fail_msg("%s", err.msg);
	join(parts, n, message);
	mold_close(m);
	buf_release(&stored);
}

/* A header field's body with its folds, from behind "Name: "; NULL. */
static inline char *
header(const struct buf *message, const char *name)
{
	const char *p = message->data, *end, *limit = strstr(p, "\r\n\r\n");
	size_t len = strlen(name);

	while (p < limit) {
		for (end = strstr(p, "\r\n"); end[2] == ' ';)
			end = strstr(end + 2, "\r\n");
		if (strncmp(p, name, len) == 0 && p[len] == ':')
			return strndup(p + len + 2,
			    (size_t)(end - p) - len - 2);
		p = end + 2;
	}
	return NULL;
}

static inline void
header_is(const struct buf *message, const char *name, const char *want)
{
	char *found = header(message, name);

	if (want == NULL) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_string_equal(found, want);
	free(found);
}

/* The n-th part (from 0), decoded. */
static inline void
part(const struct buf *message, unsigned n, struct buf *out)
{
	const char *b = strstr(message->data, "multipart/alternative;\r\n "
	    "boundary=\""), *p, *end;
	char line[80];

	assert_non_null(b);
	b = strchr(b, '"') + 1;
	snprintf(line, sizeof(line), "\r\n--%.*s", (int)strcspn(b, "\""), b);
	p = strstr(message->data, line);
	while (n-- > 0)
		p = strstr(p + 1, line);
	p = strstr(p, "\r\n\r\n") + 4;
	end = strstr(p, line);
	assert_non_null(end);
	buf_clear(out);
	decode_qp(p, (size_t)(end - p), out);
}

static inline void
parts_are(const struct buf *message, const char *text, const char *html)
{
	struct buf out;

	buf_init(&out, 0);
	part(message, 0, &out);
	assert_string_equal(out.data, text);
	part(message, 1, &out);
	assert_string_equal(out.data, html);
	buf_release(&out);
}

#endif
