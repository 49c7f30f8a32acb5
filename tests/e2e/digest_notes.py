"""Digests of notes that people wrote: digest_notes.py FOLDER...

Each folder has notes.md, digest.html and digest.txt. Told are HTML that html5lib
finds errors in, marks of Markdown in the text outside code, and links of the
notes that a part does not have, as far as it is not cut.
"""

import html
import re
import sys

try:
    import html5lib
except ImportError:
    html5lib = None

# A link of Markdown or HTML, or an address by itself.
LINK = re.compile(r"\]\(<?(https?://[^\s)>]*)|href=[\"'](https?://[^\"']*)|<(https?://[^\s>]*)>")

# What is left of markup; not a comparison, a power or a word like f***.
DEBRIS = re.compile(
    r"\]\(|(?<!\*)\*\*(?:\*\*)?(?!\*)(?<!\w\*\*(?=\w))(?<!\s\*\*(?=\s))|"
    r"</?(?:a|b|i|u|p|br|hr|em|h[1-6]|li|ol|ul|td|th|tr|div|img|pre|sub|sup|"
    r"code|span|table|strong|iframe|blockquote)(?=[\s/>])")


def no_code(markdown):
    """Without what is code, where nothing is a link."""
    markdown = re.sub(r"(?ms)^ {0,3}(```|~~~).*?^ {0,3}\1", "", markdown)
    return re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown, flags=re.S)


def plain(url):
    """As two ways to write one address compare."""
    url = html.unescape(html.unescape(url)).split("#")[0]
    url = re.sub(r"%[0-9A-Fa-f]{2}|\\", "", url)
    return re.sub(r"[^A-Za-z0-9/:.?=&-]", "", url).rstrip("/.").lower()


def check(folder):
    found = []
    read = {n: open(folder + "/" + n, encoding="utf-8").read()
            for n in ("notes.md", "digest.html", "digest.txt")}
    if html5lib:
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(read["digest.html"])
        found += ["HTML: %s %s" % (e[0], e[1]) for e in parser.errors]
    # Code stands in quotation marks, or is indented by four.
    text = "\n".join(l for l in read["digest.txt"].split("\n")
                     if not re.match(r"(\s|>)* {4}", l))
    text = re.sub(r'"[^"]*"', '""', text, flags=re.S)
    code = [m[1] for m in re.findall(
        r"(?s)(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", read["notes.md"])]
    for m in DEBRIS.finditer(text):
        line = text[text.rfind("\n", 0, m.start()) + 1:].split("\n")[0]
        if not any(m.group() in c for c in code):
            found.append("text: %r in %r" % (m.group(), line))
    source = no_code(read["notes.md"])
    links = {plain(a or b or c) for a, b, c in LINK.findall(source)}
    for name, cut in (("digest.html", "Read on:"), ("digest.txt", "Read on:")):
        if cut in read[name]:
            continue
        have = {plain(u) for u in
                re.findall(r"(?:https?://)[^\s\"'<>]*", read[name])}
        for link in links:
            if link not in have and not any(h.startswith(link) for h in have):
                found.append("%s lacks %s" % (name, link))
    return found


bad = 0
for folder in sys.argv[1:]:
    for finding in check(folder):
        print("%s: %s" % (folder, finding))
        bad = 1
print("%d digests%s" % (len(sys.argv) - 1,
                        "" if html5lib else ", without html5lib"))
sys.exit(bad)
