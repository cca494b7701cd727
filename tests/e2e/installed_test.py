"""weir plugin install, remove and verify: what is installed is what was signed, and nothing runs before that is known."""
import threading

from packing import *


def is_used(place, version):
    place.write("in.csv", "note\n x \n")
    job = place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": "trim"}],
                         plugins={"trim": version})
    place.weir("run", job, "--fresh").works()
    must(place.read("out.csv") == "note\nx\n", f"found {place.read('out.csv')!r}")


def spy(place):
    """A package of a plugin that writes a file when it is loaded, and is good for nothing."""
    # The section of a plugin that is right, in a library that is not.
    subprocess.run(["objcopy", "--dump-section", f".weir={place.folder / 'section'}", EXAMPLES / "trim.so", "/dev/null"], check=True)
    source = place.write("spy.c", '#include <stdlib.h>\n#include <fcntl.h>\n'
                         '__asm__(".section .weir,\\"a\\"\\n.incbin \\"section\\"\\n.previous");\n'
                         '__attribute__((constructor)) static void load(void) { open(getenv("SPY"), O_CREAT | O_WRONLY, 0600); }\n')
    subprocess.run(["cc", "-shared", "-fPIC", "-o", "spy.so", source], check=True, cwd=place.folder)
    place.weir("plugin", "pack", "spy.so").works()


def for_another_machine(place):
    """A package of a binary that says it is for another processor."""
    data = bytearray((EXAMPLES / "lines.so").read_bytes())
    x86, arm = (62).to_bytes(2, "little"), (183).to_bytes(2, "little")  # e_machine
    data[18:20] = arm if bytes(data[18:20]) == x86 else x86
    place.write("lines-arm.so", bytes(data))
    place.weir("plugin", "pack", "lines-arm.so").works()
    return "lines-1.0.0.weirpkg"


def with_another_signature(place, package):
    """The package with a bit of its signature turned, and the rest as it was."""
    tar = subprocess.run(["zstd", "-dc", place.folder / package], check=True, capture_output=True).stdout
    at = tar.index(b'"signature": "') + len(b'"signature": "')
    changed = tar[:at] + (b"B" if tar[at:at + 1] == b"A" else b"A") + tar[at + 1:]
    place.write("turned.weirpkg", subprocess.run(["zstd", "-c"], input=changed, check=True, capture_output=True).stdout)
    return "turned.weirpkg"


@case
def what_is_told(place):
    ready(place)
    place.weir("plugin", "key", "new", "other").works()
    place.weir("plugin", "key", "new", "old", "--expires", "2020-01-01").works()
    package, unsigned = packed(place), packed(place, "1.1.0", key=None)
    told = Told(place)
    told.weir("plugin", "verify")
    told.weir("plugin", "install", "gone.weirpkg")
    told.weir("plugin", "install", unsigned, "--signatures", "require")
    told.weir("plugin", "install", unsigned)
    told.weir("plugin", "install", package, "--signatures", "require")
    told.weir("plugin", "trust", "add", "acme.pub")
    told.weir("plugin", "install", package, "--signatures", "require")
    told.weir("plugin", "install", package)
    told.weir("plugin", "trust", "list")
    told.weir("plugin", "verify")
    told.weir("plugin", "verify", "--signatures", "require")

    # Another trusted key can't sign what acme has signed; one that has expired can't sign anything.
    place.weir("plugin", "trust", "add", "other.pub").works()
    place.weir("plugin", "trust", "add", "old.pub").works()
    told.weir("plugin", "install", packed(place, "1.2.0", key="other"))
    told.weir("plugin", "install", packed(place, "1.3.0", key="old", name="lines"), "--signatures", "require")
    told.weir("plugin", "install", "lines-1.3.0.weirpkg")

    told.weir("plugin", "install", with_another_signature(place, package))
    told.weir("plugin", "install", for_another_machine(place))
    place.env["SPY"] = str(place.folder / "was-loaded")
    spy(place)
    told.weir("plugin", "install", "trim-1.0.0.weirpkg", "--to", "elsewhere")
    package = packed(place)

    # Changed behind weir's back, and a version with other bytes.
    (place.home / "data/weir/plugins/trim-1.0.0.so").write_bytes((EXAMPLES / "lines.so").read_bytes())
    told.weir("plugin", "verify", "trim@1.0.0")
    told.weir("plugin", "install", package)
    told.weir("plugin", "remove", "trim@1.0.0")
    told.weir("plugin", "remove", "trim@1.0.0")
    told.weir("plugin", "install", package)
    told.weir("plugin", "trust", "revoke", "acme", "--reason", "a laptop was lost")
    told.weir("plugin", "verify", "trim@1.0.0")
    told.weir("plugin", "install", packed(place, "1.4.0"))
    (place.home / "data/weir/plugins/trim-1.0.0.json").write_text("{}")
    told.weir("plugin", "verify", "trim")
    place.write("file", "")
    told.weir("plugin", "install", unsigned, "--to", "file")
    place.env.pop("XDG_DATA_HOME")
    place.env["HOME"] = ""
    told.weir("plugin", "install", unsigned, "--signatures", "off")
    told.end("installed.txt")


