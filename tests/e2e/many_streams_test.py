# slow
"""Many streams, one manifest: a database of 300 tables is copied; one that fails stops nobody; what is known stays known."""
import contextlib, sqlite3

from harness import *

TABLES = 300
COPY = """weir: 1
name: copy
extract:
  use: sqlite
  database: shop.db
  streams: "*"
load:
  use: sqlite
  database: copy.db
  table: "{name}"
  mode: replace
"""
SCHEMAS = ["id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, total DECIMAL_TEXT(10,2)", "a INT, b REAL, c BLOB", "k TEXT, n INT, PRIMARY KEY(k)",
           "day DATE, at TIMESTAMP, ok BOOLEAN", "only TEXT"]
ROWS = ["INSERT INTO {0}(name, total) VALUES ('n{1}', '{1}.25')", "INSERT INTO {0} VALUES ({1}, {1} / 8.0, x'00ff')",
        "INSERT INTO {0} VALUES ('k{1}', {1})", "INSERT INTO {0} VALUES ('2024-02-{2:02}', '2024-02-01 10:00:{2:02}', {2} % 2)",
        "INSERT INTO {0} VALUES ('gar\u00e7on ''{1}''')"]


def name_of(number):
    """Among them names with blanks, quotes, dots, letters beyond ASCII, and one that is a word of SQL."""
    return ["plain_{0}", "with blank {0}", 'say "{0}"', "\u5e97 {0}", "shop.{0}", "select {0}"][number % 6].format(number)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def make(place, tables=TABLES, name="shop.db"):
    """Of different shapes, every seventh empty."""
    with contextlib.closing(sqlite3.connect(place.folder / name)) as database:
        for number in range(tables):
            database.execute(f"CREATE TABLE {quoted(name_of(number))}({SCHEMAS[number % 5]})")
            for row in range(0 if number % 7 == 3 else 1 + number % 40):
                database.execute(ROWS[number % 5].format(quoted(name_of(number)), row, row % 28 + 1))
        database.commit()
    return tables


def ask(place, database, sql):
    with contextlib.closing(sqlite3.connect(place.folder / database)) as opened:
        rows = opened.execute(sql).fetchall()
        opened.commit()
        return rows


def tables_of(place, database):
    return [name for name, in ask(place, database, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite@_%' ESCAPE '@' "
                                  "AND name NOT LIKE '@_weir%' ESCAPE '@' ORDER BY name")]


def must_be_equal(place, tables=None, source="shop.db", copy="copy.db"):
    names = tables or tables_of(place, source)
    must(tables or tables_of(place, copy) == names, "expected the same tables")
    for name in names:
        wanted, found = (sorted(map(repr, ask(place, database, f"SELECT * FROM {quoted(name)}"))) for database in (source, copy))
        must(wanted == found, f"table {name!r}: expected {wanted[:3]} ({len(wanted)}), found {found[:3]} ({len(found)})")


def report(place, *words, code=0):
    ran = place.weir("--output", "json", "run", "copy.yaml", *words)
    must(ran.code == code, f"expected exit {code}, found {ran.code}: {ran.out[-1500:]} {ran.err[-500:]}")
    document = json.loads(ran.out)
    return document["pipelines"][0] if "pipelines" in document else document


def states(document):
    return {one["stream"]: one["state"] for one in document["streams"]}


@case
def a_database_of_300_tables_is_copied_by_ten_lines(place):
    make(place)
    place.write("copy.yaml", COPY)
    must(len(COPY.splitlines()) <= 11, "expected ten lines and their head")
    rows = sum(ask(place, "shop.db", f"SELECT count(*) FROM {quoted(name)}")[0][0] for name in tables_of(place, "shop.db"))
    ran = place.weir("run", "copy.yaml").works()
    must(f"{TABLES} streams" in ran.out and f"{TABLES} complete" in ran.out, f"expected a sum, found {ran.out[-400:]!r}")
    must(ran.out.splitlines()[-2].split()[-1] == f"{rows:,}", f"expected {rows:,} rows in the sum, found {ran.out.splitlines()[-3:]}")
    must(len(ran.out.splitlines()) == TABLES + 4, f"expected a line a stream, found {len(ran.out.splitlines())}")
    must("exactly once" in ran.out, "expected its guarantee")
    must_be_equal(place)
    print(f"    {TABLES} tables, {rows} rows: {ran.seconds:.1f} s")
    again = place.weir("run", "copy.yaml").works()
    must("nothing to do" in again.out and len(again.out.splitlines()) == 1, f"expected nothing to do, found {again.out[:300]!r}")
    fresh = report(place, "--fresh", "--stream", "plain_6", "--stream", "\"shop.4\"")
    must(states(fresh) == {"plain_6": "complete", '"shop.4"': "complete"}, f"found {states(fresh)}")
    must_be_equal(place)


