#include "base/download.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"

#define VERSION_MAX (HTTP_FIELD_MAX + 16384)

/* One download: the file that grows, and what is known of what it is of. */
struct part {
	const char *url;
	const char *file;
	const char *version_file;
	int fd;
};

static int
cannot_write(const char *path, struct err *err)
{
	return err_sys(err, ERR_OUTPUT, "%s cannot be written", path);
}

/* What names the file in an If-Range: a strong ETag, or a Last-Modified; NULL:
 * nothing. A field that may have been cut is none. */
static const char *
version_of(const struct http_head *head)
{
	if (head->etag[0] == '"' && strlen(head->etag) < HTTP_FIELD_MAX - 1)
		return head->etag;
	return head->modified[0] != '\0' &&
	    strlen(head->modified) < HTTP_FIELD_MAX - 1 ? head->modified :
	    NULL;
}

/* Before the first byte is written of a file from its beginning. What an
 * earlier run left must be gone from the disk before the version changes. */
static int
remember(void *ctx, const struct http_head *head, struct err *err)
{
	struct part *p = ctx;
	const char *version = version_of(head);
	struct buf text;
	int rc = 0;

	if (unlink(p->version_file) != 0 && errno != ENOENT)
		return cannot_write(p->version_file, err);
	if (fsync(p->fd) != 0)
		return cannot_write(p->file, err);
	if (version == NULL)
		return 0;
	buf_init(&text, 0);
	buf_addf(&text, "%s\n%s\n", version, p->url);
	rc = fs_replace(p->version_file, text.data, text.len, 0666, NULL, err);
	buf_release(&text);
	return rc;
}

/* The version of what is there; NULL: not known, or of another address. */
static const char *
remembered(struct arena *a, const struct part *p)
{
	struct err ignored = ERR_INIT;
	const char *version = NULL, *end;
	struct buf text;

	buf_init(&text, VERSION_MAX);
	if (fs_read(p->version_file, VERSION_MAX, &text, NULL,
	    &ignored) == 0 && text.len > 0) {
		end = strchr(text.data, '\n');
		if (end != NULL && end > text.data &&
		    end - text.data < HTTP_FIELD_MAX &&
		    strcmp(end + 1, arena_printf(a, "%s\n", p->url)) == 0)
			version = arena_strndup(a, text.data,
			    (size_t)(end - text.data));
	}
	buf_release(&text);
	return version;
}

static int
settle(const struct part *p, const char *path, struct err *err)
{
	struct arena a = ARENA_INIT;
	const char *folder = fs_dirname(&a, path);
	int rc = 0;

	if (fsync(p->fd) != 0)
		rc = cannot_write(p->file, err);
	else if (unlink(p->version_file) != 0 && errno != ENOENT)
		rc = cannot_write(p->version_file, err);
	else if (fs_settle(AT_FDCWD, p->file, path) != 0 ||
	    fs_sync_dir(folder) != 0)
		rc = cannot_write(path, err);
	arena_release(&a);
	return rc;
}

/* Where nothing came that another run could go on behind. */
static void
drop_nothing(const struct part *p)
{
	struct stat st;

	if (fstat(p->fd, &st) == 0 && st.st_size == 0) {
		(void)unlink(p->version_file);
		(void)unlink(p->file);
	}
}

/* Asks for the rest where it is known of what; else for all. */
static int
fetch(struct http_session *s, struct part *p, struct http_saving *what,
    struct err *err)
{
	struct http_head head = { 0 };
	struct err first = ERR_INIT;
	int rc = http_save(s, p->url, what, &head, &first);

	/* There is nothing behind what is there: it is whole, or of a file
	 * that was another. */
	if (rc != 0 && what->from > 0 &&
	    (head.status == 416 || head.other_part)) {
		first = (struct err)ERR_INIT;
		what->from = 0;
		what->version = NULL;
		rc = http_save(s, p->url, what, &head, &first);
	}
	if (rc != 0)
		*err = first;
	return rc;
}

int
download(struct http_session *s, const char *url, const char *path,
    int64_t max, void (*tell)(void *ctx, int64_t have, int64_t total),
    void *ctx, int64_t *length, struct err *err)
{
	struct arena a = ARENA_INIT;
	struct part p = { .url = url, .fd = -1 };
	struct http_saving what = { .max = max, .began = remember,
	    .began_ctx = &p, .tell = tell, .ctx = ctx };
	struct stat st;
	int rc = -1;

	p.file = arena_printf(&a, "%s.part", path);
	p.version_file = arena_printf(&a, "%s.version", p.file);
	if (stat(path, &st) == 0) {
		rc = 0;
		goto out;
	}
	p.fd = open(p.file, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (p.fd < 0 || fstat(p.fd, &st) != 0) {
		(void)cannot_write(p.file, err);
		goto out;
	}
	what.fd = p.fd;
	what.version = st.st_size > 0 ? remembered(&a, &p) : NULL;
	what.from = what.version != NULL ? st.st_size : 0;
	rc = fetch(s, &p, &what, err);
	if (rc == 0 && fstat(p.fd, &st) != 0)
		rc = cannot_write(p.file, err);
	else if (rc == 0)
		rc = settle(&p, path, err);
	if (rc != 0)
		drop_nothing(&p);
out:
	if (rc == 0 && length != NULL)
		*length = st.st_size;
	if (p.fd >= 0)
		(void)close(p.fd);
	arena_release(&a);
	return rc;
}
