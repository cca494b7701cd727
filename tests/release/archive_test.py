"""The archive of scripts/release.sh: one folder that is the same bytes twice, has all libraries but the system's, and runs where it is
unpacked, without a home, and without writing into itself.

usage: archive_test.py TOP BUILD
"""
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

top, build = (Path(argument).resolve() for argument in sys.argv[1:])
sys.path.insert(0, str(top / "scripts"))
from elf_needs import elf_files, needed_libraries, run_path  # noqa: E402

# What every system with glibc and programs in C++ has, and what must be the system's own.
OF_THE_SYSTEM = re.compile(r"^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|stdc\+\+|gcc_s))\.so(\.\d+)*$")
EPOCH = 1700000000


def must(condition, otherwise):
    if not condition:
        raise SystemExit(otherwise)


def run(*command, code=0, env=None, cwd=None):
    done = subprocess.run([str(word) for word in command], text=True, stdin=subprocess.DEVNULL, capture_output=True, env=env, cwd=cwd)
    must(done.returncode == code, f"{command[0]}: expected exit {code}, found {done.returncode}: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout


def archive(folder, umask):
    """Makes the archive into a new folder, from an installation of its own."""
    folder.mkdir()
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(EPOCH), "TMPDIR": str(folder.parent)}
    run("bash", "-c", f"umask {umask} && exec scripts/release.sh --built --level 1 --preset {build.name} --to '{folder}'", env=env, cwd=top)
    file = next(folder.glob("weir-*.tar.zst"))
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    must((folder / "SHA256SUMS").read_text() == f"{digest}  {file.name}\n", "expected SHA256SUMS to have the archive's digest")
    return file


def check_members(tar):
    members = tarfile.open(tar).getmembers()
    names = [member.name for member in members]
    must(names == sorted(names, key=lambda name: name.split("/")), "expected the names in order")
    must({name.split("/")[0] for name in names} == {tar.name.removesuffix(".tar")}, f"expected one folder, found {names[:3]}")
    for member in members:
        must((member.uid, member.gid, member.uname, member.gname, member.mtime) == (0, 0, "", "", EPOCH),
             f"{member.name}: expected nobody's file of {EPOCH}, found {member.uid} {member.gid} {member.uname} {member.mtime}")
        must(member.issym() or member.mode & 0o777 in (0o644, 0o755), f"{member.name}: {member.mode:o}")


def contents(folder):
    return {str(path.relative_to(folder)): (path.lstat().st_mtime_ns, path.lstat().st_size) for path in folder.rglob("*")}


def check_libraries(tree):
    """Each library that a file needs is one of the system's, or there where the file looks for it."""
    carried = {line.split()[0] for line in (tree / "share/doc/weir/libraries/list.txt").read_text().splitlines()[1:]}
    must(carried and not [name for name in carried if OF_THE_SYSTEM.match(name)], f"expected none of the system's libraries: {carried}")
    needed = set()
    for file in elf_files([tree]):
        ways = [Path(os.path.normpath(way.replace("$ORIGIN", str(file.parent)))) for way in run_path(file).split(":") if way]
        must(all(way.is_relative_to(tree) for way in ways), f"{file}: expected to look within the tree, found {ways}")
        for name in needed_libraries(file):
            must(OF_THE_SYSTEM.match(name) or [way for way in ways if (way / name).is_file()], f"{file}: expected to find {name} in {ways}")
            needed.add(name)
    must(carried <= needed, f"expected only what is needed, found also {carried - needed}")


def check_runs(tree, folder, env):
    before, out = contents(tree), folder / "out"
    out.mkdir()
    manifest = shutil.copytree(tree / "share/weir/examples/01_first_run", folder / "example") / "manifest.yaml"
    told = run(tree / "bin/weir", "run", manifest, env={**env, "WEIR_OUT": str(out)}, cwd=folder)
    must("balanced" in told or (out / "strikes.db").stat().st_size > 0, f"expected the example to run, found {told}")
    listed = json.loads(run(tree / "bin/weir", "doctor", "--output", "json", env=env, cwd=folder))
    loaded = [item for item in listed["findings"] if item["subject"].startswith("plugin ")]
    wrong = [item for item in loaded if item["verdict"] != "ok"]
    must(len(loaded) > 20 and not wrong, f"expected every plugin to load, found {wrong or len(loaded)}")
    must(contents(tree) == before, f"expected nothing written into the tree, found {contents(tree).items() ^ before.items()}")


def check_order(tree, folder, env):
    """The folders of plugins in the order of docs/platforms.md: each is taken once those before it have none."""
    home, work, named = folder / "home", folder / "work", folder / "named"
    work.mkdir()
    env = {**env, "HOME": str(home), "WEIR_PLUGIN_PATH": str(named)}
    places = [named, work / ".weir/plugins", home / ".local/share/weir/plugins", tree / "lib/weir/plugins"]
    for place in places[:3]:
        place.mkdir(parents=True)
        shutil.copy(tree / "lib/weir/plugins/limit.so", place)
    (work / "m.yaml").write_text("weir: 1\nname: order\nextract: { use: generate, rows: 1, columns: { a: { sequence: {} } } }\n"
                                 "transform: [{ use: limit, rows: 1 }]\nload: { use: discard }\n")
    shown = next(line for line in run(tree / "bin/weir", "doctor", env=env, cwd=work).splitlines() if "plugin folders" in line)
    must([shown.find(str(place)) for place in places] == sorted(shown.find(str(place)) for place in places) and
         str(places[-1]) in shown, f"expected doctor to show {places}, found {shown}")
    for place in places:
        listed = json.loads(run(tree / "bin/weir", "plugin", "list", "--output", "json", env=env, cwd=work))
        taken = [one["path"] for one in listed["plugins"] if one["name"] == "limit" and not one.get("shadowed_by")]
        must(taken == [str(place / "limit.so")], f"expected {place} to be the first, found {taken}")
        if place is not places[-1]:
            shutil.rmtree(place)


with tempfile.TemporaryDirectory(prefix="weir-release-") as name:
    base = Path(name).resolve()
    first, second = archive(base / "first", "022"), archive(base / "second one", "077")
    must(first.read_bytes() == second.read_bytes(), "expected the same bytes twice, found two archives")
    elsewhere = base / "moved here"
    elsewhere.mkdir()
    plain = elsewhere / first.name.removesuffix(".zst")
    run("zstd", "-q", "-d", first, "-o", plain)
    check_members(plain)
    run("tar", "-xf", plain, "-C", elsewhere)
    unpacked = elsewhere / plain.name.removesuffix(".tar")
    bare = {"PATH": "/usr/bin:/bin", "TMPDIR": str(base), "LC_ALL": "C.UTF-8"}
    check_libraries(unpacked)
    check_runs(unpacked, base, bare)
    check_order(unpacked, base, bare)
