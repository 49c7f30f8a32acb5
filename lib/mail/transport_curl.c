/*
 * The way in at a relay by libcurl: greeting, EHLO, TLS, AUTH. What comes after
 * it is transport_submit.c's, which reads and writes through libcurl's TLS
 * (CURLOPT_CONNECT_ONLY).
 *
 * libcurl 7.88 could send the messages as well, but not as a run of many is to
 * be sent. It closes the connection at each refused RCPT; it waits for the
 * answer to a message inside curl_multi_perform; it has no PIPELINING and no
 * DSN; it sends the final dot of a message that is broken off by
 * curl_multi_remove_handle; and it goes on without AUTH when none is offered.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/clock.h"
#include "base/mem.h"
#include "mail/transport_int.h"

/* How often the source is asked whether the run is to end. */
#define ASK_MS 200
/* Of one answer, however many lines it has. */
#define ANSWER_MAX ((size_t)64 << 10)

/* What the relay has to answer. */
enum step { STEP_GREETING, STEP_EHLO, STEP_STARTTLS, STEP_AUTH };

struct transport_wire {
	struct transport_session *s;
	const struct transport_access *access;
	CURLM *multi;
	CURL *curl;
	struct curl_slist *resolve;
	int fd;
	bool taken;		/* libcurl has the socket */
	bool added;

	int64_t active;		/* the last command, or whole answer */
	enum step step;
	struct transport_reply reply;
	size_t octets;		/* of the answer that is being read */
	bool late;
	bool strange;		/* an answer that is not SMTP */
	bool authenticated;
	struct transport_offers offers;
	char reason[CURL_ERROR_SIZE];	/* libcurl's first one */
	char alert[CURL_ERROR_SIZE];	/* of TLS, from the relay */
};

/* ---- what the relay says ---- */

static const char *allowed_ways(const struct transport_access *a)
{
	return a->auth == NULL || strcasecmp(a->auth, "any") == 0 ?
	    "plain login cram-md5" : a->auth;
}

static bool is_reply_line(const char *line, size_t len)
{
	size_t digits = strspn(line, "0123456789");

	return digits == 3 && (len == 3 || line[3] == ' ' || line[3] == '-');
}

/* One line, without its end. False: nothing more is to be read. */
static bool take_line(struct transport_wire *w, const char *line, size_t octets)
{
	bool first = w->reply.whole || !w->reply.further, whole;
	size_t len = strlen(line), i;

	w->octets = octets + (first ? 0 : w->octets);
	for (i = 0; i < len; i++)
		transport_reply_read(&w->reply, line[i]);
	whole = transport_reply_read(&w->reply, '\n');
	w->strange |= !is_reply_line(line, len) || w->octets > ANSWER_MAX;
	if (w->strange)
		return false;
	/* Only the offers under TLS count in the end, and no others' are
	 * left. */
	if (first && w->step == STEP_EHLO)
		memset(&w->offers, 0, sizeof w->offers);
	if (!first && w->step == STEP_EHLO && w->reply.code == 250)
		transport_offers_take(&w->offers, line + (len > 3 ? 4 : 3),
		    allowed_ways(w->access));
	if (whole) {
		w->active = clock_ms();
		w->authenticated |= w->step == STEP_AUTH &&
		    w->reply.code == 235;
	}
	return true;
}

static size_t on_line(char *data, size_t size, size_t n, void *arg)
{
	struct transport_wire *w = arg;
	char line[TRANSPORT_TEXT_MAX];
	size_t len = size * n, kept, i;

	while (len > 0 && (data[len - 1] == '\n' || data[len - 1] == '\r'))
		len--;
	kept = len < sizeof line ? len : sizeof line - 1;
	for (i = 0; i < kept; i++)
		line[i] = data[i] != '\0' ? data[i] : '?';
	line[kept] = '\0';
	return take_line(w, line, len) ? size * n : 0;
}

static bool has(const char *text, size_t size, const char *word)
{
	return memmem(text, size, word, strlen(word)) != NULL;
}