@case
def one_that_fails_stops_nobody_and_is_alone_the_next_time(place):
    make(place, 12)
    ask(place, "copy.db", "CREATE TABLE plain_6(a INT CHECK (a < 0), b REAL, c BLOB)")
    place.write("copy.yaml", COPY.replace("mode: replace", "mode: append"))
    first = report(place, code=1)
    found = states(first)
    must(found.pop("plain_6") == "failed" and set(found.values()) == {"complete"}, f"found {states(first)}")
    failed = next(one for one in first["streams"] if one["stream"] == "plain_6")
    must("plain_6" in failed["error"]["message"] or failed["error"]["code"], f"found {failed}")
    must_be_equal(place, [name for name in tables_of(place, "shop.db") if name != "plain_6"])
    ran = place.weir("run", "copy.yaml").fails(1, "stream 'plain_6'")
    must("11 nothing to do" in ran.out and "1 failed" in ran.out, f"found {ran.out[-300:]!r}")
    ask(place, "copy.db", "DROP TABLE plain_6")
    third = report(place)
    found = states(third)
    must(found.pop("plain_6") == "complete" and set(found.values()) == {"nothing to do"}, f"found {states(third)}")
    must_be_equal(place)


@case
def others_are_not_begun_where_the_first_failure_is_to_stop_all(place):
    make(place, 12)
    ask(place, "copy.db", "CREATE TABLE plain_0(id INTEGER CHECK (id < 0), name, total)")
    place.write("copy.yaml", COPY.replace("mode: replace", "mode: append").replace('streams: "*"', "streams: { on_failure: stop }"))
    found = states(report(place, "--jobs", "1", code=1))
    must(found['"shop.10"'] == "complete" and found["plain_0"] == "failed" and found["plain_6"] == "not begun", f"found {found}")


@case
def what_differs_for_one_is_laid_over(place):
    make(place, 6)
    place.write("copy.yaml", COPY + """reject: { use: file, path: "rejects/{stream}.ndjson" }
streams:
  plain_0: { load: { table: "other {schema}{name}", mode: upsert, key: [id] } }
  "with blank 1": { transform: [ { use: filter, where: "a = 1" } ] }
""")
    place.weir("run", "copy.yaml").works()
    must("other plain_0" in tables_of(place, "copy.db") and "plain_0" not in tables_of(place, "copy.db"), f"found {tables_of(place, 'copy.db')}")
    must(ask(place, "copy.db", 'SELECT count(*) FROM "with blank 1"') == [(1,)], "expected one row")
    # Another's override does not make this one anew.
    place.write("copy.yaml", place.read("copy.yaml").replace("a = 1", "a = 0"))
    found = states(report(place))
    must(found.pop("with blank 1") == "complete" and set(found.values()) == {"nothing to do"}, f"found {found}")


@case
def a_slip_of_the_pen_is_told_before_anything_is_written(place):
    make(place, 6)
    place.write("copy.yaml", COPY.replace('"*"', "[plain_0, plian_0]") + "streams: { plain_9: { load: { mode: append } }, plain_0: { lod: {} } }\n")
    place.weir("run", "copy.yaml").fails(2, "copy.yaml:", "unknown key 'lod'", "did you mean 'load'?")
    place.write("copy.yaml", COPY.replace('"*"', "[plain_0, plian_0]"))
    place.weir("run", "copy.yaml").fails(2, "copy.yaml:6:", "expected a stream 'plian_0' in the source, found none", "did you mean 'plain_0'?")
    place.write("copy.yaml", COPY.replace('"*"', "nothing_*"))
    place.weir("run", "copy.yaml").fails(1, "copy.yaml:6:", "found none of 6")
    place.write("copy.yaml", COPY.replace("mode: replace", "mode: replaced"))
    place.weir("run", "copy.yaml").fails(2, "copy.yaml:11:", "replaced")
    place.write("copy.yaml", COPY.replace("  streams", "  table: plain_0\n  streams"))
    place.weir("run", "copy.yaml").fails(2, "copy.yaml:6:", "expected either streams or table, found both")
    place.write("copy.yaml", COPY.replace("use: sqlite\n  database: shop.db", "use: generate\n  rows: 5"))
    place.weir("run", "copy.yaml").fails(2, "copy.yaml:4:", "expected an extractor with several streams, found 'generate', which has one")
    must(not (place.folder / "copy.db").exists(), "expected nothing written")


