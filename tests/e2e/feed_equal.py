"""Compares built feeds, as feedparser reads them, with the table and the
files served: feed_equal.py TABLE WEBROOT RSS ATOM SHOW_GUID. Exit 77 when
feedparser is not there."""
import calendar, csv, os, sys, time, urllib.parse, uuid
try:
    import feedparser
except ImportError:
    sys.exit(77)

table, web, rss, atom, show = sys.argv[1:6]
rows = sorted(csv.DictReader(open(table)), key=lambda r: (r['date'], int(r['number'])), reverse=True)
bad = 0
for name in (rss, atom):
    feed = feedparser.parse(name)
    if feed.bozo:
        print(name, 'bozo:', feed.bozo_exception)
        bad += 1
    if len(feed.entries) != len(rows):
        print(name, len(feed.entries), 'entries, wanted', len(rows))
        bad += 1
    for e, r in zip(feed.entries, rows):
        guid = str(uuid.uuid5(uuid.UUID(show), r['number']))
        size = os.path.getsize(web + urllib.parse.urlparse(r['audio']).path)
        when = calendar.timegm(time.strptime(r['date'], '%Y-%m-%d'))
        enclosure = e.enclosures[0]
        for what, got, want in (
                ('title', e.title, r['title']),
                ('date', calendar.timegm(e.published_parsed), when),
                ('url', enclosure.href, r['audio']),
                ('length', int(enclosure.length), size),
                ('guid', e.id.replace('urn:uuid:', ''), guid)):
            if got != want:
                bad += 1
                print(name, r['number'], what, repr(got), 'wanted', repr(want))
sys.exit(1 if bad else 0)
