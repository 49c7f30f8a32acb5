#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "mail/address.h"
#include "mail/mime.h"
#include "mail/mold_int.h"
#include "mail/token.h"

/* Longest URL in a header, so that its line with a token stays below
 * MIME_LINE_MAX. */
#define URL_MAX 700
#define LIST_ID_MAX 255		/* RFC 2919 §3 */
#define FEEDBACK_MIN 5		/* bytes; Gmail takes no others */
#define FEEDBACK_MAX 15
#define BOUNDARY_BYTES 16
/* '=' and '_' side by side never come out of quoted-printable. */
#define BOUNDARY_HEAD "=_"
#define BOUNDARY_SIZE (sizeof(BOUNDARY_HEAD) + 2 * BOUNDARY_BYTES)

const char *
mold_mark(enum mold_patch p)
{
	static const char *const marks[MOLD_PATCHES] = {
		[MOLD_NAME] = "\x01" "A\x02",
		[MOLD_ADDRESS] = "\x01" "B\x02",
		[MOLD_UNSUBSCRIBE] = "\x01" "C\x02",
		[MOLD_UNSUBSCRIBE_MAILTO] = "\x01" "D\x02",
		[MOLD_TOKEN] = "\x01" "E\x02"
	};

	return marks[p];
}

const char *
mold_find_mark(const char *text, enum mold_patch *p)
{
	for (; (text = strchr(text, MOLD_OPEN)) != NULL; text++) {
		if (text[1] >= 'A' && text[1] < 'A' + (int)MOLD_PATCHES &&
		    text[2] == MOLD_CLOSE) {
			*p = (enum mold_patch)(text[1] - 'A');
			return text;
		}
	}
	return NULL;
}

unsigned
mold_slot(bool html, enum mold_patch p)
{
	if (p == MOLD_TOKEN)
		return html ? MOLD_SLOT_HTML_TOKEN : MOLD_SLOT_TEXT_TOKEN;
	return (unsigned)(html ? MOLD_SLOT_HTML : MOLD_SLOT_TEXT) +
	    (unsigned)p;
}

/* ---- checks ---- */

static int
check_url(const char *url, const char *scheme, const char *what,
    struct err *err)
{
	const char *p;

	if (scheme != NULL && strncmp(url, scheme, strlen(scheme)) != 0)
		return err_set(err, ERR_INPUT, "%s \"%s\" does not begin with "
		    "%s", what, url, scheme);
	if (strlen(url) > URL_MAX)
		return err_set(err, ERR_INPUT, "%s is longer than %d bytes",
		    what, URL_MAX);
	for (p = url; *p != '\0'; p++)
		if (*p < 0x21 || *p > 0x7e || strchr("<>\"", *p) != NULL)
			return err_set(err, ERR_INPUT, "%s \"%s\" has a blank, "
			    "<, >, \" or a character that is not ASCII; in a "
			    "URL those are written as %%20 and the like", what,
			    url);
	return 0;
}

static int
check_header(const char *text, const char *what, struct err *err)
{
	if (*text == '\0')
		return err_set(err, ERR_INPUT, "%s is empty", what);
	return mime_check(text, strlen(text), false, what, err);
}

static int
check_list_id(const char *id, struct err *err)
{
	size_t len = strlen(id);

	if (len == 0 || len > LIST_ID_MAX || strchr(id, '.') == NULL ||
	    id[0] == '.' || id[len - 1] == '.' || strstr(id, "..") != NULL ||
	    strspn(id, MOLD_ALNUM "-_.") != len)
		return err_set(err, ERR_INPUT, "the list id \"%s\" is not "
		    "letters, digits, - and _ in parts with dots between, as "
		    "in friends.example.org", id);
	return 0;
}

/* The edition stands in the Message-ID, between dots. */
static int
check_edition(const char *edition, struct err *err)
{
	size_t len = strlen(edition);

	if (len == 0 || len > 64 || strspn(edition, MOLD_ALNUM "-_") != len)
		return err_set(err, ERR_INPUT, "the edition \"%s\" is not "
		    "letters, digits, - and _, as in 2025-W23", edition);
	return 0;
}

