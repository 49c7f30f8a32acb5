/*
 * The facts of local files: MP3 files put together frame by frame, WAV, and
 * what ffmpeg makes; several threads; and that libavformat is loaded only when
 * a file needs it.
 */
#include <fcntl.h>

#include "media_fixture.h"
#include "show/media_av.h"
#include "show/media_probe.h"

static struct media_probe *probe;

static struct media_facts
facts_of(const char *path)
{
	struct media_facts facts;
	struct err err = ERR_INIT;

	if (media_probe_file(probe, path, &arena, &facts, &err) != 0)
		fail_msg("%s: %s", err.file, err.msg);
	return facts;
}

static void
about(const char *what, int64_t ms, int64_t wanted, int64_t near)
{
	if (llabs(ms - wanted) > near)
		fail_msg("%s: %lld ms, not %lld", what, (long long)ms,
		    (long long)wanted);
}

static bool
is_loaded(const char *library)
{
	FILE *f = fopen("/proc/self/maps", "re");
	char line[1024];
	bool found = false;

	if (f == NULL)
		skip();
	while (fgets(line, sizeof(line), f) != NULL)
		found = found || strstr(line, library) != NULL;
	fclose(f);
	return found;
}

static void
begin_wav(struct buf *b, uint32_t bytes)
{
	unsigned char head[44] = "RIFF....WAVEfmt \x10\0\0\0\1\0\1\0"
	    "\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data";
	unsigned i;

	for (i = 0; i < 4; i++) {
		head[4 + i] = (unsigned char)((bytes + 36) >> (8 * i));
		head[40 + i] = (unsigned char)(bytes >> (8 * i));
	}
	buf_add(b, head, sizeof(head));
}

/* The first test: nothing has loaded it yet. */
static void
libavformat_waits(void **state)
{
	struct buf b;

	(void)state;
	assert_false(is_loaded("libavformat"));
	assert_false(is_loaded("libmagic.mgc") || is_loaded("magic.mgc"));
	buf_init(&b, 0);
	add_frames(&b, MP3_128, 100, NULL, 0, 0);
	assert_int_equal(facts_of(save("plain.mp3", &b)).nchapters, 0);
	assert_false(is_loaded("libavformat"));
	buf_clear(&b);
	begin_wav(&b, 16000);
	add_zeros(&b, 16000);
	assert_int_equal(facts_of(save("a.wav", &b)).duration_ms, 1000);
	assert_true(is_loaded("libavformat"));
	assert_false(is_loaded("magic.mgc"));
	buf_release(&b);
}

static void
wav(void **state)
{
	struct media_facts f;
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	begin_wav(&b, 32000);
	add_zeros(&b, 32000);
	f = facts_of(save("a.wav", &b));
	assert_string_equal(f.type, "audio/wav");
	assert_string_equal(f.codec, "pcm_s16le");
	assert_int_equal(f.duration_ms, 2000);
	assert_int_equal(f.sample_rate, 8000);
	assert_int_equal(f.channels, 1);
	assert_null(f.doubt);
	/* Cut: what is there counts. */
	b.len = 44 + 8000;
	f = facts_of(save("a.wav", &b));
	assert_int_equal(f.duration_ms, 500);
	assert_string_equal(f.doubt, "its head promises 24000 bytes more than "
	    "it has");
	buf_release(&b);
}

/* A file in order is followed without libmpg123, which must agree. */
static void
agrees_with_libmpg123(const char *path, const struct media_facts *f)
{
	struct media_facts walked = MEDIA_FACTS_INIT;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	walked.length = f->length;
	assert_true(media_mp3_walk(fd, NULL, 0, &arena, &walked));
	close(fd);
	about("libmpg123", f->duration_ms, walked.duration_ms, 1);
	assert_int_equal(f->bitrate, walked.bitrate);
	assert_int_equal(f->vbr, walked.vbr);
	assert_int_equal(f->sample_rate, walked.sample_rate);
}

