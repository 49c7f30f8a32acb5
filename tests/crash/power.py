"""What a disk holds when the power goes: from the files as they were before and
the journal of crash_shim.so.

What was not synced is lost, or, `torn`, kept in part: each page of a file is
then as it was at the last sync or as it became at some later time, so is the
file's size, and of the changes of names that the folder was not synced for the
first few are kept. A new file needs a sync of its folder to be there at all.
"""
import os
import struct

HEAD = struct.Struct("=IIQQ")       # struct crash_entry


class File:
    def __init__(self, data=b""):
        self.synced = bytearray(data)
        self.open = []              # (offset, octets), or (size, None)


def change(data, at, octets):
    """One write or truncation."""
    if octets is None:
        del data[at:]
        data.extend(bytes(at - len(data)))
    else:
        if len(data) < at:
            data.extend(bytes(at - len(data)))
        data[at:at + len(octets)] = octets


def rename(names, kind, path, to):
    if kind == "C":
        names[path] = to
    elif kind == "U":
        names.pop(path, None)
    elif path in names:
        names[to] = names[path] if kind == "L" else names.pop(path)


def entries(journal):
    at = 0
    while at < len(journal):
        kind, path_len, offset, length = HEAD.unpack_from(journal, at)
        at += HEAD.size
        path = os.fsdecode(journal[at:at + path_len])
        at += path_len
        yield chr(kind), path, offset, journal[at:at + length]
        at += length


class Disk:
    def __init__(self, files, journal):
        """files: octets by path. Only the journal tells of folders."""
        self.names = {p: File(d) for p, d in files.items()}
        self.synced = dict(self.names)
        self.open = []              # arguments of rename()
        for entry in entries(journal):
            self.play(*entry)

    def play(self, kind, path, at, data):
        if kind in "WT":
            if path not in self.names:
                self.move("C", path, File())
            self.names[path].open.append((at, None if kind == "T" else data))
        elif kind == "S" and path in self.names:
            f = self.names[path]
            for one in f.open:
                change(f.synced, *one)
            f.open = []
        elif kind == "S":
            here = [m for m in self.open if os.path.dirname(m[1]) == path]
            for m in here:
                rename(self.synced, *m)
            self.open = [m for m in self.open if m not in here]
        elif kind == "C":
            self.move(kind, path, File())
        else:
            self.move(kind, path, os.fsdecode(data))

    def move(self, *how):
        rename(self.names, *how)
        self.open.append(how)

    def lost(self):
        return {p: bytes(f.synced) for p, f in self.synced.items()}

    def torn(self, random):
        names = dict(self.synced)
        for m in self.open[:random.randint(0, len(self.open))]:
            rename(names, *m)
        page = random.choice((512, 4096))
        return {p: self.tear(f, page, random) for p, f in names.items()}

    @staticmethod
    def tear(f, page, random):
        """Each page as it was after so many of the open changes as its stop."""
        out, stop, size = bytearray(f.synced), {}, len(f.synced)
        sizes, last = [size], len(f.open)
        for i, (at, octets) in enumerate(f.open):
            size = at if octets is None else max(size, at + len(octets))
            sizes.append(size)
            end = max(len(out), size) if octets is None else at + len(octets)
            while at < end:
                to = min(end, (at // page + 1) * page)
                if at // page not in stop:
                    stop[at // page] = random.choice(
                        (0, last, random.randint(0, last)))
                if stop[at // page] > i:
                    part = b"\0" * (to - at) if octets is None else octets[:to - at]
                    change(out, at, part)
                octets = octets if octets is None else octets[to - at:]
                at = to
        change(out, random.choice(sizes), None)
        return bytes(out)
