/*
 * Messages handed to a reader that is not ours: records on the standard input
 * of a Python script of this folder (see mime_check.py).
 */
#ifndef READER_H
#define READER_H

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"

#define READER_ABSENT 77	/* a module is not installed */

static inline void
reader_put(struct buf *to, const char *name, const void *value, size_t len)
{
	buf_addf(to, "%s %zu\n", name, len);
	buf_add(to, value, len);
	buf_addc(to, '\n');
}

static inline void
reader_puts(struct buf *to, const char *name, const char *value)
{
	reader_put(to, name, value, strlen(value));
}

static inline void
reader_write_all(int fd, const struct buf *b)
{
	size_t done = 0;
	ssize_t n;

	while (done < b->len) {
		n = write(fd, b->data + done, b->len - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	close(fd);
}

/* The exit status of a script with the stream as its input. */
static inline int
reader_run(const char *script, const struct buf *stream)
{
	int fd[2], status;
	pid_t pid;

	if (access("/usr/bin/python3", X_OK) != 0)
		return READER_ABSENT;
	assert_int_equal(pipe(fd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fd[0], STDIN_FILENO);
		close(fd[0]);
		close(fd[1]);
		execl("/usr/bin/python3", "python3", "-I", "-B", script,
		    (char *)NULL);
		_exit(127);
	}
	close(fd[0]);
	signal(SIGPIPE, SIG_IGN);
	reader_write_all(fd[1], stream);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

#endif
