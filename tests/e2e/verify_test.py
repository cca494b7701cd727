"""weir runs verify: what a run loaded, read back: equal, different down to the row, or not comparable, and why."""
import contextlib
import json
import os
import sqlite3

from harness import *

CSV = {"use": "csv", "types": {"id": "int64", "price": "decimal(10,2)", "day": "date", "note": "string"}}
ROWS = [(n, f"{n}.50", f"2026-01-{n % 28 + 1:02}", f"row {n}" if n % 3 else "") for n in range(1, 101)]
TABLE = {"use": "sqlite", "database": "out.db", "table": "orders", "key": ["id"]}
EQUAL, DIFFERS, CANT_TELL = 0, 5, 6


def source(place, rows=ROWS, name="in.csv"):
    place.write(name, "id,price,day,note\n" + "".join(",".join(map(str, row)) + "\n" for row in rows))


def ran(place, job, *words):
    return json.loads(place.weir("run", job, *words, "--output", "json").works().out)["run"]


def job_of(place, load, name="job", **more):
    if not (place.folder / "in.csv").exists():
        source(place)
    return place.manifest({"use": "file", "path": "in.csv", "format": CSV}, load, name=name, **more)


def verified(place, run, code, *words):
    """The JSON of the only load, and the text for people beside it."""
    ended = place.weir("runs", "verify", run, *words)
    must(ended.code == code, f"expected exit {code}, found {ended.code}: {ended.out} {ended.err}")
    told = place.weir("runs", "verify", run, *words, "--output", "json")
    must(told.code == code, f"expected exit {code} with JSON too, found {told.code}")
    document = json.loads(told.out)
    must(document["ok"] == (code == EQUAL), f"found {document}")
    load = document["loads"][0]
    load["text"] = ended.out
    return load


def change(place, statement, name="out.db"):
    with contextlib.closing(sqlite3.connect(place.folder / name)) as database, database:
        database.execute(statement)


def edit(place, name, change):
    path = place.folder / name
    text = gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
    changed = change(text.decode())
    must(changed.encode() != text, "the test changed nothing")
    place.write(name, changed)


def narrowed(load, missing=0, added=0, changed=0):
    found = load["narrowed"]
    counts = {key: found[key] for key in ("missing", "added", "changed")}
    must(counts == {"missing": missing, "added": added, "changed": changed} and found["all"], f"found {load}")
    return found


@case
def a_table_that_is_as_it_was_loaded(place):
    run = ran(place, job_of(place, TABLE))
    load = verified(place, run, EQUAL)
    must(load["verdict"] == "equal" and load["sent"] == load["found"] and load["sent"]["rows"] == 100, f"found {load}")
    must("equal: 100 rows, digest" in load["text"], f"found {load['text']}")
    change(place, "CREATE INDEX i ON orders (day)")
    change(place, "ALTER TABLE orders ADD COLUMN seen TEXT DEFAULT 'no'")
    verified(place, run, EQUAL)  # what nobody sent does not count
    (place.folder / "in.csv").unlink()
    verified(place, run[:20].lower(), EQUAL)


@case
def a_row_that_changed_in_a_table_is_found_by_its_key(place):
    run = ran(place, job_of(place, TABLE))
    change(place, "UPDATE orders SET price = '7.51' WHERE id = 7")
    load = verified(place, run, DIFFERS)
    must(load["reason"] == "as many rows as were sent, of other values", f"found {load}")
    found = narrowed(load, changed=1)
    must(found["key"] == {"columns": ["id"], "from": [7], "to": [7]}, f"found {found}")
    row = found["rows"][0]
    must(row["key"] == [7] and str(row["sent"]["price"]) in ("7.5", "7.50") and row["found"]["price"] == 7.51, f"found {row}")
    must("1 row changed; id 7\n" in load["text"] and "id 7: price 7.5" in load["text"], f"found {load['text']}")


@case
def rows_that_are_gone_and_rows_too_many(place):
    run = ran(place, job_of(place, {**TABLE, "key": ["id"], "mode": "replace"}))
    change(place, "DELETE FROM orders WHERE id IN (20, 31)")
    change(place, "INSERT INTO orders VALUES (900, '1.00', '2026-02-01', 'new')")
    load = verified(place, run, DIFFERS)
    must(load["reason"] == "100 rows were sent, 99 are there", f"found {load}")
    found = narrowed(load, missing=2, added=1)
    must(found["key"]["from"] == [20] and found["key"]["to"] == [900], f"found {found}")
    must([row["key"] for row in found["rows"]] == [[20], [31], [900]], f"found {found}")
    must("sent" in found["rows"][0] and "found" not in found["rows"][0] and found["rows"][2]["found"]["note"] == "new", f"{found}")
    by_note = verified(place, run, DIFFERS, "--key", "note", "--key", "id")
    must(by_note["narrowed"]["key"]["columns"] == ["note", "id"], f"found {by_note}")


