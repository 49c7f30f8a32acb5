/* media transcript: one form of a transcript from another, where nothing of it
 * is lost. */
#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "cmd/cmd.h"
#include "text/captions.h"

/* HTML and plain text hold no times, so that they lose something always. */
static enum captions_format
format_of(const char *word)
{
	enum captions_format format = word == NULL ? CAPTIONS_NONE :
	    captions_format_of_ending(word);

	return format == CAPTIONS_HTML || format == CAPTIONS_TEXT ?
	    CAPTIONS_NONE : format;
}

static int
convert(struct cmd_args *args, enum captions_format to, struct buf *out,
    struct err *err)
{
	const char *file = args->operand[0];
	struct captions c;
	struct buf data;
	unsigned lost = 0;
	int rc;

	buf_init(&data, CAPTIONS_MAX);
	rc = fs_read(file, CAPTIONS_MAX, &data, NULL, err);
	if (rc == 0 && (rc = captions_read(&args->arena, data.data, data.len,
	    CAPTIONS_NONE, &c, err)) != 0)
		err_at(err, file, err->line);
	buf_release(&data);
	if (rc != 0)
		return -1;
	if (c.n == 0) {
		err_set(err, ERR_INPUT, "is %s, which has no times; WebVTT, "
		    "SubRip and JSON have", captions_format_name(c.format));
		return err_at(err, file, 0);
	}
	if (captions_write(&c, to, out, &lost, err) != 0)
		return err_at(err, file, 0);
	if (lost == 0 || cmd_flag(args, "--lossy"))
		return 0;
	err_set(err, ERR_INPUT, "%s cannot hold all of it: %s; --lossy writes "
	    "the rest", captions_format_name(to), captions_lost_words(
	    &args->arena, lost));
	return err_at(err, file, 0);
}

static int
run(struct cmd_args *args, struct err *err)
{
	const char *word = cmd_value(args, "--to");
	const char *path = cmd_value(args, "--out");
	enum captions_format to = format_of(word);
	struct buf out;
	int rc;

	if (to == CAPTIONS_NONE)
		return err_set(err, ERR_USAGE, "%s%s%s: it takes vtt, srt or "
		    "json", word != NULL ? "--to `" : "--to is missing",
		    word != NULL ? word : "", word != NULL ? "`" : "");
	buf_init(&out, 4 * CAPTIONS_MAX);
	rc = convert(args, to, &out, err);
	if (rc == 0 && path != NULL)
		rc = fs_replace(path, out.data, out.len, 0666, NULL, err);
	else if (rc == 0)
		fwrite(out.data, 1, out.len, stdout);
	buf_release(&out);
	return rc;
}

static const struct cmd_option options[] = {
	{ "--to", "FORMAT", "vtt, srt or json" },
	{ "--out", "FILE", "write it there; else to standard output" },
	{ "--lossy", NULL, "also where something is lost" },
	{ NULL, NULL, NULL }
};

const struct command cmd_media_transcript = {
	"media", "transcript", "FILE", 1, 1,
	"Convert a transcript: WebVTT, SubRip, JSON",
	"Reads WebVTT, SubRip or the JSON of the podcast namespace (`-` is "
	"standard input), and\nwrites one of them. What comes out is read "
	"again: where words, times or speakers would\nbe lost, nothing is "
	"written, and the exit code is 65.", options, run
};
