"""README's manifest is that of examples/01_first_run, whole, its list of commands is weir's, its links lead somewhere, its packages are
those of packages.txt. What it shows of commands is tried by commands.py.

usage: readme.py TOP WEIR
"""
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

top, weir = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
readme = (top / "README.md").read_text(encoding="utf-8")
example = top / "examples/01_first_run"
blocks = re.findall(r"^```(\w*)[^\n]*\n(.*?)^```", readme, re.S | re.M)
problems = []


def expect(condition, otherwise):
    if not condition:
        problems.append(f"README.md: {otherwise}")


def block(kind, beginning=""):
    return next(text for found, text in blocks if found == kind and text.startswith(beginning))


def run(*arguments, folder=top):
    with tempfile.TemporaryDirectory(prefix="weir-readme-") as home:
        places = {name: home for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
        return subprocess.run([weir, *arguments], cwd=folder, capture_output=True, text=True, timeout=60,
                              env={**os.environ, **places, "NO_COLOR": "1"}, stdin=subprocess.DEVNULL)


def check_example():
    expect(block("yaml") == (example / "manifest.yaml").read_text(encoding="utf-8"), "the manifest is not the example's")


def check_commands():
    shown = {re.match(r"weir (plugin \w+|\w+)", line)[1] for line in block("", "weir run").splitlines()}
    there = set()
    for words in ((), ("plugin",)):
        listed = run(*words, "--help").stdout.split("Subcommands:")[1]
        there |= {" ".join((*words, name)) for name in re.findall(r"^  (\w+)", listed, re.M)}
    there.discard("plugin")
    expect(shown == there, f"it shows the commands {sorted(shown)}, weir has {sorted(there)}")
    for line in block("", "weir run").splitlines():
        command = re.match(r"weir (plugin \w+|\w+)", line)[1]
        options = re.findall(r"--[a-z-]+", run(*command.split(), "--help").stdout)
        for option in re.findall(r"\[(--[a-z-]+)", line):
            expect(option in options, f"weir {command} has no option {option}")


def check_names():
    for target in re.findall(r"\]\(([^)#:]+)\)", readme):
        expect((top / target).exists(), f"the link to {target} leads nowhere")
    lists = (line.strip() for line in (top / "packages.txt").read_text(encoding="utf-8").splitlines())
    for package in (line.split()[0] for line in lists if line and line[0] not in "#["):
        expect(re.search(rf"(?<![\w.+-]){re.escape(package)}(?![\w+-])", readme), f"the package {package} is not named")


check_example()
check_commands()
check_names()
sys.exit("\n".join(problems) or 0)