@case
def a_row_that_came_twice(place):
    run = ran(place, job_of(place, {"use": "sqlite", "database": "out.db", "table": "orders"}))
    change(place, "INSERT INTO orders SELECT * FROM orders WHERE id = 5")
    load = verified(place, run, DIFFERS, "--key", "id")
    found = narrowed(load, added=1)
    must(found["rows"] == [{"key": [5], "found": found["rows"][0]["found"]}] and found["rows"][0]["found"]["id"] == 5, f"{found}")
    plain = verified(place, run, DIFFERS)
    must("key" not in plain["narrowed"] and plain["narrowed"]["added"] == 1, f"found {plain}")


@case
def a_source_that_is_gone_or_changed_narrows_nothing_down(place):
    run = ran(place, job_of(place, TABLE))
    change(place, "DELETE FROM orders WHERE id = 20")
    source(place, ROWS[:50])
    load = verified(place, run, DIFFERS)
    must(load["not_narrowed"] == "the source gives other rows than were sent" and "narrowed" not in load, f"found {load}")
    must("not narrowed down: the source gives" in load["text"], f"found {load['text']}")
    (place.folder / "in.csv").unlink()
    load = verified(place, run, DIFFERS)
    must(load["not_narrowed"].startswith("the source can't be read again: "), f"found {load}")
    load = verified(place, run, DIFFERS, "--no-source")
    must("--no-source" in load["not_narrowed"], f"found {load}")


@case
def what_was_appended_to_a_table_with_others_rows(place):
    change(place, "CREATE TABLE orders (id INTEGER, price TEXT, day DATE, note TEXT)")
    change(place, "INSERT INTO orders VALUES (-1, '0.10', '2020-01-01', 'older')")
    run = ran(place, job_of(place, {"use": "sqlite", "database": "out.db", "table": "orders"}))
    load = verified(place, run, CANT_TELL)  # the price comes back as text
    must("column 'price'" in load["reason"], f"found {load}")
    change(place, "DROP TABLE orders")
    change(place, "CREATE TABLE orders (id INTEGER, price DECIMAL_TEXT(10,2), day DATE, note TEXT)")
    change(place, "INSERT INTO orders VALUES (-1, '0.10', '2020-01-01', 'older')")
    run = ran(place, "job.json", "--fresh")
    load = verified(place, run, EQUAL)
    must(load["reason"] == "all rows that were sent are there, and 1 other", f"found {load}")
    load = verified(place, run, CANT_TELL, "--no-source")
    must("rows of others may be among them" in load["reason"], f"found {load}")
    change(place, "DELETE FROM orders WHERE id = 9")
    change(place, "INSERT INTO orders VALUES (-2, '0.10', '2020-01-01', 'another')")
    load = verified(place, run, DIFFERS, "--key", "id")
    must("1 row of those that were sent is not among the 101 that are there" in load["reason"], f"found {load}")
    must(narrowed(load, missing=1)["rows"][0]["key"] == [9], f"found {load}")
    change(place, "DELETE FROM orders WHERE id < 50")
    load = verified(place, run, DIFFERS, "--no-source")
    must(load["found"]["rows"] == 51, f"found {load}")


@case
def several_runs_into_one_table_are_added_up(place):
    job = job_of(place, {"use": "sqlite", "database": "out.db", "table": "orders"})
    first = ran(place, job)
    source(place, [(n + 1000, *rest) for n, *rest in ROWS[:10]])
    second = ran(place, job)
    for run, others in ((first, [second]), (second, [first])):
        load = verified(place, run, EQUAL)
        must(load["with_runs"] == others and load["found"]["rows"] == 110, f"found {load}")
    change(place, "DELETE FROM orders WHERE id = 3")
    load = verified(place, second, DIFFERS)
    must(load["reason"] == "110 rows were sent by it and 1 other run, 109 are there", f"found {load}")


@case
def what_a_later_run_replaced(place):
    job = job_of(place, {**TABLE, "mode": "replace"})
    first = ran(place, job)
    second = ran(place, job, "--fresh")
    load = verified(place, first, CANT_TELL)
    must(load["reason"] == f"run {second} has put its rows in their place since", f"found {load}")
    verified(place, second, EQUAL)


