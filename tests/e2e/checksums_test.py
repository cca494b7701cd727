"""Checksums beside files: whole runs against right, wrong and useless ones, and files that change while they are read."""
import hashlib, io, zipfile

from harness import *

OUT = {"use": "file", "path": "out.ndjson"}
ROWS = "id,v\n" + "".join(f"{i},n{i % 97}\n" for i in range(1000))


def sha256(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def nothing_of(place):
    left = {name for name in place.files() if "out.ndjson" in name}
    must(not left, f"expected nothing of a run that failed, found {left}")


def sums(place, *names, folder="in"):
    text = "".join(f"{sha256((place.folder / folder / name).read_bytes())}  {name}\n" for name in names)
    return place.write(f"{folder}/SHA256SUMS", text)


@case
def what_the_tools_write_is_found(place):
    for name in ("a.csv", "b.csv.gz", "odd (1).csv", "two\nlines.csv", "back\\slash.csv"):
        place.write(f"in/{name}", ROWS)
    names = sorted(path.name for path in (place.folder / "in").iterdir())
    extract = {"use": "file", "path": "in/*"}
    for words in (["sha256sum"], ["sha256sum", "--binary"], ["sha256sum", "--tag"]):
        made = subprocess.run([*words, *names], cwd=place.folder / "in", stdout=subprocess.PIPE, check=True).stdout
        place.write("in/SHA256SUMS", made)
        ended = place.run(extract, OUT, flags=["--fresh", "--log", "level=info"]).works()
        must(len(place.rows("out.ndjson")) == 5000, "expected the rows of five files, and none of SHA256SUMS")
        must(ended.err.count("SHA-256 as in in/SHA256SUMS:") == 5, f"expected five files verified, found {ended.err!r}")
        must("in/SHA256SUMS: holds checksums" in ended.err, f"expected a note of SHA256SUMS, found {ended.err!r}")


@case
def a_wrong_checksum_loads_nothing(place):
    for name in ("a.csv", "b.csv.gz"):
        path = place.write(f"in/{name}", ROWS)
        extract = {"use": "file", "path": f"in/{name}"}
        right = sha256(path.read_bytes())
        wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
        for verify in ("last", "first"):
            beside = place.write(f"in/{name}.sha256", f"{wrong}  {name}\n")
            told = place.run({**extract, "verify": verify}, OUT).fails(
                1, f"in/{name}: error: expected the SHA-256 {wrong} of in/{name}.sha256:1, found {right}", "source.checksum")
            must("epoch" not in told.err, "expected one error")
            nothing_of(place)
        place.run({**extract, "verify": "off"}, OUT).works()
        place.folder.joinpath("out.ndjson").unlink()
        beside.write_text(right + "\n")
        place.run(extract, OUT).works()
        place.folder.joinpath("out.ndjson").unlink()


@case
def one_damaged_file_of_many_fails_the_run(place):
    names = [f"{i:02}.csv" for i in range(40)]
    for name in names:
        place.write(f"in/{name}", ROWS)
    sums(place, *names)
    place.write("in/33.csv", ROWS.replace("n7\n", "n8\n", 1))
    for verify in ("last", "first"):
        place.run({"use": "file", "path": "in/*", "verify": verify}, OUT).fails(1, "in/33.csv: error: expected the SHA-256")
        nothing_of(place)
    table = {"use": "sqlite", "database": "out.db", "table": "t"}
    place.run({"use": "file", "path": "in/*"}, table).fails(1, "in/33.csv: error: expected the SHA-256")
    must(place.weir("run", place.manifest({"use": "sqlite", "database": "out.db", "query": "select * from t"}, OUT,
                                          name="look")).code != 0, "expected no table of a run that failed")


@case
def files_of_checksums_that_are_none(place):
    place.write("in/a.csv", ROWS)
    extract = {"use": "file", "path": "in/a.csv"}
    place.write("in/a.csv.sha256", "<html>404</html>")
    place.run(extract, OUT).fails(1, "in/a.csv.sha256:1:1: error: expected a SHA-256 of 64", "source.checksum_file", "hint:")
    place.write("in/a.csv.sha256", sha256(ROWS) + "  b.csv\n")
    place.run(extract, OUT).fails(1, "expected the checksum of 'in/a.csv', found that of 'b.csv'")
    (place.folder / "in/a.csv.sha256").unlink()
    place.write("in/SHA256SUMS", "# of Monday\nnonsense\n")
    place.run(extract, OUT).fails(1, "in/SHA256SUMS:2:1: error: expected a SHA-256")
    place.run({**extract, "verify": "off"}, OUT).works()
    place.run({**extract, "verify": "of"}, OUT).fails(2, "option 'verify': expected last, first or off, found \"of\"")


@case
def members_of_an_archive(place):
    members = {"day/a.csv": ROWS, "day/b.csv": ROWS, "day/SHA256SUMS": f"{sha256(ROWS)}  a.csv\n{sha256(ROWS)}  b.csv\n"}
    extract = {"use": "archive", "path": "in.zip", "members": "*"}

    def zipped():
        with zipfile.ZipFile(place.folder / "in.zip", "w") as archive:
            for name, text in members.items():
                archive.writestr(name, text)
    zipped()
    ended = place.run(extract, OUT, flags=["--log", "level=info"]).works()
    must(ended.err.count("SHA-256 as in in.zip!day/SHA256SUMS:") == 2, f"expected two members verified, found {ended.err!r}")
    members["day/b.csv"] = ROWS + "1000,x\n"
    zipped()
    place.run(extract, OUT, flags=["--fresh"]).fails(1, "in.zip!day/b.csv: error: expected the SHA-256")


def slow_run(place, change):
    """Reads a file of many pieces into a pipe; `change` is made when the first rows have come out of it, and then the rest is
    let out."""
    pipe = place.folder / "pipe"
    if not pipe.exists():
        os.mkfifo(pipe)
    path = place.write("in.csv", "id,v\n" + "".join(f"{i},{'x' * 200}\n" for i in range(300_000)))
    process = place.start("run", place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "pipe", "format": "csv"}),
                          "--fresh")
    with open(pipe, "rb") as out:
        must(out.read(100), "expected rows")
        change(path)  # the pipe holds 64 KiB, the budget 64 MiB: the file's end has not been read yet
        while out.read(1 << 20):
            pass
    return place.end(process)


@case
def a_file_that_changes_while_it_is_read(place):
    def append(path):
        with path.open("a") as file:
            file.write("300000,late\n")

    def write_over(path):
        with path.open("r+b") as file:
            file.seek(-5, os.SEEK_END)
            file.write(b"yyyy")

    def replace(path):
        other = path.with_suffix(".new")
        other.write_bytes(path.read_bytes())
        other.rename(path)
    for change, words in ((append, "bytes in place of"), (write_over, "found that it was written since"), (replace, "found"),
                          (Path.unlink, "found that it is gone")):
        slow_run(place, change).fails(1, "in.csv: error: expected it to stay as it was", words, "source.changed", "verify: off")
    slow_run(place, lambda path: os.truncate(path, 20_000_000)).fails(1, "became shorter while it was read")


if __name__ == "__main__":
    finish()
