#!/usr/bin/env bats
# feed build, end to end.

load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00+01:00 two.mp3
}
teardown() { peers_stop; }

at=2026-02-01

xpath() { /usr/bin/python3 - "$1" "$2" <<'PY'
import sys, xml.etree.ElementTree as E
ns = {'itunes': 'http://www.itunes.com/dtds/podcast-1.0.dtd', 'atom': 'http://www.w3.org/2005/Atom',
      'content': 'http://purl.org/rss/1.0/modules/content/'}
path, _, attr = sys.argv[2].partition('@')
for e in E.parse(sys.argv[1]).findall(path, ns):
    print(e.get(attr) if attr else (e.text or ''))
PY
}

@test "both feeds say what the episodes say, with true sizes and durations" {
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[ "$(xpath out/feed.xml 'channel/item/title')" = "Episode number 2
Episode number 1" ]
	[ "$(xpath out/feed.xml 'channel/item/enclosure@length')" = "$(stat -c %s feeds/mini/media/two.mp3)
$(stat -c %s feeds/mini/media/one.mp3)" ]
	[ "$(xpath out/feed.xml 'channel/item/itunes:duration')" = "3
3" ]
	[ "$(xpath out/feed.xml 'channel/item/pubDate' | tail -n 1)" = "Mon, 05 Jan 2026 10:00:00 +0000" ]
	[ "$(xpath out/feed.xml 'channel/item/enclosure@type' | sort -u)" = audio/mpeg ]
	[ "$(xpath out/atom.xml 'atom:entry/atom:title')" = "Episode number 2
Episode number 1" ]
}

@test "a guid is the UUIDv5 of the show's guid and the number" {
	"$SHOWMILL" feed build --at $at --out out
	want=$(/usr/bin/python3 -c 'import uuid; s = uuid.UUID("7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11"); print(uuid.uuid5(s, "2")); print(uuid.uuid5(s, "1"))')
	[ "$(xpath out/feed.xml channel/item/guid)" = "$want" ]
	# slug, title and address do not change it
	mv feeds/mini/episodes/001-the-1.md feeds/mini/episodes/001-renamed.md
	sed -i 's/^title: .*/title: New title/' feeds/mini/episodes/001-renamed.md
	"$SHOWMILL" feed build --at $at --out out
	[ "$(xpath out/feed.xml channel/item/guid)" = "$want" ]
}

@test "a second build gives the same bytes and touches nothing" {
	"$SHOWMILL" feed build --at $at --out out
	before=$(stat -c '%i %y' out/feed.xml out/atom.xml; cat out/*.xml | cksum)
	run "$SHOWMILL" feed build --at $at --out out
	[[ "$output" == *unchanged* ]]
	[ "$(stat -c '%i %y' out/feed.xml out/atom.xml; cat out/*.xml | cksum)" = "$before" ]
	rm -f cache.db*
	"$SHOWMILL" feed build --at $at --out out
	[ "$(stat -c '%i %y' out/feed.xml out/atom.xml; cat out/*.xml | cksum)" = "$before" ]
}

@test "drafts and what is not due stay out" {
	site_episode 3 2026-01-19T10:00:00Z one.mp3 'draft: true'
	site_episode 4 2026-03-01T10:00:00Z nothing.mp3
	"$SHOWMILL" feed build --at $at --out out
	[ "$(xpath out/feed.xml channel/item/title | wc -l)" = 2 ]
}

@test "the length of a remote file is that of the last answer" {
	mkdir web && head -c 123456 /dev/zero > web/far.mp3
	http_start "$PWD/web" '/moved.mp3 redirect 302 /far.mp3'
	echo "probe_map = https://cdn.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	site_episode 3 2026-01-19T10:00:00Z https://cdn.example.org/moved.mp3 'duration: "29:01"'
	"$SHOWMILL" feed build --at $at --out out
	[ "$(xpath out/feed.xml 'channel/item/enclosure@length' | head -n 1)" = 123456 ]
	[ "$(xpath out/feed.xml 'channel/item/enclosure@url' | head -n 1)" = https://cdn.example.org/moved.mp3 ]
	[ "$(xpath out/feed.xml 'channel/item/itunes:duration' | head -n 1)" = 1741 ]
}

@test "probe_map may lead to a folder" {
	mkdir web && cp feeds/mini/media/one.mp3 web/far.mp3
	echo "probe_map = https://cdn.example.org/ web" >> config.ini
	site_episode 3 2026-01-19T10:00:00Z https://cdn.example.org/far.mp3
	"$SHOWMILL" feed build --at $at --out out
	[ "$(xpath out/feed.xml 'channel/item/enclosure@length' | head -n 1)" = "$(stat -c %s web/far.mp3)" ]
	# Hosts have no case, and paths have.
	site_episode 3 2026-01-19T10:00:00Z HTTPS://CDN.example.org/far.mp3
	"$SHOWMILL" feed build --at $at --out out
	[ "$(xpath out/feed.xml 'channel/item/enclosure@length' | head -n 1)" = "$(stat -c %s web/far.mp3)" ]
	sed -i 's#org/ web#org/FAR/ web#' config.ini
	echo "probe_map = https://cdn.example.org/ http://127.0.0.1:9/" >> config.ini
	site_episode 3 2026-01-19T10:00:00Z https://cdn.example.org/far/far.mp3
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 69 ]
}

@test "a server that does not know the file: 65, and it is named" {
	mkdir web
	http_start "$PWD/web"
	echo "probe_map = https://cdn.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	site_episode 3 2026-01-19T10:00:00Z https://cdn.example.org/none.mp3
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *"003-the-3.md:5: error: "*"404"* ]]
	[ ! -e out/feed.xml ]
}

@test "all problems of all episodes in one run, the last good feed stays" {
	"$SHOWMILL" feed build --at $at --out out
	good=$(cksum out/feed.xml out/atom.xml)
	cd feeds/mini/episodes
	printf -- '---\ntitle: [broken\n---\n' > 010-yaml.md
	printf -- '---\ntitle: T\ndate: yesterday\naudio: one.mp3\n---\n' > 011-date.md
	printf -- '---\ntitle: T\ndate: 2026-01-01\naudio: one.mp3\ncolour: red\n---\n' > 012-key.md
	printf -- '---\ntitle: T\ndate: 2026-01-01\naudio: none.mp3\n---\n' > 013-audio.md
	printf -- '---\ntitle: "a\\r\\nb"\ndate: 2026-01-01\naudio: one.mp3\nguid: "x\\ny"\n---\n' > 014-crlf.md
	printf -- '---\ntitle: T\xff\ndate: 2026-01-01\naudio: one.mp3\n---\n' > 015-utf8.md
	printf -- '---\ntitle: T\nnumber: 1\ndate: 2026-01-01\naudio: two.mp3\n---\n' > 016-number.md
	printf -- '---\ntitle: T\ndate: 2026-01-01\naudio: ../show.ini\n---\n' > 017-outside.md
	printf -- '---\ntitle: T\n' > 018-open.md
	cd "$SITE"
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	for want in 010-yaml.md:2 011-date.md:3 012-key.md:5 013-audio.md:4 \
	    014-crlf.md:5 015-utf8.md:2 016-number.md 017-outside.md:4 018-open.md:1; do
		[[ "$output" == *"$want"* ]] || { echo "not named: $want"; echo "$output"; false; }
	done
	[ "$(cksum out/feed.xml out/atom.xml)" = "$good" ]
	[ -z "$(find out -name '.*.tmp')" ]
	run "$SHOWMILL" feed build --at $at --out out --keep-going
	[ "$status" = 65 ]
	[[ "$output" == *"9 episodes were left out: "*"016-number.md"* ]]
	# One message each; and no bad one has taken a good one with it.
	[ "$(grep -c '014-crlf.md.*error' <<<"$output")" = 2 ]
	[ "$(xpath out/feed.xml channel/item/title)" = "Episode number 2
Episode number 1" ]
}

@test "unknown_keys = ignore passes them over" {
	site_episode 3 2026-01-19T10:00:00Z two.mp3 'colour: red'
	sed -i 's/audio: two.mp3/audio: three.mp3/' feeds/mini/episodes/003-the-3.md
	cp feeds/mini/media/one.mp3 feeds/mini/media/three.mp3
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	echo 'unknown_keys = ignore' >> feeds/mini/show.ini
	"$SHOWMILL" feed build --at $at --out out
}

@test "one audio for two episodes is refused" {
	site_episode 3 2026-01-19T10:00:00Z one.mp3
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *episode-audio-twice* ]]
}

@test "a mistake in show.ini or config.ini is told with its line: 78" {
	echo 'colour = red' >> feeds/mini/show.ini
	run "$SHOWMILL" feed build --out out
	[ "$status" = 78 ]
	[[ "$output" == *"show.ini:15: error: "* ]]
	sed -i '$d' feeds/mini/show.ini
	echo 'smtp_timeout = never' >> config.ini
	run "$SHOWMILL" feed build --out out
	[ "$status" = 78 ]
	[[ "$output" == *"config.ini:3: error: "* ]]
}

@test "a table beside notes without front matter" {
	rm feeds/mini/episodes/*
	printf '# Notes of one\n\ntext\n' > feeds/mini/episodes/001.md
	printf '# Notes of two\n\ntext\n' > feeds/mini/episodes/002.md
	printf 'number,title,date,duration,audio\n1,"One, the first",2026-01-05,0:03,one.mp3\n2,,2026-01-06,,two.mp3\n' > feeds/mini/table.csv
	echo 'table = table.csv' >> feeds/mini/show.ini
	"$SHOWMILL" feed build --at $at --out out
	[ "$(xpath out/feed.xml channel/item/title)" = "Notes of two
One, the first" ]
}

@test "a table with wrong rows: 65, with the problems of all episodes" {
	printf '# Three\n\ntext\n' > feeds/mini/episodes/003.md
	printf -- '---\ntitle: Four\ndate: 2026-01-08\naudio: one.mp3\nguid: four\n---\n' > feeds/mini/episodes/004.md
	printf -- '---\ntitle: Five\ndate: never\n---\n' > feeds/mini/episodes/005.md
	printf 'number,title,date,audio\n3,"Three" and more,2026-01-07,two.mp3\n4,a,b,c,d\n5,,,two.mp3\n' > feeds/mini/table.csv
	echo 'table = table.csv' >> feeds/mini/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 65 ]
	[ ! -e out ]
	[[ "$output" == *"table.csv:2: error: there is text behind"* ]]
	[[ "$output" == *"table.csv:3: error: this row has 5 fields"* ]]
	[[ "$output" == *"003.md:1: error: its row of the table, "*"table.csv:2, cannot be used [episode-table]"* ]]
	[[ "$output" == *"004.md:2: error: its row"* ]]
	[[ "$output" == *"005.md:3: error: "* ]]
	[ "$(grep -c 'error: .*\[' <<< "$output")" = 5 ]
	# one that cannot be used at all is one error, not one for each episode
	echo 'title,date' > feeds/mini/table.csv
	run "$SHOWMILL" feed build --at $at --out out --keep-going
	echo "$output"
	[ "$status" = 65 ]
	[ ! -e out ]
	[ "$(grep -c 'error: .*\[' <<< "$output")" = 1 ]
	[[ "$output" == *"table.csv:1: error: "* ]]
}

@test "a heading that is the title is not said twice, and has no line break or control character" {
	rm feeds/mini/episodes/*
	printf -- '---\ndate: 2026-01-05\naudio: one.mp3\n---\n\n# The *title*\n\ntext\n' > feeds/mini/episodes/001-a.md
	printf -- '---\ntitle: Two\ndate: 2026-01-06\naudio: two.mp3\n---\n\n# Another\n' > feeds/mini/episodes/002-b.md
	"$SHOWMILL" feed build --at $at --out out
	[ "$(xpath out/feed.xml channel/item/title)" = "Two
The title" ]
	[ "$(xpath out/feed.xml channel/item/content:encoded | sed '/^$/d')" = "<h1>Another</h1>
<p>text</p>" ]
	[ "$(xpath out/atom.xml atom:entry/atom:content | sed '/^$/d')" = "<h1>Another</h1>
<p>text</p>" ]
	printf -- '---\ndate: 2026-01-05\naudio: one.mp3\n---\n\n# Hello&#10;Bcc: x\n' > feeds/mini/episodes/001-a.md
	printf -- '---\ndate: 2026-01-06\naudio: two.mp3\n---\n# red&#27;[31m\n' > feeds/mini/episodes/002-b.md
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "$status" = 65 ]
	[[ "$output" == *"001-a.md:6: error: there is a line break in the heading"* ]]
	[[ "$output" == *"002-b.md:5: error: there is a control character in the heading"* ]]
	[[ "$output" != *"has no title"* ]]
}

@test "a generator's shortcodes leave nothing behind, and are told with their lines" {
	n=$(wc -l < feeds/mini/episodes/001-the-1.md)
	printf '\n{{< youtube dQw4w9WgXcQ >}}\n\n{{< box "x" >}}kept{{< /box >}} {{ page.title }}\n\n`{{ code }}`\n' >> feeds/mini/episodes/001-the-1.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[[ "$output" == *"001-the-1.md:$((n + 4)): "*'`{{< box >}}` is left out'* ]]
	[[ "$output" == *"001-the-1.md:$((n + 4)): "*'`{{ page.title }}` is left out'* ]]
	run xpath out/feed.xml channel/item/content:encoded
	[[ "$output" == *'<a href="https://www.youtube.com/watch?v=dQw4w9WgXcQ">'* ]]
	[[ "$output" == *'<p>kept'* ]]
	[[ "$output" == *'<code>{{ code }}</code>'* ]]
	[[ "$output" != *'{{<'* && "$output" != *page.title* ]]
}

@test "a shortcode that many notes have is told once, and with -v at each place" {
	first=$(ls feeds/mini/episodes/*.md | head -1) second=$(ls feeds/mini/episodes/*.md | sed -n 2p)
	printf '\n{{< box "x" >}}\n\n{{< box >}}\n' >> "$first"
	printf '\n{{< box "y" >}} {{< pad >}}\n' >> "$second"
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[ "$(grep -c '{{< box >}}' <<< "$output")" = 1 ]
	[[ "$output" == *"$first:$(($(wc -l < "$first") - 2)): warning: "*'{{< box >}}'*"so 3 times in 2 files"*"[episode-shortcode]"* ]]
	[ "$(grep -c '{{< pad >}}' <<< "$output")" = 1 ]
	[[ "$(grep '{{< pad >}}' <<< "$output")" != *times* ]]
	run "$SHOWMILL" -v feed build --at $at --out out
	[ "$(grep -c '{{< box >}}` is left out' <<< "$output")" = 3 ]
	[[ "$output" != *"3 times"* ]]
}

@test "standard output that takes nothing is no success" {
	[ -w /dev/full ] || skip "there is no /dev/full"
	run bash -c '"$0" episode list > /dev/full' "$SHOWMILL"
	[ "$status" = 74 ]
}

@test "help, usage errors and exit codes" {
	run "$SHOWMILL" --help
	[ "$status" = 0 ]
	run "$SHOWMILL"
	[ "$status" = 64 ]
	run "$SHOWMILL" feed burn
	[ "$status" = 64 ]
	run "$SHOWMILL" feed build --nope
	[ "$status" = 64 ]
	run "$SHOWMILL" -c nowhere.ini feed build
	[ "$status" = 66 ]
	run bash -c 'cd / && "$0" feed build' "$SHOWMILL"
	[ "$status" = 78 ]
	for c in "feed build" "digest preview" "digest send" "digest status" "digest resend" "digest reconcile" "digest report" \
	    "friend add" "friend remove" "friend list" "friend import" "friend export" \
	    "episode new" "episode list"; do
		run "$SHOWMILL" $c --help
		[ "$status" = 0 ]
		[[ "$output" == usage:* ]]
	done
}

@test "episode new writes the guid down and can be read" {
	run "$SHOWMILL" episode new "Ça va? A \"new\" one"
	[ "$status" = 0 ]
	[[ "$output" == *003-ca-va-a-new-one.md ]]
	grep -q "^guid: $(/usr/bin/python3 -c 'import uuid; print(uuid.uuid5(uuid.UUID("7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11"), "3"))')$" "$output"
	run "$SHOWMILL" episode list --json
	[ "$status" = 0 ]
	[[ "$output" == *'"state": "draft"'* ]]
}

@test "episode new: nothing is written while an episode has an error" {
	site_episode 3 2026-01-19T10:00:00Z two.mp3 'colour: red'
	before=$(ls feeds/mini/episodes)
	run "$SHOWMILL" episode new Next
	[ "$status" = 65 ]
	[[ "$output" == *003-the-3.md* ]]
	[ "$(ls feeds/mini/episodes)" = "$before" ]
}

@test "episode new names the file as names and the others have it" {
	rm feeds/mini/episodes/*
	echo 'names = ep{number}.md' >> feeds/mini/show.ini
	site_episode 7 2026-01-05T10:00:00Z one.mp3
	mv feeds/mini/episodes/007-the-7.md feeds/mini/episodes/ep0007.md
	run "$SHOWMILL" episode new Next
	[ "$status" = 0 ]
	[ "$output" = feeds/mini/episodes/ep0008.md ]
	grep -qx 'audio: ep0008.mp3' "$output"
	run "$SHOWMILL" episode list --json
	[ "$status" = 0 ]
	[[ "$output" == *ep0008.md* ]]
}

uuid5() { /usr/bin/python3 -c 'import sys, uuid; print(uuid.uuid5(uuid.UUID("7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11"), sys.argv[1]))' "$1"; }

@test "seasons: the next number, and a guid where the number has one" {
	rm feeds/mini/episodes/*
	site_episode 1 2026-01-05T10:00:00Z one.mp3 'season: 1'
	mv feeds/mini/episodes/001-the-1.md feeds/mini/episodes/101-a.md
	run "$SHOWMILL" episode new Second
	grep -qx 'season: 1' "$output"
	grep -qx 'number: 2' "$output"
	rm "$output"
	# A second season that begins at 1 again: the message has the line.
	site_episode 1 2026-01-12T10:00:00Z two.mp3 'season: 2'
	mv feeds/mini/episodes/001-the-1.md feeds/mini/episodes/201-b.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	line="guid: $(uuid5 2/1)"
	[[ "$output" == *"201-b.md"*"101-a.md"*"\`$line\`"* ]]
	sed -i "s/^season: 2/&\n$line/" feeds/mini/episodes/201-b.md
	"$SHOWMILL" feed build --at $at --out out
	[ "$(xpath out/feed.xml channel/item/guid)" = "$(uuid5 2/1)
$(uuid5 1)" ]
	[ "$(xpath out/feed.xml channel/item/itunes:season)" = "2
1" ]
	# In the second season 2 is free, and so is its guid ...
	run "$SHOWMILL" episode new Next
	grep -qx 'season: 2' "$output"
	grep -qx 'number: 2' "$output"
	grep -qx "guid: $(uuid5 2)" "$output"
	rm "$output"
	# ... until the first one has it.
	site_episode 2 2026-01-06T10:00:00Z two.mp3 'season: 1'
	mv feeds/mini/episodes/002-the-2.md feeds/mini/episodes/102-c.md
	run "$SHOWMILL" episode new Next
	grep -qx 'number: 2' "$output"
	grep -qx "guid: $(uuid5 2/2)" "$output"
}

@test "a trailer with the number of its episode: the message has a guid for it" {
	site_episode 1 2026-01-19T10:00:00Z three.mp3 'episode_type: trailer'
	mv feeds/mini/episodes/001-the-1.md feeds/mini/episodes/001-trailer.md
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	cat feeds/mini/media/one.mp3 feeds/mini/media/one.mp3 > feeds/mini/media/three.mp3
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	line="guid: $(uuid5 001-trailer)"
	[[ "$output" == *"001-trailer.md"*"001-the-1.md"*"\`$line\`"* ]]
	sed -i "s/^episode_type/$line\n&/" feeds/mini/episodes/001-trailer.md
	"$SHOWMILL" feed build --at $at --out out
	[ "$(xpath out/feed.xml channel/item/title | wc -l)" = 3 ]
}

@test "one number twice is seen whatever lies between" {
	rm feeds/mini/episodes/*
	cp feeds/mini/media/one.mp3 feeds/mini/media/three.mp3
	n=1
	for f in 'a one full' 'b two bonus' 'c three full'; do
		set -- $f
		site_episode 1 2026-01-0${n}T10:00:00Z "$2.mp3" "guid: $1
episode_type: $3"
		mv feeds/mini/episodes/001-the-1.md "feeds/mini/episodes/001-$1.md"
		n=$((n + 1))
	done
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[[ "$output" == *"001-c.md:3: warning: the number 1 is that of "*"001-a.md too"* ]]
	[[ "$output" != *001-b.md* ]]
	[ "$(xpath out/feed.xml channel/item/title | wc -l)" = 3 ]
	# Where the guids come of it, it is an error.
	sed -i '/^guid/d' feeds/mini/episodes/001-[ac].md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *"001-c.md:3: error: the number 1 is that of "*"001-a.md too"* ]]
}

@test "guids that Atom takes for one are twins" {
	g=0C2A7F2E-6A43-5B0C-9A55-0F6F3F0C7C11
	site_episode 3 2026-01-19T10:00:00Z three.mp3 "guid: $g"
	site_episode 4 2026-01-20T10:00:00Z four.mp3 "guid: urn:uuid:${g,,}"
	run "$SHOWMILL" episode list
	[ "$status" = 65 ]
	[[ "$output" == *"004-the-4.md"*episode-guid-twice* ]]
}

@test "absolute, dotted and encoded names of one file" {
	m=$PWD/feeds/mini/media
	mkdir "$m/sub dir" && mv "$m/two.mp3" "$m/sub dir/two.mp3"
	ln -s 'sub dir/two.mp3' "$m/latest.mp3"
	try() { # NAME, address
		sed -i "s#^audio: .*#audio: $1#" feeds/mini/episodes/002-the-2.md
		"$SHOWMILL" -q feed build --at $at --out out
		[ "$(xpath out/feed.xml 'channel/item/enclosure@url' | head -n 1)" = "https://mini.example.org/media/$2" ]
	}
	try "$m/sub dir/two.mp3" sub%20dir/two.mp3
	try "./sub dir//./two.mp3" sub%20dir/two.mp3
	try "sub dir/../sub dir/two.mp3" sub%20dir/two.mp3
	try latest.mp3 latest.mp3
	try "../media/sub dir/two.mp3" sub%20dir/two.mp3
	# A folder is no audio, under whatever name.
	for name in . ./ "$m" "$m/" "$m/sub dir"; do
		sed -i "s#^audio: .*#audio: $name#" feeds/mini/episodes/002-the-2.md
		run "$SHOWMILL" feed build --at $at --out out
		[ "$status" = 65 ]
		[[ "$output" == *"002-the-2.md:5: error: "*directory* ]]
	done
	# One file under two names is one audio for two episodes.
	for name in ./one.mp3 "$m/one.mp3" https://mini.example.org/media/%6fne.mp3; do
		sed -i "s#^audio: .*#audio: $name#" feeds/mini/episodes/002-the-2.md
		run "$SHOWMILL" feed build --at $at --out out
		[ "$status" = 65 ]
		[[ "$output" == *episode-audio-twice* ]]
	done
}

@test "lastBuildDate is the newest date or update" {
	sed -i 's/^audio: two.mp3/&\nupdated: 2020-01-01/' feeds/mini/episodes/002-the-2.md
	sed -i 's/^audio: one.mp3/&\nupdated: 2026-01-15/' feeds/mini/episodes/001-the-1.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[[ "$output" == *"002-the-2.md:6: warning: "*"[episode-updated]"* ]]
	[ "$(xpath out/feed.xml channel/lastBuildDate)" = "Thu, 15 Jan 2026 00:00:00 +0000" ]
	[ "$(xpath out/atom.xml 'atom:entry/atom:updated' | head -n 1)" = 2026-01-12T10:00:00+01:00 ]
}

@test "notes that cannot be rendered: their line, and no trace in the feed" {
	site_episode 3 2026-01-30T10:00:00Z three.mp3
	cp feeds/mini/media/one.mp3 feeds/mini/media/three.mp3
	printf '%0.s> ' $(seq 300) >> feeds/mini/episodes/003-the-3.md
	echo deep >> feeds/mini/episodes/003-the-3.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *"003-the-3.md:7: error: the notes are nested"* ]]
	[ ! -e out/feed.xml ]
	run "$SHOWMILL" feed build --at $at --out out --keep-going
	[ "$status" = 65 ]
	[[ "$output" == *"1 episode was left out: "*003-the-3.md* ]]
	[ "$(xpath out/feed.xml channel/item/title | wc -l)" = 2 ]
	[ "$(xpath out/feed.xml channel/lastBuildDate)" = "Mon, 12 Jan 2026 10:00:00 +0100" ]
}

@test "one mistake, one message" {
	printf -- '---\ntitle: |\n  a\n  b\ndate: [x]\nnumber: xx\naudio: one.mp3\n---\n' > feeds/mini/episodes/010-a.md
	printf 'number,title\n1,\n2,\n' > feeds/mini/table.csv
	echo 'table = table.csv' >> feeds/mini/show.ini
	run "$SHOWMILL" episode list
	[ "$status" = 65 ]
	[ "$(grep -c '010-a.md:.*error' <<<"$output")" = 3 ]
}

@test "addresses, languages, types and file names are checked: the message helps" {
	bad() { # LINE of show.ini, words
		cp feeds/mini/show.ini good.ini
		echo "$1" >> feeds/mini/show.ini
		run "$SHOWMILL" feed build --at $at --out out
		mv good.ini feeds/mini/show.ini
		[ "$status" = 78 ] && [[ "$output" == *"$2"* ]] || { echo "$1: $output"; return 1; }
	}
	bad 'language = en_US' 'such as en-US'
	bad 'rss = podcast/feed.xml' 'without a folder'
	bad 'audio_url = cdn/{number}.mp3' 'begin with https://'
	bad 'friends_url = https://x.example/ü' 'write %C3%BC'
	sed -i 's#^episode_url = .*#episode_url = /ep/{number}#' feeds/mini/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 78 ]
	sed -i '/^episode_url/d' feeds/mini/show.ini
	site_episode 3 2026-01-19T10:00:00Z 'https://x.example/a b.mp3' 'type: banana'
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *'write %20'* ]]
	[[ "$output" == *'`type: banana`'* ]]
}

@test "what Apple does not take is warned of, with the line" {
	sed -i '/^image\|^category/d' feeds/mini/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[[ "$output" == *"[show-image]"*"[show-category]"* ]]
	printf 'category = News>Tech News\ncategory = Podcats\ncategory = Travel\n' >> feeds/mini/show.ini
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	[[ "$output" == *"show.ini:14: warning: \`Podcats\`"*"show.ini:15: warning: \`Travel\` is no longer"* ]]
	[[ "$output" != *"Tech News"* ]]
	/usr/bin/python3 - <<-'PY'
	import xml.etree.ElementTree as E
	c = E.parse('out/feed.xml').find('.//{http://www.itunes.com/dtds/podcast-1.0.dtd}category')
	assert (c.get('text'), c[0].get('text')) == ('News', 'Tech News')
	PY
}

@test "-v says what was learnt of an audio file" {
	run "$SHOWMILL" feed build --at $at --out out
	[[ "$output" != *debug* ]]
	rm cache.db*
	run "$SHOWMILL" feed build --at $at --out out -v
	[[ "$output" == *"debug: "*"one.mp3: $(stat -c %s feeds/mini/media/one.mp3) bytes, audio/mpeg"* ]]
}

@test "380 real notes in one process under 64 MiB" {
	[ -d "$SHARED/corpora/python-bytes" ] || skip "../shared is not there"
	command -v /usr/bin/time >/dev/null || skip "time(1) is not installed"
	P=$SHARED/corpora/python-bytes
	/usr/bin/python3 - "$P/episodes.csv" web <<-'PY'
	import csv, os, sys, urllib.parse
	for r in csv.DictReader(open(sys.argv[1])):
	    p = sys.argv[2] + urllib.parse.urlparse(r['audio']).path
	    os.makedirs(os.path.dirname(p), exist_ok=True)
	    with open(p, 'wb') as f: f.truncate(10000000 + int(r['number']) * 7919)
	PY
	http_start "$PWD/web"
	mkdir -p feeds/pb && rm -r feeds/mini
	cat > feeds/pb/show.ini <<-INI
	title = Notes of others
	link = https://pythonbytes.fm/
	feed_url = https://pythonbytes.fm/rss
	atom_url = https://pythonbytes.fm/atom
	json_url = https://pythonbytes.fm/json
	guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11
	description = For tests only
	episodes = $P/show_notes
	table = $P/episodes.csv
	unknown_keys = ignore
	INI
	echo "probe_map = https://pythonbytes.fm/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
	/usr/bin/time -f %M -o rss.txt "$SHOWMILL" -q feed build --out out
	echo "# peak memory: $(cat rss.txt) KiB" >&3
	case $BUILD in *asan*) ;; *) [ "$(cat rss.txt)" -lt 65536 ] ;; esac
	run /usr/bin/python3 "$REPO/tests/e2e/feed_equal.py" "$P/episodes.csv" web out/feed.xml out/atom.xml \
	    7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11
	echo "$output"
	[ "$status" = 0 ] || [ "$status" = 77 ]
	/usr/bin/python3 "$REPO/tests/e2e/json_equal.py" out/feed.xml out/feed.json
	[ "$status" = 0 ] || skip "python3-feedparser is not installed"
	[ ! -e "$SHARED/schemas/atom-rfc4287.rng" ] || ! command -v xmllint ||
	    xmllint --noout --relaxng "$SHARED/schemas/atom-rfc4287.rng" out/atom.xml
}

@test "block and complete say yes, or nothing" {
	"$SHOWMILL" -q feed build --at $at --out out
	[ "$(grep -c 'itunes:block\|itunes:complete' out/feed.xml)" = 0 ]
	printf 'block = true\ncomplete = yes\n' >> feeds/mini/show.ini
	sed -i 's/^audio: two.mp3/&\nblock: true/' feeds/mini/episodes/002-the-2.md
	"$SHOWMILL" -q feed build --at $at --out out
	[ "$(xpath out/feed.xml channel/itunes:block)" = Yes ]
	[ "$(xpath out/feed.xml channel/itunes:complete)" = Yes ]
	[ "$(xpath out/feed.xml channel/item/itunes:block)" = Yes ]
	sed -i 's/^block: .*/block: perhaps/' feeds/mini/episodes/002-the-2.md
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 65 ]
	[[ "$output" == *'002-the-2.md:6: error: `block: perhaps` must be true or false'* ]]
}
