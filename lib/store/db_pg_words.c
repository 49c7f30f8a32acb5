/* PostgreSQL: its spelling of SQL, its addresses, and its errors in our
 * words. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "store/db_pg_int.h"
#include "text/utf8.h"

/* ---- SQL ---- */

/* What is left out or replaced at s: its length, 0: nothing. */
static size_t
spelled_otherwise(const char *s, struct buf *out)
{
	static const char join[] = "CROSS JOIN", by[] = " INDEXED BY ";
	static const char open[] = "/*pg ";

	if (strncmp(s, join, sizeof(join) - 1) == 0) {
		buf_adds(out, "JOIN");
		return sizeof(join) - 1;
	}
	if (strncmp(s, by, sizeof(by) - 1) == 0)
		return sizeof(by) - 1 + strcspn(s + sizeof(by) - 1, " ");
	if (strncmp(s, open, sizeof(open) - 1) == 0) {
		buf_adds(out, " ");
		return sizeof(open) - 1;
	}
	if (strncmp(s, "*/", 2) == 0)
		return 2;
	if (*s != '?')
		return 0;
	buf_adds(out, "$");
	return 1;
}

char *
pg_translate(const char *literal)
{
	struct buf out;
	const char *s = literal, *end;
	size_t n;

	buf_init(&out, 0);
	while (*s != '\0') {
		n = spelled_otherwise(s, &out);
		if (n == 0) {
			end = *s == '\'' ? strchr(s + 1, '\'') : s;
			n = end == NULL ? strlen(s) : (size_t)(end - s) + 1;
			buf_add(&out, s, n);
		}
		s += n;
	}
	return out.data;
}

char *
pg_mend(const char *text, size_t len)
{
	char *out = xmalloc(len + 1);
	size_t at = 0, bad;

	memcpy(out, text, len);
	out[len] = '\0';
	while ((bad = utf8_invalid_at(out + at, len - at)) < len - at) {
		at += bad;
		out[at++] = '?';
	}
	return out;
}

/* ---- addresses ---- */

static const char *
option_of(const PQconninfoOption *list, const char *keyword)
{
	for (; list->keyword != NULL; list++)
		if (strcmp(list->keyword, keyword) == 0)
			return list->val;
	return NULL;
}

/* A password with a / or @ that is not written as %XX falls into what is behind
 * it. */
PQconninfoOption *
pg_parse(const char *url)
{
	PQconninfoOption *list = PQconninfoParse(url, NULL);
	const char *host, *port, *name;

	if (list == NULL)
		return NULL;
	host = option_of(list, "host");
	port = option_of(list, "port");
	name = option_of(list, "dbname");
	if ((host == NULL || strchr(host, '@') == NULL) && (port == NULL ||
	    port[strspn(port, "0123456789,")] == '\0') && (name == NULL ||
	    strchr(name, '@') == NULL))
		return list;
	PQconninfoFree(list);
	return NULL;
}

const char *
db_pg_shown(struct arena *a, const char *url)
{
	PQconninfoOption *list = pg_parse(url);
	const char *host, *port, *name, *out;

	/* Not a part of it: who knows which is the password. */
	if (list == NULL)
		return "postgresql://...";
	host = option_of(list, "host");
	if (host == NULL)
		host = option_of(list, "hostaddr");
	port = option_of(list, "port");
	name = option_of(list, "dbname");
	out = arena_printf(a, "postgresql://%s%s%s%s%s",
	    host != NULL ? host : "", port != NULL ? ":" : "",
	    port != NULL ? port : "", name != NULL ? "/" : "",
	    name != NULL ? name : "");
	PQconninfoFree(list);
	return out;
}

/* Of an address that is none: then others should not read it either. */
static bool
may_have_password(const char *url)
{
	const char *user = strchr(url, ':') + 1;
	const char *colon = strchr(user, ':');

	return (colon != NULL && strchr(colon, '@') != NULL) ||
	    strcasestr(user, "password") != NULL;
}

bool
db_pg_has_password(const char *url)
{
	PQconninfoOption *list = pg_parse(url);
	bool has;

	if (list == NULL)
		return may_have_password(url);
	has = option_of(list, "password") != NULL ||
	    option_of(list, "sslpassword") != NULL;
	PQconninfoFree(list);
	return has;
}

/* Whether the address has the word among its options, where none of it can be
 * of a password. */
static bool
is_public(const char *url, const char *word, size_t len)
{
	const char *p = strchr(url, '?');

	if (p == NULL || strchr(p, '@') != NULL ||
	    strcasestr(p, "password") != NULL)
		return false;
	for (; *p != '\0'; p += strcspn(p, "?&=")) {
		p++;
		if (strcspn(p, "&=") == len && strncmp(p, word, len) == 0)
			return true;
	}
	return false;
}

/* libpq's words end with what they are about in quotes, which may be all of the
 * address. */
static void
add_reason(struct buf *out, const char *url)
{
	char *said = NULL;
	const char *word;
	size_t n;

	PQconninfoFree(PQconninfoParse(url, &said));
	if (said == NULL)
		return;
	said[strcspn(said, "\n")] = '\0';
	word = strstr(said, ": \"");
	n = word == NULL ? strlen(said) : (size_t)(word - said);
	buf_addf(out, ": %.*s", (int)n, said);
	if (word != NULL && is_public(url, word + 3, strcspn(word + 3, "\"")))
		buf_adds(out, word);
	PQfreemem(said);
}

