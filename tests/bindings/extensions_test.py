"""Extensions in Rust and Go: plugins that offer weir.state/1 and weir.pushdown/1, and ask for weir.memory/1 conform, and a run asks them.

usage: extensions_test.py TOP BUILD, with CARGO and GO in the environment
"""
import json
import shutil
import sys
import tempfile
from pathlib import Path

from languages import Languages, must

top, build = (Path(argument).resolve() for argument in sys.argv[1:])
MANIFEST = """weir: 1
name: extensions
extract: EXTRACT
plugins: PLUGINS
transform:
  - { use: filter, where: "n >= 97" }
  - { use: running, column: n }
  - { use: select, keep: [n, running] }
load: { use: file, path: out.csv }
"""
OFFERED = {"running": ["weir.state/1"], "squares": ["weir.pushdown/1"], "squared": ["weir.pushdown/1"]}
CASES = ("memory-refused", "host-memory-back", "state-restores", "state-adds-up", "state-items", "state-any-order", "foreign-state")


def conforms(languages, weir, binary):
    """And its cases of memory that the host gives are tried, and pass."""
    told = json.loads(languages.run(weir, "plugin", "test", binary, "--output", "json", cwd=binary.parent))["cases"]
    wrong = [one for one in told if one["verdict"] in ("fail", "crashed", "warn")]
    must(not wrong, f"{binary.name}: expected it to conform, found {wrong}")
    passed = {one["case"] for one in told if one["component"].endswith("running") and one["verdict"] == "pass"}
    must(passed >= set(CASES), f"{binary.name}: expected {CASES} to pass, found {sorted(passed)}")


def offers(languages, weir, binary, wanted):
    told = json.loads(languages.run(weir, "plugin", "inspect", binary, "--components", "--output", "json", cwd=binary.parent))["components"]
    found = {one["name"]: one["extensions"] for one in told}
    must(found == wanted, f"{binary.name}: expected extensions {wanted}, found {found}")


def in_rust(languages, place):
    project = place / "tests/bindings/rust_extensions"  # as it stands in the tree: it names the crate by where it is from there
    shutil.copytree(top / "tests/bindings/rust_extensions", project)
    shutil.copytree(top / "sdk/rust", place / "sdk/rust", ignore=shutil.ignore_patterns("target", "Cargo.lock"))
    languages.run(languages.cargo, "build", "--offline", cwd=project)
    return shutil.copy(languages.kept / "cargo/debug/libextensions_plugin.so", place / "extensions.so")


def in_go(languages, place):
    project = place / "tests/bindings/go_extensions"
    shutil.copytree(top / "tests/bindings/go_extensions", project)
    for part in ("go", "include"):
        (place / "sdk").mkdir(exist_ok=True)
        shutil.copytree(top / "sdk" / part, place / "sdk" / part)
    for name in ("section.c", "plugin.map"):
        text = (top / "sdk/templates/go/all" / name).read_text().replace("{{version}}", "0.1.0")
        (project / name).write_text(text)
    made = place / "go_extensions.so"
    languages.run(languages.go, "vet", ".", cwd=project, GOFLAGS="-mod=mod")
    languages.run(languages.go, "build", "-buildmode=c-shared", "-ldflags", "-extldflags=-Wl,--version-script=plugin.map", "-o", made, ".", cwd=project)
    return made


def is_asked(languages, weir, place, isolation):
    for extract in ("{ use: squares }", "{ use: file, path: in.squared, format: squared }"):
        (place / "manifest.yaml").write_text(MANIFEST.replace("EXTRACT", extract).replace("plugins: PLUGINS\n", isolation))
        told = languages.run(weir, "run", "manifest.yaml", "--fresh", "--validate", "full", cwd=place, WEIR_PLUGIN_PATH=str(place))
        rows = (place / "out.csv").read_text()
        must(rows == "n,running\n97,97\n98,195\n99,294\n", f"{extract}: expected the sums, found {rows!r}:\n{told}")
        # What the filter would drop was not made.
        must("extracted              3 " in told, f"{extract}: expected three rows to be read, found {told}")


with tempfile.TemporaryDirectory(prefix="weir-extensions-") as name:
    place, weir = Path(name).resolve(), build / "bin/weir"
    languages = Languages(build / "bindings", name)
    (place / "in.squared").write_text("".join(f"{n}\n" for n in range(100)))
    for make, isolation in ((in_rust, ""), (in_go, "plugins: { go_extensions: { isolation: none } }\n")):  # a Go runtime needs that
        binary = Path(make(languages, place))
        conforms(languages, weir, binary)
        offers(languages, weir, binary, OFFERED)
        is_asked(languages, weir, place, isolation)
        binary.unlink()
