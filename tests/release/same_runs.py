"""Two builds of weir, of which an emulator runs the second, come to the same: versions, digests of rows, counts, tables and files.

usage: same_runs.py --here BUILD --there BUILD --emulator COMMAND
"""
import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
TOKENS = "_weir_tokens"  # the table that says which run wrote
TYPES = {"price": "decimal(10,2)", "note": "string"}


def orders(count):
    """Rows of every type that CSV has, with empty cells, letters beyond ASCII, and numbers that round."""
    lines = ["id,name,at,day,price,weight,paid,note"]
    lines += [f"{i},{'' if i % 11 == 0 else f'Zoë {i % 97}'},2026-01-{i % 28 + 1:02}T10:00:00.{i % 1000:03}Z,2026-02-{i % 28 + 1:02},"
              f"{i}.{i % 100:02},{i / 7 + 0.1},{'true' if i % 2 else 'false'},{'007' if i % 5 else ''}" for i in range(count)]
    return "\n".join(lines) + "\n"


def manifests(folder):
    """(name, manifest) of each run; what they write goes to ${env:WEIR_OUT}."""
    (folder / "orders.csv").write_text(orders(20000), encoding="utf-8")
    made = {"weir": 1, "name": "orders", "extract": {"use": "file", "path": str(folder / "orders.csv"), "format": {"use": "csv", "types": TYPES}},
            "load": {"use": "sqlite", "database": "${env:WEIR_OUT}/orders.db", "table": "orders", "mode": "replace"}}
    (folder / "orders.json").write_text(json.dumps(made), encoding="utf-8")
    made["name"], made["load"] = "copy", {"use": "file", "path": "${env:WEIR_OUT}/copy.csv"}
    (folder / "copy.json").write_text(json.dumps(made), encoding="utf-8")
    return [("CSV into SQLite", folder / "orders.json"), ("CSV into CSV", folder / "copy.json"), ("examples/01_first_run", TOP / "examples/01_first_run/manifest.yaml")]


def weir(command, out, *words):
    """What a command answers, as JSON."""
    env = {**os.environ, "WEIR_OUT": str(out), "HOME": str(out), "XDG_STATE_HOME": str(out / "state"), "XDG_CACHE_HOME": str(out / "cache")}
    env.pop("WEIR_PLUGIN_PATH", None)
    done = subprocess.run([*command, *words, "--output", "json"], text=True, capture_output=True, env=env, stdin=subprocess.DEVNULL, cwd=out)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} {' '.join(words)}: expected exit 0, found {done.returncode}: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    return json.loads(done.stdout)


def check_doctor(command, out):
    """Nothing that doctor finds is a problem, and each plugin loads."""
    out.mkdir()
    findings = weir(command, out, "doctor")["findings"]
    plugins = [one for one in findings if one["subject"].startswith("plugin ")]
    wrong = [one for one in findings if one["verdict"] == "problem"] + [one for one in plugins if one["verdict"] != "ok"]
    if wrong or not plugins:
        sys.exit(f"doctor: expected plugins that load and no problem, found {wrong or findings}")
    print(f"doctor: no problem, {len(plugins)} plugins load")


def outcome(command, manifest, out):
    """What a run came to, and what it left, without its id and its times."""
    out.mkdir()
    links = weir(command, out, "run", "--fresh", str(manifest))["ledger"]["links"]
    told = [{key: link.get(key) for key in ("link", "in", "out", "bytes", "digest") if key in link} for link in links]
    tables = {file.name: [line for line in sqlite3.connect(file).iterdump() if TOKENS not in line] for file in sorted(out.glob("*.db"))}
    files = {file.name: file.read_bytes() for file in sorted([*out.glob("*.ndjson"), *out.glob("*.csv")])}
    return told, tables, files


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for flag in ("--here", "--there"):
        parser.add_argument(flag, required=True, type=Path)
    parser.add_argument("--emulator", required=True)
    arguments = parser.parse_args()
    here, there = [str(arguments.here.resolve() / "bin/weir")], [*arguments.emulator.split(), str(arguments.there.resolve() / "bin/weir")]
    with tempfile.TemporaryDirectory(prefix="weir-same-") as name:
        folder = Path(name)
        versions = [weir(command, folder, "version") for command in (here, there)]
        if versions[0] != versions[1]:
            sys.exit(f"version: expected the same on both, found {versions}")
        print(f"version: the same, {versions[0]}")
        check_doctor(there, folder / "doctor")
        for number, (what, manifest) in enumerate(manifests(folder)):
            first = outcome(here, manifest, folder / f"here-{number}")
            second = outcome(there, manifest, folder / f"there-{number}")
            digests = [link["digest"] for link in first[0] if link.get("digest")]
            if not digests or not any([*first[1].values(), *first[2].values()]):
                sys.exit(f"{what}: expected digests and a table or a file, found {first[0]}")
            if first != second:
                sys.exit(f"{what}: expected the same on both, found\n{first[0]}\nand\n{second[0]}")
            print(f"{what}: the same, digest {digests[-1]}")


if __name__ == "__main__":
    main()