/* A body: marks are not control characters, all other things are checked. */
static int
check_body(const char *text, const char *what, size_t *marks, struct err *err)
{
	struct buf bare;
	enum mold_patch p;
	const char *mark;
	int rc;

	buf_init(&bare, 0);
	while ((mark = mold_find_mark(text, &p)) != NULL) {
		buf_add(&bare, text, (size_t)(mark - text));
		text = mark + MOLD_MARK_LEN;
		(*marks)++;
	}
	buf_adds(&bare, text);
	rc = buf_check(&bare, what, err);
	if (rc == 0)
		rc = mime_check(bare.data, bare.len, true, what, err);
	buf_release(&bare);
	return rc;
}

static int
check_bodies(const struct mold_input *in, struct err *err)
{
	size_t marks = 0;

	if (check_body(in->text, "the text part", &marks, err) < 0 ||
	    check_body(in->html, "the HTML part", &marks, err) < 0)
		return -1;
	if (marks > MOLD_MARKS_MAX)
		return err_set(err, ERR_INPUT, "name, address and unsubscribe "
		    "link stand %zu times in the edition, at most %d are "
		    "possible", marks, MOLD_MARKS_MAX);
	return 0;
}

/* RFC 6068 §2: what has a meaning in a URL is written with %. */
static const char *
mailto_escape(struct arena *a, const char *addr)
{
	static const char digits[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, 3 * strlen(addr) + 1), *to = out;

	for (; *addr != '\0'; addr++) {
		unsigned char c = (unsigned char)*addr;

		if (strchr(MOLD_ALNUM "-._~@+", c) != NULL) {
			*to++ = (char)c;
			continue;
		}
		*to++ = '%';
		*to++ = digits[c >> 4];
		*to++ = digits[c & 15];
	}
	return out;
}

int
mold_sender_init(struct mold_sender *s, const struct mold_input *in,
    struct arena *a, struct err *err)
{
	const char *fallback;
	struct address mailto, owner;

	/* Says what is wrong with key_id and list before anything is frozen. */
	if (token_check_names(in->key_id, in->list, err) < 0)
		return -1;
	if (address_parse(a, in->unsubscribe_mailto, &mailto, err) < 0 ||
	    address_need_ascii(&mailto, err) < 0)
		return -1;
	if (in->list_owner != NULL &&
	    (address_parse(a, in->list_owner, &owner, err) < 0 ||
	    address_need_ascii(&owner, err) < 0))
		return -1;
	if (in->unsubscribe_url != NULL && check_url(in->unsubscribe_url,
	    "https://", "the unsubscribe URL", err) < 0)
		return -1;
	fallback = in->friend_fallback != NULL ? in->friend_fallback : "";
	if (mime_check(fallback, strlen(fallback), false,
	    "the name for friends without one", err) < 0)
		return -1;
	s->key_id = arena_strdup(a, in->key_id);
	s->list = arena_strdup(a, in->list);
	s->mailto = mailto_escape(a, mailto.wire);
	s->owner = in->list_owner != NULL ? mailto_escape(a, owner.wire) :
	    NULL;
	s->url = arena_strdup(a, in->unsubscribe_url != NULL ?
	    in->unsubscribe_url : "");
	s->fallback = arena_strdup(a, fallback);
	return 0;
}

/* ---- writing ---- */

static void
add_slot(struct buf *out, unsigned slot)
{
	buf_addc(out, MOLD_OPEN);
	buf_addc(out, (char)('a' + (int)slot));
	buf_addc(out, MOLD_CLOSE);
}

/* A piece of a body ends with a soft break unless its line is ended already;
 * the value that follows begins at column 0. */
static void
add_body(struct buf *out, const char *text, bool html)
{
	enum mold_patch p = MOLD_NAME;
	const char *mark;
	size_t len;

	while ((mark = mold_find_mark(text, &p)) != NULL) {
		len = (size_t)(mark - text);
		mime_qp(out, text, len);
		if (len > 0 && text[len - 1] != '\n')
			mime_qp_break(out);
		add_slot(out, mold_slot(html, p));
		text = mark + MOLD_MARK_LEN;
		if (*text != '\0' && *text != '\n')
			mime_qp_break(out);
	}
	mime_qp(out, text, strlen(text));
}

