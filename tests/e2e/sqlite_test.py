"""Rows into SQLite and out again, by manifests: nothing is lost on the way, nothing is written by reading."""
import contextlib, sqlite3

from harness import *

HEAD = "id,name,price,paid,day,at,instant,ratio\n"
TABLE = HEAD + "".join(
    f"{i},{'' if i % 5 == 0 else f'n{i}'},{i}.{i % 100:02},{'true' if i % 3 else 'false'},2024-02-{i % 28 + 1:02},"
    f"2024-01-01 10:00:{i % 60:02},2024-01-01T10:00:00.{i:06}Z,{i / 8}\n" for i in range(1, 20001))
TYPES = {"types": {"price": "decimal(10,2)"}}


def ask(place, name, sql):
    with contextlib.closing(sqlite3.connect(place.folder / name)) as database:
        rows = database.execute(sql).fetchall()
        database.commit()
        return rows


def load(place, database="new/folder/out.db"):
    place.write("in.csv", TABLE)
    place.run({"use": "file", "path": "in.csv", "format": {"use": "csv", **TYPES}},
              {"use": "sqlite", "database": database, "table": "orders"}, name="load").works()


@case
def every_row_comes_back(place):
    load(place)
    place.run({"use": "sqlite", "database": "new/folder/out.db", "table": "orders"}, {"use": "file", "path": "out.csv"},
              name="unload").works()
    found = place.read("out.csv").splitlines()  # the loader took them in whichever order they came
    must(found[0] == TABLE.splitlines()[0] and sorted(found) == sorted(TABLE.splitlines()), f"expected the rows, found {found[:5]}")
    must(sorted(os.listdir(place.folder / "new/folder")) == ["out.db"], "expected the database and nothing else")
    inspected = place.weir("plugin", "inspect", "sqlite").works().out
    must("loader sqlite:" in inspected and "extractor sqlite:" in inspected, f"expected both, found {inspected!r}")


@case
def from_database_to_database(place):
    load(place, "a.db")
    place.run({"use": "sqlite", "database": "a.db", "table": "orders"},
              {"use": "sqlite", "database": "b.db", "table": "orders"}, name="copy").works()
    wanted = "SELECT *, typeof(price), typeof(day) FROM orders ORDER BY id"
    must(ask(place, "a.db", wanted) == ask(place, "b.db", wanted), "expected equal rows")
    declared = "SELECT sql FROM sqlite_schema WHERE name = 'orders'"
    must(ask(place, "a.db", declared) == ask(place, "b.db", declared), "expected equal tables")


@case
def a_query_with_its_rows_in_order(place):
    load(place, "a.db")
    query = "SELECT name, count(*) AS n FROM orders WHERE name IS NULL GROUP BY 1 UNION ALL SELECT 'all', sum(id) FROM orders"
    extract, out = {"use": "sqlite", "database": "a.db", "query": query}, {"use": "file", "path": "out.csv"}
    place.run(extract, out).works()
    must(place.read("out.csv") == "name,n\n,4000\nall,200010000\n", f"found {place.read('out.csv')!r}")
    again = place.run(extract, out).works()
    must("nothing" in (again.out + again.err).lower(), f"expected nothing to do, found {again.out!r} {again.err!r}")
    ask(place, "a.db", "DELETE FROM orders WHERE name IS NULL")
    place.run(extract, out).works()
    must(place.read("out.csv").startswith("name,n\nall,"), f"expected the rows as they are now, found {place.read('out.csv')!r}")


@case
def a_row_that_does_not_fit(place):
    ask(place, "a.db", "CREATE TABLE t(id INTEGER, n INTEGER)")
    ask(place, "a.db", "INSERT INTO t VALUES (1, 10), (2, 'ten'), (3, 30)")
    extract, out = {"use": "sqlite", "database": "a.db", "table": "t"}, {"use": "file", "path": "out.csv"}
    place.run(extract, out, name="strict").fails(1, "a.db table t", "column 'n': expected int64, found text \"ten\" in row 2", "reject:")
    must("out.csv" not in place.files(), "expected no output")
    place.run(extract, out, reject={"use": "file", "path": "bad.ndjson"}).works()
    must(place.read("out.csv") == "id,n\n1,10\n3,30\n", f"found {place.read('out.csv')!r}")
    [bad] = place.rows("bad.ndjson")
    must(bad["row"] == {"id": 2, "n": "ten"} and bad["reason"] == "n: not an integer", f"found {bad}")


@case
def mistakes_stand_where_they_are_in_the_manifest(place):
    ask(place, "a.db", "CREATE TABLE orders(id INTEGER, total REAL)")
    out = {"use": "file", "path": "out.csv"}
    place.run({"use": "sqlite", "database": "a.db", "query": "SELECT id, totl FROM orders"}, out).fails(
        2, "job.json:1:", "no column 'totl' in the database", "did you mean 'total'?", "^")
    place.run({"use": "sqlite", "database": "a.db", "table": "order"}, out, name="table").fails(2, "no table 'order'", "'orders'")
    place.run({"use": "sqlite", "database": "a.db"}, out, name="neither").fails(2, "expected either table or query, found neither")
    place.run({"use": "sqlite", "database": "b.db", "table": "t"}, out, name="none").fails(1, "expected a database, found none")
    must("b.db" not in place.files(), "expected no database to be made by reading")