@case
def two_streams_of_one_destination_are_refused_before_anything_is_written(place):
    make(place, 6)
    place.write("copy.yaml", COPY.replace('"{name}"', '"all_{schema}"'))
    place.weir("run", "copy.yaml").fails(2, "copy.yaml:8:", "expected a destination of its own for each stream")
    place.write("copy.yaml", COPY + "streams: { plain_0: { load: { table: \"SELECT 5\" } } }\n")
    place.weir("run", "copy.yaml").fails(2, "'plain_0' and 'select 5'")
    place.write("copy.yaml", COPY + "reject: { use: file, path: rejects.ndjson }\n")
    place.weir("validate", "copy.yaml").fails(2, "rejects.ndjson")
    must(not (place.folder / "copy.db").exists(), "expected nothing written")


@case
def what_is_new_is_added_left_or_refused(place):
    make(place, 6)
    place.write("copy.yaml", COPY)
    place.weir("run", "copy.yaml").works()
    ask(place, "shop.db", "CREATE TABLE late(x INT)")
    place.write("copy.yaml", COPY.replace('"*"', "{ new: fail }"))
    place.weir("run", "copy.yaml").fails(1, "copy.yaml:6:", "found new: 'late'", "take one by its name")
    place.write("copy.yaml", COPY.replace('"*"', "{ new: ignore }"))
    for _ in range(2):
        left = report(place)
        must("late" not in states(left) and left["ignored"] == ["late"], f"found {left}")
    place.weir("run", "copy.yaml", "--stream", "plain_0").works()  # says nothing of the others
    must(report(place)["ignored"] == ["late"], "expected it to be new still")
    must("no: new" in place.weir("discover", "copy.yaml").works().out, "expected it told as new")
    must("late" not in tables_of(place, "copy.db"), "expected it left")
    place.write("copy.yaml", COPY.replace('"*"', "{ new: fail }") + "streams: { late: {} }\n")
    must(states(report(place))["late"] == "complete", "expected who is named to be taken")
    ask(place, "shop.db", "DROP TABLE late")
    place.write("copy.yaml", COPY)
    must(report(place)["gone"] == ["late"], "expected what is gone to be told")


@case
def what_is_there_is_listed(place):
    make(place, 6)
    place.write("copy.yaml", COPY.replace('"*"', "{ exclude: \"*shop*\" }"))
    text = place.weir("discover", "copy.yaml").works().out
    must(text.startswith("copy  6 streams, 5 taken\n") and "plain_0" in text, f"found {text!r}")
    found = json.loads(place.weir("--output", "json", "discover", "copy.yaml").works().out)["streams"]
    must([one["stream"] for one in found] == sorted(one["stream"] for one in found) and len(found) == 6, f"found {found}")
    one = next(one for one in found if one["stream"] == "plain_0")
    must(one == {"stream": "plain_0", "taken": True, "new": False, "columns": ["id", "name", "total"], "keys": ["id"],
                 "cursors": ["id"], "rows": 1}, f"found {one}")
    must(not next(one for one in found if one["stream"] == '"shop.4"')["taken"], "expected it excluded")
    plan = place.weir("plan", "copy.yaml").works().out
    must(plan.startswith("copy  plan: 5 streams") and len(plan.splitlines()) == 6 and "exactly once" in plan, f"found {plan!r}")
    one = place.weir("plan", "copy.yaml", "--stream", "plain_0").works().out
    must(one.startswith("copy  stream plain_0  plan:") and "total" in one, f"found {one!r}")
    shown = place.weir("preview", "copy.yaml", "--stream", "plain_0").works().out
    must("n0" in shown, f"found {shown!r}")
    place.weir("validate", "copy.yaml").works()
    must(not (place.folder / "copy.db").exists() and not (place.home / "state").exists(), "expected nothing written")


@case
def what_runs_came_to_is_kept_by_stream(place):
    make(place, 6)
    place.write("copy.yaml", COPY)
    place.weir("run", "copy.yaml").works()
    listed = place.weir("runs", "list").works().out.splitlines()
    must(len(listed) == 2 and "copy" in listed[1], f"expected one run, found {listed}")
    must(len(place.weir("runs", "list", "--streams").works().out.splitlines()) == 8, "expected the streams' too")
    whole = json.loads(place.weir("--output", "json", "runs", "show", listed[1].split()[0]).works().out)
    must(len(whole["streams"]) == 6, f"found {whole}")
    text = place.weir("runs", "show", listed[1].split()[0]).works().out
    must("6 streams" in text and "6 complete" in text, f"found {text!r}")
    one = next(one for one in whole["streams"] if one["stream"] == '"shop.4"')["run"]
    must("copy \"shop.4\"" in place.weir("runs", "show", one).works().out, "expected its own ledger")
    must("equal" in place.weir("runs", "verify", one).works().out, "expected it verified")
    place.weir("runs", "verify", listed[1].split()[0]).works()
    ask(place, "copy.db", 'DELETE FROM "shop.4" WHERE only LIKE \'%1%\'')
    place.weir("runs", "verify", one)
    must(place.weir("runs", "verify", one).code == 5, "expected a difference")
    must(place.weir("runs", "verify", listed[1].split()[0]).code == 5, "expected a difference in all of it")


