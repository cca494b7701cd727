"""weir test: a manifest's own tests, how they pass, fail, and are refused; its words are compared with tests/golden/cases.txt."""
from harness import *

ROWS = [{"id": 1, "n": 5}, {"id": 2, "n": 50}]
FILTER = [{"use": "filter", "where": "n > 9"}]
VALIDATE = [{"use": "validate", "columns": {"n": {"max": 9}}}]
ROUTE = [{"use": "route", "to": {"big": "n > 9"}, "else": "rest"}]
BRANCHES = {"big": {"load": {"use": "file", "path": "big.csv"}}, "rest": {"load": "discard"}}
REJECT = {"use": "file", "path": "bad.ndjson"}


def manifest(place, tests, transform=(), name="m", **more):
    load = None if "branches" in more else {"use": "sqlite", "database": "out.db", "table": "t"}
    return place.manifest({"use": "file", "path": "nowhere.csv"}, load, transform, name=name, tests=tests, **more)


def report(place, tests, *words, code=0, **more):
    ended = place.weir("test", manifest(place, tests, **more), "--output", "json", *words)
    must(ended.code == code, f"expected exit {code}, found {ended.code}: {ended.out} {ended.err}")
    return json.loads(ended.out)


@case
def nothing_is_read_or_written(place):
    before = place.files()
    tests = [{"name": "one", "given": ROWS, "expect": [{"id": 2, "n": 50}]}]
    found = report(place, tests, transform=FILTER)
    must(found["passed"] == 1 and found["tests"][0]["dropped"] == 1, found)
    must(place.files() == before | {"m.json"}, place.files())
    must(not (place.home / "state").exists(), "expected no state")


@case
def types_are_those_of_the_values_or_as_said(place):
    given = [{"d": "2026-01-31", "at": "2026-01-31T10:00:00Z", "i": 9007199254740993, "x": 0.1, "b": True, "s": "a", "l": [1, 2],
              "o": {"k": "v"}, "p": "12.50", "none": None}]
    steps = [{"use": "validate", "columns": {"d": {"type": "date"}, "at": {"type": "timestamp(us, UTC)"}, "p": {"type": "decimal(10,2)"},
                                             "b": {"type": "bool"}, "x": {"type": "double"}, "i": {"type": "int64"}}}]
    tests = [{"name": "types", "given": given, "types": {"p": "decimal(10,2)", "late": "int64"}, "columns": "all", "expect": [
        {"d": "2026-01-31", "at": "2026-01-31 10:00:00.000Z", "i": 9007199254740993, "x": 1e-1, "b": True, "s": "a", "l": [1, 2],
         "o": {"k": "v"}, "p": 12.5, "none": None, "late": None}]}]
    found = report(place, tests, transform=steps)
    must(found["passed"] == 1, found)
    tests[0]["expect"][0]["i"] = 9007199254740992  # a double would not see it
    must("column 'i'" in report(place, tests, transform=steps, code=1)["tests"][0]["differences"][0]["message"], "i")


@case
def the_extractors_types_hold(place):
    extract = {"use": "file", "path": "x.csv", "format": {"use": "csv", "types": {"n": "decimal(10,2)"}}}
    file = place.manifest(extract, "discard", [{"use": "derive", "columns": {"m": "n * 2"}}], name="t",
                          tests=[{"name": "a", "given": [{"n": "0.10"}], "expect": [{"m": 0.2}]}])
    place.weir("test", file).works()


@case
def times_without_a_zone_mean_what_they_mean_in_the_run(place):
    given = [{"at": "2026-03-29 10:00:00"}, {"at": "2026-01-31T10:00:00.25"}, {"at": "2026-10-25 02:30:00"}, {"at": "2026-01-01T00:00:00Z"}]
    rome = [{"at": text} for text in ("2026-03-29T08:00:00Z", "2026-01-31T09:00:00.25Z", "2026-10-25T00:30:00Z", "2026-01-01T00:00:00Z")]
    there = {"times": {"naive": "Europe/Rome"}}
    place.write("in.csv", "at\n" + "".join(f"{row['at']}\n" for row in given))

    def tested(given, expect, form, name="zone", **more):
        file = place.manifest({"use": "file", "path": "in.csv", **form}, {"use": "file", "path": "out.ndjson"}, name=name, **there,
                              tests=[{"name": "a", "given": given, "expect": expect, **more}])
        return place.weir("test", file)

    tested(given, rome, {}).works()
    place.weir("run", "zone.json").works()
    tested({"file": "in.csv"}, rome, {}, name="file").works()
    must([row["at"].replace(".250000", ".25").replace(".000000", "") for row in place.rows("out.ndjson")] == [row["at"] for row in rome],
         place.read("out.ndjson"))
    tested(given[:1], [{"at": "2026-03-29T10:00:00Z"}], {"format": {"use": "csv", "times": {"naive": "UTC"}}}).works()
    tested(given[:1], [{"at": "2026-03-29T08:00:00Z"}], {}, types={"at": "timestamp(ms, UTC)"}).works()
    for form in ({"format": {"use": "csv", "times": None}}, {"format": {"use": "csv", "types": {"at": "timestamp"}}}, {"format": "json"}):
        tested(given[:1], [{"at": "2026-03-29 10:00:00"}], form).works()
    there["times"]["naive"] = "Europe/Rom"
    ended = tested(given, rome, {})
    must(ended.code == 1 and "times: naive: expected the name of a time zone, found \"Europe/Rom\"" in ended.out, ended.out + ended.err)


