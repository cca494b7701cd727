# slow
"""Runs of many epochs out of and into SQLite, killed in between: what is there in the end is what an undisturbed run leaves,
and of a table that is replaced nobody sees a part."""
import contextlib, random, sqlite3

from harness import *

ROWS = 100000
FILES = 20
SMALL = {"rows": 5000}
SEED = int(os.environ.get("SEED") or random.randrange(10**6))


def ask(place, name, *statements):
    with contextlib.closing(sqlite3.connect(place.folder / name, timeout=60)) as database:
        rows = [row for sql in statements for row in database.execute(sql).fetchall()]
        database.commit()
        return rows


def numbers(place, rows=ROWS):
    each = rows // FILES
    for file in range(FILES):
        place.write(f"in/{file:02}.csv", "id,name\n" + "".join(f"{i % 70000},n{i}\n" for i in range(file * each, (file + 1) * each)))


def table(place, name="in.db", sql="CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, x)", rows=ROWS, word="n"):
    ask(place, name, sql, f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
        f"INSERT INTO t SELECT i * 3, '{word}' || i, i / 4.0 FROM n")


def epochs(place, database="out.db"):
    """The last epoch that the database holds of the newest run; 0: none."""
    if not (place.folder / database).exists():
        return 0
    with contextlib.suppress(sqlite3.OperationalError):
        return (ask(place, database, "SELECT epoch FROM _weir_tokens ORDER BY id DESC LIMIT 1") or [(0,)])[0][0]
    return 0


def killed_and_gone_on(place, manifest, kills=3, look=lambda: None, most=4):
    """Runs, killing as soon as some more epochs are committed, and then to the end. Gives how many of the kills came in time."""
    chance, in_time, seen = random.Random(SEED), 0, epochs(place)
    for _ in range(kills):
        job, wanted = place.start("run", manifest), seen + chance.randint(1, most)
        while job.poll() is None and epochs(place) < wanted:
            look()
        in_time += job.poll() is None
        job.kill()
        place.end(job)
        must(job.returncode in (0, -signal.SIGKILL), f"seed {SEED}: found exit {job.returncode}")
        seen = epochs(place)
        look()
    place.weir("run", manifest).works()
    return in_time


LOADS = {
    "append": {},
    "replace": {"mode": "replace"},
    "upsert": {"mode": "upsert", "key": ["id"]},
    "ignore": {"mode": "ignore", "key": ["id"]},
    "delete": {"mode": "delete", "key": ["id"]},
}


def loads_like_undisturbed(place, mode):
    numbers(place)
    for name in ("out.db", "wanted.db"):
        if mode == "delete":
            ask(place, name, "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT)",
                "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99999) INSERT INTO t SELECT i, 'n' FROM n")
        elif mode == "replace":
            ask(place, name, "CREATE TABLE t(old)", "INSERT INTO t VALUES ('old')")
    extract = {"use": "file", "path": "in/*.csv"}
    place.run(extract, {"use": "sqlite", "database": "wanted.db", "table": "t", **LOADS[mode]}, name="undisturbed").works()

    def whole():
        if mode == "replace":
            must(ask(place, "out.db", "SELECT count(*) FROM t") in ([(1,)], [(ROWS,)]), "expected the old table, or all of the new one")

    manifest = place.manifest(extract, {"use": "sqlite", "database": "out.db", "table": "t", **LOADS[mode]}, checkpoint=SMALL)
    must(killed_and_gone_on(place, manifest, look=whole) > 0, f"seed {SEED}: expected one kill at least before the end")
    for sql in ("SELECT * FROM t ORDER BY id, name", "SELECT sql FROM sqlite_schema WHERE name = 't'"):
        must(ask(place, "out.db", sql) == ask(place, "wanted.db", sql), f"seed {SEED}: expected what an undisturbed run leaves: {sql}")
    left = ask(place, "out.db", "SELECT name FROM sqlite_schema WHERE type = 'table'")
    must(sorted(left) == [("_weir_tokens",), ("t",)], f"expected no other table, found {left}")
    must(not [name for name in place.files() if name.startswith("out.db-")], "expected no journal to be left")


for mode in LOADS:
    def loads(place, mode=mode):
        loads_like_undisturbed(place, mode)
    loads.__name__ = f"{mode}_killed_between_epochs"
    case(loads)


@case
def a_run_that_is_given_up_leaves_the_table_as_it_was_and_nothing_else(place):
    numbers(place)
    ask(place, "out.db", "CREATE TABLE t(old)", "INSERT INTO t VALUES ('old')")
    manifest = place.manifest({"use": "file", "path": "in/*.csv"}, {"use": "sqlite", "database": "out.db", "table": "t", "mode": "replace"},
                              checkpoint=SMALL)
    job = place.start("run", manifest)
    while job.poll() is None and epochs(place) < 2:
        pass
    job.kill()
    place.end(job)
    must(ask(place, "out.db", "SELECT * FROM t") == [("old",)], "expected the old rows")
    staged = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '@_weir@_staged@_%' ESCAPE '@'"
    must(ask(place, "out.db", staged) == [(1,)], "expected rows of the killed run to be kept apart")
    numbers(place, 20)
    place.weir("run", manifest).fails(2, "expected the input 'in/", "of the unfinished run", "--fresh")
    place.weir("run", manifest, "--fresh").works()
    must(ask(place, "out.db", staged) == [(0,)], "expected what the killed run kept apart to be gone")
    must(ask(place, "out.db", "SELECT count(*) FROM t") == [(20,)], "expected the rows of the second run")


