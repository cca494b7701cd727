"""weir run --every and --at: a pipeline is started at its times, one run at a time, whatever becomes of a run and of the clock."""
import datetime, resource

from harness import *

# A clock that shows so many seconds more than the machine's, as a file says.
CLOCK = r"""
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
static long shift(void) {
  long seconds = 0;
  FILE *file = fopen(getenv("SHIFT_FILE"), "r");
  if (file == NULL) return 0;
  if (fscanf(file, "%ld", &seconds) != 1) seconds = 0;
  fclose(file);
  return seconds;
}
int clock_gettime(clockid_t id, struct timespec *at) {
  int done = (int)syscall(SYS_clock_gettime, id, at);
  if (done == 0 && id == CLOCK_REALTIME) at->tv_sec += shift();
  return done;
}
int timerfd_settime(int timer, int flags, const struct itimerspec *at, struct itimerspec *old) {
  struct itimerspec real = *at;
  real.it_value.tv_sec -= shift();
  return (int)syscall(SYS_timerfd_settime, timer, flags, &real, old);
}
"""
ENDLESS = 2_000_000_000
ENDED = "the run has ended: next run "
SANITIZED = os.environ.get("WEIR_SANITIZED", "")
transcript = []


class Scheduled(Speaking):
    def __init__(self, place, *words, **popen):
        super().__init__(place, "run", *words, **popen)

    def until(self, words, seconds=60):
        came = super().until(words, seconds)
        said = re.sub(r"\d{4}-\d\d-\d\dT[\d:]+(Z|[+-][\d:]+)", "TIME", self.said)
        if said.startswith(("schedule", "warning: missed")) and said not in transcript:
            transcript.append(said)
        return came


def job(place, rows, **more):
    return place.manifest({"use": "generate", "rows": rows}, {"use": "file", "path": "out.ndjson"}, **more)


def clock(place, shows=None):
    """Puts a clock in place of the machine's; `shows`: what it shows now."""
    source = place.write("clock.c", CLOCK)
    subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-o", place.folder / "clock.so", source], check=True)
    place.env.update(LD_PRELOAD=str(place.folder / "clock.so"), SHIFT_FILE=str(place.folder / "shift.txt"))
    put_clock(place, 0 if shows is None else int(datetime.datetime.fromisoformat(shows).timestamp() - time.time()))


def put_clock(place, seconds):
    place.write("shift.new", str(seconds)).rename(place.folder / "shift.txt")


@case
def at_once_and_then_again(place):
    scheduled = Scheduled(place, "--every", "1s", "--fresh", job(place, 3))
    must(scheduled.until("next run") == [], "expected the next run to be told first")
    for _ in range(3):
        scheduled.until("guarantee")
        scheduled.until(ENDED)
    scheduled.process.terminate()
    must(scheduled.process.wait(30) in (0, 143), scheduled.process.returncode)
    must(len(place.rows("out.ndjson")) == 3, place.files())
    told = place.read("told.txt")
    must(told.count("balanced") >= 3, told)


@case
def a_signal_while_it_waits_ends_it_with_0(place):
    for number in (signal.SIGTERM, signal.SIGINT):
        scheduled = Scheduled(place, job(place, 3), "--every=1h", "--fresh", "--jitter=1s")
        scheduled.until(ENDED)
        scheduled.ends(0, number)


@case
def a_signal_while_it_runs_drains_the_run(place):
    for number in (signal.SIGTERM, signal.SIGINT):
        scheduled = Scheduled(place, job(place, ENDLESS), "--every", "1h", "--fresh")
        scheduled.until("guarantee")
        must(scheduled.children(), "expected a run, found none")
        scheduled.ends(128 + number, number)


@case
def its_run_ends_with_it(place):
    scheduled = Scheduled(place, job(place, ENDLESS), "--every", "1h")
    scheduled.until("guarantee")
    children = scheduled.children()
    scheduled.process.kill()
    deadline = time.monotonic() + 30
    while [child for child in children if alive(child)] and time.monotonic() < deadline:
        os.sched_yield()
    must(not [child for child in children if alive(child)], "a run went on alone")


