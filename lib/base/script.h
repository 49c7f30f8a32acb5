/* The scripts that letters are of (Unicode Annex 24), by GLib's tables. */
#ifndef BASE_SCRIPT_H
#define BASE_SCRIPT_H

#include <stdint.h>

/* OTHER: any other script, and what is of several or of none, such as digits
 * and combining marks. */
enum script {
	SCRIPT_OTHER, SCRIPT_LATIN, SCRIPT_GREEK, SCRIPT_CYRILLIC,
	SCRIPT_ARMENIAN, SCRIPT_COPTIC, SCRIPT_CHEROKEE, SCRIPT_LISU
};
#define SCRIPT_COUNT (SCRIPT_LISU + 1)

/* Of a code point; OTHER for what is none. */
enum script script_of(int32_t cp);

#endif
