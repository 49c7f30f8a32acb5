#!/usr/bin/env bats
# What is wrong with a digest is told before it is sent; and the page that shows
# it.

load site
load peers

at=2026-01-14

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
}
teardown() { peers_stop; }

script() { sed -i 's#</body>#<script>x()</script></body>#' templates/digest.html; }
notes() { printf '\n%s\n' "$1" >> feeds/mini/episodes/002-the-2.md; }
line_of() { grep -n -- "$1" "$2" | cut -d: -f1; }

# A program of that name that comes first in PATH: fake NAME, its text from
# standard input.
fake() {
	mkdir -p bin
	{ echo '#!/bin/sh'; cat; } > "bin/$1"
	chmod 755 "bin/$1"
	PATH=$PWD/bin:$PATH
}

@test "no preheader: the episode whose notes begin with a list is named, once" {
	printf -- '---\ntitle: Two\nnumber: 2\ndate: 2026-01-12T10:00:00Z\naudio: two.mp3\n---\n\n- a bullet\n- more\n' >feeds/mini/episodes/002-the-2.md
	friends 1
	"$SHOWMILL" -q friend add --language de friend2@example.net
	run "$SHOWMILL" digest preview --at $at --out look
	echo "$output"
	[[ "$output" == *"episodes/002-the-2.md: warning: there is no preheader"*"give the episode a \`summary\`"* ]]
	[ "$(grep -c preheader <<<"$output")" = 1 ]
	sed -i 's/^audio/summary: What it is about\naudio/' feeds/mini/episodes/002-the-2.md
	run "$SHOWMILL" digest preview --at $at --out look
	[[ "$output" != *preheader* ]]
}

@test "a byte that is not UTF-8 in a template: its file and line, and nothing is made" {
	line=$(line_of '</body>' templates/digest.html)
	sed -i "${line}s/^/\xff/" templates/digest.html
	run "$SHOWMILL" digest preview --at $at --out look
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" == *"templates/digest.html:$line: error: there is a byte that is not UTF-8 (0xFF) in this line"* ]]
}

@test "a chapter's link is in both parts" {
	sed -i 's#^audio: two.mp3#&\nchapters:\n  - 0:00 Begin\n  - {start: "0:01", title: Topic, url: "https://example.org/topic"}#' feeds/mini/episodes/002-the-2.md
	run "$SHOWMILL" digest preview --at $at --out look
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" != *warning* ]]
	grep -q 'href="https://example.org/topic"' look/digest.html
	grep -q '^        https://example.org/topic$' look/digest.txt
}

@test "a sound digest: nothing is told, and preview.html shows it" {
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" = 0 ]
	[[ "$output" != *warning* && "$output" == *look/preview.html* ]]
	grep -q 'Nothing is wrong with it' look/preview.html
	grep -q '<b class="fine">0 errors, 0 warnings</b>' look/preview.html
	[ "$(grep -o '<iframe ' look/preview.html | wc -l)" = 5 ]
	no grep -q '<script' look/preview.html
	/usr/bin/python3 - <<-'PY'
	import email, email.policy, html.parser, os
	page = open('look/preview.html', encoding='utf-8').read()
	mail = open('look/digest.html', encoding='utf-8').read()
	raw = open('look/digest.eml', 'rb').read()
	docs, text, depth = [], [], []
	class P(html.parser.HTMLParser):
	    def handle_starttag(self, tag, attrs):
	        a = dict(attrs)
	        if tag == 'iframe':
	            assert a['title'] and 'allow-scripts' not in a['sandbox'], a
	            docs.append(a['srcdoc'])
	        if tag == 'pre':
	            depth.append('')
	    def handle_data(self, data):
	        text.append(data)
	P().feed(page)
	said = ''.join(text)
	# Copies differ from the mail in what is put in, and in conditions.
	body = mail[mail.index('<body'):]
	assert len(docs) == 5 and all(d.endswith(body) for d in docs)
	assert docs[0] == docs[1] and docs[2] == docs[3]
	assert 'prefers-color-scheme' in mail and not any('prefers-color-scheme' in d for d in docs)
	assert docs[2].count('@media (min-width:0)') == docs[0].count('@media (max-width:0)') > 0
	assert 'img-src data:' in docs[4]
	assert open('look/digest.txt', encoding='utf-8').read() in said
	for field in raw.split(b'\r\n\r\n')[0].decode().split('\r\n'):
	    assert field in said, field
	for n in len(mail.encode()), len(raw):
	    assert f'{n:,} bytes' in said, n
	m = email.message_from_bytes(raw, policy=email.policy.default)
	assert m['Subject'] in said
	PY
}

