"""The third-party plugins of examples/third_party, in every language: each is built by its language's own tool from what was installed
alone, passes its own test and the conformance kit, and runs its manifest as expected. Then all of them are published, and used by others (story.py).

usage: third_party_test.py TOP BUILD [--update], with CARGO and GO in the environment
"""
import shutil
import sys
import tempfile
from pathlib import Path

import story
from languages import Languages, must

top, build = (Path(argument).resolve() for argument in sys.argv[1:3])


def built_by_cargo(languages, folder, plugins):
    languages.run(languages.cargo, "test", "--offline", cwd=folder)
    languages.run(languages.cargo, "build", "--offline", cwd=folder)
    name = f"lib{folder.name}_plugin.so"
    shutil.copy(languages.kept / "cargo/debug" / name, plugins / name)
    return plugins / name


def built_by_go(languages, folder, plugins):
    must(languages.run(languages.go, "test", ".", cwd=folder).startswith("ok"), f"{folder.name}: expected its test to pass")
    made = plugins / f"{folder.name}.so"
    languages.run(languages.go, "build", "-buildmode=c-shared", "-ldflags", f"-extldflags=-Wl,--version-script={folder}/plugin.map", "-o", made, ".",
                  cwd=folder)
    return made


def built_by_cmake(languages, folder, plugins):
    out = plugins.parent / f"out-{folder.name}"
    languages.run("cmake", "-S", folder, "-B", out, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={plugins.parent / 'weir'}",
                  "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror", cwd=folder)
    languages.run("cmake", "--build", out, cwd=folder)
    must("100% tests passed" in languages.run("ctest", "--test-dir", out, "--no-tests=error", "--output-on-failure", cwd=folder), folder.name)
    return shutil.copy(out / f"{folder.name}.so", plugins)


BUILDERS = {"Cargo.toml": built_by_cargo, "go.mod": built_by_go, "CMakeLists.txt": built_by_cmake}
LANGUAGES = {"*.c": "C", "*.cpp": "C++", "Cargo.toml": "Rust", "go.mod": "Go"}

with tempfile.TemporaryDirectory(prefix="weir-third-party-") as scratch:
    place = Path(scratch).resolve()
    languages = Languages(build / "bindings", scratch)
    languages.run("cmake", "--install", build, "--prefix", place / "weir", cwd=place)
    plugins = place / "plugins"
    plugins.mkdir()
    # Out of the installation, for nothing may be found by where it lies but the crate and the package.
    examples = place / "weir/share/weir/examples/third_party"
    folders = sorted(path for path in examples.iterdir() if path.is_dir())
    found = {language for pattern, language in LANGUAGES.items() for folder in folders if list(folder.glob(pattern))}
    must(found == set(LANGUAGES.values()), f"expected plugins in {sorted(LANGUAGES.values())}, found them in {sorted(found)}")
    weir, binaries = place / "weir/bin/weir", {}
    for folder in folders:
        builder = next(builder for name, builder in BUILDERS.items() if (folder / name).exists())
        made = builder(languages, folder, plugins)
        languages.run(weir, "plugin", "test", made, cwd=folder)
        languages.run(sys.executable, "-B", top / "tests/examples/run_examples.py", weir, top / "examples/third_party", folder.name,
                      *sys.argv[3:], cwd=place, WEIR_PLUGIN_PATH=str(plugins))
        binaries[folder.name] = made
        print(f"{folder.name}: built, tested, conforms, runs")
    story.play(top, weir, build, binaries)
    print("packed, signed, served, locked, run, changed, yanked, carried away")
