#!/usr/bin/env bats
# The digest's HTML: what mail programs do with it, and how large it gets.

load site

at=2026-01-14

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
}
preview() { "$SHOWMILL" -q digest preview --at $at --out look "$@" > /dev/null; }
notes=feeds/mini/episodes/002-the-2.md

# What holds of every digest, whatever the notes are.
sound() { /usr/bin/python3 - "$@" <<'PY'
import re, sys, html.parser
page = open(sys.argv[1], encoding='utf-8').read()
assert len(page.encode()) <= 102000, len(page.encode())
void = {'br', 'hr', 'img', 'col', 'wbr', 'meta', 'link', 'input'}
class Reader(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.levels, self.tables = [], [], 0
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        assert len(a) == len(attrs), (tag, attrs)
        assert tag not in {'script', 'form', 'iframe', 'object', 'embed', 'input', 'base', 'link', 'svg', 'video', 'audio'}, tag
        notes = any(t == 'div' and c == 'notes' for t, c in self.open)
        for name, value in attrs:
            assert not name.startswith('on'), name
            if name in ('href', 'src'):
                assert re.match(r'(https?://|mailto:|tel:|ftp://)', value), value
        if notes:
            assert 'class' not in a and 'id' not in a, attrs
            if tag in 'h3 h4 h5 h6 p ul ol li blockquote pre code img a td th hr'.split():
                assert a.get('style'), tag
        if tag == 'img':
            assert 'alt' in a
            if notes:
                assert 'max-width: 100%' in a['style']
        if tag == 'table' and not notes:
            assert a.get('role') == 'presentation', attrs
            self.tables += 1
        if re.fullmatch('h[1-6]', tag):
            self.levels.append(int(tag[1]))
        if tag == 'html':
            assert a['lang'] and a['dir'] in ('ltr', 'rtl')
        if tag == 'style':
            assert 'media' not in a
        if tag not in void:
            self.open.append((tag, a.get('class')))
    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in void:
            self.open.pop()
    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, (tag, self.open[-3:])
        self.open.pop()
    def handle_data(self, data):
        if self.open and self.open[-1][0] == 'style':
            assert '@import' not in data and 'url(' not in data
            assert data.strip().startswith('@media'), data
r = Reader()
r.feed(page)
r.close()
assert not r.open, r.open
assert r.levels[0] == 1 and r.levels.count(1) == 1, r.levels
assert all(b <= a + 1 for a, b in zip(r.levels, r.levels[1:])), r.levels
assert r.tables >= 2
assert '{{' not in page
PY
}

@test "notes of every kind: styles in the elements, and nothing that a mail cannot have" {
	cat >> $notes <<-'MD'

	#### First

	## Second

	> quote

	1. one
	2. two

	    code block

	<h2>three</h2><h5>skipped</h5>

	<table class="page" id="card"><tr><th>A</th><td align="right">B</td></tr></table>

	<img src="/pic.png" onload="x()"> <img src="data:image/png;base64,AA" alt="words"> [rel](notes.html) [bad](javascript:x)

	---

	<script>alert(1)</script><form><input></form><iframe src="https://x.example/"></iframe><style>@import url(x);</style>
	MD
	preview
	sound look/digest.html
	grep -q '<th style="[^"]*border: 1px' look/digest.html
	grep -q 'src="https://mini.example.org/pic.png"' look/digest.html
	grep -q '>words\|/> words' look/digest.html
	[ "$(grep -c 'alert\|onload\|javascript' look/digest.html)" = 0 ]
	# The rules for Outlook, phones and dark screens are the only ones left.
	[ "$(grep -c '<style>' look/digest.html)" = 3 ]
	preview --episode 1 --episode 2
	sound look/digest.html
	cp look/digest.html first.html
	preview --episode 1 --episode 2
	cmp look/digest.html first.html
}

@test "the message carries the page byte for byte" {
	friends 1
	"$SHOWMILL" -q digest send --yes --at $at
	preview --episode 2 --again --to 'Friend 1 <friend1@example.net>'
	/usr/bin/python3 - mail/new/* look/digest.html <<-'PY'
	import email, email.policy, re, sys
	m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
	strip = lambda s: re.sub(r'1\.(l1|preview)\.[\w.-]+', 'TOKEN', s.replace('\r\n', '\n')).strip()
	sent, seen = strip(m.get_body(('html',)).get_content()), strip(open(sys.argv[2]).read())
	assert sent == seen
	assert '<!--[if mso]><table role="presentation" width="600"' in sent and '<![endif]-->' in sent
	assert '&#8199;&#847; &#8199;' in sent
	PY
}

@test "notes of 2 MB: both parts are cut, and lead on" {
	{
		for i in $(seq 400); do printf '## Part %s\n\n' $i; printf 'Words and [links](https://l.example/%s) and more. ' {1..100}; echo; echo; done
	} >> $notes
	[ "$(stat -c %s $notes)" -gt 2000000 ]
	preview --episode 2 --episode 1
	sound look/digest.html
	[ "$(stat -c %s look/digest.html)" -gt 90000 ]
	[ "$(stat -c %s look/digest.txt)" -le 102000 ]
	[ "$(stat -c %s look/digest.txt)" -gt 90000 ]
	[ "$(grep -c '>Read on</a>' look/digest.html)" = 1 ]
	grep -q 'href="https://mini.example.org/002/the-2" [^>]*>Read on' look/digest.html
	[ "$(grep -c '^Read on: ' look/digest.txt)" = 1 ]
	# The short episode, and what comes behind all of them, are there.
	grep -q 'Episode number 1' look/digest.html
	grep -q '>Unsubscribe</a>' look/digest.html
	[ "$(grep -c 'This episode on the web' look/digest.html)" = 1 ]
	# Each footnote that the text has is listed, and no other.
	/usr/bin/python3 - <<-'PY'
	import re
	text = open('look/digest.txt').read()
	part = text[text.index('Episode number 2\n'):text.index('Read on: ')]
	used = set(re.findall(r'\[(\d+)\](?! http)', part))
	listed = set(re.findall(r'^\[(\d+)\] http', part, re.M))
	assert used == listed and len(used) > 10, used ^ listed
	PY
}

@test "a template that is too long by itself: 78, with its name" {
	head -c 102500 /dev/zero | tr '\0' x >> templates/digest.html
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" = 78 ]
	[[ "$output" == *'templates/digest.html: error: this part of the digest has '*'[digest-size]'* ]]
}

@test "a rule that cannot be written into elements: 78, with file and line" {
	line=$(grep -n '^\.cover' templates/digest.html | cut -d: -f1)
	sed -i "${line}s/^/p || q { color: {{show.accent}} }\n/" templates/digest.html
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" = 78 ]
	[[ "$output" == "templates/digest.html:$line: error: \`p || q\` in a style"* ]]
}

@test "the compact templates: short, and the subject is that of the others" {
	preview
	subject=$(grep -i ^subject: look/digest.eml)
	echo 'digest_template = compact' >> feeds/mini/show.ini
	for i in $(seq 3000); do echo "Words $i."; echo; done >> $notes
	preview --episode 2 --episode 1
	sound look/digest.html
	[ "$(stat -c %s look/digest.html)" -lt 12000 ]
	[ "$(stat -c %s look/digest.txt)" -lt 2000 ]
	[ "$(cat look/digest.html look/digest.txt | grep -c 'Words 1\.')" = 0 ]
	grep -q 'https://mini.example.org/media/two.mp3' look/digest.html
	grep -q 'https://mini.example.org/media/two.mp3' look/digest.txt
	preview
	[ "$(grep -i ^subject: look/digest.eml)" = "$subject" ]
	sed -i 's/^digest_template.*/digest_template = compakt/' feeds/mini/show.ini
	line=$(grep -n ^digest_template feeds/mini/show.ini | cut -d: -f1)
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" = 78 ]
	[[ "$output" == "feeds/mini/show.ini:$line: error: digest_template: there is no folder "* ]]
}

@test "colour, font and logo are the show's" {
	cat >> feeds/mini/show.ini <<-'INI'
	accent = #123abc
	font = Georgia, 'Source Sans 3', serif
	logo = https://mini.example.org/logo.png
	INI
	preview
	sound look/digest.html
	grep -q "font-family: Georgia, 'Source Sans 3', serif\"" look/digest.html
	grep -q 'src="https://mini.example.org/logo.png"' look/digest.html
	[ "$(grep -c 'mini.example.org/cover.png' look/digest.html)" = 0 ]
	grep -q 'border-left: 4px solid #123abc\|background: #123abc' look/digest.html
	sed -i '/^logo/d' feeds/mini/show.ini
	preview
	grep -q 'src="https://mini.example.org/cover.png"' look/digest.html
}

@test "a language from right to left mirrors the page" {
	echo '> quote' >> $notes
	preview
	grep -q '<html lang="en" dir="ltr">' look/digest.html
	grep -q 'border-left: 3px' look/digest.html
	for template in '' compact; do
		[ -z "$template" ] || echo 'digest_template = compact' >> feeds/mini/show.ini
		for language in ar he fa ur yi; do
			sed -i '/^language/d' feeds/mini/show.ini
			echo "language = $language" >> feeds/mini/show.ini
			cp templates/words/en.ini "templates/words/$language.ini"
			preview
			sound look/digest.html
			grep -q "<html lang=\"$language\" dir=\"rtl\">" look/digest.html
			grep -q "<table class=\"frame\"[^>]* dir=\"rtl\".*text-align: right" look/digest.html
			[ "$(grep -c 'style="[^"]*\(border\|padding\|margin\)-left: [1-9]' look/digest.html)" = 0 ]
		done
	done
}

# Every one of them; under a sanitizer some.
@test "notes that people wrote" {
	dir=$SHARED/corpora/python-bytes
	[ -d "$dir" ] || skip "../shared/corpora is not there"
	case $BUILD in *asan*) each=20 ;; *) each=1 ;; esac
	folders=()
	while read -r file; do
		look=looks/$(basename "$file" .md)
		mkdir -p "$look"
		awk 'NR == 1 && /^---/ { f = 1; next } f && /^---/ { f = 0; next } !f' "$file" > "$look/notes.md"
		{ printf -- '---\ntitle: "T"\nnumber: 2\ndate: 2026-01-12T10:00:00Z\naudio: two.mp3\n---\n\n'
		cat "$look/notes.md"; } > $notes
		"$SHOWMILL" -q digest preview --at $at --episode 2 --out "$look" > /dev/null 2> said || { echo "$file"; cat said; false; }
		[ "$(stat -c %s "$look/digest.html")" -le 102000 ]
		[ "$(stat -c %s "$look/digest.txt")" -le 102000 ]
		folders+=("$look")
	done < <(find "$dir" -name '*.md' | LC_ALL=C sort | awk -v n=$each 'NR % n == 0')
	[ "${#folders[@]}" -gt 10 ]
	sound "${folders[0]}/digest.html"
	/usr/bin/python3 "$REPO/tests/e2e/digest_notes.py" "${folders[@]}"
}
