/*
 * How often something may be done: "20/s", "600/m", "5000/h", "50000/d".
 */
#ifndef BASE_RATE_H
#define BASE_RATE_H

#include <stdint.h>

#define RATE_WANTED "a number and /s, /m, /h or /d, from 1/h to 1000/s, such " \
	"as 20/s"

/* Times an hour, from 1 (24 a day) to 1000 a second. 0, or -1: it is none. */
int rate_parse(const char *text, int64_t *an_hour);

#endif
