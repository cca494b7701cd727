"""The SDK's example in C as a DLL: built by mingw-w64 with weir_add_plugin(), its text in section .weir, its entry its only export."""
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PREFIX = "x86_64-w64-mingw32-"


def tool(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"{command[0]}: expected it to work, found: {(done.stdout + done.stderr).decode(errors='replace')[-3000:]}")
    return done.stdout


def built(folder):
    tool("cmake", "-S", Path(__file__).parent / "project", "-B", folder, "-G", "Ninja", "-DCMAKE_SYSTEM_NAME=Windows",
         "-DCMAKE_BUILD_TYPE=Release", f"-DCMAKE_C_COMPILER={PREFIX}gcc", f"-DCMAKE_CXX_COMPILER={PREFIX}g++",
         "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror")
    tool("cmake", "--build", folder)
    return folder / "plugins/stars.dll"


def problems(dll, folder):
    text = folder / "weir.json"
    tool(PREFIX + "objcopy", "-O", "binary", "--only-section=.weir", dll, text)
    told = json.loads(text.read_bytes().rstrip(b"\0"))
    schema = json.loads((TOP / "examples/plugin_c/schema.json").read_text(encoding="utf-8"))
    for name, value in schema.items():
        if told.get(name) != value:
            yield f"section .weir: {name}: expected {value}, found {told.get(name)}"
    if "abi" not in told:
        yield f"section .weir: expected abi, found {sorted(told)}"
    listed = tool(PREFIX + "objdump", "-p", dll).decode()
    names = re.findall(r"^\s*\[\s*\d+\]\s+(?:\+base\[\s*\d+\]\s+)?(?:[0-9a-f]+\s+)?([A-Za-z_]\w*)$", listed, re.M)
    if names != ["weir_plugin_v1"]:
        yield f"expected weir_plugin_v1 to be its only export, found {names}"


def main():
    if not shutil.which(PREFIX + "g++"):
        sys.exit(f"expected {PREFIX}g++, found none (scripts/install-packages.sh test installs it)")
    with tempfile.TemporaryDirectory(prefix="weir-windows-") as folder:
        found = list(problems(built(Path(folder)), Path(folder)))
    sys.exit("\n".join(found) or 0)


main()
