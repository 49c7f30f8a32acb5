/*
 * What every message goes through before a transport takes it up. All of it
 * is checked before the first octet leaves, so that a bad message costs
 * itself and not the connection.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "mail/transport_int.h"
#include "text/utf8.h"

/* For the verb, the brackets, SIZE= and CRLF. */
#define COMMAND_ROOM 64

static bool in_command(unsigned char c, bool utf8)
{
	return (c >= 0x20 && c < 0x7f) || (c > 0x7f && utf8);
}

/* An address ends at the first > or blank that is not quoted, and a command
 * at the first CR or LF whatever is quoted: either would let an address say
 * more than one address (RFC 5321 §4.1.2). */
static int check_address(const char *what, const char *s, bool utf8,
    char *why, size_t size)
{
	bool quoted = false;
	const char *p;

	utf8 = utf8 && utf8_invalid_at(s, strlen(s)) == strlen(s);
	if (strlen(s) > TRANSPORT_COMMAND_MAX - COMMAND_ROOM) {
		snprintf(why, size, "the %s is too long for an SMTP command",
		    what);
		return -1;
	}
	for (p = s; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (!in_command(c, utf8)) {
			snprintf(why, size, "the %s has the octet 0x%02x, "
			    "which no SMTP command may carry", what, c);
			return -1;
		}
		if (quoted && c == '\\' && p[1] >= 0x20 && p[1] <= 0x7e)
			p++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && strchr(" <>", c) != NULL) {
			snprintf(why, size, "the %s has an unquoted '%c'", what,
			    c);
			return -1;
		}
	}
	if (quoted) {
		snprintf(why, size, "the %s has an open quotation", what);
		return -1;
	}
	return 0;
}

/* ---- lines ---- */

/* Where the message is, going over it piece by piece. */
struct walk {
	size_t column;	/* octets of a line that began in an earlier piece */
	char last;	/* the octet before the piece */
	bool dots;	/* a line began with one */
};

/* What was seen of octets, each with the one behind it: sixteen at a time (an
 * extension of gcc and clang, on any processor), as this runs over every
 * message that is sent: looking for each end of a line, and then at what is
 * around it, was a quarter of all instructions (callgrind, 30 KB a message). */
typedef char octets __attribute__((vector_size(16)));
struct seen {
	octets bare;	/* CR or LF without the other */
	octets dots;	/* a dot behind LF */
	octets high;	/* above 127, by their first bit */
};

static void see_two(struct seen *seen, char a, char b)
{
	seen->bare[0] |= (a == '\r') != (b == '\n');
	seen->dots[0] |= a == '\n' && b == '.';
	seen->high[0] |= (char)(a | b);
}

/* p has one octet more. */
static void see_octets(struct seen *seen, const char *p)
{
	octets a, b;

	memcpy(&a, p, sizeof a);
	memcpy(&b, p + 1, sizeof b);
	seen->bare |= (octets)(a == '\r') ^ (octets)(b == '\n');
	seen->dots |= (octets)(a == '\n') & (octets)(b == '.');
	seen->high |= a;
}

static bool has_bits(const octets *o, unsigned char bits)
{
	unsigned char all = 0;
	size_t i;

	for (i = 0; i < sizeof *o; i++)
		all |= (unsigned char)(*o)[i];
	return (all & bits) != 0;
}

static const char *check_ends(struct walk *w, const char *p, size_t len,
    bool utf8)
{
	struct seen seen = { { 0 }, { 0 }, { 0 } };
	size_t i;

	see_two(&seen, w->last, p[0]);
	for (i = 0; i + sizeof(octets) < len; i += sizeof(octets))
		see_octets(&seen, p + i);
	for (; i + 1 < len; i++)
		see_two(&seen, p[i], p[i + 1]);
	w->last = p[len - 1];
	w->dots |= has_bits(&seen.dots, 0xff);
	if (!utf8 && (has_bits(&seen.high, 0x80) || (w->last & 0x80) != 0))
		return "octets above 127";
	return has_bits(&seen.bare, 0xff) ? "a CR or LF without the other" :
	    NULL;
}

