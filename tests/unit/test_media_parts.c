/*
 * Duration, chapters and art of remote files, of a few of their bytes: what
 * the local probe finds in the whole file.
 */
#include <dirent.h>
#include <pthread.h>

#include "remote_fixture.h"
#include "show/media_parts.h"
#include "show/media_sparse.h"

#define MIB ((int64_t)1 << 20)

static struct media_probe *probe;

static void
sparse_parts(void **state)
{
	struct media_sparse *s = media_sparse_new(1000000, 500000);
	char buf[200], data[200000];
	int64_t from, to;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(data); i++)
		data[i] = (char)(i % 251);
	assert_false(media_sparse_next(s, &from, &to));
	media_sparse_add(s, 0, data, 1000);
	media_sparse_add(s, 2000, data, 1000);
	assert_int_equal(media_sparse_read(s, 900, buf, 200), 100);
	assert_memory_equal(buf, data + 900, 100);
	assert_false(media_sparse_missed(s));
	/* A short piece must be whole. */
	assert_int_equal(media_sparse_read(s, 990, buf, 20), -1);
	assert_true(media_sparse_missed(s));
	assert_int_equal(media_sparse_read(s, 0, buf, 20), -1);
	/* Only the gap, though as much again would be more. */
	assert_true(media_sparse_next(s, &from, &to));
	assert_int_equal(from, 1000);
	assert_int_equal(to, 1999);
	/* What is there stays as it is. */
	media_sparse_add(s, 500, data, 2000);
	media_sparse_again(s);
	assert_int_equal(media_sparse_read(s, 990, buf, 20), 20);
	assert_memory_equal(buf, data + 990, 10);
	assert_memory_equal(buf + 10, data + 500, 10);
	assert_true(media_sparse_has(s, 0, 3000));
	assert_false(media_sparse_has(s, 2500, 1000));
	assert_true(media_sparse_next(s, &from, &to));
	assert_int_equal(from, 3000);
	assert_int_equal(to, 5999);
	/* No more than there is room for. */
	media_sparse_again(s);
	assert_false(media_sparse_has(s, 400000, 500000));
	assert_false(media_sparse_next(s, &from, &to));
	media_sparse_again(s);
	media_sparse_add(s, 3000, data, 200000);
	media_sparse_add(s, 203000, data, 200000);
	assert_int_equal(media_sparse_read(s, 403000, buf, 200), -1);
	assert_true(media_sparse_next(s, &from, &to));
	assert_int_equal(from, 403000);
	assert_int_equal(to, 403000 + 97000 - 1);
	/* Closed: what is missing is, and the rest is not. */
	media_sparse_close(s);
	assert_int_equal(media_sparse_read(s, 900000, buf, 20), -1);
	assert_int_equal(media_sparse_read(s, 0, buf, 20), 20);
	assert_int_equal(media_sparse_read(s, 1000000, buf, 20), 0);
	assert_false(media_sparse_whole(s));
	media_sparse_free(s);
	/* Behind the end is nothing. */
	s = media_sparse_new(300, 1000);
	media_sparse_add(s, 100, data, 1000);
	media_sparse_add(s, 0, data, 100);
	assert_true(media_sparse_whole(s));
	assert_int_equal(media_sparse_read(s, 290, buf, 200), 10);
	media_sparse_free(s);
}

static struct media_facts
local_facts(const char *path)
{
	struct media_facts facts;
	struct err err = ERR_INIT;

	if (media_probe_file(probe, path, &arena, &facts, &err) != 0)
		fail_msg("%s: %s", err.file, err.msg);
	return facts;
}

/* Puts a file where the server finds it. */
static void
offer(const char *path, const char *name)
{
	assert_int_equal(symlink(path, arena_printf(&arena, "%s/%s",
	    server.dir, name)), 0);
}

