"""Runs the compilers of the bindings, with nothing of the caller's environment and no network."""
import os
import subprocess
from pathlib import Path


def must(condition, otherwise):
    if not condition:
        raise SystemExit(otherwise)


class Languages:
    """`kept`: where what was compiled is kept from one test to the next; `scratch`: the test's own folder."""

    def __init__(self, kept, scratch):
        cargo = os.environ["CARGO"]
        must(os.access(cargo, os.X_OK), f"expected cargo, found {cargo}: scripts/install-packages.sh test installs it")
        rustc = Path(cargo).parent / "rustc"
        self.go = os.environ["GO"]
        must(os.access(self.go, os.X_OK), f"expected go, found {self.go}: scripts/install-packages.sh test installs it")
        self.cargo, self.kept = cargo, Path(kept)
        self.env = {"PATH": os.environ["PATH"], "TMPDIR": str(scratch), "LC_ALL": "C.UTF-8", "CARGO_HOME": str(self.kept / "cargo-home"),
                    "CARGO_TARGET_DIR": str(self.kept / "cargo"), "CARGO_NET_OFFLINE": "true", "CARGO_TERM_COLOR": "never",
                    "RUSTC": str(rustc), "RUSTDOC": str(rustc.parent / "rustdoc"), "HOME": str(scratch),
                    "CARGO_INCREMENTAL": "0", "RUSTFLAGS": "-Dwarnings",
                    "GOCACHE": str(self.kept / "go"), "GOPATH": str(self.kept / "gopath"), "GOFLAGS": "-mod=mod -trimpath", "GOPROXY": "off",
                    "GOTOOLCHAIN": "local", "GOTELEMETRY": "off", "CGO_CFLAGS": "-O1 -g -Wall -Werror"}

    def run(self, *command, cwd, code=0, **more):
        done = subprocess.run([str(word) for word in command], cwd=cwd, env={**self.env, **more}, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        must(done.returncode == code, f"{' '.join(map(str, command[:6]))}: expected exit {code}, found {done.returncode}:\n"
                                      f"{done.stdout[-4000:]}")
        return done.stdout
