"""What weir answers to command lines, word for word: compared with tests/golden/usage.txt.

`usage_test.py --write` writes it anew; look at the difference before it is committed.
"""
from harness import *

LINES = [
    ["rnu", "m.yaml"],
    ["--outptu", "json", "run"],
    ["run"],
    ["run", "--frsh", "m.yaml"],
    ["run", "-x", "m.yaml"],
    ["explain", "usage.code", "again"],
    ["run", "--chains", "many", "m.yaml"],
    ["run", "--chains", "0", "m.yaml"],
    ["run", "--chains"],
    ["run", "--validate", "all", "m.yaml"],
    ["run", "--every", "1h", "--at", "@daily", "m.yaml"],
    ["run", "--every", "1h", "--watch", "m.yaml"],
    ["run", "--watch", "--at", "@daily", "m.yaml"],
    ["run", "--every", "soon", "m.yaml"],
    ["run", "--at", "0 3 * *", "m.yaml"],
    ["run", "--jitter", "5m", "m.yaml"],
    ["run", "--zone", "UTC", "--every", "1h", "m.yaml"],
    ["run", "--param", "day", "m.yaml"],
    ["run", "--param"],
    ["run", "nope.yaml"],
    ["run", "--output", "yaml", "nope.yaml"],
    ["run", "--output", "json"],
    ["run", "--output", "json", "nope.yaml"],
    ["validate", "nope.yaml"],
    ["plugin"],
    ["plugin", "lsit"],
    ["plugin", "inspect"],
    ["plugin", "inspect", "no_such_plugin"],
    ["plugin", "inspect", "nope.so"],
    ["plugin", "test"],
    ["plugin", "test", "nope.so"],
    ["plugin", "test", "nope.so", "--case", "loasd"],
    ["plugin", "test", "nope.so", "--output", "xml"],
    ["explain", "manifest.unt"],
    ["explain", "zzz"],
    ["explain", "manifest.unit"],
    ["explain", "--output", "json", "usage.code"],
    ["plan", "nope.yaml"],
    ["preview", "good.json", "--link", "filtre"],
    ["preview", "good.json", "--rows", "none"],
    ["init"],
    ["test"],
    ["test", "--cas", "x", "good.json"],
    ["test", "good.json"],
    ["runs"],
    ["runs", "lst"],
    ["runs", "show"],
    ["runs", "prune", "--keep", "some"],
    ["runs", "prune", "--older", "30"],
    ["runs", "prune"],
    ["runs", "list", "--output", "json"],
]


@case
def answers(place):
    found = ""
    place.write("in.csv", "id\n1\n")
    place.manifest({"use": "file", "path": "in.csv"}, "discard", [{"use": "filter", "where": "id > 0"}], name="good")
    for words in LINES:
        ended = place.weir(*words)
        must(ended.code != 0 or not ended.err, f"weir {words}: {ended.err}")
        found += f"$ weir {' '.join(words)}\n{ended.out}{ended.err}exit {ended.code}\n\n"
    golden("usage.txt", found)


@case
def every_code_is_listed_and_told(place):
    listed = json.loads(place.weir("explain", "--output", "json").works().out)["codes"]
    must(len(listed) > 80, f"expected many codes, found {len(listed)}")
    for item in listed:
        told = json.loads(place.weir("explain", item["code"], "--output", "json").works().out)["explanation"]
        must(len(told) == 3 and told[1].startswith("Causes: ") and told[2].startswith("Cure: "),
             f"{item['code']}: expected meaning, causes and cure, found {told}")
        must(told[0].startswith(item["summary"]), f"{item['code']}: the list says {item['summary']!r}")
    must(place.weir("explain").works().out.startswith(listed[0]["code"] + "\n"), "expected the text to list codes")


if __name__ == "__main__":
    finish()
