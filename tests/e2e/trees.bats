#!/usr/bin/env bats
# Other people's trees, read as they are.

load site
load peers

setup() {
	site_make
	rm -rf feeds/mini
}
teardown() { peers_stop; }

at=2026-09-01

# tree_show SLUG LINE...: the lines behind those that every show.ini has.
tree_show() {
	mkdir -p "feeds/$1/episodes"
	cat > "feeds/$1/show.ini" <<-INI
	title = A tree
	link = https://tree.example.org/
	feed_url = https://tree.example.org/$1.xml
	description = Somebody's tree
	guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11
	unknown_keys = ignore
	INI
	notes=feeds/$1/episodes
	shift
	[ $# = 0 ] || printf '%s\n' "$@" >> "${notes%/episodes}/show.ini"
}

# The items of a feed: guid, number, audio, length, type, duration, date,
# link, image, explicit and kind, separated by |, sorted.
items() { /usr/bin/python3 - "$1" <<'PY'
import sys, xml.etree.ElementTree as E
i = '{http://www.itunes.com/dtds/podcast-1.0.dtd}'
rows = []
for e in E.parse(sys.argv[1]).iter('item'):
    a, image = e.find('enclosure'), e.find(i + 'image')
    rows.append('|'.join([e.findtext('guid'), e.findtext(i + 'episode') or '', a.get('url'),
        a.get('length'), a.get('type'), e.findtext(i + 'duration') or '', e.findtext('pubDate'),
        e.findtext('link') or '', image.get('href') if image is not None else '',
        e.findtext(i + 'explicit') or '', e.findtext(i + 'episodeType') or '', e.findtext('title')]))
print('\n'.join(sorted(rows)))
PY
}

# tree_serve FILE...: each a file of 4096 octets at https://media.example.org/.
tree_serve() {
	local f
	for f in "$@"; do
		mkdir -p "web/$(dirname "$f")"
		head -c 4096 /dev/zero > "web/$f"
	done
	http_start "$PWD/web"
	echo "probe_map = https://media.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	echo "probe_map = https://tree.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
}

@test "YAML, TOML and JSON say the same under the names of five generators" {
	tree_show five 'media_prefix = https://media.example.org/' \
		'episode_url = https://tree.example.org/{slug}' 'names = {slug}.md' \
		'episode_guid = {audio}' 'timezone = Europe/Berlin'
	tree_serve one.mp3
	cat > one.hugo <<-MD
	+++
	Title = "One"
	PublishDate = 2026-01-05T10:00:00+01:00 # when
	podcast_file = "one.mp3"
	podcast_bytes = ""
	podcast_duration = "71:31"
	episode = "7"
	episode_image = "img/one.jpg"
	explicit = "yes"
	hosts = ["ada", ""]
	[params]
	colour = "red"
	+++
	Notes
	MD
	cat > one.json <<-MD
	{
	  "title": "One",
	  "pubDate": "Mon, 05 Jan 2026 10:00:00 +0100",
	  "audioUrl": "https://media.example.org/one.mp3",
	  "durationSeconds": 4291,
	  "episodeNumber": 7,
	  "cover": "/img/one.jpg",
	  "explicit": true
	}
	Notes
	MD
	cat > one.eleventy <<-MD
	---
	title: One
	date: 1767603600000
	episode:
	  filename: one.mp3
	  size: 4096
	  duration: '1:11:31'
	  episodeNumber: 7
	  image: https://tree.example.org/img/one.jpg
	  explicit: explicit
	  type: Full
	---
	Notes
	MD
	cat > one.jekyll <<-MD
	---
	layout: episode
	published: true
	permalink: /:title/
	title: One
	date: 2026-01-05 10:00
	file: https://media.example.org/one.mp3
	length: "4,096"
	duration: 71 min 31 s
	itunes_episode: "007"
	itunes_explicit: 1
	type: post
	images: ["img/one.jpg"]
	---
	Notes
	MD
	cat > one.octopod <<-MD
	---toml
	title = "One"
	datum = "2026-01-05T09:00:00Z"
	itunes-duration = "PT1H11M31S"
	number = 7
	image = "/img/one.jpg"
	explicit = true
	[audio]
	mp3 = "one.mp3"
	---
	Notes
	MD
	for from in one.*; do
		cp "$from" "$notes/one.md"
		run "$SHOWMILL" feed build --at $at --out out
		[ "$status" = 0 ] || { echo "$from: $output"; false; }
		run items out/feed.xml
		echo "$from: $output"
		[[ "$output" == "https://media.example.org/one.mp3|7|https://media.example.org/one.mp3|4096|audio/mpeg|4291|Mon, 05 Jan 2026 "*"|https://tree.example.org/one|https://tree.example.org/img/one.jpg|true|full|One" ]]
		[ "$("$SHOWMILL" episode list --at $at --json | grep -c '"date": "2026-01-05T10:00:00+01:00"\|"date": "2026-01-05T09:00:00Z"')" = 1 ]
	done
}

@test "[fields] maps any key, with fallbacks, in place of the built-in names" {
	tree_show mapped 'names = {slug}.md' 'episode_guid = show-{number:03}' \
		'[fields]' 'audio = files[1].where, sound' 'Number = meta.no' \
		'date = Released, Date'
	tree_serve two.mp3 three.mp3
	printf -- '---\ntitle: Two\naudio: none.mp3\nnumber: 9\ndate: 2026-01-02\nmeta: {NO: 2}\nfiles: [{where: a}, {where: https://media.example.org/two.mp3}]\n---\n' > $notes/two.md
	printf -- '---\ntitle: Three\nreleased: 2026-01-03\ndate: 2026-01-01\nmeta: {no: 3}\nsound: https://media.example.org/three.mp3\n---\n' > $notes/three.md
	"$SHOWMILL" feed build --at $at --out out
	[ "$(items out/feed.xml | cut -d'|' -f1-3,7)" = "show-002|2|https://media.example.org/two.mp3|Fri, 02 Jan 2026 00:00:00 +0000
show-003|3|https://media.example.org/three.mp3|Sat, 03 Jan 2026 00:00:00 +0000" ]
	printf 'summer = x\nnumber = a..b\nlink =\n' >> feeds/mapped/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 78 ]
	[[ "$output" == *"show.ini:13: error: "*"\`summer\` is no fact"* ]]
	[[ "$output" == *"show.ini:14: error: "*"\`a..b\` is no key"* ]]
	[[ "$output" == *"show.ini:15: error: "*"\`\` is no key"* ]]
}

@test "[fields] counts for a table's columns" {
	tree_show table 'table = notes.csv' 'episode_guid = {audio}' \
		'[fields]' 'audio = Sound file'
	tree_serve 1.mp3
	echo '# One' > $notes/1.md
	printf 'Number,publish-date,Sound file\n1,2026-01-02,https://media.example.org/1.mp3\n' > feeds/table/notes.csv
	"$SHOWMILL" feed build --at $at --out out
	[ "$(items out/feed.xml | cut -d'|' -f3,7,12)" = "https://media.example.org/1.mp3|Fri, 02 Jan 2026 00:00:00 +0000|One" ]
}

@test "a table in another language: columns are told, and mapped by [fields]" {
	tree_show german 'names = {slug}.md' 'table = t.csv' 'unknown_keys = error' 'episode_guid = {audio}'
	sed -i '0,/unknown_keys/{/unknown_keys/d}' feeds/german/show.ini
	tree_serve 1.mp3 2.mp3
	printf -- '---\nnumber: S01E05\n---\n' > $notes/a.md
	printf -- '---\nseason: 2\nnumber: 5\n---\n' > $notes/b.md
	printf 'number;Titel;Datum;audio\nS02E05;Zwei;2026-01-03;https://media.example.org/2.mp3\nS01E5;Eins;2026-01-02;https://media.example.org/1.mp3\nDrei;;;\n' > feeds/german/t.csv
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 65 ]
	[[ "$output" == *'t.csv:1: warning: passed over: the columns `Titel`, `Datum`'*'as in `title = Titel`'* ]]
	[[ "$output" == *'t.csv:4: warning: `number: Drei` is no whole number'* ]]
	[ "$(grep -c 't.csv:4' <<< "$output")" = 1 ]
	# In a sites own tree too, as long as something is lacking.
	sed -i 's/^unknown_keys.*/unknown_keys = ignore/' feeds/german/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[[ "$output" == *'t.csv:1: warning: passed over'* ]]
	printf '[fields]\ntitle = Titel\ndate = Datum\n' >> feeds/german/show.ini
	sed -i -e 's/audio$/audio;Rest/' -e '$d' feeds/german/t.csv
	"$SHOWMILL" feed build --at $at --out out 2> log
	[ "$(items out/feed.xml | cut -d'|' -f2,3,12)" = "5|https://media.example.org/1.mp3|Eins
5|https://media.example.org/2.mp3|Zwei" ]
	[ "$(grep -c 'passed over' log)" = 0 ]
	"$SHOWMILL" -v feed build --at $at --out out 2> log
	[[ "$(cat log)" == *'t.csv:1: passed over: `Rest`'* ]]
}

@test "a title or text that a # cuts off is told; a comment is none" {
	tree_show hash 'episode_guid = {stem}' 'names = {slug}.md'
	tree_serve 1.mp3
	printf -- '---\ntitle: Folge #12\ndescription: Of #bees\nepisode:\n  title: The #1\n  subtitle: x # y\nnumber: 12 #12\ndate: 2026-01-02 #now\nurl: https://media.example.org/1.mp3\n---\n' > $notes/a.md
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 0 ]
	[ "$(grep -o 'a.md:.* ends before' <<< "$output")" = 'a.md:2: warning: `title` ends before
a.md:3: warning: `description` ends before
a.md:5: warning: `title` ends before' ]
	[[ "$output" == *'`title` ends before the #: YAML takes'*'[episode-comment]'* ]]
	printf -- '---\ntitle: #12 The bees\ndate: 2026-01-02\nurl: https://media.example.org/1.mp3\n---\n' > $notes/a.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *'a.md:2: warning: `title` ends before the #'* ]]
	sed -i 's/^title:.*/title: "Folge #12"/' $notes/a.md
	"$SHOWMILL" feed build --at $at --out out 2> log
	[ "$(items out/feed.xml | cut -d'|' -f12)" = 'Folge #12' ]
	[ "$(grep -c ends log)" = 0 ]
}

