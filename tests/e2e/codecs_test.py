"""Compressed files through a manifest: what a tool wrote is read, what weir writes a tool reads, and bombs go nowhere."""
from harness import *

TABLE = "id,v\n" + "".join(f"{i},n{i % 97}\n" for i in range(200000))
TOOLS = {"gz": ["gzip"], "zst": ["zstd", "-q"]}


def tool(kind, *words, data):
    return subprocess.run([*TOOLS[kind], "-c", *words], input=data, stdout=subprocess.PIPE, check=True).stdout


def both_ways(place, kind):
    middle = len(TABLE) // 2
    place.folder.joinpath(f"in.csv.{kind}").write_bytes(
        tool(kind, data=TABLE[:middle].encode()) + tool(kind, data=TABLE[middle:].encode()))
    place.run({"use": "file", "path": f"in.csv.{kind}"}, {"use": "file", "path": "out.csv"}, name="unpack").works()
    must(place.read("out.csv") == TABLE, "expected the rows")
    place.run({"use": "file", "path": "out.csv"}, {"use": "file", "path": f"again.csv.{kind}"}, name="pack").works()
    packed = (place.folder / f"again.csv.{kind}").read_bytes()
    must(tool(kind, "-d", data=packed).decode() == TABLE, f"expected rows that {TOOLS[kind][0]} reads")
    must(len(packed) < len(TABLE) / 2, "expected a smaller file")


@case
def gzip_both_ways(place):
    both_ways(place, "gz")


@case
def zstd_both_ways(place):
    both_ways(place, "zst")


@case
def zstd_by_its_first_bytes_and_with_its_options(place):
    (place.folder / "in.csv").write_bytes(tool("zst", data=TABLE.encode()))
    sizes = {}
    for level in (1, 19):
        load = {"use": "file", "path": f"{level}.zst", "codec": {"use": "zstd", "level": level}, "format": "csv"}
        place.run({"use": "file", "path": "in.csv"}, load, name=f"level{level}").works()
        sizes[level] = (place.folder / f"{level}.zst").stat().st_size
    must(sizes[19] < sizes[1], f"expected a higher level to make a smaller file, found {sizes}")
    small = {"use": "file", "path": "in.csv", "codec": {"use": "zstd", "window": "64KiB"}}
    place.run(small, {"use": "file", "path": "out.csv"}).fails(
        1, "in.csv", "expected a window of at most 1 MiB", "raise window:", "plugin.invalid_argument")
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "x.zst", "codec": {"use": "zstd", "level": 23},
                                                  "format": "csv"}).fails(2, "level", "23")


@case
def what_a_file_may_expand_to(place):
    bomb = b"id\n" + b"1" * (64 << 20) + b"\n"
    for kind in TOOLS:
        (place.folder / f"bomb.csv.{kind}").write_bytes(tool(kind, data=bomb))
        extract = {"use": "file", "path": f"bomb.csv.{kind}", "max_size": "1MiB"}
        place.run(extract, {"use": "file", "path": "out.csv"}).fails(
            1, f"bomb.csv.{kind}", "expected at most 1 MiB expanded", "max_size:")
        must("out.csv" not in place.files(), "expected no output")


@case
def damaged_files(place):
    good = tool("zst", data=TABLE.encode())
    (place.folder / "in.csv.zst").write_bytes(good[:-9])
    extract, load = {"use": "file", "path": "in.csv.zst"}, {"use": "file", "path": "out.csv"}
    place.run(extract, load).fails(1, "in.csv.zst: error: zstd stream ends early", "hint:")
    (place.folder / "in.csv.zst").write_bytes(good + b"junk")
    place.run(extract, load).fails(1, "in.csv.zst: error: zstd: expected the end or another frame")
    must("out.csv" not in place.files(), "expected no output")


if __name__ == "__main__":
    finish()
