#include "show/media_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "show/media_av.h"
#include "show/media_kind.h"
#include "show/media_parts_mp3.h"
#include "show/media_probe.h"
#include "show/media_type.h"

/* Tags in front of each other. */
#define TAGS_MAX 16
/* Enough for some frames and their header, and for what tells a kind. */
#define HEAD_MIN ((int64_t)16 << 10)
/* A file as small as its head and its tail is read whole. */
#define SMALL (2 * MEDIA_SPARSE_FIRST)

int64_t
media_parts_fill(struct media_sparse *s, int64_t offset, void *buf, int64_t len)
{
	char *p = buf;
	int64_t n, got = 0;

	while (got < len) {
		n = media_sparse_read(s, offset + got, p + got,
		    (size_t)(len - got));
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		got += n;
	}
	return got;
}

/* As media_probe_fd() of a file with these bytes. */
static int
probe_bytes(const char *data, size_t len, struct arena *a,
    struct media_facts *out, struct err *err)
{
	struct media_probe *p;
	int fd = memfd_create("showmill", MFD_CLOEXEC), rc;
	size_t at = 0;
	ssize_t n;

	if (fd < 0)
		return err_sys(err, ERR_SYSTEM, "cannot be looked at");
	while (at < len && (n = write(fd, data + at, len - at)) > 0)
		at += (size_t)n;
	if (at < len) {
		err_sys(err, ERR_SYSTEM, "cannot be looked at");
		close(fd);
		return -1;
	}
	p = media_probe_open();
	rc = media_probe_fd(p, fd, (int64_t)len, a, out, err);
	media_probe_close(p);
	close(fd);
	return rc;
}

static int
read_whole(struct media_sparse *s, struct arena *a, struct media_facts *out,
    struct err *err)
{
	int64_t size = media_sparse_size(s);
	char *data = xmalloc((size_t)size), type[sizeof(out->type)];
	int rc = -1;

	memcpy(type, out->type, sizeof(type));
	if (media_parts_fill(s, 0, data, size) == size)
		rc = probe_bytes(data, (size_t)size, a, out, err);
	free(data);
	if (media_type_of(out->type) == MEDIA_TYPE_SILENT)
		memcpy(out->type, type, sizeof(type));
	return rc;
}

/* Something that neither head nor kind is known of: what libmagic makes of its
 * beginning. */
static int
read_other(const char *data, size_t len, struct arena *a,
    struct media_facts *out, struct err *err)
{
	struct media_facts other;

	if (probe_bytes(data, len, a, &other, err) != 0)
		return -1;
	if (media_type_of(other.type) == MEDIA_TYPE_SOUND)
		memcpy(out->type, other.type, sizeof(out->type));
	out->doubt = "is of no kind that can be told by its beginning";
	return 0;
}

static void
read_kind(struct media_sparse *s, const struct media_kind *kind,
    struct arena *a, struct media_facts *out)
{
	struct media_source src = { .read = media_sparse_read, .ctx = s,
		.size = media_sparse_size(s) };
	struct err err = ERR_INIT;
	const char *type;
	bool video;

	snprintf(out->type, sizeof(out->type), "%s", kind->type);
	if (media_av_facts(&src, kind->av, false, a, out, &video, &err) != 0)
		out->doubt = arena_strdup(a, err.msg);
	else if (out->sample_rate == 0 && out->width == 0)
		out->doubt = "has neither sound nor pictures";
	else if ((type = video ? kind->video : kind->sound) != NULL)
		snprintf(out->type, sizeof(out->type), "%s", type);
	/* Of what the pages of Ogg count up to, only the last one is all. */
	if (kind->av == MEDIA_AV_OGG &&
	    !media_sparse_has(s, src.size - 1, 1)) {
		out->duration_ms = -1;
		out->bitrate = 0;
	}
	if (out->duration_ms < 0 && out->doubt == NULL)
		out->doubt = "tells its duration neither in its head nor in "
		    "its tail";
	/* A title whose bytes are missing is not one that is empty. */
	if (media_sparse_missed(s) && out->nchapters > 0) {
		out->chapters = NULL;
		out->nchapters = 0;
	}
}

/* What follows the tags, as far as 64 KiB; -1: it is missing. */
static int64_t
read_head(struct media_sparse *s, char *head, int64_t *tag)
{
	int64_t n, more = 0;
	unsigned tags = 0;

	*tag = 0;
	do {
		*tag += more;
		/* What came with a tag is enough behind it. */
		(void)media_sparse_has(s, *tag, HEAD_MIN);
		n = media_sparse_read(s, *tag, head,
		    (size_t)MEDIA_SPARSE_FIRST);
		if (n < 0)
			return -1;
		more = media_mp3_tag(head, (size_t)n);
		if (more > 0 && *tag + more <= MEDIA_PARTS_TAG_MAX)
			(void)media_sparse_has(s, 0, *tag + more + HEAD_MIN);
	} while (more > 0 && tags++ < TAGS_MAX);
	return n;
}

int
media_parts_facts(struct media_sparse *s, struct arena *a,
    struct media_facts *out, struct err *err)
{
	struct media_mp3_head mp3;
	struct media_kind kind;
	int64_t tag, n;
	char *head;
	int rc = 0;

	if (media_sparse_whole(s))
		return read_whole(s, a, out, err);
	if (media_sparse_size(s) <= SMALL)
		(void)media_sparse_has(s, 0, SMALL);
	head = xmalloc((size_t)MEDIA_SPARSE_FIRST);
	n = read_head(s, head, &tag);
	if (n < 0)
		out->doubt = "begins with more than could be read";
	else if (media_mp3_head(head, (size_t)n, tag > 0 ?
	    (size_t)MEDIA_SPARSE_FIRST : 0, &mp3))
		media_parts_mp3(s, tag, &mp3, a, out);
	else if (media_kind_of(head, (size_t)n, &kind))
		read_kind(s, &kind, a, out);
	else
		rc = read_other(head, (size_t)n, a, out, err);
	free(head);
	return rc;
}