@case
def what_was_put_by_a_key_may_have_been_put_over(place):
    source(place, ROWS + [(7, "8.00", "2026-03-03", "again")])
    run = ran(place, job_of(place, {**TABLE, "mode": "upsert"}))
    load = verified(place, run, CANT_TELL)
    must("may have taken each other's place" in load["reason"], f"found {load}")
    source(place)
    (place.folder / "out.db").unlink()
    verified(place, ran(place, "job.json", "--fresh"), EQUAL)


@case
def files_of_each_format_are_read_as_what_was_put_into_them(place):
    for path in ("out.csv", "out.csv.gz", "out.ndjson", "out.ndjson.gz", "out.json", "a [*] name.csv"):
        run = ran(place, job_of(place, {"use": "file", "path": path}), "--fresh")
        load = verified(place, run, EQUAL)
        must(load["files"] == {"written": 1, "differing": []} and load["found"]["rows"] == 100, f"{path}: {load}")


@case
def a_value_that_changed_in_a_file_has_its_line(place):
    run = ran(place, job_of(place, {"use": "file", "path": "out.csv.gz"}))
    edit(place, "out.csv.gz", lambda text: text.replace("7,7.50,", "7,7.60,", 1))
    load = verified(place, run, DIFFERS, "--key", "id")
    row = narrowed(load, changed=1)["rows"][0]
    must(row["key"] == [7] and row["place"]["file"].endswith("out.csv.gz") and row["place"]["line"] == 8, f"found {row}")
    edit(place, "out.csv.gz", lambda text: text.replace("\n7,7.60,", "\nseven,7.60,", 1))
    load = verified(place, run, DIFFERS, "--key", "id")
    must("out.csv.gz:8: " in load["reason"] and load["found"]["rows"] == 100, f"found {load}")


@case
def which_of_several_files_differs(place):
    load = {"use": "file", "path": "out/{n}.ndjson", "rows": 30}
    run = ran(place, job_of(place, load, checkpoint={"rows": 25}))
    must(verified(place, run, EQUAL)["files"]["written"] == len(list((place.folder / "out").iterdir())) > 3, "expected parts")
    first, second, third = sorted(path.name for path in (place.folder / "out").iterdir())[:3]
    edit(place, f"out/{second}", lambda text: "".join(text.splitlines(True)[1:]))
    (place.folder / "out" / third).unlink()
    found = verified(place, run, DIFFERS, "--key", "id")
    names = [Path(one["name"]).name for one in found["files"]["differing"]]
    must(sorted(names) == [second, third], f"expected {second} and {third}, found {found}")
    must("2 of" in found["reason"] and f"{third}: is gone" in found["text"], f"found {found}")
    must(found["narrowed"]["missing"] > 1 and found["narrowed"]["added"] == 0, f"found {found}")
    for path in (place.folder / "out").iterdir():
        path.unlink()
    must("are gone" in verified(place, run, DIFFERS)["reason"], "expected that all are gone")


@case
def rows_that_changed_places_between_files_differ(place):
    run = ran(place, job_of(place, {"use": "file", "path": "out/{n}.csv", "rows": 50}))
    one, other = sorted((place.folder / "out").iterdir())
    swapped = one.read_bytes(), other.read_bytes()
    one.write_bytes(swapped[1])
    other.write_bytes(swapped[0])
    found = verified(place, run, DIFFERS)
    must(len(found["files"]["differing"]) == 2, f"found {found}")


