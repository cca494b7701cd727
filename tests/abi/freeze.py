#!/usr/bin/env -S python3 -B
"""Freezes the ABI as it stands into tests/abi/PREVIEW-N: headers, the SDK, sources and binaries of plugins in four languages.

A frozen folder is never changed: what old binaries were built against, and the binaries. docs/abi-policy.md says when one is made.
usage: freeze.py BUILD WEIR [--machine]    BUILD: where cmake configured, WEIR: a program that runs, to see the binaries described by it;
                                           --machine adds binaries for this machine to the newest folder
CARGO and GO in the environment name the compilers; without them those of the path are taken.
"""
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "bindings"))
import frozen  # noqa: E402
from languages import Languages, must  # noqa: E402

# Small, useful, each with a manifest; every kind that the host runs.
PLUGINS = ("plugin_c", "plugin_cpp_codec", "plugin_cpp_format", "plugin_cpp_loader", "plugin_cpp_storage", "third_party/access_log",
           "third_party/checksum", "third_party/geoip", "third_party/units")
README = """# The plugin ABI {version}, as it was

Made by `tests/abi/freeze.py` and never changed since: `tests/abi/compare.py` holds today's headers against these, `tests/abi/frozen_test.py`
runs the binaries with today's host. `SHA256SUMS` has what may not change; manifests, their data and what they are expected to give may follow
the host's manifest language.

| what | is |
|---|---|
| `include/` | the promised headers: weir.h and ext/, without drafts |
| `{sdk}` | the whole SDK, to build the sources on another machine: headers, CMake files, the crate, the Go package |
| `sources/` | plugins in C, C++, Rust and Go, each with a manifest and what that gives |
| `{machine}/` | their binaries for that machine, stripped |

Built with {tools}: C and C++ by CMake as Release, Rust by `cargo build --release --offline`, Go by `go build -buildmode=c-shared
-trimpath -ldflags '-s -w'`, then `strip`. Paths of the machine that built them are left out.
"""


def lay_out(folder, prefix):
    """Puts a frozen folder's SDK and sources where an installation has them, and gives the sources."""
    with tarfile.open(folder / frozen.SDK) as archive:
        archive.extractall(prefix)
    sources = prefix / "share/weir/examples"
    shutil.copytree(folder / "sources", sources)
    return [path.parent for path in sorted(sources.rglob("schema.json"))]


def build_by_cmake(languages, source, prefix, out):
    flags = f"-ffile-prefix-map={prefix}=."
    languages.run("cmake", "-S", source, "-B", source / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DBUILD_TESTING=OFF", f"-DCMAKE_PREFIX_PATH={prefix}",
                  f"-DCMAKE_C_FLAGS={flags}", f"-DCMAKE_CXX_FLAGS={flags}", cwd=source)
    languages.run("cmake", "--build", source / "build", cwd=source)
    for binary in (source / "build").rglob("*.so"):
        shutil.copy(binary, out)


def build_by_cargo(languages, source, prefix, out):
    target = source / "target"
    languages.run(languages.cargo, "build", "--release", "--offline", cwd=source, CARGO_TARGET_DIR=str(target),
                  RUSTFLAGS=f"--remap-path-prefix={prefix}=.")
    for binary in (target / "release").glob("*.so"):
        shutil.copy(binary, out)


def build_by_go(languages, source, _prefix, out):
    languages.run(languages.go, "build", "-buildmode=c-shared", "-trimpath", "-ldflags",
                  "-s -w -extldflags=-Wl,--version-script=plugin.map", "-o", out / f"{source.name}.so", ".", cwd=source)


