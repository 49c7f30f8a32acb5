#include <stdlib.h>

#include "show/doctor.h"
#include "show/media_loudness.h"

#define STEREO (-16.0)	/* LUFS, as Apple asks for */
#define MONO (-19.0)
#define AROUND 1.05	/* what is told has one digit */
#define PEAK (-1.0)	/* dBTP */

void
doctor_loudness(const struct doctor_file *f, const char *path,
    struct findings *to)
{
	struct media_loudness l;
	struct err err = ERR_INIT;
	double want;

	if (media_loudness_file(path, &l, &err) != 0) {
		struct err told = ERR_INIT;

		err_set(&told, err.kind, "audio of %s, %s: %s", f->who, path,
		    err.msg);
		err_at(&told, f->file, f->line);
		finding_err(to, "media-loudness", &told);
		return;
	}
	if (l.silent) {
		finding_add(to, SEV_WARNING, "media-loudness", f->file,
		    f->line, "audio of %s, %s: it is silent", f->who, path);
		return;
	}
	want = l.channels == 1 ? MONO : STEREO;
	if (l.lufs < want - AROUND || l.lufs > want + AROUND)
		finding_add(to, SEV_WARNING, "media-loudness", f->file,
		    f->line, "audio of %s, %s: its loudness is %.1f LUFS%s; "
		    "make it %.0f, 1 more or less", f->who, path, l.lufs,
		    l.channels == 1 ? " in one channel" : "", want);
	if (l.peak > PEAK)
		finding_add(to, SEV_WARNING, "media-peak", f->file, f->line,
		    "audio of %s, %s: its true peak is %.1f dB; keep it under "
		    "-1 dB, so that players do not clip it", f->who, path,
		    l.peak);
}