@test "several files as audio, chapters without times, names too long: each is told as what it is" {
	tree_show several 'names = {slug}.md'
	tree_serve 1.mp3
	a128=$(printf 'é%.0s' {1..128})
	printf -- '---\ntitle: A\ndate: 2026-01-02\naudio: [[a.mp3], b.mp3]\n---\n' > $notes/a.md
	printf -- '---\ntitle: B\ndate: 2026-01-02\naudio:\n  - {url: https://media.example.org/1.mp3}\n  - {bitrate: 9}\n---\n' > $notes/b.md
	printf -- '---\ntitle: C\ndate: 2026-01-02\naudio: {bitrate: 9}\n---\n' > $notes/c.md
	printf -- '---\ntitle: D\ndate: 2026-01-02\naudio: https://media.example.org/1.mp3\nchapters:\n  - {title: x}\nhosts: ["%s", "%s!"]\n---\n' "$a128" "$a128" > $notes/d.md
	printf -- '---\ntitle: E\ndate: 2026-01-02\ndraft: true\naudio: [https://media.example.org/1.mp3]\nchapters: |\n  0:00 x\n  y at 1:00\n---\n' > $notes/e.md
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 65 ]
	[[ "$output" == *'a.md:4: warning: one of `audio` is no file; write its name, or `file: NAME`'* ]]
	[[ "$output" == *'b.md:6: warning: a file of `audio` is not named; write `file: NAME` or `url: ADDRESS`'* ]]
	[[ "$output" == *'c.md:4: warning: a file of `audio` is not named'* ]]
	[[ "$output" == *'d.md:6: warning: chapters: a chapter has no `start` such as 1:30 or 90.5, and is left out'* ]]
	[ "$(grep -c 'd.md:7: warning: the name of a person, .* has 129 characters' <<< "$output")" = 1 ]
	[ "$(grep -c 'has 128' <<< "$output")" = 0 ]
	[[ "$output" == *'e.md:8: warning: chapters: this line does not begin with a time'* ]]
	sed -i 's/^unknown_keys.*/unknown_keys = error/' feeds/several/show.ini
	echo "host = $a128? <https://host.example.org/>" >> feeds/several/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[ "$(grep -c 'a.md:' <<< "$output")" = 1 ]
	[[ "$output" == *'a.md:4: error: one of `audio` is no file'* ]]
	n=$(grep -n ^host feeds/several/show.ini | cut -d: -f1)
	[[ "$output" == *"show.ini:$n: warning: the name of a person"* ]]
}