/* Frames by the dozen: constant, variable, with every kind of header. */
static void
mp3_frames(void **state)
{
	static const struct {
		uint32_t header;
		unsigned frames, rate, bitrate;
	} cases[] = {
		{ MP3_128, 1000, 44100, 128000 },
		{ MP3_64, 1000, 44100, 64000 },
		{ MP3_V2, 1000, 22050, 64000 },
		{ MP3_V25, 1000, 11025, 64000 }
	};
	struct media_facts f;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 0);
	for (i = 0; i < SIZE(cases); i++) {
		buf_clear(&b);
		add_frames(&b, cases[i].header, cases[i].frames, NULL, 0, 0);
		f = facts_of(save("a.mp3", &b));
		about("frames", f.duration_ms, (int64_t)cases[i].frames *
		    (i < 2 ? 1152 : 576) * 1000 / cases[i].rate, 1);
		assert_string_equal(f.type, "audio/mpeg");
		assert_string_equal(f.codec, "mp3");
		assert_int_equal(f.sample_rate, cases[i].rate);
		assert_int_equal(f.bitrate, cases[i].bitrate);
		assert_int_equal(f.channels, 2);
		assert_false(f.vbr);
		assert_null(f.doubt);
		agrees_with_libmpg123(path_of("a.mp3"), &f);
	}
	/* Variable without a header: only a walk knows. */
	buf_clear(&b);
	add_frames(&b, MP3_64, 900, NULL, 0, 0);
	add_frames(&b, MP3_128, 100, NULL, 0, 0);
	f = facts_of(save("a.mp3", &b));
	about("variable", f.duration_ms, 26122, 1);
	assert_true(f.vbr);
	assert_in_range(f.bitrate, 70000, 71000);
	agrees_with_libmpg123(path_of("a.mp3"), &f);
	/* Another rate in the middle. */
	buf_clear(&b);
	add_frames(&b, MP3_128, 500, NULL, 0, 0);
	add_frames(&b, MP3_V2, 500, NULL, 0, 0);
	about("two rates", facts_of(save("a.mp3", &b)).duration_ms, 26122,
	    60);
	buf_release(&b);
}

static void
mp3_tags(void **state)
{
	static const struct {
		const char *front, *end;
		size_t junk;
		const char *doubt;
	} cases[] = {
		{ "ID3\3\0\0\0\0\0\0", "", 0, NULL },
		{ "ID3\4\0\0\0\0\0\12" "0123456789ID3\3\0\0\0\0\0\0", "", 0,
		    NULL },
		{ "", "TAGtitle", 0, NULL },
		{ "", "APETAGEX\xd0\7\0\0", 0, NULL },
		{ "junk", "", 0, NULL },
		{ "\xff\xfb\x90", "", 5000, NULL }
	};
	static const unsigned char lengths[] = { 10, 30, 0, 0, 4, 3 };
	struct media_facts f;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 0);
	for (i = 0; i < SIZE(cases); i++) {
		buf_clear(&b);
		buf_add(&b, cases[i].front, lengths[i]);
		add_zeros(&b, cases[i].junk);
		add_frames(&b, MP3_128, 400, NULL, 0, 0);
		buf_adds(&b, cases[i].end);
		add_zeros(&b, *cases[i].end != '\0' ? 120 : 0);
		f = facts_of(save("a.mp3", &b));
		assert_string_equal(f.type, "audio/mpeg");
		about("tags", f.duration_ms, 10449, 1);
		assert_null(f.doubt);
	}
	buf_release(&b);
}

