"""Every type that crosses the ABI, against pyarrow: what it exports is read through the SDK's views, checked, gathered, sliced and
written as JSON by the host; what the SDK's builders make is imported by it. With nulls, offsets and slices, empty and nested.

usage: pyarrow_test.py BRIDGE   (libweir_arrow_bridge.so; WEIR_SEED=N repeats a run)
"""
import ctypes
import json
import os
import random
import re
import struct
import sys
from decimal import Decimal, localcontext
from pathlib import Path

import pyarrow as pa

TOP = Path(__file__).resolve().parent.parent.parent
seed = int(os.environ.get("WEIR_SEED", random.randrange(1 << 32)))
chance = random.Random(seed)
bridge = ctypes.CDLL(sys.argv[1])
for name in ("read", "build", "check_schema", "check", "json", "gather", "slice"):
    getattr(bridge, f"weir_bridge_{name}").restype = ctypes.c_char_p


# ---- pyarrow's side of the C data interface ----

class Struct:
    """Room for an ArrowSchema or an ArrowArray, which ends with the release that was in it."""

    def __init__(self, words, release):
        self.words, self.release = (ctypes.c_int64 * words)(), release

    @property
    def address(self):
        return ctypes.addressof(self.words)

    def __del__(self):
        if self.words[self.release]:
            ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.words[self.release])(self.address)


def new_schema():
    return Struct(9, 7)


def new_array():
    return Struct(10, 8)


def exported(rows):
    schema, array = new_schema(), new_array()
    rows._export_to_c(array.address, schema.address)
    return schema, array


def imported(schema, array):
    rows = pa.Array._import_from_c(array.address, schema.address)
    rows.validate(full=True)
    return rows


def call(name, *arguments):
    given = [ctypes.c_void_p(one.address) if isinstance(one, Struct) else one for one in arguments]
    text = getattr(bridge, f"weir_bridge_{name}")(*given).decode()
    if text.startswith("error: "):
        raise AssertionError(f"{name}: {text}")
    return text


# ---- values as tests/arrow/columns.hpp has them, by pyarrow's own scalars ----

def float_bits(value, form):
    return "nan" if value != value else struct.pack(form, value).hex()


def value_of(scalar):
    kind = scalar.type
    if not scalar.is_valid:
        return None
    if pa.types.is_dictionary(kind):
        return value_of(scalar.dictionary[scalar.index.as_py()])
    if pa.types.is_floating(kind):
        return float_bits(scalar.as_py(), {16: "<e", 32: "<f", 64: "<d"}[kind.bit_width])
    if pa.types.is_decimal(kind):
        with localcontext() as context:
            context.prec = 100
            return str(int(scalar.as_py().scaleb(kind.scale)))
    if pa.types.is_map(kind):
        return [[value_of(entry["key"]), value_of(entry["value"])] for entry in scalar.values]
    if pa.types.is_struct(kind):
        return [value_of(scalar[i]) for i in range(kind.num_fields)]
    if pa.types.is_nested(kind):
        return values_of(scalar.values)
    if kind == pa.month_day_nano_interval():
        return list(scalar.as_py())
    if pa.types.is_temporal(kind):
        return scalar.value
    value = scalar.as_py()
    return value.hex() if isinstance(value, bytes) else value.encode().hex() if isinstance(value, str) else value


def values_of(column):
    return [value_of(scalar) for scalar in column]


def columns_of(rows):
    """Of a struct array, as it is sliced."""
    return [values_of(column) for column in rows.flatten()]


# ---- types, each with what makes one value of it ----

def type_from_format(form):
    """For types that pyarrow knows and has no constructor of."""
    schema = new_schema()
    pa.int32()._export_to_c(schema.address)
    keep = ctypes.create_string_buffer(form.encode())
    schema.words[0] = ctypes.addressof(keep)
    return pa.DataType._import_from_c(schema.address)


PIECES = ["a", "B", "9", " ", "\"", "\\", "\n", "ä", "€", "𝄞", "\0"]


def text():
    return "".join(chance.choices(PIECES, k=chance.choice((0, 1, 3, 4, 11, 12, 13, 40))))


def octets(count=None):
    return chance.randbytes(chance.choice((0, 1, 4, 12, 13, 50)) if count is None else count)


def integer(bits, signed=True):
    low = -(1 << bits - 1) if signed else 0
    return chance.choice((low, low + (1 << bits) - 1, 0, chance.randrange(low, low + (1 << bits))))


def decimal(kind):
    digits = chance.randrange(1, kind.precision + 1)
    with localcontext() as context:
        context.prec = 100
        return Decimal(chance.randrange(-10 ** digits + 1, 10 ** digits)).scaleb(-kind.scale)


