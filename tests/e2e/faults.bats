#!/usr/bin/env bats
# What a run of `digest send` meets: relays that fail in every way, disks that are
# full, ledgers that are broken, clocks that jump. Each ends with what is wrong and
# what to do, nobody gets two messages, and nobody is forgotten.
# shellcheck disable=SC2154 # output and the like are set by bats

bats_require_minimum_version 1.5.0
load site
load peers
load servers

setup_file() { certs_make "$BATS_FILE_TMPDIR"; }

setup() {
	site_make
	site_episode 1 2026-01-05 one.mp3
	PEER_PID=
	MOUNTED=
}

teardown() {
	peer_end
	peers_stop
	[ -z "$MOUNTED" ] || umount -l "$MOUNTED"
}

# config LINE...: config.ini with these instead of its relay.
config() {
	{ echo 'shows = feeds/*/show.ini'; printf '%s\n' "$@"; } > config.ini
	chmod 600 config.ini
}

send() { timeout 120 "$SHOWMILL" digest send --yes --at 2026-01-14 "$@"; }

# ---- relays

# peer TLS ARGUMENT...: tls_peer.py at PEER_PORT; what it took earlier stays.
peer() {
	local tls=$1
	shift
	PEER_DIR=$BATS_TEST_TMPDIR/peer
	mkdir -p "$PEER_DIR"
	rm -f "$PEER_DIR/port"
	/usr/bin/python3 "$REPO/tests/peers/tls_peer.py" --dir "$PEER_DIR" \
	    --port-file "$PEER_DIR/port" --tls "$tls" "$@" >/dev/null 2>&1 3>&- &
	PEER_PID=$!
	until_true [ -s "$PEER_DIR/port" ]
	PEER_PORT=$(cat "$PEER_DIR/port")
}
peer_end() {
	[ -z "$PEER_PID" ] || { kill "$PEER_PID" && wait "$PEER_PID"; } || true
	PEER_PID=
}
peer_taken() { cut -f4 "$PEER_DIR/log.tsv" "$PEER_DIR"/old.* 2>/dev/null | sort; }

# Who is listed as unknown, or as refused for good.
listed() {
	local state
	for state in unknown failed; do
		"$SHOWMILL" digest status "--$state" --csv | grep -o 'friend[0-9]*@example.net' || true
	done
}

# each_once_or_listed N TAKEN: in the list of whom a message was taken for, each of N
# friends is once, or else listed.
each_once_or_listed() {
	[ -z "$(uniq -d <<< "$2")" ] || { echo "twice: $(uniq -d <<< "$2")"; return 1; }
	diff <(for i in $(seq "$1"); do echo "friend$i@example.net"; done | sort) \
	    <({ echo "$2"; listed; } | sed '/^$/d' | sort -u)
}

