# slow
"""Destinations and rows that differ: each word of drift:, before a run and in the middle of one, against plain SQL."""
import contextlib, signal, sqlite3

from harness import *


def ask(place, sql, name="out.db"):
    with contextlib.closing(sqlite3.connect(place.folder / name)) as database:
        rows = database.execute(sql).fetchall()
        database.commit()
        return rows


def make(place, sql, name="out.db"):
    with contextlib.closing(sqlite3.connect(place.folder / name)) as database:
        database.executescript(sql)


def columns(place, table="t"):
    return [(name, kind) for _, name, kind, *_ in ask(place, f"pragma table_info({table})")]


TOWNS = "id,name,town\n1,a,Oslo\n2,b,\n3,c,Bergen\n"
CSV = {"use": "file", "path": "in.csv"}
LOAD = {"use": "sqlite", "database": "out.db", "table": "t"}
REJECT = {"use": "file", "path": "rejects.ndjson"}


def names_only(place, text=TOWNS):
    place.write("in.csv", text)
    make(place, "create table t(id integer, name text)")


@case
def columns_that_the_table_lacks(place):
    names_only(place)
    place.run(CSV, LOAD, name="unsaid").fails(1, "expected a column 'town', as the input has, found none", "drift: { columns: evolve }")
    place.run(CSV, LOAD, name="freeze", drift={"columns": "freeze"}).fails(1, "expected a column 'town'")
    must(ask(place, "select count(*) from t") == [(0,)], "expected no row of a frozen table")
    place.run(CSV, LOAD, reject=REJECT, name="reject", drift={"columns": "reject"}).works()
    must(ask(place, "select * from t") == [(2, "b")], f"found {ask(place, 'select * from t')}")
    rejects = place.rows("rejects.ndjson")
    must([row["row"]["town"] for row in rejects] == ["Oslo", "Bergen"], f"found {rejects}")
    must({row["reason"] for row in rejects} == {"town: a value for a column that the table lacks"}, f"found {rejects}")
    place.run(CSV, LOAD, name="evolve", drift={"columns": "evolve"}).works()
    must(ask(place, "select * from t order by rowid") == [(2, "b", None), (1, "a", "Oslo"), (2, "b", None), (3, "c", "Bergen")],
         f"found {ask(place, 'select * from t')}")


@case
def what_is_lost_is_asked_for(place):
    names_only(place)
    drift = {"columns": "ignore", "loss": "ask"}
    place.run(CSV, LOAD, drift=drift).fails(
        1, "table 't': expected a change that loses no data, found one that loses the values of column 'town', which is left out",
        "hint: allow it with --allow-loss, or let weir add the column with drift: { columns: evolve }", "job.json:1:")
    must(ask(place, "select count(*) from t") == [(0,)], "expected no row before the loss is allowed")
    done = place.weir("run", "job.json", "--allow-loss", "--log", "level=info").works()
    must(ask(place, "select * from t") == [(1, "a"), (2, "b"), (3, "c")], "expected all rows, without the column")
    must(done.err.count("sqlite.loss_allowed") == 1 and "the values of column 'town', which is left out" in done.err, f"found {done.err!r}")
    must('"values":"2"' in done.err or "values=2" in done.err, f"expected the number of values that are lost, found {done.err!r}")
    place.run(CSV, LOAD, name="allowed", drift={"columns": "ignore", "loss": "allow"}).works()
    must(ask(place, "select count(*) from t") == [(6,)], "expected the manifest to allow it too")


