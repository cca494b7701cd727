"""What is kept of runs, and how it is looked at: weir runs list, show and prune; and who is told of a pipeline that runs."""
import contextlib
import json
import signal
import socket
import sqlite3
import time

from harness import *

EXTRACT = {"use": "file", "path": "in.csv", "format": {"use": "csv", "header": True, "types": {"n": "int64"}}}
LOAD = {"use": "file", "path": "out.csv"}
EPOCH = 5_000
ROWS = 100_000


def job_of(place, name="job", rows="n\n1\nx\n3\n4\n", **more):
    place.write("in.csv", rows)
    return place.manifest(EXTRACT, LOAD, [{"use": "filter", "where": "n != 4"}],
                          {"use": "file", "path": "rejects.ndjson"}, name=name, **more)


def listed(place, *words):
    return json.loads(place.weir("runs", "list", *words, "--output", "json").works().out)["runs"]


def shown(place, run, *words):
    return json.loads(place.weir("runs", "show", run, *words, "--output", "json").works().out)


def store(place):
    return sqlite3.connect(next(place.home.rglob("state.db")))


def like(found, **wanted):
    part = {key: found.get(key) for key in wanted}
    must(part == wanted, f"expected {wanted}, found {part} in {found}")


@case
def nothing_is_kept_yet(place):
    place.weir("runs", "list").works()
    must(listed(place) == [], "expected no runs")
    place.weir("runs", "prune").works()
    place.weir("runs", "show", "01").fails(2, "run.unknown", "no run is kept in")
    must(not list(place.home.rglob("*.db")), "looking made a store")


@case
def a_run_is_shown_as_it_ended(place):
    job = job_of(place)
    ran = place.weir("run", job).works()
    ledger = ran.out.splitlines()
    run = re.search(r"run (\w{26})", ran.out)[1]
    for id in (run, run[:20], run.lower()[:24]):
        text = place.weir("runs", "show", id).works().out.splitlines()
        must(text[1:len(ledger) - 1] == ledger[1:-1], f"expected {ledger}, found {text}")
        must(text[len(ledger) - 1] == ledger[-1].replace("; guarantee", "; 1 epoch committed; guarantee"), f"found {text}")
    again = json.loads(place.weir("run", job, "--fresh", "--output", "json").works().out)
    found = shown(place, again["run"], job)
    must(found["ledger"] == again["ledger"], f"expected {again['ledger']}, found {found['ledger']}")
    like(found, name="job", state="complete", guarantee="exactly once", starts=1, epochs=1, inputs=1)
    must(found["manifest"]["file"] == str(place.folder / job), f"found {found['manifest']}")
    must(found["began"] <= found["ended"], f"found {found}")
    must([one["run"] for one in listed(place)] == [again["run"], run], "expected both, the last first")
    place.weir("run", job).works()
    must(len(listed(place)) == 2, "a run with nothing to do was kept")


@case
def runs_of_a_manifest_are_told_from_others(place):
    for name in ("one", "two"):
        place.weir("run", job_of(place, name=name)).works()
    must([run["name"] for run in listed(place, "one.json")] == ["one"], "expected those of the manifest alone")
    must(len(listed(place)) == 2, "expected all")
    (place.folder / "one.json").unlink()
    must([run["name"] for run in listed(place, "one.json")] == ["one"], "its manifest is gone, its runs are not")


@case
def a_failed_run_is_kept_with_its_error_and_without_secrets(place):
    place.env["HIDDEN"] = "correct-horse-battery"
    job = job_of(place, limits={"rejects": 0})
    place.manifest(EXTRACT, {"use": "file", "path": "${secret:env/HIDDEN}/out.csv"}, name="secret")
    place.weir("run", job).fails(3)
    run = listed(place)[0]
    like(run, state="failed", epochs=0)
    must(run["error"]["code"] == "run.rejects" or run["error"]["code"], f"found {run}")
    must(run["error"]["code"] in place.weir("runs", "show", run["run"]).works().out, "expected the code")
    must(not run.get("ledger"), "nothing of it is committed")
    place.weir("run", "secret.json")
    kept = [value for key, value in store(place).execute("select key, value from entries where key like 'kept/%'")]
    must(len(kept) == 2 and not any("correct-horse" in str(value) for value in kept), f"found {kept}")
    place.write("in.csv", "n\n1\n")
    place.weir("run", job, "--resume").works()
    like(shown(place, run["run"]), state="complete", starts=2, epochs=1)
    must("error" not in shown(place, run["run"]), "it is complete now")


@case
def ids_that_are_none(place):
    job = job_of(place)
    runs = [re.search(r"run (\w{26})", place.weir("run", job, "--fresh").works().out)[1] for _ in range(2)]
    place.weir("runs", "show", runs[0][:3]).fails(2, "run.ambiguous", "as 2 runs begin", *runs)
    place.weir("runs", "show", runs[0][:25] + "!").fails(2, "run.unknown", "did you mean", runs[0])
    place.weir("runs", "show", "ZZ").fails(2, "run.unknown", "weir runs list")


