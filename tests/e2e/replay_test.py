# slow
"""Rejects that are run again, after a fix, with weir runs replay: exactly once, whoever had rejected them, however it ends."""
import contextlib
import signal
import sqlite3

from harness import *

CSV = {"use": "csv", "types": {"id": "int64", "price": "decimal(10,2)", "day": "date"}}
ROWS = 'id,price,day,note\n1,1.50,2026-01-01,a\n2,"2,50",2026-01-02,"x ""y"", z"\n3,3.50,2026-01-03,\n4,4.50,2026-01-04,""\n'
TABLE = {"use": "sqlite", "database": "out.db", "table": "t", "mode": "append"}
BAD = {"use": "file", "path": "bad.ndjson"}


def up_to(most):
    return {"use": "validate", "columns": {"id": {"max": most}}}


def job(place, load=TABLE, transform=(up_to(3),), csv=CSV, reject=BAD, **more):
    return place.manifest({"use": "file", "path": "in.csv", "format": csv}, load, transform, reject, **more)


def ran(place, manifest, *flags):
    return json.loads(place.weir("run", manifest, *flags, "--output", "json").works().out)["run"]


def replayed(place, run, *words):
    return json.loads(place.weir("runs", "replay", run, *words, "--output", "json").works().out)


def table(place, columns="*"):
    database = sqlite3.connect(place.folder / "out.db")
    try:
        return sorted(database.execute(f"select {columns} from t").fetchall())
    finally:
        database.close()


def shown(place, run):
    return json.loads(place.weir("runs", "show", run, "--output", "json").works().out)


def equal(found, wanted):
    must(found == wanted, f"expected {wanted}, found {found}")


def counts(done, **wanted):
    equal({key: done["ledger"]["rows"][key] for key in wanted}, wanted)


def nothing_left(place):
    left = [str(path) for path in place.home.rglob("replay*")]
    left += [name for name in place.files() if ".weir" in name]
    must(not left, f"left behind: {left}")


def strip(reject):
    """What of a reject says which row it was."""
    return {key: reject[key] for key in ("row", "link", "stream", "split", "position", "file", "line", "record")}


@case
def a_loss_is_allowed_for_one_replay(place):
    place.write("in.csv", ROWS)
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database, database:
        database.execute("create table t(id integer, price text)")
    few = {"drift": {"columns": "ignore"}}
    job(place, **few)
    run = ran(place, "job.json", "--allow-loss")
    job(place, transform=[up_to(4)], csv={**CSV, "decimal": ","}, **few)
    place.weir("runs", "replay", run).fails(1, "loses the values of column 'day'", "--allow-loss")
    equal(table(place, "id"), [(1,), (3,)])
    place.weir("runs", "replay", run, "--allow-loss").works()
    equal(table(place), [(1, "1.50"), (2, "2.50"), (3, "3.50"), (4, "4.50")])


@case
def rejects_of_format_and_link_enter_where_they_were_rejected(place):
    place.write("in.csv", ROWS)
    run = ran(place, job(place))
    equal(table(place, "id"), [(1,), (3,)])
    job(place, csv={**CSV, "decimal": ","}, transform=[up_to(4)])
    done = replayed(place, run)
    must(done["run"] != run and done["replays"] == run, f"expected a run of its own, found {done}")
    counts(done, extracted=2, loaded=2, rejected=0)
    equal([row[:2] + row[3:] for row in table(place)],
          [(1, "1.50", "a"), (2, "2.50", 'x "y", z'), (3, "3.50", None), (4, "4.50", "")])
    equal((shown(place, run)["replayed_by"], shown(place, done["run"])["replays"]), (done["run"], run))
    for _ in range(2):
        again = replayed(place, run)
        equal((again["nothing_to_do"], again["run"]), (True, done["run"]))
    must("nothing to do" in place.weir("runs", "replay", run).works().out, "expected that it is said")
    equal(len(table(place)), 4)
    nothing_left(place)


@case
def what_is_rejected_anew_keeps_its_place_and_can_be_replayed_in_turn(place):
    place.write("in.csv", ROWS + '5,"5,50",2026-01-05,"two\nlines, ""q"""\n6,"6,50",2026-01-06,\n')
    run = ran(place, job(place))
    before = place.read("bad.ndjson")
    done = replayed(place, run)  # nothing was mended
    counts(done, extracted=4, loaded=0, rejected=4)
    anew = f"bad.replay-{run}.ndjson"
    equal(sorted(map(json.dumps, map(strip, place.rows(anew)))), sorted(map(json.dumps, map(strip, place.rows("bad.ndjson")))))
    equal(place.read("bad.ndjson"), before)
    job(place, csv={**CSV, "decimal": ","}, transform=[up_to(9)])
    counts(replayed(place, done["run"]), extracted=4, loaded=4, rejected=0)
    equal(table(place, "id, note")[1:], [(2, 'x "y", z'), (3, None), (4, ""), (5, 'two\nlines, "q"'), (6, None)])
    nothing_left(place)


