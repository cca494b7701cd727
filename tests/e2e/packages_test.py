"""weir plugin pack, sign, key and trust: one file of a plugin, and who signed it."""
import base64
import hashlib
import io
import stat
import tarfile

from packing import *

@case
def a_program_that_was_copied_alone_says_so(place):
    (place.folder / "bin").mkdir()
    shutil.copy(WEIR, place.folder / "bin/weir")
    told = ""
    for command in ([place.folder / "bin/weir", "plugin", "search"], [Path(WEIR).parent.parent / "libexec/weir-packages"]):
        ended = subprocess.run(command, cwd=place.folder, text=True, capture_output=True)
        told += ended.stderr.replace(str(place.folder.resolve()), "…") + f"exit {ended.returncode}\n"
    golden("packages_incomplete.txt", told)


@case
def what_is_told(place):
    ready(place)
    told = Told(place)
    told.weir("plugin", "key", "new", "key", "--expires", "2030-06-30")
    told.weir("plugin", "key", "new", "key")
    told.weir("plugin", "key", "new", "../key")
    told.weir("plugin", "key", "new", "k", "--expires", "2027-02-30")
    told.weir("plugin", "key", "new", "k", "--to", "none")
    told.weir("plugin", "pack", "trim.so")
    told.weir("plugin", "pack", "gone.so")
    told.weir("plugin", "pack", "README.md")
    told.weir("plugin", "pack", "trim.so", "lines.so")
    told.weir("plugin", "pack", "trim.so", "--license", "gone")
    told.weir("plugin", "pack", "trim.so", "--to", "none")
    told.weir("plugin", "sign", "trim-1.0.0.weirpkg", "--key", "key.key")
    told.weir("plugin", "sign", "trim-1.0.0.weirpkg", "--key", "key.pub")
    told.weir("plugin", "sign", "trim.so", "--key", "key.key")
    told.weir("plugin", "trust", "list")
    told.weir("plugin", "trust", "add", "key.key")
    told.weir("plugin", "trust", "add", "key.pub")
    told.weir("plugin", "trust", "list")
    told.weir("plugin", "trust", "revoke", "key", "--reason", "a laptop was lost")
    told.weir("plugin", "trust", "add", "key.pub")
    told.weir("plugin", "trust", "remove", "nobody")
    told.weir("plugin", "trust", "remove", "key")
    told.weir("plugin", "trust", "list")
    told.end("packages.txt")


@case
def the_same_input_gives_the_same_bytes(place):
    ready(place)
    found = set()
    for folder in ("one", "other"):
        (place.folder / folder).mkdir()
        place.weir("plugin", "pack", "trim.so", "--to", folder).works()
        found.add(digest(place.folder / folder / "trim-1.0.0.weirpkg"))
        for path in (place.folder / "trim.so", place.folder / "README.md"):
            os.utime(path, (1, 1))
    must(len(found) == 1, f"expected the same bytes twice, found {found}")
    # Ed25519 has no randomness: a signed package is the same too.
    for folder in ("one", "other"):
        place.weir("plugin", "sign", f"{folder}/trim-1.0.0.weirpkg", "--key", "acme.key").works()
        found.add(digest(place.folder / folder / "trim-1.0.0.weirpkg"))
    must(len(found) == 2, f"expected the same signed bytes twice, found {found}")


@case
def others_can_read_it(place):
    """Whoever has tar, zstd, sha256sum and OpenSSL can look at a package without weir."""
    ready(place)
    place.weir("plugin", "pack", "trim.so").works()
    place.weir("plugin", "sign", "trim-1.0.0.weirpkg", "--key", "acme.key").works()
    package = place.folder / "trim-1.0.0.weirpkg"
    data = subprocess.run(["zstd", "-dc", package], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        names = archive.getnames()
        files = {name: archive.extractfile(name).read() for name in names}
        must(all((entry.mtime, entry.uid, entry.uname) == (0, 0, "") for entry in archive), "expected nothing of who packed it, and when")
    plugin, signed = json.loads(files["plugin.json"]), json.loads(files["plugin.json.sig"])
    must(names == ["plugin.json", "plugin.json.sig", *(file["path"] for file in plugin["files"])], f"found {names}")
    for file in plugin["files"]:
        data = files[file["path"]]
        must((len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"]), f"{file['path']} is another")
    must(files["linux-x86-64-glibc/trim.so" if "linux-x86-64-glibc/trim.so" in files else plugin["files"][0]["path"]]
         == (place.folder / "trim.so").read_bytes(), "expected the binary as it was")
    # DSSE's encoding, and the public key as OpenSSL wants it.
    kind, text = signed["type"].encode(), files["plugin.json"]
    place.write("message", b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(text), text))
    place.write("signature", base64.b64decode(signed["signatures"][0]["signature"]))
    key = base64.b64decode(json.loads(place.read("acme.pub"))["public"])
    place.write("key.der", bytes.fromhex("302a300506032b6570032100") + key)
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin", "-in", "message",
                           "-sigfile", "signature"], cwd=place.folder, capture_output=True, text=True)
    must(done.returncode == 0, done.stdout + done.stderr)


@case
def a_private_key_is_its_owners(place):
    place.env["WEIR_KEY_PASSPHRASE"] = "correct horse"
    ready(place)
    must(stat.S_IMODE((place.folder / "acme.key").stat().st_mode) == 0o600, "expected a file for its owner alone")
    must("ENCRYPTED" in place.read("acme.key"), "expected an encrypted key")
    place.weir("plugin", "pack", "trim.so").works()
    place.weir("plugin", "sign", "trim-1.0.0.weirpkg", "--key", "acme.key").works()
    before = digest(place.folder / "trim-1.0.0.weirpkg")
    for passphrase in ("", "wrong"):
        place.env["WEIR_KEY_PASSPHRASE"] = passphrase
        ended = place.weir("plugin", "sign", "trim-1.0.0.weirpkg", "--key", "acme.key").fails(2, "key.passphrase")
        must("correct horse" not in ended.err, "expected no passphrase in the error")
    must(digest(place.folder / "trim-1.0.0.weirpkg") == before, "expected the package as it was")


@case
def a_full_disk_leaves_the_package_as_it_was(place):
    ready(place)
    place.weir("plugin", "pack", "trim.so").works()
    before = digest(place.folder / "trim-1.0.0.weirpkg")
    limited = f'ulimit -f 8; trap "" XFSZ; exec "{WEIR}" plugin sign trim-1.0.0.weirpkg --key acme.key'
    ended = subprocess.run(["bash", "-c", limited], cwd=place.folder, env=place.env, text=True, capture_output=True)
    must(ended.returncode != 0 and "package.unwritable" in ended.stderr, f"{ended.returncode} {ended.stderr}")
    must(digest(place.folder / "trim-1.0.0.weirpkg") == before, "expected the package as it was")
    must(not list(place.folder.glob("*.new")), "expected nothing left of what was begun")


finish()
