/*
 * The mold: one edition as a finished MIME message in which only what differs
 * from friend to friend is left open. Made once when the edition is frozen,
 * kept in the ledger, and filled for each friend: the shared part is encoded
 * once, the same friend always gets the same bytes.
 *
 * Rendered HTML and text carry patch marks where a friend's value goes
 * (mold_mark). In the mold each mark stands where its line begins anew: a soft
 * line break of quoted-printable before and behind it, so that a value of any
 * length can be put in without touching its neighbours.
 */
#ifndef MAIL_MOLD_H
#define MAIL_MOLD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/err.h"
#include "base/mem.h"

/* The values that differ. */
enum mold_patch {
	MOLD_NAME,		/* the friend's name, or the fallback */
	MOLD_ADDRESS,		/* the address as typed */
	MOLD_UNSUBSCRIBE,	/* https URL where one is configured, else
				 * mailto: */
	MOLD_UNSUBSCRIBE_MAILTO,
	MOLD_TOKEN,		/* the friend's token, behind an address of
				 * somebody's own */
	MOLD_PATCHES
};

/* The mark to put into template data for a patch: control characters that no
 * checked text has, and that HTML escaping leaves alone. In HTML the value is
 * escaped when it is filled in. */
const char *mold_mark(enum mold_patch p);

/* A picture that goes along. The HTML shows it as src="cid:ID". */
struct mold_image {
	const char *cid;	/* "1f3a@example.org": letters, digits, - . _ */
	const char *type;	/* "image/png" */
	const char *name;	/* of the file, UTF-8 */
	const void *data;
	size_t len;
};

#define MOLD_IMAGES_COUNT ((size_t)64)
#define MOLD_IMAGES_SIZE ((size_t)8 << 20)	/* of all, before base64 */

struct mold_input {
	const char *from;		/* mailbox as configured */
	const char *reply_to;		/* mailbox; NULL: none */
	const char *subject;		/* UTF-8, no marks, no CR or LF */
	const char *html;		/* LF lines, with marks */
	const char *text;		/* LF lines, with marks */
	const char *list;		/* name of the list */
	const char *list_name;		/* phrase for List-Id: the show's
					 * title */
	const char *list_id;		/* "friends.example.org" */
	const char *list_archive;	/* URL (List-Archive); NULL */
	const char *list_help;		/* URL or mailto: (List-Help); NULL */
	const char *list_owner;		/* address of a person; NULL */
	const char *feedback_id;	/* who sends, for Feedback-ID; NULL */
	const char *edition;		/* "2025-W23" */
	const char *unsubscribe_mailto;	/* address for "unsubscribe TOKEN"
					 * mails */
	const char *unsubscribe_url;	/* https prefix or NULL; the token is
					 * put behind it */
	const char *friend_fallback;
	const char *key_id;		/* of the token key */
	struct date date;		/* Date header: when it was frozen */
	const struct mold_image *images;
	size_t nimages;
};

/* Builds the mold behind what out holds: the headers (Date, From, Reply-To,
 * To, Subject, Message-ID, List-Id, List-Unsubscribe, List-Unsubscribe-Post
 * with https only, List-Archive, List-Help, List-Owner, Feedback-ID,
 * Auto-Submitted, MIME-Version, Content-Type; no Precedence, which no standard
 * has) and multipart/alternative, text first, both parts UTF-8 in
 * quoted-printable. Where pictures go along, that is the first part of a
 * multipart/related (RFC 2387) and they are the others, in base64: what
 * Outlook and Gmail make themselves, so that what reads mail at all has met it.
 * Deterministic: the boundaries come from a digest of the content.
 *
 * Auto-Submitted is auto-generated, which is for what a process makes and
 * nobody asked for (RFC 3834 §5): it keeps the absence notes of a whole list
 * out of the host's mailbox, also where a responder does not know List-Id.
 *
 * List-Owner is whom answers go to: no address that the message does not show.
 *
 * Feedback-ID is what Gmail counts complaints by, four fields of which the last
 * is the sender: edition:list:digest:feedback_id.
 *
 * The text part is not format=flowed (RFC 3676): it is wrapped already, at 72
 * columns, and its lists and links keep their lines; flowed text would tell its
 * soft line ends by blanks that quoted-printable has to encode, and few readers
 * heed it.
 *
 * ERR_INPUT names what cannot be in a message: control characters (LF and TAB
 * are allowed in bodies, CR is not) or bytes that are not UTF-8, an empty
 * subject, a bad address, URL or list id, an edition that is not letters,
 * digits, - and _, a list or key id that no token can hold, a feedback_id that
 * is not 5 to 15 of letters, digits and - . _, more than 110 marks in both
 * bodies, a picture whose cid, type or name is none, or more of them than
 * MOLD_IMAGES_COUNT and _SIZE. out is then as it was. */
int mold_build(const struct mold_input *in, struct buf *out, struct err *err);

/* The name of the token key that a stored mold was made with; "" when it is
 * none. The memory is the arena's. */
const char *mold_key_id(struct arena *a, const char *data, size_t len);

struct mold;
struct signer;

/* Reads what mold_build made (data must outlive the mold). ERR_INTERNAL when
 * it is none. key: LEDGER_KEY_SIZE bytes for tokens. */
struct mold *mold_open(const char *data, size_t len, const unsigned char *key,
    size_t keylen, struct err *err);
void mold_close(struct mold *m);

/* From here on each message that is filled has the signatures of s (which must
 * outlive the mold) in front; NULL: none. */
void mold_sign_with(struct mold *m, const struct signer *s);

struct mold_friend {
	const char *address;	/* as typed */
	const char *wire;	/* for the To header */
	const char *name;	/* "": the fallback is used in the text, none in
				 * To */
	const char *ref;
};

/* Fills the mold; parts (at most 256, none empty) point into the mold and into
 * memory that lives until the next fill. All of it is ASCII, lines end in CRLF
 * and have at most 998 octets. A Message-ID is <edition.list.ref@domain of
 * From>. ERR_INPUT for a name, address or ref that cannot be in a message;
 * ERR_INTERNAL when it cannot be signed. */
int mold_fill(struct mold *m, const struct mold_friend *f,
    const struct iovec **parts, size_t *nparts, struct err *err);

/* The same values put into the rendered HTML or text that the mold was made of,
 * behind what out holds (previews). */
int mold_fill_text(struct mold *m, const struct mold_friend *f,
    const char *rendered, int is_html, struct buf *out, struct err *err);

#endif