LARGE = ("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
         "INSERT INTO t SELECT i, 'n' || i, i / 4.0 FROM n")


@case
def a_large_table_is_read_in_splits_and_keeps_its_order(place):
    ask(place, "a.db", "CREATE TABLE t(id INTEGER, name TEXT, x REAL)")
    ask(place, "a.db", LARGE)
    extract = {"use": "sqlite", "database": "a.db", "table": "t"}
    place.run(extract, {"use": "file", "path": "out.csv"}, transform=[{"use": "select", "keep": ["id", "x"]}],
              flags=("--chains", "2")).works()
    wanted = "id,x\n" + "".join(f"{i},{x}\n" for i, x in ask(place, "a.db", "SELECT id, x FROM t ORDER BY rowid"))
    must(place.read("out.csv") == wanted, "expected all rows in their order")
    planned = place.weir("plan", place.manifest(extract, {"use": "discard"}, name="plan")).works().out
    must("3 splits" in planned, f"expected 3 splits, found {planned!r}")


def numbers(table, **options):
    return {"use": "sqlite", "database": "out.db", "table": table, **options}


@case
def two_runs_at_once_wait_for_each_other(place):
    place.write("in.csv", "id\n" + "".join(f"{i}\n" for i in range(100000)))
    extract = {"use": "file", "path": "in.csv"}
    jobs = [place.start("run", place.manifest(extract, numbers(table), name=name))
            for name, table in (("one", "t"), ("two", "t"), ("three", "other"))]
    for job in jobs:
        place.end(job).works()
    must(ask(place, "out.db", "SELECT (SELECT count(*) FROM t), (SELECT count(DISTINCT id) FROM t), (SELECT count(*) FROM other)")
         == [(200000, 100000, 100000)], "expected the rows of all three")
    must(not [name for name in place.files() if name.startswith("out.db-")], "expected no journal to be left")


@case
def a_lock_of_another_program_is_waited_for_and_named(place):
    ask(place, "out.db", "CREATE TABLE other(x)")
    place.write("in.csv", "id\n1\n2\n")
    with contextlib.closing(sqlite3.connect(place.folder / "out.db", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        job = place.start("run", place.manifest({"use": "file", "path": "in.csv"}, numbers("t")))
        told = b""
        while b"sqlite.waiting" not in told:
            told = job.stderr.readline()
            must(told, "expected a word about the wait, found none")
        must(f"(process {os.getpid()})".encode() in told, f"expected who holds the lock, found {told!r}")
        database.execute("COMMIT")
        place.end(job).works()
        must(database.execute("SELECT count(*) FROM t").fetchone() == (2,), "expected both rows")
        database.execute("BEGIN IMMEDIATE")
        place.run({"use": "file", "path": "in.csv"}, numbers("t", wait="10ms"), name="short", retry={"attempts": 1}).fails(
            1, "expected to write to the database within 0.01 s, found it locked by", f"(process {os.getpid()})", "wait: 5m")


@case
def a_table_is_read_and_another_of_its_database_loaded(place):
    ask(place, "out.db", "CREATE TABLE t(id INTEGER, name TEXT, x REAL)")
    ask(place, "out.db", LARGE)
    place.run(numbers("t"), numbers("copy")).works()
    must(ask(place, "out.db", "SELECT count(*), count(DISTINCT id) FROM copy") == [(300000, 300000)], "expected a copy")


@case
def a_table_drifts_as_the_manifest_says(place):
    ask(place, "out.db", "CREATE TABLE t(id INTEGER)")
    ask(place, "out.db", "INSERT INTO t VALUES (1)")
    place.write("in.csv", "id,name\n2.5,b\n")
    extract = {"use": "file", "path": "in.csv"}
    place.run(extract, numbers("t"), name="said-nothing").fails(1, "expected a column 'name'", "drift: { columns: evolve }")
    place.run(extract, numbers("t"), name="frozen", drift={"columns": "evolve", "types": "freeze"}).fails(
        1, "found that 'id' is INTEGER and gets double", "drift: { types: widen }")
    place.run(extract, numbers("t"), name="drifts", drift={"columns": "evolve", "types": "widen"}).works()
    must(ask(place, "out.db", "SELECT id, name FROM t") == [(1.0, None), (2.5, "b")], "expected both rows")
    place.run(numbers("t", drift={"types": "freeze"}), {"use": "discard"}, name="reads").fails(2, "unknown option 'drift'")
    place.run(extract, numbers("t"), name="typo", drift={"columns": "evolv"}).fails(2, "drift", "evolve, freeze, reject or ignore")


if __name__ == "__main__":
    finish()
