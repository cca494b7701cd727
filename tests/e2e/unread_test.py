"""Columns that nobody reads are not parsed: nothing of what they hold can stop a run, and a plan tells them."""
from harness import *

# Four of the columns are read; the others hold what does not parse as what it is declared to be.
DECLARED = {"id": "int64", "price": "int64", "w0": "int64", "w1": "date"}


def lines(rows):
    return "".join(json.dumps({"id": i, "w0": "garbage", "name": f"n{i % 7}", "w1": "no date", "price": i % 100,
                               "w2": {"deep": [i]}}) + "\n" for i in range(rows))


def wide(place, transform, reject=None, types=DECLARED, rows=2000, **more):
    place.write("in.ndjson", lines(rows))
    return place.manifest({"use": "file", "path": "in.ndjson", "format": {"use": "json", "types": types}},
                          {"use": "file", "path": "out.ndjson"}, transform, reject, **more)


FILTER = {"use": "filter", "where": "price >= 50"}
KEEP = {"use": "select", "keep": ["name", "id"]}


@case
def what_nobody_reads_is_not_parsed(place):
    expected = [{"name": f"n{i % 7}", "id": i} for i in range(2000) if i % 100 >= 50]
    for chains in (1, 3):
        m = wide(place, [FILTER, KEEP])
        place.weir("run", m, "--fresh", "--chains", chains, "--validate", "full").works()
        must(place.rows("out.ndjson") == expected, "expected the rows that pass, found others")


@case
def a_column_that_is_dropped_or_renamed_is_named_all_the_same(place):
    m = wide(place, [{"use": "select", "rename": {"w2": "nested"}}, FILTER, {"use": "select", "drop": ["w0", "w1", "nested"]}])
    place.weir("run", m).works()
    must(place.rows("out.ndjson")[0] == {"id": 50, "name": "n1", "price": 50}, place.rows("out.ndjson")[0])


@case
def what_somebody_reads_is_parsed(place):
    for transform in ([FILTER], [{"use": "validate", "columns": {"w0": {"min": 0}}}, KEEP],
                      [{"use": "filter", "where": "w0 > 1"}, KEEP]):
        place.weir("run", wide(place, transform)).fails(1, "in.ndjson:1:", "column 'w0': expected int64, found \"garbage\"")


@case
def where_rejects_are_kept_every_row_is_judged_and_kept_whole(place):
    m = wide(place, [FILTER, KEEP], {"use": "file", "path": "bad.ndjson"}, rows=3)
    place.weir("run", m).works()
    bad = place.rows("bad.ndjson")
    must(len(bad) == 3 and bad[0]["row"]["w2"] == {"deep": [0]} and bad[0]["column"] == "w0", bad)


@case
def a_key_that_the_sample_did_not_have_is_told_though_columns_are_left_out(place):
    # Behind the sample: the types of a gzipped file come from its first 4 MiB.
    place.write("in.json.gz", lines(60000) + '{"id": 1, "late": 2}\n')
    m = place.manifest({"use": "file", "path": "in.json.gz", "format": "json"}, {"use": "file", "path": "out.ndjson"},
                       [{"use": "select", "drop": ["w2"]}])
    place.weir("run", m).fails(1, "in.json.gz:60001:", "late")


@case
def a_plan_tells_what_is_not_parsed(place):
    m = wide(place, [FILTER, KEEP])
    told = place.weir("plan", m).works().out
    must("not parsed, for nobody reads them: w0, w1, w2" in told, told)
    part = json.loads(place.weir("plan", m, "--output", "json").works().out)["parts"][0]
    must(part["unread"] == {"columns": ["w0", "w1", "w2"], "parsed": False}, part)
    whole = json.loads(place.weir("plan", wide(place, [FILTER]), "--output", "json").works().out)["parts"][0]
    must("unread" not in whole, whole)


@case
def a_preview_shows_all_columns(place):
    place.write("in.ndjson", '{"a":1,"b":"x"}\n')
    m = place.manifest({"use": "file", "path": "in.ndjson"}, {"use": "file", "path": "out.ndjson"}, [{"use": "select", "keep": ["a"]}])
    told = place.weir("preview", m, "--link", "extract").works().out
    must("x" in told and "b" in told, told)


@case
def standard_input_is_read_whole(place):
    m = place.manifest({"use": "file", "path": "-", "format": "json"}, {"use": "file", "path": "out.ndjson"}, [{"use": "select", "keep": ["a"]}])
    place.weir("run", m, data=b'{"a":1,"b":"x"}\n').works()
    must(place.rows("out.ndjson") == [{"a": 1}], place.read("out.ndjson"))


if __name__ == "__main__":
    finish()
