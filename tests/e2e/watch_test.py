"""weir run --watch: what a pipeline is made of changes, and the pipeline starts anew, with what there is now."""
import resource

from harness import *

ROOT = Path(__file__).resolve().parents[2]
# A transformer that keeps so many rows of each batch, and drops the rest.
SOURCE = """
#define SIN "keep"
#define SIN_PROCESS keep_process
#include <weir/weir.h>
static weir_status keep_process(void *self, uint64_t input, struct weir_batch *batch, const struct weir_next *next,
                                struct weir_error *error) {
  static const uint32_t rows[] = {0, 1, 2, 3, 4, 5, 6, 7};
  const struct weir_string why = {"not kept", 8};
  (void)self, (void)input, (void)error;
  if (batch->rows.length > KEPT) next->drop(next, (uint64_t)batch->rows.length - KEPT, why);
  return next->select(next, 0, rows, KEPT);
}
#include "bad_plugin.h"
"""
transcript = []


def build(place, kept, name=None):
    """Compiles a plugin that keeps so many rows, beside where it is looked for."""
    source, made = place.write("keep.c", SOURCE), place.folder / (name or f"keep{kept}.built")
    subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", f"-DKEPT={kept}", "-I", ROOT / "sdk/include", "-I",
                    ROOT / "tests/bad_plugins", "-o", made, source], check=True)
    return made


def job(place, rows, **more):
    steps = {"transform": ["keep"]} if more.pop("keeps", True) else {}
    return place.manifest({"use": "generate", "rows": rows}, {"use": "file", "path": "out.ndjson"}, **steps, **more)


class Watched(Speaking):
    """A `weir run --watch`, whose lines are waited for."""

    def __init__(self, place, *words, plugins="plugins"):
        place.env["WEIR_PLUGIN_PATH"] = str(place.folder / plugins)
        super().__init__(place, "run", "--watch", *words)

    def until(self, words, seconds=60):
        came = super().until(words, seconds)
        if self.said.startswith("watch") and self.said not in transcript:
            transcript.append(self.said)
        return came

    def ends(self, number=signal.SIGINT):
        super().ends(128 + number, number)


def rows(place):
    return len(place.rows("out.ndjson"))


ENDED, ANEW = "the run has ended: waits for a change", "the pipeline starts anew"


@case
def another_binary_in_the_place_of_one(place):
    (place.folder / "plugins").mkdir()
    build(place, 2).rename(place.folder / "plugins/keep.so")
    watched = Watched(place, job(place, 100))
    watched.until(ENDED)
    must(rows(place) == 2, rows(place))
    build(place, 5).rename(place.folder / "plugins/keep.so")
    watched.until("plugins/keep.so (plugin keep) changed: " + ANEW)
    watched.until(ENDED)
    must(rows(place) == 5, rows(place))
    watched.ends()


@case
def one_that_is_overwritten_while_it_runs(place):
    (place.folder / "plugins").mkdir()
    build(place, 2).rename(place.folder / "plugins/keep.so")
    name = job(place, 2_000_000_000)
    watched = Watched(place, name)
    watched.until("guarantee")
    whole = build(place, 7).read_bytes()
    with open(place.folder / "plugins/keep.so", "r+b") as file:  # as cp does: first it is cut off, then it is half there
        file.truncate(0)
        file.write(whole[:5000])
    watched.until("plugins/keep.so is not whole")
    job(place, 100)
    (place.folder / "plugins/keep.so").write_bytes(whole)
    watched.until(ANEW)
    watched.until(ENDED)
    must(rows(place) == 7, rows(place))
    watched.ends()


@case
def a_manifest_that_is_edited_while_it_runs(place):
    watched = Watched(place, job(place, 2_000_000_000, keeps=False))
    watched.until("guarantee")
    job(place, 3, keeps=False)
    watched.until("job.json changed: " + ANEW)
    watched.until(ENDED)
    must(rows(place) == 3, rows(place))
    watched.ends(signal.SIGTERM)


@case
def a_manifest_that_is_broken_for_a_while(place):
    watched = Watched(place, job(place, 3, keeps=False))
    watched.until(ENDED)
    place.write("job.json", '{"weir": 1, ')
    watched.until("job.json changed: " + ANEW)
    told = watched.until("the run has failed: waits for a change")
    must([line for line in told if "error:" in line], told)
    job(place, 4, keeps=False)
    watched.until(ANEW)
    watched.until(ENDED)
    must(rows(place) == 4, rows(place))
    watched.ends()


@case
def what_a_manifest_includes_and_the_env_file(place):
    place.write("shared/rows.json", json.dumps({"extract": {"use": "generate", "rows": 2}}))
    place.write("job.json", json.dumps({"weir": 1, "include": "shared/rows.json", "load": {"use": "file", "path": "${env:OUT:-out.ndjson}"}}))
    watched = Watched(place, "job.json")
    watched.until(ENDED)
    place.write("shared/rows.json", json.dumps({"extract": {"use": "generate", "rows": 9}}))
    watched.until("shared/rows.json changed: " + ANEW)
    watched.until(ENDED)
    must(rows(place) == 9, rows(place))
    place.write(".env", "OUT=other.ndjson\n")
    watched.until(".env changed: " + ANEW)
    watched.until(ENDED)
    must(len(place.rows("other.ndjson")) == 9, place.files())
    watched.ends()


@case
def a_plugin_whose_folder_is_not_there_yet(place):
    watched = Watched(place, job(place, 50), plugins="later/plugins")
    watched.until("the run has failed: waits for a change")
    made = build(place, 3)
    (place.folder / "later/plugins").mkdir(parents=True)
    made.rename(place.folder / "later/plugins/keep.so")
    watched.until("later/plugins/keep.so (plugin keep) changed: " + ANEW)
    watched.until(ENDED)
    must(rows(place) == 3, rows(place))
    (place.folder / "later/plugins/keep.so").unlink()
    watched.until("later/plugins/keep.so is gone: waits until it is there")
    build(place, 4).rename(place.folder / "later/plugins/keep.so")
    watched.until(ANEW)
    watched.until(ENDED)
    must(rows(place) == 4, rows(place))
    watched.ends()


@case
def it_ends_with_its_run_and_its_run_with_it(place):
    for number in (signal.SIGINT, signal.SIGTERM):
        watched = Watched(place, job(place, 2_000_000_000, keeps=False, name=f"job{number}"))
        watched.until("guarantee")
        watched.ends(number)
    watched = Watched(place, job(place, 2_000_000_000, keeps=False))
    watched.until("guarantee")
    children = watched.children()
    must(children, "no run is there")
    watched.process.kill()
    deadline = time.monotonic() + 30
    while [child for child in children if alive(child)] and time.monotonic() < deadline:
        os.sched_yield()
    must(not [child for child in children if alive(child)], "a run went on alone")


@case
def messages(place):
    job(place, 1, keeps=False)
    place.weir("run", "--watch", "--resume", "job.json").fails(2, "--watch")
    few = place.weir("run", "--watch", "job.json", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4)))
    golden("watch.txt", "\n".join(transcript) + "\n" + few.fails(1, "run.watch").err)


if __name__ == "__main__":
    finish()
