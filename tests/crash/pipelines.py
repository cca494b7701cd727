"""The pipelines that are killed, and what there is to see of one: rows, rejects, files.

Twenty files, CSV, NDJSON and JSON arrays, some of them gzipped, with rows that are dropped, rejected by a format, by a rule,
and by a key that came before. Each ends where an undisturbed run of it ends, or a test fails.
"""
import csv, gzip, io, json, shutil, sqlite3, subprocess, sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "e2e"))
from harness import WEIR, Place, must

ROWS, FILES, GROWING, OLD = 60, 20, 20, "id\nold\n"
TYPES = {"id": "int64", "name": "string", "quantity": "int64", "price": "double", "day": "date"}


def rows_of(number):
    def row(i):
        key = number * 1000 + i
        return {"id": key if i % 17 else number * 1000, "name": f'name {key}, "é"', "quantity": i * 7 % 50,
                "price": key / 4, "day": f"2026-0{1 + number % 9}-1{i % 10}"}
    return [row(i) for i in range(ROWS)]


def text_of(number):
    """The name and the bytes of an input."""
    rows = rows_of(number)
    for i, row in enumerate(rows):
        if is_bad(number, i):
            row["quantity"] = "many"
    if number < 8:
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0])
        writer.writeheader()
        writer.writerows(rows)
        return f"csv{number:02}.csv", text.getvalue()
    if number < 14:
        return f"lines{number:02}.ndjson", "".join(json.dumps(row) + "\n" for row in rows)
    return f"array{number:02}.json", json.dumps(rows, indent=1)


def is_bad(number, i):
    """Whether the format rejects a row."""
    return number % 3 == 0 and number < 14 and i == 30


FILTERED = sum(row["quantity"] >= 3 and not is_bad(number, i) for number in range(FILES) for i, row in enumerate(rows_of(number)))


def make_inputs(folder):
    (folder / "prices.ndjson").write_text("".join(json.dumps({"quantity": i % 40, "total": i / 2}) + "\n" for i in range(60)))
    for number in range(FILES):
        name, text = text_of(number)
        zipped = number % 4 == 1
        data = gzip.compress(text.encode(), mtime=0) if zipped else text.encode()
        (folder / (name + ".gz" if zipped else name)).write_bytes(data)


    for number in range(GROWING):
        (folder / f"grows{number:02}.ndjson").write_text("".join(json.dumps(row) + "\n" for row in growing(number)))


def growing(number):
    """Rows of which the later ones have a column more, and a fraction."""
    for i in range(30):
        yield {"id": number * 100 + i, "quantity": i, **({"note": f"n{i}"} if number > 9 else {}), **({"total": i + 0.5} if number > 13 else {"total": i})}


def extract(pattern, use):
    return {"use": "file", "path": f"in/{pattern}", "format": {"use": use, "types": TYPES}}


EXTRACT = [extract("csv*", "csv"), extract("lines*", "json"), extract("array*", "json")]
FILTER, DERIVE = {"use": "filter", "where": "quantity >= 3"}, {"use": "derive", "columns": {"total": "quantity * price"}}
RULES = {"use": "validate", "columns": {"quantity": {"max": 45}}}
KEYS = {**RULES, "unique": [["id"]]}  # sees all rows, and remembers
# Counts all rows, and remembers: a run that lost count of one, or counted it twice, fails.
COUNT = {"use": "expect", "checks": [{"rows": {"min": FILTERED, "max": FILTERED}}]}
# Groups that stand in checkpoints; rows that are read beside, some twice; an order that goes through a temporary file.
SUMS = {"use": "aggregate", "by": ["day"], "columns": {
    "id": "min(id)", "name": "last(name)", "quantity": "sum(quantity)", "price": "sum(price)", "total": "avg(total)"}}
