"""As mime_check.py, with GMime, which Evolution and others read mail with.

Exit status 77 when python3-gi or gir1.2-gmime-3.0 is not installed.
"""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from mime_check import compare, picture

try:
    import gi
    gi.require_version("GMime", "3.0")
    from gi.repository import GMime
except (ImportError, ValueError):
    sys.exit(77)

GMime.init()


def content(part):
    stream = GMime.StreamMem.new()
    part.get_content().write_to_stream(stream)
    return bytes(stream.get_byte_array())


def text(part):
    return content(part).decode("utf-8", "strict").replace("\r\n", "\n")


def mailbox(addresses):
    assert addresses.length() == 1
    one = addresses.get_address(0)
    return one.get_name() or "", one.get_addr()


def parts_of(multipart):
    return [multipart.get_part(i) for i in range(multipart.get_count())]


def kind(part):
    return part.get_content_type().get_mime_type()


def read(raw):
    stream = GMime.StreamMem.new_with_buffer(raw)
    message = GMime.Parser.new_with_stream(stream).construct_message(None)
    found = {"defects": "", "best": "text/html"}
    headers = message.get_header_list()
    for i in range(headers.get_count()):
        header = headers.get_header_at(i)
        found[header.get_name().lower()] = header.get_value()
    found["subject"] = message.get_subject()
    found["message-id"] = "<%s>" % message.get_message_id()
    found["from_name"], found["from_addr"] = mailbox(message.get_from())
    found["to_name"], found["to_addr"] = mailbox(message.get_to())
    bodies = message.get_mime_part()
    found["type"] = kind(bodies)
    if found["type"] == "multipart/related":
        bodies, *pictures = parts_of(bodies)
        for i, p in enumerate(pictures):
            found["disposition"] = p.get_disposition()
            picture(found, i, p.get_filename(), kind(p), p.get_content_id(),
                    content(p))
    found["bodies"] = kind(bodies)
    parts = parts_of(bodies)
    found["parts"] = " ".join("%s/%s" % (
        kind(p), p.get_content_type().get_parameter("charset"))
        for p in parts)
    found["text"], found["html"] = text(parts[0]), text(parts[1])
    return found


def joined(raw):
    """Whether an encoded-word with padding has another behind it, as where an
    emoji of several characters is kept whole: GMime up to 3.2.13 loses the
    rest then (its issue 133)."""
    return re.search(rb"=\?=\s+=\?UTF-8\?B\?", raw.split(b"\r\n\r\n")[0])


def same(name, found, want, raw):
    """List-Unsubscribe keeps the blanks of its fold there."""
    if name in ("subject", "from_name", "to_name") and joined(raw):
        rest = iter(want)
        return all(c in rest for c in found)
    if name == "list-unsubscribe":
        return found.split() == want.split()
    return found == want


compare(read, same)
