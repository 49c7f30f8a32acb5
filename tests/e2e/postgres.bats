#!/usr/bin/env bats
# The ledger on a PostgreSQL server: a whole life, hosts that send together, and
# what goes wrong with it. The server is started for these tests.

load site
load peers

at=2026-01-14

setup_file() {
	export PG
	# Where there is none the tests are skipped; one that does not start is
	# a failure.
	PG=$("$BATS_TEST_DIRNAME/../tools/postgres" start) || { [ $? = 69 ] && PG=; }
}
teardown_file() {
	[ -z "$PG" ] || "$BATS_TEST_DIRNAME/../tools/postgres" stop "$PG"
}

pg() { "$REPO/tests/tools/postgres" "$@"; }
sql() { PGOPTIONS=-csearch_path=$schema pg sql "$PG" "$1"; }
# place [USERINFO [DATABASE]]: by the socket; with the first, by TCP.
place() {
	if [ $# = 0 ]; then
		echo "postgresql://showmill@/showmill?host=$PG/socket&options=-csearch_path%3D$schema"
	else
		echo "postgresql://$1@127.0.0.1:$(cat "$PG/port")/${2-showmill}?options=-csearch_path%3D$schema"
	fi
}
ledger() { sed -i '/^ledger = /d' config.ini; echo "ledger = $1" >> config.ini; }

setup() {
	[ -n "$PG" ] || skip "there is no PostgreSQL server here"
	schema=t$BATS_TEST_NUMBER
	sql "CREATE SCHEMA $schema"
	site_make
	export HOME=$SITE
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	site_episode 2 2026-01-12T10:00:00Z two.mp3
	ledger "$(place)"
	run "$SHOWMILL" digest status
	[[ "$output" != *"built with libpq"* ]] || skip "it was built without libpq"
}
teardown() { peers_stop; }

@test "a life: friends, an edition, status, settle, reconcile, resend, report, discard" {
	run "$SHOWMILL" digest status
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == "no editions yet: there is no ledger postgresql://"* ]]
	[[ "$output" != *options* ]]
	run "$SHOWMILL" digest send --dry-run --at $at
	[ "$status" = 65 ]
	[[ "$output" == *"there is no ledger postgresql://"* ]]
	[ "$(sql "SELECT count(*) FROM pg_tables WHERE schemaname = '$schema'")" = 0 ]
	friends 5
	"$SHOWMILL" -q friend remove friend5@example.net
	[ "$("$SHOWMILL" friend list | grep -c @)" = 4 ]
	run send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03: 4 sent"* ]]
	[ "$(mail_count mail)" = 4 ]
	run send --at $at
	[ "$output" = "nothing new to send" ]
	[ ! -e ledger.db ]
	[ ! -e ledger.db.lock ]
	sql "UPDATE deliveries SET state = 6, queue_id = '', text = 'lost'" >/dev/null
	run "$SHOWMILL" digest settle --friend friend1@example.net --failed
	echo "$output"
	[[ "$output" == *"1 unknown delivery is now failed"*"1 failed, 3 unknown"* ]]
	mid=$(sed -n 's/\r$//; s/^Message-ID: <\(.*\)>$/\1/p' "$(grep -l '^To: .*friend2@' mail/new/*)")
	sql "UPDATE editions SET frozen = 1768381200" >/dev/null
	{ echo "Jan 14 08:00:00 mx postfix/anvil[1]: statistics"
	echo "Jan 14 09:00:00 mx postfix/cleanup[7]: 4AAAAA: message-id=<$mid>"
	echo "Jan 14 09:00:00 mx postfix/qmgr[8]: 4AAAAA: from=<digest@mini.example.org>, size=900, nrcpt=1 (queue active)"
	echo "Jan 14 12:00:00 mx postfix/anvil[1]: statistics"; } > log
	run "$SHOWMILL" digest reconcile --log log
	echo "$output"
	[[ "$output" == *"2026-W03: 1 sent, 1 failed, 2 unknown"* ]]
	run "$SHOWMILL" digest resend --unknown --yes
	echo "$output"
	[[ "$output" == *"sent again to 2 friends"* ]]
	[ "$(mail_count mail)" = 6 ]
	run "$SHOWMILL" digest report
	[ "$status" = 0 ]
	run "$SHOWMILL" digest status --json
	[[ "$output" == *'"sent": 3'*'"failed": 1'* ]]
	run "$SHOWMILL" digest discard 2026-W03 --yes
	[ "$status" = 77 ]
	site_episode 3 2026-01-13T10:00:00Z one.mp3
	to_nowhere
	run send --at $at
	[ "$status" = 75 ]
	run "$SHOWMILL" digest discard --yes
	echo "$output"
	[[ "$output" == *"2026-W03-2 is discarded"* ]]
	[ "$(sql 'SELECT count(*) FROM senders')" = 0 ]
}

