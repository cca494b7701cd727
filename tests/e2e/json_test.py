# slow
"""JSON files: layouts over many chunks, places of what is bad, files with other keys, types kept on the way through."""
from harness import *

OUT = {"use": "file", "path": "out.ndjson"}
BAD = {"use": "file", "path": "bad.ndjson"}
IN = {"use": "file", "path": "in.json"}


def records(count):
    return [{"id": i, "text": 'x]}",' * (i % 9), "in": {"list": [i, i / 2], "note": None if i % 3 else "ü"}} for i in range(count)]


def as_lines(rows):
    return "".join(json.dumps(row, ensure_ascii=i % 2 == 0) + "\n" for i, row in enumerate(rows))


@case
def every_layout_gives_the_same_rows_by_any_number_of_chains(place):
    rows = records(60000)  # 5 MB: several chunks
    layouts = {"lines": as_lines(rows), "array": json.dumps(rows), "indented": json.dumps(rows, indent=1),
               "spread": "".join(json.dumps(row, indent=2) + "\n" for row in rows)}
    for name, text in layouts.items():
        for chains in (1, 3):
            place.write("in.json", text)
            place.run(IN, OUT, flags=["--chains", chains, "--fresh"]).works()
            must(place.rows("out.ndjson") == rows, f"{name}, {chains} chains: expected the rows, found others")


@case
def types_survive_the_way_through(place):
    lines = ('{"n":18446744073709551615,"d":-1e+300,"m":[1,"1",{"a":1.50}],"s":{"t":[[true],[]]},"i":-9223372036854775808}\n'
             '{"n":0,"d":0.1,"m":null,"s":{"t":null},"i":9223372036854775807}\n')
    place.write("in.json", lines)
    place.run(IN, OUT).works()
    must(place.read("out.ndjson") == lines, f"found {place.read('out.ndjson')}")


@case
def bad_rows_are_kept_aside_with_their_places(place):
    # Gzipped, so that types come from the first 4 MiB alone: what is bad stands behind.
    lines = [json.dumps(row) for row in records(90000)]
    lines[70001] = '{"id": "x", "text": "t"}'
    lines[75000] = '{"id": 1, "text": '
    lines[79000] = '{"id": 1, "new": 1}'
    place.write("in.json.gz", "\n".join(lines) + "\n")
    source = {"use": "file", "path": "in.json.gz"}
    for chains in (1, 3):
        place.run(source, OUT, (), BAD, flags=["--chains", chains, "--fresh"]).works()
        found = sorted((r["line"], r["reason"], r["column"], r["row"] is None) for r in place.rows("bad.ndjson"))
        must(found == [(70002, "id: not an integer", "id", False), (75001, "not JSON", None, True),
                       (79001, "new: unknown key", "new", False)], f"found {found}")
        must(len(place.rows("out.ndjson")) == 89997, "expected all other rows")
    place.run(source, OUT, flags=["--fresh"]).fails(1, "in.json.gz:70002:8: error: column 'id': expected int64, found \"x\"")


@case
def an_array_that_is_cut_short_or_followed_by_more_is_no_success(place):
    rows = records(40000)
    text = json.dumps(rows, indent=0)
    for wrong, words in ((text[:-1].rstrip(), "expected ',' or ']', found the end of the file"),
                         (text[:-1].rstrip() + ",", "expected an object, found the end of the file"),
                         (text + "\n{}", "expected the end of the file behind the array, found \"{\"")):
        place.write("in.json", wrong)
        for chains in (1, 3):
            place.run(IN, OUT, flags=["--chains", chains, "--fresh"]).fails(1, "in.json:", words)
    must("out.ndjson" not in place.files(), "expected no output of a failed run")
    place.write("in.json", text[:-1].rstrip())
    place.run(IN, OUT).fails(1, f"in.json:{text.count(chr(10))}:2: error: expected ',' or ']'")


@case
def files_need_not_have_the_same_keys(place):
    place.write("in/a.json", '{"id":1,"v":1,"o":{"x":1}}\n')
    place.write("in/b.json", '[{"v":2.5,"o":{"y":"t"},"more":[true]}]')
    place.write("in/c.json", "")
    place.write("in/d.json", '{"id":"four"}\n')
    place.run({"use": "file", "path": "in/*.json"}, OUT).works()
    none = {"id": None, "v": None, "o": None, "more": None}
    must(place.rows("out.ndjson") == [{**none, "id": 1, "v": 1.0, "o": {"x": 1, "y": None}},
                                      {**none, "v": 2.5, "o": {"x": None, "y": "t"}, "more": [True]}, {**none, "id": "four"}],
         f"found {place.read('out.ndjson')}")


