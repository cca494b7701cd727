"""--log and WEIR_LOG: what is logged, where to, and that nothing secret is."""
import socket

from harness import *

SECRET = "s3cr3t-Zm9v"


def run(place, *flags, **env):
    place.env.update(env)
    place.write("in.csv", "id\n1\n")
    return place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, flags=["--fresh", *flags])


@case
def quiet_unless_asked(place):
    must(run(place).works().err.count("\n") <= 1, "expected no log")


@case
def events_are_json_with_keys(place):
    ended = run(place, "--log", "level=debug,format=json").works()
    events = [json.loads(line) for line in ended.err.splitlines() if line.startswith("{")]
    names = [event["event"] for event in events]
    must(names[0] == "run.began" and names[-1] == "run.completed", names)
    end = events[-1]
    must(end["level"] == "info" and end["loaded"] == 1 and end["name"] == "job", end)
    only = run(place, "--log", "level=off,run=info,format=json").works()
    must("run.completed" in only.err and "run.began" not in only.err, only.err)


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
    must(re.search(r"^\d{4}-.*Z info: the run is complete \(name=job, .*loaded=1", place.read("weir.log"), re.M), place.read("weir.log"))
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
    must(b"PRIORITY=6\n" in entry and b"SYSLOG_IDENTIFIER=weir\n" in entry and b"WEIR_FIELD_LOADED=1\n" in entry, entry)
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
