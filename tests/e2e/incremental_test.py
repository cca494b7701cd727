# slow
"""Incremental runs: a run reads what came since the last complete one, and nothing twice: with equal cursors, late rows, kills."""
import contextlib, sqlite3

from harness import *


def ask(place, database, sql, *values):
    with contextlib.closing(sqlite3.connect(place.folder / database)) as opened:
        rows = opened.execute(sql, *values).fetchall()
        opened.commit()
        return rows


def shop(place, rows=()):
    ask(place, "shop.db", "CREATE TABLE IF NOT EXISTS orders(id INTEGER PRIMARY KEY, at TEXT NOT NULL, total REAL)")
    add(place, rows)


def add(place, rows):
    with contextlib.closing(sqlite3.connect(place.folder / "shop.db")) as opened:
        opened.executemany("INSERT INTO orders VALUES (?, ?, ?)", rows)
        opened.commit()


def extract(**cursor):
    return {"use": "sqlite", "database": "shop.db", "table": "orders", "cursor": {"column": "at", **cursor}}


TABLE = {"use": "sqlite", "database": "copy.db", "table": "orders", "mode": "append"}


def report(place, *flags, code=0, load=TABLE, **more):
    """The one pipeline's, in JSON."""
    text = place.manifest(extract(**more.pop("cursor", {})), load, **more)
    ran = place.weir("--output", "json", "run", text, *flags)
    must(ran.code == code, f"expected exit {code}, found {ran.code}: {ran.err[-900:]} {ran.out[-900:]}")
    document = json.loads(ran.out)
    return document["pipelines"][0] if "pipelines" in document else document


def loaded(place):
    return [row[0] for row in ask(place, "copy.db", "SELECT id FROM orders ORDER BY id")]


def read(place, *flags, **more):
    """How many rows a run extracted; none: it had nothing to do."""
    told = report(place, *flags, **more)
    return None if told["nothing_to_do"] else told["ledger"]["rows"]["extracted"]


@case
def each_row_is_loaded_once_however_many_have_one_cursor(place):
    shop(place, [(1, "2024-05-01 10:00:00", 1), (2, "2024-05-01 11:00:00", 2), (3, "2024-05-01 11:00:00", 3)])
    must(read(place) == 3, "expected all rows")
    must(read(place) is None, "expected nothing to do")
    add(place, [(4, "2024-05-01 11:00:00", 4), (5, "2024-05-01 10:59:59", 5), (6, "2024-05-01 12:00:00", 6)])
    must(read(place) == 2, "expected the row with the cursor of the last, and the later one")
    must(read(place) is None, "expected nothing to do")
    ask(place, "shop.db", "CREATE TABLE other(x)")
    must(read(place) is None, "expected nothing to do, for what else is in the database is none of its business")
    must(loaded(place) == [1, 2, 3, 4, 6], f"found {loaded(place)}")
    ask(place, "copy.db", "DELETE FROM orders")
    must(read(place, "--fresh") == 6, "expected --fresh to read all")
    must(loaded(place) == [1, 2, 3, 4, 5, 6], f"found {loaded(place)}")
    must(read(place) is None, "expected nothing to do")


@case
def late_rows_of_the_window_are_loaded_once(place):
    cursor = {"window": "1d"}
    shop(place, [(1, "2024-05-01 10:00:00", 1), (2, "2024-05-03 11:00:00", 2)])
    must(read(place, cursor=cursor) == 2, "expected all rows")
    add(place, [(3, "2024-05-02 11:00:00", 3), (4, "2024-05-02 10:59:59", 4)])
    plan = place.weir("--output", "json", "plan", "job.json").works()
    must("at from 2024-05-02 11:00:00" in plan.out, f"expected where it reads from, found {plan.out[-800:]}")
    must(read(place, cursor=cursor) == 1, "expected the late row within the window")
    add(place, [(5, "2024-05-02 12:00:00", 5)])
    must(read(place, cursor=cursor) == 1, "expected another")
    must(read(place, cursor=cursor) is None, "expected nothing to do")
    must(loaded(place) == [1, 2, 3, 5], f"found {loaded(place)}")


