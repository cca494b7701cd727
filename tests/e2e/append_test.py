"""append: rows behind those that a file has: once, whole, in its columns, whatever is killed; and a file that can't take them is left."""
import bz2, lzma, threading

from harness import *

IN = {"use": "file", "path": "in.csv"}
OUT = {"use": "file", "path": "out.csv", "append": True}


@case
def rows_go_behind_those_that_are_there(place):
    place.write("in.csv", "id,name\n3,c\n4,\"d,e\"\n")
    for before, after in (("id,name\n1,a\n2,b\n", "id,name\n1,a\n2,b\n"), ("id,name\n1,a", "id,name\n1,a\n"), ("id,name", "id,name\n"),
                          ("\ufeff\"id\",name\r\n1,a\r\n", "\ufeff\"id\",name\r\n1,a\r\n"), ("", "id,name\n")):
        out = place.write("out.csv", before)
        out.chmod(0o640)
        place.run(IN, OUT, flags=["--fresh"]).works()
        must(out.read_bytes().decode() == after + "3,c\n4,\"d,e\"\n", f"behind {before!r} found {out.read_bytes()!r}")
        must(out.stat().st_mode & 0o777 == 0o640, "expected the mode that it had")
    out.unlink()
    place.run(IN, OUT, flags=["--fresh"]).works()
    must(place.read("out.csv") == "id,name\n3,c\n4,\"d,e\"\n", "expected a new file where there was none")


@case
def a_run_that_is_complete_adds_nothing_and_says_what_fresh_would(place):
    place.write("in.csv", "id\n1\n")
    place.run(IN, OUT).works()
    told = place.run(IN, OUT).works().out
    must("nothing to do (--fresh repeats it, and puts its rows there again)" in told, f"found {told!r}")
    place.write("in.csv", "id\n2\n")
    place.run(IN, OUT).works()
    must(place.read("out.csv") == "id\n1\n2\n", f"found {place.read('out.csv')!r}")


@case
def compressed_files_get_another_member(place):
    place.write("in.csv", "id\n2\n")
    packed = {"gz": gzip, "bz2": bz2, "xz": lzma}
    for ending in ("gz", "bz2", "xz", "zst", "lz4"):
        name = f"out.csv.{ending}"
        load = {**OUT, "path": name}
        if ending in packed:
            place.write("plain", packed[ending].compress(b"id\n1")).rename(place.folder / name)
        else:
            place.run({**IN, "path": place.write("one.csv", "id\n1\n").name}, load, name="first").works()
        before = (place.folder / name).read_bytes()
        place.run(IN, load, flags=["--fresh"]).works()
        data = (place.folder / name).read_bytes()
        must(data.startswith(before) and len(data) > len(before), f"{ending}: expected what was there, and more behind it")
        if ending in packed:
            must(packed[ending].decompress(data) == b"id\n1\n2\n", f"{ending}: found {packed[ending].decompress(data)!r}")
        place.run({"use": "file", "path": name}, {"use": "file", "path": "back.csv"}, name="back", flags=["--fresh"]).works()
        must(place.read("back.csv") == "id\n1\n2\n", f"{ending}: found {place.read('back.csv')!r}")
    cut = before[:-3]
    place.write(name, cut)
    place.run(IN, load, flags=["--fresh"]).fails(1, name)
    must((place.folder / name).read_bytes() == cut, "expected the file as it was")


@case
def other_formats_and_encodings(place):
    place.write("in.csv", "id,n\n2,b\n")
    place.write("out.ndjson", '{"id":1,"m":null}')
    place.run(IN, {**OUT, "path": "out.ndjson"}).works()
    must(place.read("out.ndjson") == '{"id":1,"m":null}\n{"id":2,"n":"b"}\n', f"found {place.read('out.ndjson')!r}")
    wide = {**OUT, "path": "wide.csv", "format": {"use": "csv", "encoding": "utf-16", "delimiter": ";", "line_end": "crlf"}}
    place.write("wide.csv", "\ufeffid;n\r\n1;é".encode("utf-16-le"))
    place.run(IN, wide, name="wide").works()
    found = (place.folder / "wide.csv").read_bytes().decode("utf-16")
    must(found == "id;n\r\n1;é\r\n2;b\r\n", f"found {found!r}")
    bare = {**OUT, "path": "bare.csv", "format": {"use": "csv", "header": False}}
    place.write("bare.csv", "1,a\n")
    place.run(IN, bare, name="bare").works()
    must(place.read("bare.csv") == "1,a\n2,b\n", f"found {place.read('bare.csv')!r}")