def viewed(kind, make):
    """A type whose values are made as integers of its width."""
    signed = {32: pa.int32(), 64: pa.int64(), 16: pa.uint16()}[kind.bit_width]
    return kind, make, lambda values: pa.array(values, signed).view(kind)


def plain(kind, make):
    return kind, make, lambda values: pa.array(values, kind)


def coded(index, words, ordered=False):
    def column(values):
        return pa.DictionaryArray.from_arrays(pa.array(values, index), words, ordered=ordered)
    return pa.dictionary(index, words.type, ordered), lambda: chance.randrange(len(words)), column


def scalar_types():
    yield plain(pa.null(), lambda: None)
    yield plain(pa.bool_(), lambda: chance.random() < 0.5)
    for bits in (8, 16, 32, 64):
        yield plain(getattr(pa, f"int{bits}")(), lambda bits=bits: integer(bits))
        yield plain(getattr(pa, f"uint{bits}")(), lambda bits=bits: integer(bits, False))
    yield viewed(pa.float16(), lambda: integer(16, False))
    yield viewed(pa.float32(), lambda: integer(32))
    yield viewed(pa.float64(), lambda: integer(64))
    for kind in (pa.decimal128(38, 10), pa.decimal128(1, 0), pa.decimal128(5, -3), pa.decimal256(76, 38), pa.decimal256(50, 2)):
        yield plain(kind, lambda kind=kind: decimal(kind))
    for kind in (pa.string(), pa.large_string(), pa.string_view()):
        yield plain(kind, text)
    for kind in (pa.binary(), pa.large_binary(), pa.binary_view()):
        yield plain(kind, octets)
    for width in (1, 5, 16):
        yield plain(pa.binary(width), lambda width=width: octets(width))


def temporal_types():
    day = 86400
    yield viewed(pa.date32(), lambda: integer(32))
    yield viewed(pa.date64(), lambda: chance.randrange(-100000, 100000) * day * 1000)
    for kind, scale in ((pa.time32("s"), 1), (pa.time32("ms"), 1000), (pa.time64("us"), 10 ** 6), (pa.time64("ns"), 10 ** 9)):
        yield viewed(kind, lambda scale=scale: chance.randrange(day * scale))
    for unit in ("s", "ms", "us", "ns"):
        for zone in (None, "UTC", "Europe/Rome", "+02:00"):
            yield viewed(pa.timestamp(unit, zone), lambda: integer(64))
        yield viewed(pa.duration(unit), lambda: integer(64))
    yield plain(pa.month_day_nano_interval(), lambda: pa.MonthDayNano([integer(32), integer(32), integer(64)]))


def several(make, most=4):
    return [None if chance.random() < 0.2 else make() for _ in range(chance.randrange(most))]


def nested_types():
    number = lambda: integer(64)  # noqa: E731
    pair = pa.struct([pa.field("n", pa.int64()), pa.field("t", pa.string_view(), metadata={"k": "v"})])
    pairs = lambda: {"n": number(), "t": text()}  # noqa: E731
    yield plain(pa.list_(pa.string()), lambda: several(text))
    yield plain(pa.list_(pa.field("entry", pa.int64(), nullable=False)), lambda: [number() for _ in range(chance.randrange(4))])
    yield plain(pa.large_list(pa.decimal128(20, 4)), lambda: several(lambda: decimal(pa.decimal128(20, 4))))
    yield plain(pa.list_(pa.bool_(), 3), lambda: [chance.choice((True, False, None)) for _ in range(3)])
    yield plain(pair, pairs)
    yield plain(pa.struct([]), dict)
    yield plain(pa.map_(pa.string(), pa.float64()), lambda: [(text(), 0.5 * number()) for _ in range(chance.randrange(4))])
    yield plain(pa.map_(pa.int32(), pair, keys_sorted=True), lambda: [(i, pairs()) for i in range(chance.randrange(4))])
    yield plain(pa.list_(pa.struct([("deep", pa.list_(pair, 2)), ("m", pa.map_(pa.string(), pa.list_(pa.binary())))])),
                lambda: several(lambda: {"deep": [pairs(), None], "m": [(text(), several(octets))]}))
    words = pa.array([text() + str(i) for i in range(9)])
    for index in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"):
        yield coded(getattr(pa, index)(), words, ordered=index == "int16")
    yield coded(pa.int32(), pa.array([decimal(pa.decimal256(60, 3)) for _ in range(9)], pa.decimal256(60, 3)))
    yield coded(pa.int8(), pa.array([several(number) for _ in range(9)], pa.list_(pa.int64())))
    yield coded(pa.uint16(), pa.array([text() + "-" * i for i in range(12)], pa.large_string()).slice(2, 9))


# ---- the tests ----

