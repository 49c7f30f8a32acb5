#!/usr/bin/env bats
# Trees as site builders have them, and the facts that go with an episode:
# people, transcripts, chapters, tags, an end, and XML of its own.

load site

at=2026-02-01

setup() {
	site_make
	rm -r feeds/mini/episodes
	mkdir feeds/mini/episodes
	sed -i /^episode_url/d feeds/mini/show.ini
}

ini() { printf '%s\n' "$@" >> feeds/mini/show.ini; }

# notes PATH FRONT-MATTER-LINE…: a file below episodes.
notes() {
	local file=feeds/mini/episodes/$1
	shift
	mkdir -p "${file%/*}"
	{ echo ---; printf '%s\n' "$@"; echo ---; echo; echo Words.; } > "$file"
}

list() { # KEY of each episode, newest first
	"$SHOWMILL" --json episode list --at $at 2>/dev/null | /usr/bin/python3 -c '
import json, sys
print("\n".join(str(e[sys.argv[1]]) for e in json.load(sys.stdin)))' "$1"
}

# xml PATH [ATTRIBUTE]: of the RSS feed; ATTRIBUTE * prints all of them.
xml() { /usr/bin/python3 - out/feed.xml "$@" <<'PY'
import sys, xml.etree.ElementTree as E
ns = {'itunes': 'http://www.itunes.com/dtds/podcast-1.0.dtd', 'podcast': 'https://podcastindex.org/namespace/1.0',
      'psc': 'http://podlove.org/simple-chapters', 'own': 'urn:example:own'}
for e in E.parse(sys.argv[1]).findall(sys.argv[2], ns):
    if len(sys.argv) == 3: print(e.text or '')
    elif sys.argv[3] == '*': print(' '.join([f'{k}={e.get(k)}' for k in sorted(e.keys())] + [e.text or '']).strip())
    else: print(e.get(sys.argv[3]))
PY
}

build() { run "$SHOWMILL" feed build --at $at --out out "$@"; echo "$output"; }

