"""Links that remember: what they knew at the last checkpoint is known to the run that goes on."""
from harness import *

ROWS = 20_000  # of a file


def write(place, files):
    """Files of rows whose keys come again from file to file; gives the first row of each key."""
    first = {}
    for file in range(files):
        rows = [(i * 7919 % 15_000 + file * 1_000, f"{file}-{i}") for i in range(ROWS)]
        place.write(f"in-{file:02}.csv", "key,text\n" + "".join(f"{key},{text}\n" for key, text in rows))
        for key, text in rows:
            first.setdefault(key, text)
    return first


def stop_and_go_on(place, link, files):
    """Runs with a last file that ends within quotes, which is whole when the run goes on: nothing of it had been loaded."""
    extract, load = {"use": "file", "path": "in-*.csv"}, {"use": "file", "path": "out.csv"}
    last = f"in-{files - 1:02}.csv"
    whole = place.read(last)
    place.write(last, whole + '7,"never closed\n')
    manifest = place.manifest(extract, load, transform=[link], checkpoint={"rows": 1})
    for _ in range(30):  # on a slow disk it fails before the first epoch is committed
        place.weir("run", manifest, "--chains", "1").fails(1, last)
        runs = json.loads(place.weir("runs", "list", "--output", "json").works().out)["runs"]
        if runs[0]["epochs"] > 0:
            break
    must("out.csv" not in place.files(), "expected no file before its run has ended")
    place.write(last, whole)
    place.weir("run", manifest, "--chains", "1", "--set", "checkpoint.rows=2").fails(2, "run.changed")
    return place.weir("run", manifest, "--chains", "2").works()


@case
def keys_that_a_dedupe_has_seen(place):
    first = write(place, 8)
    stop_and_go_on(place, {"use": "dedupe", "key": ["key"]}, 8)
    must(place.read("out.csv") == "key,text\n" + "".join(f"{key},{text}\n" for key, text in first.items()),
         "expected the first row of each key, in order")


@case
def rows_that_a_limit_has_passed(place):
    write(place, 8)
    stop_and_go_on(place, {"use": "limit", "offset": 100, "rows": 7 * ROWS + 50}, 8)
    rows = [line for file in range(8) for line in place.read(f"in-{file:02}.csv").splitlines()[1:]]
    must(place.read("out.csv").splitlines()[1:] == rows[100:7 * ROWS + 150], "expected the rows behind the offset")


if __name__ == "__main__":
    finish()
