/*
 * Running a command of the person's, and other programs.
 */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* Runs `/bin/sh -c command` in the folder dir and waits for its end. Its
 * standard input is empty, its outputs are ours, and its environment has those
 * of add ("NAME=value", ended by NULL) besides. code: its exit status, or 128
 * and the number of the signal that ended it. ERR_SYSTEM where it cannot be
 * begun. */
int run_shell(const char *command, const char *dir, const char *const *add,
    int *code, struct err *err);

/* Runs the program argv[0], which is looked for in PATH, without a shell: it is
 * given the in bytes on its standard input (it need not read them), and what it
 * writes to its standard output goes behind what out holds; its standard error
 * is ours. More than out takes ends it, and so do `seconds`. code as above.
 * ERR_NOINPUT: there is no such program; ERR_TEMPORARY: it took too long;
 * ERR_SYSTEM. SIGPIPE must be ignored, as in main(). add: as of run_shell(). */
int run_filter(const char *const *argv, const char *const *add,
    const void *in, size_t len,
    unsigned seconds, struct buf *out, int *code, struct err *err);

/* Begins a program that may outlive us, with nothing of ours: no terminal, no
 * files. One that fails at once (within half a second) has its exit status in
 * code; else that is 0. ERR_NOINPUT: there is no such program; ERR_SYSTEM. */
int run_apart(const char *const *argv, int *code, struct err *err);

/* Our environment with those of add, in place of ours of the same name; the
 * list alone is new, and freed with free(). */
char **run_environment(const char *const *add);

/* The same without add, for what a command tells: the first line of its
 * standard output, without its end, into out. A longer one, or one with a NUL,
 * is ERR_INPUT. Its standard error is ours. */
int run_shell_line(const char *command, const char *dir, char *out,
    size_t size, int *code, struct err *err);

/* A program under way. */
struct run_child {
	pid_t pid;
	int in;		/* what is written here it reads; non-blocking */
	int out;	/* what it says on both outputs; non-blocking */
};

/* Begins argv[0], a path, with these arguments (ended by NULL) and without a
 * shell, in a process group of its own. in and out are the caller's to close,
 * and pid is to be waited for. ERR_SYSTEM. */
int run_start(char *const argv[], struct run_child *child, struct err *err);

/* Sleeps so many milliseconds, or until a signal. */
void run_pause(unsigned ms);

#endif
