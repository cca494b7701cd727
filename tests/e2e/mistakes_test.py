"""A newcomer's mistakes, one by one, and what weir answers: compared with tests/golden/mistakes.txt, where each answer says what is
wrong, where, and what to do. None of them tells a secret.

`mistakes_test.py --write` writes them anew; read them as a stranger would before they are committed.
"""
import sqlite3

from harness import *

CSV = "id,name,total\n1,Ann,5\n2,Bob,50\n3,Cleo,7\n"
HEAD = "weir: 1\n"
FROM = "extract: { use: file, path: in.csv }\n"
TO = "load: { use: file, path: out.ndjson }\n"
SECRET = "s3cr3t-of-the-tests"


def extracting(options):
    return HEAD + f"extract: {options}\n" + TO


def between(links):
    return HEAD + FROM + f"transform:\n{links}\n" + TO


def database():
    """The bytes of one with a table of names."""
    made = sqlite3.connect(":memory:")
    made.execute("CREATE TABLE t (id INTEGER, name TEXT)")
    return made.serialize()


def csv(text, options="", name="in.csv"):
    """Files, and a manifest that reads the one with the text."""
    form = f", format: {{ use: csv{options} }}" if options else ""
    return {name: text, "m.yaml": extracting(f"{{ use: file, path: {name}{form} }}")}


