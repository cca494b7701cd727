"""No file over 500 lines (weir.h aside), no function over 70."""
import ast
from pathlib import Path

import functions
from tree import CXX, files

FILE_LINES, FUNCTION_LINES = 500, 70
SOURCES = CXX | {".py", ".sh", ".cmake", ".js", ".css", ".html", ".rs", ".go"}
MAY_BE_LONG = "/include/weir/weir.h"  # the manual, and what is frozen of it


def problems(root):
    found = []
    for path in files(root):
        name = str(path.relative_to(root))
        if path.suffix not in SOURCES and path.name != "CMakeLists.txt":
            continue
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > FILE_LINES and not name.endswith(MAY_BE_LONG):
            found.append(f"{name}: expected at most {FILE_LINES} lines, found {lines}")
        for line, length, what in measure(path, text):
            if length > FUNCTION_LINES:
                found.append(f"{name}:{line}: expected at most {FUNCTION_LINES} lines a function, found {length}: {what}")
    return found


def measure(path, text):
    if path.suffix in CXX:
        return functions.measure(text)
    if path.suffix == ".py":
        nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
        return [(node.lineno, node.end_lineno - node.lineno + 1, node.name) for node in nodes]
    return []
