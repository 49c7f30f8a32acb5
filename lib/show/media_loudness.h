/*
 * How loud a local audio file is (ITU-R BS.1770, EBU R 128; libebur128).
 */
#ifndef SHOW_MEDIA_LOUDNESS_H
#define SHOW_MEDIA_LOUDNESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct media_loudness {
	/* All of it is silence, or shorter than the 0.4 s that are measured at
	 * a time: lufs says nothing. */
	bool silent;
	double lufs;		/* integrated loudness, to 0.1 */
	double peak;		/* true peak of the loudest channel, in dBTP;
				 * -INFINITY: not a sound */
	/* A channel alone is measured as it is: 3 LU lower than the same in
	 * both channels, as players play it. */
	unsigned channels;	/* of the first sample */
	int64_t decoded_ms;	/* what was measured; less than the file's
				 * duration: the rest is broken */
};

/* Decodes the whole file (some hundred times faster than it plays). The errors
 * of media_decode(). */
int media_loudness_file(const char *path, struct media_loudness *out,
    struct err *err);

#endif
