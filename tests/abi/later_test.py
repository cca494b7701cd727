#!/usr/bin/env -S python3 -B
"""Old plugins on a host of the next minor, and a plugin of the next minor on old hosts.

The next minor is made of today's headers (later.py): every struct that can grow is longer, the host has a function and an extension more.
later_host.cpp is compiled against both, and must get the same of frozen plugins and of today's; later_plugin.c uses what is new where it
is there, on the real host too. What the small hosts print stands in golden/lives.txt, what the real one says in golden/later.txt.

usage: later_test.py WEIR PLUGINS [--write]    PLUGINS: the folder of the examples' binaries
"""
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import compare  # noqa: E402
import frozen  # noqa: E402
import later  # noqa: E402

HERE = Path(__file__).resolve().parent
SDK = frozen.ROOT / "sdk/include"
# In C, C++ and, of those that are frozen, Rust and Go: transformers, a format, a codec, a storage, a loader.
LIVED = ("stars.so", "lines.so", "hex.so", "inline.so", "tally.so")
FROZEN = (*LIVED, "libchecksum_plugin.so", "access_log.so")
MANIFEST = """weir: 1
name: later
extract: { use: file, path: rows.csv, format: { use: csv, infer: false } }
transform: [ { use: later } ]
load: { use: file, path: out.csv }
"""


def must(condition, otherwise):
    if not condition:
        raise SystemExit(otherwise)


def run(*command, cwd, code=0, **more):
    done = subprocess.run([str(word) for word in command], cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, env={**os.environ, "NO_COLOR": "1", **more})
    must(done.returncode == code, f"{' '.join(map(str, command[:4]))}: expected exit {code}, found {done.returncode}:\n{done.stdout}")
    return done.stdout


def host(place, name, include, *options):
    run("g++", "-std=c++20", "-O0", "-isystem", include, *options, HERE / "later_host.cpp", "-o", name, "-ldl", cwd=place)
    return place / name


def plugin(place, folder, include, minor, needs):
    """later.so in a folder of its own, built with ABI 1.minor, needing 1.needs."""
    made = place / folder / "later.so"
    made.parent.mkdir()
    words = {"BUILT_TEXT": f'"{minor}"', "NEEDS_TEXT": f'"{needs}"', "NEEDS_MINOR": needs, "PREVIEW_TEXT": f'"{frozen.today()[0]}"'}
    run("gcc", "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden", *(f"-D{word}={value}" for word, value in words.items()), "-isystem", include,
        HERE / "later_plugin.c", "-o", made, cwd=place)
    return made


def told_of_old_plugins(place, hosts, binaries):
    """What both hosts get of plugins that were built before the later one."""
    today, of_later = (run(one, *binaries, cwd=place) for one in hosts)
    must(today == of_later, f"expected the same on a host of the next minor, found\n{of_later}\nand today\n{today}")
    return today


def on_the_real_host(weir, place, made):
    (place / "rows.csv").write_text("id,name\n" + "".join(f"{i},row {i}\n" for i in range(5)))
    (place / "manifest.yaml").write_text(MANIFEST)
    homes = {name: str(place / "home") for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    told = run(weir, "run", "manifest.yaml", cwd=place, WEIR_PLUGIN_PATH=str(made.parent), **homes)
    must("balanced" in told, f"expected a run that balances, found\n{told}")
    must((place / "out.csv").read_text() == (place / "rows.csv").read_text(), "expected all rows, as the extension is absent, found others")
    run(weir, "plugin", "test", made, cwd=place)


def refused(weir, place, made):
    told = run(weir, "run", "manifest.yaml", "--fresh", cwd=place, code=4, WEIR_PLUGIN_PATH=str(made.parent), HOME=str(place))
    return f"### a plugin that needs the next minor\n{told.replace(str(made.parent), 'FOLDER')}"


def same(golden, text, write):
    if write:
        golden.write_text(text, encoding="utf-8")
    must(golden.read_text(encoding="utf-8") == text, f"{golden.name}: expected what stands there, found\n{text}")


def main(weir, plugins, write=False):
    with tempfile.TemporaryDirectory(prefix="weir-later-") as scratch:
        place = Path(scratch).resolve()
        include = place / "include"
        count = later.write(SDK, include)
        must(count > 40, f"expected every struct to grow, found {count} that did")
        preview, minor, folder = frozen.folders()[-1]
        forbidden = compare.judged(folder / "include", (preview, minor), include)
        must(not forbidden, "\n".join(["the next minor: expected appends, found", *forbidden]))
        minor = frozen.today()[1]
        with ThreadPoolExecutor(2) as pool:
            hosts = list(pool.map(lambda words: host(place, *words), (("today", SDK), ("later", include, "-DLATER"))))
        told_of_old_plugins(place, hosts, [plugins / name for name in LIVED])
        lives = ""
        if (folder / frozen.machine()).exists():
            lives = told_of_old_plugins(place, hosts, [folder / frozen.machine() / name for name in FROZEN])
        of_later = plugin(place, "does_without", include, minor + 1, 0)
        lives += "".join(f"on {one.name}'s host: {run(one, of_later, cwd=place)}" for one in hosts)
        on_the_real_host(weir, place, of_later)
        told = refused(weir, place, plugin(place, "needs", include, minor + 1, minor + 1))
        if (folder / frozen.machine()).exists():
            same(HERE / "golden/lives.txt", lives, write)
        same(HERE / "golden/later.txt", told, write)
    print("old plugins run on a later host, and a later plugin on today's")


if __name__ == "__main__":
    main(*(Path(word).resolve() for word in sys.argv[1:3]), write="--write" in sys.argv)
