"""Computes the digests of what an example's run wrote, in Python, as its README says, and compares them with the ledger's.

usage: row_digest.py WEIR EXAMPLE
"""
import json, os, re, shlex, subprocess, sys, tempfile
from pathlib import Path

weir, example = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
checks = re.findall(r"check\.py (orders\..*)", (example / "README.md").read_text(encoding="utf-8"))
assert len(checks) == 2, f"expected two files in README.md, found {checks}"
with tempfile.TemporaryDirectory(prefix="weir-digest-") as scratch:
    environment = {**os.environ, "WEIR_OUT": scratch, **{name: f"{scratch}/home" for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}}
    done = subprocess.run([weir, "run", example / "manifest.yaml", "--output", "json"], capture_output=True, text=True, env=environment,
                          cwd=scratch, check=True, timeout=60)
    digests = [link["digest"] for link in json.loads(done.stdout)["ledger"]["links"] if link["link"].startswith("load")]
    assert len(digests) == 3 and len(set(digests)) == 1, f"expected one digest thrice, found {digests}"
    for words in map(shlex.split, checks):
        found = subprocess.run([sys.executable, "-B", example / "check.py", *words], capture_output=True, text=True, cwd=scratch,
                               check=True, timeout=60).stdout.strip()
        assert found == digests[0], f"{words[0]}: expected {digests[0]}, found {found}"
        print(f"{words[0]}: {found}, as the ledger says")
