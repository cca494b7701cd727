#!/usr/bin/env -S python3 -B
"""check.py NAME ROOT [BUILD]: runs one checker over the repository, prints what it finds, and fails if that is anything."""
import importlib
import sys

name, *places = sys.argv[1:]
found = importlib.import_module(name).problems(*places)
print(*found, f"{name}: {len(found)} problems", sep="\n")
sys.exit(bool(found))
