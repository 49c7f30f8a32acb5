/*
 * Where an output goes, to be compared with where others go.
 */
#ifndef CMD_FEED_PLACE_H
#define CMD_FEED_PLACE_H

#include "base/mem.h"
#include "cmd/cmd.h"
#include "cmd/setting.h"

/* The folder of a show's feeds: its own, or what --out says. */
const char *feed_folder(const struct setting *s, struct cmd_args *args,
    const struct show *show);

/* The path of name in folder with links resolved, as far as it is there. */
const char *feed_place(struct arena *a, const char *folder, const char *name);

#endif
