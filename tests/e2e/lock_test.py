# slow
"""weir install and weir.lock: what a lock names is what is installed and run, on each machine; what is not is refused, and answered."""
import mmap

from packing import *


def build(place, *more, expires="2100-01-01"):
    return place.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", expires, *more).works()


def serve(place, *packages):
    (place.folder / "site/packages").mkdir(parents=True, exist_ok=True)
    for package in packages:
        shutil.move(place.folder / package, place.folder / "site/packages")
    return build(place)


def served(place):
    """An author's index, which this user has added: trim 1.0.0 and 2.0.0, lines 1.0.0."""
    ready(place)
    serve(place, packed(place), packed(place, "2.0.0"), packed(place, name="lines"))
    place.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub").works()


def job(place, version="^1", name="job", **plugins):
    """A manifest that trims."""
    place.write("in.csv", "note\n x \n")
    return place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": "trim"}], name=name,
                          plugins={"trim": version, **plugins})


def end(told, name):
    told.text = re.sub(r"linux-(x86-64|aarch64)(-glibc)?", "PLATFORM", told.text)
    told.end(name)


def lock_of(place):
    return json.loads(place.read("weir.lock"))


def change_lock(place, change):
    lock = lock_of(place)
    change(lock["plugins"])
    place.write("weir.lock", json.dumps(lock))


def told_version(place, manifest):
    plugins = json.loads(place.weir("plan", manifest, "--output", "json").works().out)["plugins"]
    return [plugin["version"] for plugin in plugins if plugin["name"] == "trim"]


