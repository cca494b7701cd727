#!/usr/bin/env python3
"""Makes docs/reference/manifest.md from the JSON Schema that weir prints of a manifest, and from the plugins' schema.json.

usage: manifest_reference.py WEIR [--check]    --check changes nothing, and fails if the page is not what it would make
"""
import json, subprocess, sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
HEAD = "| key | type | what it says | example |\n|---|---|---|---|\n"
# Definitions that are a key's value with keys of its own, and what the section is called.
SECTIONS = {"branch": "Of a branch, `branches.NAME`", "checkpoint": "`checkpoint`", "drift": "`drift`", "network": "`network`", "on": "`on`",
            "notice": "Of a notice, `on.EVENT`", "slow_notice": "Of a notice of slow runs, `on.slow`", "limits": "`limits`", "state": "`state`",
            "keep": "`state.keep`", "deadlines": "`deadlines`", "breaker": "`retry.breaker`",
            "retry": "`retry`", "backoff": "`retry.backoff`", "times": "`times`", "test": "Of a test, `tests[]`",
            "requirement": "Of a plugin, `plugins.NAME`",
            "file_provider": "Of a provider of secrets that is a folder, `secrets.NAME`",
            "exec_provider": "Of a provider of secrets that is a program, `secrets.NAME`"}
SPELLINGS = {"count": "a whole number", "duration": "a number and its unit: ns, us, ms, s, m, h, d",
             "size": "a number and its unit: B, kB, MB, GB, TB, KiB, MiB, GiB, TiB", "texts": "a text, or a list of texts",
             "rows": "a list of objects, each with columns and values", "given_file": "an object with `file`",
             "noticed": "a notice, an object, or `off`",
             "rejects": "a list of objects with `row`, `reason`, `column`, `detail`, `link`"}
KINDS = {"extractor": "Extractors, behind `extract.use`", "loader": "Loaders, behind `load.use`",
         "storage": "Storages, behind `extract.use` and `load.use`, with a format", "format": "Formats, behind `format.use`",
         "codec": "Codecs, behind `codec.use`", "transformer": "Transformers, behind `transform[].use`"}


def type_of(schema):
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1].removesuffix(".part")
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return ", ".join(f"`{json.dumps(value)}`" for value in schema["enum"])
    if "anyOf" in schema:
        kinds = [type_of(part) for part in schema["anyOf"] if part != {"$ref": "#/definitions/variable"}]
        return " or ".join(dict.fromkeys(kinds))
    kind = schema.get("type", "any")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    inner = schema.get("items", schema.get("additionalProperties"))
    return f"{kind} of {type_of(inner)}" if isinstance(inner, dict) else kind


def table(properties):
    text = HEAD
    for name, schema in properties.items():
        what = schema.get("description", "")
        what = what or (f"[below](#{name})" if name in SECTIONS else "")
        if "default" in schema:
            what += f" Default: `{json.dumps(schema['default'])}`."
        example = f"`{json.dumps(schema['examples'][0])}`" if schema.get("examples") else ""
        cells = (f"`{name}`", type_of(schema), what, example)
        text += "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
    return text


def composed(definitions, components):
    """What a storage's options are that are the host's: those which the storage itself doesn't have."""
    found = {}
    for kind, direction in (("load", "storage"), ("extract", "storage")):
        for name, (_, component) in components[direction].items():
            own = component.get("schema", {}).get("properties", {})
            for key, schema in definitions.get(f"{kind}.{name}", {}).get("properties", {}).items():
                if key not in own and key not in ("use", "name", "connection"):
                    found.setdefault(key, schema)
    return found


def page(schema):
    definitions, components = schema["definitions"], {kind: {} for kind in KINDS}
    for source in sorted((TOP / "plugins").glob("*/schema.json")):
        for key, component in json.loads(source.read_text(encoding="utf-8"))["components"].items():
            components[component["kind"]][component.get("name", key)] = (source.parent.name, component)
    text = ("# The manifest, key by key\n\nEvery key of a manifest. This page is made from `weir schema` by `scripts/manifest_reference.py`; "
            "[manifests, one step at a time](../manifest.md) explains.\n\n## At the top\n\n" + table(schema["properties"]))
    for name, title in SECTIONS.items():
        if name in definitions:
            text += f"\n## {title}\n\n"
            text += f"{definitions[name]['description']}\n\n" if "description" in definitions[name] else ""
            text += table(definitions[name]["properties"])
    of_all = definitions["extract.file"]["properties"]
    text += "\n## Of every component\n\n" + table({key: of_all[key] for key in ("use", "name", "connection")})
    text += "\n## Of every storage\n\nThe same for all of them.\n\n" + table(composed(definitions, components))
    text += "\n## Spellings\n\n| type | what it is |\n|---|---|\n"
    text += "".join(f"| {name} | {what} |\n" for name, what in SPELLINGS.items() if name in definitions)
    for kind, title in KINDS.items():
        text += f"\n## {title}\n\n| use | what it does | options |\n|---|---|---|\n"
        for name, (folder, component) in sorted(components[kind].items()):
            text += f"| `{name}` | {component['summary']} | [{folder}](../../plugins/{folder}) |\n"
    return text


def main():
    weir = next(word for word in sys.argv[1:] if word != "--check")
    printed = subprocess.run([weir, "schema"], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout
    made, target = page(json.loads(printed)), TOP / "docs/reference/manifest.md"
    if "--check" not in sys.argv[1:]:
        target.write_text(made, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != made:
        sys.exit("docs/reference/manifest.md: expected what scripts/manifest_reference.py makes of this weir; run it")


main()
