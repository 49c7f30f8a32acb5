/*
 * The digest's pictures: with `images = inline` in show.ini those of local
 * files go along in the message, so that they are seen without asking a web
 * server, which most mail programs do not do before they are told to.
 */
#ifndef MAIL_DIGEST_IMAGE_H
#define MAIL_DIGEST_IMAGE_H

#include "mail/digest.h"
#include "show/config.h"

#define DIGEST_IMAGE_MAX ((size_t)500 << 10)	/* bytes of one */
#define DIGEST_IMAGES_MAX ((size_t)1 << 20)	/* of all of them */

/* Where the show wants it: gives mold, which digest_mold_input() has filled,
 * HTML in which <img> of local files are parts of the message, and the parts.
 * The digest's own HTML keeps its links, for previews and archives.
 *
 * The file of an address is found by media_url and probe_map, in the folder of
 * the feeds (beside feed_url), and beside an episode's notes for what lies
 * below its page, as a relative path in the notes does; that of a relative one,
 * which only a template can have, in the templates' folder. JPEG, PNG and GIF:
 * other kinds are not shown by all mail programs.
 *
 * What is not found or too large stays a link, with a warning ("digest-image"),
 * once for each address, which names the file and line where the picture
 * stands. Memory is the arena's. */
void digest_images(struct arena *a, const struct digest_input *in,
    const struct config *config, struct mold_input *mold,
    struct findings *to);

#endif
