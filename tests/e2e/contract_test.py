"""validate with a contract in whole runs: files shared by manifests, errors that point into them, keys, lists, rules of rows."""
from harness import *

ORDERS = ("order_id,line,country,quantity,ordered,shipped\n"
          "1,1,DE,2,2024-01-01,2024-01-03\n"
          "1,2,XX,1,2024-01-01,2024-01-03\n"
          "1,1,DE,2,2024-01-01,2024-01-03\n"
          "2,1,FR,0,2024-01-05,2024-01-04\n"
          "3,1,FR,5,2024-01-05,\n")
CONTRACT = """# What an order is.
columns:
  order_id: { nullable: false }
  country: { foreign: { file: lists/countries.csv, column: code } }
  quantity: { min: 1, on: warn }
rows:
- shipped >= ordered
unique:
- [order_id, line]
"""
LINK = {"use": "validate", "contract": "contracts/orders.yaml"}


def prepare(place, contract=CONTRACT):
    place.write("in.csv", ORDERS)
    place.write("contracts/orders.yaml", contract)
    place.write("contracts/lists/countries.csv", "code,name\nDE,Germany\nFR,France\n")
    return {"use": "file", "path": "in.csv"}, {"use": "file", "path": "out.ndjson"}


@case
def two_manifests_share_a_contract(place):
    rows_in, rows_out = prepare(place)
    bad = {"use": "file", "path": "bad.ndjson"}
    place.run(rows_in, rows_out, transform=[LINK], reject=bad).works()
    must([row["order_id"] for row in place.rows("out.ndjson")] == [1, 3], f"found {place.read('out.ndjson')}")
    reasons = [(row["line"], row["reason"]) for row in place.rows("bad.ndjson")]
    must(reasons == [(3, "country: not in the list"), (4, "not unique"), (5, "breaks shipped >= ordered")],
         f"found {reasons}")
    place.write("more/other.csv", ORDERS)
    place.write("more/job.json", json.dumps({
        "weir": 1, "name": "more", "extract": {"use": "file", "path": "other.csv"},
        "transform": [{**LINK, "contract": "../contracts/orders.yaml"}], "load": {"use": "file", "path": "out.csv"},
        "reject": {"use": "file", "path": "bad.ndjson"}}))
    ended = place.weir("run", "more/job.json").works()
    must(len(place.rows("more/bad.ndjson")) == 3, "expected the same rejects")
    must("quantity" in ended.err and "out of range" in ended.err, f"expected the warning, found {ended.err}")


@case
def a_mistake_in_a_contract_is_shown_where_it_stands(place):
    rows_in, rows_out = prepare(place, CONTRACT.replace("min: 1", "mim: 1"))
    ended = place.run(rows_in, rows_out, transform=[LINK])
    ended.fails(2, "contracts/orders.yaml:5:15", "unknown option 'contract.columns.quantity.mim'", "did you mean 'min'?")
    prepare(place, CONTRACT.replace("order_id: {", "order_ids: {"))
    ended = place.run(rows_in, rows_out, transform=[LINK])
    ended.fails(2, "contracts/orders.yaml:3:14", "no column 'order_ids'", "did you mean 'order_id'?")
    prepare(place, CONTRACT.replace("shipped >=", "shiped >="))
    place.run(rows_in, rows_out, transform=[LINK]).fails(2, "contracts/orders.yaml:7:3", "did you mean 'shipped'?")
    prepare(place, CONTRACT.replace("countries", "contries"))
    ended = place.run(rows_in, rows_out, transform=[LINK])
    ended.fails(2, "contracts/orders.yaml:4:31", "found none at 'contracts/lists/contries.csv'")


@case
def a_run_is_repeated_when_its_contract_or_a_list_has_changed(place):
    rows_in, rows_out = prepare(place)
    manifest = place.manifest(rows_in, rows_out, transform=[LINK], reject={"use": "file", "path": "bad.ndjson"})
    place.weir("run", manifest).works()
    must("nothing to do" in place.weir("run", manifest).works().out.lower(), "expected nothing to do")
    place.write("contracts/lists/countries.csv", "code,name\nDE,Germany\nFR,France\nXX,Nowhere\n")
    place.weir("run", manifest).works()
    must(len(place.rows("out.ndjson")) == 3, f"expected XX to pass, found {place.read('out.ndjson')}")
    place.write("contracts/orders.yaml", CONTRACT.replace("- shipped >= ordered", "- quantity >= 0"))
    place.weir("run", manifest).works()
    must(len(place.rows("out.ndjson")) == 4, f"expected another rule, found {place.read('out.ndjson')}")


@case
def keys_are_unique_over_all_chains_and_files(place):
    for part in range(4):
        place.write(f"in-{part}.csv", "id,part\n" + "".join(f"{i},{part}\n" for i in range(20_000 * part, 20_000 * part + 25_000)))
    ended = place.run({"use": "file", "path": "in-*.csv"}, {"use": "file", "path": "out.csv"},
                      transform=[{"use": "validate", "columns": {"id": {"unique": True}}}],
                      reject={"use": "file", "path": "bad.ndjson"}, flags=["--chains", "4"])
    ended.works()
    found = [line.split(",") for line in place.read("out.csv").splitlines()[1:]]
    must([int(row[0]) for row in found] == list(range(85_000)), "expected each id once, in order")
    must(all(int(row[1]) == min(int(row[0]) // 20_000, max(0, (int(row[0]) - 5_000) // 20_000)) for row in found),
         "expected the row of the file that comes first")
    must(len(place.rows("bad.ndjson")) == 15_000, "expected the others rejected")


if __name__ == "__main__":
    finish()
