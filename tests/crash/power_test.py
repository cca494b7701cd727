"""Power failures at each call that changes a file: what no sync made durable is lost, and nothing of what was told is."""
import random

import interposed, power
from proof import Proof, Trial, must


def failing_at(undisturbed, number, way, seed):
    def run(job):
        before = power.standing(job)
        (job.aside / "synced").mkdir()
        killed = interposed.killed_at(job, number, synced=job.aside / "synced")
        power.fail(job, before, way, random.Random(seed))
        if killed:
            undisturbed.holds_whole_files_only(job)
        else:
            undisturbed.rows_stand(job)  # exit 0 was told: nobody will do it again
        undisturbed.is_reached_by(job)
    return run


def failing_behind_a_failed_sync(undisturbed, number, seed):
    """A sync that failed has made nothing durable: what exit 0 told afterwards must have been synced again."""
    def run(job):
        before = power.standing(job)
        (job.aside / "synced").mkdir()
        ended = interposed.run(job, interposed.CHANGES, at=number, do=interposed.fail("EIO"), synced=job.aside / "synced")
        must(ended.code in (0, 1), f"expected exit 0 or 1, found {ended.code}: {ended.err[-400:]}")
        power.fail(job, before, "strict", random.Random(seed))
        if ended.code == 0:
            undisturbed.rows_stand(job)
        undisturbed.is_reached_by(job)
    return run


def trials(kind, undisturbed):
    found = [Trial(f"{kind} unsynced {call.number}", kind, failing_behind_a_failed_sync(undisturbed, call.number, 0))
             for call in undisturbed.calls if call.kind == "sync"]
    for number in range(1, len(undisturbed.calls) + 6):
        for way in power.WAYS:
            found.append(Trial(f"{kind} {way} {number}", kind, failing_at(undisturbed, number, way, f"{kind} {number}")))
    return found


def the_replay_drops_what_is_not_synced():
    """The test of the test: a file that was synced without its folder, a rename, a folder that was made."""
    job = type("Job", (), {"folder": power.Path("/j")})()
    disk = power.Disk({"/j/old": b"1"})
    disk.below = {"/j"}
    call = lambda kind, path, other=".": interposed.Call(0, kind, "done", path, other)
    for one in (call("mkdir", "/j/d"), call("create", "/j/d/a"), call("rename", "/j/old", "/j/new")):
        disk.take(one, power.Path())
    seen = {"/j/d": None, "/j/d/a": b"written", "/j/new": b"1"}
    must(disk.after("strict", None, seen) == {"/j/old": b"1"}, "expected no change before a sync")
    must(disk.after("named", None, seen) == {"/j/d": None, "/j/d/a": b"", "/j/new": b"1"}, "expected the names")
    disk.take(call("sync", "/j"), power.Path())
    must(disk.after("strict", None, seen) == {"/j/d": None, "/j/new": b"1"}, "expected what /j holds")
    must(power.parents("/j/d/a", job.folder) == ["/j/d"], "expected the folders between")


def main():
    the_replay_drops_what_is_not_synced()
    with Proof(__doc__, points=20) as proof:
        for kind, undisturbed in proof.undisturbed.items():
            proof.drive(f"{kind}: power failures", trials(kind, undisturbed))
    proof.finish()


if __name__ == "__main__":
    main()
