/*
 * How fast something goes: over the last samples of how much was done when.
 */
#ifndef CMD_SPEED_H
#define CMD_SPEED_H

#include <stddef.h>
#include <stdint.h>

#define SPEED_MAX 64

/* Times are milliseconds of clock_ms(). */
struct speed {
	int64_t per;	/* the time for which a speed is given, such as a
			 * minute */
	int64_t step;	/* no samples are closer together; before half of it
			 * has passed, no speed is known */
	int64_t span;	/* no sample is older; 0: whatever its age */
	size_t most;	/* samples, SPEED_MAX at most */
	struct { int64_t at; size_t done; } sample[SPEED_MAX];
	size_t n;
};

/* Notes how much was done at a time. How much is done in `per`; 0: not known
 * yet, or nothing moves. */
int64_t speed_note(struct speed *s, int64_t at, size_t done);

#endif
