"""select, limit, print, normalise, fill, sample, dedupe and rename in whole runs: what comes out, what is rejected and where, what stands on stdout."""
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


@case
def texts_that_mean_the_same(place):
    place.write("in.csv", "id,name,city\n1,\"  Ann  LEE \",\" \"\n2,Zoe\u0308,K\u00f6ln\n")
    links = [{"use": "normalise", "columns": ["name"], "spaces": "collapse", "case": "lower"},
             {"use": "normalise", "empty": "null"}]
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.ndjson"}, transform=links).works()
    must(place.rows("out.ndjson") == [{"id": 1, "name": "ann lee", "city": None},
                                      {"id": 2, "name": "zo\u00eb", "city": "K\u00f6ln"}], f"found {place.read('out.ndjson')}")
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "no.csv"},
              transform=[{"use": "normalise", "columns": ["id"]}]).fails(2, 'column "id": expected a text, found int64')


@case
def defaults_in_the_place_of_nulls(place):
    place.write("in.csv", "id,name,price\n1,pen,\n2,,1.5\n")
    fill = {"use": "fill", "columns": {"name": "none", "price": 0}}
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"}, transform=[fill]).works()
    must(place.read("out.csv") == "id,name,price\n1,pen,0.0\n2,none,1.5\n", f"found {place.read('out.csv')!r}")
    fill["columns"] = {"prize": 0}
    ended = place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "no.csv"}, transform=[fill])
    ended.fails(2, "no column 'prize' in the input", "did you mean 'price'?")


@case
def the_same_share_of_rows_whatever_the_number_of_chains(place):
    place.write("in.csv", "n\n" + "".join(f"{i}\n" for i in range(50_000)))
    kept = []
    for chains in ("1", "4"):
        place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": f"out-{chains}.csv"}, name=f"job{chains}",
                  transform=[{"use": "sample", "share": 0.1, "seed": 7}], flags=["--chains", chains]).works()
        kept.append(place.read(f"out-{chains}.csv"))
    must(kept[0] == kept[1], "expected the same rows")
    must(4_500 < kept[0].count("\n") < 5_500, f"expected a tenth of the rows, found {kept[0].count(chr(10))}")


@case
def the_first_row_of_each_key_in_the_order_of_the_source_whatever_the_number_of_chains(place):
    first = {}
    for name in ("a", "b", "c"):
        rows = [(i * 7919 % 30_000, name + str(i)) for i in range(40_000)]
        place.write(f"in-{name}.csv", "key,text\n" + "".join(f"{key},{text}\n" for key, text in rows))
        for key, text in rows:
            first.setdefault(key, text)
    for chains in ("1", "4"):
        place.run({"use": "file", "path": "in-*.csv"}, {"use": "file", "path": f"out-{chains}.csv"}, name=f"job{chains}",
                  transform=[{"use": "filter", "where": "key >= 100"}, {"use": "dedupe", "key": ["key"]}],
                  flags=["--chains", chains]).works()
        must(place.read(f"out-{chains}.csv") == "key,text\n" + "".join(f"{k},{t}\n" for k, t in first.items() if k >= 100),
             f"expected the first rows in their order, with {chains} chains")
    place.run({"use": "file", "path": "in-*.csv"}, {"use": "file", "path": "no.csv"}, name="small",
              transform=[{"use": "dedupe", "key": ["key"], "memory": "128KiB"}]).fails(
                  2, "error: dedupe: expected at most ", "different keys, which fill 128 KiB, found more", "raise memory")


@case
def names_by_a_rule(place):
    place.write("in.csv", "Order ID,shipDate,HTTPStatus\n1,2024-01-01,200\n")
    place.run({"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.csv"},
              transform=[{"use": "rename", "style": "snake_case", "prefix": "src_"}]).works()
    must(place.read("out.csv").splitlines()[0] == "src_order_id,src_ship_date,src_http_status",
         f"found {place.read('out.csv')!r}")


if __name__ == "__main__":
    finish()