def same(got, want, what):
    if got != want:
        place = next((i for i, (a, b) in enumerate(zip(got, want)) if a != b), min(len(got), len(want)))
        raise AssertionError(f"{what}: expected {str(want[place:place + 1])[:300]}, found {str(got[place:place + 1])[:300]}")


def same_rows(got, rows, what):
    kind = pa.schema(list(got.type)), pa.schema(list(rows.type))
    if not kind[0].equals(kind[1], check_metadata=True):
        raise AssertionError(f"{what}: expected the schema {kind[1]}, found {kind[0]}")
    same(len(got), len(rows), what) if len(got) != len(rows) else None
    for one, other in zip(columns_of(got), columns_of(rows)):
        same(one, other, what)


def rows_of(column, nullable=True):
    count = pa.array(range(len(column)), pa.int32())
    fields = [pa.field("x", column.type, nullable=nullable, metadata={"weir.test": "ü"}), pa.field("n", pa.int32(), nullable=False)]
    return pa.StructArray.from_arrays([column, count], fields=fields)


def variants(column_of, make):
    """Rows of a type in every shape: its name, and the struct array."""
    some = [None if chance.random() < 0.3 else make() for _ in range(97)]
    yield "with nulls", rows_of(column_of(some))
    full = [make() for _ in range(40)]
    if None not in full:
        yield "never null", rows_of(column_of(full), nullable=False)
    yield "all null", rows_of(column_of([None] * 11))
    yield "empty", rows_of(column_of([]))
    yield "one", rows_of(column_of(some[:1]))
    for start, count in ((3, 60), (8, 17), (96, 1), (50, 0)):
        yield f"rows sliced by {start}", rows_of(column_of(some)).slice(start, count)
        yield f"column sliced by {start}", rows_of(column_of(some).slice(start, count))
    yield "both sliced", rows_of(column_of(some).slice(5, 80)).slice(7, 61)


def check_reading(rows):
    """Our views and the host's checks, over what pyarrow exports."""
    schema, array = exported(rows)
    call("check_schema", schema)
    call("check", schema, array)
    same(json.loads(call("read", schema, array)), columns_of(rows), "views")


def check_building(rows):
    for pad in (0, 5):
        schema, array = new_schema(), new_array()
        shape, kept = exported(rows)
        call("build", shape, json.dumps(columns_of(rows)).encode(), ctypes.c_int64(pad), schema, array)
        call("check", schema, array)
        same_rows(imported(schema, array), rows, f"builders, behind {pad} rows")


