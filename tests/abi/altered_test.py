#!/usr/bin/env -S python3 -B
"""Alters copies of what stands frozen, of today's headers and of a binary, and expects compare.py and frozen_test.py to fail on each.

usage: altered_test.py WEIR
"""
import contextlib
import io
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import compare  # noqa: E402
import frozen  # noqa: E402
import frozen_test  # noqa: E402

ONE = "stars"  # of the frozen plugins: the smallest


def copied(scratch, name):
    """A tree with what both look at."""
    root = Path(scratch, name)
    for part in ("sdk/include", "tests/abi/PREVIEW-1"):
        shutil.copytree(frozen.ROOT / part, root / part)
    (root / "docs").mkdir()
    shutil.copy(frozen.ROOT / compare.CHANGES, root / compare.CHANGES)
    return root


def replaced(path, old, new):
    data = path.read_bytes()
    if old not in data:
        raise SystemExit(f"{path}: expected {old!r}, found none")
    path.write_bytes(data.replace(old, new))


def ended(function, *words):
    """(what it returned or left with, what it printed)"""
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        try:
            code = function(*words)
        except SystemExit as left:
            code = left.code
    return code, told.getvalue()


HEADER = "sdk/include/weir/weir.h"
FROZEN = "tests/abi/PREVIEW-1/"
# What is done to a copy, and what compare.py says of it; nothing: it takes it.
COMPARED = {
    "nothing": ([], ""),
    "a frozen header": ([(FROZEN + "include/weir/weir.h", b"int64_t native_code;", b"int32_t native_code;")], "include/weir/weir.h: expected the file that was frozen"),
    "a frozen binary": ([(FROZEN + f"x86-64/{ONE}.so", b'"preview":1', b'"preview":2')], f"x86-64/{ONE}.so: expected the file that was frozen"),
    "today's header": ([(HEADER, b"  int32_t (*cancelled)(const struct weir_host *self);", b"  uint64_t later;\n  int32_t (*cancelled)(const struct weir_host *self);")],
                       "struct weir_host, field cancelled"),
    "today's preview, and nothing frozen": ([(HEADER, b"WEIR_ABI_PREVIEW 1", b"WEIR_ABI_PREVIEW 2")], "run tests/abi/freeze.py"),
}


def compared(scratch):
    wrong = []
    for number, (title, (edits, wanted)) in enumerate(COMPARED.items()):
        root = copied(scratch, f"compared-{number}")
        for name, old, new in edits:
            replaced(root / name, old, new)
        code, told = ended(compare.main, root)
        if code != bool(wanted) or wanted not in told:
            wrong.append(f"{title}: expected exit {int(bool(wanted))} and {wanted!r}, found {code}: {told}")
    return wrong


def one_plugin(scratch, name, folder):
    """A tree whose only frozen plugin is ONE, below tests/abi/FOLDER."""
    root = copied(scratch, name)
    whole, there = root / FROZEN, root / "tests/abi" / folder
    for path in [*whole.glob(f"{frozen.machine()}/*.so"), *whole.glob("sources/*/manifest.yaml"), *whole.glob("sources/*/*/manifest.yaml")]:
        if path.stem != ONE:
            path.unlink()
    if there != whole:
        whole.rename(there)
    return root, there / frozen.machine() / f"{ONE}.so"


def run_today(scratch, weir):
    """What frozen_test.py says of a binary that runs, one that is cut short, and one of another preview."""
    wrong = []
    for number, (title, folder, edit, wanted) in enumerate((
            ("a binary that is as it was", "PREVIEW-1", lambda path: None, 0),
            ("a binary that is cut short", "PREVIEW-1", lambda path: path.write_bytes(path.read_bytes()[:3000]), 1),
            ("a binary of another preview", "PREVIEW-2", lambda path: replaced(path, b'"preview":1', b'"preview":2'), 0),
            ("one of this preview where another is frozen", "PREVIEW-2", lambda path: None, "expected the host to refuse it for its preview"))):
        root, binary = one_plugin(scratch, f"run-{number}", folder)
        edit(binary)
        code, told = ended(frozen_test.main, weir, None, root)
        if code != wanted and (isinstance(wanted, int) or wanted not in str(code)):
            wrong.append(f"{title}: expected {wanted}, found {code}: {told}")
    return wrong


def main(weir):
    with tempfile.TemporaryDirectory(prefix="weir-altered-") as scratch:
        wrong = compared(scratch)
        if frozen.machine() == "x86-64":
            wrong += run_today(scratch, weir)
    print("\n".join(wrong) or "what was altered is told")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
