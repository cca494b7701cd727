"""weir plugin new, of every language and kind that there are templates for: what it makes is built by the language's own tool against an
installed weir, passes its own test, is inspected, conforms, and runs the manifest that came with it.

usage: scaffolds_test.py TOP BUILD LANG, with CARGO and GO in the environment
"""
import contextlib
import json
import os
import re
import shutil
import socketserver
import sys
import tempfile
import threading
from pathlib import Path

from languages import Languages, must

top, build = (Path(argument).resolve() for argument in sys.argv[1:3])
language = sys.argv[3]
KINDS = ("extractor", "transformer", "loader", "format", "storage", "codec", "connection")
# What the manifest of each kind comes to: a file, or the end of its name where its beginning tells the run.
COMES_TO = {"extractor": ("out.csv", "n\n1\n2\n3\n"), "transformer": ("out.csv", "id,name\n1,Ann\n2,Bob\n3,\n"),
            "loader": ("out/*-1.txt", "first\nsecond\n"), "format": ("out.txt", "error: no disk\n"),
            "storage": ("out.csv", "currency,rate\nEUR,1.0\nCHF,1.07\n"), "codec": ("out.csv", "id,name\n1,Ann\n")}


def built(languages, folder):
    """Builds, runs the plugin's own test, and gives the folder of the binary."""
    def run(*command):
        return languages.run(*command, cwd=folder)
    if language in ("c", "cpp"):
        run("cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug")
        run("cmake", "--build", "build")
        must("100% tests passed" in run("ctest", "--test-dir", "build", "--no-tests=error"), f"{folder}: expected its test to pass")
        return folder / "build"
    if language == "go":
        languages.run(languages.go, "vet", ".", cwd=folder, GOFLAGS="-mod=mod")  # what -trimpath caches names folders that are gone
        must(run(languages.go, "test", ".").startswith("ok"), f"{folder}: expected its test to pass")
        run(languages.go, "build", "-buildmode=c-shared", "-ldflags", "-extldflags=-Wl,--version-script=plugin.map",
            "-o", f"build/{folder.name}.so", ".")
        return folder / "build"
    # One folder of what was compiled serves all: so each binary is fetched from there.
    run(languages.cargo, "test", "--offline")
    run(languages.cargo, "build", "--offline")
    (folder / "built").mkdir()
    name = f"lib{folder.name}_plugin.so"
    shutil.copy(languages.kept / "cargo/debug" / name, folder / "built" / name)
    return folder / "built"


class Held(socketserver.StreamRequestHandler):
    """Keeps a session until the other side ends it."""

    def handle(self):
        self.rfile.read()


class Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 1024  # the kit connects faster than a busy machine accepts: past five, a connection waits for seconds


@contextlib.contextmanager
def answered(kind, schema):
    """A connection needs somebody who listens: its schema says where, for as long as it is tried."""
    if kind != "connection":
        yield
        return
    with Listener(("127.0.0.1", 0), Held) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        about = json.loads(schema.read_text())
        (component,) = about["components"].values()
        component["conformance"] = {"options": {"host": "127.0.0.1", "port": server.server_address[1]}}
        schema.write_text(json.dumps(about, indent=2))
        yield
        server.shutdown()


def conforms(languages, weir, binary):
    told = languages.run(weir, "plugin", "test", binary, cwd=binary.parent)
    must("\nconforms: " in told and "\nwarn " not in told, f"{binary.name}: expected it to conform, and no warning, found\n{told}")


def check(languages, weir, place, kind):
    name = f"my_{kind}"
    told = languages.run(weir, "plugin", "new", name, "--kind", kind, "--lang", language, "--license", "MIT", cwd=place)
    must(f"cd {name}" in told, f"expected the next steps, found {told}")
    folder = place / name
    with answered(kind, folder / "schema.json"):
        plugins = built(languages, folder)
        conforms(languages, weir, next(plugins.glob("*.so")))
    left = [path for path in folder.rglob("*") if path.is_file() and plugins not in path.parents and b"{{" in path.read_bytes()
            and path.suffix not in (".rs", ".go", ".cpp", ".c")]
    must(not left, f"expected every word of the templates to be put in, found some in {left}")
    binary = next(plugins.glob("*.so"))
    exported = languages.run("nm", "-D", "--defined-only", binary, cwd=folder).split()[2::3]
    must(exported == ["weir_plugin_v1"], f"{binary.name}: expected one exported symbol, found {exported}")
    told = languages.run(weir, "plugin", "inspect", name, cwd=folder, WEIR_PLUGIN_PATH=str(plugins))
    must(f"{kind} {name}: " in told and re.search("licence +MIT", told), f"expected the plugin to say what it is, found {told}")
    if kind not in COMES_TO:
        return
    told = languages.run(weir, "run", "manifest.yaml", "--validate", "full", cwd=folder, WEIR_PLUGIN_PATH=str(plugins))
    must("balanced" in told, f"{name}: expected a run that balances, found {told}")
    pattern, wanted = COMES_TO[kind]
    found = [path.read_text() for path in folder.glob(pattern)]
    must(found == [wanted], f"{name}: expected {wanted!r}, found {found}:\n{told}")


with tempfile.TemporaryDirectory(prefix="weir-scaffolds-") as scratch:
    place = Path(scratch).resolve()
    languages = Languages(build / "bindings", scratch)
    languages.run("cmake", "--install", build, "--prefix", place / "weir", cwd=place)
    weir = place / "weir/bin/weir"
    kinds = [kind for kind in KINDS if (top / "sdk/templates" / language / kind).is_dir()]
    must(len(kinds) >= 4, f"expected at least four kinds in {language}, found {kinds}")
    for kind in kinds:
        check(languages, weir, place, kind)