@case
def a_run_that_fails_reads_the_same_rows_again(place):
    shop(place, [(number, f"2024-05-{1 + number % 28:02} 00:00:00", number) for number in range(1, 100)])
    must(read(place) == 99, "expected all rows")
    add(place, [(number, "2024-06-01 00:00:00", number) for number in range(100, 200)])
    ask(place, "copy.db", "ALTER TABLE orders RENAME TO kept")
    ask(place, "copy.db", "CREATE TABLE orders(id INTEGER CHECK (id < 150), at TEXT, total REAL)")
    report(place, code=1)
    ask(place, "copy.db", "DROP TABLE orders")
    ask(place, "copy.db", "ALTER TABLE kept RENAME TO orders")
    add(place, [(200, "2024-06-02 00:00:00", 200)])
    must(read(place) == 101, "expected the rows that failed, and one more")
    must(loaded(place) == list(range(1, 201)), "expected each row once")


@case
def runs_that_are_killed_lose_and_double_nothing(place):
    """Killed at moments that a seed chooses, while rows come; many epochs a run."""
    import random
    chance = random.Random(12)
    shop(place, [(number, f"2024-05-01 {number % 24:02}:00:00", number) for number in range(2000)])
    number, cursor, kills = 2000, 0, 0
    text = place.manifest(extract(), TABLE, checkpoint={"rows": 300})
    for _ in range(25):
        process = place.start("run", text)
        time.sleep(chance.random() * 0.25)
        process.kill()
        kills += place.end(process).code != 0
        place.weir("run", text).works()
        more = chance.randrange(1, 400)
        cursor += chance.randrange(0, 2)
        add(place, [(number + i, f"2024-06-{1 + cursor:02} 00:00:00", i) for i in range(more)])
        number += more
    place.weir("run", text).works()
    must(loaded(place) == list(range(number)), f"expected {number} rows, each once, found {len(loaded(place))}")
    must("nothing to do" in place.weir("run", text).works().out, "expected nothing to do")
    print(f"    {number} rows, {kills} runs killed")


@case
def a_million_rows_are_read_once(place):
    with contextlib.closing(sqlite3.connect(place.folder / "shop.db")) as opened:
        opened.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, at TEXT NOT NULL, total REAL)")
        opened.execute("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) INSERT INTO orders "
                       "SELECT i, datetime('2024-01-01', (i / 10) || ' seconds'), i / 4.0 FROM n")
        opened.execute("CREATE INDEX by_at ON orders(at)")
        opened.commit()
    begin = time.monotonic()
    must(read(place, cursor={"window": "1h"}) == 1000000, "expected all rows")
    first = time.monotonic() - begin
    add(place, [(2000000, "2024-01-02 03:00:00", 1), (2000001, "2024-01-03 00:00:00", 2)])
    begin = time.monotonic()
    must(read(place, cursor={"window": "1h"}) == 2, "expected the two new rows alone")
    print(f"    a million rows: {first:.1f} s, two more: {time.monotonic() - begin:.1f} s")
    must(ask(place, "copy.db", "SELECT count(*), count(DISTINCT id) FROM orders") == [(1000002, 1000002)], "expected each row once")


@case
def a_file_is_added_to_and_never_replaced(place):
    shop(place, [(1, "2024-05-01 10:00:00", 1)])
    out = {"use": "file", "path": "out.csv"}
    must(read(place, load=out) == 1, "expected a row")
    must(read(place, load=out) is None, "expected nothing to do")
    add(place, [(2, "2024-05-02 10:00:00", 2)])
    ran = place.weir("run", place.manifest(extract(), out)).fails(2, "append: true", "out.csv")
    must(place.read("out.csv").count("\n") == 2, f"expected the file as it was: {ran.err}")
    place.weir("run", place.manifest(extract(), {**out, "append": True})).works()
    must([line.split(",")[0] for line in place.read("out.csv").splitlines()] == ["id", "1", "2"], place.read("out.csv"))


