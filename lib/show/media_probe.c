#include "show/media_probe.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <magic.h>

#include "base/fs.h"
#include "show/media_av.h"
#include "show/media_kind.h"
#include "show/media_mp3.h"
#include "show/media_type.h"

#define HEAD_MAX MEDIA_KIND_HEAD
/* A larger tag is skipped, but not looked into. */
#define TAG_MAX ((int64_t)16 << 20)

/* How far in front of the first frame junk may reach. */
#define JUNK_MAX ((size_t)256 << 10)

struct media_probe {
	magic_t magic;		/* NULL: not needed so far */
	unsigned char head[HEAD_MAX];
};

struct media_probe *
media_probe_open(void)
{
	return xcalloc(1, sizeof(struct media_probe));
}

void
media_probe_close(struct media_probe *p)
{
	if (p == NULL)
		return;
	if (p->magic != NULL)
		magic_close(p->magic);
	free(p);
}

/* libmagic reads megabytes of its database when it is opened: only for what
 * nothing else knows. */
static int
ask_magic(struct media_probe *p, int fd, struct media_facts *out,
    struct err *err)
{
	const char *type;

	if (p->magic == NULL) {
		p->magic = magic_open(MAGIC_MIME_TYPE);
		if (p->magic == NULL || magic_load(p->magic, NULL) != 0) {
			err_set(err, ERR_INTERNAL, "libmagic does not start: "
			    "%s", p->magic != NULL ? magic_error(p->magic) :
			    "out of memory");
			if (p->magic != NULL)
				magic_close(p->magic);
			p->magic = NULL;
			return -1;
		}
	}
	if (lseek(fd, 0, SEEK_SET) != 0)
		return err_sys(err, ERR_IO, "cannot be read");
	type = magic_descriptor(p->magic, fd);
	if (type == NULL)
		return err_set(err, ERR_IO, "cannot be read: %s",
		    magic_error(p->magic));
	snprintf(out->type, sizeof(out->type), "%s", type);
	return 0;
}

/* Whether a tag has what libavformat is worth loading for. */
static bool
has_more(int fd, int64_t tag)
{
	static const char *const names[] = { "CHAP", "APIC", "PIC" };
	unsigned char *bytes;
	bool found = false;
	ssize_t n;
	size_t i;

	if (tag <= 10 || tag > TAG_MAX)
		return false;
	bytes = xmalloc((size_t)tag);
	n = pread(fd, bytes, (size_t)tag, 0);
	for (i = 0; n > 0 && i < sizeof(names) / sizeof(names[0]); i++)
		found = found || memmem(bytes, (size_t)n, names[i],
		    strlen(names[i])) != NULL;
	free(bytes);
	return found;
}

/* Chapters and art lie in the tag: no more than it and the first frames are
 * shown to libavformat. What cannot be had of them is a doubt. */
static void
read_tag(int fd, int64_t tag, struct arena *a, struct media_facts *out)
{
	struct media_source src = { .read = media_source_read, .ctx = &fd };
	struct err err = ERR_INIT;
	bool video;

	if (tag > TAG_MAX && out->doubt == NULL)
		out->doubt = arena_printf(a, "begins with a tag of %lld "
		    "bytes, in which no picture and chapters are looked for; "
		    "listeners load it each time, so make its picture smaller",
		    (long long)tag);
	if (!has_more(fd, tag))
		return;
	src.size = tag + (int64_t)HEAD_MAX < out->length ?
	    tag + (int64_t)HEAD_MAX : out->length;
	if (media_av_facts(&src, MEDIA_AV_MP3_TAG, false, a, out, &video,
	    &err) != 0 && out->doubt == NULL)
		out->doubt = arena_printf(a, "has a tag whose chapters and "
		    "picture cannot be read: %s", err.msg);
}

static void
read_mp3(int fd, int64_t tag, const struct media_mp3_head *head,
    struct arena *a, struct media_facts *out)
{
	memcpy(out->type, "audio/mpeg", sizeof("audio/mpeg"));
	if (!media_mp3_walk(fd, head, tag, a, out))
		out->doubt = "has no frame of MPEG audio";
	read_tag(fd, tag, a, out);
}

static void
read_kind(int fd, const struct media_kind *kind, struct arena *a,
    struct media_facts *out)
{
	struct media_source src = { .read = media_source_read, .ctx = &fd,
		.size = out->length };
	struct err err = ERR_INIT;
	const char *type;
	bool video;

