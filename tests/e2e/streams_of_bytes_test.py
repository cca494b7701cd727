"""stdin, stdout, pipes, devices: rows on stdout are alone there."""
import stat, threading

from harness import *

TABLE = "id,v\n" + "".join(f"{i},n{i}\n" for i in range(50000))
STDIN = {"use": "file", "path": "-", "format": "csv"}
STDOUT = {"use": "file", "path": "-", "format": "csv"}


@case
def from_stdin_to_stdout(place):
    manifest = place.manifest(STDIN, STDOUT)
    for _ in range(2):  # what comes on stdin is another input each time
        ended = place.weir("run", manifest, data=TABLE.encode()).works()
        must(ended.out == TABLE, f"expected the rows and nothing else, found {ended.out[-300:]!r}")
        must("balanced" in ended.err, f"expected the ledger on stderr, found {ended.err!r}")
    ended = place.weir("run", manifest, "--output", "json", data=TABLE.encode()).works()
    must(ended.out == TABLE and json.loads(ended.err)["ok"], "expected rows on stdout, the document on stderr")


@case
def an_error_on_the_way_to_stdout(place):
    manifest = place.manifest(STDIN, STDOUT)
    ended = place.weir("run", manifest, "--output", "json", data=(TABLE + "x\n").encode())
    must(ended.code == 1 and not json.loads(ended.err)["ok"], f"{ended.code} {ended.err!r}")


@case
def a_reader_of_stdout_that_goes_away(place):
    process = place.start("run", place.manifest(STDIN, STDOUT), stdin=subprocess.PIPE)

    def feed():
        try:
            process.stdin.write(TABLE.encode() * 1 + b"1,x\n" * 2000000)
            process.stdin.close()
        except OSError:
            pass
    feeder = threading.Thread(target=feed)
    feeder.start()
    process.stdout.read(10)
    process.stdout.close()
    code = process.wait(timeout=30)
    error = process.stderr.read().decode()
    feeder.join()
    must(code in (1, 141, -13), f"expected a failure, found {code}: {error}")


@case
def through_a_fifo(place):
    os.mkfifo(place.folder / "in.fifo")
    feeder = threading.Thread(target=lambda: (place.folder / "in.fifo").write_text(TABLE))
    feeder.start()
    place.run({"use": "file", "path": "in.fifo", "format": "csv"}, {"use": "file", "path": "out.csv"}, seconds=20).works()
    feeder.join()
    must(place.read("out.csv") == TABLE, "expected the rows")


@case
def into_dev_null(place):
    place.write("in.csv", TABLE)
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "/dev/null", "format": "csv"},
              reject={"use": "file", "path": "/dev/null", "format": "json"}).works()
    must(stat.S_ISCHR(os.stat("/dev/null").st_mode), "expected a device still")


@case
def from_dev_null(place):
    place.run({"use": "file", "path": "/dev/null", "format": "csv"}, {"use": "file", "path": "out.csv"}).fails(1, "/dev/null")


if __name__ == "__main__":
    finish()
