"""Each mode of SQLite against plain Python over the same changes: drawn by a seed, cut into files, epochs and runs at random.

ROWS says how many changes there are (a million takes some minutes), SEED which.
"""
import contextlib, random, sqlite3

from harness import *

ROWS = int(os.environ.get("ROWS") or 12000)
SEED = int(os.environ.get("SEED") or random.randrange(10**6))
LATE = "older than what is known of its key"
TYPES = {"id": "int64", "name": "string", "amount": "int64", "at": "timestamp(ms, UTC)", "what": "string"}


def changes(rows=ROWS):
    """(id, name, amount, at, what): times that mostly grow, in milliseconds; some are equal, some late. Most keys are of a few that
    are changed at one time."""
    dice, now = random.Random(SEED), 1_700_000_000_000
    for number in range(rows):
        now += dice.choice((0,) * 9 + (1, 500, 90_000))
        at = now - dice.choice((0,) * 30 + (1, 90_000, 400_000))
        what = dice.choice(("insert", "update", "update", "update", "update", "update", "delete", "update_before"))
        first = number // 160 * 20
        yield (first + dice.randrange(20) if dice.random() < 0.9 else dice.randrange(first + 1), dice.choice("abc"), dice.choice((None, 1, 2)), at, what)


def spelled(at):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at // 1000)) + f".{at % 1000:03}"


def cut(place, all_changes, runs):
    """Writes them as files of some runs, in their order: in0/…, in1/…"""
    dice = random.Random(SEED + 1)
    folders = sorted(dice.randrange(runs) for _ in range(runs * 4))
    ends = sorted(dice.randrange(len(all_changes) + 1) for _ in folders[1:]) + [len(all_changes)]
    begin = 0
    for number, (folder, end) in enumerate(zip(folders, ends)):
        lines = "".join(f"{i},{name},{'' if amount is None else amount},{spelled(at)}Z,{what}\n" for i, name, amount, at, what in all_changes[begin:end])
        place.write(f"in{folder}/{number:03}.csv", "id,name,amount,at,what\n" + lines)
        begin = end
    return sorted(set(folders))


