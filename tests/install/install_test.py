"""What `cmake --install` lays out can be moved, and needs no root and no HOME: weir runs there, plugins are built against it by CMake
and by hand with pkg-config, and a program embeds libweir.

usage: install_test.py TOP BUILD
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

top, build = (Path(argument).resolve() for argument in sys.argv[1:])
EMBEDDING = """#include <weir/api/installation.hpp>
#include <iostream>
int main() { std::cout << weir::api::version() << '\\n' << weir::api::plugins_folder() << '\\n'; }
"""
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(embedding CXX)
find_package(weir REQUIRED COMPONENTS host)
add_executable(embedding embedding.cpp)
target_link_libraries(embedding PRIVATE weir::weir)
"""
UNKNOWN = """cmake_minimum_required(VERSION 3.25)
project(unknown NONE)
find_package(weir REQUIRED COMPONENTS kitchen)
"""


def must(condition, otherwise):
    if not condition:
        raise SystemExit(otherwise)


class Place:
    """A folder in which nothing of the caller's environment holds."""

    def __init__(self, folder):
        self.folder, self.prefix = folder, folder / "moved here/weir"
        self.env = {"PATH": os.environ["PATH"], "TMPDIR": str(folder), "CCACHE_DISABLE": "1", "LC_ALL": "C.UTF-8",
                    "PKG_CONFIG_PATH": str(self.prefix / "lib/pkgconfig")}

    def run(self, *command, code=0, **more):
        done = subprocess.run([str(word) for word in command], cwd=self.folder, env={**self.env, **more}, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True)
        must(done.returncode == code, f"{' '.join(map(str, command[:6]))}: expected exit {code}, found {done.returncode}:\n"
                                      f"{done.stdout[-1500:]}{done.stderr[-1500:]}")
        return done.stdout + done.stderr

    def weir(self, *arguments, **more):
        return self.run(self.prefix / "bin/weir", *arguments, **more)

    def build(self, source, name):
        out = self.folder / f"out-{name}"
        self.run("cmake", "-S", source, "-B", out, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.run("cmake", "--build", out)
        return out

    def flags(self, *arguments):
        """What pkg-config says; it writes a space within a word as a backslash and the space."""
        words = self.run("pkg-config", *arguments).strip().replace("\\ ", "\0").split()
        return [word.replace("\0", " ") for word in words]

    def variable(self, name):
        return " ".join(self.flags(f"--variable={name}", "weir"))


def install(place):
    first = place.folder / "first"
    place.run("cmake", "--install", build, "--prefix", first)
    place.prefix.parent.mkdir()
    first.rename(place.prefix)


def check_layout(place):
    wanted = ["bin/weir", "lib/libweir.so", "lib/weir/plugins/csv.so", "include/weir/weir.h", "include/weir/cpp/array.hpp",
              "include/weir/ext/chunked.h", "lib/cmake/weir/weirConfig.cmake", "lib/pkgconfig/weir.pc", "share/weir/sdk/rust/src/lib.rs", "share/weir/sdk/go/weir.go",
              "share/doc/weir/LICENSE",
              "share/doc/weir/README.md", "share/doc/weir/docs/abi.md", "share/doc/weir/plugins/csv/README.md",
              "share/weir/schemas/csv.json", "share/weir/examples/01_first_run/manifest.yaml"]
    for name in wanted:
        must((place.prefix / name).exists(), f"expected {name} in the installation, found no such file")
    for path in sorted(place.prefix.rglob("*")):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            for where in (str(build), str(place.folder / "first")):
                binary = data.startswith(b"\x7fELF")  # texts of assertions may name a source
                must(binary or where.encode() not in data, f"{path}: expected no place of the build, found {where}")


def check_program(place):
    must(place.weir("version").startswith("weir "), "expected weir version to tell")
    listed = place.weir("plugin", "list", "--output", "json")
    must(str(place.prefix / "lib/weir/plugins/csv.so") in listed, f"expected the plugins of the moved tree, found {listed[-600:]}")
    example = place.folder / "example"
    shutil.copytree(place.prefix / "share/weir/examples/01_first_run", example)
    told = place.weir("run", example / "manifest.yaml", WEIR_OUT=str(place.folder))
    must("balanced" in told and (place.folder / "strikes.db").stat().st_size > 0, f"expected the example to run, found {told}")
    must((example / ".weir").is_dir(), "expected the state beside the manifest where there is no home")


def check_plugin(place, plugin, name, step):
    """Runs a plugin, from a folder of its own, over two rows."""
    folder = place.folder / f"with-{plugin.parent.name}"
    folder.mkdir()
    (folder / "in.csv").write_text("card,note\n4000123412344242, x \n,y\n")
    manifest = {"weir": 1, "name": "outside", "extract": {"use": "file", "path": "in.csv", "format": {"use": "csv", "infer": False}},
                "transform": [{"use": name, **step}], "load": {"use": "file", "path": "out.csv"}}
    (folder / "m.json").write_text(json.dumps(manifest))
    place.weir("run", folder / "m.json", WEIR_PLUGIN_PATH=str(plugin.parent))
    return (folder / "out.csv").read_text()


def built_by_cmake(place, name):
    source = place.folder / f"{name}-source"
    shutil.copytree(place.prefix / "share/weir/examples" / {"stars": "plugin_c", "trim": "plugin_cpp_transformer"}[name], source)
    return place.build(source, name) / f"{name}.so"


def built_by_hand(place, name, compiler):
    """With a compiler and what pkg-config says, in a folder of its own."""
    folder = place.folder / f"{name}-by-hand"
    folder.mkdir()
    source = next((place.folder / f"{name}-source").glob(f"{name}.c*"))
    schema = source.parent / "schema.json"
    place.run("cmake", "-D", f"SCHEMA={schema}", "-D", f"HEADER={folder / 'weir_plugin_info.h'}", "-P", place.variable("plugin_info"))
    place.run(*compiler, *place.flags("--cflags", "weir"), "-I", folder, "-O2", "-fPIC", "-fvisibility=hidden", "-shared",
              f"-Wl,--version-script={place.variable('plugin_map')}", "-o", folder / f"{name}.so", source)
    return folder / f"{name}.so"


def check_plugins(place):
    steps = {"stars": {"column": "card"}, "trim": {"columns": ["note"]}}
    wants = {"stars": "card,note\n************4242, x \n,y\n", "trim": "card,note\n4000123412344242,x\n,y\n"}
    compilers = {"stars": ("cc", "-std=c11"), "trim": ("c++", "-std=c++20")}
    for name, step in steps.items():
        for plugin in (built_by_cmake(place, name), built_by_hand(place, name, compilers[name])):
            found = check_plugin(place, plugin, name, step)
            must(found == wants[name], f"{plugin}: expected {wants[name]!r}, found {found!r}")


def check_embedding(place):
    source = place.folder / "embedding"
    source.mkdir()
    (source / "embedding.cpp").write_text(EMBEDDING)
    (source / "CMakeLists.txt").write_text(PROJECT)
    want = [place.run("pkg-config", "--modversion", "weir-host").strip(), str(place.prefix / "lib/weir/plugins")]
    found = place.run(place.build(source, "embedding") / "embedding").splitlines()
    must(found == want, f"a program that embeds weir by find_package: expected {want}, found {found}")
    place.run("c++", "-std=c++20", "-o", source / "by-hand", source / "embedding.cpp", *place.flags("--cflags", "--libs", "weir-host"))
    found = place.run(source / "by-hand", LD_LIBRARY_PATH=str(place.prefix / "lib")).splitlines()
    must(found == want, f"a program that embeds weir by pkg-config: expected {want}, found {found}")
    (source / "CMakeLists.txt").write_text(UNKNOWN)
    told = place.run("cmake", "-S", source, "-B", place.folder / "out-unknown", f"-DCMAKE_PREFIX_PATH={place.prefix}", code=1)
    must("expected the component host, found kitchen" in " ".join(told.split()), f"expected an unknown component to be told: {told}")


def check_example(place):
    """examples/embed, built as its first lines say, counts and loads orders."""
    orders = place.folder / "orders.csv"
    orders.write_text("id,country,quantity\n1,NO,5\n2,NO,0\n3,IT,2\n")
    program = place.build(place.prefix / "share/weir/examples/embed", "embed") / "embed"
    told = place.run(program, orders, place.folder / "orders.db")
    wanted = ("IT 1", "NO 1", "2 of 3 orders loaded")
    must(all(words in told for words in wanted), f"expected the example to tell {wanted}, found {told}")


with tempfile.TemporaryDirectory(prefix="weir-install-") as name:
    here = Place(Path(name).resolve())
    install(here)
    check_layout(here)
    check_program(here)
    check_plugins(here)
    check_embedding(here)
    check_example(here)
