#!/usr/bin/env -S python3 -B
"""Compares the ABI's headers with the newest that are frozen: what was appended may stand, everything else is told.

Two judges, so that neither has to be trusted alone: what the headers declare and a C compiler measures (layout, types, constants,
functions), and libabigail's abidiff, which sees both through debug information, today's header without what was appended to it.

usage: compare.py [ROOT]    exit 1, and a line for each problem, where docs/abi-policy.md forbids the change
"""
import functools
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import frozen  # noqa: E402
import make_bindings  # noqa: E402
import make_layout  # noqa: E402

INLINE = re.compile(r"^static inline [^{]*\{(?:\}|.*?^\})\n", re.M | re.S)
TOLD = 8
CHANGES = "docs/abi-changes.md"


class Declared:
    """What the promised headers below `include` declare, and how a compiler lays it out."""

    def __init__(self, include):
        self.include = Path(include)
        self.texts = {path.relative_to(include).as_posix(): make_bindings.without_comments(path.read_text(encoding="utf-8")).replace("\\\n", " ")
                      for path in frozen.headers(include)}
        whole = "\n".join(self.texts.values())
        self.structs = {name: dict(make_bindings.rust_fields(body)) for name, body in make_layout.STRUCT.findall(whole)}
        self.layout = {name: (int(size), {field: (int(place), int(bytes_)) for field, place, bytes_ in fields})
                       for name, size, fields in make_bindings.numbers(include) if name in self.structs}
        self.constants = self.evaluated([name for body in re.findall(r"\benum \{(.*?)\}", whole, re.S) for name in re.findall(r"\w+(?=\s*(?:=|,|$))", re.sub(r"=[^,]*", "=", body))])
        self.macros = {name: " ".join(text.split()) for name, text in re.findall(r"^#define (WEIR_\w+)[ \t]+(\S.*)$", whole, re.M)
                       if name not in ("WEIR_ABI", "WEIR_ABI_PREVIEW")}
        self.macros |= {name: "(...)" for name in re.findall(r"^#define (WEIR_\w+)\(", whole, re.M)}
        self.functions = {name: make_bindings.rust_function(result, parameters) for result, name, parameters in
                          re.findall(r"^(?:WEIR_EXPORT|static inline) ([\w *]*?)(\w+)\(([^)]*)\)\s*[;{]", whole, re.M)}
        self.functions |= {name: " ".join(make_bindings.rust_function(result, parameters).split()) for result, name, parameters in
                           re.findall(r"^typedef ([\w *]*?)(\w+)\(([^)]*)\);", whole, re.M)}
        self.functions |= {name: kind.strip() for kind, name in re.findall(r"^typedef ([\w ]+?)(\w+);", whole, re.M)}

    def evaluated(self, names):
        """{constant: value}, as the compiler has it."""
        lines = ["#include <stdio.h>", *(f"#include <{name}>" for name in self.texts), "int main(void) {",
                 *(f'printf("{name} %lld\\n", (long long)({name}));' for name in names), "return 0; }"]
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder, "constants")
            compile_c("\n".join(lines), self.include, "-o", program)
            told = subprocess.run([program], check=True, capture_output=True, text=True).stdout
        return {name: int(value) for name, value in (line.split() for line in told.splitlines())}


def compile_c(text, include, *options):
    subprocess.run(["gcc", "-std=c11", *map(str, options), "-xc", "-", "-I", str(include)], input=text, text=True, check=True)


@functools.lru_cache
def declared(include):
    return Declared(include)


def differences(what, old, new):
    """What each of the old names has become, where that is not the same."""
    return [f"{what} {name}: expected {value}, found {new.get(name, 'none')}" for name, value in old.items() if new.get(name) != value]


def struct_problems(name, old, new):
    if name not in new.structs:
        return [f"struct {name}: expected it, found none"]
    (old_size, old_fields), (new_size, new_fields) = old.layout[name], new.layout[name]
    found = []
    for field, kind in old.structs[name].items():
        place, bytes_ = old_fields[field]
        if field not in new_fields:
            found.append(f"struct {name}, field {field}: expected {kind} at {place}, found none")
        elif new_fields[field] != (place, bytes_):
            found.append(f"struct {name}, field {field}: expected {bytes_} bytes at {place}, found {new_fields[field][1]} at {new_fields[field][0]}")
        elif new.structs[name][field] != kind:
            found.append(f"struct {name}, field {field}: expected {kind}, found {new.structs[name][field]}")
    more = [field for field in new.structs[name] if field not in old.structs[name]]
    if more and "size" not in old.structs[name]:
        found.append(f"struct {name}: expected its {old_size} bytes for ever, as it tells no size, found {new_size}")
    found += [f"struct {name}, field {field}: expected it behind the {old_size} bytes that were, found it at {new_fields[field][0]}"
              for field in more if new_fields[field][0] < old_size]
    return found


def declared_problems(old, new):
    """Whatever an old binary or an old source would miss."""
    found = [f"{name}: expected the header, found none" for name in old.texts if name not in new.texts]
    for name in old.structs:
        found += struct_problems(name, old, new)
    return found + differences("constant", old.constants, new.constants) + differences("macro", old.macros, new.macros) + \
        differences("function or type", old.functions, new.functions)


def appended(old, new):
    """Names what the new headers have and the old have not."""
    found = [f"{name}.{field}" for name, fields in new.structs.items() for field in fields if field not in old.structs.get(name, {})]
    for part in ("texts", "constants", "macros", "functions"):
        found += [name for name in getattr(new, part) if name not in getattr(old, part)]
    return found


