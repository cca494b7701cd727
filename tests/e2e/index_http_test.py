# slow
"""Plugins from servers: whatever a server or the network does, only what was signed is installed, and what went wrong is told."""
import fcntl, pty

from serving import *

def tell_faults_of_a_package(told, server):
    def with_fault(fault, *more):
        server.faults = {TRIM: fault}
        told.weir("plugin", "install", "trim", *more)
        server.faults = {}

    with_fault(status(404))
    with_fault(status(403))
    with_fault(status(407))
    with_fault(status(500))
    with_fault(status(503, Retry_After="3600"))
    with_fault(status(429, Retry_After="3600"))
    with_fault(status(206))
    with_fault(cut_at(100))
    with_fault(lambda handler, data: say(handler, 200, data + b"x") or True)
    with_fault(lambda handler, data: chunked(handler, data + b"x"))
    with_fault(lambda handler, data: say(handler, 200, data[:-1]) or True)
    with_fault(lambda handler, data: say(handler, 200, data[:-1] + b"x") or True)
    with_fault(moved("ftp://127.0.0.1/x"))
    with_fault(moved(server.address + TRIM))
    with_fault(lambda handler, data: handler.wfile.write(b"what?\r\n") and handler.wfile.flush() or close(handler))


def close(handler):
    handler.close_connection = True
    return True


