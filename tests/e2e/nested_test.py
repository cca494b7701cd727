"""flatten and unnest, as pipelines use them: an API's answer into one table, and into two."""
from harness import *

IN = {"use": "file", "path": "in.json", "format": {"use": "json", "rows": "/data/orders"}}


def orders(count):
    return [{"id": i, "customer": None if i % 7 == 0 else {"name": f"n{i}", "address": {"city": "Köln" if i % 2 else None}},
             "lines": None if i % 5 == 0 else [{"sku": f"s{k}", "price": k + 0.5, "tags": ["a"] * (k % 3)} for k in range(i % 4)]}
            for i in range(count)]


def document(count):
    return json.dumps({"meta": {"count": count}, "data": {"orders": orders(count)}, "next": None})


def line_rows(count):
    return [(order, n, line) for order in orders(count) for n, line in enumerate(order["lines"] or [])]


@case
def an_answer_becomes_one_table(place):
    place.write("in.json", document(40000))
    chain = [{"use": "unnest", "column": "lines", "as": "line", "index": "n"}, {"use": "flatten"}]
    for chains in (1, 3):
        ended = place.run(IN, {"use": "file", "path": "out.ndjson"}, chain,
                          flags=["--chains", chains, "--fresh", "--validate", "full", "--output", "json"]).works()
        expected = [{"id": order["id"], "customer.name": (order["customer"] or {}).get("name"),
                     "customer.address.city": ((order["customer"] or {}).get("address") or {}).get("city"),
                     "line.sku": line["sku"], "line.price": line["price"], "line.tags": line["tags"], "n": n}
                    for order, n, line in line_rows(40000)]
        must(place.rows("out.ndjson") == expected, f"{chains} chains: expected the lines, found others")
        ledger = {link["link"]: link for link in json.loads(ended.out)["ledger"]["links"]}
        must(ledger["unnest"]["out"] == len(expected), f"found {ledger}")


@case
def rows_without_items_can_stay(place):
    place.write("in.json", document(3000))
    place.run(IN, {"use": "file", "path": "out.ndjson"}, [{"use": "unnest", "column": "lines", "keep_empty": True}]).works()
    expected = [(order["id"], line) for order in orders(3000) for line in order["lines"] or [None]]
    must([(row["id"], row["lines"]) for row in place.rows("out.ndjson")] == expected, "expected a row for each order")


@case
def an_answer_becomes_two_tables(place):
    place.write("in.json", document(20000))
    unnest = {"use": "unnest", "column": "lines", "index": "n", "as": "line", "key": ["id"],
              "to": {"parents": "orders", "children": "lines"}}
    branches = {"orders": {"transform": [{"use": "flatten", "separator": "_"}], "load": {"use": "file", "path": "orders.csv"}},
                "lines": {"transform": [{"use": "flatten"}, {"use": "filter", "where": "n < 2"}],
                          "load": {"use": "file", "path": "lines.ndjson"}}}
    place.run(IN, None, [unnest], branches=branches).works()
    must(place.read("orders.csv").splitlines()[:3] == ["id,customer_name,customer_address_city", "0,,", "1,n1,Köln"],
         place.read("orders.csv")[:200])
    must(place.read("orders.csv").count("\n") == 20001, "expected a row for each order")
    expected = [{"id": order["id"], "n": n, **{f"line.{key}": value for key, value in line.items()}}
                for order, n, line in line_rows(20000) if n < 2]
    must(place.rows("lines.ndjson") == expected, "expected the lines")


@case
def a_reject_behind_unnest_names_the_record_of_its_row(place):
    place.write("in.json", '{"id":1,"l":[1,2]}\n{"id":2,"l":[]}\n{"id":3,"l":[3,-4,-5]}\n')
    checks = {"use": "validate", "columns": {"l": {"min": 0}}}
    place.run({"use": "file", "path": "in.json"}, {"use": "file", "path": "out.ndjson"}, [{"use": "unnest", "column": "l"}, checks],
              {"use": "file", "path": "bad.ndjson"}).works()
    must([(r["line"], r["row"]) for r in place.rows("bad.ndjson")] == [(3, {"id": 3, "l": -4}), (3, {"id": 3, "l": -5})],
         place.read("bad.ndjson"))


@case
def mistakes_are_answered_in_the_manifest(place):
    place.write("in.json", document(10))
    place.run(IN, {"use": "file", "path": "out.csv"}, [{"use": "unnest", "column": "line"}]).fails(
        2, "job.json:1:", "no column 'line' in the input", "did you mean 'lines'?")
    place.run(IN, {"use": "file", "path": "out.csv"}, [{"use": "flatten", "depht": 1}]).fails(2, "did you mean 'depth'?")


finish()
