/*
 * Random messages, read back by the decoder of these tests and by Python's
 * email package (mime_check.py, which needs /usr/bin/python3).
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>

#include "mold_example.h"

struct random_case {
	struct mold_input in;
	struct mold_friend f;
	struct buf from, subject, html, text, list_name, name;
};

static void
random_init(struct random_case *c)
{
	c->in = model;
	c->f = jo;
	c->in.unsubscribe_url = "https://example.org/leave?t=";
	buf_init(&c->from, 0);
	buf_init(&c->subject, 0);
	buf_init(&c->html, 0);
	buf_init(&c->text, 0);
	buf_init(&c->list_name, 0);
	buf_init(&c->name, 0);
}

static void
random_release(struct random_case *c)
{
	buf_release(&c->from);
	buf_release(&c->subject);
	buf_release(&c->html);
	buf_release(&c->text);
	buf_release(&c->list_name);
	buf_release(&c->name);
}

static void
random_body(struct buf *b, uint64_t *seed)
{
	size_t i, n = decode_random(seed) % 8;

	for (i = 0; i < n; i++) {
		decode_add_random(b, seed, 300, true);
		buf_adds(b, mold_mark((enum mold_patch)(decode_random(seed) %
		    MOLD_PATCHES)));
	}
	decode_add_random(b, seed, 100, true);
}

/* No blank at either end, and no run of blanks: readers, Python among them,
 * are free to lose those in names. */
static void
random_name(struct buf *b, uint64_t *seed)
{
	size_t i, n = 0;

	decode_add_random(b, seed, decode_random(seed) % 8 == 0 ? 200 : 25,
	    false);
	for (i = 0; i < b->len; i++)
		if (b->data[i] != ' ' || (n > 0 && b->data[n - 1] != ' '))
			b->data[n++] = b->data[i];
	while (n > 0 && b->data[n - 1] == ' ')
		n--;
	buf_truncate(b, n);
}

static void
random_make(struct random_case *c, uint64_t *seed)
{
	size_t i;

	buf_clear(&c->subject);
	decode_add_random(&c->subject, seed, 150, false);
	buf_addc(&c->subject, '.');
	buf_clear(&c->html);
	random_body(&c->html, seed);
	buf_clear(&c->text);
	random_body(&c->text, seed);
	buf_clear(&c->list_name);
	random_name(&c->list_name, seed);
	buf_clear(&c->name);
	random_name(&c->name, seed);
	/* From is configured as people write it: in quotes, to be sure. */
	buf_clear(&c->from);
	buf_addc(&c->from, '"');
	for (i = 0; i < c->list_name.len; i++) {
		if (strchr("\"\\", c->list_name.data[i]) != NULL)
			buf_addc(&c->from, '\\');
		buf_addc(&c->from, c->list_name.data[i]);
	}
	buf_adds(&c->from, "\" <radio@example.org>");
	c->in.from = c->from.data;
	c->in.subject = c->subject.data;
	c->in.html = c->html.data;
	c->in.text = c->text.data;
	c->in.list_name = c->list_name.data;
	c->f.name = c->name.data;
}

/* What a field reads as: an unstructured one, or a mailbox's name. */
static void
reads_as(const struct buf *message, const char *name, bool mailbox,
    const char *want)
{
	struct buf unfolded, back;
	char *raw = header(message, name), *open;

	assert_non_null(raw);
	buf_init(&unfolded, 0);
	buf_init(&back, 0);
	decode_unfold(raw, strlen(name) + 2, 78, &unfolded);
	if (mailbox) {
		open = strrchr(unfolded.data, '<');
		if (open == NULL || open == unfolded.data)
			open = unfolded.data;
		else
			open--;
		*open = '\0';
		if (*unfolded.data != '\0')
			decode_phrase(unfolded.data, &back);
	} else {
		decode_text(unfolded.data, &back);
	}
	assert_string_equal(back.data, want);
	free(raw);
	buf_release(&unfolded);
	buf_release(&back);
}

static void
put(struct buf *to, const char *name, const char *value)
{
	buf_addf(to, "%s %zu\n%s\n", name, strlen(value), value);
}

static void
random_check(const struct random_case *c, struct buf *stream)
{
	struct buf message, text, html;
	struct err err = ERR_INIT;

	buf_init(&message, 0);
	buf_init(&text, 0);
	buf_init(&html, 0);
	fill(&c->in, &c->f, &message);
	assert_int_equal(fill_text(&c->in, &c->f,
	    c->in.text, 0, &text, &err), 0);
	assert_int_equal(fill_text(&c->in, &c->f,
	    c->in.html, 1, &html, &err), 0);
	parts_are(&message, text.data, html.data);
	reads_as(&message, "Subject", false, c->in.subject);
	reads_as(&message, "To", true, c->f.name);
	reads_as(&message, "From", true, c->in.list_name);
	reads_as(&message, "List-Id", true, c->in.list_name);
	put(stream, "message", message.data);
	put(stream, "subject", c->in.subject);
	put(stream, "from_name", c->in.list_name);
	put(stream, "from_addr", "radio@example.org");
	put(stream, "to_name", c->f.name);
	put(stream, "to_addr", "jo@example.org");
	put(stream, "text", text.data);
	put(stream, "html", html.data);
	put(stream, "message-id",
	    "<2025-W23.friends.ZygfbqryE9aXhZxZ@example.org>");
	put(stream, "list-unsubscribe", "<https://example.org/leave?t=" TOKEN
	    ">, <mailto:leave@example.org?subject=unsubscribe%20" TOKEN ">");
	put(stream, "list-unsubscribe-post", "List-Unsubscribe=One-Click");
	put(stream, "end", "");
	buf_release(&message);
	buf_release(&text);
	buf_release(&html);
}

static void
write_all(int fd, const struct buf *b)
{
	size_t done = 0;
	ssize_t n;

	while (done < b->len) {
		n = write(fd, b->data + done, b->len - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	close(fd);
}

/* The exit status of mime_check.py with the stream as its input. */
static int
run_python(const struct buf *stream)
{
	int fd[2], status;
	pid_t pid;

	assert_int_equal(pipe(fd), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(fd[0], STDIN_FILENO);
		close(fd[0]);
		close(fd[1]);
		execl("/usr/bin/python3", "python3", "-I", "-B",
		    "tests/unit/mime_check.py", (char *)NULL);
		_exit(127);
	}
	close(fd[0]);
	signal(SIGPIPE, SIG_IGN);
	write_all(fd[1], stream);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void
random_messages_read_back(void **state)
{
	uint64_t seed = decode_seed("messages");
	struct random_case c;
	struct buf stream;
	int i;

	(void)state;
	buf_init(&stream, 0);
	random_init(&c);
	for (i = 0; i < 300; i++) {
		random_make(&c, &seed);
		random_check(&c, &stream);
	}
	random_release(&c);
	if (access("/usr/bin/python3", X_OK) != 0) {
		buf_release(&stream);
		skip();
	}
	i = run_python(&stream);
	buf_release(&stream);
	assert_int_equal(i, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_messages_read_back)
	};

	return cmocka_run_group_tests(tests, make_key, NULL);
}
