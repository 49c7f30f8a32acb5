/* Values of options as what they mean. */
#include "show/options.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/rate.h"

bool
options_bool(const struct options *o, const char *name)
{
	const char *s = options_text(o, name);

	return s != NULL && (strcasecmp(s, "true") == 0 ||
	    strcasecmp(s, "yes") == 0);
}

long
options_number(const struct options *o, const char *name)
{
	return strtol(options_text(o, name), NULL, 10);
}

int64_t
options_span(const struct options *o, const char *name)
{
	struct err err = ERR_INIT;
	int64_t seconds = 0;

	if (date_parse_span(options_text(o, name), &seconds, &err) != 0)
		abort();	/* checked when it was read */
	return seconds;
}

int64_t
options_rate(const struct options *o, const char *name)
{
	const char *text = options_text(o, name);
	int64_t rate = 0;

	if (text != NULL && rate_parse(text, &rate) != 0)
		abort();	/* checked when it was read */
	return rate;
}

int
options_clock(const struct options *o, const char *name)
{
	return options_clock_at(options_text(o, name));
}

int
options_clock_at(const char *s)
{
	int hours, minutes;

	if (strspn(s, "0123456789") != 2 || s[2] != ':' ||
	    strspn(s + 3, "0123456789") != 2)
		return -1;
	hours = (s[0] - '0') * 10 + s[1] - '0';
	minutes = (s[3] - '0') * 10 + s[4] - '0';
	return hours < 24 && minutes < 60 ? hours * 3600 + minutes * 60 : -1;
}
