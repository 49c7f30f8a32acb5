/* A clock that only goes forward: for spans and for waiting, not for dates. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Microseconds since some moment in the past, the same one for all of the
 * machine (CLOCK_MONOTONIC). From any thread. */
int64_t clock_us(void);
int64_t clock_ms(void);		/* milliseconds of the same */

#endif