# What somebody does: the files, and the words behind weir (run m.yaml, if there are none).
MISTAKES = {
    # the command line
    "a manifest without a command": ({"m.yaml": HEAD}, "m.yaml"),
    "a manifest that is not there, without a command": ({}, "nothing.yaml"),
    "a data file without a command": ({"in.csv": CSV}, "in.csv"),
    "data where a manifest belongs": ({"in.csv": CSV}, "run in.csv"),
    "no manifest": ({}, "run"),
    "a manifest that is not there": ({"orders.yaml": HEAD}, "run order.yaml"),
    "a folder": ({"jobs/a.yaml": HEAD + FROM + TO}, "run jobs"),
    "two manifests": ({"a.yaml": HEAD + FROM + TO, "b.yaml": HEAD + FROM + TO}, "run a.yaml b.yaml"),
    "another program's command": ({}, "exec m.yaml"),
    "help, as a word": ({}, "help"),
    "a flag of another command": ({"m.yaml": HEAD + FROM + TO}, "run m.yaml --rows 3"),
    "an option in front of its value, twice": ({"m.yaml": HEAD + FROM + TO}, "run m.yaml --chains 0"),
    "a parameter without a value": ({"m.yaml": HEAD + FROM + TO}, "run m.yaml --param day"),
    "a manifest from standard input": ({}, "run -"),
    # YAML
    "tabs": ({"m.yaml": HEAD + "extract:\n\tuse: file\n\tpath: in.csv\n" + TO},),
    "wrong indentation": ({"m.yaml": HEAD + "extract:\n  use: file\n   path: in.csv\n" + TO},),
    "a colon in a value": ({"m.yaml": between("  - { use: filter, where: name = 'a: b' }")},),
    "a colon in a value, over lines": ({"m.yaml": between("  - use: filter\n    where: name: Ann")},),
    "a query cut by a hash": ({"in.csv": CSV, "m.yaml": between("  - use: filter\n    where: (total > 1 #) and id > 0\n")},),
    "a text cut by a hash": ({"in.csv": CSV, "m.yaml": between("  - use: filter\n    where: name <> 'no # 3' and id > 0\n")},),
    "SQL cut by a hash": ({"in.db": database(), "m.yaml": HEAD + "extract:\n  use: sqlite\n  database: in.db\n"
                           "  query: SELECT id FROM t WHERE name = 'no # 3'\n" + TO},),
    "a path cut by a hash": ({"m.yaml": HEAD + "extract:\n  use: file\n  path: in #3.csv\n" + TO},),
    "another mistake in front of a comment": ({"in.csv": CSV, "m.yaml": between("  - use: filter\n    where: nme <> 'a' # Ann\n")},),
    "an unquoted star": ({"m.yaml": extracting("{ use: file, path: *.csv }")},),
    "an unquoted percent": ({"m.yaml": between("  - { use: filter, where: %x > 1 }")},),
    "an unquoted at": ({"m.yaml": extracting("{ use: file, path: @in.csv }")},),
    "an exclamation mark": ({"m.yaml": between("  - use: filter\n    where: !id > 1")},),
    "a comma in braces": ({"m.yaml": between("  - { use: filter, where: id in (1, 2) }")},),
    "no blank behind a colon": ({"m.yaml": HEAD + "extract: { use:file, path:in.csv }\n" + TO},),
    "a brace that is not closed": ({"m.yaml": HEAD + "extract: { use: file, path: in.csv\n" + TO},),
    "a quote that is not closed": ({"m.yaml": extracting('{ use: file, path: "in.csv }')},),
    "yes for true": ({"in.csv": CSV, "m.yaml": extracting("{ use: file, path: in.csv, format: { use: csv, header: yes } }")},),
    "no for false": ({"in.csv": CSV, "m.yaml": extracting("{ use: file, path: in.csv, format: { use: csv, header: no } }")},),
    "a country that is no": ({"in.csv": "c\nNO\n", "m.yaml": between("  - { use: validate, columns: { c: { enum: [NO, SE, null] } } }")},),
    "a backslash in double quotes": ({"m.yaml": between('  - { use: filter, where: "name like \'\\d\'" }')},),
    "a list among keys": ({"m.yaml": HEAD + "- use: file\n"},),
    "a key twice": ({"m.yaml": HEAD + FROM + FROM + TO},),
    "an empty manifest": ({"m.yaml": ""},),
    "only comments": ({"m.yaml": "# later\n"},),
    "JSON that is cut": ({"m.json": '{"weir": 1,'}, "run m.json"),
    "JSON with single quotes": ({"m.json": "{'weir': 1}"}, "run m.json"),
    "not text": ({"m.yaml": b"\x7fELF\x02\x01\x01\0\0\0"},),
    "Windows text": ({"m.yaml": "weir: 1\nname: caf\xe9\n".encode("latin-1")},),
    # keys and components
    "no version": ({"in.csv": CSV, "m.yaml": FROM + TO},),
    "a later version": ({"in.csv": CSV, "m.yaml": "weir: 2\n" + FROM + TO},),
    "a typo in a key": ({"in.csv": CSV, "m.yaml": HEAD + FROM.replace("extract", "extrct") + TO},),
    "another program's keys": ({"in.csv": CSV, "m.yaml": HEAD + "source: { use: file, path: in.csv }\nsink: { use: file, path: o.csv }\n"},),
    "a typo in a component": ({"in.csv": CSV, "m.yaml": between("  - { use: fliter, where: id > 1 }")},),
    "a typo in an option": ({"in.csv": CSV, "m.yaml": between("  - { use: filter, were: id > 1 }")},),
    "a typo in an inner option": ({"in.csv": CSV, "m.yaml": between("  - { use: validate, columns: { id: { maxx: 1 } } }")},),
    "a component of another kind": ({"in.csv": CSV, "m.yaml": between("  - { use: csv }")},),
    "no list": ({"in.csv": CSV, "m.yaml": between("  use: filter\n  where: id > 1")},),
    "no use": ({"in.csv": CSV, "m.yaml": HEAD + "extract: in.csv\n" + TO},),
    "no load": ({"in.csv": CSV, "m.yaml": HEAD + FROM},),
    "an option that is missing": ({"in.csv": CSV, "m.yaml": HEAD + FROM + "load: { use: sqlite, database: x.db }\n"},),
    "a number beyond 64 bits": ({"in.csv": CSV, "m.yaml": between("  - { use: limit, rows: 99999999999999999999 }")},),
    "a negative number": ({"in.csv": CSV, "m.yaml": between("  - { use: limit, rows: -1 }")},),
    "a text for a number": ({"in.csv": CSV, "m.yaml": between("  - { use: limit, rows: ten }")},),
    "a unit that is missing": ({"in.csv": CSV, "m.yaml": HEAD + FROM + TO + "retry: { backoff: { first: 10 } }\n"},),
    "a variable that is missing": ({"m.yaml": extracting('{ use: file, path: "${env:NO_SUCH_VARIABLE}" }')},),
    "a variable as a shell has it": ({"m.yaml": extracting('{ use: file, path: "${HOME}/in.csv" }')},),
    "a parameter that is missing": ({"m.yaml": extracting('{ use: file, path: "in-${param:day}.csv" }')},),
    "a connection that is missing": ({"in.csv": CSV, "m.yaml": HEAD + FROM + "load: { use: sqlite, connection: warehouse, table: t }\n"},),
    "a secret that is missing": ({"m.yaml": extracting('{ use: file, path: "${secret:env/NO_SUCH_SECRET}" }')},),
    "a secret in a wrong place": ({"m.yaml": extracting('{ use: file, path: "${secret:env/TOKEN}.csv" }')},),
    # expressions
    "a column that is not there": ({"in.csv": CSV, "m.yaml": between("  - { use: filter, where: \"totl > 1\" }")},),
    "a text against a number": ({"in.csv": CSV, "m.yaml": between("  - { use: filter, where: \"name > 1\" }")},),
    "double quotes around a text": ({"in.csv": CSV, "m.yaml": between("  - { use: filter, where: 'name = \"Ann\"' }")},),
    "two equals signs": ({"in.csv": CSV, "m.yaml": between("  - { use: filter, where: \"id == 1\" }")},),
    "and, as in C": ({"in.csv": CSV, "m.yaml": between("  - { use: filter, where: \"id > 1 && id < 9\" }")},),
    "a function that is not there": ({"in.csv": CSV, "m.yaml": between("  - { use: derive, columns: { x: \"uper(name)\" } }")},),
    "a parenthesis that is not closed": ({"in.csv": CSV, "m.yaml": between("  - { use: filter, where: \"(id > 1\" }")},),
    "no condition": ({"in.csv": CSV, "m.yaml": between("  - { use: filter, where: \"id\" }")},),
    "a column named in select that is not there": ({"in.csv": CSV, "m.yaml": between("  - { use: select, keep: [id, nam] }")},),
    # data
    "a file that is not there": ({"inn.csv": CSV, "m.yaml": HEAD + FROM + TO},),
    "a pattern that nothing matches": ({"m.yaml": extracting('{ use: file, path: "*.tsv" }')},),
    "a folder as a file": ({"in.csv/a.csv": CSV, "m.yaml": HEAD + FROM + TO},),
    "an empty file": (csv(""),),
    "a wrong delimiter": ({"in.csv": CSV, "m.yaml": HEAD + "extract: { use: file, path: in.csv, format: { use: csv, delimiter: ';' } }\n"
                           "transform: [ { use: filter, where: \"id > 1\" } ]\n" + TO},),
    "a delimiter of two letters": (csv(CSV, ", delimiter: \"||\""),),
    "a type that does not fit": (csv(CSV, ", types: { name: int64 }"),),
    "a type that is none": (csv(CSV, ", types: { id: integr }"),),
    "a type of a column that is not there": (csv(CSV, ", types: { idd: int64 }"),),
    "a row with too many fields": (csv(CSV + "4,Dan,1,2\n"),),
    "a quote in the data that is not closed": (csv(CSV + '4,"Dan,1\n5,Eve,2\n'),),
    "JSON called CSV": (csv('{"a": 1}\n'),),
    "CSV called JSON": ({"in.json": CSV, "m.yaml": extracting("{ use: file, path: in.json }")},),
    "a name that says nothing": ({"in.dat": "hello\n", "m.yaml": extracting("{ use: file, path: in.dat }")},),
    "a gzip that is cut": ({"in.csv.gz": None, "m.yaml": extracting("{ use: file, path: in.csv.gz }")},),
    "a gzip that is none": ({"in.csv.gz": b"", "m.yaml": extracting("{ use: file, path: in.csv.gz, codec: gzip }")}, "run m.yaml"),
    "a database that is none": ({"x.db": "hello, this is no database", "m.yaml": HEAD + "extract: { use: sqlite, database: x.db, table: t }\n" + TO},),
    "a table that is not there": ({"in.csv": CSV, "m.yaml": HEAD + "extract: { use: sqlite, database: none.db, table: t }\n" + TO},),
    # outputs
    "an output that is the input": ({"in.csv": CSV, "m.yaml": HEAD + FROM + "load: { use: file, path: in.csv }\n"},),
    "an output without a format": ({"in.csv": CSV, "m.yaml": HEAD + FROM + "load: { use: file, path: out.xlsx }\n"},),
    "an output that is a folder": ({"in.csv": CSV, "out.csv/x": "", "m.yaml": HEAD + FROM + "load: { use: file, path: out.csv }\n"},),
    "nested rows as CSV": ({"in.json": '{"id": 1, "tags": ["a"]}\n', "m.yaml": HEAD + "extract: { use: file, path: in.json }\nload: { use: file, path: out.csv }\n"},),
    "an upsert without a key": ({"in.csv": CSV, "m.yaml": HEAD + FROM + "load: { use: sqlite, database: x.db, table: t, mode: upsert }\n"},),
    "a rejected row that nobody keeps": ({"in.csv": CSV, "m.yaml": between("  - { use: validate, columns: { total: { max: 9 } } }")},),
}


