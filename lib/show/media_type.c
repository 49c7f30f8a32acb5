#include "show/media_type.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* RFC 6838 §4.2: what a name in a media type is made of. */
static bool
is_name(const char *s)
{
	return *s != '\0' && s[strspn(s, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$&-^_.+")] == '\0';
}

enum media_type
media_type_of(const char *type)
{
	/* What servers send for files whose ending they do not know. */
	static const char *const silent[] = {
		"", "application/octet-stream", "binary/octet-stream",
		"application/binary", "application/x-download",
		"application/download", "application/force-download",
		"application/ogg", "application/mp4"
	};
	size_t i;

	if (strncasecmp(type, "audio/", 6) == 0 ||
	    strncasecmp(type, "video/", 6) == 0)
		return is_name(type + 6) ? MEDIA_TYPE_SOUND :
		    MEDIA_TYPE_WRONG;
	if (strcasecmp(type, "application/pdf") == 0)
		return MEDIA_TYPE_SOUND;
	for (i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (strcasecmp(type, silent[i]) == 0)
			return MEDIA_TYPE_SILENT;
	return MEDIA_TYPE_WRONG;
}

const char *
media_type_by_name(const char *url)
{
	static const char *const types[][2] = {
		{ ".mp3", "audio/mpeg" }, { ".m4a", "audio/x-m4a" },
		{ ".m4b", "audio/x-m4b" }, { ".mp4", "video/mp4" },
		{ ".m4v", "video/x-m4v" }, { ".mov", "video/quicktime" },
		{ ".ogg", "audio/ogg" }, { ".oga", "audio/ogg" },
		{ ".opus", "audio/ogg" }, { ".flac", "audio/flac" },
		{ ".wav", "audio/wav" }, { ".pdf", "application/pdf" }
	};
	size_t i, len = strcspn(url, "?#"), end;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		end = strlen(types[i][0]);
		if (len > end && strncasecmp(url + len - end, types[i][0],
		    end) == 0)
			return types[i][1];
	}
	return NULL;
}
