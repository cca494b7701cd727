"""No path of one machine and no host of a package registry in what is tracked: it builds anywhere, from any mirror."""
import re

from tree import files

MACHINE = re.compile(r"(?:^|[^A-Za-z0-9_.])(/(?:work|farm|root|home/[a-z]+)/)")
REGISTRY = re.compile(r"\b((?:[a-z0-9]+[.])*(?:debian[.]org/debian|deb[.]debian[.]org|pypi[.]org|pythonhosted[.]org|"
                      r"crates[.]io|npmjs[.]org|proxy[.]golang[.]org|repo1?[.]maven[.]\w+))")
LOCKED = (".lock", "go.sum")


def problems(root):
    found = []
    for path in files(root):
        data = path.read_bytes()
        if b"\0" in data or path.name.endswith(LOCKED):
            continue
        for number, line in enumerate(data.decode(errors="replace").splitlines(), 1):
            for pattern, what in ((MACHINE, "path of one machine"), (REGISTRY, "package registry")):
                match = pattern.search(line)
                if match:
                    found.append(f"{path.relative_to(root)}:{number}: expected no {what}, found {match[1]}")
    return found