def without_tail(body, fields):
    """A struct's body without the fields at its end that are not among `fields`."""
    declarations = [part for part in body.split(";") if part.strip()]
    while declarations:
        *kept, last = declarations
        names = list(make_layout.field_names(last))
        if names[-1] in fields:
            break
        # Of `int64_t a, b` the last name goes; a function pointer goes whole.
        declarations = [*kept, last.rpartition(",")[0]] if len(names) > 1 else kept
    return "".join(f"{part};" for part in declarations)


def trimmed(old, new, folder):
    """Writes the new headers, without what was appended to old structs, and without inline functions, which may use that."""
    for name, text in new.texts.items():
        text = INLINE.sub("", text)
        place = Path(folder, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(make_layout.STRUCT.sub(
            lambda found: f"struct {found[1]} {{{without_tail(found[2], old.structs.get(found[1], new.structs[found[1]]))}\n}};", text))
    return folder


def library(headers, structs, include, path):
    """A library whose debug information has all of these structs."""
    lines = [f"#include <{name}>" for name in headers]
    for name in structs:
        lines.append(f"WEIR_EXPORT void takes_{name}(struct {name} *one); void takes_{name}(struct {name} *one) {{ (void)one; }}")
    compile_c("\n".join([*lines, "WEIR_EXPORT __typeof__(&weir_plugin_v1) entry = NULL;"]), include, "-g", "-shared", "-fPIC", "-o", path)
    return path


def abidiff_problems(old, new):
    """Whether abidiff finds a difference; its words follow, set in."""
    with tempfile.TemporaryDirectory() as folder:
        headers = [name for name in old.texts if name in new.texts]
        structs = [name for name in old.structs if name in new.structs]
        before = library(headers, structs, old.include, Path(folder, "old.so"))
        after = library(headers, structs, trimmed(old, new, Path(folder, "new")), Path(folder, "new.so"))
        done = subprocess.run(["abidiff", "--no-default-suppression", "--no-show-locs", before, after], capture_output=True, text=True)
    if done.returncode == 0:
        return []
    if done.returncode & 3:
        return [f"abidiff: expected a comparison, found {done.stderr.strip()}"]
    told = "\n".join(f"    {line}" for line in done.stdout.splitlines() if line.strip())
    return [f"abidiff: expected the same but for what was appended, found a difference\n{told}"]


def problems(old_include, new_include):
    """(what is forbidden, what was appended)"""
    old, new = declared(old_include), Declared(new_include)
    return declared_problems(old, new) + abidiff_problems(old, new), appended(old, new)


def history_problems(root):
    """The preview that stands is frozen, frozen folders are as they were, and each has its reason."""
    preview, minor = frozen.today(root)
    folders = frozen.folders(root)
    found = [problem for _, _, folder in folders for problem in frozen.touched(folder)]
    if not any(one == preview for one, _, _ in folders) or folders[-1][0] != preview:
        newest = folders[-1][2].name if folders else "none"
        found.append(f"tests/abi: expected PREVIEW-{preview}, as WEIR_ABI_PREVIEW says, found {newest}: run tests/abi/freeze.py")
    changes = Path(root, CHANGES).read_text(encoding="utf-8")
    wanted = {f"Preview {one}" for one, _, _ in folders} | {f"Preview {preview}"} | ({f"ABI 1.{minor}"} if minor else set())
    return found + [f"{CHANGES}: expected a chapter '## {name}' with what changed and why, found none"
                    for name in sorted(wanted) if not re.search(rf"^## {re.escape(name)}\b.*\n+[^\n#]", changes, re.M)]


def judged(frozen_include, frozen_version, new_include):
    """What docs/abi-policy.md forbids of the step from the frozen headers to the new ones."""
    preview, minor = frozen_version
    _, new_minor, new_preview = make_bindings.version(new_include)
    if new_preview != preview:
        return []  # another preview, which history_problems() wants frozen and explained
    try:
        forbidden, more = problems(frozen_include, new_include)
    except subprocess.CalledProcessError as failed:
        return [f"the headers: expected what a C compiler takes, found that it doesn't: {' '.join(map(str, failed.cmd[:2]))}"]
    if forbidden:
        # What holds another struct moves with it: the cause comes first, and a few of its effects are enough.
        forbidden.sort(key=lambda problem: "for ever" not in problem)
        forbidden[TOLD:-1] = [f"and {len(forbidden) - TOLD - 1} more"] if len(forbidden) > TOLD + 1 else forbidden[TOLD:-1]
        forbidden.append(f"hint: fields go to the end of a struct that has a size, constants, functions and extensions are added; what can't wait "
                         f"raises WEIR_ABI_PREVIEW to {preview + 1}, with the reason in {CHANGES} and the headers frozen by tests/abi/freeze.py")
    elif more and new_minor <= minor:
        forbidden = [f"WEIR_ABI: expected a minor above {minor}, as there is more than in what was frozen ({', '.join(more[:5])}), found {new_minor}",
                     f"hint: #define WEIR_ABI WEIR_VERSION(1, {minor + 1}), with a chapter '## ABI 1.{minor + 1}' in {CHANGES}"]
    return forbidden


def main(root):
    found = history_problems(root)
    folders = frozen.folders(root)
    if folders:
        preview, minor, folder = folders[-1]
        found += judged(folder / "include", (preview, minor), Path(root, "sdk/include"))
    print("\n".join(found) or f"the ABI is that of {folders[-1][2].name}, or more")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else frozen.ROOT))