@test "the same edition gives the same page" {
	"$SHOWMILL" -q digest preview --at $at --out a
	"$SHOWMILL" -q digest preview --at $at --out b
	cmp a/preview.html b/preview.html
}

@test "an error: not sent, nothing recorded, 77; --force sends it" {
	friends 2
	script
	line=$(line_of '<script' templates/digest.html)
	run "$SHOWMILL" digest send --yes --at $at
	echo "$output"
	[ "$status" = 77 ]
	[[ "$output" == *"templates/digest.html:$line: error: the HTML has <script>: "*"[digest-active]"* ]]
	[[ "$output" == *"2026-W03 has 1 error and was not sent; mend it, or send it with --force"* ]]
	[ "$(mail_count mail)" = 0 ]
	run "$SHOWMILL" digest status
	[[ "$output" == *"no editions"* ]]
	run "$SHOWMILL" digest send --dry-run --at $at
	[ "$status" = 77 ]
	[[ "$output" == *"It is not sent, because of 1 error; --force sends it."*"Nothing was sent or recorded."* ]]
	run "$SHOWMILL" digest send --dry-run --force --at $at
	[ "$status" = 0 ]
	[[ "$output" == *"<script>"* && "$output" != *"It is not sent"* ]]
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" = 77 ]
	grep -q '<b class="error">1 error, 0 warnings</b>' look/preview.html
	grep -q 'the HTML has &lt;script&gt;: ' look/preview.html
	run "$SHOWMILL" digest send --yes --force --at $at
	[ "$status" = 0 ]
	[[ "$output" == *"error: the HTML has <script>"* ]]
	[ "$(mail_count mail)" = 2 ]
}

@test "a trial copy goes out with its errors told" {
	script
	run "$SHOWMILL" digest send --to me@example.org --at $at
	[ "$status" = 0 ]
	[[ "$output" == *"[digest-active]"*"a trial copy of 2026-W03 went to me@example.org"* ]]
	[ "$(mail_count mail)" = 1 ]
}

@test "an edition that is begun is finished, whatever is found" {
	friends 2
	script
	to_nowhere
	run "$SHOWMILL" digest send --yes --force --at $at
	[ "$status" != 0 ]
	relay maildir:mail
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 0 ]
	[ "$(mail_count mail)" = 2 ]
	[[ "$output" != *"digest-lint"* ]]
}

@test "warnings have their place in the notes, and it is sent" {
	friends 1
	notes 'See [a page](http://plain.example.org/) and [bank.example.com](https://other.example.org/).'
	line=$(line_of plain.example feeds/mini/episodes/002-the-2.md)
	run "$SHOWMILL" digest send --yes --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"002-the-2.md:$line: warning: the link to http://plain.example.org/ is without https [digest-link-http]"* ]]
	[[ "$output" == *"002-the-2.md:$line: warning: a link shows bank.example.com and leads to https://other.example.org/: "*"[digest-link-shown]"* ]]
	[ "$(mail_count mail)" = 1 ]
	run "$SHOWMILL" -q digest preview --at $at --episode 2 --again --out look
	[ "$status" = 0 ]
	[[ "$output" != *warning* ]]
	grep -q '<b class="warning">0 errors, 2 warnings</b>' look/preview.html
}

@test "a subject written by hand is told with its file" {
	mkdir -p feeds/mini/editions
	printf -- '---\nsubject: "Re: BUY NOW!!!"\n---\n' > feeds/mini/editions/2026-W03.md
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" = 0 ]
	[[ "$output" == *"editions/2026-W03.md:2: warning: the subject "*"[digest-subject]"* ]]
}