static void
same_text(const char *what, const char *a, const char *b)
{
	if ((a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0))
		fail_msg("%s: \"%s\", locally \"%s\"", what,
		    a != NULL ? a : "(none)", b != NULL ? b : "(none)");
}

static void
same_chapters(const char *what, const struct media_facts *a,
    const struct media_facts *b)
{
	size_t i;

	if (a->nchapters != b->nchapters)
		fail_msg("%s: %zu chapters, locally %zu", what, a->nchapters,
		    b->nchapters);
	for (i = 0; i < a->nchapters; i++) {
		assert_int_equal(a->chapters[i].start_ms,
		    b->chapters[i].start_ms);
		assert_int_equal(a->chapters[i].end_ms,
		    b->chapters[i].end_ms);
		same_text(what, a->chapters[i].title, b->chapters[i].title);
		same_text(what, a->chapters[i].url, b->chapters[i].url);
	}
}

static void
near(const char *what, const char *of, int64_t a, int64_t b, int64_t by)
{
	if (llabs(a - b) > by)
		fail_msg("%s: %s %lld, locally %lld", what, of, (long long)a,
		    (long long)b);
}

/* A tenth of a second, and two per cent of a mean bitrate, are what heads and
 * tails may be off. */
static void
same_facts(const char *what, const struct media_facts *a,
    const struct media_facts *b)
{
	near(what, "length", a->length, b->length, 0);
	near(what, "duration", a->duration_ms, b->duration_ms, 100);
	same_text(what, a->type, b->type);
	same_text(what, a->codec, b->codec);
	near(what, "bitrate", a->bitrate, b->bitrate, a->vbr ||
	    strcmp(a->type, "audio/mpeg") != 0 ? b->bitrate / 50 : 0);
	near(what, "rate", a->sample_rate, b->sample_rate, 0);
	near(what, "channels", a->channels, b->channels, 0);
	near(what, "vbr", a->vbr, b->vbr, 0);
	near(what, "width", a->width, b->width, 0);
	near(what, "art", a->art.width, b->art.width, 0);
	near(what, "art", a->art.height, b->art.height, 0);
	near(what, "art", a->art.bytes, b->art.bytes, 0);
	same_text(what, a->art.type, b->art.type);
	same_text(what, a->doubt, b->doubt);
	same_chapters(what, a, b);
}

/* Asks for the facts of a file that is offered as `name`. */
static struct learnt
facts_of(const char *path, const char *name, int64_t most)
{
	struct learnt l;

	offer(path, name);
	l = learn(name, true);
	if (l.failed)
		fail_msg("%s", l.err.msg);
	assert_true(l.r.has_facts);
	if (l.r.received > most)
		fail_msg("%s: %lld bytes were asked for", name,
		    (long long)l.r.received);
	return l;
}

static void
same_as_local(const char *path, const char *name, int64_t most)
{
	struct learnt l = facts_of(path, name, most);
	struct media_facts f = local_facts(path);

	same_facts(name, &l.r.facts, &f);
}

/* They are so small that their head and their tail are all of them. */
static void
shared_audio(void **state)
{
	DIR *d = opendir("../shared/audio");
	const struct dirent *e;
	char *path;
	size_t n = 0, len;

	(void)state;
	if (d == NULL)
		skip();
	serve("");
	while ((e = readdir(d)) != NULL) {
		len = strlen(e->d_name);
		if (len < 5 || (strcmp(e->d_name + len - 4, ".mp3") != 0 &&
		    strcmp(e->d_name + len - 4, ".m4a") != 0 &&
		    strcmp(e->d_name + len - 5, ".opus") != 0))
			continue;
		path = realpath(arena_printf(&arena, "../shared/audio/%s",
		    e->d_name), NULL);
		assert_non_null(path);
		same_as_local(path, e->d_name, 128 << 10);
		free(path);
		n++;
	}
	closedir(d);
	assert_true(n > 5);
}

