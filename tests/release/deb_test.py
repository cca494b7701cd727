"""Debian's package by cpack: what it says of itself, that what it needs is told, and that its files run where they are.

usage: deb_test.py TOP BUILD
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

top, build = (Path(argument).resolve() for argument in sys.argv[1:])
sys.path.insert(0, str(top / "scripts"))
from elf_needs import elf_files, numbers, promised, run_path  # noqa: E402


def must(condition, otherwise):
    if not condition:
        raise SystemExit(otherwise)


def run(*command, cwd=None, **more):
    done = subprocess.run([str(word) for word in command], text=True, stdin=subprocess.DEVNULL, capture_output=True, cwd=cwd,
                          env={**os.environ, "LC_ALL": "C.UTF-8", **more})
    must(done.returncode == 0, f"{command[0]}: expected exit 0, found {done.returncode}: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout


def check_fields(package):
    told = run("dpkg-deb", "-f", package, "Package", "Section", "Depends", "Description")
    depends = re.search(r"^Depends: (.*)$", told, re.M)[1].split(", ")
    names = {entry.split(" ")[0] for entry in depends}
    wanted = {"libc6", "libstdc++6", "libyaml-cpp0.7", "libsqlite3-0", "tzdata"}
    must("Package: weir\n" in told and wanted <= names, f"expected to depend on {wanted}, found {told}")
    libc = next(re.search(r">= ([\d.]+)", entry)[1] for entry in depends if entry.startswith("libc6 "))
    limit = promised(top / "packaging/promise.txt")["GLIBC"]
    must(numbers(libc) <= numbers(limit), f"expected to need glibc {limit} at most, found {libc}")


def check_owners(package):
    for line in run("dpkg-deb", "-c", package).splitlines():
        mode, owner, *_, name = line.split(maxsplit=5)
        kept = mode[0] == "l" or (mode[5], mode[8]) == ("-", "-")
        must(owner == "root/root" and kept, f"{name}: expected a file that root alone writes, found {line}")


def check_files(root):
    wanted = ["bin/weir", "lib/weir/plugins/csv.so", "share/man/man1/weir.1.gz", "share/doc/weir/copyright", "share/doc/weir/changelog.gz"]
    missing = [name for name in wanted if not (root / "usr" / name).is_file()]
    must(not missing, f"expected also {missing}")
    files = elf_files([root])
    paths = {str(file): run_path(file) for file in files if run_path(file)}
    must(len(files) > 20 and not paths, f"expected the system's places of libraries alone, found {paths}")


def check_runs(root, folder):
    out = folder / "out"
    out.mkdir()
    told = run(root / "usr/bin/weir", "run", root / "usr/share/weir/examples/01_first_run/manifest.yaml", cwd=out, WEIR_OUT=str(out),
               XDG_STATE_HOME=str(out), HOME="")
    must((out / "strikes.db").stat().st_size > 0, f"expected the example to run, found {told}")


with tempfile.TemporaryDirectory(prefix="weir-deb-") as name:
    base = Path(name).resolve()
    run("cpack", "-G", "DEB", "-B", base / "made", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip", cwd=build)
    made = next((base / "made").glob("weir_*.deb"))
    check_fields(made)
    check_owners(made)
    run("dpkg-deb", "-x", made, base / "root")
    check_files(base / "root")
    check_runs(base / "root", base)