@case
def a_run_that_fails_ends_nothing(place):
    name = place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.ndjson"})
    scheduled = Scheduled(place, "--every", "1s", name)
    came = scheduled.until("the run has failed with exit code 1: next run ")
    must([line for line in came if "in.csv" in line], came)
    place.write("in.csv", "id\n7\n")
    scheduled.until(ENDED)
    must(place.rows("out.ndjson") == [{"id": 7}], place.read("out.ndjson"))
    whole = place.read(name)
    place.write(name, "{")
    scheduled.until("the run has failed with exit code 2: next run ")
    place.write(name, whole)
    scheduled.until(ENDED)
    scheduled.process.terminate()
    must(scheduled.process.wait(30) in (0, 143), scheduled.process.returncode)


@case
def one_that_dies_ends_nothing_either(place):
    scheduled = Scheduled(place, job(place, ENDLESS), "--every", "1h", "--fresh")
    scheduled.until("guarantee")
    for child in scheduled.children():
        os.kill(int(child), signal.SIGKILL)
    scheduled.until("the run was ended by signal 9: next run ")
    scheduled.ends(0, signal.SIGTERM)


@case
def a_manifest_that_is_wrong_at_first_ends_it(place):
    ended = place.weir("run", place.manifest({"use": "generate", "rows": 1}, {"use": "file"}), "--every", "1h").fails(2, "path")
    must(ended.seconds < 30, ended.seconds)


@case
def by_an_expression_on_a_night_of_23_hours(place):
    if SANITIZED:
        return  # their runtime comes before any other library
    clock(place, "2026-03-29T01:59:58+01:00")
    scheduled = Scheduled(place, job(place, 3), "--at", "30 2 * * *", "--zone", "Europe/Rome")
    scheduled.until("next run 2026-03-29T03:00:00+02:00")
    scheduled.until(ENDED + "2026-03-30T02:30:00+02:00")
    began = json.loads(place.weir("runs", "list", "--output", "json").works().out)["runs"][0]["began"]
    must(began.startswith("2026-03-29T01:00:0"), began)
    scheduled.ends(0, signal.SIGTERM)


@case
def the_zone_is_the_machines(place):
    for zone, shift in (("America/New_York", "-05:00"), (":Asia/Kolkata", "+05:30")):
        place.env["TZ"] = zone
        scheduled = Scheduled(place, job(place, 3), "--at", "@yearly")
        scheduled.until("-01-01T00:00:00" + shift)
        scheduled.ends(0, signal.SIGTERM)


@case
def what_was_missed_is_told_and_run_once(place):
    if SANITIZED:
        return
    clock(place)
    os.mkfifo(place.folder / "gate")
    place.write("key.sh", "#!/bin/sh\ncat gate\n").chmod(0o755)
    name = place.manifest({"use": "file", "path": "in.csv"}, {"use": "file", "path": "${secret:gate/name}"},
                          secrets={"gate": {"use": "exec", "command": ["./key.sh"]}})
    place.write("in.csv", "id\n7\n")

    def open_gate():
        with open(place.folder / "gate", "w") as gate:  # waits until the run asks for it
            gate.write("out.ndjson")

    scheduled = Scheduled(place, name, "--every", "1h", "--fresh")
    with open(place.folder / "gate", "w") as gate:
        put_clock(place, 4 * 3600 + 60)  # a quarter of an hour would be none
        gate.write("out.ndjson")
    scheduled.until("missed 3 times since ")
    open_gate()
    scheduled.until(ENDED)
    scheduled.ends(0, signal.SIGTERM)


@case
def as_json_each_run_has_its_document(place):
    scheduled = Scheduled(place, job(place, 3), "--every", "1s", "--fresh", "--output", "json")
    deadline = time.monotonic() + 60
    while place.read("told.txt").count('"balanced": true') < 2 and time.monotonic() < deadline:
        scheduled.waiting.select(0.1)
    scheduled.process.terminate()
    scheduled.process.wait(30)
    must(place.read("told.txt").count('"balanced": true') >= 2, place.read("told.txt"))
    must(b"schedule" not in scheduled.process.stderr.read(), "expected no lines of the schedule")


@case
def messages(place):
    few = place.weir("run", "--every", "1h", job(place, 1), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4)))
    place.env["TZ"] = "Europe/Rom"
    zone = place.weir("run", "--at", "@daily", job(place, 1)).fails(2, "usage.schedule")
    if not SANITIZED:
        golden("schedule.txt", "\n".join(sorted(transcript)) + "\n" + few.fails(1, "run.child").err + zone.err)


if __name__ == "__main__":
    finish()