# both N: two hosts with N friends, each with a config.ini of its own.
both() {
	friends "$1"
	sink_start "delay end 1"
	to_sink
	echo "lease = 3s" >> config.ini
	mkdir other
	sed "s#^shows = .*#shows = $SITE/feeds/*/show.ini#; s#^templates.*##" config.ini > other/config.ini
	echo "templates = $SITE/templates" >> other/config.ini
	grep -q '^cache' config.ini || echo "cache = $SITE/other/cache.db" >> other/config.ini
}
lines_are() { [ "$(cat "$SINK_DIR/log.tsv" 2>/dev/null | wc -l)" -ge "$1" ]; }
# Everybody once, but for those of whom it is not known.
everybody_once() { # friends, unknown at most
	cut -f 4 "$SINK_DIR/log.tsv" | sort > got
	[ -z "$(uniq -d got)" ] || { echo "twice: $(uniq -d got)"; return 1; }
	"$SHOWMILL" digest status 2026-W03 --unknown --json | sed -n 's/.*"address": "\(.*\)".*/\1/p' | sort > unknown
	[ "$(wc -l < unknown)" -le "$2" ] || { echo "unknown: $(cat unknown)"; return 1; }
	for i in $(seq "$1"); do echo "friend$i@example.net"; done | sort > all
	missing=$(comm -23 all got | comm -23 - unknown)
	[ -z "$missing" ] || { echo "neither sent nor unknown: $missing"; return 1; }
	[ "$(sql "SELECT count(*) FROM deliveries WHERE state NOT IN (3, 6)")" = 0 ]
}

@test "two hosts send one edition together, each friend once" {
	both 2000
	"$SHOWMILL" digest send --yes --at $at > a.out 2>&1 3>&- &
	a=$!
	"$SHOWMILL" -c other/config.ini digest send --yes --at $at > b.out 2>&1 3>&- &
	b=$!
	wait $a && code=0 || code=$?
	cat a.out
	[ "$code" = 0 ]
	wait $b && code=0 || code=$?
	cat b.out
	[ "$code" = 0 ]
	# Each tells at its end how the edition stands then.
	for out in a.out b.out; do
		[ "$(grep '^2026-W03: ' $out | tail -n 1)" = "2026-W03: 2000 sent" ]
	done
	everybody_once 2000 0
	[ "$(sql 'SELECT count(*) FROM editions')" = 1 ]
	# Both had a part in it: two connections at least.
	[ "$(cut -f 2 "$SINK_DIR/log.tsv" | sort -u | wc -l)" -ge 2 ]
}

@test "whoever is second joins the edition of the first" {
	need_terminal
	friends 3
	run answer "!$SHOWMILL -q digest send --yes --at $at" 'y\n' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03 was begun by another run meanwhile"*"nothing new to send"* ]]
	[ "$(mail_count mail)" = 3 ]
	# And finishes it, where the first could not.
	site_episode 3 2026-01-13T10:00:00Z one.mp3
	sed 's#^relay = .*#relay = smtp://127.0.0.1:9#' config.ini > nowhere.ini
	run answer "!$SHOWMILL -c nowhere.ini -q digest send --yes --at $at; true" 'y\n' 'y\n' -- "$SHOWMILL" digest send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2026-W03-2 was begun by another run meanwhile"*"2026-W03-2: 3 sent"* ]]
	[ "$(mail_count mail)" = 6 ]
	[ "$(sql 'SELECT count(*) FROM editions')" = 2 ]
}