/* libcurl keeps the first reason alone, and where a relay refuses us behind the
 * handshake and hangs up, that is that it is gone. What OpenSSL or GnuTLS says
 * of an alert comes as text; names in the relay's certificate do so, too. */
static void take_alert(struct transport_wire *w, const char *data, size_t size)
{
	size_t n = size < sizeof w->alert ? size : sizeof w->alert - 1;

	if (!(has(data, size, "SSL routines") && has(data, size, " alert ")) &&
	    !has(data, size, "TLS fatal alert"))
		return;
	while (n > 0 && data[n - 1] == '\n')
		n--;
	memcpy(w->alert, data, n);
	w->alert[n] = '\0';
}

/* Which command went out. What follows AUTH is secret, and may look like
 * anything. */
static int on_command(CURL *curl, curl_infotype type, char *data, size_t size,
    void *arg)
{
	static const struct {
		const char *verb;
		enum step step;
	} verbs[] = {
		{ "EHLO", STEP_EHLO }, { "HELO", STEP_EHLO },
		{ "STARTTLS", STEP_STARTTLS }, { "AUTH", STEP_AUTH },
	};
	struct transport_wire *w = arg;
	size_t i, len;

	(void)curl;
	if (type == CURLINFO_TEXT)
		take_alert(w, data, size);
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	w->active = clock_ms();
	if (w->step == STEP_AUTH && w->reply.code == 334)
		return 0;
	for (i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		len = strlen(verbs[i].verb);
		if (size > len && strncmp(data, verbs[i].verb, len) == 0)
			w->step = verbs[i].step;
	}
	return 0;
}

/* ---- the socket ---- */

static curl_socket_t give_socket(void *arg, curlsocktype purpose,
    struct curl_sockaddr *address)
{
	struct transport_wire *w = arg;

	(void)purpose;
	(void)address;
	/* One connection only: whether a lost one is opened anew is for the
	 * session to say. */
	if (w->taken)
		return CURL_SOCKET_BAD;
	w->taken = true;
	return w->fd;
}

static int is_connected(void *arg, curl_socket_t fd, curlsocktype purpose)
{
	(void)arg;
	(void)fd;
	(void)purpose;
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}

static int close_socket(void *arg, curl_socket_t fd)
{
	struct transport_wire *w = arg;

	w->fd = -1;
	return close(fd);
}

