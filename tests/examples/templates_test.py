#!/usr/bin/env python3
"""Examples that are what `weir plugin new` begins, under another name, stay so: whoever mends the one mends the other.

usage: templates_test.py TOP
"""
import re
import sys
from pathlib import Path

# Kind of the template: its example, and the plugin's name there. The others do more than their templates.
SAME = {"format": ("plugin_cpp_format/lines.cpp", "lines"), "storage": ("plugin_cpp_storage/inline.cpp", "inline"),
        "codec": ("plugin_cpp_codec/hex.cpp", "hex")}


def code(text):
    """What stands there, wherever its lines break."""
    return re.sub(r"\s*([(){};,])\s*", r"\1", " ".join(text.split()))


def difference(template, example, name):
    """Where the two part, or nothing."""
    wanted, found = code(template.read_text(encoding="utf-8").replace("{{name}}", name)), code(example.read_text(encoding="utf-8"))
    at = next((i for i, (one, other) in enumerate(zip(wanted, found)) if one != other), min(len(wanted), len(found)))
    if wanted == found:
        return []
    return [f"{example}: expected what stands in {template}, {wanted[at - 20:at + 60]!r}, found {found[at - 20:at + 60]!r}"]


def main(top):
    wrong = [problem for kind, (example, name) in SAME.items()
             for problem in difference(top / "sdk/templates/cpp" / kind / "NAME.cpp", top / "examples" / example, name)]
    # One that has no difference to tell would never tell one.
    kind, (example, name) = next(iter(SAME.items()))
    if not difference(top / "sdk/templates/cpp" / kind / "NAME.cpp", top / "examples" / example, name + "x"):
        wrong.append("expected another name to be told as a difference, found none")
    print("\n".join(wrong) or f"{len(SAME)} examples are what their templates make")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
