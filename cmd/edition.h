/*
 * What the commands on editions share: choosing the episodes of one, rendering
 * it, showing it to a person, and sending what it has left.
 */
#ifndef CMD_EDITION_H
#define CMD_EDITION_H

#include "cmd/setting.h"
#include "mail/digest.h"
#include "mail/editorial.h"
#include "mail/hours.h"
#include "mail/pace.h"
#include "mail/signer.h"
#include "mail/transport.h"

/* Friends are left who did not get an edition. */
#define EXIT_LEFT 75

/* A due episode that the rule does not take. */
struct edition_omission {
	const struct episode *episode;
	const char *show;	/* its slug; NULL: the digest has one show */
	const char *why;	/* "is in edition 2025-W23" */
	const char *many;	/* "too old": of that most of a long show is,
				 * and a number tells enough; NULL */
};

/* An edition for some of the friends: in another language than the show's, or
 * of some of its shows alone. */
struct edition_variant {
	const char *language, *shows;	/* of struct ledger_variant */
	const char *label;		/* "language de and shows maxi" */
	size_t friends;
	const struct episode **episodes;
	const struct show **shows_of;	/* of each */
	size_t n;
	struct digest digest;
	struct buf mold;
};

struct edition {
	const struct episode **episodes;	/* newest first, or as a person
						 * has said */
	const struct show **shows;	/* of each */
	size_t n;			/* 0: nothing new */
	const char *none;		/* why nothing is sent, where it is not
					 * that */
	const char *late;		/* why it is held; NULL: it is not */
	struct edition_omission *omitted;
	size_t nomitted;
	char name[LEDGER_NAME_MAX];
	struct editorial editorial;	/* what is written for it by hand */
	char key_id[LEDGER_NAME_MAX];	/* of the token key */
	unsigned char key[LEDGER_KEY_SIZE];
	struct digest digest;
	struct buf mold;		/* as mold_build() makes it */
	/* As the ledger takes it, and its episodes (e->n of them). */
	struct ledger_edition row;
	struct ledger_episode *rows;
	struct edition_variant *variants;
	size_t nvariants;
	struct ledger_choice *choices;	/* of the friends */
	size_t nchoices;
	size_t friends;			/* who get it */
	size_t without;			/* who do not: no show of theirs is in
					 * it */
	size_t later;			/* of them, whose time is to come */
	int64_t first_due;		/* when the first of these does */
	int wanted;			/* the variant that the command line
					 * asks to see; 0: the edition itself,
					 * -1: one that has nothing of it */
};

#define EDITION_OPTIONS \
	{ "--show", "SLUG", "of this show, where config.ini has several" }, \
	{ "--episode", "N", "take this one, due or not; 7-12: those (may be " \
	    "given again)" }, \
	{ "--since", "DATE", "take all that are due and not older" }, \
	{ "--until", "DATE", "take none that is newer" }, \
	{ "--again", NULL, "also those that went out already" }, \
	{ "--at", "TIME", "as if it were that time" }, \
	{ "--keep-going", NULL, "do not mind other episodes' errors" }

/* Names the edition and chooses by --episode, by what is written for it by
 * hand, or by the rule (--since, --until, --again): due, in no edition yet, not
 * older than the window; a first edition takes the newest only, and what is not
 * newer than that is past (ledger_begun). What is left out goes to the log
 * (debug) and to omitted. Finds the facts of their audio. s->ledger NULL:
 * nothing went out yet. ERR_INPUT for episodes with errors, ERR_USAGE for a
 * number that is none; where only a web server was at fault, its kind. */
int edition_choose(struct setting *s, struct cmd_args *args,
    struct edition *out, struct err *err);
/* Whether --since, --until and --episode are right, before anything is done
 * with an older edition: as edition_choose() would say. The ledger is not open
 * yet: that an episode went out already is told later. */
int edition_check_asked(struct setting *s, struct cmd_args *args,
    struct err *err);
/* "30 hours" or "5 days". */
const char *edition_age(struct arena *a, int64_t seconds);
/* What the ledger knows an episode by: its guid, behind the slug of its show
 * where that is not the list's own, since two shows may have one guid. */
const char *edition_guid(struct arena *a, const struct show *own,
    const struct show *of, const struct episode *e);
/* The facts of one episode's audio; what is wrong with them is told. */
int edition_resolve(struct setting *s, const struct show *of,
    const struct episode *e, struct err *err);
/* What the digest is made of; its episodes were chosen. */
void edition_input(const struct setting *s, const struct edition *e,
    struct digest_input *out);
/* Reads the token key, renders the edition that was chosen and its variants,
 * and fills all else. ERR_INPUT: the friends ask for too many variants. */
int edition_render(struct setting *s, struct cmd_args *args,
    struct edition *e, struct err *err);
void edition_release(struct edition *e);	/* also of one that is zeros */
/* One form of it, on which the mold is made; what is wrong with its pictures
 * goes to findings. */
int edition_make(struct setting *s, struct arena *a,
    const struct digest_input *in, const char *key_id, struct findings *to,
    struct digest *digest, struct buf *mold, struct err *err);

