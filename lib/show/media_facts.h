/*
 * What is known of a media file, local or remote: plain values.
 */
#ifndef SHOW_MEDIA_FACTS_H
#define SHOW_MEDIA_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct media_chapter {
	int64_t start_ms;
	int64_t end_ms;		/* -1: not said */
	const char *title;	/* NULL: none; UTF-8 without control
				 * characters */
	const char *url;	/* NULL: none; only where it is a link in the
				 * file */
	const char *image;	/* likewise */
};

/* A picture that lies in the file, or one by itself. */
struct media_art {
	char type[32];		/* image/jpeg or image/png */
	unsigned width;		/* 0: there is none, or none that can be read */
	unsigned height;
	unsigned channels;	/* as stored; a palette counts as 3 */
	bool grey, alpha, cmyk;
	int64_t bytes;
};

struct media_facts {
	int64_t length;		/* bytes of the whole file */
	int64_t duration_ms;	/* -1: not known */
	char type[64];		/* may be application/octet-stream */
	char codec[16];		/* of the sound, else of the video: "mp3",
				 * "aac", "opus"; "": not known */
	unsigned bitrate;	/* bits a second, the mean over the audio; 0:
				 * not known */
	unsigned sample_rate;	/* 0: not known */
	unsigned channels;	/* 0: not known */
	bool vbr;		/* MP3: its frames differ in bitrate, or its
				 * header says so */
	unsigned width;		/* of the video; 0: none, or its head does not
				 * tell */
	unsigned height;
	struct media_art art;	/* the first that can be read */
	const struct media_chapter *chapters;	/* by their beginnings; in the
						 * caller's arena, with their
						 * strings */
	size_t nchapters;
	/* NULL, or what is wrong with the file in one clause, in the caller's
	 * arena: "ends in the middle of a frame", "its header promises 29:01,
	 * but it holds 12:10". */
	const char *doubt;
};

/* Nothing known. */
#define MEDIA_FACTS_INIT { .duration_ms = -1 }

/* A duration for people: "8.5 s", "29:01", "1:02:03". */
const char *media_clock(struct arena *a, int64_t ms);

#endif
