# slow
"""Plugins that break the ABI's rules while rows flow: the run fails, names them, and leaves the output as it was."""
from harness import *

INPUT = "id,name\n" + "".join(f"{i},n{i}\n" for i in range(1, 5))

# What each does, the exit code, and a word of the message. All are transformers called by the name of their sin.
SINS = {
    "loses_rows": (1, "rows to leave"), "doubles_rows": (1, "rows to leave"), "garbage_status": (1, "status"),
    "throws": (1, "exception"), "wrong_lengths": (1, ""), "negative_offsets": (1, ""), "null_buffer": (1, ""),
    "null_table": (4, ""), "selects_beyond": (1, "select"), "rejects_beyond": (1, "reject"), "unknown_output": (1, "output"),
    "no_schema": (1, "schema"), "schema_released": (1, "create(): "), "bad_texts": (1, ""), "no_message": (1, ""),
    "null_function": (4, ""), "ignores_failure": (1, ""), "origins_beyond": (1, "origins"),
    "releases_twice": (1, "released twice"), "pushes_after_error": (1, "output below 1"),
}
SANITIZED = os.environ.get("WEIR_SANITIZED")  # then crashes have another handler
FULL = {"changes_rounding": "floating-point", "invalid_utf8": "UTF-8", "descending_offsets": "offset", "unexpected_null": "null",
        "writes_lent": "written to"}


def run(place, sin, *flags, **more):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    place.write("in.csv", INPUT if sin != "invalid_utf8" else "id\n1\n2\n")
    place.write("out.csv", "old\n")
    return place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": sin}], flags=flags, **more)


def untouched(place):
    must(place.read("out.csv") == "old\n", f"expected the old output, found {place.read('out.csv')!r}")
    must(place.files() == {"in.csv", "out.csv", "job.json"}, f"expected nothing left behind, found {place.files()}")


def of_sin(sin, code, word, *flags):
    def check(place):
        run(place, sin, *flags).fails(code, sin, word)
        untouched(place)
    check.__name__ = sin
    return check


for sin, (code, word) in SINS.items():
    case(of_sin(sin, code, word))
for sin, word in FULL.items():
    case(of_sin(sin, 1, word, "--validate=full"))


@case
def good(place):
    run(place, "good").works()
    must(place.read("out.csv") == INPUT, "expected the rows")


def reads(place, sin, load=None, **more):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    return place.run({"use": sin}, load or {"use": "file", "path": "out.csv"}, **more)


def goes_on(place):
    """The next run of the pipeline is as if nothing had been, and sweeps what the one before left."""
    reads(place, "unaligned_source").works()
    must(place.read("out.csv") == "x\n1\n2\n3\n4\n", place.read("out.csv"))
    must(place.files() == {"out.csv", "job.json"}, f"left {place.files()}")


@case
def rows_of_another_type_than_was_told_are_refused(place):
    reads(place, "wrong_schema").fails(1, "wrong_schema", "push()")
    must(place.files() == {"job.json"}, f"left {place.files()}")


@case
def rows_that_are_never_released_are_told(place):
    ended = run(place, "leaks").works()
    must("'leaks'" in ended.err and "kept for ever" in ended.err, f"expected to be told, found {ended.err!r}")


@case
def rows_in_buffers_of_the_hosts_arrive(place):
    reads(place, "host_memory").works()
    must(place.read("out.csv") == "x\n" + "".join(f"{i}\n" for i in range(4096 * 20)), "expected each number once, in order")


@case
def rows_that_are_pushed_outside_of_a_call_get_nowhere(place):
    ended = run(place, "pushes_late").works()
    must("'pushes_late'" in ended.err and "before or after" in ended.err, f"expected to be told, found {ended.err!r}")
    must(place.read("out.csv") == INPUT, place.read("out.csv"))


@case
def a_loader_that_commits_twice_is_found_out(place):
    place.write("in.csv", INPUT)
    reads(place, "unaligned_source", {"use": "commits_twice"}).fails(5, "epoch 2", "recovery.foreign_token")


def crash(sin, number, function, transform):
    def check(place):
        ended = run(place, sin) if transform else reads(place, sin)
        ended.fails(-number, f"'{sin}'", function, number.name, "plugin.crash")
        if transform:
            for name in ("in.csv", "out.csv"):
                (place.folder / name).unlink()
        goes_on(place)
    check.__name__ = sin
    return check


