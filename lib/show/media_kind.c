#include "show/media_kind.h"

#include <string.h>
#include <unistd.h>

#include "show/media_mp3.h"

#define TAGS_MAX 16

/* The first brand of an MP4 that is no picture. Apple's names, where Apple's
 * programs made it, or it has sound alone. */
static bool
kind_of_brand(const unsigned char *brand, struct media_kind *out)
{
	static const struct {
		const char *brand;
		const char *sound, *video;
	} brands[] = {
		{ "M4A", "audio/x-m4a", "video/mp4" },
		{ "M4B", "audio/x-m4b", "video/mp4" },
		{ "M4V", "audio/x-m4a", "video/x-m4v" },
		{ "qt", "audio/x-m4a", "video/quicktime" },
		{ "3g", "audio/3gpp", "video/3gpp" },
		/* Pictures and other things in the same boxes. */
		{ "heic", NULL, NULL }, { "heix", NULL, NULL },
		{ "heim", NULL, NULL }, { "mif", NULL, NULL },
		{ "msf1", NULL, NULL }, { "avi", NULL, NULL },
		{ "jp", NULL, NULL }, { "crx", NULL, NULL },
		{ "", "audio/x-m4a", "video/mp4" }
	};
	size_t i = 0;

	while (memcmp(brand, brands[i].brand, strlen(brands[i].brand)) != 0)
		i++;
	/* The first two stand for sound. */
	*out = (struct media_kind){ MEDIA_AV_MP4, i < 2 ? brands[i].sound :
		brands[i].video, brands[i].sound, brands[i].video };
	return out->type != NULL;
}

/* ISO/IEC 13818-7 §6.2: three headers in a row, or all there are. */
static bool
is_adts(const unsigned char *p, size_t len)
{
	size_t size, n = 0;

	for (; n < 3 && len >= 7 && p[0] == 0xff && (p[1] & 0xf6) == 0xf0 &&
	    (p[2] >> 2 & 15) < 13; n++) {
		size = (size_t)(p[3] & 3) << 11 | (size_t)p[4] << 3 |
		    p[5] >> 5;
		if (size < 7)
			return false;
		if (size >= len)
			return true;
		p += size;
		len -= size;
	}
	return n == 3;
}

bool
media_kind_of(const void *data, size_t len, struct media_kind *out)
{
	static const struct {
		unsigned char at, at2;
		const char *bytes, *bytes2;
		struct media_kind kind;
	} kinds[] = {
		{ 0, 0, "OggS", "", { MEDIA_AV_OGG, "audio/ogg",
		    NULL, "video/ogg" } },
		{ 0, 0, "fLaC", "", { MEDIA_AV_FLAC, "audio/flac",
		    NULL, NULL } },
		{ 0, 8, "RIFF", "WAVE", { MEDIA_AV_WAV, "audio/wav",
		    NULL, NULL } },
		{ 0, 8, "RF64", "WAVE", { MEDIA_AV_WAV, "audio/wav",
		    NULL, NULL } },
		{ 0, 8, "FORM", "AIF", { MEDIA_AV_AIFF, "audio/aiff",
		    NULL, NULL } },
		{ 4, 0, "moov", "", { MEDIA_AV_MP4, "video/quicktime",
		    "audio/x-m4a", NULL } },
		{ 4, 0, "mdat", "", { MEDIA_AV_MP4, "video/quicktime",
		    "audio/x-m4a", NULL } },
		{ 4, 0, "wide", "", { MEDIA_AV_MP4, "video/quicktime",
		    "audio/x-m4a", NULL } },
		{ 4, 0, "free", "", { MEDIA_AV_MP4, "video/quicktime",
		    "audio/x-m4a", NULL } },
		{ 4, 0, "skip", "", { MEDIA_AV_MP4, "video/quicktime",
		    "audio/x-m4a", NULL } }
	};
	const unsigned char *p = data;
	size_t i;

	if (len >= 64 && memcmp(p, "\x1a\x45\xdf\xa3", 4) == 0) {
		bool webm = memmem(p, 64, "webm", 4) != NULL;

		*out = (struct media_kind){ MEDIA_AV_MATROSKA,
			webm ? "video/webm" : "video/x-matroska",
			webm ? "audio/webm" : "audio/x-matroska", NULL };
		return true;
	}
	if (len >= 12 && memcmp(p + 4, "ftyp", 4) == 0)
		return kind_of_brand(p + 8, out);
	for (i = 0; len >= 12 && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (memcmp(p + kinds[i].at, kinds[i].bytes, 4) == 0 &&
		    memcmp(p + kinds[i].at2, kinds[i].bytes2,
		    strlen(kinds[i].bytes2)) == 0) {
			*out = kinds[i].kind;
			return true;
		}
	*out = (struct media_kind){ MEDIA_AV_ADTS, "audio/aac", NULL, NULL };
	return is_adts(p, len);
}

/* Some programs put their tag in front of another's. */
int
media_kind_read(int fd, unsigned char head[MEDIA_KIND_HEAD], int64_t *tag,
    size_t *len)
{
	int64_t more = 0;
	unsigned tags = 0;
	ssize_t n;

	*tag = 0;
	do {
		*tag += more;
		n = pread(fd, head, MEDIA_KIND_HEAD, *tag);
		if (n < 0)
			return -1;
		*len = (size_t)n;
		more = media_mp3_tag(head, *len);
	} while (more > 0 && tags++ < TAGS_MAX);
	return 0;
}
