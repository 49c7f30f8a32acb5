/* Loudness and true peak: of tones whose loudness is known, and as ffmpeg
 * measures it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "show/media_decode.h"
#include "show/media_loudness.h"
#include "told.h"

#define RATE 48000
#define PI 3.14159265358979323846

static char dir[] = "/tmp/test_media_loudness.XXXXXX";

static const char *
in_dir(const char *name)
{
	return arena_printf(&arena, "%s/%s", dir, name);
}

static void
put16(struct buf *b, unsigned v)
{
	buf_addc(b, (char)(v & 255));
	buf_addc(b, (char)(v >> 8 & 255));
}

static void
put32(struct buf *b, unsigned v)
{
	put16(b, v & 0xffff);
	put16(b, v >> 16);
}

/* One sample in so many bytes; 4 is a float. */
static void
put_sample(struct buf *b, double v, int bytes)
{
	float f = (float)v;
	unsigned u;
	long n;

	memcpy(&u, &f, 4);
	if (bytes == 4) {
		put32(b, u);
	} else if (bytes == 1) {
		buf_addc(b, (char)(lrint(v * 127) + 128));
	} else {
		n = lrint(v * (bytes == 2 ? 32767 : 8388607));
		if (bytes == 3)
			buf_addc(b, (char)(n & 255));
		put16(b, (unsigned)(bytes == 3 ? n >> 8 : n) & 0xffff);
	}
}

struct tone {
	double hz, phase, db;	/* of its highest value, under full scale */
	double seconds, silence;	/* before it */
	unsigned channels;
	int bytes;
};

static const char *
wav(const char *name, struct tone t)
{
	size_t n = (size_t)(t.seconds * RATE), quiet =
	    (size_t)(t.silence * RATE), i;
	unsigned frame = t.channels * (unsigned)t.bytes, c;
	unsigned size = (unsigned)(n + quiet) * frame;
	double peak = pow(10, t.db / 20);
	struct err err = ERR_INIT;
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, "RIFF");
	put32(&b, size + 36);
	buf_adds(&b, "WAVEfmt ");
	put32(&b, 16);
	put16(&b, t.bytes == 4 ? 3 : 1);
	put16(&b, t.channels);
	put32(&b, RATE);
	put32(&b, RATE * frame);
	put16(&b, frame);
	put16(&b, (unsigned)t.bytes * 8);
	buf_adds(&b, "data");
	put32(&b, size);
	for (i = 0; i < n + quiet; i++)
		for (c = 0; c < t.channels; c++)
			put_sample(&b, i < quiet ? 0 : peak * sin(2 * PI *
			    t.hz * (double)(i - quiet) / RATE + t.phase),
			    t.bytes);
	if (fs_replace(in_dir(name), b.data, b.len, 0600, NULL, &err) != 0)
		fail_msg("%s", err.msg);
	buf_release(&b);
	return in_dir(name);
}

static struct media_loudness
loudness(const char *path)
{
	struct media_loudness got;
	struct err err = ERR_INIT;

	if (media_loudness_file(path, &got, &err) != 0)
		fail_msg("%s: %s", err.file, err.msg);
	return got;
}

static void
near(const char *path, const char *what, double got, double want, double by)
{
	if (!(fabs(got - want) <= by))
		fail_msg("%s: %s is %.3f, not %.3f", path, what, got, want);
}

/* EBU Tech 3341: a tone of 1 kHz of -23 dBFS in both channels is -23 LUFS;
 * in one it is 3.01 lower; silence is not counted. */
