// The scan of scan.hpp for one instruction set. scan.cpp includes this file once for each, inside a namespace that has
// masks_of() and prefix_xor(), with WEIR_CSV_TARGET set to the attribute that they need. No include guard, on purpose.

// The scan of one block of 64 bytes: where fields end, and the state behind it.
//
//   state    next byte     becomes
//   start    quote         quoted            delimiter, newline: a field ends; anything else: plain
//   plain    any           plain             delimiter, newline: a field ends, start; a quote: plain, like any other
//   quoted   quote         closed            anything else: quoted
//   closed   quote         quoted (doubled)  delimiter, newline: a field ends, start; anything else: plain
//
// Where every quote that opens stands at the start of a field or behind one that closes, the state inside quotes is the
// parity of the quotes so far; other blocks (rare) are walked byte by byte.
struct Block {
  std::uint64_t ends = 0;      // delimiters and newlines outside quotes
  std::uint64_t newlines = 0;  // newlines outside quotes
};

// Bits that are set if somewhere in the blocks so far ...
struct Seen {
  std::uint64_t high = 0;    // ... a byte is not ASCII
  std::uint64_t behind = 0;  // ... something other than the field's end may stand behind a closing quote
};

WEIR_CSV_TARGET inline Block walk_block(const char* at, const Marks& marks, State& state) {
  Block block;
  for (unsigned i = 0; i < 64; ++i) {
    const char byte = at[i];
    if (state == State::quoted) {
      if (byte == marks.quote) state = State::closed;
    } else if (byte == marks.delimiter || byte == '\n') {
      block.ends |= 1ULL << i;
      if (byte == '\n') block.newlines |= 1ULL << i;
      state = State::start;
    } else if (byte == marks.quote && state != State::plain) {
      state = State::quoted;
    } else {
      state = State::plain;
    }
  }
  return block;
}

WEIR_CSV_TARGET inline Block scan_block(const char* at, const Marks& marks, const Needles& needles, State& state,
                                        Seen& seen) {
  const Masks found = masks_of(at, needles);
  seen.high |= found.high;
  const bool was_quoted = state == State::quoted;
  std::uint64_t behind = state == State::closed ? 1 : 0;
  const std::uint64_t quoted = prefix_xor(found.quote) ^ (was_quoted ? ~0ULL : 0);
  const std::uint64_t newlines = found.newline & ~quoted, ends = (found.delimiter | found.newline) & ~quoted;
  if (found.quote != 0) {
    const std::uint64_t opens = found.quote & quoted, closes = found.quote & ~quoted;
    const std::uint64_t carry = state == State::start || state == State::closed ? 1 : 0;
    if ((opens & ~(((ends | closes) << 1U) | carry)) != 0) {
      seen.behind = ~0ULL;
      return walk_block(at, marks, state);
    }
    behind |= closes << 1U;
  }
  seen.behind |= behind & ~(ends | found.quote);
  state = (quoted >> 63U) != 0        ? State::quoted
          : (ends >> 63U) != 0        ? State::start
          : (found.quote >> 63U) != 0 ? State::closed
                                      : State::plain;
  return {ends, newlines};
}

WEIR_CSV_TARGET inline std::uint32_t* put_ends(std::uint32_t* to, std::uint32_t base, std::uint64_t ends) {
  const int count = std::popcount(ends);
  std::uint32_t* const end = to + count;
  // Eight at a time, whether they are there or not: a loop that always runs alike is foreseen by the processor.
  do {
    for (int i = 0; i < 8; ++i) {
      to[i] = base + static_cast<std::uint32_t>(std::countr_zero(ends)) + 1;
      ends &= ends - 1;
    }
    to += 8;
  } while (ends != 0);
  return end;
}

// Scans `size` bytes, a multiple of 64, from `from` on.
WEIR_CSV_TARGET inline void index_blocks(const char* bytes, std::size_t from, std::size_t size, const Marks& marks,
                                         Scan& scan) {
  const Needles needles(marks);
  State state = scan.state;
  Seen seen;
  std::uint64_t newlines = 0;
  std::uint32_t* to = scan.index.data() + scan.count;
  for (std::size_t i = 0; i < size; i += 64) {
    if (static_cast<std::size_t>(to - scan.index.data()) + 72 > scan.index.capacity()) {
      to = scan.index.grow(static_cast<std::size_t>(to - scan.index.data()), i, size);
    }
    const Block block = scan_block(bytes + from + i, marks, needles, state, seen);
    newlines += static_cast<std::uint64_t>(std::popcount(block.newlines));
    to = put_ends(to, static_cast<std::uint32_t>(from + i), block.ends);
  }
  scan.count = static_cast<std::size_t>(to - scan.index.data());
  scan.state = state;
  scan.newlines += newlines;
  scan.high = scan.high || seen.high != 0;
  scan.behind = scan.behind || seen.behind != 0;
}

// Finds the end of the last newline outside quotes in `size` bytes, a multiple of 64; 0: none.
WEIR_CSV_TARGET inline std::size_t last_newline(const char* bytes, std::size_t size, const Marks& marks, State& state) {
  const Needles needles(marks);
  std::size_t last = 0;
  Seen seen;
  for (std::size_t i = 0; i < size; i += 64) {
    const Block block = scan_block(bytes + i, marks, needles, state, seen);
    if (block.newlines != 0) last = i + 64 - static_cast<std::size_t>(std::countl_zero(block.newlines));
  }
  return last;
}
