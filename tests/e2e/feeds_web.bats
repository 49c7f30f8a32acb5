#!/usr/bin/env bats
# feed build and web servers that do not do what they should.

load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	mkdir web && head -c 123456 /dev/zero > web/far.mp3
}
teardown() { peers_stop; }

at=2026-02-01
# serve RULES: the server stands behind https://cdn.example.org/.
serve() {
	http_start "$PWD/web" "$1"
	sed -i '/^probe_map = /d' config.ini
	echo "probe_map = https://cdn.example.org/ http://127.0.0.1:$HTTP_PORT/" >> config.ini
}
# again RULES: another server in its place, whose answers the cache knows.
again() {
	local before=$HTTP_PORT
	http_stop
	serve "$1"
	in_cache "UPDATE media SET key = replace(key, ':$before/', ':$HTTP_PORT/')"
}
in_cache() { /usr/bin/python3 -c 'import sqlite3, sys; c = sqlite3.connect("cache.db"); c.execute(sys.argv[1]); c.commit()' "$1"; }
requests() { grep -c 'far.mp3' "$HTTP_LOG" || true; }
# remote N NAME [EXTRA]
remote() { site_episode "$1" "2026-01-1${1}T12:00:00Z" "https://cdn.example.org/$2" "${3:-}"; }
build() { run "$SHOWMILL" feed build --at $at --out out "$@"; }
lengths() { sed -n 's/.*length="\([0-9]*\)".*/\1/p' out/feed.xml; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }

@test "the same answer again costs no body: 304 by ETag, and the size is known" {
	serve
	remote 2 far.mp3
	build
	[ "$status" = 0 ]
	cp out/feed.xml first.xml
	build
	[ "$status" = 0 ]
	cmp out/feed.xml first.xml
	[ "$(lengths | head -n 1)" = 123456 ]
	grep -q 304 "$HTTP_LOG"
	# A new file is a new answer.
	head -c 99 /dev/zero > web/far.mp3
	build
	[ "$(lengths | head -n 1)" = 99 ]
}

