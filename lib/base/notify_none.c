#include "base/notify.h"

void
notify_status(const char *what, const char *text)
{
	(void)what;
	(void)text;
}
