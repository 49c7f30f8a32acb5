/*
 * The scripted sink for the tests of transports, and what must hold of every
 * run against it.
 */
#ifndef SINK_FIXTURE_H
#define SINK_FIXTURE_H

#include <dirent.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "transport_fixture.h"

extern char **environ;

struct sink {
	pid_t pid;
	char dir[64];
	char url[160];
};

static inline const char *sink_program(void)
{
	const char *path = getenv("MAIL_SINK");

	if (path == NULL)
		path = "build/debug/tests/mail_sink";
	if (access(path, X_OK) == -1)
		skip();
	return path;
}

static inline char *slurp(const char *dir, const char *name)
{
	char path[256];
	char *text = xmalloc(1 << 20);
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "r");
	n = f == NULL ? 0 : fread(text, 1, (1 << 20) - 1, f);
	text[n] = '\0';
	if (f != NULL)
		fclose(f);
	return text;
}

static inline void write_script(const char *path, const char *script)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fprintf(f, "dialog\n%s\n", script);
	fclose(f);
}

static inline void spawn_sink(struct sink *s, const char *program, char *port_path,
    char *script_path)
{
	char *argv[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)"--dir",
	    s->dir, (char *)(uintptr_t)"--port-file", port_path,
	    (char *)(uintptr_t)"--script", script_path,
	    /* Should the test be cut short. */
	    (char *)(uintptr_t)"--once-idle", (char *)(uintptr_t)"20", NULL };
	posix_spawn_file_actions_t actions;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
	assert_int_equal(posix_spawn(&s->pid, program, &actions, NULL, argv,
	    environ), 0);
	posix_spawn_file_actions_destroy(&actions);
}

static inline void sink_start(struct sink *s, const char *script)
{
	const char *program = sink_program();
	struct timespec step = { 0, 5000000 };
	char script_path[96], port_path[96], *port = NULL;
	int tries;

	snprintf(s->dir, sizeof s->dir, "/tmp/test_transport.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(script_path, sizeof script_path, "%s/script", s->dir);
	snprintf(port_path, sizeof port_path, "%s/port", s->dir);
	write_script(script_path, script);
	spawn_sink(s, program, port_path, script_path);
	for (tries = 0; tries < 1000; tries++) {
		port = slurp(s->dir, "port");
		if (strchr(port, '\n') != NULL)
			break;
		free(port);
		port = NULL;
		nanosleep(&step, NULL);
	}
	assert_non_null(port);
	port[strcspn(port, "\n")] = '\0';
	snprintf(s->url, sizeof s->url, "smtp://127.0.0.1:%s", port);
	free(port);
}

static inline void sink_stop(struct sink *s)
{
	char path[512];
	struct dirent *entry;
	DIR *dir;

	kill(s->pid, SIGTERM);
	waitpid(s->pid, NULL, 0);
	dir = opendir(s->dir);
	assert_non_null(dir);
	while ((entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof path, "%s/%s", s->dir, entry->d_name);
		unlink(path);
	}
	closedir(dir);
	rmdir(s->dir);
}

/* How many messages to this recipient the sink took. */
static inline int taken(const struct sink *s, const char *to)
{
	char *log = slurp(s->dir, "log.tsv"), field[320], *p = log;
	int n = 0;

	snprintf(field, sizeof field, "\t%s\t", to);
	while ((p = strstr(p, field)) != NULL) {
		n++;
		p++;
	}
	assert_null(strstr(log, "bare"));
	free(log);
	return n;
}

/* Connections in which a message was taken. */
static inline long connections(const struct sink *s)
{
	char *log = slurp(s->dir, "log.tsv"), *p;
	long n = 0, last = -1;

	for (p = log; *p != '\0'; p = strchr(p, '\n') + 1) {
		long c = strtol(strchr(p, '\t') + 1, NULL, 10);

		n += c != last;
		last = c;
	}
	free(log);
	return n;
}

/* No friend has two messages, whoever was told of one has it, and only the
 * unknown leave a doubt. */
static inline void check_taken(const struct sink *s, const struct letters *l)
{
	size_t i;

	for (i = 0; i < l->count; i++) {
		int n = taken(s, l->letter[i].to);

		if (i < l->given &&
		    l->letter[i].result.verdict == TRANSPORT_SENT)
			assert_int_equal(n, 1);
		else if (i < l->given &&
		    l->letter[i].result.verdict == TRANSPORT_UNKNOWN)
			assert_true(n <= 1);
		else
			assert_int_equal(n, 0);
	}
}

/* Letters from letters_init(). */
static inline int run_letters(struct letters *l, const char *script)
{
	struct sink s;
	char *dialog;
	int status;

	sink_start(&s, script);
	status = letters_run(l, s.url, 1, 0);
	check_taken(&s, l);
	dialog = slurp(s.dir, "dialog.log");
	assert_null(strstr(dialog, "\tBDAT"));
	assert_null(strstr(dialog, "\tXUSR"));
	free(dialog);
	sink_stop(&s);
	return status;
}

static inline int run_script(struct letters *l, size_t count, const char *script)
{
	letters_init(l, count);
	return run_letters(l, script);
}

static inline double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

#endif
