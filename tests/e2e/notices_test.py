# slow
"""`on:` of a manifest: programs and servers are told what a run came to, once, without secrets, and nothing changes what it came to."""
import json, os, select, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import threading

from harness import *

ROOT = Path(__file__).resolve().parents[2]
HELPER = Path(WEIR).parent.parent / "libexec/weir-packages"
SCHEMA = json.loads((ROOT / "docs/reference/notice.schema.json").read_text())
transcript = []


class Hook:
    """A server on loopback that takes what is posted. `answers`: the statuses that it gives, the last again and again."""

    def __init__(self, *answers, hangs=False):
        self.posted, self.released = [], threading.Event()
        hook, rest = self, list(answers or (200,))

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.posted.append((self.path, dict(self.headers), body))
                if hangs:
                    hook.released.wait(60)
                status = rest.pop(0) if len(rest) > 1 else rest[0]
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.released.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()


def fits(value, schema, at="$"):
    """What of a JSON Schema of draft 7 the notice's says."""
    if "$ref" in schema:
        return fits(value, SCHEMA["definitions"][schema["$ref"].rsplit("/", 1)[1]], at)
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "number": (int, float)}
    if "const" in schema:
        must(value == schema["const"], f"{at}: expected {schema['const']}, found {value}")
    if "enum" in schema:
        must(value in schema["enum"], f"{at}: expected one of {schema['enum']}, found {value}")
    if "type" in schema:
        must(isinstance(value, kinds[schema["type"]]), f"{at}: expected {schema['type']}, found {value!r}")
    for key in schema.get("required", ()):
        must(key in value, f"{at}: expected {key}, found {sorted(value)}")
    if isinstance(value, dict) and "properties" in schema:
        for key, inner in value.items():
            must(key in schema["properties"] or schema.get("additionalProperties", True), f"{at}: {key} is not in the schema")
            fits(inner, schema["properties"].get(key, {}), f"{at}.{key}")
    for i, inner in enumerate(value if isinstance(value, list) else ()):
        fits(inner, schema.get("items", {}), f"{at}[{i}]")


def job(place, on, rows="id\n1\nx\n", **more):
    place.write("in.csv", rows)
    return place.manifest({"use": "file", "path": "in.csv", "format": {"use": "csv", "types": {"id": "int64"}}},
                          {"use": "file", "path": "out.ndjson"}, reject={"use": "file", "path": "rejects.ndjson"}, on=on, **more)


def tells(place, text, name="tell.py"):
    """A program that does what `text` says; sys and json are there."""
    place.write(name, f"#!{sys.executable}\nimport json, os, signal, sys, time\n{text}\n").chmod(0o755)
    return f"./{name}"


KEEPS = 'open("given.txt", "a").write(json.dumps([sys.argv[1:], json.load(sys.stdin)]) + "\\n")'


def lost(ended, place):
    """The warnings of notices that were not given."""
    for line in ended.err.splitlines():
        if "was not given" in line:
            said = re.sub(r"127\.0\.0\.1:\d+", "HOST", line.replace(str(place.folder), "FOLDER"))
            if said not in transcript:
                transcript.append(said)
            yield line


@case
def a_program_is_told_once_of_each_event(place):
    keep = tells(place, KEEPS)
    on = {event: {"exec": [keep, "{event}", "{pipeline} {run}", "{extracted}/{loaded}/{rejected}", "plain"]}
          for event in ("failed", "rejected", "drift", "slow", "done", "empty")}
    name = job(place, on)
    ended = place.weir("run", name, "--output", "json").works()
    run = json.loads(ended.out)["run"]
    told = [json.loads(line) for line in place.read("given.txt").splitlines()]
    must([words[0] for words, _ in told] == ["rejected", "done"], told)
    must(told[0][0] == ["rejected", f"job {run}", "2/1/1", "plain"], told[0][0])
    for words, about in told:
        fits(about, SCHEMA)
        must(about["event"] == words[0] and about["run"] == run and about["rows"]["rejected"] == 1, about)
    must([item["event"] for item in json.loads(ended.out)["notices"]] == ["rejected", "done"], ended.out)
    # Nothing new: it is done, and no more.
    place.weir("run", name).works()
    told = [json.loads(line) for line in place.read("given.txt").splitlines()]
    must([words[0] for words, _ in told[2:]] == ["done"] and told[2][1]["nothing_to_do"], told[2:])


