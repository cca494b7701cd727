"""Random expressions that mean the same to weir, DuckDB and SQLite, or to weir and one of them.

A production makes a value of a type of others: (type, weir, of, duckdb, sqlite), the last two as weir where they are None and
not at all where they are False. Arguments are types, or a list of constants to pick from.
"""
import random

SAME, NONE = None, False
POSITION = ["1", "2", "3", "5"]
COUNT = ["0", "1", "2", "4", "7"]
DIVISOR = ["1", "2", "3", "-4"]
DIGITS = ["0", "1"]
PART = ["'a'", "'ab'", "'b'", "'ä'", "' '", "'x'"]
SEPARATOR = ["','", "' '", "'-'"]
LIKE = ["'a%'", "'%b'", "'%b%'", "'a_b'", "'_'", "'%'", "''", "'%l%o%'", "'ä%'"]
REGEXP = ["'[0-9]+'", "'^a'", "'b$'", "'a|b'", "'(.)b'", "'[[:upper:]]+'", "'l{2}'", "'.'"]
PARTS = ["'year'", "'month'", "'day'", "'quarter'", "'week'", "'dow'", "'isodow'", "'doy'", "'isoyear'", "'decade'", "'century'"]
CLOCK_PARTS = PARTS + ["'hour'", "'minute'", "'second'", "'millisecond'", "'microsecond'"]
BOUNDS = ["'year'", "'month'", "'day'", "'quarter'", "'decade'"]
CLOCK_BOUNDS = BOUNDS + ["'hour'", "'minute'", "'second'"]
CUTS = ["'year'", "'month'", "'day'", "'quarter'", "'week'", "'decade'"]
CLOCK_CUTS = CUTS + ["'hour'", "'minute'", "'second'"]
STEPS = ["day", "week", "month", "year", "quarter"]
CLOCK_STEPS = STEPS + ["hour", "minute", "second"]
AMOUNT = ["1", "-1", "3", "13", "-25"]
FORMAT = ["'%Y-%m-%d'", "'%d.%m.%y'", "'%H:%M:%S'", "'%j %a %A'", "'%b %B'", "'%I %p'", "'%-d/%-m %H'", "'%Y%m%dT%H%M%S.%f'"]
ZONE = ["'UTC'", "'Europe/Rome'", "'America/New_York'", "'Asia/Kolkata'"]
JSON = ["'{\"a\":1,\"b\":[true,null,\"x\"]}'", "'[1,2,3]'", "'{\"a\":{\"b\":\"c d\"}}'", "'{}'"]
PATH = ["'$.a'", "'$.b'", "'$.b[0]'", "'$.b[2]'", "'$.a.b'", "'$[1]'", "'$.none'"]
PLAIN = ["int", "real", "text", "bool"]
OTHERS = ["dec", "dec0", "date", "date0", "ts", "ts0", "numeral", "json"]
ALL = ["int", "real", "dec", "text", "bool", "date", "ts"]

