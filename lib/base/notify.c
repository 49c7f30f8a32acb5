#include "base/notify.h"

#include <systemd/sd-daemon.h>
#include <time.h>

void
notify_status(const char *what, const char *text)
{
	static time_t last;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec == last)
		return;
	last = now.tv_sec;
	sd_notifyf(0, "READY=1\nSTATUS=%s: %s\nWATCHDOG=1", what, text);
}
