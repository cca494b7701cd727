# slow
"""A plugin is loaded in a child first, once: listing and looking load none; one that crashes or hangs there is named, and not tried
again until its file changes."""
from harness import *

OPENED = Path(BAD_PLUGINS) / "opened"
GO = Path(BAD_PLUGINS) / "inspected"


def install(place, *files):
    folder = place.folder / "plugins"
    folder.mkdir(exist_ok=True)
    for file in files:
        shutil.copy(file, folder)
    place.env["WEIR_PLUGIN_PATH"] = str(folder)
    place.env["WEIR_WITNESS"] = str(place.folder / "witness")
    place.write("in.csv", "id\n1\n")
    return folder


def seen(place):
    file = place.folder / "witness"
    return file.read_text().split() if file.exists() else []


def run(place, *links, flags=(), **more):
    return place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": link} for link in links],
                     flags=("--fresh", *flags), **more)


@case
def what_only_looks_loads_nothing(place):
    install(place, OPENED / "witness.so")
    manifest = place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": "witness"}])
    for words in (["plugin", "list"], ["plugin", "inspect", "witness"], ["schema"], ["init", "in.csv"], ["explain"],
                  ["plugin", "inspect", "plugins/witness.so", "--output", "json"], ["completion", "bash"]):
        place.weir(*words).works()
        must(seen(place) == [], f"weir {' '.join(words)}: expected nothing to be loaded, found {seen(place)}")
    place.weir("validate", manifest).works()
    must("opened" in seen(place), "expected the plugin to tell when it is loaded")


@case
def a_child_tries_it_once(place):
    folder = install(place, OPENED / "witness.so")
    run(place, "witness").works()
    must(seen(place) == ["loaded", "opened"] * 2, f"expected it in a child and here, found {seen(place)}")
    run(place, "witness").works()
    must(seen(place) == ["loaded", "opened"] * 3, f"expected it here alone, found {seen(place)}")
    shutil.copy(OPENED / "witness.so", folder / "witness.so")
    run(place, "witness").works()
    must(seen(place) == ["loaded", "opened"] * 5, f"expected it in a child anew, found {seen(place)}")


@case
def what_was_remembered_and_cannot_be_read_is_tried_again(place):
    install(place, OPENED / "witness.so")
    run(place, "witness").works()
    remembered = list((place.home / "cache").rglob("*.json"))
    must(remembered, "expected something to be remembered")
    for file in remembered:
        file.unlink()
        file.mkdir()  # it can be opened, and not read
    run(place, "witness").works()
    must(seen(place) == ["loaded", "opened"] * 4, f"expected it in a child and here, twice, found {seen(place)}")


@case
def one_that_crashes_is_named_and_left_alone(place):
    folder = install(place, OPENED / "witness.so", Path(BAD_PLUGINS) / "good.so")
    place.env["WEIR_WITNESS_CRASHES"] = "1"
    ended = run(place, "good", "witness").fails(4, "job.json", "witness.so", "crashes: SIGABRT", "plugin.crashes_at_load")
    must(not (place.folder / "out.csv").exists(), "expected no output")
    again = run(place, "good", "witness").fails(4, "crashes: SIGABRT")
    must(seen(place) == ["loaded", "opened"], f"expected it to be tried once, found {seen(place)}")
    must(again.err == ended.err, f"{again.err} {ended.err}")
    run(place, "good").works()  # it is there, and nobody uses it
    must("crashes: SIGABRT" in place.weir("doctor").out, "expected weir doctor to try it anyway")
    del place.env["WEIR_WITNESS_CRASHES"]
    run(place, "witness").fails(4, "crashes")
    (folder / "witness.so").touch()
    run(place, "witness").works()
    golden("first_loads.txt", ended.err.replace(str(place.folder), "FOLDER"))


def listed(place):
    """What weir plugin list tells: the text, and the JSON by name."""
    text = place.weir("plugin", "list").works().out
    told = json.loads(place.weir("plugin", "list", "--output", "json").works().out)["plugins"]
    return text, {one.get("name"): one.get("first_load") for one in told}


