/*
 * What some parts of a media file tell: its head, its tail, and what these
 * lead to.
 */
#ifndef SHOW_MEDIA_PARTS_H
#define SHOW_MEDIA_PARTS_H

#include "base/err.h"
#include "base/mem.h"
#include "show/media_facts.h"
#include "show/media_sparse.h"

/* Reads as far as the parts go. Where media_sparse_missed() then, more is
 * needed, and what is in out is of no use unless nothing more will come
 * (media_sparse_close): then it is what is known, and doubt says what is not
 * and why. The facts are those of media_probe_file() where all of the file is
 * there. Otherwise the duration is the one that its head and tail agree upon:
 * of an MP3 file without a header, and with one bitrate, by its bytes without
 * the tags; with several it is not known. out->length is kept and out->type
 * too, if the bytes do not tell; texts are in a, and have nothing of s.
 * ERR_INPUT, as a clause about the file ("is no audio or video file but
 * text/html"), when it is no media. */
int media_parts_facts(struct media_sparse *s, struct arena *a,
    struct media_facts *out, struct err *err);

#endif