@case
def a_server_is_told_of_a_failure(place):
    with Hook() as hook:
        name = job(place, {"failed": {"post": hook.address + "/hook?x=1", "headers": {"X-Team": "data"}}})
        (place.folder / "in.csv").unlink()
        ended = place.weir("run", name).fails(1, "in.csv")
        must(len(hook.posted) == 1, hook.posted)
        path, headers, body = hook.posted[0]
        about = json.loads(body)
        fits(about, SCHEMA)
        must(path == "/hook?x=1" and headers["X-Team"] == "data" and headers["Content-Type"] == "application/json", headers)
        must(about["event"] == "failed" and about["exit_code"] == 1 and "in.csv" in about["error"]["message"], about)
        must(about["text"].startswith("pipeline 'job' failed: "), about["text"])
        must(not list(lost(ended, place)), ended.err)
        # A manifest that is wrong elsewhere is told, too.
        place.write(name, json.dumps({**json.loads(place.read(name)), "limits": {"rejects": "many"}}))
        place.weir("run", name).fails(2, "limits")
        must(len(hook.posted) == 2 and json.loads(hook.posted[1][2])["exit_code"] == 2, hook.posted)


@case
def secrets_are_taken_out(place):
    keep = tells(place, KEEPS)
    secret = "s3cr3t-token-of-length"
    place.env["TOKEN"] = secret
    with Hook() as hook:
        name = place.manifest({"use": "file", "path": "${secret:env/TOKEN}/in.csv"}, {"use": "file", "path": "out.ndjson"},
                              on={"failed": {"exec": [keep, "{error}", "${secret:env/TOKEN}"], "post": hook.address,
                                             "headers": {"Authorization": "Bearer ${secret:env/TOKEN}"}}})
        ended = place.weir("run", name).fails(1)
        must(secret not in ended.err + ended.out, ended.err)
        words, about = json.loads(place.read("given.txt"))
        must(secret not in words[0] and "***" in words[0], words)
        must(words[1] == secret, "a word that the manifest gives to its program is what it is")
        must(secret not in json.dumps(about) and secret.encode() not in hook.posted[0][2], about)
        must(hook.posted[0][1]["Authorization"] == f"Bearer {secret}", hook.posted)
    # Nor do they show where a notice is lost: by an address that is one, and a program that tells all that it gets.
    tattles = tells(place, 'print(" ".join(sys.argv) + sys.stdin.read(), file=sys.stderr); sys.exit(1)', "tattles.py")
    with Hook(500) as hook:
        name = place.manifest({"use": "generate", "rows": 1}, {"use": "file", "path": "out.ndjson"},
                              on={"done": {"exec": [tattles, "${secret:env/TOKEN}"], "post": hook.address + "/${secret:env/TOKEN}",
                                           "headers": {"Authorization": "Bearer ${secret:env/TOKEN}"}, "timeout": "20s"}})
        for flags in ((), ("--log", "level=debug,format=json")):
            ended = place.weir("run", name, "--fresh", *flags, seconds=90).works()
            must(secret not in ended.err + ended.out and ended.err.count("was not given") == 2, ended.err)
        must(hook.posted[0][0] == "/" + secret, hook.posted[0])


@case
def it_is_tried_again_for_a_server_in_trouble(place):
    with Hook(503, 429, 204) as hook:
        ended = place.weir("run", job(place, {"done": {"post": hook.address}})).works()
        must(len(hook.posted) == 3 and not list(lost(ended, place)), (hook.posted, ended.err))
    for status in (404, 302):
        with Hook(status) as hook:
            ended = place.weir("run", job(place, {"done": {"post": hook.address}}), "--fresh").works()
            must(len(hook.posted) == 1, hook.posted)
            must(len(list(lost(ended, place))) == 1, ended.err)


