/* What SQLite keeps beside a file in WAL mode: FILE-wal and FILE-shm. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "store/db_int.h"

static const char *const suffixes[] = { "-shm", "-wal" };
#define SUFFIXES (sizeof(suffixes) / sizeof(suffixes[0]))

static char *
beside(const char *path, const char *suffix)
{
	size_t size = strlen(path) + strlen(suffix) + 1;
	char *out = xmalloc(size);

	memcpy(out, path, strlen(path));
	memcpy(out + strlen(path), suffix, strlen(suffix) + 1);
	return out;
}

static bool
is_writable(const char *path)
{
	return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

void
db_sqlite_mend_beside(const char *path)
{
	struct stat file, st;
	char *name;
	size_t i;

	if (stat(path, &file) != 0 || !is_writable(path))
		return;
	for (i = 0; i < SUFFIXES; i++) {
		name = beside(path, suffixes[i]);
		/* By its name: see make_file(). Where it fails, SQLite will
		 * say so. */
		if (lstat(name, &st) == 0 && S_ISREG(st.st_mode) &&
		    st.st_uid == geteuid() && (st.st_mode & S_IWUSR) == 0)
			(void)chmod(name, file.st_mode & 0666);
		free(name);
	}
}

int
db_sqlite_fail_beside(const char *path, const struct db_kind *kind,
    struct err *err)
{
	char *name;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && is_writable(path) && i < SUFFIXES; i++) {
		name = beside(path, suffixes[i]);
		if (access(name, F_OK) == 0 && !is_writable(name)) {
			err_set(err, ERR_OUTPUT, "is write-protected, and "
			    "belongs to the %s; make it writable for the user "
			    "that runs this", kind->what);
			rc = err_at(err, name, 0);
		}
		free(name);
	}
	return rc;
}
