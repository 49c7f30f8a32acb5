/*
 * MP3 files of which only parts are there. For lib/show/media_parts*.c alone.
 */
#ifndef SHOW_MEDIA_PARTS_MP3_H
#define SHOW_MEDIA_PARTS_MP3_H

#include <stdint.h>

#include "base/mem.h"
#include "show/media_facts.h"
#include "show/media_mp3.h"
#include "show/media_sparse.h"

/* A larger tag is not looked into. */
#define MEDIA_PARTS_TAG_MAX ((int64_t)6 << 20)

/* As media_source.read, but all that was asked for, as far as the file goes. */
int64_t media_parts_fill(struct media_sparse *s, int64_t offset, void *buf,
    int64_t len);

/* As media_parts_facts. head: of what is behind the tags, which take tag
 * bytes. */
void media_parts_mp3(struct media_sparse *s, int64_t tag,
    const struct media_mp3_head *head, struct arena *a,
    struct media_facts *out);

#endif