/* Noise; the options say how. */
static const char *
noise(const char *name, const char *const *how, unsigned length)
{
	const char *options[24] = { "-f", "lavfi", "-i", NULL, "-threads",
	    "2" };
	size_t n = 6;

	options[3] = arena_printf(&arena, "anoisesrc=d=%u:r=22050:a=0.1,"
	    "tremolo=f=0.2", length);
	while (*how != NULL)
		options[n++] = *how++;
	options[n] = NULL;
	return ffmpeg(name, options);
}

#define HOW(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void
mp3_files(void **state)
{
	(void)state;
	serve("");
	same_as_local(noise("cbr.mp3", HOW("-b:a", "48k"), 300),
	    "cbr.mp3", MIB / 4);
	same_as_local(noise("bare.mp3", HOW("-b:a", "48k",
	    "-write_xing", "0", "-id3v2_version", "0", "-write_id3v1", "1",
	    "-metadata", "title=A title"), 300), "bare.mp3", MIB / 4);
	same_as_local(noise("vbr.mp3", HOW("-q:a", "5"), 300),
	    "vbr.mp3", MIB / 4);
}

static void
mp3_without_header(void **state)
{
	struct learnt l;

	(void)state;
	serve("");
	l = facts_of(noise("plain.mp3", HOW("-q:a", "5",
	    "-write_xing", "0"), 300), "plain.mp3", MIB / 4);
	assert_int_equal(l.r.facts.duration_ms, -1);
	assert_int_equal(l.r.facts.sample_rate, 22050);
	assert_int_equal(l.r.facts.bitrate, 0);
	assert_true(l.r.facts.vbr);
	assert_non_null(strstr(l.r.facts.doubt, "no header that counts"));
}

static void
other_files(void **state)
{
	const char *tail = noise("tail.m4a", HOW("-b:a", "32k"), 1800);

	(void)state;
	serve("");
	same_as_local(tail, "tail.m4a", MIB);
	same_as_local(ffmpeg("head.m4a", HOW("-i", tail, "-c", "copy",
	    "-movflags", "+faststart")), "head.m4a", MIB);
	same_as_local(noise("a.opus", HOW("-b:a", "16k"), 600),
	    "a.opus", MIB / 2);
	same_as_local(noise("a.flac", HOW("-ac", "1"), 300), "a.flac",
	    MIB / 2);
	same_as_local(noise("a.wav", HOW("-ac", "1"), 300), "a.wav",
	    MIB / 2);
	same_as_local(noise("a.ogg", HOW("-c:a", "libvorbis", "-q:a",
	    "1"), 300), "a.ogg", MIB / 2);
}

/* Chapters somewhere in the middle, two megabytes of art in front. */
static void
chapters_and_art(void **state)
{
	static const char meta[] = ";FFMETADATA1\n"
	    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=60000\ntitle=One\n"
	    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=60000\nEND=120000\n"
	    "title=Zw\xc3\xb6lf\n"
	    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=120000\nEND=300000\n"
	    "title=Three\n";
	const char *plain, *art, *about = path_of("meta.txt");
	struct err err = ERR_INIT;
	struct media_facts f;

	(void)state;
	serve("");
	plain = noise("chapters.mp3", HOW("-b:a", "48k"), 300);
	art = ffmpeg("art.png", HOW("-f", "lavfi", "-i",
	    "color=gray:s=900x800,noise=alls=100:all_seed=1,format=rgb24",
	    "-frames:v", "1"));
	assert_int_equal(fs_replace(about, meta, sizeof(meta) - 1, 0600,
	    NULL, &err), 0);
	ffmpeg("full.mp3", HOW("-i", plain, "-i", art, "-i", about, "-map",
	    "0:a", "-map", "1:v", "-map_chapters", "2", "-c", "copy"));
	ffmpeg("full.m4a", HOW("-i", plain, "-i", art, "-i", about, "-map",
	    "0:a", "-map", "1:v", "-map_chapters", "2", "-c:a", "aac",
	    "-b:a", "32k", "-c:v", "copy", "-disposition:v:0",
	    "attached_pic"));
	f = local_facts(path_of("full.mp3"));
	assert_int_equal(f.nchapters, 3);
	assert_int_equal(f.art.width, 900);
	assert_true(f.art.bytes > MIB);
	same_as_local(path_of("full.mp3"), "full.mp3", f.art.bytes +
	    MIB / 4);
	f = local_facts(path_of("full.m4a"));
	assert_int_equal(f.nchapters, 3);
	same_as_local(path_of("full.m4a"), "full.m4a", f.art.bytes + 3 *
	    MIB);
}