@case
def what_hangs_is_left(place):
    with Hook(hangs=True) as hook:
        hangs = tells(place, "time.sleep(600)")
        ended = place.weir("run", job(place, {"done": {"post": hook.address, "exec": [hangs], "timeout": "1s"}})).works()
        must(ended.seconds < 30 and len(list(lost(ended, place))) == 2, ended.err)


@case
def what_fails_is_told_and_changes_nothing(place):
    fails = tells(place, 'print("no such user", file=sys.stderr); sys.exit(3)')
    dies = tells(place, "os.kill(os.getpid(), signal.SIGKILL)", "dies.py")
    talks = tells(place, 'print("x" * 100_000)', "talks.py")
    name = job(place, {"rejected": {"exec": [fails]}, "done": {"exec": [dies]}})
    ended = place.weir("run", name).works()
    must(len(list(lost(ended, place))) == 2, ended.err)
    for command in ([talks], ["./nowhere"]):
        ended = place.weir("run", job(place, {"done": {"exec": command}}), "--fresh").works()
        must(len(list(lost(ended, place))) == 1, ended.err)
    refused = Hook()
    with refused:
        pass  # nobody listens there any more
    ended = place.weir("run", job(place, {"done": {"post": refused.address, "timeout": "20s"}}), "--fresh", seconds=90).works()
    must(len(list(lost(ended, place))) == 1, ended.err)


@case
def no_row_where_there_were_some_is_told_by_itself(place):
    name = job(place, None, "id\n1\n2\n")
    first = json.loads(place.weir("run", name, "--output", "json").works().out)["run"]
    job(place, None, "id\n")
    ended = place.weir("run", name).works()
    line = f"empty: no row was loaded, where run {first} loaded 2 rows"
    must(f"  notice      {line}\n" in ended.out, ended.out)
    must(f"warning: pipeline 'job' {line}" in ended.err, ended.err)
    for quiet in ("off", {"log": False}):
        job(place, {"empty": quiet}, "id\n")
        ended = place.weir("run", name, "--fresh").works()
        must("warning" not in ended.err, ended.err)


@case
def drift_and_slow_are_told(place):
    name = job(place, {"drift": {"log": True}, "slow": {"log": True, "after": "1ns"}}, "id\n1\n")
    place.weir("run", name).works()
    place.write("in.csv", "id,city\n1,Rome\n")
    ended = place.weir("run", name).works()
    must("drift: other columns than in the run before: +city" in ended.out + ended.err, ended.out)
    must("warning: pipeline 'job' slow: it took " in ended.err, ended.err)


@case
def of_several_pipelines_each_has_its_own(place):
    keep = tells(place, KEEPS)
    place.write("in.csv", "id\n1\n")
    one = {"extract": {"use": "file", "path": "in.csv"}, "load": {"use": "file", "path": "one.ndjson"}}
    two = {"extract": {"use": "file", "path": "none.csv"}, "load": {"use": "file", "path": "two.ndjson"}}
    place.write("job.json", json.dumps({"weir": 1, "defaults": {"on": {"done": {"exec": [keep, "{event}"]}, "failed": {"exec": [keep, "{event}"]}}},
                                        "pipelines": {"one": one, "two": two}}))
    place.weir("run", "job.json").fails(1, "none.csv")
    told = [json.loads(line) for line in place.read("given.txt").splitlines()]
    must([(words[0], about["pipeline"]) for words, about in told] == [("done", "one"), ("failed", "two")], told)


@case
def one_that_is_stopped_gives_none(place):
    keep = tells(place, KEEPS)
    name = place.manifest({"use": "generate", "rows": 2_000_000_000}, {"use": "file", "path": "out.ndjson"},
                          on={"failed": {"exec": [keep]}, "done": {"exec": [keep]}})
    process = Speaking(place, "run", name)
    process.until("guarantee")
    process.ends(143, signal.SIGTERM)
    must("given.txt" not in place.files(), place.files())


