#include "show/mailing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* `run`, `week`, or how many episodes. */
static void
take_every(struct show_digest *d, const struct options *o,
    struct findings *to)
{
	const char *text = options_text(o, "digest_every");
	char *end;
	long n = strtol(text, &end, 10);

	d->weekly = strcmp(text, "week") == 0;
	d->every = 1;
	if (d->weekly || strcmp(text, "run") == 0)
		return;
	if (*text < '0' || *text > '9' || *end != '\0' || n < 1 || n > 100)
		finding_add(to, SEV_ERROR, "option-value", o->file,
		    options_line(o, "digest_every"), "digest_every = `%s`: it "
		    "wants `run`, `week`, or a number of episodes from 1 to "
		    "100", text);
	else
		d->every = (size_t)n;
}

/* Of a component of sRGB, 0 to 255 (WCAG 2.1, relative luminance). */
static double
linear(long c)
{
	double v = (double)c / 255;

	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

/* White words stand on it. */
static void
check_accent(const struct show *s, const struct options *o,
    struct findings *to)
{
	long rgb = strtol(s->accent + 1, NULL, 16);
	double light = 0.2126 * linear(rgb >> 16) +
	    0.7152 * linear(rgb >> 8 & 255) + 0.0722 * linear(rgb & 255);
	double contrast = 1.05 / (light + 0.05);

	/* For large or bold words (WCAG 2.1, 1.4.3). */
	if (contrast < 3)
		finding_add(to, SEV_WARNING, "accent-contrast", o->file,
		    options_line(o, "accent"), "accent = `%s`: the white "
		    "words on it can hardly be read (contrast %.1f, and 3 is "
		    "the least); take a darker colour", s->accent, contrast);
}

static void
take_shows(struct show *s, const struct options *o, struct findings *to)
{
	size_t i, k;

	s->digest.nshows = options_number_of(o, "digest_show");
	s->digest.shows = arena_array(&s->arena, s->digest.nshows,
	    sizeof(*s->digest.shows));
	for (i = 0; i < s->digest.nshows; i++) {
		s->digest.shows[i] = options_at(o, "digest_show", i);
		for (k = 0; k < i; k++)
			if (strcmp(s->digest.shows[k],
			    s->digest.shows[i]) == 0)
				finding_add(to, SEV_ERROR, "option-value",
				    o->file, options_line_at(o, "digest_show",
				    i), "digest_show: `%s` is named already",
				    s->digest.shows[i]);
	}
}

static void
take_hours(struct show_digest *d, const struct options *o,
    struct findings *to)
{
	const char *at = options_text(o, "send_at");
	const char *quiet = options_text(o, "quiet_hours");

	d->send_at = d->quiet_from = d->quiet_to = -1;
	if (at != NULL) {
		d->send_at = options_clock_at(at);
		d->send_local = d->send_at >= 0 &&
		    strcmp(at + 5, " local") == 0;
		if (d->send_at < 0 || (at[5] != '\0' && !d->send_local))
			finding_add(to, SEV_ERROR, "option-value", o->file,
			    options_line(o, "send_at"), "send_at = `%s`: it "
			    "wants a time of day such as 09:00, or 09:00 "
			    "local", at);
	}
	if (quiet != NULL) {
		d->quiet_from = options_clock_at(quiet);
		if (d->quiet_from >= 0 && quiet[5] == '-')
			d->quiet_to = options_clock_at(quiet + 6);
		if (d->quiet_to >= 0 && d->quiet_from == d->quiet_to)
			finding_add(to, SEV_ERROR, "option-value", o->file,
			    options_line(o, "quiet_hours"), "quiet_hours = "
			    "`%s`: the two times must differ; take the key "
			    "out where no hour is quiet", quiet);
		else if (d->quiet_to < 0 || quiet[11] != '\0')
			finding_add(to, SEV_ERROR, "option-value", o->file,
			    options_line(o, "quiet_hours"), "quiet_hours = "
			    "`%s`: it wants two times of day such as "
			    "22:00-07:00", quiet);
	}
}

static void
take_canaries(struct show *s, const struct options *o)
{
	struct show_digest *d = &s->digest;
	size_t i;

	d->ncanary = options_number_of(o, "canary");
	d->canary = arena_array(&s->arena, d->ncanary + 1,
	    sizeof(*d->canary));
	for (i = 0; i < d->ncanary; i++)
		d->canary[i] = options_at(o, "canary", i);
}

void
mailing_options(struct show *s, const struct options *o, struct findings *to)
{
	struct show_digest *d = &s->digest;

	d->list = options_text(o, "list");
	if (d->list == NULL)
		d->list = s->slug;
	d->from = options_text(o, "digest_from");
	d->reply_to = options_text(o, "digest_reply_to");
	d->list_id = options_text(o, "list_id");
	d->unsubscribe_mailto = options_text(o, "unsubscribe_mailto");
	d->unsubscribe_url = options_text(o, "unsubscribe_url");
	d->preferences_url = options_text(o, "preferences_url");
	d->archive_url = options_text(o, "archive_url");
	d->archive = options_text(o, "archive");
	d->help_url = options_text(o, "help_url");
	d->feedback_id = options_text(o, "feedback_id");
	d->inline_images = strcmp(options_text(o, "images"), "inline") == 0;
	d->postal_address = options_text(o, "postal_address");
	d->friend_fallback = options_text(o, "friend_fallback");
	d->template = options_text(o, "digest_template");
	d->window = options_span(o, "window");
	d->late_after = options_text(o, "late_after") == NULL ? 0 :
	    options_span(o, "late_after");
	d->editions = options_text(o, "editions");
	take_every(d, o, to);
	check_accent(s, o, to);
	take_shows(s, o, to);
	take_hours(d, o, to);
	take_canaries(s, o);
}
