"""Faults of the system at each call in turn, once and from then on: a named error, nothing half done, and the next run ends it."""
import random
import re
from collections import Counter
from pathlib import Path

import interposed
from pipelines import Job
from proof import Proof, Trial, document, must

DOCUMENTED = set(re.findall(r"^## (\S+)", (Path(__file__).parents[2] / "docs/errors.md").read_text(encoding="utf-8"), re.M))
BIG = 16384  # bytes: an allocation of rows, not of a name
# What fails, and how; `on`: also each such call behind it, as a full disk stays full.
FAULTS = [("read", "EIO", "once"), ("read", "EIO", "on"), ("read", "EINTR", "once"), ("read", "short", "once"), ("read", "short", "on"),
          ("write", "ENOSPC", "once"), ("write", "ENOSPC", "on"), ("write", "EIO", "once"), ("write", "EINTR", "once"),
          ("write", "short", "once"), ("write", "short", "on"),
          ("open create list", "EMFILE", "once"), ("open create list", "EMFILE", "on"), ("create mkdir", "ENOSPC", "on"),
          ("open create", "EINTR", "once"), ("sync", "EIO", "once"), ("sync", "EIO", "on"), ("rename", "EIO", "once"),
          ("rename", "EIO", "on"), ("cut", "EIO", "once"), ("unlink rmdir", "EIO", "once"), ("unlink rmdir", "EIO", "on"),
          ("close", "EIO", "once"), ("memory", "ENOMEM", "once"), ("memory", "ENOMEM", "on")]
met = Counter()  # how faults ended


def told(job, ended):
    """Exit 0, or an error of a documented code with its exit code; never a signal. Exit 2 and 4: before anything began, where
    the manifest or the folder of plugins couldn't be read."""
    must(ended.code in (0, 1, 2, 4), f"expected an exit code that is documented, found {ended.code}: {ended.err[-400:]}")
    if ended.code == 0:
        return "exit 0"
    error = document(ended)["error"]
    must(error["code"] in DOCUMENTED, f"expected a code that docs/errors.md has, found {error}")
    must(ended.code == 1 or error["fault"] in ("manifest", "missing"), f"expected exit 1, found {ended.code} for {error}")
    return f"exit {ended.code} {error['code']}"


def fails_at(undisturbed, fault, number):
    kinds, what, how = fault

    def run(job):
        deed = what if what == "short" else interposed.fail(what)
        ended = interposed.run(job, kinds.split(), at=number, do=deed, on=int(how == "on"), memory=BIG)
        met[f"{kinds}: {what} {how}", told(job, ended)] += 1
        undisturbed.holds_whole_files_only(job)
        if ended.code == 0:
            undisturbed.rows_stand(job)
        undisturbed.is_reached_by(job)
    return run


def count_of(kind, kinds, proof):
    """How many calls of these kinds an undisturbed run makes."""
    job = Job(kind, proof.inputs)
    try:
        interposed.run(job, kinds.split(), memory=BIG).works()
        return len(interposed.calls(job))
    finally:
        job.leave()


def faults(kind, proof):
    counts = {kinds: count_of(kind, kinds, proof) for kinds in {kinds for kinds, _, _ in FAULTS}}
    must(all(counts.values()), f"expected calls of every kind, found {counts}")
    return [Trial(f"{kind} {fault[0]} {fault[1]} {fault[2]} {number}", kind, fails_at(proof.undisturbed[kind], fault, number))
            for fault in FAULTS for number in range(1, counts[fault[0]] + 1)]


def storm(undisturbed, kinds):
    def run(job):
        ended = interposed.run(job, kinds.split(), storm=1)
        met[f"{kinds}: EINTR every second call", told(job, ended)] += 1
        undisturbed.holds_whole_files_only(job)
        undisturbed.is_reached_by(job)
    return run


def clock(undisturbed, seconds, seed):
    """The time of day jumps both ways while it runs; it is killed, and the next run begins where it jumped to, or back."""
    def run(job):
        dice = random.Random(seed)
        ended = interposed.run(job, interposed.CHANGES, clock=seconds, at=dice.randint(1, len(undisturbed.calls)), do="kill")
        must(ended.code in (0, interposed.KILLED), f"expected a kill, found exit {ended.code}: {ended.err[-400:]}")
        interposed.run(job, (), clock=dice.choice((-seconds, seconds, 1))).works()
        undisturbed.stands(job)
        undisturbed.is_reached_by(job)
    return run


def main():
    with Proof(__doc__, points=27) as proof:
        for kind, undisturbed in proof.undisturbed.items():
            proof.drive(f"{kind}: faults", faults(kind, proof))
            proof.drive(f"{kind}: storms of EINTR", [Trial(f"{kind} storm {kinds}", kind, storm(undisturbed, kinds))
                                                     for kinds in ("read", "write", "open create", "read write open create")])
            proof.drive(f"{kind}: clocks", [Trial(f"{kind} clock {seconds} {seed}", kind, clock(undisturbed, seconds, seed))
                                            for seconds in (3600, 400 * 86400) for seed in range(5)])
    for (what, ended), count in sorted(met.items()):
        print(f"  {what} -> {ended}: {count}")
    proof.finish()


if __name__ == "__main__":
    main()
