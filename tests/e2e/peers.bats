#!/usr/bin/env bats
#
# The test peers themselves. What they are trusted with elsewhere is tried
# here: that nothing is taken or lost in silence, and that faults happen at
# the moment the script names.

load peers

teardown() {
    peers_stop
}

# Runs the Python on stdin with a small SMTP client before it.
client() {
    { cat <<'PY'; cat; } | /usr/bin/python3 -
import os, select, socket, sys, time

class Smtp:
    def __init__(self, hello=True):
        self.s = socket.create_connection(
            ("127.0.0.1", int(os.environ["SINK_PORT"])), 10)
        self.f = self.s.makefile("rb")
        if hello:
            self.reply()
            self.ask("EHLO client.example")

    # The last line of a reply; "" when the connection has ended.
    def reply(self):
        while True:
            line = self.f.readline()
            if line[3:4] != b"-":
                return line.decode().rstrip("\r\n")

    # Sends the lines in one packet and returns the codes of their replies.
    def ask(self, *lines):
        self.s.sendall("".join(l + "\r\n" for l in lines).encode())
        return " ".join(self.reply()[:3] for l in lines)

    def mail(self, text=b"x\r\n", to="b@example.org"):
        codes = self.ask("MAIL FROM:<a@example.com>", f"RCPT TO:<{to}>", "DATA")
        if not codes.endswith("354"):
            return codes
        self.s.sendall(text + b".\r\n")
        return codes + " " + self.reply()[:3]
PY
}

# What http.client gets for METHOD PATH [HEADER VALUE]..., as Python sees it.
web() {
    /usr/bin/python3 - "$HTTP_PORT" "$@" <<'PY'
import http.client, sys
port, method, path, *fields = sys.argv[1:]
c = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
c.request(method, path, headers=dict(zip(fields[::2], fields[1::2])))
r = c.getresponse()
print(r.status)
for name, value in r.getheaders():
    print(f"{name}: {value}")
body = r.read()
print(f"body {len(body)}", body[:40])
PY
}

has() {
    grep -qxF -- "$1" <<<"$output" || peers_fail "no '$1' in: $output"
}

log_is() {
    diff <(printf '%b' "$1") "$SINK_DIR/log.tsv"
}

@test "sink: a message is kept octet for octet, and logged" {
    sink_start
    run client <<'PY'
import smtplib
c = smtplib.SMTP("127.0.0.1", int(os.environ["SINK_PORT"]), "c.example")
c.sendmail("a@example.com", ["b@example.org", "c@example.org"],
           b"Subject: x\r\n\r\n.\r\n..two\r\n.end.\r\n\xe4\r\n", ["BODY=8BITMIME"])
c.sendmail("", "d@example.org", b"y\r\n")
c.quit()
PY
    [ "$status" -eq 0 ]
    printf 'Subject: x\r\n\r\n.\r\n..two\r\n.end.\r\n\xe4\r\n' >"$BATS_TEST_TMPDIR/want"
    cmp "$BATS_TEST_TMPDIR/want" "$SINK_DIR/000001.eml"
    log_is '000001\t1\ta@example.com\tb@example.org,c@example.org\t34\tclean\n000002\t1\t\td@example.org\t3\tclean\n'
}