if not SANITIZED:
    case(crash("crashes_at_open", signal.SIGABRT, "create()", True))
    case(crash("crashes_at_read", signal.SIGSEGV, "read()", False))
    case(crash("crashes_at_close", signal.SIGILL, "close()", False))

SHORT = {"call": "300ms", "cancel": "200ms"}


@case
def a_call_that_hangs_and_can_be_cancelled_ends_the_run(place):
    ended = reads(place, "blocks", deadlines=SHORT).fails(1, "'blocks'", "read()", "'extract'", "300 ms", "plugin.deadline")
    must("given_up" not in ended.err, ended.err)
    goes_on(place)


@case
def a_call_that_hangs_and_cannot_be_cancelled_is_given_up(place):
    ended = reads(place, "deaf", deadlines=SHORT).fails(1, "'deaf'", "read()", "'extract'", "plugin.given_up")
    must(ended.seconds < 10, f"took {ended.seconds:.1f} s")
    goes_on(place)


@case
def the_answer_on_stdout_says_what_was_given_up(place):
    ended = reads(place, "deaf", deadlines=SHORT, flags=["--output", "json"])
    must(ended.code == 1 and json.loads(ended.out)["error"]["code"] == "plugin.given_up", ended.out)


@case
def an_instance_that_never_comes_is_given_up(place):
    run(place, "hangs_at_open", deadlines=SHORT).fails(1, "'hangs_at_open'", "create()", "plugin.given_up")
    place.weir("validate", "job.json").fails(1, "'hangs_at_open'", "create()", "plugin.given_up")
    untouched(place)


@case
def an_instance_that_never_goes_is_given_up(place):
    run(place, "hangs_at_close", deadlines=SHORT).fails(1, "'hangs_at_close'", "destroy()", "plugin.given_up")


@case
def nothing_moved_is_told_with_what_is_waited_for_and_ends_the_run_if_it_is_to(place):
    ended = reads(place, "blocks", deadlines={"call": "off", "stalled": "200ms", "exit": "600ms"})
    ended.fails(1, "nothing has moved for", "it waits for read() of plugin 'blocks' in 'extract'", "run.stalled")
    goes_on(place)


@case
def each_sin_is_named_as_the_golden_file_says(place):
    stall = {"call": "off", "stalled": "200ms", "exit": "600ms"}
    answers = [(sin, run(place, sin)) for sin in SINS if sin != "bad_texts"]
    answers += [(f"{sin}, --log format=json", run(place, sin, "--log", "format=json")) for sin in ("leaks", "pushes_late")]
    answers += [(f"{sin}, --validate full", run(place, sin, "--validate=full")) for sin in FULL]
    answers += [(f"{sin}, deadlines", run(place, sin, deadlines=SHORT)) for sin in ("hangs_at_open", "hangs_at_close")]
    answers += [(f"{sin}, deadlines", reads(place, sin, deadlines=SHORT)) for sin in ("blocks", "deaf")]
    answers += [("blocks, exit", reads(place, "blocks", deadlines=stall)), ("wrong_schema", reads(place, "wrong_schema")),
                ("busy, budget", busy(place, attempts=9, budget=2)),
                ("reserves_too_much", run(place, "reserves_too_much")),
                ("commits_twice", reads(place, "unaligned_source", {"use": "commits_twice"}))]
    golden("bad_plugins.txt", text_of(place, answers))
    if not SANITIZED:
        answers = [("crashes_at_open", run(place, "crashes_at_open"))]
        answers += [(sin, reads(place, sin)) for sin in ("crashes_at_read", "crashes_at_close")]
        golden("crashes.txt", text_of(place, answers))


def text_of(place, answers):
    text = "".join(f"### {title}\n{ended.err.strip()}\n\n" for title, ended in answers)
    text = re.sub(r"\b\d+(\.\d+)? (ns|us|ms|s)\b", "N s", re.sub(r"\b[0-9A-HJKMNP-TV-Z]{26}\b", "RUN", text))
    return re.sub(r'(still_ns=|"time":")[^,)"]+', r"\1N", text.replace(str(place.folder), "."))


