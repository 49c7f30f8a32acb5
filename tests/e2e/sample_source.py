"""The sample show as its sources have it, read by other means than the
program's: load(ROOT, AT) gives its show.ini, and the episodes that are due,
newest first."""
import datetime, glob, os, re, uuid, zoneinfo


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


def load(root, at):
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
    return show, due