static bool is_loopback(int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof a;
	const struct sockaddr_in *v4 = (const void *)&a;
	const struct sockaddr_in6 *v6 = (const void *)&a;

	if (getpeername(fd, (struct sockaddr *)&a, &len) == -1)
		return false;
	if (a.ss_family == AF_INET)
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	return a.ss_family == AF_INET6 &&
	    IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

/* ---- setting up ---- */

static void set_url(struct transport_wire *w)
{
	const struct transport_relay *r = w->s->relay;
	bool v6 = strchr(r->host, ':') != NULL;
	char *helo = curl_easy_escape(w->curl, r->helo, 0), *text;
	struct arena a = ARENA_INIT;

	/* The path is what EHLO says. */
	text = arena_printf(&a, "%s://%s%s%s:%s/%s",
	    w->access->tls == TRANSPORT_TLS_IMPLICIT ? "smtps" : "smtp",
	    v6 ? "[" : "", r->host, v6 ? "]" : "", r->port,
	    helo != NULL ? helo : "localhost");
	curl_easy_setopt(w->curl, CURLOPT_URL, text);
	/* The host has been looked up, and connected to. */
	if (!v6) {
		text = arena_printf(&a, "%s:%s:127.0.0.1", r->host, r->port);
		w->resolve = curl_slist_append(NULL, text);
		curl_easy_setopt(w->curl, CURLOPT_RESOLVE, w->resolve);
	}
	curl_free(helo);
	arena_release(&a);
}

static void set_tls(CURL *c, const struct transport_access *a)
{
	if (a->tls == TRANSPORT_TLS_STARTTLS)
		curl_easy_setopt(c, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, a->tls_13 ?
	    (long)CURL_SSLVERSION_TLSv1_3 : (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (a->ca_file != NULL) {
		curl_easy_setopt(c, CURLOPT_CAINFO, a->ca_file);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	if (a->cert_file == NULL)
		return;
	curl_easy_setopt(c, CURLOPT_SSLCERT, a->cert_file);
	curl_easy_setopt(c, CURLOPT_SSLKEY,
	    a->key_file != NULL ? a->key_file : a->cert_file);
	/* OpenSSL would ask on the terminal. */
	curl_easy_setopt(c, CURLOPT_KEYPASSWD, "");
}

/* "AUTH=PLAIN;AUTH=LOGIN" of "plain login". */
static void login_options(const char *ways, char *out, size_t size)
{
	size_t n = 0, len;
	char *p;

	out[0] = '\0';
	for (; *ways != '\0' && n < size;
	    ways += len + strspn(ways + len, " ")) {
		len = strcspn(ways, " ");
		n += (size_t)snprintf(out + n, size - n, "%sAUTH=%.*s",
		    n > 0 ? ";" : "", (int)len, ways);
	}
	for (p = out; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
}

static void set_login(CURL *c, const struct transport_access *a)
{
	const char *ways = allowed_ways(a);
	char options[128];

	if (a->user == NULL)
		return;
	login_options(ways, options, sizeof options);
	curl_easy_setopt(c, CURLOPT_LOGIN_OPTIONS, options);
	curl_easy_setopt(c, CURLOPT_USERNAME, a->user);
	if (strcasecmp(ways, "xoauth2") == 0)
		curl_easy_setopt(c, CURLOPT_XOAUTH2_BEARER, a->password);
	else
		curl_easy_setopt(c, CURLOPT_PASSWORD, a->password);
}

static bool set_up(struct transport_wire *w)
{
	long seconds = w->s->relay->timeout / 1000 + 1;
	CURL *c;

	w->multi = curl_multi_init();
	w->curl = c = curl_easy_init();
	if (w->multi == NULL || c == NULL) {
		transport_session_fail(w->s, ERR_INTERNAL,
		    "libcurl does not start");
		return false;
	}
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	set_url(w);
	/* The environment's proxy is for the web. */
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	/* What is waited for is measured in arrive(). */
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, seconds * 8);
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, w->reason);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, give_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, w);
	curl_easy_setopt(c, CURLOPT_SOCKOPTFUNCTION, is_connected);
	curl_easy_setopt(c, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(c, CURLOPT_CLOSESOCKETDATA, w);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_line);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, w);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, on_command);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, w);
	set_tls(c, w->access);
	set_login(c, w->access);
	return true;
}

/* ---- what went wrong ---- */

static const char *awaited(const struct transport_wire *w)
{
	static const char *const answers[] = {
		[STEP_GREETING] = "greeting", [STEP_EHLO] = "answer to EHLO",
		[STEP_STARTTLS] = "answer to STARTTLS",
		[STEP_AUTH] = "answer to AUTH"
	};

	if (w->step == STEP_GREETING &&
	    w->access->tls == TRANSPORT_TLS_IMPLICIT && w->octets == 0)
		return "greeting under TLS";
	if (w->step == STEP_STARTTLS && w->reply.whole)
		return "end of the TLS handshake";
	return answers[w->step];
}

/* The last whole answer is a no. */
static bool is_refusal(const struct transport_wire *w)
{
	return w->reply.whole && w->reply.code / 100 >= 4 &&
	    w->reply.code / 100 <= 5;
}

static void tell_refusal(struct transport_wire *w, const char *what)
{
	transport_session_refused(w->s, &w->reply, what);
}

static void tell_no_starttls(struct transport_wire *w)
{
	if (is_refusal(w))
		tell_refusal(w, w->step == STEP_STARTTLS ? "the relay refuses "
		    "to encrypt (STARTTLS), and without it nothing is sent" :
		    "the relay refuses the session");
	else
		transport_session_fail(w->s, ERR_REFUSED, "the relay offers no "
		    "encryption (STARTTLS), and without it nothing is sent; "
		    "where it has TLS from the start, usually on port 465, "
		    "write smtps://");
}

