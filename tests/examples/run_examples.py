"""Runs every example's manifest.yaml with the weir that was built, and compares with its expected/ folder.

What is compared: the ledger that is printed (run id and time left out, digests if none are expected), and every file that was written; of a SQLite
database its rows. Then it runs again, which must do nothing, and with --fresh, which must give the same files.
usage: run_examples.py WEIR EXAMPLES [NN_NAME] [--update]
"""
import contextlib, gzip, json, os, re, shlex, shutil, sqlite3, subprocess, sys, tempfile
from pathlib import Path


def content(path):
    if path.suffix == ".db":
        with contextlib.closing(sqlite3.connect(path)) as database:
            tables = [row[0] for row in database.execute("select name from sqlite_schema where type = 'table' and name not like '\\_%' escape '\\'")]
            return "".join(f"{table}\t{json.dumps(row)}\n" for table in tables for row in database.execute(f'select * from "{table}"'))
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()


def normal(text, out):
    text = re.sub(r"run [0-9A-Z]{26}", "run ID", text).replace(str(out), "OUT")
    text = re.sub(r"(run ID)  \S+ \S+", r"\1  TIME", text)
    if re.search(r"^  stream .* took$", text, re.M):  # a line a stream, how long it took at its end
        text = re.sub(r"(?m)^(  \S.*\S) +(?:took|[\d.,]+ (?:ns|us|µs|ms|s|min|m|h))$", r"\1", text)
    return re.sub(r'"file":"[^"]*/', '"file":"', text)


def ordered(path, text):
    """A database has no order, and chains side by side reject in any: there the lines are a set."""
    return "".join(sorted(text.splitlines(keepends=True))) if path.suffix == ".db" or path.name.startswith("rejects") else text


def produce(weir, example, scratch):
    out = scratch / "out"
    out.mkdir()
    arguments = example / "arguments"
    extra = shlex.split(arguments.read_text()) if arguments.exists() else []
    home = {name: str(scratch / "home") for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME")}
    environment = {**os.environ, **home, "WEIR_OUT": str(out), "NO_COLOR": "1"}

    def run(*more):
        done = subprocess.run([weir, "run", str(example / "manifest.yaml"), *extra, *more], capture_output=True, text=True,
                              env=environment, cwd=example, stdin=subprocess.DEVNULL, timeout=60)
        assert done.returncode == 0, f"{example.name}: exit {done.returncode}: {done.stderr}"
        return done.stdout

    def files():
        """What the run wrote; state is not the same twice."""
        there = [path for path in sorted(out.iterdir()) if path.suffix != ".state" and not path.name.startswith(".weir-")]
        return {path.name: ordered(path, normal(content(path), out)) for path in there}

    found = {"ledger": normal(run(), out), **files()}
    assert "nothing to do" in run(), f"{example.name}: a second run did something"
    run("--fresh")
    assert files() == {name: text for name, text in found.items() if name != "ledger"}, f"{example.name}: --fresh differs"
    return found


def main(weir, folder, only="[0-9][0-9]_*", update=False):
    examples = sorted(path.parent for path in Path(folder).resolve().glob(f"{only}/manifest.yaml"))
    assert examples, f"no examples {only} below {folder}"
    weir = Path(weir).resolve()
    for example in examples:
        with tempfile.TemporaryDirectory(prefix="weir-example-") as scratch:
            found = produce(weir, example, Path(scratch))
        expected = example / "expected"
        if update:
            shutil.rmtree(expected, ignore_errors=True)
            expected.mkdir()
            for name, text in found.items():
                (expected / f"{name}.txt").write_text(text)
        wanted = {path.name.removesuffix(".txt"): path.read_text() for path in expected.iterdir()}
        assert sorted(wanted) == sorted(found), f"{example.name}: expected {sorted(wanted)}, found {sorted(found)}"
        for name, text in wanted.items():
            if name == "ledger" and "digest " not in text:
                found[name] = re.sub(r"(, |  )digest [0-9a-f]{4}…[0-9a-f]{2}", "", found[name])
            assert text == found[name], f"{example.name}: {name} differs; if it should, run with --update and read the change"
        print(f"{example.name}: as expected")


main(*(word for word in sys.argv[1:] if word != "--update"), update="--update" in sys.argv)
