#include "sink_smtp.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "peer.h"

#define HOST "sink.example"

/* Writes the lines of text, each behind the code, as one reply. */
static void format_reply(struct sink_reply *r, int code, const char *text)
{
	for (;;) {
		size_t n = strcspn(text, "\n");
		size_t left = sizeof r->text - r->len;
		int made = snprintf(r->text + r->len, left, "%d%c%.*s\r\n",
		    code, text[n] == '\n' ? '-' : ' ', (int)n, text);

		/* The limits of scripts and texts make this impossible. */
		if (made < 0 || (size_t)made >= left)
			abort();
		r->len += (size_t)made;
		if (text[n] == '\0')
			return;
		text += n + 1;
	}
}

/* The text of a script line, its \n made into line ends. */
static void unescape(const char *text, char out[SINK_LINE_MAX])
{
	size_t n = 0;

	for (; *text != '\0' && n < SINK_LINE_MAX - 1; text++) {
		out[n++] = *text;
		if (text[0] == '\\' && text[1] == 'n') {
			out[n - 1] = '\n';
			text++;
		}
	}
	out[n] = '\0';
}

static void answer(struct sink_session *s, enum sink_step step,
    const char *subject, int code, const char *text)
{
	struct sink_reply *r = &s->reply;
	const struct sink_rule *rule;

	r->len = 0;
	r->ready = true;
	r->last = code == 421 || step == SINK_QUIT;
	rule = sink_script_match(s->script, SINK_DELAY, step, subject);
	r->delay_ms = rule != NULL ? rule->delay_ms : 0;
	r->never = sink_script_match(s->script, SINK_HANG, step, subject)
	    != NULL;
	rule = sink_script_match(s->script, SINK_GARBAGE, step, subject);
	if (rule == NULL)
		format_reply(r, code, text);
	else
		r->len = (size_t)snprintf(r->text, sizeof r->text, "%s\r\n",
		    rule->text);
}

/* A reply that no script line changes. */
static void plain(struct sink_session *s, int code, const char *text)
{
	answer(s, SINK_UNSCRIPTED, "", code, text);
}

/* The script's reply to a step, or this one. Returns the code that rules. */
static int scripted(struct sink_session *s, enum sink_step step,
    const char *subject, int code, const char *text)
{
	char own[SINK_LINE_MAX];
	const struct sink_rule *rule =
	    sink_script_match(s->script, SINK_REPLY, step, subject);

	if (rule != NULL) {
		code = rule->code;
		unescape(rule->text, own);
		text = own;
	}
	answer(s, step, subject, code, text);
	return code;
}

static void transaction_end(struct sink_session *s)
{
	size_t i;

	for (i = 0; i < s->rcpt_count; i++)
		free(s->rcpts[i]);
	s->rcpt_count = 0;
	s->smtputf8 = s->bdat = false;
	if (s->state == SINK_ENVELOPE)
		s->state = SINK_READY;
	sink_text_end(&s->text);
}

static size_t message_max(const struct sink_session *s)
{
	const char *size = sink_script_offer(s->script, "SIZE", 4);
	unsigned long n;

	if (size == NULL ||
	    peer_number(size, SINK_MESSAGE_MAX, &n) != 0 || n == 0)
		return SINK_MESSAGE_MAX;
	return n;
}

static void end_of_message(struct sink_session *s)
{
	struct sink_envelope e = { s->conn, s->from, s->rcpts, s->rcpt_count,
	    s->text.bare || s->text.cr };
	const char *subject = s->rcpts[0];
	char own[SINK_LINE_MAX];
	const struct sink_rule *rule;
	int code = 250;

	s->mode = SINK_COMMANDS;
	if (s->text.over) {
		plain(s, 552, "5.3.4 message is larger than SIZE");
		transaction_end(s);
		return;
	}
	rule = sink_script_match(s->script, SINK_REPLY, SINK_END, subject);
	if (rule != NULL) {
		code = rule->code;
		unescape(rule->text, own);
	}
	s->taken += code < 300;
	if (code < 300 && sink_store_take(s->store, &e, s->text.bytes,
	    s->text.len) != 0)
		plain(s, 451, "4.3.0 cannot store the message");
	else if (rule != NULL)
		answer(s, SINK_END, subject, code, own);
	else {
		snprintf(own, sizeof own, "2.0.0 Ok: queued as %06lu",
		    s->store->seq);
		answer(s, SINK_END, subject, code, own);
	}
	transaction_end(s);
}

static bool cut_here(struct sink_session *s)
{
	struct sink_script *c = s->script;

	if (c->dropdata == 0 || c->dropdata_left == 0 ||
	    s->text.raw < c->dropdata)
		return false;
	if (c->dropdata_left > 0)
		c->dropdata_left--;
	sink_store_dialog(s->store, s->conn, '!', 0, "cut inside data", 15);
	return true;
}

