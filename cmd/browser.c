#include "cmd/browser.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/mem.h"
#include "base/run.h"

#define WORDS_MAX 32

static bool
run(const char *const *argv)
{
	struct err err = ERR_INIT;
	int code;

	if (run_apart(argv, &code, &err) != 0) {
		log_debug("%s", err.msg);
		return false;
	}
	if (code != 0)
		log_debug("`%s` ended with %d", argv[0], code);
	return code == 0;
}

/* A command of $BROWSER: no shell reads it, blanks part its words. */
static bool
run_words(struct arena *a, const char *p, size_t len, const char *path)
{
	const char *argv[WORDS_MAX + 2] = { NULL };
	const char *end = p + len, *mark;
	bool put = false;
	size_t n = 0, k;

	while (p < end && n < WORDS_MAX) {
		k = strcspn(p, " \t:");
		argv[n] = arena_strndup(a, p, k);
		mark = strstr(argv[n], "%s");
		if (mark != NULL) {
			argv[n] = arena_printf(a, "%.*s%s%s",
			    (int)(mark - argv[n]), argv[n], path, mark + 2);
			put = true;
		}
		n += k > 0;
		p += k + (p + k < end);
	}
	argv[n] = NULL;
	if (n == 0)
		return false;
	if (!put)
		argv[n++] = path;
	argv[n] = NULL;
	return run(argv);
}

void
browser_open(const char *path)
{
	static const char *const openers[] = { "xdg-open", "open" };
	const char *list = getenv("BROWSER"), *at = list;
	char *whole = realpath(path, NULL);
	struct arena a = ARENA_INIT;
	const char *argv[3] = { NULL };
	bool done = false;
	size_t i, n;

	if (whole != NULL)
		path = whole;
	for (; at != NULL && *at != '\0' && !done; at += n + (at[n] != '\0')) {
		n = strcspn(at, ":");
		done = run_words(&a, at, n, path);
	}
	for (i = 0; i < sizeof(openers) / sizeof(openers[0]) && !done; i++) {
		argv[0] = openers[i];
		argv[1] = path;
		done = run(argv);
	}
	if (!done)
		log_notice("no browser could be started; open %s", path);
	arena_release(&a);
	free(whole);
}
