#!/usr/bin/env bats
# Pages for shows without a site.
load site

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	echo 'pages = true' >> feeds/mini/show.ini
	sed -i 's/^number: 2/&\nsummary: "A <b> \& \\"quote\\" <\/script> here"/' feeds/mini/episodes/002-the-2.md
	sed -i 's/^number: 2/&\nchapters:\n  - 0:00 Begin <1>\n  - {start: 0:01, title: Middle, url: "https:\/\/x.example.org\/"}/' feeds/mini/episodes/002-the-2.md
	printf '\n[Later](#t=0:02) and [site](/about) <script>alert(1)</script>\n' >> feeds/mini/episodes/002-the-2.md
}

at=2026-02-01
build() { run "$SHOWMILL" feed build --at $at --out out "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
# facts FILE: what a page says, a line each, read by Python.
facts() { /usr/bin/python3 - "$1" <<'PY'
import html.parser, json, sys
class P(html.parser.HTMLParser):
    void = {'meta', 'link', 'br', 'img', 'track', 'hr', 'input'}
    def __init__(self):
        super().__init__()
        self.open, self.data, self.kind = [], '', None
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag not in self.void:
            self.open.append(tag)
        self.kind = a.get('type') if tag == 'script' else None
        if tag in ('title', 'script'):
            self.data = ''
        for key in ('lang', 'src', 'href', 'datetime'):
            if a.get(key):
                print(tag, a.get('rel', ''), key, a[key])
        if tag == 'meta' and 'content' in a:
            print('meta', a.get('name') or a.get('property'), a['content'])
    def handle_data(self, data):
        self.data += data
    def handle_endtag(self, tag):
        if tag in self.void:
            return
        assert self.open.pop() == tag, (tag, self.getpos())
        if tag == 'title':
            print('title', self.data)
        if tag == 'script' and self.kind == 'application/ld+json':
            for k, v in sorted(json.loads(self.data).items()):
                print('ld', k, json.dumps(v, sort_keys=True))
p = P()
p.feed(open(sys.argv[1], encoding='utf-8').read())
assert not p.open, p.open
PY
}

@test "a page for the show and each episode, under their addresses" {
	build
	expect 0 'out: 3 pages, 3 written'
	[ -f out/index.html ] && [ -f out/001/the-1/index.html ] && [ -f out/002/the-2/index.html ]
	facts out/002/the-2/index.html > told
	cat told
	grep -qx 'title #2: Episode number 2 · The Mini Show' told
	grep -qx 'html  lang en' told
	grep -qx 'meta description A <b> & "quote" </script> here' told
	grep -qx 'meta og:audio https://mini.example.org/media/two.mp3' told
	grep -qx 'link canonical href https://mini.example.org/002/the-2' told
	grep -qx 'link alternate href https://mini.example.org/feed.xml' told
	grep -qx 'audio  src https://mini.example.org/media/two.mp3' told
	grep -qx 'time  datetime 2026-01-12T10:00:00Z' told
	grep -qx 'time  datetime PT0M3S' told
	grep -qx 'a prev href https://mini.example.org/001/the-1' told
	[ "$(grep -c '^a next' told)" = 0 ]
	grep -qx 'ld @type "PodcastEpisode"' told
	grep -qx 'ld description "A <b> & \\"quote\\" </script> here"' told
	grep -qx 'ld episodeNumber 2' told
	grep -qx 'a  href https://mini.example.org/002/the-2#t=0:02' told
	grep -qx 'a  href https://mini.example.org/about' told
	grep -qx 'a  href #t=0:01' told
	grep -qx 'a  href https://x.example.org/' told
	grep -q '<a href="#t=0:00">0:00</a> Begin &lt;1&gt;' out/002/the-2/index.html
	[ "$(grep -c 'alert(1)' out/002/the-2/index.html)" = 0 ]
	[ "$(grep -c '{{' out/002/the-2/index.html out/index.html | grep -cv ':0$')" = 0 ]
	facts out/index.html > told
	grep -qx 'ld webFeed "https://mini.example.org/feed.xml"' told
	[ "$(grep -c '^a  href https://mini.example.org/00' told)" = 2 ]
}

@test "what would not change is not touched; --pages; and drafts have none" {
	build
	find out -name '*.html' -exec touch -d 2020-01-01 {} +
	build
	expect 0 'out: 3 pages, 0 written'
	[ -z "$(find out -name '*.html' -newermt 2020-01-02)" ]
	sed -i 's/^title: .*/title: New/' feeds/mini/episodes/001-the-1.md
	build
	# Its own, the show's, and its neighbour's.
	expect 0 'out: 3 pages, 3 written'
	sed -i '/^pages/d' feeds/mini/show.ini
	rm -r out
	build
	[ ! -e out/index.html ]
	sed -i 's/^number: 2/&\ndraft: true/' feeds/mini/episodes/002-the-2.md
	build --pages
	expect 0 'out: 2 pages, 2 written'
	[ ! -e out/002 ]
}

@test "no place for a page, and a wrong template: 78, and no feed is written" {
	sed -i 's#^episode_url.*#episode_url = https://elsewhere.example.org/{number}#' feeds/mini/show.ini
	build
	expect 78 'which is no place below `link`'
	[[ "$output" == *"feeds/mini/show.ini:$(grep -n ^episode_url feeds/mini/show.ini | cut -d: -f1): error: "* ]]
	[ ! -e out/feed.xml ]
	sed -i '/^episode_url/d' feeds/mini/show.ini
	build
	expect 78 'has no address; write `episode_url = https://mini.example.org/{slug}/`'
	echo 'episode_url = https://mini.example.org/{slug}/' >> feeds/mini/show.ini
	sed -i '5s/^/{{nonsense}}\n/' templates/page-episode.html
	build
	expect 78 'templates/page-episode.html:5: error: '
	rm templates/page-episode.html
	build
	expect 78 'templates/page-episode.html: error: cannot be read'
	[ ! -e out/feed.xml ]
}

@test "chromium: time stamps seek, and nothing is wider than a phone" {
	command -v chromium >/dev/null || skip "chromium is not installed"
	build
	cp feeds/mini/media/two.mp3 out/002/the-2/two.mp3
	sed -i 's#https://mini.example.org/media/two.mp3"></audio>#two.mp3"></audio>#; s#https://mini.example.org/002/the-2\#t=#\#t=#' out/002/the-2/index.html
	cat >> out/002/the-2/index.html <<-'H'
	<script>
	var p = document.getElementById('player');
	p.play = function () {};
	p.addEventListener('loadedmetadata', function () { setTimeout(function () {
	  document.title = 'AT ' + p.currentTime + ' WIDE ' + (document.documentElement.scrollWidth > innerWidth);
	}, 300); });
	document.querySelector('a[href="#t=0:02"]').click();
	</script>
	H
	timeout 60 chromium --headless --no-sandbox --disable-gpu --window-size=500,800 --virtual-time-budget=5000 --dump-dom "file://$PWD/out/002/the-2/index.html" > dom 2>/dev/null || skip "chromium does not start here"
	grep -o '<title>[^<]*' dom
	grep -q '<title>AT 2 WIDE false' dom
}

@test "--depfile: make runs the build when something has changed, and only then" {
	mv feeds/mini/media/two.mp3 "feeds/mini/media/two \$ #2.mp3"
	sed -i 's/^audio: two.mp3/audio: "two $ #2.mp3"/' feeds/mini/episodes/002-the-2.md
	printf 'out/feed.xml:\n\t"%s" -q feed build --at %s --out out --depfile d.mk && touch out/feed.xml && echo built\n-include d.mk\n' "$SHOWMILL" $at > Makefile
	run make -s
	expect 0 built
	grep -q 'two\\ $$ \\#2.mp3' d.mk || grep -qF 'two\ $$\ \#2.mp3' d.mk
	run make -s
	expect 0 'up to date' || [ -z "$output" ]
	for file in feeds/mini/episodes/001-the-1.md feeds/mini/show.ini config.ini "feeds/mini/media/two \$ #2.mp3" feeds/mini/episodes; do
		touch -d '+1 minute' "$file"
		run make -s
		[[ "$output" == *built* ]] || { echo "$file: $output"; return 1; }
		touch -d '-1 minute' "$file"
		touch out/feed.xml
	done
	rm feeds/mini/episodes/001-the-1.md
	run make -s
	[[ "$output" == *built* || "$output" == *'no notes have it now'* ]]
}
