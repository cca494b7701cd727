"""What becomes of the example plugins: packed, signed and served by their author; locked, run, changed, taken back and carried away by users."""
import json
import os
import shutil
import sys
from pathlib import Path

VERSIONED = {"access_log": "plugins: { access_log: { version: ^1, isolation: none } }"}


def play(top, weir, build, made):
    """`made`: name to binary. Raises AssertionError."""
    os.environ.update(WEIR=str(weir), BAD_PLUGINS=str(build / "tests/bad_plugins"))
    sys.path.insert(0, str(top / "tests/e2e"))
    from serving import Place, Server
    author, user, elsewhere = Place(), Place(), Place()
    try:
        publish(author, made)
        for reader in (user, elsewhere):
            receive(reader, author, top)
        with Server(author.folder / "site") as server:
            user.weir("plugin", "index", "add", "team", server.address, "--key", author.folder / "team.pub").works()
            live(user, author, top, made)
            user.weir("plugin", "bundle", "carried").works()
        shutil.copytree(user.folder / "carried", elsewhere.folder / "carried")
        shutil.copy(user.folder / "weir.lock", elsewhere.folder)
        elsewhere.weir("install", "--from", "carried", "--locked").works()
        runs_all(elsewhere, top, made)
    finally:
        for place in (author, user, elsewhere):
            place.leave()


def publish(author, made):
    for name in ("author", "team"):
        author.weir("plugin", "key", "new", name, "--expires", "2100-01-01").works()
    author.write("LICENSE", "Apache-2.0\n")
    (author.folder / "site/packages").mkdir(parents=True)
    author.write("README.md", "# One of four\n")
    for binary in made.values():
        pack(author, binary)
    index(author)


def pack(author, binary):
    author.weir("plugin", "pack", binary).works()
    package = next(author.folder.glob("*.weirpkg"))
    author.weir("plugin", "sign", package.name, "--key", "author.key").works()
    shutil.move(package, author.folder / "site/packages")


def index(author, *more):
    author.weir("plugin", "index", "build", "site", "--key", "team.key", "--expires", "2100-01-01", *more).works()


def receive(user, author, top):
    """The manifests of all examples in one folder, with the plugins that they need, and the author's key."""
    user.weir("plugin", "trust", "add", author.folder / "author.pub").works()
    for folder in sorted((top / "examples/third_party").iterdir()):
        for data in (folder / "data").iterdir():
            user.write(f"data/{data.name}", data.read_bytes())
        lines = (folder / "manifest.yaml").read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith("plugins:")]
        user.write(f"{folder.name}.yaml", "\n".join([*kept, VERSIONED.get(folder.name, f"plugins: {{ {folder.name}: ^1 }}"), ""]))


def runs_all(user, top, made):
    for name in made:
        out = user.folder / f"out-{name}"
        shutil.rmtree(out, ignore_errors=True)
        user.env["WEIR_OUT"] = str(out)
        user.weir("run", f"{name}.yaml", "--fresh").works()
        for expected in (top / "examples/third_party" / name / "expected").glob("*.csv.txt"):
            found = (out / expected.stem).read_text(encoding="utf-8")
            assert found == expected.read_text(encoding="utf-8"), f"{name}: expected {expected.name}, found\n{found}"


def live(user, author, top, made):
    user.weir("install").works()
    lock = user.read("weir.lock")
    assert sorted(json.loads(lock)["plugins"]) == sorted(made), lock
    runs_all(user, top, made)
    user.weir("install", "--locked").works()
    assert user.read("weir.lock") == lock, "expected the lock as it was"
    binary = next((user.home / "data/weir/plugins").glob("units-*.so"))
    good = binary.read_bytes()
    binary.unlink()
    binary.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    user.weir("run", "units.yaml", "--fresh").fails(4, "plugin.other_digest")
    binary.write_bytes(good)
    user.weir("plugin", "audit").works()
    moves_on_and_back(user, author, top, made, lock)
    index(author, "--yank", "units@1.0.0", "--reason", "knots are wrong")
    finds(user, "knots are wrong")
    runs_all(user, top, made)  # what is locked goes on
    fingerprint = json.loads(lock)["plugins"]["units"]["signer"]
    index(author, "--revoke", fingerprint, "--reason", "a laptop was lost")
    finds(user, "a laptop was lost")


def moves_on_and_back(user, author, top, made, lock):
    author.write("units-1.1.0.so", Path(made["units"]).read_bytes().replace(b"1.0.0", b"1.1.0"))
    pack(author, author.folder / "units-1.1.0.so")
    index(author)
    user.weir("install").works()
    assert user.read("weir.lock") == lock, "expected the lock as it was"
    user.weir("plugin", "update", "units").works()
    assert json.loads(user.read("weir.lock"))["plugins"]["units"]["version"] == "1.1.0", user.read("weir.lock")
    runs_all(user, top, made)
    user.write("weir.lock", lock)  # as version control does it
    user.weir("install", "--locked").works()
    plan = json.loads(user.weir("plan", "units.yaml", "--output", "json").works().out)
    assert {"units": "1.0.0"}.items() <= {plugin["name"]: plugin["version"] for plugin in plan["plugins"]}.items(), plan["plugins"]


def finds(user, reason):
    audited = user.weir("plugin", "audit")
    assert audited.code == 1 and reason in audited.out, audited.out + audited.err