@test "Hugo: bundles and pages; the list pages are no episodes" {
	ini 'names = {slug}/index.md' 'names = {slug}.md' 'audio_url = https://cdn.example.org/{stem}.mp3' \
	    'unknown_keys = ignore'
	notes _index.md 'title: All episodes'
	notes bees/index.md 'title: Bees' 'date: 2026-01-05' 'weight: 3'
	notes wasps.md 'title: Wasps' 'date: 2026-01-06'
	notes bees/_index.md 'title: No page'
	echo x > feeds/mini/episodes/bees/bees.jpg
	[ "$(list title)" = "Wasps
Bees" ]
	# The guid of a bundle is that of its folder's name, not of "index".
	want=$(/usr/bin/python3 -c 'import uuid; print(uuid.uuid5(uuid.UUID("7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11"), "bees"))')
	[ "$(list guid | tail -n 1)" = "$want" ]
	# And so is its place in addresses.
	echo "probe_map = https://cdn.example.org/ web" >> config.ini
	mkdir web; cp feeds/mini/media/one.mp3 web/bees.mp3; cp feeds/mini/media/two.mp3 web/wasps.mp3
	build
	[ "$status" = 0 ]
	[ "$(xml channel/item/enclosure url | sort)" = "https://cdn.example.org/bees.mp3
https://cdn.example.org/wasps.mp3" ]
}

@test "audio and chapters beside the notes of a folder have its name in their address" {
	sed -i 's/^media_dir.*/names = {slug}\/index.md/' feeds/mini/show.ini
	notes a/index.md 'title: A' 'date: 2026-01-01' 'audio: ep.mp3' 'chapters: c.json'
	notes 'b c/index.md' 'title: B' 'date: 2026-01-02' 'audio: ./ep.mp3'
	cp feeds/mini/media/one.mp3 feeds/mini/episodes/a/ep.mp3
	cp feeds/mini/media/two.mp3 'feeds/mini/episodes/b c/ep.mp3'
	echo '{}' > feeds/mini/episodes/a/c.json
	build
	[ "$status" = 0 ]
	[ "$(xml channel/item/enclosure url)" = "https://mini.example.org/media/b%20c/ep.mp3
https://mini.example.org/media/a/ep.mp3" ]
	[ "$(xml channel/item/podcast:chapters url)" = https://mini.example.org/media/a/c.json ]
}

@test "Jekyll: the name tells the date, which the notes may say otherwise; drafts stay out" {
	ini 'episodes = .' 'names = _posts/{year}-{month}-{day}-{slug}.md' 'timezone = Europe/Berlin' 'publish_time = 06:30'
	notes ../_posts/2026-01-05-one.md 'title: One' 'number: 1'
	notes ../_posts/2026-01-06-two.md 'title: Two' 'number: 2' 'date: 2026-01-07T10:00:00Z'
	notes ../_drafts/2026-01-08-three.md 'title: Three'
	notes ../_posts/2026-02-30-four.md 'title: Four' 'number: 4'
	mkdir -p feeds/mini/_site/_posts; cp feeds/mini/_posts/2026-01-05-one.md feeds/mini/_site/_posts/
	run "$SHOWMILL" episode list --at $at
	echo "$output"
	[ "$status" = 65 ]
	[[ "$output" == *"2026-02-30-four.md: error: "*"2026-02-30, is none"* ]]
	[ "$(list date)" = "2026-01-07T10:00:00Z
2026-01-05T06:30:00+01:00" ]
	rm feeds/mini/_posts/2026-02-30-four.md
	run "$SHOWMILL" --json episode list --at $at
	[ "$status" = 0 ]
	[[ "$output" == *'/_posts/2026-01-05-one.md"'* ]]
	[[ "$output" != *Three* ]]
	# A new one gets its date into its name.
	rm -r feeds/mini/_site
	run "$SHOWMILL" episode new 'Number five'
	echo "$output"
	[[ "${lines[-1]}" == */_posts/2026-*-number-five.md ]]
}

@test "Eleventy: seasons as folders, numbers anew in each" {
	ini 'names = season-{season}/{number}-{slug}.md' 'names = season-{season}/trailer.md'
	notes season-1/01-a.md 'title: A' 'date: 2026-01-01' 'guid: a'
	notes season-2/01-b.md 'title: B' 'date: 2026-01-02' 'guid: b'
	notes season-2/trailer.md 'title: T' 'date: 2026-01-03' 'episode_type: trailer'
	notes season-2/about.md 'title: About us' 'date: 2026-01-03'
	run "$SHOWMILL" episode list --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"season-2/about.md: warning: "*"no pattern"* ]]
	[ "$(list title)" = "T
B
A" ]
	run "$SHOWMILL" episode new Next
	[ "${lines[-1]}" = feeds/mini/episodes/season-2/02-next.md ]
	grep -q '^season: 2$' feeds/mini/episodes/season-2/02-next.md
}

@test "nested trees: ** enters all folders but hidden and set-aside ones, and no loop" {
	ini 'names = **/{number}-{slug}.md'
	notes 1-a.md 'title: A' 'date: 2026-01-01'
	notes x/2-b.md 'title: B' 'date: 2026-01-02'
	notes x/y/3-c.md 'title: C' 'date: 2026-01-03'
	notes _drafts/4-d.md 'title: D' 'date: 2026-01-04'
	notes .git/5-e.md 'title: E' 'date: 2026-01-05'
	notes node_modules/p/6-f.md 'title: F' 'date: 2026-01-06'
	notes 1/2/3/4/5/6/7/8/8-g.md 'title: G' 'date: 2026-01-07'
	notes 1/2/3/4/5/6/7/8/9/9-h.md 'title: H' 'date: 2026-01-08'
	ln -s .. feeds/mini/episodes/x/y/loop
	run "$SHOWMILL" episode list --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"x/y/loop"*"leads back"* ]]
	[[ "$output" == *"1/2/3/4/5/6/7/8/9"*"too many folders deep"* ]]
	[ "$(list number)" = "8
3
2
1" ]
}

@test "patterns of names that cannot be are refused with their line" {
	n=$(wc -l < feeds/mini/show.ini)
	ini 'names = **' 'names = ../{slug}.md' 'names = a**/{slug}.md' 'names = {day}/{day}.md' \
	    'names = **/x/**/{slug}.md' 'names = /{slug}.md' 'names = {stem}.md' 'filter = show =' \
	    'people = guests' 'people = friends = f/{id}.md' 'transcripts = t/{number}.vtt' 'channel_xml = none.xml'
	run "$SHOWMILL" episode list
	echo "$output"
	[ "$status" = 78 ]
	for i in 1 2 3 4 5 6 7 8 9 10 11; do
		[[ "$output" == *"show.ini:$((n + i)): error: "* ]] || { echo "line $i"; return 1; }
	done
	[[ "$output" == *"none.xml: error: cannot be read"* ]]
}

@test "one tree, two shows: each takes its own, and a list counts too" {
	mkdir -p feeds/other content
	sed -e 's/mini\.example/other.example/g; s/7d9e2b6e/7d9e2b6f/; /^digest_from/d' feeds/mini/show.ini > feeds/other/show.ini
	for s in mini other; do
		printf '%s\n' 'episodes = ../../content' "filter = Show = $s" >> feeds/$s/show.ini
	done
	sed -i 's/^filter.*/&, both/' feeds/other/show.ini
	for s in mini other; do echo 'unknown_keys = ignore' >> feeds/$s/show.ini; done
	notes ../../../content/001-a.md 'title: A' 'date: 2026-01-01' 'show: Mini'
	notes ../../../content/002-b.md 'title: B' 'date: 2026-01-02' 'show: [x, other]'
	notes ../../../content/003-c.md 'title: C' 'date: 2026-01-03' 'show: both'
	notes ../../../content/004-d.md 'title: D' 'date: 2026-01-04'
	notes ../../../content/001-e.md 'title: E' 'date: 2026-01-05' 'show: other'
	run "$SHOWMILL" episode list --at $at --show mini
	echo "$output"
	[ "$status" = 0 ]
	[ "$(list title)" = "A
E
C
B" ]
	echo 'filter = draft = no, false' >> feeds/mini/show.ini
	[ "$(list title | head -n 1)" = E ]
}

@test "filters: a key that is there or not, with any value, and their contraries" {
	ini 'unknown_keys = ignore'
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio_url: one.mp3' 'type: Page'
	notes 002-b.md 'title: B' 'date: 2026-01-02' 'audio_url: "  "'
	notes 003-c.md 'title: C' 'date: 2026-01-03' 'Audio-URL: false' 'x: {y: [z, Q]}'
	notes 004-d.md 'title: D' 'date: 2026-01-04' 'audio_url:'
	notes 005-e.md 'title: E' 'date: 2026-01-05' 'type: [page, post]'
	titles() {
		sed -i '/^filter/d' feeds/mini/show.ini
		ini "$@"
		list title | tr -d '\n'
	}
	[ "$(titles 'filter = audio_url')" = CA ]
	[ "$(titles 'filter = !audio_url')" = EDB ]
	[ "$(titles 'filter = ! audio_url')" = EDB ]
	[ "$(titles 'filter = type')" = EA ]
	[ "$(titles 'filter = !type = page')" = DCB ]
	[ "$(titles 'filter = !type: post, x')" = DCBA ]
	[ "$(titles 'filter = !type' 'filter = audio_url')" = C ]
	[ "$(titles 'filter = x.y = q')" = C ]
	[ "$(titles 'filter = x.y[0]')" = C ]
	n=$(grep -vc '^filter' feeds/mini/show.ini)
	for f in 'a = *|`*` is a value' 'a = b,|a value is empty' 'a != b|stands once, before' 'a == b|one `=` is enough' \
	    '!!a|stands once, before' '!|wants a key' ' = b|wants a key' 'a..b|is no key'; do
		sed -i '/^filter/d' feeds/mini/show.ini
		ini "filter = ${f%|*}"
		run "$SHOWMILL" episode list
		echo "$output"
		[ "$status" = 78 ]
		[[ "$output" == *"show.ini:$((n + 1)): error: filter = "*"${f#*|}"* ]]
	done
}

@test "except: one pattern is for both endings, as in names" {
	ini 'unknown_keys = ignore' 'except = *.de.md'
	notes 001-a.md 'title: A' 'date: 2026-01-01'
	notes 001-a.de.md 'title: B' 'date: 2026-01-02'
	notes 001-a.de.markdown 'title: C' 'date: 2026-01-03'
	notes 001-b.de.MD 'title: D' 'date: 2026-01-04'
	[ "$(list title)" = A ]
}

@test "a filter and a table: the rows of another show's notes are not told as nobody's" {
	ini 'unknown_keys = ignore' 'filter = show = mini' 'table = t.csv'
	notes 001-a.md 'title: A' 'show: mini'
	notes 002-b.md 'title: B' 'show: other'
	notes c.md 'title: C' 'show: other' 'number: 3'
	notes 001-d.md 'title: D' 'show: other'
	notes 005-e.md 'title: E' 'show: other' 'season: 2'
	printf '%s\n' notes,season,number,date ,,1,2026-01-01 ,,2,2026-01-02 ,,3,2026-01-03 c.md,,,2026-01-04 ,1,5,2026-01-05 \
	    ,,9,2026-01-06 > feeds/mini/t.csv
	run "$SHOWMILL" episode list --at $at
	echo "$output"
	[[ "$output" == *'t.csv:6: warning: no notes belong to this row'* ]]
	[[ "$output" == *'t.csv:7: warning: no notes belong to this row'* ]]
	[ "$(grep -c warning: <<< "$output")" = 2 ]
	[ "$(list title)" = A ]
	[ "$(list date | cut -c 1-10)" = 2026-01-01 ]
}

@test "except and a table: the rows of files that are kept out are not told as nobody's" {
	ini 'unknown_keys = ignore' 'except = 002-*' 'except = c.md' 'table = t.csv'
	notes 001-a.md 'title: A'
	notes 002-b.md 'title: B'
	notes c.md 'title: C'
	printf '%s\n' notes,number,date ,1,2026-01-01 ,2,2026-01-02 c.md,,2026-01-04 ,3,2026-01-03 > feeds/mini/t.csv
	run "$SHOWMILL" episode list --at $at
	echo "$output"
	[[ "$output" == *'t.csv:5: warning: no notes belong to this row'* ]]
	[ "$(grep -c warning: <<< "$output")" = 1 ]
	[ "$(list title)" = A ]
}

@test "a filter that fits no note is a warning with its line" {
	ini 'unknown_keys = ignore' 'filter = title'
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'a: x'
	notes 002-b.md 'title: B' 'date: 2026-01-02' 'b: x'
	run "$SHOWMILL" episode list
	[[ "$output" != *warning* ]]
	n=$(wc -l < feeds/mini/show.ini)
	ini 'filter = audio_url' 'filter = !date'
	run "$SHOWMILL" episode list
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"show.ini:$((n + 1)): warning: \`filter = audio_url\` fits no note of 2"*"[show-filter]"* ]]
	[[ "$output" == *"show.ini:$((n + 2)): warning: \`filter = !date\` fits no note"* ]]
	[ "$(grep -c warning: <<< "$output")" = 2 ]
	sed -i "$((n + 1)),\$ d" feeds/mini/show.ini
	ini 'filter = a' 'filter = b'
	run "$SHOWMILL" episode table
	[[ "$output" == *"show.ini:$n: warning: no note of 2 fits all filters at once"* ]]
}

@test "expires: out of the feed from that time on, and listed as expired" {
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'expires: 2026-01-31T23:59:00Z'
	notes 002-b.md 'title: B' 'date: 2026-01-02' 'audio: two.mp3' 'expires: 2026-02-02'
	notes 003-c.md 'title: C' 'date: 2026-01-03' 'draft: true' 'expires: 2026-01-02'
	[ "$(list state)" = "draft
due
expired" ]
	build
	[ "$status" = 0 ]
	[[ "$output" == *"003-c.md:5: warning: "*"never due"* ]]
	[ "$(xml channel/item/title)" = B ]
	run "$SHOWMILL" feed build --at 2026-01-30 --out out
	[ "$(xml channel/item/title | wc -l)" = 2 ]
}

@test "people: names, maps and files about them; the hosts are said again" {
	ini 'host = Ada <https://ada.example.org/>' 'people = guests = ../../who/{id}.md'
	mkdir who
	printf -- '---\nTitle: "Cleo Fern"\nWebsite: ""\nTwitter: "@cleo"\nThumbnail: /img/cleo.png\n---\nWords.\n' > who/cfern.md
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'guests: [cfern, nobody, "Dan Oak <https://dan.example.org/>", ""]'
	notes 002-b.md 'title: B' 'date: 2026-01-02' 'audio: two.mp3' 'people:' \
	    '  - {name: Eve, role: Cover Art Designer, group: visuals, href: "https://eve.example.org/", img: "https://eve.example.org/e.png"}' '  - Finn'
	build
	[ "$status" = 0 ]
	[[ "$output" == *"001-a.md:5: warning: "*"guests: nobody"* ]]
	[ "$(xml channel/podcast:person '*')" = "href=https://ada.example.org/ role=host Ada" ]
	[ "$(xml channel/item/podcast:person '*')" = \
"group=visuals href=https://eve.example.org/ img=https://eve.example.org/e.png role=Cover Art Designer Eve
Finn
href=https://ada.example.org/ role=host Ada
href=https://twitter.com/cleo img=https://mini.example.org/img/cleo.png role=guest Cleo Fern
role=guest nobody
href=https://dan.example.org/ role=guest Dan Oak" ]
	[ "$(grep -c '<contributor>' out/atom.xml)" = 6 ]
}

@test "people: what is wrong is told; an id leads nowhere else" {
	ini 'people = guests = who/{id}.md'
	mkdir -p feeds/mini/who; printf -- '---\ntitle: S\n---\n' > feeds/mini/secret.md
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'guests: [../secret]' 'people: [{role: x}, {name: N, url: "ftp:x"}]'
	build
	[ "$status" = 65 ]
	[[ "$output" == *"001-a.md:6: error: "*"no \`name\`"* && "$output" == *"001-a.md:6: error: "*"ftp:x"* ]]
	[[ "$output" == *"guests: ../secret"* ]]
}

@test "transcripts: named ones, and files found by number and by name" {
	ini 'transcripts_url = https://mini.example.org/t'
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3'
	notes 012-b.md 'title: B' 'date: 2026-01-02' 'audio: two.mp3' 'transcripts:' \
	    '  - {url: "https://x.example.org/b", type: text/vtt, language: de, rel: captions}' '  - b & c.srt'
	cd feeds/mini
	mkdir episodes/transcripts transcripts
	touch episodes/001.vtt episodes/transcripts/1-words.de.srt transcripts/001-a.html \
	    episodes/012.vtt episodes/013.vtt episodes/001-chapters.json episodes/0010.vtt
	cd ../..
	build
	[ "$status" = 0 ]
	[ "$(xml channel/item/podcast:transcript '*')" = \
"language=de rel=captions type=text/vtt url=https://x.example.org/b
type=application/x-subrip url=https://mini.example.org/t/b%20%26%20c.srt
type=text/vtt url=https://mini.example.org/t/001.vtt
language=de type=application/x-subrip url=https://mini.example.org/t/1-words.de.srt
type=text/html url=https://mini.example.org/t/001-a.html" ]
}

@test "transcripts: by pattern; what fits several episodes is taken for none" {
	ini 'transcripts_url = https://mini.example.org/t/' 'transcripts = ../../texts/s{season}e{number}*.vtt' \
	    'transcripts = ../../texts/{number}.txt'
	mkdir texts; touch texts/s1e1.vtt texts/s2e01-x.vtt texts/1.txt
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'season: 1'
	notes 01-b.md 'title: B' 'date: 2026-01-02' 'audio: two.mp3' 'season: 2' 'guid: b'
	build
	[ "$status" = 0 ]
	[[ "$output" == *"texts/1.txt: warning: it fits 2 episodes"* ]]
	[ "$(xml channel/item/podcast:transcript url)" = "https://mini.example.org/t/s2e01-x.vtt
https://mini.example.org/t/s1e1.vtt" ]
	rm -r texts
	build
	[ "$status" = 65 ]
	[[ "$output" == *"show.ini:"*"texts"* ]]
}

@test "transcripts and chapters that have no address are errors, in a site's own tree warnings" {
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'transcripts: a.vtt' 'chapters: none.json'
	notes 002-b.md 'title: B' 'date: 2026-01-02' 'audio: two.mp3' 'transcripts: https://x.example.org/b' 'chapters: [Start]'
	for mode in error warning; do
		build
		for place in 001-a.md:5 001-a.md:6 002-b.md:5 002-b.md:6; do
			[[ "$output" == *"$place: $mode: "* ]] || { echo "$place"; return 1; }
		done
		ini 'unknown_keys = ignore'
	done
	[ "$status" = 0 ]
	[ "$(xml channel/item/title | wc -l)" = 2 ]
	[ "$(grep -c 'podcast:transcript\|podcast:chapters' out/feed.xml)" = 0 ]
}

@test "chapters and tags, in both feeds" {
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'chapters: "a 1.json"' 'tags: bees, honey ,,bees'
	notes 002-b.md 'title: B' 'date: 2026-01-02' 'audio: two.mp3' 'chapters: https://x.example.org/b.json' 'tags: ["a, b", 2]'
	echo '{}' > 'feeds/mini/media/a 1.json'
	build
	[ "$status" = 0 ]
	[ "$(xml channel/item/podcast:chapters '*')" = "type=application/json+chapters url=https://x.example.org/b.json
type=application/json+chapters url=https://mini.example.org/media/a%201.json" ]
	[ "$(xml channel/item/category)" = "a, b
2
bees
honey" ]
	[ "$(grep -o '<category term="[^"]*"' out/atom.xml | tail -n 1)" = '<category term="honey"' ]
	[ "$(grep -c '<podcast:chapters' out/atom.xml)" = 2 ]
	/usr/bin/python3 -c 'import sys, xml.dom.minidom as m; [m.parse(f) for f in sys.argv[1:]]' out/atom.xml out/feed.xml
}

@test "XML of its own stands in item and channel as it is, its namespaces declared" {
	cat > feeds/mini/channel.xml <<-'XML'
	<podcast:funding url="https://x.example.org/">Tea &amp; bread</podcast:funding>
	<itunes:new-feed-url>https://new.example.org/feed.xml</itunes:new-feed-url>
	<!-- words --><own:a xmlns:own="urn:example:own"><own:b c="1"/></own:a>
	XML
	ini 'channel_xml = channel.xml'
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'xml: |' '  <psc:chapters version="1.2">' \
	    '    <psc:chapter start="0" title="In &lt; out"/>' '  </psc:chapters>' '  <podcast:value type="lightning" method="keysend"><![CDATA[<x>]]></podcast:value>'
	notes 002-b.md 'title: B' 'date: 2026-03-02' 'xml: "<thr:x/>"'
	build
	[ "$status" = 0 ]
	[ "$(xml channel/podcast:funding)" = "Tea & bread" ]
	[ "$(xml channel/own:a/own:b c)" = 1 ]
	[ "$(xml channel/item/psc:chapters/psc:chapter title)" = "In < out" ]
	[ "$(xml channel/item/podcast:value)" = "<x>" ]
	grep -qF 'xmlns:psc="http://podlove.org/simple-chapters"' out/feed.xml
	# Not of one that is to come; and in Atom what has a namespace.
	if grep -q 'xmlns:thr' out/feed.xml out/atom.xml; then return 1; fi
	[ "$(grep -o 'psc:[a-z]* ' out/atom.xml | tr -d '\n')" = 'psc:chapters psc:chapter ' ]
	[ "$(grep -c 'xmlns:psc' out/atom.xml)" = 1 ]
	/usr/bin/python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' out/atom.xml
	# On lines of its own, and the end tags where they were.
	[ "$(sed -n '/<podcast:value/{n;p;}' out/feed.xml)" = "    </item>" ]
	[ "$(sed -n '/<own:a/{n;p;}' out/feed.xml)" = "    <item>" ]
}

@test "XML of its own that would break the feed is refused with its line" {
	one() { # LINE PATTERN FRAGMENT-LINE…
		local line=$1 pattern=$2
		shift 2
		notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'xml: |' "${@/#/  }"
		build
		[ "$status" = 65 ] && [[ "$output" == *"001-a.md:$line: error: "*$pattern* ]]
	}
	one 7 'well-formed' '<a>' '<b></a>'
	one 6 'well-formed' '<nobody:x/>'
	one 6 'well-formed' '</item><item>'
	one 6 'well-formed' '</x><x>'
	one 6 'well-formed' '&nbsp;<a/>'
	one 6 'well-formed' '<!DOCTYPE a><a/>'
	one 6 'well-formed' '<?xml version="1.0"?><a/>'
	one 7 'guid' '<a/>' '<guid>x</guid>'
	one 6 'item' '<item/>'
	one 6 'text outside' 'words'
	one 5 'no element' '<!-- none -->'
	{ printf -- '---\ntitle: A\ndate: 2026-01-01\naudio: one.mp3\nxml: |\n  <a>'; head -c 270000 /dev/zero | tr '\0' x; printf '</a>\n---\n'; } > feeds/mini/episodes/001-a.md
	build
	[ "$status" = 65 ]
	[[ "$output" == *"256 KiB"* ]]
}

@test "XML of its own says the same when the feed is read, wherever its namespaces are declared" {
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'xml: |' \
	    '  <podcast:soundbite startTime="1" duration="20">Hi</podcast:soundbite>' '  <media:rating>all</media:rating>' '  <q xmlns="urn:x"/>'
	build
	cp out/feed.xml old.xml
	notes 001-a.md 'title: A' 'date: 2026-01-01' 'audio: one.mp3' 'xml: |' \
	    '  <p:soundbite xmlns:p="https://podcastindex.org/namespace/1.0" duration="20" startTime="1">Hi</p:soundbite>' \
	    '  <media:rating xmlns:media="http://search.yahoo.com/mrss/">all</media:rating>' '  <q xmlns="urn:x"></q>'
	build
	if cmp -s out/feed.xml old.xml; then return 1; fi
	run "$SHOWMILL" feed diff old.xml out/feed.xml
	echo "$output"
	[ "$status" = 0 ]
	sed -i 's/>all</>some</' out/feed.xml
	run "$SHOWMILL" feed diff old.xml out/feed.xml
	[ "$status" != 0 ]
}