@test "a list where a title, a date or a name belongs is told as one" {
	tree_show lists 'names = {slug}.md'
	tree_serve 1.mp3
	printf -- '---\ntitle: [Bonus]\ndate: [2026-01-02]\naudio: https://media.example.org/1.mp3\n---\n' > $notes/a.md
	printf -- '---\ntitle: {{ page }}\n---\n' > $notes/b.md
	printf -- '---\ntitle: T\ndate: 2026-01-02\ndraft: true\nhosts: [Ann, ~, [Bo], true]\n---\n' > $notes/c.md
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 65 ]
	[[ "$output" == *'a.md:2: error: the episode has no title; '*'its `title` is a list; a value that begins with ['* ]]
	[[ "$output" == *'a.md:2: error: the episode has no date; '*'its `date` is a list; '* ]]
	[[ "$output" == *'b.md:2: error: a key must be a plain text; write'*'"double quotes"'* ]]
	[[ "$output" == *'c.md:5: warning: a person in `hosts`: a list is no name'* ]]
	[[ "$output" == *'c.md:5: warning: a person in `hosts`: true and false are no names'* ]]
	[ "$(grep -c 'c.md' <<< "$output")" = 2 ]
}

@test "people, transcripts and chapters of a table are told with its line" {
	tree_show rows 'names = {slug}.md' 'table = t.csv'
	tree_serve 1.mp3
	echo '# A' > $notes/a.md
	printf 'notes,date,url,hosts,transcripts,chapters\na.md,2026-01-02,https://media.example.org/1.mp3,Bo <nope>,nope.xyz,nope.json\n' > feeds/rows/t.csv
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *'t.csv:2: warning: the person'* ]]
	[[ "$output" == *'t.csv:2: warning: the transcript `nope.xyz`'* ]]
	[[ "$output" == *'t.csv:2: warning: chapters: `nope.json`'* ]]
}

