"""A queue is told what is committed: once its epoch is, by whichever process, and never before."""
import contextlib
import sqlite3

from harness import *

QUEUE = os.environ.get("QUEUE") or sys.exit("expected the folder of the plugin spool in QUEUE, found none")


def spool(place, begin, end, *others):
    """Messages `begin` to `end`, each there at once or not at all."""
    folder = place.folder / "queue"
    folder.mkdir(exist_ok=True)
    for number in range(begin, end):
        (folder / "new").touch()
        (folder / "new").rename(folder / f"{number:08}")
    for name in others:
        (folder / name).touch()
    return folder


def job_of(place, **checkpoint):
    place.env["WEIR_PLUGIN_PATH"] = QUEUE
    return place.manifest({"use": "spool", "folder": "queue"}, {"use": "sqlite", "database": "out.db", "table": "t"},
                          checkpoint=checkpoint)


def rows(place):
    try:
        with contextlib.closing(sqlite3.connect(f"file:{place.folder / 'out.db'}?mode=ro", uri=True)) as database:
            return [row[0] for row in database.execute("SELECT id FROM t ORDER BY id")]
    except sqlite3.Error:
        return []


def acknowledged(place):
    return [int(line) for line in place.read("queue/acknowledged").split()]


def left(place):
    return sorted(path.name for path in (place.folder / "queue").iterdir() if path.name.isdigit())


def until(place, process, wanted):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if wanted():
            return
        time.sleep(0.01)
    raise AssertionError(f"expected something else of the run, found {len(rows(place))} rows, exit {process.poll()}")


@case
def what_is_committed_is_acknowledged_epoch_by_epoch(place):
    spool(place, 0, 1_000, "end")
    job = job_of(place, rows=100)
    told = json.loads(place.weir("plan", job, "--output", "json").works().out)
    must(told["guarantee"] == "at least once" and "one_epoch" not in told, told)
    place.weir("run", job).works()
    must(rows(place) == list(range(1_000)), f"expected each message once, found {len(rows(place))} rows")
    must(not left(place), f"expected an empty queue, found {left(place)[:3]}")
    found = acknowledged(place)
    must(len(found) >= 5 and found == sorted(found) and found[-1] == 999, found)


@case
def whoever_comes_acknowledges_what_a_dead_process_had_committed(place):
    job = job_of(place, every="100ms")
    for life in range(4):
        spool(place, 1_000 * life, 1_000 * (life + 1))
        before = len(rows(place))
        process = place.start("run", job)
        until(place, process, lambda: len(rows(place)) > before)
        process.send_signal(signal.SIGKILL)
        place.end(process)
    spool(place, 0, 0, "end")
    place.weir("run", job).works()
    found = rows(place)
    must(found == list(range(4_000)), f"expected each message once, found {len(found)}, {len(set(found))} of them different")
    must(not left(place), f"expected an empty queue, found {left(place)[:3]}")


@case
def a_queue_that_can_not_be_told_ends_the_run_and_is_told_by_the_next(place):
    folder = spool(place, 0, 300, "end", "broken")
    job = job_of(place, rows=100)
    place.weir("run", job).fails(1, "the queue is broken")
    committed = len(rows(place))
    must(0 < committed < 300 and len(left(place)) == 300, f"expected an epoch, and none forgotten: {committed}, {len(left(place))}")
    place.weir("run", job).fails(1, "the queue is broken")
    must(len(rows(place)) == committed, "expected nothing more before it is told")
    (folder / "broken").unlink()
    place.weir("run", job).works()
    must(rows(place) == list(range(300)) and not left(place), f"found {len(rows(place))} rows, {len(left(place))} messages left")
    must(acknowledged(place)[0] == committed - 1, acknowledged(place))


@case
def a_last_epoch_that_was_not_acknowledged_is_by_the_next_process(place):
    folder = spool(place, 0, 100, "end", "broken")
    job = job_of(place, every="1h")
    place.weir("run", job).fails(1, "the queue is broken")
    must(len(rows(place)) == 100 and len(left(place)) == 100, "expected all rows, and all messages")
    (folder / "broken").unlink()
    place.weir("run", job).works()
    must(rows(place) == list(range(100)) and not left(place), f"found {len(rows(place))} rows, {len(left(place))} messages left")


@case
def an_epoch_ends_by_its_time_though_nothing_more_comes(place):
    spool(place, 0, 10)
    process = place.start("run", job_of(place, every="200ms"))
    until(place, process, lambda: len(rows(place)) == 10 and not left(place))
    spool(place, 10, 20)
    until(place, process, lambda: len(rows(place)) == 20)
    spool(place, 0, 0, "end")
    must(place.end(process).code == 0, "expected a run that ends with its queue")
    must(rows(place) == list(range(20)), rows(place))


if __name__ == "__main__":
    finish()