static void
add_part(struct buf *out, const char *boundary, const char *type,
    const char *text, bool html)
{
	buf_addf(out, "--%s\r\nContent-Type: text/%s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", boundary,
	    type);
	add_body(out, text, html);
	buf_adds(out, "\r\n");
}

/* Of the content, so that it is the same each time; kind: of which
 * multipart. */
static void
make_boundary(const struct mold_input *in, const char *kind,
    char out[BOUNDARY_SIZE])
{
	const char *const parts[] = { in->list, in->edition, in->subject,
		in->text, in->html };
	unsigned char digest[HASH_SHA256_SIZE];
	char hex[2 * BOUNDARY_BYTES + 1];
	struct buf all;
	size_t i;

	buf_init(&all, 0);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		buf_add(&all, parts[i], strlen(parts[i]) + 1);
	buf_adds(&all, kind);
	hash_sha256(all.data, all.len, digest);
	buf_release(&all);
	hash_hex(digest, BOUNDARY_BYTES, hex);
	memcpy(out, BOUNDARY_HEAD, sizeof(BOUNDARY_HEAD) - 1);
	memcpy(out + sizeof(BOUNDARY_HEAD) - 1, hex, sizeof(hex));
}

static void
add_alternative(struct buf *out, const struct mold_input *in)
{
	char boundary[BOUNDARY_SIZE];

	make_boundary(in, "", boundary);
	buf_addf(out, "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"%s\"\r\n\r\n", boundary);
	add_part(out, boundary, "plain", in->text, false);
	add_part(out, boundary, "html", in->html, true);
	buf_addf(out, "--%s--\r\n", boundary);
}

/* From Content-Type on. */
static void
add_content(struct buf *out, const struct mold_input *in)
{
	char boundary[BOUNDARY_SIZE];

	if (in->nimages == 0) {
		add_alternative(out, in);
		return;
	}
	make_boundary(in, "related", boundary);
	buf_addf(out, "Content-Type: multipart/related; "
	    "type=\"multipart/alternative\";\r\n boundary=\"%s\"\r\n\r\n"
	    "--%s\r\n", boundary, boundary);
	add_alternative(out, in);
	mold_images_add(out, in, boundary);
	buf_addf(out, "--%s--\r\n", boundary);
}

static void
add_mailbox(struct buf *out, const char *name, const struct address *who)
{
	struct mime_field f;

	mime_field_begin(&f, out, name);
	mime_field_mailbox(&f, who->name, who->wire);
	mime_field_end(&f);
}

static void
add_subject(struct buf *out, const char *subject)
{
	struct mime_field f;

	mime_field_begin(&f, out, "Subject");
	mime_field_text(&f, subject);
	mime_field_end(&f);
}

/* RFC 2919, RFC 2369, RFC 8058. Only <URL> items stand in them, folded only
 * between the items: not all who read them know more than that. */
static void
add_list_fields(struct buf *out, const struct mold_input *in,
    const struct mold_sender *s)
{
	char id[LIST_ID_MAX + 3];
	struct mime_field f;

	mime_field_begin(&f, out, "List-Id");
	mime_field_phrase(&f, in->list_name);
	snprintf(id, sizeof(id), "<%s>", in->list_id);
	mime_field_token(&f, id, strlen(id));
	mime_field_end(&f);
	buf_adds(out, "List-Unsubscribe: ");
	if (*s->url != '\0') {
		buf_addf(out, "<%s", s->url);
		add_slot(out, MOLD_SLOT_TOKEN);
		buf_adds(out, ">,\r\n ");
	}
	buf_addf(out, "<mailto:%s?subject=unsubscribe%%20", s->mailto);
	add_slot(out, MOLD_SLOT_TOKEN);
	buf_adds(out, ">\r\n");
	if (*s->url != '\0')
		buf_adds(out, "List-Unsubscribe-Post: "
		    "List-Unsubscribe=One-Click\r\n");
	if (in->list_archive != NULL)
		buf_addf(out, "List-Archive: <%s>\r\n", in->list_archive);
	if (in->list_help != NULL)
		buf_addf(out, "List-Help: <%s>\r\n", in->list_help);
	if (s->owner != NULL)
		buf_addf(out, "List-Owner: <mailto:%s>\r\n", s->owner);
	if (in->feedback_id != NULL)
		buf_addf(out, "Feedback-ID: %s:%s:digest:%s\r\n", in->edition,
		    in->list, in->feedback_id);
}

