#include "cmd/keys.h"

#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/hash.h"

#define KEYS_MAX ((size_t)64 << 10)

/* Takes one line; 1 a key, 0 a comment or empty, -1. */
static int
take_line(char *line, char id[LEDGER_NAME_MAX],
    unsigned char key[LEDGER_KEY_SIZE])
{
	size_t len = strcspn(line, " \t"), end;
	char *hex = line + len + strspn(line + len, " \t");

	if (line[0] == '\0' || line[0] == '#')
		return 0;
	if (len == 0 || len >= LEDGER_NAME_MAX || line[strspn(line,
	    "abcdefghijklmnopqrstuvwxyz0123456789-")] != line[len])
		return -1;
	end = strlen(hex);
	while (end > 0 && strchr(" \t\r", hex[end - 1]) != NULL)
		hex[--end] = '\0';
	memcpy(id, line, len);
	id[len] = '\0';
	return hash_unhex(hex, key, LEDGER_KEY_SIZE) == 0 ? 1 : -1;
}

static int
search(struct buf *text, const char *name, char id[LEDGER_NAME_MAX],
    unsigned char key[LEDGER_KEY_SIZE], struct err *err)
{
	char *line = text->data, *end;
	unsigned n;
	int rc;

	for (n = 1; *line != '\0'; line = end, n++) {
		end = line + strcspn(line, "\n");
		if (*end != '\0')
			*end++ = '\0';
		rc = take_line(line, id, key);
		if (rc < 0) {
			err_set(err, ERR_CONFIG, "a key is written as a name "
			    "and %d hex digits", 2 * LEDGER_KEY_SIZE);
			err->line = n;
			return -1;
		}
		if (rc == 1 && (name == NULL || strcmp(name, id) == 0))
			return 0;
	}
	if (name == NULL)
		return err_set(err, ERR_CONFIG, "there is no key in it");
	return err_set(err, ERR_CONFIG, "there is no key `%s` in it, with "
	    "which this edition was made", name);
}

int
keys_read(const char *file, const char *name, char id[LEDGER_NAME_MAX],
    unsigned char key[LEDGER_KEY_SIZE], struct err *err)
{
	struct stat st;
	struct buf text;
	int rc = -1;

	buf_init(&text, KEYS_MAX);
	if (stat(file, &st) == 0 && (st.st_mode & 077) != 0)
		err_set(err, ERR_CONFIG, "others may read it; chmod 600 it");
	else if (fs_read(file, KEYS_MAX, &text, NULL, err) == 0)
		rc = search(&text, name, id, key, err);
	buf_release(&text);
	return rc == 0 ? 0 : err_at(err, file, err->line);
}
