#include "base/script.h"

#include <glib.h>

enum script
script_of(int32_t cp)
{
	switch (g_unichar_get_script((gunichar)cp)) {
	case G_UNICODE_SCRIPT_LATIN:
		return SCRIPT_LATIN;
	case G_UNICODE_SCRIPT_GREEK:
		return SCRIPT_GREEK;
	case G_UNICODE_SCRIPT_CYRILLIC:
		return SCRIPT_CYRILLIC;
	case G_UNICODE_SCRIPT_ARMENIAN:
		return SCRIPT_ARMENIAN;
	case G_UNICODE_SCRIPT_COPTIC:
		return SCRIPT_COPTIC;
	case G_UNICODE_SCRIPT_CHEROKEE:
		return SCRIPT_CHEROKEE;
	case G_UNICODE_SCRIPT_LISU:
		return SCRIPT_LISU;
	default:
		return SCRIPT_OTHER;
	}
}
