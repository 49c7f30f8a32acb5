/*
 * The HTML of a message with the pictures that go along in it.
 */
#include <string.h>

#include "mail/preview.h"

#define CID "Content-ID: <"
#define TYPE "Content-Type: "
#define ID_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	"0123456789-._@"

struct text {
	const char *p, *end;
};

static const char *
find(const char *p, const char *end, const char *what)
{
	return memmem(p, (size_t)(end - p), what, strlen(what));
}

/* The body of the part that has at among its fields, up to stop. */
static bool
body_of(const char *at, const char *end, const char *stop, struct text *out)
{
	out->p = find(at, end, "\r\n\r\n");
	if (out->p == NULL)
		return false;
	out->p += 4;
	out->end = find(out->p, end, stop);
	return out->end != NULL;
}

static int
hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ?
	    c - 'A' + 10 : -1;
}

/* Quoted-printable, as lib/mail/mime.c writes it. */
static void
decode(const struct text *t, struct buf *out)
{
	const char *p = t->p;

	while (p < t->end) {
		if (*p == '=' && t->end - p > 2 && hex(p[1]) >= 0 &&
		    hex(p[2]) >= 0) {
			buf_addc(out, (char)(hex(p[1]) * 16 + hex(p[2])));
			p += 3;
		} else if (*p == '=' && t->end - p > 2 && p[1] == '\r') {
			p += 3;
		} else {
			if (*p != '\r')
				buf_addc(out, *p);
			p++;
		}
	}
}

/* The part's own boundary, as the last line before it has it; with the line end
 * that stands before it. */
static bool
boundary(const char *message, const char *part, struct buf *out)
{
	const char *line = part;

	while (line - 4 > message && memcmp(line - 4, "\r\n--", 4) != 0)
		line--;
	if (line - 4 <= message || find(line, part, "\r\n") == NULL)
		return false;
	buf_adds(out, "\r\n--");
	buf_add(out, line, (size_t)(find(line, part, "\r\n") - line));
	return true;
}

static bool
html_part(const struct text *m, struct buf *out)
{
	const char *at = find(m->p, m->end, TYPE "text/html");
	struct buf stop;
	struct text body;
	bool is = false;

	buf_init(&stop, 0);
	if (at != NULL && boundary(m->p, at, &stop) &&
	    body_of(at, m->end, stop.data, &body)) {
		decode(&body, out);
		is = true;
	}
	buf_release(&stop);
	return is;
}

/* The picture of that id as an address; false: there is none. */
static bool
add_picture(const struct text *m, const char *id, size_t len, struct buf *out)
{
	const char *at = m->p, *type, *p;
	struct text body;

	while ((at = find(at, m->end, CID)) != NULL) {
		at += sizeof(CID) - 1;
		if ((size_t)(m->end - at) > len && memcmp(at, id, len) == 0 &&
		    at[len] == '>')
			break;
	}
	/* Base64 has no dash. */
	if (at == NULL || !body_of(at, m->end, "\r\n--", &body))
		return false;
	for (type = at - sizeof(CID) + 1; memcmp(type, TYPE, sizeof(TYPE) - 1)
	    != 0; type--)
		if (type == m->p)
			return false;
	type += sizeof(TYPE) - 1;
	buf_adds(out, "data:");
	buf_add(out, type, strcspn(type, "\r;"));
	buf_adds(out, ";base64,");
	for (p = body.p; p < body.end; p++)
		if (*p != '\r' && *p != '\n')
			buf_addc(out, *p);
	return true;
}

bool
preview_inline(const char *message, size_t len, struct buf *out)
{
	const struct text m = { message, message + len };
	const char *p, *cid;
	struct buf html;
	size_t n;

	if (find(m.p, m.end, CID) == NULL)
		return false;
	buf_init(&html, 0);
	if (!html_part(&m, &html)) {
		buf_release(&html);
		return false;
	}
	for (p = html.data; (cid = strstr(p, "cid:")) != NULL; p = cid + n) {
		buf_add(out, p, (size_t)(cid - p));
		n = 4 + strspn(cid + 4, ID_LETTERS);
		if (!add_picture(&m, cid + 4, n - 4, out))
			buf_add(out, cid, n);
	}
	buf_adds(out, p);
	buf_release(&html);
	return true;
}
