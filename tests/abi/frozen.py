"""What stands frozen below tests/abi: PREVIEW-N, or PREVIEW-N.M where the ABI 1.M was frozen within a preview. freeze.py makes them."""
import hashlib
import platform
import re
from pathlib import Path

import make_bindings

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = re.compile(r"PREVIEW-(\d+)(?:\.(\d+))?$")
MACHINES = {"x86_64": "x86-64", "aarch64": "aarch64"}
SUMS = "SHA256SUMS"
SDK = "sdk.tar.xz"


def folders(root=ROOT):
    """[(preview, minor, folder)], the oldest first."""
    found = [(NAME.fullmatch(path.name), path) for path in Path(root, "tests/abi").glob("PREVIEW-*")]
    return sorted((int(name[1]), int(name[2] or 0), path) for name, path in found if name)


def today(root=ROOT):
    """Preview and minor of the header as it stands."""
    _, minor, preview = make_bindings.version(Path(root, "sdk/include"))
    return preview, minor


def folder_name(preview, minor):
    return f"PREVIEW-{preview}.{minor}" if minor else f"PREVIEW-{preview}"


def machine():
    return MACHINES.get(platform.machine(), platform.machine())


def headers(include):
    """The headers that are promised: not the drafts."""
    return [path for path in sorted(Path(include, "weir").rglob("*.h")) if path.parent.name != "draft"]


def kept(folder):
    """The files that never change once they are frozen. Manifests, data and pages may follow the host."""
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file() and path.suffix in (".h", ".so", ".xz", ".c", ".cpp", ".rs", ".go", ".json"):
            yield path


def sums(folder):
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n" for path in kept(folder))


def touched(folder):
    """Says what of a frozen folder is not as it was frozen."""
    wanted = dict(reversed(line.split("  ")) for line in Path(folder, SUMS).read_text(encoding="utf-8").splitlines())
    found = dict(reversed(line.split("  ")) for line in sums(folder).splitlines())
    return [f"{folder.name}/{name}: expected the file that was frozen, found {'another' if name in found else 'none'}"
            if name in wanted else f"{folder.name}/{name}: expected nothing, found a file that was not frozen"
            for name in sorted(set(wanted) | set(found)) if wanted.get(name) != found.get(name)]