@case
def misaligned_rows_are_realigned(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    place.write("in.csv", "id\n1\n2\n3\n4\n")
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": "misaligned"}]).works()
    must(place.read("out.csv") == "x\n1\n2\n3\n4\n", place.read("out.csv"))


@case
def an_unaligned_reader_works(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    place.run({"use": "unaligned_source"}, {"use": "file", "path": "out.csv"}).works()
    must(place.read("out.csv") == "x\n1\n2\n3\n4\n", place.read("out.csv"))


def busy(place, **retry):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    return place.run({"use": "busy"}, {"use": "file", "path": "out.csv"}, retry={"backoff": {"first": "1ms"}, **retry})


@case
def a_call_is_made_as_often_as_retry_says(place):
    busy(place, attempts=9).works()
    must(place.read("out.csv") == "x\n1\n2\n3\n4\n", place.read("out.csv"))
    busy(place, attempts=8).fails(1, "busy")


@case
def a_run_repeats_calls_as_often_as_its_budget_says(place):
    busy(place, attempts=9, budget=8).works()
    busy(place, attempts=9, budget=7).fails(1, "busy", "the 7 repeats that it may make")


@case
def a_connection_that_does_not_answer_is_left_alone_for_a_while(place):
    ended = busy(place, attempts=9, breaker={"failures": 3, "pause": "1ms"}).works()
    must("connection 'extract' gave no answer to 3 calls in a row" in ended.err, f"expected to be told, found {ended.err!r}")


@case
def an_aborted_epoch_begins_again_and_doubles_nothing(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    for load in ({"use": "file", "path": "out.csv"}, {"use": "sqlite", "database": "out.db", "table": "t"}):
        ended = place.run({"use": "aborts"}, load, name=load["use"]).works()
        must("session" in ended.err, f"expected to be told why, found {ended.err!r}")
    must(place.read("out.csv") == "x\n1\n2\n3\n4\n", place.read("out.csv"))
    must(place.files() == {"out.csv", "out.db", "file.json", "sqlite.json"}, f"left {place.files()}")


@case
def an_unknown_outcome_ends_the_run(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    place.run({"use": "unknown_outcome"}, {"use": "file", "path": "out.csv"}).fails(1, "unknown_outcome", "4711")


@case
def a_lying_receipt_is_an_imbalance(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    place.write("in.csv", INPUT)
    place.run({"use": "file", "path": "in.csv"}, {"use": "lies"}).fails(5, "lies", "confirm 4", "5")


def under_way(place, source):
    """Starts a run whose reader says nothing, and waits until it reads, and until weir listens to signals."""
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    place.env["BAD_PLUGIN_READS"] = str(place.folder / "reads")
    place.write("out.csv", "old\n")
    process = place.start("run", place.manifest({"use": source}, {"use": "file", "path": "out.csv"}))
    end = time.monotonic() + 20
    while "reads" not in place.files():
        must(time.monotonic() < end and process.poll() is None, "expected it to read")
        time.sleep(0.01)
    (place.folder / "reads").unlink()
    # It listens to signals when the first thread beside those of the pools stands in poll: its signal mask tells.
    while not int(re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{process.pid}/status").read_text())[1], 16) & 1 << 14:
        must(time.monotonic() < end, "expected it to listen to signals")
        time.sleep(0.01)
    return process


def interrupted(number, code):
    def check(place):
        process = under_way(place, "blocks")
        process.send_signal(number)
        ended = place.end(process, seconds=10).fails(code, "stopped")
        must(ended.seconds < 2, f"expected it to end in 2 s, took {ended.seconds:.1f}")
        must(place.files() == {"out.csv", "job.json"} and place.read("out.csv") == "old\n", f"left {place.files()}")
        place.run({"use": "unaligned_source"}, {"use": "file", "path": "out.csv"}).works()
    check.__name__ = f"a_blocked_reader_ends_with_{code}"
    return check


case(interrupted(signal.SIGTERM, 143))
case(interrupted(signal.SIGINT, 130))


@case
def a_second_signal_ends_what_cannot_be_cancelled(place):
    process = under_way(place, "deaf")
    process.send_signal(signal.SIGTERM)
    time.sleep(0.2)
    must(process.poll() is None, "expected it to wait for its reader")
    process.send_signal(signal.SIGTERM)
    place.end(process, seconds=10).fails(143)
    must(place.read("out.csv") == "old\n", "expected the old output")
    place.run({"use": "unaligned_source"}, {"use": "file", "path": "out.csv"}).works()
    must(place.files() == {"out.csv", "job.json"}, f"expected it swept, found {place.files()}")


if __name__ == "__main__":
    finish()
