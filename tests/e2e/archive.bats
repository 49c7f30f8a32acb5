#!/usr/bin/env bats
# A feed of the newest episodes, and an archive of all (RFC 5005, 4).
load site

setup() {
	site_make
	echo 'items = 3' >> feeds/mini/show.ini
	echo 'json_url = https://mini.example.org/feed.json' >> feeds/mini/show.ini
}

at=2026-02-01
build() { run "$SHOWMILL" feed build --at $at --out out "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
episodes() {
	for n in $(seq "$1" "$2"); do
		cp feeds/mini/media/one.mp3 "feeds/mini/media/$n.mp3"
		site_episode "$n" "2026-01-$(printf %02d "$n")T10:00:00Z" "$n.mp3"
	done
}
# doc FILE: numbers of its episodes, and its links.
doc() { /usr/bin/python3 - "$1" <<'PY'
import json, sys, xml.etree.ElementTree as E
i = '{http://www.itunes.com/dtds/podcast-1.0.dtd}'
a = '{http://www.w3.org/2005/Atom}'
fh = '{http://purl.org/syndication/history/1.0}'
if sys.argv[1].endswith('.json'):
    f = json.load(open(sys.argv[1]))
    print(*[x['_podcast']['episode'] for x in f['items']], f.get('next_url', '-').split('/')[-1])
    sys.exit()
root = E.parse(sys.argv[1]).getroot()
top = root if root.tag == a + 'feed' else root[0]
links = {l.attrib['rel']: l.attrib['href'].split('/')[-1] for l in top.findall(a + 'link')}
print(*[n.text for n in top.iter(i + 'episode')], *['%s=%s' % (r, links[r]) for r in ('self', 'current', 'prev-archive', 'next-archive') if r in links],
      'archive' if top.find(fh + 'archive') is not None else '')
PY
}

@test "the feed has the newest, the archive all in full documents, and each leads on" {
	episodes 1 8
	build
	expect 0 'out/feed.xml: 3 episodes, written'
	expect 0 'out/feed.archive-2.xml: 3 episodes, written'
	[ "$(doc out/feed.xml)" = '8 7 6 self=feed.xml prev-archive=feed.archive-2.xml ' ]
	[ "$(doc out/feed.archive-2.xml)" = '6 5 4 self=feed.archive-2.xml current=feed.xml prev-archive=feed.archive-1.xml archive' ]
	[ "$(doc out/feed.archive-1.xml)" = '3 2 1 self=feed.archive-1.xml current=feed.xml next-archive=feed.archive-2.xml archive' ]
	[ "$(doc out/atom.xml)" = '8 7 6 self=atom.xml prev-archive=atom.archive-2.xml ' ]
	[ "$(doc out/atom.archive-1.xml)" = '3 2 1 self=atom.archive-1.xml current=atom.xml next-archive=atom.archive-2.xml archive' ]
	[ "$(doc out/feed.json)" = '8 7 6 feed.archive-2.json' ]
	[ "$(doc out/feed.archive-1.json)" = '3 2 1 -' ]
	[ ! -e out/feed.archive-3.xml ]
	[ "$(find out -type f | wc -l)" = 9 ]
	if [ -e "$SHARED/schemas/atom-rfc4287.rng" ] && command -v xmllint >/dev/null; then
		xmllint --noout --relaxng "$SHARED/schemas/atom-rfc4287.rng" out/atom.xml out/atom.archive-1.xml
	fi
}

@test "a document of the archive stays as it is" {
	episodes 1 7
	build
	touch -d 2020-01-01 out/*
	cp -r out before
	episodes 8 8
	build
	expect 0 'out/feed.xml: 3 episodes, written'
	[[ "$output" != *archive* ]]
	cmp out/feed.archive-1.xml before/feed.archive-1.xml
	[ -z "$(find out -name '*archive*' -newermt 2020-01-02)" ]
	# The newest of them only learns of the next.
	episodes 9 9
	build
	expect 0 'out/feed.archive-3.xml: 3 episodes, written'
	expect 0 'out/feed.archive-2.xml: 3 episodes, written'
	[[ "$output" != *archive-1* ]]
	[ "$(doc out/feed.archive-2.xml)" = '6 5 4 self=feed.archive-2.xml current=feed.xml prev-archive=feed.archive-1.xml next-archive=feed.archive-3.xml archive' ]
}

@test "few episodes have no archive, and what is left out leaves no gap" {
	episodes 1 2
	build
	expect 0 'out/feed.xml: 2 episodes, written'
	[ "$(find out -type f | wc -l)" = 3 ]
	[ "$(grep -c 'archive' out/feed.xml)" = 0 ]
	episodes 3 6
	sed -i 's/^audio: .*/audio: nowhere.mp3/' feeds/mini/episodes/002-the-2.md
	build --keep-going
	expect 65 'was left out'
	[ "$(doc out/feed.xml)" = '6 5 4 self=feed.xml prev-archive=feed.archive-1.xml ' ]
	[ "$(doc out/feed.archive-1.xml)" = '4 3 1 self=feed.archive-1.xml current=feed.xml archive' ]
	[ ! -e out/feed.archive-2.xml ]
	sed -i 's/^items.*/items = -1/' feeds/mini/show.ini
	build
	expect 78 'items'
}
