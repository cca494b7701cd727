"""Damaged inputs: every truncation, and 2,000 random bit flips, of small inputs of each format and codec.

Whatever the damage: an error with a place, or the right rows; never a crash. The right rows are
- of compressed inputs, those of the undamaged one: a damage that matters is found by the codec's own checks;
- of plain ones, those that Python's csv and json read out of the damaged bytes;
- of any input with a checksum beside it, none at all.

WEIR_CORRUPT_SEED repeats a run; the seed is printed where something was found.
"""
import csv, hashlib, io, json, math, os, random, re, subprocess, sys, tempfile
from pathlib import Path

READER = os.environ.get("READER") or sys.exit("expected the path of weir_corrupt_reader in READER, found none")
SEED = int(os.environ.get("WEIR_CORRUPT_SEED") or random.SystemRandom().randrange(1 << 32))
FLIPS = 2000
FLIPS_WITH_A_CHECKSUM = 500
TOOLS = {"gz": ["gzip", "-nc"], "zst": ["zstd", "-qc", "--check"], "xz": ["xz", "-c"], "bz2": ["bzip2", "-c"], "lz4": ["lz4", "-qc"]}
CSV = {"use": "csv", "infer": False, "header": True, "delimiter": ",", "encoding": "utf-8"}

ROWS = [{"id": 7 * i, "name": name, "price": i / 4, "note": note} for i, (name, note) in enumerate([
    ("Anna", "plain"), ("Čeněk, Jr.", 'says "no"'), ("日本", "two\nlines"), ("O'Neil", ""), ("x", "tab\there"), ("Zoë", "end;")])]


def csv_text():
    out = io.StringIO()
    writer = csv.DictWriter(out, list(ROWS[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(ROWS)
    return out.getvalue().encode()


NESTED = [{**row, "tags": [row["name"], None], "at": {"x": row["id"], "ok": row["id"] > 9}} for row in ROWS[:4]]
INPUTS = {"in.csv": csv_text(), "in.json": json.dumps(NESTED, ensure_ascii=False).encode(),
          "in.ndjson": "".join(json.dumps(row) + "\n" for row in NESTED).encode()}


class Reader:
    """A weir_corrupt_reader in a folder of its own, which reads what stands in its one file."""

    def __init__(self, name, folder, **extract):
        self.file = folder / name
        self.process = subprocess.Popen([READER, json.dumps({"use": "file", "path": name, **extract})], cwd=folder, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def read(self, data):
        self.file.write_bytes(data)
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the reader died: exit {self.process.wait()}")
        found = json.loads(line)
        if "error" in found:
            error = found["error"]
            missing = [key for key in ("code", "message", "file") if not error[key]]
            assert not missing and error["exit"] == 1, f"expected an error of the source with its place, found {error}"
        return found

    def end(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def damages(data, chance, flips):
    """Yields what was done, and the bytes."""
    for length in range(len(data)):
        yield f"cut to {length} bytes", data[:length]
    for _ in range(flips):
        at, bit = chance.randrange(len(data)), chance.randrange(8)
        flipped = bytearray(data)
        flipped[at] ^= 1 << bit
        yield f"bit {bit} of byte {at} flipped", bytes(flipped)


def csv_rows(data):
    """What Python's csv reads; None: it, or the text, is not well-formed. A CR alone ends no line (RFC 4180): to Python it would."""
    stand_in = "\ue000"
    try:
        text = re.sub("\r(?!\n)", stand_in, data.decode("utf-8"))
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    lines = [[field.replace(stand_in, "\r") for field in line] for line in lines if line]
    return [dict(zip(lines[0], line)) for line in lines[1:]] if lines else []


def json_rows(data):
    def refuse(word):
        raise ValueError(word)
    try:
        text = data.decode("utf-8")
        if text.lstrip(" \t\r\n").startswith("["):
            return json.loads(text, parse_constant=refuse)
        return [json.loads(line, parse_constant=refuse) for line in text.split("\n") if line.strip(" \t\r")]
    except ValueError:
        return None


def same(found, wanted):
    """Whether a value is what Python read: absent keys are nulls, a column of several types is one of texts."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return all(same(found.get(key), wanted.get(key)) for key in found.keys() | wanted.keys())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    if isinstance(wanted, (int, float)) and isinstance(found, (int, float)):
        return found == wanted or math.isclose(found, wanted, rel_tol=1e-15)
    return found == wanted


def csv_same(found, wanted):
    return len(found) == len(wanted) and all(
        found_row.keys() == row.keys() and all((found_row[key] or "") == row[key] for key in row)
        for found_row, row in zip(found, wanted))


def judge(what, found, right):
    if "rows" in found and not right(found["rows"]):
        raise AssertionError(f"{what}: expected an error or the right rows, found {json.dumps(found['rows'])[:600]}")


def each(name, data, right, folder, flips, **extract):
    reader = Reader(name, folder, **extract)
    chance = random.Random(f"{SEED} {name}")
    counts = {"error": 0, "rows": 0}
    try:
        whole = reader.read(data)
        assert "rows" in whole and right(data, whole["rows"]), f"{name}: expected the rows of the undamaged input, found {whole}"
        for what, damaged in damages(data, chance, flips):
            what = f"{name}, {what}"
            try:
                found = reader.read(damaged)
                counts["error" if "error" in found else "rows"] += 1
                judge(what, found, lambda rows: right(damaged, rows))
            except AssertionError as problem:
                raise AssertionError(f"{problem}\n  {what}: {damaged!r}") from None
    finally:
        reader.end()
    return counts


def compressed(kind):
    return subprocess.run(TOOLS[kind], input=INPUTS["in.csv"], stdout=subprocess.PIPE, check=True).stdout


def plain_rows(name):
    if name == "in.csv":
        return lambda data, rows: (wanted := csv_rows(data)) is not None and csv_same(rows, wanted)
    return lambda data, rows: (wanted := json_rows(data)) is not None and same(rows, wanted)


def cases():
    """Yields the name, the input, what is right, and what more the extract has."""
    for name, data in INPUTS.items():
        yield name, data, plain_rows(name), {"format": CSV if name == "in.csv" else "json"}
    for kind in TOOLS:
        data, plain = compressed(kind), csv_rows(INPUTS["in.csv"])

        def right(damaged, rows, data=data, plain=plain):
            whole = len(damaged) >= len(data)  # what is cut short is never right
            return whole and csv_same(rows, plain)
        yield f"in.csv.{kind}", data, right, {"format": CSV}


def main():
    failed = 0
    for name, data, right, extract in cases():
        for checksum in (False, True):
            with tempfile.TemporaryDirectory(prefix="weir-corrupt-") as scratch:
                folder = Path(scratch)
                whole = data
                if checksum:
                    (folder / f"{name}.sha256").write_text(hashlib.sha256(data).hexdigest() + f"  {name}\n")
                    right_now = lambda damaged, rows: damaged == whole
                else:
                    right_now = right
                try:
                    flips = FLIPS_WITH_A_CHECKSUM if checksum else FLIPS
                    counts = each(name, data, right_now, folder, flips, **extract)
                    print(f"{name}{' with a checksum' if checksum else ''}: {counts['error']} errors, {counts['rows']} right")
                except AssertionError as problem:
                    failed += 1
                    print(f"WEIR_CORRUPT_SEED={SEED}: {problem}", flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