LOOKUP = {"use": "join", "with": {"use": "file", "path": "in/prices.ndjson"}, "on": ["quantity"], "kind": "left"}
ORDER = {"use": "sort", "by": ["day desc", "name"], "memory": "16KiB"}
# The database has a folder of its own: what makes others' names durable doesn't make its.
TABLE = {"use": "sqlite", "database": "db/out.db", "table": "t", "mode": "append"}
# Changes, into a table of versions and one of marks; late ones are rejected.
CHANGES = {"use": "derive", "columns": {"what": "if(quantity % 5 == 0, 'delete', 'update')"}}
HISTORY = {**TABLE, "table": "versions", "mode": "history", "key": ["quantity"], "time": "id", "operation": "what"}
MARKS = {**TABLE, "table": "marks", "mode": "upsert", "key": ["quantity"], "time": "id", "operation": "what", "deletes": "soft"}
FILE = {"use": "file", "path": "out.csv"}
PARTS = {"use": "file", "path": "out/part-{n}.ndjson.zst", "rows": 300}
# A table that follows its rows, and one that rejects what it can't hold.
GROWS = {**TABLE, "table": "grown", "drift": {"columns": "evolve", "types": "widen"}}
FROZEN = {**TABLE, "table": "frozen", "drift": {"columns": "reject", "types": "reject"}}
# Tables that are held against what came, one that loses rows and one whose versions end.
KEPT = {**TABLE, "table": "kept", "mode": "upsert", "key": ["id"], "delete_missing": True}
ENDED = {**KEPT, "table": "ended", "mode": "history"}
# Six files that are streams, each with a table of its own.
EACH = {**TABLE, "table": "{name}"}
STREAMS = [f"csv{number:02}" for number in range(8) if number % 4 != 1]
# What differs from the others: where a kind reads, and what more its manifest says.
EXTRACTS = {"drift": [{"use": "file", "path": "in/grows*"}], "missing": [{"use": "file", "path": "in/grows0*"}],
            "streams": [{**extract("{stream}.csv", "csv"), "streams": {"include": "csv*"}}]}
MORE = {"drift": {"drift": {"columns": "evolve", "types": "widen"}}}
# Who decides: the table's transaction, or, where only files are written, the checkpoint. Of `keys` and `sums` a link remembers;
# `order` is one epoch; `changes` loads two tables of one database; `new` reads, behind a run that has loaded half of it, of files and
# of a table what is new, some of it with the cursor of the last row; `ranges` loads three ranges of keys, each in the place of what is
# there of it; `drift` loads two tables that differ from their rows; `missing` loads half of what is in two tables, and the rest goes; `streams` loads six streams, some side by side;
# `shared` keeps its state in an object of a storage.
ADDED = {**FILE, "append": True}
NEW = [*({**one, "only_new": "time"} for one in EXTRACT),
       {"use": "sqlite", "database": "in/rows.db", "table": "t", "cursor": {"column": "day"}}]
KINDS = {"table": ([FILTER, RULES, DERIVE], [TABLE, FILE, PARTS]), "files": ([FILTER, RULES, DERIVE], [FILE, PARTS]),
         "keys": ([FILTER, COUNT, KEYS, DERIVE], [TABLE, FILE, PARTS]), "sums": ([FILTER, RULES, DERIVE, SUMS], [TABLE, FILE, PARTS]),
         "order": ([FILTER, RULES, LOOKUP, ORDER], [TABLE, FILE]), "changes": ([FILTER, RULES, CHANGES], [HISTORY, MARKS, FILE]),
         "new": ([FILTER, RULES, DERIVE], [TABLE, ADDED]), "ranges": ([FILTER, RULES, DERIVE], [TABLE]),
         "drift": ([FILTER], [GROWS, FROZEN, FILE]), "missing": ([FILTER], [KEPT, ENDED, FILE]),
         "streams": ([FILTER, RULES, DERIVE], [EACH]), "shared": ([FILTER, RULES, DERIVE], [TABLE, FILE, PARTS])}
BACKFILL = {"transform": [{**FILTER, "where": "quantity >= 3 and id >= {from} and id < {to}"}, RULES, DERIVE],
            "load": {"mode": "replace", "within": {"column": "id", "from": "{from}", "to": "{to}"}},
            "reject": {"path": "rejects-{range}.ndjson"}}
RANGES = ("backfill", "job.json", "--from", "0", "--to", "30000", "--by", "key", "--step", "7000")
EXTRACTS["new"] = NEW
REJECTS = {"missing": None, "streams": {"use": "file", "path": "rejects-{stream}.ndjson"}}
SHOWN = {"ended": "(select id, quantity, total, valid_to is null from ended)"}  # the times are of runs
MORE["shared"] = {"state": {"store": {"use": "file", "path": "home/state/shared/job.state"}}}
MORE["ranges"] = {"backfill": BACKFILL}
EPOCH = {"rows": 250}


def rows_in(database, number, table):
    """None of a table that is not there yet."""
    try:
        return database.execute(f"select {number}, * from {table}").fetchall()
    except sqlite3.OperationalError as problem:
        must("no such table" in str(problem), str(problem))
        return []


