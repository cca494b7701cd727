"""Rows in buffers of the host's (weir.memory/1), of which there are none left at each allocation in turn, once and from then on."""
import os
import sys
import tempfile
from pathlib import Path

import interposed
from harness import Place, must
from proof import document

BIG = 16384  # bytes, as in faults_test.py; a buffer of the plugin has twice that
ROWS = 4096 * 20


class Job(Place):
    def __init__(self):
        super().__init__()
        self.aside = Path(tempfile.mkdtemp(prefix="weir-crash-aside-"))
        self.words = ("run", "job.json")
        self.env["WEIR_PLUGIN_PATH"] = os.environ["BAD_PLUGINS"]
        self.manifest({"use": "host_memory"}, {"use": "file", "path": "out.csv"}, retry={"backoff": {"first": "1ms", "max": "1ms"}})

    def leave(self):
        super().leave()
        for path in self.aside.iterdir():
            path.unlink()
        self.aside.rmdir()

    def holds_all_rows(self):
        must(self.read("out.csv") == "x\n" + "".join(f"{i}\n" for i in range(ROWS)), "expected each number once, in order")
        must(self.files() == {"job.json", "out.csv"}, f"left behind: {self.files()}")


def fails_at(number, how):
    """Allocation `number` fails. Gives whether the run had so many; it has ended well, or by a named error, and then the next does."""
    job = Job()
    try:
        ended = interposed.run(job, ["memory"], at=number, do=interposed.fail("ENOMEM"), on=int(how == "on"), memory=BIG)
        if ended.code != 0:
            error = document(ended)["error"]
            told = (error["code"] in ("plugin.resource_exhausted", "run.out_of_memory") or error["fault"] == "missing"
                    or error["code"] == "state.unusable" and "out of memory" in error["message"])
            must(told, f"expected to be told of memory, or that the plugins could not be read, found {error}")
            if (job.folder / "out.csv").exists():  # it was decided, and the state store could not say that it is complete
                must(error["code"] == "state.unusable", f"expected nothing under the final name: {error}")
                job.holds_all_rows()
        job.weir("run", "job.json").works()
        job.holds_all_rows()
        return len(interposed.calls(job)) >= number, ended.code
    finally:
        job.leave()


def main():
    ended = {}
    for how in ("once", "on"):
        number, more = 0, True
        while more:
            number += 1
            more, code = fails_at(number, how)
            ended[how, code] = ended.get((how, code), 0) + 1
    print("  ".join(f"{how}, exit {code}: {count}" for (how, code), count in sorted(ended.items())))
    must(ended.get(("once", 0), 0) > 10, f"expected that what fails once is tried again, found {ended}")
    must(ended.get(("on", 1), 0) > 10, f"expected that no memory at all ends the run, found {ended}")


if __name__ == "__main__":
    sys.exit(main())
