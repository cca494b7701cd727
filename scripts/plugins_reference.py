#!/usr/bin/env python3
"""Makes docs/reference/plugins.md from what `weir plugin inspect` tells of the plugins that come with weir: the text in their files.

usage: plugins_reference.py WEIR [--check]    --check changes nothing, and fails if the page is not what it would make
"""
import json, subprocess, sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
TARGET = TOP / "docs/reference/plugins.md"
HEAD = "| option | type | default | what it does | examples |\n|---|---|---|---|---|\n"


def code(text):
    return f"`{text}`"


def as_json(value):
    return json.dumps(value, ensure_ascii=False)


def cell(text):
    return " ".join(str(text).split()).replace("|", "\\|")


def row(option):
    default = "required" if option["required"] else code(as_json(option["default"])) if "default" in option else ""
    examples = ", ".join(code(as_json(example)) for example in option["examples"])
    cells = (code(option["option"]), option["type"], default, option["description"], examples)
    return "| " + " | ".join(cell(one) for one in cells) + " |\n"


def inspected(weir, name):
    """What weir tells of a plugin that was built beside it."""
    file = Path(weir).resolve().parent.parent / f"lib/weir/plugins/{name}.so"
    told = subprocess.run([weir, "--output", "json", "plugin", "inspect", file], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if told.returncode:
        sys.exit(f"{file}: expected a plugin that was built, found: {told.stderr or told.stdout}")
    return json.loads(told.stdout)


def section(folder, plugin):
    text = (f"\n## {plugin['name']}\n\n{plugin['summary']}. Version {plugin['version']}, licence {plugin['license']}, "
            f"[its page](../../plugins/{folder}).\n")
    for component in plugin["components"]:
        text += f"\n### {component['kind']} `{component['name']}`\n\n{component['summary']}\n"
        if component.get("description"):
            text += f"\n{component['description']}\n"
        table = "".join(map(row, component["options"]))
        text += "\n" + (HEAD + table if table else "It has no options.\n")
    return text


def page(weir):
    text = ("# Plugins\n\nThe plugins that come with weir, their components and options. This page is made from what "
            "`weir plugin inspect` tells of their files by `scripts/plugins_reference.py`; "
            "[manifest](manifest.md) tells which component may stand where.\n")
    for source in sorted((TOP / "plugins").glob("*/schema.json")):
        text += section(source.parent.name, inspected(weir, source.parent.name))
    return text


def main():
    weir = next(word for word in sys.argv[1:] if word != "--check")
    made = page(weir)
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(made, encoding="utf-8")
    elif not TARGET.exists() or TARGET.read_text(encoding="utf-8") != made:
        sys.exit("docs/reference/plugins.md: expected what scripts/plugins_reference.py makes of these plugins; run it")


main()
