#!/usr/bin/env bats
# kill -9 of the sender at moments that the sink chooses; then a second run.

load site
load peers

FRIENDS=8

setup() {
	site_make
	site_episode 1 2026-01-05T10:00:00Z one.mp3
	{ echo address; for i in $(seq $FRIENDS); do echo "friend$i@example.net"; done; } |
	    "$SHOWMILL" -q friend import -
	cp ledger.db fresh.db
}
teardown() { peers_stop; }

# One moment: "before N" or "after N".
try_moment() {
	rm -rf ledger.db* "$BATS_TEST_TMPDIR/sink"
	cp fresh.db ledger.db
	sink_start "pidfile $SITE/pid
kill $1"
	sed -i "s#^relay = .*#relay = smtp://127.0.0.1:$SINK_PORT#" config.ini
	bash -c 'echo $$ > pid; exec "$0" -q digest send --yes --at 2026-01-06' "$SHOWMILL" 3>&- &
	wait $! 2>/dev/null && code=0 || code=$?
	[ "$code" = 137 ] || { echo "$1: not killed ($code)"; return 1; }
	run "$SHOWMILL" digest send --yes --at 2026-01-06
	second=$status
	cut -f 4 "$SINK_DIR/log.tsv" | sort > got
	[ -z "$(uniq -d got)" ] || { echo "$1: twice: $(uniq -d got)"; return 1; }
	"$SHOWMILL" digest status 2026-W02 --unknown --json | sed -n 's/.*"address": "\(.*\)".*/\1/p' | sort > unknown
	unknown=$(wc -l < unknown)
	[ "$unknown" -le 1 ] || { echo "$1: $unknown unknown"; return 1; }
	for i in $(seq $FRIENDS); do echo "friend$i@example.net"; done | sort > all
	missing=$(comm -23 all got | comm -23 - unknown)
	[ -z "$missing" ] || { echo "$1: neither sent nor unknown: $missing"; return 1; }
	if [ "$unknown" = 0 ]; then
		[ "$second" = 0 ] || { echo "$1: second run: $second $output"; return 1; }
	else
		[ "$second" = 75 ] || { echo "$1: second run: $second $output"; return 1; }
		"$SHOWMILL" -q digest resend --unknown --yes
	fi
	cut -f 4 "$SINK_DIR/log.tsv" | sort -u | cmp - all || { echo "$1: somebody has none"; return 1; }
	sink_stop
	lost=$((lost + unknown))
}

@test "50 moments: nobody twice, nobody forgotten" {
	lost=0
	for n in $(seq 25); do
		try_moment "before $n"
		try_moment "after $n"
	done
	echo "# 50 kills, $lost deliveries unknown in all" >&3
	[ "$lost" -gt 0 ]
}
