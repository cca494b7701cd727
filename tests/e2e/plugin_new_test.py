"""weir plugin new: what it refuses, word for word (tests/golden/plugin_new.txt), and what it leaves then: nothing. That what it makes
builds and runs, tests/bindings sees."""
from harness import *

REFUSED = [
    ["Trim"],
    ["trim-texts"],
    ["_trim"],
    ["t" * 65],
    ["there"],
    ["trim", "--kind", "storage", "--lang", "rust"],
    ["trim", "--kind", "filter"],
    ["trim", "--lang", "python"],
    ["trim", "--license", "GPL-4.0"],
    [],
]
GIVEN = ["--kind", "transformer", "--lang", "cpp"]


def words_of(words):
    """The defaults, where the words don't say otherwise."""
    pairs = [GIVEN[i:i + 2] for i in range(0, len(GIVEN), 2) if GIVEN[i] not in words]
    return [*words, *(word for pair in pairs for word in pair)]


@case
def refusals(place):
    place.write("there/kept.txt", "kept")
    before = sorted(place.folder.iterdir())
    told = ""
    for words in REFUSED:
        ended = place.weir("plugin", "new", *words_of(words))
        must(ended.code == 2, f"{words}: expected exit 2, found {ended.code}: {ended.out}")
        told += f"$ weir plugin new {' '.join(words_of(words))}\n{ended.out}{ended.err}exit {ended.code}\n\n"
    must(sorted(place.folder.iterdir()) == before and place.read("there/kept.txt") == "kept", "expected nothing to be made")
    ended = place.weir("plugin", "new", "trim", *GIVEN)
    golden("plugin_new.txt", told + f"$ weir plugin new trim {' '.join(GIVEN)}\n{ended.works().out}")


@case
def a_program_without_its_sdk_says_so(place):
    (place.folder / "bin").mkdir()
    shutil.copy(WEIR, place.folder / "bin/weir")
    ended = subprocess.run([place.folder / "bin/weir", "plugin", "new", "trim", *GIVEN], cwd=place.folder, text=True, capture_output=True)
    must(ended.returncode == 2, f"expected exit 2, found {ended.returncode}: {ended.stderr}")
    golden("plugin_new_without_sdk.txt", ended.stderr.replace(str(place.folder.resolve()), "…"))


@case
def a_folder_that_may_not_be_written(place):
    # A dangling link is there, though it leads nowhere.
    (place.folder / "trim").symlink_to("nowhere")
    place.weir("plugin", "new", "trim", *GIVEN).fails(2, "expected no file or folder of that name, found one")
    (place.folder / "trim").unlink()
    gone = place.folder / "gone"
    gone.mkdir()
    ended = subprocess.run(["sh", "-c", f'cd gone && rmdir ../gone && exec "{WEIR}" plugin new trim {" ".join(GIVEN)}'], cwd=place.folder,
                           text=True, capture_output=True)
    golden("plugin_new_gone.txt", ended.stderr + f"exit {ended.returncode}\n")


@case
def what_is_written_is_told_to_machines_too(place):
    told = json.loads(place.weir("plugin", "new", "trim", "--kind", "loader", "--lang", "c", "--license", "none", "--output", "json").works().out)
    folder = Path(told["folder"])
    files = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    must(files == told["files"] and "trim.c" in files and "trim_test.cpp" in files and "LICENSE" not in files, f"found {told}")
    must(json.loads(place.read("trim/schema.json"))["license"] == "LicenseRef-Proprietary", place.read("trim/schema.json"))
    must(told["steps"].startswith("cmake "), told["steps"])


if __name__ == "__main__":
    finish()