static void
tones(void **state)
{
	static const struct {
		struct tone tone;
		double lufs, peak;
	} rows[] = {
		{ { 1000, 0, -23, 20, 0, 2, 4 }, -23, -23 },
		{ { 1000, 0, -33, 20, 0, 2, 4 }, -33, -33 },
		{ { 1000, 0, -16, 10, 30, 2, 2 }, -16, -16 },
		{ { 1000, 0, -20, 10, 0, 1, 2 }, -23.01, -20 },
		{ { 1000, 0, -20, 10, 0, 2, 3 }, -20, -20 },
		{ { 1000, 0, -20, 10, 0, 2, 1 }, -20, -20 },
		/* Three in front, two behind of 1.5 dB more; LFE not at all. */
		{ { 1000, 0, -30, 10, 0, 6, 2 }, -30 - 3.01 + 7.65, -30 },
	};
	struct media_loudness got;
	const char *path;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(rows); i++) {
		path = wav("tone.wav", rows[i].tone);
		got = loudness(path);
		assert_false(got.silent);
		assert_int_equal(got.channels, rows[i].tone.channels);
		near(path, "loudness", got.lufs, rows[i].lufs, 0.1);
		near(path, "peak", got.peak, rows[i].peak, 0.25);
		near(path, "length", (double)got.decoded_ms,
		    1000 * (rows[i].tone.seconds + rows[i].tone.silence), 1);
	}
}

/* Between the samples it is louder than at any: a quarter of the rate, 45
 * degrees on. */
static void
true_peak(void **state)
{
	const char *path = wav("peak.wav", (struct tone){ RATE / 4.0, PI / 4,
	    -6, 5, 0, 2, 4 });

	(void)state;
	near(path, "peak", loudness(path).peak, -6, 0.4);
}

static void
no_sound(void **state)
{
	static const char *const others[] = { "words\n", "", "ID3",
		"RIFF\x10\0\0\0WAVE", "#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
		"ffconcat version 1.0\nfile tone.wav\n" };
	struct media_loudness got;
	struct err err = ERR_INIT;
	const char *path;
	size_t i;

	(void)state;
	got = loudness(wav("silent.wav", (struct tone){ 1000, 0, -200, 1, 0, 2,
	    2 }));
	assert_true(got.silent);
	assert_true(got.peak < -100);
	got = loudness(wav("short.wav", (struct tone){ 1000, 0, -20, 0.2, 0, 2,
	    2 }));
	assert_true(got.silent);
	wav("tone.wav", (struct tone){ 1000, 0, -20, 1, 0, 2, 2 });
	path = in_dir("other.wav");
	for (i = 0; i < SIZE(others); i++) {
		assert_int_equal(fs_replace(path, others[i], i == 3 ? 12 :
		    strlen(others[i]), 0600, NULL, &err), 0);
		err = (struct err)ERR_INIT;
		assert_int_equal(media_loudness_file(path, &got, &err), -1);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_string_equal(err.file, path);
	}
	err = (struct err)ERR_INIT;
	assert_int_equal(media_loudness_file(dir, &got, &err), -1);
	assert_int_equal(err.kind, ERR_NOINPUT);
	assert_int_equal(mkfifo(in_dir("pipe"), 0600), 0);
	assert_int_equal(media_loudness_file(in_dir("pipe"), &got, &err), -1);
	assert_int_equal(err.kind, ERR_NOINPUT);
	unlink(in_dir("pipe"));
	err = (struct err)ERR_INIT;
	assert_int_equal(media_loudness_file(in_dir("none"), &got, &err), -1);
	assert_int_equal(err.kind, ERR_NOINPUT);
}

static int
stop(void *ctx, const struct media_pcm *p, struct err *err)
{
	assert_true(p->frames > 0 && p->frames < RATE);
	++*(int *)ctx;
	return err_set(err, ERR_TEMPORARY, "enough");
}

/* What takes the samples may end it, of either decoder. */
static void
stops(void **state)
{
	const char *paths[] = { "tests/e2e/fixtures/cbr.mp3",
		wav("tone.wav", (struct tone){ 1000, 0, -20, 5, 0, 2, 2 }) };
	struct err err;
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < SIZE(paths); i++) {
		n = 0;
		err = (struct err)ERR_INIT;
		assert_int_equal(media_decode(paths[i], stop, &n, &err), -1);
		assert_int_equal(err.kind, ERR_TEMPORARY);
		assert_string_equal(err.file, paths[i]);
		assert_int_equal(n, 1);
	}
}

