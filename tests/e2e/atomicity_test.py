# slow
"""Failures in the middle leave what stood there; a run that died is mended by the next; two do not run at once."""
import random, sqlite3, threading

from harness import *

ROWS = 60000
TABLE = "id,v\n" + "".join(f"{i},n{i}\n" for i in range(ROWS))
OUT = {"use": "file", "path": "out.csv"}
DB = {"use": "sqlite", "database": "out.db", "table": "t"}


def source(place, text=TABLE, name="in.csv"):
    place.write(name, text)
    return {"use": "file", "path": name}


def in_table(place, sql="select count(*) from t"):
    connection = sqlite3.connect(place.folder / "out.db")
    try:
        return connection.execute(sql).fetchone()[0]
    finally:
        connection.close()


def only(place, *names):
    must(place.files() == set(names), f"expected {sorted(names)} and nothing else, found {sorted(place.files())}")


@case
def an_error_in_the_middle_leaves_no_table(place):
    place.run(source(place, TABLE + "x\n"), DB).fails(1, f"in.csv:{ROWS + 2}:")
    if (place.folder / "out.db").exists():
        must(in_table(place, "select count(*) from sqlite_master where name = 't'") == 0, "expected no table")
    only(place, *({"in.csv", "job.json", "out.db"} & place.files() | {"in.csv", "job.json"}))


@case
def an_error_in_the_middle_leaves_the_old_rows(place):
    place.run(source(place), DB, name="first").works()
    place.run(source(place, TABLE + "x\n", "bad.csv"), {**DB, "mode": "replace"}).fails(1, "bad.csv")
    must(in_table(place) == ROWS, f"expected the old rows, found {in_table(place)}")
    only(place, "in.csv", "bad.csv", "first.json", "job.json", "out.db")


@case
def an_error_in_the_middle_leaves_old_outputs(place):
    place.write("out.csv", "old\n")
    place.write("bad.ndjson", "old\n")
    place.run(source(place, TABLE + "x\n"), OUT, reject={"use": "file", "path": "bad.ndjson"},
              transform=[{"use": "validate", "columns": {"id": {"max": 5}}}]).fails(1)
    must(place.read("out.csv") == "old\n" and place.read("bad.ndjson") == "old\n", "expected the old outputs")
    only(place, "in.csv", "out.csv", "bad.ndjson", "job.json")


@case
def a_second_run_has_nothing_to_do(place):
    parts = source(place), DB
    place.run(*parts).works()
    must("nothing to do" in place.run(*parts).works().out, "expected nothing to do")
    must(in_table(place) == ROWS, "expected each row once")
    place.run(*parts, flags=["--fresh"]).works()
    must(in_table(place) == 2 * ROWS, "expected --fresh to append again")
    source(place, "id,v\n1,changed\n")
    place.run(*parts).works()
    must(in_table(place) == 2 * ROWS + 1, "expected the changed input appended")
    only(place, "in.csv", "job.json", "out.db")


@case
def an_output_removed_by_hand_comes_back_with_fresh(place):
    parts = source(place), OUT
    place.run(*parts).works()
    (place.folder / "out.csv").unlink()
    place.run(*parts).works()
    place.run(*parts, flags=["--fresh"]).works()
    must(place.read("out.csv") == TABLE, "expected the output")


@case
def a_complete_run_names_its_files_that_are_gone(place):
    place.write("in.csv", "id,v\n1,a\n")
    parts = ({"use": "file", "path": "in.csv"}, [{"use": "file", "path": "out/a.csv"}, {"use": "sqlite", "database": "b.db", "table": "t"}])
    place.run(*parts).works()
    must("gone" not in place.run(*parts).works().out, "expected the files to be there")
    (place.folder / "out/a.csv").unlink()
    (place.folder / "b.db").unlink()
    told = place.run(*parts).works().out
    must("nothing to do\njob  but out/a.csv, b.db are gone: --fresh makes them again" in told, f"found {told!r}")
    must(json.loads(place.run(*parts, flags=["--output", "json"]).works().out)["gone"] == ["out/a.csv", "b.db"], "expected them as JSON too")
    place.run(*parts, flags=["--fresh"]).works()
    must(place.read("out/a.csv") == "id,v\n1,a\n", "expected it again")


