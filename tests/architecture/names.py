"""No name in an anonymous namespace twice among the sources of one program: sanitizers' builds compile several files as one."""
import re
from collections import defaultdict

from tree import sources

TEMPLATE = re.compile(r"template <[^;{}]*> ?(?=\w)")
TYPE = re.compile(r"(?:class|struct|union|enum(?: class)?) (\w+)")
ALIAS = re.compile(r"(?:__extension__ )?using (\w+) = (.*)")
FUNCTION = re.compile(r"[\w:<>,&*\s\[\]]*[\s&*](\w+)\(")
VALUE = re.compile(r"[^(]*?[\s&*](\w+)(?:\[[^\]]*\])* ?[={;]")
MORE_VALUES = re.compile(r", (\w+) = ")
OTHER = re.compile(r"namespace \w+ =|using namespace |using [\w:]+;|static_assert|extern ")
APART = ("tests/bad_plugins/", "tests/bench/", "tests/fuzz/", "tests/abi/")  # a program of each source


def problems(root):
    places = defaultdict(lambda: defaultdict(list))
    for path in sources(root, "host", "plugins", "tests"):
        name = str(path.relative_to(root))
        if path.suffix != ".cpp" or name.startswith(APART) or name.endswith("_main.cpp"):
            continue
        program = "/".join(name.split("/")[:2]) + (" tests" if name.endswith("_test.cpp") else "")
        for declared, line, alias in declarations(path.read_text(encoding="utf-8")):
            places[program, declared][name].append((line, alias))
    found = []
    for (_, declared), files in sorted(places.items()):
        (first, its), *others = sorted(files.items())
        for name, theirs in others:
            if its[0][1] and its[0][1] == theirs[0][1]:  # the same type has the same name
                continue
            found.append(f"{name}:{theirs[0][0]}: expected a name that no other file of its program has in an anonymous "
                         f"namespace, found '{declared}', as in {first}:{its[0][0]}")
    return found


def declarations(text):
    """Yields (name, line, what it is another name of or "") for what stands in anonymous namespaces, but for what is in that."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line == "namespace {":
            inside = True
        elif line.startswith("}  // namespace"):
            inside = False
        elif inside and line[:1] not in ("", " ", "}", "#", "/", ")") and not OTHER.match(line):
            line = TEMPLATE.sub("", line)
            if match := ALIAS.match(line):
                yield match[1], number, match[2]
            elif match := TYPE.match(line) or FUNCTION.match(line) or VALUE.match(line):
                yield match[1], number, ""
                if line.startswith("constexpr ") and "{" not in line and "(" not in line:
                    for other in MORE_VALUES.findall(line):
                        yield other, number, ""
