/*
 * The letters of a message: header fields that are folded and encoded, and
 * bodies in quoted-printable. All of it is ASCII with CRLF when it comes out,
 * and values in, bytes out: no clock, no locale.
 *
 * Lines of a header end at 76 columns where they can be folded (RFC 5322
 * §2.1.1 asks for 78, RFC 2047 §2 for 76 where an encoded-word stands). A
 * field is never folded right behind its colon: readers have been seen to
 * take the blank of the next line for a part of the value.
 */
#ifndef MAIL_MIME_H
#define MAIL_MIME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define MIME_FOLD 76		/* columns of a header line that can be
				 * folded */
#define MIME_LINE_MAX 998	/* RFC 5322 §2.1.1, without CRLF */
#define MIME_WORD_MAX 75	/* an encoded-word, RFC 2047 §2 */
#define MIME_QP_MAX 76		/* RFC 2045 §6.7 rule 5 */

/* What may stand in a message: valid UTF-8 without control characters (C0,
 * DEL, C1), but LF and TAB where body is set. ERR_INPUT names the value
 * (what: "the subject"), the character and, in a body, its line. */
int mime_check(const char *text, size_t len, bool body, const char *what,
    struct err *err);

/* A field that is being written. */
struct mime_field {
	struct buf *out;
	size_t column;
	bool fresh;	/* nothing stands behind the colon yet */
};

/* "Name:"; each part behind it brings its own blank. */
void mime_field_begin(struct mime_field *f, struct buf *out, const char *name);
/* Goes on behind a "Name:" that stands elsewhere. */
void mime_field_resume(struct mime_field *f, struct buf *out,
    const char *name);
void mime_field_end(struct mime_field *f);	/* CRLF */

/* A part that stays whole, whatever its length: an address, a <URL>. It goes
 * on a line of its own when it does not fit behind what is there. */
void mime_field_token(struct mime_field *f, const char *token, size_t len);
/* Text of an unstructured field (Subject): words as they are where they can
 * be, else encoded-words (RFC 2047 §5 (1)). Reads back as exactly this text. */
void mime_field_text(struct mime_field *f, const char *text);
/* A phrase (display name, List-Id): atoms, a quoted-string, or encoded-words
 * (RFC 2047 §5 (3)). "" writes nothing. */
void mime_field_phrase(struct mime_field *f, const char *text);
/* `phrase <addr>`, or the bare address when the phrase is "". */
void mime_field_mailbox(struct mime_field *f, const char *phrase,
    const char *addr);

/* Text with LF lines as quoted-printable, from column 0 on (RFC 2045 §6.7):
 * lines of at most 75 columns, so that the caller may add a soft break to the
 * last one; characters are not cut; blanks at the end of a line or of the
 * text, a '.' and a "From " at the beginning of a line are encoded, since
 * relays have been seen to change them. Valid UTF-8. */
void mime_qp(struct buf *out, const char *text, size_t len);
/* A soft line break. */
void mime_qp_break(struct buf *out);

#endif
