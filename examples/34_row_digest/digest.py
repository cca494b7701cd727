"""The digest of rows that weir tells, in thirty lines: docs/digest.md has the definition, vectors.json what must come out."""
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from math import nan
from struct import pack, unpack
from murmur3 import WORD, murmur3

EPOCH, MICROSECOND = datetime(1970, 1, 1), timedelta(microseconds=1)

def number(kind, value, scale=0):
    if -2**63 <= value < 2**63:
        return value & WORD | kind + 256 * scale << 64
    words = (value ^ value >> 600).bit_length() // 64 + 1
    return murmur3(kind, value.to_bytes(8 * words, "little", signed=True) + pack("<q", scale))

def octets(kind, data):
    return murmur3(kind, data) if len(data) > 15 else int.from_bytes(data, "little") | 16 * kind + len(data) << 120

def exact(text):
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0")
    return number(5 if rest else 3, int(whole + rest), len(rest))

def value(v):
    match v:
        case None: return number(1, 0)
        case bool(): return number(2, v)
        case int(): return number(3, v)
        case float() if v.is_integer() and -2**63 <= v < 2**63: return number(3, int(v))
        case float(): return number(4, unpack("<q", pack("<d", nan if v != v else v))[0])
        case Decimal(): return exact(f"{v:f}")
        case str(): return octets(6, v.encode())
        case bytes(): return octets(7, v)
        case datetime(tzinfo=None): return number(10, (v - EPOCH) // MICROSECOND * 1000)
        case datetime(): return number(11, (v.astimezone(timezone.utc).replace(tzinfo=None) - EPOCH) // MICROSECOND * 1000)
        case date(): return number(8, v.toordinal() - EPOCH.toordinal())
        case time(): return number(9, (datetime.combine(EPOCH, v) - EPOCH) // MICROSECOND * 1000)
        case timedelta(): return number(12, v // MICROSECOND * 1000)
        case list(): return murmur3(14, b"".join(value(item).to_bytes(16, "little") for item in v))
        case tuple(): return murmur3(15, summed(value(list(entry)) for entry in v))  # of a map
        case dict(): return murmur3(16, summed(value(v[name]) * (murmur3(17, name.encode()) | 1) for name in v))

def summed(numbers):
    return (sum(numbers) % 2**128).to_bytes(16, "little")

def digest(rows):
    return summed(map(value, rows))[::-1].hex()
