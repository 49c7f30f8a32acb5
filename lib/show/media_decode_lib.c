#include "show/media_decode_lib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>

static struct media_decode_lib lib;
static bool ready;

static void
load(void)
{
	void *util = dlopen("libavutil.so."
	    AV_STRINGIFY(LIBAVUTIL_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
	void *codec = dlopen("libavcodec.so."
	    AV_STRINGIFY(LIBAVCODEC_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);
	void *format = dlopen("libavformat.so."
	    AV_STRINGIFY(LIBAVFORMAT_VERSION_MAJOR), RTLD_NOW | RTLD_LOCAL);

	if (util == NULL || codec == NULL || format == NULL)
		return;
#define LOAD(library, name) \
	*(void **)&lib.name = dlsym(library, #name); \
	if (lib.name == NULL) \
		return;
	MEDIA_DECODE_LIB(LOAD)
	lib.av_log_set_level(AV_LOG_QUIET);
	ready = true;
}

const struct media_decode_lib *
media_decode_lib(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return ready ? &lib : NULL;
}