def cut(place, name):
    path = place.write(name, CSV * 50)
    path.write_bytes(path.read_bytes()[:40])


def answer(place, files, words="run m.yaml"):
    for name, data in files.items():
        if data is None:
            cut(place, name)
        elif name.endswith(".gz"):
            (place.folder / name).write_bytes(CSV.encode())
        else:
            place.write(name, data)
    place.env["TOKEN"] = SECRET
    ended = place.weir(*words.split())
    return ended.code, ended.out + ended.err


def shown(place, text):
    text = text.replace(str(place.folder) + "/", "").replace(str(place.folder), "FOLDER")
    text = re.sub(r"known are: \$schema[^\n]*", "known are: $schema, weir, …", text)
    text = re.sub("installed of kind transformer: [^\n]*", "installed of kind transformer: …", text)
    return re.sub("run [0-9A-Z]{26}  [^\n]*", "run ID  TIME", text)


@case
def each_is_answered(place):
    found = ""
    for name, parts in MISTAKES.items():
        other = Place()
        try:
            code, text = answer(other, *parts)
            must(SECRET not in text, f"{name}: expected no secret, found {text}")
            must(len(text.splitlines()) <= 24, f"{name}: expected at most 24 lines, found {text}")
            words = parts[1] if len(parts) > 1 else "run m.yaml"
            found += f"== {name}: weir {words}\n{shown(other, text)}exit {code}\n\n"
        finally:
            other.leave()
    golden("mistakes.txt", found)


