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
		{ ".m4b", "audio/x-m4a" }, { ".mp4", "video/mp4" },
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

/* A word for the format of a type; NULL: not known. Video and audio in one
 * container are the same, as servers tell them by the ending alone. */
static const char *
format_of(const char *type)
{
	static const char *const formats[][2] = {
		{ "mpeg", "mpeg mp3 x-mp3 x-mpeg mpeg3 x-mpeg-3 mpa" },
		{ "mp4", "mp4 x-m4a x-m4b x-m4v m4a m4b quicktime aac aacp "
		    "x-aac mp4a-latm" },
		{ "ogg", "ogg x-ogg opus vorbis" },
		{ "flac", "flac x-flac" },
		{ "wav", "wav x-wav wave vnd.wave x-pn-wav" },
		{ "webm", "webm" },
		{ "pdf", "pdf x-pdf" }
	};
	const char *name = strchr(type, '/'), *word;
	size_t i, len;

	for (i = 0; name != NULL && i < sizeof(formats) / sizeof(formats[0]);
	    i++)
		for (word = formats[i][1]; *word != '\0'; word += len +
		    (word[len] == ' ')) {
			len = strcspn(word, " ");
			if (strlen(name + 1) == len &&
			    strncasecmp(name + 1, word, len) == 0)
				return formats[i][0];
		}
	return NULL;
}

bool
media_type_agrees(const char *a, const char *b)
{
	const char *fa = format_of(a), *fb = format_of(b);

	if (fa == NULL || fb == NULL)
		return (fa == NULL || strcmp(fa, "pdf") != 0) &&
		    (fb == NULL || strcmp(fb, "pdf") != 0);
	return strcmp(fa, fb) == 0;
}

bool
media_type_fits(const char *type, const char *url)
{
	const char *named = media_type_by_name(url);

	return named == NULL || media_type_of(type) != MEDIA_TYPE_SOUND ||
	    media_type_agrees(type, named);
}
