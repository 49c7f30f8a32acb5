/*
 * What crash_shim.c, the functions in libc's place, needs of crash.c: the
 * settings, the count of boundaries, and the journal. crash_shim.c tells what
 * all this is for.
 */
#ifndef CRASH_H
#define CRASH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct crash {
	unsigned long at;	/* 0: none */
	enum { CRASH_BEFORE, CRASH_AFTER, CRASH_HALF } how;
	int trace, journal;	/* descriptors; -1 */
	const char *under, *boot_id;
	bool lie_sync, lie_wal;
};

/* In the journal; then the path, and the other path or what was written. */
struct crash_entry {
	uint32_t kind;		/* W write at `at`, T set the size to `at`, S
				 * sync, C made, U unlinked, R renamed to or L
				 * linked as the other path */
	uint32_t path_len;
	uint64_t at, len;
};

/* The settings, read from the environment the first time. */
const struct crash *crash_settings(void);

bool crash_is_socket(int fd);
/* "" where it has none. */
void crash_name_of(int fd, char path[PATH_MAX]);
/* The path without links, whether it is there or not. */
void crash_name_at(int dir, const char *name, char path[PATH_MAX]);

/* A boundary is reached; its number. path NULL: what fd is. len: the octets
 * that are to be written, or 0. Returns not where it is the one. */
unsigned long crash_arrive(const char *call, int fd, const char *path,
    size_t len);
/* How many of them to write. */
size_t crash_share(unsigned long no, size_t len);
/* It has happened; 0 is none. */
void crash_depart(unsigned long no);

/* True: fd is watched, path is its name, and until crash_record() no other
 * thread changes what is watched. */
bool crash_watch(int fd, char path[PATH_MAX]);
bool crash_watch_name(const char *path);
/* Does nothing where not watched. done: it has happened. */
void crash_record(bool watched, bool done, char kind, const char *path,
    uint64_t at, const void *data, size_t len);

#endif