/* The last end of a line within the longest one that may be, and so on from
 * there: what is between is shorter. */
static const char *check_lengths(struct walk *w, const char *p, size_t len)
{
	const size_t max = TRANSPORT_LINE_MAX + 2;
	const char *end = p + len, *lf;
	size_t room;

	while (p < end) {
		room = max - w->column;
		if (room > (size_t)(end - p))
			room = (size_t)(end - p);
		lf = memrchr(p, '\n', room);
		if (lf != NULL) {
			p = lf + 1;
			w->column = 0;
		} else if (w->column + room == max) {
			return "a line of more than 998 octets";
		} else {
			w->column += room;
			p = end;
		}
	}
	return NULL;
}

int transport_message_check(const struct transport_message *m, bool *dots,
    char *why, size_t size)
{
	struct walk w = { 0, '\n', false };
	bool utf8 = transport_message_utf8(m);
	const char *bad = NULL;
	size_t i;

	if (*m->to == '\0') {
		snprintf(why, size, "there is no recipient");
		return -1;
	}
	if (check_address("sender", m->from, false, why, size) == -1 ||
	    check_address("recipient", m->to, true, why, size) == -1)
		return -1;
	for (i = 0; i < m->nparts && bad == NULL; i++) {
		if (m->part[i].iov_len == 0)
			continue;
		bad = check_ends(&w, m->part[i].iov_base, m->part[i].iov_len,
		    utf8);
		if (bad == NULL)
			bad = check_lengths(&w, m->part[i].iov_base,
			    m->part[i].iov_len);
	}
	if (bad == NULL && transport_message_size(m) == 0)
		bad = "nothing in it";
	if (bad == NULL && w.last != '\n')
		bad = "no CRLF at its end";
	if (bad != NULL) {
		snprintf(why, size, "the message has %s", bad);
		return -1;
	}
	if (dots != NULL)
		*dots = w.dots;
	return 0;
}

bool transport_message_utf8(const struct transport_message *m)
{
	const char *p = m->to;

	while (*p != '\0' && (unsigned char)*p < 0x80)
		p++;
	return *p != '\0';
}

size_t transport_message_size(const struct transport_message *m)
{
	size_t i, sum = 0;

	for (i = 0; i < m->nparts; i++)
		sum += m->part[i].iov_len;
	return sum;
}

void transport_spans_begin(struct transport_spans *s,
    const struct transport_message *m, bool dots)
{
	*s = (struct transport_spans){ .m = m, .dots = dots, .begins = dots,
	    .left = transport_message_size(m) - strlen("\r\n") };
}

/* How many octets there are before the next line that begins with a dot. */
static size_t plain(const char *p, size_t len)
{
	const char *end = p + len, *at = p;

	while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL &&
	    ++at < end)
		if (*at == '.')
			return (size_t)(at - p);
	return len;
}

bool transport_spans_next(struct transport_spans *s, struct iovec *out)
{
	static char dot[] = ".";
	const struct iovec *part;
	char *p;

	if (s->left == 0)
		return false;
	while (s->at == s->m->part[s->part].iov_len) {
		s->part++;
		s->at = 0;
	}
	part = &s->m->part[s->part];
	p = (char *)part->iov_base + s->at;
	if (s->begins && *p == '.') {
		s->begins = false;
		*out = (struct iovec){ dot, 1 };
		return true;
	}
	out->iov_base = p;
	out->iov_len = part->iov_len - s->at;
	if (out->iov_len > s->left)
		out->iov_len = s->left;
	if (s->dots)
		out->iov_len = plain(p, out->iov_len);
	s->at += out->iov_len;
	s->left -= out->iov_len;
	s->begins = s->dots && p[out->iov_len - 1] == '\n';
	return true;
}

void transport_spans_sent(struct msghdr *m, size_t n)
{
	for (; m->msg_iovlen > 0 && n >= m->msg_iov->iov_len; m->msg_iovlen--)
		n -= m->msg_iov++->iov_len;
	if (m->msg_iovlen == 0)
		return;
	m->msg_iov->iov_base = (char *)m->msg_iov->iov_base + n;
	m->msg_iov->iov_len -= n;
}