/* Files that were put together have tags in their middle, as at their end. */
static void
mp3_tags_between(void **state)
{
	static const char ape[] = "APETAGEX\xd0\7\0\0\x28\0\0\0\0\0\0\0"
	    "\0\0\0\xa0\0\0\0\0\0\0\0\0" "12345678"
	    "APETAGEX\xd0\7\0\0\x28\0\0\0\0\0\0\0\0\0\0\x80";
	static const char lyrics[] = "LYRICSBEGININD0000211000021LYRICS200TAG";
	const struct {
		const char *bytes;
		size_t len, zeros;
	} tags[] = {
		{ ape, sizeof(ape) - 1, 8 },
		{ lyrics, sizeof(lyrics) - 1, 125 },
		{ "TAG", 3, 125 }
	};
	struct media_facts f;
	struct buf b;
	size_t i, k, between;

	(void)state;
	buf_init(&b, 0);
	for (i = 0; i < SIZE(tags); i++)
		for (k = 0, between = 0; k < 2; k++) {
			if (k == 0)
				buf_clear(&b);
			else
				between = tags[i].len + tags[i].zeros;
			add_frames(&b, MP3_128, 400, NULL, 0, 0);
			buf_add(&b, tags[i].bytes, tags[i].len);
			add_zeros(&b, tags[i].zeros);
			f = facts_of(save("a.mp3", &b));
			about("tags between", f.duration_ms,
			    between > 0 ? 20898 : 10449, 1);
			if (between == 0)
				assert_null(f.doubt);
			else
				assert_non_null(strstr(f.doubt, arena_printf(
				    &arena, "has %zu bytes between its frames",
				    between)));
		}
	buf_release(&b);
}

/* A file that holds others: its bytes tell of sound, but nobody plays it. */
static void
archives(void **state)
{
	static const char zip[] = "PK\3\4\n\0\0\0\0\0\0\0\x21\x5c\0\0\0\0"
	    "\xe8\x5e\6\0\xe8\x5e\6\0\5\0\0\0" "1.mp3";
	struct media_facts f;
	struct err err = ERR_INIT;
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	buf_add(&b, zip, sizeof(zip) - 1);
	add_frames(&b, MP3_128, 1000, NULL, 0, 0);
	assert_int_equal(media_probe_file(probe, save("a.mp3", &b), &arena,
	    &f, &err), -1);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.msg, "is no audio or video file but "
	    "application/zip"));
	buf_release(&b);
}

/* Ogg files behind each other: neither the first nor the last is all. */
static void
ogg_chain(void **state)
{
	static const char *const names[] = { "c.opus", "c.ogg" };
	static const char *const first[] = { "-f", "lavfi", "-i",
		"anoisesrc=d=3:r=48000", NULL };
	static const char *const second[] = { "-f", "lavfi", "-i",
		"anoisesrc=d=2:r=48000", NULL };
	struct media_facts f;
	struct err err = ERR_INIT;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(names); i++) {
		const char *one = ffmpeg(names[i], first);

		buf_init(&b, 0);
		assert_int_equal(fs_read(one, 1 << 24, &b, NULL, &err), 0);
		f = facts_of(one);
		about(names[i], f.duration_ms, 3000, 30);
		assert_null(f.doubt);
		one = ffmpeg(arena_printf(&arena, "2%s", names[i]), second);
		assert_int_equal(fs_read(one, 1 << 24, &b, NULL, &err), 0);
		f = facts_of(save(names[i], &b));
		assert_int_equal(f.duration_ms, -1);
		assert_non_null(f.doubt);
		assert_non_null(strstr(f.doubt, "several Ogg files"));
		assert_string_equal(f.type, "audio/ogg");
		buf_release(&b);
	}
}

/* ID3v2 CHAP: its name, when it begins and ends, its title ("": none). */
static void
add_chapter(struct buf *b, const char *name, uint32_t from, uint32_t to,
    const char *title)
{
	size_t n = title[0] != '\0' ? strlen(title) + 1 : 0;

	buf_adds(b, "CHAP");
	add32(b, (uint32_t)(strlen(name) + 1 + 16 + (n > 0 ? 10 + n : 0)));
	add_zeros(b, 2);
	buf_add(b, name, strlen(name) + 1);
	add32(b, from);
	add32(b, to);
	add32(b, UINT32_MAX);
	add32(b, UINT32_MAX);
	if (n == 0)
		return;
	buf_adds(b, "TIT2");
	add32(b, (uint32_t)n);
	add_zeros(b, 2);
	buf_addc(b, 3);
	buf_adds(b, title);
}

