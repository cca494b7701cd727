"""The digest of rows: one for the same rows, whatever they are written to, read from, or shared among; another for others."""
import sqlite3
from harness import *

sys.path.insert(0, str(Path(__file__).parents[2] / "examples/34_row_digest"))
import digest as python

TYPES = {"price": "decimal(10,2)", "note": "string"}


def orders(count):
    lines = ["id,name,at,day,price,weight,paid,note"]
    lines += [f"{i},{'' if i % 11 == 0 else f'Zoë {i % 97}'},2026-01-{i % 28 + 1:02}T10:00:00.{i % 1000:03}Z,2026-02-{i % 28 + 1:02},"
              f"{i}.{i % 100:02},{i / 8 + 0.1},{'true' if i % 2 else 'false'},{'007' if i % 5 else ''}" for i in range(count)]
    return "\n".join(lines) + "\n"


def digests(ended):
    ended.works()
    return [link.get("digest") for link in json.loads(ended.out)["ledger"]["links"] if link["link"].startswith("load")]


def source(name, **types):
    return {"use": "file", "path": name, "format": {"use": "json" if name.endswith("ndjson") else "csv", "types": {**TYPES, **types}}}


TABLE = {"use": "sqlite", "database": "t.db", "table": "t", "mode": "replace"}
FLAGS = ["--output", "json", "--fresh"]


@case
def it_is_the_same_wherever_rows_go_and_come_from(place):
    place.write("in.csv", orders(5000))
    files = [{"use": "file", "path": name} for name in ("out.csv", "out.ndjson", "out.csv.gz")]
    first = digests(place.run(source("in.csv"), [*files, TABLE], flags=FLAGS))
    must(len(first) == 4 and len(set(first)) == 1, f"expected one digest, found {first}")
    back = {"out.csv": source("out.csv"), "out.ndjson": source("out.ndjson", at="timestamp(us, UTC)", day="date"),
            "t.db": {"use": "sqlite", "database": "t.db", "table": "t"}}
    for name, extract in back.items():
        found = digests(place.run(extract, {"use": "file", "path": "again.ndjson"}, flags=FLAGS, name="back"))
        must(found == first[:1], f"{name}: expected {first[0]} again, found {found}")


@case
def it_does_not_depend_on_chains_batches_or_the_order_of_rows(place):
    text = orders(120_000)
    head, *rows = text.splitlines(keepends=True)
    place.write("in.csv", text)
    place.write("turned.csv", head + "".join(reversed(rows)))
    place.write("one.csv", head + "".join(rows[:50_000]))
    place.write("two.csv", head + "".join(rows[50_000:]))
    runs = [(source("in.csv"), 1), (source("in.csv"), 4), (source("turned.csv"), 2), ([source("two.csv"), source("one.csv")], 3)]
    found = [digests(place.run(extract, TABLE, flags=[*FLAGS, "--chains", chains]))[0] for extract, chains in runs]
    must(len(set(found)) == 1, f"expected one digest, found {found}")


@case
def it_is_of_the_rows_that_were_taken(place):
    place.write("in.csv", "id,n\n1,5\n2,6\n1,7\n3,8\n")
    place.write("good.csv", "n,id\n8,3\n5,1\n6,2\n")
    table = {**TABLE, "mode": "append"}
    with sqlite3.connect(place.folder / "t.db") as store:
        store.execute("create table t(id integer primary key, n integer)")
    csv = {"use": "file", "path": "in.csv"}
    some = digests(place.run(csv, table, reject={"use": "file", "path": "rejects.ndjson"}, flags=FLAGS))
    good = digests(place.run({"use": "file", "path": "good.csv"}, {"use": "file", "path": "out.csv"}, flags=FLAGS, name="good"))
    must(some == good, f"expected {good}, found {some}")
    expected = python.digest([{"id": 1, "n": 5}, {"id": 2, "n": 6}, {"id": 3, "n": 8}])
    must(good == [expected], f"expected what Python finds, {expected}, found {good}")


@case
def one_changed_value_changes_it(place):
    place.write("in.csv", orders(2000))
    place.write("other.csv", orders(2000).replace("Zoë 53", "Zoé 53", 1))
    found = [digests(place.run(source(name), {"use": "file", "path": "out.csv"}, flags=FLAGS))[0] for name in ("in.csv", "other.csv")]
    must(found[0] != found[1], f"expected two digests, found {found}")


@case
def nothing_stored_has_none(place):
    place.write("in.csv", orders(10))
    ended = place.run(source("in.csv"), {"use": "discard"}, flags=FLAGS)
    must(digests(ended) == [None], f"expected no digest, found {ended.out}")
    told = place.weir("run", "job.json", "--fresh").works().out
    must("balanced" in told and "digest" not in told, f"expected no digest, found {told}")


finish()
