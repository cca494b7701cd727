"""What the tests of packages share: an author's folder with binaries and a key, and what is told, without what differs each time."""
import hashlib

from harness import *

EXAMPLES = Path(BAD_PLUGINS).parent.parent / "examples/plugins"


def hidden(place, text):
    """Without what is another in each run, or on each machine."""
    text = text.replace(str(place.home / "data/weir/plugins"), "PLUGINS")
    text = text.replace(str(place.home / "config/weir"), "CONFIG").replace(str(place.home / "cache/weir"), "CACHE")
    text = re.sub(r"SHA256:[A-Za-z0-9+/]{43}", "SHA256:…", text.replace(str(place.folder.resolve()), "…").replace(str(EXAMPLES), "…"))
    text = re.sub(r"linux (x86-64|aarch64), glibc [\d.]+", "linux MACHINE, glibc N", text)
    text = re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", text)
    text = re.sub(r"\b\d{4,} bytes", "N bytes", text)
    text = re.sub(r"\.so\.\d+\b", ".so.PROCESS", text)
    return re.sub(r"[\d.]+ kB  for", "N kB  for", text)


class Told:
    def __init__(self, place):
        self.place, self.text = place, ""

    def weir(self, *words):
        ended = self.place.weir(*words)
        self.text += f"$ weir {' '.join(map(str, words))}\n{ended.out}{ended.err}exit {ended.code}\n\n"
        return ended

    def end(self, name):
        golden(name, hidden(self.place, self.text))


def ready(place):
    """Binaries, README and LICENSE as an author has them, and a key."""
    for name in ("trim", "lines"):
        shutil.copy(EXAMPLES / f"{name}.so", place.folder)
    place.write("README.md", "# trim\n")
    place.write("LICENSE", "Apache-2.0\n")
    place.weir("plugin", "key", "new", "acme").works()


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def binary(name):
    """Of an example, or of a plugin that comes with weir."""
    own = EXAMPLES / f"{name}.so"
    return own if own.exists() else Path(WEIR).parent.parent / f"lib/weir/plugins/{name}.so"


def packed(place, version="1.0.0", key="acme", name="trim"):
    """A signed package of an example, made to be of some version."""
    data = binary(name).read_bytes()
    place.write(f"{name}-{version}.so", data.replace(b"1.0.0", version.encode()))
    place.weir("plugin", "pack", f"{name}-{version}.so").works()
    if key:
        place.weir("plugin", "sign", f"{name}-{version}.weirpkg", "--key", f"{key}.key").works()
    return f"{name}-{version}.weirpkg"


def installed(place):
    folder = place.home / "data/weir/plugins"
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock") if folder.exists() else []
