"""Every option of every plugin has a description and an example: docs, `weir describe` and editors live on them."""
import json
from pathlib import Path


def problems(root):
    found = []
    for path in sorted(Path(root).glob("plugins/*/schema.json")):
        name = path.relative_to(root)
        for component, about in json.loads(path.read_text(encoding="utf-8"))["components"].items():
            found += [f"{name}: {place}: expected {what}, found none"
                      for place, what in lacking(about["schema"], f"/components/{component}/schema")]
    return found


def lacking(schema, place):
    for option, about in schema.get("properties", {}).items():
        here = f"{place}/properties/{option}"
        if not about.get("description"):
            yield here, "a description"
        if not about.get("examples"):
            yield here, "examples"
        yield from lacking(about, here)
        for inner in ("items", "additionalProperties"):
            if isinstance(about.get(inner), dict):
                yield from lacking(about[inner], f"{here}/{inner}")
