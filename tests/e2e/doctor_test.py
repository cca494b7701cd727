"""weir doctor: a machine that is well, and one that lacks something.

`doctor_test.py --write` writes tests/golden/doctor.txt anew; look at the difference before it is committed.
"""
import pty
import resource

from harness import *


def findings(ended):
    document = json.loads(ended.out)
    must(document["ok"] == (ended.code == 0), f"ok: {document['ok']}, exit {ended.code}")
    return document["findings"]


def one(ended, subject):
    found = [item for item in findings(ended) if item["subject"] == subject]
    must(len(found) == 1, f"expected one finding of {subject!r}, found {found}")
    return found[0]


def doctor(place, **popen):
    ended = place.weir("doctor", "--output", "json", **popen)
    must(ended.code in (0, 1), f"expected exit 0 or 1, found {ended.code}: {ended.err}")
    for item in findings(ended):
        must(item["verdict"] == "ok" or item.get("cure"), f"expected a cure: {item}")
    return ended


@case
def all_is_well(place):
    place.env["LC_ALL"] = "C.UTF-8"
    ended = doctor(place)
    must(ended.code == 0, [item for item in findings(ended) if item["verdict"] == "problem"])
    subjects = {item["subject"] for item in findings(ended)}
    expected = {"versions", "system", "processor", "memory", "open files", "locale", "terminal", "state folder",
                "temporary folder", "plugin folders", "plugin csv", "plugin sqlite"}
    must(expected <= subjects, f"expected also {expected - subjects}")
    must("SQLite 3." in one(ended, "versions")["found"], one(ended, "versions"))
    must(place.files() == set() and not (place.home / "state").exists(), f"expected nothing left, found {place.files()}")
    text = place.weir("doctor").works().out
    must("ok       plugin csv: 1." in text and "0 problems" in text, text)


@case
def plugins_that_can_not_be_used(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    ended = doctor(place)
    must(ended.code == 1, "expected exit 1")
    for name, words in {"plugin unresolved_library": "libweir_gone.so",
                        "plugin unresolved_symbol": "symbol", "plugin not_a_plugin.so": ".weir",
                        "plugin open_fails": "", "plugin foreign_major": ""}.items():
        item = one(ended, name)
        must(item["verdict"] == "problem" and words in item["found"], item)
    must(one(ended, "plugin good")["verdict"] == "ok", one(ended, "plugin good"))


@case
def a_plugin_that_needs_a_newer_libc(place):
    built = (Path(BAD_PLUGINS) / "needs_libc.so").read_bytes()
    must(b"GLIBC_2." in built, "expected a plugin that needs some GLIBC_2")
    place.write("plugins/needs_libc.so", built.replace(b"GLIBC_2.", b"GLIBC_9."))
    place.env["WEIR_PLUGIN_PATH"] = str(place.folder / "plugins")
    item = one(doctor(place), "plugin needs_libc")
    must(item["verdict"] == "problem" and "GLIBC_9." in item["found"], item)


@case
def a_plugin_that_is_shadowed(place):
    folder = place.folder / "more"
    folder.mkdir()
    shutil.copy(Path(WEIR).parent.parent / "lib/weir/plugins/csv.so", folder)
    place.env["WEIR_PLUGIN_PATH"] = str(folder)
    shadowed = [item for item in findings(doctor(place)) if "shadowed" in item["found"]]
    must(len(shadowed) == 1 and shadowed[0]["verdict"] == "warning", shadowed)


@case
def no_place_for_state(place):
    place.write("file", "")
    place.env["XDG_STATE_HOME"] = str(place.folder / "file" / "state")
    item = one(doctor(place), "state folder")
    must(item["verdict"] == "problem" and "not a folder" in item["found"] and "XDG_STATE_HOME" in item["cure"], item)


@case
def no_temporary_folder(place):
    place.env["TMPDIR"] = str(place.folder / "gone")
    item = one(doctor(place), "temporary folder")
    must(item["verdict"] == "problem" and "no such folder" in item["found"], item)


@case
def limits_that_are_low(place):
    ended = doctor(place, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256)))
    must(one(ended, "open files")["verdict"] == "warning" and "256" in one(ended, "open files")["found"], "open files")
    ended = doctor(place, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2**30, 2**30)))
    must(one(ended, "file size")["found"] == "1 GiB", one(ended, "file size"))


@case
def a_locale_of_another_encoding(place):
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        place.env.pop(name, None)
    must(one(doctor(place), "locale")["verdict"] == "warning", "no locale")
    place.env.update(LANG="de_DE.UTF-8", LC_ALL="de_DE.ISO-8859-1")
    must(one(doctor(place), "locale")["found"] == "de_DE.ISO-8859-1", "LC_ALL goes before LANG")


