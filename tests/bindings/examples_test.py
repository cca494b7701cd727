"""The examples in Rust and Go: each is built from what was installed alone, passes its own test, and runs its manifest as expected.

usage: examples_test.py TOP BUILD [--update], with CARGO and GO in the environment
"""
import shutil
import sys
import tempfile
from pathlib import Path

from languages import Languages, must

top, build = (Path(argument).resolve() for argument in sys.argv[1:3])


def built_by_cargo(languages, folder, plugins):
    languages.run(languages.cargo, "test", "--offline", cwd=folder)
    languages.run(languages.cargo, "build", "--offline", cwd=folder)
    name = f"lib{folder.name.removeprefix('plugin_rust_')}_plugin.so"
    shutil.copy(languages.kept / "cargo/debug" / name, plugins / name)


def built_by_go(languages, folder, plugins):
    must(languages.run(languages.go, "test", ".", cwd=folder).startswith("ok"), f"{folder.name}: expected its test to pass")
    languages.run(languages.go, "build", "-buildmode=c-shared", "-ldflags", "-extldflags=-Wl,--version-script=plugin.map", "-o",
                  plugins / f"{folder.name}.so", ".", cwd=folder)


with tempfile.TemporaryDirectory(prefix="weir-examples-") as scratch:
    place = Path(scratch).resolve()
    languages = Languages(build / "bindings", scratch)
    languages.run("cmake", "--install", build, "--prefix", place / "weir", cwd=place)
    plugins = place / "plugins"
    plugins.mkdir()
    names = []
    for builder, language in ((built_by_cargo, "rust"), (built_by_go, "go")):
        found = sorted((place / "weir/share/weir/examples").glob(f"plugin_{language}_*"))
        must(found, f"expected examples in {language} in the installation, found none")
        for folder in found:
            builder(languages, folder, plugins)
            names.append(folder.name)
    for name in names:
        languages.run(sys.executable, "-B", top / "tests/examples/run_examples.py", place / "weir/bin/weir", top / "examples", name,
                      *sys.argv[3:], cwd=place, WEIR_PLUGIN_PATH=str(plugins))