# killed [COMMAND...]: the other host is killed in the middle.
killed() {
	both 2000
	"$@" "$SHOWMILL" -c other/config.ini digest send --yes --at $at > b.out 2>&1 3>&- &
	b=$!
	until_true lines_are 100
	"$SHOWMILL" digest send --yes --at $at > a.out 2>&1 3>&- &
	a=$!
	until_true lines_are 500
	victim=$b
	[ $# = 0 ] || victim=$(ps -o pid= --ppid $b | tr -d ' ')
	kill -KILL "$victim"
	wait $b && code=0 || code=$?
	[ "$code" != 0 ]
	wait $a && code=0 || code=$?
	cat a.out
	# Nothing is called new or old before all of it is done.
	[ "$(grep -c '^nothing new to send$' a.out)" = 1 ]
	[[ "$(cat a.out)" != *"nothing new to send"*"Edition "* ]]
	[[ "$(grep '^2026-W03: ' a.out | tail -n 1)" =~ ^2026-W03:\ (2000\ sent|1999\ sent,\ 1\ unknown)$ ]]
	everybody_once 2000 1
	if [ -s unknown ]; then [ "$code" = 75 ]; else [ "$code" = 0 ]; fi
}

@test "one is killed in the middle: the other goes on with what it had in hand" {
	killed
}

@test "one of another machine is killed: the other waits for the end of its lease" {
	unshare -p -f true 2>/dev/null || skip "no process of another machine can be had here"
	killed unshare -p -f
	grep "in other runs' hands; this one waits for them" a.out
}

@test "what a dead host had in hand for another try is tried, too" {
	friends 5
	sink_start 'on rcpt times=5 * 450 4.2.1 later'
	to_sink
	run send --at $at
	[[ "$output" == *"2026-W03: 5 deferred"* ]]
	sleep 1.1
	sql "INSERT INTO senders (host, boot, pid, alone, begun, expires)
	    VALUES ('far.example.org', 'b', 77, 0, 1768381200, clock_timestamp() + interval '3 second')" >/dev/null
	sql "UPDATE deliveries SET state = 1, deferred = changed, boot = (SELECT id FROM senders WHERE pid = 77) WHERE id <= 2" >/dev/null
	run send --at $at
	echo "$output"
	[ "$status" = 0 ]
	[[ "$output" == *"2 friends are in other runs' hands; this one waits for them"*"2026-W03: 5 sent"* ]]
	[ "$(sql 'SELECT min(attempts) FROM deliveries')" = 2 ]
	[ "$(wc -l < "$SINK_DIR/log.tsv")" = 5 ]
}

# hangs PID LINES: the process of the server that works for a run is stopped,
# while that run sends.
hangs() {
	until_true lines_are $2
	backend=$(sql "SELECT pid FROM pg_stat_activity WHERE application_name = 'showmill'")
	kill -STOP "$backend"
	sleep 1
	kill -0 "$1"
}
nobody_is_in() {
	[ -z "$(sql "SELECT pid FROM pg_stat_activity WHERE application_name = 'showmill'")" ]
}
# ended_within SECONDS PID: its exit code is in code.
ended_within() {
	for _ in $(seq $(($1 * 10))); do
		kill -0 "$2" 2>/dev/null || { wait "$2" && code=0 || code=$?; return 0; }
		sleep 0.1
	done
	kill -KILL "$2"
	echo "it waits for longer than $1 seconds"
	return 1
}

@test "the server hangs: the run ends in time, and the next one goes on, nobody twice" {
	both 1000
	ledger "$(place)%20-cstatement_timeout%3D1s"
	"$SHOWMILL" digest send --yes --at $at > a.out 2>&1 3>&- &
	a=$!
	hangs $a 100
	ended_within 20 $a || { kill -CONT "$backend"; cat a.out; return 1; }
	cat a.out
	[ "$code" = 75 ]
	grep "the server has not answered for 11 seconds; what it has recorded is kept" a.out
	kill -CONT "$backend"
	# Which may wait for what the one that hung still holds, on a busy machine.
	ledger "$(place)"
	run "$SHOWMILL" digest send --yes --at $at
	echo "$output"
	everybody_once 1000 16
	if [ -s unknown ]; then [ "$status" = 75 ]; else [ "$status" = 0 ]; fi
}

@test "whoever is told to stop while the server hangs waits no longer than for a lock" {
	both 1500
	"$SHOWMILL" digest send --yes --at $at > a.out 2>&1 3>&- &
	a=$!
	hangs $a 100
	kill -TERM $a
	sleep 0.5
	# A second signal waits for nothing.
	kill -TERM $a
	ended_within 2 $a || { kill -CONT "$backend"; return 1; }
	kill -CONT "$backend"
	[ "$code" = 143 ]
	until_true nobody_is_in
	"$SHOWMILL" digest send --yes --at $at > a.out 2>&1 3>&- &
	a=$!
	hangs $a 500
	kill -TERM $a
	ended_within 50 $a || { kill -CONT "$backend"; cat a.out; return 1; }
	cat a.out
	[ "$code" = 75 ]
	grep "the server has not answered for 4[0-9] seconds" a.out
	kill -CONT "$backend"
	run "$SHOWMILL" digest send --yes --at $at
	echo "$output"
	everybody_once 1500 32
}

@test "who is at work elsewhere is told, and nothing is discarded meanwhile" {
	friends 2
	to_nowhere
	run send --at $at
	sql "INSERT INTO senders (host, boot, pid, alone, begun, expires)
	    VALUES ('far.example.org', 'x', 77, 0, 1768381200, now() + interval '1 h')" >/dev/null
	for verb in "discard --yes" "settle --unknown --sent" "reconcile --log /dev/null"; do
		run "$SHOWMILL" digest $verb
		echo "$output"
		[ "$status" = 75 ]
		[[ "$output" == *"is at work: process 77 on far.example.org since 2026-01-14T09:00:00"* ]]
	done
	relay maildir:mail
	# Whom it has in hand is not sent to again on request either.
	sql "UPDATE deliveries SET state = 2, boot = (SELECT id FROM senders WHERE pid = 77) WHERE id = 1" >/dev/null
	run "$SHOWMILL" digest resend --friend friend1@example.net --yes
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"another host is sending 2026-W03 to friend1@example.net"* ]]
	[ "$(sql "SELECT state FROM deliveries WHERE id = 1")" = 2 ]
	sql "UPDATE deliveries SET state = 0, boot = 0 WHERE id = 1" >/dev/null
	run send --at $at
	[ "$status" = 0 ]
	[ "$(mail_count mail)" = 2 ]
}

