# slow
"""What people do with state: weir state list, get, set and delete; backups while runs go on, restored or refused; how long runs are
kept; stores and records of older and newer weirs.
"""
import contextlib
import hashlib
import json
import os
import signal
import sqlite3
import time

from harness import *

EXTRACT = {"use": "file", "path": "in.csv", "format": {"use": "csv", "header": True, "types": {"n": "int64"}}}
LOAD = {"use": "file", "path": "out.csv"}
EPOCH = 1_000
ROWS = 100_000


def job_of(place, name="orders", rows="n\n1\n2\n", **more):
    place.write("in.csv", rows)
    return place.manifest(EXTRACT, {"use": "file", "path": f"{name}.csv"}, name=name, **more)


def told(place, *words):
    return json.loads(place.weir("state", *words, "--output", "json").works().out)


def keys(place, pipeline="orders"):
    return [entry["key"] for entry in told(place, "list", pipeline)["entries"]]


def store_file(place):
    return next(place.home.rglob("state.db"))


def store(place):
    return contextlib.closing(sqlite3.connect(store_file(place)))


def rows_of(place):
    try:
        with contextlib.closing(sqlite3.connect(f"file:{place.folder}/out.db?mode=rw", uri=True)) as database:
            return database.execute("select count(*) from t").fetchone()[0]
    except sqlite3.Error:
        return 0


def long_job(place):
    wide = "x" * 600  # more than what is read ahead
    place.write("in.csv", "n,text\n" + "".join(f"{n},{wide}\n" for n in range(ROWS)))
    return place.manifest(EXTRACT, {"use": "sqlite", "database": "out.db", "table": "t"}, name="long", checkpoint={"rows": EPOCH})


def until_rows(place, process, count):
    end = time.monotonic() + 90
    while rows_of(place) < count:
        must(time.monotonic() < end and process.poll() is None, f"expected {count} rows, found {rows_of(place)}")
        time.sleep(0.002)


@case
def nothing_is_there_yet(place):
    must(told(place, "list")["pipelines"] == [], "expected no pipelines")
    must("no state is kept in" in place.weir("state", "list").works().out, "expected to be told where it would be")
    place.weir("state", "get", "orders", "run").fails(2, "state.pipeline_unknown", "a run makes it")
    place.weir("state", "backup", "b").fails(2, "state.backup", "found none")
    must(not list(place.home.rglob("*.db")), "looking made a store")


@case
def state_is_listed_by_pipelines(place):
    job = job_of(place)
    run = json.loads(place.weir("run", job, "--output", "json").works().out)["run"]
    place.weir("run", job_of(place, name="other")).works()
    orders, other = told(place, "list")["pipelines"]
    must([orders["name"], other["name"]] == ["orders", "other"], f"found {orders} {other}")
    must(orders["manifest"] == str(place.folder / job) and orders["entries"] > 2 and orders["bytes"] > 100, f"found {orders}")
    found = keys(place)
    must("run" in found and f"kept/{run}" in found, f"found {found}")
    for word in ("orders", orders["id"], orders["id"][:6], job):
        must(told(place, "get", word, "run")["value"]["run"] == run, f"expected the run by {word}")
    must(told(place, "list", "orders", "--prefix", "kept/")["entries"][0]["key"] == f"kept/{run}", "expected what has the prefix")
    text = place.weir("state", "get", "orders", f"kept/{run}").works().out
    must(json.loads(text)["state"] == "complete", f"expected a document, found {text}")
    raw = place.weir("state", "get", "orders", "run", "--raw").works().out
    must(json.loads(raw)["run"] == run and raw.startswith("{\"") and not raw.endswith("\n"), f"expected the bytes, found {raw!r}")
    place.weir("state", "get", "ordres", "run").fails(2, "state.pipeline_unknown", "did you mean 'orders'?")
    place.weir("state", "get", "orders", "rnu").fails(2, "state.key_unknown", "did you mean 'run'?")
    (place.folder / "deeper").mkdir()
    os.rename(place.folder / "other.json", place.folder / "deeper/orders.json")
    text = (place.folder / "deeper/orders.json").read_text().replace('"other"', '"orders"').replace("in.csv", "../in.csv")
    (place.folder / "deeper/orders.json").write_text(text)
    place.weir("run", "deeper/orders.json").works()
    place.weir("state", "list", "orders").fails(2, "state.pipeline_ambiguous", orders["id"], "deeper/orders.json")
    must(told(place, "list", job)["id"] == orders["id"], "expected the one of the manifest")


