#include "cmd/keys.h"

#include <string.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/hash.h"

#define KEYS_MAX ((size_t)64 << 10)
#define LINE_MAX_BYTES ((size_t)4 << 10)

static const char name_bytes[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

/* Takes one line; 1 a key, 0 a comment or empty, -1. */
static int
take_line(char *line, char id[LEDGER_NAME_MAX],
    unsigned char key[LEDGER_KEY_SIZE], struct err *err)
{
	size_t end = strlen(line), len;
	char *hex;

	while (end > 0 && strchr(" \t\r", line[end - 1]) != NULL)
		line[--end] = '\0';
	if (line[0] == '\0' || line[0] == '#')
		return 0;
	len = strcspn(line, " \t");
	hex = line + len + strspn(line + len, " \t");
	if (len == 0 || len >= LEDGER_NAME_MAX ||
	    strspn(line, name_bytes) != len)
		return err_set(err, ERR_CONFIG, "a key begins with its name "
		    "at the start of the line: less than %d of the small "
		    "letters a to z, digits and dashes", LEDGER_NAME_MAX);
	memcpy(id, line, len);
	id[len] = '\0';
	/* A token says by this name alone which key has signed it. */
	if (strcmp(id, LEDGER_KEY_ID) == 0)
		return err_set(err, ERR_CONFIG, "`%s` is the name of the "
		    "ledger's own key; give this one another name", id);
	if (hash_unhex(hex, key, LEDGER_KEY_SIZE) == 0)
		return 1;
	return err_set(err, ERR_CONFIG, "behind the name `%s` must stand %d "
	    "hex digits and nothing else", id, 2 * LEDGER_KEY_SIZE);
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
		rc = take_line(line, id, key, err);
		if (rc < 0) {
			err->line = n;
			return -1;
		}
		if (rc == 1 && (name == NULL || strcmp(name, id) == 0))
			return 0;
	}
	if (name == NULL)
		return err_set(err, ERR_CONFIG, "there is no key in it");
	return err_set(err, ERR_CONFIG, "there is no key `%s` in it, and "
	    "no other will do", name);
}

int
keys_read_line(const char *file, struct arena *a, const char **out,
    struct err *err)
{
	static const char blanks[] = " \t\r\n";
	struct err told = ERR_INIT;
	struct buf text;
	const char *p;
	size_t len;

	buf_init(&text, LINE_MAX_BYTES);
	if (fs_check_secret(file, &told) == 0 && fs_read(file, LINE_MAX_BYTES,
	    &text, NULL, &told) == 0) {
		p = text.data + strspn(text.data, blanks);
		len = strlen(p);
		while (len > 0 && strchr(blanks, p[len - 1]) != NULL)
			len--;
		*out = arena_strndup(a, p, len);
		for (p = *out; *p >= ' ' && *p <= '~'; p++)
			;
		if (len == 0)
			(void)err_set(&told, ERR_CONFIG, "is empty");
		else if (*p != '\0' || strlen(text.data) != text.len)
			(void)err_set(&told, ERR_CONFIG, "is not one line of "
			    "visible ASCII characters");
	}
	memset(text.data, 0, text.len);
	buf_release(&text);
	if (told.kind == ERR_NONE)
		return 0;
	(void)err_set(err, ERR_CONFIG, "%s", told.msg);
	return err_at(err, file, 0);
}

int
keys_read(const char *file, const char *name, char id[LEDGER_NAME_MAX],
    unsigned char key[LEDGER_KEY_SIZE], struct err *err)
{
	struct buf text;
	int rc = -1;

	buf_init(&text, KEYS_MAX);
	if (fs_check_secret(file, err) == 0 &&
	    fs_read(file, KEYS_MAX, &text, NULL, err) == 0)
		rc = search(&text, name, id, key, err);
	buf_release(&text);
	return rc == 0 ? 0 : err_at(err, file, err->line);
}
