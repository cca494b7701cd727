"""What is promised of a run before it begins: how often rows arrive, whether in many epochs, and whose doing it is.

`guarantee_test.py --write` writes tests/golden/guarantees.txt anew; look at the difference before it is committed.
"""
import contextlib
import sqlite3

from harness import *

ROWS = "id,name\n1,pen\n2,ink\n"
IN = {"use": "file", "path": "in.csv"}
STDIN = {"use": "file", "path": "-", "format": "csv"}
DB = {"use": "sqlite", "database": "out.db", "table": "t"}
TEE = [{"use": "tee", "to": ["kept", "shown"]}]
EPOCHS = {"checkpoint": {"rows": 1}}

# Name: extract, transform, load, reject, what else the manifest has.
JOBS = {
    "a database": (IN, [], DB, None, {}),
    "a database and files": (IN, [], [DB, {"use": "file", "path": "a.csv"}, {"use": "file", "path": "b.ndjson"}], None, {}),
    "a branch that shows its rows at once": (IN, TEE, None, None, {"branches": {"kept": {"load": DB}, "shown": {
        "load": [{"use": "print"}, {"use": "discard"}]}}}),
    "rejects that are shown at once": (IN, [], DB, {"use": "discard"}, {}),
    "standard output": (IN, [], {"use": "file", "path": "-", "format": "csv"}, None, {}),
    "a pipe is written": (IN, [], {"use": "file", "path": "/dev/null", "format": "csv"}, None, {}),
    "standard input": (STDIN, [], DB, None, EPOCHS),
    "standard input, shown at once": (STDIN, [], {"use": "discard"}, None, {}),
    "a query that does not give the same again": (
        {"use": "sqlite", "database": "in.db", "query": "SELECT * FROM t ORDER BY random()"}, [], DB, None, EPOCHS),
    "a database that is read and written": (
        {"use": "sqlite", "database": "in.db", "table": "t"}, [], {**DB, "database": "in.db", "table": "u"}, None, EPOCHS),
    "a format that ends with its epoch": (IN, [], {"use": "file", "path": "out.contract.yaml"}, None, EPOCHS),
    "the same in files that are numbered": (IN, [], {"use": "file", "path": "out-{n}.contract.yaml", "rows": 1}, None, EPOCHS),
}


def prepared(place):
    place.write("in.csv", ROWS)
    (place.folder / "in.db").unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(place.folder / "in.db")) as database:
        database.executescript("CREATE TABLE t (id INTEGER, name TEXT); INSERT INTO t VALUES (1, 'pen'), (2, 'ink')")


def planned(place, job, data):
    """The lines of the guarantee and behind it, and the same for programs."""
    shown, answered = (place.weir("plan", job, *flags, data=data).works() for flags in ([], ["--output", "json"]))
    told, plan = shown.out or shown.err, json.loads(answered.out or answered.err)  # standard output may be the rows'
    text = re.search(r"^  guarantee .*?(?=^  plugin )", told, re.M | re.S)[0]
    for link in plan["guarantees"]:
        text += f"{link['role']} {link['link']}: {link['guarantee']}: {link['reason']}\n"
    weakest = max((one["guarantee"] for one in plan["guarantees"] if one["role"] != "reject"), key=ORDER.index)
    must(plan["guarantee"] == weakest, f"expected the guarantee of the weakest link, found {plan['guarantee']}")
    must(f"guarantee  {weakest}" in told, told)
    return text, plan


OTHER = {**DB, "database": "other.db"}

# Two that commit by themselves can't decide as one. Name: transform, load, reject, what else the manifest has.
REFUSED = {
    "two databases in branches": (TEE, None, None, {"branches": {"kept": {"load": DB}, "shown": {"load": OTHER}}}),
    "rejects into another database": ([], DB, OTHER, {}),
}

ORDER = ["exactly once", "at least once", "at most once"]


@case
def promises_word_for_word(place):
    place.env["COLUMNS"] = "100"
    found = ""
    for number, (name, (extract, transform, load, reject, more)) in enumerate(JOBS.items()):
        prepared(place)
        job = place.manifest(extract, load, transform, reject, name=f"job{number}", **more)
        data = ROWS.encode() if extract is STDIN else None
        text, plan = planned(place, job, data)
        ended = place.weir("run", job, "--log", "level=off,run=info,format=json", data=data).works()
        events = {event["event"]: event for event in map(json.loads, filter(lambda line: line.startswith("{"), ended.err.splitlines()))}
        must(events["run.planned"]["guarantee"] == plan["guarantee"], events["run.planned"])
        must(all(because in ended.promises[0] for because in events["run.planned"]["because"]), events["run.planned"])
        found += f"== {name}\n{text}run: {ended.promises[0]}"
        if "run.one_epoch" in events:
            told = events["run.one_epoch"]
            found += f"{told['level']}: {told['event']}: {told['link']}: {told['message']}\n"
            must(told["link"] == plan["one_epoch"]["link"] and told["message"].endswith(plan["one_epoch"]["reason"]), told)
        must(("run.one_epoch" in events) == ("one_epoch" in plan), "expected of plan and run the same")
        found += "\n"
        (place.folder / "out.db").unlink(missing_ok=True)
    for name, (transform, load, reject, more) in REFUSED.items():
        prepared(place)
        refused = place.weir("validate", place.manifest(IN, load, transform, reject, **more)).fails(2, "manifest.atomic_loads")
        found += f"== {name}\n{refused.err}\n"
    golden("guarantees.txt", found)


@case
def a_promise_is_made_once_and_only_where_there_is_something_to_do(place):
    prepared(place)
    job = place.manifest(IN, DB)
    first = place.weir("run", job).works()
    must(first.promises == ["job  guarantee exactly once by load: rows and a token are committed in one transaction\n"], first.promises)
    must(not place.weir("run", job).works().promises, "expected no promise of a run that has nothing to do")
    must(not place.weir("run", job, "--fresh", "--output", "json").works().promises, "expected none beside a document")
    report = json.loads(place.weir("run", job, "--fresh", "--output", "json").works().out)
    must(report["guarantee"] == "exactly once" and [one["link"] for one in report["guarantees"]] == ["extract", "load"], report)


@case
def epochs_that_were_asked_for_and_can_not_be_are_told_without_a_log(place):
    told = place.weir("run", place.manifest(STDIN, DB, checkpoint={"rows": 1}), data=ROWS.encode()).works().err
    must("one epoch" in told and "standard input" in told, told)
    told = place.weir("run", place.manifest(STDIN, DB), "--fresh", data=ROWS.encode()).works().err
    must("one epoch" not in told, told)


if __name__ == "__main__":
    finish()