struct senders {
	struct address from;
	struct address reply_to;	/* .wire NULL: none */
};

static void
add_message(struct buf *out, const struct mold_input *in,
    const struct mold_sender *s, const struct senders *who)
{
	char date[DATE_TEXT_MAX];

	date_rfc5322(&in->date, date);
	buf_addf(out, "Date: %s\r\n", date);
	add_mailbox(out, "From", &who->from);
	if (who->reply_to.wire != NULL)
		add_mailbox(out, "Reply-To", &who->reply_to);
	buf_adds(out, "To:");
	add_slot(out, MOLD_SLOT_TO);
	buf_adds(out, "\r\n");
	add_subject(out, in->subject);
	buf_addf(out, "Message-ID: <%s.%s.", in->edition, in->list);
	add_slot(out, MOLD_SLOT_REF);
	buf_addf(out, "%s>\r\n", strrchr(who->from.wire, '@'));
	add_list_fields(out, in, s);
	buf_adds(out, "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n");
	add_content(out, in);
}

static int
check_feedback_id(const char *id, struct err *err)
{
	size_t len = strlen(id);

	if (len < FEEDBACK_MIN || len > FEEDBACK_MAX ||
	    strspn(id, MOLD_ALNUM "-._") != len)
		return err_set(err, ERR_INPUT, "the feedback id \"%s\" is not "
		    "%d to %d letters, digits, - . and _", id, FEEDBACK_MIN,
		    FEEDBACK_MAX);
	return 0;
}

static int
check_input(const struct mold_input *in, struct err *err)
{
	if (check_header(in->subject, "the subject", err) < 0 ||
	    mime_check(in->list_name, strlen(in->list_name), false,
	    "the list's name", err) < 0 ||
	    check_list_id(in->list_id, err) < 0 ||
	    check_edition(in->edition, err) < 0)
		return -1;
	if (in->list_archive != NULL && check_url(in->list_archive, NULL,
	    "the archive's URL", err) < 0)
		return -1;
	if (in->list_help != NULL && check_url(in->list_help, NULL,
	    "the help's URL", err) < 0)
		return -1;
	if (in->feedback_id != NULL &&
	    check_feedback_id(in->feedback_id, err) < 0)
		return -1;
	return mold_images_check(in, err) < 0 ? -1 : check_bodies(in, err);
}

static int
parse_senders(struct arena *a, const struct mold_input *in,
    struct senders *who, struct err *err)
{
	memset(who, 0, sizeof(*who));
	if (address_parse_mailbox(a, in->from, &who->from, err) < 0 ||
	    address_need_ascii(&who->from, err) < 0)
		return -1;
	if (in->reply_to == NULL)
		return 0;
	if (address_parse_mailbox(a, in->reply_to, &who->reply_to, err) < 0)
		return -1;
	return address_need_ascii(&who->reply_to, err);
}

int
mold_build(const struct mold_input *in, struct buf *out, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct mold_sender sender;
	struct senders who;
	size_t start = out->len;
	int rc = -1;

	if (check_input(in, err) < 0 || parse_senders(&a, in, &who, err) < 0 ||
	    mold_sender_init(&sender, in, &a, err) < 0)
		goto out;
	buf_addf(out, MOLD_FIRST_LINE "%s\n%s\n%s\n%s\n%s\n", sender.key_id,
	    sender.list, sender.mailto, sender.url, sender.fallback);
	add_message(out, in, &sender, &who);
	rc = buf_check(out, "the message", err);
out:
	if (rc < 0)
		buf_truncate(out, start);
	arena_release(&a);
	return rc;
}