@case
def types_that_the_table_lacks(place):
    place.write("in.csv", "id,x\n1,2\n2,2.5\n3,2.0\n4,\n")
    make(place, "create table t(id integer, x integer); insert into t values(0, 7)")
    place.run(CSV, LOAD, name="freeze", drift={"types": "freeze"}).fails(1, "found that 'x' is INTEGER and gets double")
    place.run(CSV, LOAD, reject=REJECT, name="reject", drift={"types": "reject"}).works()
    must(ask(place, "select id, x, typeof(x) from t") == [(0, 7, "integer"), (1, 2, "integer"), (3, 2, "integer"), (4, None, "null")],
         f"found {ask(place, 'select * from t')}")
    [bad] = place.rows("rejects.ndjson")
    must(bad["row"] == {"id": 2, "x": 2.5} and bad["reason"] == "x: not of the column's type", f"found {bad}")
    ask(place, "delete from t where id > 0")
    place.run(CSV, LOAD, name="ask", drift={"types": "ignore"}).fails(
        1, "found one that loses those values of column 'x' that INTEGER can't hold", "drift: { types: widen }")
    place.weir("run", "ask.json", "--allow-loss").works()
    must(ask(place, "select id, x from t") == [(0, 7), (1, 2), (2, None), (3, 2), (4, None)], f"found {ask(place, 'select * from t')}")
    ask(place, "delete from t where id > 0")
    place.run(CSV, LOAD, name="widen", drift={"types": "widen"}).works()
    must(columns(place) == [("id", "INTEGER"), ("x", "REAL")], f"found {columns(place)}")
    must(ask(place, "select id, x from t") == [(0, 7.0), (1, 2.0), (2, 2.5), (3, 2.0), (4, None)], f"found {ask(place, 'select * from t')}")


@case
def values_that_a_column_is_not_for(place):
    """Each declared type with a text that it holds and one that it does not."""
    fits = {"boolean": "1", "integer": "7", "real": "0.5", "decimal_text(4,2)": "12.5", "date": "2026-01-31", "time": "10:00:00",
            "timestamp": "2026-01-31 10:00:00", "unsigned_blob": "18446744073709551615"}
    for number, (declared, text) in enumerate(fits.items()):
        make(place, f"create table t{number}(x {declared})")
        place.write(f"in{number}.ndjson", "".join(json.dumps({"x": value}) + "\n" for value in (text, "no", None)))
        made = place.run({"use": "file", "path": f"in{number}.ndjson"}, {**LOAD, "table": f"t{number}"}, reject=REJECT, name=f"n{number}",
                         drift={"types": "reject"})
        made.works()
        bad = [row["row"]["x"] for row in place.rows("rejects.ndjson")]
        kept = ask(place, f"select x from t{number}")
        numbers_alone = declared in ("boolean", "integer", "real")  # a text is none, whatever it says
        must(sorted(bad) == ([text, "no"] if numbers_alone else ["no"]), f"{declared}: found {bad}")
        wanted = [(None,)] if numbers_alone else [(None,), (text,)]
        must(sorted(kept, key=repr) == sorted(wanted, key=repr), f"{declared}: found {kept}")


@case
def tables_that_are_not_there(place):
    place.write("in.csv", TOWNS)
    place.run(CSV, LOAD, name="database", drift={"tables": "freeze"}).fails(1, "expected a database, found none", "drift: { tables: evolve }")
    make(place, "create table other(id integer)")
    place.run(CSV, LOAD, name="table", drift={"tables": "freeze"}).fails(1, "expected a table, found none", "drift: { tables: evolve }")
    place.run(CSV, LOAD, name="made", drift={"tables": "evolve"}).works()
    must(ask(place, "select count(*) from t") == [(3,)], "expected the table to be made")


@case
def columns_that_the_rows_lack(place):
    place.write("in.csv", "id\n1\n")
    make(place, "create table t(id integer, note text default 'none', name text not null); insert into t values(0, 'x', 'old')")
    place.run(CSV, LOAD, name="unsaid").fails(1, "column 'name' is NOT NULL without a default: expected it in the input")
    place.run(CSV, LOAD, name="ask", drift={"columns": "evolve"}).fails(
        1, "found one that loses the NOT NULL of column 'name', which the rows lack", "--allow-loss")
    place.weir("run", "ask.json", "--allow-loss").works()
    must(ask(place, "select id, note, name from t") == [(0, "x", "old"), (1, "none", None)], f"found {ask(place, 'select * from t')}")