def rows_of(place, mode="ro"):
    """What is committed. What a killed process had begun is taken back by who may write."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{place.folder}/out.db?mode={mode}", uri=True)) as database:
            return database.execute("select count(*) from t").fetchone()[0]
    except sqlite3.Error:
        return 0


def begun(place, job, *flags):
    """Starts a run, waits until it has committed some epochs, and lets it stand still there."""
    before = rows_of(place)
    process = place.start("run", job, *flags)
    end = time.monotonic() + 60
    while rows_of(place) < before + 4 * EPOCH:
        must(time.monotonic() < end and process.poll() is None, "expected it to commit")
        time.sleep(0.002)
    process.send_signal(signal.SIGSTOP)
    return process


def long_job(place):
    wide = "x" * 1000  # more than what is read ahead
    place.write("in.csv", "n,text\n" + "".join(f"{n},{wide}\n" for n in range(ROWS)))
    return place.manifest(EXTRACT, {"use": "sqlite", "database": "out.db", "table": "t"}, name="long",
                          checkpoint={"rows": EPOCH})


@case
def a_run_that_runs_is_killed_stopped_and_finished(place):
    job = long_job(place)
    process = begun(place, job)
    run = listed(place)[0]
    like(run, state="running")
    must(run["runner"]["process"] == process.pid and run["runner"]["host"] == socket.gethostname(), f"found {run}")
    second = place.weir("run", job).fails(1, "run.locked", "running already", f"process {process.pid} on host")
    must(re.search(r"since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", second.err), f"expected since when, found {second.err}")
    process.kill()
    place.end(process)
    run = listed(place)[0]
    like(run, state="unfinished")
    must(run["epochs"] > 0 and run["ledger"]["rows"]["loaded"] > 0, f"expected what is committed, found {run}")
    loaded = rows_of(place, "rw")
    must(run["ledger"]["rows"]["loaded"] <= loaded, f"expected no more than the {loaded} that are there, found {run}")
    text = place.weir("runs", "show", run["run"]).works().out
    must("its process died" in text and "weir run" in text, f"found {text}")
    pruned = place.weir("runs", "prune", "--keep", "0").works()
    must("is not at its end" in pruned.out and "--fresh" in pruned.out, f"found {pruned.out}")
    must(len(listed(place)) == 1, "an unfinished run was removed")
    going = begun(place, job, "--log", "run=info")
    like(listed(place)[0], state="running", starts=2)
    going.send_signal(signal.SIGTERM)
    going.send_signal(signal.SIGCONT)
    ended = place.end(going)
    must(ended.code == 143, f"expected 143, found {ended.code} {ended.err}")
    must("died with the pipeline" in ended.err, f"expected the stale lock to be told, found {ended.err}")
    like(listed(place)[0], state="drained", starts=2)
    place.weir("run", job, seconds=120).works()
    like(listed(place)[0], state="complete", starts=3)
    like(listed(place)[0]["ledger"]["rows"], loaded=ROWS)
    must("1 run removed" in place.weir("runs", "prune", "--keep", "0").works().out, "expected it to go")
    must("nothing to do" in place.weir("run", job).works().out, "pruning has made it forget what is loaded")


@case
def a_run_that_is_given_up(place):
    job = long_job(place)
    process = begun(place, job)
    process.kill()
    place.end(process)
    took = listed(place)[0]["seconds"]
    place.write("in.csv", "n\n1\n")
    place.weir("run", job, "--fresh").works()
    must([run["state"] for run in listed(place)] == ["complete", "given up"], f"found {listed(place)}")
    must(listed(place)[1]["seconds"] >= took > 0.001, f"expected that it took {took} s at least, found {listed(place)[1]}")
    must("2 runs removed" in place.weir("runs", "prune", "--older", "0s").works().out, "expected both to go")


@case
def old_runs_go(place):
    job = job_of(place)
    for _ in range(4):
        place.weir("run", job, "--fresh").works()
    runs = [run["run"] for run in listed(place)]
    place.weir("runs", "prune", "--older", "1h").works()
    must(len(listed(place)) == 4, "none is so old")
    place.weir("runs", "prune", "--older", "0s", "--keep", "3").works()
    must([run["run"] for run in listed(place)] == runs[:3], "expected the last three to stay")
    place.weir("runs", "prune", "--keep", "2", job).works()
    must([run["run"] for run in listed(place)] == runs[:2], "expected the last two to stay")
    place.weir("runs", "prune", "--older", "30").fails(2, "--older")
    with store(place) as database:  # a hundred that are older
        key, value = database.execute("select key, value from entries where key like 'kept/%' order by key").fetchone()
        for number in range(120):
            run = f"0000000000{number:016}"
            database.execute("insert into entries(key, value, version) values(?, ?, 1)", (key[:-26] + run, value.replace(key[-26:], run)
                             if isinstance(value, str) else value.replace(key[-26:].encode(), run.encode())))
    place.weir("run", job, "--fresh").works()
    left = [run["run"] for run in listed(place)]
    must(len(left) == 100 and left[1:3] == runs[:2] and left[-1] == f"0000000000{23:016}", f"found {len(left)}: {left[-1]}")


if __name__ == "__main__":
    finish()