static void tell_no_auth(struct transport_wire *w)
{
	const char *tls = w->access->tls == TRANSPORT_TLS_NONE ?
	    "; it may do so under TLS alone" : "";

	if (w->offers.ways[0] == '\0')
		transport_session_fail(w->s, ERR_REFUSED, "the relay offers no "
		    "AUTH, and `user` is set, so nothing was sent%s", tls);
	else
		transport_session_fail(w->s, ERR_REFUSED, "the relay offers "
		    "AUTH %s, and `auth` allows %s, so nothing was sent",
		    w->offers.ways, allowed_ways(w->access));
}

/* libcurl says so too of an answer that is neither yes nor no. */
static void tell_denied(struct transport_wire *w)
{
	if (w->step != STEP_AUTH)
		tell_no_auth(w);
	else if (is_refusal(w))
		tell_refusal(w, "the relay does not take user and password, "
		    "so nothing was sent");
	else
		transport_session_fail(w->s, ERR_PROTOCOL, "the relay's answer "
		    "to AUTH is neither yes (235) nor no, so nothing was sent; "
		    "it says \"%s\"", w->reply.line);
}

/* A relay that hangs up in the handshake has not shown that it has no TLS. One
 * that wants a certificate of ours says so behind it (TLS 1.3). */
static bool is_lost(const struct transport_wire *w, CURLcode code)
{
	if (*w->alert != '\0')
		return false;
	return code != CURLE_SSL_CONNECT_ERROR ||
	    strstr(w->reason, "SSL_ERROR_SYSCALL") != NULL ||
	    strstr(w->reason, "reset") != NULL ||
	    strstr(w->reason, "unexpected eof") != NULL;
}

static void tell_lost(struct transport_wire *w, CURLcode code)
{
	struct transport_session *s = w->s;

	if (!is_lost(w, code))
		transport_session_fail(s, ERR_PROTOCOL, "no TLS comes about "
		    "(%s); smtps:// is for TLS from the start, usually on "
		    "port 465, and smtp+starttls:// for port 587 or 25; a "
		    "relay may also want `tls_cert_file`",
		    *w->alert != '\0' ? w->alert : w->reason);
	else if (is_refusal(w))
		tell_refusal(w, w->step == STEP_AUTH ? "the relay does not "
		    "take user and password" : "the relay refuses the session");
	else
		snprintf(s->why, sizeof s->why, "the connection was lost "
		    "before the %s%s%s%s", awaited(w), *w->reason != '\0' ?
		    " (" : "", w->reason, *w->reason != '\0' ? ")" : "");
}

static void tell_strange(struct transport_wire *w)
{
	char said[200];

	transport_text(said, sizeof said, w->reply.line);
	transport_session_fail(w->s, ERR_PROTOCOL, "the relay does not speak "
	    "SMTP; it says \"%s\"", said);
}

static void explain(struct transport_wire *w, CURLcode code)
{
	struct transport_session *s = w->s;

	if (s->failed || s->ended)
		return;
	if (w->late || code == CURLE_OPERATION_TIMEDOUT) {
		transport_session_fail(s, ERR_NETWORK, "the relay gave no %s "
		    "within %ld seconds", awaited(w), s->relay->timeout / 1000);
		return;
	}
	switch (w->strange ? CURLE_WRITE_ERROR : code) {
	case CURLE_WRITE_ERROR:
		tell_strange(w);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_ISSUER_ERROR:
		transport_session_fail(s, ERR_NETWORK, "the relay's "
		    "certificate is not trusted, so nothing was sent (%s); "
		    "`relay` wants the name that is in it, and `tls_ca_file` "
		    "the authority when it is one of your own", w->reason);
		break;
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CACERT_BADFILE:
		transport_session_fail(s, ERR_CONFIG, "TLS cannot use "
		    "`tls_ca_file`, `tls_cert_file` or `tls_key_file` (%s)",
		    w->reason);
		break;
	case CURLE_USE_SSL_FAILED:
		tell_no_starttls(w);
		break;
	case CURLE_LOGIN_DENIED:
		tell_denied(w);
		break;
	case CURLE_WEIRD_SERVER_REPLY:
		if (is_refusal(w))
			tell_refusal(w, "the relay refuses the session");
		else if (w->step == STEP_STARTTLS)
			transport_session_fail(s, ERR_PROTOCOL, "something "
			    "speaks before the encryption has begun, as one "
			    "does who slips in answers on the way; nothing was "
			    "sent");
		else
			tell_strange(w);
		break;
	default:
		tell_lost(w, code);
	}
}

