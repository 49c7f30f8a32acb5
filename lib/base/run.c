#include "base/run.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

static bool
is_replaced(const char *entry, const char *const *add)
{
	size_t len = strcspn(entry, "=") + 1;

	for (; *add != NULL; add++)
		if (strncmp(entry, *add, len) == 0)
			return true;
	return false;
}

char **
run_environment(const char *const *add)
{
	size_t n = 0, k = 0, i;
	char **list;

	while (environ[n] != NULL)
		n++;
	while (add[k] != NULL)
		k++;
	list = xcalloc(n + k + 1, sizeof(*list));
	for (i = n = 0; environ[i] != NULL; i++)
		if (!is_replaced(environ[i], add))
			list[n++] = environ[i];
	for (i = 0; i < k; i++)
		list[n++] = (char *)(uintptr_t)add[i];
	return list;
}

/* We ignore SIGPIPE, or hold it back, and what we ignore or hold back a child
 * would, too. in, out and both (standard error as well) are for the child; -1:
 * empty, and ours. */
struct spawning {
	const char *dir;	/* NULL: ours */
	int in, out;
	bool both;
	bool apart;		/* a terminal's Ctrl-C is not for it */
};

static int
spawn(const struct spawning *how, char *const argv[], char **env, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t pipes, none;
	int rc;

	sigemptyset(&none);
	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	rc = posix_spawnattr_setsigdefault(&attr, &pipes);
	if (rc == 0)
		rc = posix_spawnattr_setsigmask(&attr, &none);
	if (rc == 0)
		rc = posix_spawnattr_setflags(&attr, (short)
		    (POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
		    (how->apart ? POSIX_SPAWN_SETPGROUP : 0)));
	if (rc == 0)
		rc = how->in != -1 ? posix_spawn_file_actions_adddup2(&files,
		    how->in, STDIN_FILENO) :
		    posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
		    "/dev/null", O_RDONLY, 0);
	if (rc == 0 && how->out != -1)
		rc = posix_spawn_file_actions_adddup2(&files, how->out,
		    STDOUT_FILENO);
	if (rc == 0 && how->both)
		rc = posix_spawn_file_actions_adddup2(&files, how->out,
		    STDERR_FILENO);
	if (rc == 0 && how->dir != NULL)
		rc = posix_spawn_file_actions_addchdir_np(&files, how->dir);
	if (rc == 0)
		rc = posix_spawn(pid, argv[0], &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

static int
spawn_shell(const struct spawning *how, const char *command, char **env,
    pid_t *pid, struct err *err)
{
	char sh[] = "/bin/sh", c[] = "-c";
	char *argv[] = { sh, c, (char *)(uintptr_t)command, NULL };

	/* What we have said stands before what it says. */
	fflush(NULL);
	errno = spawn(how, argv, env, pid);
	return errno == 0 ? 0 : err_sys(err, ERR_SYSTEM, "/bin/sh cannot be "
	    "run in %s", how->dir);
}

static int
wait_for(pid_t pid, int *code, struct err *err)
{
	int status, rc;

	while ((rc = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
		;
	if (rc < 0)
		return err_sys(err, ERR_SYSTEM, "a command's end cannot be "
		    "waited for");
	*code = WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
	return 0;
}

int
run_shell(const char *command, const char *dir, const char *const *add,
    int *code, struct err *err)
{
	struct spawning how = { dir, -1, -1, false, false };
	char **env = run_environment(add);
	pid_t pid;
	int rc = spawn_shell(&how, command, env, &pid, err);

	free(env);
	return rc == 0 ? wait_for(pid, code, err) : -1;
}

static bool
make_pipe(int ends[2], struct err *err)
{
	if (pipe2(ends, O_CLOEXEC) == 0)
		return true;
	err_sys(err, ERR_SYSTEM, "no pipe can be made");
	ends[0] = ends[1] = -1;
	return false;
}

/* Reads to the end, that the command does not die of a full pipe. False: the
 * line does not fit. */
static bool
read_line(int fd, char *out, size_t size)
{
	char piece[4096];
	size_t n = 0;
	bool whole = false, fits = true;
	ssize_t got, i;

	while ((got = read(fd, piece, sizeof(piece))) != 0) {
		if (got < 0 && errno != EINTR)
			break;
		for (i = 0; i < got && !whole; i++) {
			whole = piece[i] == '\n';
			fits = fits && (whole || (n + 1 < size &&
			    piece[i] != '\0'));
			if (!whole && fits)
				out[n++] = piece[i];
		}
		explicit_bzero(piece, sizeof(piece));
	}
	if (n > 0 && out[n - 1] == '\r')
		n--;
	out[n] = '\0';
	return fits;
}

int
run_shell_line(const char *command, const char *dir, char *out, size_t size,
    int *code, struct err *err)
{
	struct spawning how = { dir, -1, -1, false, false };
	bool fits = true;
	int ends[2], rc;
	pid_t pid;

	if (!make_pipe(ends, err))
		return -1;
	how.out = ends[1];
	rc = spawn_shell(&how, command, environ, &pid, err);
	close(ends[1]);
	if (rc == 0) {
		fits = read_line(ends[0], out, size);
		rc = wait_for(pid, code, err);
	}
	close(ends[0]);
	if (rc == 0 && !fits)
		rc = err_set(err, ERR_INPUT, "the first line that the command "
		    "says is too long, or has a NUL in it");
	return rc;
}

int
run_start(char *const argv[], struct run_child *child, struct err *err)
{
	struct spawning how = { NULL, -1, -1, true, true };
	int in[2], out[2], rc = -1;

	if (!make_pipe(in, err))
		return -1;
	if (make_pipe(out, err)) {
		how.in = in[0];
		how.out = out[1];
		errno = spawn(&how, argv, environ, &child->pid);
		if (errno == 0 && (fcntl(in[1], F_SETFL, O_NONBLOCK) == -1 ||
		    fcntl(out[0], F_SETFL, O_NONBLOCK) == -1))
			abort();	/* not of a pipe */
		rc = errno == 0 ? 0 : err_sys(err, ERR_SYSTEM, "%s cannot be "
		    "run", argv[0]);
		close(out[1]);
	}
	close(in[0]);
	child->in = in[1];
	child->out = out[0];
	if (rc == 0)
		return 0;
	close(in[1]);
	if (out[0] != -1)
		close(out[0]);
	return -1;
}

void
run_pause(unsigned ms)
{
	struct timespec t = { .tv_sec = ms / 1000,
	    .tv_nsec = (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&t, NULL);
}
