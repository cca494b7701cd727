"""The errors that a user meets, word for word: what they say is compared with tests/golden/e2e_messages.txt.

`messages_test.py --write` writes them anew; look at the difference before it is committed.
"""
import contextlib, sqlite3

from harness import *

OUT = {"use": "file", "path": "out.csv"}
IN = {"use": "file", "path": "in.csv"}
GOOD = "id,v\n1,a\n2,b\n3,c\n4,d\n"

SPLITS = {"use": "splits", "first": "big", "second": "rest"}
DISCARD = {"load": {"use": "discard"}}
DB = {"use": "sqlite", "database": "out.db", "table": "t"}



def database(sql):
    with contextlib.closing(sqlite3.connect(":memory:")) as made:
        made.executescript(sql)
        return made.serialize()


# Name: files, extract, load, transform, reject, flags, what else the manifest has.
SCENES = {
    "no input": ({}, IN, OUT),
    "nothing matches": ({}, {"use": "file", "path": "in/*.csv"}, OUT),
    "empty input": ({"in.csv": ""}, IN, OUT),
    "ragged row": ({"in.csv": GOOD + "5\n"}, IN, OUT),
    "unclosed quote": ({"in.csv": GOOD + '5,"x\n'}, IN, OUT),
    "not of its type": ({"in.csv": GOOD}, {**IN, "format": {"use": "csv", "types": {"v": "int64"}}}, OUT),
    "not utf-8": ({"in.csv": b"id,v\n1,\xff\xfe\n"}, IN, OUT),
    "cut gzip": ({"in.csv.gz": None}, {"use": "file", "path": "in.csv.gz"}, OUT),
    "not zstd": ({"in.csv.zst": GOOD}, {"use": "file", "path": "in.csv.zst"}, OUT),
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
    "no branch of that name": ({"in.csv": GOOD}, IN, None, [SPLITS], None, [], {"branches": {"bigg": DISCARD, "rest": DISCARD}}),
    "no branch at all for an output": ({"in.csv": GOOD}, IN, None, [SPLITS], None, [], {"branches": {"big": DISCARD}}),
    "branches that nothing feeds": ({"in.csv": GOOD}, IN, None, [SPLITS], None, [],
                                    {"branches": {"big": DISCARD, "rest": DISCARD, "third": DISCARD}}),
    "a branch that is fed twice": ({"in.csv": GOOD}, IN, None, [SPLITS], None, [], {"branches": {
        "big": {"transform": [{**SPLITS, "first": "other"}]}, "rest": DISCARD, "other": DISCARD}}),
    "a load beside branches": ({"in.csv": GOOD}, IN, OUT, [SPLITS], None, [], {"branches": {"big": DISCARD, "rest": DISCARD}}),
    "a link behind several outputs": ({"in.csv": GOOD}, IN, None, [SPLITS, {"use": "filter", "where": "id > 0"}], None, [],
                                      {"branches": {"big": DISCARD, "rest": DISCARD}}),
    "branches, and a last link that does not route": ({"in.csv": GOOD}, IN, None, [{"use": "filter", "where": "id > 0"}], None,
                                                      [], {"branches": {"big": DISCARD}}),
    "outputs of one name": ({"in.csv": GOOD}, IN, None, [{**SPLITS, "first": "rest"}], None, [], {"branches": {"rest": DISCARD}}),
    "loads of one file": ({"in.csv": GOOD}, IN, [OUT, OUT]),
    "loads of two databases": ({"in.csv": GOOD}, IN, [DB, {**DB, "database": "other.db"}]),
    "loads of one table in two modes": ({"in.csv": GOOD}, IN, [DB, {**DB, "mode": "replace"}]),
    "extracts that differ": ({"in.csv": GOOD, "b.csv": "id\n1\n"}, [IN, {"use": "file", "path": "b.csv"}], OUT),
    "an extract that can't keep to the schema of all": (
        {"in.csv": "id\n1.5\n"}, [{"use": "generate", "columns": {"id": {"kind": "sequence"}}}, IN], OUT),
    "limits without rejects": ({"in.csv": GOOD}, IN, OUT, [], None, [], {"limits": {"rejects": 1}}),
    "beyond the limit": ({"in.csv": GOOD}, IN, OUT, [{"use": "validate", "columns": {"id": {"max": 1}}}],
                         {"use": "file", "path": "bad.csv"}, [], {"limits": {"rejects": 2}}),
    "beyond the share": ({"in.csv": GOOD}, IN, OUT, [{"use": "validate", "columns": {"id": {"max": 1}}}],
                         {"use": "file", "path": "bad.csv"}, [], {"limits": {"rejects": "50%"}}),
    "unknown_outcome": ({}, {"use": "unknown_outcome"}, OUT),
    "a column that would be lost": ({"in.csv": GOOD, "out.db": database("create table t(id integer)")}, IN, DB, [], None, [],
                                    {"drift": {"columns": "ignore"}}),
    "values that would be lost": ({"in.csv": GOOD, "out.db": database("create table t(id integer, v integer)")}, IN, DB, [], None, [],
                                  {"drift": {"types": "ignore"}}),
    "digits that would be lost": ({"in.csv": "id\n0.5\n", "out.db": database("create table t(id integer); insert into t values (9007199254740993)")},
                                  IN, DB, [], None, [], {"drift": {"types": "widen"}}),
    "a column that must have a value": ({"in.csv": GOOD, "out.db": database("create table t(id integer, v text, w text not null)")}, IN, DB),
    "a NOT NULL that would be lost": ({"in.csv": GOOD, "out.db": database("create table t(id integer, v text, w text not null)")}, IN, DB, [],
                                      None, [], {"drift": {"columns": "evolve"}}),
    "no column in common": ({"in.csv": GOOD, "out.db": database("create table t(x integer)")}, IN, DB, [], None, [], {"drift": {"columns": "reject"}}),
    "a database that is not made": ({"in.csv": GOOD}, IN, DB, [], None, [], {"drift": {"tables": "freeze"}}),
    "a table that is not made": ({"in.csv": GOOD, "out.db": database("create table u(x integer)")}, IN, DB, [], None, [], {"drift": {"tables": "freeze"}}),
    "names that become one": ({"in.csv": "ID_09240e07,id,ID\n1,2,3\n"}, IN, DB),
    "a file of other columns": ({"in.csv": GOOD, "out.csv": "id\n1\n"}, IN, {**OUT, "append": True}, [], None, [], {"drift": {"columns": "evolve"}}),
}