@test "what is said while it is made is on the page" {
	echo 'images = inline' >> feeds/mini/show.ini
	run "$SHOWMILL" digest preview --at $at --out look
	[[ "$output" == *"[digest-image]"* ]]
	grep -q '\[digest-image\]' look/preview.html
}

@test "--links asks each once, HEAD and then GET, and not again for a day" {
	[ -x "$BUILD/tests/http_peer" ] || skip "the web server of the tests is not built"
	mkdir web
	echo x > web/good; echo x > web/nohead
	http_start "$PWD/web" $'/nohead head 405\n/forbidden status 403\n/moved redirect 302 /good\n'
	printf 'probe_map = https://pages.example.org/ http://127.0.0.1:%s/\n' "$HTTP_PORT" >> config.ini
	printf 'probe_map = https://mini.example.org/ http://127.0.0.1:%s/good?\n' "$HTTP_PORT" >> config.ini
	printf 'probe_map = https://example.org/ http://127.0.0.1:%s/good?\n' "$HTTP_PORT" >> config.ini
	echo 'unsubscribe_url = https://pages.example.org/leave?t=' >> feeds/mini/show.ini
	echo 'preferences_url = https://pages.example.org/choose?t=' >> feeds/mini/show.ini
	for p in good nohead moved gone forbidden good; do notes "[$p](https://pages.example.org/$p)"; done
	line=$(line_of /gone feeds/mini/episodes/002-the-2.md)
	run "$SHOWMILL" -v digest preview --links --at $at --out look
	echo "$output"; cat "$HTTP_LOG"
	[ "$status" = 0 ]
	[[ "$output" == *"002-the-2.md:$line: warning: https://pages.example.org/gone leads nowhere: "*404*"[digest-link-broken]"* ]]
	[[ "$output" == *"note: whether https://pages.example.org/forbidden leads anywhere was not to be found out: "*403* ]]
	[ "$(grep -c leads\ nowhere <<< "$output")" = 1 ]
	[ "$(grep -c '/nohead' "$HTTP_LOG")" = 2 ]
	no grep -q 'leave\|choose' "$HTTP_LOG"
	grep -q 'pages.example.org/choose' look/digest.html
	grep -q 'leads nowhere' look/preview.html
	: > "$HTTP_LOG"
	run "$SHOWMILL" digest preview --links --at $at --out look
	[ "$(grep -c '/gone' "$HTTP_LOG")" = 2 ]
	no grep -q '/good\|/nohead' "$HTTP_LOG"
	# Without being asked for, nobody is asked.
	: > "$HTTP_LOG"
	"$SHOWMILL" -q digest preview --at $at --out look
	[ ! -s "$HTTP_LOG" ]
}

report() { # POINTS, lines of the table
	printf 'cat > seen.eml\ncat <<X\nContent analysis details:   (%s points, 5.0 required)\n\n pts rule name\n---- ---------\n%s\n\nX\n' "$1" "$2"
}

@test "--spam tells what is new since the edition before" {
	friends 1
	fake spamassassin <<< "$(report 1.6 ' 0.0 NO_RELAYS              Informational
 1.6 SUBJ_ALL_CAPS          Subject is all capitals')"
	run "$SHOWMILL" digest send --yes --spam --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"warning: SpamAssassin gives 1.6 points for SUBJ_ALL_CAPS: Subject is all capitals [digest-spam]"* ]]
	[[ "$output" == *"passed over, as they tell nothing of it: NO_RELAYS"* ]]
	[ "$(mail_count mail)" = 1 ]
	[ "$(tr -d '\r' < seen.eml | sed '/^$/q' | grep -c '^List-Unsubscribe: ')" = 1 ]
	site_episode 3 2026-01-19T10:00:00Z one.mp3
	run "$SHOWMILL" digest preview --spam --at 2026-01-20 --out look
	[[ "$output" != *SUBJ_ALL_CAPS* ]]
	grep -q 'SUBJ_ALL_CAPS.*(so it did for 2026-W03)' look/preview.html
	fake spamassassin <<< "$(report 6.0 ' 4.4 OTHER_RULE             Another')"
	run "$SHOWMILL" digest send --yes --spam --at 2026-01-20
	[ "$status" = 77 ]
	[[ "$output" == *"4.4 points for OTHER_RULE: Another (not for 2026-W03)"*"6.0 points, and 5.0 make it spam"* ]]
	[ "$(mail_count mail)" = 1 ]
}

