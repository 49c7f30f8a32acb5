/*
 * What the test peers have in common: a listening socket on 127.0.0.1, the
 * file that tells its port, and an end by signal.
 */
#ifndef PEER_H
#define PEER_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* "PROGRAM: what: text of errno" to stderr. Always returns -1. */
int peer_complain(const char *what);

/* A decimal number of digits alone, at most max. 0 or -1. */
int peer_number(const char *text, unsigned long max, unsigned long *out);

/* A non-blocking listener on 127.0.0.1, and its port in *port, where 0 asked
 * for any free one. -1: complained. */
int peer_listen(unsigned long *port);

/* An accepted connection, non-blocking and without Nagle's algorithm, which
 * would hold an answer back until the client's delayed ACK. -1: none. */
int peer_accept(int listener);

/* Writes the port to the file by rename, so that who sees the file sees the
 * whole number; to stdout when path is NULL. -1: complained. */
int peer_tell_port(const char *path, unsigned long port);

/* From here on SIGTERM and SIGINT only set what peer_stopped tells, and come
 * through only while ppoll(2) waits with the mask: none falls between the
 * test and the wait. SIGPIPE is ignored. */
void peer_signals(sigset_t *mask);
bool peer_stopped(void);

int64_t peer_now_ms(void);	/* since some moment in the past */

#endif
