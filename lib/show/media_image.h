/*
 * Pictures: what the head of a JPEG or PNG says (libjpeg, libpng).
 */
#ifndef SHOW_MEDIA_IMAGE_H
#define SHOW_MEDIA_IMAGE_H

#include <stddef.h>

#include "base/err.h"
#include "show/media_facts.h"

/* Reads the head of a picture; no pixel is decoded. The data may end behind
 * the head: of a large picture its first 64 KiB nearly always do. out->bytes
 * is len. ERR_INPUT, as a clause about the picture ("is neither JPEG nor
 * PNG"), when it is something else, or damaged or cut before its size is told;
 * out is all zero then. May be called from several threads. */
int media_image_head(const void *data, size_t len, struct media_art *out,
    struct err *err);

#endif
