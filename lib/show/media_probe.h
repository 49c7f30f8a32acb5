/*
 * What is in a local media file.
 */
#ifndef SHOW_MEDIA_PROBE_H
#define SHOW_MEDIA_PROBE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "show/media_facts.h"

/* For one thread; several threads have one each. What they share (the loaded
 * libavformat, the start of libmpg123) looks after itself. */
struct media_probe;

/* Cheap: libraries come when needed. */
struct media_probe *media_probe_open(void);
void media_probe_close(struct media_probe *p);	/* NULL is allowed */

/* Reads it; ERR_INPUT with the file when it is something that is neither
 * audio nor video. The type comes from the bytes, as media_type_by_name() would
 * write it. The duration is that of all frames of an MP3 file, whatever lies
 * between them; of the other kinds as few bytes are read as tell it, and all
 * of them only where neither head nor tail do (ADTS, fragments). A file
 * that is damaged, but still of a kind that can be told, is no error: what
 * could be learnt is there, the rest not known, and doubt says why. Chapters
 * and texts are in a. */
int media_probe_file(struct media_probe *p, const char *path,
    struct arena *a, struct media_facts *out, struct err *err);

/* The same of a file that is open and holds size bytes, at least one; the err
 * names no file. Its position is anywhere afterwards. */
int media_probe_fd(struct media_probe *p, int fd, int64_t size,
    struct arena *a, struct media_facts *out, struct err *err);

/* The result of one file of many: facts, or NULL and why not. Both, with what
 * they point to, live until it returns. */
typedef void media_probe_result(void *ctx, size_t i,
    const struct media_facts *facts, const struct err *err);

/* Probes n files on as many threads as given (0: two, or one where there is
 * one processor), at most MEDIA_PROBE_THREADS_MAX. got is called by the
 * calling thread, once for each file, in the order of paths, as the results
 * come; the others do not run far ahead of it. The paths stay as they are
 * meanwhile. */
#define MEDIA_PROBE_THREADS_MAX 16
void media_probe_many(const char *const *paths, size_t n, unsigned threads,
    media_probe_result *got, void *ctx);

#endif