/* Damaged files end, and what is measured is a number. */
static void
damaged(void **state)
{
	static const char *const names[] = { "cbr64.mp3", "vbr4.mp3",
		"chap.m4a", "chap.opus", "chap-apic-id3v24.mp3" };
	const char *shared = getenv("SHARED"), *path = in_dir("damaged");
	unsigned seed = (unsigned)time(NULL);
	time_t start = time(NULL), seconds = 2;
	struct media_loudness got;
	struct buf b;
	struct err err = ERR_INIT;
	size_t runs, k, good = 0;

	(void)state;
	shared = arena_printf(&arena, "%s/audio",
	    shared != NULL ? shared : "../shared");
	if (!fs_is_dir(shared))
		skip();
	if (getenv("SEED") != NULL)
		seed = (unsigned)strtoul(getenv("SEED"), NULL, 10);
	if (getenv("FUZZ_SECONDS") != NULL)
		seconds = strtol(getenv("FUZZ_SECONDS"), NULL, 10);
	print_message("seed %u\n", seed);
	srandom(seed);
	for (runs = 0; time(NULL) - start < seconds; runs++) {
		buf_init(&b, 0);
		assert_int_equal(fs_read(arena_printf(&arena, "%s/%s", shared,
		    names[(size_t)random() % SIZE(names)]), 1 << 20, &b, NULL,
		    &err), 0);
		/* Half of it at the front, where the heads are. */
		for (k = (size_t)random() % 20; k > 0; k--)
			b.data[(size_t)random() % (k % 2 == 0 ? b.len : 2000)] =
			    (char)random();
		if (random() % 4 == 0)
			buf_truncate(&b, (size_t)random() % b.len);
		assert_int_equal(fs_replace(path, b.data, b.len, 0600, NULL,
		    &err), 0);
		buf_release(&b);
		if (media_loudness_file(path, &got, &err) == 0) {
			good++;
			assert_true(got.silent || got.lufs < 30);
			assert_true(got.decoded_ms >= 0);
		}
		err = (struct err)ERR_INIT;
	}
	print_message("%zu runs, %zu measured\n", runs, good);
	assert_true(good > 0);
}

/* ---- as ffmpeg has it ---- */

/* The last number behind name= in what a command prints. */
static double
last_number(const char *command, const char *name)
{
	FILE *f = popen(command, "r");
	double value = NAN;
	char line[512], *at;

	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		at = strstr(line, name);
		if (at != NULL)
			value = strtod(at + strlen(name), NULL);
	}
	pclose(f);
	return value;
}

static bool
have_ffmpeg(void)
{
	return system("ffmpeg -version >/dev/null 2>&1") == 0;
}

static void
as_ffmpeg(const char *path)
{
	struct media_loudness got = loudness(path);
	double lufs = last_number(arena_printf(&arena, "ffmpeg -nostdin -v "
	    "error -i '%s' -map 0:a:0 -af ebur128=metadata=1,ametadata=mode="
	    "print:key=lavfi.r128.I:file=- -f null - 2>/dev/null", path),
	    "lavfi.r128.I="), peak;

	peak = last_number(arena_printf(&arena, "ffmpeg -nostdin -hide_banner "
	    "-nostats -i '%s' -map 0:a:0 -af ebur128=peak=true -f null - 2>&1",
	    path), "Peak:");
	near(path, "loudness", got.lufs, lufs, 0.1);
	/* The two interpolate with other filters. */
	near(path, "peak", got.peak, peak, 0.25);
}