/* Reads the text up to the dot that ends it. */
static enum sink_turn run_text(struct sink_session *s)
{
	while (s->in_start < s->in_end) {
		const char *p = s->in + s->in_start;
		size_t n = s->in_end - s->in_start;
		const char *lf;

		if (s->text.bol && memcmp(p, ".\r\n", n < 3 ? n : 3) == 0) {
			if (n < 3)
				return SINK_WANTS_INPUT;
			s->in_start += 3;
			end_of_message(s);
			return SINK_HAS_REPLY;
		}
		if (s->text.bol && *p == '.') {
			s->in_start++;
			sink_text_stuffing(&s->text);
			if (cut_here(s))
				return SINK_CUT;
			continue;
		}
		lf = memchr(p, '\n', n);
		if (lf != NULL)
			n = (size_t)(lf - p) + 1;
		sink_text_add(&s->text, p, n);
		s->in_start += n;
		if (cut_here(s))
			return SINK_CUT;
	}
	return SINK_WANTS_INPUT;
}

static void end_of_chunk(struct sink_session *s)
{
	char text[64];

	s->mode = SINK_COMMANDS;
	if (s->chunk_refused) {
		plain(s, 503, "5.5.1 BDAT has no transaction with a recipient");
		return;
	}
	if (s->chunk_last) {
		end_of_message(s);
		return;
	}
	snprintf(text, sizeof text, "2.0.0 %zu octets received", s->text.len);
	if (scripted(s, SINK_DATA, "", 250, text) >= 400)
		transaction_end(s);
}

static enum sink_turn run_chunk(struct sink_session *s)
{
	while (s->chunk_left > 0 && s->in_start < s->in_end) {
		const char *p = s->in + s->in_start;
		size_t n = s->in_end - s->in_start;
		const char *lf;

		if (n > s->chunk_left)
			n = s->chunk_left;
		lf = memchr(p, '\n', n);
		if (lf != NULL)
			n = (size_t)(lf - p) + 1;
		s->in_start += n;
		s->chunk_left -= n;
		if (s->chunk_refused)
			continue;
		sink_text_add(&s->text, p, n);
		if (cut_here(s))
			return SINK_CUT;
	}
	if (s->chunk_left > 0)
		return SINK_WANTS_INPUT;
	end_of_chunk(s);
	return SINK_HAS_REPLY;
}

static void do_hello(struct sink_session *s, const char *arg, bool esmtp)
{
	char text[SINK_KEYWORDS_MAX * (SINK_KEYWORD_LEN + 1) + 64];
	char subject[SINK_COMMAND_MAX + 8];
	size_t i, len;

	if (!sink_syntax_host(arg, strlen(arg))) {
		plain(s, 501, "5.5.4 expected a domain or address literal");
		return;
	}
	snprintf(subject, sizeof subject, "%s %s", esmtp ? "EHLO" : "HELO",
	    arg);
	len = (size_t)snprintf(text, sizeof text, HOST);
	for (i = 0; esmtp && i < s->script->keyword_count; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "\n%s",
		    s->script->keywords[i]);
	if (scripted(s, SINK_EHLO, subject, 250, text) >= 300)
		return;
	transaction_end(s);
	s->state = SINK_READY;
	s->esmtp = esmtp;
}

static void do_ehlo(struct sink_session *s, const char *arg)
{
	do_hello(s, arg, true);
}

static void do_helo(struct sink_session *s, const char *arg)
{
	do_hello(s, arg, false);
}

/* Reads the parameters behind a path. Answers and returns -1 when one is
 * wrong (501), was not offered (555), or the SIZE is too large (552). */
static int read_params(struct sink_session *s, const char *p, bool rcpt)
{
	struct sink_param param;
	char keyword[SINK_PATH_MAX];
	unsigned long n;

	while (*p == ' ') {
		p = sink_syntax_param(p + 1, &param);
		if (p == NULL || !sink_syntax_known(&param, rcpt, keyword)) {
			plain(s, 501, "5.5.4 a parameter is malformed");
			return -1;
		}
		if (!s->esmtp || sink_script_offer(s->script, keyword,
		    strlen(keyword)) == NULL) {
			plain(s, 555, "5.5.4 a parameter was not offered");
			return -1;
		}
		if (strcmp(keyword, "SMTPUTF8") == 0)
			s->smtputf8 = true;
		/* check_size has seen to it that only digits follow. */
		if (strcmp(keyword, "SIZE") == 0) {
			n = strtoul(param.value, NULL, 10);
			if (n > message_max(s)) {
				plain(s, 552, "5.3.4 larger than SIZE");
				return -1;
			}
		}
	}
	if (*p == '\0')
		return 0;
	plain(s, 501, "5.5.4 expected a space after the path");
	return -1;
}

