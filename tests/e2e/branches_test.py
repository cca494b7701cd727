"""Branches, lists of loads and extracts: every row comes to each end that it is for, once, whatever is killed."""
import random, sqlite3

import sqlite3

from harness import *

ROWS = 30000
TABLE = "id,v\n" + "".join(f"{i},n{i}\n" for i in range(ROWS))


def csv(path):
    return {"use": "file", "path": path}


def table(name, **more):
    return {"use": "sqlite", "database": "out.db", "table": name, **more}


def splits(first, second, **more):
    return {"use": "splits", "first": first, "second": second, **more}


def pipeline(place, transform, load=None, branches=None, extract=None, name="job", **more):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    if branches:
        more["branches"] = branches
    return place.manifest(extract or csv("in.csv"), load, transform, name=name, **more)


def run(place, *parts, flags=(), **named):
    return place.weir("run", pipeline(place, *parts, **named), *flags)


def ids(place, *names):
    """The ids in CSV files, or in tables of out.db, sorted."""
    found = []
    for name in names:
        if name.endswith(".csv"):
            found += [int(line.split(",")[0]) for line in place.read(name).splitlines()[1:]]
        else:
            connection = sqlite3.connect(place.folder / "out.db")
            found += [row[0] for row in connection.execute(f"select id from {name}")]
            connection.close()
    return sorted(found)


def all_rows(place, *names, times=1):
    found = ids(place, *names)
    must(found == sorted(list(range(ROWS)) * times), f"expected {times} times {ROWS} ids in {names}, found {len(found)}")


@case
def rows_go_to_one_branch_each(place):
    place.write("in.csv", TABLE)
    ended = run(place, [splits("even", "odd")],
                branches={"even": {"load": csv("even.csv")}, "odd": {"transform": [{"use": "filter", "where": "id >= 0"}],
                                                                     "load": table("odd")}}, flags=["--output", "json"])
    all_rows(ended.works() and place, "even.csv", "odd")
    links = {link["link"]: link for link in json.loads(ended.out)["ledger"]["links"]}
    must(list(links) == ["extract", "splits", "filter-odd", "load-even", "load-odd"], f"found {list(links)}")
    must(links["splits"]["outputs"] == [links["load-even"]["in"], links["filter-odd"]["in"]], f"found {links}")
    must(links["filter-odd"]["from"] == ["splits"] and links["load-odd"]["confirmed"] == links["load-odd"]["out"], f"found {links}")


@case
def rows_stay_in_their_order(place):
    place.write("in.csv", TABLE)
    run(place, [splits("a", "b", all=True)], branches={name: {"load": csv(f"{name}.csv")} for name in "ab"}).works()
    for name in "ab":
        must(place.read(f"{name}.csv") == TABLE, f"expected the rows as they were in {name}.csv")


@case
def branches_branch_again(place):
    place.write("in.csv", TABLE)
    branches = {"b": {"load": csv("b.csv")}, "a": {"transform": [splits("aa", "ab", all=True)]}, "ab": {"load": table("ab")},
                "aa": {"transform": [splits("aaa", "aab")]}, "aab": {"load": csv("aab.csv")}, "aaa": {"load": csv("aaa.csv")}}
    ended = run(place, [splits("a", "b")], branches=branches).works()
    all_rows(place, "b.csv", "ab")
    all_rows(place, "b.csv", "aaa.csv", "aab.csv")
    for word in ("extracted", "expanded", "load-aaa", "load-ab", "balanced"):
        must(word in ended.out, f"expected {word!r} in {ended.out}")


@case
def loads_of_a_list_get_every_row(place):
    place.write("in.csv", TABLE)
    run(place, [{"use": "filter", "where": "id >= 0"}], [csv("a.csv"), {**csv("b.csv"), "name": "second"}, table("t")]).works()
    for name in ("a.csv", "b.csv", "t"):
        all_rows(place, name)
    must("nothing to do" in place.weir("run", "job.json").works().out, "expected nothing to do")


