#!/usr/bin/python3
"""A submission server for tests, on 127.0.0.1: TLS, AUTH, and a fault.

tls_peer.py --dir DIR [--port-file FILE] [--tls smtps|starttls|none]
    [--cert PEM] [--client-ca PEM] [--max-tls 1.2] [--auth "PLAIN LOGIN"]
    [--user U --password P] [--offer KEYWORD ...] [--fault NAME[=VALUE] ...]
    [--on STEP=GLOB=REPLY ...]

DIR/log.tsv has a line for each message taken (number, connection, from, to),
DIR/NUMBER.eml the message, DIR/dialog.log every line of the client's, with
"tls" or "plain" before it. STEP is mail, rcpt, data or end.

Faults: no-starttls, refuse-starttls, inject (answers before TLS), no-auth,
auth=REPLY, accept-drop, greeting=REPLY, ehlo=REPLY, garbage (as greeting),
flood (10 MB in one line as greeting), flood-lines, flood-end, hang=STEP (also
greeting, ehlo, auth, tls), drop=STEP, trickle=STEP (an
answer without an end, line by line; also greeting), drop-data=OCTETS, cut-end (a code and no
more), broken-in (speaks within the message), die-after=N (messages), bye-after=N
(421 to the next MAIL), once (the fault happens to the first connection alone).
It ends after a minute.
"""
import argparse
import base64
import fnmatch
import hashlib
import hmac
import os
import signal
import socket
import ssl
import sys
import threading
import time

ap = argparse.ArgumentParser()
ap.add_argument("--dir", required=True)
ap.add_argument("--port-file")
ap.add_argument("--tls", default="smtps")
ap.add_argument("--cert")
ap.add_argument("--client-ca")
ap.add_argument("--max-tls")
ap.add_argument("--auth", default="")
ap.add_argument("--user", default="")
ap.add_argument("--password", default="")
ap.add_argument("--offer", action="append")
ap.add_argument("--fault", action="append", default=[])
ap.add_argument("--on", action="append", default=[])
args = ap.parse_args()
faults = {}
for f in args.fault:
    name, _, value = f.partition("=")
    faults[name] = value
rules = [r.split("=", 2) for r in args.on]
offers = args.offer if args.offer is not None else ["PIPELINING", "SIZE 35882577", "DSN"]
lock = threading.Lock()
count = [0, 0]


class Gone(Exception):
    pass


