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
def a_rule_that_ends_the_run_names_the_row(place):
    rows_in, rows_out = prepare(place)
    for rule, line in (({"columns": {"country": {"enum": ["DE", "FR"]}}}, 3), ({"unique": [["order_id", "line"]]}, 4),
                       ({"rows": [{"check": "shipped >= ordered", "on": "fail"}]}, 5)):
        ended = place.run(rows_in, rows_out, transform=[{"use": "validate", "on": "fail", **rule}])
        ended.fails(1, f"in.csv:{line}:1", "expected", "on: reject keeps such rows aside")


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


SEEN = ("id,name,country,price,day,ok,at,code,void\n"
        "1,Ann,DE,12.50,2024-01-01,true,2024-01-01T10:00:00Z,007,\n"
        "2,\"on: #1\",DE,1.5,2024-01-02,false,2024-01-01T11:00:00Z,008,\n"
        "3,\"Zo\u00eb \"\"x\"\"\",no,0.25,2024-01-03,true,2024-02-01T10:00:00Z,009,\n"
        "4,Dee,,100,2024-02-01,true,2024-03-01T10:00:00Z,010,\n"
        "5,Dee,no,100,2024-02-01,true,2024-03-01T10:00:00Z,011,\n"
        "6,Dee,no,-3,2024-02-01,true,2024-03-01T10:00:00Z,012,\n")
DRAFT = """# A draft, of what was seen in 6 rows. Widen what may grow, and take away what was chance.
columns:
  id:  # 1 to 6, no value twice
    type: int64
    nullable: false
    min: 1
    unique: true
  name:  # 3 to 7 characters
    type: string
    nullable: false
    length: { min: 3, max: 7 }
  country:  # 2 different values, 1 null
    type: string
    enum: [DE, "no"]
  price:  # -3.0 to 100.0
    type: double
    nullable: false
    min: -3.0
    max: 100.0
  day:  # 2024-01-01 to 2024-02-01
    type: date
    nullable: false
    min: "2024-01-01"
    max: "2024-02-01"
  ok:
    type: bool
    nullable: false
  at:  # 2024-01-01T10:00:00Z to 2024-03-01T10:00:00Z
    type: "timestamp(us, UTC)"
    nullable: false
    min: "2024-01-01T10:00:00Z"
    max: "2024-03-01T10:00:00Z"
  code:  # 3 characters, no value twice
    type: string
    nullable: false
    length: { min: 3, max: 3 }
    unique: true
  void: {}  # nulls only
"""


@case
def a_draft_says_what_was_seen_and_holds_for_it(place):
    place.write("seen.csv.gz", SEEN)
    ended = place.weir("contract", "infer", "seen.csv.gz").works()
    must(ended.out == DRAFT, "".join(difflib.unified_diff(DRAFT.splitlines(True), ended.out.splitlines(True))))
    place.write("seen.contract.yaml", ended.out)
    link = {"use": "validate", "contract": "seen.contract.yaml", "on": "fail"}
    place.run({"use": "file", "path": "seen.csv.gz"}, {"use": "file", "path": "out.csv"}, transform=[link]).works()
    must(len(place.read("out.csv").splitlines()) == 7, "expected all rows to keep the draft")
    place.write("other.csv", SEEN.replace("DE", "XX"))
    ended = place.run({"use": "file", "path": "other.csv"}, {"use": "file", "path": "out2.csv"}, transform=[link])
    ended.fails(1, "column 'country': expected one of DE, no, found \"XX\"")


@case
def a_draft_is_of_all_files_and_of_what_a_manifest_reads(place):
    place.write("a.csv", "n\n1\n5\n")
    place.write("b.csv", "n\n-7\n5\n")
    ended = place.weir("contract", "infer", "a.csv", "b.csv").works()
    must("in 4 rows" in ended.out and "min: -7\n    max: 5\n" in ended.out, f"found {ended.out}")
    place.run({"use": "file", "path": "a.csv"}, {"use": "file", "path": "n.contract.yaml"},
              transform=[{"use": "derive", "columns": {"m": "n * 2"}}]).works()
    must("  m:  # 2 to 10, no value twice" in place.read("n.contract.yaml"), f"found {place.read('n.contract.yaml')}")
    place.write("empty.csv", "n\n")
    must("in 0 rows" in place.weir("contract", "infer", "empty.csv").works().out, "expected a draft of no rows")
    place.weir("contract", "infer", "gone.csv").fails(1, "error: file: no such file")
    place.weir("contract", "infer").fails(2, "FILE")
    place.weir("contract").fails(2)


@case
def files_are_checked_against_a_contract_without_a_manifest(place):
    prepare(place)
    ended = place.weir("contract", "check", "contracts/orders.yaml", "in.csv")
    must(ended.code == 3, f"expected exit 3, found {ended.code}: {ended.err}")
    must("1 country not in the list" in ended.out and "1 not unique" in ended.out, f"found {ended.out}")
    place.write("good.csv", "\n".join(ORDERS.splitlines()[:2]) + "\n")
    ended = place.weir("contract", "check", "contracts/orders.yaml", "good.csv", "--output", "json").works()
    must(json.loads(ended.out)["ledger"]["rows"]["rejected"] == 0, f"found {ended.out}")
    ended = place.weir("contract", "check", "gone.yaml", "good.csv")
    ended.fails(2, "error: validate: option 'contract': expected a file of YAML or JSON, found none at 'gone.yaml'")
    must({"in.csv", "good.csv"} == {name for name in place.files() if name.endswith(".csv") and "/" not in name},
         "expected nothing written")


if __name__ == "__main__":
    finish()
