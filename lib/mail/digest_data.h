/*
 * What the digest's templates are filled with; showmill-config(5), "TEMPLATES"
 * lists the names. Private to the digest.
 */
#ifndef MAIL_DIGEST_DATA_H
#define MAIL_DIGEST_DATA_H

#include "mail/digest.h"
#include "show/notes.h"
#include "text/node.h"

enum digest_part { DIGEST_HTML, DIGEST_TEXT };

/* The notes of one episode, no longer than a part of the digest can be. */
struct digest_entry {
	struct buf html;
	bool cut;		/* html is not all */
	struct markdown_lines text;
	const char *summary;	/* NULL: none */
	struct node *topics;
};

struct digest_notes {
	struct arena arena;
	struct digest_entry *entry;
	size_t n;
};

/* Reads and renders the episodes' notes. ERR_INPUT with the notes' file; on
 * failure there is nothing to release. */
int digest_notes_open(const struct digest_input *in, struct digest_notes *out,
    struct err *err);
void digest_notes_release(struct digest_notes *n);

/* How many bytes the notes and topics of an episode may have: `more` in the
 * first n, `base` in the others. */
struct digest_room {
	size_t base, more, n;
};

/* The data for one part. NULL and err with the file: there is a mark of the
 * mold in a value, or notes that must be cut have no page where the rest could
 * be read. */
struct node *digest_data(struct arena *a, const struct digest_input *in,
    const struct digest_notes *notes, enum digest_part part,
    const struct digest_room *room, struct err *err);
/* The same data for a page that everybody may read: what is one friend's is
 * null, so that sections {{#friend}} are left out; so is the preheader, which
 * lists of mails show. */
void digest_data_no_friend(struct node *data);

#endif