@case
def rows_pair_up_as_many_as_can(place):
    tests = [{"name": "any order", "given": ROWS, "expect": [{"n": 50}, {"id": 1}]},
             {"name": "one row says less", "given": [{"id": 1, "n": 2}, {"id": 1, "n": 3}], "expect": [{"id": 1}, {"id": 1, "n": 2}]}]
    must(report(place, tests)["passed"] == 2, "expected both to pass")
    ordered = [{**tests[0], "ordered": True}]
    must(report(place, ordered, code=1)["failed"] == 1, "expected the order to count")


@case
def a_file_is_read_as_the_extractor_reads(place):
    place.write("given.tsv.gz", "id;n\n1;0007\n")
    extract = {"use": "file", "path": "nowhere.csv", "format": {"use": "csv", "delimiter": ";", "types": {"n": "int64"}}}
    tests = [{"name": "file", "given": {"file": "given.tsv.gz"}, "expect": [{"id": 1, "n": 7}]}]
    place.weir("test", place.manifest(extract, "discard", name="f", tests=tests)).works()
    place.write("given.csv", "id,n\n1,7\n")
    tests[0]["given"]["file"] = "given.csv"
    place.weir("test", place.manifest({"use": "sqlite", "database": "no.db", "table": "t"}, "discard", name="g", tests=tests)).works()


@case
def branches_and_pipelines(place):
    tests = [{"name": "by branch", "given": ROWS, "expect": {"big": [{"id": 2}], "load-rest": [{"id": 1}]}}]
    must(report(place, tests, transform=ROUTE, branches=BRANCHES)["passed"] == 1, "expected it to pass")
    one = {"extract": {"use": "file", "path": "x.csv"}, "load": "discard"}
    place.write("two.json", json.dumps({"weir": 1, "pipelines": {
        "a": {**one, "tests": [{"name": "x", "given": ROWS, "expect": ROWS}]},
        "b": {**one, "transform": FILTER, "tests": [{"name": "x", "given": ROWS, "expect": ROWS[1:]}]}}}))
    told = place.weir("test", "two.json").works().out
    must("passed  a: x\npassed  b: x\n2 tests" in told, told)
    must("1 test: 1 passed" in place.weir("test", "two.json", "b").works().out, "expected that of one pipeline")


@case
def a_test_is_no_part_of_the_run(place):
    place.write("nowhere.csv", "id,n\n1,2\n")
    tests = [{"name": "a", "given": ROWS, "expect": ROWS}]
    place.weir("run", manifest(place, tests)).works()
    tests[0]["name"] = "b"
    must("nothing to do" in place.weir("run", manifest(place, tests)).works().out, "expected nothing to do")


@case
def a_test_that_cannot_be_run_ends_no_other(place):
    broken = [{"name": "two types", "given": [{"n": 1}, {"n": "x"}], "expect": []}, {"name": "no column", "given": [{"x": 1}], "expect": []}]
    tests = [broken[0], {"name": "good", "given": ROWS, "expect": ROWS[1:]}, broken[1]]
    ended = place.weir("test", manifest(place, tests, FILTER))
    must(ended.code == 1 and "FAILED  two types\nm.json:1:" in ended.out and "passed  good\n" in ended.out, ended.out + ended.err)
    must("FAILED  no column\nm.json:1:" in ended.out and "3 tests: 1 passed, 2 failed" in ended.out, ended.out + ended.err)


