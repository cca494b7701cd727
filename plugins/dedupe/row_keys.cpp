#include "row_keys.hpp"

#include <bit>
#include <string_view>

#include <weir/cpp/named_column.hpp>
#include <weir/cpp/type_names.hpp>
#include <weir/cpp/value_bytes.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::dedupe {
namespace {

// Takes a value into a key. Keys that differ so far still do: where `low` differs the value's hash is another one, and where
// it does not, `high` is turned and not mixed.
void take_bytes(KeyHash& key, ValueKind kind, const void* bytes, std::size_t size) {
  const std::uint64_t seed = key.low ^ ((static_cast<std::uint64_t>(kind) + 1) * 0x9E3779B97F4A7C15ULL);
  const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, size, seed);
  key = {hash.low64, hash.high64 ^ std::rotl(key.high, 1)};
}

std::vector<std::int64_t> columns_of(const Config& config, const ArrowSchema& input) {
  std::vector<std::int64_t> columns;
  for (std::uint64_t i = 0; i < config.count("/key"); ++i) {
    const std::string option = "/key/" + std::to_string(i);
    columns.push_back(named_column(input, config.text(option), option));
  }
  for (std::int64_t i = 0; !config.has("/key") && i < input.n_children; ++i) columns.push_back(i);
  return columns;
}

// `i`: which of the key's.
void check_type(const Config& config, const ArrowSchema& input, std::int64_t column, std::size_t i) {
  const ArrowSchema& field = *input.children[column];
  if (has_value_bytes(field)) return;
  const bool named = config.has("/key");
  throw Failure(WEIR_INVALID_ARGUMENT, WEIR_FAULT_MANIFEST,
                "column '" + std::string(column_name(input, column)) +
                    "': expected text, bytes, a number, boolean, date or time in a key, found " + type_name(field))
      .option(named ? "/key/" + std::to_string(i) : "/key")
      .hint(named ? "take it out of the key; flatten or derive can make columns of what is in it"
                  : "name the columns that make a row what it is: key: [id]");
}

}  // namespace

RowKeys::RowKeys(const Config& config, const ArrowSchema& input)
    : input_(Schema::copy_of(input)), columns_(columns_of(config, input)) {
  for (std::size_t i = 0; i < columns_.size(); ++i) check_type(config, input, columns_[i], i);
}

void RowKeys::run(const Batch& batch, std::uint64_t seed) {
  const auto rows = static_cast<std::size_t>(batch.length());
  keys_.assign(rows, {seed, 0});
  null_.assign(rows, 0);
  const auto take = [this]<class T>(std::int64_t row, ValueKind kind, T value) {
    const auto at = static_cast<std::size_t>(row);
    if (kind == ValueKind::null) null_[at] = 1;
    if constexpr (std::is_same_v<T, std::string_view>) {
      take_bytes(keys_[at], kind, value.data(), value.size());
    } else {
      take_bytes(keys_[at], kind, &value, sizeof value);
    }
  };
  for (const std::int64_t i : columns_)
    each_value(*input_->children[i], batch.column(i), batch.outer(), batch.length(), take);
}

std::uint64_t seed_of(std::string_view run) { return XXH3_64bits(run.data(), run.size()); }

}  // namespace weir::dedupe
