/*
 * What most commands begin with: config.ini, the shows it names, and the
 * stores.
 */
#ifndef CMD_SETTING_H
#define CMD_SETTING_H

#include <stdint.h>

#include "base/err.h"
#include "base/fs.h"
#include "cmd/cmd.h"
#include "show/config.h"
#include "show/media.h"
#include "show/show.h"
#include "store/cache.h"
#include "store/ledger.h"

struct setting {
	struct findings findings;	/* reported to the log as they come */
	struct config *config;
	struct show **shows;
	size_t nshows;
	struct show **others;		/* that --show does not name, without */
	size_t nothers;			/* their episodes; to compare with */
	int64_t now;			/* --at, else the clock */
	struct cache *cache;		/* NULL: none */
	struct ledger *ledger;		/* NULL until one of the calls below */
	struct fs_lock *lock;		/* the sender's; NULL */
	struct media_context media;
	const char *given;		/* -c FILE; NULL: it was looked for */
	const char *hint;		/* of setting_hint() */
};

/* Reads config.ini and the shows that --show names (all of them when it does
 * not); the others are compared with them, no more. -1 when config.ini, a
 * show.ini or a show's table cannot be used, or --show names none that is
 * there. Problems of episodes are only counted in the findings. */
int setting_open(struct setting *s, struct cmd_args *args, struct err *err);
/* As setting_open(), with findings going to report (NULL: nowhere). */
int setting_open_to(struct setting *s, struct cmd_args *args,
    void (*report)(void *ctx, const struct finding *), void *ctx,
    struct err *err);
/* One show whose episodes are still to be read, for show_walk(). */
int setting_open_unread(struct setting *s, struct cmd_args *args,
    struct err *err);
/* As setting_open(), but exactly one show. */
int setting_open_one(struct setting *s, struct cmd_args *args,
    struct err *err);
/* As setting_open_to(), without episodes and without any store. */
int setting_open_facts(struct setting *s, struct cmd_args *args,
    void (*report)(void *ctx, const struct finding *), struct err *err);
/* Opens the cache, with a warning where that fails. */
void setting_cache(struct setting *s);
/* Whether it is exactly one show; else ERR_USAGE. */
int setting_one(const struct setting *s, struct err *err);
/* What a command that is named in a message needs to mean the same list:
 * " --show mini -c 'my config.ini'", with nothing that is not needed. */
const char *setting_hint(const struct setting *s);
/* One show without its episodes, and the ledger: for commands on a list of
 * friends, which an episode's mistake does not concern. No cache is opened. */
int setting_open_list(struct setting *s, struct cmd_args *args,
    struct err *err);
/* The same for reading alone, also where the ledger is write-protected; where
 * there is none, s->ledger stays NULL. One of an older version is brought up to
 * date. */
int setting_open_list_read(struct setting *s, struct cmd_args *args,
    struct err *err);
/* Opens the ledger, for commands on friends and deliveries. */
int setting_ledger(struct setting *s, struct err *err);
/* Takes the sender's lock, which whoever changes deliveries must hold; held by
 * another, the message says by whom. On a server it opens the ledger, and
 * nobody sends meanwhile. */
int setting_lock(struct setting *s, struct err *err);
/* Whoever finds the lock taken is told that a person is asked. */
void setting_asks(struct setting *s, bool asks);
/* For a run that sends: the lock, then the ledger. On a server others may send
 * too. */
int setting_sender(struct setting *s, struct err *err);
/* The token key of that name: of token_key_file, or the ledger's own, which
 * stays there when token_key_file comes into use. what was signed with it, for
 * the message. ERR_CONFIG when neither has it. */
int setting_key(struct setting *s, const char *id, const char *what,
    unsigned char key[LEDGER_KEY_SIZE], struct err *err);
/* Whether a run that sends is under way, as far as can be known without taking
 * the lock; on a server, with the ledger open. */
bool setting_is_sending(struct setting *s);
/* Whether the ledger is there; of one on a server that is not known here. */
bool setting_has_ledger(const struct setting *s);
/* Opens the ledger for looking only, which makes and changes nothing; where
 * there is none, s->ledger stays NULL. */
int setting_peek(struct setting *s, struct err *err);
void setting_close(struct setting *s);

#endif
