# slow
"""Compressed files through a manifest: what a tool wrote is read, what weir writes a tool reads, and bombs go nowhere."""
from pathlib import Path

from harness import *

PLUGINS = Path(__file__).parents[2] / "plugins"
TABLE = "id,v\n" + "".join(f"{i},n{i % 97}\n" for i in range(200000))
SMALL = TABLE[:TABLE.index("\n20000,") + 1]


def codecs():
    """The tool of each codec that comes with weir, by the extension of its files. The tool has the plugin's name."""
    found = {}
    for schema in sorted(PLUGINS.glob("*/schema.json")):
        for name, component in json.loads(schema.read_text())["components"].items():
            if component["kind"] == "codec":
                found[re.search(r"extension \.(\w+)", component["description"])[1]] = name
    return found


TOOLS = codecs()
# What their tools can do that makes a file of another shape: written in small blocks, by several threads, hard, fast.
WAYS = {"gzip": ["-1", "-9"], "zstd": ["-1", "-19", "--no-check", "-T2"], "lz4": ["-1", "-9", "-B4", "-BD", "-BX", "--no-frame-crc",
        "--content-size"], "bzip2": ["-1", "-9"],
        "xz": ["-0", "-9", "-T2", "--block-size=65536", "--check=none", "--check=crc32", "--check=sha256", "--format=lzma"]}


def tool(kind, *words, data):
    return subprocess.run([TOOLS[kind], "-q", "-c", *words], input=data, stdout=subprocess.PIPE, check=True).stdout


@case
def every_codec_both_ways(place):
    must({"gz", "zst"} <= TOOLS.keys(), f"expected gzip and zstd among the codecs, found {TOOLS}")
    for kind in TOOLS:
        both_ways(place, kind)


@case
def every_way_in_which_a_tool_writes(place):
    for kind, name in TOOLS.items():
        for number, way in enumerate(WAYS.get(name, [])):
            # By its first bytes: the extension says nothing.
            (place.folder / "in.csv").write_bytes(tool(kind, way, data=SMALL.encode()))
            place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, name=f"{name}{number}").works()
            must(place.read("out.csv") == SMALL, f"expected the rows of {name} {way}")


@case
def an_extension_that_is_not_the_codecs_is_the_formats(place):
    # A single column of words has nothing by which CSV could be told from text.
    (place.folder / "in.csv").write_bytes(tool("zst", data=b"v\na\nb\n"))
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv", "codec": "gzip"}).works()
    must(tool("gz", "-d", data=(place.folder / "out.csv").read_bytes()) == b"v\na\nb\n", "expected the rows, compressed")


def both_ways(place, kind):
    middle = len(TABLE) // 2
    place.folder.joinpath(f"in.csv.{kind}").write_bytes(
        tool(kind, data=TABLE[:middle].encode()) + tool(kind, data=TABLE[middle:].encode()))
    place.run({"use": "file", "path": f"in.csv.{kind}"}, {"use": "file", "path": "out.csv"}, name="un" + kind).works()
    must(place.read("out.csv") == TABLE, "expected the rows")
    place.run({"use": "file", "path": "out.csv"}, {"use": "file", "path": f"again.csv.{kind}"}, name=kind).works()
    packed = (place.folder / f"again.csv.{kind}").read_bytes()
    must(tool(kind, "-d", data=packed).decode() == TABLE, f"expected rows that {TOOLS[kind]} reads")
    must(len(packed) < len(TABLE) * 0.7, "expected a smaller file")


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
        1, "in.csv", "expected a window of at most 64 KiB", "raise window:", "plugin.invalid_argument")
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "x.zst", "codec": {"use": "zstd", "level": 23},
                                                  "format": "csv"}).fails(2, "level", "23")


@case
def what_a_file_may_expand_to(place):
    bomb = b"id\n" + b"1" * (8 << 20) + b"\n"
    for kind in TOOLS:
        (place.folder / f"bomb.csv.{kind}").write_bytes(tool(kind, data=bomb))
        extract = {"use": "file", "path": f"bomb.csv.{kind}", "max_size": "1MiB"}
        place.run(extract, {"use": "file", "path": "out.csv"}).fails(
            1, f"bomb.csv.{kind}", "expected at most 1 MiB expanded", "max_size:")
        must("out.csv" not in place.files(), "expected no output")


@case
def damaged_files(place):
    extract, load = {"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}
    for kind, name in TOOLS.items():
        good = tool(kind, data=SMALL.encode())
        (place.folder / "in.csv").write_bytes(good[:-5])
        place.run(extract, load).fails(1, f"in.csv: error: {name} stream ends early", "hint:")
        (place.folder / "in.csv").write_bytes(good + b"junk")
        place.run(extract, load).fails(1, f"in.csv: error: {name}: expected the end or another ")
        (place.folder / f"in.csv.{kind}").write_text(SMALL)
        place.run({"use": "file", "path": f"in.csv.{kind}"}, load).fails(1, f"error: not {name}: expected the magic bytes")
        must("out.csv" not in place.files(), "expected no output")


if __name__ == "__main__":
    finish()