/* A tag's frames have no order. */
static void
mp3_chapters(void **state)
{
	struct media_facts f;
	struct buf b, tag;

	(void)state;
	buf_init(&b, 0);
	buf_init(&tag, 0);
	add_chapter(&tag, "c3", 10000, 26000, "third");
	add_chapter(&tag, "c1", 0, 10000, "first");
	add_chapter(&tag, "c2", 0, 10000, "CHAP 2");
	add_chapter(&tag, "c4", 20000, 21000, "");
	add_chapter(&tag, "c5", 21000, 26000, "c5");
	assert_in_range(tag.len, 128, 255);
	buf_add(&b, "ID3\3\0\0\0\0\1", 9);
	buf_addc(&b, (char)(tag.len - 128));
	buf_add(&b, tag.data, tag.len);
	add_frames(&b, MP3_128, 1000, NULL, 0, 0);
	f = facts_of(save("a.mp3", &b));
	assert_int_equal(f.nchapters, 5);
	assert_string_equal(f.chapters[0].title, "first");
	assert_string_equal(f.chapters[1].title, "CHAP 2");
	assert_string_equal(f.chapters[2].title, "third");
	assert_int_equal(f.chapters[2].start_ms, 10000);
	assert_int_equal(f.chapters[2].end_ms, 26000);
	/* A title, not the name of its frame. */
	assert_null(f.chapters[3].title);
	assert_string_equal(f.chapters[4].title, "c5");
	buf_release(&b);
	buf_release(&tag);
}

/* A header that tells the truth, one that does not, and damage. */
static void
mp3_doubts(void **state)
{
	static const char xing[] = "Xing\0\0\0\3\0\0\3\xe8\0\6\x5e\xd8";
	static const char vbri[] = "VBRI\0\1\0\0\0\x4b\0\6\x5e\xd8\0\0\3\xe8";
	struct media_facts f;
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	add_frames(&b, MP3_128, 1001, xing, 16, 32);
	f = facts_of(save("a.mp3", &b));
	about("Xing", f.duration_ms, 26122, 1);
	assert_true(f.vbr);
	assert_null(f.doubt);
	buf_clear(&b);
	add_frames(&b, MP3_128, 1001, vbri, 18, 32);
	f = facts_of(save("a.mp3", &b));
	about("VBRI", f.duration_ms, 26122, 27);
	assert_true(f.vbr);
	assert_null(f.doubt);
	buf_clear(&b);
	add_frames(&b, MP3_128, 501, xing, 16, 32);
	f = facts_of(save("a.mp3", &b));
	about("half of it", f.duration_ms, 13061, 1);
	assert_string_equal(f.doubt, "its header promises 26.1 s, but it "
	    "holds 13.0 s");
	buf_clear(&b);
	add_frames(&b, MP3_128, 500, NULL, 0, 0);
	b.len -= 100;
	f = facts_of(save("a.mp3", &b));
	about("cut", f.duration_ms, 13035, 1);
	assert_string_equal(f.doubt, "ends in the middle of a frame");
	buf_clear(&b);
	add_frames(&b, MP3_128, 500, NULL, 0, 0);
	add_zeros(&b, 3000);
	add_frames(&b, MP3_128, 500, NULL, 0, 0);
	f = facts_of(save("a.mp3", &b));
	about("hole", f.duration_ms, 26122, 27);
	assert_string_equal(f.doubt, "has 3000 bytes between its frames that "
	    "are no audio");
	buf_release(&b);
}

