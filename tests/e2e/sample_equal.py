"""Compares the built feeds of the sample show, as feedparser reads them, with
its notes and audio files: sample_equal.py SHOW_DIR AT RSS ATOM. The sources
are read here by other means than the program's. Exit 77 when feedparser is
not there."""
import datetime, glob, os, re, sys, uuid, zoneinfo
import xml.etree.ElementTree
try:
    import feedparser
except ImportError:
    sys.exit(77)

root, at, rss, atom = sys.argv[1:5]
at = datetime.datetime.fromisoformat(at)


def plain(path, wanted):
    """The one-line values of a file's `key: value` or `key = value` lines."""
    values = {}
    for line in open(path, encoding='utf-8'):
        if values and line.rstrip() == '---':
            break
        key, mark, value = line.partition(wanted)
        if mark and key.strip().isidentifier() and key[0] not in ' #':
            values.setdefault(key.strip(), value.strip().strip('"'))
    return values


show = plain(root + '/show.ini', '=')
zone = zoneinfo.ZoneInfo(show['timezone'])
hour, minute = map(int, show['publish_time'].split(':'))
due = []
for name in glob.glob(root + '/episodes/*.md'):
    e = plain(name, ':')
    when = datetime.datetime.fromisoformat(e['date'])
    if len(e['date']) == 10:
        when = when.replace(hour=hour, minute=minute)
    e['when'] = when if when.tzinfo else when.replace(tzinfo=zone)
    # A list: the first is the audio.
    e['files'] = re.findall(r'^  - file: (.*)', open(name, encoding='utf-8').read(), re.M)
    e['audio'] = e['audio'] or e['files'][0]
    remote = '://' in e['audio']
    e['url'] = e['audio'] if remote else show['media_url'] + '/' + e['audio']
    e['size'] = os.path.getsize('%s/%s/%s' % (root, 'remote' if remote else show['media_dir'],
                                              os.path.basename(e['audio'])))
    e['rule'] = str(uuid.uuid5(uuid.UUID(show['guid']), e['number']))
    if e.get('draft') != 'true' and e['when'] <= at:
        due.append(e)
due.sort(key=lambda e: e['when'], reverse=True)

def alternates(feed):
    """The addresses and sizes of all further files in the feed, sorted."""
    podcast = '{https://podcastindex.org/namespace/1.0}'
    nodes = xml.etree.ElementTree.parse(feed).iter(podcast + 'alternateEnclosure')
    return sorted((n.find(podcast + 'source').attrib['uri'], int(n.attrib['length'])) for n in nodes)


def files(episodes):
    folder = '%s/%s/' % (root, show['media_dir'])
    return sorted((show['media_url'] + '/' + f, os.path.getsize(folder + f)) for e in episodes for f in e['files'])


bad = 0
for name in (rss, atom):
    feed = feedparser.parse(name)
    checks = [('well-formed', feed.bozo, False), ('items', len(feed.entries), len(due)),
              ('show', feed.feed.title, show['title']),
              ('files', alternates(name), files(due) if name == rss else [])]
    for got, want in zip(feed.entries, due):
        enclosure = got.enclosures[0]
        checks += [('title', got.title, want['title']),
                   ('date', datetime.datetime(*got.published_parsed[:6], tzinfo=datetime.timezone.utc), want['when']),
                   ('url', enclosure.href, want['url']),
                   ('length', int(enclosure.length), want['size']),
                   ('guid', got.id.replace('urn:uuid:', ''), want['rule']),
                   ('guid written down', want['guid'], want['rule'])]
    for what, got, want in checks:
        if got != want:
            bad += 1
            print(name, what, repr(got), 'wanted', repr(want))
if len(due) < 8:
    bad += 1
    print('only', len(due), 'episodes are due')
sys.exit(1 if bad else 0)
