"""The ABI's headers are C11 and C++17 for gcc and clang, without hidden padding, each by itself; their layout is as agreed, and
what the bindings have of it."""
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "abi"))
import make_bindings  # noqa: E402
import make_layout  # noqa: E402

COMPILERS = (("gcc", "-std=c11", "-xc"), ("g++", "-std=c++17", "-xc++"),
             ("clang-19", "-std=c11", "-xc"), ("clang++-19", "-std=c++17", "-xc++"))
STRICT = ("-Wall", "-Wextra", "-Wpedantic", "-Wpadded", "-Werror", "-fsyntax-only")


def complaints(command, text):
    """The compiler's first error about a unit of this text; None if it has none. A missing compiler is an error."""
    try:
        done = subprocess.run([*command, "-"], input=text, capture_output=True, text=True)
    except FileNotFoundError:
        return f"expected {command[0]}, found no such program (scripts/install-packages.sh test installs it)"
    lines = [line for line in done.stderr.splitlines() if "error" in line] or done.stderr.splitlines()
    return None if done.returncode == 0 else lines[0]


def public(include):
    """The headers of the C ABI, as they are included."""
    return sorted(str(path.relative_to(include)) for path in Path(include, "weir").rglob("*.h"))


def unit(header):
    return f"#include <{header}>\nextern int not_empty;\n"


def judge(include, header, compiler):
    problem = complaints([*compiler, *STRICT, "-I", str(include)], unit(header))
    return problem and f"{header}: {compiler[0]} {compiler[1]}: {problem}"


def header_problems(include):
    work = [(include, header, compiler) for header in public(include) for compiler in COMPILERS]
    with ThreadPoolExecutor(4) as pool:
        found = [problem for problem in pool.map(lambda arguments: judge(*arguments), work) if problem]
    return found if work else [f"expected headers below {include}, found none"]


def layout_problems(include, layout):
    found = make_layout.missing(include, layout)
    for compiler in COMPILERS:
        problem = complaints([*compiler, "-Wall", "-Werror", "-fsyntax-only", "-I", str(include)],
                             f'#include "{layout}"\nextern int not_empty;\n')
        if problem:
            found.append(f"layout: {compiler[0]}: {problem}")
    return found


def problems(root):
    include = Path(root, "sdk/include")
    return header_problems(include) + layout_problems(include, Path(root, "tests/abi/layout.h")) + make_bindings.different(root)
