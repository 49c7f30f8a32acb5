/*
 * What systemd is told of a run (sd_notify(3)): nothing where it is not the one
 * that began it, or in a build without libsystemd (notify_none.c).
 */
#ifndef BASE_NOTIFY_H
#define BASE_NOTIFY_H

/* The run is under way, and how it stands; also a sign of life for
 * WatchdogSec=. It may be called often: once a second something is said. Not
 * for several threads at once. */
void notify_status(const char *what, const char *text);

#endif
