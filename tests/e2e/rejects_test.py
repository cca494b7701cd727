"""Rejects: each says which row of which split of which source it was, whoever rejected it; limits, with a sample, stop a run."""
import sqlite3

from harness import *

BAD = {"use": "file", "path": "bad.ndjson"}
OUT = {"use": "file", "path": "out.ndjson"}
KEYS = ["row", "reason", "column", "detail", "link", "stream", "split", "position", "file", "line", "record"]
NUMBERS = {"use": "csv", "types": {"id": "int64", "v": "int64"}}


def table(rows, bad=()):
    return "id,v\n" + "".join(f"{i},{'x' if i in bad else i}\n" for i in range(rows))


def rejects(place):
    found = place.rows("bad.ndjson")
    for row in found:
        must(list(row) == KEYS, f"expected the columns {KEYS}, found {list(row)}")
        must(row["reason"] and row["link"] and row["split"], f"expected reason, link and split, found {row}")
    return found


def record_at(place, reject):
    """The line of its split at the reject's position."""
    data = (place.folder / reject["split"]).read_bytes()[reject["position"]:]
    return data.split(b"\n", 1)[0].decode()


@case
def a_readers_reject_says_where_its_record_begins(place):
    for name in ("a", "b"):
        place.write(f"in/{name}.csv", table(200_000, {7, 199_998}))  # of several chunks
    place.run({"use": "file", "path": "in/*.csv", "format": NUMBERS}, OUT, reject=BAD).works()
    found = rejects(place)
    must(sorted((row["split"], row["line"]) for row in found) == [
        (f"in/{name}.csv", line) for name in "ab" for line in (9, 200_000)], f"expected four rejects, found {found}")
    for row in found:
        must(record_at(place, row) == f"{row['row']['id']},x", f"expected its record at its position, found {row}")


@case
def a_reject_far_down_the_chain_does_too(place):
    place.write("in.csv", table(50_000))
    place.write("in.ndjson", "".join(json.dumps({"id": i, "v": i}) + "\n" for i in range(50_000)))
    for name in ("in.csv", "in.ndjson"):
        chain = [{"use": "filter", "where": "id % 2 = 1"}, {"use": "derive", "columns": {"w": "v * 2"}},
                 {"use": "limit", "rows": 40_000},  # behind the gather
                 {"use": "validate", "columns": {"w": {"max": 90_000}}}]
        place.run({"use": "file", "path": name}, OUT, chain, BAD, name=name.replace(".", "-")).works()
        found = rejects(place)
        must(len(found) == 2500, f"expected 2,500 rejects, found {len(found)}")
        for row in found[:20] + found[-20:]:
            must(str(row["row"]["id"]) in record_at(place, row), f"expected its record at its position, found {row}")
            must(row["link"] == "validate", f"expected the link that rejected it, found {row}")


@case
def a_reject_of_a_table_says_which_record_of_its_split(place):
    database = sqlite3.connect(place.folder / "in.db")
    database.execute("create table t (id integer primary key, v any)")
    database.executemany("insert into t values (?, ?)", ((i, i) for i in range(1000)))
    database.commit()
    database.close()
    place.run({"use": "sqlite", "database": "in.db", "table": "t"}, OUT, [{"use": "validate", "columns": {"id": {"max": 990}}}],
              BAD).works()
    found = rejects(place)
    must([row["row"]["id"] for row in found] == list(range(991, 1000)), f"expected nine rejects, found {found}")
    must(all(row["line"] is None for row in found), "expected no line in a table")


@case
def rejects_are_loaded_as_a_table_too(place):
    place.write("in.csv", table(10, {3}))
    place.run({"use": "file", "path": "in.csv", "format": NUMBERS}, OUT,
              reject={"use": "sqlite", "database": "bad.db", "table": "bad"}).works()
    database = sqlite3.connect(place.folder / "bad.db")
    found = database.execute("select split, position, file, line, link from bad").fetchall()
    database.close()
    must(found == [("in.csv", len(table(3)), "in.csv", 5, "extract")], f"expected one reject, found {found}")


def limited(place, rows, bad, **limits):
    place.write("in.csv", table(rows, bad))
    return place.run({"use": "file", "path": "in.csv", "format": NUMBERS}, OUT, reject=BAD, limits=limits, flags=["--fresh"])


@case
def a_count_may_be_reached_and_not_passed(place):
    limited(place, 1000, range(5), rejects=5).works()
    limited(place, 1000, range(6), rejects=5).fails(3, "expected at most 5 rejected rows, found 6", "run.reject_limit")
    limited(place, 1000, [], rejects=0).works()
    limited(place, 1000, [999], rejects=0).fails(3, "expected at most 0 rejected rows, found 1")


@case
def a_share_is_judged_by_a_sample_and_at_the_end(place):
    # 100 bad rows at the beginning: too many of the first thousand, few enough of all.
    limited(place, 100_000, range(100), rejects="1%", sample=100_000).works()
    limited(place, 100_000, range(100), rejects="0.05%", sample=100_000).fails(3, "expected at most 0.05% of the rows", "100 of 100,000, 0.1%")
    # The sample is larger than the input: judged all the same, at its end.
    limited(place, 50, range(10), rejects="10%", sample=10_000).fails(3, "found 10 of 50, 20%")
    limited(place, 50, range(5), rejects="10%", sample=10_000).works()
    must(len(place.rows("bad.ndjson")) == 5, "expected the rejects of the run that was within")


@case
def a_share_beyond_the_limit_stops_a_run_before_its_end(place):
    rows = 2_000_000
    ended = limited(place, rows, range(0, 400_000, 2), rejects="2%", sample=10_000).fails(3, "of the rows to be rejected")
    judged = int(re.search(r"found [\d,]+ of ([\d,]+)", ended.err)[1].replace(",", ""))
    must(10_000 <= judged < rows, f"expected to stop after the sample and before the end, found {judged} rows")
    must(not {name for name in place.files() if "out" in name or "bad" in name}, "expected nothing of the run")


if __name__ == "__main__":
    finish()
