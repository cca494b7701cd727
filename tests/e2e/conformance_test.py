# slow
"""The conformance kit: each case is failed by the plugin of its name, passed by right ones and by every plugin that weir brings.

What the proofs are told is compared with tests/golden/conformance.txt; `conformance_test.py --write` writes it anew.
"""
import ctypes
from concurrent.futures import ThreadPoolExecutor
from xml.etree import ElementTree

from harness import *

PROOFS = Path(BAD_PLUGINS) / "conformance"
BUILT = Path(WEIR).resolve().parent.parent
KINDS = "transformer", "state", "extractor", "loader", "atomic", "format", "codec", "storage", "connection"
# A kernel without it can't tell who writes elsewhere; the case says so and is skipped.
HAS_LANDLOCK = ctypes.CDLL(None).syscall(444, None, 0, 1) > 1  # landlock_create_ruleset: which version
# Cases that only warn: the header asks for less than they look at.
WARNS = {"unloads", "error-style"}


def plugin_of(name):
    return PROOFS / f"{name.replace('-', '_')}.so"


def kit(place, file, *words, code=None):
    """Tries a plugin; gives the report, as a document."""
    ended = place.weir("plugin", "test", file, "--output", "json", *words, seconds=250)
    must(code is None or ended.code == code, f"{file}: expected exit {code}, found {ended.code}: {ended.err} {ended.out[-2000:]}")
    return json.loads(ended.out)


def all_cases(place):
    return json.loads(place.weir("plugin", "test", "--cases", "--output", "json").works().out)["cases"]


def told(text, place):
    """Without what differs from run to run, and from machine to machine."""
    text = text.replace(str(PROOFS) + "/", "").replace(str(place.folder), "PLACE")
    text = re.sub(r"(beside others an instance passed on other rows: ).*", r"\1ROW", text)
    text = re.sub(r"weir-kit-\w+/\d+", "KIT", text)
    return re.sub(r"\b\d+( ms\b| bytes a life)", r"N\1", text)


@case
def every_case_is_failed_by_its_plugin(place):
    names = [one["name"] for one in all_cases(place) if HAS_LANDLOCK or one["name"] != "writes-nowhere-else"]
    lacking = [name for name in names if not plugin_of(name).exists()]
    must(not lacking, f"cases without a plugin that fails them: {lacking}")

    def proof(name):
        return name, place.weir("plugin", "test", plugin_of(name), "--case", name)

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(proof, names))
    passed = [name for name, ended in ends if f" {name}  " not in ended.out or ended.code != (0 if name in WARNS else 1)]
    must(not passed, f"cases that their plugins pass: {passed}")
    found = "\n".join(told(ended.out, place) for _, ended in ends)
    place.env["TMPDIR"] = str(place.folder / "nowhere")
    for words in ([plugin_of("loads")], [plugin_of("loads"), "--case", "lodas"], []):
        found += "\n" + told(place.weir("plugin", "test", *words).err, place)
    if HAS_LANDLOCK:
        golden("conformance.txt", found)


@case
def every_plugin_of_the_proofs_has_a_case(place):
    known = {one["name"].replace("-", "_") for one in all_cases(place)} | {f"right_{kind}" for kind in KINDS}
    strange = sorted(file.stem for file in PROOFS.glob("*.so") if file.stem not in known)
    must(not strange, f"plugins without a case: {strange}")


def conforms(place, files):
    must(files, "expected plugins, found none")
    for file in files:
        report = kit(place, file)
        bad = [f"{one['component']} {one['case']}: {one.get('found')}" for one in report["cases"] if one["verdict"] in ("fail", "crashed")]
        must(not bad, f"{file.name}: " + "\n".join(bad))
        passes = {one["component"]: 0 for one in report["cases"]}
        for one in report["cases"]:
            passes[one["component"]] += one["verdict"] == "pass"
        must(all(count >= 9 for count in passes.values()), f"{file.name}: expected most cases to be tried, found {passes}")
    must(not (place.files() - {"in.csv"}), f"expected nothing left behind, found {place.files()}")


@case
def every_plugin_conforms(place):
    conforms(place, sorted((BUILT / "lib/weir/plugins").glob("*.so")))


@case
def every_example_conforms(place):
    conforms(place, sorted((BUILT / "examples/plugins").glob("*.so")))


@case
def right_plugins_conform(place):
    conforms(place, [plugin_of(f"right_{kind}") for kind in KINDS])


@case
def junit_has_each_case(place):
    ended = place.weir("plugin", "test", plugin_of("rows_balance"), "--output", "junit")
    must(ended.code == 1, f"expected exit 1, found {ended.code}")
    root = ElementTree.fromstring(ended.out)
    suites = {suite.get("name"): suite for suite in root}
    must(set(suites) == {"the file", "transformer rows_balance"}, f"found {set(suites)}")
    suite = suites["transformer rows_balance"]
    failed = {one.get("name"): one.find("failure") for one in suite if one.find("failure") is not None}
    must("rows-balance" in failed, f"found {set(failed)}")
    must("weir.h:" in failed["rows-balance"].text and "change:" in failed["rows-balance"].text, failed["rows-balance"].text)
    must(int(suite.get("failures")) == len(failed) and int(suite.get("tests")) == len(suite), str(suite.attrib))


@case
def a_hang_is_named_and_ends(place):
    ended = place.weir("plugin", "test", PROOFS.parent / "hangs_at_open.so", "--case", "sample-works", seconds=100)
    must(ended.code == 1 and "did not end within 20 s" in ended.out, ended.out + ended.err)


@case
def what_is_no_plugin_is_refused(place):
    place.write("in.csv", "id\n")
    place.weir("plugin", "test", "in.csv").fails(4, "ELF")
    place.weir("plugin", "test", plugin_of("loads"), "--case", "lodas").fails(2, "lodas")
    place.weir("plugin", "test").fails(2, "FILE")


if __name__ == "__main__":
    finish()