@case
def the_list_tells_of_what_crashed_and_hung(place):
    folder = install(place, *(OPENED / f"{name}.so" for name in ("aborts_when_opened", "exits_when_opened", "hangs_when_opened", "witness")))
    place.weir("run", place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"},
                                     [{"use": "witness"}, {"use": "hangs_when_opened"}, {"use": "aborts_when_opened"}])).fails(4)
    before = seen(place)
    text, first_loads = listed(place)
    must(seen(place) == before, f"expected the list to load nothing, found {seen(place)}")
    must({name: found and found["code"] for name, found in first_loads.items() if "when_opened" in str(name) or name == "witness"} == {
        "aborts_when_opened": "plugin.crashes_at_load", "exits_when_opened": None, "hangs_when_opened": "plugin.hangs_at_load",
        "witness": None}, first_loads)
    (folder / "aborts_when_opened.so").touch()
    must(listed(place)[1]["aborts_when_opened"] is None, "expected another file to be none that crashed")
    own = "".join(two for two in re.findall(r"^\S.*\n    .*\n", text, re.M) if str(folder) in two)
    golden("first_loads_listed.txt", own.replace(str(place.folder), "FOLDER") + json.dumps(first_loads["hangs_when_opened"]) + "\n")


@case
def one_that_hangs_is_named(place):
    install(place, OPENED / "hangs_when_opened.so")
    ended = run(place, "hangs_when_opened").fails(4, "does not come to an end within 10 s", "plugin.hangs_at_load")
    must(ended.seconds < 30, ended.seconds)
    must(run(place, "hangs_when_opened").fails(4, "plugin.hangs_at_load").seconds < 5, "expected it to be remembered")


@case
def several_are_tried_at_once(place):
    install(place, OPENED / "aborts_when_opened.so", OPENED / "exits_when_opened.so", Path(BAD_PLUGINS) / "good.so")
    ended = run(place, "aborts_when_opened", "good", "exits_when_opened").fails(4, "crashes: SIGABRT", "ends the process")
    must(ended.err.count("plugin.crashes_at_load") == 2, ended.err)


@case
def without_a_place_to_remember_it_runs_all_the_same(place):
    install(place, OPENED / "witness.so")
    place.write("blocked", "")
    for cache in (place.folder / "blocked", ""):
        place.env["XDG_CACHE_HOME"] = str(cache)
        run(place, "witness").works()
    del place.env["HOME"], place.env["XDG_CACHE_HOME"]
    run(place, "witness").works()


@case
def go_must_be_allowed(place):
    install(place, GO / "go_one.so")
    refused = run(place, "go_one").fails(2, "job.json:", "isolation: none", "plugin.isolation")
    run(place, "go_one", plugins={"go_one": {"isolation": "none"}}).works()
    must(place.weir("preview", "job.json").works(), "")
    wrong = run(place, "go_one", plugins={"go_one": {"isolation": "some"}}).fails(2, "isolation", '"some"')
    golden("isolation.txt", refused.err + wrong.err)


@case
def there_is_one_go_in_a_process(place):
    install(place, GO / "go_one.so", GO / "go_two.so")
    allowed = {name: {"isolation": "none"} for name in ("go_one", "go_two")}
    ended = run(place, "go_one", "go_two", plugins=allowed).fails(4, "go_one.so", "go_two.so", "plugin.second_go")
    golden("second_go.txt", ended.err.replace(str(place.folder), "FOLDER"))
    run(place, "go_one", plugins=allowed).works()
    run(place, "go_two", plugins=allowed).works()


@case
def a_missing_library_is_named_everywhere(place):
    install(place, Path(BAD_PLUGINS) / "unresolved_library.so")
    run(place, "unresolved_library").fails(4, "needs the library 'libweir_gone.so'", "plugin.unresolved_library")
    text = place.weir("plugin", "inspect", "unresolved_library").works().out
    must(re.search(r"^  missing +library libweir_gone.so, needed by unresolved_library.so: install the package", text, re.M), text)
    told = json.loads(place.weir("plugin", "inspect", "unresolved_library", "--output", "json").works().out)["needs"]
    must(not told["met"] and told["missing_libraries"][0]["name"] == "libweir_gone.so", told)
    text = place.weir("plugin", "inspect", Path(BAD_PLUGINS) / "unresolved_symbol.so").works().out
    must("symbol weir_nowhere_to_be_found, needed by unresolved_symbol.so: no library" in text, text)


if __name__ == "__main__":
    finish()
