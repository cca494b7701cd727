"""weir plan and weir preview: what they tell, and that they change nothing.

`plan_test.py --write` writes tests/golden/plan.txt anew; look at the difference before it is committed.
"""
from harness import *

ROWS = "id,name,price\n1,pen,2.50\n2,,0.75\n3,表札,\n4,\"\",10\n"


def manifest(place, transform=(), reject=None, load=None):
    place.write("in.csv", ROWS)
    place.write("out.ndjson", "old\n")
    return place.manifest({"use": "file", "path": "in.csv"}, load or {"use": "file", "path": "out.ndjson"}, transform, reject)


def unchanged(place):
    must(place.read("out.ndjson") == "old\n", "the output was touched")
    must(not (place.home / "state").exists(), "state was touched")
    must(place.files() == {"in.csv", "out.ndjson", "job.json"}, f"expected nothing left behind, found {place.files()}")


@case
def a_plan(place):
    m = manifest(place, [{"use": "filter", "where": "id > 1"}, {"use": "derive", "columns": {"twice": "id * 2"}}],
                 {"use": "file", "path": "rejects.ndjson"})
    told = place.weir("plan", m).works().out
    for words in ("job  plan: ", "extract", "1 split", "in.csv", "id int64", "filter", "derive", "twice int64",
                  "out.ndjson", "rejects.ndjson", "guarantee  exactly once", "plugin     csv "):
        must(words in told, f"expected {words!r} in {told}")
    unchanged(place)


@case
def a_plan_for_programs(place):
    m = manifest(place, [{"use": "filter", "where": "id > 1"}])
    plan = json.loads(place.weir("plan", m, "--output", "json").works().out)
    roles = [(part["role"], part["link"]) for part in plan["parts"]]
    must(roles == [("extract", "extract"), ("transform", "filter"), ("load", plan["parts"][2]["link"])], roles)
    extract, link, load = plan["parts"]
    must(extract["splits"] == {"count": 1, "first": ["in.csv"], "bytes": len(ROWS.encode())}, extract)
    must(extract["outputs"][0][0] == {"name": "id", "type": "int64", "nullable": True}, extract["outputs"])
    must("from" not in link or link["from"] == {"link": "extract", "output": 0}, link)
    must(link["plugin"] == "expr" and link["component"] == "filter" and link["version"], link)
    must(load["to"].endswith("out.ndjson") and plan["guarantee"] == "exactly once", plan)
    must({"csv", "expr", "file", "json"} <= {plugin["name"] for plugin in plan["plugins"]}, plan["plugins"])
    must(all(Path(plugin["path"]).is_file() for plugin in plan["plugins"]), plan["plugins"])


@case
def a_plan_of_what_is_wrong(place):
    place.weir("plan", manifest(place, [{"use": "filter", "where": "idd > 1"}])).fails(2, "no column 'idd'")
    unchanged(place)


@case
def a_preview(place):
    m = manifest(place, [{"use": "filter", "where": "id > 1"}, {"use": "derive", "columns": {"twice": "id * 2"}}])
    told = place.weir("preview", m).works().out
    for words in ("表札", "∅", '""', "twice", "int64", "nothing was written"):
        must(words in told, f"expected {words!r} in {told}")
    unchanged(place)
    place.env["COLUMNS"] = "24"
    narrow = place.weir("preview", m, "--link", "derive", "--rows", "1").works().out
    must(max(map(len, narrow.splitlines()[:-2])) <= 24 and "more column" in narrow, narrow)


@case
def a_preview_for_programs(place):
    m = manifest(place, [{"use": "filter", "where": "id > 1"}])
    document = json.loads(place.weir("preview", m, "--rows", "2", "--output", "json").works().out)
    first, second = document["tables"]
    must(first["rows"] == [[1, "pen", 2.5], [2, None, 0.75]], first)
    must(second["rows"][0][0] == 2 and len(second["rows"]) == 2 and second["link"] == "filter", second)


