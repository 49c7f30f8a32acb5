/* Transcripts written from cues, and what that loses. */
#include <string.h>

#include "text/captions_int.h"

static void
put_time(struct buf *out, int64_t ms, char point)
{
	buf_addf(out, "%02lld:%02d:%02d%c%03d", (long long)(ms / 3600000),
	    (int)(ms / 60000 % 60), (int)(ms / 1000 % 60), point,
	    (int)(ms % 1000));
}

static const char *
escaped(char c)
{
	return c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" :
	    NULL;
}

/* An empty line would end the cue, and an arrow begin one. */
static void
put_text(struct buf *out, const char *s, bool escape)
{
	size_t begin = out->len;

	for (; *s != '\0'; s++) {
		if (*s == '\n' || *s == '\r') {
			if (out->len > begin &&
			    out->data[out->len - 1] != '\n')
				buf_addc(out, '\n');
		} else if (!escape && strncmp(s, "-->", 3) == 0) {
			buf_adds(out, "- ->");
			s += 2;
		} else if (escape && escaped(*s) != NULL) {
			buf_adds(out, escaped(*s));
		} else {
			buf_addc(out, *s);
		}
	}
	if (out->len > begin && out->data[out->len - 1] == '\n')
		buf_truncate(out, out->len - 1);
}

static void
put_speaker(struct buf *out, const char *speaker, bool vtt)
{
	buf_adds(out, vtt ? "<v " : "");
	put_text(out, speaker, vtt);
	/* The tag's end would make an arrow of it. */
	if (vtt && out->data[out->len - 1] == '-') {
		buf_truncate(out, out->len - 1);
		buf_adds(out, "&#45;");
	}
	buf_adds(out, vtt ? ">" : ": ");
}

static int64_t
end_of(const struct captions *c, size_t i)
{
	return c->cues[i].end_ms >= 0 ? c->cues[i].end_ms :
	    c->cues[i + 1 < c->n ? i + 1 : i].start_ms;
}

static void
put_cues(const struct captions *c, bool vtt, struct buf *out)
{
	char point = vtt ? '.' : ',';
	const struct caption *cue;
	size_t i;

	if (vtt)
		buf_adds(out, "WEBVTT\n\n");
	for (i = 0; i < c->n; i++) {
		cue = &c->cues[i];
		if (i > 0)
			buf_addc(out, '\n');
		if (!vtt)
			buf_addf(out, "%zu\n", i + 1);
		put_time(out, cue->start_ms, point);
		buf_adds(out, " --> ");
		put_time(out, end_of(c, i), point);
		buf_addc(out, '\n');
		if (cue->speaker != NULL)
			put_speaker(out, cue->speaker, vtt);
		put_text(out, cue->text, vtt);
		buf_addc(out, '\n');
	}
}

/* Whether all that is another in plain is that the speaker is a part of its
 * text. */
static bool
is_in_text(const struct caption *named, const struct caption *plain)
{
	size_t n = named->speaker == NULL ? 0 : strlen(named->speaker);

	return n > 0 && plain->speaker == NULL &&
	    strncmp(plain->text, named->speaker, n) == 0 &&
	    strncmp(plain->text + n, ": ", 2) == 0 &&
	    strcmp(plain->text + n + 2, named->text) == 0;
}

static unsigned
differ(const struct caption *x, const struct caption *y)
{
	unsigned lost = 0;

	if (x->start_ms != y->start_ms || x->end_ms != y->end_ms)
		lost |= CAPTIONS_LOST_TIMES;
	if ((x->speaker == NULL) != (y->speaker == NULL) ||
	    (x->speaker != NULL && strcmp(x->speaker, y->speaker) != 0))
		lost |= CAPTIONS_LOST_SPEAKERS;
	if (strcmp(x->text, y->text) != 0 && !is_in_text(x, y) &&
	    !is_in_text(y, x))
		lost |= CAPTIONS_LOST_TEXT;
	return lost;
}

int
captions_write(const struct captions *c, enum captions_format format,
    struct buf *out, unsigned *lost, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct captions back;
	size_t i, begin = out->len;
	int rc = -1;

	if (format == CAPTIONS_JSON)
		captions_put_json(c, out);
	else if (format == CAPTIONS_VTT || format == CAPTIONS_SRT)
		put_cues(c, format == CAPTIONS_VTT, out);
	else
		return err_set(err, ERR_INTERNAL, "cues cannot be written as "
		    "%s", captions_format_name(format));
	if (buf_check(out, "the transcript", err) != 0 ||
	    captions_read(&a, out->data + begin, out->len - begin, format,
	    &back, err) != 0)
		goto out;
	*lost = back.n == c->n ? 0 : CAPTIONS_LOST_CUES;
	for (i = 0; i < c->n && i < back.n; i++)
		*lost |= differ(&c->cues[i], &back.cues[i]);
	rc = 0;
out:
	arena_release(&a);
	return rc;
}

const char *
captions_lost_words(struct arena *a, unsigned lost)
{
	static const struct {
		unsigned bit;
		const char *what;
	} all[] = {
		{ CAPTIONS_LOST_SPEAKERS, "who speaks" },
		{ CAPTIONS_LOST_TIMES, "that some cues have no end" },
		{ CAPTIONS_LOST_TEXT, "blank lines, blanks at the "
		    "ends, or words in brackets" },
		{ CAPTIONS_LOST_CUES, "some cues" },
	};
	const char *text = "";
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if ((lost & all[i].bit) != 0)
			text = arena_printf(a, "%s%s%s", text,
			    text[0] != '\0' ? "; " : "", all[i].what);
	return text;
}