@case
def what_plugins_have_written_is_counted_and_not_shown(place):
    place.env["HIDDEN"] = "correct-horse-battery"
    place.write("correct-horse-battery.csv", "n\n1\nx\n")
    job = place.manifest({**EXTRACT, "path": "${secret:env/HIDDEN}.csv"}, LOAD, name="orders")
    place.weir("run", job).fails(1)
    with store(place) as database:
        [(id,)] = database.execute("select substr(key, 5) from entries where key like 'run/%'").fetchall()
        hidden = "correct-horse-battery".encode().hex()
        checkpoint = {"schema": 2, "epoch": 1, "last": False, "manifest": "m", "fingerprint": "f", "totals": "",
                      "open": {hidden: {"position": hidden, "version": "", "bytes": 1}},
                      "loads": {"load": {"committables": [hidden], "undo": [], "resume": hidden, "objects": []}}}
        for key, value in ((f"checkpoint/{id}/main/00000000000000000001", json.dumps(checkpoint)),
                           (f"item/{id}/main/6c/6b", "=correct-horse-battery"), (f"delta/{id}/main/00000000000000000001/6c/6b", "-")):
            database.execute("insert into entries(key, value, version) values(?, ?, 1)", (key, value))
        database.commit()
    for key in keys(place):
        for words in ((), ("--output", "json")):
            shown = place.weir("state", "get", "orders", key, *words).works()
            must("correct-horse" not in shown.out + shown.err and hidden not in shown.out, f"found a secret under {key}: {shown.out}")
    checkpoint = told(place, "get", "orders", "checkpoint/main/00000000000000000001")["value"]
    must(checkpoint["open_splits"] == 1 and checkpoint["loads"]["load"]["committables"] == 1, f"found {checkpoint}")
    must(told(place, "get", "orders", "item/main/6c/6b")["value"] == {"bytes": 22}, "expected its size")
    must(place.weir("state", "get", "orders", "item/main/6c/6b", "--raw").works().out == "=correct-horse-battery", "expected the bytes")


@case
def people_keep_what_is_theirs(place):
    place.weir("run", job_of(place)).works()
    first = told(place, "set", "orders", "own/cursor", "2026-11-27", "--expect", "0")["version"]
    must(place.weir("state", "get", "orders", "own/cursor").works().out == "2026-11-27\n", "expected the value")
    place.weir("state", "set", "orders", "own/cursor", "x", "--expect", "0").fails(1, "state.conflict", f"at version {first}")
    place.weir("state", "set", "orders", "own/cursor", "x", "--expect", first + 6).fails(1, "state.conflict", f"at version {first + 6}")
    must(told(place, "set", "orders", "own/cursor", "later", "--expect", first)["version"] == first + 1, "expected the next version")
    place.weir("state", "delete", "orders", "own/cursor", "--expect", first).fails(1, "state.conflict")
    place.weir("state", "delete", "orders", "own/cursor", "--expect", first + 1).works()
    place.weir("state", "delete", "orders", "own/cursor").fails(2, "state.key_unknown")
    must(told(place, "set", "orders", "own/cursor", "again")["version"] > first + 1, "a version came again")
    until = told(place, "set", "orders", "own/soon", "x", "--ttl", "1h")["until"]
    must(told(place, "get", "orders", "own/soon")["until"] == until, "expected until when")
    told(place, "set", "orders", "own/gone", "x", "--ttl", "1ns")
    place.weir("state", "get", "orders", "own/gone").fails(2, "state.key_unknown")
    place.weir("state", "set", "orders", "own/x", "x", "--ttl", "soon").fails(2, "--ttl")
    place.weir("state", "set", "orders", "own/a b", "x").fails(2, "state.key")
    must("nothing to do" in place.weir("run", "orders.json").works().out, "a key of one's own has changed something")
    must("own/cursor" in keys(place), "a run took it away")


