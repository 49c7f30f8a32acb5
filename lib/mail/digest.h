/*
 * The digest: from episodes to a subject, an HTML and a text body by the
 * templates, and on to the mold that is filled for each friend.
 */
#ifndef MAIL_DIGEST_H
#define MAIL_DIGEST_H

#include "base/buf.h"
#include "mail/address.h"
#include "mail/editorial.h"
#include "mail/mold.h"
#include "show/show.h"

struct digest_input {
	const struct show *show;
	const struct episode *const *episodes;	/* with known media */
	const struct show *const *shows;	/* of each; NULL: all of show */
	size_t n;
	const struct editorial *editorial;	/* NULL: none */
	const char *edition;	/* "2025-W23" */
	struct date date;	/* of the freeze, at the show's offset */
	const char *language;	/* that people write in, where the digest is in
				 * another; NULL: the show's */
	const char *templates;	/* folder */
	bool mail_only;		/* no page is made */
};

struct digest {
	struct buf subject;	/* one line */
	struct buf html, text;	/* with the marks of mold.h */
	struct buf page;	/* the HTML without what is one friend's, for
				 * the archive */
	const char *unsaid;	/* the file of the episode whose summary would
				 * be the preheader, and has none; NULL */
	struct err warning;	/* what was left out of the HTML, with the
				 * template; ERR_NONE: nothing */
};

/* Gmail shows about 102 KB of a part and hides the rest. It is counted here
 * with room for the values of a friend. */
#define DIGEST_PART_MAX ((size_t)102000)

/* digest.html, digest.txt and digest.subject of the folder, or of the one below
 * it that the show's digest_template names, as far as they are there; a partial
 * NAME is NAME.html or NAME.txt beside the file that asks for it. The rules of
 * the HTML's <style> are written into its elements (text/html_style.h).
 *
 * No part is longer than DIGEST_PART_MAX: where one would be, the longest notes
 * are cut, all to one size (the first of them to a block more, where there is
 * room), and lead to the page where one can read on.
 *
 * ERR_CONFIG with template file and line (without a line: it is too long
 * without any notes), or with show.ini; ERR_INPUT with the notes' file. On
 * failure there is nothing to release. */
int digest_render(const struct digest_input *in, struct digest *out,
    struct err *err);
void digest_release(struct digest *d);
/* Which file of the templates digest_render() takes for a name such as
 * "digest.html"; in the arena. */
const char *digest_file(struct arena *a, const struct digest_input *in,
    const char *name);

/* Who sends it, by digest_from (arena). ERR_CONFIG with show.ini when that is
 * missing or no address. */
int digest_sender(struct arena *a, const struct show *show,
    struct address *out, struct err *err);

/* What the mold needs, with defaults filled in (list_id: list.domain of the
 * sender; unsubscribe_mailto: the sender; list_owner: whom answers go to), and
 * without pictures. Strings lie in the arena, the show
 * or the digest. ERR_CONFIG when the show has no digest_from or an address is
 * wrong. */
int digest_mold_input(struct arena *a, const struct digest_input *in,
    const struct digest *d, const char *key_id, struct mold_input *out,
    struct err *err);

#endif