class Colleague:
    """The same folder as another user, or another machine, sees it."""

    def __init__(self, place):
        self.place, self.home, self.env = place, place.home, place.env

    def __enter__(self):
        self.place.home = self.place.folder / "colleague"
        self.place.home.mkdir()
        self.place.env = {**self.env, "HOME": str(self.place.home),
                          **{f"XDG_{kind}_HOME": str(self.place.home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}}

    def __exit__(self, *_):
        self.place.home, self.place.env = self.home, self.env


def what_an_index_does_not_have(place, told):
    place.weir("plugin", "remove", "trim").works()
    lock = place.read("weir.lock")
    change_lock(place, lambda plugins: plugins["trim"]["digests"].update({"linux-riscv64": "0" * 64}))
    told.weir("install")
    change_lock(place, lambda plugins: plugins["trim"].update(version="1.7.0"))
    told.weir("install")
    place.write("weir.lock", lock)
    build(place, "--yank", "trim@1.0.0", "--reason", "loses rows")
    told.weir("install")
    place.weir("plugin", "remove", "trim").works()
    build(place, expires="2020-01-01")
    told.weir("install")
    job(place, "^1", lines="*")
    told.weir("install")
    job(place)
    build(place)


def what_is_no_lock(place, told):
    lock = place.read("weir.lock")
    place.write("weir.lock", "<<<<<<< ours\n" + lock)
    told.weir("install")
    told.weir("run", "job.json")
    place.write("weir.lock", lock.replace('"weir_lock": 1', '"weir_lock": 2'))
    told.weir("install")
    place.write("weir.lock", lock)


@case
def what_is_told(place):
    served(place)
    told = Told(place)
    told.weir("install")
    job(place)
    told.weir("install", "--locked")
    told.weir("install")
    told.text += f"$ cat weir.lock\n{place.read('weir.lock')}\n"
    told.weir("install")
    told.weir("install", "--locked")
    place.weir("run", "job.json").works()
    job(place, "^2", lines="1.0.0")
    told.weir("run", "job.json")
    told.weir("install", "--locked")
    job(place, "^1")
    job(place, "^2", name="other")
    told.weir("install")
    (place.folder / "other.json").unlink()
    job(place, "^1", linse="*")
    told.weir("install")
    job(place, "^1", file="*", csv="*")
    told.weir("install", "job.json")
    job(place)

    binary = place.home / "data/weir/plugins/trim-1.0.0.so"
    binary.write_bytes(binary.read_bytes() + b"x")
    told.weir("run", "job.json")
    told.weir("validate", "job.json")
    told.weir("install")
    what_is_no_lock(place, told)
    what_an_index_does_not_have(place, told)
    place.weir("plugin", "install", packed(place, "3.0.0")).works()
    binary = place.home / "data/weir/plugins/trim-3.0.0.so"
    binary.write_bytes(binary.read_bytes() + b"x")
    job(place, "^3")
    told.weir("install")
    place.write("job.json", "{\"weir\": 1, \"plugins\": {\"trim\": \"newest\"}}")
    told.weir("install")
    end(told, "lock.txt")


@case
def a_colleague_gets_the_same_bytes(place):
    served(place)
    manifest = job(place)
    place.weir("install").works()
    lock, mine = place.read("weir.lock"), digest(place.home / "data/weir/plugins/trim-1.0.0.so")
    must(mine in lock_of(place)["plugins"]["trim"]["digests"].values(), f"found {lock}")
    serve(place, packed(place, "1.5.0"))
    with Colleague(place):
        place.weir("install", "--locked").fails(4, "lock.nowhere", "weir plugin index add acme PLACE")
        place.weir("plugin", "index", "add", "mine", "site", "--key", "acme.pub").works()
        place.weir("install", "--locked").works()
        must(installed(place) == ["trim-1.0.0.json", "trim-1.0.0.so"], f"found {installed(place)}")
        must(digest(place.home / "data/weir/plugins/trim-1.0.0.so") == mine, "expected the same bytes, found others")
        place.weir("run", manifest).works()
    must(place.read("weir.lock") == lock, "expected the lock to stay as it was")


@case
def the_locked_version_is_run_whatever_else_is_there(place):
    served(place)
    manifest = job(place, "*")
    place.weir("plugin", "install", "trim@^1").works()
    place.weir("plugin", "install", "trim@^2").works()
    must(told_version(place, manifest) == ["2.0.0"], "expected the newest without a lock")
    place.weir("install").works()
    must(lock_of(place)["plugins"]["trim"]["version"] == "2.0.0", f"found {lock_of(place)}")
    job(place, "^1")
    place.weir("install").works()
    job(place, "*")
    must(told_version(place, manifest) == ["1.0.0"], "expected the locked version")
    place.weir("install", "--locked").works()
    place.weir("run", manifest).works()


@case
def nothing_of_another_binary_runs(place):
    served(place)
    manifest = job(place)
    place.weir("install").works()
    subprocess.run(["objcopy", "--dump-section", f".weir={place.folder / 'section'}", EXAMPLES / "trim.so", "/dev/null"], check=True)
    source = place.write("spy.c", '#include <stdlib.h>\n#include <fcntl.h>\n'
                         '__asm__(".section .weir,\\"a\\"\\n.incbin \\"section\\"\\n.previous");\n'
                         '__attribute__((constructor)) static void load(void) { open(getenv("SPY"), O_CREAT | O_WRONLY, 0600); }\n')
    subprocess.run(["cc", "-shared", "-fPIC", "-o", place.home / "data/weir/plugins/trim-1.0.0.so", source], check=True, cwd=place.folder)
    place.env["SPY"] = str(place.folder / "was_loaded")
    for command in ("run", "plan", "validate", "preview"):
        place.weir(command, manifest).fails(4, "plugin.other_digest")
    must(not (place.folder / "was_loaded").exists(), "expected nothing of it to run")
    (place.folder / "weir.lock").unlink()
    place.weir("run", manifest).fails(4)
    must((place.folder / "was_loaded").exists(), "expected the spy to tell when it is loaded")


@case
def a_lock_changes_only_by_what_changed(place):
    served(place)
    job(place)
    place.weir("install").works()
    place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, name="other", plugins={"lines": "*"})
    serve(place, packed(place, "1.5.0"))
    place.weir("install").works()
    versions = {name: one["version"] for name, one in lock_of(place)["plugins"].items()}
    must(versions == {"trim": "1.0.0", "lines": "1.0.0"}, f"found {versions}")
    (place.folder / "other.json").unlink()
    place.weir("install", "job.json").works()
    must("lines" in lock_of(place)["plugins"], "expected others' plugins to stay, for not all manifests were asked")
    place.weir("install", "--locked").fails(2, "lock.must_change", "no manifest names it")
    place.weir("install").works()
    must("lines" not in lock_of(place)["plugins"], "expected what nobody names to leave the lock")


@case
def who_signed_what_is_locked_is_asked_for_on_a_new_machine(place):
    served(place)
    job(place)
    place.weir("install").works()
    place.weir("plugin", "key", "new", "thief").works()
    serve(place, packed(place, "1.5.0", key="thief"))
    with Colleague(place):
        place.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub").works()
        place.weir("plugin", "trust", "add", "thief.pub").works()
        job(place, ">=1.5")
        place.weir("plugin", "index", "build", "site", "--key", "acme.key", "--expires", "2100-01-01", "--yank", "trim@2.0.0", "--reason", "x").works()
        place.weir("install").fails(4, "package.other_signer")
        must(installed(place) == [], f"found {installed(place)}")


