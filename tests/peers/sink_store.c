#include "sink_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "peer.h"

#define PATH_LEN 4096

static int open_in(const struct sink_store *s, const char *name, int flags)
{
	char path[PATH_LEN];
	int n = snprintf(path, sizeof path, "%s/%s", s->dir, name);
	int fd;

	if (n < 0 || (size_t)n >= sizeof path) {
		errno = ENAMETOOLONG;
		return peer_complain(s->dir);
	}
	fd = open(path, flags | O_CREAT | O_CLOEXEC, 0666);
	return fd < 0 ? peer_complain(path) : fd;
}

/* The number on the last line of the log. */
static int read_seq(struct sink_store *s)
{
	char *line = NULL;
	size_t size = 0;
	FILE *in;
	int fd = open_in(s, "log.tsv", O_RDONLY);

	if (fd < 0)
		return -1;
	in = fdopen(fd, "r");
	if (in == NULL) {
		close(fd);
		return peer_complain("log.tsv");
	}
	while (getline(&line, &size, in) > 0)
		s->seq = strtoul(line, NULL, 10);
	free(line);
	fclose(in);
	return 0;
}

int sink_store_open(struct sink_store *s, const char *dir, bool keep,
    bool dialog)
{
	s->dir = dir;
	s->log_fd = s->dialog_fd = -1;
	s->keep = keep;
	s->seq = 0;
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		return peer_complain(dir);
	if (read_seq(s) != 0)
		return -1;
	s->log_fd = open_in(s, "log.tsv", O_WRONLY | O_APPEND);
	if (s->log_fd < 0)
		return -1;
	if (dialog)
		s->dialog_fd = open_in(s, "dialog.log", O_WRONLY | O_APPEND);
	return dialog && s->dialog_fd < 0 ? -1 : 0;
}

void sink_store_release(struct sink_store *s)
{
	if (s->log_fd >= 0)
		close(s->log_fd);
	if (s->dialog_fd >= 0)
		close(s->dialog_fd);
	s->log_fd = s->dialog_fd = -1;
}

static int write_message(const struct sink_store *s, const char *text,
    size_t len)
{
	char name[32];
	int fd, rc = 0;

	snprintf(name, sizeof name, "%06lu.eml", s->seq + 1);
	fd = open_in(s, name, O_WRONLY | O_TRUNC);
	if (fd < 0)
		return -1;
	while (len > 0 && rc == 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR) {
			rc = peer_complain(name);
		} else if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	if (close(fd) != 0 && rc == 0)
		rc = peer_complain(name);
	return rc;
}

int sink_store_take(struct sink_store *s, const struct sink_envelope *e,
    const char *text, size_t len)
{
	char *line = NULL;
	size_t size = 0, i;
	FILE *out;
	int rc = 0;

	if (s->keep && write_message(s, text, len) != 0)
		return -1;
	out = open_memstream(&line, &size);
	if (out == NULL)
		return peer_complain("log.tsv");
	fprintf(out, "%06lu\t%lu\t%s\t", s->seq + 1, e->conn, e->from);
	for (i = 0; i < e->rcpt_count; i++)
		fprintf(out, "%s%s", i > 0 ? "," : "", e->rcpts[i]);
	fprintf(out, "\t%zu\t%s\n", len, e->bare ? "bare" : "clean");
	if (fclose(out) != 0 || write(s->log_fd, line, size) != (ssize_t)size)
		rc = peer_complain("log.tsv");
	else
		s->seq++;
	free(line);
	return rc;
}

static void dialog_line(const struct sink_store *s, unsigned long conn,
    char who, unsigned long reply, const char *text, size_t len)
{
	char line[4096], no[24] = "-";
	size_t i, head;

	if (reply > 0)
		snprintf(no, sizeof no, "%lu", reply);
	snprintf(line, sizeof line, "%lu\t%c\t%s\t", conn, who, no);
	head = strlen(line);
	if (len > sizeof line - head - 1)
		len = sizeof line - head - 1;
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		line[head + i] = c < 0x20 || c == 0x7f ? '?' : text[i];
	}
	line[head + len] = '\n';
	if (write(s->dialog_fd, line, head + len + 1) < 0)
		peer_complain("dialog.log");
}

void sink_store_dialog(struct sink_store *s, unsigned long conn, char who,
    unsigned long reply, const char *text, size_t len)
{
	const char *end = text + len;

	if (s->dialog_fd < 0)
		return;
	do {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		const char *stop = lf != NULL ? lf : end;
		size_t n = (size_t)(stop - text);

		if (lf != NULL && n > 0 && text[n - 1] == '\r')
			n--;
		dialog_line(s, conn, who, reply, text, n);
		text = lf != NULL ? lf + 1 : end;
	} while (text < end);
}
