/*
 * A submission server with TLS and AUTH for the tests of transports
 * (tests/peers/tls_peer.py), and its certificates. Where there is no python3 or
 * openssl a test is skipped.
 */
#ifndef TLS_FIXTURE_H
#define TLS_FIXTURE_H

#include "sink_fixture.h"

static char tls_certs[64];	/* the folder */

static inline int tls_have_certs(void **state)
{
	char command[128];

	(void)state;
	snprintf(tls_certs, sizeof tls_certs, "/tmp/test_tls.XXXXXX");
	if (mkdtemp(tls_certs) == NULL)
		return -1;
	snprintf(command, sizeof command, "tests/peers/certs %s 2>/dev/null",
	    tls_certs);
	if (access("/usr/bin/python3", X_OK) == -1 || system(command) != 0) {
		rmdir(tls_certs);
		tls_certs[0] = '\0';
	}
	return 0;
}

static inline int tls_drop_certs(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", tls_certs);
	return tls_certs[0] != '\0' ? system(command) : 0;
}

static inline const char *tls_file(const char *name)
{
	static char path[4][128];
	static unsigned i;

	i = (i + 1) % 4;
	snprintf(path[i], sizeof path[i], "%s/%s", tls_certs, name);
	return path[i];
}

/* flags: of tls_peer.py, as a shell would take them; --tls is the first word
 * of the scheme's. */
static inline void tls_start(struct sink *s, const char *scheme,
    const char *host, const char *cert, const char *flags)
{
	struct timespec step = { 0, 5000000 };
	char command[2048], *port = NULL;
	char *argv[] = { (char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c",
	    command, NULL };
	posix_spawn_file_actions_t actions;
	int tries;

	if (tls_certs[0] == '\0')
		skip();
	snprintf(s->dir, sizeof s->dir, "/tmp/test_transport.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(command, sizeof command, "exec /usr/bin/python3 "
	    "tests/peers/tls_peer.py --dir %s --port-file %s/port --tls %s "
	    "--cert %s/%s %s", s->dir, s->dir, strcmp(scheme, "smtps") == 0 ?
	    "smtps" : strcmp(scheme, "smtp") == 0 ? "none" : "starttls",
	    tls_certs, cert, flags);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", 1, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
	assert_int_equal(posix_spawn(&s->pid, "/bin/sh", &actions, NULL, argv,
	    environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	for (tries = 0; tries < 2000; tries++) {
		port = slurp(s->dir, "port");
		if (strchr(port, '\n') != NULL)
			break;
		free(port);
		port = NULL;
		nanosleep(&step, NULL);
	}
	assert_non_null(port);
	port[strcspn(port, "\n")] = '\0';
	snprintf(s->url, sizeof s->url, "%s://%s:%s", scheme, host, port);
	free(port);
}

/* How often the client has said this, "tls\tMAIL" or "MAIL". */
static inline int tls_said(const struct sink *s, const char *what)
{
	char *log = slurp(s->dir, "dialog.log"), *p = log, key[128];
	int n = 0;

	snprintf(key, sizeof key, "\t%s", what);
	for (; (p = strstr(p, key)) != NULL; p++)
		n++;
	free(log);
	return n;
}

#endif
