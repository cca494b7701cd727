"""mask in whole runs: nothing that was masked, and no key, stands in any file that a run leaves, nor in what it says."""
from harness import *

KEY = "0f5a9c47d1e84b20b6d3a1c29e7f6b58"
PEOPLE = ("id,name,email,card,note\n"
          "1,Ann Baker,ann@example.com,4111 1111 1111 1111,call +1 415 555 2671\n"
          "2,Bob Cole,bob@example.org,5500 0000 0000 0004,wrote from bob@example.org\n"
          "3,Ann Baker,ann@example.com,,nothing\n")
COLUMNS = {"name": {"method": "truncate", "keep_first": 1}, "email": "hash", "card": "preserve"}
PERSONAL = ("Baker", "Cole", "ann@", "bob@", "4111 1111", "5500 0000", "555 2671")


def run(place, reject=None, more=(), env=None, **options):
    place.write("in.csv", PEOPLE)
    link = {"use": "mask", "columns": COLUMNS, "detect": ["email", "phone"], "key": "${secret:env/MASK_KEY}", **options}
    link = {key: value for key, value in link.items() if value}
    place.env["MASK_KEY"] = KEY
    place.env.update(env or {})
    return place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, transform=[link, *more],
                     reject=reject, flags=["--log", "level=debug"])


def all_that_is_left(place):
    return {path: path.read_bytes() for path in place.folder.rglob("*") if path.is_file() and path.name != "in.csv"}


@case
def personal_data_does_not_reach_the_destination(place):
    ended = run(place).works()
    rows = [line.split(",") for line in place.read("out.csv").splitlines()[1:]]
    must(rows[0][1] == "A" and rows[0][2] == rows[2][2] != rows[1][2], f"found {rows}")
    must(len(rows[0][2]) == 64 and len(rows[0][3]) == 19 and rows[0][3][4] == " ", f"found {rows[0]}")
    must(rows[0][4] == "call ***" and rows[1][4] == "wrote from ***" and rows[2][4] == "nothing", f"found {rows}")
    must("mask.masked (columns=3, values=8, email=1, card=0, phone=1)" in ended.err, f"expected counts, found {ended.err}")
    must(ended.err.count("mask.masked") == 1, "expected counts once")


@case
def nothing_that_a_run_leaves_holds_a_key_or_what_was_masked(place):
    refuses = {"use": "validate", "columns": {"id": {"max": 1}, "email": {"pattern": "x"}}}
    ended = run(place, reject={"use": "file", "path": "bad.ndjson"}, more=[refuses]).works()
    must(len(place.rows("bad.ndjson")) == 3, "expected all rows rejected behind the mask")
    ended_badly = run(place, more=[{**refuses, "on": "fail"}])
    must(ended_badly.code == 1, f"expected a failed run, found {ended_badly.code}")
    files = all_that_is_left(place)
    must(any("state" in str(path) for path in files), f"expected the state of runs, found {list(files)}")
    files = {path: data for path, data in files.items() if path.name != "job.json"}
    for path, data in [*files.items(), ("what was said", (ended.out + ended.err + ended_badly.out + ended_badly.err).encode())]:
        for secret in (KEY, *PERSONAL):
            must(secret.encode() not in data, f"found {secret!r} in {path}")


@case
def rows_that_were_filtered_out_are_not_counted(place):
    place.write("in.csv", PEOPLE)
    links = [{"use": "filter", "where": "id <> 2"}, {"use": "mask", "columns": {"name": "redact"}}]
    ended = place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, transform=links,
                      flags=["--log", "level=info"]).works()
    must("mask.masked (columns=1, values=2," in ended.err, f"expected two values, found {ended.err}")


@case
def a_key_is_never_shown(place):
    ended = run(place, env={"MASK_KEY": "guessable"})
    ended.fails(2, "option 'key'", "at least 16 characters", "***")
    must("guessable" not in ended.err + ended.out, "found the key in the error")
    run(place, key=None).fails(2, "expected a key, found none", "${secret:env/MASK_KEY}")
    ended = run(place, columns={"email": "hsah"})
    must(ended.code == 2 and "columns.email" in ended.err and KEY not in ended.err, f"found {ended.err}")


@case
def one_key_gives_one_token_wherever_a_value_stands(place):
    place.env["MASK_KEY"] = KEY
    for name in ("a", "b"):
        place.write(f"{name}.csv", f"{name}_email\nann@example.com\n")
        place.run({"use": "file", "path": f"{name}.csv"}, {"use": "file", "path": f"{name}.ndjson"}, name=name,
                  transform=[{"use": "mask", "columns": {f"{name}_email": "tokenise"}, "key": "${secret:env/MASK_KEY}"}]).works()
    tokens = {place.rows("a.ndjson")[0]["a_email"], place.rows("b.ndjson")[0]["b_email"]}
    must(len(tokens) == 1 and tokens.pop().startswith("tok_"), "expected one token")


if __name__ == "__main__":
    finish()
