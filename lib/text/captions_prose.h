/*
 * Transcripts for people who read: cues put together to paragraphs, and those
 * as HTML and plain text. Neither can be made into cues again: lost are the
 * ends of cues, and when each of them begins; in plain text all times.
 */
#ifndef TEXT_CAPTIONS_PROSE_H
#define TEXT_CAPTIONS_PROSE_H

#include "text/captions.h"

struct captions_paragraph {
	int64_t start_ms;
	const char *speaker;	/* NULL: the one before goes on, or nobody
				 * knows */
	const char *text;	/* one line */
};

/* Puts cues of one speaker together, who also speaks where a cue names none.
 * Another one begins a new paragraph; so does a cue 20 seconds behind the
 * paragraph's beginning where a sentence has ended, or 30 at any place. Lines
 * and cues are joined with a blank, but not between two characters of a
 * script that has none (Chinese, Japanese). The number; all in the arena. */
size_t captions_paragraphs(struct arena *a, const struct captions *c,
    struct captions_paragraph **out);

/* A page of its own in the form of the podcast namespace
 * (transcripts/transcripts.md): <cite> with the speaker, <time>, <p>. language:
 * of the words (RFC 5646). */
void captions_html(const struct captions *c, const char *title,
    const char *language, struct buf *out);
/* "Speaker: words", paragraphs parted by an empty line. */
void captions_plain(const struct captions *c, struct buf *out);

#endif