/* Whether anybody is on the list, and one of the canaries at least; those who
 * are not are warned of. Else ERR_INPUT. */
int edition_has_friends(struct setting *s, const struct edition *e,
    struct err *err);
/* The key of the i-th canary (in config's arena); NULL: it is no address,
 * ERR_CONFIG at its line of show.ini. */
const char *edition_canary(struct setting *s, size_t i, struct err *err);
/* That the ledger is not there: -1, ERR_INPUT at its line of config.ini. */
int edition_no_ledger(const struct setting *s, struct err *err);

/* The edition that the next `digest send` goes on with, where there is one:
 * also for --at and --keep-going, but not where --episode, --since or --again
 * ask for a certain one. 1 found (strings in the arena of args), 0, -1. */
int edition_unfinished(struct setting *s, struct cmd_args *args,
    struct ledger_edition *out, struct err *err);

/* The envelope sender: the bare address of digest_from (arena). */
const char *edition_sender(struct setting *s, struct arena *a,
    struct err *err);

/* When friends of a show may be written to. */
struct edition_times {
	struct hours *hours;
	const char **canaries;		/* the keys of friends who come first */
	size_t ncanaries;
};
/* -1: a canary in show.ini is none; what is known all the same is there. */
int edition_times_open(struct setting *s, struct edition_times *out,
    struct err *err);
void edition_times_close(struct edition_times *t);

/* What every delivery of a run needs: made before anything is recorded, so
 * that a mistake in config.ini or show.ini leaves nothing behind. */
struct edition_post {
	struct transport **transports;	/* one for each connection */
	size_t n;
	struct pace_domain *domains;	/* of `domain_rate` */
	struct pace *pace;		/* NULL until edition_pace() */
	bool recalled;			/* with what an earlier run learnt */
	struct edition_times times;
	const char *from;
	bool verp;			/* with a token in it */
	struct signer *signer;		/* NULL: mail is not signed */
	int64_t before;			/* of delivery_options */
	size_t later;			/* who gets the edition at hand, and not
					 * by this run */
};
int edition_post_open(struct setting *s, struct edition_post *p,
    struct err *err);
/* Makes the pace, unless it is there, with what the ledger knows of the
 * relay. */
int edition_pace(struct setting *s, struct edition_post *p, struct err *err);
/* What was learnt of the relay is kept. */
void edition_post_close(struct setting *s, struct edition_post *p);

/* All relays of config.ini as one, with their passwords, for each connection.
 * On failure those that are there are in *out all the same. */
int edition_relays(struct setting *s, struct transport ***out, size_t *n,
    struct err *err);

/* Whom bounces go to, by config.ini, else the sender. */
const char *edition_return_path(struct setting *s, struct err *err);

/* What signs the messages, by config.ini; *out NULL: nothing. time: when the
 * edition was frozen, 0: not known yet. */
int edition_signer(struct setting *s, int64_t time, struct signer **out,
    struct err *err);

/* ERR_IO where the edition's message is not what was frozen. */
int edition_check_damage(struct setting *s, const struct ledger_edition *e,
    struct err *err);
/* The key that an edition was frozen with, for whoever makes use of its message:
 * also as edition_check_damage(). */
int edition_key(struct setting *s, const struct ledger_edition *e,
    unsigned char key[LEDGER_KEY_SIZE], struct err *err);

/* ledger_recover() for the show, with a warning of what is unknown. freed may
 * be NULL. */
int edition_recover(struct setting *s, int64_t now, size_t *freed,
    struct err *err);
/* With a ledger on a server, behind all that there was to send: waits until
 * what other hosts have in hand is done, or they are dead. again: they have
 * left something to this run, which began then by the clock. before: what was
 * left at the last such call, SIZE_MAX at first; it must become less, or there
 * is nothing to be done. */
int edition_others(struct setting *s, int64_t begun, size_t *before,
    bool *again, struct err *err);
/* The editions that a run worked on, and the counts of each that it printed
 * last. */
struct edition_worked {
	int64_t id;
	const char *name;
	struct ledger_counts told;
};
struct edition_work {
	struct edition_worked *of;	/* in the arena */
	size_t n;
};
struct edition_worked *edition_worked_find(const struct edition_work *w,
    int64_t edition);		/* NULL: it is not among them */
/* That of the edition, until the next is added. */
struct edition_worked *edition_worked_add(struct edition_work *w,
    struct arena *a, const struct ledger_edition *e);
/* Prints the counts again of those that other hosts went on with since. */
int edition_tell_changed(struct setting *s, struct edition_work *w,
    struct err *err);

/* From here on SIGINT, SIGTERM and SIGHUP (a terminal that goes away) do not
 * kill: the message under way is finished and the run ends. A second one kills.
 * A server that hangs is then waited for less long: the ledger is open. */
void edition_catch_signals(struct setting *s);
bool edition_stopped(void);
/* That the run ends for that reason, and which command goes on (NULL: none is
 * told), behind all else that it says; nothing where it does not. */
