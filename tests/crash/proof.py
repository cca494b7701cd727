"""What must hold after whatever happened, and how the trials of a test are chosen, run and told.

A trial is a name, by which it is repeated, and a function of a Job. Options: see options().
"""
import argparse, json, os, random, shutil, sys, tempfile, time, traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

import interposed
from pipelines import KINDS, Job, make_inputs, must

tempfile.tempdir = os.path.realpath(tempfile.gettempdir())  # the log has paths behind links


@dataclass
class Trial:
    name: str
    kind: str
    run: Callable


def document(ended):
    try:
        return json.loads(ended.out)
    except ValueError:
        raise AssertionError(f"expected one JSON document, found {ended.out[-300:]!r} {ended.err[-300:]!r}") from None


class Undisturbed:
    """What a run comes to when nobody disturbs it: what is seen of it, its ledger, its calls, its seconds."""

    def __init__(self, kind, inputs):
        job = Job(kind, inputs)
        self.old = {name: job.text(name) for name in ("out.csv", "rejects.ndjson")}
        try:
            begin = time.monotonic()
            self.ledger = ledger_of(document(interposed.run(job, interposed.CHANGES).works()))
            self.seconds = time.monotonic() - begin
            self.calls = interposed.calls(job)
            self.seen = job.seen()
            must(not job.left(), f"left behind: {job.left()}")
            must(self.ledger["balanced"] and (self.ledger["rows"]["rejected"] or kind == "missing") and self.ledger["rows"]["dropped"], self.ledger)
        finally:
            job.leave()

    def holds_whole_files_only(self, job):
        """No file stands under its final name but as it was, or whole."""
        must(job.text("out.csv") in (self.old["out.csv"], self.seen["file"]), "out.csv is neither the old nor the new file")
        rejects = job.text("rejects.ndjson")
        must(rejects == self.old["rejects.ndjson"] or sorted((rejects or "").splitlines()) == self.seen["rejects"], "rejects.ndjson is not whole")
        everything = "\n".join(self.seen["parts"])
        for part in job.parts():
            must("\n".join(part) in everything, "a part has rows that don't stand together in the undisturbed run")

    def is_reached_by(self, job):
        """The same command ends what was begun, and then has nothing to do."""
        answer = document(job.weir(*job.words, "--output", "json").works())
        self.stands(job)
        told_all = not answer["nothing_to_do"] and not answer.get("recovered")
        if told_all and not any(one["state"] == "nothing to do" for one in answer.get("ranges", []) + answer.get("streams", [])):
            wanted, found = flat(self.ledger), flat(ledger_of(answer))
            must(wanted == found, f"ledger: expected {wanted - found}, found {found - wanted}")
        repeated = document(job.weir(*job.words, "--output", "json").works())
        must(repeated["nothing_to_do"], "expected nothing to do after the end")
        self.stands(job)

    def stands(self, job):
        self.rows_stand(job)
        must(not job.left(), f"left behind: {sorted(job.left())}")

    def rows_stand(self, job):
        seen = job.seen()
        for what, wanted in self.seen.items():
            found = seen[what]
            must(found == wanted, f"{what}: expected {len(wanted)}, found {0 if found is None else len(found)}; "
                                  f"{difference(wanted, found)}")


def ledger_of(answer):
    """Of streams and ranges, what is told of all of them together."""
    return answer["ledger"] if "ledger" in answer else {"balanced": True, "rows": answer["rows"]}


def flat(tree, path=""):
    """{(path, value)} of all that is not an object or an array."""
    members = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else None
    return {(path, tree)} if members is None else set().union(*(flat(value, f"{path}/{key}") for key, value in members))


def difference(wanted, found):
    if isinstance(wanted, str) or isinstance(found, str):
        wanted, found = (wanted or "").splitlines(), (found or "").splitlines()
    lost, doubled = list(wanted), []
    for row in found:
        lost.remove(row) if row in lost else doubled.append(row)
    return f"lost {len(lost)} such as {lost[:1]}, too many {len(doubled)} such as {doubled[:1]}, or in another order"


def options(description, points, seconds):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="what is chosen; printed if not given")
    parser.add_argument("--points", type=int, default=points, help=f"how many trials of each group (default {points})")
    parser.add_argument("--all", action="store_true", help="every trial there is")
    parser.add_argument("--only", action="append", help="the trials of this name, or that begin with it and a space")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at a time")
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this pipeline")
    parser.add_argument("--keep", action="store_true", help="leaves the folders of trials that fail")
    if seconds:
        parser.add_argument("--seconds", type=int, default=seconds, help=f"how long (default {seconds})")
    chosen = parser.parse_args()
    chosen.kind = chosen.kind or list(KINDS)
    return chosen


class Proof:
    """A test: `with` it, its inputs are there; drive() runs trials, and ends the process if one failed."""

    def __init__(self, description, points, seconds=0):
        self.chosen = options(description, points, seconds)
        self.dice = random.Random(self.chosen.seed)
        self.count, self.failed = 0, []
        print(f"seed {self.chosen.seed}: repeat with --seed {self.chosen.seed}", flush=True)

    def __enter__(self):
        self.inputs = Path(tempfile.mkdtemp(prefix="weir-crash-in-"))
        make_inputs(self.inputs)
        self.undisturbed = {kind: Undisturbed(kind, self.inputs) for kind in self.chosen.kind}
        return self

    def __exit__(self, *problem):
        shutil.rmtree(self.inputs, ignore_errors=True)

    def some(self, trials):
        """Those that are asked for by name, or all, or as many as asked for, chosen by the seed."""
        if self.chosen.only:
            return [t for t in trials if any(t.name == name or t.name.startswith(name + " ") for name in self.chosen.only)]
        if self.chosen.all or len(trials) <= self.chosen.points:
            return trials
        return self.dice.sample(trials, self.chosen.points)

    def drive(self, title, trials):
        """Runs some of the trials side by side, and tells those that fail with how to repeat them."""
        chosen, begin = self.some(trials), time.monotonic()
        with ThreadPoolExecutor(self.chosen.jobs) as workers:
            problems = list(workers.map(self.try_one, chosen))
        for trial, problem in zip(chosen, problems):
            if problem:
                self.failed.append(trial.name)
                print(f"{trial.name}: {problem[:1500]}\n  repeat: {sys.argv[0]} --seed {self.chosen.seed} --only '{trial.name}'")
        self.count += len(chosen)
        wrong = sum(map(bool, problems))
        print(f"{title}: {len(chosen)} of {len(trials)}, {wrong} failed, {time.monotonic() - begin:.0f} s", flush=True)

    def try_one(self, trial):
        job = Job(trial.kind, self.inputs)
        problem = None
        try:
            trial.run(job)
        except Exception as raised:
            problem = str(raised) if isinstance(raised, AssertionError) else traceback.format_exc()
            if self.chosen.keep:
                return f"{problem} (kept: {job.folder})"
        finally:
            if problem is None or not self.chosen.keep:
                job.leave()
        return problem

    def finish(self):
        print(f"{self.count - len(self.failed)} passed, {len(self.failed)} failed")
        sys.exit(bool(self.failed) or not self.count)