def is_root():
    return os.geteuid() == 0


@case
def folders_that_may_not_be_written(place):
    """As root everything may be: there a file stands where a folder belongs, which nobody can write into."""
    place.write("in.csv", CSV)
    place.write("closed", "")
    place.write("m.yaml", HEAD + FROM + "load: { use: file, path: closed/out.csv }\n")
    place.weir("run", "m.yaml").fails(1, "m.yaml:3:", "closed", "hint: ")
    if is_root():
        return
    (place.folder / "locked").mkdir(mode=0o555)
    place.write("n.yaml", HEAD + FROM + "load: { use: file, path: locked/out.csv }\n")
    place.weir("run", "n.yaml").fails(1, "locked", "hint: ")
    (place.folder / "in.csv").chmod(0)
    place.weir("run", "m.yaml").fails(1, "in.csv", "ermission")


@case
def a_full_disk(place):
    place.write("in.csv", CSV * 20000)
    place.write("m.yaml", HEAD + FROM + "load: { use: file, path: /dev/full, format: csv }\n")
    place.weir("run", "m.yaml").fails(1, "m.yaml:3:", "no space left on the device", "hint: ")


@case
def a_locale_that_is_not_there(place):
    place.write("in.csv", "id,x\n1,1.5\n")
    place.env.update(LC_ALL="xx_YY.UTF-8", LANG="de_DE.UTF-8")
    place.write("m.yaml", HEAD + FROM + TO)
    place.weir("run", "m.yaml").works()
    must(place.rows("out.ndjson") == [{"id": 1, "x": 1.5}], place.read("out.ndjson"))


if __name__ == "__main__":
    finish()