@case
def a_table_that_is_replaced(place):
    place.write("in.csv", "id,town\n1,Oslo\n")
    replace = {**LOAD, "mode": "replace"}
    before = "create table t(id integer, name text); insert into t values(0, 'z')"
    make(place, before)
    place.run(CSV, replace, name="columns", drift={"columns": "freeze"}).fails(1, "expected a column 'name' in the input, as the table has")
    place.run(CSV, replace, name="rows", drift={"columns": "reject"}).fails(2, "found mode replace, which makes it of them", "columns: evolve")
    place.run(CSV, replace, name="ask", drift={"columns": "evolve"}).fails(1, "found one that loses column 'name', which the rows lack")
    must(ask(place, "select * from t") == [(0, "z")], "expected the old table")
    place.weir("run", "ask.json", "--allow-loss").works()
    must(ask(place, "select * from t") == [(1, "Oslo")] and columns(place) == [("id", "INTEGER"), ("town", "TEXT")], f"found {columns(place)}")
    make(place, "drop table t;" + before)
    place.run(CSV, replace, name="unsaid").works()
    must(ask(place, "select * from t") == [(1, "Oslo")], "expected the table to be replaced where nothing is said")


@case
def digits_are_lost_by_consent_alone(place):
    place.write("in.csv", "x\n0.5\n")
    make(place, "create table t(x integer); insert into t values(9007199254740993)")
    place.run(CSV, LOAD, drift={"types": "widen"}).fails(1, "that REAL keeps, found 9007199254740993", "--allow-loss")
    must(ask(place, "select x from t") == [(9007199254740993,)], "expected the value as it was")
    done = place.weir("run", "job.json", "--allow-loss").works()
    must("9007199254740993" in done.err, f"expected the log to say what is lost, found {done.err!r}")
    must(ask(place, "select x from t") == [(9007199254740992.0,), (0.5,)], f"found {ask(place, 'select x from t')}")


@case
def a_plan_shows_what_is_run(place):
    place.write("in.csv", "id,name,x,Name\n1,a,0.5,b\n")
    before = "create table t(id integer, x integer, name text); insert into t values(0, 1, 'z')"
    make(place, before)
    load = {**LOAD, "drift": {"columns": "evolve", "types": "widen"}}
    place.manifest(CSV, load)
    planned = place.weir("plan", "job.json").works().out
    statements = json.loads(place.weir("plan", "job.json", "--output", "json").works().out)["parts"][-1]["ddl"]
    must(len(statements) > 1 and ask(place, "select count(*) from t") == [(1,)], f"expected statements and nothing done, found {statements}")
    must('ALTER TABLE main."t" ADD COLUMN "Name_' in planned, f"found {planned}")
    make(place, before + ";" + ";".join(statements), "by_hand.db")
    place.weir("run", "job.json").works()
    schema = "select sql from sqlite_schema where name = 't'"
    must(ask(place, schema) == ask(place, schema, "by_hand.db"), f"found {ask(place, schema)} and {ask(place, schema, 'by_hand.db')}")
    again = json.loads(place.weir("plan", "job.json", "--output", "json").works().out)["parts"][-1]["ddl"]
    must(again == [], f"expected nothing to be left to do, found {again}")
    place.manifest(CSV, {**LOAD, "table": "new", "mode": "history", "key": ["id"]}, name="new")
    made = json.loads(place.weir("plan", "new.json", "--output", "json").works().out)["parts"][-1]["ddl"]
    must([one.split("main.")[0] for one in made] == ["CREATE TABLE ", "CREATE UNIQUE INDEX "], f"found {made}")
    place.manifest(CSV, {**LOAD, "mode": "replace"}, name="replaced")
    replaced = json.loads(place.weir("plan", "replaced.json", "--output", "json").works().out)["parts"][-1]["ddl"]
    must([one.split("main.")[0] for one in replaced] == ["DROP TABLE ", "CREATE TABLE "], f"found {replaced}")
    place.manifest(CSV, [{**LOAD, "table": "both"}, {**LOAD, "table": "both"}], name="both")
    both = [part["ddl"] for part in json.loads(place.weir("plan", "both.json", "--output", "json").works().out)["parts"] if part["role"] == "load"]
    must(len(both[0]) == 1 and both[1] == [], f"expected one load to make the table, found {both}")
    place.manifest(CSV, LOAD, name="frozen", drift={"columns": "freeze", "types": "freeze"})
    make(place, "create table u(id integer)")
    place.manifest(CSV, {**LOAD, "table": "u"}, name="frozen")
    place.weir("plan", "frozen.json").fails(1, "expected the columns 'name', 'x', 'Name_")


