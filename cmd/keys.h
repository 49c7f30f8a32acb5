/*
 * token_key_file: `NAME HEX` lines, # comments. The first key signs; the
 * others are for links that were signed before.
 */
#ifndef CMD_KEYS_H
#define CMD_KEYS_H

#include "base/err.h"
#include "store/ledger.h"

/* The key of that name, or the first when name is NULL. A file that others
 * may read, or with a line that is no key, is ERR_CONFIG; no such key too. */
int keys_read(const char *file, const char *name, char id[LEDGER_NAME_MAX],
    unsigned char key[LEDGER_KEY_SIZE], struct err *err);

#endif