def loaded(place):
    """Rows that are in the copy by now, committed."""
    try:
        return sum(ask(place, "copy.db", f"SELECT count(*) FROM {quoted(name)}")[0][0] for name in tables_of(place, "copy.db"))
    except sqlite3.OperationalError:  # it is not there yet, or locked
        return 0


def stop_when(place, rows, how):
    process = place.start("run", "copy.yaml", "--jobs", "3")
    end = time.monotonic() + 60
    while process.poll() is None and loaded(place) < rows and time.monotonic() < end:
        time.sleep(0.005)
    process.send_signal(how)
    return place.end(process)


@case
def what_is_killed_goes_on_and_each_row_is_there_once(place):
    with contextlib.closing(sqlite3.connect(place.folder / "shop.db")) as database:
        for number in range(24):
            database.execute(f"CREATE TABLE t{number}(id INTEGER PRIMARY KEY, name TEXT)")
            database.executemany(f"INSERT INTO t{number} VALUES (?, ?)", ((row, f"name {row}") for row in range(1500)))
        database.commit()
    place.write("copy.yaml", COPY.replace("mode: replace", "mode: append") + "checkpoint: { rows: 400 }\n")
    for rows in (1, 6000, 15000):
        stop_when(place, rows, signal.SIGKILL)
    ended = stop_when(place, 20000, signal.SIGTERM)
    must(ended.code in (0, 143), f"expected it drained, found {ended.code}: {ended.err[-300:]}")
    place.weir("run", "copy.yaml").works()
    must_be_equal(place)
    listed = place.weir("runs", "list").works().out
    must("complete" in listed and len(listed.splitlines()) >= 3, f"found {listed!r}")


@case
def memory_does_not_grow_with_the_number_of_streams(place):
    most = {}
    for tables in (20, 200):
        for name in ("shop.db", "copy.db"):
            (place.folder / name).unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(place.folder / "shop.db")) as database:
            for number in range(tables):
                database.execute(f"CREATE TABLE t{number}(id INTEGER PRIMARY KEY, name TEXT)")
                database.executemany(f"INSERT INTO t{number} VALUES (?, ?)", ((row, f"name {row}") for row in range(300)))
            database.commit()
        place.write("copy.yaml", COPY)
        script = "import os, resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL); " \
                 "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        told = subprocess.run([sys.executable, "-c", script, WEIR, "run", "copy.yaml", "--fresh"], cwd=place.folder, env=place.env,
                              capture_output=True, text=True, timeout=120)
        must(told.returncode == 0, f"expected it to run, found {told.stderr[-500:]}")
        most[tables] = int(told.stdout) / 1024
    print(f"    20 streams {most[20]:.0f} MiB, 200 streams {most[200]:.0f} MiB")
    must(os.environ.get("WEIR_SANITIZED") or most[200] < most[20] + 12, f"expected about as much for 200 streams as for 20, found {most}")


@case
def files_make_streams_by_their_names(place):
    for shop in ("rome", "oslo", "a.b"):
        for day in (1, 2):
            place.write(f"in/{shop}/day-{day}.csv", f"id,name\n{day},{shop}\n")
    place.write("in/odd{x,y}/day-1.csv", "other\n1\n")
    place.write("copy.yaml", COPY.replace("use: sqlite\n  database: shop.db\n  streams: \"*\"", 'use: file\n  path: "in/{stream}/*.csv"'))
    found = report(place)
    must(states(found) == {name: "complete" for name in ("a.b", "odd{x,y}", "oslo", "rome")}, f"found {states(found)}")
    must(tables_of(place, "copy.db") == ["a.b", "odd{x,y}", "oslo", "rome"], f"found {tables_of(place, 'copy.db')}")
    must(ask(place, "copy.db", "SELECT * FROM rome ORDER BY id") == [(1, "rome"), (2, "rome")], "expected its rows")
    listed = place.weir("discover", "copy.yaml").works().out
    must(re.search(r"^  rome +yes .*2$", listed, re.M), f"found {listed!r}")
    place.write("in/rome/day-3.csv", "id,name\n3,rome\n")
    found = states(report(place))
    must(found.pop("rome") == "complete" and set(found.values()) == {"nothing to do"}, f"found {found}")
    place.write("by.yaml", 'weir: 1\nextract: { use: file, path: "in/{schema}/{name}.csv" }\nload: { use: file, path: "out/{name}/{schema}.ndjson" }\n')
    place.weir("run", "by.yaml").works()
    must(place.rows("out/day-2/oslo.ndjson") == [{"id": 2, "name": "oslo"}], "expected a file a stream")
    place.write("no.yaml", 'weir: 1\nextract: { use: file, path: "in/**/{stream}/**/*.csv" }\nload: { use: file, path: "out/{name}.ndjson" }\n')
    place.weir("run", "no.yaml").fails(2, "no.yaml:2:", "found no name of one in")