def limited(files, address, size):
    """Limits that every machine can have, so that what is told of them is the same."""
    def apply():
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
        resource.setrlimit(resource.RLIMIT_AS, (address, address))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return apply


# What the machine is, which is named; all else is told word for word.
SIZE = r"[\d.]+ (B|[KMGTP]iB)"
MACHINE = [
    (r"(weir|SQLite|Boost|nlohmann/json|spdlog|xxHash|CLI11|glibc) \d+(\.\d+)+", r"\1 VERSION"),
    (r"(plugin [\w]+: |\"found\": \")\d+\.\d+\.\d+, ", r"\1VERSION, "),
    (r"Linux \S+, \w+", "Linux RELEASE, MACHINE"),
    (r"\d+ cores?, vector sets:( SSE4\.2| AVX2| AVX-512| NEON| none that weir uses)+", "CORES, vector sets: SETS"),
    (rf"{SIZE} available of {SIZE}(, the control group allows {SIZE})?", "SIZE available of SIZE"),
    (rf"{SIZE} free", "SIZE free"),
    (r"needs GLIBC_\S+", "needs GLIBC_VERSION"),
    # A control group with less than the machine, or less memory than weir likes, is no business of this test.
    (r"warning  processor: (CORES, vector sets: SETS), of which .*\n +hint: .*\n", r"ok       processor: \1\n"),
    (r"warning  memory: (.*)\n +hint: .*\n", r"ok       memory: \1\n"),
    (r'"warning",(\s+"subject": "(?:processor|memory)",\s+"found": "(?:CORES, vector sets: SETS|SIZE available of SIZE))'
     r'[^"]*",\s+"cure": "[^"]*"', r'"ok",\1"'),
]


def told(place, ended):
    out = (ended.out + ended.err).replace(str(Path(WEIR).parent.parent), "BUILD").replace(str(place.folder), "FOLDER")
    for pattern, name in MACHINE:
        out = re.sub(pattern, name, out)
    warnings = len(re.findall(r"^warning ", out, re.M))
    return f"exit {ended.code}\n" + re.sub(r"\d+ warnings", f"{warnings} warnings", out) + "\n"


def of_plugins(text):
    """Of the plugins that are installed, which are no business of this test, one."""
    installed = r"^ok       plugin (?!csv:)\w+: VERSION, BUILD/lib/weir/plugins/\w+\.so\n"
    json_one = (r',\n    \{\n      "verdict": "ok",\n      "subject": "plugin (?!csv")\w+",\n'
                r'      "found": "VERSION, BUILD/lib/weir/plugins/\w+\.so"\n    \}')
    return re.sub(json_one, "", re.sub(installed, "", text, flags=re.M))


@case
def findings_word_for_word(place):
    place.env.update(COLUMNS="100", TERM="xterm", LC_ALL="C.UTF-8", PATH=os.environ["PATH"])
    well = limited(2048, resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    found = "== a machine that is well: " + of_plugins(told(place, place.weir("doctor", preexec_fn=well)))
    found += "== the same as JSON: " + of_plugins(told(place, place.weir("doctor", "--output", "json", preexec_fn=well)))
    main, side = pty.openpty()  # all but its plugins is looked at on a terminal
    ended = place.weir("doctor", stderr=side, preexec_fn=well)
    os.close(main), os.close(side)
    found += "== a terminal: " + "".join(line for line in told(place, ended).splitlines(True) if "terminal" in line) + "\n"
    place.write("state", "a file\n")
    place.env.update(XDG_STATE_HOME=str(place.folder / "state"), TMPDIR=str(place.folder / "gone"), LC_ALL="de_DE.ISO-8859-1")
    for name in ("good", "not_a_plugin", "open_fails", "unresolved_library", "unresolved_symbol", "foreign_major", "aborts"):
        (place.folder / "plugins").mkdir(exist_ok=True)
        shutil.copy(f"{BAD_PLUGINS}/{name}.so", place.folder / "plugins")
    shutil.copy(Path(WEIR).parent.parent / "lib/weir/plugins/csv.so", place.folder / "plugins")
    place.env["WEIR_PLUGIN_PATH"] = str(place.folder / "plugins")
    lacking = limited(256, 2**40, 2**30)
    found += "== a machine that lacks much: " + of_plugins(told(place, place.weir("doctor", preexec_fn=lacking)))
    golden("doctor.txt", found)


if __name__ == "__main__":
    finish()