/* ---- the way in ---- */

/* A code of libcurl; one of them where it is this side that gives up. */
static CURLcode arrive(struct transport_wire *w)
{
	int running = 1, left;
	CURLMsg *m;

	if (curl_multi_add_handle(w->multi, w->curl) != CURLM_OK)
		return CURLE_FAILED_INIT;
	w->added = true;
	for (;;) {
		if (curl_multi_perform(w->multi, &running) != CURLM_OK)
			return CURLE_FAILED_INIT;
		m = curl_multi_info_read(w->multi, &left);
		if (m != NULL && m->msg == CURLMSG_DONE)
			return m->data.result;
		w->late = clock_ms() - w->active >=
		    w->s->relay->timeout;
		transport_session_idle(w->s);
		if (w->late || w->s->failed || transport_session_stopped(w->s))
			return CURLE_ABORTED_BY_CALLBACK;
		curl_multi_poll(w->multi, NULL, 0, ASK_MS, NULL);
	}
}

struct transport_wire *transport_wire_open(struct transport_session *s,
    int fd)
{
	struct transport_wire *w = xcalloc(1, sizeof *w);
	CURLcode code;

	w->s = s;
	w->access = s->relay->more;
	w->fd = fd;
	w->active = clock_ms();
	if (w->access->tls == TRANSPORT_TLS_NONE && w->access->user != NULL &&
	    !is_loopback(fd))
		transport_session_fail(s, ERR_CONFIG, "a password does not go "
		    "without TLS, but to this machine; write smtps:// or "
		    "smtp+starttls://");
	else if (set_up(w)) {
		code = arrive(w);
		if (code == CURLE_OK && w->access->user != NULL &&
		    !w->authenticated)
			tell_no_auth(w);
		else if (code == CURLE_OK)
			return w;
		else
			explain(w, code);
	}
	transport_wire_close(w);
	return NULL;
}

void transport_wire_close(struct transport_wire *w)
{
	if (w->added)
		curl_multi_remove_handle(w->multi, w->curl);
	if (w->curl != NULL)
		curl_easy_cleanup(w->curl);
	if (w->multi != NULL)
		curl_multi_cleanup(w->multi);
	if (w->fd != -1)
		close(w->fd);
	curl_slist_free_all(w->resolve);
	free(w);
}

const struct transport_offers *transport_wire_offers(
    const struct transport_wire *w)
{
	return &w->offers;
}

int transport_wire_fd(const struct transport_wire *w)
{
	return w->fd;
}

ssize_t transport_wire_read(struct transport_wire *w, char *out, size_t size)
{
	size_t n = 0;
	CURLcode code = curl_easy_recv(w->curl, out, size, &n);

	if (code == CURLE_AGAIN)
		return 0;
	return code == CURLE_OK && n > 0 ? (ssize_t)n : -1;
}

ssize_t transport_wire_write(struct transport_wire *w, const char *data,
    size_t len)
{
	size_t n = 0;
	CURLcode code = curl_easy_send(w->curl, data, len, &n);

	if (code == CURLE_AGAIN)
		return 0;
	return code == CURLE_OK ? (ssize_t)n : -1;
}
