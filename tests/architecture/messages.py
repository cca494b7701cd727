"""Every error of the host stands in a golden file: each code, and each part of a message, word for word.

Codes and messages are taken from the sources: a text `area.what`, and any text that says what was expected or found. Of a
message that is put together each part must stand in a file below a folder golden/.
"""
import re

from tree import files

CODE = re.compile(r"[a-z]+\.[a-z_]+")
MESSAGE = re.compile(r"\bexpected\b|\bfound\b")
TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|\'(?:\\.|[^\'\\])\'|R"(\w*)\(.*?\)\1"|"((?:[^"\\\n]|\\.)*)"', re.S)
GAP = re.compile(r'"\s*\n\s*"')
ESCAPED = {"\\n": "\n", '\\"': '"', "\\\\": "\\", "\\t": "\t"}

# What looks like one and is none.
NOT_ERRORS = {"libweir.so", "arrow.json", "state.db", "run.abort", "run.stale_lock", "run.not_kept", "run.notice", "run.notice_lost", "run.report_lost", "schedule.missed", "pipeline.checksums",
              "pipeline.only_new", "pipeline.verified", "pipeline.not_verified", "flow not found", "' not found", "no plugins found in\n",
              "failed: the data or the world; weir doctor found a problem"}

# What can't be provoked in a test, and why.
UNPROVOKED = {
    "host.digest": "needs an OpenSSL whose policy forbids a checksum",
    "expected OpenSSL to provide ": "needs an OpenSSL whose policy forbids a checksum",
    ", found that it does not": "needs an OpenSSL whose policy forbids a checksum",
    "expected a file of checksums of at most 64 MiB, found a larger one": "needs a file of 64 MiB",
    "expected one package, found another a moment later": "needs another process in the very moment",
    ": expected a package, found: ": "needs another process in the very moment",
    "key.unusable": "needs an OpenSSL whose policy forbids Ed25519",
    "expected OpenSSL to make a key of Ed25519, found that it can't": "needs an OpenSSL whose policy forbids Ed25519",
    "expected OpenSSL to encode a key, found that it can't": "needs an OpenSSL whose policy forbids Ed25519",
    "expected OpenSSL to sign with the key, found that it can't": "needs an OpenSSL whose policy forbids Ed25519",
    "host.out_of_memory": "needs a machine without memory",
    "expected memory for a batch, found none": "needs a machine without memory",
    "expected YAML, found what its parser can't take: ": "needs a fault of yaml-cpp",
    "expected no commit of what is kept in memory, found one": "needs a fault of weir",
    "data.record_too_long": "needs a record of 1 GiB",
    "expected a record of at most 1 GiB, found a longer one": "needs a record of 1 GiB",
    "expected to start a process, found: ": "needs a machine without room for a process",
    "expected at most 65,536 values of by: in a run, found more": "needs as many files, made durable one by one",
}


def literals(text):
    """The texts of a C++ source, those that follow one another as one."""
    text = TOKEN.sub(lambda match: match[0] if match[0].startswith('"') else " ", text)
    for match in re.finditer(r'"((?:[^"\\\n]|\\.)*)"', GAP.sub("", text)):
        yield re.sub(r"\\.", lambda escape: ESCAPED.get(escape[0], escape[0]), match[1])


def words(text):
    return " ".join(text.split())


def is_test(path):
    return path.name.endswith("_test.cpp") or re.match(r"(fake|random|bad|checked)_?", path.name)


def told(root):
    """All that the golden files hold, blanks made one."""
    golden = [path for path in files(root) if "golden" in path.relative_to(root).parts and path.suffix == ".txt"]
    return words("\n".join(path.read_text(encoding="utf-8") for path in golden))


def parts(root):
    """Yields (file, code or part of a message) of the host."""
    for path in files(root):
        name = path.relative_to(root)
        if name.parts[:2] == ("host", "events"):  # names of what a run tells, no errors
            continue
        if name.parts[0] != "host" or path.suffix not in (".cpp", ".hpp") or is_test(path):
            continue
        for literal in literals(path.read_text(encoding="utf-8")):
            if CODE.fullmatch(literal) or MESSAGE.search(literal):
                yield name, literal


def problems(root):
    golden = told(root)
    found, seen = [], set()
    for name, part in parts(root):
        if part in seen or part in NOT_ERRORS:
            continue
        seen.add(part)
        stands = words(part) in golden
        if part in UNPROVOKED:
            if stands:
                found.append(f"{name}: expected an error that can't be provoked, found '{part}' in a golden file")
        elif not stands:
            found.append(f"{name}: expected it in a golden file, found it in none: '{part}'")
    for part in sorted(set(UNPROVOKED) - seen):
        found.append(f"tests/architecture/messages.py: expected only errors of the host, found '{part}'")
    return found