PRODUCTIONS = [
    # arithmetic
    ("int", "({0} + {1})", ["int", "int"], SAME, SAME),
    ("int", "({0} - {1})", ["int", "int"], SAME, SAME),
    ("int", "({0} * {1})", ["int0", "int0"], SAME, SAME),
    ("int", "({0} / {1})", ["int", DIVISOR], "({0} // {1})", SAME),
    ("int", "({0} % {1})", ["int", DIVISOR], SAME, SAME),
    ("int", "mod({0}, {1})", ["int", DIVISOR], SAME, "({0} % {1})"),
    ("int", "(- {0})", ["int"], SAME, SAME),
    ("real", "({0} + {1})", ["real", "real"], SAME, SAME),
    ("real", "({0} - {1})", ["real", "int"], SAME, SAME),
    ("real", "({0} * {1})", ["real0", "real0"], SAME, SAME),
    ("real", "({0} / 4e0)", ["real"], SAME, SAME),
    ("dec", "({0} + {1})", ["dec", "dec"], SAME, NONE),
    ("dec", "({0} - {1})", ["dec", "int0"], SAME, NONE),
    ("dec", "({0} * {1})", ["dec0", "dec0"], SAME, NONE),
    # numbers
    ("int", "abs({0})", ["int"], SAME, SAME),
    ("real", "abs({0})", ["real"], SAME, SAME),
    ("dec", "abs({0})", ["dec"], SAME, NONE),
    ("int", "sign({0})", ["int"], SAME, SAME),
    ("int", "sign({0})", ["dec"], SAME, NONE),
    ("real", "round({0})", ["real"], SAME, SAME),
    ("real", "round({0}, {1})", ["real0", DIGITS], SAME, SAME),
    ("real", "floor({0})", ["real"], SAME, NONE),
    ("real", "ceil({0})", ["real"], SAME, NONE),
    ("real", "trunc({0})", ["real"], SAME, NONE),
    ("dec", "round({0}, {1})", ["dec", DIGITS], SAME, NONE),
    ("dec", "floor({0})", ["dec"], SAME, NONE),
    ("dec", "ceil({0})", ["dec"], SAME, NONE),
    ("dec", "trunc({0})", ["dec"], SAME, NONE),
    ("real", "sqrt(abs({0}))", ["real"], SAME, NONE),
    ("real", "cbrt({0})", ["real0"], SAME, NONE),
    ("real", "ln(abs({0}) + 1)", ["real"], SAME, NONE),
    ("real", "log10(abs({0}) + 1)", ["int"], SAME, NONE),
    ("real", "log2(abs({0}) + 1)", ["int"], SAME, NONE),
    ("real", "exp({0})", ["real0"], SAME, NONE),
    ("real", "power({0}, 2)", ["real0"], SAME, NONE),
    ("real", "sin({0})", ["real0"], SAME, NONE),
    ("real", "cos({0})", ["real0"], SAME, NONE),
    ("real", "atan2({0}, {1})", ["real0", "real0"], SAME, NONE),
    ("real", "radians({0})", ["real0"], SAME, NONE),
    # texts
    ("text", "lower({0})", ["text"], SAME, NONE),
    ("text", "upper({0})", ["text"], SAME, NONE),
    ("text", "trim({0}, ' ')", ["text"], SAME, SAME),
    ("text", "ltrim({0}, 'a ')", ["text"], SAME, SAME),
    ("text", "rtrim({0}, {1})", ["text", PART], SAME, SAME),
    ("text", "substr({0}, {1})", ["text", POSITION], SAME, SAME),
    ("text", "substr({0}, {1}, {2})", ["text", POSITION, COUNT], SAME, SAME),
    ("text", "left({0}, {1})", ["text", COUNT + ["-1", "-2"]], SAME, NONE),
    ("text", "right({0}, {1})", ["text", COUNT + ["-1", "-2"]], SAME, NONE),
    ("text", "lpad({0}, {1}, {2})", ["text", COUNT, PART], SAME, NONE),
    ("text", "rpad({0}, {1}, {2})", ["text", COUNT, PART], SAME, NONE),
    ("text", "replace({0}, {1}, {2})", ["text", PART, "text0"], SAME, SAME),
    ("text", "translate({0}, 'abä', 'xy')", ["text"], SAME, NONE),
    ("text", "reverse({0})", ["text"], SAME, NONE),
    ("text", "repeat({0}, {1})", ["text0", COUNT], SAME, NONE),
    ("text", "concat({0}, {1})", ["text", "text"], SAME, NONE),
    ("text", "concat_ws({0}, {1}, {2})", [SEPARATOR, "text", "text"], SAME, NONE),
    ("text", "({0} || {1})", ["text", "text"], SAME, SAME),
    ("text", "split_part({0}, {1}, {2})", ["text", SEPARATOR, ["1", "2", "3", "-1", "-2"]], SAME, NONE),
    ("text", "chr({0})", [["65", "228", "8364", "128512"]], SAME, "char({0})"),
    ("int", "length({0})", ["text"], SAME, SAME),
    ("int", "octet_length({0})", ["text"], "strlen({0})", "length(cast({0} as blob))"),
    ("int", "ascii({0})", ["text"], SAME, NONE),
    ("int", "strpos({0}, {1})", ["text", "text0"], SAME, "instr({0}, {1})"),
    ("int", "position({1} in {0})", ["text", PART], SAME, NONE),
    ("bool", "starts_with({0}, {1})", ["text", PART], SAME, NONE),
    ("bool", "ends_with({0}, {1})", ["text", "text0"], SAME, NONE),
    ("bool", "contains({0}, {1})", ["text", "text0"], SAME, NONE),
    ("bool", "({0} like {1})", ["text", LIKE], SAME, SAME),
    ("bool", "({0} not like {1})", ["text", LIKE], SAME, SAME),
    ("bool", "({0} ilike {1})", ["text", LIKE], SAME, NONE),
    ("text", "md5({0})", ["text"], SAME, NONE),
    ("text", "sha256({0})", ["text"], SAME, NONE),
    # regular expressions
    ("bool", "regexp_matches({0}, {1})", ["text", REGEXP], SAME, NONE),
    ("bool", "regexp_matches({0}, {1}, 'i')", ["text", REGEXP], SAME, NONE),
    ("bool", "regexp_full_match({0}, {1})", ["text", REGEXP], SAME, NONE),
    ("text", "regexp_extract({0}, {1})", ["text", REGEXP], SAME, NONE),
    ("text", "regexp_extract({0}, '(.)(.)', {1})", ["text", ["0", "1", "2"]], SAME, NONE),
    ("text", "regexp_replace({0}, {1}, {2})", ["text", REGEXP, PART], SAME, NONE),
    ("text", "regexp_replace({0}, '(.)a', '<\\1>', 'g')", ["text"], SAME, NONE),
    ("text", "regexp_replace({0}, {1}, {2}, 'g')", ["text", REGEXP, PART], SAME, NONE),
    # conditions
    ("bool", "({0} = {1})", [ALL, 0], SAME, SAME),
    ("bool", "({0} <> {1})", [ALL, 0], SAME, SAME),
    ("bool", "({0} < {1})", [ALL, 0], SAME, SAME),
    ("bool", "({0} >= {1})", [ALL, 0], SAME, SAME),
    ("bool", "({0} < {1})", ["int", "real"], SAME, SAME),
    ("bool", "({0} = {1})", ["dec", "int"], SAME, NONE),
    ("bool", "({0} between {1} and {2})", [ALL, 0, 0], SAME, SAME),
    ("bool", "({0} in ({1}, {2}, {3}))", [ALL, 0, 0, 0], SAME, SAME),
    ("bool", "({0} not in ({1}, {2}))", [ALL, 0, 0], SAME, SAME),
    ("bool", "({0} is null)", [ALL], SAME, SAME),
    ("bool", "({0} is not null)", [ALL], SAME, SAME),
    ("bool", "({0} and {1})", ["bool", "bool"], SAME, SAME),
    ("bool", "({0} or {1})", ["bool", "bool"], SAME, SAME),
    ("bool", "(not {0})", ["bool"], SAME, SAME),
    # dates and times
    ("int", "date_part({0}, {1})", [PARTS, "date"], SAME, NONE),
    ("int", "date_part({0}, {1})", [CLOCK_PARTS, "ts"], SAME, NONE),
    ("int", "extract(year from {0})", ["ts"], SAME, NONE),
    ("int", "year({0})", ["date"], SAME, NONE),
    ("int", "month({0})", ["date"], SAME, NONE),
    ("int", "day({0})", ["ts"], SAME, NONE),
    ("int", "hour({0})", ["ts"], SAME, NONE),
    ("int", "minute({0})", ["ts"], SAME, NONE),
    ("int", "second({0})", ["ts"], SAME, NONE),
    ("int", "week({0})", ["date"], SAME, NONE),
    ("int", "dayofyear({0})", ["date"], SAME, NONE),
    ("int", "isodow({0})", ["ts"], SAME, NONE),
    ("real", "epoch({0})", ["ts"], SAME, NONE),
    ("int", "epoch_ms({0})", ["ts"], SAME, NONE),
    ("int", "epoch_us({0})", ["ts"], SAME, NONE),
    ("date", "date_trunc({0}, {1})", [CUTS, "date"], "cast(date_trunc({0}, {1}) as date)", NONE),
    ("ts", "date_trunc({0}, {1})", [CLOCK_CUTS, "ts"], SAME, NONE),
    ("int", "date_diff({0}, {1}, {2})", [BOUNDS, "date", "date"], SAME, NONE),
    ("int", "date_diff({0}, {1}, {2})", [CLOCK_BOUNDS, "ts", "ts"], SAME, NONE),
    ("date", "({0} + interval {1} {2})", ["date", AMOUNT, STEPS], "cast({0} + interval ({1}) {2} as date)", NONE),
    ("date", "({0} - interval {1} {2})", ["date", AMOUNT, STEPS], "cast({0} - interval ({1}) {2} as date)", NONE),
    ("ts", "({0} + interval {1} {2})", ["ts", AMOUNT, CLOCK_STEPS], "({0} + interval ({1}) {2})", NONE),
    ("date", "({0} + {1})", ["date", COUNT], SAME, NONE),
    ("date", "last_day({0})", ["date"], SAME, NONE),
    ("text", "dayname({0})", ["date"], SAME, NONE),
    ("text", "monthname({0})", ["ts"], SAME, NONE),
    ("text", "strftime({0}, {1})", ["ts", FORMAT], SAME, NONE),
    ("ts", "strptime(strftime({0}, '%d/%m/%Y %H:%M'), '%d/%m/%Y %H:%M')", ["ts"], SAME, NONE),
    ("ts", "try_strptime({0}, '%Y-%m-%d')", ["numeral"], SAME, NONE),
    ("date", "make_date(year({0}), month({0}), 1)", ["date0"], SAME, NONE),
    ("ts", "(({0} at time zone {1}) at time zone {2})", ["ts0", ZONE, ZONE], SAME, NONE),
    # choosing
    *[(t, "coalesce({0}, {1})", [t, t], SAME, SAME) for t in ALL],
    *[(t, "nullif({0}, {1})", [t, t + "0"], SAME, SAME) for t in ALL],
    *[(t, "if({0}, {1}, {2})", ["bool", t, t], SAME, "iif({0}, {1}, {2})") for t in ALL],
    *[(t, "(case when {0} then {1} when {2} then {3} end)", ["bool", t, "bool", t], SAME, SAME) for t in ALL],
    *[(t, "least({0}, {1}, {2})", [t, t, t], SAME, NONE) for t in ALL],
    *[(t, "greatest({0}, {1})", [t, t], SAME, NONE) for t in ALL],
    # casts
    ("text", "cast({0} as varchar)", ["int"], SAME, "cast({0} as text)"),
    ("text", "cast({0} as varchar)", ["dec0"], SAME, NONE),
    ("text", "cast({0} as varchar)", ["date"], SAME, NONE),
    ("text", "cast({0} as varchar)", ["bool"], SAME, NONE),
    ("int", "cast({0} as bigint)", ["dec0"], SAME, NONE),
    ("int", "cast({0} as bigint)", ["bool"], SAME, NONE),
    ("real", "cast({0} as double)", ["int"], SAME, "cast({0} as real)"),
    ("real", "cast({0} as double)", ["dec0"], SAME, NONE),
    ("dec", "cast({0} as decimal(12,2))", ["int0"], SAME, NONE),
    ("int", "try_cast({0} as bigint)", ["numeral"], SAME, NONE),
    ("date", "try_cast({0} as date)", ["numeral"], SAME, NONE),
    ("date", "cast({0} as date)", ["ts"], SAME, NONE),
    ("ts", "cast({0} as timestamp)", ["date"], SAME, NONE),
    # JSON
    ("text", "json_extract_string({0}, {1})", [JSON, PATH], SAME, NONE),
    ("text", "({0} ->> {1})", [JSON, PATH], SAME, NONE),
    ("bool", "json_valid({0})", ["json"], SAME, NONE),
    ("int", "json_array_length({0})", [["'[1, [2], 3]'", "'[]'", "'{}'"]], "cast(json_array_length({0}) as bigint)", SAME),
]

