/*
 * TOML by toml++ (text/front.h), which is C++: nothing of it, and no
 * exception, leaves this file.
 */
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <exception>
#include <locale>
#include <new>
#include <sstream>
#include <string>
#include <vector>

#include <toml++/toml.h>

extern "C" {
#include "text/front.h"
}

namespace {

struct reader {
	struct arena *a;
	unsigned first_line;
	size_t nodes;
	const char *text;
	size_t len;
	std::vector<size_t> chars;	/* where each begins */
	std::vector<size_t> lines;	/* which of them begins each */
};

/* Columns count characters. */
size_t
byte_at(const reader &r, const toml::source_position &at)
{
	size_t i;

	if (at.line == 0 || at.line > r.lines.size())
		return r.len;
	i = r.lines[at.line - 1] + at.column - (at.column > 0);
	return i < r.chars.size() ? r.chars[i] : r.len;
}

/* Made once: there may be many values on a long line. */
void
index(reader &r)
{
	size_t i;

	r.lines.push_back(0);
	for (i = 0; i < r.len; i++) {
		if ((static_cast<unsigned char>(r.text[i]) & 0xc0) != 0x80)
			r.chars.push_back(i);
		if (r.text[i] == '\n')
			r.lines.push_back(r.chars.size());
	}
}

/* A table that is made by its keys' dots alone stands nowhere. */
void
place(const reader &r, const toml::node &from, struct node *out)
{
	if (from.source().begin.line == 0)
		return;
	out->from = byte_at(r, from.source().begin);
	out->to = byte_at(r, from.source().end);
}

int
fail(struct err *err, unsigned line, const char *what)
{
	err_set(err, ERR_INPUT, "%s", what);
	err->line = line;
	return -1;
}

unsigned
line_of(const reader &r, const toml::source_region &where)
{
	return where.begin.line == 0 ? r.first_line :
	    r.first_line + static_cast<unsigned>(where.begin.line) - 1;
}

struct node *
words(struct arena *a, const std::string &s)
{
	return node_text(a, s.c_str());
}

/* Numbers and dates stay text, as those of YAML do. */
template <typename T>
struct node *
printed(struct arena *a, const T &value)
{
	std::ostringstream out;

	out.imbue(std::locale::classic());
	out.precision(15);
	out << value;
	return words(a, out.str());
}

int convert(reader &r, const toml::node &from, size_t depth,
    struct node **out, struct err *err);

struct entry {
	const toml::key *key;
	const toml::node *value;
};

bool
stands_before(const entry &x, const entry &y)
{
	const toml::source_position &a = x.key->source().begin;
	const toml::source_position &b = y.key->source().begin;

	return a.line != b.line ? a.line < b.line : a.column < b.column;
}

/* toml++ sorts a table by its keys; the source's order counts here. */
int
convert_table(reader &r, const toml::table &from, size_t depth,
    struct node *out, struct err *err)
{
	std::vector<entry> entries;
	struct node *child;

	for (auto it = from.begin(); it != from.end(); ++it)
		entries.push_back({ &it->first, &it->second });
	std::sort(entries.begin(), entries.end(), stands_before);
	for (const entry &e : entries) {
		const std::string key(e.key->str());

		if (key.find('\0') != std::string::npos)
			return fail(err, line_of(r, e.key->source()),
			    "there is a NUL character here");
		if (convert(r, *e.value, depth, &child, err) != 0)
			return -1;
		child->line = line_of(r, e.key->source());
		child->key_at = byte_at(r, e.key->source().begin);
		node_set(r.a, out, key.c_str(), child);
	}
	return 0;
}

int
convert_list(reader &r, const toml::array &from, size_t depth,
    struct node *out, struct err *err)
{
	struct node *child;

	for (auto &&value : from) {
		if (convert(r, value, depth, &child, err) != 0)
			return -1;
		child->line = line_of(r, value.source());
		node_push(out, child);
	}
	return 0;
}

int
convert_text(const reader &r, const toml::node &from, struct node **out,
    struct err *err)
{
	const std::string &s = from.as_string()->get();