void edition_say_stopped(const struct setting *s, const char *with);
/* Until a line of standard input is there, or its end: true. False: a signal
 * came before that. */
bool edition_wait_for_answer(void);

/* That so many friends are to get it later (at their time of day, behind their
 * quiet hours, or as the rate of their domain allows), and when the first of
 * them does: a sentence in the arena, or said. */
const char *edition_later(struct arena *a, const struct setting *s,
    const char *name, size_t n, int64_t due);
void edition_say_later(const struct setting *s, const char *name, size_t n,
    int64_t due);

/* Deliveries that are to be made again: those that are in that state. was: what
 * ledger_resend() made pending, at the time of the setting. */
struct edition_again {
	const int64_t *ids;
	size_t n;
	enum ledger_state state;
	struct ledger_again *was;
	size_t nwas;
};

/* What its canaries have to say: one of these, 0 where they keep nobody from it,
 * or -1. */
#define EDITION_CANARIES_TO_GO 1	/* some had no turn yet */
#define EDITION_CANARIES_REFUSED 2	/* too many, so nobody else gets it */
int edition_canaries(struct setting *s, const struct edition_post *post,
    const struct ledger_edition *e, struct err *err);
/* Sends what is pending or deferred of an edition, gives up what was deferred
 * for too long, and prints how the edition stands. again: only those, unless
 * NULL; then it says how many it went to again, and those that a signal kept
 * from their turn are what they were. told: these counts, once they are
 * printed; may be NULL. */
int edition_deliver(struct setting *s, struct edition_post *post,
    const struct ledger_edition *e, const struct edition_again *again,
    struct ledger_counts *told, struct err *err);

/* "12 sent, 1 unknown" */
void edition_counts_text(const struct ledger_counts *c, char *out,
    size_t size);
/* "2026-W48: 12 sent, 1 unknown" on standard output, unless -q. out: these
 * counts; may be NULL. */
int edition_print_counts(struct setting *s, const struct ledger_edition *e,
    struct ledger_counts *out, struct err *err);
/* Whether friends are left who did not get it (EXIT_LEFT); then says so as an
 * error, that is also under -q, where cron mails it. */
bool edition_report_left(const struct setting *s, const char *name,
    const struct ledger_counts *c);

/* What a person sees of an edition before anything is done with it. */
struct edition_view {
	const char *name, *subject;
	const struct ledger_episode *episodes;
	size_t n;
	const struct edition *chosen;	/* its omissions and variants are told;
					 * NULL */
	size_t friends;
	size_t later;			/* of them, whose time is to come */
	int64_t first_due;		/* when the first of these does */
	const char *question;		/* "Send it?" */
	const char *no;			/* "nothing was sent" */
};
/* Of one in the ledger: friends is how many it still goes to. */
int edition_view_of(struct setting *s, struct cmd_args *args,
    const struct ledger_edition *e, size_t friends, struct edition_view *out,
    struct err *err);
/* Who of those who are left get it later, as the next run will find them. */
int edition_view_later(struct setting *s, const struct edition_times *t,
    int64_t edition, struct edition_view *v, struct err *err);
/* As ledger_left() of the show's list, with those later whom quiet hours keep:
 * the ledger knows that only of friends whom a run came to. */
int edition_left(struct setting *s, const struct edition_times *t,
    struct arena *a, struct ledger_left **out, size_t *n, struct err *err);
/* When the friends of each time zone get a new one, for the ledger and for the
 * person. */
int edition_plan(struct setting *s, struct cmd_args *args,
    const struct edition_times *t, struct edition *e, struct err *err);
/* Of one that was rendered. */
void edition_view_new(const struct edition *e, struct edition_view *out);
/* "2 friends get none of it: …"; says nothing where there are none. */
void edition_print_none(const struct edition *e);
void edition_print(const struct setting *s, const struct edition_view *v);
/* The due episodes that an edition leaves out, with the reason; of those that
 * are too old or new only the number. */
void edition_print_omitted(const struct edition *e);
/* Prints it, unless -q, and asks; with --yes it asks nothing, which elsewhere
 * than on a terminal is needed. 1 go on; 0 no, or the end of the input, or a
 * signal: v->no is said; -1 err. */
int edition_confirm(struct cmd_args *args, struct setting *s,
    const struct edition_view *v, struct err *err);

/* How a delivery stands, also where a run was broken off: as the next run will
 * find it. is_sending: of setting_is_sending(); then a claimed one is being
 * sent. */
enum ledger_state edition_state(const struct ledger_delivery *d,
    bool is_sending);
/* Likewise of all; in what is not is_sending none is claimed or sending. */
int edition_counts(struct setting *s, int64_t edition, bool is_sending,
    struct ledger_counts *out, struct err *err);
/* Who is still to get it. */
size_t edition_waiting(const struct ledger_counts *c);
/* Why there is none, by edition_choose(). */
void edition_say_nothing_new(const struct edition *e);
/* `digest send` with --dry-run or --to: nothing is recorded. The exit code. */
int edition_rehearse(struct setting *s, struct cmd_args *args,
    struct err *err);

#endif
