"""--log and WEIR_LOG: what is logged, where to, and that nothing secret is."""
import contextlib, socket, sqlite3

from harness import *

SECRET = "s3cr3t-Zm9v"


def run(place, *flags, **env):
    place.env.update(env)
    place.write("in.csv", "id\n1\n")
    return place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, flags=["--fresh", *flags])


@case
def quiet_unless_asked(place):
    must(run(place).works().err.count("\n") <= 1, "expected no log")


DEBUG = ["--log", "level=off,run=debug,format=json"]
INFO = ["--log", "level=off,run=info,format=json"]


def documented():
    """Of each event its level and its keys, as docs/events.md has them."""
    page = (Path(__file__).parents[2] / "docs/events.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `(\w+\.\w+)` \| (\w+) \| (.*) \|$", page, re.M)
    return {event: (level, set(re.findall(r"`(\w+)`", keys))) for event, level, keys in found}


EVENTS = documented()


def logged(ended):
    """The events of a run, each checked for its keys."""
    events = [json.loads(line) for line in ended.err.splitlines() if line.startswith("{")]
    for event in events:
        level, keys = EVENTS[event["event"]]
        found = set(event) - {"time", "level", "event", "message", "pipeline", "run"}
        must(found == keys - ({"link", "column"} - found), f"expected the keys {keys}, found {event}")
        on_stderr = "info" if level in ("warning", "error") else level
        must(event["level"] == on_stderr and event["message"], f"expected the level {on_stderr}, found {event}")
        # A run gets its id when it is begun.
        must(event["pipeline"] == "job" and re.fullmatch("[0-9A-Z]{26}", event.get("run", "0" * 26)), event)
        must("run" in event or event["event"] == "run.planned", event)
    return events


def names(events):
    return [event["event"] for event in events]


