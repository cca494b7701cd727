"""expect: what all rows of a run together must be, over epochs, kills and earlier runs."""
from harness import *

LOAD = {"use": "file", "path": "out.csv"}


def rows(place, name, values):
    place.write(name, "n\n" + "".join(f"{value}\n" for value in values))


def manifest(place, *checks, pattern="in-*.csv", **more):
    return place.manifest({"use": "file", "path": pattern}, LOAD, transform=[{"use": "expect", "checks": list(checks)}], **more)


@case
def counts_over_many_epochs_and_chains(place):
    for file in range(8):
        rows(place, f"in-{file}.csv", range(file * 1000, file * 1000 + 1000))
    exact = [{"rows": {"min": 8000, "max": 8000}}, {"column": "n", "mean": {"min": 3999.5, "max": 3999.5}, "unique": True}]
    place.weir("run", manifest(place, *exact, checkpoint={"rows": 500}), "--chains", "4").works()
    must(len(place.read("out.csv").splitlines()) == 8001, "expected all rows")


@case
def a_run_that_goes_on_knows_what_was_counted(place):
    for file in range(8):
        rows(place, f"in-{file}.csv", range(file * 1000, file * 1000 + 1000))
    whole = place.read("in-7.csv")
    place.write("in-7.csv", whole + '"never closed\n')
    wired = manifest(place, {"rows": {"min": 8000, "max": 8000}}, {"column": "n", "unique": True}, checkpoint={"rows": 1})
    for _ in range(30):  # on a slow disk it fails before the first epoch is committed
        place.weir("run", wired, "--chains", "1").fails(1, "in-7.csv")
        if json.loads(place.weir("runs", "list", "--output", "json").works().out)["runs"][0]["epochs"] > 0:
            break
    place.write("in-7.csv", whole)
    place.weir("run", wired).works()
    must(len(place.read("out.csv").splitlines()) == 8001, "expected all rows, once")


@case
def a_check_at_the_end_keeps_the_last_epoch_back(place):
    rows(place, "in-0.csv", range(10))
    ended = place.weir("run", manifest(place, {"column": "n", "mean": {"max": 4}}))
    ended.fails(1, "column 'n': expected a mean of at most 4, found 4.5")
    must("out.csv" not in place.files(), "expected no file of a run that failed")


@case
def rows_are_held_against_the_median_of_earlier_runs(place):
    wired = manifest(place, {"rows": {"of_earlier": {"min": "50%", "max": "200%", "runs": 3}}})

    def run(count):
        rows(place, "in-0.csv", range(count))
        return place.weir("run", wired, "--fresh")
    for count in (2, 4, 6, 8):  # the first has nothing to be held against, the third two runs with a median of 3
        run(count).works()
    run(13).fails(1, "rows: expected 50% to 200% of those of earlier runs, found 13, where the last 3 had a median of 6")
    run(2).fails(1, "found 2, where the last 3 had a median of 6")  # what failed doesn't count
    run(3).works()


@case
def a_preview_of_some_rows_judges_nothing(place):
    rows(place, "in-0.csv", range(100_000))
    wired = manifest(place, {"rows": {"min": 100_000}})
    shown = place.weir("preview", wired, "--rows", "3").works()
    must("0" in shown.out, shown.out)
    place.weir("run", wired).works()


if __name__ == "__main__":
    finish()
