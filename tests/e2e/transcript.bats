#!/usr/bin/env bats
# media transcript: from one form to another, and nothing lost in silence.
load site

setup() {
	cd "$BATS_TEST_TMPDIR"
	printf 'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello,\nworld\n\n00:00:03.000 --> 00:00:04.000\nBye\n' > plain.vtt
	printf 'WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<v Ann Lee>Hello\n\n00:00:03.000 --> 00:00:04.000\n<v Bo>Bye\n' > who.vtt
}
convert() { run "$SHOWMILL" media transcript "$@"; }
# expect CODE WORDS
expect() { [ "$status" = "$1" ] && [[ "$output" == *"$2"* ]] || { echo "$status: $output"; return 1; }; }

@test "there and back again" {
	convert --to srt plain.vtt
	expect 0 '00:00:01,000 --> 00:00:02,500'
	"$SHOWMILL" media transcript --to srt --out plain.srt plain.vtt
	"$SHOWMILL" media transcript --to vtt --out back.vtt plain.srt
	cmp back.vtt plain.vtt
	"$SHOWMILL" media transcript --to json --out who.json who.vtt
	/usr/bin/python3 -c 'import json
s = json.load(open("who.json"))["segments"]
assert [(x["startTime"], x["endTime"], x["speaker"], x["body"]) for x in s] == [(1, 2.5, "Ann Lee", "Hello"), (3, 4, "Bo", "Bye")], s'
	"$SHOWMILL" media transcript --to vtt - < who.json > back.vtt
	cmp back.vtt who.vtt
}

@test "what would be lost is told, and nothing is written" {
	printf '{"version": "1.0.0", "segments": [{"startTime": 1, "body": "a", "speaker": "lower"}, {"startTime": 2, "endTime": 3, "body": "b"}]}' > odd.json
	echo old > odd.srt
	convert --to srt --out odd.srt odd.json
	expect 65 'odd.json: error: SubRip cannot hold all of it: '
	expect 65 'who speaks'
	expect 65 'that some cues have no end'
	[ "$(cat odd.srt)" = old ]
	convert --to srt --lossy --out odd.srt odd.json
	expect 0 ''
	grep -q '^00:00:01,000 --> 00:00:02,000' odd.srt
}

@test "what is no transcript with times, and wrong words" {
	echo 'just words' > words.txt
	convert --to vtt words.txt
	expect 65 'words.txt: error: is '
	expect 65 'which has no times; WebVTT, SubRip and JSON have'
	printf 'WEBVTT\n\n00:00:05.000 --> 00:00:02.000\nx\n' > bad.vtt
	convert --to srt bad.vtt
	expect 65 'bad.vtt:3: error: '
	convert --to srt nowhere.vtt
	expect 66 nowhere.vtt
	convert --to ass plain.vtt
	expect 64 '--to `ass`: it takes vtt, srt or json'
	convert plain.vtt
	expect 64 '--to is missing: it takes vtt, srt or json'
}
