"""SIGKILL before each call of a replay of rejects that changes a file, and in the middle of each write; then it is replayed again."""
import argparse
import os
import random
import re
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import interposed
from harness import Place, must
from proof import document

ROWS = 60
BAD, TABLE = "rejects.ndjson", {"use": "sqlite", "database": "db/out.db", "table": "t", "mode": "append"}
FILE = {"use": "file", "path": "out.csv", "append": True}
KINDS = {"table": [TABLE, FILE], "file": [FILE]}  # what decides: the table's transaction, or the checkpoint


class Job(Place):
    """A run whose rejects are a format's, a link's and records that are none; and the manifest that mends some of them."""

    def __init__(self, kind):
        super().__init__()
        self.aside = Path(tempfile.mkdtemp(prefix="weir-crash-aside-"))
        self.has_table = kind == "table"
        if self.has_table:
            (self.folder / "db").mkdir()
        self.write("in.csv", "id,v\n" + "".join(f"{i},{self.value(i)}\n" for i in range(ROWS)))
        self.job(kind, 9, ".")
        self.replayed = document(self.weir("run", "job.json", "--output", "json").works())["run"]
        self.job(kind, 49, ",")
        self.replay = ("runs", "replay", self.replayed, "--output", "json")

    @staticmethod
    def value(i):
        return f'"{i},5"' if i % 4 == 1 else f"{i},{i}" if i % 4 == 3 else str(i)

    def job(self, kind, most, decimal):
        csv = {"use": "csv", "types": {"id": "int64", "v": "double"}, "decimal": decimal, "ragged": "reject"}
        self.manifest({"use": "file", "path": "in.csv", "format": csv}, KINDS[kind],
                      [{"use": "validate", "columns": {"id": {"max": most}}}], {"use": "file", "path": BAD})

    def leave(self):
        super().leave()
        for path in self.aside.iterdir():
            path.unlink()
        self.aside.rmdir()

    def rows(self):
        """What stands at the destinations, and was rejected anew."""
        table = []
        if self.has_table:
            database = sqlite3.connect(self.folder / "db/out.db")
            table = sorted(database.execute("select * from t").fetchall())
            database.close()
        anew = self.folder / f"rejects.replay-{self.replayed}.ndjson"
        told = sorted(anew.read_text().splitlines()) if anew.exists() else []
        return table, sorted(self.read("out.csv").splitlines()), [re.sub("[0-9A-Z]{26}", "RUN", line) for line in told]

    def left(self):
        state = self.home / "state" / "weir"
        of_state = {str(path.relative_to(state)) for path in state.rglob("*")}
        wanted = {"in.csv", "job.json", "out.csv", BAD, f"rejects.replay-{self.replayed}.ndjson", "db/out.db"}
        return (self.files() - wanted) | {name for name in of_state if name != "state.db" and not name.startswith("locks")}


def undisturbed(kind):
    job = Job(kind)
    try:
        before = job.rows()
        ended = document(interposed.run(job, interposed.CHANGES, words=job.replay).works())
        counts = ended["ledger"]["rows"]
        must(counts["loaded"] and counts["rejected"], f"expected that it mends some, found {counts}")
        must(not job.left(), f"left behind: {job.left()}")
        return before, job.rows(), interposed.calls(job)
    finally:
        job.leave()


def killed(kind, number, deed, wanted):
    """What is wrong after a kill there and another replay; empty: nothing."""
    before, after, _ = wanted
    job = Job(kind)
    try:
        ended = interposed.run(job, interposed.CHANGES, words=job.replay, at=number, do=deed)
        must(ended.code in (0, interposed.KILLED), f"expected a kill or exit 0, found {ended.code}: {ended.err[-400:]}")
        found = job.rows()
        must(found[1] in (before[1], after[1]), "out.csv is neither as it was nor whole")
        document(job.weir(*job.replay).works())
        must(job.rows() == after, f"expected {after}, found {job.rows()}")
        must(document(job.weir(*job.replay).works())["nothing_to_do"], "expected nothing to do after the end")
        must(job.rows() == after, "a replay that had nothing to do did something")
        must(not job.left(), f"left behind: {job.left()}")
        return ""
    except AssertionError as problem:
        return f"{kind} {deed} at {number}: {problem}"
    finally:
        job.leave()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--points", type=int, default=30, help="how many kills of each pipeline")
    parser.add_argument("--all", action="store_true")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}: repeat with --seed {chosen.seed}", flush=True)
    dice, failed = random.Random(chosen.seed), 0
    for kind in KINDS:
        wanted = undisturbed(kind)
        trials = [(number, "kill") for number in range(1, len(wanted[2]) + 3)]
        trials += [(call.number, "torn") for call in wanted[2] if call.kind == "write"]
        some = trials if chosen.all else dice.sample(trials, min(chosen.points, len(trials)))
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            problems = [text for text in workers.map(lambda trial: killed(kind, *trial, wanted), some) if text]
        failed += len(problems)
        print("\n".join([*problems, f"{kind}: {len(some)} of {len(trials)}, {len(problems)} failed"]), flush=True)
    raise SystemExit(failed > 0)


if __name__ == "__main__":
    main()