/* "2.0.0 X Message accepted for delivery": OpenSMTPD, Sendmail. */
static const char *find_accepted(const char *text)
{
	const char *p = strcasestr(text, " Message accepted for delivery");

	while (p != NULL && p > text && p[-1] != ' ')
		p--;
	/* No more than the enhanced code. */
	return p != NULL && p[strcspn(p, " .")] == '.' ? NULL : p;
}

/* "queued as X" (Postfix), "id=X" (Exim), "queued: X" and the like. */
static void find_queue_id(const char *text, char *out, size_t size)
{
	static const char *const before[] = {
		"queued as ", "queued mail as ", "queued: ", "id=",
	};
	const char *p = NULL;
	size_t i, n;

	for (i = 0; i < sizeof before / sizeof before[0] && p == NULL; i++)
		if ((p = strcasestr(text, before[i])) != NULL)
			p += strlen(before[i]);
	if (p == NULL)
		p = find_accepted(text);
	if (p == NULL)
		return;
	n = strcspn(p, " ,;()<>");
	while (n > 0 && p[n - 1] == '.')
		n--;
	snprintf(out, size, "%.*s", (int)n, p);
}

void transport_text(char *out, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text != '\0' && n < size - 1; text++) {
		unsigned char c = (unsigned char)*text;
		bool blank = c <= ' ' || c == 0x7f;

		if (!blank)
			out[n++] = (char)c;
		else if (n > 0 && out[n - 1] != ' ')
			out[n++] = ' ';
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	err_clean(out);
}

void transport_result_set(struct transport_result *result,
    enum transport_verdict verdict, int code, const char *text)
{
	result->verdict = verdict;
	result->code = code;
	transport_text(result->text, sizeof result->text, text);
	result->queue_id[0] = '\0';
	result->elsewhere = false;
	if (verdict == TRANSPORT_SENT)
		find_queue_id(result->text, result->queue_id,
		    sizeof result->queue_id);
}

bool transport_xtext(char *out, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text != '\0' && n + 4 <= size; text++) {
		unsigned char c = (unsigned char)*text;
		bool plain = c > ' ' && c <= '~' && c != '+' && c != '=';

		n += (size_t)snprintf(out + n, size - n,
		    plain ? "%c" : "+%02X", c);
	}
	out[n] = '\0';
	if (*text == '\0')
		return true;
	out[0] = '\0';
	return false;
}

bool transport_xtext_utf8(char *out, size_t size, const char *text)
{
	size_t left = strlen(text), n = 0, len;
	int32_t cp;

	for (; left > 0 && n + 12 <= size; text += len, left -= len) {
		bool plain;

		len = utf8_next(text, left, &cp);
		plain = cp > ' ' && cp <= '~' && cp != '+' && cp != '=' &&
		    cp != '\\';
		n += (size_t)snprintf(out + n, size - n,
		    plain ? "%c" : "\\x{%02X}", (unsigned)cp);
	}
	out[n] = '\0';
	if (left == 0)
		return true;
	out[0] = '\0';
	return false;
}

size_t transport_rcpt(char out[TRANSPORT_RCPT_MAX],
    const struct transport_message *m, bool notices, size_t orcpt_max)
{
	bool utf8 = transport_message_utf8(m), fits;
	char orcpt[TRANSPORT_ORCPT_MAX + 1];

	fits = notices && (utf8 ? transport_xtext_utf8 : transport_xtext)(orcpt,
	    orcpt_max + 1, m->to);
	return (size_t)snprintf(out, TRANSPORT_RCPT_MAX,
	    "RCPT TO:<%s>%s%s%s\r\n", m->to,
	    notices ? " NOTIFY=FAILURE,DELAY" : "",
	    !fits ? "" : utf8 ? " ORCPT=utf-8;" : " ORCPT=rfc822;",
	    fits ? orcpt : "");
}