def load(place, all_changes, transform=(), runs=3, **options):
    """Loads them by some runs, each in epochs of some rows; gives the rows that the table has then, and the rejects."""
    dice = random.Random(SEED + 2)
    for folder in cut(place, all_changes, runs):
        place.run({"use": "file", "path": f"in{folder}/*.csv", "format": {"use": "csv", "types": TYPES}},
                  {"use": "sqlite", "database": "out.db", "table": "t", "key": ["id"], **options}, transform,
                  {"use": "file", "path": f"rejects{folder}.ndjson"}, name=f"run{folder}",
                  checkpoint={"rows": dice.randint(ROWS // 20, ROWS)}).works()
    rejects = [row for path in sorted(place.folder.glob("rejects*.ndjson")) for row in place.rows(path.name)]
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database:
        must(database.execute("PRAGMA integrity_check").fetchall() == [("ok",)], f"seed {SEED}: the database is damaged")
        return database.execute("SELECT * FROM t").fetchall(), rejects


def same(wanted, found, what):
    wanted, found = sorted(wanted, key=repr), sorted(found, key=repr)
    if wanted != found:
        lost, more = set(wanted) - set(found), set(found) - set(wanted)
        raise AssertionError(f"seed {SEED}: {what}: expected {len(wanted)}, found {len(found)}; lacks {sorted(lost, key=repr)[:3]}, "
                             f"has {sorted(more, key=repr)[:3]}")


def stamp(at):
    return None if at is None else spelled(at) + "000Z"


class Key:
    """What is known of a key: of each time what its last rows said; the versions are made anew of all of it."""

    def __init__(self):
        self.said = {}  # time: [the last values or none, whether it was deleted behind them]

    def versions(self):
        """[[values, from, to, what `at` says]]"""
        made = []
        for at in sorted(self.said):
            values, deleted = self.said[at]
            is_open = made and made[-1][2] is None
            if values is not None and not (is_open and made[-1][0] == values):
                if is_open:
                    made[-1][2] = at
                made.append([values, at, None])
                is_open = True
            if deleted and is_open:
                made[-1][2] = at
        return made

    def put(self, values, at):
        """Applies a row (values: none for a delete); false: it is rejected."""
        made = self.versions()
        newest = made[-1] if made else None
        bound = (newest[2] if newest[2] is not None else newest[1]) if made else at
        if at < bound and (values is not None or newest[2] is None):
            then = [v for v in made if v[1] <= at and v[2] is not None and at < v[2]]
            return any(v[0] == values for v in then) if values is not None else not then
        is_open = newest is not None and newest[2] is None
        if newest[0] == values if is_open else values is None:
            return True  # nothing changes
        said = self.said.setdefault(at, [None, False])
        if values is None:
            said[1] = True
        else:
            said[:] = [values, False]
            if self.versions()[-1][1] != at:
                del self.said[at]  # what the time before said goes on
        return True


@case
def history_by_times_of_the_rows(place):
    all_changes = list(changes())
    keys, late = {}, 0
    for i, name, amount, at, what in all_changes:
        if what != "update_before":
            late += not keys.setdefault(i, Key()).put(None if what == "delete" else (name, amount), at)
    found, rejects = load(place, all_changes, mode="history", time="at", operation="what")
    wanted = [(i, *v[0], stamp(v[1]), stamp(v[2])) for i, key in keys.items() for v in key.versions()]
    same(wanted, [(*row[:3], *row[4:]) for row in found], "versions")
    must(late > 0 and len(rejects) == late and {row["reason"].split(": ")[-1] for row in rejects} == {LATE},
         f"seed {SEED}: expected {late} rejects, found {len(rejects)}: {rejects[:2]}")
    # Plain SQL: versions of a key follow each other, and one at most is current.
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database:
        wrong = database.execute("""SELECT count(*) FROM (SELECT valid_from, valid_to, lead(valid_from) OVER (PARTITION BY id ORDER BY valid_from) AS next
            FROM t) WHERE valid_to < valid_from OR (next NOT NULL AND (valid_to IS NULL OR valid_to > next))""").fetchone()
        must(wrong == (0,), f"seed {SEED}: {wrong[0]} versions overlap")


@case
def history_by_times_of_runs(place):
    """Of each run the last row of a key counts, for all its rows have one time."""
    all_changes = [change for change in changes(ROWS // 4)]
    keys = {}
    found, rejects = load(place, all_changes, mode="history", operation="what", runs=4, transform=[{"use": "select", "drop": ["at"]}])
    must(not rejects, f"seed {SEED}: expected no rejects, found {rejects[:2]}")
    run = None
    for run, rows in enumerate(each_run(place)):
        for i, name, amount, what in rows:
            if what != "update_before":
                keys.setdefault(i, Key()).put(None if what == "delete" else (name, amount), run)
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database:
        times = [stamp_of(micros) for (micros,) in database.execute("SELECT time FROM _weir_times ORDER BY id")]
    must(len(times) == run + 1, f"seed {SEED}: expected a time a run, found {times}")
    at = {None: None, **dict(enumerate(times))}
    same([(i, *v[0], at[v[1]], at[v[2]]) for i, key in keys.items() for v in key.versions()], found, "versions")


def stamp_of(micros):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(micros // 10**6)) + f".{micros % 10**6:06}Z"


def each_run(place):
    for folder in sorted(place.folder.glob("in*")):
        rows = []
        for path in sorted(folder.iterdir()):
            for line in path.read_text().splitlines()[1:]:
                i, name, amount, _, what = line.split(",")
                rows.append((int(i), name, int(amount) if amount else None, what))
        yield rows


def applied(all_changes, soft):
    """{id: (name, amount, at, when it was deleted or none)} of changes in their order."""
    table = {}
    for i, name, amount, at, what in all_changes:
        if what == "delete":
            if not soft:
                table.pop(i, None)
            elif i in table and table[i][3] is None:
                table[i] = (*table[i][:3], at)
        elif what != "update_before":
            table[i] = (name, amount, at, None)
    return table


@case
def changes_that_mark_what_they_delete(place):
    all_changes = list(changes())
    found, rejects = load(place, all_changes, mode="upsert", operation="what", deletes="soft", time="at")
    must(not rejects, f"seed {SEED}: expected no rejects, found {rejects[:2]}")
    wanted = [(i, name, amount, stamp(gone)) for i, (name, amount, _, gone) in applied(all_changes, True).items()]
    must(any(row[3] for row in wanted), "expected some rows to be marked")
    same(wanted, [(*row[:3], row[4]) for row in found], "rows")


@case
def changes_that_delete(place):
    for mode in ("append", "upsert"):
        all_changes = list(changes())
        found, _ = load(place, all_changes, mode=mode, operation="what")
        same([(i, *row[:2]) for i, row in applied(all_changes, False).items()], [row[:3] for row in found], "rows")
        (place.folder / "out.db").unlink()


@case
def a_table_that_is_replaced_by_changes(place):
    all_changes = list(changes())
    found, _ = load(place, all_changes, mode="replace", operation="what", deletes="soft", time="at", runs=1)
    same([(i, name, amount, stamp(gone)) for i, (name, amount, _, gone) in applied(all_changes, True).items()],
         [(*row[:3], row[4]) for row in found], "rows")


@case
def rows_that_are_put_by_a_key(place):
    """upsert, ignore and append: of a key the last, the first, and all that a key lets be."""
    all_changes = list(changes())
    for mode in ("upsert", "ignore", "append"):
        for path in place.folder.glob("rejects*"):
            path.unlink()
        found, rejects = load(place, all_changes, mode=mode)
        wanted = {}
        for i, name, amount, _, what in all_changes:
            if mode == "upsert" or i not in wanted:
                wanted[i] = (i, name, amount, what)
        same(wanted.values(), [(*row[:3], row[4]) for row in found], mode)
        must(len(rejects) == (len(all_changes) - len(wanted) if mode == "append" else 0), f"seed {SEED}: {mode}: found {len(rejects)} rejects")
        (place.folder / "out.db").unlink()


@case
def keys_that_are_deleted(place):
    all_changes = list(changes())
    for deletes in ("hard", "soft"):
        with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database:
            database.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, deleted_at TIMESTAMP)")
            database.executemany("INSERT INTO t VALUES (?, 'n', NULL)", [(i,) for i in range(ROWS)])
            database.commit()
        found, _ = load(place, all_changes, mode="delete", deletes=deletes, **({"time": "at"} if deletes == "soft" else {}))
        first = {}
        for i, _, _, at, _ in all_changes:
            first.setdefault(i, at)
        same([(i, "n", stamp(first.get(i))) for i in range(ROWS) if deletes == "soft" or i not in first], found, deletes)
        (place.folder / "out.db").unlink()


@case
def a_run_that_was_killed_keeps_its_time(place):
    for file in range(20):
        place.write(f"in/{file:02}.csv", "id,name\n" + "".join(f"{i % 30000},{'ab'[i % 7 == 0]}\n" for i in range(file * 5000, file * 5000 + 5000)))
    manifest = place.manifest({"use": "file", "path": "in/*.csv"}, {"use": "sqlite", "database": "out.db", "table": "t", "mode": "history", "key": ["id"]},
                              checkpoint={"rows": 4000})
    killed = 0
    for _ in range(30):
        job, before = place.start("run", manifest), count(place, "SELECT max(epoch) FROM _weir_tokens")
        while job.poll() is None and count(place, "SELECT max(epoch) FROM _weir_tokens") < before + 2:
            pass
        in_time = job.poll() is None
        job.kill()
        place.end(job)
        killed += in_time
        if killed == 3:
            break
        if not in_time:  # it was faster than we are: from the beginning
            killed = 0
            for path in place.folder.glob("out.db*"):
                path.unlink()
    must(killed == 3, "expected a run to be killed three times before its end")
    place.weir("run", manifest).works()
    must(count(place, "SELECT count(DISTINCT valid_from) FROM t") == 1, "expected one time of the run")
    last = {i % 30000: "ab"[i % 7 == 0] for i in range(100000)}
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database:
        same(last.items(), database.execute("SELECT id, name FROM t WHERE valid_to IS NULL").fetchall(), "current versions")
        must(database.execute("SELECT count(*) FROM t").fetchone() == (30000,), "expected one version a key")


def count(place, sql):
    if not (place.folder / "out.db").exists():
        return 0
    with contextlib.suppress(sqlite3.OperationalError), contextlib.closing(sqlite3.connect(place.folder / "out.db", timeout=60)) as database:
        return database.execute(sql).fetchone()[0] or 0
    return 0


finish()
