"""The whole story of a plugin that a stranger installs: made, signed and served by its author, taken, run and taken back by who uses it."""
from serving import *

BUILD = Path(BAD_PLUGINS).parent.parent


class Author:
    """Who makes the plugin `trimmer`, signs it, and serves it with an index that another key signs."""

    def __init__(self, place):
        self.place, self.folder = place, place.folder / "trimmer"
        subprocess.run(["cmake", "--install", BUILD / "sdk", "--prefix", place.folder / "sdk"], check=True, capture_output=True)
        place.weir("plugin", "new", "trimmer", "--kind", "transformer", "--lang", "c").works()
        (place.folder / "site/packages").mkdir(parents=True)
        for name in ("author", "team"):
            place.weir("plugin", "key", "new", name, "--expires", "2100-01-01").works()

    def build(self):
        for words in (["-S", ".", "-B", "build", "-DBUILD_TESTING=OFF", f"-DCMAKE_PREFIX_PATH={self.place.folder / 'sdk'}"], ["--build", "build"]):
            done = subprocess.run(["cmake", *words], cwd=self.folder, text=True, capture_output=True)
            must(done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:])
        return self.folder / "build/trimmer.so"

    def publishes(self, version):
        """Builds a version, tries it, packs and signs it, and puts it into the index."""
        schema = self.folder / "schema.json"
        schema.write_text(re.sub(r'"version": "[\d.]+"', f'"version": "{version}"', schema.read_text()))
        binary = self.build()
        self.place.weir("plugin", "test", binary).works()
        self.place.weir("plugin", "pack", binary, "--readme", self.folder / "README.md", "--license", self.folder / "LICENSE").works()
        package = f"trimmer-{version}.weirpkg"
        self.place.weir("plugin", "sign", package, "--key", "author.key").works()
        shutil.move(self.place.folder / package, self.place.folder / "site/packages" / package)
        self.indexes()

    def indexes(self, *more):
        self.place.weir("plugin", "index", "build", "site", "--key", "team.key", "--expires", "2100-01-01", *more).works()


def is_run(user, range_):
    """The plugin does its work in a pipeline of the user's, in the newest version that fits."""
    user.write("in.csv", "name\n ada \n")
    job = user.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": "trimmer", "column": "name"}],
                        plugins={"trimmer": range_})
    ended = user.weir("run", job, "--fresh", "--output", "json").works()
    must(user.read("out.csv") == "name\nada\n", f"found {user.read('out.csv')!r}")
    return ended


def key_of(place, name):
    keys = json.loads(place.weir("plugin", "trust", "list", "--output", "json").works().out)["keys"]
    return next(key["fingerprint"] for key in keys if key["name"] == name)


def takes_it(user, author_folder, server):
    """Trusts the author, adds the index, and installs the plugin by its name."""
    user.weir("plugin", "index", "add", "team", server.address, "--key", author_folder / "team.pub").works()
    must("trimmer  1.0.0" in user.weir("plugin", "search", "trim").works().out, "expected it to be found")
    user.weir("plugin", "install", "trimmer").fails(4, "package.unknown_signer")
    user.weir("plugin", "trust", "add", author_folder / "author.pub").works()
    user.weir("plugin", "install", "trimmer").works()
    must(installed(user) == ["trimmer-1.0.0.json", "trimmer-1.0.0.so"], f"found {installed(user)}")
    is_run(user, "^1")


def is_not_fooled(user, author, server):
    """What is changed on the way, or where it is installed, is noticed."""
    package = author.place.folder / "site/packages/trimmer-1.0.0.weirpkg"
    whole = package.read_bytes()
    package.write_bytes(whole[:len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1:])
    user.weir("plugin", "install", "trimmer", "--to", "elsewhere").fails(4, "index.other_package")
    user.weir("plugin", "install", server.address + "/packages/trimmer-1.0.0.weirpkg", "--to", "elsewhere").fails(4)
    must(not list(user.folder.glob("elsewhere/*.so")), "expected nothing to be installed")
    package.write_bytes(whole)
    binary = user.home / "data/weir/plugins/trimmer-1.0.0.so"
    good = binary.read_bytes()
    binary.unlink()
    binary.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    user.weir("plugin", "verify", "trimmer").fails(4, "package.changed")
    user.weir("plugin", "remove", "trimmer").works()
    user.weir("plugin", "install", "trimmer").works()
    user.weir("plugin", "verify", "trimmer", "--signatures", "require").works()


def goes_to_a_newer_one_and_back(user, author):
    author.publishes("1.1.0")
    user.weir("plugin", "install", "trimmer").works()
    must("trimmer-1.1.0.so" in installed(user) and "trimmer-1.0.0.so" in installed(user), f"found {installed(user)}")
    is_run(user, "^1.1")
    author.indexes("--yank", "trimmer@1.1.0", "--reason", "loses the last row")
    user.weir("plugin", "install", "trimmer@^1.1").fails(4, "index.no_version", "yanked: loses the last row")
    user.weir("plugin", "remove", "trimmer@1.1.0").works()
    user.weir("plugin", "install", "trimmer").works()
    must(installed(user) == ["trimmer-1.0.0.json", "trimmer-1.0.0.so"], f"found {installed(user)}")
    is_run(user, "^1")


def believes_a_lost_key_no_more(user, author):
    author.indexes("--revoke", key_of(user, "author"), "--reason", "a laptop was lost")
    user.weir("plugin", "install", "trimmer", "--to", "elsewhere").fails(4, "package.revoked_key", "a laptop was lost")
    user.weir("plugin", "trust", "revoke", "author", "--reason", "a laptop was lost").works()
    user.weir("plugin", "verify", "trimmer").fails(4, "package.revoked_key")


@case
def the_whole_story(place):
    author = Author(place)
    author.publishes("1.0.0")
    user = Place()
    try:
        with Server(place.folder / "site") as server:
            takes_it(user, place.folder, server)
            is_not_fooled(user, author, server)
            goes_to_a_newer_one_and_back(user, author)
            believes_a_lost_key_no_more(user, author)
    finally:
        user.leave()


finish()
