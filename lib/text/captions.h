/*
 * Transcripts with times: WebVTT (W3C), SubRip and the JSON of the podcast
 * namespace, read into cues and written from them. HTML and plain text are
 * transcripts too; they are told apart, but have no cues.
 */
#ifndef TEXT_CAPTIONS_H
#define TEXT_CAPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define CAPTIONS_MAX ((size_t)16 << 20)		/* bytes of a file */
#define CAPTIONS_MS_MAX ((int64_t)9999 * 3600000 + 3599999)

enum captions_format {
	CAPTIONS_NONE,
	CAPTIONS_VTT,
	CAPTIONS_SRT,
	CAPTIONS_JSON,
	CAPTIONS_HTML,
	CAPTIONS_TEXT
};

struct caption {
	int64_t start_ms;
	int64_t end_ms;		/* not before the start; -1: not said (JSON) */
	const char *speaker;	/* NULL: not said here */
	const char *text;	/* UTF-8, lines parted by LF, no markup */
	unsigned line;		/* where it stands in the file; 0: made by us */
};

struct captions {
	enum captions_format format;
	const struct caption *cues;	/* by start; equal ones stay in order */
	size_t n;
};

/* The format of a MIME type (parameters are passed over), or CAPTIONS_NONE. */
enum captions_format captions_format_of(const char *type);

/* "WebVTT", "SubRip" and so on, for messages. */
const char *captions_format_name(enum captions_format format);
/* The format of a file's ending without the dot: vtt, srt, json, html, txt; or
 * CAPTIONS_NONE. */
enum captions_format captions_format_of_ending(const char *ending);
/* That ending, and the MIME type that the podcast namespace has for it. NULL
 * for CAPTIONS_NONE. */
const char *captions_ending(enum captions_format format);
const char *captions_type(enum captions_format format);

/* What a text is, by its beginning: WEBVTT, a brace or bracket, a tag of HTML,
 * a number and a time, or anything. */
enum captions_format captions_recognise(const char *data, size_t len);

/* Reads a transcript. want: what it has to be (CAPTIONS_NONE: whatever it is);
 * what is served as text/plain may be anything but HTML. All of out is in the
 * arena. HTML and plain text give no cues. ERR_INPUT with the line:
 * - it is larger than CAPTIONS_MAX, no UTF-8, or has a NUL
 * - it is something else than wanted (an HTML page is what servers answer
 *   when a file is not there), or no cue is in it
 * - a time is not written as the format has it, a cue ends before it begins,
 *   or begins before the one in front of it
 * - text that players would pass over: a block of WebVTT without a time, a '<'
 *   without an end
 *
 * Kept are the words, their times and who says them. Of WebVTT the names of
 * cues, their settings, NOTE, STYLE, REGION and all tags but <v> are passed
 * over, what is in brackets and no tag of WebVTT is text; a cue in which
 * several speak becomes several of the same time. Of SubRip the numbers and
 * <i>, <b>, <u>, <font> are passed over; a blank line inside a text stays
 * when no new cue follows it. A cue without a word is left out. JSON: times
 * are rounded to milliseconds, other keys passed over.
 *
 * SubRip has no way to tell who speaks but "Name: " at the front of a text,
 * which other text may have too. It is taken for a name (one to four words
 * with capitals, 40 bytes) when the first cue has one, or when the same is
 * there twice. */
int captions_read(struct arena *a, const char *data, size_t len,
    enum captions_format want, struct captions *out, struct err *err);

/* What a format could not hold, found by reading back what was written. */
#define CAPTIONS_LOST_CUES	1u	/* other cues than before */
#define CAPTIONS_LOST_TIMES	2u	/* an end that was not said */
#define CAPTIONS_LOST_SPEAKERS	4u
#define CAPTIONS_LOST_TEXT	8u	/* blank lines, blanks at the ends */

/* Adds the cues to out as WebVTT, SubRip or JSON. JSON holds all of a cue. The
 * others need an end: of a cue without, it is where the next one begins, and
 * for the last one its own beginning. lost: bits of the above; 0: reading it
 * gives the same cues. Cues that could not be read back (times out of order)
 * are ERR_INPUT. */
int captions_write(const struct captions *c, enum captions_format format,
    struct buf *out, unsigned *lost, struct err *err);
/* As captions_write(), with lines as long as players show them: 65 characters
 * in WebVTT, and two lines of 32 in SubRip, with the speaker's name. A blank
 * becomes the end of a line; nothing else changes. A text that would need more
 * lines than two in SubRip, or that could not be read back so, stays as it
 * is. */
int captions_write_narrow(const struct captions *c,
    enum captions_format format, struct buf *out, unsigned *lost,
    struct err *err);
/* What is lost, in words: "who speaks; some cues". */
const char *captions_lost_words(struct arena *a, unsigned lost);

#endif