# A fault for the first run; then the same relay without it.
relay_fails() {
	local scheme=$1 wanted fault words tls args
	while IFS='|' read -r wanted fault words; do
		rm -rf ledger.db* "$BATS_TEST_TMPDIR/peer"
		friends 4
		tls=${scheme#smtp+}
		tls=${tls/#smtp/none}
		tls=${tls/nones/smtps}
		eval "args=($fault)"
		peer "$tls" --cert "$CERTS/good.pem" "${args[@]}"
		config "relay = $scheme://localhost:$PEER_PORT" 'smtp_timeout = 1' 'connections = 2'
		[ "$tls" = none ] || echo "tls_ca_file = $CERTS/ca.pem" >> config.ini
		run send
		echo "$scheme $fault: $status $output"
		[[ $status == $wanted ]]
		[[ $output == *$words* ]]
		[ "$status" -eq 0 ] || [[ $output == *"showmill: error: "* ]]
		peer_end
		mv "$PEER_DIR/log.tsv" "$PEER_DIR/old.tsv" 2>/dev/null || true
		peer "$tls" --cert "$CERTS/good.pem"
		sed -i "s/^relay = .*/relay = ${scheme/+/\\+}:\/\/localhost:$PEER_PORT/" config.ini
		# What was put off in this second is for the next run.
		sleep 1.1
		for _ in 1 2; do
			run send
			echo "then: $status $output"
			[ "$status" -eq 0 ] || [[ $output == *unknown* || $output == *failed* ]]
		done
		each_once_or_listed 4 "$(peer_taken)"
		peer_end
	done
}

@test "a relay in the clear that fails: nobody twice, nobody lost" {
	relay_fails smtp <<-'ROWS'
	75|--fault accept-drop|3 times in a row
	75|--fault drop=mail|3 times in a row
	75|--fault drop=data|3 times in a row
	75|--fault drop=end|3 unknown
	75|--fault drop=told|3 unknown
	75|--fault cut-end|3 unknown
	0|--fault die-after=1|4 sent
	69|--fault hang=greeting|no greeting within
	75|--fault hang=data|no answer to DATA within
	75|--fault hang=end|no answer to the message within
	75|--fault trickle=mail|
	75|--fault trickle=end|3 unknown
	76|--fault garbage|does not speak SMTP
	75|--fault flood|before the greeting
	75|--fault flood-lines|before the greeting
	75|--fault flood-end|3 unknown
	75|--fault drop-data=500|unknown
	75|--fault broken-in|deferred
	0|--fault bye-after=1|4 sent
	75|--fault greeting='421 4.3.2 busy'|421 4.3.2 busy
	75|--on rcpt=friend2@\*='550 5.1.1 nobody' --on rcpt=friend3@\*='452 4.2.2 full'|2 sent, 1 deferred, 1 failed
	ROWS
}

# test_transport_tls.c and test_transport_submit.c have more.
@test "a relay with TLS that fails: nobody twice, nobody lost" {
	need_certs
	relay_fails smtp+starttls <<-'ROWS'
	77|--fault no-starttls|offers no encryption
	7[57]|--fault refuse-starttls|454 4.7.0
	76|--fault inject|before the encryption has begun
	69|--cert "$CERTS/expired.pem"|certificate is not trusted
	69|--cert "$CERTS/other.pem"|certificate is not trusted
	69|--cert "$CERTS/self.pem"|certificate is not trusted
	75|--fault drop=told|3 unknown
	ROWS
	relay_fails smtps <<-'ROWS'
	69|--cert "$CERTS/expired.pem"|certificate is not trusted
	69|--fault hang=tls|within
	75|--fault drop=end|3 unknown
	75|--fault drop=told|3 unknown
	0|--fault cut-end|4 sent
	0|--fault flood-end|4 sent
	75|--fault flood|Too large
	75|--fault hang=end|unknown
	75|--fault drop-data=500|lost
	75|--on rcpt=friend2@\*='550 5.1.1 nobody' --on rcpt=friend3@\*='452 4.2.2 full'|2 sent, 1 deferred, 1 failed
	ROWS
}

# ---- the disk

# disk SIZE: a file system of its own at ./disk, which has the ledger.
disk() {
	mkdir disk
	mount -t tmpfs -o "size=$1" none disk 2>/dev/null || skip "nothing can be mounted here"
	MOUNTED=$PWD/disk
}
# fill KEEP: all but so many KiB.
fill() {
	local free
	free=$(df --output=avail -k disk | tail -n 1)
	head -c "$(((free - $1) * 1024))" /dev/zero > disk/filler
}

# A sink that has taken nothing.
sink_anew() {
	sink_stop
	rm -rf "$BATS_TEST_TMPDIR/sink"
	sink_start "$@"
}
sink_taken() { cut -f4 "$SINK_DIR/log.tsv" 2>/dev/null | sort; }

# counts_agree OUTPUT: all its lines of the edition have the numbers of status
# (csv), and who is left stands in one that names it.
counts_agree() {
	/usr/bin/python3 -c 'import csv, re, sys
rows = list(csv.DictReader(open("csv")))
if not rows: sys.exit()
words = ("waiting", "unknown", "deferred", "failed")
want = {w: int(rows[-1][w]) for w in words}
lines = [l for l in sys.argv[1].splitlines() if re.search(r"2026-W\d+: \d+ (?!friend)", l)]
for l in lines:
    got = {w: int((re.search(r"(\d+) " + w, l) or [0, 0])[1]) for w in words}
    assert got == want, (l, want)
left = [l for l in lines if "; `digest status" in l]
assert len(left) == (sum(want.values()) > 0), (sys.argv[1], want)' "$1"
}

@test "a full disk, at any moment of a run: named, nobody twice, nobody lost" {
	local keep named=0
	disk 8m
	for keep in 0 4 8 16 32 64 96 128 192 256 384 512 1024; do
		sink_anew
		rm -f disk/*
		config "relay = smtp://127.0.0.1:$SINK_PORT" 'ledger = disk/ledger.db' 'claim = 8'
		friends 60
		fill "$keep"
		run send
		echo "$keep KiB: $status $output"
		[ "$status" -eq 0 ] || [[ $output == *"disk/ledger.db: "*"the disk is full"*"make room"* || $output == *"disk/ledger.db"*"No space left"* ]]
		[ "$status" -eq 0 ] || named=$((named + 1))
		rm -f disk/filler
		# What the run says of those who are left is what status says.
		"$SHOWMILL" digest status --csv > csv
		counts_agree "$output"
		sleep 1.1
		for _ in 1 2; do
			run send
			echo "then: $status $output"
			[ "$status" -eq 0 ] || [[ $output == *unknown* ]]
		done
		each_once_or_listed 60 "$(sink_taken)"
	done
	[ "$named" -gt 3 ]
}

@test "a ledger that cannot be written: named, and nothing is sent" {
	disk 8m
	sink_start
	config "relay = smtp://127.0.0.1:$SINK_PORT" 'ledger = disk/ledger.db'
	friends 3
	mount -o remount,ro disk
	run send
	echo "$output"
	[ "$status" -eq 73 ]
	[[ $output == *"disk/ledger.db"*"Read-only"* ]]
	[ -z "$(sink_taken)" ]
	run "$SHOWMILL" friend add new@example.org
	echo "$output"
	[ "$status" -eq 73 ]
	mount -o remount,rw disk
	run send
	[ "$status" -eq 0 ]
	each_once_or_listed 3 "$(sink_taken)"
}

# The file behind its first page, or all of it, is something else now.
@test "a damaged ledger: named with what to do, and nobody gets a second message" {
	local how seed=${SEED:-$RANDOM}
	echo "seed $seed"
	for how in 'cut 20000' 'cut 100' 'text' 'pages 3' 'pages 20' 'pages 1000' 'zero 5' 'header' 'message'; do
		sink_anew 'on rcpt friend7@* 452 4.2.2 full'
		rm -f ledger.db*
		config "relay = smtp://127.0.0.1:$SINK_PORT"
		friends 200
		run send
		[ "$status" -eq 75 ]
		[ "$(sink_taken | wc -l)" -eq 199 ]
		rm -f ledger.db-wal ledger.db-shm
		/usr/bin/python3 - $how "$seed" <<-'PY'
		import os, random, sys
		how, seed = sys.argv[1], int(sys.argv[-1])
		r = random.Random(seed)
		f = open("ledger.db", "r+b")
		size = os.path.getsize("ledger.db")
		if how == "cut":
		    f.truncate(int(sys.argv[2]))
		elif how == "text":
		    f.truncate(0)
		    f.write(b"address,name\n" * 1000)
		elif how == "header":
		    f.write(b"\0" * 16)
		elif how == "message":
		    at = open("ledger.db", "rb").read().index(b"Content-Type: text/html")
		    f.seek(at)
		    f.write(r.randbytes(8))
		else:
		    pages = list(range(1, size // 4096))
		    for p in r.sample(pages, min(int(sys.argv[2]), len(pages))):
		        f.seek(p * 4096)
		        f.write(r.randbytes(4096) if how == "pages" else b"\0" * 4096)
		PY
		sleep 1.1
		run send
		echo "$how: $status ${output:0:400}"
		[ "$status" -lt 128 ]
		[ "$status" -ne 0 ]
		# Of some pages only, none may be among those that are read.
		[[ $output == *"ledger.db: error: "* || $output == *"error: ledger.db: the ledger is damaged: "* ]] ||
		    [[ $how == *\ [35] && $status -eq 75 && $output == *"199 sent, 1 deferred"* ]]
		[ -z "$(sink_taken | uniq -d)" ]
	done
}

# tamper SQL: what SQLite itself has nothing against.
tamper() {
	/usr/bin/python3 -c 'import sqlite3, sys; c = sqlite3.connect("ledger.db"); c.execute(sys.argv[1]); c.commit()' "$1"
}

@test "a message that is not what was frozen: nobody gets it, and the list goes on" {
	sink_anew 'on rcpt friend2@* 452 4.2.2 full'
	config "relay = smtp://127.0.0.1:$SINK_PORT"
	friends 3
	run send
	[[ $output == *"2 sent, 1 deferred"* ]]
	tamper "UPDATE editions SET html = replace(html, 'Episode', 'Damaged')"
	sleep 1.1
	run send
	echo "$output"
	[ "$status" -eq 74 ]
	[[ $output == *"error: ledger.db: the ledger is damaged: the message of 2026-W03 in it is not what was frozen, so nobody gets it"*'settle 2026-W03 --waiting --failed'* ]]
	run "$SHOWMILL" digest resend --friend friend1@example.net --yes
	[ "$status" -eq 74 ]
	[[ $output == *"discard 2026-W03"* ]]
	[ "$(sink_taken | wc -l)" -eq 2 ]
	run "$SHOWMILL" digest preview --out preview --at 2026-01-14
	echo "$output"
	[ "$status" -eq 74 ]
	# What tells of it is not kept from anybody.
	"$SHOWMILL" digest status 2026-W03 --csv | grep friend2@example.net
	"$SHOWMILL" digest report --out report.html
	run "$SHOWMILL" digest send --dry-run --at 2026-01-14
	echo "$output"
	[[ $output == *"It is begun and not finished, and its message in the ledger is damaged, so nobody gets it."* ]]
	# The next edition is another one.
	site_episode 2 2026-01-20 two.mp3
	run timeout 120 "$SHOWMILL" digest send --yes --at 2026-01-21
	echo "$output"
	[ "$status" -eq 74 ]
	[[ $output == *"the message of 2026-W03 in it"*"2026-W04: 2 sent, 1 deferred"* ]]
	run "$SHOWMILL" digest discard --yes 2026-W03
	echo "$output"
	[ "$status" -eq 77 ]
	for options in '--waiting' '--waiting --sent' '--waiting --failed --unknown'; do
		run "$SHOWMILL" digest settle $options
		[ "$status" -eq 64 ]
	done
	run "$SHOWMILL" digest settle --waiting --failed 2026-W03
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == *"2026-W03: 1 friend who was still to get it is given up"*"2026-W03: 2 sent, 1 failed"* ]]
	sleep 1.1
	run timeout 120 "$SHOWMILL" digest send --yes --at 2026-01-21
	echo "$output"
	[ "$status" -eq 75 ]
	# One that nobody has got can be dropped, damaged as it is.
	tamper "UPDATE deliveries SET state = 0, due = 0 WHERE edition = 2"
	tamper "UPDATE editions SET text = 'x' WHERE id = 2"
	run "$SHOWMILL" digest discard --yes
	echo "$output"
	[ "$status" -eq 0 ]
}

# ---- the clock

# clock OFFSET ARGUMENT...: digest send on a machine whose clock is so far ahead. Only the
# time of day is set wrong: what counts seconds goes on as it did.
need_faketime() {
	command -v faketime >/dev/null || skip "there is no faketime"
	case $BUILD in *asan*) skip "ASan must be the first library, so nothing can be loaded before it" ;; esac
}
clock() {
	local offset=$1
	shift
	timeout 120 env FAKETIME_DONT_FAKE_MONOTONIC=1 faketime -f "$offset" \
	    "$SHOWMILL" digest send --yes --at 2026-01-14 "$@"
}

@test "a clock that was wrong and is set right: who was put off is not, nobody gets two" {
	local wrong
	need_faketime
	for wrong in +400d -400d +3h -3h; do
		sink_anew 'on rcpt times=1 friend2@* 452 4.2.2 full'
		rm -f ledger.db*
		config "relay = smtp://127.0.0.1:$SINK_PORT"
		friends 5
		run clock "$wrong"
		echo "$wrong: $status $output"
		[ "$status" -eq 75 ]
		[[ $output == *"4 sent, 1 deferred"* ]]
		sleep 1.1
		run send
		echo "then: $status $output"
		[ "$status" -eq 0 ]
		each_once_or_listed 5 "$(sink_taken)"
		for wrong in +400d -400d +0d; do
			run clock "$wrong"
			[[ $output == *"nothing new"* ]]
		done
		[ "$(sink_taken | wc -l)" -eq 5 ]
	done
}

@test "a clock that jumps while a run is at work: nobody twice, nobody lost" {
	local jump
	need_faketime
	export FAKETIME_TIMESTAMP_FILE=$PWD/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
	for jump in -2h +30d -400d; do
		sink_anew 'delay end 20
on rcpt times=1 friend2@* 452 4.2.2 full
on rcpt times=2 friend30@* 452 4.2.2 full'
		rm -f ledger.db*
		config "relay = smtp://127.0.0.1:$SINK_PORT" 'retry_for = 8s' 'claim = 4'
		friends 60
		echo +0 > clock
		timeout 120 faketime -f +0 "$SHOWMILL" digest send --yes --at 2026-01-14 > said 2>&1 3>&- &
		until_true eval '[ "$(sink_taken | wc -l)" -gt 20 ]'
		echo "$jump" > clock
		wait $! || true
		echo "$jump: $(cat said)"
		echo +0 > clock
		sleep 1.1
		for _ in 1 2 3; do
			run send
			echo "then: $status $output"
		done
		[ "$status" -eq 0 ]
		each_once_or_listed 60 "$(sink_taken)"
	done
}
