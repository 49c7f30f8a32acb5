#!/usr/bin/python3
"""aiosmtpd as a relay for tests, on 127.0.0.1.

aio_peer.py --dir DIR [--tls none|starttls|smtps] [--cert PEM] [--key PEM]
    [--smtputf8] [--user U --password P] [--size N] [--refuse GLOB=REPLY ...]

DIR/port has its port. DIR/log.tsv gets a line for each message taken (number,
from, to, the parameters of MAIL), DIR/NUMBER.eml the message. GLOB is a recipient's.
"""
import argparse
import fnmatch
import os
import signal
import ssl
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

ap = argparse.ArgumentParser()
ap.add_argument("--dir", required=True)
ap.add_argument("--tls", default="none")
ap.add_argument("--cert")
ap.add_argument("--key")
ap.add_argument("--smtputf8", action="store_true")
ap.add_argument("--user")
ap.add_argument("--password")
ap.add_argument("--size", type=int, default=33554432)
ap.add_argument("--refuse", action="append", default=[])
args = ap.parse_args()
rules = [r.split("=", 1) for r in args.refuse]
count = 0


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        for glob, reply in rules:
            if fnmatch.fnmatchcase(address, glob):
                return reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        global count
        count += 1
        with open(os.path.join(args.dir, "%06d.eml" % count), "wb") as f:
            f.write(envelope.original_content)
        with open(os.path.join(args.dir, "log.tsv"), "a", encoding="utf-8") as f:
            f.write("%06d\t%s\t%s\t%s\n" % (count, envelope.mail_from,
                    ",".join(envelope.rcpt_tos), " ".join(envelope.mail_options)))
        return "250 2.0.0 queued as A%06d" % count


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login.decode(), data.password.decode()) == (args.user, args.password)
    return AuthResult(success=good, handled=good)


context = None
if args.tls != "none":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(args.cert, args.key)


class Peer(Controller):
    def factory(self):
        return SMTP(Handler(), hostname="aio.example", data_size_limit=args.size,
                    enable_SMTPUTF8=args.smtputf8,
                    tls_context=context if args.tls == "starttls" else None,
                    require_starttls=args.tls == "starttls",
                    auth_required=args.user is not None,
                    auth_require_tls=args.tls == "starttls",
                    authenticator=authenticate if args.user else None)


def free_port():
    import socket
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


peer = Peer(Handler(), hostname="127.0.0.1", port=free_port(),
            ssl_context=context if args.tls == "smtps" else None)
peer.start()
with open(os.path.join(args.dir, "port.new"), "w") as f:
    f.write("%d\n" % peer.port)
os.rename(os.path.join(args.dir, "port.new"), os.path.join(args.dir, "port"))
signal.signal(signal.SIGTERM, lambda *a: os._exit(0))
threading.Event().wait(300)
os._exit(0)
