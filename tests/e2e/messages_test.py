"""The errors that a user meets, word for word: what they say is compared with tests/golden/e2e_messages.txt.

`messages_test.py --write` writes them anew; look at the difference before it is committed.
"""
from harness import *

OUT = {"use": "file", "path": "out.csv"}
IN = {"use": "file", "path": "in.csv"}
GOOD = "id,v\n1,a\n2,b\n3,c\n4,d\n"

# Name: files, extract, load, transform, reject, flags.
SCENES = {
    "no input": ({}, IN, OUT),
    "nothing matches": ({}, {"use": "file", "path": "in/*.csv"}, OUT),
    "empty input": ({"in.csv": ""}, IN, OUT),
    "ragged row": ({"in.csv": GOOD + "5\n"}, IN, OUT),
    "unclosed quote": ({"in.csv": GOOD + '5,"x\n'}, IN, OUT),
    "not of its type": ({"in.csv": GOOD}, {**IN, "format": {"use": "csv", "types": {"v": "int64"}}}, OUT),
    "not utf-8": ({"in.csv": b"id,v\n1,\xff\xfe\n"}, IN, OUT),
    "cut gzip": ({"in.csv.gz": None}, {"use": "file", "path": "in.csv.gz"}, OUT),
    "missing column": ({"in/a.csv": GOOD, "in/b.csv": "id\n1\n"}, {"use": "file", "path": "in/*.csv"}, OUT),
    "output is input": ({"in.csv": GOOD}, IN, IN),
    "rejects where rows go": ({"in.csv": GOOD}, IN, OUT, [], OUT),
    "rejected, none kept": ({"in.csv": GOOD}, IN, OUT, [{"use": "validate", "columns": {"id": {"max": 2}}}]),
    "unknown column": ({"in.csv": GOOD}, IN, OUT, [{"use": "filter", "where": "idd > 1"}]),
    "unknown component": ({"in.csv": GOOD}, IN, OUT, [{"use": "filtr"}]),
    "folder is a file": ({"in.csv": GOOD}, IN, {"use": "file", "path": "in.csv/out.csv"}),
    **{sin: ({"in.csv": GOOD}, IN, OUT, [{"use": sin}]) for sin in (
        "loses_rows", "doubles_rows", "garbage_status", "throws", "wrong_lengths", "negative_offsets", "null_buffer",
        "null_table", "selects_beyond", "rejects_beyond", "unknown_output", "no_schema", "schema_released", "no_message",
        "null_function", "ignores_failure", "origins_beyond")},
    "changes_rounding": ({"in.csv": GOOD}, IN, OUT, [{"use": "changes_rounding"}], None, ["--validate", "full"]),
    "lies": ({"in.csv": GOOD}, IN, {"use": "lies"}),
    "unknown_outcome": ({}, {"use": "unknown_outcome"}, OUT),
}


def scene(place, files, extract, load, transform=(), reject=None, flags=()):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    for name, data in files.items():
        if data is None:
            (place.folder / name).write_bytes(gzip.compress(GOOD.encode() * 100, mtime=0)[:40])
        else:
            place.write(name, data)
    ended = place.run(extract, load, transform, reject, flags=flags)
    return f"exit {ended.code}\n" + ended.err.replace(str(place.folder) + "/", "").replace(str(place.folder), "FOLDER")


@case
def messages(place):
    found = ""
    for name, parts in SCENES.items():
        other = Place()
        try:
            found += f"== {name}: {scene(other, *parts)}\n"
        finally:
            other.leave()
    golden("e2e_messages.txt", found)


if __name__ == "__main__":
    finish()