def check_gathering(rows):
    schema, array = exported(rows)
    picked = sorted(chance.choices(range(len(rows)), k=20)) if len(rows) else []
    for selected in (picked, picked[::-1], list(range(len(rows) // 3, len(rows) // 2))):
        numbers = (ctypes.c_uint32 * len(selected))(*selected)
        to = new_schema(), new_array()
        call("gather", schema, array, numbers, ctypes.c_uint64(len(selected)), *to)
        want = [[column[row] for row in selected] for column in columns_of(rows)]
        got = imported(*to)
        same(columns_of(got), want, "gather")


def check_slicing(rows):
    for start, count in ((0, len(rows)), (len(rows) // 3, len(rows) // 2)):
        if count == 0 and "_view" in str(rows.type.field("x").type):
            continue  # pyarrow takes no empty column of views behind an offset: it holds the buffer to be empty too
        schema, array = exported(rows)
        to = new_schema(), new_array()
        call("slice", schema, array, ctypes.c_int64(start), ctypes.c_int64(count), *to)
        same_rows(imported(*to), rows.slice(start, count), "slice")


def has_own_json(kind):
    """Whether JSON has values of this type, so that Python's and the host's must be the same."""
    if pa.types.is_struct(kind) or pa.types.is_list(kind) or pa.types.is_fixed_size_list(kind):
        return all(has_own_json(kind.field(i).type) for i in range(kind.num_fields))
    if pa.types.is_dictionary(kind):
        return has_own_json(kind.value_type)
    return kind in (pa.null(), pa.bool_(), pa.string(), pa.large_string(), pa.string_view()) or pa.types.is_integer(kind)


def check_json(rows):
    size, *lines = call("json", *exported(rows)).split("\n")
    assert int(size) >= 0 and (int(size) > 0 or len(rows) == 0), f"json: expected a size, found {size}"
    found = [json.loads(line) for line in lines]
    same([sorted(line) for line in found], [["n", "x"]] * len(rows), "json")
    if has_own_json(rows.type.field("x").type):
        same([line["x"] for line in found], rows.field("x").to_pylist() if rows.offset == 0 else
             [row["x"] for row in rows.to_pylist()], "json")


def check_type(kind, make, column_of):
    for shape, rows in variants(column_of, make):
        for check in (check_reading, check_building, check_gathering, check_slicing, check_json):
            try:
                check(rows)
            except Exception as problem:
                raise SystemExit(f"{kind}, {shape}, {check.__name__}: {type(problem).__name__}: {problem}\n"
                                 f"repeat with WEIR_SEED={seed}") from problem


def check_rare_intervals():
    """pyarrow takes and gives these, and has no class to look at them with: their values are read from its buffers."""
    kinds = {type_from_format("tiM"): "<i", type_from_format("tiD"): "<ii"}
    for kind, form in kinds.items():
        values = [None if chance.random() < 0.3 else [integer(32) for _ in form[1:]] for _ in range(60)]
        schema, made = new_schema(), (new_schema(), new_array())
        pa.schema([("x", kind)])._export_to_c(schema.address)
        call("build", schema, json.dumps([values]).encode(), ctypes.c_int64(0), *made)
        rows = imported(*made)
        validity, data = rows.buffers()[1:]
        size = struct.calcsize(form)
        found = [list(struct.unpack_from(form, data, row * size)) if validity[row >> 3] >> (row & 7) & 1 else None for row in range(60)]
        same(found, values, f"{kind}: builders")
        check = exported(rows.slice(7, 40))
        call("check", *check)
        same(json.loads(call("read", *check))[0], values[7:47], f"{kind}: views")
    return list(kinds)


def check_sliced_entries():
    """A map whose entries, as one column, are sliced: pyarrow makes such only from buffers."""
    entries = pa.StructArray.from_arrays([pa.array([f"k{i}" for i in range(10)]), pa.array(range(10), pa.int8())],
                                         fields=[pa.field("key", pa.string(), nullable=False), pa.field("value", pa.int8())])
    offsets = pa.array([0, 2, 2, 6], pa.int32()).buffers()[1]
    column = pa.Array.from_buffers(pa.map_(pa.string(), pa.int8()), 3, [None, offsets], children=[entries.slice(4)])
    same(values_of(column)[0], [["k4".encode().hex(), 4], ["k5".encode().hex(), 5]], "sliced entries")
    for check in (check_reading, check_gathering, check_slicing, check_json):
        check(rows_of(column))


def check_strangers():
    """Types of Arrow that don't cross are refused, by name."""
    kinds = [pa.decimal32(5, 2), pa.decimal64(9, 2), pa.list_view(pa.int8()), pa.large_list_view(pa.int8()),
             pa.run_end_encoded(pa.int32(), pa.string()), pa.sparse_union([pa.field("a", pa.int8())]),
             pa.dense_union([pa.field("a", pa.int8())]), pa.list_(pa.decimal32(5, 2)), pa.dictionary(pa.int8(), pa.decimal64(9, 2))]
    for kind in kinds:
        schema = new_schema()
        pa.schema([("x", kind)])._export_to_c(schema.address)
        text = bridge.weir_bridge_check_schema(ctypes.c_void_p(schema.address)).decode()
        assert "expected a type that weir knows, found the format" in text, f"{kind}: expected to be refused, found {text!r}"


def format_of(kind):
    schema = new_schema()
    kind._export_to_c(schema.address)
    return ctypes.string_at(schema.words[0]).decode()


def check_complete(kinds):
    """What arrow.hpp says that it has is what was tried."""
    table = (TOP / "sdk/include/weir/arrow.hpp").read_text(encoding="utf-8")
    told = set()
    for formats in re.findall(r"^//   [a-z]\S.*?\((.*?)\)  ", table, re.M):
        for form in formats.replace("…", " ").split():
            inside = re.search(r"\[(\w+)\]", form)
            told |= {form.replace(inside[0], letter) for letter in inside[1]} if inside else {form}
    told -= {"format", "the", "index's"}
    tried = {re.sub(r"-?\d+,-?\d+", "P,S", re.sub(r":[^,]*$", ":N", format_of(kind))) for kind in kinds}
    tried = {re.sub(r"^(ts.):.*", r"\1:ZONE", form) for form in tried}
    assert told == tried, f"arrow.hpp tells of {sorted(told - tried)}, that were not tried; tried {sorted(tried - told)} more"


def main():
    before = pa.total_allocated_bytes()
    kinds = []
    for kind, make, column_of in (*scalar_types(), *temporal_types(), *nested_types()):
        check_type(kind, make, column_of)
        kinds.append(kind)
    kinds += check_rare_intervals()
    check_sliced_entries()
    check_strangers()
    check_complete(kinds)
    del make, column_of
    assert len(kinds) > 60
    left = pa.total_allocated_bytes() - before
    assert left < 1 << 16, f"expected all memory to be released, found {left} bytes"
    print(f"{len(kinds)} types, seed {seed}")


main()