def chunked(handler, data):
    """A body of which nobody knows beforehand how long it is."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(data), data))
    return True


@case
def what_is_told(place):
    site(place)
    signs = authority(place.folder / "authority")
    with Server(place.folder / "site") as plain, Server(place.folder / "site", signs) as secure:
        told = ToldOf(place, plain=plain, secure=secure)
        told.weir("plugin", "index", "add", "acme", "http://127.0.0.1:x", "--key", "acme.pub")
        told.weir("plugin", "index", "add", "acme", plain.address + "/?token=x", "--key", "acme.pub")
        told.weir("plugin", "index", "add", "acme", plain.address, "--key", "acme.pub", "--timeout", "soon")
        told.weir("plugin", "index", "add", "acme", secure.address, "--key", "acme.pub")
        told.weir("plugin", "index", "add", "acme", secure.address, "--key", "acme.pub", "--ca", "gone.pem")
        secure.faults = {"/index.json": moved(plain.address + "/index.json")}
        told.weir("plugin", "index", "add", "acme", secure.address, "--key", "acme.pub", "--ca", "authority/ca.pem")
        secure.faults = {}
        told.weir("plugin", "index", "add", "acme", plain.address, "--key", "acme.pub", "--mirror", secure.address, "--ca", "authority/ca.pem")
        told.weir("plugin", "index", "list")
        told.weir("plugin", "index", "remove", "acme")
        told.weir("plugin", "index", "add", "acme", plain.address + "/", "--key", "acme.pub")
        told.weir("plugin", "search")
        told.weir("plugin", "install", "trm")
        tell_faults_of_a_package(told, plain)
        told.weir("plugin", "install", plain.address + "/gone.weirpkg")
        told.weir("plugin", "install", "https://127.0.0.1:1x/gone.weirpkg")
        told.weir("plugin", "install", secure.address + TRIM)
        told.weir("plugin", "install", secure.address + TRIM, "--proxy", plain.address)
        told.weir("plugin", "install", secure.address + TRIM, "--ca", "authority/ca.pem")
        told.weir("plugin", "install", "trim")
        told.weir("plugin", "install", "lines")
    told.weir("plugin", "search", "trim")
    told.weir("plugin", "install", "lines")
    told.end("index_http.txt")


@case
def what_serves_an_index_is_checked_and_signed_anew(place):
    site(place)
    with Server(place.folder / "site") as server:
        told = ToldOf(place, server=server)
        told.weir("plugin", "index", "verify", "site")
        told.weir("plugin", "index", "verify", "site", "--key", "acme.pub")
        told.weir("plugin", "index", "verify", server.address, "--key", "acme.pub")
        told.weir("plugin", "index", "refresh", "site", "--key", "acme.key", "--expires", "2099-01-01")
        told.weir("plugin", "index", "refresh", "gone", "--key", "acme.key", "--expires", "2101-01-01")
        place.weir("plugin", "key", "new", "other").works()
        told.weir("plugin", "index", "refresh", "site", "--key", "other.key", "--expires", "2101-01-01")
        before = json.loads(place.read("site/index.json"))
        told.weir("plugin", "index", "refresh", "site", "--key", "acme.key", "--expires", "2101-01-01")
        after = json.loads(place.read("site/index.json"))
        must(after == {**before, "version": before["version"] + 1, "expires": "2101-01-01"}, f"found {after}")
        add(place, server)
        package = place.folder / "site/packages/trim-1.0.0.weirpkg"
        package.write_bytes(package.read_bytes() + b"x")
        (place.folder / "site/packages/lines-1.0.0.weirpkg").unlink()
        told.weir("plugin", "index", "verify", "site")
        told.weir("plugin", "index", "verify", server.address)
        (place.folder / "site/index.json.sig").write_text("{}")
        told.weir("plugin", "index", "verify", server.address)
        shutil.rmtree(place.folder / "site/packages")
        (place.folder / "site/packages").mkdir()
        build(place, expires="2020-01-01")
        told.weir("plugin", "index", "verify", server.address)
        told.end("index_serving.txt")


@case
def a_half_is_gone_on_with_if_it_is_the_same_still(place):
    """A process that is killed leaves a half; the next one asks for the rest alone. What has changed meanwhile begins anew."""
    site(place)
    file = place.folder / "site" / TRIM.lstrip("/")
    data = file.read_bytes()
    stop = threading.Event()
    half = len(data) // 2

    def stalls(handler, data):
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        handler.close_connection = True
        say(handler, 200, data[:half], {"ETag": etag}, length=len(data))
        handler.wfile.flush()
        stop.wait(60)
        return True

    with Server(place.folder / "site") as server:
        add(place, server)

        def is_killed_in_the_middle():
            server.faults = {TRIM: stalls}
            process = place.start("plugin", "install", "trim")
            end = time.monotonic() + 30
            folder = place.home / "cache/weir/downloads"
            while not any(part.stat().st_size == half for part in folder.glob("*.weirpkg")):
                must(time.monotonic() < end and process.poll() is None, f"expected a half, found {downloads(place)}")
                time.sleep(0.01)
            process.kill()
            process.wait()
            server.faults = {}
            server.asked.clear()

        is_killed_in_the_middle()
        place.weir("plugin", "install", "trim").works()
        asked = server.of(TRIM)
        must([one["Range"] for one in asked] == [f"bytes={half}-"], f"expected the rest to be asked for alone, found {[dict(one) for one in asked]}")
        must(downloads(place) == [], f"expected nothing left, found {downloads(place)}")

        # Another object of that name: the server gives all of it, and nothing of the old half is in it.
        place.weir("plugin", "remove", "trim").works()
        is_killed_in_the_middle()
        part = next((place.home / "cache/weir/downloads").glob("*.weirpkg"))
        part.write_bytes(b"\0" * half)
        etag = part.with_name(part.name + ".etag")
        etag.write_text('"another"')
        place.weir("plugin", "install", "trim").works()
        must([one["If-Range"] for one in server.of(TRIM)] == ['"another"'], "expected the ETag to be asked for")

        # A server that goes on with something else is not believed.
        place.weir("plugin", "remove", "trim").works()
        is_killed_in_the_middle()
        server.faults = {TRIM: lambda handler, data: handler.headers["Range"] and not say(
            handler, 206, data[half:], {"ETag": '"new"', "Content-Range": f"bytes {half}-{len(data) - 1}/{len(data)}"})}
        place.weir("plugin", "install", "trim").works()
        must([one["Range"] for one in server.of(TRIM)] == [f"bytes={half}-", None], "expected all of it to be asked for then")
        stop.set()


@case
def a_server_without_ranges_starts_anew(place):
    site(place)
    with Server(place.folder / "site", ranges=False) as server:
        add(place, server)
        left = [2]

        def breaks_off(handler, data):
            left[0] -= 1
            if left[0] >= 0:
                handler.close_connection = True
                say(handler, 200, data[:1000], length=len(data))
            return left[0] >= 0

        server.faults = {TRIM: breaks_off}
        place.weir("plugin", "install", "trim").works()
        must([one["Range"] for one in server.of(TRIM)] == [None] * 3, "expected the whole to be asked for, three times")


@case
def a_server_that_is_in_trouble_is_asked_again(place):
    site(place)
    with Server(place.folder / "site") as server:
        add(place, server)
        left = [status(503, Retry_After="1"), status(500), cut_at(0)]
        server.faults = {TRIM: lambda handler, data: bool(left) and left.pop()(handler, data)}
        place.weir("plugin", "install", "trim").works()
        must(len(server.of(TRIM)) == 4, f"found {len(server.of(TRIM))} questions")


@case
def a_server_that_says_nothing_is_not_waited_for(place):
    site(place)
    stop = threading.Event()
    with Server(place.folder / "site") as server:
        add(place, server, "--timeout", "1s")
        server.faults = {TRIM: lambda handler, data: say(handler, 200, data[:10], length=len(data)) or stop.wait(60) or close(handler)}
        ended = place.weir("plugin", "install", "trim")
        stop.set()
        ended.fails(4, "download.silent")
        golden("index_http_silent.txt", ended.err.replace(str(server.port), "PORT"))


@case
def the_first_place_that_is_right_is_taken(place):
    site(place)
    shutil.copytree(place.folder / "site", place.folder / "mirror")
    with Server(place.folder / "site") as first, Server(place.folder / "mirror") as mirror:
        add(place, first, "--mirror", mirror.address)
        package = place.folder / "site" / TRIM.lstrip("/")
        whole = package.read_bytes()
        package.write_bytes(whole[:-1] + b"x")
        place.weir("plugin", "install", "trim").works()
        must(mirror.of(TRIM), "expected the mirror to be asked")
        place.weir("plugin", "remove", "trim").works()
        package.write_bytes(whole)
        # An index that was rolled back, or has another signature: the mirror's is taken.
        build(place, folder="mirror")
        place.weir("plugin", "search").works()
        (place.folder / "site/index.json.sig").write_text("{}")
        place.weir("plugin", "search").works()
        place.weir("plugin", "install", "trim").works()
    place.weir("plugin", "install", "lines").fails(4, "download.unreachable")


@case
def an_index_that_is_past_its_day_has_nothing_new(place):
    site(place)
    with Server(place.folder / "site") as server:
        add(place, server)
        build(place, expires="2020-01-01")
        place.weir("plugin", "install", "trim").fails(4, "index.expired")
        build(place)
        build(place)
        place.weir("plugin", "search").works()
        kept = next((place.home / "cache/weir/indexes").iterdir())
        old = {name: place.read(f"site/{name}") for name in ("index.json", "index.json.sig")}
        build(place)
        place.weir("plugin", "search").works()
        for name, text in old.items():
            place.write(f"site/{name}", text)
        place.weir("plugin", "install", "trim").fails(4, "index.rolled_back")
        # What was kept is believed no more than what is served.
        kept.write_text(kept.read_text().replace("2100", "2101"))
    place.weir("plugin", "search", "trim").works()
    must("trim" not in place.weir("plugin", "search", "trim").works().out.splitlines()[-1], "expected a changed copy not to be read")


@case
def what_is_installed_is_not_sent_again(place):
    site(place)
    binary = place.home / "data/weir/plugins/trim-1.0.0.so"
    with Server(place.folder / "site") as server:
        add(place, server)
        place.weir("plugin", "install", "trim").works()
        server.asked.clear()
        must("is installed already" in place.weir("plugin", "install", "trim").works().out and not server.of(TRIM), "expected no question for the package")
        # What is believed of it today counts all the same, and other bytes are no plugin that is there.
        place.weir("plugin", "key", "new", "other").works()
        record = json.loads(binary.with_suffix(".json").read_text())
        place.weir("plugin", "trust", "revoke", "acme", "--reason", "a laptop was lost").works()
        place.weir("plugin", "index", "remove", "acme").works()
        place.weir("plugin", "trust", "add", "other.pub").works()
        place.weir("plugin", "index", "build", "site", "--key", "other.key", "--expires", "2100-01-01").works()
        place.weir("plugin", "index", "add", "acme", server.address, "--key", "other.pub").works()
        place.weir("plugin", "install", "trim").fails(4, "package.revoked_key")
        must(not server.of(TRIM) and record["signer"], "expected no question for the package")
        binary.write_bytes(binary.read_bytes() + b"x")
        place.weir("plugin", "install", "trim", "--signatures", "off").fails(4, "package.other_bytes")
        must(server.of(TRIM), "expected the package to be asked for")


@case
def old_halves_are_pruned(place):
    folder = place.home / "cache/weir/downloads"
    folder.mkdir(parents=True)
    told = Told(place)
    for name, days in (("old-1.0.0-000000000000.weirpkg", 8.5), ("young-1.0.0-000000000000.weirpkg", 6.5), ("held-1.0.0-000000000000.weirpkg", 30),
                       ("not-ours.txt", 30)):
        for file in (folder / name, folder / f"{name}.etag"):
            file.write_bytes(b"x" * 100)
            os.utime(file, (time.time() - days * 86400,) * 2)
    with (folder / "held-1.0.0-000000000000.weirpkg").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        told.weir("plugin", "prune", "--dry-run")
        must(len(downloads(place)) == 8, f"found {downloads(place)}")
        told.weir("plugin", "prune")
        told.weir("plugin", "prune", "--output", "json")
    left = [name for name in downloads(place) if not name.endswith(".etag")]
    must(left == ["held-1.0.0-000000000000.weirpkg", "not-ours.txt", "young-1.0.0-000000000000.weirpkg"], f"found {left}")
    must("old-1.0.0-000000000000.weirpkg.etag" not in downloads(place), f"found {downloads(place)}")
    told.end("prune_downloads.txt")


@case
def an_index_is_sent_once(place):
    site(place)
    with Server(place.folder / "site") as server:
        add(place, server)
        server.asked.clear()
        place.weir("plugin", "search").works()
        must(server.of("/index.json")[0]["If-None-Match"] and not server.of("/index.json.sig"), "expected it to be asked whether it has changed")


@case
def a_password_is_never_shown(place):
    site(place)
    with Server(place.folder / "site") as server:
        address = server.address.replace("http://", "http://reader:sesame%40home@")
        words = ["plugin", "index", "add", "acme", address, "--key", "acme.pub"]
        told = [place.weir(*words).works(), place.weir("plugin", "index", "list").works(), place.weir("plugin", "install", "trim").works()]
        must("Basic" in server.of(TRIM)[0]["Authorization"], "expected the password to be sent")
        server.faults = {"/packages/lines-1.0.0.weirpkg": status(404)}
        told += [place.weir("plugin", "install", "lines"), place.weir("plugin", "install", "lines", "--output", "json"),
                 place.weir("plugin", "install", address + "/gone?token=sesame"), place.weir("plugin", "install", address + "x"),
                 place.weir("plugin", "index", "remove", "acme")]
        for ended in told:
            must("sesame" not in ended.out + ended.err and "reader" not in ended.out + ended.err, f"found a password: {ended.out}{ended.err}")
        record = (place.home / "data/weir/plugins/trim-1.0.0.json").read_text()
        must("sesame" not in record and server.address in record, f"found {record}")


@case
def a_proxy_is_asked_if_there_is_one(place):
    site(place)
    with Server(place.folder / "site") as server:
        seen = []
        answer = server.answer

        def as_a_proxy(handler):
            seen.append(handler.path)
            handler.path = handler.path.replace("http://plugins.example", "")
            answer(handler)

        server.answer = as_a_proxy
        add_words = ["plugin", "index", "add", "acme", "http://plugins.example", "--key", "acme.pub"]
        place.env["http_proxy"] = server.address
        place.weir(*add_words).works()
        must(seen[0] == "http://plugins.example/index.json", f"found {seen}")
        place.weir("plugin", "index", "remove", "acme").works()
        place.env.pop("http_proxy")
        place.weir(*add_words, "--proxy", server.address).works()
        seen.clear()
        place.weir("plugin", "install", "trim").works()
        must("http://plugins.example" + TRIM in seen, f"found {seen}")


def on_a_terminal(place, *words):
    """What weir writes to stderr where that is a terminal."""
    ours, theirs = pty.openpty()
    ended = place.weir(*words, stderr=theirs).works()
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # nobody writes any more
        pass
    os.close(ours)
    return ended, shown.decode()


@case
def what_comes_is_shown_on_a_terminal_alone(place):
    site(place)
    with Server(place.folder / "site") as server:
        add(place, server)
        _, shown = on_a_terminal(place, "plugin", "install", "trim")
        must(re.fullmatch(r"(\r\x1b\[Ktrim 1\.0\.0  [\d.]+ k?B of [\d.]+ kB)+\r\x1b\[K", shown), f"found {shown!r}")
        place.weir("plugin", "remove", "trim").works()
        ended, shown = on_a_terminal(place, "plugin", "install", "trim", "--output", "json")
        must(shown == "" and json.loads(ended.out)["name"] == "trim", f"found {shown!r} {ended.out}")
        must(place.weir("plugin", "install", "lines").works().err == "", "expected nothing beside the answer")


@case
def a_full_disk_leaves_nothing(place):
    site(place)
    with Server(place.folder / "site") as server:
        add(place, server)
        limited = f'ulimit -f 4; trap "" XFSZ; exec "{WEIR}" plugin install trim'
        ended = subprocess.run(["bash", "-c", limited], cwd=place.folder, env=place.env, text=True, capture_output=True)
        must(ended.returncode == 4 and "download.disk" in ended.stderr, f"{ended.returncode} {ended.stderr}")
        must(downloads(place) == [] and installed(place) == [], f"found {downloads(place)} {installed(place)}")
        golden("index_http_disk.txt", hidden(place, re.sub(r"-[0-9a-f]{12}\.weirpkg", "-DIGEST.weirpkg", ended.stderr)))


@case
def many_installers_at_once(place):
    site(place)
    with Server(place.folder / "site") as server:
        add(place, server)
        for _ in range(3):  # who comes while another reads what it has downloaded is as much at risk as who comes before
            ended = []
            threads = [threading.Thread(target=lambda: ended.append(place.weir("plugin", "install", "trim"))) for _ in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for one in ended:
                one.works()
        must(installed(place) == ["trim-1.0.0.json", "trim-1.0.0.so"] and downloads(place) == [], f"found {installed(place)} {downloads(place)}")


@case
def without_a_home_or_with_a_read_only_one(place):
    site(place)
    with Server(place.folder / "site") as server:
        add(place, server)
        # A file where the cache should be: as read-only as anything, for root too.
        shutil.rmtree(place.home / "cache")
        place.write("home/cache", "")
        place.weir("plugin", "install", "trim", "--to", "plugins").works()
        must(not list(place.home.glob("weir-download-*")), "expected nothing left in TMPDIR")
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            place.env.pop(name)
        address = server.address + "/packages/lines-1.0.0.weirpkg"
        told = ToldOf(place, server=server)
        told.weir("plugin", "install", "lines")
        told.weir("plugin", "install", address)
        told.weir("plugin", "install", address, "--signatures", "warn")
        told.weir("plugin", "install", address, "--signatures", "warn", "--to", "plugins")
        told.weir("plugin", "index", "add", "acme", server.address, "--key", "acme.pub")
        told.end("index_http_home.txt")


finish()
