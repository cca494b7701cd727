"""select, limit and print in whole runs: what comes out, what is rejected and where, what stands on stdout."""
from harness import *

TABLE = "id,name,price\n1,pen,2.50\n2,,x\n3,hub,12.00\n"


@case
def a_table_on_stdout_and_nothing_beside(place):
    place.write("in.csv", TABLE.replace(",x\n", ",\n"))
    manifest = place.manifest({"use": "file", "path": "in.csv"}, {"use": "print", "rows": 2})
    for _ in range(2):  # what was shown can't be taken back, so a second run shows it again
        ended = place.weir("run", manifest).works()
        must(ended.out == "   id  name     price\n"
                          "int64  string  double\n"
                          "─────  ──────  ──────\n"
                          "    1  pen        2.5\n"
                          "    2  ∅            ∅\n"
                          "… 1 more row\n", f"found {ended.out!r}")
        must("balanced" in ended.err, f"expected the ledger on stderr, found {ended.err!r}")
    ended = place.weir("run", manifest, "--output", "json").works()
    must(ended.out.startswith("   id") and json.loads(ended.err)["ok"], "expected the document on stderr")


@case
def casts_that_reject(place):
    place.write("in.csv", TABLE)
    links = [{"use": "select", "keep": ["price", "id"], "cast": {"price": "decimal(8,2)", "id": "int32"}}]
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, transform=links,
              reject={"use": "file", "path": "bad.ndjson"}).works()
    must(place.read("out.csv") == "price,id\n2.50,1\n12.00,3\n", f"found {place.read('out.csv')!r}")
    reject = json.loads(place.read("bad.ndjson"))
    must(reject["reason"] == "price: not a number" and reject["line"] == 3, f"found {reject}")
    must(reject["row"] == {"id": 2, "name": None, "price": "x"}, f"expected the row as it came, found {reject['row']}")
    ended = place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "other.csv"}, transform=links)
    ended.fails(1, "in.csv:3:1", "column 'price': expected decimal(8,2), found \"x\"")


@case
def a_column_that_is_not_there(place):
    place.write("in.csv", TABLE)
    ended = place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"},
                      transform=[{"use": "select", "keep": ["id", "prize"]}])
    ended.fails(2, "no column 'prize' in the input", "did you mean 'price'?")


@case
def the_first_rows_whatever_the_number_of_chains(place):
    for part in range(4):
        rows = "".join(f"{part * 30000 + i},{'x' * 40}\n" for i in range(30000))
        place.write(f"in-{part}.csv", "n,text\n" + rows)
    links = [{"use": "filter", "where": "n % 2 = 0"}, {"use": "select", "keep": ["n"]},
             {"use": "limit", "rows": 30000, "offset": 10000}]
    manifest = place.manifest({"use": "file", "path": "in-*.csv"}, {"use": "file", "path": "out.csv"}, transform=links)
    ended = place.weir("run", "--chains", "4", manifest).works()
    expected = "n\n" + "".join(f"{2 * n}\n" for n in range(10000, 40000))
    must(place.read("out.csv") == expected, "expected the even numbers from 20,000 to 79,998, in order")
    must("limit" in ended.out and "offset" in ended.out, f"expected the reasons in the ledger, found {ended.out}")


if __name__ == "__main__":
    finish()
