#!/usr/bin/env bats
# Past editions as web pages and as a feed.
load site
load peers

setup() {
	site_make
	for n in 1 2 3; do site_episode $n "2026-01-0${n}T10:00:00Z" one.mp3; cp feeds/mini/media/one.mp3 feeds/mini/media/$n.mp3; sed -i "s/one.mp3/$n.mp3/" feeds/mini/episodes/00$n*; done
	echo 'archive_url = https://mini.example.org/digest' >> feeds/mini/show.ini
	friends 2
}
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
archive() { run "$SHOWMILL" digest archive "$@"; }

@test "each edition that went out is a page as it was sent, without a friend in it" {
	"$SHOWMILL" -q digest send --yes --at 2026-01-01T12:00:00Z
	"$SHOWMILL" -q digest send --yes --at 2026-01-04
	archive
	expect 0 'feeds/mini/public/digest: 2 editions, 4 files written'
	cd feeds/mini/public/digest
	[ "$(ls)" = $'2026-W01-2.html\n2026-W01.html\neditions.xml\nindex.html' ]
	grep -q 'Episode number 3' 2026-W01-2.html
	no grep -l 'friend1@\|Unsubscribe\|mailto:\|Hi ' *.html
	no grep -lP '\x01|\x02' *
	[ "$(grep -c '<h2><a href="2026-W01' index.html)" = 2 ]
	grep -q 'type="application/atom+xml" title="The Mini Show" href="https://mini.example.org/digest/editions.xml"' index.html
	/usr/bin/python3 - <<-'PY'
	import xml.etree.ElementTree as E
	a = '{http://www.w3.org/2005/Atom}'
	f = E.parse('editions.xml').getroot()
	assert [e.find(a + 'title').text for e in f.iter(a + 'entry')] == ['The Mini Show: 2 new episodes', 'The Mini Show #1: Episode number 1'] or print([e.find(a + 'title').text for e in f.iter(a + 'entry')])
	assert f.find(a + 'updated').text.startswith('2026-01-04')
	assert len({e.find(a + 'id').text for e in f.iter(a + 'entry')}) == 2
	assert not [l for l in f.iter(a + 'link') if l.attrib['rel'] == 'enclosure']
	assert all('<h1' in e.find(a + 'content').text for e in f.iter(a + 'entry'))
	assert [l.attrib['href'] for l in f.iter(a + 'link') if l.attrib['rel'] == 'alternate'][1:] == ['https://mini.example.org/digest/2026-W01-2.html', 'https://mini.example.org/digest/2026-W01.html']
	PY
	if [ -e "$SHARED/schemas/atom-rfc4287.rng" ] && command -v xmllint >/dev/null; then
		xmllint --noout --relaxng "$SHARED/schemas/atom-rfc4287.rng" editions.xml
	fi
	cd -
	# Templates and notes may change: what was sent stays.
	sed -i 's/<h1/<h1 class="new"/' templates/digest.html
	touch -d 2020-01-01 feeds/mini/public/digest/*
	archive
	expect 0 '2 editions, 0 files written'
	[ -z "$(find feeds/mini/public/digest -newermt 2021-01-01 -type f)" ]
}

@test "an edition that nobody has got is not shown; without archive_url there is no archive" {
	sed -i 's/^relay.*/relay = smtp:\/\/127.0.0.1:1/' config.ini
	run "$SHOWMILL" digest send --yes --at 2026-01-04
	archive --out a
	expect 0 'a: 0 editions, 2 files written'
	sed -i '/^archive_url/d' feeds/mini/show.ini
	archive
	expect 78 '`archive_url` is missing'
}

@test "the ledger of an earlier version has no pages, and says so" {
	"$SHOWMILL" -q digest send --yes --at 2026-01-04
	/usr/bin/python3 -c "
import sqlite3
c = sqlite3.connect('ledger.db')
c.executescript('''
ALTER TABLE editions DROP COLUMN page;
ALTER TABLE editions DROP COLUMN seal;
ALTER TABLE deliveries DROP COLUMN deferred;
ALTER TABLE deliveries DROP COLUMN due;
ALTER TABLE deliveries DROP COLUMN planned;
ALTER TABLE deliveries DROP COLUMN variant;
DROP INDEX friends_chosen;
ALTER TABLE friends DROP COLUMN zone;
ALTER TABLE friends DROP COLUMN shows;
ALTER TABLE friends DROP COLUMN language;
DROP TABLE variants; DROP TABLE choices;
DROP TABLE limits;
PRAGMA user_version = 2;''')"
	run "$SHOWMILL" digest send --yes --at 2026-01-04
	expect 0 'nothing new'
	archive
	expect 0 '2026-W01 was made by an earlier version'
}
