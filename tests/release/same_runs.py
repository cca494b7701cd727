"""Two builds of weir, of which an emulator runs the second, come to the same: digests of rows, counts, tables and files.

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
    return [("CSV into SQLite", folder / "orders.json"), ("examples/01_first_run", TOP / "examples/01_first_run/manifest.yaml")]


def outcome(command, manifest, out):
    """What a run came to, and what it left, without its id and its times."""
    out.mkdir()
    env = {**os.environ, "WEIR_OUT": str(out), "HOME": str(out), "XDG_STATE_HOME": str(out / "state"), "XDG_CACHE_HOME": str(out / "cache")}
    env.pop("WEIR_PLUGIN_PATH", None)
    done = subprocess.run([*command, "run", "--fresh", "--output", "json", str(manifest)], text=True, capture_output=True, env=env,
                          stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} run {manifest}: expected exit 0, found {done.returncode}: {done.stderr[-1500:]}")
    links = json.loads(done.stdout)["ledger"]["links"]
    told = [{key: link.get(key) for key in ("link", "in", "out", "bytes", "digest") if key in link} for link in links]
    tables = {file.name: [line for line in sqlite3.connect(file).iterdump() if TOKENS not in line] for file in sorted(out.glob("*.db"))}
    files = {file.name: file.read_bytes() for file in sorted(out.glob("*.ndjson"))}
    return told, tables, files


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for flag in ("--here", "--there"):
        parser.add_argument(flag, required=True, type=Path)
    parser.add_argument("--emulator", required=True)
    arguments = parser.parse_args()
    here, there = [str(arguments.here / "bin/weir")], [*arguments.emulator.split(), str(arguments.there / "bin/weir")]
    with tempfile.TemporaryDirectory(prefix="weir-same-") as name:
        folder = Path(name)
        for number, (what, manifest) in enumerate(manifests(folder)):
            first = outcome(here, manifest, folder / f"here-{number}")
            second = outcome(there, manifest, folder / f"there-{number}")
            digests = [link["digest"] for link in first[0] if link.get("digest")]
            if not digests or not any(first[1].values()):
                sys.exit(f"{what}: expected digests and a table, found {first[0]}")
            if first != second:
                sys.exit(f"{what}: expected the same on both, found\n{first[0]}\nand\n{second[0]}")
            print(f"{what}: the same, digest {digests[-1]}")


if __name__ == "__main__":
    main()
