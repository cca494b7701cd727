"""Includes follow the arrows: a host folder sees what stands left of it, a plugin sees the SDK alone, the SDK nothing."""
from pathlib import Path

from tree import arrows, files, includes, sources

# And weir/ext/. A test of a manifest names types, and finds those of texts, as plugins do.
HOST_SEES_OF_SDK = ("weir/weir.h", "weir/arrow.hpp", "weir/cpp/type_names.hpp", "weir/cpp/timestamp_guess.hpp")
# Headers that a plugin offers to another, which links its objects (docs/decisions/0045).
OFFERED = {"validate": ("../expr/condition.hpp", "../expr/naive_zone.hpp")}
C_LIBRARY = {f"{name}.h" for name in ("assert errno fenv float inttypes limits locale math setjmp signal stdalign stdarg "
                                      "stdatomic stdbool stddef stdint stdio stdlib string time wchar").split()}


def problems(root):
    root = Path(root)
    order = arrows(root)
    found = []
    for path in sources(root, "host", "plugins", "sdk"):
        part = path.relative_to(root).parts
        judge = {"host": judge_host, "plugins": judge_plugin, "sdk": judge_sdk}[part[0]]
        for line, angled, what in includes(path):
            problem = judge(root, order, path, angled, what)
            if problem:
                found.append(f"{path.relative_to(root)}:{line}: {problem}")
    return found + plugins_that_link_the_host(root, order) + cycles(root)


def public_folder(root, what):
    """The host folder whose public header `<weir/FOLDER/…>` is, or None."""
    part = what.split("/")
    return part[1] if len(part) > 2 and (root / "host" / part[1] / "include" / what).exists() else None


def judge_host(root, order, path, angled, what):
    part = path.relative_to(root / "host").parts
    if angled and (public := public_folder(root, what)):
        return judge_order(order, part[0], public, what)
    if angled and what.startswith("weir/") and what not in HOST_SEES_OF_SDK and not what.startswith("weir/ext/"):
        return f"expected weir.h, arrow.hpp or an extension of the SDK, found <{what}>, which is for plugins"
    if angled:
        return (root / "host" / what).exists() and f'expected "{what}" in quotes: it is the host\'s own'
    target = what.split("/")[0]
    if ".." in what.split("/") or not (root / "host" / what).exists():
        return f'expected "folder/file.hpp" below host/, found "{what}"'
    if len(part) == 1:  # main.cpp
        return target != "cli" and f'expected an include of cli/ alone, found "{what}"'
    return judge_order(order, part[0], target, what)


def judge_order(order, source, target, what):
    if target not in order or source not in order:
        return f"expected a folder of cmake/WeirHost.cmake's order, found {source} and {target}"
    if order.index(target) > order.index(source):
        return f'against the arrows: {source} stands before {target}, found "{what}"'
    return None


def judge_plugin(root, order, path, angled, what):
    own = root / "plugins" / path.relative_to(root / "plugins").parts[0]
    if what == "weir_catch.hpp" and path.name.endswith("_test.cpp"):
        return None
    if angled and what.startswith("weir/"):
        return not (root / "sdk/include" / what).exists() and f"expected a header of the SDK, found <{what}>"
    if angled:
        return (root / "host" / what).exists() and f"expected nothing of the host, found <{what}>"
    if what == "weir_plugin_info.h" or what in OFFERED.get(own.name, ()):
        return None
    places = [(folder / what).resolve() for folder in (path.parent, own)]
    if not any(place.exists() and place.is_relative_to(own.resolve()) for place in places):
        return f'expected a file of the plugin\'s own folder, found "{what}"'
    return None


def judge_sdk(root, order, path, angled, what):
    own = (root / "sdk").resolve()
    if angled and what.startswith("weir/"):
        return not (own / "include" / what).exists() and f"expected a header of the SDK, found <{what}>"
    if path.relative_to(root).parts[1] == "templates":  # sources of a plugin to be, laid together of several folders
        return (root / "host" / what).exists() and f"expected nothing of the host, found {what}"
    if angled:
        standard = what in C_LIBRARY or what.isidentifier()
        return not standard and f"expected the standard library alone, found <{what}>"
    if what == "_cgo_export.h":  # which cgo makes
        return None
    place = (path.parent / what).resolve()
    return not (place.exists() and place.is_relative_to(own)) and f'expected a file of sdk/, found "{what}"'


def plugins_that_link_the_host(root, order):
    found = []
    libraries = {f"weir_{folder}" for folder in order}
    for path in files(root):
        part = path.relative_to(root).parts
        if part[0] != "plugins" or not (path.name == "CMakeLists.txt" or path.suffix == ".cmake"):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            words = set(line.split("#")[0].replace("(", " ").replace(")", " ").split())
            found += [f"{path.relative_to(root)}:{number}: expected a plugin's own libraries, found the host's {word}"
                      for word in sorted(words & libraries)]
    return found


def cycles(root):
    """Files that include each other in a ring, each ring once."""
    graph = {}
    for path in sources(root, "host", "plugins", "sdk"):
        bases = (path.parent, root / "host", root / "sdk/include", *root.glob("host/*/include"))
        targets = ((base / what).resolve() for _, _, what in includes(path) for base in bases)
        graph[path.resolve()] = [target for target in targets if target.is_file()]
    done, found = set(), []

    def visit(path, trail):
        if path in trail:
            ring = [str(step.relative_to(root.resolve())) for step in trail[trail.index(path):] + [path]]
            found.append(f"{ring[0]}: expected no cycle of includes, found {' -> '.join(ring)}")
        elif path not in done:
            for target in graph.get(path, []):
                visit(target, trail + [path])
            done.add(path)

    for path in sorted(graph):
        visit(path, [])
    return found
