"""What a program that reads feeds has understood of the sample show, against
its sources: clients.py newsboat|gpo|rss2email SHOW_DIR AT DATABASE-OR-FOLDER"""
import datetime, email, email.policy, email.utils, glob, sqlite3, sys
import sample_source

client, root, at, place = sys.argv[1:5]
show, due = sample_source.load(root, datetime.datetime.fromisoformat(at))


def seconds(when):
    return int(when.timestamp())


if client == 'newsboat':
    want = {(e['rule'], e['title'], seconds(e['when']), e['url']) for e in due}
    got = set(sqlite3.connect(place).execute('select guid, title, pubDate, enclosure_url from rss_item'))
elif client == 'gpo':
    want = {(e['rule'], e['title'], seconds(e['when']), e['url'], e['size']) for e in due}
    got = set(sqlite3.connect(place).execute('select guid, title, published, url, file_size from episode'))
else:
    want = {(e['rule'], e['title'], seconds(e['when'])) for e in due}
    got = set()
    for name in glob.glob(place + '/**/new/*', recursive=True):
        m = email.message_from_binary_file(open(name, 'rb'), policy=email.policy.default)
        got.add((m['X-RSS-ID'], m['Subject'], seconds(email.utils.parsedate_to_datetime(m['Date']).replace(
            tzinfo=datetime.timezone.utc))))
for what, rows in (('only in the source', want - got), ('only in ' + client, got - want)):
    for row in sorted(rows):
        print(what, row)
sys.exit(0 if want == got and len(want) >= 8 else 1)