@test "notes and transcripts that are links to nowhere are told" {
	tree_show links 'names = {slug}.md' 'transcripts = t/{slug}.vtt' 'transcripts_url = https://media.example.org/t'
	tree_serve 1.mp3
	mkdir feeds/links/t
	ln -s nowhere feeds/links/t/a.vtt
	printf -- '---\ntitle: A\ndate: 2026-01-02\nurl: https://media.example.org/1.mp3\n---\n' > $notes/a.md
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *'t/a.vtt: warning: the link leads nowhere'* ]]
	[ "$(grep -c podcast:transcript out/feed.xml)" = 0 ]
	ln -s nowhere $notes/b.md
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 65 ]
	[[ "$output" == *'b.md: error: cannot be read: No such file'* ]]
	sed -i 's/^names.*/names = **\/{slug}.md/' feeds/links/show.ini
	mkdir $notes/c
	mv $notes/b.md $notes/c/
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *'c/b.md: error: cannot be read: No such file'* ]]
	mkdir tree
	cp $notes/a.md tree/1-a.md
	cp $notes/a.md tree/2-b.md
	ln -s nowhere tree/3-c.md
	cd tree
	run "$SHOWMILL" init
	echo "$output"
	[ "$status" = 0 ]
}

@test "a tree written for showmill takes its own keys only, and says what was meant" {
	tree_show own
	sed -i /unknown_keys/d feeds/own/show.ini
	tree_serve 1.mp3
	printf -- '---\nTITLE: T\nDate: 2026-01-02\nAudio: https://media.example.org/1.mp3\nepisode-type: bonus\n---\n' > $notes/1.md
	"$SHOWMILL" feed build --at $at --out out
	printf 'podcast_file: x.mp3\ncolour: red\ntitle: U\n---\n' > more
	sed -i -e '$d' $notes/1.md && cat more >> $notes/1.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *'1.md:6: error: `podcast_file` is no key of an episode; did you mean `audio`?'* ]]
	[[ "$output" == *'1.md:7: error: `colour` is no key of an episode; showmill-episode(5)'* ]]
	[[ "$output" == *'1.md:8: error: the key `title` is given on line 2 already, as `TITLE`'* ]]
}

