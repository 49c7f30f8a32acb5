#!/usr/bin/env bats
# media probe --write: into front matter and tables, and no other byte.

load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-02-05T10:00:00Z two.mp3
	eps=feeds/mini/episodes
	one=$(stat -c %s feeds/mini/media/one.mp3)
	two=$(stat -c %s feeds/mini/media/two.mp3)
}
teardown() { peers_stop; }

probe() { run "$SHOWMILL" media probe "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }
ini() { printf '%s\n' "$@" >> feeds/mini/show.ini; }
# The clock that a build of the feeds would have of a file.
clock() { "$SHOWMILL" media probe --json "$1" | /usr/bin/python3 -c 'import json, sys
s = (json.load(sys.stdin)[0]["duration_ms"] + 500) // 1000; print("%d:%02d" % (s // 60, s % 60))'; }

@test "all audio that is due, and nothing else of the files" {
	cp feeds/mini/media/one.mp3 feeds/mini/media/three.mp3
	site_episode 3 2999-01-01T00:00:00Z three.mp3
	printf -- '---\r\ntitle: "Ü" # über\r\nnumber: 1\r\ndate: 2026-01-05T10:00:00Z\r\nlength:   "7"\t# bytes\r\naudio: one.mp3   # here\r\n# end\r\n---\r\nlength: 0\r\n' > "$eps/001-the-1.md"
	chmod 640 "$eps/001-the-1.md"
	cp -r feeds before
	d1=$(clock feeds/mini/media/one.mp3) d2=$(clock feeds/mini/media/two.mp3)
	probe --write --dry-run
	[ "$status" = 0 ]
	diff -r feeds before
	dry=$output
	[ "$dry" = "$eps/002-the-2.md: length $two, duration $d2
$eps/001-the-1.md: length 7 → $one, duration $d1" ]
	probe --write
	[ "$status" = 0 ]
	[ "$output" = "$dry" ]
	printf -- '---\r\ntitle: "Ü" # über\r\nnumber: 1\r\ndate: 2026-01-05T10:00:00Z\r\nlength:   "%s"\t# bytes\r\naudio: one.mp3   # here\r\nduration: "%s"\r\n# end\r\n---\r\nlength: 0\r\n' "$one" "$d1" | cmp - "$eps/001-the-1.md"
	[ "$(stat -c %a "$eps/001-the-1.md")" = 640 ]
	sed "s/^audio: two.mp3$/&\nlength: $two\nduration: \"$d2\"/" before/mini/episodes/002-the-2.md | cmp - "$eps/002-the-2.md"
	cmp before/mini/episodes/003-the-3.md "$eps/003-the-3.md"
	# All is said: nothing is touched.
	touch -d 2020-01-01 "$eps"/*
	probe --write
	[ "$status" = 0 ] && [ -z "$output" ]
	[ -z "$(find "$eps" -newermt 2020-01-02 -type f)" ]
	run "$SHOWMILL" feed build
	[ "$status" = 0 ]
	[[ "$output" != *"length says"* && "$output" != *"duration says"* ]]
}

@test "one file or address that is named, also by a link" {
	site_episode 3 2999-01-01T00:00:00Z one.mp3
	ln -s feeds/mini/media/one.mp3 link.mp3
	probe --write link.mp3
	[ "$status" = 0 ]
	[[ "$output" == *"001-the-1.md: length $one"*"003-the-3.md: length $one"* || \
	    "$output" == *"003-the-3.md: length $one"*"001-the-1.md: length $one"* ]]
	[[ "$output" != *002-the-2.md* ]]
	http_start "$PWD/feeds/mini/media" ''
	u=http://127.0.0.1:$HTTP_PORT
	site_episode 4 2026-01-06T10:00:00Z "$u/two.mp3"
	probe --write "$u/two.mp3"
	expect 0 "004-the-4.md: length $two, duration "
	cp feeds/mini/media/one.mp3 feeds/mini/media/two.mp3
	probe --write
	expect 0 "004-the-4.md: length $two → $one"
	cp link.mp3 other.mp3
	probe --write other.mp3
	expect 65 "other.mp3: error: is the audio of no episode, so it is written nowhere"
}

@test "a site's own keys, in YAML, TOML and JSON" {
	ini 'unknown_keys = ignore' '[fields]' 'audio = mp3, file.src' 'length = bytes, file.bytes'
	d=$(clock feeds/mini/media/one.mp3)
	cp feeds/mini/media/one.mp3 feeds/mini/media/b.mp3
	cp feeds/mini/media/one.mp3 feeds/mini/media/c.mp3
	printf -- '+++\ntitle = "T"\ndate = 2026-01-05\nitunes_duration = "00:00:01"\n[file]\nsrc = "one.mp3"\n+++\n' > "$eps/001-the-1.md"
	printf '{"title":"J","date":"2026-01-06","mp3":"b.mp3","bytes":"1","type":"post"}\n' > "$eps/002-the-2.md"
	printf -- '---\ntitle: Y\ndate: 2026-01-07\nfile: {src: c.mp3}\n---\n' > "$eps/003-the-3.md"
	probe --write
	[ "$status" = 0 ]
	[ "$(cat "$eps/001-the-1.md")" = "+++
title = \"T\"
date = 2026-01-05
itunes_duration = \"00:0${d}\"
[file]
src = \"one.mp3\"
bytes = $one
+++" ]
	[ "$(cat "$eps/002-the-2.md")" = "{\"title\":\"J\",\"date\":\"2026-01-06\",\"mp3\":\"b.mp3\",\"duration\":\"$d\",\"bytes\":\"$one\",\"type\":\"post\"}" ]
	[ "$(cat "$eps/003-the-3.md")" = "---
title: Y
date: 2026-01-07
file: {src: c.mp3, bytes: $one}
duration: \"$d\"
---" ]
	"$SHOWMILL" feed build
	probe --write
	[ "$status" = 0 ] && [ -z "$output" ]
}

@test "rows of a table; notes that have no place" {
	ini 'table = t.csv'
	d=$(clock feeds/mini/media/one.mp3)
	printf 'number;title;date;audio;length\r\n3;"A; B";2026-01-06;one.mp3\r\n\r\n4;C;2026-01-07;two.mp3;"1"\r\n' > feeds/mini/t.csv
	printf 'Notes.\n' | tee "$eps/003-the-3.md" > "$eps/004-the-4.md"
	probe --write feeds/mini/media/one.mp3
	expect 0 "feeds/mini/t.csv:2: length $one, duration $d"
	printf 'number;title;date;audio;length;duration\r\n3;"A; B";2026-01-06;one.mp3;%s;%s\r\n\r\n4;C;2026-01-07;two.mp3;"1";\r\n' "$one" "$d" | cmp - feeds/mini/t.csv
	[ "$(cat "$eps/003-the-3.md")" = 'Notes.' ]
	# A value over several lines cannot be replaced alone.
	ini 'unknown_keys = ignore'
	printf -- '---\ntitle: X\nnumber: 5\ndate: 2026-01-08\naudio: two.mp3\nlength: |\n  12\n---\n' > "$eps/005-the-5.md"
	cp "$eps/005-the-5.md" before.md
	probe --write feeds/mini/media/two.mp3
	expect 65 "$eps/005-the-5.md:6: error: the value to be replaced goes over several lines; write it on one"
	expect 65 "feeds/mini/t.csv:4: length 1 → $two, duration "
	cmp before.md "$eps/005-the-5.md"
}

@test "a value that would be taken for something else is not written" {
	ini 'unknown_keys = ignore'
	site_episode 1 2026-01-05T10:00:00Z one.mp3 'audio_length: 12345678'
	cp "$eps/001-the-1.md" before.md
	probe --write feeds/mini/media/one.mp3
	expect 65 "001-the-1.md:6: error: \`audio_length: $one\` would not be understood as the length"
	cmp before.md "$eps/001-the-1.md"
	ini 'table = t.csv'
	printf 'number,title,date,audio,audio_length\n1,A,2026-01-06,one.mp3,12345678\n' > feeds/mini/t.csv
	cp feeds/mini/t.csv before.csv
	printf 'Notes.\n' > "$eps/001-the-1.md"
	probe --write feeds/mini/media/one.mp3
	expect 65 "t.csv:2: error: \`audio_length: $one\` would not be"
	cmp before.csv feeds/mini/t.csv
}

@test "the type, where the name does not tell it" {
	cp feeds/mini/media/one.mp3 feeds/mini/media/plain
	site_episode 1 2026-01-05T10:00:00Z plain
	site_episode 2 2026-01-05T10:00:00Z two.mp3 'type: audio/ogg'
	probe --write
	expect 0 "001-the-1.md: length $one, duration $(clock feeds/mini/media/one.mp3), type audio/mpeg"
	expect 0 ", type audio/ogg → audio/mpeg"
	"$SHOWMILL" feed build
}

@test "a file that changes while the others are looked at" {
	mkdir web && cp feeds/mini/media/two.mp3 web/far.mp3
	http_start "$PWD/web" 'HEAD:/far.mp3 delay 4000'
	site_episode 3 2026-02-06T10:00:00Z "http://127.0.0.1:$HTTP_PORT/far.mp3"
	cp -r feeds before
	(
		n=0
		until grep -q far.mp3 "$HTTP_LOG" 2>/dev/null || [ $((n += 1)) -gt 100 ]; do sleep 0.02; done
		sleep 0.3
		head -c 1000 feeds/mini/media/one.mp3 >> feeds/mini/media/one.mp3.new
		cat feeds/mini/media/one.mp3.new >> feeds/mini/media/one.mp3
	) 3>&- &
	probe --write feeds/mini/media/one.mp3 "http://127.0.0.1:$HTTP_PORT/far.mp3"
	wait $!
	expect 75 'feeds/mini/media/one.mp3: error: the file changed while it was looked at, and nothing of it was written; try again when it is whole [media-probe]'
	cmp "$eps/001-the-1.md" "before/${eps#feeds/}/001-the-1.md"
	grep -q "^length: $two" "$eps/003-the-3.md"
}

@test "notes that are changed meanwhile keep what they say" {
	mkdir web && cp feeds/mini/media/two.mp3 web/far.mp3
	http_start "$PWD/web" 'HEAD:/far.mp3 delay 4000'
	site_episode 3 2026-02-06T10:00:00Z "http://127.0.0.1:$HTTP_PORT/far.mp3"
	(
		n=0
		until grep -q far.mp3 "$HTTP_LOG" 2>/dev/null || [ $((n += 1)) -gt 100 ]; do sleep 0.02; done
		sleep 0.3
		sed -i 's/one.mp3/two.mp3/' "$eps/001-the-1.md"
	) 3>&- &
	probe --write feeds/mini/media/one.mp3 "http://127.0.0.1:$HTTP_PORT/far.mp3"
	wait $!
	expect 75 "$eps/001-the-1.md: error: was changed since it was read, so that nothing was written to it; run showmill again"
	[ "$(grep -c "^length" "$eps/001-the-1.md")" = 0 ]
	grep -q "^length: $two" "$eps/003-the-3.md"
}

@test "what does not go together is told" {
	probe
	expect 64 "name files or addresses to be probed"
	probe --dry-run feeds/mini/media/one.mp3
	expect 64 "--dry-run and --show go with --write"
	probe --write --json
	expect 64 "take one of the two"
	cd "$BATS_TEST_TMPDIR"
	probe --write
	[ "$status" != 0 ]
}

@test "an address whose file is at hand needs no server, and a clock has quotes where it had none" {
	printf -- '---\ntitle: One\nnumber: 1\ndate: 2026-01-05T10:00:00Z\nduration: 1h 2m\naudio: one.mp3\n---\nx\n' > "$eps/001-the-1.md"
	d=$(clock feeds/mini/media/one.mp3)
	probe --write https://mini.example.org/media/one.mp3
	expect 0 "001-the-1.md: length $one, duration 1h 2m → $d"
	grep -qx "duration: \"$d\"" "$eps/001-the-1.md"
	# Where there was one without quotes it has none.
	sed -i 's/^duration: .*/duration: 9:59/' "$eps/001-the-1.md"
	probe --write feeds/mini/media/one.mp3
	expect 0 "duration 9:59 → $d"
	grep -qx "duration: $d" "$eps/001-the-1.md"
}
