#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "base/run.h"
#include "cmd/edition.h"
#include "cmd/keys.h"
#include "mail/address.h"
#include "mail/verp.h"

#define PASSWORD_MAX 8192	/* tokens of OAuth are long */

static int
ask_command(struct config *c, const struct config_relay *r, const char **out,
    struct err *err)
{
	char *line = arena_alloc(&c->arena, PASSWORD_MAX);
	int code;

	*out = line;
	if (run_shell_line(r->password_command, fs_dirname(&c->arena, c->file),
	    line, PASSWORD_MAX, &code, err) != 0)
		return -1;
	if (code != 0)
		return err_set(err, ERR_CONFIG, "password_command ended with "
		    "%d; it is to say the password and end with 0", code);
	return *line != '\0' ? 0 : err_set(err, ERR_CONFIG, "password_command "
	    "has said nothing; its first line is to be the password");
}

/* *out stays NULL where no user is. */
static int
find_password(struct config *c, const struct config_relay *r,
    const char **out, struct err *err)
{
	*out = r->password;
	if (r->user == NULL || *out != NULL)
		return 0;
	if (r->password_command != NULL)
		return ask_command(c, r, out, err);
	if (r->password_file != NULL)
		return keys_read_line(r->password_file, &c->arena, out, err);
	*out = getenv(r->password_env);
	if (*out != NULL && **out != '\0')
		return 0;
	return err_set(err, ERR_CONFIG, "password_env is %s, and the "
	    "environment has no such variable, or an empty one; under cron "
	    "and systemd it has to be set there", r->password_env);
}

/* Where config.ini says what is wrong: in `helo`, when without it there is
 * nothing wrong. */
static void
at_fault(const struct config *c, const struct config_relay *r,
    struct transport_options *o, struct err *err)
{
	struct err ignored = ERR_INIT;
	struct transport *t;

	if (err->kind != ERR_CONFIG)
		return;
	o->helo = NULL;
	t = transport_open(r->url, o, &ignored);
	err_at(err, c->file, t != NULL ? c->helo_line : r->line);
	transport_close(t);
}

static struct transport *
open_one(struct config *c, struct config_relay *r, struct err *err)
{
	struct transport_options o = {
		.helo = c->helo, .timeout = c->smtp_timeout,
		.per_connection = c->per_connection, .user = r->user,
		.auth = r->auth, .tls_ca_file = r->tls_ca_file,
		.tls_cert_file = r->tls_cert_file,
		.tls_key_file = r->tls_key_file, .tls_13 = r->tls_13,
		.dsn = c->dsn
	};
	struct transport *t;

	if (find_password(c, r, &o.password, err) != 0) {
		err_at(err, c->file, r->password_line);
		return NULL;
	}
	/* Asked once for all connections. */
	r->password = o.password;
	t = transport_open(r->url, &o, err);
	if (t == NULL)
		at_fault(c, r, &o, err);
	return t;
}

/* All connections lose a relay that is gone: it is told once. They are
 * threads. */
struct lost {
	pthread_mutex_t lock;
	char told[ERR_MSG_MAX + ERR_FILE_MAX];
};

static void
tell_lost(void *ctx, const struct err *why)
{
	struct lost *l = ctx;
	char text[ERR_MSG_MAX + ERR_FILE_MAX];

	err_format(why, text, sizeof(text));
	pthread_mutex_lock(&l->lock);
	if (strcmp(text, l->told) != 0)
		log_warning("%s; going on with the other relays", text);
	memcpy(l->told, text, sizeof(text));
	pthread_mutex_unlock(&l->lock);
}

/* All relays as one; which of them is the first differs from one connection to
 * the next, so that they share the messages from the beginning. */
static struct transport *
open_all(struct config *c, size_t first, struct lost *lost, struct err *err)
{
	struct transport **list = arena_array(&c->arena, c->nrelays,
	    sizeof(*list));
	unsigned *weights = arena_array(&c->arena, c->nrelays,
	    sizeof(*weights));
	struct config_relay *r;
	size_t i;

	for (i = 0; i < c->nrelays; i++) {
		r = &c->relays[(first + i) % c->nrelays];
		list[i] = open_one(c, r, err);
		weights[i] = (unsigned)r->weight;
		if (list[i] != NULL)
			continue;
		while (i > 0)
			transport_close(list[--i]);
		return NULL;
	}
	return c->nrelays == 1 ? list[0] :
	    transport_join(list, weights, c->nrelays, tell_lost, lost);
}

/* Two writers of one folder would take each other's names for files. */
static size_t
connections(const struct config *c)
{
	size_t i;

	for (i = 0; i < c->nrelays; i++)
		if (strncmp(c->relays[i].url, "maildir:", 8) == 0)
			return 1;
	return c->connections;
}

int
edition_relays(struct setting *s, struct transport ***out, size_t *n,
    struct err *err)
{
	struct config *c = s->config;
	struct lost *lost = arena_alloc(&c->arena, sizeof(*lost));
	size_t want = connections(c);

	*n = 0;
	*out = arena_array(&c->arena, want, sizeof(**out));
	lost->told[0] = '\0';
	pthread_mutex_init(&lost->lock, NULL);
	while (*n < want) {
		(*out)[*n] = open_all(c, *n, lost, err);
		if ((*out)[*n] == NULL)
			return -1;
		++*n;
	}
	return 0;
}

/* That it has room for a token is better told now than of each friend. */
static int
check_verp(const struct config *c, const char *address, struct err *err)
{
	static const unsigned char key[LEDGER_KEY_SIZE];
	char ref[ADDRESS_REF_SIZE], path[ADDRESS_MAX + 1];
	struct hash_hmac *h = hash_hmac_open(key, sizeof(key));
	int made;

	address_ref("x", "x", ref);
	made = verp_make(address, "x", "2025-W23-10", ref, h, path, err);
	hash_hmac_close(h);
	if (made == 0)
		return 0;
	err->kind = ERR_CONFIG;
	return err_at(err, c->file, c->bounces_line);
}

const char *
edition_return_path(struct setting *s, struct err *err)
{
	struct config *c = s->config;
	const char *from = edition_sender(s, &c->arena, err);
	struct err told = ERR_INIT;
	struct address to;

	if (from == NULL)
		return NULL;
	if (c->bounces_to != NULL) {
		if (address_parse(&c->arena, c->bounces_to, &to, &told) != 0 ||
		    address_need_ascii(&to, &told) != 0) {
			err_set(err, ERR_CONFIG, "`bounces_to`: %s", told.msg);
			err_at(err, c->file, c->bounces_line);
			return NULL;
		}
		from = to.wire;
	} else if (c->verp)
		from = arena_printf(&c->arena, "bounces%s",
		    strrchr(from, '@'));
	return c->verp && check_verp(c, from, err) != 0 ? NULL : from;
}