/* What the head alone tells of a file elsewhere. */
static void
mp3_head(void **state)
{
	static const char info[] = "Info\0\0\0\3\0\0\3\xe8\0\6\x5e\xd8";
	struct media_mp3_head h;
	struct buf b;

	(void)state;
	buf_init(&b, 0);
	add_frames(&b, MP3_128, 100, NULL, 0, 0);
	assert_true(media_mp3_head(b.data, b.len, 0, &h));
	assert_true(h.constant);
	assert_int_equal(media_mp3_duration(&h, 16000 * 60), 60000);
	assert_true(media_mp3_same(b.data + 1000, b.len - 1000, &h));
	buf_clear(&b);
	add_frames(&b, MP3_128, 50, NULL, 0, 0);
	add_frames(&b, MP3_64, 50, NULL, 0, 0);
	assert_false(media_mp3_same(b.data, b.len, &h));
	assert_true(media_mp3_head(b.data, b.len, 0, &h));
	assert_int_equal(media_mp3_duration(&h, 16000 * 60), -1);
	buf_clear(&b);
	add_frames(&b, MP3_128, 50, info, 16, 32);
	assert_true(media_mp3_head(b.data, b.len, 0, &h));
	assert_false(h.vbr);
	assert_int_equal(h.frames, 1000);
	assert_int_equal(media_mp3_duration(&h, 0x65ed8), 26122);
	/* It promises more than the server has. */
	assert_int_equal(media_mp3_duration(&h, 0x65ed8 - 1000), -1);
	buf_clear(&b);
	buf_add(&b, "\xff\xfeU\0T\0F\0" "1\0" "6\0", 12);
	assert_false(media_mp3_head(b.data, b.len, 0, &h));
	assert_int_equal(media_mp3_tag("ID3\4\0\x10\0\0\1\2", 10),
	    10 + 130 + 10);
	assert_int_equal(media_mp3_tag("ID3\4\0\0\0\0\xff\2", 10), 0);
	assert_int_equal(media_mp3_tag("ID3\4\0", 5), 0);
	buf_release(&b);
}

#define SINE "-f", "lavfi", "-i", "sine=300:duration=20"

/* What ffmpeg makes, cut and whole. */
static void
other_kinds(void **state)
{
	static const struct {
		const char *name, *type, *codec;
		const char *options[16];
		bool tells_cut;
	} cases[] = {
		{ "a.m4a", "audio/x-m4a", "aac", { SINE, NULL }, false },
		{ "f.m4a", "audio/x-m4a", "aac", { SINE, "-movflags",
		    "+faststart", NULL }, true },
		{ "b.m4b", "audio/x-m4a", "aac", { SINE, "-f", "ipod", NULL },
		    false },
		{ "frag.mp4", "audio/x-m4a", "aac", { SINE, "-movflags",
		    "+frag_keyframe+empty_moov", "-frag_duration", "1000000",
		    NULL }, true },
		{ "a.flac", "audio/flac", "flac", { SINE, NULL }, true },
		{ "a.opus", "audio/ogg", "opus", { SINE, "-c:a", "libopus",
		    NULL }, true },
		{ "a.ogg", "audio/ogg", "vorbis", { SINE, "-c:a", "libvorbis",
		    NULL }, true },
		{ "a.aac", "audio/aac", "aac", { SINE, NULL }, true },
		{ "a.mka", "audio/x-matroska", "aac", { SINE, "-c:a", "aac",
		    NULL }, true },
		{ "v.mp4", "video/mp4", "aac", { SINE, "-f", "lavfi", "-i",
		    "color=size=64x48:duration=20", "-c:v", "mjpeg", NULL },
		    false },
		{ "v.mov", "video/quicktime", "aac", { SINE, "-f", "lavfi",
		    "-i", "color=size=64x48:duration=20", "-c:v", "mjpeg",
		    NULL }, false }
	};
	struct err err = ERR_INIT;
	struct media_facts f;
	const char *path;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		path = ffmpeg(cases[i].name, cases[i].options);
		f = facts_of(path);
		about(cases[i].name, f.duration_ms, 20000, 100);
		assert_string_equal(f.type, cases[i].type);
		assert_string_equal(f.codec, cases[i].codec);
		if (f.bitrate < 1000 || f.channels != 1)
			fail_msg("%s: %u bits a second, %u channels",
			    cases[i].name, f.bitrate, f.channels);
		assert_int_equal(f.width, strncmp(cases[i].type, "video", 5) ==
		    0 ? 64 : 0);
		if (f.doubt != NULL)
			fail_msg("%s: %s", cases[i].name, f.doubt);
		/* The first half of it holds half, or nothing is known. */
		buf_init(&b, 0);
		assert_int_equal(fs_read(path, 64 << 20, &b, NULL, &err), 0);
		b.len /= 2;
		f = facts_of(save("cut", &b));
		buf_release(&b);
		if (cases[i].tells_cut)
			about(cases[i].name, f.duration_ms, 10000, 2500);
		else
			assert_true(f.duration_ms == -1 && f.doubt != NULL);
	}
}

