#!/usr/bin/env bats
# media probe: files here, and on a web server that has its faults.

load peers

setup() {
	cd "$BATS_TEST_TMPDIR"
	B=${BUILD:-build/debug}
	[[ $B == /* ]] || B=$BATS_TEST_DIRNAME/../../$B
	SHOWMILL=$B/showmill
	mkdir web
	frames web/a.mp3 200
}
teardown() { peers_stop; }

# frames FILE N: an MP3 file of N silent frames, 128 kbit/s at 44,100 Hz, two
# channels, without a header.
frames() {
	/usr/bin/python3 -c 'import sys
open(sys.argv[1], "wb").write((b"\xff\xfb\x90\x04" + bytes(413)) * int(sys.argv[2]))' "$1" "$2"
}
probe() { run "$SHOWMILL" media probe "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
# look EXPRESSION: of the JSON list j that was printed.
look() { /usr/bin/python3 -c 'import json, sys
j = json.loads(sys.argv[1]); print(eval(sys.argv[2]))' "$output" "$1"; }

@test "a file: what is known of it, without a config.ini" {
	probe web/a.mp3
	[ "$status" = 0 ]
	[ "$output" = "web/a.mp3
FACT      VALUE
size      83400 bytes
type      audio/mpeg
codec     mp3
duration  0:05.224
bitrate   128000 bit/s, CBR
rate      44100 Hz
channels  2" ]
	# A broken one, where it was not asked for, is told.
	echo 'nonsense' > config.ini
	probe web/a.mp3
	[ "$status" = 0 ]
}

@test "files and addresses: in the order given, the same facts" {
	frames web/far.mp3 100000
	http_start "$PWD/web" 'HEAD:/b.mp3 head 405
/old/* redirect 301 /a.mp3'
	cp web/a.mp3 web/b.mp3
	u=http://127.0.0.1:$HTTP_PORT
	probe --json "$u/far.mp3" web/a.mp3 "$u/old/1.mp3" web/far.mp3 "$u/b.mp3"
	[ "$status" = 0 ]
	[ "$(look '[i["url"] or i["file"] for i in j]')" = "['$u/far.mp3', 'web/a.mp3', '$u/old/1.mp3', 'web/far.mp3', '$u/b.mp3']" ]
	[ "$(look '[i["how"] for i in j]')" = "['head', 'file', 'head', 'file', 'range']" ]
	[ "$(look 'j[2]["at"]')" = "$u/a.mp3" ]
	[ "$(look '[i["length"] for i in j]')" = "[41700000, 83400, 83400, 41700000, 83400]" ]
	[ "$(look 'abs(j[0]["duration_ms"] - j[3]["duration_ms"]) < 100')" = True ]
	for key in type codec bitrate vbr sample_rate channels art chapters doubts; do
		[ "$(look "j[0]['$key'] == j[3]['$key']")" = True ]
	done
	# The far one was not fetched.
	[ "$(grep -c 'far.mp3' "$HTTP_LOG")" -le 4 ]
}

@test "what cannot be had is an error, and the others are told" {
	http_start "$PWD/web" '/gone.mp3 status 404
/page.mp3 html
/wrong.mp3 field X-Nothing: 1
HEAD:/a.mp3 length 31'
	head -c 3000 /dev/zero | tr '\0' 'x' > web/wrong.mp3
	head -c 50000 web/a.mp3 > cut.mp3
	u=http://127.0.0.1:$HTTP_PORT
	probe "$u/gone.mp3" "$u/a.mp3"
	expect 65 "GET $u/gone.mp3: the server answered 404; look at the address" || expect 65 "HEAD $u/gone.mp3: the server answered 404; look at the address"
	expect 65 "size      83400 bytes"
	expect 65 "$u/a.mp3: warning: HEAD says that the file has 31 bytes, GET 83400"
	probe "$u/page.mp3"
	expect 69 "sends text/html, which is no audio"
	probe -v "$u/gone.mp3"
	[[ "${lines[0]}" == "showmill: debug: HEAD $u/gone.mp3: the server answered 404" ]]
	[[ "$output" == *"debug: $u/gone.mp3: 1 request, 0 bytes of it"* ]]
	cp web/a.mp3 web/named.txt
	probe "$u/named.txt"
	expect 69 "named.txt: the server sends text/plain, which is no audio; look at the address, and where it is right let the server send a type of audio for such files"
	probe "$u/wrong.mp3"
	expect 65 "is no audio or video file but text/plain"
	probe nowhere.mp3 web/a.mp3
	expect 66 "nowhere.mp3: error: cannot be read"
	expect 66 "size      83400 bytes"
	# Odd, but no error.
	probe cut.mp3
	expect 0 "cut.mp3: warning: ends in the middle of a frame"
	# Half copied, into a file that was made as long as it is to be.
	{ cat web/a.mp3; head -c 200000 /dev/zero; } > half.mp3
	probe half.mp3
	expect 0 "half.mp3: warning: has 200000 bytes behind its last frame that are no audio; it may be a copy that did not come to its end"
	expect 0 "duration  0:05.224"
	# A tag there is no such thing.
	{ cat web/a.mp3; printf 'APETAGEX\320\007\0\0\054\015\003\0'; head -c 199996 /dev/zero; } > half.mp3
	probe half.mp3
	[[ "$output" != *warning* ]]
	head -c 100000 /dev/zero > web/zero.mp3
	probe web/zero.mp3
	expect 0 "web/zero.mp3: warning: is of no kind of audio or video that is known; listen to it"
	probe --json "$u/zero.mp3"
	expect 0 "$u/zero.mp3: warning: is of no kind of audio or video that is known"
	expect 0 '"vbr": null'
	probe --json -q "$u/zero.mp3" cut.mp3
	[ "$(look "j[0]['chapters'], j[1]['chapters']")" = "(None, [])" ]
	printf '\0\0\0\030ftypM4A \0\0\0\0M4A isom\0\0\047\020mdat12345678' > cut.m4a
	probe cut.m4a
	expect 0 "cut.m4a: warning: is damaged or cut off: it cannot be read as MP4; listen to it, and get it whole again"
	{ printf 'ID3\003\0\0\010\040\0\0'; head -c 17301504 /dev/zero; cat web/a.mp3; } > fat.mp3
	probe fat.mp3
	expect 0 "fat.mp3: warning: begins with a tag of 17301514 bytes, in which no picture"
	expect 0 "duration  0:05.224"
	probe --json cut.mp3 nowhere.mp3
	[ "$status" = 66 ]
	peers_stop
	probe "$u/a.mp3"
	expect 69 "whether the server runs"
	probe
	expect 64 "name files or addresses to be probed"
	probe "$u/Über b.mp3"
	expect 65 "showmill: error: $u/Über b.mp3 is no address: \`Ü\` (U+00DC) cannot stand in it; write %C3%9C"
	probe "file://$PWD/web/a.mp3" web/a.mp3
	expect 66 "web/a.mp3 is neither a file nor an address that begins with http:// or https://; only these can be probed"
	expect 66 "size      83400 bytes"
	probe ""
	expect 66 "one of the names is empty"
}

@test "http_timeout of config.ini counts" {
	http_start "$PWD/web" '/* delay 120000'
	printf 'http_timeout = 1\n' > config.ini
	SECONDS=0
	probe "http://127.0.0.1:$HTTP_PORT/a.mp3"
	expect 69 "raise http_timeout in config.ini"
	[ "$SECONDS" -lt 60 ]
	# One sees meanwhile that something is waited for.
	printf 'http_timeout = 1\nhttp_retries = 0\n' > config.ini
	run /usr/bin/python3 "$BATS_TEST_DIRNAME/terminal.py" -- "$SHOWMILL" media probe "http://127.0.0.1:$HTTP_PORT/a.mp3"
	[[ "$output" == *"media 0/1"* ]]
}

@test "a config.ini that is wrong is told, but no show is looked for" {
	http_start "$PWD/web"
	u=http://127.0.0.1:$HTTP_PORT/a.mp3
	probe -c nowhere.ini web/a.mp3
	expect 78 "nowhere.ini: error: cannot be read"
	printf 'htp = 3\n' > config.ini
	probe "$u"
	expect 78 "config.ini:1: error: "
	expect 78 "config.ini cannot be used; nothing was probed"
	printf 'http_timeout = 0\n' > config.ini
	probe "$u"
	expect 78 "config.ini:1: error: "
	printf 'shows = nowhere/show.ini\n' > config.ini
	probe "$u"
	[ "$status" = 0 ]
}

@test "http_ca_file: one that is not there, or no certificate, is told once" {
	printf 'recheck = 1d\nhttp_ca_file = ca.pem\n' > config.ini
	probe https://127.0.0.1:1/a.mp3 https://127.0.0.1:1/b.mp3
	expect 78 'config.ini:2: error: http_ca_file: `ca.pem` cannot be read: No such file or directory'
	[[ "$output" != *127.0.0.1* ]]
	echo words > ca.pem
	probe https://127.0.0.1:1/a.mp3
	expect 78 'http_ca_file: `ca.pem` has no certificate in PEM, which begins with'
}