@test "--spam without SpamAssassin is told, and one that fails ends the run" {
	mkdir none
	run env PATH="$PWD/none" "$SHOWMILL" digest preview --spam --at $at --out look
	[ "$status" = 0 ]
	[[ "$output" == *'there is no program `spamassassin` here'* ]]
	grep -q 'SpamAssassin is not installed' look/preview.html
	fake spamassassin <<< 'exit 1'
	run "$SHOWMILL" digest preview --spam --at $at --out look
	[ "$status" = 65 ]
	[[ "$output" == *'Content analysis details'* ]]
}

@test "SpamAssassin has nothing to say against the sample" {
	command -v spamassassin >/dev/null || skip "spamassassin is not installed"
	rm -rf "$SITE"
	site_sample
	for n in 5 9; do
		run "$SHOWMILL" -v digest preview --spam --at 2026-11-24T12:00:00Z --episode $n --out look
		echo "$output"
		[ "$status" = 0 ]
		[[ "$output" == *"points, 5.0 make it spam"* ]]
		[[ "$output" != *"[digest-spam]"* ]]
	done
	# It does see something where there is something to see.
	mkdir -p "${show}editions"
	printf -- '---\nsubject: EARN MONEY NOW, FREE VIAGRA\n---\n' > "${show}editions/2026-W48.md"
	run "$SHOWMILL" -v digest preview --spam --at 2026-11-24T12:00:00Z --episode 9 --out look
	[[ "$output" == *"points for "*"[digest-spam]"* ]]
	# It has learnt nothing, and written down no preferences.
	[ ! -e ~/.spamassassin ] || [ -z "$(find ~/.spamassassin -type f -newer config.ini)" ]
}

@test "the sample has nothing wrong with it" {
	rm -rf "$SITE"
	site_sample
	for n in 1 2 3 4 5 6 7 8 9 10 12; do
		run "$SHOWMILL" -v digest preview --at 2026-11-24T12:00:00Z --episode $n --out look
		[ "$status" = 0 ]
		no grep -E '\[digest-' <<< "$output"
	done
}

@test "--open hands the page to a browser, and says the path where there is none" {
	fake surf <<< 'printf "%s\n" "$@" > asked'
	BROWSER='nowhere-at-all:surf --new %s' run "$SHOWMILL" digest preview --open --at $at --out 'a look'
	[ "$status" = 0 ]
	until_true test -s asked
	[ "$(cat asked)" = "--new"$'\n'"$PWD/a look/preview.html" ]
	rm asked
	BROWSER=surf run "$SHOWMILL" digest preview --open --at $at --out look
	until_true test -s asked
	[ "$(cat asked)" = "$PWD/look/preview.html" ]
	rm asked
	fake xdg-open <<< 'echo "$1" > asked'
	env -u BROWSER "$SHOWMILL" -q digest preview --open --at $at --out look
	until_true test -s asked
	mkdir none
	run env -u BROWSER PATH="$PWD/none" "$SHOWMILL" digest preview --open --at $at --out look
	[ "$status" = 0 ]
	[[ "$output" == *"no browser could be started; open $PWD/look/preview.html"* ]]
}

@test "what is wrong in a style is shown as one line of it" {
	sed -i 's#</head>#<style>\n.x:::foo { color: red    ;\n\tmargin: 0\n</style></head>#' templates/digest.html
	run "$SHOWMILL" digest preview --at $at --out look
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" == *"templates/digest.html:"*"\`.x:::foo"* ]]
	[[ "$output" != *'?'* ]]
}