int
pg_fail_address(struct pg *db, const char *url, struct err *err)
{
	struct buf why;

	buf_init(&why, 0);
	add_reason(&why, url);
	err_set(err, ERR_CONFIG, "the address of the %s is not one of "
	    "PostgreSQL%s; it wants postgresql://USER@HOST:PORT/DATABASE, with "
	    "what is not a letter, a digit or one of -._~ as %%XX in its parts",
	    db->base.kind->what, why.data);
	buf_release(&why);
	return -1;
}

/* ---- errors ---- */

static bool
is_of(const char *state, const char *classes)
{
	size_t n;

	for (; *classes != '\0'; classes += n + (classes[n] == ' ')) {
		n = strcspn(classes, " ");
		if (strncmp(state, classes, n) == 0)
			return true;
	}
	return false;
}

/* By SQLSTATE, or its class where that is all that matters. 0: none of ours. */
static int
fail_state(struct pg *db, const char *state, const char *message,
    struct err *err)
{
	const struct db_kind *k = db->base.kind;

	if (is_of(state, "40001 40P01 55P03"))
		return err_set(err, ERR_TEMPORARY, "the %s has been in use by "
		    "another process for too long; try again later (%s)",
		    k->what, message);
	if (is_of(state, "57014"))
		return err_set(err, ERR_TEMPORARY, "the server broke off what "
		    "took too long; nothing of this step was recorded; try "
		    "again later, or give it more time by `statement_timeout` "
		    "(%s)", message);
	if (is_of(state, "23505"))
		return err_set(err, ERR_TEMPORARY, "another process has "
		    "recorded the same meanwhile; nothing of this step was "
		    "recorded; run again");
	if (is_of(state, "53100"))
		return err_set(err, ERR_OUTPUT, "the disk is full; nothing of "
		    "this step was recorded; make room and run again");
	if (is_of(state, "25006"))
		return err_set(err, ERR_OUTPUT, "is write-protected: the "
		    "server, or this connection to it, takes no changes");
	if (is_of(state, "28 42501"))
		return err_set(err, ERR_CONFIG, "the server does not let this "
		    "user in, or not at this: %s", message);
	if (is_of(state, "3D000"))
		return err_set(err, ERR_CONFIG, "there is no such database; "
		    "`createdb` makes one (%s)", message);
	if (is_of(state, "XX001 XX002"))
		return db_damaged(&db->base, message, err);
	if (is_of(state, "58"))
		return err_set(err, ERR_IO, "reading or writing the %s broke "
		    "off: %s", k->what, message);
	if (is_of(state, "08 53 57P"))
		return err_set(err, ERR_TEMPORARY, "the server is not at work "
		    "as it should be; try again later (%s)", message);
	return 0;
}

/* One line, without the place in libpq's source or the server's. */
static void
first_line(const char *message, char *out, size_t size)
{
	snprintf(out, size, "%s", message != NULL ? message : "");
	out[strcspn(out, "\n")] = '\0';
}

int
pg_fail_lost(struct pg *db, struct err *err)
{
	char message[400];

	if (db->silent > 0) {
		err_set(err, ERR_TEMPORARY, "the server has not answered for "
		    "%lld seconds; what it has recorded is kept, and what was "
		    "begun is finished by the next run; run again when it is "
		    "at work", (long long)db->silent);
		return err_at(err, db->base.place, 0);
	}
	first_line(PQerrorMessage(db->conn), message, sizeof(message));
	err_set(err, ERR_TEMPORARY, "the connection to the server is lost; "
	    "what was begun is finished by the next run%s%s%s",
	    message[0] != '\0' ? " (" : "", message,
	    message[0] != '\0' ? ")" : "");
	return err_at(err, db->base.place, 0);
}

int
pg_fail(struct pg *db, const PGresult *res, struct err *err)
{
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
	char message[400];

	/* What went along with the statement is undone, too. */
	db->session_soft = -1;
	if (PQstatus(db->conn) == CONNECTION_BAD || state == NULL)
		return pg_fail_lost(db, err);
	first_line(PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY), message,
	    sizeof(message));
	if (fail_state(db, state, message, err) == 0)
		err_set(err, ERR_INTERNAL, "PostgreSQL: %s (%s)", message,
		    state);
	return err_at(err, db->base.place, 0);
}

/* The SQLSTATE in libpq's text of a refused connection, which has it nowhere
 * else: "FATAL:  28P01: password authentication failed". NULL: the server did
 * not speak. */
static char *
state_in(char *message)
{
	char *s = message;
	size_t i;

	while ((s = strstr(s, ":  ")) != NULL) {
		s += 3;
		for (i = 0; i < 5 && (isdigit((unsigned char)s[i]) ||
		    (s[i] >= 'A' && s[i] <= 'Z')); i++)
			;
		if (i == 5 && s[i] == ':')
			return s;
	}
	return NULL;
}

int
pg_fail_connect(struct pg *db, PGconn *conn, struct err *err)
{
	char message[600], *state;

	if (conn == NULL)
		return err_set(err, ERR_SYSTEM, "out of memory");
	first_line(PQerrorMessage(conn), message, sizeof(message));
	state = state_in(message);
	if (state != NULL && fail_state(db, state, state + 7, err) != 0)
		return err_at(err, db->base.place, 0);
	if (PQconnectionNeedsPassword(conn))
		err_set(err, ERR_CONFIG, "the server wants a password; put "
		    "one into ~/.pgpass or the file that PGPASSFILE names");
	else
		err_set(err, ERR_TEMPORARY, "the server is not reached: %s",
		    message[0] != '\0' ? message : "it does not answer");
	return err_at(err, db->base.place, 0);
}
