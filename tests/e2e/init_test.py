"""weir init: what it writes from data is valid and runs as it is; its words are compared with tests/golden/init.txt."""
import sqlite3

from harness import *

CSV = "id;name;day;price\n1;\"Ann; B\";2026-01-01;1.50\n2;Bob;2026-01-02;2.25\n"
NDJSON = '{"a": 1, "o": {"x": [1, 2]}, "n": null, "ok": true}\n{"a": 2, "o": {"x": []}, "n": null, "ok": false}\n'


def database(place, name, *statements):
    store = sqlite3.connect(place.folder / name)
    for statement in statements:
        store.execute(statement)
    store.commit()
    store.close()


def begin(place, *files, to="m.yaml"):
    """Writes the manifest, runs it, and gives its text."""
    place.weir("init", *files, "--to", to).works()
    text = place.read(to)
    must("valid" in place.weir("validate", to).works().out, text)
    must("balanced" in place.weir("run", to).works().out, text)
    return text


def table(place, name, what):
    with sqlite3.connect(place.folder / name) as store:
        return store.execute(what).fetchall()


@case
def a_csv_becomes_a_table(place):
    place.write("orders of may.csv", CSV)
    text = begin(place, "orders of may.csv")
    must('delimiter: ";"' in text and "#   day: date" in text and "#   price: double" in text, text)
    must(table(place, "orders_of_may.db", "select id, name, day from orders_of_may") ==
         [(1, "Ann; B", "2026-01-01"), (2, "Bob", "2026-01-02")], text)
    free = text.replace("# types:", "types:").replace("    #   ", "      ")
    place.write("typed.yaml", free.replace("orders_of_may.db", "typed.db"))
    place.weir("run", "typed.yaml").works()


@case
def what_is_printed_is_the_manifest(place):
    place.write("a.csv", CSV)
    printed = place.weir("init", "a.csv").works()
    must(not printed.err, printed.err)
    place.write("b.yaml", printed.out)
    place.weir("run", "b.yaml").works()


@case
def compressed_nested_rows(place):
    place.write("events.ndjson.gz", NDJSON)
    text = begin(place, "events.ndjson.gz")
    must("# n: no value yet" in text and "# o: struct<" in text, text)
    must(table(place, "events.db", "select a, o from events")[0] == (1, '{"x":[1,2]}'), text)


@case
def views_are_read_too_and_what_cannot_be_is_named(place):
    database(place, "shop.db", "create table items(id integer primary key, price real)", "insert into items values (1, 2.5), (2, 20)",
             "create view dear as select id from items where price > 10", "create table gone(a)",
             "create view broken as select a from gone", "drop table gone")
    text = place.weir("init", "shop.db", "--to", "m.yaml").works() and place.read("m.yaml")
    must("# Left out, for it can't be read: view 'broken': " in text and "gone" in text, text)
    place.weir("run", "m.yaml").works()
    must(place.rows("dear.ndjson") == [{"id": 2}] and len(place.rows("items.ndjson")) == 2, "expected the rows of table and view")
    database(place, "bad.db", "create table gone(a)", "create view broken as select a from gone", "drop table gone")
    place.weir("init", "bad.db").fails(2, "expected a table that can be read, found view 'broken'")


@case
def a_database_becomes_files(place):
    database(place, "shop.db", 'create table items(id integer primary key, price decimal(10,2), "we ird" text)',
             "insert into items values (1, 2.5, 'x')", "create table empty_one(a text)", "create table _weir_tokens(x)")
    text = begin(place, "shop.db")
    must('price: "decimal(10,2)"' in text and "_weir_tokens" not in text, text)
    must(place.rows("items.ndjson") == [{"id": 1, "price": 2.5, "we ird": "x"}], place.read("items.ndjson"))


@case
def files_of_the_same_columns_are_one_stream(place):
    for name in ("in/a.csv", "in/b.csv"):
        place.write(name, CSV)
    begin(place, "in/a.csv", "in/b.csv")
    must(table(place, "a.db", "select count(*) from a") == [(4,)], "expected the rows of both")
    begin(place, "in/a.csv", "./in/a.csv", to="once.yaml")
    must(place.read("once.yaml").count("a.csv") == 1, "expected a file that is named twice once, found " + place.read("once.yaml"))
    text = begin(place, "in/*.csv", to="p.yaml")
    must('path: "in/*.csv"' in text, text)
    place.write("other.json", '[{"x": 1}]')
    text = begin(place, "in/a.csv", "other.json", to="q.yaml")
    must("pipelines:\n  a:\n" in text and "\n  other:\n" in text, text)


@case
def nothing_that_is_there_is_written_over(place):
    place.write("a.csv", CSV)
    database(place, "a.db", "create table a(mine text)")
    begin(place, "a.csv", to="sub.yaml")
    must(table(place, "a.db", "select * from a") == [], "expected the database to be as it was")
    place.write("m.yaml", "mine")
    place.weir("init", "a.csv", "--to", "m.yaml").fails(2, "--force")
    must(place.read("m.yaml") == "mine", "expected the file to be as it was")
    place.weir("init", "a.csv", "--to", "m.yaml", "--force").works()
    must("weir: 1" in place.read("m.yaml"), "expected it to be written over")


@case
def names_that_need_care(place):
    for name in ("a[1].csv", "${env:HOME}.csv", "it's \"x\".csv", "a{b}.csv", "  .csv"):
        other = Place()
        try:
            other.write(name, 'true,"a ""q""",no\n1,2,3\n')
            (other.folder / "sub").mkdir()
            begin(other, name, to="sub/m.yaml")
        finally:
            other.leave()


@case
def wide_and_doubled_columns_go_to_a_file(place):
    place.write("w.csv", ",".join(f"c{i}" for i in range(2100)) + "\n" + ",".join("1" for _ in range(2100)) + "\n")
    must("load: { use: file" in begin(place, "w.csv"), "expected a file")
    place.write("d.csv", "a,A\n1,2\n")
    must("load: { use: file" in begin(place, "d.csv", to="d.yaml"), "expected a file")


@case
def words(place):
    place.write("orders.csv", CSV)
    place.write("in/a.csv", CSV)
    place.write("empty.csv", "")
    place.write("notes", "hello\n")
    place.write("rows.csv", "1,Ann\n2,Bob\n")
    place.write("bad.ndjson", "{]\n")
    place.write("cut.csv.gz", CSV)
    (place.folder / "cut.csv.gz").write_bytes((place.folder / "cut.csv.gz").read_bytes()[:20])
    database(place, "none.db", "create table x(a)", "drop table x")
    database(place, "broken.db", "create table t(a)", "create view v as select a from t", "drop table t")
    place.write("there.yaml", "")
    found = ""
    for line in (["orders.csv"], ["orders.csv", "--to", "new.yaml"], ["rows.csv"], [], ["ordrs.csv"], ["nowhere/at/all"], ["in"], ["empty.csv"], ["notes"],
                 ["bad.ndjson"], ["cut.csv.gz"], ["none.db"], ["broken.db"], ["no*.csv"], ["orders.csv", "--to", "there.yaml"],
                 ["orders.csv", "--to", "no/such/m.yaml"], ["orders.csv", "--too", "x"], ["orders.csv", "--output", "json"]):
        ended = place.weir("init", *line)
        found += f"$ weir init {' '.join(line)}\n{ended.out}{ended.err}exit {ended.code}\n\n".replace(str(place.folder), "FOLDER")
    golden("init.txt", found)


if __name__ == "__main__":
    finish()