	if (s.find('\0') != std::string::npos)
		return fail(err, line_of(r, from.source()),
		    "there is a NUL character here");
	*out = words(r.a, s);
	(*out)->quoted = true;
	return 0;
}

int
convert_plain(const reader &r, const toml::node &from, struct node **out,
    struct err *err)
{
	switch (from.type()) {
	case toml::node_type::string:
		return convert_text(r, from, out, err);
	case toml::node_type::boolean:
		*out = node_bool(r.a, from.as_boolean()->get());
		return 0;
	case toml::node_type::integer:
		*out = printed(r.a, from.as_integer()->get());
		return 0;
	case toml::node_type::floating_point:
		*out = printed(r.a, from.as_floating_point()->get());
		return 0;
	case toml::node_type::date:
		*out = printed(r.a, from.as_date()->get());
		return 0;
	case toml::node_type::time:
		*out = printed(r.a, from.as_time()->get());
		return 0;
	case toml::node_type::date_time:
		*out = printed(r.a, from.as_date_time()->get());
		return 0;
	default:
		*out = node_null(r.a);
		return 0;
	}
}

int
convert(reader &r, const toml::node &from, size_t depth, struct node **out,
    struct err *err)
{
	if (++r.nodes > FRONT_NODES_MAX)
		return fail(err, line_of(r, from.source()),
		    "the front matter has too many values");
	if (depth == FRONT_DEPTH_MAX)
		return fail(err, line_of(r, from.source()),
		    "the front matter is nested too deep");
	if (from.is_table()) {
		*out = node_map(r.a);
		place(r, from, *out);
		return convert_table(r, *from.as_table(), depth + 1, *out,
		    err);
	}
	if (from.is_array()) {
		*out = node_list(r.a);
		place(r, from, *out);
		return convert_list(r, *from.as_array(), depth + 1, *out, err);
	}
	if (convert_plain(r, from, out, err) != 0)
		return -1;
	place(r, from, *out);
	return 0;
}

/* The end of a string that begins at p; strings of three quotes go on over
 * lines. What is not closed is for the parser to tell. */
const char *
string_end(const char *p, const char *end)
{
	char quote = *p;
	bool three = end - p > 2 && p[1] == quote && p[2] == quote;

	for (p += three ? 3 : 1; p < end; p++) {
		if (*p == '\\' && quote == '"')
			p++;
		else if (*p == quote && (!three || (end - p > 2 &&
		    p[1] == quote && p[2] == quote)))
			return p + (three ? 3 : 1);
		else if (*p == '\n' && !three)
			break;
	}
	return p < end ? p : end;
}

/* toml++ has a limit of 256 to brackets in brackets, and none to dots: a key
 * of a hundred thousand parts makes as many tables, one in the other, and
 * freeing them would exhaust the stack. So dots between parts are counted
 * before anything is parsed. 0: no such key, else its line. */
unsigned
deep_key(const char *p, const char *end)
{
	unsigned line = 1, dots = 0;

	while (p < end) {
		if (*p == '"' || *p == '\'') {
			const char *behind = string_end(p, end);

			for (; p < behind; p++)
				line += *p == '\n';
			continue;
		}
		if (*p == '#') {
			while (p < end && *p != '\n')
				p++;
			continue;
		}
		if (*p == '.' && ++dots >= FRONT_DEPTH_MAX)
			return line;
		if (std::strchr(",=[]{}\n", *p) != nullptr)
			dots = 0;
		line += *p++ == '\n';
	}
	return 0;
}

int
parse(struct arena *a, std::string_view text, unsigned first_line,
    struct node **out, struct err *err)
{
	reader r = { a, first_line, 0, text.data(), text.size(), {}, {} };

	index(r);
	try {
		toml::table table = toml::parse(text);

		*out = node_map(a);
		return convert_table(r, table, 0, *out, err);
	} catch (const toml::parse_error &e) {
		err_set(err, ERR_INPUT, "the front matter is no TOML: %s",
		    std::string(e.description()).c_str());
		err->line = line_of(r, e.source());
		return -1;
	}
}

}

extern "C" int
front_toml(struct arena *a, const char *text, size_t len, unsigned first_line,
    struct node **out, struct err *err)
{
	unsigned deep = deep_key(text, text + len);

	if (deep != 0)
		return fail(err, first_line + deep - 1,
		    "the front matter is nested too deep");
	try {
		return parse(a, std::string_view(text, len), first_line, out,
		    err);
	} catch (const std::exception &e) {
		return err_set(err, ERR_INTERNAL, "toml++: %s", e.what());
	} catch (...) {
		return err_set(err, ERR_INTERNAL, "toml++ fails");
	}
}