@case
def several_loads_share_epochs(place):
    numbers(place)
    branches = {"even": {"load": {"use": "sqlite", "database": "out.db", "table": "even", "mode": "replace"}},
                "odd": {"load": {"use": "sqlite", "database": "out.db", "table": "odd"}}}
    manifest = place.manifest({"use": "file", "path": "in/*.csv"}, None,
                              [{"use": "route", "to": {"even": "id % 2 == 0"}, "else": "odd"}], branches=branches, checkpoint=SMALL)
    must(killed_and_gone_on(place, manifest) > 0, f"seed {SEED}: expected one kill at least before the end")
    found = ask(place, "out.db", "SELECT count(*), count(DISTINCT name) FROM even", "SELECT count(*), count(DISTINCT name) FROM odd")
    must(found == [(ROWS // 2, ROWS // 2)] * 2, f"seed {SEED}: expected each row once, found {found}")


@case
def a_column_that_was_added_is_there_for_the_epochs_to_come(place):
    numbers(place)
    ask(place, "out.db", "CREATE TABLE t(id INTEGER)")
    manifest = place.manifest({"use": "file", "path": "in/*.csv"},
                              {"use": "sqlite", "database": "out.db", "table": "t", "drift": {"columns": "evolve"}}, checkpoint=SMALL)
    must(killed_and_gone_on(place, manifest) > 0, f"seed {SEED}: expected one kill at least before the end")
    must(ask(place, "out.db", "SELECT count(*), count(DISTINCT name) FROM t") == [(ROWS, ROWS)], f"seed {SEED}: expected each row once")


SOURCES = {
    "a_small_table": ({"table": "t"}, "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, x)", 100000, "n"),
    "a_table_in_splits": ({"table": "t"}, "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, x)", 100000, "a name of some length, for there to be more of it "),
    "a_table_without_rowids": ({"table": "t"}, "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, x) WITHOUT ROWID", 150000, "n"),
    "a_query": ({"query": "SELECT name, id, x FROM t WHERE id % 7 > 0 ORDER BY name DESC"},
                "CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, x)", 150000, "n"),
}


def reads_like_undisturbed(place, options, sql, rows, word):
    table(place, "in.db", sql, rows, word)
    extract = {"use": "sqlite", "database": "in.db", **options}
    place.run(extract, {"use": "sqlite", "database": "wanted.db", "table": "t"}, name="undisturbed").works()
    manifest = place.manifest(extract, {"use": "sqlite", "database": "out.db", "table": "t"}, checkpoint=SMALL)
    before = place.folder.joinpath("in.db").read_bytes()
    must(killed_and_gone_on(place, manifest, 1, most=1) > 0, f"seed {SEED}: expected one kill at least before the end")
    must(epochs(place) > 1, "expected more than one epoch")
    every = "SELECT * FROM t ORDER BY id, name"
    must(ask(place, "out.db", every) == ask(place, "wanted.db", every), f"seed {SEED}: expected what an undisturbed run leaves")
    must(place.folder.joinpath("in.db").read_bytes() == before, "expected reading to leave the database as it is")


for name, source in SOURCES.items():
    def reads(place, source=source):
        reads_like_undisturbed(place, *source)
    reads.__name__ = f"{name}_read_on_after_kills"
    case(reads)


def killed_after(place, manifest, wanted):
    job = place.start("run", manifest)
    while job.poll() is None and epochs(place) < wanted:
        pass
    must(job.poll() is None, "expected it to run on")
    job.kill()
    place.end(job)


@case
def a_database_that_has_changed_is_not_read_on(place):
    for write_ahead in ("DELETE", "WAL"):
        name = write_ahead.lower() + ".db"
        with contextlib.closing(sqlite3.connect(place.folder / name)) as database:
            database.execute(f"PRAGMA journal_mode={write_ahead}")
            table(place, name)
            manifest = place.manifest({"use": "sqlite", "database": name, "table": "t"},
                                      {"use": "sqlite", "database": "out.db", "table": name[:-3]}, name=name[:-3], checkpoint=SMALL)
            killed_after(place, manifest, 1)
            ask(place, name, "UPDATE t SET name = 'other' WHERE id = 3")
            place.weir("run", manifest).fails(2, f"expected the input '{name} table t' of the unfinished run", "--fresh")
        (place.folder / "out.db").unlink()


@case
def what_changes_by_itself_is_one_epoch(place):
    table(place)
    for number, query in enumerate(("SELECT * FROM t ORDER BY random()", "SELECT *, datetime('now') AS at FROM t")):
        place.run({"use": "sqlite", "database": "in.db", "query": query}, {"use": "sqlite", "database": "out.db", "table": "t", "mode": "replace"},
                  name=f"query{number}", checkpoint=SMALL).works()
        must(epochs(place) == 1, f"expected one epoch, found {epochs(place)}")
        must(ask(place, "out.db", "SELECT count(*), count(DISTINCT id) FROM t") == [(ROWS, ROWS)], "expected each row once")


@case
def a_database_that_is_read_and_loaded_is_one_epoch(place):
    table(place, "out.db")
    place.run({"use": "sqlite", "database": "out.db", "table": "t"}, {"use": "sqlite", "database": "../" + place.folder.name + "/out.db",
                                                                      "table": "copy"}, checkpoint=SMALL).works()
    must(epochs(place) == 1, f"expected one epoch, found {epochs(place)}")
    must(ask(place, "out.db", "SELECT count(*), count(DISTINCT id) FROM copy") == [(ROWS, ROWS)], "expected each row once")


finish()
