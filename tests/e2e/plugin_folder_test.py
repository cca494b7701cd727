"""Hostile files in a plugin folder: listed with what is wrong, and no harm to a run that does not need them."""
from harness import *


def hostile(place):
    folder = place.folder / "plugins"
    folder.mkdir()
    good = (Path(BAD_PLUGINS) / "good.so").read_bytes()
    (folder / "whole.so").write_bytes(good)
    for name, size in (("cut_16", 16), ("cut_100", 100), ("cut_half", len(good) // 2), ("cut_end", len(good) - 40)):
        (folder / f"{name}.so").write_bytes(good[:size])
    (folder / "empty.so").write_bytes(b"")
    (folder / "text.so").write_text("#!/bin/sh\necho no\n")
    (folder / "windows.so").write_bytes(b"MZ" + bytes(1000))
    (folder / "folder.so").mkdir()
    (folder / "dangling.so").symlink_to("nowhere")
    (folder / "loop.so").symlink_to("loop.so")
    os.mkfifo(folder / "fifo.so")
    (folder / "README").write_text("not a plugin")
    place.env["WEIR_PLUGIN_PATH"] = f"{folder}:/nowhere/at/all::{folder}"


@case
def all_are_listed(place):
    hostile(place)
    ended = place.weir("plugin", "list", seconds=10).works()
    text = ended.out + ended.err
    for name in ("cut_16", "cut_half", "empty", "text", "windows"):
        must(name in text, f"expected {name} in the list, found {text}")
    must("good" in ended.out and "csv" in ended.out, f"expected the good ones too: {text}")
    document = json.loads(place.weir("plugin", "list", "--output", "json", seconds=10).works().out)
    must(document["ok"], f"{document}")


@case
def a_run_is_unaffected(place):
    hostile(place)
    place.write("in.csv", "id\n1\n")
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": "good"}], seconds=10).works()
    must(place.read("out.csv") == "id\n1\n", place.read("out.csv"))


@case
def each_is_inspected(place):
    hostile(place)
    for path in sorted((place.folder / "plugins").glob("*.so")):
        ended = place.weir("plugin", "inspect", path, seconds=10)
        must(ended.code == 0 if path.stem == "whole" else ended.code in (0, 1, 2, 4), f"{path.name}: {ended.code} {ended.err}")
        must(ended.code == 0 or "error:" in ended.err, f"{path.name}: {ended.err!r}")


if __name__ == "__main__":
    finish()
