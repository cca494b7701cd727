"""The package of Go: it compiles, which compares the layout of every struct, its tests pass, and it is formatted and vetted.

usage: go_test.py TOP BUILD, with GO in the environment
"""
import re
import shutil
import sys
import tempfile
from pathlib import Path

from languages import Languages, must

top, build = (Path(argument).resolve() for argument in sys.argv[1:])
with tempfile.TemporaryDirectory(prefix="weir-go-") as name:
    # As it is installed: the headers are found from there.
    package = Path(name, "prefix/share/weir/sdk/go")
    shutil.copytree(top / "sdk/go", package)
    (Path(name, "prefix/include")).symlink_to(top / "sdk/include")
    languages = Languages(build / "bindings", name)
    told = languages.run(languages.go, "test", "-v", "./...", cwd=package)
    passed = re.findall(r"^--- PASS: (\w+)", told, re.M)
    must(len(passed) >= 8, f"expected the package's tests to pass, found {passed}:\n{told}")
    languages.run(languages.go, "vet", "./...", cwd=package)
    layout = package / "layout.go"
    text = layout.read_text()
    moved = text.replace("[8]byte = [unsafe.Offsetof(C.struct_weir_batch{}.rows)]", "[16]byte = [unsafe.Offsetof(C.struct_weir_batch{}.rows)]")
    must(moved != text, "expected the place of weir_batch.rows in layout.go, found none")
    layout.write_text(moved)
    told = languages.run(languages.go, "build", ".", cwd=package, code=2)
    must("layout.go" in told, f"expected a field that moved not to compile, found {told}")