@case
def rows_that_a_table_refused_go_to_it_again(place):
    database = sqlite3.connect(place.folder / "out.db")
    database.execute("create table t(id integer check (id < 3), price text, day text, note text)")
    database.commit()
    place.write("in.csv", ROWS.replace('"2,50"', "2.50"))
    run = ran(place, job(place, transform=()))
    equal([row["link"] for row in place.rows("bad.ndjson")], ["load", "load"])
    database.executescript("alter table t rename to old; create table t(id, price, day, note);"
                           "insert into t select * from old")
    database.close()
    counts(replayed(place, run), extracted=2, loaded=2, rejected=0)
    equal(table(place, "id"), [(1,), (2,), (3,), (4,)])


@case
def branches_and_gathered_links_get_their_own(place):
    place.write("in.csv", "id,v\n" + "".join(f"{i},{i}\n" for i in range(100)))
    def pipeline(most):
        route = {"use": "route", "to": {"big": "id >= 50"}, "else": "small"}
        check = {"use": "validate", "columns": {"v": {"max": most}}}
        place.manifest({"use": "file", "path": "in.csv"}, None, [route], BAD, branches={
            "big": {"transform": [check], "load": TABLE},
            "small": {"transform": [{"use": "limit", "rows": 1000}, {**check, "name": "late"}], "load": {**TABLE, "table": "s"}}})
        return "job.json"
    run = ran(place, pipeline(9))
    equal(table(place), [])
    pipeline(89)
    counts(replayed(place, run), extracted=90, loaded=80, rejected=10)
    equal(table(place, "id"), [(i,) for i in range(50, 90)])
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database:
        equal(database.execute("select count(*), count(distinct id) from s").fetchone(), (50, 50))
    equal(sorted(row["row"]["id"] for row in place.rows(f"bad.replay-{run}.ndjson")), list(range(90, 100)))


@case
def records_of_json_are_decoded_anew(place):
    place.write("in.ndjson", '{"id": 1, "at": {"x": 1.10}}\n{"id": "two", "at": {"x": 2}}\n{"id": 3, "x": 1}\nno json\n')
    load = {"use": "file", "path": "out.ndjson", "append": True}
    def pipeline(**options):
        return place.manifest({"use": "file", "path": "in.ndjson", "format": {"use": "json", **options}}, load, (), BAD)
    run = ran(place, pipeline(types={"id": "int64", "at": "json"}))
    equal(len(place.rows("bad.ndjson")), 2)
    pipeline(types={"id": "string", "at": "json"})
    counts(replayed(place, run), extracted=2, loaded=1, rejected=1)
    must('"two"' in place.read("out.ndjson").splitlines()[-1], f"found {place.read('out.ndjson')}")
    anew = place.rows(f"bad.replay-{run}.ndjson")
    equal([(row["record"], row["line"]) for row in anew], [("no json", 4)])


@case
def records_that_could_not_be_taken_apart_are_carried_over(place):
    place.write("in.csv", "id,v\n1,2\n3\n4,5,6\n7,8\n")
    csv = {"use": "csv", "ragged": "reject"}
    run = ran(place, job(place, csv=csv))
    counts(replayed(place, run), extracted=3, loaded=0, rejected=3)
    told = [[{**strip(row), "reason": row["reason"]} for row in sorted(place.rows(name), key=lambda row: row["line"])]
            for name in ("bad.ndjson", f"bad.replay-{run}.ndjson")]
    equal(told[1], told[0])


ROWS_OF_BIG = 200_000


def big(place):
    wide = "x" * 500  # more than a database keeps in memory
    place.write("in.csv", "id,v\n" + "".join(f"{i},{wide if i % 2 else i}\n" for i in range(ROWS_OF_BIG)))
    return {"use": "csv", "types": {"v": "int64"}}


def until(process, condition):
    end = time.monotonic() + 60
    while not condition():
        must(time.monotonic() < end and process.poll() is None, "expected that it is in the middle")
        time.sleep(0.001)


def written(place):
    """Bytes at the destinations, seen or not."""
    sizes = 0
    for path in [*place.folder.glob(".*"), *place.folder.glob("out.*")]:
        with contextlib.suppress(FileNotFoundError):
            sizes += path.stat().st_size if path.is_file() else 0
    return sizes


