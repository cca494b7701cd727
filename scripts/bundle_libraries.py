"""Carries into an installed tree the shared libraries that its files need, so that it runs where they are not installed.

usage: bundle_libraries.py [--sysroot FOLDER] TREE

Which ones is computed: whatever the ELF files of TREE need, and what that needs, save the C library's own and the compiler's
runtime (the packages that Debian makes of `glibc` and `gcc-N`): a process has one C library, the system's, and a plugin that was
built by a newer compiler needs a newer libstdc++ than ours. They come to TREE/lib as they are but for the place where they look
for one another; the licence of each to TREE/share/doc/weir/libraries, with a list of names, packages, versions and digests.

Files are found by the loader's cache and belong to packages as dpkg says; of another machine, in the folder that
scripts/arm64-sysroot.sh made, which says whose they are.
"""
import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from elf_needs import elf_files, machine, needed_libraries, run_path

NOT_CARRIED = re.compile(r"^(glibc|gcc-\d+)$")


def tool(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0:
        sys.exit(f"error: {command[0]}: expected to succeed, found {done.stderr.strip()}")
    return done.stdout


class ThisMachine:
    """The libraries of the machine that this runs on."""

    def __init__(self, of_machine):
        self.machine = of_machine
        self.cache = re.findall(r"^\s+(\S+) \(.*\) => (\S+)$", tool("/sbin/ldconfig", "-p"), re.M)
        self.documents = Path("/usr/share/doc")

    def file(self, name):
        of_name = (Path(path) for known, path in self.cache if known == name)
        return next((path for path in of_name if machine(path) == self.machine), None)

    def owner(self, file):
        """(package, its version, its source)."""
        whole = file.parent.resolve() / file.name
        names = [whole, Path("/") / whole.relative_to("/usr")] if whole.is_relative_to("/usr") else [whole]
        for name in names:
            done = subprocess.run(["dpkg-query", "-S", str(name)], capture_output=True, text=True)
            if done.returncode == 0:
                package = done.stdout.split(": ")[0].split(",")[0]
                told = tool("dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}", package)
                return tuple(told.split("\t"))
        sys.exit(f"error: {file}: expected a file of a Debian package, found none of that name")


class Sysroot:
    """The libraries of another machine, in a folder."""

    def __init__(self, folder):
        self.folder = folder.resolve()
        self.documents = self.folder / "usr/share/doc"
        self.places = [*sorted((self.folder / "usr/lib").glob("*-linux-gnu*")), self.folder / "usr/lib"]
        lines = (self.folder / ".owners").read_text(encoding="utf-8").splitlines()
        self.owners = {path: tuple(told) for path, *told in (line.split("\t") for line in lines)}

    def file(self, name):
        return next((place / name for place in self.places if (place / name).exists()), None)

    def owner(self, file):
        """(package, its version, its source)."""
        path = str(file.relative_to(self.folder))
        return self.owners.get(path) or sys.exit(f"error: {file}: expected a file of a Debian package, found none of that name")


class Tree:
    def __init__(self, folder, system):
        self.folder, self.system, self.carried, self.left = folder, system, {}, set()

    def carry(self, name, needed_by):
        """Puts a library into lib/ and tells its place there; None: it is one that is not carried."""
        found = self.system.file(name)
        if found is None:
            sys.exit(f"error: {needed_by}: expected its library {name} on this machine, found none of that name")
        package, version, source = self.system.owner(found)
        if NOT_CARRIED.match(source):
            self.left.add(name)
            return None
        digest = hashlib.sha256(found.read_bytes()).hexdigest()
        self.carried[name] = (package, version, digest)
        target = self.folder / "lib" / name
        shutil.copyfile(found, target)
        target.chmod(0o644)
        tool("patchelf", "--set-rpath", "$ORIGIN", target)
        return target

    def collect(self):
        files = elf_files([self.folder])
        own = {file.name for file in (self.folder / "lib").iterdir()}
        waiting = list(files)
        while waiting:
            file = waiting.pop()
            for name in needed_libraries(file):
                if name not in own | self.left and name not in self.carried:
                    waiting += filter(None, [self.carry(name, file)])
        for file in files:
            self.lead(file)

    def lead(self, file):
        """A file of ours that needs what is carried looks for it in lib/."""
        if not self.carried.keys() & set(needed_libraries(file)):
            return
        way = os.path.join("$ORIGIN", os.path.relpath(self.folder / "lib", file.parent)).removesuffix("/.")
        ways = run_path(file).split(":")
        if way not in ways:
            tool("patchelf", "--set-rpath", ":".join(filter(None, [*ways, way])), file)

    def tell(self):
        """Writes which they are, and on what terms."""
        place = self.folder / "share/doc/weir/libraries"
        place.mkdir(parents=True)
        lines = ["# library  Debian package  its version  SHA-256 of the package's file"]
        for name, (package, version, digest) in sorted(self.carried.items()):
            lines.append(f"{name} {package} {version} {digest}")
            shutil.copyfile(self.system.documents / package / "copyright", place / f"{package}.copyright")
        (place / "list.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sysroot", type=Path)
    parser.add_argument("tree", type=Path)
    arguments = parser.parse_args()
    folder = arguments.tree.resolve()
    tree = Tree(folder, Sysroot(arguments.sysroot) if arguments.sysroot else ThisMachine(machine(folder / "bin/weir")))
    tree.collect()
    tree.tell()
    print(f"carried: {len(tree.carried)} libraries of {len({package for package, *_ in tree.carried.values()})} packages")


if __name__ == "__main__":
    main()
