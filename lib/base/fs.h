/*
 * Files: bounded reading, durable atomic replacing, locks, and paths that do
 * not leave their folder.
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

/* What is remembered of a file to see whether it changed. */
struct fs_stamp {
	int64_t size;
	int64_t mtime_ns;
	uint64_t inode;
};

/* Lets the process have as many files open as the system allows it: a large
 * show has a feed for each tag. To be called once, before any thread. */
void fs_allow_files(void);

/* Reads a whole regular file (or "-": standard input) behind what out holds.
 * max: the most bytes taken; a larger file is ERR_INPUT, a missing one
 * ERR_NOINPUT, a file that is a folder or device ERR_NOINPUT. stamp may be
 * NULL. The err names the file. */
int fs_read(const char *path, size_t max, struct buf *out,
    struct fs_stamp *stamp, struct err *err);

/* Whether the file is there and has these bytes and no others. */
bool fs_holds(const char *path, const void *data, size_t len);

/* Opens a regular file for reading: the descriptor, or -1 with errors as above.
 * A FIFO that was put there does not hang the run. */
int fs_open(const char *path, struct fs_stamp *stamp, struct err *err);
/* How many bytes of its beginning came, at most len; 0 also where it cannot be
 * read. */
size_t fs_head(const char *path, void *out, size_t len);

/* Follows symbolic links. ERR_NOINPUT when it is not there. */
int fs_stamp(const char *path, struct fs_stamp *stamp, struct err *err);
bool fs_is_dir(const char *path);
bool fs_is_file(const char *path);	/* a regular file, links followed */
bool fs_others_read(const char *path);	/* it is there, and others than its
					 * owner have some right to it */
/* -1 and ERR_CONFIG, without the file: others may read it, which holds secrets.
 * One that is not there is the reader's matter. */
int fs_check_secret(const char *path, struct err *err);
bool fs_is_lost(const char *path);	/* a link that leads nowhere */

/* Makes the folder and what is missing above it (mode 0777 & ~umask). */
int fs_mkdirs(const char *path, struct err *err);

/* An output that replaces its file at once or not at all: written beside it,
 * flushed, fsynced, renamed, and the folder fsynced. When the bytes equal
 * those of the old file, the old one is left alone, mtime and all. A link is
 * followed, also to where no file is yet. Of two outputs of one path that are
 * open at a time each is whole, and the one committed last stays. A character
 * device, a FIFO and a socket are written into at once, and stay what they are;
 * what goes wrong there is ERR_IO.
 *
 * What is being written is called .showmill.RANDOM.tmp and locked (flock(2))
 * until it has become the output or is gone; a file of that name that nobody
 * holds is removed when an output is opened in its folder. */
struct fs_out;

/* mode: permissions of a new file before umask; an existing file keeps its
 * own, but for those of others where mode gives them none. NULL on failure
 * (ERR_OUTPUT). The folder must exist. */
struct fs_out *fs_out_open(const char *path, mode_t mode, struct err *err);
/* Collects write failures; they are told by fs_out_commit. 0 or -1. */
int fs_out_write(struct fs_out *o, const void *data, size_t len);
/* Ends the writing without replacing anything yet, so that several files can
 * be made ready first: after it only rename(2) and fsync of the folder are
 * left to fs_out_commit. 0 or -1 (ERR_OUTPUT, e.g. disk full). */
int fs_out_finish(struct fs_out *o, struct err *err);
/* Whether fs_out_commit would replace the file, when the writing has ended. */
bool fs_out_changes(const struct fs_out *o);
/* Replaces (calls fs_out_finish when that was not done) and frees o in any
 * case. changed (may be NULL): whether the file is a new one. */
int fs_out_commit(struct fs_out *o, bool *changed, struct err *err);
/* Drops what was written and frees o. NULL is allowed. */
void fs_out_abandon(struct fs_out *o);

/* The whole of it for a value at hand. */
int fs_replace(const char *path, const void *data, size_t len, mode_t mode,
    bool *changed, struct err *err);

/* The file that path names in the end, also where it is not there yet: a link
 * that leads nowhere is followed to where it leads, so that replacing does not
 * turn it into a file. In the arena; NULL and errno when links lead in
 * circles. */
char *fs_target(struct arena *a, const char *path);

/* A lock file for one process at a time. The kernel drops it with the
 * process; the file holds the owner (as fs_lock_owner gives it), and is kept.
 * Held by another: ERR_TEMPORARY, the message names the owner and since
 * when. */
struct fs_lock;
struct fs_lock *fs_lock_take(const char *path, struct err *err);
/* The lock of another file: PATH.lock beside the file that path leads to, so
 * that whoever comes to it by a link finds the same lock. The file itself need
 * not be there. */
struct fs_lock *fs_lock_beside(const char *path, struct err *err);
/* Who holds the lock beside path, or held it last, as it wrote itself down
 * ("process 4711 on vm since 2026-11-25T19:39:00Z"); false: nobody. alive (may
 * be NULL): whether that process may still run: one of another host may. The
 * lock is not touched, and so hinders nobody who wants it. */
#define FS_OWNER_MAX 400
bool fs_lock_owner(const char *path, char owner[FS_OWNER_MAX], bool *alive);
/* What is said behind the owner from now on. */
void fs_lock_note(const struct fs_lock *l, const char *note);
void fs_lock_drop(struct fs_lock *l);	/* NULL is allowed */

/* Brings the names in a folder to the disk. 0, or -1 with errno. */
int fs_sync_dir(const char *dir);

/* Gives the file called name in the folder of dirfd (or AT_FDCWD) the name
 * path, on the same file system. What has that name stays: -1 with EEXIST, or
 * with another errno; the file is then still there under the old name. */
int fs_settle(int dirfd, const char *name, const char *path);

/* Lexical path work; results are in the arena. */
/* An absolute name is itself. */
char *fs_join(struct arena *a, const char *dir, const char *name);
/* "." when there is none. */
char *fs_dirname(struct arena *a, const char *path);
const char *fs_basename(const char *path);	/* points into path */
/* The base name without its last ending. */
char *fs_stem(struct arena *a, const char *path);

/* The real path of `name` below `root`, both with links resolved; ERR_REFUSED
 * when it would lie outside, ERR_NOINPUT when it does not exist. */
char *fs_beneath(struct arena *a, const char *root, const char *name,
    struct err *err);

/* Names of the entries of a folder that are regular files (links followed) or
 * links that lead nowhere, sorted bytewise, without those that begin with a
 * dot. */
int fs_list(struct arena *a, const char *dir, char ***names, size_t *count,
    struct err *err);

/* Paths matching a shell pattern below dir (itself no pattern; not used with
 * an absolute one), sorted; none is not an error. */
int fs_glob(struct arena *a, const char *dir, const char *pattern,
    char ***paths, size_t *count, struct err *err);

#endif
