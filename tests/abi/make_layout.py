#!/usr/bin/env -S python3 -B
"""Writes layout.h: the size of every public struct of weir.h and ext/, and the place and size of each of its fields.

The ABI only grows at the end of a struct, so a line of layout.h changes only while the ABI is a preview: run this after a
field was appended, and read the difference. tests/architecture compiles layout.h as C and C++, with gcc and clang, and
fails when a struct or field is not in it.
"""
import re
import subprocess
import sys
import tempfile
from pathlib import Path

STRUCT = re.compile(r"\bstruct (\w+) \{(.*?)\n\};", re.S)
HEAD = """/* The layout of the ABI's structs on every 64-bit machine, for C and C++. Made by make_layout.py. */
%s
#include <stddef.h>
#ifdef __cplusplus
#define WEIR_MUST(condition, words) static_assert(condition, words);
#else
#define WEIR_MUST(condition, words) _Static_assert(condition, words);
#endif
#define SIZE(type, bytes) WEIR_MUST(sizeof(struct type) == (bytes), "the size of " #type)
#define FIELD(type, field, place, bytes)                                                   \\
  WEIR_MUST(offsetof(struct type, field) == (place), "the place of " #type "." #field)     \\
  WEIR_MUST(sizeof(((struct type *)NULL)->field) == (bytes), "the size of " #type "." #field)

"""


def field_names(body):
    """The names that a struct's body declares."""
    for declaration in body.split(";"):
        declaration = declaration.strip()
        pointer = re.search(r"\(\*\s*(?:const\s+)?(\w+)\)\s*\(", declaration)
        if pointer:
            yield pointer[1]
        elif declaration:
            for part in declaration.split(","):
                yield re.search(r"(\w+)\s*(?:\[[^\]]*\]\s*)*$", part)[1]


def structs(include):
    """Yields (struct, its fields) of every C header below include/weir."""
    for header in headers(include):
        text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", Path(include, header).read_text(encoding="utf-8"), flags=re.S)
        for name, body in STRUCT.findall(text):
            yield name, list(field_names(body))


def headers(include):
    paths = sorted(Path(include, "weir").rglob("*.h"))
    return [str(path.relative_to(include)) for path in paths]


def missing(include, layout):
    """Says which structs and fields the layout does not hold."""
    text = Path(layout).read_text(encoding="utf-8") if Path(layout).exists() else ""
    held = set(re.findall(r"FIELD\((\w+), (\w+),", text)) | {(name, "") for name in re.findall(r"SIZE\((\w+),", text)}
    wanted = {(name, field) for name, fields in structs(include) for field in [*fields, ""]}
    return [f"layout.h: expected {name}{'.' if field else ''}{field}, found nothing of it: run tests/abi/make_layout.py"
            for name, field in sorted(wanted - held)]


def measured(include):
    """Compiles and runs a program that prints each struct's numbers."""
    lines = ["#include <stdio.h>", "#include <stddef.h>", *(f"#include <{header}>" for header in headers(include)),
             "int main(void) {"]
    for name, fields in structs(include):
        lines.append(f'printf("SIZE({name}, %zu)\\n", sizeof(struct {name}));')
        lines += [f'printf("FIELD({name}, {field}, %zu, %zu)\\n", offsetof(struct {name}, {field}), '
                  f'sizeof(((struct {name}*)0)->{field}));' for field in fields]
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "layout")
        subprocess.run(["gcc", "-std=c11", "-xc", "-", "-I", str(include), "-o", str(program)], check=True, text=True,
                       input="\n".join([*lines, "return 0;", "}"]))
        return subprocess.run([program], check=True, capture_output=True, text=True).stdout.splitlines()


def write(include, layout):
    text = HEAD % "\n".join(f"#include <{header}>" for header in headers(include))
    line = ""
    for entry in measured(include):
        if entry.startswith("SIZE") or len(line) + len(entry) > 118:
            text += line and f"{line}\n"
            line = "" if entry.startswith("SIZE") else " "
        line += f"{' ' if line.strip() else ''}{entry}" if line.strip() else line + entry
    Path(layout).write_text(text + line + "\n#undef SIZE\n#undef FIELD\n#undef WEIR_MUST\n", encoding="utf-8")


if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent.parent
    write(root / "sdk/include", root / "tests/abi/layout.h")
    sys.exit(0)