def scene(place, files, extract, load, transform=(), reject=None, flags=(), more=None):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    for name, data in files.items():
        if data is None:
            (place.folder / name).write_bytes(gzip.compress(GOOD.encode() * 100, mtime=0)[:40])
        else:
            place.write(name, data)
    ended = place.run(extract, load, transform, reject, flags=flags, **(more or {}))
    return f"exit {ended.code}\n" + ended.err.replace(str(place.folder) + "/", "").replace(str(place.folder), "FOLDER")


def load_that_is_gone(place):
    """As if killed after the rows were decided, before the run was marked complete; then its load is renamed."""
    place.write("in.csv", GOOD)
    place.run(IN, OUT)
    store = sqlite3.connect(next((place.home / "state").rglob("state.db")), isolation_level=None)
    store.execute("create trigger keep before update on entries when cast(new.value as text) like '%\"complete\":true%' "
                  "begin select raise(ignore); end")
    place.write("in.csv", GOOD + "5,e\n")
    place.run(IN, OUT)
    store.execute("drop trigger keep")
    store.close()
    ended = place.run(IN, {**OUT, "name": "other"})
    return f"exit {ended.code}\n" + re.sub("run [0-9A-Z]{26}", "run ID", ended.err)


def file_begun_with_other_columns(place):
    """A run is killed in the middle of a file; then its rows get a column."""
    wide = "x" * 400  # more than what is read ahead
    for number in range(5):
        place.write(f"in/{number}.csv", "id,text\n" + "".join(f"{i},{wide}\n" for i in range(40_000)))
    job = place.manifest({"use": "file", "path": "in/*.csv"}, OUT, drift={"columns": "evolve"}, checkpoint={"rows": 5_000})
    begun = Speaking(place, "run", job, "--chains", "1", "--log", "level=info")
    begun.until("the epoch is committed")
    begun.ends(-signal.SIGKILL, signal.SIGKILL)
    place.write("in/4.csv", "id,text,v\n1,a,b\n")
    ended = place.weir("run", job)
    return f"exit {ended.code}\n" + ended.err


@case
def messages(place):
    found = f"== a load that is gone, with rows to publish: {load_that_is_gone(place)}\n"
    other = Place()
    try:
        found += f"== a file that was begun with other columns: {file_begun_with_other_columns(other)}\n"
    finally:
        other.leave()
    for name, parts in SCENES.items():
        other = Place()
        try:
            found += f"== {name}: {scene(other, *parts)}\n"
        finally:
            other.leave()
    golden("e2e_messages.txt", found)


if __name__ == "__main__":
    finish()
