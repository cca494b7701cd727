"""What the checkers know of the repository: its files, its order of folders, its includes."""
import os
import re
import subprocess
from pathlib import Path

SKIPPED = {".git", "build", "install", ".weir", "__pycache__"}
CXX = {".cpp", ".hpp", ".c", ".h"}
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]')


def files(root):
    """Yields the files that git tracks or would track; where there is no git, all but what is built. Sorted."""
    listing = subprocess.run(["git", "-C", root, "ls-files", "-z", "-co", "--exclude-standard"], capture_output=True)
    if listing.returncode == 0 and listing.stdout:
        names = [name.decode() for name in listing.stdout.split(b"\0") if name]
        found = [Path(root, name) for name in names]
    else:
        found = []
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name not in SKIPPED]
            found += [Path(folder, name) for name in names]
    return sorted(path for path in found if path.is_file())


def sources(root, *below):
    """Yields the C and C++ files below the folders named."""
    for path in files(root):
        if path.suffix in CXX and path.relative_to(root).parts[0] in below:
            yield path


def includes(path):
    """Yields (line number, whether in angle brackets, what) for each #include."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match[1] == "<", match[2]


def arrows(root):
    """The host's folders in their order, from the one place that lists them."""
    text = Path(root, "cmake/WeirHost.cmake").read_text(encoding="utf-8")
    return re.search(r"set\(WEIR_ARROWS([^)]*)\)", text)[1].split()
