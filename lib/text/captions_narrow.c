/* Transcripts with lines as long as players show them. */
#include <string.h>

#include "text/captions_int.h"
#include "text/utf8.h"

#define VTT_COLUMNS 65	/* Apple, "Transcripts on Apple Podcasts" */
#define SRT_COLUMNS 32	/* podcast-namespace, transcripts/transcripts.md */
#define SRT_LINES 2

/* Characters up to the next blank or the end of the line. */
static size_t
word_width(const char *s)
{
	size_t n = 0;

	for (; *s != '\0' && *s != ' ' && *s != '\n'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

/* Blanks at which a line is full become the ends of lines. used: characters
 * that stand before the text. The number of lines. */
static size_t
break_lines(char *text, size_t used, size_t columns)
{
	size_t lines = 1;
	char *p;

	for (p = text; *p != '\0'; p++) {
		if (*p == '\n' || (*p == ' ' && p > text && p[-1] != ' ' &&
		    p[1] != ' ' && p[1] != '\n' && p[1] != '\0' &&
		    used + 1 + word_width(p + 1) > columns)) {
			*p = '\n';
			lines++;
			used = 0;
		} else {
			used += ((unsigned char)*p & 0xc0) != 0x80;
		}
	}
	return lines;
}

static const char *
narrow(struct arena *a, const struct caption *cue, bool vtt)
{
	char *text = arena_strdup(a, cue->text);
	size_t used = vtt || cue->speaker == NULL ? 0 :
	    utf8_count(cue->speaker) + strlen(": ");
	size_t lines = break_lines(text, used, vtt ? VTT_COLUMNS :
	    SRT_COLUMNS);

	return vtt || lines <= SRT_LINES ? text : cue->text;
}

int
captions_write_narrow(const struct captions *c, enum captions_format format,
    struct buf *out, unsigned *lost, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct err ignored = ERR_INIT;
	struct captions copy = *c;
	struct caption *cues = arena_array(&a, c->n, sizeof(*cues));
	size_t begin = out->len, i;
	unsigned now = 1;
	bool done;

	for (i = 0; i < c->n; i++) {
		cues[i] = c->cues[i];
		cues[i].text = narrow(&a, &c->cues[i], format == CAPTIONS_VTT);
	}
	copy.cues = cues;
	done = format != CAPTIONS_JSON && captions_write(&copy, format, out,
	    &now, &ignored) == 0 && now == 0;
	arena_release(&a);
	if (done) {
		*lost = 0;
		return 0;
	}
	buf_truncate(out, begin);
	return captions_write(c, format, out, lost, err);
}
