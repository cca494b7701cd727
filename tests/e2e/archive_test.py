"""Archives through a manifest: what tools made is read, and damage, bombs and names that lead out are told.

The errors are compared with plugins/archive/golden/messages.txt; `archive_test.py --write` writes them anew.
"""
import io, tarfile, zipfile

from harness import *

GOLDEN = Path(__file__).parents[2] / "plugins/archive/golden/messages.txt"
OUT = {"use": "file", "path": "out.ndjson"}
DAY = "id,v\n1,a\n2,b\n"
messages = {}


def rows_from(place, *numbers):
    found = sorted(row["id"] for row in place.rows("out.ndjson"))
    must(found == sorted(numbers), f"expected the rows {sorted(numbers)}, found {found}")


def zipped(place, members, name="in.zip", way=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(place.folder / name, "w", way) as archive:
        for member, data in members.items():
            archive.writestr(member, data)


def tarred(place, members, name="in.tar", kind=tarfile.REGTYPE, target=""):
    mode = {"gz": "w:gz", "bz2": "w:bz2", "xz": "w:xz"}.get(name.rsplit(".", 1)[1], "w")
    with tarfile.open(place.folder / name, mode) as archive:
        for member, data in members.items():
            info = tarfile.TarInfo(member)
            info.type, info.linkname, info.size = kind, target, 0 if target else len(data)
            archive.addfile(info, None if target else io.BytesIO(data.encode()))


def source(path="in.zip", **more):
    return {"use": "archive", "path": path, **more}


def told(place, scene, *parts, code=1):
    """The run fails, leaves nothing, and its message is the scene's in the golden file."""
    ended = place.run(*parts, flags=["--fresh"]).fails(code)
    must(not (place.folder / "out.ndjson").exists(), f"{scene}: expected no output of a run that failed")
    messages[scene] = re.sub(r"(?m)^ .*\n", "", ended.err.replace(str(place.folder), "FOLDER"))


@case
def members_are_files(place):
    zipped(place, {"a/one.csv": DAY, "naïve/日本.csv": "id,v\n3,c\n", "readme.txt": "no rows", "a/": ""})
    place.run(source(members="*.csv"), OUT).works()
    rows_from(place, 1, 2, 3)
    again = place.run(source(members="*.csv"), OUT).works()
    must("nothing to do" in again.out, f"expected nothing to do for the same archive, found {again.out!r}")
    zipped(place, {"a/one.csv": DAY + "4,d\n"})
    place.run(source(members="*.csv"), OUT).works()
    rows_from(place, 1, 2, 4)
    place.run(source(members="a/one.csv"), OUT, name="other").works()


@case
def every_kind_of_archive(place):
    for name in ("in.tar", "in.tar.gz", "in.tar.bz2", "in.tar.xz"):
        tarred(place, {"x/1.csv": DAY, "x/naïve.csv": "id,v\n3,c\n"}, name)
        place.run(source(name), OUT, name=name).works()
        rows_from(place, 1, 2, 3)
    place.write("x/1.csv", DAY)
    for options in (["--zstd", "-f", "in.tar.zst"], ["--lz4", "-f", "in.tar.lz4"], ["--format", "pax", "-f", "in.pax.tar"],
                    ["--format", "gnutar", "-f", "in.gnu.tar"], ["--format", "zip", "-f", "bsd.zip"]):
        subprocess.run(["bsdtar", "-c", *options, "x"], cwd=place.folder, check=True)
        place.run(source(options[-1]), OUT, name=options[-1]).works()
        rows_from(place, 1, 2)
    subprocess.run(["bsdtar", "-c", "-f", "../dot.tar", "."], cwd=place.folder / "x", check=True)
    place.run(source("dot.tar", members="1.csv"), OUT, name="dot").works()
    zipped(place, {"1.csv": DAY}, "stored.zip", zipfile.ZIP_STORED)
    place.run(source("stored.zip"), OUT, name="stored").works()


@case
def several_archives_compressed_members_and_what_systems_put_in(place):
    zipped(place, {"1.csv.gz": gzip.compress(DAY.encode()), "__MACOSX/._1.csv.gz": b"\0\5", ".hidden/9.csv": "id,v\n9,z\n"})
    tarred(place, {"b!c.csv": "id,v\n7,g\n"}, "in!.tar.gz")
    place.run(source("in*.{zip,tar.gz}"), OUT).works()
    rows_from(place, 1, 2, 7)
    place.run(source("in.zip", members=".hidden/*"), OUT, name="hidden").works()
    rows_from(place, 9)


@case
def a_reject_has_its_member_and_line(place):
    zipped(place, {"1.csv": DAY + "x,c\n"})
    place.run(source(format={"use": "csv", "types": {"id": "int64"}}), OUT, reject={"use": "file", "path": "bad.ndjson"}).works()
    found = place.rows("bad.ndjson")[0]
    must(found["file"].endswith("in.zip!1.csv") and found["line"] == 4, f"expected the place within the archive, found {found}")


@case
def an_encrypted_zip(place):
    place.write("1.csv", DAY)
    for way in ("traditional", "aes256"):
        subprocess.run(["bsdtar", "-c", "--format", "zip", "--options", f"zip:encryption={way}", "--passphrase", "geheim",
                        "-f", "in.zip", "1.csv"], cwd=place.folder, check=True)
        place.run(source(password="geheim"), OUT, name=way).works()
        rows_from(place, 1, 2)
        (place.folder / "out.ndjson").unlink()
    told(place, "no password", source(), OUT, code=2)
    told(place, "another password", source(password="falschxyz"), OUT, code=2)
    must("falschxyz" not in messages["another password"], "expected the password in no message")


@case
def a_compressed_tar_of_many_members_is_read_once(place):
    # 300 members of 1 MB: read anew for each, that would be 45 GB.
    body = "id,v\n" + "".join(f"{i},{'x' * 90}\n" for i in range(10000))
    tarred(place, {f"{i:03d}.csv": body for i in range(300)}, "in.tar.gz")
    began = os.times()
    place.run(source("in.tar.gz"), {"use": "discard"}, seconds=120).works()
    ended = os.times()
    seconds = ended.children_user + ended.children_system - began.children_user - began.children_system
    must(seconds < 30, f"expected a few seconds of the processor, found {seconds:.0f}")


@case
def damage_is_never_the_end(place):
    zipped(place, {f"{i}.csv": "id,v\n" + f"{i},{os.urandom(300).hex()}\n" for i in range(3)})
    whole = (place.folder / "in.zip").read_bytes()
    tarred(place, {f"{i}.csv": "id,v\n" + f"{i},{os.urandom(300).hex()}\n" for i in range(3)}, "in.tar.gz")
    # Behind a whole member there is nothing that a checksum could tell.
    place.write("cut.tar", gzip.decompress((place.folder / "in.tar.gz").read_bytes())[:512 + 1024])
    place.run(source("cut.tar"), OUT, flags=["--fresh"]).fails(1, "the mark at the end is missing")
    place.write("cut.zip", whole[:whole.find(b"PK\3\4", 4)])
    place.run(source("cut.zip"), OUT, flags=["--fresh"]).fails(1, "the directory at the end is missing")
    packed = (place.folder / "in.tar.gz").read_bytes()
    for number in range(1, 12):
        place.write("cut.zip", whole[:len(whole) * number // 12])
        place.write("cut.tar.gz", packed[:len(packed) * number // 12])
        for name in ("cut.zip", "cut.tar.gz"):
            place.run(source(name), OUT, flags=["--fresh"]).fails(1)
            must(not (place.folder / "out.ndjson").exists(), f"expected no output of {name} cut at {number}/12")
    flipped = bytearray(whole)
    flipped[whole.find(b"0.csv") + 60] ^= 1
    place.write("flip.zip", bytes(flipped))
    place.run(source("flip.zip"), OUT, flags=["--fresh"]).fails(1, "to be whole")


@case
def every_mistake_is_told(place):
    csv = {"format": "csv"}
    told(place, "no such archive", source("no.zip"), OUT)
    told(place, "nothing matches", source("no/*.zip"), OUT)
    place.write("empty.zip", "")
    told(place, "an empty file", source("empty.zip"), OUT)
    place.write("text.zip", "hello\n")
    told(place, "no archive", source("text.zip"), OUT)
    (place.folder / "folder.zip").mkdir()
    told(place, "a folder", source("folder.zip"), OUT)
    os.mkfifo(place.folder / "pipe.zip")
    told(place, "a pipe", source("pipe.zip"), OUT)
    zipped(place, {}, "nothing.zip")
    told(place, "no members", source("nothing.zip"), OUT)
    zipped(place, {"a.csv": DAY, "b.csv": DAY, "c\n.txt": "", "d.txt": "", "e.txt": ""})
    told(place, "no member that matches", source(members="*.tsv"), OUT)
    place.write("cut.zip", (place.folder / "in.zip").read_bytes()[:50])
    told(place, "cut off", source("cut.zip"), OUT)
    for name in ("../../etc/x.csv", "/etc/x.csv", "a\\..\\x.csv", "C:\\x.csv"):
        tarred(place, {name: DAY})
        told(place, f"a member that leads out: {name}", source("in.tar"), OUT)
    tarred(place, {"a.csv": ""}, kind=tarfile.SYMTYPE, target="/etc/passwd")
    told(place, "a link", source("in.tar"), OUT)
    tarred(place, {"a.csv": ""}, kind=tarfile.CHRTYPE, target="x")
    told(place, "a device", source("in.tar"), OUT)
    with tarfile.open(place.folder / "in.tar", "w") as archive:
        for _ in range(2):
            archive.addfile(tarfile.TarInfo("a.csv"))
    told(place, "a member that stands twice", source("in.tar"), OUT)
    tarred(place, {"./a.csv": DAY, "a.csv": DAY})
    told(place, "a member that stands twice, spelled in two ways", source("in.tar"), OUT)
    zipped(place, {"bomb.csv": "id,v\n" + "1,a\n" * 1000000})
    told(place, "a bomb", source(max_member="1MiB", **csv), OUT)
    told(place, "writing", {"use": "generate", "rows": 1}, source("new.zip", **csv), code=2)


@case
def the_messages_are_those_of_the_golden_file(place):
    found = "".join(f"== {scene}\n{message}\n" for scene, message in sorted(messages.items()))
    if "--write" in sys.argv:
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(found, encoding="utf-8")
    expected = GOLDEN.read_text(encoding="utf-8") if GOLDEN.exists() else ""
    must(found == expected, "".join(difflib.unified_diff(expected.splitlines(True), found.splitlines(True), "golden", "found")))


finish()
