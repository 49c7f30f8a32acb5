#!/usr/bin/env bats
# Further feeds of a show: [feed NAME] of show.ini; and paged and complete feeds
# (RFC 5005, 2 and 3).
load site

setup() {
	site_make
	mkdir -p feeds/mini/media
}

at=2026-02-01
build() { run "$SHOWMILL" feed build --at $at --out out "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
ini() { printf '%s\n' "$@" >> feeds/mini/show.ini; }
# episode NUMBER [FRONT MATTER]
episode() {
	cp "$REPO/tests/e2e/fixtures/cbr.mp3" "feeds/mini/media/$1.mp3"
	site_episode "$1" "2026-01-$(printf %02d "$1")T10:00:00Z" "$1.mp3" "${2:-}"
}
# doc FILE: title, numbers and audio of its episodes.
doc() { /usr/bin/python3 - "$@" <<'PY'
import json, sys, xml.etree.ElementTree as E
i = '{http://www.itunes.com/dtds/podcast-1.0.dtd}'
a = '{http://www.w3.org/2005/Atom}'
fh = '{http://purl.org/syndication/history/1.0}'
p = '{https://podcastindex.org/namespace/1.0}'
if sys.argv[1].endswith('.json'):
    f = json.load(open(sys.argv[1]))
    print(f['title'], *[x['_podcast']['episode'] for x in f['items']], f.get('next_url', '-').split('/')[-1])
    sys.exit()
root = E.parse(sys.argv[1]).getroot()
top = root if root.tag == a + 'feed' else root[0]
links = {l.attrib['rel']: l.attrib['href'].split('/')[-1] for l in top.findall(a + 'link')}
print((top.find('title') if root is not top else top.find(a + 'title')).text, end=':')
print('', *[n.text for n in top.iter(i + 'episode')],
      *[n.attrib['url'].split('/')[-1] for n in top.iter('enclosure')] if len(sys.argv) > 2 else '',
      *['%s=%s' % (r, links[r]) for r in ('self', 'first', 'previous', 'next', 'last') if r in links],
      *['complete' for n in top.findall(fh + 'complete')],
      *['block' for n in top.findall(i + 'block')])
PY
}

@test "history = pages: the feed goes on in further pages" {
	ini 'items = 3' 'history = pages' 'json_url = https://mini.example.org/feed.json'
	for n in 1 2 3 4 5 6 7; do episode $n; done
	build
	expect 0 'out/feed.page-3.xml: 1 episode, written'
	[ "$(doc out/feed.xml)" = 'The Mini Show: 7 6 5 self=feed.xml first=feed.xml next=feed.page-2.xml last=feed.page-3.xml' ]
	[ "$(doc out/feed.page-2.xml)" = 'The Mini Show: 4 3 2 self=feed.page-2.xml first=feed.xml previous=feed.xml next=feed.page-3.xml last=feed.page-3.xml' ]
	[ "$(doc out/atom.page-3.xml)" = 'The Mini Show: 1 self=atom.page-3.xml first=atom.xml previous=atom.page-2.xml last=atom.page-3.xml' ]
	[ "$(doc out/feed.json)" = 'The Mini Show 7 6 5 feed.page-2.json' ]
	[ "$(doc out/feed.page-3.json)" = 'The Mini Show 1 -' ]
	[ "$(find out -type f | wc -l)" = 9 ]
	no grep -l 'fh:archive\|prev-archive' out/*
	if [ -e "$SHARED/schemas/atom-rfc4287.rng" ] && command -v xmllint >/dev/null; then
		xmllint --noout --relaxng "$SHARED/schemas/atom-rfc4287.rng" out/atom.xml out/atom.page-2.xml
	fi
	# Six are two full pages, and no third.
	rm -r out feeds/mini/episodes/*7*
	build --allow gone
	[ "$(doc out/feed.xml)" = 'The Mini Show: 6 5 4 self=feed.xml first=feed.xml next=feed.page-2.xml last=feed.page-2.xml' ]
	[ ! -e out/feed.page-3.xml ]
}

@test "history = complete: the feed says that it has all" {
	ini 'history = complete'
	episode 1
	build
	expect 0 written
	[ "$(doc out/feed.xml)" = 'The Mini Show: 1 self=feed.xml complete' ]
	[ "$(doc out/atom.xml)" = 'The Mini Show: 1 self=atom.xml complete' ]
	ini 'items = 5'
	build
	expect 78 'history = complete says that the feed has all episodes'
}

opus='audio:
  - file: N.mp3
  - file: N.opus
    title: Data saver'

@test "a feed of a rendition has that file as its audio, and the other beside it" {
	command -v ffmpeg >/dev/null || skip "no ffmpeg"
	ini '[feed opus]' 'url = https://mini.example.org/opus.xml' 'title = Mini (Opus)' 'audio = OPUS' \
	    '[feed saver]' 'url = https://mini.example.org/s.atom' 'audio = data saver' 'format = atom'
	episode 1
	for n in 2 3; do
		episode $n
		ffmpeg -v error -f lavfi -i sine=d=2 -c:a libopus -b:a 24k feeds/mini/media/$n.opus
		f=$(ls feeds/mini/episodes/*"$n"*)
		/usr/bin/python3 - "$f" "${opus//N/$n}" <<-'PY'
		import re, sys
		text = open(sys.argv[1]).read()
		open(sys.argv[1], 'w').write(re.sub(r'audio: \S+', lambda m: sys.argv[2], text, count=1))
		PY
	done
	build
	expect 0 'out/opus.xml: 2 episodes, written'
	doc out/opus.xml x; [ "$(doc out/opus.xml x)" = 'Mini (Opus): 3 2 3.opus 2.opus self=opus.xml' ]
	[ "$(doc out/feed.xml x)" = 'The Mini Show: 3 2 1 3.mp3 2.mp3 1.mp3 self=feed.xml' ]
	grep -q 'alternateEnclosure type="audio/mpeg"' out/opus.xml
	grep -q '<enclosure url="[^"]*3.opus" length="'"$(stat -c %s feeds/mini/media/3.opus)"'" type="audio/ogg"' out/opus.xml
	# The same episodes: guids and entry ids stay, the feed's own is another.
	[ "$(grep -o '<guid.*</guid>' out/opus.xml)" = "$(grep -o '<guid.*</guid>' out/feed.xml | head -2)" ]
	no grep -q 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11 out/opus.xml
	diff <(grep -o '<id>.*' out/s.atom | tail -2) <(grep -o '<id>.*' out/atom.xml | sed -n '2,3p')
	cp -a out before
	build
	diff -r out before
}

@test "a feed for a season, and one for each; for each tag" {
	ini 'pages = true' '[feed two]' 'url = https://mini.example.org/two.xml' 'season = 2' \
	    '[feed seasons]' 'url = https://mini.example.org/s{season}.xml' 'season = each' \
	    '[feed tags]' 'url = https://mini.example.org/tag/{tag}.xml' 'file = tag-{tag}.xml' 'tag = each' 'title = About {tag}'
	episode 1 'season: 1
tags: [Café, News]'
	episode 2 'season: 2
tags: [café]'
	episode 3 'season: 2'
	build
	expect 0 'out/s2.xml: 2 episodes, written'
	[ "$(doc out/two.xml)" = 'The Mini Show: 3 2 self=two.xml' ]
	[ "$(doc out/s1.xml)" = 'The Mini Show: 1: 1 self=s1.xml' ]
	[ "$(doc out/s2.xml)" = 'The Mini Show: 2: 3 2 self=s2.xml' ]
	[ "$(doc out/tag-cafe.xml)" = 'About Café: 2 1 self=cafe.xml' ]
	[ "$(doc out/tag-news.xml)" = 'About News: 1 self=news.xml' ]
	grep -q 'title="About News" href="https://mini.example.org/tag/news.xml"' out/index.html
	# What is not due yet makes no feed.
	episode 4 'season: 9'
	sed -i 's/date: .*/date: 2027-01-01/' feeds/mini/episodes/*4*
	build
	[ "$status" = 0 ]
	no grep -r s9 out
	[ ! -e out/s9.xml ]
}

@test "private feeds: one for each token, and nobody is told" {
	ini 'pages = true' 'items = 2' 'websub_hub = https://hub.example.org/' \
	    '[feed patrons]' 'url = https://mini.example.org/p/{token}.xml' 'tokens = t'
	printf '# who\nAAAAAAAAAAAAAAAA ada\n\nbbbbbbbbbbbbbbbb-2\tbob\n' > feeds/mini/t
	episode 1
	episode 2
	episode 3
	chmod 644 feeds/mini/t
	build
	expect 65 't: error: others may read it; chmod 600 it'
	chmod 600 feeds/mini/t
	build --depfile d --data data.json
	expect 0 '[feed patrons]: 2 private feeds, 2 episodes, written'
	[[ "$output" != *AAAA* && "$output" != *bbbb* ]]
	[ "$(doc out/AAAAAAAAAAAAAAAA.xml)" = 'The Mini Show: 3 2 self=AAAAAAAAAAAAAAAA.xml block' ]
	[ "$(doc out/bbbbbbbbbbbbbbbb-2.xml)" = 'The Mini Show: 3 2 self=bbbbbbbbbbbbbbbb-2.xml block' ]
	[ "$(doc out/bbbbbbbbbbbbbbbb-2.archive-1.xml)" = 'The Mini Show: 2 1 self=bbbbbbbbbbbbbbbb-2.archive-1.xml block' ]
	no grep -q 'block' out/feed.xml
	no grep -q 'AAAA\|bbbb' out/feed.xml out/atom.xml out/index.html d data.json
	grep -q 'feeds/mini/t:$' d
	no grep -q hub out/AAAAAAAAAAAAAAAA.xml
	no grep -q AAAA out/bbbbbbbbbbbbbbbb-2.xml
	touch -d 2020-01-01 out/*
	build
	expect 0 '2 private feeds, 2 episodes, unchanged'
	[ -z "$(find out -newermt 2021-01-01 -name '*.xml')" ]
	# Another order is no other guid; who is gone is told.
	printf 'bbbbbbbbbbbbbbbb-2\n' > feeds/mini/t
	build
	expect 0 'out: 2 files there are of tokens that are not in [feed patrons] any more, the first begins with AAAA…'
	[[ "$output" != *AAAAAAAA* ]]
	[ -z "$(find out -newermt 2021-01-01 -name '*.xml')" ]
	printf 'short\nbbbbbbbbbbbbbbbb-2\nbbbbbbbbbbbbbbbb-2\n' > feeds/mini/t
	build
	expect 65 't:1: error: a token is 16 or more'
	[[ "$output" == *"t:3: error: this token stands there twice"* ]]
	# With nobody left all of them are told.
	: > feeds/mini/t
	rm out/AAAA*
	build
	expect 0 'out: 2 files there are of tokens that are not in [feed patrons] any more, the first begins with bbbb…'
}

@test "what is wrong with a section is told with its line" {
	episode 1
	n=$(wc -l < feeds/mini/show.ini)
	ini '[feed a]' 'url = https://mini.example.org/feed.xml' \
	    '[feed b]' 'url = ftp://x/y' \
	    '[feed c]' 'url = https://mini.example.org/c/' 'season = 0' \
	    '[feed d]' 'url = https://mini.example.org/d' 'tag = each' 'guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a12'
	build
	expect 78 "show.ini:$((n + 2)): error: [feed a]: another feed of the show has the address"
	[[ "$output" == *"show.ini:$((n + 4)): error: [feed b]: its address is none"* ]]
	[[ "$output" == *"show.ini:$((n + 6)): error: [feed c]: the address tells no name for its file"* ]]
	[[ "$output" == *"show.ini:$((n + 7)): error: [feed c]: a season is a number"* ]]
	[[ "$output" == *"show.ini:$((n + 9)): error: [feed d]: the address of each feed needs a place for {tag}"* ]]
	[[ "$output" == *"show.ini:$((n + 11)): error: [feed d]: several feeds cannot have one guid"* ]]
	[ ! -e out ]
}

@test "a section with nothing in it is told" {
	episode 1
	ini '[feed a]' '# url = later'
	build
	expect 0 'show.ini:15: warning: [feed a] has no `key = value` in it'
}

@test "two feeds in one file are refused" {
	episode 1
	ini '[feed a]' 'url = https://mini.example.org/a' 'file = feed.xml'
	build
	expect 78 '`rss` and [feed a] are one file, out/feed.xml'
}

@test "feed ping tells hubs of a section's feed" {
	ini 'websub_hub = https://hub.example.org/' '[feed two]' 'url = https://mini.example.org/two.xml' 'season = 2'
	episode 1 'season: 2'
	run "$SHOWMILL" feed build --at $at
	run "$SHOWMILL" feed ping --dry-run
	expect 0 'would be told of https://mini.example.org/two.xml'
}

@test "tokens: a name of its own for each file, and none in a message" {
	episode 1
	printf 'AAAAAAAAAAAAAAAA\nBBBBBBBBBBBBBBBB\n' > feeds/mini/t
	chmod 600 feeds/mini/t
	cp feeds/mini/show.ini ini
	for url in 'https://mini.example.org/{token}/feed-p.xml' 'https://mini.example.org/p.php?t={token}'; do
		cp ini feeds/mini/show.ini
		ini '[feed p]' "url = $url" 'tokens = t'
		build
		expect 78 'the file of each feed needs a name of its own; write `file = …` with {token}'
		ini 'file = p-{token}.xml'
		build
		expect 0 '[feed p]: 2 private feeds'
		grep -q "href=\"${url//\{token\}/BBBBBBBBBBBBBBBB}\" rel=\"self\"" out/p-BBBBBBBBBBBBBBBB.xml
	done
	# Two feeds for one token in one file; a public one that is called so.
	cp ini feeds/mini/show.ini
	printf 'CCCCCCCCCCCCCCCC\nBBBBBBBBBBBBBBBB\n' > feeds/mini/u
	chmod 600 feeds/mini/u
	ini '[feed p]' 'url = https://mini.example.org/a/{token}.xml' 'tokens = t' \
	    '[feed q]' 'url = https://mini.example.org/b/{token}.xml' 'tokens = u'
	build
	expect 78 '[feed p] and [feed q] are one file, out/{token}.xml'
	sed -i 's#/b/#/a/#; s/^tokens = u/tokens = t/' feeds/mini/show.ini
	build
	expect 65 '[feed q]: another feed of the show has the address https://mini.example.org/a/{token}.xml'
	[[ "$output" != *AAAA* && "$output" != *BBBB* && "$output" != *CCCC* ]]
	cp ini feeds/mini/show.ini
	ini '[feed p]' 'url = https://mini.example.org/a/{token}.xml' 'tokens = t' \
	    '[feed q]' 'url = https://mini.example.org/q' 'file = BBBBBBBBBBBBBBBB.xml'
	build
	expect 78 'are one file'
	[[ "$output" != *BBBBB*BBBBBBBBBBB.xml* ]] || [[ "$output" == *'{token}'* ]]
	# What cannot be written.
	rm -r out
	cp ini feeds/mini/show.ini
	ini '[feed p]' 'url = https://mini.example.org/a/{token}.xml' 'tokens = t'
	mkdir -p out/BBBBBBBBBBBBBBBB.xml
	build
	[ "$status" = 73 ]
	expect 73 'out/{token}.xml'
	[[ "$output" != *BBBBB* ]]
	[ -s out/feed.xml ]
}

@test "files that are no token's are not told; those of one that is gone are, with archives and .gz" {
	ini 'items = 1' '[feed p]' 'url = https://mini.example.org/{token}.xml' 'tokens = t'
	echo 'compress = gz' >> config.ini
	episode 1
	episode 2
	printf 'AAAAAAAAAAAAAAAA\n' > feeds/mini/t
	chmod 600 feeds/mini/t
	build
	[[ "$output" != *"any more"* ]]
	echo 'BBBBBBBBBBBBBBBB' > feeds/mini/t
	build
	expect 0 'out: 6 files there are of tokens'
}

@test "one empty section does not stop the list of shows" {
	episode 1
	echo 'opml = all.opml' >> config.ini
	ini '[feed z]' 'url = https://mini.example.org/z.xml' 'season = 9'
	run "$SHOWMILL" feed build --at $at
	expect 0 'show.ini:15: warning: [feed z]: no episode has that season'
	grep -q feed.xml all.opml
}

@test "tags: one spelling, other scripts, and what is not out yet" {
	ini 'pages = true' '[feed cafe]' 'url = https://mini.example.org/c.xml' 'tag = CAFE' \
	    '[feed tags]' 'url = https://mini.example.org/t/{tag}.xml' 'file = t-{tag}.xml' 'tag = each'
	episode 1 'tags: [Café, C++]'
	episode 2 'tags: [café, C, 日本/中国]'
	cp feeds/mini/media/2.mp3 feeds/mini/media/9.mp3
	site_episode 9 2027-01-01T10:00:00Z 9.mp3 'tags: [Secret Guest]'
	build
	[ "$status" = 0 ]
	[ "$(doc out/c.xml)" = 'The Mini Show: 2 1 self=c.xml' ]
	[ "$(doc out/t-cafe.xml)" = 'The Mini Show: Café: 2 1 self=cafe.xml' ]
	[ "$(doc out/t-cplusplus.xml)" = 'The Mini Show: C++: 1 self=cplusplus.xml' ]
	[ "$(doc out/t-c.xml)" = 'The Mini Show: C: 2 self=c.xml' ]
	[ -s out/t-日本-中国.xml ]
	grep -q 't/%E6%97%A5%E6%9C%AC-%E4%B8%AD%E5%9B%BD.xml' out/t-日本-中国.xml
	no grep -ri secret out
}

@test "what is left out is not said to be all, and changes no archive" {
	ini 'history = complete'
	episode 1
	episode 2
	build
	grep -q fh:complete out/feed.xml
	printf '\xff' >> feeds/mini/episodes/*2*
	build --keep-going
	[ "$status" = 65 ]
	no grep -q fh:complete out/feed.xml
	sed -i 's/^history.*/items = 1/' feeds/mini/show.ini
	sed -i '$d' feeds/mini/episodes/*2*
	rm -r out
	for n in 3 4; do episode $n; done
	build
	cp out/feed.archive-2.xml two
	printf '\xff' >> feeds/mini/episodes/*2*
	build --keep-going
	[ "$status" = 65 ]
	cmp two out/feed.archive-2.xml
}
