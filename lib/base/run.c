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

/* We ignore SIGPIPE, and what we ignore a child would, too. */
static int
spawn(const char *command, const char *dir, char **env, pid_t *pid)
{
	char sh[] = "/bin/sh", c[] = "-c";
	char *argv[] = { sh, c, (char *)(uintptr_t)command, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t pipes;
	int rc;

	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	rc = posix_spawnattr_setsigdefault(&attr, &pipes);
	if (rc == 0)
		rc = posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	if (rc == 0)
		rc = posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
		    "/dev/null", O_RDONLY, 0);
	if (rc == 0)
		rc = posix_spawn_file_actions_addchdir_np(&files, dir);
	if (rc == 0)
		rc = posix_spawn(pid, sh, &files, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

int
run_shell(const char *command, const char *dir, const char *const *add,
    int *code, struct err *err)
{
	char **env = run_environment(add);
	int status, rc;
	pid_t pid;

	/* What we have said stands before what it says. */
	fflush(NULL);
	rc = spawn(command, dir, env, &pid);
	free(env);
	if (rc != 0) {
		errno = rc;
		return err_sys(err, ERR_SYSTEM, "/bin/sh cannot be run in %s",
		    dir);
	}
	while ((rc = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
		;
	if (rc < 0)
		return err_sys(err, ERR_SYSTEM, "a command's end cannot be "
		    "waited for");
	*code = WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
	return 0;
}

void
run_pause(unsigned ms)
{
	struct timespec t = { .tv_sec = ms / 1000,
	    .tv_nsec = (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&t, NULL);
}
