/* SubRip, of which there is no standard: as the podcast namespace describes
 * it, and as players read it. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "text/captions_int.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define NAME_MAX_BYTES 40
#define NAME_MAX_WORDS 4

/* ---- who speaks ---- */

/* A byte of a character above ASCII counts as a letter: scripts without
 * capitals have names, too. */
static bool
begins_word(char c, bool first)
{
	return (c & 0x80) != 0 || isupper((unsigned char)c) ||
	    (!first && isdigit((unsigned char)c));
}

static bool
is_name_char(char c)
{
	return (c & 0x80) != 0 || isalnum((unsigned char)c) ||
	    strchr(".'-_", c) != NULL;
}

/* Bytes of the name that text begins with, a colon and a blank behind it; 0:
 * none. */
static size_t
name_len(const char *text)
{
	size_t i = 0, words = 0;

	for (;;) {
		if (!begins_word(text[i], words == 0) ||
		    ++words > NAME_MAX_WORDS)
			return 0;
		while (text[i] != '\0' && is_name_char(text[i]))
			i++;
		if (i > NAME_MAX_BYTES)
			return 0;
		if (text[i] != ' ')
			break;
		i++;
	}
	return text[i] == ':' && (text[i + 1] == ' ' || text[i + 1] == '\n') &&
	    text[i + 2] != '\0' ? i : 0;
}

/* Whether texts of this file begin with names. */
static bool
has_names(const struct captions_draft *d)
{
	const char *seen[32];
	size_t i, k, n, count = 0;

	if (d->n > 0 && name_len(d->cues[0].text) > 0)
		return true;
	for (i = 1; i < d->n; i++) {
		n = name_len(d->cues[i].text);
		if (n == 0)
			continue;
		for (k = 0; k < count; k++)
			if (strncmp(seen[k], d->cues[i].text, n + 1) == 0)
				return true;
		if (count < COUNT(seen))
			seen[count++] = d->cues[i].text;
	}
	return false;
}

static void
take_names(struct captions_draft *d)
{
	struct caption *cue;
	size_t n;

	for (cue = d->cues; cue < d->cues + d->n; cue++) {
		n = name_len(cue->text);
		if (n == 0)
			continue;
		cue->speaker = arena_strndup(d->a, cue->text, n);
		for (n++; cue->text[n] == ' ' || cue->text[n] == '\n'; n++)
			;
		cue->text += n;
	}
}

/* ---- cues ---- */

/* Bytes of the tag at s that is only about looks; 0: it is text. */
static size_t
looks(const char *s, size_t len)
{
	static const char *const tags[] = { "i", "b", "u", "font" };
	const char *close = memchr(s, '>', len < 200 ? len : 200);
	size_t i, n, at = len > 1 && s[1] == '/' ? 2 : 1;

	if (close == NULL)
		return 0;
	for (i = 0; i < COUNT(tags); i++) {
		n = strlen(tags[i]);
		if (at + n < len && strncasecmp(s + at, tags[i], n) == 0 &&
		    (s[at + n] == '>' || (s[at + n] == ' ' && n > 1)))
			return (size_t)(close - s) + 1;
	}
	return 0;
}

static void
add_line(struct buf *out, const struct captions_line *l)
{
	size_t i = 0, n;

	while (i < l->len) {
		n = l->s[i] == '<' ? looks(l->s + i, l->len - i) : 0;
		if (n == 0)
			buf_addc(out, l->s[i++]);
		i += n;
	}
	buf_addc(out, '\n');
}

/* Takes the text: until a cue begins or the file ends. Blank lines inside of
 * it become one. */
static void
take_lines(struct captions_draft *d)
{
	struct captions_line l;
	bool blank = false;

	buf_clear(&d->text);
	while (!captions_begins_cue(d) && captions_take(d, &l)) {
		if (captions_blank(&l)) {
			blank = true;
			continue;
		}
		if (blank && d->text.len > 0)
			buf_addc(&d->text, '\n');
		blank = false;
		add_line(&d->text, &l);
	}
}

int
captions_srt(struct captions_draft *d)
{
	struct captions_line l;
	struct caption cue;

	while (captions_take(d, &l)) {
		if (!captions_is_time(&l))
			continue;	/* its number, or blank lines at
					 * first */
		cue = (struct caption){ .line = d->line };
		if (captions_times(d, &l, ",.", true, &cue.start_ms,
		    &cue.end_ms) != 0)
			return -1;
		take_lines(d);
		if (captions_add(d, cue, d->text.data, d->text.len, true) != 0)
			return -1;
	}
	if (has_names(d))
		take_names(d);
	return 0;
}