@test "what a server answers decides the exit status, and the message helps" {
	serve '/405.mp3 head 405
/nolength.mp3 nolength
/html.mp3 html
/500.mp3 status 500
/503.mp3 status 503
/403.mp3 status 403
/close.mp3 close'
	: > web/empty.mp3
	for f in 405 nolength html 500 503 403 close; do cp web/far.mp3 web/$f.mp3; done
	try() { # NAME CODE CODE-WITH-KEEP-GOING WORDS
		remote 2 "$1.mp3"
		build
		expect "$2" "$4"
		[[ "$output" == *"002-the-2.md:5: error: "*"[episode-audio]"* ]]
		[ ! -e out/feed.xml ]
		build --keep-going
		expect "$3" "1 episode was left out: feeds/mini/episodes/002-the-2.md"
		[ "$(lengths)" = "$(stat -c %s feeds/mini/media/one.mp3)" ]
		rm out/*.xml
	}
	try html 69 75 'text/html, which is no audio'
	try 500 69 75 'answered 500; try again later'
	try 503 75 75 'answered 503; try again later'
	try empty 69 75 '0 bytes'
	try close 69 75 'look at the address'
	# Here asking again is of no use.
	try 403 65 65 'no password'
	try none 65 65 'answered 404; look at the address'
}

@test "a feed that only a server leaves empty: the remedy is to wait" {
	serve
	rm feeds/mini/episodes/*
	remote 2 far.mp3
	build -q
	[ "$status" = 0 ]
	cp out/feed.xml first.xml
	rm cache.db
	http_stop
	serve '/far.mp3 status 503'
	build --keep-going
	expect 75 'out/feed.xml: error: has episodes, and none is left for it while the audio cannot be asked for; no feed was written. Run it again when the web server answers [feed-emptied]'
	cmp out/feed.xml first.xml
}

@test "host names that are not known: 68; with another error 65" {
	remote 2 far.mp3
	echo 'probe_map = https://cdn.example.org/ http://name.invalid/' >> config.ini
	env -u http_proxy -u https_proxy -u all_proxy no_proxy='*' "$SHOWMILL" feed build --at $at --out out 2>told && status=0 || status=$?
	output=$(<told)
	expect 68 name.invalid
	remote 3 far.mp3 'colour: red'
	run env no_proxy='*' "$SHOWMILL" feed build --at $at --out out
	expect 65 name.invalid
}

@test "a passing fault takes no episode away in silence" {
	serve
	remote 2 far.mp3
	build
	[ "$status" = 0 ]
	http_stop
	rm cache.db
	build
	expect 69 'no feed was written'
	[ "$(lengths | wc -l)" = 2 ]
	build --keep-going
	expect 75 '1 error; 1 episode was left out: feeds/mini/episodes/002-the-2.md'
	# Nor all of them, with or without a word.
	rm feeds/mini/episodes/001-the-1.md
	build --keep-going
	expect 75 'out/feed.xml: error: has episodes'
	[ "$(lengths | wc -l)" = 1 ]
}

@test "a server that cannot be asked: its earlier answer counts, with a warning" {
	serve
	cp web/far.mp3 web/far3.mp3
	remote 2 far.mp3 'duration: 1:00'
	remote 3 far3.mp3 'duration: 1:00'
	build
	expect 0 ''
	cp out/feed.xml first.xml
	in_cache "UPDATE media SET learnt = 1767225600"
	covered() {
		build
		expect 0 "$1"
		[ "$(grep -c 'warning: .*\[media-from-cache\]' <<<"$output")" = 1 ]
		[[ "$output" == *"-the-"[23]".md:5: warning: "*" http://127.0.0.1:"*" on 2026-01-01T00:00:00Z is used"* ]]
		cmp out/feed.xml first.xml
	}
	for code in 408 425 429 500 502 503 504; do
		again "* status $code"
		covered "the server answered $code"
	done
	again '* close'
	covered ''
	http_stop
	covered ''
	# What it says is not there is not covered, nor what is something else.
	in_cache "UPDATE media SET etag = '', modified = ''"
	for rule in '* status 404' '* status 410' '* status 403' '* status 501' '* html'; do
		HTTP_PORT=$(sed -n 's/^probe_map.*:\([0-9]*\)\/$/\1/p' config.ini)
		again "$rule"
		build
		[ "$status" = 65 ] || [ "$status" = 69 ] || { echo "$rule: $status $output"; return 1; }
		[[ "$output" != *media-from-cache* ]]
		cmp out/feed.xml first.xml
	done
	# Nor what the cache does not know.
	rm cache.db
	build
	[ "$status" = 69 ]
}

@test "a server that tells no version: the duration is asked for once, and stays when it is down" {
	serve '* range nameless'
	cp "$REPO/tests/e2e/fixtures/cbr.mp3" web/far.mp3
	remote 2 far.mp3
	build
	expect 0 ''
	grep -q '<itunes:duration>3</itunes:duration>' out/feed.xml
	cp out/feed.xml first.xml
	asked=$(requests)
	build
	expect 0 ''
	[ "$(requests)" = $((asked + 1)) ]
	cmp out/feed.xml first.xml
	# Another size is another file.
	cat "$REPO/tests/e2e/fixtures/cbr.mp3" >> web/far.mp3
	build
	expect 0 ''
	grep -q '<itunes:duration>6</itunes:duration>' out/feed.xml
	[ "$(requests)" -gt $((asked + 2)) ]
	cp out/feed.xml second.xml
	for rule in '* status 503' '* close'; do
		again "$rule"
		for refresh in '' --refresh; do
			build $refresh
			expect 0 media-from-cache
			[[ "$output" != *episode-no-duration* ]]
			cmp out/feed.xml second.xml
		done
	done
	# --refresh looks anew.
	again '* range nameless'
	asked=$(requests)
	build --refresh
	[ "$(requests)" -gt $((asked + 1)) ]
}

@test "recheck: what was asked for a while ago is not asked again" {
	serve
	remote 2 far.mp3 'duration: 1:00'
	echo 'recheck = 1h' >> config.ini
	build
	[ "$(requests)" = 1 ]
	head -c 99 /dev/zero > web/far.mp3
	build
	expect 0 unchanged
	[ "$(requests)" = 1 ]
	build --refresh
	[ "$(lengths | head -n 1)" = 99 ]
	[ "$(requests)" = 2 ]
	build
	[ "$(requests)" = 2 ]
	# Too old, or of a clock that went wrong.
	in_cache "UPDATE media SET learnt = learnt - 3600"
	build
	[ "$(requests)" = 3 ]
	in_cache "UPDATE media SET learnt = learnt + 3600"
	build
	[ "$(requests)" = 4 ]
	# An answer of "not modified" is as new as any; --at is no clock.
	build
	"$SHOWMILL" feed build --at 2027-01-01 --out out
	[ "$(requests)" = 4 ]
	# By default it is always asked.
	sed -i '/^recheck/d' config.ini
	build
	[ "$(requests)" = 5 ]
}

@test "a host that hangs costs two time-outs, not one for each episode" {
	serve '* delay 30000'
	echo 'http_timeout = 1' >> config.ini
	for n in 2 3 4 5 6 7; do
		cp web/far.mp3 web/$n.mp3
		remote $n $n.mp3
	done
	SECONDS=0
	build
	[ "$SECONDS" -lt 25 ]
	expect 69 'raise http_timeout'
	[[ "$output" == *'; so 6 times: -v names each'* ]]
	[ "$(grep -c 'raise http_timeout' <<<"$output")" = 1 ]
	build --keep-going
	expect 75 '6 episodes were left out'
	build -v
	[ "$(grep -c 'error: .*raise http_timeout' <<<"$output")" = 6 ]
}

@test "a host that answers in between is asked on" {
	serve '/2.mp3 close
/4.mp3 close
/6.mp3 status 500'
	for n in 2 3 4 5 6 7; do
		cp web/far.mp3 web/$n.mp3
		remote $n $n.mp3
	done
	build
	[ "$status" = 69 ]
	[[ "$output" != *"not asked"* ]]
	[ "$(grep -c episode-audio <<<"$output")" = 3 ]
}

@test "the types a server tells: what is no audio is refused, what says nothing is told by the name" {
	/usr/bin/python3 - port <<-'PY' 3>&- &
	import http.server, os, sys
	class H(http.server.BaseHTTPRequestHandler):
	    def do_HEAD(self):
	        kind = self.path.split('/')[1].replace('.', '/')
	        self.send_response(200)
	        if kind != 'none':
	            self.send_header('Content-Type', kind)
	        self.send_header('Content-Length', '777')
	        self.end_headers()
	    def log_message(self, *a):
	        pass
	s = http.server.HTTPServer(('127.0.0.1', 0), H)
	with open(sys.argv[1] + '.new', 'w') as f:
	    f.write(str(s.server_port))
	os.rename(sys.argv[1] + '.new', sys.argv[1])
	s.serve_forever()
	PY
	web=$!
	until [ -s port ]; do sleep 0.05; done
	echo "probe_map = https://cdn.example.org/ http://127.0.0.1:$(<port)/" >> config.ini
	bad=0
	check() { # TYPE NAME EXTRA, then the type in the feed, or "refused"
		remote 2 "$1/$2" "duration: 1:00${3:+$'\n'$3}"
		build
		got=refused
		[ "$status" != 0 ] || got=$(sed -n 's/.*length="777" type="\([^"]*\)".*/\1/p' out/feed.xml)
		[ "$got" = "$4" ] || { echo "$1 $2 $3: $got ($status) $output"; bad=1; }
	}
	check audio.mpeg a.mp3 '' audio/mpeg
	check video.mp4 a.m4a '' video/mp4
	check audio.mp3 a.mp3 '' audio/mp3
	check audio.x-unheard-of a.mp3 '' audio/x-unheard-of
	check audio.ogg a '' audio/ogg
	# Another format than the ending tells.
	check video.mp4 a.mp3 '' refused
	check application.pdf a.mp3 '' refused
	check application.pdf a.mp3 'type: audio/mpeg' refused
	check application.pdf a.mp3 'type: application/pdf' application/pdf
	check audio.ogg a.mp3 'type: audio/ogg' audio/ogg
	check audio.mpeg a.pdf '' refused
	[[ "$output" == *"is audio/mpeg, and its name says application/pdf;"*"write \`type: audio/mpeg\`"* ]]
	check application.pdf a.pdf '' application/pdf
	check application.octet-stream a.mp3 '' audio/mpeg
	check binary.octet-stream a.m4a '' audio/x-m4a
	check application.ogg a '' audio/ogg
	check none a.mp3 '' audio/mpeg
	check none a 'type: audio/aac' audio/aac
	check none a '' refused
	check application.json a.mp3 '' refused
	check application.json a.mp3 'type: audio/mpeg' refused
	check image.png a.mp3 '' refused
	check text.plain a.mp3 '' refused
	check application.xhtml+xml a.mp3 '' refused
	kill "$web"
	wait "$web" 2>/dev/null || true
	[ "$bad" = 0 ]
}