@case
def files_that_are_damaged_or_closed(place):
    run = ran(place, job_of(place, {"use": "file", "path": "out.csv.gz"}))
    path = place.folder / "out.csv.gz"
    whole = path.read_bytes()
    path.write_bytes(whole[:len(whole) // 2])
    load = verified(place, run, DIFFERS)
    must("can't be read as it was loaded: " in load["reason"], f"found {load}")
    path.write_bytes(whole)
    if os.geteuid() == 0:
        return  # to whom nothing is closed
    path.chmod(0)
    load = verified(place, run, CANT_TELL)
    must("out.csv.gz" in load["reason"], f"found {load}")


@case
def rows_put_behind_others_in_a_file(place):
    place.write("out.csv", "id,price,day,note\n0,0.50,2026-01-01,older\n")
    job = job_of(place, {"use": "file", "path": "out.csv", "append": True})
    load = verified(place, ran(place, job), EQUAL)
    must(load["reason"] == "all rows that were sent are there, and 1 other", f"found {load}")
    (place.folder / "out.csv").unlink()
    first = ran(place, job, "--fresh")
    source(place, [(n + 1000, *rest) for n, *rest in ROWS[:10]])
    second = ran(place, job)
    must(verified(place, second, EQUAL)["with_runs"] == [first], "expected both runs")
    edit(place, "out.csv", lambda text: text.replace("1003,", "1033,", 1))
    verified(place, second, DIFFERS)


@case
def a_run_that_was_killed_and_finished_keeps_all_of_its_files(place):
    wide = "x" * 3000
    source(place, [(n, "1.00", "2026-01-01", wide) for n in range(20_000)])
    job = job_of(place, {"use": "file", "path": "out/{n}.csv", "rows": 700}, checkpoint={"rows": 2000})
    process = place.start("run", job)
    end = time.monotonic() + 60
    while len(list((place.folder / "out").glob("[0-9]*.csv"))) < 4:
        must(time.monotonic() < end and process.poll() is None, "expected it to publish files")
        time.sleep(0.002)
    process.kill()
    place.end(process)
    run = ran(place, job)
    load = verified(place, run, EQUAL)
    must(load["files"]["written"] == len(list((place.folder / "out").iterdir())), f"found {load}")


@case
def limits_of_time_and_of_rows(place):
    run = ran(place, job_of(place, TABLE))
    load = verified(place, run, CANT_TELL, "--rows", "99")
    must("100 rows should be there, more than the 99 that --rows leaves" in load["reason"] and "found" not in load, f"{load}")
    verified(place, run, EQUAL, "--rows", "100")
    change(place, "DELETE FROM orders WHERE id = 3")
    load = verified(place, run, DIFFERS, "--rows", "100")
    must("--rows allows 100" in load["not_narrowed"], f"found {load}")
    change(place, "INSERT INTO orders SELECT id + 1000, price, day, note FROM orders")
    load = verified(place, run, CANT_TELL, "--rows", "120")
    must("--rows allows 120" in load["reason"], f"found {load}")
    load = verified(place, run, CANT_TELL, "--time", "1ns")
    must(load["reason"].startswith("the time was over, 0 rows had been read"), f"found {load}")
    verified(place, run, DIFFERS, "--time", "10m")
    place.weir("runs", "verify", run, "--time", "soon").fails(2, "--time: ")


@case
def what_can_not_be_compared_says_why(place):
    job = job_of(place, {"use": "discard"})
    must("gives nothing back" in verified(place, ran(place, job), CANT_TELL)["reason"], "expected the reason")
    job = job_of(place, {"use": "file", "path": "-", "format": "csv"}, name="out")
    place.weir("run", job).works()
    run = json.loads(place.weir("runs", "list", "--output", "json").works().out)["runs"][0]["run"]
    must("can't be read again" in verified(place, run, CANT_TELL)["reason"], "expected the reason")
    source(place, [(1, "x", "y", "z")])
    place.weir("run", job_of(place, TABLE, name="bad")).fails(1)
    run = json.loads(place.weir("runs", "list", "--output", "json").works().out)["runs"][0]["run"]
    must("not at its end: failed" in verified(place, run, CANT_TELL)["reason"], "expected the reason")
    source(place)
    run = ran(place, job_of(place, TABLE, name="good"))
    job_of(place, {**TABLE, "table": "others"}, name="good")
    must("says something else of 'load'" in verified(place, run, CANT_TELL)["reason"], "expected the reason")
    verified(place, run, EQUAL, "--set", "load.table=orders")


@case
def a_table_that_is_gone_and_a_column_that_is(place):
    run = ran(place, job_of(place, TABLE))
    change(place, "ALTER TABLE orders DROP COLUMN note")
    must(verified(place, run, CANT_TELL)["reason"] == "the destination has no column 'note' any more", "expected the column")
    change(place, "DROP TABLE orders")
    load = verified(place, run, DIFFERS)
    must("orders" in load["reason"], f"found {load}")
    (place.folder / "out.db").unlink()
    verified(place, run, DIFFERS)


@case
def loads_of_branches_and_one_of_them_alone(place):
    source(place)
    job = place.manifest({"use": "file", "path": "in.csv", "format": CSV},
                         [TABLE, {"use": "file", "path": "out.ndjson", "name": "lines"}], name="both")
    run = ran(place, job)
    edit(place, "out.ndjson", lambda text: text.replace('"id":4,', '"id":44,', 1))
    ended = place.weir("runs", "verify", run, "--output", "json")
    loads = json.loads(ended.out)["loads"]
    must([load["verdict"] for load in loads] == ["equal", "differs"] and ended.code == DIFFERS, f"found {loads}")
    verified(place, run, EQUAL, "--load", "load")
    place.weir("runs", "verify", run, "--load", "line").fails(2, "usage.link", "it has load, lines")
    place.weir("runs", "verify", run, "--key", "di").fails(2, "usage.key", "no column 'di'", "id, price, day, note")


@case
def parameters_and_profiles_are_those_of_the_run(place):
    job = job_of(place, {"use": "file", "path": "${param:day}.csv"})
    run = ran(place, job, "--param", "day=monday")
    verified(place, run, EQUAL, "--param", "day=monday")
    must("--param" in verified(place, run, CANT_TELL, "--param", "day=tuesday")["reason"], "expected the hint")
    place.weir("runs", "verify", run).fails(2, "manifest.interpolation")


@case
def what_is_pruned_takes_the_list_of_its_files_with_it(place):
    job = job_of(place, {"use": "file", "path": "out/{n}.csv", "rows": 10})
    ran(place, job)
    place.weir("runs", "prune", "--keep", "0").works()
    with contextlib.closing(sqlite3.connect(next(place.home.rglob("state.db")))) as store:
        left = [key for (key,) in store.execute("select key from entries") if not key.startswith("run/")]
    must(left == [], f"found {left}")


@case
def what_people_read(place):
    """Every message of this command, as it is told."""
    told = []

    def tell(title, run, *words):
        out = place.weir("runs", "verify", run, *words).out
        told.append(f"--- {title}\n{re.sub(r'[0-9A-Z]{26}', 'RUN', out).replace(str(place.folder), 'FOLDER')}")

    job = job_of(place, TABLE)
    run = ran(place, job)
    tell("equal", run)
    change(place, "UPDATE orders SET price = '7.51', note = 'x' WHERE id = 7")
    change(place, "DELETE FROM orders WHERE id IN (20, 31)")
    tell("differs, by key", run)
    tell("differs, the source is not read", run, "--no-source")
    change(place, "DELETE FROM orders")
    tell("differs in many rows", run)
    tell("a limit", run, "--rows", "10")
    run = ran(place, job_of(place, {"use": "file", "path": "out/{n}.csv", "rows": 40}, name="files"))
    (place.folder / "out/00001.csv").unlink()
    edit(place, "out/00000.csv", lambda text: text.replace("row 4", "row 5", 1))
    tell("files", run)
    tell("a destination that gives nothing back", ran(place, job_of(place, {"use": "discard"}, name="none")))
    place.env["WEIR_PLUGIN_PATH"] = str(Path(BAD_PLUGINS).parent.parent / "examples/plugins")
    run = ran(place, job_of(place, {"use": "tally", "path": "tally.txt", "column": "note"}, name="tally", reject={"use": "discard"}))
    tell("a loader without an extractor", run)
    told.append("--- a key that is no column\n" + place.weir("runs", "verify", run, "--key", "no").err)
    golden("verify.txt", "".join(told))


@case
def columns_that_the_table_calls_otherwise_or_lacks(place):
    """What is compared is what is stored."""
    place.write("in.csv", "id,Id,note\n" + "".join(f"{n},{n * 2},row {n}\n" for n in range(1, 50)))
    extract = {"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"id": "int64", "Id": "int64"}}}
    load = {**TABLE, "mode": "append"}
    del load["key"]
    place.manifest(extract, load)
    run = ran(place, "job.json")
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database:
        names = [column[1] for column in database.execute("pragma table_info(orders)")]
    must(names[0] == "id" and names[1] not in ("id", "Id"), f"expected another name for Id, found {names}")
    verified(place, run, EQUAL)
    change(place, f'update orders set "{names[1]}" = 0 where id = 7')
    verified(place, run, DIFFERS)
    change(place, "create table few(id integer, note text)")
    place.manifest(extract, {**load, "table": "few"}, name="few", drift={"columns": "ignore", "loss": "allow"})
    run = ran(place, "few.json")
    verified(place, run, EQUAL)
    change(place, "update few set note = 'x' where id = 7")
    verified(place, run, DIFFERS)


@case
def columns_that_changed_before_anything_was_committed(place):
    """A run that failed at once goes on with other columns: those are what it has loaded."""
    place.write("in.csv", "id,note\n1,a\nmany,b\n")
    extract = {"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"id": "int64"}}}
    job = place.manifest(extract, {"use": "sqlite", "database": "out.db", "table": "orders"})
    place.weir("run", job).fails(1, "in.csv:3:1")
    place.write("in.csv", "id,note,more\n1,a,x\n2,b,y\n")
    verified(place, ran(place, job), EQUAL)


finish()