@test "sink: pipelined commands are answered in order, by the book" {
    sink_start 'ehlo PIPELINING
ehlo SIZE 1000'
    run client <<'PY'
c = Smtp(hello=False)
c.reply()
print(c.ask("MAIL FROM:<a@x.example>", "EHLO", "HELO c.example",
            "MAIL FROM:<a@x.example> SIZE=5", "EHLO c.example", "DATA"))
print(c.ask("MAIL FROM: <a@x.example>", "MAIL FROM:<a@-x.example>", "MAIL FROM:a@x.example",
            "MAIL FROM:<a@x.example> SIZE=1001", "MAIL FROM:<a@x.example> RET=FULL",
            "MAIL FROM:<\u00e4@x.example>"))
print(c.ask("RCPT TO:<b@y.example>", "MAIL FROM:<a@x.example> SIZE=9", "MAIL FROM:<>",
            "DATA", "RCPT TO:<>", "RCPT TO:<b@y.example> SIZE=9", "RCPT TO:<postmaster>",
            "RSET x", "RSET", "NOOP hm", "VRFY b", "BDAT 3", "WHAT", "X" * 3000))
c.s.sendall(b"NOOP\nNOOP\r\n")
print(c.reply()[:3], c.reply()[:3], c.ask("QUIT"), repr(c.reply()))
PY
    [ "${lines[0]}" = "503 501 250 555 250 503" ]
    [ "${lines[1]}" = "501 501 501 552 555 553" ]
    [ "${lines[2]}" = "503 250 503 554 501 501 250 501 250 250 252 502 500 500" ]
    [ "${lines[3]}" = "500 250 221 ''" ]
}

@test "sink: a script's replies rule, by step, pattern and number of times" {
    sink_start 'on mail times=1 451 4.3.0 later
on rcpt *@bad.example 550 5.1.1 no
on end times=1 slow@* 452 4.2.2 full
ehlo SIZE 20
ehlo PIPELINING'
    run client <<'PY'
c = Smtp()
print(c.mail())
print(c.mail(to="x@bad.example"))
c.ask("RSET")
print(c.mail(to="slow@example.org"))
print(c.mail(to="slow@example.org"))
print(c.mail(text=b"x" * 50 + b"\r\n"))
PY
    [ "${lines[0]}" = "451 503 503" ]
    [ "${lines[1]}" = "250 550 554" ]
    [ "${lines[2]}" = "250 250 354 452" ]
    [ "${lines[3]}" = "250 250 354 250" ]
    [ "${lines[4]}" = "250 250 354 552" ]
    log_is '000001\t1\ta@example.com\tslow@example.org\t3\tclean\n'
}

@test "sink: bare line ends and long lines are told, and end nothing" {
    sink_start
    run client <<'PY'
c = Smtp()
for text in (b"a\n.\nb\r\n", b"a\r.\r\r\n", b"x" * 998 + b"\r\n", b"x" * 999 + b"\r\n",
             b"." + b"." * 998 + b"\r\n"):
    print(c.mail(text))
# An octet at a time, so that no line end comes in one piece.
c.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
for text in b"a\rb\r\n", b"a\r\n..\r\n" + b"x" * 998 + b"\r\n":
    c.ask("MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>", "DATA")
    for octet in text + b".\r\n":
        c.s.sendall(bytes([octet]))
        if octet in b"\r":
            time.sleep(0.01)
    print(c.reply())
PY
    [ "${lines[6]}" = "250 2.0.0 Ok: queued as 000007" ]
    [ "$(cut -f5,6 "$SINK_DIR/log.tsv" | tr '\t\n' '  ')" = \
        "7 bare 6 bare 1000 clean 1001 bare 1000 clean 5 bare 1006 clean " ]
    printf 'a\n.\nb\r\n' | cmp - "$SINK_DIR/000001.eml"
}

@test "sink: BDAT is taken when CHUNKING is offered" {
    sink_start 'ehlo CHUNKING
dropdata 500'
    run client <<'PY'
c = Smtp()
env = b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\n"
c.s.sendall(b"BDAT 3\r\nabc" + env + b"BDAT 5\r\n.\r\nabBDAT 4 LAST\r\nc\r\n.NOOP\r\n"
            + env + b"BDAT 0 LAST\r\n" + env + b"BDAT 2\r\nxyDATA\r\nRSET\r\n")
print(" ".join(c.reply()[:3] for i in range(14)))
c.s.sendall(env + b"BDAT 600 LAST\r\n" + b"x" * 600)
c.reply(), c.reply()
try:
    print(repr(c.reply()))
except ConnectionResetError:
    print("''")
PY
    [ "${lines[0]}" = "503 250 250 250 250 250 250 250 250 250 250 250 503 250" ]
    [ "${lines[1]}" = "''" ]
    printf '.\r\nabc\r\n.' | cmp - "$SINK_DIR/000001.eml"
    [ "$(wc -l <"$SINK_DIR/log.tsv")" -eq 2 ]
}