@case
def names_that_differ_by_case(place):
    place.write("in.csv", "id,ID,name\n1,10,a\n")
    evolve = {"drift": {"columns": "evolve"}}
    place.run(CSV, LOAD, name="first", **evolve).works()
    held = [name for name, _ in columns(place)]
    must(held[0] == "id" and held[1].startswith("ID_") and len(held[1]) == 11, f"found {held}")
    place.write("in.csv", "ID,name,Name,id\n20,b,c,2\n")
    place.run(CSV, LOAD, name="second", **evolve).works()
    now = [name for name, _ in columns(place)]
    must(now[:3] == held and now[3].startswith("Name_"), f"expected the names to be kept, found {now}")
    must(ask(place, "select * from t") == [(1, 10, "a", None), (2, 20, "b", "c")], f"found {ask(place, 'select * from t')}")
    must(ask(place, "select name, held from _weir_names order by 1") == [("ID", held[1]), ("Name", now[3])], "expected the names to be noted")
    place.write("in.csv", f"ID,{held[1]}\n1,2\n")
    place.run(CSV, LOAD, name="third").fails(2, "found \"", "which both become", held[1], "rename one of them before")


FILES, ROWS = 40, 500


def row_of(number, i):
    """The rows of one stream: the 22nd file has another column, the 25th fractions, the 31st lacks the name."""
    row = {"id": number * ROWS + i, "name": f"n{i}", "x": i}
    if number == 21:
        row["town"] = f"t{i % 7}"
    if number == 24:
        row["x"] = i + 0.5
    if number == 30:
        del row["name"]
    return row


def stream(place, use):
    for number in range(FILES):
        rows = [row_of(number, i) for i in range(ROWS)]
        text = "".join(json.dumps(row) + "\n" for row in rows)
        if use == "csv":
            text = ",".join(rows[0]) + "\n" + "".join(",".join(map(str, row.values())) + "\n" for row in rows)
        place.write(f"in/{use}/f{number:02}.{'csv' if use == 'csv' else 'ndjson'}", text)
    return {"use": "file", "path": f"in/{use}/*"}


def wanted():
    rows = [row_of(number, i) for number in range(FILES) for i in range(ROWS)]
    return sorted((row["id"], row.get("name"), float(row["x"]), row.get("town")) for row in rows)


def found(place):
    return sorted(ask(place, "select id, name, x, town from t"))


@case
def the_columns_change_in_the_middle_of_a_run(place):
    for use in ("csv", "json"):
        extract = stream(place, use)
        load = {**LOAD, "database": f"{use}.db"}
        place.run(extract, load, name=use, drift={"columns": "evolve", "types": "widen"}, checkpoint={"rows": 1500}).works()
        must(sorted(ask(place, "select id, name, x, town from t", f"{use}.db"), key=repr) == sorted(wanted(), key=repr), f"{use}: expected all rows once")
        must("nothing to do" in place.weir("run", f"{use}.json").works().out, "expected nothing to be left")
        place.weir("runs", "verify", json.loads(place.weir("runs", "list", "--output", "json").works().out)["runs"][0]["run"]).works()


