/*
 * What building and filling a mold share; for lib/mail/mold*.c only.
 *
 * A stored mold is text: a first line with its version, five lines of what is
 * needed to make a friend's values (in the order of struct mold_sender), and
 * the message. In the message a slot stands as \x01, a letter ('a' + slot)
 * and \x02: bytes that a header or quoted-printable cannot have.
 */
#ifndef MAIL_MOLD_INT_H
#define MAIL_MOLD_INT_H

#include <stdbool.h>

#include "mail/mold.h"

#define MOLD_FIRST_LINE "showmill mold 1\n"
#define MOLD_FAMILY "showmill mold "

#define MOLD_OPEN '\x01'
#define MOLD_CLOSE '\x02'
#define MOLD_MARK_LEN 3

/* A message has up to 256 pieces: its signatures, every slot, and what stands
 * between them. */
#define MOLD_PIECES_MAX 255
#define MOLD_MARKS_MAX 110

enum mold_slot {
	MOLD_SLOT_TO,		/* behind "To:", with its blank */
	MOLD_SLOT_REF,		/* in Message-ID */
	MOLD_SLOT_TOKEN,	/* in List-Unsubscribe */
	MOLD_SLOT_TEXT,		/* + enum mold_patch: quoted-printable */
	MOLD_SLOT_HTML = MOLD_SLOT_TEXT + MOLD_TOKEN,
	/* Behind those that stored molds have always had. */
	MOLD_SLOT_TEXT_TOKEN = MOLD_SLOT_HTML + MOLD_TOKEN,
	MOLD_SLOT_HTML_TOKEN,
	MOLD_SLOTS
};

/* Where a patch stands in a body. */
unsigned mold_slot(bool html, enum mold_patch p);

/* What a friend's values are made of, besides the friend. */
struct mold_sender {
	const char *key_id;
	const char *list;
	const char *mailto;	/* address, escaped for a mailto: URL */
	const char *url;	/* https prefix; "": none */
	const char *fallback;
	const char *owner;	/* as mailto; NULL: none. Not stored */
};

/* Checks them and takes them over; strings go to the arena. */
int mold_sender_init(struct mold_sender *s, const struct mold_input *in,
    struct arena *a, struct err *err);

#define MOLD_ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	"0123456789"

/* The pictures of an input; as parts, each behind its delimiter. */
int mold_images_check(const struct mold_input *in, struct err *err);
void mold_images_add(struct buf *out, const struct mold_input *in,
    const char *boundary);

/* The first mark at or behind text: its patch in *p, NULL when there is
 * none. */
const char *mold_find_mark(const char *text, enum mold_patch *p);

#endif
