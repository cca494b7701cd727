// Hashing of the values of a column that is not nested; row_digest.hpp is what others use.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include <weir/arrow.hpp>

#include "arrow/bad.hpp"
#include "arrow/gather_column.hpp"
#include "arrow/layout.hpp"
#include "integrity/murmur.hpp"

namespace weir::integrity {

// What a value is, as docs/digest.md numbers it: the seed of its hash. Never renumbered.
enum class Kind : std::uint32_t {
  null = 1,
  boolean,
  integer,
  real,
  decimal,
  text,
  binary,
  date,
  time,
  timestamp,
  instant,
  duration,
  interval,
  list,
  map,
  structure,
  name,
};

// Rows of a column.
struct Values {
  const arrow::ColumnPath& path;
  const ArrowArray& array;
  const arrow::Layout& layout;
  const arrow::Selection& rows;
  const std::uint8_t* validity;  // null: no row is null

  bool valid(std::int64_t row) const { return validity == nullptr || arrow::bit_at(validity, row); }
};

// Calls `body` with the number and the position of each row.
template <class Body>
inline void for_each_row(const arrow::Selection& rows, Body&& body) {
  if (rows.rows == nullptr) {
    for (std::int64_t i = 0; i < rows.count; ++i) body(i, rows.base + i);
  } else {
    for (std::int64_t i = 0; i < rows.count; ++i) body(i, rows.base + rows.rows[i]);
  }
}

// Numbers that a word holds are not hashed: multiplied by what stands for their column's name and added up, rows are, once.
constexpr Hash word_value(Kind kind, std::uint64_t word, std::int32_t scale = 0) {
  return {word, static_cast<std::uint64_t>(kind) + 256 * static_cast<std::uint64_t>(scale)};
}

// The others, in two's complement, the lowest word first, as few as there can be.
inline Hash long_value(Kind kind, std::span<const std::uint64_t> words, std::int32_t scale = 0) {
  std::array<std::uint64_t, 9> all{};
  std::copy(words.begin(), words.end(), all.begin());
  all[words.size()] = static_cast<std::uint64_t>(scale);
  return hash_bytes(static_cast<std::uint32_t>(kind), reinterpret_cast<const std::uint8_t*>(all.data()),
                    8 * (words.size() + 1), false);
}

// A short text is not hashed either.
inline Hash bytes_value(Kind kind, const std::uint8_t* bytes, std::size_t length, bool room) {
  if (length >= 16) return hash_bytes(static_cast<std::uint32_t>(kind), bytes, length, room);
  Hash value = words_of(bytes, length, room);
  value.high |= (16 * static_cast<std::uint64_t>(kind) + length) << 56U;
  return value;
}

// What two parts come to.
constexpr Hash mixed(Kind kind, std::uint64_t first, std::uint64_t second) {
  Murmur hash(static_cast<std::uint32_t>(kind));
  hash.block(first, second);
  return hash.finish(16);
}

inline constexpr Hash kNullValue = word_value(Kind::null, 0);

// Hashes the values into `out`, one a row; of null rows anything. Errors: offsets or views that lead out of the column.
base::Result<void> hash_values(const Values& values, Hash* out);

// Hashes unscaled values of 16 or 32 bytes.
void hash_decimals(const Values& values, Hash* out);

}  // namespace weir::integrity
