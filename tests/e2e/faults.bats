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