@case
def what_is_frozen_stays_so_in_the_middle_of_a_run(place):
    extract = stream(place, "csv")
    strict = place.run(extract, LOAD, name="strict", drift={"columns": "freeze"}, checkpoint={"rows": 1500}, flags=("--chains", "1"))
    strict.fails(1, "f21.csv:1:1", "a column more, \"town\"")
    loaded = ask(place, "select count(*), count(distinct id) from t") if (place.folder / "out.db").exists() else [(0, 0)]
    must(loaded[0][0] == loaded[0][1] and loaded[0][0] < 21 * ROWS + 1, f"found {loaded}")


@case
def values_are_rejected_or_left_out_in_the_middle_of_a_run(place):
    extract = stream(place, "csv")
    make(place, "create table t(id integer, name text, x real)")
    place.run(extract, LOAD, reject=REJECT, name="reject", drift={"columns": "reject", "types": "widen"}, checkpoint={"rows": 1500},
              flags=("--chains", "1")).works()
    rows = [row_of(number, i) for number in range(FILES) for i in range(ROWS)]
    kept = sorted(row["id"] for row in rows if "town" not in row)
    must([id for id, in ask(place, "select id from t order by id")] == kept, "expected the rows without the column")
    must(len(place.rows("rejects.ndjson")) == ROWS, "expected the rows of one file to be rejected")
    ask(place, "delete from t")
    place.run(extract, LOAD, name="ignore", drift={"columns": "ignore", "types": "widen"}, checkpoint={"rows": 1500}, flags=("--chains", "1")).fails(
        1, "found one that loses the values of column 'town'")
    place.weir("run", "ignore.json", "--allow-loss").works()
    must([id for id, in ask(place, "select id from t order by id")] == [row["id"] for row in rows], "expected all rows, each once")


