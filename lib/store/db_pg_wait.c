/* PostgreSQL: waiting for the server, and not for ever. A host that is gone is
 * found by TCP (pg_connect()); a server that is there and works ends each
 * statement by its own statement_timeout. What is bounded here is the silence
 * of one that does neither: stopped, or behind a proxy that swallows all. */
#include <poll.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "store/db_pg_int.h"

/* How often is looked whether the run was asked to stop. */
#define LOOK_MS 1000

bool
pg_is_lost(const struct pg *db)
{
	return db->silent > 0 || PQstatus(db->conn) == CONNECTION_BAD;
}

static int64_t
patience(const struct pg *db)
{
	bool stopped = db->base.stopped != NULL && db->base.stopped();

	return stopped && db->patience > PG_STOPPED_MS ? PG_STOPPED_MS :
	    db->patience;
}

/* PQfinish() says goodbye: on a socket that is shut that fails at once. When
 * the server wakes it executes what has arrived, finds the connection closed,
 * and rolls back what was not committed. */
static int
give_up(struct pg *db, int64_t ms)
{
	db->silent = ms / 1000;
	shutdown(PQsocket(db->conn), SHUT_RDWR);
	return -1;
}

/* Encrypted, what came may be a part of a record whose rest libpq has and
 * poll() does not see. A record has 16 KB at most and a read takes 8 KB or
 * more, so that a second one mostly leaves nothing; else it is found at the
 * next look. */
static int
take_in(PGconn *conn)
{
	if (PQconsumeInput(conn) != 1)
		return -1;
	if (!PQsslInUse(conn) && !PQgssEncInUse(conn))
		return 0;
	return PQconsumeInput(conn) == 1 ? 0 : -1;
}

/* Until something came from the server or went to it: 0. */
static int
hear(struct pg *db)
{
	struct pollfd p = { PQsocket(db->conn), POLLIN, 0 };
	int64_t begun = clock_ms(), ms;
	int n;

	if (PQflush(db->conn) == 1)
		p.events |= POLLOUT;
	do {
		n = poll(&p, 1, LOOK_MS);
		if (take_in(db->conn) != 0)
			return -1;
		if (n > 0 || !PQisBusy(db->conn))
			return 0;
		ms = clock_ms() - begun;
	} while (ms < patience(db));
	return give_up(db, ms);
}

PGresult *
pg_next(struct pg *db)
{
	while (PQisBusy(db->conn))
		if (hear(db) != 0)
			return NULL;
	return PQgetResult(db->conn);
}
