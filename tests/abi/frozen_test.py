#!/usr/bin/env -S python3 -B
"""Runs what stands frozen with today's host: each plugin's manifest, and the conformance kit on its binary. Those of another preview must be
refused, in words. On a machine that has no frozen binaries the frozen sources are built against the frozen SDK instead.

usage: frozen_test.py WEIR [--build [BEGIN]]    --build builds the sources on any machine, or those whose names begin so
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import freeze  # noqa: E402
import frozen  # noqa: E402


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={**os.environ, "NO_COLOR": "1", **more})
    return done.returncode, done.stdout


def runs(weir, folder, binaries):
    """What is wrong with how today's host runs the plugins of a folder."""
    manifests = sorted((folder / "sources").rglob("manifest.yaml"))
    names = [path.parent.relative_to(folder / "sources").as_posix() for path in manifests]
    commands = [(sys.executable, "-B", frozen.ROOT / "tests/examples/run_examples.py", weir, folder / "sources", name) for name in names]
    commands += [(weir, "plugin", "test", binary) for binary in sorted(binaries.glob("*.so"))]
    # One after the other: the kit's cases have deadlines.
    results = [(command, *run(*command, WEIR_PLUGIN_PATH=str(binaries))) for command in commands]
    return [f"{folder.name}: {' '.join(map(str, command[-3:]))}: exit {code}\n{told}" for command, code, told in results if code != 0]


def refuses(weir, binary, scratch):
    """The host must say no to a manifest that uses this binary, for the preview's sake: whatever else is wrong with it comes later."""
    manifest = Path(scratch, "manifest.yaml")
    manifest.write_text("weir: 1\nname: refused\nextract: { use: generate, rows: 1 }\ntransform: [ { use: stars, column: id } ]\nload: { use: discard }\n")
    code, told = run(weir, "run", manifest, WEIR_PLUGIN_PATH=str(binary.parent), HOME=str(scratch), XDG_STATE_HOME=str(scratch))
    if code == 0 or "code: plugin.foreign_abi" not in told:
        raise SystemExit(f"{binary}: expected the host to refuse it for its preview, found exit {code}:\n{told}")


def main(weir, build=None, root=frozen.ROOT):
    problems = []
    with tempfile.TemporaryDirectory(prefix="weir-frozen-") as place:
        scratch = Path(place).resolve()
        for preview, minor, folder in frozen.folders(root):
            binaries = folder / frozen.machine()
            if build is not None or not binaries.exists():
                binaries = scratch / folder.name / "binaries"
                freeze.build(folder, binaries, scratch / folder.name, build or "")
            if (preview, minor) <= frozen.today(root) and preview == frozen.today(root)[0]:
                problems += runs(weir, folder, binaries) if build is None else conform(weir, binaries)
            else:
                for binary in binaries.glob("stars.so"):
                    refuses(weir, binary, scratch)
    print("\n".join(problems) or "what stands frozen runs")
    return 1 if problems else 0


def conform(weir, binaries):
    found = [run(weir, "plugin", "test", binary) for binary in sorted(binaries.glob("*.so"))]
    return [told for code, told in found if code != 0] if found else [f"{binaries}: expected a binary, found none"]


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--")]
    begin = (words[1] if len(words) > 1 else "") if "--build" in sys.argv else None
    sys.exit(main(Path(words[0]).resolve(), begin))
