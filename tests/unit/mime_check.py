"""Reads messages with Python's email package and compares what it finds.

Standard input holds records: fields as `NAME LENGTH LF bytes LF`, closed by
the field `end`. The field `message` is the message, the others what must be
in it: subject, from_name, from_addr, to_name, to_addr, text, html, any header
by its name in lower case, and of the pictures `image:0:` (the bytes),
`image:0:name`, `image:0:type` and `image:0:cid`. Exit status 1 and a line for each difference.
"""

import sys
from email import message_from_bytes, policy


def records(stream):
    record = {}
    while True:
        head = stream.readline()
        if not head:
            return
        name, length = head.split()
        record[name.decode()] = stream.read(int(length))
        if stream.read(1) != b"\n":
            sys.exit("mime_check: a field does not end")
        if name == b"end":
            yield record
            record = {}


def defects(part):
    found = [str(d) for d in part.defects]
    for name, value in part.items():
        found += ["%s: %s" % (name, d) for d in value.defects]
    for inner in part.iter_parts() if part.is_multipart() else ():
        found += defects(inner)
    return found


def address(header):
    (mailbox,) = header.addresses
    return mailbox.display_name, mailbox.addr_spec


def same(name, found, want, raw):
    """Some names are compared without their blanks: Python keeps the blank
    between two encoded-words of a phrase, which RFC 2047 section 6.2 says to
    drop (and which it does drop in a Subject), and takes the blanks of other
    scripts in a phrase for its own."""
    if name in ("from_name", "to_name"):
        field = (b"\r\n" + raw).split(b"\r\n%s: " % (
            name.split("_")[0].capitalize().encode()), 1)[1]
        mailbox = field.split(b"@example.org", 1)[0]
        if mailbox.count(b"=?UTF-8?") > 1 or want.split() != want.split(" "):
            return "".join(found.split()) == "".join(want.split())
    # Blanks of other scripts at the ends of a parameter go, too.
    if name.endswith(":name"):
        return found.strip() == want.strip()
    return found == want


def body(part):
    return part.get_payload(decode=True).decode("utf-8", "strict").replace(
        "\r\n", "\n")


def picture(found, i, name, kind, cid, data):
    found["image:%d:" % i] = data
    found["image:%d:name" % i] = name
    found["image:%d:type" % i] = kind
    found["image:%d:cid" % i] = cid.strip("<>")


def read(raw):
    message = message_from_bytes(raw, policy=policy.default)
    found = {name.lower(): str(value) for name, value in message.items()}
    once = [n for n in message.keys() if n != "DKIM-Signature"]
    if len(set(n.lower() for n in once)) != len(once):
        found["twice"] = " ".join(message.keys())
    found["defects"] = "; ".join(defects(message))
    found["from_name"], found["from_addr"] = address(message["from"])
    found["to_name"], found["to_addr"] = address(message["to"])
    found["best"] = message.get_body(("html", "plain")).get_content_type()
    found["type"] = message.get_content_type()
    bodies = message
    if found["type"] == "multipart/related":
        bodies, *pictures = message.iter_parts()
        for i, p in enumerate(pictures):
            found["disposition"] = p.get_content_disposition()
            picture(found, i, p.get_filename(), p.get_content_type(),
                    p["content-id"], p.get_payload(decode=True))
    parts = list(bodies.iter_parts())
    found["bodies"] = bodies.get_content_type()
    found["parts"] = " ".join(
        "%s/%s" % (p.get_content_type(), p.get_content_charset())
        for p in parts)
    found["text"], found["html"] = body(parts[0]), body(parts[1])
    return found


def wanted(record):
    related = "image:0:" in record
    want = {"defects": "", "type": "multipart/related" if related else
            "multipart/alternative", "bodies": "multipart/alternative",
            "parts": "text/plain/utf-8 text/html/utf-8",
            "best": "text/html", "mime-version": "1.0"}
    if related:
        want["disposition"] = "inline"
    for name, value in record.items():
        is_data = name.startswith("image:") and name.endswith(":")
        want[name] = value if is_data else value.decode("utf-8")
    return want


def compare(reader, same):
    """All records of standard input, by a reader of messages."""
    checked = wrong = 0
    for record in records(sys.stdin.buffer):
        raw = record.pop("message")
        record.pop("end")
        want = wanted(record)
        found = reader(raw)
        if "twice" in found:
            want["twice"] = ""
        pictures = sum(n.endswith(":cid") for n in found)
        want["pictures"] = sum(n.endswith(":cid") for n in want)
        found["pictures"] = pictures
        checked += 1
        for name, value in want.items():
            if not same(name, found.get(name), value, raw):
                wrong += 1
                print("message %d, %s:\n  found %a\n  want  %a" % (
                    checked, name, found.get(name), value))
    print("%d messages, %d differences" % (checked, wrong))
    sys.exit(1 if wrong or not checked else 0)


if __name__ == "__main__":
    compare(read, same)