@case
def secrets_stay_secret(place):
    place.env["TOKEN"] = "hunter22hunter22"
    tests = [{"name": "a", "given": [{"t": "${secret:env/TOKEN}"}], "expect": [{"t": "x"}]}]
    ended = place.weir("test", manifest(place, tests))
    must(ended.code == 1 and "found \"***\"" in ended.out and "hunter22" not in ended.out + ended.err, ended.out)


def good(**changes):
    return {"name": "a", "given": ROWS, "expect": ROWS, **changes}


# What it shows: tests, transform, what else the manifest has, words of the command line.
SCENES = {
    "values differ": ([good(expect=[{"id": 1, "n": 6}, {"id": 2, "n": "50"}])],),
    "rows differ": ([good(expect=[{"id": 1, "n": 5}, {"id": 3, "n": 7}, {"id": 4, "n": 8}])],),
    "too few, in order": ([good(expect=[*ROWS, {"id": 3}], ordered=True)],),
    "a column that is not there": ([good(expect=[{"id": 1, "nn": 5}, {"id": 2}])],),
    "a column that is none of them": ([good(expect=[{"zzz": 5}, {}])],),
    "a column too many": ([good(expect=[{"id": 1}, {"id": 2}], columns="all")],),
    "more than are shown": ([good(expect=[{"id": i, "x": 1} for i in range(20)], given=[{"id": i, "x": 2} for i in range(20)])],),
    "many rows too many": ([good(expect=[{"id": 1}], given=[{"id": i} for i in range(1, 20)])],),
    "a branch differs": ([good(expect={"big": []})], ROUTE, {"branches": BRANCHES}),
    "a reject that is not expected": ([good(expect=ROWS[:1])], VALIDATE, {"reject": REJECT}),
    "another reject": ([good(expect=ROWS[:1], rejects=[{"row": {"id": 2}, "reason": "n: too much"}])], VALIDATE, {"reject": REJECT}),
    "a zone that there is not": ([good(given=[{"at": "2026-01-31 10:00:00"}])], (), {"times": {"naive": "Mars/Base"}}),
    "a reject that nobody keeps": ([good(expect=ROWS[:1])], VALIDATE),
    "it fails otherwise": ([good(fails="out of range")], VALIDATE),
    "it does not fail": ([good(fails="out of range")],),
    "a column that no row has": ([good(given=[{"n": 1}], expect=[])], [{"use": "filter", "where": "n > 1 and id > 0"}]),
    "no rows, and so no columns": ([good(given=[], expect=[])], [{"use": "filter", "where": "n > 1"}]),
    "a value that does not fit": ([good(given=[{"n": "x"}, {"n": "2026-13-01"}], types={"n": "date"})],),
    "values of two types": ([good(given=[{"n": 1}, {"n": "x"}])],),
    "a type that is none": ([good(types={"n": "int46"})],),
    "rows where branches are": ([good()], ROUTE, {"branches": BRANCHES}),
    "a branch that is not there": ([good(expect={"bigg": []})], ROUTE, {"branches": BRANCHES}),
    "a load that is not there": ([good(expect={"zzzzzz": []})],),
    "a file that is not there": ([good(given={"file": "no.csv"})],),
    "no tests": ([],),
    "tests that are none": ({"a": 1},),
    "a test that is none": ([5, {}, {"name": "b", "givn": 1, "expct": 1}, good(given=1), good(name="c", given=[1]), good(name="d", expect=1)],),
    "two of one name": ([good(), good()],),
    "wrong options": ([good(types=[1], columns="some", ordered="maybe", rejects=[{"rows": 1}], fails=[1])],),
    "rejects that are none": ([good(rejects=[2])],),
    "as JSON": ([good(expect=ROWS[:1])], (), {}, ["--output", "json"]),
    "no case of that name": ([good()], (), {}, ["--case", "b"]),
    "a case that is nearly there": ([good(name="orders")], (), {}, ["--case", "order"]),
}


@case
def words(place):
    found = ""
    for name, (tests, *rest) in SCENES.items():
        transform, more, words = (list(rest) + [(), {}, []][len(rest):])[:3]
        more = dict(more)
        file = manifest(place, tests, transform, **more)
        text = json.dumps(json.loads(place.read(file)), indent=1)
        place.write(file, text)
        ended = place.weir("test", file, *words)
        found += f"== {name}: exit {ended.code}\n{ended.out}{ended.err}\n".replace(str(place.folder) + "/", "")
    golden("cases.txt", found)


if __name__ == "__main__":
    finish()
