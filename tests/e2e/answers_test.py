"""What does not work when plugins are installed is answered: machines, disks and homes that don't do, and others who install just now."""
import contextlib, fcntl

from serving import *


def for_arm(data):
    """A binary that says it is for another processor."""
    data = bytearray(data)
    x86, arm = (62).to_bytes(2, "little"), (183).to_bytes(2, "little")  # e_machine
    data[18:20] = arm if bytes(data[18:20]) == x86 else x86
    return bytes(data)


@case
def what_is_not_for_this_machine(place):
    """Of an index, which tells what there is; and of files, which tell what they need and what is here."""
    site(place)
    lines = (EXAMPLES / "lines.so").read_bytes()
    newer = lines.replace(b"GLIBC_2.2.5", b"GLIBC_2.999")
    must(newer != lines or "aarch64" in os.uname().machine, "expected a version of glibc to be named")
    newer = newer if newer != lines else lines.replace(b"GLIBC_2.17", b"GLIBC_2.99")
    place.write("other/lines.so", for_arm(lines).replace(b"1.0.0", b"2.0.0"))
    place.write("libc/lines.so", newer.replace(b"1.0.0", b"3.0.0"))
    shutil.copy(Path(BAD_PLUGINS) / "needs_higher_abi.so", place.folder)
    told = Told(place)
    for binary in ("other/lines.so", "libc/lines.so", "needs_higher_abi.so"):
        place.weir("plugin", "pack", binary).works()
    for package in ("lines-2.0.0", "lines-3.0.0", "needs_higher_abi-1.0.0"):
        ended = told.weir("plugin", "install", f"{package}.weirpkg")
        must(package != "lines-3.0.0" or re.search(r"glibc 2\.\d+, found .* glibc 2\.99+ or later", ended.err), f"expected both to be named, found {ended.err}")
        shutil.move(place.folder / f"{package}.weirpkg", place.folder / "site/packages")
    build(place)
    place.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub").works()
    told.weir("plugin", "install", "lines@>=2")
    told.weir("plugin", "install", "needs_higher_abi")
    told.weir("plugin", "install", "needs_higher")
    must(installed(place) == [], f"found {installed(place)}")
    told.end("answers_machine.txt")


@contextlib.contextmanager
def small_disk(folder):
    """A file system with room for next to nothing; where nobody may mount one, a limit on files. Gives the words before a command."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "weir-test", folder], capture_output=True).returncode == 0
    try:
        yield [] if mounted else ["bash", "-c", 'ulimit -f 4; trap "" XFSZ; exec "$0" "$@"']
    finally:
        if mounted:
            subprocess.run(["umount", folder], check=True)


def told_by(place, told, before, *words):
    """Of a command with others before it; what it is called is the same."""
    ended = subprocess.run([*before, WEIR, *words], cwd=place.folder, env=place.env, text=True, capture_output=True, stdin=subprocess.DEVNULL)
    told.text += f"$ weir {' '.join(words)}\n{ended.stdout}{ended.stderr}exit {ended.returncode}\n\n"


@case
def a_disk_that_fills(place):
    site(place)
    told = Told(place)
    plugins, downloads_folder = place.home / "data/weir/plugins", place.home / "cache/weir/downloads"
    with Server(place.folder / "site") as server:
        place.weir("plugin", "trust", "add", "acme.pub").works()
        with small_disk(plugins) as before:
            told_by(place, told, before, "plugin", "install", "site/packages/trim-1.0.0.weirpkg")
            must(installed(place) == [], f"expected nothing of it, found {installed(place)}")
        add(place, server)
        with small_disk(downloads_folder) as before:
            told_by(place, told, before, "plugin", "install", "trim")
            must(downloads(place) == [] and installed(place) == [], f"expected no half, found {downloads(place)}")
        told.weir("plugin", "install", "trim")
        told.text = re.sub(r"-[0-9a-f]{12}\.weirpkg", "-DIGEST.weirpkg", told.text.replace("File too large", "No space left on device"))
        told.end("answers_disk.txt")


def read_only(folder):
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)


def writable_again(folder):
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


@case
def a_home_that_is_read_only(place):
    """Installs where it may, and says what it can't keep; each answer names what could not be written."""
    site(place)
    place.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub").works()
    place.weir("plugin", "install", "lines").works()
    build(place)
    elsewhere = place.folder / "elsewhere"
    elsewhere.mkdir(mode=0o777)
    elsewhere.chmod(0o777)
    place.write("job.json", '{"weir": 1, "extract": {"use": "generate", "rows": 1}, "load": {"use": "discard"}, "plugins": {"trim": "^1"}}')
    before = place.as_nobody()
    told = Told(place)
    place.env["TMPDIR"] = str(elsewhere)
    read_only(place.home)
    try:
        told_by(place, told, before, "plugin", "install", "trim")
        told_by(place, told, before, "plugin", "install", "trim", "--to", "elsewhere")
        told_by(place, told, before, "plugin", "install", "site/packages/trim-1.0.0.weirpkg", "--to", "elsewhere", "--output", "json")
        told_by(place, told, before, "install", "job.json")
        told_by(place, told, before, "plugin", "search", "trim")
        told_by(place, told, before, "plugin", "audit")
        told_by(place, told, before, "plugin", "remove", "lines")
        told_by(place, told, before, "plugin", "trust", "policy", "off")
        told_by(place, told, before, "plugin", "index", "remove", "acme")
    finally:
        writable_again(place.home)
    must((elsewhere / "trim-1.0.0.so").exists() and "lines-1.0.0.so" in installed(place), f"found {installed(place)}")
    told.end("answers_home.txt")