static void do_mail(struct sink_session *s, const char *arg)
{
	const char *p;
	bool high;

	if (s->state != SINK_READY) {
		plain(s, 503, s->state == SINK_NEW ?
		    "5.5.1 say EHLO first" : "5.5.1 nested MAIL");
		return;
	}
	p = strncasecmp(arg, "FROM:", 5) == 0 ?
	    sink_syntax_path(arg + 5, true, s->from, &high) : NULL;
	if (p == NULL) {
		plain(s, 501, "5.1.7 expected MAIL FROM:<address>");
		return;
	}
	s->smtputf8 = false;
	if (read_params(s, p, false) != 0)
		return;
	if (s->script->session.code != 0 &&
	    s->taken >= s->script->session.n) {
		plain(s, s->script->session.code, s->script->session.text);
		return;
	}
	if (high && !s->smtputf8)
		plain(s, 553, "5.6.7 this address needs SMTPUTF8");
	else if (scripted(s, SINK_MAIL, s->from, 250, "2.1.0 Ok") < 300)
		s->state = SINK_ENVELOPE;
}

static void do_rcpt(struct sink_session *s, const char *arg)
{
	char to[SINK_PATH_MAX];
	const char *p;
	bool high;

	if (s->state != SINK_ENVELOPE || s->bdat) {
		plain(s, 503, "5.5.1 RCPT comes after MAIL, before data");
		return;
	}
	p = strncasecmp(arg, "TO:", 3) == 0 ?
	    sink_syntax_path(arg + 3, false, to, &high) : NULL;
	if (p == NULL) {
		plain(s, 501, "5.1.3 expected RCPT TO:<address>");
		return;
	}
	if (read_params(s, p, true) != 0)
		return;
	if (high && !s->smtputf8) {
		plain(s, 553, "5.6.7 this address needs SMTPUTF8");
		return;
	}
	if (s->rcpt_count == SINK_RCPTS_MAX) {
		plain(s, 452, "4.5.3 too many recipients");
		return;
	}
	if (scripted(s, SINK_RCPT, to, 250, "2.1.5 Ok") >= 300)
		return;
	s->rcpts[s->rcpt_count] = strdup(to);
	if (s->rcpts[s->rcpt_count++] == NULL)
		abort();
}

static void do_data(struct sink_session *s, const char *arg)
{
	(void)arg;
	if (s->state != SINK_ENVELOPE || s->bdat)
		plain(s, 503, "5.5.1 DATA comes after MAIL and RCPT");
	else if (s->rcpt_count == 0)
		plain(s, 554, "5.5.1 no valid recipients");
	else if (scripted(s, SINK_DATA, "", 354, "go ahead, end with .")
	    == 354) {
		sink_text_begin(&s->text, message_max(s), s->store->keep);
		s->mode = SINK_TEXT;
	}
}

/* RFC 3030 §2: the octets follow whether or not the sink wants them. */
static void do_bdat(struct sink_session *s, const char *arg)
{
	char size[16];
	size_t digits = strspn(arg, "0123456789");
	const char *rest = arg + digits;

	if (sink_script_offer(s->script, "CHUNKING", 8) == NULL) {
		plain(s, 502, "5.5.1 CHUNKING was not offered");
		return;
	}
	if (digits == 0 || digits > 9 ||
	    (*rest != '\0' && strcasecmp(rest, " LAST") != 0)) {
		plain(s, 501, "5.5.4 expected BDAT size [LAST]");
		return;
	}
	memcpy(size, arg, digits);
	size[digits] = '\0';
	s->chunk_left = strtoul(size, NULL, 10);
	s->chunk_last = *rest != '\0';
	s->chunk_refused = s->rcpt_count == 0;
	s->mode = SINK_CHUNK;
	if (!s->chunk_refused && !s->bdat) {
		sink_text_begin(&s->text, message_max(s), s->store->keep);
		s->bdat = true;
	}
}

static void do_rset(struct sink_session *s, const char *arg)
{
	(void)arg;
	if (scripted(s, SINK_RSET, "", 250, "2.0.0 Ok") < 300)
		transaction_end(s);
}

static void do_noop(struct sink_session *s, const char *arg)
{
	(void)arg;
	plain(s, 250, "2.0.0 Ok");
}

static void do_vrfy(struct sink_session *s, const char *arg)
{
	if (*arg == '\0')
		plain(s, 501, "5.5.4 VRFY whom?");
	else
		plain(s, 252, "2.5.0 cannot verify, send to find out");
}

