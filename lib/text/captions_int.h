/* Private to the reading and writing of transcripts. */
#ifndef TEXT_CAPTIONS_INT_H
#define TEXT_CAPTIONS_INT_H

#include <stdbool.h>

#include "text/captions.h"

/* A transcript while it is read. */
struct captions_draft {
	struct arena *a;
	const char *p, *end;	/* what is not read yet */
	unsigned line;		/* of the line that was taken last */
	struct caption *cues;	/* malloc'd */
	size_t n, cap;
	struct buf text;	/* for building one text */
	struct err *err;
};

struct captions_line {
	const char *s;
	size_t len;
};

/* Takes the next line, which ends with CR, LF, both, or the file. */
bool captions_take(struct captions_draft *d, struct captions_line *out);
/* As captions_take, and leaves it there. */
bool captions_peek(const struct captions_draft *d, struct captions_line *out);
bool captions_blank(const struct captions_line *l);
bool captions_is_time(const struct captions_line *l);	/* has an arrow */
/* Whether a cue of SubRip comes next: its times, or a number and then its
 * times. */
bool captions_begins_cue(const struct captions_draft *d);

/* Reads the line of times that was just taken. points: the characters that may
 * stand before the milliseconds; hours: whether they must be there. */
int captions_times(struct captions_draft *d, const struct captions_line *l,
    const char *points, bool hours, int64_t *start, int64_t *end);

/* Adds a cue, text copied, unless it has no word. trim: without blanks at its
 * ends. */
int captions_add(struct captions_draft *d, struct caption cue, const char *text,
    size_t len, bool trim);

/* ERR_INPUT with the line; -1. */
int captions_wrong(struct captions_draft *d, unsigned line,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

int captions_vtt(struct captions_draft *d);
int captions_srt(struct captions_draft *d);
int captions_json(struct captions_draft *d);

void captions_put_json(const struct captions *c, struct buf *out);

#endif
