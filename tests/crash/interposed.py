"""Runs weir over interpose.cpp, and reads what it logged."""
import errno, os, re, subprocess, sys
from dataclasses import dataclass
from pathlib import Path

from pipelines import WEIR, must

LIBRARY = os.environ.get("INTERPOSE") or sys.exit("expected the path of interpose.so in INTERPOSE, found none")
CHANGES = ("create", "write", "sync", "cut", "rename", "link", "unlink", "mkdir", "rmdir")  # what kills fall on
KILLED = -9


@dataclass
class Call:
    number: int
    kind: str
    outcome: str  # done, refused (by the system), failed (by the test), killed
    path: str
    other: str


def environment(job, kinds, **settings):
    """`settings`: what interpose.cpp calls INTERPOSE_NAME."""
    given = {"ROOT": job.folder, "KINDS": ",".join(kinds), "LOG": job.aside / "calls", **settings}
    return {**job.env, "LD_PRELOAD": LIBRARY, **{f"INTERPOSE_{name.upper()}": str(value) for name, value in given.items()}}


def run(job, kinds, words=None, seconds=60, **settings):
    (job.aside / "calls").unlink(missing_ok=True)
    return job.weir(*(words or (*job.words, "--output", "json")), seconds=seconds, env=environment(job, kinds, **settings))


def calls(job):
    """What the last run logged. A path is made normal: the log has it as it was given."""
    path = job.aside / "calls"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = []
    for line in lines:
        number, kind, outcome, first, second = line.split("\t")
        found.append(Call(int(number), kind, outcome, os.path.normpath(first), os.path.normpath(second)))
    return found


def killed_at(job, number, deed="kill", **settings):
    """Runs until call `number` kills it. False: it made fewer calls, and came to its end."""
    ended = run(job, CHANGES, at=number, do=deed, **settings)
    must(ended.code in (0, KILLED), f"expected a kill or exit 0, found exit {ended.code}: {ended.err[-400:]}")
    return ended.code == KILLED


# Names by which libc changes what files hold or are called. Modes, owners and times are not what is proven here; mmap64 is
# SQLite's shared memory, which it makes anew after a crash.
CHANGING = re.compile(r"(open|openat|creat|p?writev?2?|f?truncate|fopen|freopen|fallocate|posix_fallocate|sendfile)(64)?(_2)?|"
                      r"fdatasync|fsync|sync|syncfs|sync_file_range|msync|rename|renameat2?|linkat|link|symlink|symlinkat|"
                      r"unlink|unlinkat|remove|rmdir|mkdir|mkdirat|mknod|mkstemp|mkstemp64|mkostemp|copy_file_range|splice")


def names(file, which):
    done = subprocess.run(["nm", "-D", which, file], capture_output=True, text=True, check=True)
    return {line.split()[-1].split("@")[0] for line in done.stdout.splitlines()}


def no_call_escapes():
    """What weir, its plugins and their libraries of our concern import of libc to change files is all interposed."""
    program = Path(WEIR)
    linked = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    libraries = [line.split()[2] for line in linked.splitlines() if "libsqlite3" in line]
    must(libraries, f"expected libsqlite3 among the libraries, found {linked}")
    held = names(LIBRARY, "--defined-only")
    for file in [program, *libraries, *(program.parent.parent / "lib/weir/plugins").glob("*.so")]:
        missed = {name for name in names(file, "--undefined-only") if CHANGING.fullmatch(name)} - held
        must(not missed, f"{file} calls {sorted(missed)}, which interpose.cpp does not stand in front of")


def fail(name):
    """How interpose.cpp is told to fail with an error number: fail("ENOSPC")."""
    return f"fail:{getattr(errno, name)}"
