#!/usr/bin/env python3
"""Compares the answers to generated expressions with those of DuckDB and SQLite, over a table of edge values and nulls.

usage: differential.py EXPR_ANSWERS [COUNT]    WEIR_SEED in the environment changes the seed, which is told
"""
import json, math, os, random, sqlite3, subprocess, sys, tempfile
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import grammar

ROWS = 24
WORDS = ["", "a", "ab", "abc", "b", "ABBA", "usa", "hello world", "a,b,c", "x-y", "12", "4711", " a ", "ä", "äb", "ÀÉ", "日本",
         "😀b", "a'b", "Bold"]
INTS = ["0", "1", "-1", "2", "7", "-10", "100", "12345", "-99999"]
REALS = ["0.0", "0.5", "-0.5", "1.25", "-2.75", "10.0", "-7.5", "1000.25"]
DECIMALS = ["0.00", "0.01", "-0.01", "1.50", "-2.45", "99.99", "1234.55", "-100.00"]
DATES = ["2024-02-29", "2023-12-31", "2024-12-30", "1970-01-01", "1969-12-31", "2000-02-29", "1900-03-01", "2025-01-01", "2021-01-03"]
CLOCKS = ["06:00:00", "12:34:56", "23:59:59", "15:00:00.5", "20:20:20.123456"]
NUMERALS = ["1", "-7", "x", "", "2024-02-29", "2024-02-30", "12345678901234567890"]
JSONS = ['{"a": 1}', "{a}", "[1,2", "null", '"x"', "[1, 2.5e3]", "", "tru"]
DUCKDB = {"string": "varchar", "int64": "bigint", "bool": "boolean", "timestamp": "timestamp"}
SQLITE = {"int64": "integer", "double": "real", "string": "text", "bool": "integer"}
TYPES = {"a": "int64", "b": "int64", "x": "double", "y": "double", "m": "decimal(12,2)", "n": "decimal(12,2)", "s": "string",
         "t": "string", "p": "bool", "q": "bool", "d": "date", "e": "date", "u": "timestamp", "v": "timestamp", "k": "string",
         "j": "string"}


def table(seed):
    """Rows of texts that each column's type reads; every second column has no nulls."""
    pick = random.Random(seed)
    pools = {"int64": INTS, "double": REALS, "decimal(12,2)": DECIMALS, "string": WORDS, "bool": ["true", "false"], "date": DATES}
    rows = []
    for _ in range(ROWS):
        row = {}
        for at, (name, kind) in enumerate(TYPES.items()):
            pool = {"k": NUMERALS, "j": JSONS}.get(name, pools.get(kind))
            value = pick.choice(pool) if pool else f"{pick.choice(DATES)} {pick.choice(CLOCKS)}"
            row[name] = None if at % 2 == 0 and pick.random() < 0.2 else value
        rows.append(row)
    return rows