@test "sink: drop closes at the reply named, and keeps what was taken" {
    sink_start 'drop before 6
drop after 12
dialog'
    run client <<'PY'
for i in range(2):
    print(Smtp().mail())
c = Smtp()
c.ask("MAIL FROM:<a@example.com>")
print("whole", c.mail())
PY
    # 1 greeting, 2 EHLO, 3 MAIL, 4 RCPT, 5 DATA, 6 end; 12 is the second end.
    [ "${lines[0]}" = "250 250 354 " ]
    [ "${lines[1]}" = "250 250 354 250" ]
    [ "${lines[2]}" = "whole 503 250 354 250" ]
    [ "$(wc -l <"$SINK_DIR/log.tsv")" -eq 3 ]
    grep -qxF $'1\t!\t-\tdropped before reply 6' "$SINK_DIR/dialog.log"
    grep -qxF $'2\tS\t12\t250 2.0.0 Ok: queued as 000002' "$SINK_DIR/dialog.log"
    [ "$(grep -c $'\tC\t-\tDATA' "$SINK_DIR/dialog.log")" -eq 3 ]
}

@test "sink: kill before a reply hides it, kill after lets it be sent" {
    local when seen
    for when in before after; do
        sink_start "pidfile $BATS_TEST_TMPDIR/pid
kill $when 6"
        seen=$BATS_TEST_TMPDIR/seen.$when
        run client <<PY
open("$BATS_TEST_TMPDIR/pid", "w").write(str(os.getpid()))
c = Smtp()
c.ask("MAIL FROM:<a@example.com>", "RCPT TO:<b@example.org>", "DATA")
c.s.sendall(b"x\r\n.\r\n")
end = c.reply()
open("$seen", "w").write(end)
# With "after" this is a race the sink may win; waiting is what ends here.
time.sleep(20)
PY
        [ "$status" -eq 137 ]
        [ "$when" = after ] || [ ! -e "$seen" ]
        # The sink goes on, and kills once.
        run client <<<'c = Smtp(); print(c.mail())'
        [ "$output" = "250 250 354 250" ]
        grep -q "killed $when reply 6" "$SINK_DIR/stderr"
        sink_stop
    done
    [ "$(wc -l <"$SINK_DIR/log.tsv")" -eq 4 ]
}

@test "sink: dropdata cuts inside a message, as often as told" {
    sink_start 'dropdata 1000 times=1'
    run client <<'PY'
c = Smtp()
print(c.mail(b"x" * 78 + b"\r\n"))
try:
    print(c.mail((b"x" * 78 + b"\r\n") * 100))
except OSError:
    print("cut")
print(Smtp().mail((b"x" * 78 + b"\r\n") * 100))
PY
    [ "${lines[0]}" = "250 250 354 250" ]
    [ "${lines[1]}" = cut ] || [ "${lines[1]}" = "250 250 354 " ]
    [ "${lines[2]}" = "250 250 354 250" ]
    [ "$(cut -f5 "$SINK_DIR/log.tsv" | tr '\n' ' ')" = "80 8000 " ]
}

