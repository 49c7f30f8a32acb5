/*
 * config.ini: this machine's matters.
 */
#ifndef SHOW_CONFIG_H
#define SHOW_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/http_many.h"
#include "base/mem.h"

/* Without a config.ini: as its defaults are. */
#define CONFIG_HTTP_RETRIES 2
/* Seconds: a server that says "later" is waited for so long, within a run. */
#define CONFIG_HTTP_PATIENCE 30

struct config_probe {
	const char *prefix;	/* of public addresses */
	const char *instead;	/* an address, or a folder */
	bool is_url;
};

struct config_dkim {
	const char *selector, *file;
	unsigned line;		/* of the file */
};

struct config_domain_rate {
	const char *domain;	/* as written */
	int64_t rate;		/* messages an hour */
	unsigned line;
};

struct config_relay {
	const char *url;	/* a folder in it is joined */
	unsigned line;		/* of the url; 0: the default */
	long weight;
	const char *user;	/* NULL: none; else one of the four is there */
	const char *auth;
	const char *password, *password_command, *password_env, *password_file;
	unsigned user_line, password_line;
	const char *tls_ca_file, *tls_cert_file, *tls_key_file;	/* NULL */
	bool tls_13;
};

struct config {
	struct arena arena;
	const char *file;
	const char **shows;	/* show.ini files, sorted */
	size_t nshows;
	const char *ledger;	/* a file, or ledger_is_url() */
	unsigned ledger_line;	/* 0: it is the default */
	int64_t lease;		/* seconds, of a sender there */
	const char *cache, *templates;
	const char *installed;	/* the folder of those that came along */
	const char *opml;	/* file; NULL: none is made */
	const char *opml_title;
	unsigned opml_line;
	unsigned compress;	/* COMPRESS_...: what lies beside each file */
	struct config_relay *relays;	/* one at least */
	size_t nrelays;
	const char *relay;		/* all of them, to be shown */
	const char *helo;
	unsigned helo_line;		/* 0: not given */
	bool dsn, verp;
	const char *bounces_to;		/* as written; NULL: not given */
	unsigned bounces_line;
	const char *token_key_file;
	const char *dkim_domain;	/* as written; NULL: the sender's */
	unsigned dkim_domain_line;
	struct config_dkim *dkim;	/* the keys that sign mail */
	size_t ndkim;
	struct config_probe *probe;	/* longest prefix first */
	size_t nprobe;
	struct http_many_limits http;	/* how web servers are asked */
	long smtp_timeout;
	size_t per_connection, claim, connections;
	int64_t rate;			/* messages an hour; 0: no bound */
	struct config_domain_rate *domain_rates;
	size_t ndomain_rates;
	int64_t retry_for;		/* seconds */
	unsigned stop_refused;		/* of a hundred */
	int64_t give_up, recheck;
	const char *podping_key_file;	/* NULL: none */
	unsigned podping_key_line;
	const char *deploy;	/* shell command; NULL: none */
	int64_t verify_for;	/* seconds */
};

/* file NULL: config.ini in the working folder or the nearest one above it.
 * What is wrong goes to findings; NULL when it cannot be used at all (told
 * too). */
struct config *config_load(const char *file, struct findings *to);
/* The same for who needs no show: they are not looked for, and there are
 * none. */
struct config *config_load_alone(const char *file, struct findings *to);
/* Where an address is asked instead, by probe_map: another address, in the
 * arena. One that it maps to a folder, or not at all, is itself. */
const char *config_instead(const struct config *c, struct arena *a,
    const char *url);
void config_free(struct config *c);	/* NULL is allowed */

#endif
