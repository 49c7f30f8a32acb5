#include "show/media_loudness.h"

#include <math.h>

#include <ebur128.h>

#include "show/media_decode.h"

/* The histogram keeps memory the same for a file of any length, and is exact
 * to 0.05 LU. */
#define MODE (EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK | EBUR128_MODE_HISTOGRAM)

struct meter {
	ebur128_state *state;
	unsigned rate, channels;
	unsigned first_channels;
	double peak;		/* 1: full scale */
	double seconds;
};

/* The peaks so far: a channel that ends takes its own along. */
static void
keep_peaks(struct meter *m)
{
	double peak;
	unsigned c;

	for (c = 0; m->state != NULL && c < m->channels; c++)
		if (ebur128_true_peak(m->state, c, &peak) == EBUR128_SUCCESS &&
		    peak > m->peak)
			m->peak = peak;
}

/* Fits the meter to what comes. */
static int
tune(struct meter *m, const struct media_pcm *p)
{
	int rc = EBUR128_SUCCESS;

	if (m->state == NULL) {
		m->state = ebur128_init(p->channels, p->rate, MODE);
		m->first_channels = p->channels;
		rc = m->state == NULL ? EBUR128_ERROR_NOMEM : EBUR128_SUCCESS;
	} else if (p->rate != m->rate || p->channels != m->channels) {
		keep_peaks(m);
		rc = ebur128_change_parameters(m->state, p->channels, p->rate);
	}
	m->rate = p->rate;
	m->channels = p->channels;
	return rc == EBUR128_SUCCESS ? 0 : -1;
}

static int
measure(void *ctx, const struct media_pcm *p, struct err *err)
{
	struct meter *m = ctx;

	if (tune(m, p) != 0)
		return err_set(err, ERR_INPUT, "%u channels of %u Hz cannot be "
		    "measured", p->channels, p->rate);
	if (ebur128_add_frames_float(m->state, p->samples, p->frames) !=
	    EBUR128_SUCCESS)
		return err_set(err, ERR_INTERNAL,
		    "libebur128 is out of memory");
	m->seconds += (double)p->frames / p->rate;
	return 0;
}

int
media_loudness_file(const char *path, struct media_loudness *out,
    struct err *err)
{
	struct meter m = { .state = NULL };
	int rc = media_decode(path, measure, &m, err);
	double lufs = -HUGE_VAL;

	if (rc == 0) {
		keep_peaks(&m);
		ebur128_loudness_global(m.state, &lufs);
		*out = (struct media_loudness){ .silent = !isfinite(lufs),
			.lufs = lufs, .channels = m.first_channels,
			.peak = m.peak > 0 ? 20 * log10(m.peak) : -HUGE_VAL,
			.decoded_ms = (int64_t)llround(m.seconds * 1000) };
	}
	if (m.state != NULL)
		ebur128_destroy(&m.state);
	return rc;
}
