"""What a power failure leaves: replays the calls of a run over what stood before, and drops what no sync has made durable.

As POSIX has it: the content of a file is what it was when its last sync began; a name that was made, changed or removed stays
so once its folder is synced. File systems keep more than that, and each keeps something else; so there are three ways:
  strict  nothing but what was synced
  named   all names, and of contents only what was synced
  mixed   names up to some moment, and of each file, sector by sector, either what was synced or what was written
"""
import os, shutil
from pathlib import Path

import interposed
from pipelines import must

WAYS = ("strict", "named", "mixed")
SECTOR, FOLDER = 512, None  # a folder is a file whose content is None


def standing(job):
    """Every path in the job's folder but the inputs, with its content."""
    found = {}
    for path in job.folder.rglob("*"):
        if "in" != path.relative_to(job.folder).parts[0]:
            found[str(path)] = FOLDER if path.is_dir() else path.read_bytes()
    return found


class Disk:
    """Names and contents: as programs see them, and as they are on the disk."""

    def __init__(self, before):
        self.content = dict(enumerate(before.values()))  # of a file's number: what is durable
        self.names = {path: number for number, path in enumerate(before)}
        self.durable = dict(self.names)
        self.pending = []  # changes of names: [(old or None, new or None, number)]
        self.below = set()

    def replay(self, calls, synced):
        for call in calls:
            if call.outcome == "done":
                self.take(call, synced)
        return self

    def take(self, call, synced):
        if call.kind in ("create", "mkdir"):
            number = len(self.content)
            self.content[number] = FOLDER if call.kind == "mkdir" else b""
            self.change(None, call.path, number)
        elif call.kind in ("unlink", "rmdir"):
            self.change(call.path, None, self.names.get(call.path))
        elif call.kind == "rename":
            self.change(call.path, call.other, self.names[call.path])
        elif call.kind == "link":
            self.change(None, call.other, self.names[call.path])
        elif call.kind == "sync":
            self.sync(call.path, synced / str(call.number))

    def change(self, old, new, number):
        self.pending.append((old, new, number))
        rename(self.names, old, new, number)

    def sync(self, path, copy):
        number = self.names.get(path)
        if number is None and path not in self.below:
            return  # a file without a name, or the folder of the job
        if number is not None and self.content[number] is not FOLDER:
            self.content[number] = copy.read_bytes()
            return
        reaches = [change for change in self.pending if path in map(os.path.dirname, filter(None, change[:2]))]
        for change in reaches:
            rename(self.durable, *change)
            self.pending.remove(change)

    def after(self, way, dice, seen):
        """{path: content} when the power is back. `seen`: what stood at the moment of the failure."""
        names = dict(self.names if way == "named" else self.durable)
        if way == "mixed":
            for change in self.pending[:dice.randint(0, len(self.pending))]:
                rename(names, *change)
        written = {number: seen.get(path) for path, number in self.names.items()}
        found = {}
        for path, number in names.items():
            content = self.content[number]
            if way == "mixed" and content is not FOLDER and written.get(number) is not None:
                content = mixed(content, written[number], dice)
            found[path] = content
        return found


def rename(names, old, new, number):
    if old is not None:
        names.pop(old, None)
    if new is not None:
        names[new] = number


def mixed(synced, written, dice):
    if synced == written or dice.random() < 0.3:
        return dice.choice((synced, written))
    length = dice.choice((len(synced), len(written)))
    sectors = []
    for begin in range(0, length, SECTOR):
        pieces = [content[begin:begin + SECTOR] for content in (synced, written)]
        sectors.append(dice.choice(pieces).ljust(min(SECTOR, length - begin), b"\0")[:length - begin])
    return b"".join(sectors)


def fail(job, before, way, dice):
    """Puts the job's folder into the state that a power failure at the end of the last run leaves."""
    disk = Disk(before)
    disk.below = {str(job.folder)}
    seen = standing(job)
    after = disk.replay(interposed.calls(job), job.aside / "synced").after(way, dice, seen)
    for path in sorted(set(seen) - set(after), reverse=True):
        Path(path).rmdir() if seen[path] is FOLDER and not any(Path(path).iterdir()) else remove(path)
    for path, content in sorted(after.items()):
        if not all(parent in after for parent in parents(path, job.folder)):
            continue  # its folder is gone, and so is it
        if content is FOLDER:
            Path(path).mkdir(exist_ok=True)
        elif seen.get(path, FOLDER) != content:
            Path(path).write_bytes(content)
    must(not before or (job.folder / "job.json").exists(), "the manifest is gone: the replay is wrong")


def remove(path):
    shutil.rmtree(path) if os.path.isdir(path) else Path(path).unlink(missing_ok=True)


def parents(path, root):
    found = []
    while (path := os.path.dirname(path)) != str(root):
        found.append(path)
    return found
