"""Compares the built feeds of the sample show, as feedparser reads them, with
its notes and audio files: sample_equal.py SHOW_DIR AT RSS ATOM. Exit 77 when
feedparser is not there."""
import datetime, os, sys
import xml.etree.ElementTree
import sample_source
try:
    import feedparser
except ImportError:
    sys.exit(77)

root, at, rss, atom = sys.argv[1:5]
at = datetime.datetime.fromisoformat(at)

show, due = sample_source.load(root, at)


def alternates(feed):
    """The addresses and sizes of all further files in the feed, sorted."""
    podcast = '{https://podcastindex.org/namespace/1.0}'
    nodes = xml.etree.ElementTree.parse(feed).iter(podcast + 'alternateEnclosure')
    return sorted((n.find(podcast + 'source').attrib['uri'], int(n.attrib['length'])) for n in nodes)


def group(feed):
    """The same of media:content, which feed readers take."""
    nodes = xml.etree.ElementTree.parse(feed).iter('{http://search.yahoo.com/mrss/}content')
    return sorted((n.attrib['url'], int(n.attrib['fileSize'])) for n in nodes)


def files(episodes):
    folder = '%s/%s/' % (root, show['media_dir'])
    return sorted((show['media_url'] + '/' + f, os.path.getsize(folder + f)) for e in episodes for f in e['files'])


bad = 0
for name in (rss, atom):
    feed = feedparser.parse(name)
    checks = [('well-formed', feed.bozo, False), ('items', len(feed.entries), len(due)),
              ('show', feed.feed.title, show['title']),
              ('files', alternates(name), files(due) if name == rss else []),
              ('media', group(name), files(due) if name == rss else [])]
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
