#!/usr/bin/env python3
"""Makes docs/reference/commands.md from the manual page that weir writes of itself, which comes from the definitions behind --help.

usage: command_reference.py WEIR [--check]    --check changes nothing, and fails if the page is not what it would make
"""
import re, subprocess, sys
from pathlib import Path

ESCAPES = {"\\-": "-", "\\(aq": "'", "\\(ga": "`", "\\(ha": "^", "\\(ti": "~", "\\&": "", "\\e": "\\"}


def plain(text):
    return re.sub(r"\\(?:-|\(\w\w|&|e)", lambda match: ESCAPES[match[0]], text)


def styled(text):
    """A head or a synopsis: what is bold or in italics is code, all of it together."""
    return "`" + plain(re.sub(r"\\f[BIR]", "", text)) + "`"


def prose(text):
    return re.sub(r"([*_<|])", r"\\\1", plain(text))


def markdown(manual):
    text = "# The command line\n\nWhat `weir --help` and `man weir` tell. This page is made from `weir manual` by `scripts/command_reference.py`.\n"
    lines = iter(line for line in manual.splitlines() if not line.startswith((".\\\"", ".TH")))
    for line in lines:
        if line.startswith(".SH "):
            text += f"\n## {line[4:].capitalize()}\n\n"
        elif line.startswith(".SS "):
            text += f"\n### {plain(line[4:])}\n\n{styled(next(lines))}\n\n"
        elif line == ".TP":
            head = next(lines)
            text += f"- {styled(head)}: {prose(next(lines))}\n"
        elif line != ".PP":
            text += (styled(line) if "\\f" in line else prose(line)) + "\n"
    return re.sub(r"(?m)^((?!- |#).+)\n(?=- )", r"\1\n\n", re.sub(r"\n{3,}", "\n\n", text))


def main():
    weir = next(word for word in sys.argv[1:] if word != "--check")
    made = markdown(subprocess.run([weir, "manual"], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout)
    target = Path(__file__).resolve().parent.parent / "docs/reference/commands.md"
    if "--check" not in sys.argv[1:]:
        target.write_text(made, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != made:
        sys.exit("docs/reference/commands.md: expected what scripts/command_reference.py makes of this weir; run it")


main()
