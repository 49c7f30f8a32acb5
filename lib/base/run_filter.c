/*
 * Programs that are run without a shell.
 */
#include "base/clock.h"
#include "base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK 65536
#define AT_ONCE 50	/* pauses of 10 ms */

struct filter {
	pid_t pid;
	int to, from;		/* -1: closed */
	const char *in;
	size_t len;
	struct buf *out;
	int64_t until;		/* ms */
};

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
cannot(const char *name, int code, struct err *err)
{
	errno = code;
	if (code == ENOENT)
		return err_set(err, ERR_NOINPUT, "there is no program `%s` "
		    "here", name);
	return err_sys(err, ERR_SYSTEM, "`%s` cannot be run", name);
}

/* in, out: its standard ones; -1: /dev/null. apart: in a session of its own,
 * and without our standard error. */
static int
begin(const char *const *argv, char **env, int in, int out, bool apart,
    pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t pipes;
	int rc;

	/* We ignore SIGPIPE, and what we ignore a child would, too. */
	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &pipes);
	posix_spawnattr_setflags(&attr, (short)(POSIX_SPAWN_SETSIGDEF |
	    (apart ? POSIX_SPAWN_SETSID : 0)));
	rc = in >= 0 ? posix_spawn_file_actions_adddup2(&files, in,
	    STDIN_FILENO) : posix_spawn_file_actions_addopen(&files,
	    STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (rc == 0)
		rc = out >= 0 ? posix_spawn_file_actions_adddup2(&files, out,
		    STDOUT_FILENO) : posix_spawn_file_actions_addopen(&files,
		    STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (rc == 0 && apart)
		rc = posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO,
		    STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawnp(pid, argv[0], &files, &attr,
		    (char **)(uintptr_t)argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

static int
open_pipes(int to[2], int from[2], struct err *err)
{
	if (pipe2(to, O_CLOEXEC) != 0)
		return err_sys(err, ERR_SYSTEM, "a pipe cannot be made");
	if (pipe2(from, O_CLOEXEC) == 0)
		return 0;
	err_sys(err, ERR_SYSTEM, "a pipe cannot be made");
	close(to[0]);
	close(to[1]);
	return -1;
}

static int
start(struct filter *f, const char *const *argv, const char *const *add,
    struct err *err)
{
	int to[2], from[2], rc;
	char **env;

	if (open_pipes(to, from, err) != 0)
		return -1;
	env = run_environment(add);
	fflush(NULL);
	rc = begin(argv, env, to[0], from[1], false, &f->pid);
	free(env);
	close(to[0]);
	close(from[1]);
	f->to = to[1];
	f->from = from[0];
	if (rc == 0) {
		fcntl(f->to, F_SETFL, O_NONBLOCK);
		return 0;
	}
	shut(&f->to);
	shut(&f->from);
	return cannot(argv[0], rc, err);
}

static void
give(struct filter *f)
{
	ssize_t n = f->len == 0 ? 0 : write(f->to, f->in, f->len);

	if (n > 0) {
		f->in += n;
		f->len -= (size_t)n;
	}
	/* It wants no more of it. */
	if (f->len == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		shut(&f->to);
}

static void
take(struct filter *f)
{
	char chunk[CHUNK];
	ssize_t n = read(f->from, chunk, sizeof(chunk));

	if (n > 0)
		buf_add(f->out, chunk, (size_t)n);
	else if (n == 0 || (errno != EINTR && errno != EAGAIN))
		shut(&f->from);
}

/* Until it has closed its output. */
static int
talk(struct filter *f, const char *name, unsigned seconds, struct err *err)
{
	struct pollfd p[2];
	int64_t left;

	while (f->from >= 0) {
		left = f->until - clock_ms();
		if (left <= 0)
			return err_set(err, ERR_TEMPORARY, "`%s` takes longer "
			    "than %u s", name, seconds);
		p[0] = (struct pollfd){ f->from, POLLIN, 0 };
		p[1] = (struct pollfd){ f->to, POLLOUT, 0 };
		if (poll(p, 2, (int)left) < 0 && errno != EINTR)
			return err_sys(err, ERR_SYSTEM, "poll");
		if (p[1].revents != 0)
			give(f);
		if (p[0].revents != 0)
			take(f);
		if (buf_check(f->out, "what a program writes", err) != 0)
			return -1;
	}
	return 0;
}

/* One that has closed its output and goes on is not waited for longer. */
static int
finish(struct filter *f, const char *name, int *code, struct err *err)
{
	int status;
	pid_t got;

	while ((got = waitpid(f->pid, &status, WNOHANG)) == 0 ||
	    (got < 0 && errno == EINTR)) {
		if (clock_ms() > f->until) {
			kill(f->pid, SIGKILL);
			while (waitpid(f->pid, &status, 0) < 0 &&
			    errno == EINTR)
				;
			return err_set(err, ERR_TEMPORARY, "`%s` does not "
			    "end", name);
		}
		run_pause(1);
	}
	if (got < 0)
		return err_sys(err, ERR_SYSTEM, "the end of `%s` cannot be "
		    "waited for", name);
	*code = WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
	return 0;
}

int
run_filter(const char *const *argv, const char *const *add,
    const void *in, size_t len,
    unsigned seconds, struct buf *out, int *code, struct err *err)
{
	struct filter f = { .in = in, .len = len, .out = out };
	struct err ignored = ERR_INIT;
	int rc;

	f.until = clock_ms() + (int64_t)seconds * 1000;
	if (start(&f, argv, add, err) != 0)
		return -1;
	rc = talk(&f, argv[0], seconds, err);
	shut(&f.to);
	shut(&f.from);
	if (rc != 0) {
		kill(f.pid, SIGKILL);
		f.until = clock_ms() + 1000;
	}
	if (finish(&f, argv[0], code, rc == 0 ? err : &ignored) != 0)
		rc = -1;
	return rc;
}

int
run_apart(const char *const *argv, int *code, struct err *err)
{
	int status, rc, i;
	pid_t pid;

	fflush(NULL);
	rc = begin(argv, environ, -1, -1, true, &pid);
	if (rc != 0)
		return cannot(argv[0], rc, err);
	*code = 0;
	for (i = 0; i < AT_ONCE; i++) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			*code = WIFEXITED(status) ? WEXITSTATUS(status) :
			    128 + WTERMSIG(status);
			break;
		}
		run_pause(10);
	}
	return 0;
}
