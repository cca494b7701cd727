#!/usr/bin/env python3
"""Makes plugins/*/README.md from schema.json: what a plugin is, its components, and a table of their options.

usage: plugin_readme.py [--check]    --check changes nothing, and fails if a page is not what it would make
"""
import json, sys
from pathlib import Path


def kind_of(schema):
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(value, ensure_ascii=False)}`" for value in schema["enum"])
    kind = schema.get("type", "any")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def cell(text):
    return " ".join(str(text).split()).replace("|", "\\|")


def options(schema):
    properties = schema.get("properties", {})
    if not properties:
        return "It has no options.\n"
    lines = ["| option | type | default | what it does | example |", "|---|---|---|---|---|"]
    for name, option in properties.items():
        default = "required" if name in schema.get("required", []) else (
            f"`{json.dumps(option['default'], ensure_ascii=False)}`" if "default" in option else "")
        example = f"`{json.dumps(option['examples'][0], ensure_ascii=False)}`" if option.get("examples") else ""
        lines.append(f"| `{name}` | {cell(kind_of(option))} | {cell(default)} | {cell(option.get('description', ''))} | {cell(example)} |")
    return "\n".join(lines) + "\n"


def page(info):
    text = f"# {info['name']}\n\n{info.get('summary', '')}\n\nVersion {info['version']}, licence {info['license']}. "
    text += "This page is made from `schema.json` by `scripts/plugin_readme.py`.\n"
    for name, component in info["components"].items():
        text += f"\n## {component['kind']} `{name}`\n\n{component['summary']}\n"
        if component.get("description"):
            text += f"\n{component['description']}\n"
        text += "\n" + options(component.get("schema", {}))
    return text


def main():
    check, wrong = "--check" in sys.argv[1:], []
    for source in sorted((Path(__file__).resolve().parent.parent / "plugins").glob("*/schema.json")):
        made, target = page(json.loads(source.read_text(encoding="utf-8"))), source.with_name("README.md")
        if check and (not target.exists() or target.read_text(encoding="utf-8") != made):
            wrong.append(f"{target}: expected what scripts/plugin_readme.py makes; run it")
        elif not check:
            target.write_text(made, encoding="utf-8")
    sys.exit("\n".join(wrong) or 0)


main()