def waits(place, file, words, told):
    """What is told of a command that finds a file locked by this process, which then lets it go."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        process = place.start(*words)
        said = process.stderr.readline().decode()
        must(f"process {os.getpid()}," in said, f"expected this process to be named, found {said!r}")
        must(process.poll() is None, "expected it to wait")
        if file.name != ".lock":
            file.unlink()  # as who has downloaded it does
    out, err = process.communicate(timeout=60)
    told.text += f"$ weir {' '.join(words)}\n{said.replace(str(os.getpid()), 'PROCESS')}{out.decode()}{err.decode()}exit {process.returncode}\n\n"


@case
def another_installs_just_now(place):
    site(place)
    plugins = place.home / "data/weir/plugins"
    told = Told(place)
    with Server(place.folder / "site") as server:
        add(place, server)
        waits(place, plugins / ".lock", ["plugin", "install", "lines"], told)
        waits(place, plugins / ".lock", ["plugin", "remove", "lines"], told)
        index = json.loads(place.read("site/index.json"))
        sha256 = next(one["sha256"] for one in index["plugins"] if one["name"] == "trim")
        half = place.home / f"cache/weir/downloads/trim-1.0.0-{sha256[:12]}.weirpkg"
        waits(place, half, ["plugin", "install", "trim"], told)
    told.text = re.sub(r"-[0-9a-f]{12}\.weirpkg", "-DIGEST.weirpkg", told.text)
    told.end("answers_waiting.txt")


@case
def a_folder_is_installed_from(place):
    """All plugins of it, in their newest versions for this machine: as files, or by its index if it has one."""
    ready(place)
    told = Told(place)
    (place.folder / "vendor").mkdir()
    told.weir("plugin", "install", "vendor")
    told.weir("plugin", "install", "./vendor")
    for package in (packed(place), packed(place, "1.5.0"), packed(place, key=None, name="lines")):
        shutil.move(place.folder / package, place.folder / "vendor")
    place.write("arm/lines.so", for_arm((EXAMPLES / "lines.so").read_bytes()).replace(b"1.0.0", b"2.0.0"))
    place.weir("plugin", "pack", "arm/lines.so", "--to", "vendor").works()
    place.weir("plugin", "trust", "add", "acme.pub").works()
    told.weir("plugin", "install", "vendor/")
    told.weir("plugin", "install", "./vendor", "--output", "json")
    told.weir("plugin", "install", "./vendor", "--signatures", "require")
    place.weir("plugin", "remove", "trim").works()
    place.weir("plugin", "remove", "lines").works()

    (place.folder / "site").mkdir()
    shutil.move(place.folder / "vendor", place.folder / "site/packages")
    told.weir("plugin", "install", "./site")
    build(place, "--yank", "trim@1.5.0", "--reason", "loses rows")
    place.weir("plugin", "remove", "trim").works()
    place.weir("plugin", "remove", "lines").works()
    told.weir("plugin", "install", "./site")
    told.weir("plugin", "install", "./site", "--signatures", "warn")
    build(place, expires="2020-01-01")
    told.weir("plugin", "install", "./site")
    (place.folder / "site/packages/lines-1.0.0.weirpkg").unlink()
    (place.folder / "site/packages/lines-2.0.0.weirpkg").unlink()
    build(place, "--yank", "trim@1.0.0", "--reason", "loses rows, too")
    told.weir("plugin", "install", "./site")
    place.write("site/index.json", place.read("site/index.json").replace("2100", "2101"))
    told.weir("plugin", "install", "./site")
    told.end("install_folder.txt")


@case
def a_folder_that_is_known_as_an_index_is_not_rolled_back(place):
    site(place)
    place.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub").works()
    old = {name: place.read(f"site/{name}") for name in ("index.json", "index.json.sig")}
    build(place)
    place.weir("plugin", "install", "./site").works()
    must(installed(place) == [f"{name}-1.0.0.{end}" for name in ("lines", "trim") for end in ("json", "so")], f"found {installed(place)}")
    for name, text in old.items():
        place.write(f"site/{name}", text)
    place.weir("plugin", "install", "./site/").fails(4, "index.rolled_back")


finish()
