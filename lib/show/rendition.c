#include "show/rendition.h"

#include <string.h>
#include <strings.h>

/* As it is called by those who hear it. */
static const char *
format(struct arena *a, const struct words *w, const struct media *m)
{
	static const char *const codecs[][2] = {
		{ "mp3", "MP3" }, { "aac", "AAC" }, { "opus", "Opus" },
		{ "vorbis", "Vorbis" }, { "flac", "FLAC" },
		{ "alac", "Apple Lossless" },
	};
	static const char *const types[][2] = {
		{ "audio/mpeg", "MP3" }, { "audio/ogg", "Ogg" },
		{ "audio/opus", "Opus" }, { "audio/mp4", "M4A" },
		{ "audio/x-m4a", "M4A" }, { "audio/flac", "FLAC" },
		{ "audio/wav", "WAV" },
	};
	size_t i;

	/* A video is told by its pictures, whatever its sound is. */
	if (strncasecmp(m->type, "video/", 6) == 0)
		return words_text(a, w, "video");
	for (i = 0; m->codec != NULL && i < 6; i++)
		if (strcmp(m->codec, codecs[i][0]) == 0)
			return codecs[i][1];
	for (i = 0; i < 7; i++)
		if (strcasecmp(m->type, types[i][0]) == 0)
			return types[i][1];
	return m->type;
}

const char *
rendition_bitrate(struct arena *a, const struct media *m)
{
	return m->bitrate < 1000 ? NULL : arena_printf(a, "%lld kbit/s",
	    (long long)(m->bitrate + 500) / 1000);
}

const char *
rendition_name(struct arena *a, const struct words *w, const struct media *m)
{
	const char *bitrate = rendition_bitrate(a, m);

	if (m->title != NULL)
		return m->title;
	return bitrate == NULL ? format(a, w, m) : arena_printf(a, "%s, %s",
	    format(a, w, m), bitrate);
}

const char *
rendition_less(struct arena *a, const struct words *w,
    const struct media *audio, const struct media *m)
{
	return m->length < audio->length ? words_size(a, w, audio->length -
	    m->length) : NULL;
}

const char *
rendition_more(struct arena *a, const struct words *w,
    const struct media *audio, const struct media *m)
{
	return rendition_less(a, w, m, audio);
}
