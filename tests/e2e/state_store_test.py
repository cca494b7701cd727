"""State in one object of a storage (state: store:): what a run leaves there another machine goes on with; commands look there; what is wrong
with it is told.
"""
import contextlib, sqlite3

from harness import *

EXTRACT = {"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"n": "int64"}}}
STORE = {"store": {"use": "file", "path": "shared/orders.state"}}
ROWS = 40_000


def job_of(place, rows="n\n1\n2\n", load=None, state=STORE, **more):
    place.write("in.csv", rows)
    return place.manifest(EXTRACT, load or {"use": "sqlite", "database": "out.db", "table": "t", "mode": "append"}, state=state, **more)


def another_machine(place):
    """Nothing of what this one remembers but what is shared."""
    shutil.rmtree(place.home / "state", ignore_errors=True)


def numbers(place):
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database:
        return [n for (n,) in database.execute("select n from t order by n")]


@case
def a_run_is_known_on_another_machine(place):
    job = job_of(place)
    place.weir("run", job).works()
    must(not list(place.home.rglob("state.db")), "expected no store in the state folder")
    must((place.folder / "shared/orders.state").read_bytes().startswith(b"weir state 1\n"), "expected the state in the object")
    another_machine(place)
    must("nothing to do" in place.weir("run", job).works().out, "expected nothing to do")
    must(numbers(place) == [1, 2], f"found {numbers(place)}")
    runs = json.loads(place.weir("runs", "list", job, "--output", "json").works().out)["runs"]
    must([run["state"] for run in runs] == ["complete"], f"found {runs}")
    must("balanced" in place.weir("runs", "show", runs[0]["run"][:10], job).works().out, "expected the run to be shown")
    place.weir("runs", "verify", runs[0]["run"], job).works()
    must("no run is kept" in place.weir("runs", "list").works().out, "expected none in the state folder")


@case
def a_killed_run_is_finished_on_another_machine(place):
    wide = "x" * 600
    place.write("in.csv", "n,text\n" + "".join(f"{n},{wide}\n" for n in range(ROWS)))
    job = place.manifest(EXTRACT, {"use": "sqlite", "database": "out.db", "table": "t", "mode": "append"}, state=STORE, checkpoint={"rows": 1000})
    run = Speaking(place, "run", job, "--log", "level=info")
    run.until("the epoch is committed")
    run.until("the epoch is committed")
    run.ends(-signal.SIGKILL, signal.SIGKILL)
    before = len(numbers(place))
    must(0 < before < ROWS, f"expected it to be killed in its midst, found {before} rows")
    another_machine(place)
    place.weir("run", job).works()
    must(numbers(place) == list(range(ROWS)), f"expected each row once, found {len(numbers(place))}")


@case
def who_was_taken_for_dead_commits_no_more(place):
    """Another machine, which does not see that the first one lives, goes on with its run; then the first one wakes."""
    wide = "x" * 600
    place.write("in.csv", "n,text\n" + "".join(f"{n},{wide}\n" for n in range(ROWS)))
    job = place.manifest(EXTRACT, {"use": "sqlite", "database": "out.db", "table": "t", "mode": "append"}, state=STORE, checkpoint={"rows": 1000})
    first = Speaking(place, "run", job, "--log", "level=info")
    first.until("the epoch is committed")
    first.process.send_signal(signal.SIGSTOP)
    place.env["XDG_STATE_HOME"] = str(place.home / "other")
    second = place.start("run", job)
    time.sleep(0.5)
    first.process.send_signal(signal.SIGCONT)
    code = first.process.wait(60)
    first.out.close()
    ended = place.end(second)
    must(sorted((code, ended.code))[0] == 0, f"expected one of them to finish, found exits {code} and {ended.code}: {ended.err[-500:]}")
    place.weir("run", job).works()
    must(numbers(place) == list(range(ROWS)), f"expected each row once, found {len(numbers(place))}")


@case
def commands_look_where_the_manifest_says(place):
    job = job_of(place)
    place.weir("run", job).works()
    listed = json.loads(place.weir("state", "list", job, "--output", "json").works().out)
    must([entry["key"] for entry in listed["entries"] if entry["key"] == "run"] == ["run"], f"found {listed}")
    place.weir("state", "set", job, "own/cursor", "7").works()
    must(place.weir("state", "get", job, "own/cursor").works().out == "7\n", "expected the value")
    version = json.loads(place.weir("state", "get", job, "own/cursor", "--output", "json").works().out)["version"]
    place.weir("state", "set", job, "own/cursor", "8", "--expect", version + 1).fails(1, "state.conflict")
    place.weir("state", "delete", job, "own/cursor", "--expect", version).works()
    place.weir("state", "get", job, "own/cursor").fails(2, "state.key_unknown")


@case
def streams_share_an_object(place):
    for name in ("a", "b", "c"):
        place.write(f"in/{name}.csv", "n\n" + "".join(f"{n}\n" for n in range(100)))
    job = place.manifest({"use": "file", "path": "in/{stream}.csv", "streams": {}, "format": {"use": "csv", "types": {"n": "int64"}}},
                         {"use": "sqlite", "database": "out.db", "table": "{name}"}, state=STORE)
    place.weir("run", job).works()
    another_machine(place)
    must("3 streams: complete" in place.weir("run", job).works().out, "expected nothing to do")


@case
def what_is_wrong_is_told(place):
    place.write("in.csv", "n\n1\n")
    told = ""
    states = {"a component that is none": {"store": {"use": "nosuch", "path": "x"}}, "a loader": {"store": {"use": "sqlite", "path": "x"}},
              "a storage that can't": {"store": {"use": "archive", "path": "x"}}, "no path": {"store": {"use": "file"}}, "a folder": {"store": {"use": "file", "path": "home"}},
              "an option that is none": {"store": {"use": "file", "path": "x", "fromat": "csv"}}, "no component": {"store": 7}, "an option of rows": {"store": {"use": "file", "path": "x", "format": "csv"}},
              "something else in its place": {"store": {"use": "file", "path": "in.csv"}}}
    for what, state in states.items():
        ended = place.weir("run", job_of(place, "n\n1\n", {"use": "file", "path": "out.csv"}, state))
        told += f"-- {what}\n{ended.out}{ended.err}exit {ended.code}\n\n"
    must(place.read("in.csv") == "n\n1\n" and not (place.folder / "out.csv").exists(), "expected nothing to be written")
    golden("state_store.txt", told.replace(str(place.folder.resolve()), "…"))


finish()