@case
def a_preview_tells_rejects(place):
    m = manifest(place, [{"use": "validate", "columns": {"id": {"max": 2}}}])
    told = place.weir("preview", m).works().out
    must("rejected\n  validate: in.csv:4: column 'id'" in told, told)
    unchanged(place)


@case
def a_preview_stops_reading_early(place):
    place.write("out.ndjson", "old\n")
    m = place.manifest({"use": "generate", "rows": 2_000_000_000}, {"use": "file", "path": "out.ndjson"})
    ended = place.weir("preview", m, "--rows", "3", seconds=20).works()
    must(ended.seconds < 10 and "the first " in ended.out, ended.out)
    nothing = place.manifest({"use": "generate", "rows": 2_000_000_000}, {"use": "file", "path": "out.ndjson"},
                             [{"use": "filter", "where": "quantity > 1000000"}])
    must("no rows" in place.weir("preview", nothing, seconds=60).works().out, "expected an end, though nothing passes")


@case
def a_preview_of_a_link_that_is_not_there(place):
    place.weir("preview", manifest(place, [{"use": "filter", "where": "id > 1"}]), "--link", "fliter").fails(
        2, "no link 'fliter'", "did you mean 'filter'?")


PIPELINES = """
weir: 1
defaults: { extract: { use: file, path: in.csv } }
pipelines:
  one: { load: { use: file, path: one.csv } }
  two: { transform: [ { use: filter, where: "id > 2" } ], load: { use: file, path: two.csv } }
  three: { transform: [ { use: limit, rows: 1 } ], load: { use: file, path: three.csv } }
"""


def several(place):
    place.write("in.csv", ROWS)
    return place.write("several.yaml", PIPELINES).name


def names(place, *words):
    document = json.loads(place.weir(*words, "--output", "json").works().out)
    return [one["name"] for one in document.get("pipelines", [document])]


@case
def the_pipelines_that_are_named(place):
    name = several(place)
    for command in ("plan", "preview"):
        must(names(place, command, name) == ["one", "two", "three"], f"weir {command}: expected all, without a name")
        must(names(place, command, name, "two") == ["two"], f"weir {command}: expected the one that is named")
        must(names(place, command, name, "three", "one") == ["one", "three"], f"weir {command}: expected the file's order")
        place.weir(command, name, "tow").fails(2, "expected a pipeline 'tow', found none", "did you mean 'two'?")
        place.weir(command, name, "one", "four").fails(2, "expected a pipeline 'four', found none")
        alone = place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"})
        must(names(place, command, alone, "job") == ["job"], f"weir {command}: expected the only one by its name")
        place.weir(command, alone, "two").fails(2, "found a manifest without 'pipelines'")
    must(place.files() == {"in.csv", "several.yaml", "job.json"}, place.files())
    must(not (place.home / "state").exists(), "state was touched")


@case
def each_pipeline_has_its_plan_and_its_rows(place):
    name = several(place)
    told = place.weir("plan", name, "two", "three").works().out
    must("two.csv" in told and "three.csv" in told and "one.csv" not in told, told)
    told = place.weir("preview", name, "one", "two").works().out
    must(re.search(r"^one$.*^of all 4 rows.*^two$.*^of all 4 rows", told, re.M | re.S) and "three" not in told, told)
    document = json.loads(place.weir("preview", name, "two", "--link", "filter", "--output", "json").works().out)
    must([row[0] for row in document["tables"][0]["rows"]] == [3, 4], document)
    # A slip in one pipeline keeps the others from being shown only where it is asked for.
    place.write(name, place.read(name).replace("id > 2", "idd > 2"))
    place.weir("plan", name, "one").works()
    place.weir("plan", name).fails(2, "no column 'idd'")


