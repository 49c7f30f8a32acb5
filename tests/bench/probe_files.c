/*
 * Our probe, as a program: `probe_files THREADS FILE...` (THREADS 0: as many
 * as media_probe_many takes). Prints the seconds of all files together.
 */
#include <stdio.h>
#include <stdlib.h>

#include "show/media_probe.h"

struct sum {
	double seconds;
	size_t failed;
};

static void
add(void *ctx, size_t i, const struct media_facts *facts,
    const struct err *err)
{
	struct sum *s = ctx;

	(void)i;
	(void)err;
	if (facts == NULL || facts->duration_ms < 0)
		s->failed++;
	else
		s->seconds += (double)facts->duration_ms / 1000;
}

int
main(int argc, char **argv)
{
	struct sum sum = { 0, 0 };

	if (argc < 3)
		return 64;
	media_probe_many((const char *const *)(const void *)(argv + 2),
	    (size_t)(argc - 2), (unsigned)strtoul(argv[1], NULL, 10), add,
	    &sum);
	printf("%.1f\n", sum.seconds);
	return sum.failed == 0 ? 0 : 65;
}
