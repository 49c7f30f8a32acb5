#!/usr/bin/env bats
# The list of all shows that feed build makes.

load site

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00+01:00 two.mp3
	echo 'opml = lists/shows.opml' >> config.ini
}

at=2026-02-01

# second_show SLUG TITLE (for sed): a copy of mini with addresses and a guid of
# its own.
second_show() {
	cp -r feeds/mini "feeds/$1"
	sed -i "s/^title = .*/title = $2/; s/mini\.example/$1.example/
	    s/^guid = .*/guid = $(/usr/bin/python3 -c 'import sys, uuid; print(uuid.uuid5(uuid.NAMESPACE_DNS, sys.argv[1]))' "$1")/" "feeds/$1/show.ini"
	printf '%s\n' 'unknown_keys = error' 'language = de' >> "feeds/$1/show.ini"
}
# opml FILE EXPRESSION: of its root r
opml() { /usr/bin/python3 -c 'import sys, xml.etree.ElementTree as E; r = E.parse(sys.argv[1]).getroot(); print(eval(sys.argv[2]))' "$1" "$2"; }

@test "opml: all shows, by title, as new as the newest feed; a second build touches nothing" {
	second_show other '"Another" \& <Show>'
	cp feeds/mini/media/one.mp3 feeds/other/media/three.mp3
	printf -- '---\ntitle: Three\nnumber: 3\ndate: 2026-01-19T10:00:00Z\naudio: three.mp3\n---\n\ntext\n' > feeds/other/episodes/003-three.md
	run "$SHOWMILL" feed build --at $at
	echo "$output"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = "lists/shows.opml: 2 shows, written" ]
	[ "$(opml lists/shows.opml '(r.tag, r.get("version"))')" = "('opml', '2.0')" ]
	[ "$(opml lists/shows.opml '[(c.tag, c.text) for c in r.find("head")]')" = \
	    "[('title', 'Podcasts'), ('dateModified', 'Mon, 19 Jan 2026 10:00:00 +0000')]" ]
	[ "$(opml lists/shows.opml '[o.get("text") for o in r.find("body")]')" = "['\"Another\" & <Show>', 'The Mini Show']" ]
	[ "$(opml lists/shows.opml 'r.find("body")[0].attrib')" = "{'type': 'rss', 'text': '\"Another\" & <Show>', 'title': '\"Another\" & <Show>', 'description': 'A show for tests', 'xmlUrl': 'https://other.example.org/feed.xml', 'htmlUrl': 'https://other.example.org/', 'language': 'de', 'version': 'RSS2'}" ]
	before=$(stat -c '%i %y' lists/shows.opml; cksum lists/shows.opml)
	run "$SHOWMILL" feed build --at 2026-03-01
	[ "${lines[-1]}" = "lists/shows.opml: 2 shows, unchanged" ]
	[ "$(stat -c '%i %y' lists/shows.opml; cksum lists/shows.opml)" = "$before" ]
	# of one show there is no list
	sed -i 's/^title = .*/title = New title/' feeds/mini/show.ini
	run "$SHOWMILL" feed build --at $at --show mini
	[[ "$output" != *opml* ]]
	[ "$(stat -c '%i %y' lists/shows.opml; cksum lists/shows.opml)" = "$before" ]
	"$SHOWMILL" feed build --at $at --show mini --show other
	[ "$(opml lists/shows.opml 'r.find("body")[1].get("text")')" = "New title" ]
	[ -z "$("$SHOWMILL" -q feed build --at $at)" ]
}

@test "opml: without the key there is none; --out takes it along; opml_title names it" {
	second_show other Other
	echo 'opml_title = All of "ours"' >> config.ini
	run "$SHOWMILL" feed build --at $at --out out
	echo "$output"
	[ "${lines[-1]}" = "out/shows.opml: 2 shows, written" ]
	[ ! -e lists ]
	[ -e out/other/feed.xml ]
	[ "$(opml out/shows.opml 'r.findtext("head/title")')" = 'All of "ours"' ]
	rm -r out feeds/other
	"$SHOWMILL" feed build --at $at --out out
	[ "$(opml out/shows.opml 'len(r.find("body"))')" = 1 ]
	[ -e out/feed.xml ]
	sed -i '/^opml/d' config.ini
	rm -r out
	run "$SHOWMILL" feed build --at $at --out out
	[ ! -e out/shows.opml ]
	[[ "$output" != *opml* ]]
}

@test "opml: no list while a feed is refused, waits or cannot be written" {
	"$SHOWMILL" feed build --at $at
	before=$(cksum lists/shows.opml feeds/mini/public/feed.xml)
	same() { [ "$(cksum lists/shows.opml feeds/mini/public/feed.xml)" = "$before" ]; [ -z "$(find . -name '.*.tmp')" ]; }
	sed -i 's/^title = .*/title = New title/' feeds/mini/show.ini
	run "$SHOWMILL" feed build --at 2025-01-01
	[ "$status" = 77 ]
	same
	printf -- '---\ntitle: T\ndate: yesterday\naudio: one.mp3\n---\n' > feeds/mini/episodes/011-date.md
	run "$SHOWMILL" feed build --at $at
	[ "$status" = 65 ]
	same
	rm feeds/mini/episodes/011-date.md
	# A show whose first feed is not written is on no list.
	second_show other Other
	rm -r feeds/other/public
	sed -i 's/^date: .*/date: yesterday/' feeds/other/episodes/*.md
	sed -i 's/^title = .*/title = The Mini Show/' feeds/mini/show.ini
	run "$SHOWMILL" feed build --at $at --keep-going
	echo "$output"
	[ "$status" = 65 ]
	[[ "$output" == *"feeds/other/public/feed.xml: no episode yet, not written"* ]]
	same
}

@test "opml: where it cannot be written no feed is" {
	: > lists
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 0 ]
	run "$SHOWMILL" feed build --at $at
	echo "$output"
	[ "$status" = 73 ]
	[[ "$output" == *"lists"* ]]
	[ ! -e feeds/mini/public/feed.xml ]
	[ -z "$(find . -name '.*.tmp')" ]
}

@test "opml: in the file of a feed: 78, with the line of config.ini" {
	sed -i 's#^opml = .*#opml = feeds/mini/public/atom.xml#' config.ini
	for only in '' '--show other'; do
		[ -z "$only" ] || second_show other Other
		# shellcheck disable=SC2086
		run "$SHOWMILL" feed build --at $at $only
		[ "$status" = 78 ]
		[[ "$output" == *"config.ini:3: error: opml: "*"feeds/mini/show.ini"* ]]
		[ ! -e feeds/mini/public ]
	done
	sed -i 's#^opml = .*#opml = lists/feed.xml#' config.ini
	rm -r feeds/other
	run "$SHOWMILL" feed build --at $at --out out
	[ "$status" = 78 ]
	[ ! -e out ]
}
