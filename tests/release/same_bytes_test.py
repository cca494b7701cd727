"""What is built is the same bytes in any folder: no file that is installed names the folder that it was built in, and plugins that are built twice,
in folders of other names and depths, with and without a compiler's cache, are the same.

usage: same_bytes_test.py TOP BUILD
"""
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

top, build = (Path(argument).resolve() for argument in sys.argv[1:])
PLUGINS = ("limit", "csv")
PARTS = ("CMakeLists.txt", "CMakePresets.json", "cmake", "sdk", "host", "plugins", "examples", "docs", "packaging", "scripts", "tests", "README.md",
         "CHANGELOG.md", "SECURITY.md", "LICENSE")


def must(condition, otherwise):
    if not condition:
        raise SystemExit(otherwise)


def run(*command, cwd=None):
    done = subprocess.run([str(word) for word in command], text=True, stdin=subprocess.DEVNULL, capture_output=True, cwd=cwd)
    must(done.returncode == 0, f"{' '.join(map(str, command))}: expected exit 0, found {done.returncode}: {done.stdout[-1500:]}{done.stderr[-1500:]}")


def names_a_place(file):
    data = file.read_bytes()
    return [place for place in (str(top), str(build)) if place.encode() in data]


def built(folder, build_folder, cached):
    """The digests of plugins that are built of a copy of the sources in a folder."""
    folder.mkdir(parents=True)
    for part in PARTS:
        if (top / part).is_dir():
            shutil.copytree(top / part, folder / part, symlinks=True)
        elif (top / part).exists():
            shutil.copy(top / part, folder / part)
    more = [] if cached else ["-DWEIR_CCACHE=WEIR_CCACHE-NOTFOUND"]
    run("cmake", "--preset", "release", "-B", build_folder, "-DWEIR_TESTS=OFF", *more, cwd=folder)
    run("cmake", "--build", build_folder, "--target", *(f"plugin_{name}" for name in PLUGINS))
    return {name: hashlib.sha256((build_folder / f"lib/weir/plugins/{name}.so").read_bytes()).hexdigest() for name in PLUGINS}


with tempfile.TemporaryDirectory(prefix="weir-same-bytes-") as name:
    base = Path(name).resolve()
    run("cmake", "--install", build, "--prefix", base / "tree")
    files = [path for path in (base / "tree").rglob("*") if path.is_file() and not path.is_symlink()]
    must(len(files) > 100, f"expected an installation, found {len(files)} files")
    named = {str(path.relative_to(base / "tree")): places for path in files if (places := names_a_place(path))}
    must(not named, f"expected no file to name where it was built, found {named}")
    shutil.rmtree(base / "tree")
    first = built(base / "one", base / "one/build/release", os.environ.get("CCACHE_DISABLE") is None)
    second = built(base / "another name/deeper", base / "build", False)
    must(first == second, f"expected the same bytes from any folder, found {first} and {second}")