@case
def a_policy_is_kept(place):
    """For files here; index_test.py and lock_test.py have the rest."""
    ready(place)
    unsigned, package = packed(place, key=None), packed(place, "1.1.0")
    told = Told(place)
    told.weir("plugin", "trust", "policy")
    told.weir("plugin", "trust", "policy", "strict")
    told.weir("plugin", "trust", "policy", "--for", "file")
    told.weir("plugin", "trust", "policy", "require", "--for", "everything")
    told.weir("plugin", "trust", "policy", "require", "--for", "file")
    told.weir("plugin", "install", unsigned)
    told.weir("plugin", "install", unsigned, "--signatures", "warn")
    told.weir("plugin", "trust", "add", "acme.pub")
    told.weir("plugin", "install", package)
    told.weir("plugin", "trust", "policy", "off")
    told.weir("plugin", "trust", "list")
    told.weir("plugin", "install", with_another_signature(place, package))
    told.weir("plugin", "remove", "trim")
    told.weir("plugin", "install", "turned.weirpkg")
    told.weir("plugin", "trust", "policy", "--output", "json")
    place.write("home/config/weir/trusted_keys.json", place.read("home/config/weir/trusted_keys.json").replace('"off"', '"of"'))
    told.weir("plugin", "install", unsigned)
    told.end("policy.txt")


@case
def versions_stand_side_by_side(place):
    ready(place)
    place.weir("plugin", "trust", "add", "acme.pub").works()
    for version in ("1.5.0", "1.9.0", "1.0.0"):
        place.weir("plugin", "install", packed(place, version), "--signatures", "require").works()
    must("trim  1.9.0" in place.weir("plugin", "list").works().out.splitlines()[0], "expected the newest to be taken")
    for version in ("*", "~1.5", "=1.0.0"):
        is_used(place, version)
    place.weir("plugin", "remove", "trim@1.9.0").works()
    must(installed(place) == ["trim-1.0.0.json", "trim-1.0.0.so", "trim-1.5.0.json", "trim-1.5.0.so"], f"found {installed(place)}")
    place.weir("plugin", "remove", "trim").works()
    must(installed(place) == [], f"found {installed(place)}")


@case
def nothing_of_it_runs_before_it_is_believed(place):
    """A plugin that writes a file when it is loaded is refused without that file; a tampered package too."""
    ready(place)
    spy(place)
    place.env["SPY"] = str(place.folder / "was-loaded")
    loaded = place.folder / "was-loaded"
    place.weir("plugin", "install", "trim-1.0.0.weirpkg", "--signatures", "require").fails(4, "package.unsigned")
    must(not loaded.exists() and installed(place) == [], "expected it not to be loaded, nor installed")
    place.weir("plugin", "list").works()
    place.weir("plugin", "install", "trim-1.0.0.weirpkg").fails(4, "package.not_conforming")
    must(loaded.exists(), "expected this one to be loaded: else the test shows nothing")
    must(installed(place) == [], f"expected it not to be installed, found {installed(place)}")


def content(package):
    """What a package decompresses to, or nothing."""
    return subprocess.run(["zstd", "-dc"], input=package, capture_output=True).stdout


@case
def whatever_is_changed_is_refused(place):
    """But for a few bits of a zstd frame that say nothing: one without them has the same content."""
    ready(place)
    place.weir("plugin", "trust", "add", "acme.pub").works()
    package = place.folder / packed(place)
    whole = package.read_bytes()
    refused = 0
    for at in range(0, len(whole), len(whole) // 40):
        changed = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:]
        package.write_bytes(changed)
        if content(changed) == content(whole):
            continue
        ended = place.weir("plugin", "install", package.name, "--signatures", "require")
        must(ended.code == 4 and "Traceback" not in ended.err, f"byte {at}: exit {ended.code}: {ended.err}")
        must(installed(place) == [], f"byte {at}: found {installed(place)}")
        refused += 1
    must(refused > 30, f"expected nearly all of them to change something, found {refused}")
    package.write_bytes(whole)
    place.weir("plugin", "install", package.name, "--signatures", "require").works()


@case
def two_installers_at_once(place):
    ready(place)
    place.weir("plugin", "trust", "add", "acme.pub").works()
    packages = [packed(place, f"1.{minor}.0") for minor in range(4)] + [packed(place, "1.0.0")] * 4
    ended = []
    threads = [threading.Thread(target=lambda package=package: ended.append(place.weir("plugin", "install", package)))
               for package in packages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in ended:
        one.works()
    must(len(installed(place)) == 8, f"found {installed(place)}")
    place.weir("plugin", "verify", "--signatures", "require").works()


@case
def a_full_or_read_only_folder_has_nothing_new(place):
    ready(place)
    package = packed(place)
    limited = f'ulimit -f 8; trap "" XFSZ; exec "{WEIR}" plugin install {package}'
    ended = subprocess.run(["bash", "-c", limited], cwd=place.folder, env=place.env, text=True, capture_output=True)
    must(ended.returncode == 4 and "package.folder" in ended.stderr, f"{ended.returncode} {ended.stderr}")
    must(installed(place) == [], f"found {installed(place)}")


@case
def killed_at_any_time_it_is_installed_or_not(place):
    ready(place)
    package = packed(place)
    place.weir("plugin", "install", package).works()
    place.weir("plugin", "remove", "trim").works()
    for moment in range(1, 40, 3):
        process = place.start("plugin", "install", package)
        time.sleep(moment / 1000)
        process.kill()
        process.wait()
        binary = place.home / "data/weir/plugins/trim-1.0.0.so"
        if binary.exists():
            place.weir("plugin", "verify", "trim").works()
    place.weir("plugin", "install", package).works()
    place.weir("plugin", "verify", "trim").works()
    is_used(place, "=1.0.0")


finish()
