# slow
"""Sizes: memory stays flat whatever comes, and many rejects cost what many rows cost."""
import resource, threading

from harness import *

LIMIT_KIB = 300 * 1024


def peak(place, manifest, *flags, seconds=120, **popen):
    """Runs it, and gives how it ended with the most memory that it had, in KiB."""
    process = place.start("run", manifest, *flags, **popen)
    most = 0
    reader = []
    thread = threading.Thread(target=lambda: reader.append(place.end(process, seconds)))
    thread.start()
    while thread.is_alive():
        try:
            found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
            most = max(most, int(found[1])) if found else most
        except OSError:
            pass
        thread.join(0.02)
    must(reader, "expected it to end")
    return reader[0], most


def big_csv(place, mebibytes, name="in.csv"):
    block = "".join(f"{i},{i * 7919 % 1000003},name of row {i},{i / 8}\n" for i in range(30000)).encode()
    with open(place.folder / name, "wb") as file:
        file.write(b"id,k,name,v\n")
        rows = 0
        while file.tell() < mebibytes << 20:
            file.write(block)
            rows += 30000
    return rows


def orders(place, kind):
    """A million rows and some, of 10 columns and about 120 bytes; as JSON twice as many. Gives the file's name, and how many."""
    names = "order_id,customer_id,ts,country,product,quantity,unit_price,discount,email,note".split(",")
    block = ""
    for i in range(30000):
        row = [i, i * 7919 % 200003, f"2025-05-{i % 28 + 1:02}T11:09:55.{i:06}Z", ("US", "DE", "FR")[i % 3], "Notebook", i % 20, i / 8,
               i % 99 / 100, f"user{i}@example.com", f"before invoice thanks {'order ' * (i % 5)}"]
        block += ",".join(map(str, row)) + "\n" if kind == "csv" else json.dumps(dict(zip(names, row)), separators=(",", ":")) + "\n"
    with open(place.folder / f"orders.{kind}", "wb") as file:
        if kind == "csv":
            file.write(",".join(names).encode() + b"\n")
        for _ in range(34):
            file.write(block.encode())
    return f"orders.{kind}", 34 * 30000


@case
def a_million_rows_in_128_mib(place):
    sqlite = {"use": "sqlite", "database": "out.db", "table": "orders"}  # its page cache: 32 MiB
    jobs = [("csv", {"use": "file", "path": "out.csv"}, 104), ("csv", sqlite, 128), ("ndjson", {**sqlite, "table": "others"}, 128)]
    for kind, load, mebibytes in jobs:
        file, rows = orders(place, kind)
        manifest = place.manifest({"use": "file", "path": file}, load, name=f"{kind}-{load['use']}")
        ended, most = peak(place, manifest, "--chains", 8)
        ended.works()
        must(f"{rows:,}" in ended.out, ended.out)
        must(most < mebibytes * 1024, f"{kind} to {load['use']}: expected less than {mebibytes} MiB, found {most / 1024:.1f}")


@case
def memory_is_flat_into_a_slow_loader(place):
    rows = big_csv(place, 300)
    ended, most = peak(place, place.manifest({"use": "file", "path": "in.csv"},
                                             {"use": "file", "path": "out.csv.gz"}), "--chains", 4)
    ended.works()
    must(most < LIMIT_KIB, f"expected less than {LIMIT_KIB} KiB, found {most}")
    must(f"{rows:,}" in ended.out, ended.out)


@case
def half_a_million_rejects(place):
    text = "".join(f"{i},{i % 7}\n" for i in range(500_000))
    place.write("in.csv", "id,k\n" + text)
    chain = [{"use": "validate", "columns": {"k": {"max": -1}}}]
    ended, most = peak(place, place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, chain,
                                             {"use": "file", "path": "bad.ndjson"}))
    ended.works()
    must(ended.seconds < 20, f"took {ended.seconds:.1f} s")
    must(most < LIMIT_KIB, f"expected less than {LIMIT_KIB} KiB, found {most}")
    with open(place.folder / "bad.ndjson") as file:
        lines = [json.loads(line)["line"] for line in file]
    must(lines == list(range(2, 500_002)), "expected the line of each")


@case
def half_a_million_bad_values(place):
    place.write("in.csv", "id,k\n" + "".join(f"{i},x\n" for i in range(500_000)))
    ended, most = peak(place, place.manifest({"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"k": "int64"}}},
                                             {"use": "file", "path": "out.csv"}, [], {"use": "file", "path": "bad.ndjson"}))
    ended.works()
    must(ended.seconds < 20 and most < LIMIT_KIB, f"{ended.seconds:.1f} s, {most} KiB")


@case
def one_record_of_300_mb(place):
    with open(place.folder / "in.csv", "wb") as file:
        file.write(b"id,text\n1,")
        for _ in range(300):
            file.write(b"x" * 1_000_000)
        file.write(b"\n2,end\n")
    source = {"use": "file", "path": "in.csv"}
    peak(place, place.manifest(source, {"use": "file", "path": "out.csv"}))[0].fails(1, "at most 64 MiB", "raise max_record")
    source["format"] = {"use": "csv", "max_record": "512MiB"}
    ended, most = peak(place, place.manifest(source, {"use": "file", "path": "out.csv"}))
    ended.works()
    must((place.folder / "out.csv").stat().st_size == (place.folder / "in.csv").stat().st_size, "expected the same size")
    must(most < 3 * 1024 * 1024, f"found {most} KiB")  # a record must fit: the text, its chunk, what is made of it


@case
def an_unclosed_quote_at_the_start_of_100_mb(place):
    big_csv(place, 100, "rest.csv")
    (place.folder / "in.csv").write_bytes(b'id,k,name,v\n1,2,"never closed,3\n' + (place.folder / "rest.csv").read_bytes())
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}).fails(1, "in.csv:2:")
    must(place.files() == {"in.csv", "rest.csv", "job.json"}, f"{place.files()}")


@case
def rows_between_600_mb_of_one_document(place):
    block = b'{"k":"' + b"x" * 1000 + b'","n":[1,2.5,{"deep":[true,null]}]},'
    with open(place.folder / "in.json", "wb") as file:
        file.write(b'{"before":[')
        for _ in range(300):
            file.write(block * 1000)
        file.write(b'0],"data":{"rows":[' + b",".join(b'{"id":%d,"t":"text"}' % i for i in range(200000)) + b'],"after":[')
        for _ in range(300):
            file.write(block * 1000)
        file.write(b"0]}}")
    source = {"use": "file", "path": "in.json", "format": {"use": "json", "rows": "/data/rows"}}
    ended, most = peak(place, place.manifest(source, {"use": "file", "path": "out.ndjson"}))
    ended.works()
    must("200,000" in ended.out, ended.out)
    must(most < LIMIT_KIB, f"expected less than {LIMIT_KIB} KiB, found {most}")


if __name__ == "__main__":
    finish()