def answers_of_weir(program, rows, expressions):
    with tempfile.TemporaryDirectory() as folder:
        given, written = Path(folder, "table.json"), Path(folder, "expressions")
        given.write_text(json.dumps({"types": TYPES, "rows": rows}), encoding="utf-8")
        written.write_text("".join(one + "\n" for one in expressions), encoding="utf-8")
        done = subprocess.run([program, "answers", given, written], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


class Duck:
    name = "DuckDB"

    def __init__(self, rows):
        self.base = duckdb.connect()
        self.base.execute("set timezone = 'UTC'")
        columns = ", ".join(f"cast({name} as {DUCKDB.get(kind, kind)}) as {name}" for name, kind in TYPES.items())
        self.base.execute(f"create table raw (row int, {', '.join(f'{name} varchar' for name in TYPES)})")
        marks = ", ".join("?" for _ in range(len(TYPES) + 1))
        self.base.executemany(f"insert into raw values ({marks})", [[at, *row.values()] for at, row in enumerate(rows)])
        self.base.execute(f"create table r as select row, {columns} from raw")

    def columns(self, expressions):
        rows = self.base.execute(f"select {', '.join(expressions)} from r order by row").fetchall()
        return list(zip(*rows))


class Lite:
    name = "SQLite"

    def __init__(self, rows):
        self.base = sqlite3.connect(":memory:")
        self.base.execute("pragma case_sensitive_like = true")
        known = {name: SQLITE[kind] for name, kind in TYPES.items() if kind in SQLITE}
        self.base.execute(f"create table r (row integer, {', '.join(f'{name} {kind}' for name, kind in known.items())})")
        read = {"int64": int, "double": float, "bool": lambda text: int(text == "true"), "string": str}
        marks = ", ".join("?" for _ in range(len(known) + 1))
        for at, row in enumerate(rows):
            values = [None if row[name] is None else read[TYPES[name]](row[name]) for name in known]
            self.base.execute(f"insert into r values ({marks})", [at, *values])

    def columns(self, expressions):
        return list(zip(*self.base.execute(f"select {', '.join(expressions)} from r order by row").fetchall()))


def columns_of(peer, expressions, size=64):
    """The column of each expression, or the error, found by halves."""
    if not expressions:
        return []
    if len(expressions) > size:
        return columns_of(peer, expressions[:size], size) + columns_of(peer, expressions[size:], size)
    try:
        return peer.columns(expressions)
    except (duckdb.Error, sqlite3.Error, OverflowError) as error:
        if len(expressions) == 1:
            return [str(error).splitlines()[0]]
        half = len(expressions) // 2
        return columns_of(peer, expressions[:half], half) + columns_of(peer, expressions[half:], half)


def moment(text):
    return datetime.fromisoformat(text[:26])


def same(kind, here, there):
    """Whether weir's text says what the other gives."""
    if here == "null" or there is None:
        return here == "null" and there is None
    if here.startswith(("rejected: ", "mistake: ")):
        return False
    if kind == "text":
        return here == "'" + str(there).replace("'", "''") + "'"
    if kind == "bool":
        return (here == "true") == bool(there) and here in ("true", "false")
    if kind == "int":
        return int(here) == there  # an extract() of a constant null is a double there
    if kind == "dec":
        return Decimal(here) == (Decimal(there) if not isinstance(there, float) else Decimal(repr(there)))
    if kind == "real":
        return math.isclose(float(here), float(there), rel_tol=1e-12, abs_tol=1e-300) or (math.isnan(float(here)) and math.isnan(there))
    if isinstance(there, datetime):
        return moment(here) == there.replace(tzinfo=None)
    return isinstance(there, date) and date.fromisoformat(here) == there


def compare(peer, cases, column, rows):
    """The differences of one case: (kind, expression, row, here, there)."""
    kind, weir, expression, answers = cases
    if isinstance(column, str):  # an error there: the row is rejected here, or the expression is a mistake
        told = any(answer.startswith(("rejected", "mistake")) for answer in answers)
        return [] if told else [(peer.name, weir, expression, "-", answers[0], column)]
    if len(answers) != len(column):
        return [(peer.name, weir, expression, "-", answers[0], column[0])]
    return [(peer.name, weir, expression, json.dumps(rows[at], ensure_ascii=False), here, there)
            for at, (here, there) in enumerate(zip(answers, column)) if not same(kind, here, there)]


def still_known(program, rows, peers):
    """The differences that are listed and are none any more; those with a `try` are tried: kind, expression, peer, its own."""
    listed = json.loads(Path(__file__).with_name("differences.json").read_text(encoding="utf-8"))
    tried = [one for one in listed if "try" in one]
    answers = answers_of_weir(program, rows, [one["try"][1] for one in tried])
    gone = []
    for one, answer in zip(tried, answers):
        kind, expression, peer = one["try"][:3]
        column = columns_of(peers[peer], [one["try"][-1] if len(one["try"]) > 3 else expression])[0]
        if compare(peers[peer], (kind, expression, expression, answer * (ROWS // len(answer))), column, rows) == []:
            gone.append(one["here"])
    return gone


def generated(seed, count):
    """At least `count` expressions, all different: each production is outermost a few times."""
    writer, made = grammar.Writer(seed), {}
    for production in grammar.PRODUCTIONS:
        for _ in range(4):
            case = writer.expression(production)
            made[case[1]] = case
    while len(made) < count:
        case = writer.expression()
        made[case[1]] = case
    return [case for case in made.values() if len(case[1]) < 4000][:max(count, len(grammar.PRODUCTIONS))]


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    seed = int(os.environ.get("WEIR_SEED", "20261126"))
    rows, cases = table(seed), generated(seed, count)
    answers = answers_of_weir(program, rows, [case[1] for case in cases])
    assert len(answers) == len(cases), f"expected {len(cases)} answers, found {len(answers)}"
    found, compared, told = [], {}, 0
    peers = {peer.name: peer for peer in (Duck(rows), Lite(rows))}
    gone = still_known(program, rows, peers)
    assert not gone, f"expected the differences that are listed, found none any more: {gone}"
    for peer, which in ((peers["DuckDB"], 2), (peers["SQLite"], 3)):
        known = [at for at, case in enumerate(cases) if case[which] is not None]
        columns = columns_of(peer, [cases[at][which] for at in known])
        compared[peer.name] = len(known)
        told += sum(isinstance(column, str) for column in columns)
        for at, column in zip(known, columns):
            case = cases[at]
            found += compare(peer, (case[0], case[1], case[which], answers[at]), column, rows)
    counts = ", ".join(f"{number} with {name}" for name, number in compared.items())
    print(f"seed {seed}: {len(cases)} expressions over {ROWS} rows, compared {counts}; {told} are errors there; {len(found)} differences")
    first = {}
    for one in found:
        first.setdefault(one[:2], one)
    for name, weir, expression, row, here, there in list(first.values())[:40]:
        print(f"\n{name}: {weir}\n  there: {expression}\n  row: {row}\n  here: {here}\n  there: {there!r}")
    productive = sum(any(answer != "null" and not answer.startswith(("rejected", "mistake")) for answer in column) for column in answers)
    assert productive > 0.8 * len(cases), f"expected most expressions to give values, found {productive}"
    assert told < 0.05 * len(cases), f"expected few errors, found {told}"
    sys.exit(1 if found else 0)


main()