@case
def a_replay_that_is_killed_is_replayed_as_a_whole(place):
    csv = big(place)
    for load, count in ((TABLE, lambda: len(table(place, "id"))),
                        ({"use": "file", "path": "out.csv", "append": True}, lambda: len(set(place.read("out.csv").split())) - 1)):
        name = load["use"]
        run = ran(place, job(place, load, (), csv, name=name))
        mended = {**csv, "types": {"v": "string"}}
        job(place, load, (), mended, name=name, checkpoint={"rows": 1000})
        for more in (1, 10_000_000):
            before = written(place)
            process = place.start("runs", "replay", run)
            until(process, lambda: written(place) >= before + more)
            process.kill()
            process.wait()
            must(not shown(place, run).get("replayed_by"), "expected a kill in the middle")
        before = written(place)
        process = place.start("runs", "replay", run)
        until(process, lambda: written(place) >= before + 10_000_000)
        process.send_signal(signal.SIGTERM)
        place.end(process).fails(143, "run.interrupted")
        done = replayed(place, run)
        counts(done, extracted=ROWS_OF_BIG // 2, loaded=ROWS_OF_BIG // 2, rejected=0)
        equal(count(), ROWS_OF_BIG)
        if name == "file":
            equal(len(place.read("out.csv").split()), ROWS_OF_BIG + 1)
        else:
            equal(len(set(table(place, "id"))), ROWS_OF_BIG)
        must(shown(place, run)["replayed_by"], "expected that it is marked")
        nothing_left(place)


@case
def rejects_of_runs_that_append_to_one_file_are_told_apart(place):
    bad = {**BAD, "append": True}
    runs = []
    for first in (10, 20):
        place.write("in.csv", "id,v\n" + f"{first},1\n{first + 1},x\n")
        runs.append(ran(place, job(place, transform=(), csv={"use": "csv", "types": {"v": "int64"}}, reject=bad)))
    equal(len(place.rows("bad.ndjson")), 2)
    job(place, transform=(), csv={"use": "csv", "types": {"v": "string"}}, reject=bad)
    place.weir("runs", "replay", runs[0]).works()
    equal([row[0] for row in table(place)], [10, 11, 20])
    place.weir("runs", "replay", runs[1]).works()
    equal([row[0] for row in table(place)], [10, 11, 20, 21])


def told(place, ended):
    text = re.sub(r"[0-9A-Z]{26}", "RUN", ended.err.replace(str(place.folder), "PLACE"))
    return f"exit {ended.code}\n{text}\n"


@case
def what_can_not_be_replayed_is_told_with_a_cure(place):
    texts = []
    def refused(title, run, *words):
        texts.append(f"--- {title}\n" + told(place, place.weir("runs", "replay", run, *words)))
    place.write("in.csv", ROWS)
    refused("no run of that id", "01")
    job(place)
    run = ran(place, "job.json")
    kept = place.read("bad.ndjson")
    for name, load in (("mode", {**TABLE, "mode": "replace"}), ("file", {"use": "file", "path": "old.csv"}),
                       ("parts", {"use": "file", "path": "old/{n}.csv", "rows": 1})):
        place.write("old.csv" if name == "file" else "old/0.csv", "id\n")
        job(place, load)
        refused(f"a load that replaces: {name}", run)
    job(place, transform=[{**up_to(4), "name": "other"}])
    refused("the link is gone", run)
    job(place, transform=[up_to(4)])
    (place.folder / "job.json").write_text(place.read("job.json").replace('"name": "job"', '"name": "else"'))
    refused("another pipeline", run)
    job(place, transform=[up_to(4)])
    place.write("bad.ndjson", kept.replace("2,50", "9,50"))
    refused("the file has changed", run)
    (place.folder / "bad.ndjson").unlink()
    refused("the file is gone", run)
    place.write("bad.ndjson", kept)
    job(place, transform=[up_to(4)])
    refused("standard input", run, "--set", "extract.path=-")
    (place.folder / "in.csv").rename(place.folder / "moved.csv")
    refused("the input is gone", run)
    place.write("in.csv", "id,price,day,note\n1,1,2026-01-01,a\n")
    clean = ran(place, job(place, transform=[up_to(4)]))
    refused("no rejects", clean)
    place.write("in.csv", ROWS)
    far = ran(place, job(place, reject={"use": "sqlite", "database": "out.db", "table": "bad"}))
    refused("not in a file", far)
    place.write("bad.ndjson", kept)
    place.weir("run", job(place, limits={"rejects": 0})).fails(3)
    failed = json.loads(place.weir("runs", "list", "--output", "json").works().out)["runs"][0]["run"]
    refused("not complete", failed)
    refused("the last run is open", run)
    with contextlib.closing(sqlite3.connect(next(place.home.rglob("state.db")))) as store:
        [key] = store.execute("select key from entries where key like 'kept/%'").fetchone()
        store.execute("insert into entries(key, value, version) values(?, '{}', 1)",
                      [f"checkpoint/{key.split('/')[1]}-{run}/main/{1:020}"])  # as a replay that is decided leaves one
        store.commit()
    ended = place.weir("run", "job.json", "--fresh")
    ended.fails(2, f"weir runs replay {run}")
    texts.append("--- a run beside a replay that is decided\n" + told(place, ended))
    golden("replay_messages.txt", "".join(texts))
    equal(len(table(place)), 5)


finish()
