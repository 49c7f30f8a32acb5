#!/usr/bin/env bats
# init: the trees of three podcasts.

load init

# corpus NAME EDITS...: a copy, init, then at most ten lines of show.ini.
corpus() {
	[ -d "$SHARED/corpora/$1" ] || skip "../shared is not there"
	cp -r "$SHARED/corpora/$1" c
	chmod -R u+w c
	cd c || return 1
	shift
	"$SHOWMILL" init
	[ $# -le 10 ]
	for edit in "$@"; do
		sed -i "s|^#\\{0,1\\}${edit%%=*}=.*|$edit|" show.ini
		grep -qxF "$edit" show.ini
	done
}

# all_named FOLDER SAID: each file of notes is in the feed or said.
all_named() {
	"$SHOWMILL" episode list --at 2027-01-01 --json 2>/dev/null > list.json || true
	/usr/bin/python3 - "$1" "$2" out/*.xml <<'PY'
import glob, json, sys, xml.etree.ElementTree as E
files = [f for f in glob.glob(sys.argv[1] + '/*.md') if not f.rsplit('/', 1)[1].startswith('_')]
guids = {i.findtext('guid') for i in E.parse(sys.argv[3]).iter('item')}
said = open(sys.argv[2]).read()
there = {e['file'] for e in json.load(open('list.json')) if e['guid'] in guids}
lost = [f for f in files if f not in there and f + ':' not in said]
assert not lost, lost[:5]
assert len(there) == len(guids) and len(there) > 0.9 * len(files), (len(there), len(files))
PY
}

@test "syntaxfm: init and four lines" {
	corpus syntaxfm 'title = Syntax' 'description = Web' \
	    'link = https://s.example.org/' 'feed_url = https://s.example.org/feed.xml'
	mapfile -t names < <(grep -hoE '^url: .*megaphone.fm/.*' shows/*.md | sed 's|.*/||' | tr -d '\r')
	serve https://traffic.megaphone.fm/ "${names[@]}"
	"$SHOWMILL" feed build --keep-going --at 2027-01-01 --out out > said 2>&1 || [ $? = 65 ] || { tail -3 said; false; }
	all_named shows said
}

@test "arresteddevops: init alone, and the feed agrees with the table beside it" {
	corpus arresteddevops
	media=https://media.blubrry.com/arresteddevops/content.blubrry.com/arresteddevops/
	serve $media none
	/usr/bin/python3 - "$BATS_TEST_TMPDIR/web/" <<'PY'
import csv, sys
for n, row in enumerate(csv.DictReader(open('ado-episode.tsv'), delimiter='\t', quoting=csv.QUOTE_NONE)):
    with open(sys.argv[1] + row['enclosure_url'].rsplit('/', 1)[1], 'wb') as f:
        f.truncate(int(row['length'] or 5000 + n))
PY
	"$SHOWMILL" feed build --at 2027-01-01 --out out > said 2>&1
	all_named content/episode said
	/usr/bin/python3 <<'PY'
import csv, xml.etree.ElementTree as E
rows = list(csv.DictReader(open('ado-episode.tsv'), delimiter='\t', quoting=csv.QUOTE_NONE))
items = {i.findtext('guid'): i for i in E.parse('out/index.xml').iter('item')}
assert len(rows) == len(items) == 204
for r in rows:
    i = items[r['guid']]
    assert i.findtext('title').lower() == r['title'].lower()
    assert i.find('enclosure').get('url') == r['enclosure_url']
PY
}

@test "python-bytes: init and four lines; transcripts beside" {
	corpus python-bytes 'title = Python' 'description = Headlines' \
	    'link = https://p.example.org/' 'feed_url = https://p.example.org/feed.xml'
	mapfile -t names < <(tail -n +2 episodes.csv | grep -oE 'pythonbytes.fm/.*mp3' | sed 's|pythonbytes.fm/||')
	serve https://pythonbytes.fm/ "${names[@]}"
	"$SHOWMILL" feed build --at 2027-01-01 --out out > said 2>&1 || { tail -3 said; false; }
	all_named show_notes said
	[ "$(grep -c '<item>' out/feed.xml)" = 380 ]
}
