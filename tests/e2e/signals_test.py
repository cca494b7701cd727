# slow
"""SIGINT and SIGTERM at each phase of a run: a clean end, and nothing left behind."""
from harness import *

OUT = {"use": "file", "path": "out.csv"}


def ends_by(place, process, number, seconds=20):
    begin = time.monotonic()
    process.send_signal(number)
    ended = place.end(process, seconds)
    must(ended.code == 128 + number, f"expected exit {128 + number}, found {ended.code}: {ended.err}")
    must("run.interrupted" in ended.err, ended.err)
    return time.monotonic() - begin


@case
def while_it_samples_a_pipe_that_nobody_writes_to(place):
    for number in (signal.SIGINT, signal.SIGTERM):
        pipe = place.folder / f"in{number}.csv"
        os.mkfifo(pipe)
        place.write("out.csv", "old\n")
        process = place.start("run", place.manifest({"use": "file", "path": pipe.name}, OUT), "--log", "run=debug")
        with open(pipe, "wb", buffering=0):  # opens when weir has it open: it waits for bytes now
            ends_by(place, process, number)
        must(place.read("out.csv") == "old\n", "the output was touched")
        must({"job.json", "out.csv", pipe.name} <= place.files(), place.files())
        must(not [name for name in place.files() if "weir" in name], place.files())
        pipe.unlink()


@case
def while_rows_flow(place):
    place.write("out.csv", "old\n")
    process = place.start("run", place.manifest({"use": "generate", "rows": 2_000_000_000}, OUT))
    while process.poll() is None and not [name for name in place.files() if name not in ("job.json", "out.csv")]:
        time.sleep(0.01)  # until rows are being staged
    ends_by(place, process, signal.SIGINT)
    must(place.read("out.csv") == "old\n", "an output that is not whole")


@case
def what_was_read_is_kept_and_the_next_run_goes_on(place):
    for number in (signal.SIGTERM, signal.SIGINT):
        load = {"use": "file", "path": f"out{number}.csv"}
        job = place.manifest({"use": "generate", "rows": 20_000_000, "splits": 5}, load, name=f"drained-{number}")
        process = place.start("run", job)
        staged = lambda: [name for name in place.files() if name.startswith(".weir-")]
        while process.poll() is None and not (staged() and (place.folder / staged()[0]).stat().st_size):
            time.sleep(0.01)
        ends_by(place, process, number)
        must(staged(), "nothing was kept")
        done = place.weir("run", job, "--output", "json")
        must(done.code == 0, done.err)
        must(not staged(), place.files())
        lines = sum(1 for _ in (place.folder / load["path"]).open("rb"))
        must(lines == 20_000_001, f"expected 20,000,000 rows below a header, found {lines} lines")
        must("20000000" in done.out, done.out)


@case
def twice_ends_at_once(place):
    pipe = place.folder / "in.csv"
    os.mkfifo(pipe)
    process = place.start("run", place.manifest({"use": "file", "path": "in.csv"}, OUT))
    with open(pipe, "wb", buffering=0):
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        must(place.end(process, 20).code in (130, 143), "expected the code of a signal")


if __name__ == "__main__":
    finish()