@case
def every_event_of_a_run_is_logged_with_its_keys(place):
    place.write("in.csv", "id\n1\n-1\n-2\n")
    rejects = {"transform": [{"use": "validate", "columns": {"id": {"min": 0}}}], "reject": {"use": "file", "path": "bad.ndjson"}}
    parts = {"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}
    events = logged(place.run(*parts, flags=DEBUG, **rejects).works())
    must(names(events)[:2] == ["run.planned", "run.started"], names(events))
    must(names(events)[-4:] == ["epoch.prepared", "epoch.committed", "run.timed", "run.completed"], names(events))
    # With several chains a piece may be written while another is read.
    must(set(names(events)[2:-4]) == {"split.started", "split.read", "row.rejected", "rows.moved"}, names(events))
    by = {event["event"]: event for event in events}
    must(by["run.planned"]["links"] == ["extract", "validate", "load"] and by["run.planned"]["level"] == "info", events)
    must(by["run.planned"]["because"] == ["by load: rows are hidden until their epoch is decided"], by["run.planned"])
    must(by["row.rejected"]["link"] == "validate" and by["row.rejected"]["line"] == 3, by["row.rejected"])
    end = by["run.completed"]
    must(end["level"] == "info" and end["rows_loaded"] == 1 and end["rows_rejected"] == 2 and not end["nothing_to_do"], end)
    events = logged(place.run(*parts, flags=DEBUG, **rejects).works())
    must(names(events) == ["run.planned", "run.completed"] and events[-1]["nothing_to_do"], events)
    events = logged(place.run(*parts, flags=["--fresh", *DEBUG], transform=rejects["transform"]).fails(1))
    must(names(events)[-3:] == ["epoch.aborted", "run.timed", "run.failed"], names(events))
    failed = events[-1]
    must(failed["code"] == "data.rejected" and failed["file"] == "in.csv" and failed["line"] == 3, failed)
    must(failed["level"] == "info", "expected no error twice on stderr")


@case
def a_run_that_is_finished_later_is_logged(place):
    parts = {"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}
    place.write("in.csv", "id\n1\n")
    place.run(*parts).works()
    # As if killed after the rows were decided, before the run was marked complete.
    with contextlib.closing(sqlite3.connect(place.home / "state/weir/state.db", isolation_level=None)) as state:
        state.execute("create trigger keep before update on entries when cast(new.value as text) like '%\"complete\":true%' "
                      "begin select raise(ignore); end")
        place.run(*parts, flags=["--fresh"])
        state.execute("drop trigger keep")
    events = logged(place.run(*parts, flags=DEBUG).works())
    must(names(events) == ["run.planned", "epoch.committed", "run.recovered", "run.completed"], names(events))
    must(events[2]["published"], events[2])


@case
def nothing_is_logged_of_each_batch(place):
    def ran(rows):
        return names(logged(place.run({"use": "generate", "rows": rows}, {"use": "discard"}, flags=["--fresh", *INFO]).works()))

    must(ran(1) == ran(500_000) == ["run.planned", "run.started", "epoch.prepared", "epoch.committed", "run.completed"], ran(500_000))


@case
def a_failure_is_an_error_where_nobody_else_tells_it(place):
    place.write("in.csv", "id\n1\n2,3\n")
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, flags=["--log", "to=weir.log"]).fails(1)
    told = place.read("weir.log")
    must(re.search(r"Z warning: the epoch is withdrawn ", told) and re.search(r"Z error: extract: expected 1 field", told), told)
    # Before anything is planned too.
    place.weir("run", "gone.yaml", "--log", "to=gone.log").fails(2)
    must("code=manifest.file" in place.read("gone.log"), place.read("gone.log"))
    several = place.write("several.yaml", "weir: 1\npipelines:\n  one: { extract: { use: generate, rows: 1 }, load: discard }\n"
                          "  two: { extract: { use: generate, rows: 1 }, load: { use: discrd } }\n").name
    place.weir("run", several, "--log", "to=several.log").fails(4)
    told = place.read("several.log")
    must("pipeline=two" in told and "pipeline=one" not in told, told)


@case
def the_option_goes_before_the_variable(place):
    must("run.completed" in run(place, WEIR_LOG="level=info,format=json").works().err, "expected the variable to hold")
    must("run.completed" not in run(place, "--log", "level=off", WEIR_LOG="level=info,format=json").works().err,
         "expected the option to go before it")
    run(place, WEIR_LOG="levl=info").fails(2, "WEIR_LOG: log settings", "did you mean 'level'?", "code: usage.log")
    run(place, "--log", "run=loud", WEIR_LOG="").fails(2, "expected debug, info", "code: usage.log")


@case
def to_a_file(place):
    run(place, "--log", "level=info,to=weir.log").works()
    must(re.search(r"^\d{4}-.*Z info: the run is complete \(pipeline=job, .*rows_loaded=1", place.read("weir.log"), re.M), place.read("weir.log"))
    run(place, "--log", "to=in.csv/weir.log").fails(1, "in.csv/weir.log", "code: log.unwritable")


@case
def to_a_journal(place):
    path = str(place.folder / "journal")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
        journal.bind(path)
        run(place, "--log", f"level=info,to=journal:{path}").works()
        journal.setblocking(False)
        entry = b""
        while b"WEIR_EVENT=run.completed\n" not in entry:
            entry = journal.recv(1 << 20)
    must(b"PRIORITY=6\n" in entry and b"SYSLOG_IDENTIFIER=weir\n" in entry and b"WEIR_FIELD_ROWS_LOADED=1\n" in entry, entry)
    run(place, "--log", f"to=journal:{path}.gone").fails(1, "No such file", "code: log.unwritable")


@case
def no_secret_is_logged(place):
    place.env["TOKEN"] = SECRET
    for where in ("to=weir.log,format=json", "to=weir.log", "format=json"):
        ended = place.run({"use": "file", "path": "${secret:env/TOKEN}.csv"}, {"use": "file", "path": "out.csv"},
                          flags=["--log", "level=debug," + where])
        ended.fails(1)
        must(SECRET not in ended.err + ended.out, ended.err)
    must("run.failed" in place.read("weir.log") and SECRET not in place.read("weir.log"), place.read("weir.log"))


if __name__ == "__main__":
    finish()
