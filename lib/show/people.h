/*
 * Who is in an episode: names, maps, and references to files about people.
 * Private to the reading of episodes.
 */
#ifndef SHOW_PEOPLE_H
#define SHOW_PEOPLE_H

#include "base/err.h"
#include "base/mem.h"
#include "show/fact.h"
#include "show/options.h"
#include "show/show.h"

#define PEOPLE_MAX 100		/* of an episode */

#define PEOPLE_NAME_MAX 128	/* characters of a name (podcast-namespace,
				 * tags/person.md) */

struct people;

/* `people = guests = guest/{id}.md`: where the ids of a key are looked up.
 * NULL when the show says none; what is wrong goes to findings. */
struct people *people_options(struct arena *a, const struct options *o,
    struct findings *to);

/* `Name <URL>` or `Name`. */
void people_read_name(struct arena *a, const char *text,
    struct show_person *out);

/* A name that players may cut off is a warning ("person-name"). */
void people_check_name(const char *name, const char *file, unsigned line,
    struct findings *to);

/* Takes `people`, `hosts` and `guests` into e. Hosts and guests without hosts
 * are joined by those of the show: in podcast:person an item's list stands
 * instead of the channel's. `people` is the whole list by itself. */
void people_take(const struct fact_source *s, struct episode *e);

#endif