/* What a header promises is held against the size. */
static void
headers_that_lie(void **state)
{
	const char *whole = noise("whole.mp3", HOW("-b:a", "48k"),
	    120), *vbr = noise("v.mp3", HOW("-q:a", "5"), 120);
	struct learnt l;
	struct err err = ERR_INIT;
	struct buf b;
	size_t len;

	(void)state;
	serve("");
	buf_init(&b, 0);
	assert_int_equal(fs_read(whole, 1 << 24, &b, NULL, &err), 0);
	/* Half of it. */
	len = b.len;
	b.len = len / 2;
	l = facts_of(save("half.mp3", &b), "half.mp3", MIB / 4);
	near("half.mp3", "duration", l.r.facts.duration_ms, 60000, 100);
	assert_non_null(strstr(l.r.facts.doubt, "promises 2:00, but it holds "
	    "1:00"));
	/* Twice. */
	b.len = len;
	assert_int_equal(fs_read(whole, 1 << 24, &b, NULL, &err), 0);
	assert_int_equal(b.len, 2 * len);
	l = facts_of(save("twice.mp3", &b), "twice.mp3", MIB / 4);
	near("twice.mp3", "duration", l.r.facts.duration_ms, 240000, 500);
	assert_non_null(strstr(l.r.facts.doubt, "promises 2:00, but it holds "
	    "4:00"));
	/* And where bytes do not tell. */
	buf_clear(&b);
	assert_int_equal(fs_read(vbr, 1 << 24, &b, NULL, &err), 0);
	b.len = b.len / 2;
	l = facts_of(save("vhalf.mp3", &b), "vhalf.mp3", MIB / 4);
	assert_int_equal(l.r.facts.duration_ms, -1);
	assert_non_null(strstr(l.r.facts.doubt, "promises 2:00, but it has "
	    "another size"));
	buf_release(&b);
}

/* More than there is room for anywhere: nothing is reckoned with that. */
static void
sizes_that_cannot_be(void **state)
{
	static const unsigned char xing[] = { 'X', 'i', 'n', 'g', 0, 0, 0, 1,
		0, 0, 3, 232 };
	const char *m4a = noise("most.m4a", HOW("-b:a", "48k"), 20);
	struct learnt l;
	struct buf b;
	size_t i;

	(void)state;
	serve("/most.* length 9223372036854775807\n"
	    "/next.mp3 length 9223372036854775806\n"
	    "HEAD:/head.mp3 length 9223372036854775807\n");
	buf_init(&b, 0);
	add_frames(&b, MP3_128, 1001, xing, sizeof(xing), 32);
	put("most.mp3", b.data, b.len);
	put("next.mp3", b.data, b.len);
	put("head.mp3", b.data, b.len);
	offer(m4a, "most.m4a");
	for (i = 0; i < 6; i++) {
		static const char *const names[] = { "most.mp3", "most.m4a",
			"next.mp3" };

		l = learn(names[i / 2], i % 2 == 0);
		assert_failed(&l, ERR_NETWORK, "bytes, which cannot be; look");
	}
	l = learn("head.mp3", true);
	assert_size(&l, (int64_t)b.len, "range");
	assert_int_equal(l.r.facts.duration_ms, 26122);
	buf_release(&b);
}