@case
def no_name_of_a_stream_leads_out_of_its_folder(place):
    ask(place, "shop.db", 'CREATE TABLE "../../out"(x INT)')
    ask(place, "shop.db", 'CREATE TABLE "a/b"(x INT)')
    place.write("below/copy.yaml", 'weir: 1\nextract: { use: sqlite, database: ../shop.db, streams: "*" }\nload: { use: file, path: "out/{name}.csv" }\n')
    place.weir("run", "below/copy.yaml").works()
    must(sorted(os.listdir(place.folder / "below/out")) == ["%2E.%2F..%2Fout.csv", "a%2Fb.csv"], f"found {os.listdir(place.folder / 'below/out')}")


@case
def what_is_wrong_is_told_with_its_cure(place):
    make(place, 6)
    told = []

    def tell(title, text, *words, command="run"):
        place.write("m.yaml", text)
        ran = place.weir(command, "m.yaml", *words)
        told.append(f"### {title}: exit {ran.code}\n{(ran.err + ran.out).replace(str(place.folder), 'FOLDER')}")

    head, load = "weir: 1\n", 'load: { use: sqlite, database: copy.db, table: "{name}" }\n'
    shop = "extract: { use: sqlite, database: shop.db, streams: %s }\n"
    one = "extract: { use: sqlite, database: shop.db, table: plain_0 }\n"
    tell("a name that is none", head + shop % "[plian_0]" + load)
    tell("a name that is like no other", head + shop % "[zzzzzz]" + load)
    tell("what differs for one that is not there", head + shop % '"*"' + load + "streams: { plain_1: { load: { mode: append } } }\n")
    tell("a stream that is asked for", head + shop % '"*"' + load, "--stream", "plain_7")
    tell("nothing is picked", head + shop % '"x*"' + load)
    tell("all are excluded", head + shop % '{ exclude: "*" }' + load)
    sqlite3.connect(place.folder / "none.db").close()
    tell("a source that has none", head + shop.replace("shop.db", "none.db") % '"*"' + load)
    tell("no streams to list", head + one + load, command="discover")
    tell("a stream of a pipeline that has none", head + one + load, "--stream", "plain_0")
    tell("an extractor that has none", head + 'extract: { use: generate, streams: "*" }\n' + load)
    tell("files whose names make none", head + 'extract: { use: file, path: "in/*.csv", streams: "*" }\n' + load)
    place.write("in/a/b.csv", "x\n1\n")
    tell("a path that does not tell", head + 'extract: { use: file, path: "in/**/{name}/**/*.csv" }\n' + load)
    tell("two streams of one table", head + shop % '["p*", "s* 5"]' + 'load: { use: sqlite, database: copy.db, table: same }\n')
    tell("two streams of one table, by another's name", head + shop % '["p*", "s* 5"]' + load + "streams: { plain_0: { load: { table: SELECT 5 } } }\n")
    tell("rejects of all in one file", head + shop % '["p*", "s* 5"]' + load + "reject: { use: file, path: bad.ndjson }\n", command="validate")
    place.write("m.yaml", head + shop % '["p*"]' + load)
    place.weir("run", "m.yaml").works()
    ask(place, "shop.db", "CREATE TABLE plain_new(x)")
    tell("one that is new", head + shop % '{ include: "p*", new: fail }' + load)
    for how in ("twice", "keys", "bytes", "never"):
        if not BAD_PLUGINS:
            continue
        place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
        tell(f"a plugin that lists badly, {how}", head + f'extract: {{ use: lists, how: {how}, streams: "*" }}\nload: discard\n')
    golden("streams.txt", "".join(told))


finish()