@test "sink: delays, hangs and garbage hold up nobody else" {
    sink_start 'delay mail times=1 2000
hang rset
garbage quit what?
on ehlo EHLO* 502 5.5.1 say HELO
on data times=1 451 4.3.0 one\\n4.3.0 two'
    run client <<'PY'
slow, other = Smtp(hello=False), Smtp(hello=False)
slow.reply(), other.reply()
print(slow.ask("EHLO c.example", "HELO c.example"), other.ask("HELO c.example"))
slow.s.sendall(b"MAIL FROM:<s@example.com>\r\nNOOP\r\n")
time.sleep(0.1)
print(other.mail(), not select.select([slow.s], [], [], 0)[0])
print(slow.reply()[:9], slow.reply()[:9])
other.s.settimeout(0.3)
other.s.sendall(b"RSET\r\nNOOP\r\n")
try:
    print(other.reply())
except TimeoutError:
    print("hangs")
slow.s.sendall(b"QUIT\r\n")
print(repr(slow.f.readline()), repr(slow.f.readline()))
PY
    [ "${lines[0]}" = "502 250 250" ]
    [ "${lines[1]}" = "250 250 451 True" ]
    [ "${lines[2]}" = "250 2.1.0 250 2.0.0" ]
    [ "${lines[3]}" = hangs ]
    [ "${lines[4]}" = "b'what?\\r\\n' b''" ]
}

@test "sink: a hundred clients at once, a 421 beyond 256, then on" {
    sink_start
    run client <<'PY'
cs = [Smtp() for i in range(100)]
for c in cs:
    c.s.sendall(b"MAIL FROM:<a@example.com>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n")
for c in cs:
    c.s.sendall(b"x\r\n.\r\n")
print({" ".join(c.reply()[:3] for i in range(4)) for c in cs})
cs += [Smtp() for i in range(156)]
c = Smtp(hello=False)
print(c.reply()[:3], repr(c.reply()))
cs.pop().ask("QUIT")
time.sleep(0.2)
print(Smtp().mail())
PY
    [ "${lines[0]}" = "{'250 250 354 250'}" ]
    [ "${lines[1]}" = "421 ''" ]
    [ "${lines[2]}" = "250 250 354 250" ]
    [ "$(cut -f2 "$SINK_DIR/log.tsv" | sort -u | wc -l)" -eq 101 ]
    [ "$(cut -f1 "$SINK_DIR/log.tsv" | sort -u | wc -l)" -eq 101 ]
}

@test "sink: a second one goes on with the numbers; --no-store, --once-idle" {
    sink_start
    client <<<'print(Smtp().mail())'
    sink_stop
    # shellcheck disable=SC2034 # read by sink_start
    SINK_OPTIONS=(--no-store --once-idle 1)
    sink_start
    client <<<'print(Smtp().mail())'
    sleep 2
    run kill -0 "$SINK_PID"
    [ "$status" -ne 0 ]
    sink_stop
    [ "$(cut -f1 "$SINK_DIR/log.tsv" | tr '\n' ' ')" = "000001 000002 " ]
    [ -e "$SINK_DIR/000001.eml" ]
    [ ! -e "$SINK_DIR/000002.eml" ]
}

@test "both: a script or rule that is not understood is refused by line" {
    local line dir
    dir=$(peers_dir)
    for line in 'frobnicate' 'on lunch 250 x' 'on rcpt *@x hm' 'delay mail soon' \
        'drop 3' 'kill before 3' 'dropdata 0' 'hang end now' 'dialog x'; do
        printf '# x\n\n%s\n' "$line" >"$BATS_TEST_TMPDIR/script"
        run "$dir/mail_sink" --dir "$BATS_TEST_TMPDIR/d" --script "$BATS_TEST_TMPDIR/script"
        [ "$status" -eq 64 ]
        [[ $output == "$BATS_TEST_TMPDIR/script:3: "* ]]
    done
    for line in '/x' '/x lunch' '/x status 99' '/x redirect 302' '/x length -1' \
        '/x close now' '/x retry 503 1 times=x'; do
        printf '# x\n\n%s\n' "$line" >"$BATS_TEST_TMPDIR/script"
        run "$dir/http_peer" --root / --rules "$BATS_TEST_TMPDIR/script"
        [ "$status" -eq 64 ]
        [[ $output == "$BATS_TEST_TMPDIR/script:3: "* ]]
    done
}