class Client:
    def __init__(self, sock, number):
        self.s, self.number, self.buf, self.tls = sock, number, b"", False
        self.taken = 0

    def fault(self, name):
        if "once" in faults and self.number > 1:
            return None
        return faults.get(name)

    def log(self, line):
        with lock, open(os.path.join(args.dir, "dialog.log"), "a", encoding="latin-1") as f:
            f.write("%d\t%s\t%s\n" % (self.number, "tls" if self.tls else "plain", line))

    def say(self, text):
        self.s.sendall(text.encode() + b"\r\n")

    def line(self):
        while b"\n" not in self.buf:
            more = self.s.recv(65536)
            if not more:
                raise Gone
            self.buf += more
        one, self.buf = self.buf.split(b"\n", 1)
        text = one.rstrip(b"\r").decode("latin-1")
        self.log(text)
        return text

    def strike(self, step):
        """The fault of a step."""
        if self.fault("hang") == step:
            while self.s.recv(65536):
                pass
            raise Gone
        if self.fault("drop") == step:
            raise Gone
        while self.fault("trickle") == step:
            self.say("%d-x" % (220 if step == "greeting" else 250))
            time.sleep(0.05)

    def flood(self, lines):
        junk = b"x" * 65536
        self.s.sendall(b"220-" if not lines else b"")
        for _ in range(160):
            if lines:
                self.s.sendall(b"220-" + junk[:900] + b"\r\n")
            else:
                self.s.sendall(junk)
        for _ in range(12000 if lines else 0):
            self.s.sendall(b"220-" + junk[:900] + b"\r\n")
        self.say("\r\n220 there")

    def wrap(self):
        self.strike("tls")
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        c.load_cert_chain(args.cert)
        if args.max_tls == "1.2":
            c.maximum_version = ssl.TLSVersion.TLSv1_2
        if args.max_tls == "1.1":
            c.minimum_version = ssl.TLSVersion.TLSv1
            c.maximum_version = ssl.TLSVersion.TLSv1_1
            c.set_ciphers("ALL:@SECLEVEL=0")
        if args.client_ca:
            c.load_verify_locations(args.client_ca)
            c.verify_mode = ssl.CERT_REQUIRED
        c.sni_callback = lambda sock, name, ctx: self.log("SNI " + str(name))
        self.s = c.wrap_socket(self.s, server_side=True)
        self.tls = True

    def greet(self):
        if "accept-drop" in faults and self.fault("accept-drop") is not None:
            raise Gone
        self.strike("greeting")
        if self.fault("garbage") is not None:
            self.s.sendall(b"\x00\xff what? \x1b[2J\r\nno SMTP\r\n")
            self.line()
        if self.fault("flood") is not None:
            self.flood(False)
        if self.fault("flood-lines") is not None:
            self.flood(True)
        if self.fault("greeting") is not None:
            self.say(self.fault("greeting"))
            raise Gone
        self.say("220 peer.example ESMTP")

    def ehlo(self):
        self.strike("ehlo")
        if self.fault("ehlo") is not None:
            self.say(self.fault("ehlo"))
            return
        words = list(offers)
        if args.tls == "starttls" and not self.tls and self.fault("no-starttls") is None:
            words.append("STARTTLS")
        if args.auth and self.fault("no-auth") is None and (self.tls or args.tls == "none"):
            words.append("AUTH " + args.auth)
        words = ["peer.example"] + words
        for i, w in enumerate(words):
            self.say("250%s%s" % ("-" if i + 1 < len(words) else " ", w))

    def starttls(self):
        if self.fault("refuse-starttls") is not None:
            self.say("454 4.7.0 no TLS now")
            return
        if self.fault("inject") is not None:
            self.s.sendall(b"220 go ahead\r\n250-peer.example\r\n250 AUTH PLAIN\r\n")
            time.sleep(0.3)
        else:
            self.say("220 go ahead")
        self.wrap()

    def ask(self, text):
        self.say("334 " + base64.b64encode(text.encode()).decode())
        return base64.b64decode(self.line()).decode()

    def auth(self, way, first):
        self.strike("auth")
        if self.fault("auth") is not None and self.fault("auth") != "":
            if way != "PLAIN" or not first:
                self.ask("")
            self.say(self.fault("auth"))
            return False
        if way == "PLAIN":
            got = base64.b64decode(first).decode() if first else self.ask("")
            good = got.split("\0")[1:] == [args.user, args.password]
        elif way == "LOGIN":
            good = [self.ask("Username:"), self.ask("Password:")] == [args.user, args.password]
        elif way == "CRAM-MD5":
            c = "<1.2@peer.example>"
            want = hmac.new(args.password.encode(), c.encode(), hashlib.md5).hexdigest()
            good = self.ask(c) == args.user + " " + want
        elif way == "XOAUTH2":
            got = base64.b64decode(first).decode() if first else self.ask("")
            good = got == "user=%s\1auth=Bearer %s\1\1" % (args.user, args.password)
        else:
            self.say("504 5.5.4 no such way")
            return False
        self.say("235 2.7.0 welcome" if good else "535 5.7.8 wrong")
        return good

    def reply(self, step, subject, usual):
        self.strike(step)
        for r in rules:
            if r[0] == step and fnmatch.fnmatchcase(subject, r[1]):
                self.say(r[2])
                return int(r[2][:3])
        self.say(usual)
        return int(usual[:3])

    def data(self, sender, to):
        if self.reply("data", to, "354 go on") != 354:
            return
        limit = int(self.fault("drop-data") or 0)
        if self.fault("broken-in") is not None:
            self.say("451 4.3.0 no more room")
        parts, tail = [], b"\r\n"
        while b"\r\n.\r\n" not in tail:
            if not self.buf:
                self.buf = self.s.recv(65536)
                if not self.buf:
                    raise Gone
            parts.append(self.buf)
            tail, self.buf = tail[-4:] + self.buf, b""
            if limit and sum(map(len, parts)) >= limit:
                raise Gone
        if self.fault("broken-in") is not None:
            raise Gone
        text = b"".join(parts)
        end = text.find(b"\r\n.\r\n") + 5
        text, self.buf = text[:end], text[end:]
        if self.fault("cut-end") is None and self.fault("flood-end") is None:
            for r in rules:
                if r[0] == "end" and fnmatch.fnmatchcase(to, r[1]) and r[2][0] != "2":
                    self.say(r[2])
                    return
        self.strike("end")
        body = text[:-3].replace(b"\r\n..", b"\r\n.")
        with lock:
            count[0] += 1
            n = count[0]
            with open(os.path.join(args.dir, "%06d.eml" % n), "wb") as f:
                f.write(body)
            with open(os.path.join(args.dir, "log.tsv"), "a", encoding="latin-1") as f:
                f.write("%06d\t%d\t%s\t%s\t\n" % (n, self.number, sender, to))
        self.taken += 1
        if self.fault("drop") == "told":
            raise Gone
        if self.fault("cut-end") is not None:
            self.s.sendall(b"250")
            raise Gone
        if self.fault("flood-end") is not None:
            for _ in range(160):
                self.s.sendall(b"250-" + b"x" * 65536)
        self.say("250 2.0.0 queued as Q%06d" % n)
        if self.fault("die-after") == str(self.taken):
            raise Gone

    def serve(self):
        if args.tls == "smtps":
            self.wrap()
        self.greet()
        known, sender, to = not args.auth, None, None
        while True:
            text = self.line()
            verb = text.split(" ")[0].upper()
            rest = text.partition("<")[2].partition(">")[0]
            if verb in ("EHLO", "HELO"):
                self.ehlo()
            elif verb == "STARTTLS":
                self.starttls()
            elif verb == "AUTH":
                words = text.split(" ") + [""]
                known = self.auth(words[1].upper(), words[2])
            elif verb == "MAIL":
                if self.fault("bye-after") == str(self.taken):
                    self.say("421 4.7.0 too many")
                    raise Gone
                if sender is not None:
                    self.say("503 5.5.1 nested MAIL")
                elif not known:
                    self.say("530 5.7.0 log in first")
                elif self.reply("mail", rest, "250 2.1.0 ok") == 250:
                    sender, to = rest, None
            elif verb == "RCPT":
                if sender is None:
                    self.say("503 5.5.1 MAIL first")
                elif self.reply("rcpt", rest, "250 2.1.5 ok") == 250:
                    to = rest
            elif verb == "DATA":
                if to is None:
                    self.say("503 5.5.1 RCPT first")
                else:
                    self.data(sender, to)
                    sender = to = None
            elif verb == "RSET":
                sender = to = None
                self.say("250 2.0.0 ok")
            elif verb == "QUIT":
                self.say("221 2.0.0 bye")
                raise Gone
            else:
                self.say("502 5.5.2 what?")


def handle(sock, number):
    c = Client(sock, number)
    try:
        c.serve()
    except (Gone, OSError, ValueError):
        pass
    c.s.close()


def main():
    signal.signal(signal.SIGTERM, lambda *a: os._exit(0))
    signal.alarm(60)
    listener = socket.create_server(("127.0.0.1", 0), backlog=100)
    port = str(listener.getsockname()[1]) + "\n"
    if args.port_file:
        with open(args.port_file + ".new", "w") as f:
            f.write(port)
        os.rename(args.port_file + ".new", args.port_file)
    else:
        sys.stdout.write(port)
        sys.stdout.flush()
    while True:
        sock, _ = listener.accept()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        count[1] += 1
        threading.Thread(target=handle, args=(sock, count[1]), daemon=True).start()


main()
