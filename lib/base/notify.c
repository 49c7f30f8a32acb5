#include "base/notify.h"

#include <systemd/sd-daemon.h>

#include "base/clock.h"

void
notify_status(const char *what, const char *text)
{
	static int64_t last = -1;
	int64_t now = clock_ms() / 1000;

	if (now == last)
		return;
	last = now;
	sd_notifyf(0, "READY=1\nSTATUS=%s: %s\nWATCHDOG=1", what, text);
}
