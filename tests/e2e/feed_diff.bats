#!/usr/bin/env bats
# feed diff, end to end: files, addresses, words, JSON and exit codes.

load site
load peers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	one > old.xml
}
teardown() {
	[ -z "${GZIP_PID:-}" ] || kill "$GZIP_PID" 2>/dev/null || true
	peers_stop
}

one() {
	cat <<-'XML'
	<?xml version="1.0" encoding="UTF-8"?>
	<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
	  <channel>
	    <title>The Mini Show</title>
	    <lastBuildDate>Mon, 02 Jun 2025 10:00:00 GMT</lastBuildDate>
	    <item>
	      <title>Two</title>
	      <guid isPermaLink="false">two</guid>
	      <enclosure url="https://mini.example.org/two.mp3" length="200" type="audio/mpeg"/>
	    </item>
	    <item>
	      <title>One</title>
	      <guid isPermaLink="false">one</guid>
	      <enclosure url="https://mini.example.org/one.mp3" length="100" type="audio/mpeg"/>
	      <itunes:duration>0:29:01</itunes:duration>
	    </item>
	  </channel>
	</rss>
	XML
}

# diff_of SED_SCRIPT: compares old.xml with what sed makes of it.
diff_of() {
	sed "$1" old.xml > new.xml
	run --separate-stderr "$SHOWMILL" feed diff old.xml new.xml
}

bats_require_minimum_version 1.5.0

@test "feeds that say the same: nothing on standard output, status 0" {
	diff_of 's/0:29:01/1741/; s/02 Jun/03 Jun/; s/Mon,/Tue,/; s/    //'
	[ "$status" = 0 ]
	[ -z "$output" ]
	[[ "$stderr" == *"the feeds say the same"* ]]
}