@case
def help_names_the_pipelines(place):
    for command in ("run", "validate", "plan", "preview", "test", "discover"):
        must(re.search(r"^Usage: .*MANIFEST \[PIPELINE\.\.\.\]", place.weir(command, "--help").works().out, re.M),
             f"weir {command} --help")
    manual = place.weir("manual").works().out
    must(manual.count("\\fIMANIFEST\\fR [\\fIPIPELINE\\fR ...]\n") == 6, "expected the manual to say that there may be several")


ORDERS = "id,total,day\n1,250,2026-01-02\n2,50,\n3,120.5,2026-02-03\n"
FILE = {"use": "file", "path": "orders/*.csv"}

# Name: extract, transform, load, reject, what else the manifest has.
PLANS = {
    "from end to end": (FILE, [{"use": "filter", "where": "total > 100"}, {"use": "derive", "columns": {"twice": "total * 2"}}],
                        {"use": "sqlite", "database": "out.db", "table": "orders"}, {"use": "file", "path": "rejects.ndjson"}, {}),
    "branches, and lists of extracts and loads": (
        [FILE, {"use": "file", "path": "more.csv"}], [{"use": "route", "to": {"big": "total > 100"}, "else": "rest"}], None, None,
        {"branches": {"big": {"transform": [{"use": "tee", "to": ["kept", "shown"]}]},
                      "rest": {"load": [{"use": "file", "path": "rest.csv"}, {"use": "discard"}]},
                      "kept": {"load": {"use": "sqlite", "database": "out.db", "table": "big"}},
                      "shown": {"load": {"use": "print"}}}}),
    "a link that needs all rows, more splits than are shown": (
        {"use": "file", "path": "many/*.csv"}, [{"use": "limit", "rows": 2}, {"use": "filter", "where": "id > 0"}],
        {"use": "file", "path": "-", "format": "json"}, None, {}),
    "rows from nothing": ({"use": "generate", "rows": 2_000_000}, [], {"use": "file", "path": "out.csv.gz"}, None, {}),
}


NAMED = "file|csv|json|gzip|expr|limit|sqlite|generate|discard|print"


def shown(place, text):
    """What differs from machine to machine is named, not told; so are plugins that are only asked whose bytes these are."""
    text = re.sub(rf"^  plugin     (?!(?:{NAMED}) ).*\n", "", text, flags=re.M)
    text = re.sub(rf'    {{\n      "name": "(?!(?:{NAMED})").*\n      "version": .*\n      "path": .*\n    }},?\n', "", text)
    text = text.replace(str(Path(WEIR).parent.parent), "BUILD").replace(str(place.folder), "FOLDER")
    text = re.sub(r"plan: \d+ chains?,", "plan: CHAINS,", text)
    text = re.sub(r'"chains": \d+', '"chains": CHAINS', text)
    return re.sub(r"(?<![\d.])\d+\.\d+\.\d+(?![\d.])", "VERSION", text)


@case
def plans_word_for_word(place):
    place.env["COLUMNS"] = "100"
    place.write("orders/a.csv", ORDERS)
    place.write("orders/b.csv", ORDERS)
    place.write("more.csv", ORDERS)
    for number in range(7):
        place.write(f"many/{number}.csv", "id\n1\n")
    found = ""
    for name, (extract, transform, load, reject, more) in PLANS.items():
        ended = place.weir("plan", place.manifest(extract, load, transform, reject, **more))
        found += f"== {name}: exit {ended.code}\n{shown(place, ended.out + ended.err)}\n"
    first = next(iter(PLANS.values()))
    ended = place.weir("plan", place.manifest(first[0], first[2], first[1], first[3]), "--output", "json")
    found += f"== from end to end, as JSON: exit {ended.code}\n{shown(place, ended.out + ended.err)}\n"
    ended = place.weir("plan", several(place))
    found += f"== several pipelines: exit {ended.code}\n{shown(place, ended.out + ended.err)}\n"
    golden("plan.txt", found)


if __name__ == "__main__":
    finish()
