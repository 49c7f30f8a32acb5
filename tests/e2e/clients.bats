#!/usr/bin/env bats
# Programs that people read feeds with, on the feed of the sample show.
load site
load peers

at=2026-11-24T12:00:00Z

setup() {
	site_sample
	export HOME=$BATS_TEST_TMPDIR/home GPODDER_HOME=$BATS_TEST_TMPDIR/gpodder
	export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share
	mkdir -p "$XDG_CONFIG_HOME" "$XDG_DATA_HOME" "$GPODDER_HOME"
	"$SHOWMILL" -q feed build --at $at --out out
	http_start "$PWD/out" ''
	feed=http://127.0.0.1:$HTTP_PORT/feed.xml
}
teardown() { peers_stop; }
need() { command -v "$1" >/dev/null || skip "$1 is not installed"; }
same() {
	run /usr/bin/python3 "$REPO/tests/e2e/clients.py" "$1" "$show" ${at/Z/+00:00} "$2"
	echo "$output"
	[ "$status" = 0 ]
}

@test "newsboat: guids, titles, dates and enclosures" {
	need newsboat
	echo "$feed" > urls
	: > config
	timeout 60 newsboat -u urls -c cache.db2 -C config -x reload
	same newsboat cache.db2
}

@test "gpodder: guids, titles, dates, enclosures and sizes" {
	need gpo
	timeout 60 gpo subscribe "$feed"
	same gpo "$GPODDER_HOME/Database"
}

@test "rss2email: guids, titles and dates" {
	need r2e
	timeout 60 r2e new somebody@example.net
	sed -i 's/^email-protocol = .*/email-protocol = maildir/
		s/^maildir-mailbox = .*/maildir-mailbox = INBOX/
		s/^date-header = .*/date-header = True/' "$XDG_CONFIG_HOME/rss2email.cfg"
	sed -i "s#^maildir-path = .*#maildir-path = $PWD/md#" "$XDG_CONFIG_HOME/rss2email.cfg"
	mkdir -p md/INBOX/new md/INBOX/cur md/INBOX/tmp
	timeout 60 r2e add show "$feed" somebody@example.net
	timeout 60 r2e run
	same rss2email md
}