@case
def each_value_has_its_file_and_rejects_have_theirs(place):
    place.write("in.csv", "id,c\n1,x\n2,y\n")
    place.write("out/x.csv", "id,c\n0,x\n")
    place.run(IN, {**OUT, "path": "out/{c}.csv", "by": "c"}).works()
    must(place.read("out/x.csv") == "id,c\n0,x\n1,x\n" and place.read("out/y.csv") == "id,c\n2,y\n", "expected each row behind its own")
    typed = {**IN, "format": {"use": "csv", "types": {"id": "int64"}}}
    for _ in range(2):
        place.write("in.csv", "id\n1\nbad\n")
        place.run(typed, {"use": "discard"}, reject={"use": "file", "path": "bad.ndjson", "append": True}, flags=["--fresh"]).works()
    must(len(place.rows("bad.ndjson")) == 2, "expected the rejects of both runs")


@case
def a_run_that_fails_or_is_killed_leaves_the_file_as_it_was(place):
    rows = 200_000
    place.write("in.csv", "id\n" + "".join(f"{i}\n" for i in range(rows)) + "bad\n")
    whole = {**IN, "format": {"use": "csv", "types": {"id": "int64"}}}
    place.write("out.csv", "id\n-1\n")
    place.run(whole, OUT).fails(1)
    must(place.read("out.csv") == "id\n-1\n", "expected the file as it was")
    place.write("in.csv", "id\n" + "".join(f"{i}\n" for i in range(rows)))
    wanted = "id\n-1\n" + "".join(f"{i}\n" for i in range(rows))
    manifest = place.manifest(whole, OUT)
    for milliseconds in range(5, 200, 15):
        place.write("out.csv", "id\n-1\n")
        process = place.start("run", manifest, "--fresh")
        timer = threading.Timer(milliseconds / 1000, process.kill)
        timer.start()
        place.end(process)
        timer.cancel()
        left = place.read("out.csv")
        must(left in ("id\n-1\n", wanted), f"killed after {milliseconds} ms: found half a file")
        # Killed before it began or after its end, it leaves a run that is complete.
        begun = "nothing to do" not in place.weir("run", manifest).works().out
        must(place.read("out.csv") == (wanted if begun else left), f"killed after {milliseconds} ms: expected each row once")
        must(place.files() <= {"in.csv", "job.json", "out.csv"}, f"found {place.files()}")


@case
def an_interrupt_while_it_is_copied_leaves_it(place):
    place.write("in.csv", "id\n1\n")
    line = "1234567\n" * 100_000
    (place.folder / "out.csv").write_text("id\n" + line * 100)
    before = (place.folder / "out.csv").stat()
    process = place.start("run", place.manifest(IN, OUT))
    while not [p for p in place.folder.iterdir() if p.name.startswith(".weir-")] and process.poll() is None:
        pass
    process.send_signal(signal.SIGINT)
    ended = place.end(process)
    after = (place.folder / "out.csv").stat()
    if ended.code != 0:
        must((after.st_ino, after.st_size) == (before.st_ino, before.st_size), "expected the file as it was")
    must(not [p for p in place.folder.iterdir() if p.name.startswith(".weir-")], "expected nothing left behind")


@case
def what_does_not_fit_is_told_word_for_word(place):
    found = ""
    for title, before, load in (
            ("other columns", "id,total\n", OUT), ("another order", "name,id\n", OUT), ("no header", "7,x\n", OUT),
            ("another delimiter", "id;name\n", OUT), ("fewer fields, without a header", "1\n", {**OUT, "format": {"use": "csv", "header": False}}),
            ("UTF-16", "\ufeffid,name\n".encode("utf-16-le"), OUT), ("lines that end with CR", "id,name\r1,a\r2,b\r", OUT),
            ("UTF-16 without a mark", "id,name\n".encode("utf-16-le"), {**OUT, "format": {"use": "csv", "encoding": "utf-16"}}),
            ("an array", "[{\"id\":1}]\n", {**OUT, "path": "out.ndjson"}), ("an object over lines", "{\n\"id\":1}\n", {**OUT, "path": "out.ndjson"}),
            ("no JSON", "id\n", {**OUT, "path": "out.ndjson"}), ("standard output", "", {**OUT, "path": "-", "format": "csv"}),
            ("parts", "", {**OUT, "path": "out-{n}.csv", "rows": 2}), ("a format that cannot", "", {**OUT, "path": "out.contract.yaml"})):
        place.write("in.csv", "id,name\n1,a\n")
        file = place.write(load["path"], before)
        manifest = place.manifest(IN, load)
        ended = place.weir("validate", manifest)
        must(place.weir("run", manifest, "--fresh").err == ended.err, f"{title}: expected run and validate to tell the same")
        must(file.read_bytes() == (before.encode() if isinstance(before, str) else before), f"{title}: expected the file as it was")
        shown = ended.err.replace(str(place.folder) + "/", "")
        found += f"== {title}: exit {ended.code}\n{shown}\n"
    golden("append.txt", found)


if __name__ == "__main__":
    finish()
