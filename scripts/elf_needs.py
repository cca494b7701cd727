"""What ELF files need: libraries, and versions of the C and C++ libraries. Reads them by binutils' readelf.

usage: elf_needs.py [--promise FILE] FILE-OR-FOLDER…

Prints the newest version that is needed of each library which has versions in packaging/promise.txt, and by which file; with --promise
it ends with 1 and names the files if one needs more than the promise.
"""
import argparse
import re
import subprocess
import sys
from pathlib import Path

PROMISE = Path(__file__).resolve().parents[1] / "packaging/promise.txt"


def elf_files(places):
    """The ELF files at or below the places, each once, in order; links are not followed."""
    found = []
    for place in map(Path, places):
        files = [place] if place.is_file() else sorted(place.rglob("*"))
        found += [file for file in files if file.is_file() and (file == place or not file.is_symlink()) and is_elf(file)]
    return found


def is_elf(file):
    with file.open("rb") as opened:
        return opened.read(4) == b"\x7fELF"


def readelf(flag, file):
    return subprocess.run(["readelf", flag, "--wide", str(file)], check=True, capture_output=True, text=True,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}).stdout


def needed_libraries(file):
    return re.findall(r"\(NEEDED\).*\[(.+)\]", readelf("--dynamic", file))


def run_path(file):
    return next(iter(re.findall(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", readelf("--dynamic", file))), "")


def machine(file):
    return re.search(r"Machine:\s+(.+)", readelf("--file-header", file))[1].strip()


def needed_versions(file):
    """{"GLIBC": "2.34", …}: of each library the newest that is needed."""
    sections = readelf("--version-info", file).split("Version needs section")[1:]
    newest = {}
    for name, version in re.findall(r"Name: (\w+?)_(\d[\d.]*)\s", "".join(sections)):
        newest[name] = max(newest.get(name, version), version, key=numbers)
    return newest


def numbers(version):
    return [int(part) for part in version.split(".")]


def promised(file):
    lines = [line.split("#")[0].split() for line in Path(file).read_text(encoding="utf-8").splitlines()]
    return {words[0]: words[1] for words in lines if words}


def newest_needs(files, names):
    """{name: (version, file)} over all files, for the names given."""
    newest = {}
    for file in files:
        for name, version in needed_versions(file).items():
            if name in names and (name not in newest or numbers(version) > numbers(newest[name][0])):
                newest[name] = (version, file)
    return newest


def broken_promises(files, promise):
    return [f"{file}: expected to need {name}_{promise[name]} at most, found {name}_{version}"
            for file in files for name, version in sorted(needed_versions(file).items())
            if name in promise and numbers(version) > numbers(promise[name])]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--promise", default=PROMISE, type=Path)
    parser.add_argument("places", nargs="+", type=Path)
    arguments = parser.parse_args()
    promise, files = promised(arguments.promise), elf_files(arguments.places)
    if not files:
        sys.exit(f"error: {arguments.places[0]}: expected ELF files, found none")
    for name, (version, file) in sorted(newest_needs(files, promise).items()):
        print(f"{name} {version} (promised: {promise[name]}), for {file.name}")
    broken = broken_promises(files, promise)
    if broken:
        sys.exit("\n".join(broken))


if __name__ == "__main__":
    main()
