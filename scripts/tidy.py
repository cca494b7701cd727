"""clang-19's warnings and clang-tidy over the sources of host/, plugins/ and examples/: scripts/tidy.py BUILD [--seconds N] [FILE…].

BUILD is a build folder of the preset clang. What a source was found clean of is remembered by a digest of all that the
compiler sees of it, its comments included, so that only what changed is looked at again: in $WEIR_TIDY_CACHE, or in the
user's cache, or in BUILD. After N seconds it begins no further source, and tells how many it has not looked at.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIDY = "clang-tidy-19"
FOLDERS = ("host", "plugins", "examples")
COUNTED = re.compile(r"^\d+ warnings? (and \d+ errors? )?(generated|treated as errors?)\.?$")


def cache(build):
    if "WEIR_TIDY_CACHE" in os.environ:
        return pathlib.Path(os.environ["WEIR_TIDY_CACHE"])
    base = os.environ.get("XDG_CACHE_HOME") or (os.path.join(os.environ["HOME"], ".cache") if os.environ.get("HOME") else "")
    return pathlib.Path(base, "weir-tidy") if os.path.isdir(base) else build / "tidy"


def sources(build, wanted):
    """Yields (source, its compile command): those that are no tests, each once."""
    seen = set()
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        source = pathlib.Path(entry["file"])
        if source in seen or not source.is_relative_to(ROOT) or source.is_relative_to(build):
            continue
        name = source.relative_to(ROOT)
        if name.parts[0] in FOLDERS and not name.stem.endswith("_test") and (not wanted or str(name) in wanted):
            seen.add(source)
            yield name, entry


def digest(entry, rules):
    """Of the source with all that it includes, its command and the rules, without the name of this folder; none of a source
    whose includes aren't all there."""
    command = shlex.split(entry["command"])
    command[command.index("-o") + 1] = "-"
    command[command.index("-c")] = "-E"
    read = subprocess.run(command + ["-CC"], cwd=entry["directory"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if read.returncode != 0:
        return None
    seen = hashlib.sha256(rules)
    for part in (read.stdout, " ".join(command).encode()):
        seen.update(part.replace(str(ROOT).encode(), b""))
    return seen.hexdigest()


def look(build, name, entry, rules, clean):
    """Looks at one source; what was found, empty if nothing."""
    seen = digest(entry, rules)
    if seen and (clean / seen).exists():
        return ""
    run = subprocess.run([TIDY, "--quiet", "-p", str(build), str(name)], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, check=False)
    said = "\n".join(line for line in run.stdout.splitlines() if not COUNTED.match(line))
    if run.returncode == 0:
        if seen:
            (clean / seen).touch()
        return ""
    return said or f"{name}: {TIDY} ended with {run.returncode}"


def main():
    words = sys.argv[1:]
    ends = None
    if words[1:2] == ["--seconds"]:
        ends = time.monotonic() + int(words[2])
        del words[1:3]
    build = pathlib.Path(words[0]).resolve()
    clean = cache(build)
    clean.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([TIDY, "--version"], stdout=subprocess.PIPE, check=True).stdout
    rules = version + (ROOT / ".clang-tidy").read_bytes()
    todo = list(sources(build, set(words[1:])))
    if not todo:
        sys.exit(f"{build}: expected compile commands of host, plugins or examples, found none")
    found = passed_over = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for said in pool.map(lambda one: None if ends and time.monotonic() > ends else look(build, *one, rules, clean), todo):
            if said is None:
                passed_over += 1
            elif said:
                found += 1
                print(said, flush=True)
    print(f"{TIDY}: {len(todo) - passed_over} sources, {found} with findings" + (f"; no time for {passed_over}" if passed_over else ""))
    sys.exit(1 if found else 0)


main()
