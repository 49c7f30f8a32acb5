"""For each row of podcast_tags.txt: the feed of a show with that line has that
element, or the message: podcast_tags.py SHOWMILL ROWS (in an empty folder that
holds one.mp3)."""
import os, re, subprocess, sys
import xml.etree.ElementTree as E

showmill, rows = sys.argv[1:3]
spaces = {'podcast': 'https://podcastindex.org/namespace/1.0',
          'itunes': 'http://www.itunes.com/dtds/podcast-1.0.dtd'}
declared = ' '.join('xmlns:%s="%s"' % s for s in spaces.items())


def build(place, source):
    os.makedirs('feeds/t/episodes', exist_ok=True)
    with open('config.ini', 'w') as f:
        f.write('relay = maildir:mail\n')
    with open('feeds/t/show.ini', 'w') as f:
        f.write('''title = T
link = https://t.example.org/
feed_url = https://t.example.org/feed.xml
description = x
image = https://t.example.org/c.png
category = News
guid = 7d9e2b6e-3f0a-5c4e-9d59-0f6f1d4f8a11
media_dir = .
media_url = https://t.example.org/
''')
        if place == 'channel':
            f.write('podcast_tags = %s\n' % source)
    os.path.exists('feeds/t/one.mp3') or os.link('one.mp3', 'feeds/t/one.mp3')
    with open('feeds/t/episodes/001.md', 'w') as f:
        f.write('---\ntitle: One\nnumber: 1\ndate: 2026-01-05\naudio: one.mp3\n')
        if place == 'item':
            f.write('podcast_tags: %s\n' % (source if source[0] == '{' else '{%s}' % source))
        f.write('---\nNotes\n')
    if os.path.exists('out/feed.xml'):
        os.unlink('out/feed.xml')
    return subprocess.run([showmill, 'feed', 'build', '--out', 'out', '--at', '2026-02-01'],
                          capture_output=True, text=True)


def plain(n):
    return (n.tag, sorted(n.attrib.items()), (n.text or '').strip(), [plain(c) for c in n])


bad = tried = 0
for line in open(rows, encoding='utf-8'):
    if line[0] in '#\n':
        continue
    place, source, want = line.rstrip('\n').split('|')
    kind = place.strip('acehilmnt') or '='
    place = place.rstrip('!?')
    source = re.sub('@(\\d+)@', lambda m: 'é' * int(m.group(1)), source)
    run = build(place, source)
    tried += 1
    if kind == '!':
        file = 'show.ini:10: ' if place == 'channel' else '001.md:6: '
        good = run.returncode in (65, 78) and want in run.stderr and file + 'error: ' in run.stderr
    elif kind == '?':
        good = run.returncode == 0 and want in run.stderr and 'warning: podcast_tags' in run.stderr
    else:
        good = run.returncode == 0 and 'warning' not in run.stderr
        if good:
            wanted = plain(E.fromstring('<x %s>%s</x>' % (declared, want))[0])
            parent = E.parse('out/feed.xml').getroot()[0]
            parent = parent if place == 'channel' else parent.find('item')
            good = wanted in [plain(n) for n in parent]
    if not good:
        bad += 1
        print(line, run.returncode, run.stderr, sep='\n')
print(tried, 'rows')
sys.exit(1 if bad or tried < 80 else 0)
