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
}
FULL = {"changes_rounding": "floating-point", "invalid_utf8": "UTF-8", "descending_offsets": "offset", "unexpected_null": "null"}


def run(place, sin, *flags):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    place.write("in.csv", INPUT if sin != "invalid_utf8" else "id\n1\n2\n")
    place.write("out.csv", "old\n")
    return place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": sin}], flags=flags)


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