@test "what changed is told in words, status 1" {
	diff_of 's/The Mini Show/The Maxi Show/; s/length="100"/length="101"/; s/>two</>zwei</'
	[ "$status" = 1 ]
	[ "$output" = 'the show:
  title: "The Mini Show" → "The Maxi Show"
"Two" (zwei):
  guid: "two" → "zwei"
"One" (one):
  enclosure-length: "100" → "101"' ]
	[ "$stderr" = "showmill: 1 change of the show, 0 items removed, 0 added, 2 changed" ]
}

@test "items added and removed" {
	diff_of '/<title>Two/,/<enclosure/s/two/three/; s/>Two</>Three</'
	[ "$status" = 1 ]
	[ "$output" = 'removed: "Two" (two)
added: "Three" (three)' ]
}

@test "--ignore leaves fields out" {
	sed 's/The Mini Show/Other/' old.xml > new.xml
	run "$SHOWMILL" feed diff --ignore title old.xml new.xml
	[ "$status" = 0 ]
	run "$SHOWMILL" feed diff --ignore link --ignore guid old.xml new.xml
	[ "$status" = 1 ]
}

@test "--json says the same to programs" {
	sed 's/length="100"/length="101"/' old.xml > new.xml
	run --separate-stderr "$SHOWMILL" feed diff --json old.xml new.xml
	[ "$status" = 1 ]
	/usr/bin/python3 - "$output" <<'PY'
import json, sys
d = json.loads(sys.argv[1])
assert d["equal"] is False and d["order"] is False
assert d["channel"] == d["added"] == d["removed"] == []
[item] = d["items"]
assert item["guid"] == "one" and item["title"] == "One" and item["date"] is None
assert item["changes"] == [{"field": "enclosure-length", "old": "100", "new": "101"}]
PY
	run --separate-stderr "$SHOWMILL" feed diff --json old.xml old.xml
	[ "$status" = 0 ]
	[[ "$output" == *'"equal": true'* ]]
}

@test "a feed from an address, behind a redirect" {
	mkdir web && cp old.xml web/feed.xml
	http_start "$PWD/web" '/moved.xml redirect 301 /feed.xml'
	run "$SHOWMILL" feed diff old.xml "http://127.0.0.1:$HTTP_PORT/moved.xml"
	[ "$status" = 0 ]
	grep -q '^GET' <(cut -f 1- "$HTTP_LOG" | tr '\t' '\n')
}

@test "relative addresses count from where the feed came from" {
	mkdir web && sed 's|https://mini.example.org/one.mp3|one.mp3|' old.xml > web/feed.xml
	http_start "$PWD/web" '/moved/feed.xml redirect 301 /feed.xml'
	run --separate-stderr "$SHOWMILL" feed diff old.xml "http://127.0.0.1:$HTTP_PORT/moved/feed.xml"
	[ "$status" = 1 ]
	[[ "$output" == *"\"http://127.0.0.1:$HTTP_PORT/one.mp3\""* ]]
}

@test "errors of the web name the address and have their own status" {
	mkdir web
	http_start "$PWD/web" '/busy.xml status 503 busy
/gone.xml status 404 gone
/cut.xml length 100000
/page.xml html'
	cp old.xml web/cut.xml
	run "$SHOWMILL" feed diff old.xml "http://127.0.0.1:$HTTP_PORT/busy.xml"
	[ "$status" = 75 ]
	run "$SHOWMILL" feed diff old.xml "http://127.0.0.1:$HTTP_PORT/gone.xml"
	[ "$status" = 65 ]
	[[ "$output" == *"/gone.xml: the server answered 404"* ]]
	run "$SHOWMILL" feed diff old.xml "http://127.0.0.1:$HTTP_PORT/cut.xml"
	[ "$status" = 69 ]
	run "$SHOWMILL" feed diff old.xml "http://127.0.0.1:$HTTP_PORT/page.xml"
	[ "$status" = 65 ]
	[[ "$output" == *"this is a web page, not a feed"* ]]
}

# gzip_start FILE: a server that sends FILE compressed, whatever is asked.
gzip_start() {
	/usr/bin/python3 - "$1" > gzip.port 2>gzip.err 3>&- <<'PY' &
import gzip, http.server, sys
body = gzip.compress(open(sys.argv[1], "rb").read())
class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        assert "gzip" in self.headers["Accept-Encoding"]
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args): pass
s = http.server.HTTPServer(("127.0.0.1", 0), H)
print(s.server_address[1], flush=True)
s.serve_forever()
PY
	GZIP_PID=$!
	for _ in $(seq 500); do
		[ ! -s gzip.port ] || return 0
		sleep 0.02
	done
	return 1
}

@test "a compressed answer" {
	gzip_start old.xml
	run "$SHOWMILL" feed diff old.xml "http://127.0.0.1:$(cat gzip.port)/feed.xml"
	[ "$status" = 0 ]
}

@test "a small answer that would become too large is refused" {
	head -c 80000000 /dev/zero > zero
	gzip_start zero
	run "$SHOWMILL" feed diff old.xml "http://127.0.0.1:$(cat gzip.port)/feed.xml"
	[ "$status" = 65 ]
	[[ "$output" == *"larger than 67108864 bytes"* ]]
}

@test "a damaged feed is not compared; one that can be mended is, with a warning" {
	head -n 10 old.xml > new.xml
	run "$SHOWMILL" feed diff old.xml new.xml
	[ "$status" = 65 ]
	[[ "$output" == *"new.xml:"*"the document ends inside of"* ]]
	[[ "$output" == *"nothing was compared"* ]]
	sed 's/The Mini Show/Ben \& Co/' old.xml > new.xml
	sed -i 's/The Mini Show/Ben \&amp; Co/' old.xml
	run --separate-stderr "$SHOWMILL" feed diff old.xml new.xml
	[ "$status" = 0 ]
	[[ "$stderr" == *"new.xml:4: warning: a bare & is taken as &amp; [xml-ampersand]"* ]]
}

@test "no entity is expanded and no file is read through one" {
	echo secret > secret.txt
	sed "1a <!DOCTYPE rss [<!ENTITY x SYSTEM \"file://$PWD/secret.txt\"><!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>" old.xml |
		sed 's/The Mini Show/\&x;\&b;/' > new.xml
	run --separate-stderr "$SHOWMILL" feed diff old.xml new.xml
	[ "$status" = 1 ]
	[[ "$output" == *'→ "&x;&b;"'* ]]
	[[ "$output" != *secret* ]]
}

@test "operands that are missing, not there, or not a feed" {
	run "$SHOWMILL" feed diff old.xml
	[ "$status" = 64 ]
	run "$SHOWMILL" feed diff old.xml nowhere.xml
	[ "$status" = 66 ]
	echo '{}' > new.json
	run "$SHOWMILL" feed diff old.xml new.json
	[ "$status" = 65 ]
	[[ "$output" == *"new.json:1: error: this is JSON"* ]]
	run "$SHOWMILL" feed diff old.xml ftp://127.0.0.1/x.xml
	[ "$status" = 66 ]
}

@test "standard output that is full is an error" {
	[ -w /dev/full ] || skip "no /dev/full"
	sed 's/The Mini Show/Other/' old.xml > new.xml
	run bash -c '"$0" feed diff old.xml new.xml > /dev/full' "$SHOWMILL"
	[ "$status" = 74 ]
}