LEAVES = {
    "int": ["a", "b", "a", "b", "0", "1", "-7", "12"],
    "real": ["x", "y", "x", "y", "0e0", "1.25e0", "-3.5e0"],
    "dec": ["m", "n", "m", "n", "0.00", "1.25", "-99.50"],
    "text": ["s", "t", "s", "t", "''", "'ab'", "'Hello world'", "'äöü'"],
    "bool": ["p", "q", "p", "q", "true", "false"],
    "date": ["d", "e", "d", "e", "date '2024-02-29'"],
    "ts": ["u", "v", "u", "v", "timestamp '2024-02-29 23:59:59'"],
    "numeral": ["k"],
    "json": ["j"],
}
NULLS = {"int": "bigint", "real": "double", "dec": "decimal(12,2)", "text": "varchar", "bool": "boolean", "date": "date",
         "ts": "timestamp", "numeral": "varchar", "json": "varchar"}


def plain(production):
    """Whether SQLite knows it, and all that it is made of."""
    return production[4] is not NONE and all(argument is ALL or argument not in OTHERS for argument in production[2])


class Writer:
    """Writes expressions: (type, weir's, DuckDB's or None, SQLite's or None)."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.by_type = {}
        for production in PRODUCTIONS:
            self.by_type.setdefault(production[0], []).append(production)
        self.plain = False  # whether SQLite must know it too

    def expression(self, production=None):
        """One of any type; with `production`, one that has it outermost. Of the others each second is known to SQLite."""
        self.plain = production is None and self.random.random() < 0.5
        if production is not None:
            return production[0], *self.made(production, self.random.randint(0, 2))
        kind = self.random.choice(PLAIN if self.plain else ALL)
        return kind, *self.value(kind, self.random.randint(1, 4))

    def value(self, kind, depth):
        if kind.endswith("0"):
            kind, depth = kind[:-1], 0
        if depth <= 0 or kind not in self.by_type or self.random.random() < 0.15:
            leaf = self.random.choice(LEAVES[kind])
            if self.random.random() < 0.04:
                leaf = f"cast(null as {NULLS[kind]})"
            return leaf, leaf, None if kind in ("dec", "date", "ts") else leaf
        known = [one for one in self.by_type[kind] if not self.plain or plain(one)]
        return self.made(self.random.choice(known), depth - 1)

    def made(self, production, depth):
        _, weir, of, duckdb, sqlite = production
        arguments, first = [], None
        for argument in of:
            if argument is ALL:
                argument = first = self.random.choice(PLAIN if self.plain else ALL)
            if argument == 0:
                argument = first
            if isinstance(argument, list):
                argument = self.random.choice(argument)
                arguments.append((argument, argument, argument))
            else:
                arguments.append(self.value(argument, depth))
        made = []
        for which, form in enumerate((weir, duckdb, sqlite)):
            parts = [argument[which] for argument in arguments]
            fine = form is not NONE and None not in parts
            made.append((weir if form is SAME else form).format(*parts) if fine else None)
        return tuple(made)