static void do_quit(struct sink_session *s, const char *arg)
{
	(void)arg;
	scripted(s, SINK_QUIT, "", 221, "2.0.0 Bye");
}

static const struct {
	const char *verb;
	bool alone;		/* takes no argument */
	void (*run)(struct sink_session *, const char *arg);
} commands[] = {
	{ "EHLO", false, do_ehlo }, { "HELO", false, do_helo },
	{ "MAIL", false, do_mail }, { "RCPT", false, do_rcpt },
	{ "DATA", true, do_data }, { "BDAT", false, do_bdat },
	{ "RSET", true, do_rset }, { "NOOP", false, do_noop },
	{ "VRFY", false, do_vrfy }, { "QUIT", true, do_quit }
};

static void run_command(struct sink_session *s, const char *line)
{
	size_t n = strcspn(line, " "), i;

	for (i = 0; i < sizeof commands / sizeof *commands; i++) {
		const char *verb = commands[i].verb;

		if (strlen(verb) != n || strncasecmp(line, verb, n) != 0)
			continue;
		if (s->state == SINK_REFUSED && commands[i].run != do_quit)
			plain(s, 503, "5.5.1 only QUIT is left to say");
		else if (commands[i].alone && line[n] != '\0')
			plain(s, 501, "5.5.4 it takes no argument");
		else
			commands[i].run(s, line + n + (line[n] == ' '));
		return;
	}
	plain(s, 500, "5.5.2 command not recognised");
}

/* What is wrong with a command line as a line; NULL: nothing. */
static const char *line_fault(const struct sink_session *s, const char *p,
    size_t len)
{
	size_t i;

	if (s->overlong || len > SINK_COMMAND_MAX)
		return "5.5.2 the line is too long";
	if (len < 2 || p[len - 2] != '\r')
		return "5.5.2 a line ends with CR LF";
	for (i = 0; i < len - 2; i++)
		if (iscntrl((unsigned char)p[i]))
			return "5.5.2 a control character in a command";
	return NULL;
}

static enum sink_turn run_line(struct sink_session *s)
{
	char *p = s->in + s->in_start;
	size_t n = s->in_end - s->in_start;
	const char *lf = memchr(p, '\n', n), *fault;

	if (lf == NULL) {
		/* The rest of a line that is too long is read for nothing. */
		if (n > SINK_COMMAND_MAX) {
			s->overlong = true;
			s->in_start = s->in_end;
		}
		return SINK_WANTS_INPUT;
	}
	n = (size_t)(lf - p) + 1;
	s->in_start += n;
	sink_store_dialog(s->store, s->conn, 'C', 0, p, n);
	fault = line_fault(s, p, n);
	s->overlong = false;
	if (fault != NULL) {
		plain(s, 500, fault);
	} else {
		p[n - 2] = '\0';
		run_command(s, p);
	}
	return SINK_HAS_REPLY;
}

enum sink_turn sink_smtp_run(struct sink_session *s)
{
	enum sink_turn turn;

	do {
		if (s->reply.ready)
			return SINK_HAS_REPLY;
		if (s->mode == SINK_TEXT)
			turn = run_text(s);
		else if (s->mode == SINK_CHUNK)
			turn = run_chunk(s);
		else
			turn = run_line(s);
		/* BDAT has no reply of its own; its chunk has. */
	} while (turn == SINK_HAS_REPLY);
	return turn;
}

void sink_smtp_taken(struct sink_session *s)
{
	s->reply.ready = false;
}

char *sink_smtp_room(struct sink_session *s, size_t *len)
{
	size_t held = s->in_end - s->in_start;

	if (s->in_start > 0 && (held == 0 || s->in_end == sizeof s->in)) {
		memmove(s->in, s->in + s->in_start, held);
		s->in_start = 0;
		s->in_end = held;
	}
	*len = sizeof s->in - s->in_end;
	return s->in + s->in_end;
}

void sink_smtp_fed(struct sink_session *s, size_t len)
{
	s->in_end += len;
}

void sink_smtp_open(struct sink_session *s, struct sink_script *script,
    struct sink_store *store, unsigned long conn, bool full)
{
	s->script = script;
	s->store = store;
	s->conn = conn;
	if (full && script->room.code != 0) {
		plain(s, script->room.code, script->room.text);
		s->state = SINK_REFUSED;
	} else if (full)
		plain(s, 421, "4.3.2 too many connections");
	else if (scripted(s, SINK_CONNECT, "", 220, HOST " ESMTP") >= 300)
		s->state = SINK_REFUSED;
}

void sink_smtp_release(struct sink_session *s)
{
	transaction_end(s);
	sink_text_release(&s->text);
}
