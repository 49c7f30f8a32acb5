/* In the place of toml.cc where there is no C++ compiler or no toml++. */
#include "text/front.h"

int
front_toml(struct arena *a, const char *text, size_t len, unsigned first_line,
    struct node **out, struct err *err)
{
	(void)a;
	(void)text;
	(void)len;
	(void)out;
	err_set(err, ERR_INPUT, "front matter in TOML needs a showmill built "
	    "with toml++; write it as YAML between --- lines, or install "
	    "libtomlplusplus-dev and g++, and run make again");
	err->line = first_line;
	return -1;
}
