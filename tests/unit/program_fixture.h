/* A program in place of a relay: what is sent with sendmail: URLs. */
#ifndef PROGRAM_FIXTURE_H
#define PROGRAM_FIXTURE_H

#include <sys/stat.h>

#include "sink_fixture.h"

/* A program that keeps what it is given in DIR, and then does this. */
static inline void make_program(struct sink *s, const char *then)
{
	char path[128];
	FILE *f;

	snprintf(s->dir, sizeof s->dir, "/tmp/test_transport.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(path, sizeof path, "%s/sendmail", s->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "#!/bin/sh\nDIR=%s\nprintf '%%s\\n' \"$@\" >> $DIR/args\n"
	    "%s\n", s->dir, then);
	fclose(f);
	assert_int_equal(chmod(path, 0700), 0);
	snprintf(s->url, sizeof s->url, "sendmail:%s -oi", path);
	s->pid = -1;
}

static inline void drop_program(struct sink *s)
{
	char command[128];

	snprintf(command, sizeof command, "rm -rf %s", s->dir);
	assert_int_equal(system(command), 0);
}

#endif
