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
};

/* Reads config.ini and the shows that --show names (all of them when it does
 * not); the others are compared with them, no more. -1 when config.ini, a
 * show.ini or a show's table cannot be used, or --show names none that is
 * there. Problems of episodes are only counted in the findings. */
int setting_open(struct setting *s, struct cmd_args *args, struct err *err);
/* As above, but exactly one show. */
int setting_open_one(struct setting *s, struct cmd_args *args,
    struct err *err);
/* One show without its episodes, and the ledger: for commands on a list of
 * friends, which an episode's mistake does not concern. No cache is opened. */
int setting_open_list(struct setting *s, struct cmd_args *args,
    struct err *err);
/* Opens the ledger, for commands on friends and deliveries. */
int setting_ledger(struct setting *s, struct err *err);
/* The same for a run that sends: takes the sender's lock first. */
int setting_sender(struct setting *s, struct err *err);
/* Opens the ledger for looking only, which makes and changes nothing; where
 * there is none, s->ledger stays NULL. */
int setting_peek(struct setting *s, struct err *err);
void setting_close(struct setting *s);

#endif
