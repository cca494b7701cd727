"""What weir says where it is given no command: its first steps work as they are told."""
import sqlite3

from harness import *


def follow(place):
    """Does what weir told, line by line, in a shell."""
    told = place.weir().works().out
    must("weir validate first.yaml" in told, told)
    steps = "\n".join(line.removeprefix("  ") for line in told.split("begin with one:\n\n")[1].split("\nweir --help")[0]
                      .splitlines() if line not in ("then", ""))
    env = {**place.env, "PATH": f"{Path(WEIR).parent}:{place.env['PATH']}"}
    done = subprocess.run(["sh", "-e", "-c", steps], cwd=place.folder, env=env, capture_output=True, text=True)
    must(done.returncode == 0 and "balanced" in done.stdout, f"{steps}\n{done.stdout}{done.stderr}")


@case
def an_empty_folder(place):
    follow(place)
    must(len(place.rows("first.ndjson")) == 10, place.read("first.ndjson"))
    must("weir run first.yaml" in place.weir().works().out, "expected the manifest that is there now")


@case
def a_folder_with_data(place):
    place.write("a'b of may.csv", "id,v\n1,a\n2,b\n")
    follow(place)
    rows = sqlite3.connect(place.folder / "a_b_of_may.db").execute("select v from a_b_of_may").fetchall()
    must(rows == [("a",), ("b",)], rows)


@case
def a_folder_with_manifests(place):
    for i in range(7):
        place.manifest({"use": "generate"}, {"use": "discard"}, name=f"m{i}")
    place.write("data.json", '{"a": 1}\n')
    told = place.weir().works().out
    must("  weir run m0.json\n" in told and "and 2 more" in told and "data.json" not in told, told)
    document = json.loads(place.weir("--output", "json").works().out)
    must(document["manifests"] == [f"m{i}.json" for i in range(7)], document)


if __name__ == "__main__":
    finish()