@case
def a_key_that_the_files_agreed_on_did_not_have_rejects_its_row(place):
    for n in range(40):
        place.write(f"in/{n:02}.json", '{"id":%d%s}\n' % (n, ',"new":1' if n == 1 else ""))  # not among the sixteen
    place.run({"use": "file", "path": "in/*.json"}, OUT, (), BAD).works()
    must([(r["column"], r["file"], r["line"]) for r in place.rows("bad.ndjson")] == [("new", "in/01.json", 1)],
         f"found {place.read('bad.ndjson')}")


@case
def gzipped_lines_are_read_too(place):
    rows = records(3000)
    place.write("in.json.gz", as_lines(rows))
    place.run({"use": "file", "path": "in.json.gz"}, OUT).works()
    must(place.rows("out.ndjson") == rows, "expected the rows")


def at(pointer, path="in.json"):
    return {"use": "file", "path": path, "format": {"use": "json", "rows": pointer}}


@case
def rows_within_a_document_are_the_same_by_any_number_of_chains(place):
    rows = records(60000)
    document = {"meta": {"pages": [1, 2], "items": 0}, "data": {"cursor": None, "items": rows}, "links": [{"self": "]"}] * 20000}
    for indent in (None, 1):
        place.write("in.json", json.dumps(document, indent=indent))
        for chains in (1, 3):
            place.run(at("/data/items"), OUT, flags=["--chains", chains, "--fresh"]).works()
            must(place.rows("out.ndjson") == rows, f"indent {indent}, {chains} chains: expected the rows, found others")


@case
def what_is_wrong_around_the_rows_is_told_with_its_place(place):
    rows = records(40000)
    text = json.dumps({"head": "x" * 100, "rows": rows, "tail": list(range(500000))})
    wrong = text.index(" 400000,")
    for document, words in ((text[:wrong] + "," + text[wrong + 1:], f"in.json:1:{wrong + 1}: error: expected a value, found \",\""),
                            (text[:-1], f"in.json:1:{len(text)}: error: expected the rest of the document, found the end of the file"),
                            (text.replace("head", "rows", 1), "in.json:1:10: error: expected an array of rows at '/rows', found a string"),
                            (text.replace('"rows"', '"rovs"', 1), f"in.json:1:{len(text)}: error: expected a key 'rows' in the document")):
        place.write("in.json", document)
        for chains in (1, 3):
            place.run(at("/rows"), OUT, flags=["--chains", chains, "--fresh"]).fails(1, words)
    bad = text.replace('"id": 39000', '"id": "x"', 1)
    column = len(bad[:bad.index('"id": "x"')].encode()) + len('"id": ') + 1
    place.write("in.json", bad)
    typed = at("/rows")
    typed["format"]["types"] = {"id": "int64"}
    for chains in (1, 3):
        place.run(typed, OUT, flags=["--chains", chains, "--fresh"]).fails(1, f"in.json:1:{column}: error: column 'id': expected int64")
    place.run(typed, OUT, (), BAD, flags=["--fresh"]).works()
    must([(r["line"], r["column"]) for r in place.rows("bad.ndjson")] == [(1, "id")], f"{place.read('bad.ndjson')}")
    must(len(place.rows("out.ndjson")) == 39999, "expected all rows but one")
    place.run(at("data"), OUT).fails(2, "job.json:1:", "expected a JSON Pointer, which begins with a slash, found \"data\"")


@case
def a_column_that_becomes_json_text_is_told_in_the_log(place):
    place.write("in.json", '{"a":1,"b":{"c":[1,"x"]},"n":1e999,"t":[]}\n{"a":true,"b":{"c":[2]},"n":1,"t":{}}\n')
    typed = {**IN, "format": {"use": "json", "types": {"t": "json"}}}
    ended = place.run(typed, OUT, flags=["--log", "level=info,format=json"]).works()
    found = [json.loads(line) for line in ended.err.splitlines() if '"json.mixed"' in line]
    must([(e["column"], e["values"]) for e in found] == [("a", "booleans, numbers"), ("b.c[]", "numbers, strings"),
         ("n", "numbers that neither a decimal nor a double keeps")], f"{ended.err}")


finish()