/* Chapters, and a picture with them. */
static void
chapters_and_art(void **state)
{
	static const char meta[] = ";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\n"
	    "START=0\nEND=7000\ntitle=One \xc3\xa9\n[CHAPTER]\nTIMEBASE=1/1000"
	    "\nSTART=7000\nEND=20000\ntitle=Two\n";
	const char *names[] = { "c.mp3", "c.m4a", "c.flac", "c.opus" };
	struct media_facts f;
	const char *in, *png;
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, 0);
	buf_add(&b, meta, sizeof(meta) - 1);
	in = save("meta", &b);
	buf_release(&b);
	png = ffmpeg("art.png", (const char *const[]){ "-f", "lavfi", "-i",
	    "color=size=60x50:duration=1", "-frames:v", "1", "-update", "1",
	    NULL });
	for (i = 0; i < SIZE(names); i++) {
		bool art = i < 3;

		f = facts_of(ffmpeg(names[i], (const char *const[]){ SINE,
		    "-i", in, "-i", png, "-map", "0:a", "-map", art ? "2:v" :
		    "0:a", "-map_metadata", "1", "-c:v", "copy",
		    "-disposition:v", "attached_pic", NULL }));
		about(names[i], f.duration_ms, 20000, 100);
		assert_int_equal(f.art.width, art ? 60 : 0);
		assert_int_equal(f.art.height, art ? 50 : 0);
		assert_int_equal(f.width, 0);
		if (i == 2)	/* of FLAC ffmpeg writes no chapters */
			continue;
		assert_int_equal(f.nchapters, 2);
		assert_int_equal(f.chapters[0].start_ms, 0);
		assert_int_equal(f.chapters[1].start_ms, 7000);
		assert_string_equal(f.chapters[0].title, "One \xc3\xa9");
		assert_string_equal(f.chapters[1].title, "Two");
	}
}

/* Of what nobody can read the first bytes tell the type, and no more. */
static void
damaged(void **state)
{
	static const struct {
		const char *bytes, *type;
	} cases[] = {
		{ "....ftypM4A ", "audio/x-m4a" },
		{ "....ftypM4B ", "audio/x-m4b" },
		{ "....ftypisom", "video/mp4" },
		{ "....ftypqt  ", "video/quicktime" },
		{ "OggS\1\1\1\1\1\1\1\1", "audio/ogg" },
		{ "fLaC\1\1\1\1\1\1\1\1", "audio/flac" },
		{ "RIFF....WAVE", "audio/wav" }
	};
	struct media_facts f;
	struct buf b;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		buf_init(&b, 0);
		buf_adds(&b, cases[i].bytes);
		add_zeros(&b, 5000);
		f = facts_of(save("a", &b));
		assert_string_equal(f.type, cases[i].type);
		assert_int_equal(f.duration_ms, -1);
		assert_non_null(f.doubt);
		buf_release(&b);
	}
}

struct counter {
	FILE *file;
	int64_t bytes;
};

static int64_t
count_read(void *ctx, int64_t offset, void *buf, size_t len)
{
	struct counter *c = ctx;
	size_t n;

	if (fseek(c->file, (long)offset, SEEK_SET) != 0)
		return -1;
	n = fread(buf, 1, len, c->file);
	c->bytes += (int64_t)n;
	return (int64_t)n;
}

