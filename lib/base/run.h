/*
 * Running a command of the person's.
 */
#ifndef BASE_RUN_H
#define BASE_RUN_H

#include "base/err.h"

/* Runs `/bin/sh -c command` in the folder dir and waits for its end. Its standard
 * input is empty, its outputs are ours, and its environment has those of add
 * ("NAME=value", ended by NULL) besides. code: its exit status, or 128 and the
 * number of the signal that ended it. ERR_SYSTEM where it cannot be begun. */
int run_shell(const char *command, const char *dir, const char *const *add,
    int *code, struct err *err);

/* Sleeps so many milliseconds, or until a signal. */
void run_pause(unsigned ms);

#endif