/* An ID3v2 tag of so many bytes, padding alone. */
static void
add_tag(struct buf *b, size_t len)
{
	const char head[] = { 'I', 'D', '3', 4, 0, 0, (char)(len >> 21 & 127),
		(char)(len >> 14 & 127), (char)(len >> 7 & 127),
		(char)(len & 127) };

	buf_add(b, head, 10);
	add_zeros(b, len);
}

/* 400 frames are more than a head and a tail. */
static void
tags_and_tails(void **state)
{
	struct learnt l;
	struct buf b;
	size_t i;

	(void)state;
	serve("");
	buf_init(&b, 0);
	add_frames(&b, MP3_128, 400, NULL, 0, 0);
	/* Lyrics3, and then an APE tag of 60,000 bytes with a head, and then
	 * ID3v1. */
	buf_adds(&b, "LYRICSBEGIN");
	add_zeros(&b, 39);
	buf_adds(&b, "000050LYRICS200");
	i = b.len;
	buf_adds(&b, "APETAGEX");
	add_zeros(&b, 60000 - 8);
	buf_adds(&b, "APETAGEX");
	add_zeros(&b, 4);
	/* Without the head: 60,000 bytes. */
	buf_add(&b, "\x60\xea\0\0", 4);
	add_zeros(&b, 4);
	buf_add(&b, "\0\0\0\x80", 4);
	add_zeros(&b, 8);
	assert_int_equal(b.len - i, 60032);
	buf_adds(&b, "TAG");
	add_zeros(&b, 125);
	l = facts_of(save("tags.mp3", &b), "tags.mp3", MIB / 4);
	assert_int_equal(l.r.facts.duration_ms, 10449);
	assert_null(l.r.facts.doubt);
	/* A tail of another bitrate. */
	buf_clear(&b);
	add_frames(&b, MP3_128, 400, NULL, 0, 0);
	add_frames(&b, MP3_64, 400, NULL, 0, 0);
	l = facts_of(save("two.mp3", &b), "two.mp3", MIB / 4);
	assert_int_equal(l.r.facts.duration_ms, -1);
	assert_non_null(l.r.facts.doubt);
	/* Two tags in front, and the first is passed over. */
	buf_clear(&b);
	add_tag(&b, 300000);
	add_tag(&b, 1000);
	add_frames(&b, MP3_128, 400, NULL, 0, 0);
	l = facts_of(save("front.mp3", &b), "front.mp3", MIB);
	assert_int_equal(l.r.facts.duration_ms, 10449);
	assert_null(l.r.facts.doubt);
	/* One that is too large to be looked into. */
	buf_clear(&b);
	add_tag(&b, 7 << 20);
	add_frames(&b, MP3_128, 400, NULL, 0, 0);
	l = facts_of(save("large.mp3", &b), "large.mp3", MIB / 4);
	assert_int_equal(l.r.facts.duration_ms, 10449);
	assert_non_null(strstr(l.r.facts.doubt, "read: it is larger than what is"));
	buf_release(&b);
}

