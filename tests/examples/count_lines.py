"""Counts the code of the SDK's examples: a plugin that is useful is short, or the SDK is at fault.

The rule: a line counts unless it is blank or holds nothing but a comment; none has more than 120 characters. schema.json and
CMakeLists.txt are not code.
"""
import re
import sys
from pathlib import Path

LIMITS = {"plugin_c/stars.c": 81, "plugin_cpp_transformer/trim.cpp": 40, "plugin_cpp_extractor/calendar.cpp": 80,
          "plugin_cpp_codec/hex.cpp": 60, "plugin_cpp_format/lines.cpp": 80, "plugin_cpp_loader/tally.cpp": 95,
          "plugin_cpp_storage/inline.cpp": 64}


def code_lines(text):
    text = re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", "", found[0]), text, flags=re.S)
    return sum(bool(line.strip()) and not line.strip().startswith("//") for line in text.split("\n"))


def main(folder):
    assert code_lines("a;\n\n// b\n/* c\n d */\n/* e */ f;\n") == 2
    found = {path.relative_to(folder).as_posix() for kind in ("c", "cpp") for path in folder.glob(f"plugin_*/*.{kind}")}
    problems = [f"{name}: expected to be listed in tests/examples/count_lines.py" for name in sorted(found - set(LIMITS))]
    for name, limit in LIMITS.items():
        text = (folder / name).read_text(encoding="utf-8")
        lines = code_lines(text)
        print(f"{name}: {lines} lines, under {limit}")
        if lines >= limit:
            problems.append(f"{name}: expected fewer than {limit} lines of code, found {lines}")
        problems += [f"{name}:{number}: expected at most 120 characters, found {len(line)}"
                     for number, line in enumerate(text.split("\n"), 1) if len(line) > 120]
    sys.exit("\n".join(problems) or 0)


main(Path(sys.argv[1]))