@test "web: files, ranges and conditions; nothing outside the root" {
    local root=$BATS_TEST_TMPDIR/root etag
    mkdir -p "$root/a b"
    printf 0123456789 >"$root/a b/x.mp3"
    touch -d '2025-01-05 10:00:00 UTC' "$root/a b/x.mp3"
    echo secret >"$BATS_TEST_TMPDIR/secret"
    http_start "$root"
    run web GET '/a%20b/x.mp3?q=1'
    has 200
    has 'Content-Type: audio/mpeg'
    has 'Content-Length: 10'
    has 'Last-Modified: Sun, 05 Jan 2025 10:00:00 GMT'
    has "body 10 b'0123456789'"
    etag=$(sed -n 's/^ETag: //p' <<<"$output")
    run web HEAD '/a%20b/x.mp3' Range bytes=2-4
    has 200
    has 'Content-Length: 10'
    run web GET '/a%20b/x.mp3' Range bytes=2-4
    has 206
    has 'Content-Range: bytes 2-4/10'
    has "body 3 b'234'"
    run web GET '/a%20b/x.mp3' Range bytes=-3
    has "body 3 b'789'"
    run web GET '/a%20b/x.mp3' Range bytes=8-99
    has "body 2 b'89'"
    run web GET '/a%20b/x.mp3' Range bytes=10-
    has 416
    has 'Content-Range: bytes */10'
    run web GET '/a%20b/x.mp3' If-None-Match "$etag"
    has 304
    run web GET '/a%20b/x.mp3' If-None-Match '"other"' \
        If-Modified-Since 'Sun, 05 Jan 2025 10:00:00 GMT'
    has 200
    run web GET '/a%20b/x.mp3' If-Modified-Since 'Sun, 05 Jan 2025 10:00:00 GMT'
    has 304
    run web GET '/%2e%2e/secret'
    has 400
    run web GET '/a b/x.mp3%00'
    [ "$status" -ne 0 ] || has 400
    run web GET /none
    has 404
    run web POST '/a%20b/x.mp3'
    has 405
    grep -qxF $'GET\t/a%20b/x.mp3?q=1\t200\t-' "$HTTP_LOG"
    grep -qxF $'GET\t/a%20b/x.mp3\t206\tbytes=2-4' "$HTTP_LOG"
}

