/*
 * maildir:DIR: every message becomes a file in DIR/new, byte for byte. It is
 * written and fsynced in DIR/tmp, and appears in DIR/new by a rename.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"
#include "mail/transport_int.h"

#define FILE_NAME_MAX 255

struct maildir {
	char *path;
	char host[65];		/* of this machine, fit for a file name */
};

struct delivery {
	const struct maildir *dir;
	const struct transport_source *source;
	struct err *err;
	struct arena names;
	struct transport_message m;
	int new_fd;		/* DIR/new, to fsync its entries */
};

static void own_host(char *out, size_t size)
{
	char *p;

	if (gethostname(out, size) == -1)
		snprintf(out, size, "localhost");
	out[size - 1] = '\0';
	for (p = out; *p != '\0'; p++)
		if (*p == '/' || *p == ':' || *p <= ' ' || *p > '~')
			*p = '_';
}

static void *maildir_open(const char *url, const char *rest,
    const struct transport_options *options, struct err *err)
{
	struct maildir *d;
	size_t len = strlen(rest);

	(void)options;
	if (*rest == '\0') {
		err_set(err, ERR_CONFIG, "`relay` is \"%s\", which "
		    "names no folder; write maildir:DIR, or "
		    "smtp://HOST[:PORT]", url);
		return NULL;
	}
	while (len > 1 && rest[len - 1] == '/')
		len--;
	d = xcalloc(1, sizeof *d);
	d->path = xstrndup(rest, len);
	own_host(d->host, sizeof d->host);
	return d;
}

static void maildir_close(void *impl)
{
	struct maildir *d = impl;

	free(d->path);
	free(d);
}

/* Others have no business in it. One that is there is left as it is. */
static int make_dir(const char *path, struct err *err)
{
	if (mkdir(path, 0700) == -1 && errno != EEXIST)
		return err_sys(err, ERR_OUTPUT, "%s cannot be made", path);
	if (!fs_is_dir(path))
		return err_set(err, ERR_OUTPUT, "%s is no folder", path);
	return 0;
}

static int make_maildir(struct delivery *d, struct err *err)
{
	static const char *const below[] = { "tmp", "new", "cur" };
	const char *new_dir;
	size_t i;

	if (!fs_is_dir(d->dir->path) &&
	    fs_mkdirs(fs_dirname(&d->names, d->dir->path), err) == -1)
		return -1;
	if (make_dir(d->dir->path, err) == -1)
		return -1;
	for (i = 0; i < sizeof below / sizeof below[0]; i++)
		if (make_dir(fs_join(&d->names, d->dir->path, below[i]), err) ==
		    -1)
			return -1;
	new_dir = fs_join(&d->names, d->dir->path, "new");
	d->new_fd = open(new_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->new_fd == -1)
		return err_sys(err, ERR_OUTPUT, "%s cannot be opened", new_dir);
	return 0;
}

/* Unlike any other name: the moment, the process, its messages so far and the
 * machine. */
static void unique_name(const struct maildir *dir, char out[FILE_NAME_MAX + 1])
{
	static atomic_ulong count;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(out, FILE_NAME_MAX + 1, "%lld.M%ldP%ldQ%lu.%s",
	    (long long)now.tv_sec, now.tv_nsec / 1000, (long)getpid(),
	    atomic_fetch_add(&count, 1) + 1, dir->host);
}

static int write_part(int fd, const struct iovec *part)
{
	const char *p = part->iov_base;
	size_t left = part->iov_len;

	while (left > 0) {
		ssize_t n = write(fd, p, left);

		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		p += n;
		left -= (size_t)n;
	}
	return 0;
}

/* A whole and durable file, or none. */
static int write_file(const char *path, const struct transport_message *m,
    struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int failed = 0;
	size_t i;

	if (fd == -1)
		return err_sys(err, ERR_OUTPUT, "%s cannot be made", path);
	for (i = 0; i < m->nparts && failed == 0; i++)
		failed = write_part(fd, &m->part[i]);
	if (failed == 0)
		failed = fsync(fd);
	if (failed == -1)
		err_sys(err, ERR_OUTPUT, "%s cannot be written", path);
	if (close(fd) == -1 && failed == 0)
		failed = err_sys(err, ERR_OUTPUT, "%s cannot be written", path);
	if (failed == -1)
		unlink(path);
	return failed;
}

/* No file is ever replaced, on the file systems that can promise it. */
static int move(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	return rename(from, to);
}

static int settle(struct delivery *d, enum transport_verdict verdict,
    const char *text, const char *name, struct err *err)
{
	struct transport_result result;

	transport_result_set(&result, verdict, 0, text);
	snprintf(result.queue_id, sizeof result.queue_id, "%s", name);
	return d->source->settle(d->source->ctx, d->m.id, &result, err);
}

static enum transport_verdict store(struct delivery *d, const char *name)
{
	char *tmp = arena_printf(&d->names, "%s/tmp/%s", d->dir->path, name);
	char *to = arena_printf(&d->names, "%s/new/%s", d->dir->path, name);

	if (write_file(tmp, &d->m, d->err) == -1)
		return TRANSPORT_UNTRIED;
	if (d->source->doubt(d->source->ctx, d->m.id, d->err) == -1) {
		unlink(tmp);
		return TRANSPORT_UNTRIED;
	}
	if (move(tmp, to) == -1) {
		err_sys(d->err, ERR_OUTPUT, "%s cannot become %s", tmp,
		    to);
		unlink(tmp);
		return TRANSPORT_UNTRIED;
	}
	if (fsync(d->new_fd) == -1) {
		err_sys(d->err, ERR_OUTPUT, "the folder of %s cannot be made "
		    "durable", to);
		return TRANSPORT_UNKNOWN;
	}
	return TRANSPORT_SENT;
}

static int deliver(struct delivery *d)
{
	struct err spare = ERR_INIT;
	char name[FILE_NAME_MAX + 1];
	char why[TRANSPORT_TEXT_MAX];
	enum transport_verdict verdict;

	if (transport_message_check(&d->m, NULL, why, sizeof why) == -1)
		return settle(d, TRANSPORT_FAILED, why, "", d->err);
	unique_name(d->dir, name);
	verdict = store(d, name);
	if (verdict == TRANSPORT_SENT) {
		snprintf(why, sizeof why, "stored as new/%.255s", name);
		return settle(d, verdict, why, name, d->err);
	}
	settle(d, verdict, d->err->msg, "", &spare);
	return -1;
}

static int maildir_run(void *impl, const struct transport_source *source,
    struct err *err)
{
	struct delivery d = { .dir = impl, .source = source, .err = err,
	    .names = ARENA_INIT, .new_fd = -1 };
	int got = 0, failed = make_maildir(&d, err);

	while (failed == 0) {
		if (source->stop != NULL && source->stop(source->ctx) != 0)
			break;
		got = source->next(source->ctx, &d.m, err);
		if (got == 0)
			break;
		failed = got < 0 ? -1 : deliver(&d);
		arena_release(&d.names);
	}
	if (d.new_fd != -1)
		close(d.new_fd);
	arena_release(&d.names);
	return failed;
}

const struct transport_ops transport_maildir = {
	"maildir:", maildir_open, maildir_run, maildir_close,
};
