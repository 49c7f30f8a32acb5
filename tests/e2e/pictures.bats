#!/usr/bin/env bats
# Pictures that go along in the digest.

load site

at=2026-01-06

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	mkdir pics
	/usr/bin/python3 - <<'PY'
import struct, zlib
def png(n):
    raw = b"".join(b"\0" + bytes([i % 256, 80, 90]) * n for i in range(n))
    c = lambda t, d: struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
    return (b"\x89PNG\r\n\x1a\n" + c(b"IHDR", struct.pack(">IIBBBBB", n, n, 8, 2, 0, 0, 0)) +
            c(b"IDAT", zlib.compress(raw)) + c(b"IEND", b""))
open("pics/cover.png", "wb").write(png(30))
open("feeds/mini/episodes/küche.png", "wb").write(png(20))
open("feeds/mini/media/big.png", "wb").write(png(20) + bytes(600000))
PY
	echo 'probe_map = https://mini.example.org/ pics' >> config.ini
	cat >> feeds/mini/episodes/001-the-1.md <<-'MD'

	![The kitchen](küche.png) ![Far](https://other.example/x.png)
	![Big](https://mini.example.org/media/big.png)
	MD
}

@test "by default all pictures are links" {
	"$SHOWMILL" -q digest preview --at $at --out look
	no grep -q 'cid:\|multipart/related' look/digest.eml
}

@test "images = inline: local files go along, what else there is stays a link and is told" {
	echo 'images = inline' >> feeds/mini/show.ini
	run "$SHOWMILL" digest preview --at $at --out look
	echo "$output"
	[ "$status" = 0 ]
	notes=feeds/mini/episodes/001-the-1.md
	line=$(wc -l < $notes)
	[[ "$output" == *"$notes:$((line - 1)): warning: the picture https://other.example/x.png stays a link: no local file"* ]]
	[[ "$output" == *"$notes:$line: warning: the picture https://mini.example.org/media/big.png stays a link: "*"more than 500 KB"* ]]
	no grep -q 'cid:' look/digest.html
	/usr/bin/python3 - <<'PY'
import re
from email import message_from_bytes, policy
m = message_from_bytes(open("look/digest.eml", "rb").read(), policy=policy.default)
bodies, *pictures = m.iter_parts()
assert m.get_content_type() == "multipart/related" and bodies.get_content_type() == "multipart/alternative"
html = m.get_body(("html",)).get_content()
shown = re.findall(r'<img[^>]* src="([^"]*)"', html)
ids = ["cid:" + p["content-id"].strip("<>") for p in pictures]
assert shown == ids + ["https://other.example/x.png", "https://mini.example.org/media/big.png"], shown
assert [p.get_filename() for p in pictures] == ["cover.png", "küche.png"]
files = ["pics/cover.png", "feeds/mini/episodes/küche.png"]
assert [p.get_payload(decode=True) for p in pictures] == [open(f, "rb").read() for f in files]
assert "cid:" not in m.get_body(("plain",)).get_content()
PY
}

@test "they are sent as they were previewed" {
	echo 'images = inline' >> feeds/mini/show.ini
	"$SHOWMILL" -q friend add robin@example.org --name 'Robin Example'
	"$SHOWMILL" -q digest preview --at $at --out look
	"$SHOWMILL" -q digest send --yes --at $at
	sed -n '/^Content-Type: image/,$p' look/digest.eml > previewed
	sed -n '/^Content-Type: image/,$p' mail/new/* > sent
	[ "$(grep -c '^Content-ID: ' sent)" = 2 ]
	cmp previewed sent
}

@test "the preview's frames show the pictures that go along" {
	echo 'images = inline' >> feeds/mini/show.ini
	"$SHOWMILL" -q digest preview --at $at --out look
	/usr/bin/python3 - <<-'PY'
	import base64, html.parser
	docs = []
	class P(html.parser.HTMLParser):
	    def handle_starttag(self, tag, attrs):
	        if tag == 'iframe':
	            docs.append(dict(attrs)['srcdoc'])
	P().feed(open('look/preview.html', encoding='utf-8').read())
	assert len(docs) == 5
	for d in docs:
	    assert 'cid:' not in d and 'https://other.example/x.png' in d
	    for name in 'pics/cover.png', 'feeds/mini/episodes/küche.png':
	        assert 'src="data:image/png;base64,' + base64.b64encode(open(name, 'rb').read()).decode() in d
	PY
	no grep -q 'data:image' look/digest.html look/digest.eml
}

@test "a network's digest finds the pictures of each show" {
	cp -r feeds/mini feeds/other
	sed -i 's/The Mini Show/The Other/; s/mini\.example/other.example/; s/^guid.*/guid = 917393e3-1b1e-5cef-ace4-edaa54e1f810/' feeds/other/show.ini
	{ cat pics/cover.png; printf x; } > feeds/other/media/pic.png
	printf '\n![Own](https://other.example.org/media/pic.png)\n' >> feeds/other/episodes/001*
	printf 'images = inline\ndigest_show = other\n' >> feeds/mini/show.ini
	"$SHOWMILL" -q digest preview --show mini --episode other:1 --at $at --out look
	[ "$(grep -c '^Content-ID' look/digest.eml)" -ge 2 ]
	grep -q 'filename="\?pic.png' look/digest.eml
}

@test "a picture that stays a link is told where it stands: show.ini, an edition's file, notes, a template" {
	echo 'images = inline' >> feeds/mini/show.ini
	rm pics/cover.png
	mkdir -p feeds/mini/editions
	printf -- '---\nsubject: One\n---\n\nHello.\n\n<img src="/by-hand.png" alt="x">\n' > feeds/mini/editions/2026-W02.md
	printf '\n![Gone](gone.png)\n' >> feeds/mini/episodes/001*
	sed -i '/<p>{{words.intro}}<\/p>/s#^#<img src="{{show.link}}tpl.png" alt="x">#' templates/digest.html
	run "$SHOWMILL" digest preview --at $at --out look
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"feeds/mini/show.ini:$(grep -n '^image =' feeds/mini/show.ini | cut -d: -f1): warning: the picture https://mini.example.org/cover.png stays"* ]]
	[[ "$output" == *"feeds/mini/editions/2026-W02.md:7: warning: the picture https://mini.example.org/by-hand.png stays"* ]]
	[[ "$output" == *"feeds/mini/episodes/001-the-1.md:$(wc -l < feeds/mini/episodes/001-the-1.md): warning: the picture https://mini.example.org/001/gone.png stays"* ]]
	[[ "$output" == *"templates/digest.html:$(grep -n -m1 tpl.png templates/digest.html | cut -d: -f1): warning: the picture https://mini.example.org/tpl.png stays"* ]]
}