@test "unknown keys of a site's own tree are told at -v alone" {
	tree_show quiet
	tree_serve 1.mp3
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/1.mp3\ncolour: red\n---\n' > $notes/1.md
	run "$SHOWMILL" feed build --at $at --out out
	[[ "$output" != *colour* ]]
	run "$SHOWMILL" -v feed build --at $at --out out
	[[ "$output" == *'1.md:5: `colour` is passed over'* ]]
	[[ "$output" != *'`url` is passed over'* ]]
}

@test "media_prefix: names with blanks, plus, umlauts and percent" {
	tree_show prefix 'media_prefix = https://media.example.org/a/' 'names = {slug}.md'
	n=0
	for name in 'a b+c.mp3' 'ä%20ö.mp3' '/50% off.mp3' 'x/y.mp3'; do
		n=$((n + 1))
		printf -- '---\ntitle: T\ndate: 2026-01-0%d\nfile: "%s"\n---\n' $n "$name" > "$notes/n$n.md"
	done
	tree_serve 'a/a b+c.mp3' 'a/ä ö.mp3' 'a/50% off.mp3' a/x/y.mp3
	"$SHOWMILL" feed build --at $at --out out
	[ "$(items out/feed.xml | cut -d'|' -f3 | LC_ALL=C sort)" = "https://media.example.org/a/%C3%A4%20%C3%B6.mp3
https://media.example.org/a/50%25%20off.mp3
https://media.example.org/a/a%20b%2Bc.mp3
https://media.example.org/a/x/y.mp3" ]
}

@test "doubtful values are warnings with their line, and -q hides them" {
	tree_show doubt 'episode_guid = {audio}'
	tree_serve 1.mp3 2.mp3
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/1.mp3\nbytes: 39800000\nduration: 2\n---\n' > $notes/1.md
	printf -- '---\ntitle: T\nepisode: 1\ndate: 2026-01-03\nurl: https://media.example.org/2.mp3\nbytes: 17.3 MB\nimage: "https://[x/"\n---\n' > $notes/2.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[[ "$output" == *'1.md:5: warning: '*'[episode-size-rounded]'* ]]
	[[ "$output" == *'1.md:6: warning: '*'[episode-duration-short]'* ]]
	[[ "$output" == *'2.md:'*' warning: the number 1 is that of '*'1.md too'*'[episode-number-twice]'* ]]
	[[ "$output" == *'2.md:6: warning: `bytes: 17.3 MB` is no size in bytes'*'[episode-size]'* ]]
	[[ "$output" == *'2.md:7: warning: `image: https://[x/` is no address'*'[episode-url]'* ]]
	[ "$(items out/feed.xml | cut -d'|' -f2,4)" = "1|4096
1|4096" ]
	run "$SHOWMILL" -q feed build --at $at --out out
	[ "$output" = "" ]
}

@test "an address without a scheme is one of https, whatever media_prefix is" {
	tree_show bare 'media_prefix = https://other.example.org/' 'names = {slug}.md'
	tree_serve 'a b.mp3'
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: //media.example.org/a b.mp3\nlength: 4096\n---\n' > $notes/n1.md
	"$SHOWMILL" feed build --at $at --out out
	[ "$(items out/feed.xml | cut -d'|' -f3)" = 'https://media.example.org/a%20b.mp3' ]
	sed -i 's,//media,///media,' $notes/n1.md
	run "$SHOWMILL" feed build --at $at --out out
	[[ "$output" == *'n1.md:4: '*'is no address; write it as https://host/path'* ]]
}

@test "a duration that may be minutes or seconds counts as not said" {
	tree_show two
	tree_serve 1.mp3 2.mp3 3.mp3
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/1.mp3\nduration: 29.01\n---\n' > $notes/1.md
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/2.mp3\nduration: 29.013\n---\n' > $notes/2.md
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/3.mp3\nduration: 1834.5\n---\n' > $notes/3.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[[ "$output" == *'1.md:5: warning: `duration: 29.01` may be minutes or seconds; write minutes:seconds'* ]]
	[[ "$output" != *'2.md:5'* && "$output" != *'3.md:5'* ]] || false
	[ "$(items out/feed.xml | cut -d'|' -f6 | grep -c '^29$\|^00:00:29$\|^0:29$')" = 1 ]
}

@test "durations that are none are refused, each with its reason" {
	tree_show span
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/1.mp3\nduration: "00:50:95"\n---\n' > $notes/1.md
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/2.mp3\nduration: 39851000\n---\n' > $notes/2.md
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/3.mp3\nduration: about an hour\n---\n' > $notes/3.md
	printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/4.mp3\nduration: "29\\t01"\n---\n' > $notes/4.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *'1.md:5: error: '*'there are no 95 seconds in a minute'* ]]
	[[ "$output" == *'2.md:5: error: '*'more likely a size in bytes'* ]]
	[[ "$output" == *'3.md:5: error: '*'is no duration'* ]]
	[[ "$output" == *'4.md:5: error: '* ]]
}

# ---- the corpora ----

@test "syntaxfm: each of 1,033 files is in the feed or named" {
	tree=$SHARED/corpora/syntaxfm/shows
	[ -d "$tree" ] || skip "../shared is not there"
	tree_show syntax "episodes = $tree" 'names = {number}{slug}.md' 'names = {number}.md'
	mkdir web
	grep -hoE '^url: .*megaphone.fm/.*' "$tree"/*.md | sed 's|.*/||' | tr -d '\r' |
	    while read -r name; do head -c 2222 /dev/zero > "web/$name"; done
	http_start "$PWD/web"
	echo "probe_map = https://traffic.megaphone.fm/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	run "$SHOWMILL" feed build -q --keep-going --at 2027-01-01 --out out
	/usr/bin/python3 - "$tree" out/feed.xml "$output" <<'PY'
import glob, re, sys, xml.etree.ElementTree as E
files, said = glob.glob(sys.argv[1] + '/*.md'), sys.argv[3]
number = '{http://www.itunes.com/dtds/podcast-1.0.dtd}episode'
items = E.parse(sys.argv[2]).findall('channel/item')
there = {(i.findtext(number) or '0', i.find('enclosure').get('url')) for i in items}
assert len(files) == 1033 and len(there) == len(items) > 900, (len(files), len(items))
named = 0
for f in files:
    head = open(f, encoding='utf-8-sig').read().split('---')[1]
    n = re.search(r'^number: *(\d+)', head, re.M).group(1)
    url = re.search(r'^url: *(\S+)', head, re.M).group(1)
    if (n, url) in there:
        continue
    assert f + ':' in said, f
    named += 1
assert len(items) + named == 1033, (len(items), named)
PY
}

@test "arresteddevops: the feed agrees with the table beside it" {
	tree=$SHARED/corpora/arresteddevops
	[ -d "$tree" ] || skip "../shared is not there"
	media=https://media.blubrry.com/arresteddevops/content.blubrry.com/arresteddevops/
	tree_show ado "episodes = $tree/content/episode" 'names = {slug}.md' "media_prefix = $media" \
		'episode_guid = {audio}' 'episode_url = https://www.arresteddevops.com/{stem}/'
	mkdir web
	/usr/bin/python3 - "$tree/ado-episode.tsv" <<'PY'
import csv, sys
for n, row in enumerate(csv.DictReader(open(sys.argv[1]), delimiter='\t', quoting=csv.QUOTE_NONE)):
    with open('web/' + row['enclosure_url'].rsplit('/', 1)[1], 'wb') as f:
        f.truncate(int(row['length'] or 5000 + n))
PY
	http_start "$PWD/web"
	echo "probe_map = $media http://127.0.0.1:$HTTP_PORT/" >> config.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ] || { echo "$output"; false; }
	/usr/bin/python3 - "$tree/ado-episode.tsv" out/feed.xml <<'PY'
import csv, datetime, email.utils, sys, xml.etree.ElementTree as E
def seconds(text):
    total = 0
    for part in text.split(':'):
        total = total * 60 + int(part)
    return total
rows = list(csv.DictReader(open(sys.argv[1]), delimiter='\t', quoting=csv.QUOTE_NONE))
items = {i.findtext('guid'): i for i in E.parse(sys.argv[2]).findall('channel/item')}
assert len(rows) == len(items) == 204, (len(rows), len(items))
for n, row in enumerate(rows):
    item = items[row['guid']]
    audio = item.find('enclosure')
    when = email.utils.parsedate_to_datetime(item.findtext('pubDate')).astimezone(datetime.timezone.utc)
    assert item.findtext('title').lower() == row['title'].lower(), row
    assert when.strftime('%Y-%m-%dT%H:%M:%SZ') == row['pubdate_utc'], (row, when)
    assert audio.get('url') == row['enclosure_url'] and audio.get('type') == row['type'], row
    assert audio.get('length') == (row['length'] or str(5000 + n)), row
    got = item.findtext('{http://www.itunes.com/dtds/podcast-1.0.dtd}duration')
    assert got == (str(seconds(row['duration'])) if row['duration'] else None), (row, got)
PY
	# The same again, with nothing asked.
	before=$(cksum < out/feed.xml)
	"$SHOWMILL" feed build --at $at --out out
	[ "$(cksum < out/feed.xml)" = "$before" ]
}

@test "a year in a slug or file name is no number, a name of ones own pattern may be" {
	tree_show year 'episode_guid = {stem}'
	tree_serve 1.mp3 2.mp3 3.mp3 4.mp3
	printf -- '---\ntitle: A\nslug: 2025\ndate: 2026-01-02\nurl: https://media.example.org/1.mp3\n---\n' > $notes/a.md
	printf -- '---\ntitle: B\ndate: 2026-01-03\nurl: https://media.example.org/2.mp3\n---\n' > $notes/2025-recap.md
	printf -- '---\ntitle: C\ndate: 2026-01-04\nurl: https://media.example.org/3.mp3\n---\n' > $notes/2025-12-24-c.md
	printf -- '---\ntitle: D\nepisode: S02E05\ndate: 2026-01-05\nurl: https://media.example.org/4.mp3\n---\n' > $notes/2024-d.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[[ "$output" == *'2025-recap.md:2: warning: the 2025 in the file'*'is taken for a year'* ]]
	[ "$(grep -c 'taken for a year' <<< "$output")" = 1 ]
	[ "$(items out/feed.xml | cut -d'|' -f1,2,12)" = "2024-d|5|D
2025-12-24-c||C
2025-recap||B
a||A" ]
	[[ "$(cat out/feed.xml)" == *'<itunes:season>2</itunes:season>'* ]]
	"$SHOWMILL" episode list --json > list.json
	[ "$(/usr/bin/python3 -c 'import json; print([e["number"] for e in json.load(open("list.json"))])')" = '[5, None, None, None]' ]
	"$SHOWMILL" -q episode list --show year > list.txt
	[ "$(grep -cE '(^| )(0|null) ' list.txt)" = 0 ]
	echo 'names = {number}-{slug}.md' >> feeds/year/show.ini
	rm $notes/2025-12-24-c.md $notes/a.md
	"$SHOWMILL" feed build --at $at --out out
	[[ "$(items out/feed.xml | cut -d'|' -f1,2)" == *'2025-recap|2025'* ]]
}

@test "except passes notes over without a word, in any folder or in one" {
	tree_show over 'names = **/{slug}.md' 'except = *.de.md' 'except = drafts/*' 'episode_guid = {stem}'
	mkdir $notes/drafts $notes/more
	local f
	for f in a a.de more/b more/b.de drafts/c; do
		printf -- '---\ntitle: T\ndate: 2026-01-02\nurl: https://media.example.org/1.mp3\n---\n' > $notes/$f.md
	done
	run "$SHOWMILL" episode list --show over
	[ "$status" = 0 ]
	[ "$("$SHOWMILL" -q episode list --json | grep -c '"guid"')" = 2 ]
	[[ "$output" != *de.md* && "$output" != *drafts* ]]
	echo 'except = a/../b' >> feeds/over/show.ini
	run "$SHOWMILL" episode list
	[ "$status" = 78 ]
	[[ "$output" == *'show.ini:11: error: except: `a/../b`: it must be'* ]]
}

@test ".markdown is read as .md is; other notes are told once, with their number" {
	tree_show ending 'episode_guid = {stem}' 'names = {number}-{slug}.md'
	tree_serve 1.mp3 2.mp3
	printf -- '---\ntitle: A\ndate: 2026-01-02\nurl: https://media.example.org/1.mp3\n---\n' > $notes/1-a.md
	printf -- '---\ntitle: B\ndate: 2026-01-03\nurl: https://media.example.org/2.mp3\n---\n' > $notes/2-b.markdown
	printf -- 'no notes\n' > $notes/3-c.txt
	printf -- '---\n---\n' > $notes/index.html
	printf -- '---\n---\n' | tee $notes/README.markdown > $notes/readme.txt
	"$SHOWMILL" feed build --at $at --out out 2> log
	[ "$(items out/feed.xml | cut -d'|' -f1,2,12)" = "1-a|1|A
2-b|2|B" ]
	[ "$(grep -c 'not read' log)" = 0 ]
	mv $notes/1-a.md $notes/1-a.MD
	"$SHOWMILL" feed build --at $at --out out 2> log
	[ "$(items out/feed.xml | cut -d'|' -f2 | tr -d '\n')" = 12 ]
	# As some editors save a file.
	printf -- '\xef\xbb\xbf---\n---\n' > $notes/4-f.html
	printf -- '---\ntitle: C\n---\n' | tee $notes/3-c.mdx $notes/3-d.html > $notes/3-e.txt
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[ "$(grep -c 'not read' <<< "$output")" = 1 ]
	[[ "$output" == *'3-c.mdx: warning: 4 files with front matter are not read'* ]]
}
