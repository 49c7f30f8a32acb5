/* The JSON transcripts of the podcast namespace. The file is gone through by
 * hand and jansson reads the pieces, so that no tree of the whole is in memory
 * and the line of each segment is known. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "text/captions_int.h"

/* The largest segment or other value. */
#define PIECE_MAX ((size_t)256 << 10)

/* Passes over white space; the next character, or 0 at the end. */
static char
next(struct captions_draft *d)
{
	for (; d->p < d->end; d->p++) {
		if (*d->p == '\n')
			d->line++;
		else if (*d->p != ' ' && *d->p != '\t' && *d->p != '\r')
			return *d->p;
	}
	return '\0';
}

/* Takes that character, or tells what is there instead. */
static int
expect(struct captions_draft *d, char c)
{
	char is = next(d);

	if (is != c)
		return captions_wrong(d, d->line, is == '\0' ? "the JSON is "
		    "cut off: a '%c' is missing" :
		    "the JSON is broken: here has to be a '%c'", c);
	d->p++;
	return 0;
}

/* Reads the value at the front; d->line goes on. NULL: an error. */
static json_t *
piece(struct captions_draft *d)
{
	size_t left, n;
	json_error_t e;
	json_t *j;

	if (next(d) == '\0') {
		captions_wrong(d, d->line,
		    "the JSON is cut off: a value is missing");
		return NULL;
	}
	left = (size_t)(d->end - d->p);
	n = left < PIECE_MAX ? left : PIECE_MAX;
	j = json_loadb(d->p, n, JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK |
	    JSON_REJECT_DUPLICATES, &e);
	if (j == NULL && n < left && (size_t)e.position + 8 >= n) {
		captions_wrong(d, d->line, "a value of the JSON is larger "
		    "than %zu bytes", PIECE_MAX);
		return NULL;
	}
	if (j == NULL) {
		captions_wrong(d, d->line + (e.line > 0 ?
		    (unsigned)e.line - 1 : 0), "the JSON is broken: %s",
		    e.text);
		return NULL;
	}
	for (n = (size_t)e.position; n > 0; n--)
		d->line += *d->p++ == '\n';
	return j;
}

/* Seconds as milliseconds; -1: it is no time. */
static int64_t
milliseconds(const json_t *j)
{
	double s = json_is_number(j) ? json_number_value(j) : -1;

	return s >= 0 && s * 1000 <= (double)CAPTIONS_MS_MAX ?
	    (int64_t)llround(s * 1000) : -1;
}

static int
take_segment(struct captions_draft *d, const json_t *j, unsigned line)
{
	const json_t *speaker = json_object_get(j, "speaker");
	const json_t *body = json_object_get(j, "body");
	const json_t *end = json_object_get(j, "endTime");
	struct caption cue = { .line = line, .end_ms = -1,
		.start_ms = milliseconds(json_object_get(j, "startTime")) };

	if (!json_is_object(j))
		return captions_wrong(d, line,
		    "a segment has to be { \"startTime\": 0, \"body\": … }");
	if (cue.start_ms < 0)
		return captions_wrong(d, line, "the segment has no startTime "
		    "in seconds, such as 0.5");
	if (end != NULL && !json_is_null(end)) {
		cue.end_ms = milliseconds(end);
		if (cue.end_ms < 0)
			return captions_wrong(d, line, "the segment's endTime "
			    "has to be seconds, such as 0.5");
	}
	if (!json_is_string(body))
		return captions_wrong(d, line,
		    "the segment has no text (\"body\")");
	if (speaker != NULL && !json_is_null(speaker) &&
	    !json_is_string(speaker))
		return captions_wrong(d, line,
		    "the segment's speaker has to be a text");
	if (json_string_length(speaker) > 0)
		cue.speaker = arena_strdup(d->a, json_string_value(speaker));
	return captions_add(d, cue, json_string_value(body),
	    json_string_length(body), false);
}

static int
take_segments(struct captions_draft *d)
{
	unsigned line;
	json_t *j;
	int rc;

	if (expect(d, '[') != 0)
		return -1;
	if (next(d) == ']')
		return expect(d, ']');
	for (;;) {
		next(d);
		line = d->line;
		j = piece(d);
		if (j == NULL)
			return -1;
		rc = take_segment(d, j, line);
		json_decref(j);
		if (rc != 0)
			return -1;
		if (next(d) != ',')
			return expect(d, ']');
		d->p++;
	}
}

/* A key and its value. */
static int
take_member(struct captions_draft *d, bool *segments)
{
	json_t *key, *value;
	bool ours;

	if (next(d) != '"')
		return expect(d, '"');
	key = piece(d);
	if (key == NULL)
		return -1;
	ours = strcmp(json_string_value(key), "segments") == 0;
	json_decref(key);
	if (expect(d, ':') != 0)
		return -1;
	if (ours && *segments)
		return captions_wrong(d, d->line, "\"segments\" is there "
		    "twice");
	if (ours) {
		*segments = true;
		return take_segments(d);
	}
	value = piece(d);
	json_decref(value);
	return value == NULL ? -1 : 0;
}

int
captions_json(struct captions_draft *d)
{
	bool segments = false;

	d->line = 1;
	if (expect(d, '{') != 0)
		return -1;
	if (next(d) != '}') {
		for (;;) {
			if (take_member(d, &segments) != 0)
				return -1;
			if (next(d) != ',')
				break;
			d->p++;
		}
	}
	if (expect(d, '}') != 0)
		return -1;
	if (next(d) != '\0')
		return captions_wrong(d, d->line,
		    "something follows the end of the JSON");
	return segments ? 0 : captions_wrong(d, 0, "this is no transcript: it "
	    "has no \"segments\"");
}

/* ---- writing ---- */

static void
put_string(struct buf *out, const char *s)
{
	json_t *j = json_string(s);
	char *text = j == NULL ? NULL : json_dumps(j, JSON_ENCODE_ANY);

	/* What is no UTF-8 has no form in JSON. */
	buf_adds(out, text == NULL ? "\"\"" : text);
	free(text);
	json_decref(j);
}

static void
put_seconds(struct buf *out, const char *key, int64_t ms)
{
	buf_addf(out, "      \"%s\": %lld.%03lld", key,
	    (long long)(ms / 1000), (long long)(ms % 1000));
}

void
captions_put_json(const struct captions *c, struct buf *out)
{
	size_t i;

	buf_adds(out, "{\n  \"version\": \"1.0.0\",\n  \"segments\": [");
	for (i = 0; i < c->n; i++) {
		buf_adds(out, i == 0 ? "\n    {\n" : ",\n    {\n");
		if (c->cues[i].speaker != NULL) {
			buf_adds(out, "      \"speaker\": ");
			put_string(out, c->cues[i].speaker);
			buf_adds(out, ",\n");
		}
		put_seconds(out, "startTime", c->cues[i].start_ms);
		buf_adds(out, ",\n");
		if (c->cues[i].end_ms >= 0) {
			put_seconds(out, "endTime", c->cues[i].end_ms);
			buf_adds(out, ",\n");
		}
		buf_adds(out, "      \"body\": ");
		put_string(out, c->cues[i].text);
		buf_adds(out, "\n    }");
	}
	buf_adds(out, "\n  ]\n}\n");
}