@case
def nobody_waits_for_a_notice_after_a_signal(place):
    begins = tells(place, 'print("begun", file=sys.stderr); open("begun.txt", "w").close(); time.sleep(600)')
    process = place.start("run", job(place, {"done": {"exec": [begins], "timeout": "10m"}}))
    deadline = time.monotonic() + 60
    while "begun.txt" not in place.files():
        must(process.poll() is None and time.monotonic() < deadline, "expected the program to be started")
        select.select([], [], [], 0.02)
    process.send_signal(signal.SIGINT)
    ended = place.end(process).works()  # the run was complete
    must(ended.seconds < 30 and len(list(lost(ended, place))) == 1, ended.err)
    must([row["id"] for row in place.rows("out.ndjson")] == [1], "expected its row")


@case
def of_many_streams_each_event_is_told_once(place):
    keep = tells(place, KEEPS)
    for stream, rows in (("a", "id\n1\nx\n"), ("b", "id\n1\n2\n"), ("c", "id\n3\ny\n")):
        place.write(f"in/{stream}.csv", rows)
    def copy(**limits):
        return place.manifest({"use": "file", "path": "in/{stream}.csv", "format": {"use": "csv", "types": {"id": "int64"}}, "streams": "*"},
                              {"use": "file", "path": "out_{name}.ndjson"}, reject={"use": "file", "path": "rejects_{name}.ndjson"}, **limits,
                              on={event: {"exec": [keep, "{event}", "{loaded}", "{text}"]} for event in ("failed", "rejected", "drift", "done", "empty")})
    def told():
        given = [json.loads(line) for line in place.read("given.txt").splitlines()]
        (place.folder / "given.txt").unlink()
        for _, about in given:
            fits(about, SCHEMA)
        return given
    name = copy()
    ended = place.weir("run", name, "--output", "json").works()
    given = told()
    must([words[:2] for words, _ in given] == [["rejected", "4"], ["done", "4"]], given)
    must(given[0][0][2] == "pipeline 'job' rejected: 2 of 6 rows in 2 of 3 streams: 'a', 'c'", given[0])
    must([one["stream"] for one in given[0][1]["streams"]] == ["a", "c"] and given[0][1]["rejects"][1]["stream"] == "c", given[0])
    must([item["event"] for item in json.loads(ended.out)["notices"]] == ["rejected", "done"], ended.out)
    place.weir("run", name).works()
    must([words[0] for words, _ in told()] == ["done"], "expected that nothing is told twice")
    place.write("in/b.csv", "id,city\n")
    ended = place.weir("run", name).works()
    given = told()
    must([words[0] for words, _ in given] == ["drift", "done", "empty"], given)
    must("b: +city" in given[0][0][2] and given[2][0][2].endswith("in 1 of 3 streams: 'b'"), given)
    must(ended.out.count("  notice  ") == 2, ended.out)
    # Of those that fail there is one, and what the others came to is told beside.
    place.write("in/a.csv", "id\n5\nz\n")
    name = copy(limits={"rejects": 0})
    place.write("in/b.csv", "id\n7\n")
    place.write("in/c.csv", "id\ny\n")
    place.weir("run", name).fails(3, "stream 'a'")
    given = told()
    must([words[0] for words, _ in given] == ["failed", "drift"], given)
    must(given[0][0][2].startswith("pipeline 'job' failed in 2 of 3 streams: 'a', 'c'; stream 'a': "), given[0])
    must([one["state"] for one in given[0][1]["streams"]] == ["failed", "failed"], given[0])
    # What goes wrong before the first of them is begun.
    place.weir("run", name, "--stream", "nosuch").fails(2)
    given = told()
    must([words[0] for words, _ in given] == ["failed"] and given[0][1]["exit_code"] == 2, given)


@case
def the_helper_alone_says_what_it_is_for(place):
    ended = place.end(subprocess.Popen([HELPER, "post-notice"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    golden("notices.txt", "\n".join(sorted(transcript)) + "\n" + ended.fails(2, "usage.command").err)


if __name__ == "__main__":
    finish()
