"""What is built needs no newer C or C++ library than packaging/promise.txt says; and a file that does is told.

usage: needs_test.py TOP BUILD
"""
import subprocess
import sys
import tempfile
from pathlib import Path

top, build = (Path(argument).resolve() for argument in sys.argv[1:])
places = [build / name for name in ("bin", "libexec", "lib") if (build / name).is_dir()]


def needs(*arguments):
    return subprocess.run([sys.executable, "-B", str(top / "scripts/elf_needs.py"), *map(str, arguments)], text=True,
                          capture_output=True)


def must(condition, otherwise):
    if not condition:
        raise SystemExit(otherwise)


kept = needs(*places)
must(kept.returncode == 0, f"expected all of {build} to keep the promise, found:\n{kept.stdout}{kept.stderr}")
must("GLIBC 2." in kept.stdout and "GLIBCXX 3.4." in kept.stdout, f"expected to be told what is needed, found {kept.stdout}")
with tempfile.TemporaryDirectory() as name:
    older = Path(name, "promise.txt")
    older.write_text("GLIBC 2.3  # of 2002\nGLIBCXX 3.4.30\n")
    broken = needs("--promise", older, *places)
    must(broken.returncode == 1 and f"{build / 'bin/weir'}: expected to need GLIBC_2.3 at most, found GLIBC_2." in broken.stderr,
         f"expected the program to break an older promise, found {broken.returncode}: {broken.stderr}")
    must("GLIBCXX" not in broken.stderr, f"expected the promise of GLIBCXX to be kept, found {broken.stderr}")
    nothing = needs(older)
    must(nothing.returncode == 1 and "expected ELF files, found none" in nothing.stderr, f"expected an error, found {nothing}")