@case
def what_came_from_a_file_is_locked_by_where_it_is(place):
    ready(place)
    (place.folder / "vendor").mkdir()
    shutil.move(place.folder / packed(place), place.folder / "vendor")
    shutil.move(place.folder / packed(place, key=None, name="lines"), place.folder / "vendor")
    place.weir("plugin", "trust", "add", "acme.pub").works()
    for name in ("trim", "lines"):
        place.weir("plugin", "install", f"vendor/{name}-1.0.0.weirpkg").works()
    job(place, lines="*")
    place.weir("install").works()
    sources = {name: one["source"] for name, one in lock_of(place)["plugins"].items()}
    must(sources == {name: {"file": f"vendor/{name}-1.0.0.weirpkg"} for name in ("trim", "lines")}, f"found {sources}")
    with Colleague(place):
        place.weir("install").fails(4, "package.unknown_signer")
        place.weir("plugin", "trust", "add", "acme.pub").works()
        place.weir("install").works()
        must("trim-1.0.0.so" in installed(place) and "lines-1.0.0.so" in installed(place), f"found {installed(place)}")
    place.write("vendor/trim-1.0.0.weirpkg", (place.folder / packed(place, "1.0.0")).read_bytes()[:-1])
    with_new = place.folder / "colleague"
    shutil.rmtree(with_new)
    with Colleague(place):
        place.weir("plugin", "trust", "add", "acme.pub").works()
        place.weir("install").fails(4, "package.")
        must("trim-1.0.0.so" not in installed(place), f"found {installed(place)}")


@case
def what_a_lock_names_is_believed_as_the_policy_says(place):
    """By where it was locked from; what the lock says was signed must be, unless nobody looks."""
    ready(place)
    (place.folder / "vendor").mkdir()
    shutil.move(place.folder / packed(place), place.folder / "vendor")
    shutil.move(place.folder / packed(place, key=None, name="lines"), place.folder / "vendor")
    serve(place, packed(place, "2.0.0", key=None, name="lines"))
    place.weir("plugin", "trust", "add", "acme.pub").works()
    for name in ("trim", "lines"):
        place.weir("plugin", "install", f"vendor/{name}-1.0.0.weirpkg").works()
    job(place, lines="*")
    place.weir("install").works()
    with Colleague(place):
        place.weir("plugin", "trust", "policy", "warn").works()
        place.weir("install").fails(4, "package.unknown_signer")  # trim: the lock names its signer
        place.weir("plugin", "trust", "add", "acme.pub").works()
        place.weir("plugin", "remove", "lines").works()  # which came before trim
        place.weir("plugin", "trust", "policy", "require", "--for", "file").works()
        place.weir("install").fails(4, "lines 1.0.0", "package.unsigned")
        place.weir("install", "--signatures", "warn").works()
        place.weir("plugin", "remove", "lines").works()
        place.weir("plugin", "bundle", "offline").works()
        place.weir("install", "--from", "offline").fails(4, "lines 1.0.0", "package.unsigned")
        place.weir("plugin", "trust", "policy", "warn", "--for", "file").works()
        must("lines 1.0.0  not verified" in place.weir("install", "--from", "offline").works().out, "expected a warning alone")
        place.weir("plugin", "index", "add", "acme", "site", "--key", "acme.pub").works()
        job(place, lines=">=2")
        place.weir("plugin", "trust", "policy", "require").works()
        place.weir("install").fails(4, "lines 2.0.0", "package.unsigned")
        place.weir("plugin", "trust", "policy", "off", "--for", "index").works()
        place.weir("install").works()
        must("lines-2.0.0.so" in installed(place), f"found {installed(place)}")


@case
def without_a_home_plugins_lie_beside_the_manifest(place):
    ready(place)
    (place.folder / "vendor").mkdir()
    shutil.move(place.folder / packed(place, key=None), place.folder / "vendor")
    place.weir("plugin", "install", "vendor/trim-1.0.0.weirpkg").works()
    manifest = job(place)
    place.weir("install").works()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        place.env.pop(name)
    place.weir("install", "--locked").works()
    must((place.folder / ".weir/plugins/trim-1.0.0.so").exists(), f"found {place.files()}")
    place.weir("run", manifest).works()


@case
def what_keeping_up_tells(place):
    served(place)
    told = Told(place)
    told.weir("plugin", "update")
    told.weir("plugin", "audit")
    told.weir("plugin", "prune")
    told.weir("plugin", "bundle", "offline")
    place.write("weir.lock", json.dumps({"weir_lock": 1, "plugins": {}}))
    told.weir("plugin", "update")
    job(place)
    place.weir("install").works()
    serve(place, packed(place, "1.5.0"))
    told.weir("plugin", "update", "trm")
    told.weir("plugin", "update", "trim")
    told.weir("plugin", "update")
    told.weir("plugin", "prune", "--dry-run")
    told.weir("plugin", "prune", "site")
    told.weir("plugin", "prune")
    told.weir("plugin", "bundle", "offline")
    told.weir("plugin", "bundle", "weir.lock")
    told.weir("install", "--from", "site/index.json")
    with Colleague(place):
        told.weir("install", "--from", "offline")
        place.weir("plugin", "trust", "add", "acme.pub").works()
        told.weir("install", "--from", "offline", "--locked")
        place.weir("plugin", "remove", "trim").works()
        shutil.move(place.folder / "offline/packages/trim-1.5.0.weirpkg", place.folder / "away.weirpkg")
        told.weir("install", "--from", "offline")
        told.weir("plugin", "bundle", "other")
    told.weir("plugin", "audit")
    build(place, "--yank", "trim@1.5.0", "--reason", "loses rows")
    told.weir("plugin", "audit")
    told.weir("plugin", "audit", "--output", "json")
    told.weir("plugin", "trust", "revoke", "acme", "--reason", "a laptop was lost")
    told.weir("plugin", "audit")
    (place.folder / "weir.lock").unlink()
    told.weir("plugin", "update", "lines")
    end(told, "upkeep.txt")


