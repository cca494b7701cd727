"""Kills and resumes without end, and runs and interrupts in one process without end, whose memory, files and threads are flat."""
import os
import sqlite3
import statistics
import subprocess
import time
from pathlib import Path

import interposed
from pipelines import WEIR
from proof import Proof, Trial, document, must

RUNS = os.environ.get("SOAK_RUNS", "")
# By how much the last runs may have more than the earlier ones. What is resident wanders, for several arenas are cut up anew
# each time; what is allocated doesn't.
MARGINS = {"KiB allocated": 64, "KiB resident": 16384, "files": 0, "threads": 0}


def again(job, undisturbed, rounds):
    """The table holds what so many runs append to it, each row as often; files are those of the last one."""
    with sqlite3.connect(job.folder / "db/out.db") as database:
        columns = "id, name, quantity, price, day, total"
        uneven = database.execute(f"select {columns}, count(*) from t where id >= 0 group by {columns} having count(*) <> {rounds} "
                                  f"limit 1").fetchall()
        count = database.execute("select count(*) from t").fetchone()[0]
    database.close()
    wanted = rounds * (len(undisturbed.seen["table"]) - 1) + 1
    must(not uneven and count == wanted, f"expected {wanted} rows after {rounds} runs, found {count}, such as {uneven}")
    seen = job.seen()
    must(all(seen[what] == undisturbed.seen[what] for what in ("file", "parts", "rejects")), "the files are not those of one run")
    must(not job.left(), f"left behind: {job.left()}")


def kills(proof):
    """Begins a run, kills it and its successors up to four times, ends it; then the inputs are new, and so on."""
    undisturbed, dice = proof.undisturbed["table"], proof.dice
    end, rounds, struck = time.monotonic() + proof.chosen.seconds / 2, 0, 0

    def run(job):
        nonlocal rounds, struck
        while time.monotonic() < end:
            for path in (job.folder / "in").iterdir():
                os.utime(path, ns=(0, (rounds + 1) * 10**9))
            rounds += 1
            for _ in range(dice.randint(0, 4)):
                deed = dice.choice(("kill", "torn"))
                struck += interposed.killed_at(job, dice.randint(1, len(undisturbed.calls)), deed)
            must(document(job.weir("run", "job.json", "--output", "json").works())["ok"], "expected the end")
            again(job, undisturbed, rounds)
            job.started.clear()
    proof.drive("kills without end", [Trial("soak kills", "table", run)])
    print(f"  {rounds} rounds, {struck} kills")


def in_one_process(proof):
    def run(job):
        env = {**job.env, "WEIR_PLUGIN_PATH": str(Path(WEIR).parent.parent / "lib/weir/plugins")}
        words = [RUNS, job.folder / "job.json", str(proof.chosen.seconds // 2), str(proof.dice.randrange(10**6))]
        done = subprocess.run(words, capture_output=True, text=True, env=env, cwd=job.folder)
        must(done.returncode == 0, f"expected exit 0, found {done.returncode}: {done.stderr[-400:]}")
        told = [list(map(int, line.split())) for line in done.stdout.splitlines()]
        must(len(told) >= 8, f"expected at least 8 runs, found {len(told)}")
        again(job, proof.undisturbed["table"], sum(ended for ended, *_ in told))
        quarter = len(told) // 4
        for column, (name, margin) in enumerate(MARGINS.items(), 1):
            first, last = (statistics.median(line[column] for line in part) for part in (told[quarter:2 * quarter], told[-quarter:]))
            print(f"  {name}: {first:.0f} in the second quarter of {len(told)} runs, {last:.0f} in the last")
            must(last <= first + margin, f"expected {name} to be flat, found {first} and then {last}")
    proof.drive("in one process", [Trial("soak process", "table", run)])


def main():
    with Proof(__doc__, points=1, seconds=100) as proof:
        kills(proof)
        if RUNS:
            in_one_process(proof)
    proof.finish()


if __name__ == "__main__":
    main()
