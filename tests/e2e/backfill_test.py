# slow
"""weir backfill and weir refresh: ranges of time and of keys, each once however often it is loaded, whatever is killed meanwhile."""
import contextlib, datetime, random, sqlite3, zoneinfo

from harness import *

DAYS, EACH = 400, 250  # rows a day
FIRST = datetime.date(2025, 1, 1)


def ask(place, database, sql):
    with contextlib.closing(sqlite3.connect(place.folder / database)) as opened:
        rows = opened.execute(sql).fetchall()
        opened.commit()
        return rows


def day(number):
    return str(FIRST + datetime.timedelta(days=number))


def shop(place, days=DAYS, each=EACH):
    with contextlib.closing(sqlite3.connect(place.folder / "shop.db")) as opened:
        opened.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, day TEXT NOT NULL, total REAL)")
        opened.executemany("INSERT INTO orders VALUES (?, ?, ?)", ((number, day(number // each), number / 4) for number in range(days * each)))
        opened.execute("CREATE INDEX by_day ON orders(day)")
        opened.commit()


def of_day(load=None, query="SELECT * FROM orders WHERE day >= '{from}' AND day < '{to}'", **more):
    return {"extract": {"table": None, "query": query},
            "load": load or {"mode": "replace", "within": {"column": "day", "from": "{from}", "to": "{to}"}}, **more}


def job(place, backfill=None, load=None, name="job", **more):
    return place.manifest({"use": "sqlite", "database": "shop.db", "table": "orders"},
                          load or {"use": "sqlite", "database": "copy.db", "table": "orders"}, name=name,
                          **({"backfill": backfill} if backfill else {}), **more)


def backfill(place, text, *words, code=0):
    ran = place.weir("--output", "json", "backfill", text, *words, seconds=240)
    must(ran.code == code, f"expected exit {code}, found {ran.code}: {ran.out[-1200:]} {ran.err[-900:]}")
    document = json.loads(ran.out)
    return document["pipelines"][0] if "pipelines" in document else document


def states(document):
    return {one["stream"]: one["state"] for one in document["ranges"]}


def span(first, count):
    return ("--from", day(first), "--to", day(first + count), "--by", "day")


def must_be_equal(place, where="1"):
    wanted, found = (ask(place, name, f"SELECT * FROM orders WHERE {where} ORDER BY id") for name in ("shop.db", "copy.db"))
    must(wanted == found, f"expected {len(wanted)} rows, {wanted[:2]}, found {len(found)}, {found[:2]}")


@case
def four_hundred_days_are_loaded_and_again(place):
    shop(place)
    text = job(place, of_day())
    begin = time.monotonic()
    told = backfill(place, text, *span(0, DAYS))
    print(f"    {DAYS} days of {EACH} rows: {time.monotonic() - begin:.1f} s")
    must(len(told["ranges"]) == DAYS and set(states(told).values()) == {"complete"}, told)
    must(told["rows"]["loaded"] == DAYS * EACH, told["rows"])
    must_be_equal(place)
    begin = time.monotonic()
    must(backfill(place, text, *span(0, DAYS))["nothing_to_do"], "expected nothing to do")
    print(f"    and nothing to do: {time.monotonic() - begin:.1f} s")
    # A month was mended at the source: fewer rows, others, more.
    ask(place, "shop.db", f"DELETE FROM orders WHERE day = '{day(33)}'")
    ask(place, "shop.db", f"UPDATE orders SET total = -1 WHERE day >= '{day(34)}' AND day < '{day(40)}'")
    ask(place, "shop.db", f"INSERT INTO orders VALUES (1000000, '{day(45)}', 7)")
    told = backfill(place, text, *span(31, 28), "--fresh", "--jobs", "2")
    must(told["rows"]["loaded"] == 27 * EACH + 1, told["rows"])
    must_be_equal(place)


@case
def what_has_become_of_each_is_listed(place):
    shop(place, 6, 10)
    text = job(place, of_day())
    must(set(states(backfill(place, text, *span(0, 6), "--list")).values()) == {"not loaded"}, "expected none to be loaded")
    must(not (place.folder / "copy.db").exists(), "a list loads nothing")
    ask(place, "shop.db", f"UPDATE orders SET total = 'none' WHERE day = '{day(3)}'")
    ask(place, "copy.db", "CREATE TABLE orders(id INTEGER PRIMARY KEY, day TEXT, total REAL CHECK(typeof(total) = 'real'))")
    failed = backfill(place, text, *span(2, 4), code=1)
    must(states(failed) == {day(2): "complete", day(3): "failed", day(4): "complete", day(5): "complete"}, failed)
    listed = states(backfill(place, text, *span(0, 6), "--list"))
    must(list(listed.values()) == ["not loaded"] * 2 + ["complete", "failed", "complete", "complete"], listed)
    shown = place.weir("runs", "show", failed["run"]).works().out
    must("each range" not in shown and day(3) in shown and "range" in shown, f"expected the ranges of the run: {shown}")
    run = next(one["run"] for one in failed["ranges"] if one["stream"] == day(2))
    must(f"job {day(2)}" in place.weir("runs", "show", run).works().out, "expected the range's own run")
    ask(place, "shop.db", f"UPDATE orders SET total = 1 WHERE day = '{day(3)}'")
    again = backfill(place, text, *span(0, 6), "--resume")
    must(states(again) == {day(0): "complete", day(1): "complete", day(2): "nothing to do", day(3): "complete",
                           day(4): "nothing to do", day(5): "nothing to do"}, again)
    must_be_equal(place)


@case
def days_are_those_of_the_zone(place):
    """Every ten minutes of the weeks in which clocks are changed; what is of a day says Python."""
    zone = zoneinfo.ZoneInfo("Europe/Rome")
    with contextlib.closing(sqlite3.connect(place.folder / "shop.db")) as opened:
        opened.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, day TEXT, total REAL)")
        for begin in (datetime.datetime(2026, 3, 26), datetime.datetime(2026, 10, 22)):
            for step in range(7 * 144):
                at = begin + datetime.timedelta(minutes=10 * step)
                opened.execute("INSERT INTO orders(day, total) VALUES (?, ?)", (at.strftime("%Y-%m-%dT%H:%M:%SZ"), 1))
        opened.commit()
    within = {"mode": "replace", "within": {"column": "day", "from": "{from_utc}", "to": "{to_utc}"}}
    text = job(place, of_day(within, "SELECT * FROM orders WHERE day >= '{from_utc}' AND day < '{to_utc}'"), times={"naive": "Europe/Rome"})
    for first, last in (("2026-03-28", "2026-03-31"), ("2026-10-24", "2026-10-27")):
        told = backfill(place, text, "--from", first, "--to", last, "--by", "day")
        rows = {one["stream"]: one["rows"]["loaded"] for one in told["ranges"]}
        wanted = {}
        for at, in ask(place, "shop.db", "SELECT day FROM orders"):
            local = datetime.datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(zone).strftime("%Y-%m-%d")
            if first <= local < last:
                wanted[local] = wanted.get(local, 0) + 1
        must(rows == wanted, f"expected {wanted}, found {rows}")
    must(138 in wanted.values() or 150 in wanted.values(), wanted)
    hours = backfill(place, text, "--from", "2026-10-25", "--to", "2026-10-26", "--by", "hour", "--fresh")
    must(len(hours["ranges"]) == 25 and hours["rows"]["loaded"] == 150, hours["rows"])
    utc = backfill(place, text, "--from", "2026-03-29", "--to", "2026-03-30", "--by", "day", "--zone", "UTC", "--fresh")
    must(utc["rows"]["loaded"] == 144, utc["rows"])


@case
def keys_and_months_are_ranges_too(place):
    shop(place, 60, 50)
    keyed = of_day({"mode": "replace", "within": {"column": "id", "from": "{from}", "to": "{to}"}},
                   "SELECT * FROM orders WHERE id >= {from} AND id < {to}")
    text = job(place, keyed)
    told = backfill(place, text, "--from", "0", "--to", "3000", "--by", "key", "--step", "700")
    must(list(states(told)) == ["0..700", "700..1400", "1400..2100", "2100..2800", "2800..3000"], told)
    must_be_equal(place)
    (place.folder / "copy.db").unlink()
    told = backfill(place, job(place, of_day(), name="months"), "--from", "2025-01", "--to", "2025-03", "--by", "month")
    must(list(states(told)) == ["2025-01", "2025-02"], told)
    must_be_equal(place, "day < '2025-03-01'")


@case
def a_backfill_that_is_killed_is_gone_on_with(place):
    shop(place, 120, 100)
    text = job(place, of_day(), checkpoint={"rows": 40})
    dice, kills = random.Random(4), 0
    for _ in range(12):
        process = place.start("backfill", text, *span(0, 120))
        time.sleep(dice.uniform(0.05, 0.5))
        process.kill()
        kills += place.end(process).code != 0
        twice = ask(place, "copy.db", "SELECT count(*) - count(DISTINCT id) FROM orders") if ask(
            place, "copy.db", "SELECT count(*) FROM sqlite_schema WHERE name = 'orders'") == [(1,)] else [(0,)]
        must(twice == [(0,)], f"{twice} rows are there twice")
    backfill(place, text, *span(0, 120))
    must_be_equal(place)
    print(f"    {kills} killed")


@case
def ranges_of_many_streams(place):
    shop(place, 4, 20)
    ask(place, "shop.db", "CREATE TABLE returns AS SELECT * FROM orders WHERE id % 3 = 0")
    text = place.manifest({"use": "sqlite", "database": "shop.db", "streams": "*"},
                          {"use": "sqlite", "database": "copy.db", "table": "{name}", "mode": "replace"},
                          backfill={"extract": {"where": "day = '{range}' -- of {name}"},
                                    "load": {"within": {"column": "day", "from": "{from}", "to": "{to}"}}})
    told = backfill(place, text, "returns", *span(1, 2))
    must(states(told) == {f"returns {day(1)}": "complete", f"returns {day(2)}": "complete"}, told)
    told = backfill(place, text, *span(0, 4))
    must(sorted(states(told).values()) == ["complete"] * 6 + ["nothing to do"] * 2, told)
    must_be_equal(place)
    must(ask(place, "copy.db", "SELECT count(*), count(DISTINCT id) FROM returns") == [(27, 27)], "expected each row of returns once")
    place.weir("run", text).works()
    told = backfill(place, text, *span(0, 4), "--list")
    must(len(told["ranges"]) == 8, told)


@case
def a_file_a_range_and_rejects_of_each(place):
    for number in range(3):
        place.write(f"in/{day(number)}.csv", f"id,day\n{number},{day(number)}\nx,{day(number)}\n")
    text = place.manifest({"use": "file", "path": "in/*.csv", "format": {"use": "csv", "types": {"id": "int64"}}},
                          {"use": "file", "path": "out/all.csv"}, reject={"use": "file", "path": "rejects.ndjson"},
                          backfill={"extract": {"path": "in/{range}.csv"}, "load": {"path": "out/{range}.csv"},
                                    "reject": {"path": "rejects-{range}.ndjson"}})
    told = backfill(place, text, *span(0, 3))
    must(told["rows"] == {"extracted": 6, "dropped": 0, "rejected": 3, "loaded": 3}, told["rows"])
    must(place.read(f"out/{day(1)}.csv") == f"id,day\n1,{day(1)}\n", place.read(f"out/{day(1)}.csv"))
    # The rejects of one range, after a fix, go where its rows went.
    run = next(one["run"] for one in told["ranges"] if one["stream"] == day(1))
    fixed = place.manifest({"use": "file", "path": "in/*.csv"}, {"use": "file", "path": "out/all.csv"}, reject={"use": "file", "path": "rejects.ndjson"},
                           backfill={"extract": {"path": "in/{range}.csv"}, "load": {"path": "out/{range}.csv", "append": True},
                                     "reject": {"path": "rejects-{range}.ndjson"}})
    ran = place.weir("runs", "replay", run, fixed, "--set", "backfill.load.path=replayed-{range}.csv")
    must(ran.code == 0 and place.read(f"replayed-{day(1)}.csv") == f"id,day\nx,{day(1)}\n", (ran.out, ran.err, place.files()))


@case
def a_stream_is_read_anew(place):
    shop(place, 3, 10)
    extract = {"use": "sqlite", "database": "shop.db", "table": "orders", "cursor": {"column": "day"}}
    text = place.manifest(extract, {"use": "sqlite", "database": "copy.db", "table": "orders", "mode": "upsert", "key": ["id"]})
    place.weir("run", text).works()
    ask(place, "shop.db", "UPDATE orders SET total = -2 WHERE id = 3")
    must("nothing to do" in place.weir("run", text).works().out, "the cursor can't see it")
    told = json.loads(place.weir("--output", "json", "refresh", text).works().out)
    must(told["ledger"]["rows"]["loaded"] == 30, told["ledger"]["rows"])
    must_be_equal(place)
    must("nothing to do" in place.weir("run", text).works().out, "expected nothing to do")


@case
def what_is_wrong_is_told_with_its_cure(place):
    shop(place, 3, 10)
    told = []

    def tell(what, text, *words, command="backfill", code=2):
        ran = place.weir(command, text, *words)
        must(ran.code == code, f"{what}: expected exit {code}, found {ran.code}: {ran.out[-600:]} {ran.err[-600:]}")
        must(not (place.folder / "copy.db").exists() or command == "run", f"{what}: something was loaded")
        told.append(f"# {what}\n{ran.err.replace(str(place.folder), 'FOLDER')}")

    tell("no backfill", job(place), *span(0, 2))
    tell("no object", job(place, "yes"), *span(0, 2))
    tell("an unknown key", job(place, {"extracts": {}}), *span(0, 2))
    tell("nothing tells ranges apart", job(place, of_day(query="SELECT * FROM orders WHERE day < '{to}'")), *span(0, 2))
    tell("a load that appends", job(place, of_day({"mode": "append"})), *span(0, 2))
    tell("a load that replaces all", job(place, of_day({"mode": "replace"})), *span(0, 2))
    tell("one file", job(place, {"extract": of_day()["extract"]}, {"use": "file", "path": "out.csv"}), *span(0, 2))
    tell("a file that is appended to", job(place, {"extract": of_day()["extract"]}, {"use": "file", "path": "out.csv", "append": True}), *span(0, 2))
    tell("no such day", job(place, of_day()), "--from", "2026-02-30", "--to", "2026-03-02", "--by", "day")
    tell("within without replace", job(place, of_day({"mode": "upsert", "key": ["id"], "within": {"column": "day", "from": "{from}", "to": "{to}"}})), *span(0, 2))
    tell("within a column that is none", job(place, of_day({"mode": "replace", "within": {"column": "dya", "from": "{from}", "to": "{to}"}})), *span(0, 2))
    tell("a refresh that appends", job(place), command="refresh")
    golden("backfill.txt", "".join(told))


@case
def a_row_of_another_range_is_rejected(place):
    shop(place, 3, 10)
    text = job(place, of_day(query="SELECT * FROM orders WHERE day = '{from}' OR id = 25"), reject={"use": "file", "path": "rejects.ndjson"})
    told = backfill(place, text, *span(0, 1))
    must(told["rows"] == {"extracted": 11, "dropped": 0, "rejected": 1, "loaded": 10}, told["rows"])
    reject = json.loads(place.read("rejects.ndjson"))
    must(reject["column"] == "day" and "outside of the range that is loaded" in reject["reason"], reject)


finish()
