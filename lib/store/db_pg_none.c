/* In the place of db_pg*.c where there is no libpq. */
#include "store/db_int.h"

struct db *
db_pg_open(const char *url, const struct db_kind *kind, bool peek,
    struct err *err)
{
	(void)url;
	(void)peek;
	err_set(err, ERR_CONFIG, "a %s in PostgreSQL needs a showmill built "
	    "with libpq; install libpq-dev and run make again, or name a file",
	    kind->what);
	return NULL;
}

const char *
db_pg_shown(struct arena *a, const char *url)
{
	(void)a;
	(void)url;
	return "postgresql://...";
}

bool
db_pg_has_password(const char *url)
{
	(void)url;
	return false;
}
