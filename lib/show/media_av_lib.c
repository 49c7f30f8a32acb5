#include "show/media_av_lib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/* The headers and the library must be of one major version: structs differ
 * between two of them. */
#define LIBRARY "libavformat.so." AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR)

/* No file of a podcast needs as much at once; a table that promises more
 * entries than this holds is hostile. */
#define ALLOC_MAX ((size_t)256 << 20)

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct media_av_lib lib;
static const char *failed;	/* a function, or "" for the library; NULL:
				 * none */

#define ENTRY(name) { #name, offsetof(struct media_av_lib, name) },

static void
load(void)
{
	static const struct {
		const char *name;
		size_t at;
	} functions[] = { MEDIA_AV_FUNCTIONS(ENTRY) };
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL), *function;
	size_t i;

	if (handle == NULL) {
		failed = "";
		return;
	}
	/* The libraries that it needs are searched too. */
	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		function = dlsym(handle, functions[i].name);
		if (function == NULL) {
			failed = functions[i].name;
			return;
		}
		memcpy((char *)&lib + functions[i].at, &function,
		    sizeof(function));
	}
	lib.av_log_set_level(AV_LOG_QUIET);
	lib.av_max_alloc(ALLOC_MAX);
}

const struct media_av_lib *
media_av_lib(struct err *err)
{
	pthread_once(&once, load);
	if (failed == NULL)
		return &lib;
	if (*failed == '\0')
		err_set(err, ERR_INTERNAL, "%s is not installed; install "
		    "FFmpeg's libavformat of that version", LIBRARY);
	else
		err_set(err, ERR_INTERNAL, "%s has no %s; install FFmpeg's "
		    "libavformat of the version that showmill was built with",
		    LIBRARY, failed);
	return NULL;
}
