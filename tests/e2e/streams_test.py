"""Several files, chains, chunks: rows keep their order, rejects keep their places, schemas agree or say why not."""
import random

from harness import *


def table(first, count, width=40):
    return "".join(f"{i},{i % 7},{'x' * (i % width)}\n" for i in range(first, first + count))


def many_files(place, files, rows):
    for n in range(files):
        place.write(f"in/{n:04}.csv" + (".gz" if n % 3 == 2 else ""), "id,k,text\n" + table(n * rows, rows))


def in_order(chains):
    def check(place):
        many_files(place, 7, 30000)
        load = {"use": "file", "path": "out.csv"}
        where = [{"use": "filter", "where": "k > 2"}]
        place.run({"use": "file", "path": "in/*"}, load, where, flags=["--chains", chains]).works()
        expected = "id,k,text\n" + "".join(f"{i},{i % 7},{'x' * (i % 40)}\n" for i in range(210000) if i % 7 > 2)
        must(place.read("out.csv") == expected, "expected the rows in the order of the files")
    check.__name__ = f"order_is_kept_by_{chains}_chains"
    return check


for chains in (1, 2, 4):
    case(in_order(chains))


@case
def a_link_of_scope_run_sees_all_rows_in_order(place):
    place.env["WEIR_PLUGIN_PATH"] = BAD_PLUGINS
    many_files(place, 5, 20000)
    for chains in (1, 4):
        place.run({"use": "file", "path": "in/*"}, {"use": "file", "path": "out.csv"}, [{"use": "counts_all"}],
                  {"use": "file", "path": "bad.ndjson"}, flags=["--chains", chains, "--fresh"]).works()
        lines = place.read("out.csv").splitlines()[1:]
        must([int(line.split(",")[0]) for line in lines] == list(range(3, 100000)), "expected all rows but three, in order")
        rejects = place.rows("bad.ndjson")
        must([(r["row"]["id"], r["line"], r["file"]) for r in rejects] == [(i, i + 2, "in/0000.csv") for i in range(3)],
             f"found {rejects}")


@case
def rejects_keep_file_and_line_behind_other_links(place):
    at = {}  # id: file and line
    for n, name in enumerate(["a.csv", "b.csv", "c.csv.gz"]):
        lines, line = ["id,k,text"], 2
        for i in range(n * 60000, n * 60000 + 60000):
            text = f'"a\nb{i}"' if i % 5 == 0 else "t" * (i % 50)
            at[i] = (f"in/{name}", line)
            line += 2 if i % 5 == 0 else 1
            lines.append(f"{i},{i % 1000},{text}")
        place.write(f"in/{name}", "\n".join(lines) + "\n")
    chain = [{"use": "filter", "where": "k > 4"}, {"use": "validate", "columns": {"k": {"max": 989}}}]
    for chains in (1, 4):
        place.run({"use": "file", "path": "in/*"}, {"use": "file", "path": "out.csv"}, chain,
                  {"use": "file", "path": "bad.ndjson"}, flags=["--chains", chains, "--fresh"]).works()
        found = {r["row"]["id"]: (r["file"], r["line"]) for r in place.rows("bad.ndjson")}
        must(found == {i: at[i] for i in at if i % 1000 > 989}, f"expected other places, found {list(found.items())[:5]}")


@case
def big_fields_span_chunks(place):
    big = "".join(random.Random(1).choices("abc ,\n", k=5_000_000))
    text = "id,text\n1,small\n2,\"" + big + "\"\n3,after\n" + f'4,"{big[:100]}"\n' * 10
    place.write("in.csv", text)
    place.write("crlf.csv", text.replace("\n", "\r\n"))
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.ndjson"}).works()
    rows = place.rows("out.ndjson")
    must([r["id"] for r in rows] == [1, 2, 3] + [4] * 10 and rows[1]["text"] == big, "expected the big field whole")
    place.run({"use": "file", "path": "crlf.csv"}, {"use": "file", "path": "out.ndjson"}, name="crlf").works()
    must(place.rows("out.ndjson")[1]["text"] == big.replace("\n", "\r\n"), "expected the big field whole, with CRLF")


@case
def an_error_names_file_and_line_after_many_chunks(place):
    place.write("in.csv", "id,k,text\n" + table(0, 200000) + "1,2\n" + table(0, 1000))
    place.write("out.csv", "old\n")
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}).fails(1, "in.csv:200002:")
    must(place.read("out.csv") == "old\n" and place.files() == {"in.csv", "out.csv", "job.json"}, f"{place.files()}")


@case
def files_agree_on_wider_types(place):
    place.write("in/a.csv", "id,v\n1,2\n")
    place.write("in/b.csv", "id,v\n3,4.5\n")
    place.write("in/c.csv", "id,v\n")
    place.run({"use": "file", "path": "in/*.csv"}, {"use": "file", "path": "out.ndjson"}).works()
    must(place.rows("out.ndjson") == [{"id": 1, "v": 2.0}, {"id": 3, "v": 4.5}], place.read("out.ndjson"))


@case
def a_missing_column_names_both_files(place):
    place.write("in/a.csv", "id,v\n1,2\n")
    place.write("in/b.csv", "id\n3\n")
    place.run({"use": "file", "path": "in/*.csv"}, {"use": "file", "path": "out.csv"}).fails(1, "in/a.csv", "in/b.csv", "'v'")


@case
def a_missing_column_beyond_the_sampled_files_names_the_file(place):
    for i in range(100):
        place.write(f"in/{i:03}.csv", "id\n3\n" if i == 50 else "id,v\n1,2\n")
    place.run({"use": "file", "path": "in/*.csv"}, {"use": "file", "path": "out.csv"}).fails(1, "in/050.csv", "v")
    must(not (place.folder / "out.csv").exists(), "expected no output")


@case
def a_thousand_small_files(place):
    for i in range(1000):
        place.write(f"in/{i:04}.csv", f"id,v\n{i},{i / 2}\n" if i % 10 else "id,v\n")
    place.run({"use": "file", "path": "in/*.csv"}, {"use": "sqlite", "database": "out.db", "table": "t"}, name="db").works()
    place.run({"use": "file", "path": "in/*.csv"}, {"use": "file", "path": "out.csv"}, flags=["--chains", 4]).works()
    ids = [int(line.split(",")[0]) for line in place.read("out.csv").splitlines()[1:]]
    must(ids == [i for i in range(1000) if i % 10], "expected the rows of all files in order")


@case
def nothing_matches_a_pattern(place):
    (place.folder / "in").mkdir()
    place.run({"use": "file", "path": "in/*.csv"}, {"use": "file", "path": "out.csv"}).fails(1, "in/*.csv")


@case
def a_column_may_be_very_many(place):
    names = [f"c{i}" for i in range(5000)]
    text = ",".join(names) + "\n" + (",".join(str(i) for i in range(5000)) + "\n") * 300
    place.write("in.csv", text)
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, seconds=100).works()
    must(place.read("out.csv") == text, "expected the same")


if __name__ == "__main__":
    finish()
