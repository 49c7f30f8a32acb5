/*
 * MPEG audio, layers 1 to 3: the walk over all frames of a local file
 * (libmpg123), and what can be told from a head alone where the rest would
 * have to be fetched.
 */
#ifndef SHOW_MEDIA_MP3_H
#define SHOW_MEDIA_MP3_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "show/media_facts.h"

/* ISO/IEC 11172-3 §2.4.1.3, 13818-3 §2.4.2.3, and MPEG 2.5. */
struct media_mp3_frame {
	unsigned version;	/* 10, 20 or 25 */
	unsigned layer;		/* 1 to 3 */
	unsigned bitrate;	/* bits a second; 0: free format */
	unsigned rate;		/* samples a second */
	unsigned samples;	/* in a frame */
	unsigned channels;
	unsigned size;		/* bytes of the frame; 0: free format */
};

/* header: the four bytes, the first one highest. */
bool media_mp3_frame(uint32_t header, struct media_mp3_frame *out);

struct media_mp3_head {
	size_t first;		/* where the first frame begins in the data */
	struct media_mp3_frame frame;	/* it */
	bool constant;		/* all frames of the data have one bitrate */
	bool vbr;		/* a header says so, or the frames do */
	bool header;		/* the first frame holds one, and no sound */
	/* What Xing, Info or VBRI say; -1: not said. */
	int64_t frames;		/* without the one that holds the header */
	int64_t bytes;		/* from first on */
	unsigned delay, padding;	/* samples that the encoder added at the
					 * two ends */
};

/* Bytes of the ID3v2 tag that the data begins with, header and footer
 * included; 0: none. 10 bytes are enough; what it tells may be more than the
 * file has. */
int64_t media_mp3_tag(const void *data, size_t len);

/* Looks for three frames in a row (or as many as there are before the end of
 * the data) that agree, the first of them within `junk` bytes. false: none.
 * data: what follows the ID3v2 tag. */
bool media_mp3_head(const void *data, size_t len, size_t junk,
    struct media_mp3_head *out);

/* The duration that a head tells of `bytes` bytes of audio from its first
 * frame on, tags at the end not counted; -1: not known. A header is believed
 * unless it promises more bytes than there are; without one only a constant
 * bitrate tells, and that the tail has it too is for the caller to see
 * (media_mp3_same). */
int64_t media_mp3_duration(const struct media_mp3_head *head, int64_t bytes);

/* Whether the data, some part of the same file, has frames in a row and all
 * of them have the bitrate of the head. */
bool media_mp3_same(const void *data, size_t len,
    const struct media_mp3_head *head);

/* Walks over all frames of an open file of out->length bytes, whatever lies
 * between them, and fills duration, codec, bitrate, vbr, sample rate, channels
 * and doubt (text in a). Only that is right for a VBR file without a header,
 * or one that is damaged. head: of the same file, from its data at `at` (behind
 * the tag) on, or NULL. false: it has no
 * frame, and out is untouched. Each thread may walk a file of its own; the
 * file is read, and its position is anywhere afterwards. */
bool media_mp3_walk(int fd, const struct media_mp3_head *head, int64_t at,
    struct arena *a, struct media_facts *out);

#endif