/* Its beginning is all that is had of a file. */
static void
without_parts(void **state)
{
	const char *m4a = noise("n.m4a", HOW("-b:a", "32k"), 300),
	    *mp3 = noise("n.mp3", HOW("-b:a", "48k"), 300);
	struct media_facts f;
	struct learnt l;

	(void)state;
	serve("/n.m* range ignore\n"
	    "/part.mp3 nolength\n");
	l = facts_of(mp3, "n.mp3", MIB);
	f = local_facts(mp3);
	same_facts("n.mp3", &l.r.facts, &f);
	assert_int_equal(l.r.requests, 2);
	l = facts_of(m4a, "n.m4a", MIB);
	assert_int_equal(l.r.facts.duration_ms, -1);
	assert_string_equal(l.r.facts.type, "audio/x-m4a");
	assert_non_null(strstr(l.r.facts.doubt, "sends no parts of it"));
	/* Ogg tells its duration at its end alone; here some of the last 64
	 * KiB are there. */
	l = facts_of(noise("n.more.opus", HOW("-b:a", "16k"), 45),
	    "n.more.opus", MIB);
	assert_int_equal(l.r.facts.duration_ms, -1);
	assert_int_equal(l.r.facts.bitrate, 0);
	assert_string_equal(l.r.facts.codec, "opus");
	assert_non_null(strstr(l.r.facts.doubt, "sends no parts of it"));
	/* Counted: its beginning came with it. */
	l = facts_of(mp3, "part.mp3", 4 * MIB);
	assert_size(&l, f.length, "count");
	near("part.mp3", "duration", l.r.facts.duration_ms, f.duration_ms, 0);
}

/* Reads a file of which each part is at hand when it is wanted; how often that
 * was. */
static unsigned
read_in_parts(const struct buf *b)
{
	struct media_sparse *s = media_sparse_new((int64_t)b->len,
	    MEDIA_REMOTE_BYTES_MAX);
	struct err err = ERR_INIT;
	int64_t from = 0, to = MEDIA_SPARSE_FIRST - 1;
	unsigned n = 0;

	do {
		struct media_facts f = MEDIA_FACTS_INIT;
		struct arena a = ARENA_INIT;

		assert_true(from >= 0 && from <= to && to < (int64_t)b->len);
		media_sparse_add(s, from, b->data + from,
		    (size_t)(to - from) + 1);
		n++;
		f.length = (int64_t)b->len;
		media_sparse_again(s);
		(void)media_parts_facts(s, &a, &f, &err);
		if (!media_sparse_missed(s))
			assert_true(f.duration_ms >= 0 || f.doubt != NULL ||
			    err.kind != ERR_NONE);
		arena_release(&a);
		/* Each brings at least a byte, or it would not end. */
	} while (n < 1000 && media_sparse_next(s, &from, &to));
	media_sparse_free(s);
	return n;
}

/* Whatever is wrong with a file, reading it comes to an end. */
static void
damaged_files(void **state)
{
	const char *names[] = { "d.m4a", "d.mp3", "d.flac", "d.opus" };
	unsigned seed = (unsigned)time(NULL);
	struct err err = ERR_INIT;
	struct buf b, damaged;
	size_t i, k, round;

	(void)state;
	print_message("seed %u\n", seed);
	srand(seed);
	buf_init(&b, 0);
	buf_init(&damaged, 0);
	for (i = 0; i < SIZE(names); i++) {
		buf_clear(&b);
		assert_int_equal(fs_read(noise(names[i], HOW("-b:a", "48k",
		    "-metadata", "title=A title"), 60), 1 << 24, &b, NULL,
		    &err), 0);
		assert_true(b.len > 2 * (size_t)MEDIA_SPARSE_FIRST);
		for (round = 0; round < 60; round++) {
			buf_clear(&damaged);
			buf_add(&damaged, b.data, b.len);
			for (k = 0; k < 1 + round; k++)
				damaged.data[(size_t)rand() % (round % 2 == 0 ?
				    b.len : 2000)] = (char)rand();
			if (read_in_parts(&damaged) >= 1000)
				fail_msg("%s: there is no end to it",
				    names[i]);
		}
	}
	buf_release(&b);
	buf_release(&damaged);
}

/* Once HEAD and the first part are asked for, another file takes its place. */
struct replacing {
	const char *log, *from, *to;
};

static void *
replace_it(void *arg)
{
	struct timespec step = { 0, 5000000 };
	const struct replacing *how = arg;
	char line[4096];
	int tries;
	FILE *f;

	for (tries = 0; tries < 2000; tries++) {
		bool found = false;

		f = fopen(how->log, "re");
		while (f != NULL && fgets(line, sizeof(line), f) != NULL)
			found = found || strstr(line, "bytes=0-") != NULL;
		if (f != NULL)
			fclose(f);
		if (found)
			break;
		nanosleep(&step, NULL);
	}
	return rename(how->from, how->to) == 0 ? NULL : arg;
}

