# shellcheck shell=bash
#
# The test peers for bats: a scripted SMTP sink and a small web server, both
# on 127.0.0.1 and any free port. In a test file:
#
#     load peers
#     teardown() { peers_stop; }
#
# Call these functions plainly, not behind `run`: they set variables. One sink
# and one web server at a time; a sink started again in the same test goes on
# in the same folder. What scripts and rules can say is in the headers
# tests/peers/sink_script.h and tests/peers/http_rules.h.
#
# PEERS: the folder of mail_sink and http_peer, by default $BUILD/tests; BUILD
# is build/debug by default and counts from the project's folder.

SINK_PID=
HTTP_PID=

peers_dir() {
    local root build
    root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
    build=${BUILD:-build/debug}
    [[ $build == /* ]] || build=$root/$build
    printf '%s\n' "${PEERS:-$build/tests}"
}

# peers_fail TEXT [FILE]: tells what is wrong, and what the peer said.
peers_fail() {
    printf 'peers: %s\n' "$1" >&2
    if [[ -n ${2:-} && -s $2 ]]; then
        cat -- "$2" >&2
    fi
    return 1
}

# peers_launch NAME DIR ARGUMENT...: starts a peer that leaves DIR/port and
# DIR/stderr, and sets PEER_PID and PEER_PORT.
peers_launch() {
    local name=$1 dir=$2 program deadline
    shift 2
    program=$(peers_dir)/$name
    [[ -x $program ]] || peers_fail "$program is not built" || return 1
    rm -f -- "$dir/port"
    # Descriptor 3 is bats's own; a process that keeps it would be waited for.
    "$program" --port-file "$dir/port" "$@" >/dev/null 2>"$dir/stderr" 3>&- &
    PEER_PID=$!
    deadline=$((SECONDS + 10))
    until [[ -s $dir/port ]]; do
        if ! kill -0 "$PEER_PID" 2>/dev/null; then
            peers_fail "$name ended before it listened" "$dir/stderr"
            return 1
        fi
        if ((SECONDS >= deadline)); then
            peers_end "$PEER_PID" || true
            peers_fail "$name did not listen within 10 s" "$dir/stderr"
            return 1
        fi
        sleep 0.02
    done
    PEER_PORT=$(<"$dir/port")
}

# peers_end PID: SIGTERM, after 5 s SIGKILL. Its exit code.
peers_end() {
    local deadline=$((SECONDS + 5)) rc=0
    kill -TERM "$1" 2>/dev/null || true
    while kill -0 "$1" 2>/dev/null; do
        if ((SECONDS >= deadline)); then
            kill -KILL "$1" 2>/dev/null || true
            break
        fi
        sleep 0.02
    done
    wait "$1" 2>/dev/null || rc=$?
    return "$rc"
}

# peers_stopped NAME PID DIR: ends it; fails unless it exited cleanly, which
# is where a sanitizer's finding shows.
peers_stopped() {
    local rc=0
    peers_end "$2" || rc=$?
    if ((rc != 0)); then
        peers_fail "$1 exited with $rc" "$3/stderr"
        return 1
    fi
}

# sink_start [SCRIPT_TEXT]: SINK_PORT, SINK_DIR, SINK_PID.
# SINK_OPTIONS (an array) is added to the command line.
sink_start() {
    [[ -z $SINK_PID ]] || peers_fail 'a sink is running already' || return 1
    SINK_DIR=$BATS_TEST_TMPDIR/sink
    mkdir -p -- "$SINK_DIR" || return 1
    printf '%s\n' "${1:-}" >"$SINK_DIR/script"
    peers_launch mail_sink "$SINK_DIR" --dir "$SINK_DIR" \
        --script "$SINK_DIR/script" ${SINK_OPTIONS[@]+"${SINK_OPTIONS[@]}"} ||
        return 1
    SINK_PID=$PEER_PID
    export SINK_PORT=$PEER_PORT
}

sink_stop() {
    local pid=$SINK_PID
    [[ -n $pid ]] || return 0
    SINK_PID=
    peers_stopped mail_sink "$pid" "$SINK_DIR"
}

# http_start ROOT [RULES_TEXT]: HTTP_PORT, HTTP_LOG, HTTP_PID.
http_start() {
    local dir=$BATS_TEST_TMPDIR/http
    [[ -z $HTTP_PID ]] || peers_fail 'a web server is running already' ||
        return 1
    mkdir -p -- "$dir" || return 1
    HTTP_LOG=$dir/log.tsv
    printf '%s\n' "${2:-}" >"$dir/rules"
    : >>"$HTTP_LOG"
    peers_launch http_peer "$dir" --root "$1" --rules "$dir/rules" \
        --log "$HTTP_LOG" || return 1
    HTTP_PID=$PEER_PID
    export HTTP_PORT=$PEER_PORT
}

http_stop() {
    local pid=$HTTP_PID
    [[ -n $pid ]] || return 0
    HTTP_PID=
    peers_stopped http_peer "$pid" "$(dirname "$HTTP_LOG")"
}

# For teardown: ends what this test started, and waits for it.
peers_stop() {
    local rc=0
    sink_stop || rc=1
    http_stop || rc=1
    return "$rc"
}
