# slow
"""by: one file for each value of a column: whose names are safe, whole under their names, and there once, whatever is killed."""
import random

from harness import *

COUNTRIES = ["IT", "DE", "", None, "../../etc/x", "..", ".hidden", "a/b", "CON", "x" * 300, "x" * 301, "🇮🇹", "it", "a\nb", "%2F", "%null",
             "{n}", "~", "~" * 60, " "]
IN = {"use": "file", "path": "in.ndjson"}


def rows(count, values=COUNTRIES):
    return [{"id": i, "country": values[i * 7 % len(values)], "v": i / 2} for i in range(count)]


def write(place, table):
    place.write("in.ndjson", "".join(json.dumps(row) + "\n" for row in table))


def out(path="out/{country}/part-{n}.ndjson", **more):
    return {"use": "file", "path": path, "by": "country", **more}


def written(place):
    """The rows of each file below out, by name."""
    files = sorted((place.folder / "out").rglob("*"))
    return {str(f.relative_to(place.folder / "out")): [json.loads(line) for line in f.read_text().splitlines()]
            for f in files if f.is_file()}


def by_value(table):
    found = {}
    for row in table:
        found.setdefault(row["country"], []).append(row)
    return found


@case
def each_value_has_its_file_whatever_it_is(place):
    table = rows(5000)
    write(place, table)
    for chains in (1, 3):
        place.run(IN, out(), flags=["--chains", chains, "--fresh", "--validate", "full"]).works()
        found = written(place)
        must(sorted(map(json.dumps, found.values())) == sorted(map(json.dumps, by_value(table).values())), f"found {found.keys()}")
        must(all(name.endswith("/part-00000.ndjson") and name.count("/") == 1 for name in found), f"{found.keys()}")
    must({"IT/part-00000.ndjson", "%empty/part-00000.ndjson", "%null/part-00000.ndjson", "%25null/part-00000.ndjson",
          "%2E./part-00000.ndjson", "%2E.%2F..%2Fetc%2Fx/part-00000.ndjson", "🇮🇹/part-00000.ndjson"} <= set(found), f"{found.keys()}")
    must({name.split("/")[0] for name in place.files()} == {"in.ndjson", "job.json", "out"}, f"{place.files()}")


@case
def no_two_values_share_a_name(place):
    place.write("in.ndjson", '{"c":"a","d":"b-c"}\n{"c":"a-b","d":"c"}\n')
    both = {"use": "file", "by": ["c", "d"]}
    place.run(IN, {**both, "path": "f-{c}-{d}.csv"}).fails(2, "job.json:1:", "two that make the same", "f-a-b-c.csv'")
    must(not (place.folder / "f-a-b-c.csv").exists(), "expected no file of a run that failed")
    place.run(IN, {**both, "path": "f-{c}/{d}.csv"}).works()
    must(place.read("f-a/b-c.csv") == "c,d\na,b-c\n", "expected each row in its file")


@case
def no_value_makes_the_name_of_another_output_or_an_input(place):
    place.write("in.ndjson", '{"c":"in","d":"a"}\n')
    each = {"use": "file", "path": "{c}.ndjson", "by": "c"}
    place.run(IN, each).fails(2, "job.json:1:", "an input too")
    each["path"] = "out/{c}.ndjson"
    place.run(IN, each, reject={"use": "file", "path": "out/rej.ndjson"}).fails(2, "where the rows go too")
    place.run(IN, [each, {"use": "file", "path": "out/a.ndjson"}]).fails(2, "writes too")
    place.run(IN, [each, {"use": "file", "path": "out/{d}.ndjson", "by": "d"}]).fails(2, "writes too")
    place.run(IN, [each, {"use": "file", "path": "out/d-{d}.csv", "by": "d"}], reject={"use": "file", "path": "rej.ndjson"}).works()