static void
replaced_meanwhile(void **state)
{
	const char *mp3 = noise("r.mp3", HOW("-b:a", "48k",
	    "-write_xing", "0"), 100);
	struct replacing how;
	pthread_t thread;
	struct learnt l;
	struct err err = ERR_INIT;
	struct buf b;
	void *rc;

	(void)state;
	serve("GET:/x.mp3 delay 400\n");
	buf_init(&b, 0);
	assert_int_equal(fs_read(mp3, 1 << 24, &b, NULL, &err), 0);
	put("x.mp3", b.data, b.len);
	put("other.mp3", b.data, b.len);
	how.log = arena_printf(&arena, "%s/log", server.dir);
	how.from = arena_printf(&arena, "%s/other.mp3", server.dir);
	how.to = arena_printf(&arena, "%s/x.mp3", server.dir);
	assert_int_equal(pthread_create(&thread, NULL, replace_it, &how), 0);
	l = learn("x.mp3", true);
	assert_int_equal(pthread_join(thread, &rc), 0);
	assert_null(rc);
	assert_failed(&l, ERR_TEMPORARY, "was replaced while");
	buf_release(&b);
}

/* What was begun is ended first: not the parts of all files are held at a
 * time. */
static void
one_after_the_other(void **state)
{
	static const struct http_many_limits one = { .timeout = 20,
	    .per_host = 1, .connections = 1 };
	struct media_remote_ask asks[5];
	struct learnt l[5];
	const char *log, *at;
	struct buf b;
	size_t i;

	(void)state;
	serve("");
	buf_init(&b, 0);
	add_frames(&b, MP3_128, 1000, NULL, 0, 0);
	for (i = 0; i < 5; i++) {
		asks[i] = (struct media_remote_ask){ .url = url(arena_printf(
		    &arena, "%c.mp3", 'a' + (int)i)), .want_facts = true };
		put(arena_printf(&arena, "%c.mp3", 'a' + (int)i), b.data,
		    b.len);
	}
	learn_all(&one, asks, l, 5);
	log = got_file("log");
	for (i = 0; i < 5; i++) {
		assert_int_equal(l[i].r.facts.duration_ms, 26122);
		/* HEAD, the head and the tail. */
		assert_int_equal(l[i].r.requests, 3);
		at = strstr(log, arena_printf(&arena, "GET\t/%c.mp3",
		    'a' + (int)i));
		assert_non_null(at);
		at = strchr(at, '\n');
		assert_non_null(at);
		if (strncmp(at + 1, arena_printf(&arena, "GET\t/%c.mp3",
		    'a' + (int)i), 10) != 0)
			fail_msg("another is asked for before the end:\n%s",
			    log);
	}
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(sparse_parts),
		HTTP_TEST(shared_audio),
		HTTP_TEST(mp3_files),
		HTTP_TEST(mp3_without_header),
		HTTP_TEST(other_files),
		HTTP_TEST(chapters_and_art),
		HTTP_TEST(headers_that_lie),
		HTTP_TEST(sizes_that_cannot_be),
		HTTP_TEST(tags_and_tails),
		HTTP_TEST(without_parts),
		TOLD_TEST(damaged_files),
		HTTP_TEST(replaced_meanwhile),
		HTTP_TEST(one_after_the_other)
	};
	struct err err = ERR_INIT;
	int rc;

	if (http_global_init(&err) != 0)
		return 1;
	probe = media_probe_open();
	rc = cmocka_run_group_tests(tests, make_dir, drop_dir);
	media_probe_close(probe);
	http_global_release();
	return rc;
}
