/*
 * What the digest's templates are filled with; showmill-config(5), "TEMPLATES"
 * lists the names. Private to the digest.
 */
#ifndef MAIL_DIGEST_DATA_H
#define MAIL_DIGEST_DATA_H

#include "mail/digest.h"
#include "text/node.h"

/* Reads and renders the episodes' notes. NULL and err with the notes' file. */
struct node *digest_data(struct arena *a, const struct digest_input *in,
    struct err *err);
/* The same data for a page that everybody may read: what is one friend's is
 * null, so that sections {{#friend}} are left out. */
void digest_data_no_friend(struct node *data);

#endif
