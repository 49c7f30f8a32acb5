#!/usr/bin/python3
"""mailboxes.py IMAP_PORT MAILDIR COUNT

Waits until a mailbox has COUNT messages or more, or gets no more for 60 s, reads it
over IMAP, and compares it with a maildir that has a message for each friend, which
their To tells apart: each is there once, octet for octet, behind the trace fields
that servers put in front (Return-Path, Delivered-To, Received). Prints a line for each
that differs, at last a count; the exit code is 1 when there is any.
"""
import imaplib
import os
import sys
import time

TRACE = (b"return-path", b"delivered-to", b"received")
FETCH = 100


def to_of(message):
    """The field To, folded lines and all: no two friends have the same."""
    head = b"\r\n" + message.partition(b"\r\n\r\n")[0] + b"\r\n"
    at = head.index(b"\r\nTo: ")
    end = at + 2
    while True:
        end = head.index(b"\r\n", end) + 2
        if head[end:end + 1] not in (b" ", b"\t"):
            return head[at + 2:end]


def without_trace(message):
    """What is behind the trace fields, and the address they say it was for."""
    delivered = None
    while message.partition(b":")[0].lower() in TRACE:
        end = message.index(b"\r\n") + 2
        while message[end:end + 1] in (b" ", b"\t"):
            end = message.index(b"\r\n", end) + 2
        if message.lower().startswith(b"delivered-to:"):
            delivered = message[13:end].strip()
        message = message[end:]
    return message, delivered


def wanted(maildir):
    out = {}
    for name in os.listdir(os.path.join(maildir, "new")):
        with open(os.path.join(maildir, "new", name), "rb") as f:
            message = f.read()
        to = to_of(message)
        assert to not in out, to
        out[to] = message
    return out


def settle(imap, count):
    """Returns how many there are when no more come."""
    last, since = -1, time.monotonic()
    while True:
        n = int(imap.select("INBOX", readonly=True)[1][0])
        if n != last:
            last, since = n, time.monotonic()
        # One too many would come soon.
        if time.monotonic() - since > (1 if n >= count else 60):
            return n
        time.sleep(0.2)


def main():
    port, maildir, count = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    want, seen, bad = wanted(maildir), set(), 0
    imap = imaplib.IMAP4("127.0.0.1", port)
    imap.login("reader@example.org", "all")
    n = settle(imap, count)
    for first in range(1, n + 1, FETCH):
        last = min(n, first + FETCH - 1)
        for item in imap.fetch("%d:%d" % (first, last), "(BODY.PEEK[])")[1]:
            if not isinstance(item, tuple):
                continue
            message, delivered = without_trace(item[1])
            to = to_of(message)
            why = None
            if to in seen:
                why = "came twice"
            elif to not in want:
                why = "is nobody's"
            elif message != want[to]:
                why = "is another message"
            elif delivered is None or delivered.strip(b"<>") not in to:
                why = "was delivered to %r" % delivered
            seen.add(to)
            if why:
                bad += 1
                print("%r: %s" % (to, why))
                if why == "is another message" and bad == 1:
                    sys.stdout.write("--- wanted\n%s\n--- got\n%s\n" % (
                        want[to].decode("utf-8", "replace"), message.decode("utf-8", "replace")))
    imap.logout()
    lost = set(want) - seen
    for to in sorted(lost)[:10]:
        print("%r: is lost" % to)
    print("%d messages, %d friends, %d bad, %d lost" % (n, len(want), bad, len(lost)))
    sys.exit(1 if bad or lost or n != count or len(want) != count else 0)


main()
