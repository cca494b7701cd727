#!/usr/bin/env python3
"""Makes plugins/*/README.md from schema.json: what a plugin is, its components, and a table of their options.

Options within options have rows of their own: `columns.NAME.min` is the option `min` of any member of `columns`.
usage: plugin_readme.py [--check]    --check changes nothing, and fails if a page is not what it would make
"""
import json, sys
from pathlib import Path

HEAD = "| option | type | default | what it does | example |\n|---|---|---|---|---|\n"


def code(value):
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def type_of(schema):
    if "enum" in schema:
        return ", ".join(code(value) for value in schema["enum"])
    kind = schema.get("type", "any")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    inner = schema.get("items", schema.get("additionalProperties"))
    if kind in ("array", "object") and isinstance(inner, dict) and "properties" not in inner:
        kind += f" of {type_of(inner)}"
    if "format" in schema:
        kind += f" ({schema['format']})"
    return kind + range_of(schema)


def range_of(schema):
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None and most is not None:
        return f", {least} to {most}"
    return f", at least {least}" if least is not None else f", at most {most}" if most is not None else ""


def cell(text):
    return " ".join(str(text).split()).replace("|", "\\|")


def rows(schema, path=""):
    """The lines of the table for the options of `schema`, each followed by the options within it."""
    for name, option in schema.get("properties", {}).items():
        required = name in schema.get("required", [])
        default = "required" if required else code(option["default"]) if "default" in option else ""
        example = code(option["examples"][0]) if option.get("examples") else ""
        parts = (f"`{path}{name}`", type_of(option), default, option.get("description", ""), example)
        yield "| " + " | ".join(cell(part) for part in parts) + " |\n"
        yield from rows(option, f"{path}{name}.")
        if isinstance(option.get("additionalProperties"), dict):
            yield from rows(option["additionalProperties"], f"{path}{name}.NAME.")
        if isinstance(option.get("items"), dict):
            yield from rows(option["items"], f"{path}{name}[].")


def page(info):
    text = f"# {info['name']}\n\n{info.get('summary', '')}\n\nVersion {info['version']}, licence {info['license']}. "
    text += "This page is made from `schema.json` by `scripts/plugin_readme.py`.\n"
    for key, component in info["components"].items():
        name = component.get("name", key)
        text += f"\n## {component['kind']} `{name}`\n\n{component['summary']}\n"
        if component.get("description"):
            text += f"\n{component['description']}\n"
        table = "".join(rows(component.get("schema", {})))
        text += "\n" + (HEAD + table if table else "It has no options.\n")
    return text


def pages():
    """Yields each page that is made: its path and its text."""
    top = Path(__file__).resolve().parent.parent
    for source in sorted((top / "plugins").glob("*/schema.json")):
        yield source.with_name("README.md"), page(json.loads(source.read_text(encoding="utf-8")))


def main():
    check, wrong = "--check" in sys.argv[1:], []
    for target, made in pages():
        if check and (not target.exists() or target.read_text(encoding="utf-8") != made):
            wrong.append(f"{target}: expected what scripts/plugin_readme.py makes; run it")
        elif not check:
            target.write_text(made, encoding="utf-8")
    sys.exit("\n".join(wrong) or 0)


main()
