"""weir plan --lineage: which columns of the extracts, and which links, made each column of each load."""
from harness import *

ROWS = '{"id":1,"quantity":2,"price":3,"country":"DE","note":"x"}\n'
DERIVE = {"use": "derive", "columns": {"total": "quantity * price", "price": "price * 2", "label": "country"}}
SELECT = {"use": "select", "drop": ["note", "quantity"], "rename": {"id": "order", "country": "land"}}
ROUTE = {"use": "route", "to": {"big": "total > 100"}, "else": "rest"}


def branches(place):
    place.write("in.ndjson", ROWS)
    out = lambda name: {"use": "file", "path": name + ".ndjson"}
    return place.write("job.json", json.dumps({
        "weir": 1, "name": "job", "extract": {"use": "file", "path": "in.ndjson"},
        "transform": [{"use": "filter", "where": "quantity > 0"}, DERIVE, SELECT, ROUTE],
        "branches": {"big": {"transform": [{"use": "derive", "columns": {"more": "total + order", "one": "1"}}], "load": out("big")},
                     "rest": {"transform": [{"use": "select", "keep": ["total"], "cast": {"total": "string"}}], "load": out("rest")}}})).name


def told(place, manifest):
    plan = json.loads(place.weir("plan", manifest, "--lineage", "--output", "json").works().out)
    return {load["to"].split("/")[-1]: {column.pop("column"): column for column in load["columns"]} for load in plan["lineage"]}


def comes(columns, name, origins, made_by=(), perhaps_by=()):
    expected = {"from": origins, "made_by": list(made_by), "perhaps_by": list(perhaps_by), "untold_by": []}
    must(columns[name] == expected, f"{name}: expected {expected}, found {columns[name]}")


@case
def each_column_of_each_branch_has_its_origins(place):
    loads = told(place, branches(place))
    must(set(loads) == {"big.ndjson", "rest.ndjson"}, loads)
    big, rest = loads["big.ndjson"], loads["rest.ndjson"]
    derive, select, second = "derive", "select", "derive-2"
    names = {name for column in big.values() for name in column["made_by"]}
    must({derive, select} <= names, names)
    second = (names - {derive, select}).pop()
    comes(big, "order", ["id"], [select], [second])
    comes(big, "total", ["quantity", "price"], [derive], [second])
    comes(big, "price", ["price"], [], [derive])
    comes(big, "land", ["country"], [select])
    comes(big, "label", ["country"], [derive])
    comes(big, "more", ["id", "quantity", "price"], [derive, select, second])
    comes(big, "one", [], [second])
    must(set(big) == {"order", "total", "price", "land", "label", "more", "one"}, set(big))
    must(set(rest) == {"total"}, set(rest))
    must(rest["total"]["from"] == ["quantity", "price"] and rest["total"]["made_by"][0] == derive, rest)
    must(len(rest["total"]["made_by"]) == 2 and rest["total"]["made_by"][1] != derive, rest)


@case
def people_read_it_as_text(place):
    text = place.weir("plan", branches(place), "--lineage").works().out
    for words in ("lineage", "order ← id; made by select", "price ← price; perhaps changed by derive", "one ← no column; made by"):
        must(words in text, f"expected {words!r} in {text}")
    must("lineage" not in place.weir("plan", branches(place)).works().out, "expected lineage only where it is asked for")


@case
def several_extracts_are_one_to_their_columns(place):
    place.write("a.ndjson", ROWS)
    place.write("b.ndjson", ROWS)
    m = place.manifest([{"use": "file", "path": "a.ndjson"}, {"use": "file", "path": "b.ndjson"}],
                       [{"use": "file", "path": "one.ndjson"}, {"use": "file", "path": "two.ndjson"}], [SELECT])
    loads = told(place, m)
    for name in ("one.ndjson", "two.ndjson"):
        comes(loads[name], "order", ["id"], ["select"])
        comes(loads[name], "price", ["price"])


if __name__ == "__main__":
    finish()
