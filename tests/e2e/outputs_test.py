"""Outputs that can't be, and one that holds what no run made: word for word, in tests/golden/outputs.txt.

`outputs_test.py --write` writes it anew; look at the difference before it is committed.
"""
import contextlib
import sqlite3

from harness import *

IN = {"use": "file", "path": "in.csv"}
OUT = {"use": "file", "path": "out.csv"}
DATABASE = {"use": "sqlite", "database": "out.db", "table": "t"}


def told(place, ended):
    shown = re.sub(r"\b[0-9A-Z]{26}\b", "RUN", ended.err.replace(str(place.folder) + "/", ""))
    return f"exit {ended.code}\n{shown}\n"


@case
def what_an_output_may_not_be(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    place.write("in.csv", "id,v\n1,a\n2,b\n")
    found = "== parts of one name: " + told(place, place.run(IN, {**OUT, "rows": 2}))
    found += "== no format: " + told(place, place.run(IN, {"use": "file", "path": "out.bin"}))
    found += "== a format that only reads: " + told(place, place.run(IN, {**OUT, "format": "reads_only"}))
    def by(title, path, columns):
        return f"== by, {title}: " + told(place, place.run(IN, {"use": "file", "path": path, "by": columns}))
    found += by("a column that is not there", "out/{vv}.csv", "vv")
    found += by("a column that is not in the path", "out.csv", "v")
    found += by("a column that is only in the path", "out/{v}-{id}.csv", "v")
    place.write("nested.ndjson", '{"n":1,"tags":["a"]}\n')
    for column in ("n", "tags"):
        found += f"== by, a column {column}: " + told(place, place.run({"use": "file", "path": "nested.ndjson"}, {
            "use": "file", "path": f"out/{{{column}}}.ndjson", "by": column}))
    place.write("many.csv", "v\n" + "".join(f"{i % 200:0200}\n" for i in range(15000)))
    found += "== by, more values than files are written at a time: " + told(
        place, place.run({"use": "file", "path": "many.csv"}, {"use": "file", "path": "out/{v}.csv", "by": "v"}))
    place.write("two.csv", "v,w\na,b-c\na-b,c\n")
    found += "== by, two values that make one name: " + told(
        place, place.run({"use": "file", "path": "two.csv"}, {"use": "file", "path": "out/{v}-{w}.csv", "by": ["v", "w"]}))
    place.run(IN, DATABASE).works()
    # A run that did not end, of which the database holds an epoch that was never prepared.
    with contextlib.closing(sqlite3.connect(place.home / "state/weir/state.db")) as state, state:
        key, record = state.execute("SELECT key, value FROM entries WHERE key LIKE 'run/%'").fetchone()
        state.execute("UPDATE entries SET value = ? WHERE key = ?", (json.dumps({**json.loads(record), "complete": False}), key))
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database, database:
        database.execute("UPDATE _weir_tokens SET epoch = 7")
    found += "== an epoch that no run made: " + told(place, place.run(IN, DATABASE))
    golden("outputs.txt", found)


if __name__ == "__main__":
    finish()
