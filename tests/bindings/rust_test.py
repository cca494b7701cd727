"""The crate of Rust: its tests pass with the layout of every struct, it compiles without std, and its version is weir's.

usage: rust_test.py TOP BUILD, with CARGO and WEIR_VERSION in the environment
"""
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from languages import Languages, must

top, build = (Path(argument).resolve() for argument in sys.argv[1:])
with tempfile.TemporaryDirectory(prefix="weir-rust-") as name:
    crate = Path(name, "weir")
    shutil.copytree(top / "sdk/rust", crate, ignore=shutil.ignore_patterns("target", "Cargo.lock"))
    languages = Languages(build / "bindings", name)
    told = languages.run(languages.cargo, "test", "--offline", cwd=crate)
    passed = re.findall(r"^test (\w+) \.\.\. ok$", told, re.M)
    must("structs_are_as_the_header_says" in passed and len(passed) >= 12, f"expected the crate's tests to pass, found {passed}:\n{told}")
    languages.run(languages.cargo, "check", "--offline", "--no-default-features", cwd=crate)
    version = re.search(r'^version = "(.*)"$', (crate / "Cargo.toml").read_text(), re.M)[1]
    must(version == os.environ["WEIR_VERSION"], f"sdk/rust/Cargo.toml: expected version {os.environ['WEIR_VERSION']}, found {version}")
