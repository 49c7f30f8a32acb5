/*
 * The text of one message on its way in: kept or only counted, and watched
 * for what must not be in it.
 */
#ifndef SINK_TEXT_H
#define SINK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct sink_text {
	char *bytes;
	size_t len;		/* after unstuffing, counted even if not kept */
	size_t cap;
	size_t max;
	size_t raw;		/* octets read, dots included, end excluded */
	size_t line;		/* octets since the last CRLF */
	bool keep;
	bool bol;		/* at the beginning of a line */
	bool cr;		/* the octet before was a CR */
	bool bare;		/* had a bare CR or LF, or a line over 998 */
	bool over;		/* longer than max: nothing more is kept */
};

void sink_text_begin(struct sink_text *t, size_t max, bool keep);

/* Takes octets, of which only the last may be an LF; n is not 0. */
void sink_text_add(struct sink_text *t, const char *p, size_t n);

/* Takes the dot that hides another at the beginning of a line. */
void sink_text_stuffing(struct sink_text *t);

/* Forgets the message; memory of a usual size stays for the next. */
void sink_text_end(struct sink_text *t);
void sink_text_release(struct sink_text *t);

#endif
