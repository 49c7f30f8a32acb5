/*
 * Damaged media files of every kind: an answer, a doubt or an error within
 * bounded time; never a crash. SEED repeats a run, FUZZ_SECONDS (3) makes it
 * longer.
 */
#include <time.h>

#include "media_fixture.h"
#include "show/media_probe.h"

#define FILES_MAX 64
#define SLOW_S 60.0		/* what does not end takes longer */

static struct buf files[FILES_MAX];
static const char *names[FILES_MAX];
static size_t nfiles;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
load(const char *folder)
{
	struct err err = ERR_INIT;
	char **found;
	size_t n, i;

	if (fs_list(&arena, folder, &found, &n, &err) != 0)
		return;
	for (i = 0; i < n && nfiles < FILES_MAX; i++) {
		buf_init(&files[nfiles], 0);
		names[nfiles] = found[i];
		if (fs_read(fs_join(&arena, folder, found[i]), 4 << 20,
		    &files[nfiles], NULL, &err) == 0 &&
		    files[nfiles].len > 64)
			nfiles++;
	}
}

/* Bytes, runs of a value, pieces moved, and ends cut off; mostly near the
 * head or the end, where the tables are. */
static void
mutate(struct buf *b, unsigned *seed)
{
	unsigned n = 1 + (unsigned)rand_r(seed) % 12, i, k;
	size_t area = rand_r(seed) % 3 != 0 && b->len > 4096 ? 4096 : b->len;
	size_t base = rand_r(seed) % 4 == 0 ? b->len - area : 0, at, len;

	for (i = 0; i < n; i++) {
		at = base + (size_t)rand_r(seed) % area;
		len = 1 + (size_t)rand_r(seed) % 8;
		if (len > b->len - at)
			len = b->len - at;
		switch (rand_r(seed) % 4) {
		case 0:
			memset(b->data + at, rand_r(seed) % 2 == 0 ? 0xff : 0,
			    len);
			break;
		case 1:
			memmove(b->data + at, b->data + (size_t)rand_r(seed) %
			    (b->len - len + 1), len);
			break;
		default:
			for (k = 0; k < len / 4 + 1; k++)
				b->data[at + k < b->len ? at + k : at] =
				    (char)rand_r(seed);
		}
	}
	if (rand_r(seed) % 4 == 0)
		b->len = 1 + (size_t)rand_r(seed) % b->len;
}

static void
one(struct media_probe *p, unsigned seed, struct buf *work)
{
	struct arena a = ARENA_INIT;
	struct media_facts f;
	struct err err = ERR_INIT;
	unsigned s = seed;
	size_t which = (size_t)rand_r(&s) % nfiles;
	const char *path;
	double began;

	buf_clear(work);
	buf_add(work, files[which].data, files[which].len);
	mutate(work, &s);
	path = save("mutant", work);
	began = now();
	if (media_probe_file(p, path, &a, &f, &err) == 0) {
		assert_int_equal(f.length, work->len);
		assert_true(f.duration_ms >= -1);
		assert_true(f.nchapters == 0 || f.chapters != NULL);
	}
	if (now() - began > SLOW_S)
		fail_msg("SEED=%u (%s): %.1f s", seed, names[which],
		    now() - began);
	arena_release(&a);
}

static void
mutants(void **state)
{
	const char *shared = getenv("SHARED"), *given = getenv("SEED"),
	    *seconds = getenv("FUZZ_SECONDS");
	unsigned seed = given != NULL ? (unsigned)strtoul(given, NULL, 10) :
	    (unsigned)time(NULL);
	double end = now() + (seconds != NULL ? strtod(seconds, NULL) : 3);
	struct media_probe *p = media_probe_open();
	struct buf work;
	unsigned n = 0;
	FILE *log;

	(void)state;
	load(arena_printf(&arena, "%s/audio", shared != NULL ? shared :
	    "../shared"));
	load("tests/e2e/fixtures");
	if (getenv("FUZZ_DIR") != NULL)
		load(getenv("FUZZ_DIR"));
	assert_true(nfiles > 0);
	print_message("SEED=%u, %zu files\n", seed, nfiles);
	buf_init(&work, 0);
	log = getenv("FUZZ_LOG") != NULL ? fopen(getenv("FUZZ_LOG"), "we") :
	    NULL;
	do {
		if (log != NULL) {
			rewind(log);
			fprintf(log, "%010u\n", seed + n);
			fflush(log);
		}
		one(p, seed + n++, &work);
	} while (now() < end && given == NULL);
	print_message("%u mutants\n", n);
	if (log != NULL)
		fclose(log);
	buf_release(&work);
	while (nfiles > 0)
		buf_release(&files[--nfiles]);
	media_probe_close(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(mutants),
	};

	return cmocka_run_group_tests_name("media_fuzz", tests, make_dir,
	    drop_dir);
}
