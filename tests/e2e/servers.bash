# shellcheck shell=bash
#
# Real mail servers for bats, each with a folder of its own below $SERVERS and on
# free ports of 127.0.0.1: Postfix, Dovecot, smtp-sink, aiosmtpd. Load peers and
# site first (until_true). Call these plainly, not behind `run`: they set variables
# and they skip.
#
#     setup() { servers_make "$BATS_TEST_TMPDIR"; }
#     teardown() { servers_end; }

SERVERS_PIDS=()

# servers_make DIR: where they are; DIR/servers is new.
servers_make() {
	SERVERS=$1/servers
	mkdir -p "$SERVERS"
	# Their daemons are of other users.
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/*/ "$1" "$SERVERS"
}

# servers_end: ends what was started.
servers_end() {
	local pid
	for pid in ${SERVERS_PIDS[@]+"${SERVERS_PIDS[@]}"}; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
	SERVERS_PIDS=()
	if [ -s "$SERVERS/dovecot/run/master.pid" ]; then
		pid=$(cat "$SERVERS/dovecot/run/master.pid")
		kill "$pid" 2>/dev/null || true
		until_true servers_gone "$pid" || true
	fi
	if [ -e "$SERVERS/postfix/etc/main.cf" ]; then
		timeout -k 5 60 postfix -c "$SERVERS/postfix/etc" stop >/dev/null 2>&1 3>&- || true
	fi
}
servers_gone() { no kill -0 "$1" >/dev/null 2>&1; }

# certs_make DIR: tests/peers/certs there, when there is openssl. Sets CERTS.
certs_make() {
	export CERTS=$1/certs
	mkdir -p "$CERTS"
	if command -v openssl >/dev/null; then
		(cd "$BATS_TEST_DIRNAME/../.." && tests/peers/certs "$CERTS")
	fi
}
need_certs() { [ -s "$CERTS/good.pem" ] || skip "there is no openssl"; }

listens() { (exec 4<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# ---- Postfix

# postfix_make [MAIN.CF LINE...]: its configuration (tests/peers/postfix_config).
postfix_make() {
	local d=$SERVERS/postfix
	command -v postfix >/dev/null || skip "there is no Postfix"
	[ "$(id -u)" = 0 ] || skip "Postfix is started by root alone"
	[ -d "$(postconf -dh daemon_directory)" ] || skip "Postfix is not whole"
	need_certs
	"$REPO/tests/peers/postfix_config" "$d" "smtpd_tls_cert_file = $CERTS/good.crt" \
	    "smtpd_tls_key_file = $CERTS/good.key" 'smtpd_tls_auth_only = yes' "$@"
	POSTFIX_LOG=$d/data/log
}

# postfix_listen COMMAND...: a further service of it, such as `smtpd -o ...`. Sets
# PORT.
postfix_listen() {
	PORT=$("$REPO/tests/peers/port")
	printf '127.0.0.1:%s inet n - n - %s %s\n' "$PORT" "${POSTFIX_AT_ONCE:--}" "$*" \
	    >> "$SERVERS/postfix/etc/master.cf"
}

postfix_start() {
	local d=$SERVERS/postfix
	postfix -c "$d/etc" start >/dev/null 2>"$d/err" 3>&- || { cat "$d/err"; return 1; }
	until_true listens "$PORT" || { cat "$POSTFIX_LOG"; return 1; }
}

postfix_reload() {
	postfix -c "$SERVERS/postfix/etc" reload >/dev/null 2>&1 3>&-
	sleep 1
}

postfix_count() { grep -c "$1" "$POSTFIX_LOG" || true; }

# ---- Dovecot

# dovecot_start PROTOCOL...: for that Postfix, which runs, its AUTH (private/auth; ada@example.org
# and her password) and with `lmtp` its delivery (private/dovecot-lmtp), where all addresses
# have one mailbox; with `imap` it is read at IMAP_PORT, by anybody whose password
# is "all".
dovecot_start() {
	local d=$SERVERS/dovecot q=$SERVERS/postfix/queue/private protocol
	command -v dovecot >/dev/null || skip "there is no Dovecot"
	for protocol; do
		[ -x "/usr/lib/dovecot/$protocol" ] || skip "there is no Dovecot for $protocol"
	done
	mkdir -p "$d/run" "$d/mail"
	chmod 755 "$d" "$d/run"
	chown nobody:nogroup "$d/mail"
	IMAP_PORT=$("$REPO/tests/peers/port")
	echo 'ada@example.org:{PLAIN}open sesame' > "$d/users"
	chmod 644 "$d/users"
	cat > "$d/dovecot.conf" <<-CF
	base_dir = $d/run
	log_path = $d/log
	protocols = $*
	listen = 127.0.0.1
	ssl = no
	disable_plaintext_auth = no
	auth_mechanisms = plain login cram-md5
	auth_username_chars =
	mail_location = maildir:$d/mail
	mail_fsync = never
	first_valid_uid = 1
	first_valid_gid = 1
	passdb {
	  driver = passwd-file
	  args = $d/users
	}
	userdb {
	  driver = static
	  args = uid=nobody gid=nogroup home=$d/mail allow_all_users=yes
	}
	service auth {
	  unix_listener $q/auth {
	    mode = 0600
	    user = postfix
	  }
	}
	CF
	if [ $# -gt 0 ]; then cat >> "$d/dovecot.conf" <<-CF
	passdb {
	  driver = static
	  args = password=all
	}
	service lmtp {
	  unix_listener $q/dovecot-lmtp {
	    mode = 0600
	    user = postfix
	  }
	}
	service imap-login {
	  inet_listener imap {
	    port = $IMAP_PORT
	  }
	  inet_listener imaps {
	    port = 0
	  }
	}
	CF
	fi
	dovecot -c "$d/dovecot.conf" >/dev/null 2>"$d/err" 3>&- || { cat "$d/err"; return 1; }
	until_true [ -S "$q/auth" ]
}

# ---- others

# smtp_sink_start OPTION...: Postfix's. Sets SMTP_SINK_PORT. What it takes is in
# $SERVERS/smtp-sink, a file for each, also when it was started several times.
smtp_sink_start() {
	local d=$SERVERS/smtp-sink root=()
	command -v smtp-sink >/dev/null || skip "there is no smtp-sink"
	mkdir -p "$d"
	if [ "$(id -u)" = 0 ]; then
		chown nobody "$d"
		root=(-u nobody)
	fi
	SMTP_SINK_PORT=$("$REPO/tests/peers/port")
	(cd "$d" && exec smtp-sink ${root[@]+"${root[@]}"} -d m. "$@" \
	    "127.0.0.1:$SMTP_SINK_PORT" 100 >/dev/null 2>&1 3>&-) &
	SMTP_SINK_PID=$!
	SERVERS_PIDS+=("$SMTP_SINK_PID")
	until_true listens "$SMTP_SINK_PORT"
}
smtp_sink_end() {
	kill "$SMTP_SINK_PID"
	wait "$SMTP_SINK_PID" || true
}
# Whom it has messages for, sorted. It makes the file at MAIL; one without an end
# has no empty line behind it.
smtp_sink_taken() {
	cat "$SERVERS"/smtp-sink/m.* 2>/dev/null | sed -n 's/^X-Rcpt-Args: <\([^>]*\)>.*/\1/p' | sort
}

# aiosmtpd_start ARGUMENT...: tests/peers/aio_peer.py. Sets AIO_PORT and AIO_DIR.
aiosmtpd_start() {
	AIO_DIR=$SERVERS/aiosmtpd
	/usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || skip "there is no aiosmtpd"
	rm -rf "$AIO_DIR"
	mkdir -p "$AIO_DIR"
	/usr/bin/python3 "$REPO/tests/peers/aio_peer.py" --dir "$AIO_DIR" "$@" \
	    >/dev/null 2>"$AIO_DIR/stderr" 3>&- &
	SERVERS_PIDS+=($!)
	until_true [ -s "$AIO_DIR/port" ]
	AIO_PORT=$(cat "$AIO_DIR/port")
	export AIO_PORT
}
