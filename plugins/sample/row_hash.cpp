#include "row_hash.hpp"

#include <string>
#include <string_view>

#include <weir/cpp/value_bytes.hpp>
#include <weir/cpp/value_text.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::sample {
namespace {

void take_bytes(std::uint64_t& hash, ValueKind kind, const void* bytes, std::size_t size) {
  const std::uint64_t seed = hash ^ ((static_cast<std::uint64_t>(kind) + 1) * 0x9E3779B97F4A7C15ULL);
  hash = XXH3_64bits_withSeed(bytes, size, seed);
}

void shown(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, Hashes& hashes) {
  std::string text;
  for (std::size_t row = 0; row < hashes.size(); ++row) {
    const auto at = static_cast<std::int64_t>(row);
    text.clear();
    const bool null = is_null_at(field, column, outer, at);
    if (!null) append_value(text, field, column, outer, at);
    take_bytes(hashes[row], null ? ValueKind::null : ValueKind::nested, text.data(), text.size());
  }
}

}  // namespace

std::uint64_t hash_of_seed(std::int64_t seed) { return XXH3_64bits(&seed, sizeof seed); }

void take_column_in(const ArrowSchema& field, const ArrowArray& column, std::int64_t outer, Hashes& hashes) {
  if (!has_value_bytes(field)) return shown(field, column, outer, hashes);
  const auto take = [&hashes]<class T>(std::int64_t row, ValueKind kind, T value) {
    std::uint64_t& hash = hashes[static_cast<std::size_t>(row)];
    if constexpr (std::is_same_v<T, std::string_view>) {
      take_bytes(hash, kind, value.data(), value.size());
    } else {
      take_bytes(hash, kind, &value, sizeof value);
    }
  };
  each_value(field, column, outer, static_cast<std::int64_t>(hashes.size()), take);
}

}  // namespace weir::sample