static void
kinds_as_ffmpeg(void **state)
{
	static const char *const kinds[] = { "a.mp3 -b:a 96k",
		"b.mp3 -q:a 4 -ac 1", "c.mp3 -b:a 64k -ar 22050", "d.m4a",
		"e.opus", "f.ogg", "g.flac", "h.flac -ac 1 -sample_fmt s32",
		"i.wav -c:a pcm_s24le", "j.wav -c:a pcm_f64le", "k.aac",
		"l.mka -c:a pcm_u8", "m.aiff", "n.mp4 -c:a aac -ac 6",
		"o.m4a -c:a alac" };
	const char *path;
	size_t i;
	int n;

	(void)state;
	if (!have_ffmpeg())
		skip();
	for (i = 0; i < SIZE(kinds); i++) {
		n = (int)strcspn(kinds[i], " ");
		path = arena_printf(&arena, "%s/%.*s", dir, n, kinds[i]);
		/* Two tones, one of them coming and going, and some noise. */
		if (system(arena_printf(&arena, "ffmpeg -nostdin -v error -y "
		    "-f lavfi -i \"aevalsrc=0.3*sin(500*2*PI*t)*gt(mod(t\\,4)"
		    "\\,1)+0.05*(random(0)-0.5)|0.2*sin(997*2*PI*t):s=44100:"
		    "d=12\" -strict -2 %s '%s' 2>/dev/null",
		    kinds[i] + n, path)) != 0) {
			print_message("ffmpeg cannot write %s\n", kinds[i]);
			continue;
		}
		as_ffmpeg(path);
	}
}

/* Rate and channels change inside of a file: what was loud on the right stays
 * the peak when one quiet channel follows. */
static void
changes(void **state)
{
	static const struct tone loud = { 1000, 0, -10, 5, 0, 1, 2 },
	    quiet = { 1000, 0, -30, 5, 0, 1, 2 };
	const char *one, *two, *both = in_dir("both.mp3");
	struct media_loudness got;

	(void)state;
	if (!have_ffmpeg())
		skip();
	one = wav("one.wav", loud);
	two = wav("two.wav", quiet);
	if (system(arena_printf(&arena, "cd %s && ffmpeg -nostdin -v error -y "
	    "-i %s -af 'pan=stereo|c1=c0' one.mp3 && ffmpeg -nostdin -v error "
	    "-y -i %s -ar 22050 two.mp3 && cat one.mp3 two.mp3 > both.mp3",
	    dir, one, two)) != 0)
		skip();
	got = loudness(both);
	assert_int_equal(got.channels, 2);
	near(both, "length", (double)got.decoded_ms, 10000, 200);
	near(both, "peak", got.peak, -10, 0.6);
	/* The quiet part is more than 10 LU below, and so not counted. */
	near(both, "loudness", got.lufs, -13, 0.7);
}

static void
shared_as_ffmpeg(void **state)
{
	static const char *const names[] = { "abr80.mp3", "cbr64.mp3",
		"chap-apic-id3v24.mp3", "chap-id3v23.mp3", "chap.m4a",
		"chap.opus", "id3v1-tail.mp3", "vbr-noxing.mp3", "vbr4.mp3" };
	const char *shared = getenv("SHARED");
	size_t i;

	(void)state;
	shared = arena_printf(&arena, "%s/audio",
	    shared != NULL ? shared : "../shared");
	if (!have_ffmpeg() || !fs_is_dir(shared))
		skip();
	for (i = 0; i < SIZE(names); i++)
		as_ffmpeg(arena_printf(&arena, "%s/%s", shared, names[i]));
	/* What is broken has a loudness, too. */
	loudness(arena_printf(&arena, "%s/truncated.mp3", shared));
	loudness(arena_printf(&arena, "%s/corrupt-middle.mp3", shared));
}

static int
begin(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL;
}

static int
end(void **state)
{
	struct err err = ERR_INIT;
	char **names;
	size_t n, i;

	(void)state;
	if (fs_list(&arena, dir, &names, &n, &err) != 0)
		return -1;
	for (i = 0; i < n; i++)
		unlink(in_dir(names[i]));
	arena_release(&arena);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(tones),
		TOLD_TEST(true_peak),
		TOLD_TEST(no_sound),
		TOLD_TEST(stops),
		TOLD_TEST(damaged),
		TOLD_TEST(changes),
		TOLD_TEST(kinds_as_ffmpeg),
		TOLD_TEST(shared_as_ffmpeg),
	};

	return cmocka_run_group_tests_name("media_loudness", tests, begin, end);
}