@case
def what_weir_needs_is_not_lost_by_chance(place):
    job = job_of(place)
    place.weir("run", job).works()
    place.weir("state", "set", "orders", "run", "{}").fails(2, "state.host_key", "own/")
    refused = place.weir("state", "delete", "orders", "run").fails(2, "state.destroys", "may be loaded twice", "--force")
    must("backup" in refused.err, "expected the cure")
    must("run" in keys(place), "it was deleted")
    place.weir("state", "set", "orders", "streams", '["a"]').works()
    place.weir("state", "set", "orders", "streams", '["b"]').fails(2, "state.destroys")
    place.weir("state", "set", "orders", "streams", '[1]', "--force").fails(2, "state.value", "[1]")
    place.weir("state", "set", "orders", "streams", '["b"]', "--force").works()
    must(told(place, "get", "orders", "streams")["value"] == ["b"], "expected what was set")
    place.weir("state", "delete", "orders", "run", "--force").works()
    must("nothing to do" not in place.weir("run", job).works().out, "expected it to begin anew")


@case
def nothing_is_changed_while_the_pipeline_runs(place):
    job = long_job(place)
    process = place.start("run", job)
    until_rows(place, process, EPOCH)
    process.send_signal(signal.SIGSTOP)
    for words in (("set", "long", "own/x", "1"), ("delete", "long", "run", "--force")):
        place.weir("state", *words).fails(1, "run.locked", "'long'", f"process {process.pid} on host")
    [pipeline] = told(place, "list")["pipelines"]
    must(pipeline["runner"]["process"] == process.pid, f"expected who runs it, found {pipeline}")
    place.weir("state", "backup", "b").works()
    place.weir("state", "restore", "b").fails(1, "run.locked", "'long'", f"process {process.pid}")
    process.kill()
    place.end(process)
    place.weir("state", "set", "long", "own/x", "1").works()
    place.weir("state", "delete", "long", "run", "--force").works()
    must(not [key for key in keys(place, "long") if key.startswith(("run", "checkpoint", "delta", "item"))], f"found {keys(place, 'long')}")
    (place.folder / "out.db").unlink()
    place.weir("run", job, seconds=120).works()
    must(rows_of(place) == ROWS, f"expected it to begin anew, found {rows_of(place)}")