@case
def what_an_index_revokes_is_found(place):
    served(place)
    place.weir("plugin", "key", "new", "author").works()
    place.weir("plugin", "trust", "add", "author.pub").works()
    serve(place, packed(place, "1.0.0", key="author", name="discard"))
    place.weir("plugin", "install", "discard").works()
    fingerprint = json.loads(place.weir("plugin", "trust", "list", "--output", "json").works().out)["keys"][-1]["fingerprint"]
    place.weir("plugin", "audit").works()
    build(place, "--revoke", fingerprint, "--reason", "misused")
    found = json.loads(place.weir("plugin", "audit", "--output", "json").fails(1).out)
    must([one["code"] for one in found["plugins"][0]["findings"]] == ["package.revoked_key"], f"found {found}")
    place.weir("plugin", "trust", "remove", "author").works()
    found = json.loads(place.weir("plugin", "audit", "--output", "json").fails(1).out)
    must("misused" in found["plugins"][0]["findings"][0]["message"], f"found {found}")
    place.write("home/data/weir/plugins/discard-1.0.0.json", "{}")
    must("package.record" in place.weir("plugin", "audit", "--output", "json").fails(1).out, "expected a damaged record to be found")


@case
def what_is_loaded_or_locked_stays(place):
    served(place)
    serve(place, packed(place, "1.5.0"))
    manifest = job(place)
    for version in ("1.0.0", "1.5.0", "2.0.0"):
        place.weir("plugin", "install", f"trim@{version}").works()
    elsewhere = place.folder / "elsewhere"
    elsewhere.mkdir()
    place.weir("install").works()
    shutil.move(place.folder / "weir.lock", elsewhere)
    with open(place.home / "data/weir/plugins/trim-1.0.0.so", "rb") as file:
        loaded = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        must(f"process {os.getpid()}" in place.weir("plugin", "prune", "elsewhere").works().out, "expected to be told who has it")
        must("trim-1.0.0.so" in installed(place) and "trim-1.5.0.so" in installed(place), f"found {installed(place)}")
        loaded.close()
    place.weir("plugin", "prune", "elsewhere/weir.lock").works()
    must([name for name in installed(place) if name.endswith(".so")] == ["trim-1.5.0.so", "trim-2.0.0.so"], f"found {installed(place)}")
    place.weir("plugin", "prune").works()
    must([name for name in installed(place) if name.endswith(".so")] == ["trim-2.0.0.so"], f"found {installed(place)}")
    place.weir("run", manifest).fails(4, "plugin.version")


@case
def without_a_lock_the_newest_of_what_is_installed_is_taken(place):
    served(place)
    for name in ("trim@^1", "lines"):
        place.weir("plugin", "install", name).works()
    told = place.weir("plugin", "update").works().out
    must("trim 1.0.0 → 2.0.0" in told and "lines 1.0.0: no index" in told, f"found {told}")
    must("trim-2.0.0.so" in installed(place), f"found {installed(place)}")


@case
def a_machine_without_a_network_installs_from_a_bundle(place):
    served(place)
    manifest = job(place, lines="*")
    place.weir("install").works()
    lock = place.read("weir.lock")
    place.weir("plugin", "bundle", "offline").works()
    shutil.rmtree(place.folder / "site")
    (place.folder / "weir.lock").unlink()
    with Colleague(place):
        place.weir("plugin", "trust", "add", "acme.pub").works()
        place.weir("install", "--from", "offline").works()
        must(place.read("weir.lock") == lock, "expected the bundle's lock where there is none")
        place.weir("install", "--from", "offline", "--locked").works()
        place.weir("run", manifest).works()
        place.weir("plugin", "remove", "trim").works()
        package = place.folder / "offline/packages/trim-1.0.0.weirpkg"
        package.write_bytes((place.folder / packed(place, "1.0.0", name="discard")).read_bytes())
        place.weir("install", "--from", "offline").fails(4, "lock.nowhere")
        must("trim-1.0.0.so" not in installed(place), f"found {installed(place)}")


finish()
