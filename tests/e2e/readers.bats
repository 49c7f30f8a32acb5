#!/usr/bin/env bats
# Elements for feed readers that know neither iTunes nor podcast: what readers
# make of them, and that a feed of ours with them becomes the same show again.
load site
load peers

setup() {
	site_make
	cp "$REPO/tests/e2e/fixtures/low.opus" feeds/mini/media/low.opus
	printf -- '---\ntitle: One\nnumber: 1\ndate: 2026-01-05T10:00:00Z\nimage: https://mini.example.org/1.png\nguests:\n  - name: "Ann, the \\"bee\\""\n    role: guest\n  - Bo & Co\naudio: [one.mp3, low.opus]\n---\n\nNotes\n' > feeds/mini/episodes/001.md
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	"$SHOWMILL" -q feed build --at 2026-02-01 --out out
}
teardown() { peers_stop; }
need() { command -v "$1" > /dev/null || skip "$1 is not installed"; }

@test "feedparser has people, image and files" {
	/usr/bin/python3 - <<-'PY'
	import feedparser
	d = feedparser.parse('out/feed.xml')
	assert not d.bozo, d.bozo_exception
	two, one = d.entries
	assert one.author == 'Ann, the "bee", Bo & Co', one.author
	assert [t['url'] for t in one.media_thumbnail] == ['https://mini.example.org/1.png']
	m = 'https://mini.example.org/media/'
	assert [(c['url'], c.get('isdefault')) for c in one.media_content] == [(m + 'low.opus', None), (m + 'one.mp3', 'true')]
	assert [e.href for e in one.enclosures] == [m + 'one.mp3']
	assert not any(k.startswith('media') or k == 'author' for k in two), two.keys()
	d = feedparser.parse('out/atom.xml')
	assert [t['url'] for t in d.entries[1].media_thumbnail] == ['https://mini.example.org/1.png']
	PY
	no grep -q 'xmlns:dc' out/atom.xml
}

@test "newsboat shows all names, and takes the enclosure, not another file" {
	need newsboat
	export HOME=$BATS_TEST_TMPDIR
	http_start "$PWD/out" ''
	echo "http://127.0.0.1:$HTTP_PORT/feed.xml" > urls
	: > config
	timeout 60 newsboat -u urls -c cache.db2 -C config -x reload
	[ "$(/usr/bin/python3 -c "import sqlite3
print(*sqlite3.connect('cache.db2').execute('select author, enclosure_url, enclosure_type from rss_item where title = \"One\"').fetchone(), sep='|')")" = \
		'Ann, the "bee", Bo & Co|https://mini.example.org/media/one.mp3|audio/mpeg' ]
}

@test "a feed of ours is imported without them, and has them once again" {
	mkdir new
	cp -r templates new/
	cp out/feed.xml new/old.xml
	cp out/atom.xml new/old-atom.xml
	sed -i 's/<media:group>.*//; /<media:content/d; /<.media:group>/d; /<media:group>/d' new/old.xml
	cd new
	"$SHOWMILL" -q feed import --show x old.xml
	no grep -r 'dc:\|media:' feeds/x
	echo 'shows = feeds/*/show.ini' > config.ini
	echo "probe_map = https://mini.example.org/media/ $PWD/../feeds/mini/media" >> config.ini
	"$SHOWMILL" -q feed build --at 2026-02-01 --out out
	"$SHOWMILL" feed diff old.xml out/feed.xml
	[ "$(grep -c '<dc:creator>Ann, the ' out/feed.xml)" = 1 ]
	[ "$(grep -c '<media:thumbnail url="https://mini.example.org/1.png"/>' out/feed.xml)" = 1 ]
	# What is made of changed people is another.
	sed -i 's/name: Bo & Co/name: Cy/' feeds/x/episodes/*
	"$SHOWMILL" -q feed build --at 2026-02-01 --out out
	grep -q '<dc:creator>Ann, the &#x22;bee&#x22;, Cy<\|<dc:creator>Ann, the "bee", Cy<' out/feed.xml
	# podcast:alternateEnclosure stays as XML, and the group beside it.
	rm -r feeds out
	"$SHOWMILL" -q feed import --show x ../out/feed.xml
	"$SHOWMILL" -q feed build --at 2026-02-01 --out out
	"$SHOWMILL" feed diff ../out/feed.xml out/feed.xml
	[ "$(grep -c '<media:group>' out/feed.xml)" = 1 ]
	# Somebody's own names stay.
	sed 's#<dc:creator>[^<]*<#<dc:creator>The Team<#' ../out/feed.xml > team.xml
	rm -r feeds out
	"$SHOWMILL" -q feed import --show x team.xml
	"$SHOWMILL" -q feed build --at 2026-02-01 --out out
	"$SHOWMILL" feed diff team.xml out/feed.xml
	[ "$(grep -c '<dc:creator>The Team<' out/feed.xml)" = 1 ]
	[ "$(grep -c '<dc:creator>' out/feed.xml)" = 1 ]
	# Atom has the image alone, and keeps it.
	rm -r feeds out
	"$SHOWMILL" -q feed import --show x ../out/atom.xml
	"$SHOWMILL" -q feed build --at 2026-02-01 --out out
	"$SHOWMILL" feed diff ../out/atom.xml out/atom.xml
	[ "$(grep -c '<media:thumbnail' out/atom.xml)" = 1 ]
}