class Job(Place):
    """One pipeline in a folder of its own, and a folder beside it for what the test keeps. Something stands already where it
    writes to: a table with a row, a file."""

    def __init__(self, kind, inputs):
        super().__init__()
        self.aside = Path(f"{self.folder}-aside")
        self.aside.mkdir()
        shutil.copytree(inputs, self.folder / "in")
        transform, load = KINDS[kind]
        self.tables = STREAMS if kind == "streams" else [SHOWN.get(part["table"], part["table"]) for part in load if part["use"] == "sqlite"]
        self.words = RANGES if kind == "ranges" else ("run", "job.json")
        read = EXTRACTS.get(kind, EXTRACT)
        one = kind in ("ranges", "streams")  # load of each
        self.manifest(read[0] if kind == "streams" else read, load[0] if one else load, transform,
                      REJECTS.get(kind, {"use": "file", "path": "rejects.ndjson"}),
                      checkpoint=EPOCH, **MORE.get(kind, {}))
        if kind != "new":
            self.write("out.csv", OLD)
        if self.tables:
            (self.folder / "db").mkdir()
        if TABLE in load:
            with sqlite3.connect(self.folder / "db/out.db") as database:
                database.execute("create table t(id integer, name text, quantity integer, price real, day text, total real)")
                database.execute("insert into t(id) values(-1)")
            database.close()
        if GROWS in load:
            with sqlite3.connect(self.folder / "db/out.db") as database:
                database.executescript("create table grown(id integer, total integer); insert into grown values(-1, 7);"
                                       "create table frozen(id integer, quantity integer, total integer)")
            database.close()
        if kind == "new":
            self.load_half(inputs)
        if kind == "missing":
            self.weir(*self.words).works()
            for path in sorted((self.folder / "in").glob("grows0*"))[::2]:
                path.unlink()

    def load_half(self, inputs):
        later = [path for number, path in enumerate(sorted((self.folder / "in").glob("*[0-9].*"))) if number % 2]
        for path in later:
            path.unlink()
        database = sqlite3.connect(self.folder / "in/rows.db")
        database.execute("create table t(id integer primary key, name text, quantity integer, price real, day date)")
        rows = [(100000 + i, f"row {i}", i * 7 % 50, i / 4, f"2026-01-{10 + i // 40:02}") for i in range(400)]
        database.executemany("insert into t values(?, ?, ?, ?, ?)", rows[:220])
        database.commit()
        self.weir("run", "job.json").works()
        for path in later:
            shutil.copy2(inputs / path.name, path)
        database.executemany("insert into t values(?, ?, ?, ?, ?)", rows[220:])
        database.commit()
        database.close()

    def leave(self):
        super().leave()
        shutil.rmtree(self.aside, ignore_errors=True)

    def table(self):
        """All rows of the tables, in order of their values."""
        path = self.folder / "db/out.db"
        if not self.tables or not path.exists():
            return []
        database = sqlite3.connect(path)
        try:
            must(database.execute("pragma integrity_check").fetchall() == [("ok",)], "the database is damaged")
            return sorted((row for number, table in enumerate(self.tables) for row in rows_in(database, number, table)), key=repr)
        finally:
            database.close()

    def parts(self):
        """The lines of each part, part by part; a part that is not whole fails."""
        found = []
        for path in sorted((self.folder / "out").glob("part-*")):
            done = subprocess.run(["zstd", "-dcq", path], capture_output=True)
            must(done.returncode == 0 and done.stdout.endswith(b"}\n"), f"{path.name} is not a whole part: {done.stderr}")
            found.append(done.stdout.decode().splitlines())
        return found

    def text(self, name):
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else None

    def seen(self):
        """All that a run is about: rows of files in their order, others sorted."""
        return {"table": self.table(), "file": self.text("out.csv"), "parts": [row for part in self.parts() for row in part],
                "rejects": sorted(line for path in self.folder.glob("rejects*.ndjson") for line in path.read_text(encoding="utf-8").splitlines())}

    def left(self):
        """The files that no one asked for."""
        wanted = {"job.json", "out.csv", "rejects.ndjson", *(["db/out.db"] if self.tables else [])}
        state = {name for name in self.files_of_state() if name == "state.db" or name.startswith("locks/")}
        found = {name for name in self.files() if not name.startswith(("in/", "out/part-", "rejects-"))}
        return (found - wanted) | (self.files_of_state() - state)

    def files_of_state(self):
        state = self.home / "state" / "weir"
        return {str(path.relative_to(state)) for path in state.rglob("*") if not path.is_dir()}
