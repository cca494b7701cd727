"""A run that fails, is stopped, or is repeated: nothing half done, nothing twice, and it says what happened."""
from harness import *

ROWS = 200_000


def orders(bad=None):
    lines = [f"{i},{'x' if i == bad else i % 20},DE\n" for i in range(1, ROWS + 1)]
    return "id,quantity,country\n" + "".join(lines)


CSV = {"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"quantity": "int64"}}}
OUT = {"use": "file", "path": "out.ndjson"}
TABLE = {"use": "sqlite", "database": "out.db", "table": "orders"}


def ids(place):
    import contextlib, sqlite3
    with contextlib.closing(sqlite3.connect(place.folder / "out.db")) as database:
        return database.execute("select count(*), count(distinct id), sum(id) from orders").fetchone()


@case
def bad_value_late_leaves_the_old_output(place):
    place.write("in.csv", orders(bad=ROWS - 5))
    place.write("out.ndjson", "old\n")
    place.run(CSV, OUT).fails(1, f"in.csv:{ROWS - 4}:", "quantity", "expected int64", "x")
    must(place.read("out.ndjson") == "old\n", "expected the old output")
    must(place.files() == {"in.csv", "out.ndjson", "job.json"}, f"found {place.files()}")


@case
def bad_value_late_leaves_no_table(place):
    place.write("in.csv", orders(bad=ROWS - 5))
    place.run(CSV, TABLE).fails(1, "quantity")
    must("out.db" not in place.files(), f"expected no database, found {place.files()}")


@case
def rejects_name_their_line_behind_other_links(place):
    place.write("in.csv", orders())
    place.run({"use": "file", "path": "in.csv"}, OUT, [{"use": "filter", "where": "id > 3"},
              {"use": "validate", "columns": {"id": {"max": ROWS - 2}}}], {"use": "file", "path": "rejects.ndjson"}).works()
    rejects = place.rows("rejects.ndjson")
    must([(r["row"]["id"], r["line"], r["link"]) for r in rejects] ==
         [(ROWS - 1, ROWS, "validate"), (ROWS, ROWS + 1, "validate")], str(rejects))
    must(len(place.rows("out.ndjson")) == ROWS - 5, "expected the other rows")


@case
def order_is_kept_for_any_number_of_chains(place):
    for n, name in enumerate(("a.csv", "b.csv.gz", "c.csv")):
        place.write(f"in/{name}", "id\n" + "".join(f"{i}\n" for i in range(n * ROWS, n * ROWS + ROWS)))
    for chains in (1, 2, 4):
        place.run({"use": "file", "path": "in/*"}, {"use": "file", "path": "out.csv"}, flags=("--fresh", "--chains", chains)).works()
        must(place.read("out.csv") == "id\n" + "".join(f"{i}\n" for i in range(3 * ROWS)), f"expected order with {chains} chains")


@case
def files_agree_on_one_schema(place):
    place.write("in/a.csv", "id,price\n1,2\n")
    place.write("in/b.csv", "price,id\n2.5,2\n")
    place.run({"use": "file", "path": "in/*.csv"}, OUT).works()
    must([(row["id"], row["price"]) for row in place.rows("out.ndjson")] == [(1, 2.0), (2, 2.5)], place.read("out.ndjson"))


@case
def column_missing_in_one_file_names_both(place):
    place.write("in/a.csv", "id,price\n1,2\n")
    place.write("in/b.csv", "id\n2\n")
    place.run({"use": "file", "path": "in/*.csv"}, OUT).fails(1, "price", "a.csv", "b.csv")


@case
def again_does_nothing_and_a_changed_input_is_a_new_run(place):
    place.write("in.csv", orders())
    place.run(CSV, TABLE).works()
    must("nothing to do" in place.run(CSV, TABLE).works().out, "expected nothing to do")
    must(ids(place)[0] == ROWS, f"found {ids(place)}")
    place.write("in.csv", "id,quantity,country\n1,1,DE\n")
    place.run(CSV, TABLE).works()
    must(ids(place)[0] == ROWS + 1, f"found {ids(place)}")
    place.run(CSV, TABLE, flags=("--fresh",)).works()
    must(ids(place)[0] == ROWS + 2, f"found {ids(place)}")


@case
def killed_at_any_moment_it_ends_right(place):
    place.write("in.csv", orders())
    name = place.manifest(CSV, TABLE)
    begin = time.monotonic()
    place.weir("run", place.manifest(CSV, {**TABLE, "table": "other"}, name="other")).works()
    took = time.monotonic() - begin
    for step in range(12):
        process = place.start("run", name)
        time.sleep(took * step / 12)
        process.kill()
        process.wait()
    place.weir("run", name).works()
    place.weir("run", name).works()
    must(ids(place) == (ROWS, ROWS, ROWS * (ROWS + 1) // 2), f"found {ids(place)}")


@case
def a_signal_ends_a_read_that_waits(place):
    os.mkfifo(place.folder / "pipe")
    name = place.manifest({"use": "file", "path": "pipe", "format": "csv"}, OUT)
    for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        process = place.start("run", name)
        with open(place.folder / "pipe", "w") as pipe:
            pipe.write("id\n" + "1\n" * 4_000_000)  # past the sample that types are inferred from
            pipe.flush()
            time.sleep(0.5)
            begin = time.monotonic()
            process.send_signal(number)
            ended = place.end(process, seconds=10)
        must(ended.code == code, f"expected exit {code}, found {ended.code}: {ended.err}")
        must(time.monotonic() - begin < 5, "expected it to end soon")
        must(place.files() == {"pipe", "job.json"}, f"found {place.files()}")


@case
def standard_input_and_output_carry_nothing_but_data(place):
    name = place.manifest({"use": "file", "path": "-", "format": "csv"}, {"use": "file", "path": "-", "format": "json"})
    for _ in range(2):  # what comes in is never the same again
        ended = place.weir("run", name, data=b"a,b\n1,x\n2,y\n").works()
        must(ended.out == '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n', f"found {ended.out!r}")
        must("at least once" in ended.err, f"expected the ledger on stderr, found {ended.err!r}")


@case
def many_rejects_cost_no_more_each_than_few(place):
    place.write("in.csv", "id,quantity\n" + "".join(f"{i},x\n" for i in range(ROWS)))
    ended = place.run(CSV, OUT, reject={"use": "file", "path": "rejects.ndjson"}).works()
    rejects = place.rows("rejects.ndjson")
    must([reject["line"] for reject in rejects] == list(range(2, ROWS + 2)), "expected a reject for each line, in order")
    must(ended.seconds < 30, f"took {ended.seconds} s")


if __name__ == "__main__":
    finish()