def inbox(place, *numbers):
    for number in numbers:
        place.write(f"in/{number:03}.csv", "id,total\n" + "".join(f"{number * 10 + i},{i}\n" for i in range(10)))


def files(place, by, *flags, code=0):
    text = place.manifest({"use": "file", "path": "in/*.csv", "only_new": by}, TABLE, name=f"by_{by}")
    ran = place.weir("--output", "json", "run", text, *flags)
    must(ran.code == code, f"expected exit {code}, found {ran.code}: {ran.err[-900:]} {ran.out[-900:]}")
    told = json.loads(ran.out)
    told = told["pipelines"][0] if "pipelines" in told else told
    return None if code or told["nothing_to_do"] else told["ledger"]["rows"]["extracted"]


@case
def each_file_is_loaded_once(place):
    inbox(place, *range(40))
    must(files(place, "time") == 400, "expected all files")
    must(files(place, "time") is None, "expected nothing to do")
    (place.folder / "in/003.csv").unlink()
    must(files(place, "time") is None, "expected nothing to do for a file that is gone")
    inbox(place, 3, 41)
    must(files(place, "time") == 20, "expected the new file, and the one that was written anew")
    told = place.weir("plan", "by_time.json", "--log", "level=info").works()
    must("41 of 41 files are passed over" in told.err + told.out, f"found {told.err[-500:]} {told.out[-500:]}")
    must(len(loaded(place)) == 420, f"found {len(loaded(place))} rows")
    must(files(place, "time", "--fresh") == 410, "expected --fresh to read all")


@case
def a_content_is_loaded_once_whatever_it_is_called(place):
    inbox(place, 1, 2)
    must(files(place, "digest") == 20, "expected both")
    (place.folder / "in/001.csv").rename(place.folder / "in/007.csv")
    place.write("in/008.csv", place.read("in/002.csv"))
    must(files(place, "digest") is None, "expected nothing to do")
    inbox(place, 3)
    must(files(place, "digest") == 10, "expected the new file")
    place.write("in/003.csv", "id,total\n1000,1\n")
    must(files(place, "digest") == 1, "expected what the file holds now")


@case
def files_of_a_run_that_fails_are_new_still(place):
    inbox(place, 1)
    must(files(place, "name") == 10, "expected the file")
    inbox(place, 2)
    place.write("in/003.csv", "id,total\n30,1,2\n")
    files(place, "name", code=1)
    place.write("in/003.csv", "id,total\n30,1\n")
    must(files(place, "name") == 11, "expected both")
    must(loaded(place) == [*range(10, 31)], f"found {loaded(place)}")


@case
def what_is_wrong_is_told_with_its_cure(place):
    told = []

    def tell(what, ran):
        must(ran.code in (1, 2), f"{what}: expected an error, found {ran.code} {ran.out[-300:]}")
        told.append(f"# {what}\n{ran.err.replace(str(place.folder), 'FOLDER')}")

    shop(place, [(1, "2024-05-01 10:00:00", 1)])
    out = {"use": "file", "path": "out.csv"}
    place.weir("run", place.manifest(extract(), out)).works()
    add(place, [(2, "2024-05-02 10:00:00", 2)])
    tell("a file that would be replaced", place.weir("run", place.manifest(extract(), out)))
    tell("a table that would be replaced", place.weir("run", place.manifest(extract(), {**TABLE, "mode": "replace"})))
    tell("another cursor", place.weir("run", place.manifest({**extract(), "cursor": {"column": "id"}}, TABLE)))
    tell("no such column", place.weir("plan", place.manifest({**extract(), "cursor": {"column": "updated"}}, TABLE, name="other")))
    inbox(place, 1)
    files(place, "name")
    tell("another mark of files", place.weir("run", place.manifest({"use": "file", "path": "in/*.csv", "only_new": "size"}, TABLE, name="by_name")))
    tell("a list of files where a cursor was", place.weir("run", place.manifest({"use": "file", "path": "in/*.csv", "only_new": "size"}, TABLE)))
    golden("incremental.txt", "".join(told))


finish()
