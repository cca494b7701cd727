"""SIGKILL before each call that changes a file, in the middle of each write, at random instants, and again while it recovers."""
import random

import interposed
from proof import Proof, Trial, must


def at_call(undisturbed, number, deed):
    def run(job):
        interposed.killed_at(job, number, deed)
        undisturbed.holds_whole_files_only(job)
        undisturbed.is_reached_by(job)
    return run


def every_call(kind, undisturbed):
    """One trial a call, and one behind the last; two for a write. What several threads do may come a little later."""
    calls = undisturbed.calls
    before = [Trial(f"{kind} before {n}", kind, at_call(undisturbed, n, "kill")) for n in range(1, len(calls) + 4)]
    torn = [Trial(f"{kind} torn {call.number}", kind, at_call(undisturbed, call.number, "torn"))
            for call in calls if call.kind == "write"]
    return before + torn


def at_instant(undisturbed, seed):
    def run(job):
        process = job.start(*job.words)
        try:
            process.wait(random.Random(seed).uniform(0, undisturbed.seconds * 1.1))
        except Exception:
            process.kill()
        must(job.end(process).code in (0, interposed.KILLED), "expected a kill or exit 0")
        undisturbed.holds_whole_files_only(job)
        undisturbed.is_reached_by(job)
    return run


def again_and_again(undisturbed, seed):
    def run(job):
        dice = random.Random(seed)
        for _ in range(dice.randint(2, 5)):
            deed = dice.choice(("kill", "torn"))
            interposed.killed_at(job, dice.randint(1, len(undisturbed.calls)), deed)
            undisturbed.holds_whole_files_only(job)
        undisturbed.is_reached_by(job)
    return run


def seeded(proof, name, make, count):
    """`count` trials a pipeline, each of a seed of its own, which is the last word of its name."""
    seeds = [proof.dice.randrange(10**9) for _ in range(count)]
    if proof.chosen.only:
        seeds = sorted({int(word) for only in proof.chosen.only for word in only.split()[-1:] if word.isdigit()})
    return [Trial(f"{kind} {name} {seed}", kind, make(proof.undisturbed[kind], seed))
            for kind in proof.chosen.kind for seed in seeds]


def main():
    with Proof(__doc__, points=33) as proof:
        interposed.no_call_escapes()
        for kind, undisturbed in proof.undisturbed.items():
            proof.drive(f"{kind}: each call", every_call(kind, undisturbed))
        many = (500 if proof.chosen.all else 50) // len(proof.chosen.kind) + 1
        proof.drive("random instants", seeded(proof, "instant", at_instant, many))
        proof.drive("killed 2 to 5 times", seeded(proof, "again", again_and_again, many))
    proof.finish()


if __name__ == "__main__":
    main()
