/*
 * What is in a local media file.
 */
#ifndef SHOW_MEDIA_PROBE_H
#define SHOW_MEDIA_PROBE_H

#include <stdint.h>

#include "base/err.h"

struct media_facts {
	int64_t length;
	int64_t duration_ms;	/* -1: not known */
	char type[64];		/* may be application/octet-stream */
};

struct media_probe;

struct media_probe *media_probe_open(struct err *err);
void media_probe_close(struct media_probe *p);	/* NULL is allowed */

/* Reads it; ERR_INPUT with the file when it is something that is neither
 * audio nor video. The duration is that of all frames of an MP3 file,
 * whatever lies between them. */
int media_probe_file(struct media_probe *p, const char *path,
    struct media_facts *out, struct err *err);

#endif
