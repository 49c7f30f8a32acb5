"""Holds a JSON Feed against the RSS feed of the same build:
json_equal.py RSS JSON [SCHEMA]. With SCHEMA it is validated as well, and the
exit status is 77 when python3-jsonschema is not there."""
import json, sys, xml.etree.ElementTree as E
from datetime import datetime
from email.utils import parsedate_to_datetime

NS = {'itunes': 'http://www.itunes.com/dtds/podcast-1.0.dtd',
      'content': 'http://purl.org/rss/1.0/modules/content/',
      'podcast': 'https://podcastindex.org/namespace/1.0'}
bad = 0


def same(what, got, want):
    global bad
    if got != want:
        bad += 1
        print(f'{what}: {got!r}, wanted {want!r}')


def text(node, path):
    return node.findtext(path, None, NS) or None


def unique(pairs):
    keys = [k for k, _ in pairs]
    same('keys twice', sorted(set(keys)), sorted(keys))
    return dict(pairs)


channel = E.parse(sys.argv[1]).find('channel')
feed = json.load(open(sys.argv[2], encoding='utf-8'), object_pairs_hook=unique)
same('version', feed['version'], 'https://jsonfeed.org/version/1.1')
same('title', feed['title'], text(channel, 'title'))
same('home_page_url', feed.get('home_page_url'), text(channel, 'link'))
same('description', feed.get('description'), text(channel, 'description'))
same('language', feed.get('language'), text(channel, 'language'))
same('guid', feed['_podcast']['guid'], text(channel, 'podcast:guid'))
items = channel.findall('item')
same('items', len(feed['items']), len(items))
for got, want in zip(feed['items'], items):
    name, enclosure, more = got['id'], want.find('enclosure'), got['_podcast']
    image = want.find('itunes:image', NS)
    attachment = got['attachments'][0]
    same(name + ' id', got['id'], text(want, 'guid'))
    same(name + ' title', got.get('title'), text(want, 'title'))
    same(name + ' url', got.get('url'), text(want, 'link'))
    same(name + ' date', datetime.fromisoformat(got['date_published'].replace('Z', '+00:00')),
         parsedate_to_datetime(text(want, 'pubDate')))
    html = text(want, 'content:encoded')
    if html is not None:
        same(name + ' notes', got.get('content_html'), html)
    same(name + ' image', got.get('image'), None if image is None else image.get('href'))
    same(name + ' tags', got.get('tags', []), [c.text for c in want.findall('category')])
    same(name + ' people', [a['name'] for a in got.get('authors', [])],
         [p.text for p in want.findall('podcast:person', NS)])
    same(name + ' file', attachment['url'], enclosure.get('url'))
    same(name + ' type', attachment['mime_type'], enclosure.get('type'))
    same(name + ' size', attachment['size_in_bytes'], int(enclosure.get('length')))
    duration = text(want, 'itunes:duration')
    same(name + ' duration', attachment.get('duration_in_seconds'), None if duration is None else int(duration))
    files = [s.get('uri') for s in want.findall('podcast:alternateEnclosure/podcast:source', NS)]
    same(name + ' files', [a['url'] for a in got['attachments']], files or [enclosure.get('url')])
    for key, path in (('episode', 'itunes:episode'), ('season', 'itunes:season')):
        number = text(want, path)
        same(f'{name} {key}', more.get(key), None if number is None else int(number))
    same(name + ' type', more.get('type'), text(want, 'itunes:episodeType'))
    same(name + ' explicit', more['explicit'], text(want, 'itunes:explicit') == 'true')
    same(name + ' transcripts', [t['url'] for t in more.get('transcripts', [])],
         [t.get('url') for t in want.findall('podcast:transcript', NS)])
    chapters = want.find('podcast:chapters', NS)
    same(name + ' chapters', more.get('chapters', {}).get('url'), None if chapters is None else chapters.get('url'))
if len(sys.argv) > 3 and not bad:
    try:
        import jsonschema
    except ImportError:
        sys.exit(77)
    schema = json.load(open(sys.argv[3], encoding='utf-8'))
    jsonschema.Draft7Validator.check_schema(schema)
    for e in jsonschema.Draft7Validator(schema).iter_errors(feed):
        bad += 1
        print('/'.join(map(str, e.path)), e.message)
sys.exit(1 if bad else 0)
