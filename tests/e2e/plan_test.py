"""weir plan and weir preview: what they tell, and that they change nothing."""
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


if __name__ == "__main__":
    finish()
