"""The SDK's examples in C and C++ as DLLs: built by mingw-w64, inspected here, and told to be for Windows where they are to be used."""
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "e2e"))
from harness import *  # noqa: E402

PROJECT = Path(__file__).resolve().parent / "project"
COMPILER = "x86_64-w64-mingw32-"
EXAMPLES = {"stars": "plugin_c", "trim": "plugin_cpp_transformer", "calendar": "plugin_cpp_extractor", "tally": "plugin_cpp_loader",
            "lines": "plugin_cpp_format", "hex": "plugin_cpp_codec", "inline": "plugin_cpp_storage"}


def built(place):
    """The folder of the DLL; WEIR_PLUGIN_PATH is set to it."""
    folder = place.folder / "build"
    if not shutil.which(COMPILER + "g++-posix"):
        raise AssertionError(f"expected {COMPILER}g++-posix, found none (scripts/install-packages.sh test installs it)")
    for command in (["cmake", "-S", PROJECT, "-B", folder, "-G", "Ninja", "-DCMAKE_SYSTEM_NAME=Windows", "-DCMAKE_BUILD_TYPE=Release",
                     f"-DCMAKE_C_COMPILER={COMPILER}gcc-posix", f"-DCMAKE_CXX_COMPILER={COMPILER}g++-posix",
                     "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror", "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Werror"],
                    ["cmake", "--build", folder]):
        done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        must(done.returncode == 0, f"{done.stdout[-3000:]}{done.stderr[-3000:]}")
    place.env["WEIR_PLUGIN_PATH"] = str(folder / "plugins")
    return folder / "plugins"


def is_inspected(place, name, file):
    told = json.loads(place.weir("plugin", "inspect", file, "--output", "json").works().out)
    must(told["name"] == name and told["machine"] == "x86-64 (Windows)", told)
    must(told["symbols"]["exported"] == ["weir_plugin_v1"] and told["symbols"]["undefined"] > 0, told["symbols"])
    # Of the system's own alone: no library of the compiler has to lie beside it.
    must(set(told["needed"]) == {"KERNEL32.dll", "msvcrt.dll"} and "needs" not in told, told["needed"])
    must({".text", ".weir"} <= {section["name"] for section in told["sections"]}, told["sections"])
    schema = json.loads((PROJECT.parents[2] / f"examples/{EXAMPLES[name]}/schema.json").read_text(encoding="utf-8"))
    must(told["summary"] == schema["summary"] and told["components"][0]["schema"] == schema["components"][name]["schema"], told)


@case
def a_dll_is_inspected_and_not_loaded(place):
    folder = built(place)
    for name in EXAMPLES:
        is_inspected(place, name, folder / f"{name}.dll")
    file = folder / "stars.dll"
    found = "$ weir plugin list\n" + "".join(line for line in place.weir("plugin", "list").works().out.splitlines(True) if "Windows" in line)
    for words in (["plugin", "inspect", folder / "stars.dll", "--components"], ["run", place.manifest(
            {"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, [{"use": "stars", "column": "name", "keep": 1}])]):
        place.write("in.csv", "name\nx\n")
        ended = place.weir(*words).fails(4, "built for Windows", "plugin.wrong_system")
        found += f"$ weir {' '.join(map(str, words))}\n{ended.err}"
    golden("windows.txt", found.replace(str(place.folder), "FOLDER"))
    damaged_files_are_errors(place, file.read_bytes())


def damaged_files_are_errors(place, whole):
    """Cut, or with bytes changed where its tables are: an answer or an error, and never a crash."""
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    for i in range(40):
        data = bytearray(whole[:chance.randrange(len(whole))] if i % 4 == 0 else whole)
        for _ in range(0 if i % 4 == 0 else 6):
            data[chance.randrange(1024 if i % 2 else len(data))] = chance.randrange(256)
        ended = place.weir("plugin", "inspect", place.write("damaged.dll", bytes(data)))
        must(ended.code in (0, 4), f"seed {seed}, file {i}: {ended.code} {ended.err}")


if __name__ == "__main__":
    finish()
