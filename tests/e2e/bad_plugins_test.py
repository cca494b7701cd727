"""Plugins that break the ABI's rules while rows flow: the run fails, names them, and leaves the output as it was."""
from harness import *

INPUT = "id,name\n" + "".join(f"{i},n{i}\n" for i in range(1, 5))

# What each does, the exit code, and a word of the message. All are transformers called by the name of their sin.
SINS = {
    "loses_rows": (1, "rows to leave"), "doubles_rows": (1, "rows to leave"), "garbage_status": (1, "status"),
    "throws": (1, "exception"), "wrong_lengths": (1, ""), "negative_offsets": (1, ""), "null_buffer": (1, ""),
    "null_table": (4, ""), "selects_beyond": (1, "select"), "rejects_beyond": (1, "reject"), "unknown_output": (1, "output"),
    "no_schema": (1, "schema"), "schema_released": (1, ""), "bad_texts": (1, ""), "no_message": (1, ""),
    "null_function": (4, ""), "ignores_failure": (1, ""),
}
FULL = {"changes_rounding": "floating-point", "invalid_utf8": "UTF-8", "descending_offsets": "offset", "unexpected_null": "null"}


def run(place, sin, *flags):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    # As many rows as the sin pushes, or the count would be what is found wrong.
    place.write("in.csv", "".join(INPUT.splitlines(keepends=True)[:3]) if sin == "invalid_utf8" else INPUT)
    place.write("out.csv", "old\n")
    return place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": sin}], flags=flags)


def untouched(place):
    must(place.read("out.csv") == "old\n", f"expected the old output, found {place.read('out.csv')!r}")
    must(place.files() == {"in.csv", "out.csv", "job.json"}, f"expected nothing left behind, found {place.files()}")


def of_sin(sin, code, word, *flags):
    def check(place):
        # The texts of bad_texts are cut and made UTF-8; they fill the message, so its name has no room.
        run(place, sin, *flags).fails(code, "" if sin == "bad_texts" else sin, word)
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


if __name__ == "__main__":
    finish()
