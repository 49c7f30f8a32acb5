#!/usr/bin/env bats
# Digest and pages in the language of the show.
load site

at=2026-02-01

# A show of which each part of the templates has something to say.
setup() {
	site_make
	cp "$REPO/tests/e2e/fixtures/low.opus" feeds/mini/media/
	site_episode 1 2026-01-19T10:00:00Z one.mp3
	site_episode 2 2026-01-20T10:00:00Z "[two.mp3, low.opus]" "video: https://video.example.org/2
sponsor: {name: Qqqq, text: Zzzz, code: XX1}
chapters: ['0:00 Aaaa', '0:01 Bbbb']
transcripts: [https://mini.example.org/2.vtt, https://mini.example.org/2.txt]"
	cp feeds/mini/media/one.mp3 feeds/mini/media/three.mp3
	site_episode 3 2026-01-21T10:00:00Z three.mp3
	# Too long for a mail.
	yes 'Wwww wwww.' | head -24000 | sed G >> feeds/mini/episodes/001-the-1.md
	mkdir feeds/mini/transcripts
	printf 'WEBVTT\n\n00:00.000 --> 00:01.000\nUuuu\n' > feeds/mini/transcripts/1.vtt
	cat >> feeds/mini/show.ini <<-INI
	pages = true
	transcripts = transcripts/{number}.vtt
	transcripts_url = https://mini.example.org/t/
	live_url = https://live.example.org/
	live_time = 19:00
	friends_url = https://mini.example.org/join
	archive_url = https://mini.example.org/past
	preferences_url = https://mini.example.org/prefs?t=
	host = Ada
	host = Bob
	INI
}

speak() {
	sed -i '/^language = /d' feeds/mini/show.ini
	sed -i "1s/^/language = $1\n/" feeds/mini/show.ini
}
# The previews of one and of three episodes, and the pages.
make_all() {
	rm -rf one many out
	"$SHOWMILL" -q digest preview --at $at --episode 2 --out one > /dev/null &&
	"$SHOWMILL" -q digest preview --at $at --since 2026-01-01 --out many > /dev/null &&
	# It is for who sends the digest, and speaks as the program does.
	rm one/preview.html many/preview.html &&
	"$SHOWMILL" -q feed build --at $at --out out
}
# Whether English sentences are in what was made, by Python, and those of the
# language are: left LANGUAGE. All that a reader sees or hears is looked at.
left() { /usr/bin/python3 - "$REPO/templates/words" "$1" <<'PY'
import glob, html.parser, re, sys
def words(code):
    out = {}
    for line in open(f'{sys.argv[1]}/{code}.ini', encoding='utf-8'):
        if '=' in line and line[0] != '#':
            key, value = line.rstrip('\n').split('=', 1)
            out[key.strip()] = value.strip()
    return out
def pieces(value):
    for p in re.split(r'\{[a-z_.]+\}', value):
        p = p.strip(' \u00a0.,:：!?？、()')
        if len(p) > 2:
            yield p
class P(html.parser.HTMLParser):
    skip, text = None, ''
    def handle_starttag(self, tag, attrs):
        if tag in ('style', 'script'):
            self.skip = tag
        for k, v in attrs:
            if k in ('alt', 'aria-label', 'title', 'content'):
                self.text += f'\n{v}\n'
    def handle_endtag(self, tag):
        if tag == self.skip:
            self.skip = None
    def handle_data(self, data):
        if not self.skip:
            self.text += data
seen = ''
for f in glob.glob('one/*.txt') + glob.glob('many/*.txt'):
    seen += re.sub(r'https?://\S+|mailto:\S+|\S+@\S+', '', open(f, encoding='utf-8').read())
for f in glob.glob('one/*.html') + glob.glob('many/*.html') + glob.glob('out/**/*.html', recursive=True):
    p = P()
    p.feed(open(f, encoding='utf-8').read())
    seen += p.text
for f in ('one', 'many'):
    import email, email.policy
    m = email.message_from_binary_file(open(f + '/digest.eml', 'rb'), policy=email.policy.default)
    seen += '\n' + m['Subject'] + '\n'
en, own = words('en'), words(sys.argv[2])
all_own = '\n'.join(v for k, v in own.items())
bad = 0
for key, value in en.items():
    for part in [m.strip() for m in value.split(',')] if key in ('months', 'weekdays') else pieces(value):
        if not re.search(rf'\b{re.escape(part)}\b', all_own) and re.search(rf'\b{re.escape(part)}\b', seen):
            print('English:', key, part)
            bad = 1
# one: these may go unused here.
for key, value in own.items():
    if key in ('months', 'weekdays', 'units', 'decimal', 'first_day', 'friend', 'video', 'comma', 'date', 'cover', 'subject.one', 'more', 'less'):
        continue
    for part in pieces(value):
        if part not in seen:
            print('not there:', key, part)
            bad = 1
sys.exit(bad)
PY
}

@test "English is English" {
	speak en
	make_all
	left en
	grep -q '^The Mini Show: 3 new episodes$' <(/usr/bin/python3 -c 'import email, email.policy
print(email.message_from_binary_file(open("many/digest.eml", "rb"), policy=email.policy.default)["Subject"])')
}

@test "no English is left in any of the other languages" {
	for code in de es fr pt sv ja; do
		speak $code
		run make_all
		[ "$status" = 0 ] && [ -z "$output" ] || { echo "$code: $output"; return 1; }
		run left $code
		[ "$status" = 0 ] || { echo "$code: $output"; return 1; }
	done
}

@test "the check sees what is left in English" {
	speak de
	sed -i '/^topics = /d' templates/words/de.ini
	run "$SHOWMILL" digest preview --at $at --episode 2 --out one
	[[ "$output" == *"templates/words/de.ini: warning: these are not here, and stay English: topics [words-missing]"* ]]
	make_all
	run left de
	[ "$status" = 1 ]
	[[ "$output" == *"English: topics Topics covered in this episode"* ]]
}

@test "dates, sizes and names without a name are the language's too" {
	speak de
	make_all
	grep -q '^21. Januar 2026 · ' many/digest.txt
	grep -q '^1. Februar 2026$' many/digest.txt
	grep -q "^Hier sind" many/digest.txt
	grep -q "^Hier ist die neue Folge von" one/digest.txt
	grep -q '>21. Januar 2026</time>' out/index.html
	grep -q 'datetime="2026-01-21T10:00:00Z"' out/index.html
	grep -q '<pubDate>Wed, 21 Jan 2026 ' out/feed.xml
	grep -q '^Date: Sun, 01 Feb 2026 ' many/digest.eml
	"$SHOWMILL" -q feed build --at $at --data data.json --out out
	/usr/bin/python3 -c 'import json
e = json.load(open("data.json"))["shows"][0]["episodes"][0]
assert (e["date"], e["date_iso"]) == ("21. Januar 2026", "2026-01-21T10:00:00Z"), e'
	"$SHOWMILL" -q friend add a@example.net
	"$SHOWMILL" -q digest send --yes --at $at --episode 1
	/usr/bin/python3 -c 'import email, email.policy, glob
m = email.message_from_binary_file(open(glob.glob("mail/new/*")[0], "rb"), policy=email.policy.default)
assert "Hallo du!\n" in m.get_body(("plain",)).get_content()'
	speak ja
	make_all
	grep -q '^2026年1月21日 · ' many/digest.txt
}

@test "the locale of the process changes nothing" {
	speak fr
	make_all
	mkdir plain; mv one many out plain/
	LC_ALL=de_DE.UTF-8 LANG=ja_JP.UTF-8 make_all
	for part in one many out; do
		diff -r plain/$part $part
	done
}

@test "a folder of templates that is not there: config.ini and its line" {
	speak de
	echo 'templates = vorlagen' >>config.ini
	run "$SHOWMILL" digest preview --at $at
	[ "$status" = 78 ]
	[[ "$output" == *"config.ini:$(wc -l <config.ini): error: templates: the folder \`vorlagen\` does not exist"* ]]
	[[ "$output" != *words* ]]
}

@test "a language without words: no message, its pages are English" {
	speak nl
	"$SHOWMILL" -q friend add a@example.net
	for command in "digest preview" "digest send --yes"; do
		run "$SHOWMILL" $command --at $at
		[ "$status" = 78 ]
		[[ "$output" == *'feeds/mini/show.ini:1: error: language = `nl`: showmill has no words of it for the digest; write them into templates/words/nl.ini,'* ]]
	done
	[ ! -e mail ]
	[ "$("$SHOWMILL" digest status --json)" = "[]" ]
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[ "$(grep -c 'feeds/mini/show.ini:1: warning: .*dates and pages are English' <<< "$output")" = 1 ]
	grep -q '>All episodes</a>' out/002/the-2/index.html
	grep -q '<html lang="nl" dir="ltr">' out/index.html
	grep -q '<language>nl</language>' out/feed.xml
	# A file of it is all that is wanted.
	{ sed '/^[a-z_.]* = /s/= \(.*[^}]\)$/= \1 NL/' templates/words/en.ini | grep -v '^\(months\|weekdays\|units\|decimal\)'; } > templates/words/nl.ini
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" = 0 ]
	[[ "$output" == *"templates/words/nl.ini: warning: these are not here, and stay English: months, weekdays, decimal, units "* ]]
	grep -q '^Topics covered in this episode NL$' look/digest.txt
	grep -q '>Sponsor of this episode NL<' <("$SHOWMILL" -q digest preview --at $at --out look --episode 2 && cat look/digest.html)
}

@test "pt-BR is pt, but for what its own file says" {
	speak pt-BR
	make_all
	left pt
	echo 'listen = Dá o play' > templates/words/pt-br.ini
	run make_all
	[ "$status" = 0 ] && [ -z "$output" ]
	grep -q '>Dá o play</font></a>' one/digest.html
	grep -q '>Assistir</a>' one/digest.html
}

@test "broken words: 78 with file and line, no message, no page" {
	speak de
	"$SHOWMILL" -q friend add a@example.net
	sed -i 's/^topics = .*/topics = {topics/' templates/words/de.ini
	line=$(grep -n '^topics' templates/words/de.ini | cut -d: -f1)
	for command in "digest send --yes --episode 2" "feed build --out out"; do
		run "$SHOWMILL" $command --at $at
		[ "$status" = 78 ]
		[[ "$output" == *"templates/words/de.ini:$line: error: the brace in "* ]]
	done
	[ ! -e mail ] && [ ! -e out/index.html ]
	sed -i 's/^topics = .*/topics = {no.such}/' templates/words/de.ini
	run "$SHOWMILL" digest send --yes --episode 2 --at $at
	[ "$status" = 78 ]
	[[ "$output" == *"templates/words/de.ini:$line: error: unknown name {no.such}"* ]]
	[ ! -e mail ]
}

@test "templates of one's own without words/ go on in English" {
	rm -r templates/words
	speak en
	make_all
	left en
}

@test "the words are installed, and taken away" {
	cd "$REPO"
	DESTDIR=$BATS_TEST_TMPDIR/root PREFIX=/usr BUILD=$BUILD tests/tools/install install > /dev/null
	root=$BATS_TEST_TMPDIR/root
	for file in templates/words/*.ini; do
		cmp "$file" "$root/usr/share/showmill/$file"
	done
	[ "$(ls "$root/usr/share/showmill/templates/words" | wc -l)" = 7 ]
	DESTDIR=$root PREFIX=/usr BUILD=$BUILD tests/tools/install uninstall
	[ ! -e "$root/usr/share/showmill/templates" ]
}