@test "web: rules, the first that matches" {
    local root=$BATS_TEST_TMPDIR/root start
    mkdir -p "$root"
    for f in n l d h j r; do printf 0123456789 >"$root/$f"; done
    http_start "$root" '/s status 410 it is gone
/r retry 503 7 times=2
/go/* redirect 302 http://other.example{path}?from={path}
/h head 403
/n nolength
/l length 99
/d delay 500
/c close
/e* html
/j headers 500'
    run web GET /s
    has 410
    has "body 10 b'it is gone'"
    run web GET /go/x
    has 302
    has 'Location: http://other.example/go/x?from=/go/x'
    run web HEAD /h
    has 403
    run web GET /h
    has 200
    has "body 10 b'0123456789'"
    run web GET /n
    has "body 10 b'0123456789'"
    [[ $output != *Content-Length* ]]
    run web HEAD /l
    has 'Content-Length: 99'
    run web GET /l
    [[ $output == *IncompleteRead\(10* ]]
    start=$(date +%s%N)
    run web GET /d
    has "body 10 b'0123456789'"
    (($(date +%s%N) - start >= 500000000))
    run web GET /c
    [[ $output == *RemoteDisconnected* ]]
    run web GET /exx
    has 200
    has 'Content-Type: text/html'
    run web GET /r
    has 503
    has 'Retry-After: 7'
    run web GET /r
    has 503
    run web GET /r
    has 200
    run /usr/bin/python3 - "$HTTP_PORT" <<'PY'
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 10)
s.sendall(b"GET /j HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
print(s.makefile("rb").read().count(b"\r\nX-Junk-"))
PY
    [ "$output" = 500 ]
    grep -qxF $'GET\t/c\t-\t-' "$HTTP_LOG"
}

@test "web: rules that spoil the body or a part" {
    local root=$BATS_TEST_TMPDIR/root start
    mkdir -p "$root"
    for f in f d k p w r c; do printf 0123456789 >"$root/$f"; done
    http_start "$root" '/f field X-One: two
/d drip 50
/k cut 4
/p part 3
/w range ignore
/r retrydate 503 60 times=1
/c close times=1
/most most'
    run web GET /f
    has 'X-One: two'
    has "body 10 b'0123456789'"
    start=$(date +%s%N)
    run web GET /d
    has "body 10 b'0123456789'"
    [ $(($(date +%s%N) - start)) -ge 450000000 ]
    run web GET /k
    [ "$status" -ne 0 ]
    has 'Content-Length: 10'
    run web GET /p Range bytes=2-4
    has 206
    has 'Content-Range: bytes 5-7/10'
    has "body 3 b'234'"
    run web GET /w Range bytes=2-4
    has 200
    has "body 10 b'0123456789'"
    run web GET /r
    has 503
    [[ $output == *'Retry-After: '*GMT* ]]
    run web GET /r
    has 200
    run web GET /c
    [ "$status" -ne 0 ]
    run web GET /c
    has 200
    run web GET /most
    has "body 2 b'1\\n'"
}

@test "sink: room for so many connections, and a session of so many messages" {
    sink_start 'room 2 421 4.7.0 no room
session 2 421 4.7.0 that is all'
    run client <<'PY'
a, b = Smtp(), Smtp()
c = Smtp(hello=False)
print(c.reply(), c.reply() == "")
print(a.mail())
print(a.mail())
print(a.mail())
a.s.close()
time.sleep(0.2)
d = Smtp(hello=False)
print(d.reply())
print(b.mail())
PY
    echo "$output"
    [ "${lines[0]}" = "421 4.7.0 no room True" ]
    [ "${lines[1]}" = "250 250 354 250" ]
    [ "${lines[2]}" = "250 250 354 250" ]
    [[ ${lines[3]} == 421* ]]
    [[ ${lines[4]} == 220* ]]
    [ "${lines[5]}" = "250 250 354 250" ]
    sink_stop
    for wrong in 'room x 421 no' 'room 2' 'room 2 42 no' 'session 2 999 no' \
        'room 1 421 a
room 2 421 b'; do
        run sink_start "$wrong"
        [ "$status" -ne 0 ]
    done
}

@test "web: a file of 6 GB is not read into memory, connections are kept" {
    local root=$BATS_TEST_TMPDIR/root
    mkdir -p "$root"
    truncate -s 6G "$root/big.mp3"
    printf end >>"$root/big.mp3"
    http_start "$root"
    run /usr/bin/python3 - "$HTTP_PORT" <<'PY'
import http.client, sys
c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=20)
def ask(method, path, rng=None, body=None):
    c.request(method, path, body, headers={"Range": rng} if rng else {})
    r = c.getresponse()
    return r, r.read()
r, b = ask("HEAD", "/big.mp3")
print(r.status, r.getheader("Content-Length"))
port = c.sock.getsockname()[1]
r, b = ask("GET", "/big.mp3", "bytes=6442450944-")
print(r.status, b)
r, b = ask("GET", "/big.mp3", "bytes=0-104857599")
print(len(b))
r, b = ask("POST", "/big.mp3", body=b"x" * 300000)
print(r.status)
r, b = ask("GET", "/none")
print(r.status, port == c.sock.getsockname()[1])
PY
    [ "${lines[0]}" = "200 6442450947" ]
    [ "${lines[1]}" = "206 b'end'" ]
    [ "${lines[2]}" = 104857600 ]
    [ "${lines[3]}" = 405 ]
    [ "${lines[4]}" = "404 True" ]
    (($(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$HTTP_PID/status") < 60000))
}
