# slow
"""Runs of many epochs: what is committed stays, what follows goes on behind it, and what has changed meanwhile is asked about."""
import contextlib
import hashlib
import sqlite3
from pathlib import Path

from harness import *

ROWS = 60_000
MANY = 2_000_000
EPOCHS = {"rows": 5_000}


WIDE = 100_000  # rows of 1,000 bytes: more than what is read ahead


def orders(place, name="in.csv", rows=ROWS, mark="v"):
    lines = [f"{number},{mark}{number % 97}\n" for number in range(rows)]
    return place.write(name, "id,text\n" + "".join(lines))


def loaded(place):
    database = place.folder / "out.db"
    return database.exists() and rows_of(database) > 0


def stopped(place, job, number=signal.SIGKILL, committed=loaded):
    """Runs until epochs are committed, and ends it there."""
    process = place.start("run", job, "--log", "run=debug")
    while process.poll() is None:
        if committed(place):
            break
        time.sleep(0.002)
    must(process.poll() is None, "it ended before it could be stopped")
    process.send_signal(number)
    return place.end(process, 60)


def rows_of(database):
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            return connection.execute("select count(*) from t").fetchone()[0]
    except sqlite3.Error:
        return 0


def job_of(place, name="job", **more):
    load = {"use": "sqlite", "database": "out.db", "table": "t", "mode": "append"}
    extract = {"use": "file", "path": "in*.csv", "format": {"use": "csv", "header": True}}
    return place.manifest(extract, load, name=name, checkpoint=EPOCHS, **more)


def begun(place):
    """A job of two million rows, killed when some were committed."""
    orders(place, rows=MANY)
    job = job_of(place)
    stopped(place, job)
    return job


def whole(place, rows=MANY):
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as connection:
        found = connection.execute("select count(*), count(distinct id), min(id), max(id) from t").fetchone()
    must(found == (rows, rows, 0, rows - 1), f"expected {rows} rows once each, found {found}")


@case
def killed_and_gone_on_with(place):
    job = begun(place)
    for _ in range(2):
        stopped(place, job)
    before = rows_of(place.folder / "out.db")
    must(before > 0, "nothing was committed before the kill")
    place.weir("run", job).works()
    whole(place)
    again = place.weir("run", job)
    must(again.code == 0 and "nothing to do" in again.out + again.err, again.out + again.err)
    whole(place)


@case
def a_loader_that_counts_goes_on_where_it_was(place):
    place.env["WEIR_PLUGIN_PATH"] = str(Path(BAD_PLUGINS).parent.parent / "examples/plugins")
    orders(place, rows=MANY)
    load = {"use": "tally", "path": "counts.txt", "column": "text"}
    extract = {"use": "file", "path": "in.csv", "format": {"use": "csv", "header": True}}
    job = place.manifest(extract, load, checkpoint=EPOCHS)
    counts = place.folder / "counts.txt"
    stopped(place, job, committed=lambda _: counts.exists())
    told = counts.read_text()
    stopped(place, job, committed=lambda _: counts.read_text() != told)
    place.weir("run", job).works()
    wanted = {f"v{value}": MANY // 97 + (value < MANY % 97) for value in range(97)}
    found = {value: int(count) for count, value in (line.split("\t") for line in counts.read_text().splitlines())}
    must(found == wanted, f"expected {sorted(wanted.items())[:3]}…, found {sorted(found.items())[:3]}…")
    must([path.name for path in place.folder.glob("counts.txt*")] == ["counts.txt"], "a staged file is left")


@case
def what_has_changed_meanwhile_is_asked_about(place):
    job = begun(place)
    changed = job_of(place, transform=[{"use": "filter", "where": "id >= 0"}])
    refused = place.weir("run", changed)
    must(refused.code == 2 and "run.changed" in refused.err and "--resume" in refused.err, f"{refused.code} {refused.err}")
    place.weir("run", changed, "--resume").works()
    whole(place)


@case
def an_input_that_was_begun_and_changed_is_asked_about(place):
    job = begun(place)
    orders(place, rows=MANY + 1)
    refused = place.weir("run", job)
    must(refused.code == 2 and "in.csv" in refused.err, refused.err)
    neither = place.weir("run", job, "--resume", "--fresh")
    must(neither.code == 2, neither.err)
    place.weir("run", job, "--fresh").works()
    must(rows_of(place.folder / "out.db") > MANY + 1, "the rows of the run that was given up are gone")


@case
def files_that_came_meanwhile_are_read_too(place):
    job = begun(place)
    place.write("in2.csv", f"id,text\n{MANY},v\n")
    place.weir("run", job).works()
    whole(place, MANY + 1)


@case
def files_of_many_epochs_are_those_of_one(place):
    orders(place)
    digests = {}
    for name, checkpoint in {"one": {"every": "1h"}, "many": {"rows": 1_000}}.items():
        folder = place.folder / name
        folder.mkdir()
        loads = [{"use": "file", "path": f"{name}/{file}", **more} for file, more in {
            "out.csv": {}, "out.ndjson": {},
            "out.csv.gz": {}, "out.ndjson.zst": {}, "part-{n}.csv": {"rows": 7_001},
            "by-{text}.csv": {"by": ["text"]}}.items()]
        extract = {"use": "file", "path": "in.csv", "format": {"use": "csv", "header": True}}
        place.weir("run", place.manifest(extract, loads, name=name, checkpoint=checkpoint)).works()
        digests[name] = {path.name: content(path) for path in sorted(folder.iterdir())}
    must(digests["one"].keys() == digests["many"].keys(), str([sorted(found) for found in digests.values()])[:500])
    for name in digests["one"]:
        must(digests["one"][name] == digests["many"][name], f"{name} differs")


def content(path):
    bytes = path.read_bytes()
    if path.suffix == ".gz":
        bytes = gzip.decompress(bytes)
    if path.suffix == ".zst":
        bytes = subprocess.run(["zstd", "-dcq", path], check=True, capture_output=True).stdout
    return hashlib.sha256(bytes).hexdigest()


@case
def a_run_that_fails_in_a_later_epoch_keeps_the_earlier_ones(place):
    orders(place, rows=WIDE, mark="v" * 1_000)
    with open(place.folder / "in.csv", "a") as file:
        file.write('x"\n')
    job = place.manifest({"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"id": "int64"}}},
                         {"use": "sqlite", "database": "out.db", "table": "t"}, checkpoint=EPOCHS)
    failed = place.weir("run", job)
    must(failed.code == 1, failed.err)
    before = rows_of(place.folder / "out.db")
    must(0 < before < WIDE, f"expected some of the rows, found {before}")
    text = place.read("in.csv")
    place.write("in.csv", text[: text.rindex('x"')])
    place.weir("run", job, "--resume").works()
    whole(place, WIDE)


@case
def a_reject_limit_counts_over_the_whole_run(place):
    text = "v" * 1_000
    lines = "".join(f"{'x' if number % 1_000 == 0 else number},{text}\n" for number in range(WIDE))
    place.write("in.csv", "id,text\n" + lines)
    job = place.manifest({"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"id": "int64"}}},
                         {"use": "sqlite", "database": "out.db", "table": "t"}, checkpoint=EPOCHS,
                         reject={"use": "file", "path": "rejects.ndjson"}, limits={"rejects": 90})
    first = place.weir("run", job)
    must(first.code == 3, first.err)
    again = place.weir("run", job)  # it goes on behind the epochs that stand, and stops where it did
    must(again.code == 3, again.err)
    loaded = rows_of(place.folder / "out.db")
    must(0 < loaded <= 90_000, loaded)


if __name__ == "__main__":
    finish()
