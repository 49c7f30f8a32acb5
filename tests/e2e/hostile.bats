#!/usr/bin/env bats
# What a file, a relay or a folder may do to showmill, end to end.

load site
load peers

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
}
teardown() { peers_stop; }

at=2026-01-06


header() { tr -d '\r' < "$1" | sed '/^$/q' | grep -i "^$2:"; }

@test "trial copies and the edition have Message-IDs of their own" {
	"$SHOWMILL" -q friend add me@example.net
	"$SHOWMILL" digest preview --at $at --out look --to me@example.net
	"$SHOWMILL" digest send --to me@example.net --at $at
	"$SHOWMILL" digest send --to me@example.net --at $at
	"$SHOWMILL" -q digest send --yes --at $at
	[ "$(mail_count mail)" = 3 ]
	for m in mail/new/*; do header "$m" Message-ID; done | sort > ids
	[ "$(uniq ids | wc -l)" = 3 ]
	[ "$(grep -c '<2026-W02.mini.trial-[0-9a-f]*@mini.example.org>$' ids)" = 2 ]
	# no way out that belongs to the friend
	[ "$(grep -l 'unsubscribe%20[^>]*[.]mini[.]trial-' mail/new/* | wc -l)" = 2 ]
	# the edition's own stays what the preview shows
	[ "$(header look/digest.eml Message-ID)" = "$(grep -v trial ids)" ]
}

@test "a trial whose answer was lost: nobody can tell" {
	sink_start 'drop before 6'
	relay "smtp://127.0.0.1:$SINK_PORT"
	run "$SHOWMILL" digest send --to me@example.net --at $at
	[ "$status" = 75 ]
	[[ "$output" == *"nobody can tell"* ]]
	[[ "$output" != *"did not take"* ]]
	[[ "$output" != *": 0 "* ]]
}

@test "messages say that a process made them" {
	friends 1
	"$SHOWMILL" -q digest send --yes --at $at
	[ "$(header mail/new/* Auto-Submitted)" = "Auto-Submitted: auto-generated" ]
}

@test "a refused sender ends the run: 77, the relay's words, nobody has failed" {
	friends 5
	sink_start 'on mail 530 5.7.0 Authentication required'
	relay "smtp://127.0.0.1:$SINK_PORT"
	run "$SHOWMILL" digest send --yes --at $at
	echo "$output"
	[ "$status" = 77 ]
	[[ "$output" == *"530 5.7.0 Authentication required"* ]]
	[[ "$output" == *"5 waiting"* ]]
	sink_stop
	sink_start
	relay "smtp://127.0.0.1:$SINK_PORT"
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 0 ]
	[ "$(wc -l < "$SINK_DIR/log.tsv")" = 5 ]
}

@test "SIGTERM while a relay is silent: soon over, nothing lost" {
	friends 2
	sink_start 'hang mail times=1'
	relay "smtp://127.0.0.1:$SINK_PORT"
	"$SHOWMILL" digest send --yes --at $at 3>&- &
	pid=$!
	sleep 1
	from=$SECONDS
	kill -TERM $pid
	wait $pid && status=0 || status=$?
	[ $((SECONDS - from)) -le 30 ]
	[ "$status" = 75 ]
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 0 ]
	[ "$(wc -l < "$SINK_DIR/log.tsv")" = 2 ]
}

@test "a control character in the notes: 65 with file and line, in feed and digest" {
	friends 1
	printf '\nESC: \033[31m\n' >> feeds/mini/episodes/001-the-1.md
	line=$(grep -n ESC feeds/mini/episodes/001-the-1.md | cut -d: -f1)
	run "$SHOWMILL" feed build --out out
	[ "$status" = 65 ]
	[[ "$output" == *"001-the-1.md:$line: "*"control character (U+001B)"* ]]
	[ ! -e out/feed.xml ]
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 65 ]
	[[ "$output" == *"001-the-1.md:$line: "*"control character (U+001B)"* ]]
	sed -i 's/^ESC.*/ESC: \&#1;A\&#2;/' feeds/mini/episodes/001-the-1.md
	run "$SHOWMILL" digest send --yes --at $at
	[ "$status" = 65 ]
	[[ "$output" == *"001-the-1.md:$line: "*"control character (U+0001)"* ]]
	[ ! -e mail ]
}

@test "what a mail header cannot carry is told with show.ini's line" {
	printf 'unsubscribe_url = http://mini.example.org/?t=\nlist_id = mini\narchive_url = https://mini.example.org/é\n' >> feeds/mini/show.ini
	first=$(grep -n '^unsubscribe_url' feeds/mini/show.ini | cut -d: -f1)
	run "$SHOWMILL" digest preview --at $at --out look
	[ "$status" = 78 ]
	[[ "$output" == *"show.ini:$first: "*unsubscribe_url* ]]
	[[ "$output" == *"show.ini:$((first + 1)): "*list_id* ]]
	[[ "$output" == *"show.ini:$((first + 2)): "*archive_url* ]]
}

@test "a ledger reached by a link has one lock" {
	friends 2
	mkdir other
	sed 's#^relay = .*#&\nledger = other/link.db#' config.ini > linked.ini
	ln -s ../ledger.db other/link.db
	sink_start 'dialog
delay data 1500'
	relay "smtp://127.0.0.1:$SINK_PORT"
	sed -i "s#^relay = .*#relay = smtp://127.0.0.1:$SINK_PORT#" linked.ini
	"$SHOWMILL" digest send --yes --at $at 3>&- &
	first=$!
	for _ in $(seq 100); do grep -q DATA "$SINK_DIR/dialog.log" 2>/dev/null && break; sleep 0.05; done
	run "$SHOWMILL" -c linked.ini digest send --yes --at $at
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"another \`digest send\` "* ]]
	wait $first
	[ "$(wc -l < "$SINK_DIR/log.tsv")" = 2 ]
}

@test "a folder whose name looks like a pattern" {
	mkdir '../a[b]*'
	mv config.ini feeds templates '../a[b]*/'
	run "$SHOWMILL" -c '../a[b]*/config.ini' feed build --out out
	echo "$output"
	[ "$status" = 0 ]
	[ -s out/feed.xml ]
}

@test "a feed behind a link that leads nowhere yet" {
	mkdir out served
	ln -s ../served/feed.xml out/feed.xml
	run "$SHOWMILL" feed build --out out
	[ "$status" = 0 ]
	[ -L out/feed.xml ]
	[ -s served/feed.xml ]
	[ -z "$(find . -name '.showmill.*')" ]
}

@test "a line that begins with NUL is told" {
	printf '\0author = x\n' >> feeds/mini/show.ini
	run "$SHOWMILL" feed build --out out
	[ "$status" = 78 ]
	[[ "$output" == *"show.ini:"*NUL* ]]
}
