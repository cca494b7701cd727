"""weir plugin index, search, and install by name: what comes from an index is what its key has signed, not yanked, not older than seen."""
from packing import *


def story(place):
    """An author's folder, two versions of trim and one of lines, signed, and their index."""
    ready(place)
    for version in ("1.0.0", "2.0.0"):
        packed(place, version)
    packed(place, "1.0.0", name="lines")
    (place.folder / "site/packages").mkdir(parents=True)
    for package in place.folder.glob("*.weirpkg"):
        shutil.move(package, place.folder / "site/packages")
    return build(place)


def build(place, *more, expires="2100-01-01"):
    return place.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", expires, *more).works()


def what_is_served_is_not_what_was_signed(place, told):
    package = place.folder / "site/packages/lines-1.0.0.weirpkg"
    whole = package.read_bytes()
    package.write_bytes(whole + b"x")
    told.weir("plugin", "install", "lines")
    package.write_bytes(whole[:-1] + b"x")
    told.weir("plugin", "install", "lines")
    package.unlink()
    told.weir("plugin", "install", "lines")
    package.write_bytes(whole)


def what_is_served_is_old(place, told):
    old = {name: place.read(f"site/{name}") for name in ("index.json", "index.json.sig")}
    build(place)
    place.weir("plugin", "search").works()
    for name, text in old.items():
        place.write(f"site/{name}", text)
    told.weir("plugin", "install", "lines")
    told.weir("plugin", "search")
    for _ in range(2):
        build(place, expires="2020-01-01")
    told.weir("plugin", "install", "lines")
    build(place)
    place.write("site/index.json", place.read("site/index.json").replace("2100", "2101"))
    told.weir("plugin", "install", "lines")


def what_can_not_be_built(place, told):
    (place.folder / "site/index.json").unlink()
    told.weir("plugin", "install", "lines")
    shutil.copy(place.folder / "site/packages/lines-1.0.0.weirpkg", place.folder / "site/packages/copy.weirpkg")
    told.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "2100-01-01")
    place.write("site/index.json", "{}")
    told.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "2100-01-01")
    (place.folder / "site/index.json").unlink()
    (place.folder / "site/index.json").mkdir()
    told.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "2100-01-01")
    (place.folder / "site/index.json").rmdir()
    (place.folder / "site/packages/copy.weirpkg").unlink()
    (place.folder / "site/index.json.sig").unlink()
    (place.folder / "site/index.json.sig").mkdir()
    told.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "2100-01-01")
    (place.folder / "site/index.json.sig").rmdir()
    for _ in range(9):
        build(place)


@case
def what_is_told(place):
    ready(place)
    told = Told(place)
    told.weir("plugin", "index", "list")
    told.weir("plugin", "search")
    told.weir("plugin", "install", "trim")
    told.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "2100-01-01")
    told.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "soon")
    told.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub")
    story_of = place.folder / "again"
    story_of.mkdir()
    for name in ("acme.key", "acme.pub"):
        (place.folder / name).unlink()
    story(place)
    told.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "2100-01-01")
    told.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub")
    told.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub")
    told.weir("plugin", "index", "list")
    told.weir("plugin", "search", "line")
    told.weir("plugin", "install", "trm")
    told.weir("plugin", "install", "trim@^3")
    told.weir("plugin", "install", "trim@~~1")
    told.weir("plugin", "install", "trim@^1")
    told.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "2100-01-01", "--yank", "trim@2.0.0", "--reason", "loses rows")
    told.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "2100-01-01", "--yank", "trim@9.0.0", "--reason", "x")
    told.weir("plugin", "install", "trim@^2")

    what_is_served_is_not_what_was_signed(place, told)
    what_is_served_is_old(place, told)
    what_can_not_be_built(place, told)
    told.weir("plugin", "trust", "revoke", "acme", "--reason", "a laptop was lost")
    told.weir("plugin", "install", "lines")
    told.weir("plugin", "index", "remove", "other")
    told.weir("plugin", "index", "remove", "acme")
    place.write("home/config/weir/indexes.json", "[]")
    told.weir("plugin", "index", "list")
    told.end("index.txt")


@case
def the_newest_that_fits_is_installed(place):
    story(place)
    place.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub").works()
    place.weir("plugin", "install", "trim@^1").works()
    must(installed(place) == ["trim-1.0.0.json", "trim-1.0.0.so"], f"found {installed(place)}")
    place.weir("plugin", "install", "trim").works()
    must("trim-2.0.0.so" in installed(place), f"found {installed(place)}")
    build(place, "--yank", "trim@2.0.0", "--reason", "loses rows")
    place.weir("plugin", "remove", "trim@2.0.0").works()
    place.weir("plugin", "install", "trim").works()
    must("trim-2.0.0.so" not in installed(place), "expected a version that was yanked not to be installed")
    build(place)
    must("yanked: loses rows" in place.weir("plugin", "install", "trim@^2").fails(4, "index.no_version").err, "expected it to stay yanked")


@case
def from_an_index_a_signature_is_required(place):
    story(place)
    packed(place, "3.0.0", key=None)
    shutil.move(place.folder / "trim-3.0.0.weirpkg", place.folder / "site/packages")
    build(place)
    place.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub").works()
    place.weir("plugin", "install", "trim").fails(4, "package.unsigned")
    must(installed(place) == [], f"found {installed(place)}")
    place.weir("plugin", "install", "trim", "--signatures", "warn").works()
    place.weir("plugin", "remove", "trim").works()
    place.weir("plugin", "trust", "policy", "off", "--for", "file").works()
    place.weir("plugin", "install", "trim").fails(4, "package.unsigned")
    place.weir("plugin", "trust", "policy", "warn", "--for", "index").works()
    must("warning: trim 3.0.0: expected a signature" in place.weir("plugin", "install", "trim").works().out, "expected a warning")
    place.weir("plugin", "remove", "trim").works()
    place.weir("plugin", "install", "trim", "--signatures", "require").fails(4, "package.unsigned")


@case
def what_an_index_revokes_is_not_believed(place):
    story(place)
    place.weir("plugin", "key", "new", "author").works()
    place.weir("plugin", "trust", "add", "author.pub").works()
    place.weir("plugin", "sign", packed(place, "1.0.0", key="author", name="discard"), "--key", "author.key").works()
    shutil.move(place.folder / "discard-1.0.0.weirpkg", place.folder / "site/packages")
    fingerprint = json.loads(place.weir("plugin", "trust", "list", "--output", "json").works().out)["keys"][0]["fingerprint"]
    build(place)
    place.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub").works()
    place.weir("plugin", "install", "discard").works()
    place.weir("plugin", "remove", "discard").works()
    build(place, "--revoke", fingerprint, "--reason", "misused")
    place.weir("plugin", "install", "discard").fails(4, "package.revoked_key", "misused")
    build(place)
    place.weir("plugin", "install", "discard").fails(4, "package.revoked_key", "misused")


finish()
