/* What was said and is to be answered on an SMTP connection. */
#include <string.h>

#include "base/clock.h"
#include "mail/transport_int.h"

bool transport_traffic_read(struct transport_traffic *t, char *buf, size_t len)
{
	const struct transport_reply *r = &t->reply;
	bool whole = false;
	size_t i;

	for (i = 0; i < len; i++) {
		whole = transport_reply_read(&t->reply, buf[i]);

		if (!t->mailing)
			transport_hide(&t->hidden, &buf[i]);
		if (!whole)
			continue;
		t->owed--;
		t->replies++;
		t->active = clock_ms();
		if (!t->mailing && (r->code / 100 != 2 ||
		    (t->replies == 1 && r->code != 220)))
			t->refusal = *r;
		if (t->mailing && (r->code < 200 || r->code > 599))
			t->garbage = *r;
	}
	return whole;
}

void transport_traffic_write(struct transport_traffic *t, const char *buf,
    size_t len)
{
	size_t i;

	t->active = clock_ms();
	for (i = 0; i < len; i++) {
		if (t->column < sizeof t->verb)
			t->verb[t->column] = buf[i];
		if (++t->column == sizeof t->verb) {
			t->mailing |= memcmp(t->verb, "MAIL", 4) == 0;
			t->bdat |= memcmp(t->verb, "BDAT", 4) == 0;
			t->quitting |= memcmp(t->verb, "QUIT", 4) == 0;
		}
		if (buf[i] == '\n') {
			t->owed++;
			t->column = 0;
		}
	}
}
