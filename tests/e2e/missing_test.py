"""delete_missing: full comparisons against plain Python, drawn by a seed, cut into files, epochs and runs; and what is refused.

ROWS says how many rows a run brings (a million takes a minute), SEED which.
"""
import contextlib, random, sqlite3

from harness import *

ROWS = int(os.environ.get("ROWS") or 5000)
SEED = int(os.environ.get("SEED") or random.randrange(10**6))
LOAD = {"use": "sqlite", "database": "out.db", "table": "t", "key": ["id"], "delete_missing": True}
CSV = {"use": "file", "path": "in/*.csv", "format": {"use": "csv", "types": {"id": "int64", "n": "int64"}}}


def ask(place, sql, name="out.db"):
    with contextlib.closing(sqlite3.connect(place.folder / name)) as database:
        return database.execute(sql).fetchall()


def runs(place, count=5, **options):
    """Loads some states of a source, one after the other; gives each as {id: n}."""
    dice, state = random.Random(SEED), {}
    for number in range(count):
        state = {i: n if dice.random() < 0.7 else dice.randrange(9) for i, n in state.items() if dice.random() < 0.8}
        while len(state) < ROWS:
            state.setdefault(dice.randrange(ROWS * 2), dice.randrange(9))
        rows = list(state.items())
        dice.shuffle(rows)
        for file in range(4):
            place.write(f"in/{file}.csv", "id,n\n" + "".join(f"{i},{n}\n" for i, n in rows[file::4]))
        place.run(CSV, {**LOAD, **options}, checkpoint={"rows": dice.randint(ROWS // 9, ROWS)}, name=f"run{number}").works()
        yield dict(state)
    tables = ask(place, "select name from sqlite_master where name like '\\_weir\\_seen%' escape '\\'")
    must(not tables, f"seed {SEED}: left behind: {tables}")


def same(wanted, found):
    wanted, found = sorted(wanted, key=repr), sorted(found, key=repr)
    must(wanted == found, f"seed {SEED}: expected {len(wanted)}, found {len(found)}; lacks {sorted(set(wanted) - set(found))[:3]}, "
                          f"has {sorted(set(found) - set(wanted))[:3]}")


@case
def the_table_is_what_the_source_was(place):
    for state in runs(place, mode="upsert"):
        same(state.items(), ask(place, "select id, n from t"))


@case
def what_is_gone_is_marked(place):
    known = {}
    for state in runs(place, mode="upsert", deletes="soft"):
        known.update(state)
        same([(i, n, i in state) for i, n in known.items()], [(i, n, bool(here)) for i, n, here in ask(place, "select id, n, deleted_at is null from t")])


@case
def what_was_there_before_is_left_as_it_was(place):
    known = {}
    for state in runs(place, mode="ignore"):
        known = {i: known.get(i, n) for i, n in state.items()}
        same(known.items(), ask(place, "select id, n from t"))


@case
def versions_of_what_is_gone_end(place):
    versions = []  # [id, n, from, to]
    for number, state in enumerate(runs(place, mode="history")):
        current = {v[0]: v for v in versions if v[3] is None}
        for i, version in current.items():
            if state.get(i) != version[1]:
                version[3] = number
        versions += [[i, n, number, None] for i, n in state.items() if i not in current or current[i][3] is not None]
    times = [f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(t // 10**6))}.{t % 10**6:06}Z" for (t,) in ask(place, "select time from _weir_times order by id")]
    at = {None: None, **dict(enumerate(times))}
    same([(i, n, at[begin], at[end]) for i, n, begin, end in versions], ask(place, "select id, n, valid_from, valid_to from t"))


@case
def how_many_is_told(place):
    place.write("in/a.csv", "id,n\n1,1\n2,2\n3,3\n")
    place.run(CSV, {**LOAD, "mode": "upsert"}).works()
    place.write("in/a.csv", "id,n\n3,3\n")
    told = place.weir("run", "job.json", "--log", "level=info").works().err
    must(re.search(r"sqlite.missing_deleted|the rows that did not come", told) and "rows=2" in told, f"found {told!r}")


@case
def a_run_that_fails_deletes_nothing(place):
    place.write("in/a.csv", "id,n\n1,1\n2,2\n")
    place.run(CSV, {**LOAD, "mode": "upsert"}).works()
    place.write("in/a.csv", "id,n\n2,many\n")
    place.weir("run", "job.json").fails(1, "in/a.csv:2:3")
    same([(1, 1), (2, 2)], ask(place, "select * from t"))
    place.write("in/a.csv", "id,n\n2,5\n")
    place.weir("run", "job.json", "--fresh").works()
    same([(2, 5)], ask(place, "select * from t"))


@case
def what_is_refused(place):
    told = []

    def tell(what, ended, code=2):
        ended.fails(code)
        told.append(f"### {what}\n{ended.err.replace(str(place.folder), 'FOLDER')}")

    place.write("in/a.csv", "id,n\n1,1\n2,2\n")
    place.write("in/rows.csv", "id,n\n1,1\n")
    full = {**LOAD, "mode": "upsert"}
    tell("a sink of rejects", place.run(CSV, full, reject={"use": "file", "path": "rejects.ndjson"}, name="rejects"))
    tell("two loads of a table", place.run(CSV, [full, {**full, "name": "other"}], name="two"))
    place.run({**CSV, "only_new": "name"}, full, name="new").works()
    place.write("in/b.csv", "id,n\n3,3\n")
    tell("an extract of what is new", place.weir("run", "new.json"))
    backfill = {"transform": [{"use": "filter", "where": "id >= {from} and id < {to}"}]}
    place.manifest(CSV, full, name="ranges", backfill=backfill)
    tell("ranges", place.weir("backfill", "ranges.json", "--from", "0", "--to", "9", "--by", "key", "--step", "5"))
    same([(1, 1), (2, 2)], ask(place, "select * from t"))
    bad = {**CSV, "format": {"use": "csv", "types": {"id": "int64", "n": "int64"}}}
    place.write("in/b.csv", "id,n\n3,many\n")
    place.run(bad, {**full, "delete_missing": False}, reject={"use": "file", "path": "rejects.ndjson"}, name="replayed").works()
    job = json.loads(place.read("replayed.json"))
    run = json.loads(place.weir("runs", "list", "--output", "json").out)
    runs = run["runs"] if isinstance(run, dict) else run
    number = next(one["run"] for one in runs if one["name"] == "replayed")
    del job["reject"]
    job["load"]["delete_missing"] = True
    place.write("replayed.json", json.dumps(job))
    tell("a replay", place.weir("runs", "replay", number))
    golden("missing.txt", "".join(told))


if __name__ == "__main__":
    finish()