@case
def extracts_of_a_list_are_one_stream(place):
    half = ROWS // 2
    lines = TABLE.splitlines(keepends=True)
    place.write("one/a.csv", "".join(lines[:half + 1]))
    place.write("two.csv.gz", lines[0] + "".join(lines[half + 1:]))
    ended = run(place, [], csv("out.csv"), extract=[csv("one/*.csv"), {**csv("two.csv.gz"), "name": "second"}]).works()
    must(place.read("out.csv") == TABLE, "expected the rows of both, the first's first")
    must("extract " in ended.out and "second " in ended.out, f"expected a line for each in {ended.out}")
    place.write("two.csv.gz", "id,v\n7,seven\n8.5,x\n")
    run(place, [], csv("out.csv"), extract=[csv("one/*.csv"), csv("two.csv.gz")], name="other").works()
    must("8.5,x" in place.read("out.csv"), "expected the type that holds both")


@case
def extracts_are_put_together_by_name(place):
    place.write("a.csv", "id,v\n1,a\n")
    place.write("b.csv", "w,id\nx,2.5\n")
    place.write("c.ndjson", '{"id":3,"z":true}\n')
    database = sqlite3.connect(place.folder / "d.db")
    database.execute("create table t(v text, id integer)")
    database.execute("insert into t values('s', 9)")
    database.commit()
    database.close()
    both = {"use": "file", "path": "[ab].csv", "format": {"use": "csv", "files": "union"}}
    place.run([both, {"use": "file", "path": "c.ndjson"}], {"use": "file", "path": "out.ndjson"}).works()
    must(sorted(place.rows("out.ndjson"), key=lambda row: row["id"]) == [
        {"id": 1, "v": "a", "w": None, "z": None}, {"id": 2.5, "v": None, "w": "x", "z": None},
        {"id": 3, "v": None, "w": None, "z": True}], f"expected the columns of all, found {place.rows('out.ndjson')}")
    # A database keeps to the order and the wider type of the others; what it lacks, its query can say.
    table = {"use": "sqlite", "database": "d.db", "query": "select null as w, v, id from t"}
    place.run([both, table], {"use": "file", "path": "out.ndjson"}, name="other").works()
    must({"id": 9.0, "v": "s", "w": None} in place.rows("out.ndjson"), f"expected its row, found {place.rows('out.ndjson')}")
    table["query"] = "select v, id from t"
    place.run([both, table], {"use": "file", "path": "out.ndjson"}, name="lacks").fails(1, "found 'w' in 'extract'")


@case
def extracts_that_differ_are_told(place):
    place.write("a.csv", "id,v\n1,a\n")
    place.write("b.csv", "id,w\n1,a\n")
    ended = run(place, [], csv("out.csv"), extract=[csv("a.csv"), csv("b.csv")])
    ended.fails(1, "'w'", "'extract'", "'extract-2'")


