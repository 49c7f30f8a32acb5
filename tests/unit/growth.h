/*
 * Time that must not grow faster than the input. No second is asked for: how
 * much longer eight times as much takes is the same on any machine.
 */
#ifndef TESTS_UNIT_GROWTH_H
#define TESTS_UNIT_GROWTH_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

static inline double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* work() does it for an input of that size. Eight times as much takes eight
 * times as long where the time is linear, 22 times where it goes by the power
 * of one and a half, 64 times where it is a square: more than 20 times, in
 * three tries of three, is a failure. What is soon over is not measured well,
 * and no square of much. */
static inline void
assert_linear(const char *what, void (*work)(size_t size, const void *ctx),
    const void *ctx, size_t size)
{
	double begun, small = 0, large = 0;
	int i;

	for (i = 0; i < 3; i++) {
		begun = cpu_seconds();
		work(size / 8, ctx);
		small = cpu_seconds() - begun;
		begun = cpu_seconds();
		work(size, ctx);
		large = cpu_seconds() - begun;
		if (large < 0.3 || large < 20 * small)
			return;
	}
	fail_msg("%s: %.2f s for %zu, %.2f s for %zu", what, small, size / 8,
	    large, size);
}

#endif