@test "what is wrong with the server is told, and never a password" {
	ledger "$(place showmill:secret-of-the-test)"
	chmod 644 config.ini
	run "$SHOWMILL" friend list
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" == *"config.ini:"*"a password stands in \`ledger\`, and others may read this file"* ]]
	[[ "$output" != *secret* ]]
	# an address that is none has a reason, and no password if none is in it
	ledger "$(place showmill)&foo=bar"
	chmod 644 config.ini
	run "$SHOWMILL" friend list
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" == *'is not one of PostgreSQL: invalid URI query parameter: "foo"; '* ]]
	[[ "$output" != *"a password stands"* ]]
	ledger "$(place showmill:secret-of-the-test)"
	chmod 600 config.ini
	"$SHOWMILL" friend add ann@example.org
	ledger "$(place showmill:hidden)"
	run "$SHOWMILL" friend list
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" == *"does not let this user in"* ]]
	[[ "$output" != *hidden* ]]
	ledger "$(place showmill)"
	run "$SHOWMILL" friend list
	[ "$status" = 78 ]
	[[ "$output" == *"~/.pgpass"* ]]
	echo "127.0.0.1:*:showmill:showmill:secret-of-the-test" > pass
	chmod 600 pass
	PGPASSFILE=$PWD/pass "$SHOWMILL" friend list
	ledger "$(place showmill:secret-of-the-test none)"
	run "$SHOWMILL" friend list
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" == *"/none: "*"there is no such database"* ]]
	ledger "postgresql://u:hidden@127.0.0.1:1/base"
	run "$SHOWMILL" friend list
	echo "$output"
	[ "$status" = 75 ]
	[[ "$output" == *"postgresql://127.0.0.1:1/base: "*"the server is not reached"*"Connection refused"* ]]
	[[ "$output" != *hidden* ]]
	ledger "postgresql://u:hid%zzden@h/"
	run "$SHOWMILL" friend list
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" != *hid%zz* ]]
	ledger "$(place)"
	sql "UPDATE ledger_meta SET version = 99"
	run "$SHOWMILL" friend list
	echo "$output"
	[ "$status" = 78 ]
	[[ "$output" == *"was written by a newer showmill"* ]]
	echo "lease = 0s" >> config.ini
	run "$SHOWMILL" friend list
	[ "$status" = 78 ]
	[[ "$output" == *"\`lease\` is less than a second"* ]]
}