def build(folder, out, scratch, only=""):
    """Builds the frozen sources against the frozen SDK into `out`; `only` begins the names of those that are wanted."""
    languages = Languages(Path(scratch, "kept"), scratch)
    prefix = Path(scratch, "weir")
    out.mkdir(parents=True)
    for source in lay_out(folder, prefix):
        if not source.name.startswith(only):
            continue
        builder = build_by_cargo if (source / "Cargo.toml").exists() else build_by_go if (source / "go.mod").exists() else build_by_cmake
        before = set(out.iterdir())
        builder(languages, source, prefix, out)
        made = set(out.iterdir()) - before
        must(len(made) == 1, f"{source.name}: expected one binary, found {sorted(path.name for path in made)}")
        subprocess.run(["strip", *made], check=True)
        shutil.rmtree(source)


def copy_sdk(build_folder, folder, scratch):
    """The SDK as it is installed, without templates, as one file; the promised headers beside it."""
    prefix = Path(scratch, "installed")
    subprocess.run(["cmake", f"-DCMAKE_INSTALL_PREFIX={prefix}", "-P", Path(build_folder, "sdk/cmake_install.cmake")], check=True, capture_output=True)
    shutil.rmtree(prefix / "share/weir/sdk/templates")
    with tarfile.open(folder / frozen.SDK, "w:xz") as archive:
        for path in sorted(prefix.rglob("*")):
            if path.is_file():
                fact = archive.gettarinfo(path, path.relative_to(prefix).as_posix())
                fact.uid = fact.gid = fact.mtime = 0
                fact.uname = fact.gname = ""
                with open(path, "rb") as content:
                    archive.addfile(fact, content)
    for header in frozen.headers(prefix / "include"):
        place = folder / "include" / header.relative_to(prefix / "include")
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(header, place)


def tools(languages):
    told = [languages.run(*command, cwd=".").split("\n")[0] for command in
            (("gcc", "--version"), (languages.cargo, "--version"), (languages.go, "version"))]
    return ", ".join(told)


def freeze(build_folder, folder, scratch):
    must(not folder.exists(), f"{folder.name}: expected no such folder yet: what is frozen stays")
    folder.mkdir()
    copy_sdk(build_folder, folder, scratch)
    examples = frozen.ROOT / "examples"
    for name in PLUGINS:
        shutil.copytree(examples / name, folder / "sources" / name, ignore=shutil.ignore_patterns("target", "Cargo.lock", "*.so", "build"))
        # Data of another example.
        for path in re.findall(r"path: \"?\.\./([^\s\",]+)", (examples / name / "manifest.yaml").read_text(encoding="utf-8")):
            for data in examples.glob(path):
                place = folder / "sources" / data.relative_to(examples)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(data, place)


def main(build_folder, weir, only_machine=False):
    for name in ("cargo", "go"):
        os.environ.setdefault(name.upper(), shutil.which(name, path=f"/usr/bin:{os.environ['PATH']}") or name)
    preview, minor = frozen.today()
    folder = frozen.folders()[-1][2] if only_machine else frozen.ROOT / "tests/abi" / frozen.folder_name(preview, minor)
    with tempfile.TemporaryDirectory(prefix="weir-freeze-") as place:
        scratch = Path(place).resolve()
        if not only_machine:
            freeze(build_folder, folder, scratch)
        binaries = folder / frozen.machine()
        build(folder, binaries, scratch)
        readme = README.format(version=f"1.{minor}, preview {preview}", sdk=frozen.SDK, machine=frozen.machine(),
                               tools=tools(Languages(scratch / "kept", scratch)))
    if not only_machine:
        (folder / "README.md").write_text(readme, encoding="utf-8")
    for binary in sorted(binaries.iterdir()):
        told = subprocess.run([weir, "plugin", "inspect", binary], capture_output=True, text=True)
        print(f"{binary.name}: {binary.stat().st_size} bytes" + (f": {told.stderr}" if told.returncode else ""))
    (folder / frozen.SUMS).write_text(frozen.sums(folder), encoding="utf-8")
    print(f"{folder.name}: frozen; tell in docs/abi-changes.md what it is")


if __name__ == "__main__":
    main(*[Path(word) for word in sys.argv[1:3]], only_machine="--machine" in sys.argv)
