/*
 * The doctor: whether what a feed names is on the web as players and
 * directories need it.
 *
 *	struct doctor *d = doctor_open(now, &findings);
 *	for each file that is named: doctor_add(d, &file);
 *	doctor_run(d, &limits, &err);
 *	doctor_close(d);
 */
#ifndef SHOW_DOCTOR_H
#define SHOW_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/http_many.h"

enum doctor_kind {
	DOCTOR_AUDIO,
	DOCTOR_IMAGE,
	DOCTOR_TRANSCRIPT,
	DOCTOR_CHAPTERS
};
#define DOCTOR_KINDS 4

/* A certificate that ends earlier is told. */
#define DOCTOR_CERT_DAYS 14

/* Something that a feed names. Strings must live as long as the doctor. */
struct doctor_file {
	enum doctor_kind kind;
	const char *url;	/* as published */
	const char *who;	/* "episode 12", "the show" */
	const char *file;	/* where what is found is told */
	unsigned line;
	const char *type;	/* as published; NULL: not said */
	int64_t length;		/* audio: as published; -1: not known */
	const char *length_of;	/* who says so: "the feed" */
	int64_t local;		/* bytes of the local file; -1: none */
	int64_t duration;	/* chapters: seconds of the audio; -1: not
				 * known */
};

struct doctor;

/* now: by which certificates are judged. */
struct doctor *doctor_open(int64_t now, struct findings *to);
void doctor_close(struct doctor *d);	/* NULL is allowed */

/* An address is looked at once; false: it was added before, or is no http or
 * https address. */
bool doctor_add(struct doctor *d, const struct doctor_file *f);

/* Asks for all of them at once, with HEAD and GET; of audio and pictures no
 * more than the beginning. What is found goes to the findings, in the order in
 * which the files were added, with these rules:
 *
 * media-gone		the server has no such file, or does not let us have it
 * media-silent		no answer
 * media-head		HEAD is not answered as GET is
 * media-ranges		a part of the file cannot be had
 * media-length		sizes that disagree
 * media-type		types that disagree
 * media-image		a picture that directories do not take
 * media-transcript	a transcript that cannot be read
 * media-cors		a transcript or chapters file that web players may not
 *			read (warning)
 * media-chapters	a chapters file that cannot be used
 * media-certificate	it is soon not valid any more (warning)
 *
 * What a server does wrong for many files is told for the first of them, with
 * the number of the others. Errors of the network have their kind, all other
 * errors are ERR_INPUT. -1: see http_many_run(). */
int doctor_run(struct doctor *d, const struct http_many_limits *limits,
    struct err *err);

/* Measures a local file: -16 LUFS and 1 more or less, one channel alone -19,
 * as in both it plays 3 LU louder; true peak under -1 dB. Warnings
 * "media-loudness" and "media-peak"; an error where it cannot be decoded. */
void doctor_loudness(const struct doctor_file *f, const char *path,
    struct findings *to);

/* Of that kind were added. */
size_t doctor_count(const struct doctor *d, enum doctor_kind kind);

#endif