@case
def one_pipeline_runs_once_at_a_time(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    manifest = place.manifest({"use": "blocks"}, OUT)
    process = place.start("run", manifest)
    end = time.monotonic() + 20
    while not any(name.startswith("home/state") for name in map(lambda p: str(p.relative_to(place.folder)), place.home.rglob("*"))) \
            or place.files() == {"job.json"}:
        must(time.monotonic() < end and process.poll() is None, "expected it to begin")
        time.sleep(0.01)
    place.weir("run", manifest, seconds=20).fails(1, "running already")
    process.send_signal(signal.SIGTERM)
    must(place.end(process, 10).code in (143, -15), "expected it to end")


def killed(load, name):
    def check(place):
        dice = random.Random(name)
        parts = source(place), load
        manifest = place.manifest(*parts)
        begin = time.monotonic()
        place.weir("run", manifest).works()
        whole = time.monotonic() - begin
        for number in range(10):
            source(place, TABLE + f"{ROWS + number},x\n")
            process = place.start("run", manifest)
            time.sleep(dice.uniform(0, whole * 1.1))
            process.kill()
            place.end(process)
            place.weir("run", manifest).works()
            if load is OUT:
                must(place.read("out.csv") == TABLE + f"{ROWS + number},x\n", "expected the rows once")
            else:
                must(in_table(place) == ROWS + 1, f"expected each row once, found {in_table(place)}")
            only(place, "in.csv", "job.json", "out.csv" if load is OUT else "out.db")
    check.__name__ = f"kill_at_any_moment_{name}"
    return check


case(killed(OUT, "file"))
case(killed({**DB, "mode": "replace"}, "sqlite"))


@case
def a_checkpoint_that_outlived_its_run_is_not_the_next_ones(place):
    # As if killed after "complete" was written, before its checkpoint was removed; and killed again in the next run.
    place.run(source(place), OUT).works()
    stores = list((place.home / "state").rglob("state.db"))
    must(len(stores) == 1, f"expected one state store, found {stores}")

    def tell_store(*sql):
        connection = sqlite3.connect(stores[0], isolation_level=None)
        for line in sql:
            connection.execute(line)
        connection.close()

    tell_store("create trigger keep before delete on entries begin select raise(ignore); end")
    place.run(source(place, TABLE + f"{ROWS},second\n"), OUT).works()
    tell_store("drop trigger keep")
    third = TABLE + "".join(f"{i},third\n" for i in range(ROWS, 40 * ROWS))
    process = place.start("run", place.manifest(source(place, third), OUT))
    while not any(name.startswith(".weir-") for name in os.listdir(place.folder)):
        must(process.poll() is None, "expected it to be killed while it writes")
        time.sleep(0.001)
    process.kill()
    must(place.end(process).code == -9, "expected it to be killed while it writes")
    place.run(source(place, third), OUT).works()
    must(place.read("out.csv") == third, "expected the third input's rows")
    only(place, "in.csv", "job.json", "out.csv")


@case
def a_full_disk_leaves_the_old_output(place):
    disk = place.folder / "disk"
    disk.mkdir()
    made = os.geteuid() == 0 and not subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200k", "none", disk],
                                                    capture_output=True).returncode
    if not made:
        return
    try:
        for load in ({"use": "file", "path": "disk/out.csv"}, {**DB, "database": "disk/out.db"}):
            (disk / "out.csv").write_text("old\n")
            place.run(source(place), load, name=load["use"]).fails(1, "no space left" if load["use"] == "file" else "full")
            must((disk / "out.csv").read_text() == "old\n", "expected the old output")
            left = {p.name for p in disk.iterdir()} - {"out.db"}
            must(left == {"out.csv"}, f"expected nothing left, found {left}")
    finally:
        subprocess.run(["umount", disk], check=True)


@case
def a_folder_that_is_missing_or_a_file(place):
    place.run(source(place), {"use": "file", "path": "in.csv/out.csv"}).fails(1, "in.csv")
    only(place, "in.csv", "job.json")


@case
def a_state_folder_that_cannot_be(place):
    place.write("state", "a file")
    place.env["XDG_STATE_HOME"] = str(place.folder / "state")
    place.run(source(place), OUT).fails(1, "state")
    only(place, "in.csv", "job.json", "state")


@case
def a_broken_state_store(place):
    place.run(source(place), OUT).works()
    stores = [p for p in (place.home / "state").rglob("*.db")]
    must(stores, "expected a state store")
    for store in stores:
        store.write_bytes(b"garbage" * 1000)
    place.run(source(place), OUT).fails(1, "state")


@case
def a_locked_database_is_named(place):
    place.run(source(place), DB).works()
    connection = sqlite3.connect(place.folder / "out.db", isolation_level=None)
    connection.execute("begin exclusive")
    source(place, "id,v\n1,x\n")
    ended = place.run(source(place, "id,v\n1,x\n"), {**DB, "wait": "1s"}, seconds=60)
    connection.execute("rollback")
    connection.close()
    ended.fails(1, "out.db")
    must("locked" in ended.err or "busy" in ended.err, ended.err)
    place.run(source(place, "id,v\n1,x\n"), DB).works()
    must(in_table(place) == ROWS + 1, "expected the row once")


@case
def a_reject_sink_that_would_decide_too_is_refused(place):
    reject = {"use": "sqlite", "database": "rejects.db", "table": "r"}
    place.run(source(place), DB, reject=reject).fails(2, "job.json:1:", "sqlite", "reject:")
    place.run(source(place), OUT, [{"use": "validate", "columns": {"id": {"min": 1}}}], reject).works()
    connection = sqlite3.connect(place.folder / "rejects.db")
    must(connection.execute("select count(*) from r").fetchone()[0] == 1, "expected one that decides alone to keep its row")
    connection.close()


@case
def rejects_and_rows_in_one_file_are_refused(place):
    place.run(source(place), OUT, reject={"use": "file", "path": "./out.csv"}).fails(2, "job.json:1:", "out.csv")
    place.run(source(place), OUT, reject={"use": "file", "path": "in.csv"}).fails(2, "job.json:1:", "in.csv")
    (place.folder / "link.csv").symlink_to("in.csv")
    place.run(source(place), {"use": "file", "path": "link.csv"}).fails(2, "input too")
    must(place.read("in.csv") == TABLE, "expected the input untouched")


@case
def no_rejects_wanted_fails_with_the_place(place):
    place.write("out.csv", "old\n")
    place.run(source(place), OUT, [{"use": "validate", "columns": {"id": {"max": 40000}}}]).fails(1, "in.csv:40003:")
    must(place.read("out.csv") == "old\n", "expected the old output")


if __name__ == "__main__":
    finish()
