"""What the end-to-end tests share: a folder that goes away, weir run inside it, cases that are counted.

A test is a function with the decorator @case; finish() runs them all. Each gets a Place: an empty folder of its own, with
HOME, the XDG folders and TMPDIR inside.
"""
import difflib, gzip, json, os, re, selectors, shutil, signal, subprocess, sys, tempfile, time, traceback
from pathlib import Path

WEIR = os.environ.get("WEIR") or sys.exit("expected the path of weir in WEIR, found none")
BAD_PLUGINS = os.environ.get("BAD_PLUGINS", "")
cases = []


def case(function):
    cases.append(function)
    return function


def must(condition, otherwise):
    if not condition:
        raise AssertionError(otherwise)


PROMISE = r"^.+  guarantee (?:exactly|at least|at most) once by .+\n"


class Ended:
    """What a run of weir left: code, out, err, and the seconds and KiB of memory it took."""

    def __init__(self, code, out, err, seconds):
        self.code, self.out, self.seconds = code, out, seconds
        self.promises = re.findall(PROMISE, err, re.M)  # what is told before anything is done
        self.err = re.sub(PROMISE, "", err, flags=re.M)

    def fails(self, code, *words):
        """It ended with `code`, and its error holds all the words; a crash or a traceback never passes."""
        must(self.code == code, f"expected exit {code}, found {self.code}: {self.err[-600:]!r} {self.out[-300:]!r}")
        for word in words:
            must(word in self.err, f"expected {word!r} in the error, found {self.err[-900:]!r}")
        return self

    def works(self):
        must(self.code == 0, f"expected exit 0, found {self.code}: {self.err[-900:]!r}")
        return self


class Place:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="weir-e2e-"))
        self.home = self.folder / "home"
        self.home.mkdir()
        own = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy") and not name.startswith("SSL_CERT_")}
        self.env = {**own, "HOME": str(self.home), "TMPDIR": str(self.home), "NO_COLOR": "1",
                    **{f"XDG_{kind}_HOME": str(self.home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}}
        self.env.pop("WEIR_PLUGIN_PATH", None)
        self.started = []

    def write(self, name, data):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = data.encode() if isinstance(data, str) else data
        path.write_bytes(gzip.compress(data, 1) if name.endswith(".gz") else data)
        return path

    def read(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def rows(self, name):
        return [json.loads(line) for line in self.read(name).splitlines()]

    def manifest(self, extract, load, transform=(), reject=None, name="job", **more):
        text = {"weir": 1, "name": name, "extract": extract, "transform": list(transform), **more}
        text.update({key: value for key, value in (("load", load), ("reject", reject)) if value})
        return self.write(f"{name}.json", json.dumps(text)).name

    def as_nobody(self):
        """The words before a command that has no right to write what the folder's owner has made read-only: by another user, for root."""
        if os.geteuid() != 0:
            return []
        self.folder.chmod(0o755)
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if subprocess.run([*nobody, "test", "-x", WEIR, "-a", "-r", self.folder]).returncode == 0:
            return nobody
        # Where the program is in a folder of root's: root without the power over files, which finds what is not there closed, too.
        return ["setpriv", "--bounding-set=-dac_override,-dac_read_search,-fowner", "--inh-caps=-all"]

    def start(self, *words, **popen):
        given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.folder,
                 "env": self.env, "start_new_session": True, **popen}
        process = subprocess.Popen([WEIR, *map(str, words)], **given)
        self.started.append(process)
        return process

    def end(self, process, seconds=60, data=None):
        begin = time.monotonic()
        try:
            out, err = process.communicate(input=data, timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"still running after {seconds} s") from None
        return Ended(process.returncode, (out or b"").decode(errors="replace"), (err or b"").decode(errors="replace"),
                     time.monotonic() - begin)

    def weir(self, *words, seconds=60, data=None, **popen):
        if data is not None:
            popen["stdin"] = subprocess.PIPE
        return self.end(self.start(*words, **popen), seconds, data)

    def run(self, *parts, flags=(), seconds=60, **named):
        return self.weir("run", self.manifest(*parts, **named), *flags, seconds=seconds)

    def files(self):
        """Every file there, but the state of runs and the cache."""
        found = {str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if not p.is_dir()}
        return {name for name in found if not name.startswith(("home/state/", "home/cache/"))}

    def leave(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
                process.wait()
        for path in [self.folder, *self.folder.rglob("*")]:
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(self.folder, ignore_errors=True)


class Speaking:
    """A weir that goes on, and whose lines on stderr are waited for."""

    def __init__(self, place, *words, **popen):
        self.out = open(place.folder / "told.txt", "wb")
        self.process = place.start(*words, stdout=self.out, **popen)
        os.set_blocking(self.process.stderr.fileno(), False)
        self.waiting = selectors.DefaultSelector()
        self.waiting.register(self.process.stderr, selectors.EVENT_READ)
        self.lines, self.rest = [], b""

    def until(self, words, seconds=60):
        """Waits for a line with these words; gives the lines that came before it, and that line in `said`."""
        deadline = time.monotonic() + seconds
        while not [line for line in self.lines if words in line]:
            must(self.waiting.select(max(0, deadline - time.monotonic())), f"no {words!r} in {seconds} s: {self.lines} {self.rest}")
            got = self.process.stderr.read()
            if got == b"":
                raise AssertionError(f"it ended with {self.process.wait()} before {words!r}: {self.lines} {self.rest}")
            *lines, self.rest = (self.rest + (got or b"")).split(b"\n")
            self.lines += [line.decode() for line in lines]
        at = next(i for i, line in enumerate(self.lines) if words in line)
        came, self.said, self.lines = self.lines[:at], self.lines[at], self.lines[at + 1:]
        return came

    def ends(self, code, number=None):
        """Is sent a signal, if one is given, and ends with `code`, and all of its processes with it."""
        children = self.children()
        if number is not None:
            self.process.send_signal(number)
        must(self.process.wait(30) == code, f"expected exit {code}, found {self.process.returncode}: {self.lines} {self.process.stderr.read()}")
        must(not [child for child in children if alive(child)], "a run was left behind")
        self.out.close()

    def children(self):
        return Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()


def alive(process):
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


GOLDEN = Path(__file__).parent.parent / "golden"


def golden(name, found):
    """`found` is what tests/golden/NAME holds; with --write it is written there anew. Look at the difference then."""
    file = GOLDEN / name
    if "--write" in sys.argv:
        file.write_text(found, encoding="utf-8")
    wanted = file.read_text(encoding="utf-8") if file.exists() else ""
    must(found == wanted, "\n".join(difflib.unified_diff(wanted.splitlines(), found.splitlines(), name, "found", n=8)))


def finish():
    failed = 0
    only = [word for word in sys.argv[1:] if word != "--write"]
    for function in cases:
        if only and function.__name__ not in only:
            continue
        place = Place()
        begin = time.monotonic()
        try:
            function(place)
        except Exception as problem:
            failed += 1
            what = str(problem) if isinstance(problem, AssertionError) else traceback.format_exc()
            print(f"{function.__name__}: {what}", flush=True)
        finally:
            place.leave()
        if os.environ.get("E2E_TIMES"):
            print(f"  {time.monotonic() - begin:6.2f} s {function.__name__}", flush=True)
    print(f"{len(cases) - failed} passed, {failed} failed")
    sys.exit(failed > 0 or not cases)
