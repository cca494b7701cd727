"""Checks digest.py against vectors.json, or tells the digest of a file that weir wrote.

usage: check.py                            the vectors
       check.py FILE [COLUMN=TYPE]...      of a CSV or NDJSON file; types as below, of what does not look like it
"""
import csv, json, sys
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from digest import EPOCH, digest

UNITS = {"s": 10**6, "m": 10**3, "u": 1, "n": 10**-3}
TYPES = {"int": int, "float": float, "decimal": Decimal, "bool": "true".__eq__, "date": date.fromisoformat,
         "time": time.fromisoformat, "timestamp": datetime.fromisoformat, "hex": bytes.fromhex, "text": str}


def python_value(field, value):
    """A value of a vector, whose type is told by Arrow's format text."""
    form, children = field["format"], field.get("children")
    match form:
        case _ if value is None: return None
        case "f" | "g": return float(value)
        case "z": return bytes.fromhex(value)
        case "tdD": return date.fromordinal(EPOCH.toordinal() + value)
        case "+l": return [python_value(children[0], item) for item in value]
        case "+s": return {child["name"]: python_value(child, value[child["name"]]) for child in children}
        case "+m": return tuple(tuple(map(python_value, children, entry)) for entry in value)
        case _ if form.startswith("d:"): return Decimal(value)
        case _ if form.startswith(("tt", "ts", "tD")):
            span = timedelta(microseconds=value * UNITS[form[2]])
            if form.startswith("tD"): return span
            at = EPOCH + span if form.endswith((":", "s", "m", "u", "n")) else (EPOCH + span).replace(tzinfo=timezone.utc)
            return at.time() if form.startswith("tt") else at
        case _: return value


def check(vector):
    fields = vector["columns"]
    rows = [{field["name"]: python_value(field, value) for field, value in zip(fields, values)}
            for values in zip(*(field["values"] for field in fields))]
    found = digest(rows)
    assert found == vector["digest"], f"{vector['name']}: expected {vector['digest']}, found {found}"


def typed(value, wanted):
    """A value of JSON: as it is, or what its text says."""
    if value is None or wanted is None:
        return float(value) if isinstance(value, Decimal) else value
    return TYPES[wanted](str(value))


def rows_of(path, types):
    with open(path, newline="", encoding="utf-8") as file:
        if path.suffix != ".csv":
            for line in file:
                row = json.loads(line, parse_float=Decimal)
                yield {name: typed(value, types.get(name)) for name, value in row.items()}
            return
        # An unquoted empty field is null, a quoted one the empty text: Python's csv tells them apart from 3.12 on.
        for row in csv.DictReader(file):
            yield {name: TYPES[types.get(name, "text")](text) if text else None for name, text in row.items()}


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(digest(rows_of(Path(sys.argv[1]), dict(word.split("=") for word in sys.argv[2:]))))
    else:
        vectors = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
        for vector in vectors:
            check(vector)
        print(f"{len(vectors)} vectors: as expected")