@case
def a_table_is_renamed_in_the_middle_of_a_run(place):
    extract = stream(place, "csv")
    more = [(-number, "b", 1.0, None) for number in range(2, 200_002)]  # so that the end is far when it is killed
    place.write("in/csv/f38.csv", "id,name,x\n" + "".join(f"{id},b,1\n" for id, *_ in more))
    job = place.manifest(extract, LOAD, drift={"columns": "evolve", "types": "widen"}, checkpoint={"rows": 1500})
    going = Speaking(place, "run", job, "--chains", "1", "--log", "level=info")
    going.until("the epoch is committed")
    going.ends(-signal.SIGKILL, signal.SIGKILL)
    begun = ask(place, "select count(*) from t")[0][0]
    must(begun >= 1500, f"expected some epochs, found {begun} rows")
    ask(place, "alter table t rename to elsewhere")
    place.weir("run", job).fails(1, "expected the table that this run has begun to fill, found none", "--fresh")
    must(ask(place, "select count(*) from elsewhere")[0][0] == begun, "expected nothing to be written")
    ask(place, "alter table elsewhere rename to t")
    place.write("in/csv/f40.csv", "id,name,x,late\n-1,a,1,now\n")  # a column that begins in the middle: the run had gone on without it
    place.weir("run", job).works()
    rows = [row for row in wanted() if row[0] // ROWS != 38]
    must(sorted(found(place), key=repr) == sorted([*rows, *more, (-1, "a", 1.0, None)], key=repr), "expected all rows, each once")
    must(ask(place, "select id, late from t where late is not null") == [(-1, "now")], "expected the column to be added in the middle")


@case
def a_file_that_is_written_has_the_columns_it_was_begun_with(place):
    wide = "x" * 400  # more than what is read ahead
    for number in range(5):
        place.write(f"in/f{number}.csv", "id,name\n" + "".join(f"{number}{i:06},{wide}\n" for i in range(40_000)))
    extract, out = {"use": "file", "path": "in/*.csv"}, {"use": "file", "path": "out.csv"}
    job = place.manifest(extract, out, drift={"columns": "evolve"}, checkpoint={"rows": 5_000})
    begun = Speaking(place, "run", job, "--chains", "1", "--log", "level=info")
    begun.until("the epoch is committed")
    begun.ends(-signal.SIGKILL, signal.SIGKILL)
    place.write("in/f4.csv", "id,town,name\n9,Oslo,b\n")
    place.weir("run", job).fails(2, "expected the columns that the unfinished 'out.csv' was begun with (id string?, name string?)", "--fresh")
    must("out.csv" not in place.files(), "expected no file under its name")
    place.weir("run", job, "--fresh").works()
    lines = place.read("out.csv").splitlines()
    must(len(lines) == 160_002 and lines[0] == "id,name,town" and all(line.count(",") == 2 for line in lines), f"found {lines[:2]}")


@case
def a_table_that_is_renamed(place):
    make(place, "create table orders(id integer primary key, n integer); insert into orders values(1, 1); create table other(id integer)", "in.db")
    extract, load = {"use": "sqlite", "database": "in.db", "streams": {"new": "fail"}}, {**LOAD, "table": "{name}", "mode": "upsert", "key": ["id"]}
    place.run(extract, load, drift={"tables": "evolve"}).works()
    make(place, "alter table orders rename to sales; insert into sales values(2, 2)", "in.db")
    place.weir("run", "job.json").fails(1, "found new: 'sales'", "streams:")
    must(ask(place, "select * from orders") == [(1, 1)], "expected nothing to be loaded")
    # Taken as a table of its own, which must not be made; then as what it was.
    taken = {**extract, "streams": {"new": "add"}}
    refused = place.run(taken, load, drift={"tables": "freeze"}).fails(1, "'sales'", "expected a table, found none")
    must("gone        'orders'" in refused.out, f"expected it to be told that 'orders' is gone, found {refused.out!r}")
    place.run(taken, load, drift={"tables": "freeze"}, streams={"sales": {"load": {"table": "orders"}}}).works()
    must(ask(place, "select * from orders order by id") == [(1, 1), (2, 2)], f"found {ask(place, 'select * from orders')}")
    must(ask(place, "select name from sqlite_schema where name = 'sales'") == [], "expected no other table")


@case
def a_source_that_changes_between_runs(place):
    make(place, "create table s(id integer, n integer); insert into s values(1, 2)", "in.db")
    extract = {"use": "sqlite", "database": "in.db", "table": "s"}
    load = {**LOAD, "mode": "upsert", "key": ["id"]}
    job = {"drift": {"columns": "evolve", "types": "widen"}}
    place.run(extract, load, **job).works()
    make(place, "alter table s add column town text; insert into s values(2, 3, 'Oslo')", "in.db")
    place.weir("run", "job.json").works()
    make(place, "alter table s drop column n; update s set town = 'Bergen' where id = 1", "in.db")
    place.weir("run", "job.json").works()
    must(ask(place, "select id, n, town from t") == [(1, 2, "Bergen"), (2, 3, "Oslo")], f"found {ask(place, 'select * from t')}")


@case
def a_file_of_csv_keeps_its_columns(place):
    place.write("out.csv", "id,name\n0,z\n")
    place.write("in.csv", TOWNS)
    place.run(CSV, {"use": "file", "path": "out.csv", "append": True}, drift={"columns": "evolve"}).fails(
        1, "expected the columns of the rows, id, name, town", "a file of csv keeps its columns, whatever drift: says")
    must(place.read("out.csv") == "id,name\n0,z\n", "expected the file as it was")
    place.write("out.ndjson", '{"id":0,"name":"z"}\n')
    place.run(CSV, {"use": "file", "path": "out.ndjson", "append": True}, name="lines", drift={"columns": "evolve"}).works()
    must(place.rows("out.ndjson")[1] == {"id": 1, "name": "a", "town": "Oslo"}, f"found {place.rows('out.ndjson')}")


if __name__ == "__main__":
    finish()
