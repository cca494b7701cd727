"""Every error code of the host has its text in docs/errors.md, and every text a code."""
import re
from pathlib import Path

from tree import sources

# A code is a text "family.name" in the sources. Its family is one that the page knows, or it stands where errors are made.
LITERAL = re.compile(r'"([a-z_]+\.[a-z_]+)"')
MAKERS = re.compile(r'\b(?:make_error|manifest_error|plugin_refused|plugin_fault|misbehaviour|code)\b[^;]{0,200}?$', re.S)
EVENTS = re.compile(r'\b(?:debug|info|warning|error)\($|event = $')  # of the log: names of another kind
FILES = re.compile(r"\.(?:so|db|yaml|yml|json|csv|txt|md|sh|lock|html|toml)$")
STATUS = re.compile(r"^\s*WEIR_([A-Z_]+)\s*=\s*(\d+)", re.M)
KINDS_OF_TYPE = {"arrow.json"}


def found_codes(root, families):
    """Yields (code, file:line) of the host's sources."""
    for path in sources(root, "host"):
        if path.name.endswith("_test.cpp") or path.name.startswith("fake_"):
            continue
        if path.is_relative_to(Path(root, "host/events")):  # names of another kind
            continue
        text = re.sub(r"//[^\n]*", "", path.read_text(encoding="utf-8"))
        for match in LITERAL.finditer(text):
            before, code = text[max(0, match.start() - 300):match.start()], match[1]
            if EVENTS.search(before) or FILES.search(code) or code in KINDS_OF_TYPE:
                continue
            if code.split(".")[0] in families or MAKERS.search(before):
                yield code, f"{path.relative_to(root)}:{text.count(chr(10), 0, match.start()) + 1}"


def status_codes(root):
    """What the host makes of a plugin's status: plugin.not_found, …"""
    header = Path(root, "sdk/include/weir/weir.h").read_text(encoding="utf-8")
    statuses = re.search(r"typedef int32_t weir_status;.*?enum[^{]*\{(.*?)\}", header, re.S)
    names = STATUS.findall(statuses[1]) if statuses else []
    return {f"plugin.{name.lower()}" for name, number in names if number != "0"}


def problems(root):
    page = Path(root, "docs/errors.md").read_text(encoding="utf-8")
    told = re.findall(r"^## (\S+)$", page, re.M)
    families = {code.split(".")[0] for code in told}
    found = [f"docs/errors.md: expected its codes in order and once each, found {b} after {a}"
             for a, b in zip(told, told[1:]) if a >= b]
    used = dict.fromkeys(status_codes(root), "sdk/include/weir/weir.h")
    used.update(found_codes(root, families))
    found += [f"{place}: expected a section '## {code}' in docs/errors.md (meaning, Causes:, Cure:), found none"
              for code, place in sorted(used.items()) if code not in told]
    found += [f"docs/errors.md: expected a code of the sources, found '{code}', which nothing tells"
              for code in told if code not in used]
    return found