@case
def one_database_is_one_transaction(place):
    place.write("in.csv", TABLE)
    (place.folder / "same.db").symlink_to("out.db")
    rejecting = {"use": "validate", "columns": {"id": {"max": ROWS - 3}}}
    branches = {"a": {"transform": [rejecting], "load": table("a", mode="replace")},
                "b": {"load": [{**table("b"), "database": "./same.db"}, table("a", mode="replace")]}}
    run(place, [splits("a", "b")], branches=branches, reject={**table("rejects"), "mode": "append"}).works()
    must(len(ids(place, "a", "b")) == ROWS - 1 + ROWS // 2, f"found {len(ids(place, 'a', 'b'))} rows")
    connection = sqlite3.connect(place.folder / "out.db")
    must(connection.execute("select count(*) from rejects").fetchone()[0] == 1, "expected one reject")
    must(connection.execute("select count(*) from _weir_tokens").fetchone()[0] == 1, "expected one token")
    connection.close()


@case
def the_option_at_fault_is_the_right_loads(place):
    place.write("in.csv", TABLE)
    place.write("job.yaml", "weir: 1\nextract: { use: file, path: in.csv }\nload:\n"
                "  - { use: sqlite, database: out.db, table: a }\n"
                "  - { use: sqlite, database: out.db, table: b, mode: upsert, key: [nothing] }\n")
    place.weir("run", "job.yaml").fails(2, "job.yaml:5:", "nothing")


@case
def two_databases_are_refused(place):
    place.write("in.csv", TABLE)
    run(place, [], [table("a"), {**table("b"), "database": "other.db"}]).fails(2, "job.json:1:", "load-2")
    run(place, [], table("a"), reject={**table("b"), "database": "other.db"}).fails(2, "job.json:1:", "reject")
    must(place.files() == {"in.csv", "job.json"}, f"found {place.files()}")


@case
def a_failure_in_one_branch_leaves_nothing_in_the_others(place):
    place.write("in.csv", TABLE)
    branches = {"a": {"load": csv("a.csv")}, "b": {"transform": [{"use": "validate", "columns": {"id": {"max": ROWS - 10}}}],
                                                   "load": table("b")}}
    run(place, [splits("a", "b")], branches=branches).fails(1, "in.csv:", "id")
    must(place.files() <= {"in.csv", "job.json", "out.db"}, f"found {place.files()}")


def killed(name, transform, load, branches, names, times):
    def check(place):
        dice = random.Random(name)
        place.write("in.csv", TABLE)
        manifest = pipeline(place, transform, load, branches)
        begin = time.monotonic()
        place.weir("run", manifest).works()
        whole = time.monotonic() - begin
        for number in range(8):
            place.write("in.csv", TABLE + f"{ROWS},{number}\n")
            process = place.start("run", manifest)
            time.sleep(dice.uniform(0, whole * 1.1))
            process.kill()
            place.end(process)
            place.weir("run", manifest).works()
            found = ids(place, *names)
            must(found == sorted(list(range(ROWS + 1)) * times), f"round {number}: found {len(found)} rows")
            left = place.files() - {"in.csv", "job.json", "out.db", *names}
            must(not left, f"found {left}")
    check.__name__ = f"kill_at_any_moment_{name}"
    return check


case(killed("files", [splits("a", "b")], None, {"a": {"load": csv("a.csv")}, "b": {"load": csv("b.csv")}}, ["a.csv", "b.csv"], 1))
case(killed("mixed", [], [csv("a.csv"), table("t", mode="replace"), csv("b.csv")], None, ["a.csv", "b.csv", "t"], 3))
case(killed("tables", [splits("a", "b")], None,
            {"a": {"load": table("a", mode="replace")}, "b": {"load": table("b", mode="replace")}}, ["a", "b"], 1))


@case
def a_load_that_is_gone_is_not_forgotten(place):
    # As if killed after the rows were decided, before the run was marked complete.
    place.write("in.csv", TABLE)
    run(place, [], csv("a.csv"), name="job").works()
    store = sqlite3.connect(next((place.home / "state").rglob("state.db")), isolation_level=None)
    store.execute("create trigger keep before update on entries when cast(new.value as text) like '%\"complete\":true%' "
                  "begin select raise(ignore); end")
    place.write("in.csv", TABLE + f"{ROWS},new\n")
    run(place, [], csv("a.csv"), name="job").fails(1, "another host")
    store.execute("drop trigger keep")
    store.close()
    renamed = {**csv("a.csv"), "name": "other"}
    run(place, [], renamed, name="job").fails(2, "'load'", "yet to be published")
    run(place, [], csv("a.csv"), name="job").works()
    run(place, [], renamed, name="job").works()


@case
def a_limit_on_rejects_stops_the_run(place):
    place.write("in.csv", TABLE)
    place.write("out.csv", "old\n")
    check = [{"use": "validate", "columns": {"id": {"max": 100}}}]
    reject = csv("bad.csv")
    for limits, found in (({"rejects": 10}, "found 11"), ({"rejects": "1%"}, "%"), ({"rejects": "1%", "sample": 10 ** 9}, "%")):
        ended = run(place, check, [csv("out.csv"), table("t")], reject=reject, limits=limits)
        ended.fails(3, found, "id: ", "in.csv:103", "job.json:1:")
        must(place.read("out.csv") == "old\n" and not (place.folder / "bad.csv").exists(), "expected nothing of the run")
    run(place, check, csv("out.csv"), reject=reject, limits={"rejects": ROWS}).works()
    run(place, check, csv("out.csv"), reject=reject, limits={"rejects": "99.9%"}, name="other").works()
    run(place, check, csv("out.csv"), limits={"rejects": 1}, name="third").fails(2, "third.json:1:", "reject")


@case
def rejects_within_the_limit_are_no_failure(place):
    place.write("in.csv", "id,v\n1,a\n200,b\n")
    check = [{"use": "validate", "columns": {"id": {"max": 100}}}]
    run(place, check, csv("out.csv"), reject=csv("bad.csv"), limits={"rejects": "50%"}).works()
    must(place.read("out.csv") == "id,v\n1,a\n", place.read("out.csv"))


if __name__ == "__main__":
    finish()
