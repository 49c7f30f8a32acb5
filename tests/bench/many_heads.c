/*
 * many_heads URL COUNT CONNECTIONS [CA_FILE]: so many HEAD requests at once
 * by http_many; prints the seconds that they took. What fails is told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/http_many.h"
#include "base/mem.h"

static unsigned failed;

static void
on_done(void *ctx, const struct http_answer *a, const struct err *err)
{
	(void)ctx;
	(void)a;
	if (err != NULL && failed++ == 0)
		fprintf(stderr, "many_heads: %s\n", err->msg);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
run(struct http_many *m, const char *url, long count, struct err *err)
{
	struct http_ask ask = { .head = true, .to = -1, .done = on_done };
	char each[1024];
	long i;

	ask.url = each;
	for (i = 0; i < count; i++) {
		snprintf(each, sizeof each, "%s?%ld", url, i);
		http_many_add(m, &ask);
	}
	return http_many_run(m, err);
}

int
main(int argc, char **argv)
{
	struct http_many_limits limits = { .timeout = 60 };
	struct err err = ERR_INIT;
	struct http_many *m;
	double began;
	int rc;

	if (argc < 4 || http_global_init(&err) != 0)
		return 64;
	limits.connections = (unsigned)strtoul(argv[3], NULL, 10);
	limits.per_host = limits.connections;
	limits.ca_file = argc > 4 ? argv[4] : NULL;
	began = seconds();
	m = http_many_open(&limits, &err);
	if (m == NULL)
		return 70;
	rc = run(m, argv[1], strtol(argv[2], NULL, 10), &err);
	http_many_close(m);
	printf("%.3f\n", seconds() - began);
	http_global_release();
	return rc == 0 && failed == 0 ? 0 : 69;
}