def consistent(file):
    """What a run's record, its checkpoints and what is kept of it say fits together: one moment."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        must(database.execute("pragma integrity_check").fetchone()[0] == "ok", "the copy is damaged")
        entries = dict(database.execute("select key, value from entries"))
    [record] = [json.loads(value) for key, value in entries.items() if key.startswith("run/")]
    [kept] = [json.loads(value) for key, value in entries.items() if key.startswith("kept/")]
    epochs = [int(key[-20:]) for key in entries if key.startswith("checkpoint/")]
    must(record["run"] == kept["run"], f"expected one run, found {record} {kept}")
    must(len(epochs) in (1, 2) and epochs[-1] - kept["epochs"] in (0, 1), f"expected the epoch of {epochs}, found {kept['epochs']}")
    return epochs[-1]


@case
def a_run_is_backed_up_in_its_midst_and_gone_on_with_from_the_backup(place):
    job = long_job(place)
    process = place.start("run", job)
    until_rows(place, process, EPOCH)
    seen = []
    for number in range(6):
        until_rows(place, process, min((number + 2) * EPOCH, ROWS // 2))
        made = told(place, "backup", f"going-{number}")
        must(made["entries"] > 2 and len(made["digest"]) == 64, f"found {made}")
        seen.append(consistent(place.folder / f"going-{number}"))
    must(seen == sorted(seen) and seen[-1] > seen[0], f"expected the run to go on meanwhile, found {seen}")
    process.send_signal(signal.SIGSTOP)
    place.weir("state", "backup", "last").works()
    process.kill()
    place.end(process)
    must(0 < rows_of(place) < ROWS, f"expected a run in its midst, found {rows_of(place)} rows")
    for file in store_file(place).parent.glob("state.db*"):
        file.unlink()  # all is lost
    restored = told(place, "restore", "last")
    must("kept" not in restored, f"nothing was there, found {restored}")
    place.weir("run", job, seconds=120).works()
    must(rows_of(place) == ROWS, f"expected each row once, found {rows_of(place)}")


@case
def an_old_backup_does_not_double_rows(place):
    job = long_job(place)
    process = place.start("run", job)
    until_rows(place, process, EPOCH)
    place.weir("state", "backup", "old").works()
    until_rows(place, process, 6 * EPOCH)
    process.send_signal(signal.SIGTERM)
    must(place.end(process).code == 143, "expected it to be drained")
    before = rows_of(place)
    restored = place.weir("state", "restore", "old").works()
    must("is not known any more" in restored.err, f"expected to be warned, found {restored.err}")
    place.weir("run", job).fails(5)
    must(rows_of(place) == before, "rows were loaded twice")
    kept = re.search(r"is kept in (\S+)", restored.out)[1]
    place.weir("state", "restore", kept).works()
    place.weir("run", job, seconds=120).works()
    must(rows_of(place) == ROWS, f"expected each row once, found {rows_of(place)}")


@case
def backups_that_are_refused(place):
    place.weir("run", job_of(place)).works()
    place.weir("state", "backup", "b").works()
    must((place.folder / "b").stat().st_mode & 0o077 == 0, "others can read the backup")
    place.weir("state", "backup", "b").fails(1, "state.backup", "there already")
    must(not [name for name in place.files() if name.startswith("b.") or name.startswith("b-")], "something was left")
    before = hashlib.sha256(store_file(place).read_bytes()).hexdigest()
    place.weir("state", "restore", "none").fails(2, "state.no_backup")
    place.weir("state", "restore", store_file(place)).fails(2, "state.no_backup")
    with contextlib.closing(sqlite3.connect(place.folder / "b")) as database:
        database.execute("update entries set value = 'x' where key like 'run/%'")
        database.commit()
        place.weir("state", "restore", "b").fails(1, "state.backup_damaged", "another digest")
        database.execute("pragma user_version = 9")
        database.commit()
    place.weir("state", "restore", "b").fails(1, "state.newer", "found 9")
    must(hashlib.sha256(store_file(place).read_bytes()).hexdigest() == before, "the store was changed")


@case
def state_of_an_older_weir_is_brought_on_and_that_of_a_newer_one_left_alone(place):
    job = long_job(place)
    process = place.start("run", job)
    until_rows(place, process, EPOCH)
    process.kill()
    place.end(process)
    place.weir("runs", "list").works()  # takes the log in
    with store(place) as database:  # as the first weirs had it
        entries = database.execute("select key, value, version from entries").fetchall()
        for table in ("removed", "entries"):
            database.execute(f"drop table {table}")
        database.execute("create table entries(key text primary key, value blob not null, version integer not null) without rowid")
        for key, value, version in entries:
            if key.startswith(("run/", "checkpoint/")):
                record = json.loads(value)
                del record["schema"]
                for load in record.get("loads", {}).values():
                    del load["objects"]
                value = json.dumps(record)
            database.execute("insert into entries values(?, ?, ?)", (key, value, version))
        database.execute("pragma user_version = 0")
        database.commit()
    place.weir("run", job, seconds=120).works()
    must(rows_of(place) == ROWS, f"expected each row once, found {rows_of(place)}")
    with store(place) as database:
        must(database.execute("pragma user_version").fetchone()[0] == 2, "expected today's schema")
        database.execute("update entries set value = replace(cast(value as text), '\"schema\":2', '\"schema\":3') where key like 'run/%'")
        database.commit()
    place.weir("run", job).fails(1, "state.newer", "schema version 2", "found 3")
    with store(place) as database:
        database.execute("pragma user_version = 3")
    place.weir("run", job).fails(1, "state.newer", "state.db")
    place.weir("state", "list").fails(1, "state.newer")
    place.weir("runs", "list").fails(1, "state.newer")


@case
def what_is_refused_is_told_as_the_golden_file_says(place):
    """Word for word, in tests/golden/state.txt."""
    found = []

    def tell(*words):
        ended = place.weir("state", *words)
        text = re.sub(r"\b[0-9a-f]{32}\b", "ID", (ended.out + ended.err).replace(str(place.folder), "FOLDER"))
        text = re.sub(r"version (?!7\b)\d+", "version N", text)
        found.append("$ weir state " + " ".join(words) + "\n" + text + f"exit {ended.code}\n")

    tell("get", "orders", "run")
    place.weir("run", job_of(place)).works()
    (place.folder / "deeper").mkdir()
    (place.folder / "deeper/orders.json").write_text((place.folder / "orders.json").read_text().replace("in.csv", "../in.csv"))
    place.weir("run", "deeper/orders.json").works()
    tell("get", "ordres", "run")
    tell("get", "something", "run")
    tell("get", "orders", "run")
    (place.folder / "deeper/orders.json").unlink()
    for words in (("get", "orders.json", "rnu"), ("get", "orders.json", "own/something"), ("get", "orders.json", "Own"),
                  ("set", "orders.json", "run", "{}"), ("delete", "orders.json", "run"), ("set", "orders.json", "streams", "orders"),
                  ("set", "orders.json", "own/cursor", "1"), ("set", "orders.json", "own/cursor", "2", "--expect", "0"),
                  ("set", "orders.json", "own/cursor", "2", "--expect", "7"), ("delete", "orders.json", "own/none", "--expect", "7"),
                  ("set", "orders.json", "own/cursor", "2", "--ttl", "soon"), ("delete", "orders.json", "own/cursor")):
        tell(*words)
    golden("state.txt", "\n".join(found))


DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def run_id(seconds):
    milliseconds, id = int(seconds * 1000), ""
    for _ in range(10):
        id, milliseconds = DIGITS[milliseconds % 32] + id, milliseconds // 32
    return id + "0" * 16


@case
def the_runs_of_400_nights_are_kept_as_the_manifest_says(place):
    job = job_of(place, state={"keep": {"days": 30}})
    place.weir("run", job).works()
    now = time.time()
    with store(place) as database:
        key, value = database.execute("select key, value from entries where key like 'kept/%'").fetchone()
        for night in range(1, 401):
            id = run_id(now - night * 86400)
            record = {**json.loads(value), "run": id, "began_ns": int((now - night * 86400) * 1e9)}
            database.execute("insert into entries(key, value, version) values(?, ?, 1)", (key[:-26] + id, json.dumps(record)))
        database.commit()
    count = lambda: len([key for key in keys(place) if key.startswith("kept/")])
    must(count() == 401, f"found {count()}")
    must("nothing to do" in place.weir("run", job).works().out, "expected nothing to do")
    keeping = lambda **keep: place.manifest(EXTRACT, {"use": "file", "path": "orders.csv"}, name="orders", state={"keep": keep})
    keeping(days=40, runs=5)
    must("nothing to do" in place.weir("run", job).works().out, "how long runs are kept is no reason to repeat one")
    place.weir("run", job, "--fresh").works()
    must(39 <= count() - 2 <= 40, f"expected those of 40 days, found {count()}")
    keeping(runs=5)
    place.weir("run", job, "--fresh").works()
    must(count() == 5, f"expected the last five, found {count()}")
    job_of(place, rows="n\nx\n", state={"keep": {"runs": 1}})
    for _ in range(3):
        place.weir("run", job, "--fresh").fails(1)
    runs = json.loads(place.weir("runs", "list", "--output", "json").works().out)["runs"]
    # The one before was open until the last one began: it goes with the next.
    must([run["state"] for run in runs] == ["failed", "given up", "complete"], f"expected the last complete one too, found {runs}")
    place.weir("run", place.manifest(EXTRACT, LOAD, name="bad", state={"keep": {"weeks": 4}})).fails(2, "weeks", "days")
    place.weir("run", place.manifest(EXTRACT, LOAD, name="bad", state={"keep": {"runs": "some"}})).fails(2, "state: keep", "runs")


if __name__ == "__main__":
    finish()