	snprintf(out->type, sizeof(out->type), "%s", kind->type);
	if (media_av_facts(&src, kind->av, true, a, out, &video, &err) != 0)
		out->doubt = arena_strdup(a, err.msg);
	else if (out->sample_rate == 0 && out->width == 0)
		out->doubt = "has neither sound nor pictures";
	else if ((type = video ? kind->video : kind->sound) != NULL)
		snprintf(out->type, sizeof(out->type), "%s", type);
}

/* What holds other files, perhaps sound, but is none itself: no player looks
 * into it. */
static bool
is_archive(const char *type)
{
	static const char *const types[] = {
		"application/zip", "application/x-tar",
		"application/x-7z-compressed", "application/x-rar",
		"application/vnd.rar", "application/java-archive",
		"application/epub+zip", "application/x-iso9660-image"
	};
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* Some MP3 files begin with junk that libmagic does not see through. */
static void
read_behind_junk(int fd, int64_t tag, struct arena *a, struct media_facts *out)
{
	struct media_mp3_head mp3;
	unsigned char *bytes = xmalloc(JUNK_MAX);
	ssize_t n = pread(fd, bytes, JUNK_MAX, tag);
	bool found = n > 0 && media_mp3_head(bytes, (size_t)n, JUNK_MAX,
	    &mp3);

	free(bytes);
	if (found)
		read_mp3(fd, tag, &mp3, a, out);
}

static int
read_facts(struct media_probe *p, int fd, struct arena *a,
    struct media_facts *out, struct err *err)
{
	static const struct media_kind adts = { MEDIA_AV_ADTS, "audio/aac",
		NULL, NULL };
	struct media_mp3_head mp3;
	struct media_kind kind;
	int64_t tag;
	size_t n;

	if (media_kind_read(fd, p->head, &tag, &n) != 0)
		return err_sys(err, ERR_IO, "cannot be read");
	/* Padding behind a tag is common, other junk is not. */
	if (media_mp3_head(p->head, n, tag > 0 ? HEAD_MAX : 0,
	    &mp3)) {
		read_mp3(fd, tag, &mp3, a, out);
		return 0;
	}
	if (media_kind_of(p->head, n, &kind)) {
		read_kind(fd, &kind, a, out);
		return 0;
	}
	if (ask_magic(p, fd, out, err) != 0)
		return -1;
	if (strcmp(out->type, "audio/mpeg") == 0)
		read_mp3(fd, tag, NULL, a, out);
	else if (strcmp(out->type, "audio/x-hx-aac-adts") == 0)
		read_kind(fd, &adts, a, out);
	else if (media_type_of(out->type) != MEDIA_TYPE_SOUND &&
	    !is_archive(out->type))
		read_behind_junk(fd, tag, a, out);
	return 0;
}

int
media_probe_fd(struct media_probe *p, int fd, int64_t size, struct arena *a,
    struct media_facts *out, struct err *err)
{
	*out = (struct media_facts)MEDIA_FACTS_INIT;
	out->length = size;
	if (read_facts(p, fd, a, out, err) != 0)
		return -1;
	if (media_type_of(out->type) == MEDIA_TYPE_WRONG)
		return err_set(err, ERR_INPUT, "is no audio or video file "
		    "but %s", out->type);
	/* Nobody knows what these bytes are. */
	if (media_type_of(out->type) == MEDIA_TYPE_SILENT &&
	    out->doubt == NULL)
		out->doubt = "is of no kind of audio or video that is known; "
		    "listen to it, and get it whole again";
	return 0;
}

int
media_probe_file(struct media_probe *p, const char *path, struct arena *a,
    struct media_facts *out, struct err *err)
{
	struct fs_stamp stamp;
	int fd, rc;

	*out = (struct media_facts)MEDIA_FACTS_INIT;
	fd = fs_open(path, &stamp, err);
	if (fd < 0)
		return -1;
	out->length = stamp.size;
	if (stamp.size == 0)
		rc = err_set(err, ERR_INPUT, "is empty");
	else
		rc = media_probe_fd(p, fd, stamp.size, a, out, err);
	close(fd);
	return rc == 0 ? 0 : err_at(err, path, 0);
}