/* Head and tail are enough, however long it is. */
static void
reads_little(void **state)
{
	static const struct {
		const char *name;
		enum media_av_kind kind;
		int64_t most;
	} cases[] = {
		/* its table of samples is most of it */
		{ "long.m4a", MEDIA_AV_MP4, 450000 },
		{ "long.opus", MEDIA_AV_OGG, 200000 },
		{ "long.flac", MEDIA_AV_FLAC, 200000 },
		{ "long.wav", MEDIA_AV_WAV, 70000 }
	};
	struct media_facts f;
	struct media_source src;
	struct counter c;
	struct err err = ERR_INIT;
	bool video;
	size_t i;

	(void)state;
	for (i = 0; i < SIZE(cases); i++) {
		c = (struct counter){ fopen(ffmpeg(cases[i].name,
		    (const char *const[]){ "-f", "lavfi", "-i",
		    "sine=300:duration=1800:sample_rate=24000", "-b:a", "48k",
		    NULL }), "re"), 0 };
		assert_non_null(c.file);
		fseek(c.file, 0, SEEK_END);
		src = (struct media_source){ count_read, &c,
			ftell(c.file) };
		f = (struct media_facts)MEDIA_FACTS_INIT;
		f.length = src.size;
		assert_int_equal(media_av_facts(&src, cases[i].kind, false,
		    &arena, &f, &video, &err), 0);
		about(cases[i].name, f.duration_ms, 1800000, 100);
		if (c.bytes > cases[i].most)
			fail_msg("%s: %lld bytes were read", cases[i].name,
			    (long long)c.bytes);
		print_message("%s: %lld of %lld bytes were read\n",
		    cases[i].name, (long long)c.bytes, (long long)src.size);
		fclose(c.file);
		unlink(path_of(cases[i].name));
	}
}

#define MANY 300

struct seen {
	size_t next;
	unsigned failed;
};

static void
in_order(void *ctx, size_t i, const struct media_facts *f,
    const struct err *err)
{
	struct seen *s = ctx;

	assert_int_equal(i, s->next++);
	if (i % 7 == 3) {
		assert_null(f);
		assert_int_equal(err->kind, ERR_NOINPUT);
		s->failed++;
	} else {
		assert_non_null(f);
		assert_int_equal(f->duration_ms, i % 2 == 0 ? 1000 : 2612);
	}
}

static void
many(void **state)
{
	const char *paths[MANY], *wave, *mp3;
	struct buf b;
	unsigned threads;
	size_t i;

	(void)state;
	buf_init(&b, 0);
	begin_wav(&b, 16000);
	add_zeros(&b, 16000);
	wave = save("a.wav", &b);
	buf_clear(&b);
	add_frames(&b, MP3_128, 100, NULL, 0, 0);
	mp3 = save("a.mp3", &b);
	buf_release(&b);
	for (i = 0; i < MANY; i++)
		paths[i] = i % 7 == 3 ? "/nowhere/at/all" : i % 2 == 0 ?
		    wave : mp3;
	for (threads = 0; threads < 5; threads++) {
		struct seen seen = { 0, 0 };

		media_probe_many(paths, MANY, threads, in_order, &seen);
		assert_int_equal(seen.next, MANY);
		assert_int_equal(seen.failed, 43);
	}
	media_probe_many(paths, 0, 2, in_order, NULL);
}

static int
start(void **state)
{
	probe = media_probe_open();
	return make_dir(state);
}

static int
stop(void **state)
{
	media_probe_close(probe);
	return drop_dir(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD_TEST(libavformat_waits),
		TOLD_TEST(wav),
		TOLD_TEST(mp3_frames),
		TOLD_TEST(mp3_tags), TOLD_TEST(mp3_tags_between),
		TOLD_TEST(mp3_chapters), TOLD_TEST(archives),
		TOLD_TEST(ogg_chain),
		TOLD_TEST(mp3_doubts),
		TOLD_TEST(mp3_head),
		TOLD_TEST(other_kinds),
		TOLD_TEST(chapters_and_art),
		TOLD_TEST(damaged),
		TOLD_TEST(reads_little),
		TOLD_TEST(many),
	};

	return cmocka_run_group_tests_name("media_probe", tests, start, stop);
}
