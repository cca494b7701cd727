"""MurmurHash3_x64_128, which Austin Appleby gave to the public domain (github.com/aappleby/smhasher, MurmurHash3.cpp).

As a number, the first of its bytes the lowest. `mmh3` of PyPI gives the same, and faster: mmh3.hash128(data, seed).
"""
from struct import unpack

WORD = 2**64 - 1
FIRST, SECOND = 0x87C37B91114253D5, 0x4CF5AD432745937F


def rotated(word, bits):
    return (word << bits | word >> 64 - bits) & WORD


def mixed(word):
    word = (word ^ word >> 33) * 0xFF51AFD7ED558CCD & WORD
    word = (word ^ word >> 33) * 0xC4CEB9FE1A85EC53 & WORD
    return word ^ word >> 33


def murmur3(seed, data):
    low = high = seed
    for at in range(0, len(data), 16):
        first, second = unpack("<QQ", data[at:at + 16].ljust(16, b"\0"))
        whole = at + 16 <= len(data)
        low ^= rotated(first * FIRST & WORD, 31) * SECOND & WORD
        low = (rotated(low, 27) + high) * 5 + 0x52DCE729 & WORD if whole else low
        high ^= rotated(second * SECOND & WORD, 33) * FIRST & WORD
        high = (rotated(high, 31) + low) * 5 + 0x38495AB5 & WORD if whole else high
    low, high = low ^ len(data), high ^ len(data)
    low = low + high & WORD
    low, high = mixed(low), mixed(high + low & WORD)
    low = low + high & WORD
    return low | (high + low & WORD) << 64
