/*
 * Files with secrets, which nobody else may read.
 *
 * token_key_file: `NAME HEX` lines, # comments. The first key signs; the
 * others are for links that were signed before.
 * podping_key_file: one line, the key.
 */
#ifndef CMD_KEYS_H
#define CMD_KEYS_H

#include "base/err.h"
#include "base/mem.h"
#include "store/ledger.h"

/* The key of that name, or the first when name is NULL. A file that others
 * may read, or with a line that is no key, is ERR_CONFIG; no such key too. */
int keys_read(const char *file, const char *name, char id[LEDGER_NAME_MAX],
    unsigned char key[LEDGER_KEY_SIZE], struct err *err);

/* The one line of a file, of visible ASCII and blanks, without those at its
 * ends; in the arena. No message has any of it. What is wrong with the file is
 * ERR_CONFIG, with the file's name. */
int keys_read_line(const char *file, struct arena *a, const char **out,
    struct err *err);

#endif
