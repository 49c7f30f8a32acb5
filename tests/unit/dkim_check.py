"""Verifies DKIM signatures with python3-dkim.

Standard input holds records as mime_check.py has them: `message`, then the
TXT records as `txt:NAME`, and `want`: "True True" for two sound signatures.
Exit status 1 and a line for each difference, 77 when dkim is not installed.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mime_check import records

try:
    import dkim
except ImportError:
    sys.exit(77)


def verify(raw, txt):
    """Of each signature in the message, in its order."""

    def dnsfunc(name, timeout=5):
        return txt.get(name.decode().rstrip("."))

    count = sum(1 for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n")
                if line.lower().startswith(b"dkim-signature:"))
    found = []
    for i in range(count):
        try:
            found.append(str(dkim.DKIM(raw).verify(i, dnsfunc=dnsfunc)))
        except dkim.DKIMException as e:
            found.append("False")
            print("#", e)
    return " ".join(found)


def main():
    checked = wrong = 0
    for record in records(sys.stdin.buffer):
        txt = {k[4:]: v for k, v in record.items() if k.startswith("txt:")}
        found = verify(record["message"], txt)
        want = record["want"].decode()
        checked += 1
        if found != want:
            wrong += 1
            print("message %d: found %r, want %r" % (checked, found, want))
    print("dkim_check: %d messages, %d differences" % (checked, wrong))
    sys.exit(1 if wrong or not checked else 0)


main()