@case
def parts_are_numbered_for_each_value(place):
    table = rows(1000, ["a", "b", "c"])
    write(place, table)
    place.run(IN, out("out/{country}-{n}.csv.gz", rows=100)).works()
    names = {f.name for f in (place.folder / "out").iterdir()}
    counts = {value: len(all) for value, all in by_value(table).items()}
    must(names == {f"{value}-{n:05}.csv.gz" for value, count in counts.items() for n in range(-(-count // 100))}, f"{names}")
    ids = [int(line.split(",")[0]) for f in sorted((place.folder / "out").iterdir())
           for line in gzip.decompress(f.read_bytes()).decode().splitlines()[1:]]
    must(sorted(ids) == list(range(1000)), "expected each row once")


@case
def several_columns_and_types(place):
    write(place, [{"id": i, "day": f"2026-01-0{1 + i % 3}", "ok": i % 2 == 0} for i in range(12)])
    typed = {**IN, "format": {"use": "json", "types": {"day": "date"}}}
    place.run(typed, {"use": "file", "path": "out/{day}/{ok}.ndjson", "by": ["day", "ok"]}).works()
    found = written(place)
    must(set(found) == {f"2026-01-0{d}/{ok}.ndjson" for d in (1, 2, 3) for ok in ("true", "false")}, f"{found.keys()}")
    must(all(row["day"] == name[:10] for name, all in found.items() for row in all), "expected each row in its folder")


@case
def more_values_than_files_can_be_open(place):
    values = [f"v{i}" for i in range(150)]
    write(place, rows(60000, values))  # several batches, each with all values
    place.run(IN, out("out/{country}.ndjson")).fails(
        2, "job.json:1:", "expected {n} in the path where rows of more than 128 values of by: come mixed", "hint: number the parts")
    must(not (place.folder / "out").exists(), f"expected nothing left, found {place.files()}")
    place.run(IN, out("out/{country}-{n}.ndjson")).works()
    table = [row for all in written(place).values() for row in all]
    must(sorted(row["id"] for row in table) == list(range(60000)), "expected each row once")
    must(all(name.startswith(row["country"] + "-") for name, all in written(place).items() for row in all), "expected it in its file")
    shutil.rmtree(place.folder / "out")
    table = sorted(rows(60000, values), key=lambda row: row["country"])
    write(place, table)
    place.run(IN, out("out/{country}.ndjson")).works()
    must(written(place) == {f"{value}.ndjson": all for value, all in by_value(table).items()}, "expected sorted rows to need no {n}")


@case
def a_failed_run_leaves_nothing(place):
    write(place, rows(3000))
    (place.folder / "in.ndjson").open("a").write("{broken\n")
    place.run(IN, out()).fails(1, "in.ndjson:3001:")
    must(place.files() == {"in.ndjson", "job.json"}, f"found {place.files()}")


@case
def mistakes_are_told_before_a_row_is_read(place):
    write(place, rows(10))
    for command in ("run", "validate"):
        told = lambda load: place.weir(command, place.manifest(IN, load))
        told(out("out/{contry}.csv", by="contry")).fails(2, "job.json:1:", "no column 'contry' in the input", "did you mean 'country'?")
        told(out("out.csv")).fails(2, "expected {country} in the path, for its rows to have a file of their own, found 'out.csv'")
        told({"use": "file", "path": "out/{country}.csv"}).fails(2, "expected column 'country' in by:, for the path has {country}")
    must(place.files() == {"in.ndjson", "job.json"}, f"found {place.files()}")


@case
def killed_at_any_moment_each_row_is_there_once(place):
    dice = random.Random("by")
    values = [f"v{i}" for i in range(140)]
    manifest = place.manifest(IN, out("out/{country}/{n}.ndjson"))
    write(place, rows(40000, values))
    begin = time.monotonic()
    place.weir("run", manifest).works()
    whole = time.monotonic() - begin
    for number in range(8):
        shutil.rmtree(place.folder / "out")
        table = rows(40000 + number, values)
        write(place, table)
        process = place.start("run", manifest)
        time.sleep(dice.uniform(0, whole * 1.1))
        process.kill()
        place.end(process)
        place.weir("run", manifest).works()
        found = written(place)
        must(sorted(row["id"] for all in found.values() for row in all) == list(range(len(table))), "expected each row once")
        must(not [name for name in found if "weir" in name], f"found {found.keys()}")


finish()
