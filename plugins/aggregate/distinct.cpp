#include "distinct.hpp"

#include <weir/cpp/value_bytes.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace weir::aggregate {
namespace {

KeyHash hash_of(ValueKind kind, const void* bytes, std::size_t size) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, size, static_cast<std::uint64_t>(kind));
  return {hash.low64, hash.high64};
}

}  // namespace

// With no groups it begins anew.
void Distinct::resize(std::size_t groups) {
  if (groups == 0) {
    seen_.emplace(most_bytes_);
    values_.clear();
  }
  counts_.resize(groups);
}

void Distinct::put(std::uint32_t group, KeyHash hash) {
  const KeyHash key{hash.low ^ ((std::uint64_t{group} + 1) * 0x9E3779B97F4A7C15ULL),
                    hash.high ^ ((std::uint64_t{group} + 1) * 0xD1B54A32D192ED03ULL)};
  const KeySet::Added added = seen_->add(key);
  if (added == KeySet::Added::full) throw NoMoreValues();
  if (added == KeySet::Added::seen) return;
  ++counts_[group];
  if (!is_final_) values_.push_back({group, hash});
}

void Distinct::add(const Batch& batch, std::span<const std::uint32_t> groups) {
  each_value(field_, batch.column(column_), batch.outer(), batch.length(),
             [&]<class T>(std::int64_t row, ValueKind kind, T value) {
               if (kind == ValueKind::null) return;
               const std::uint32_t group = groups[static_cast<std::size_t>(row)];
               if constexpr (std::is_same_v<T, std::string_view>) {
                 put(group, hash_of(kind, value.data(), value.size()));
               } else {
                 put(group, hash_of(kind, &value, sizeof value));
               }
             });
}

// For a checkpoint the values are told apart, as they come (snapshot); else behind the counts, group by group.
void Distinct::pack(std::size_t from, std::size_t to, For whom, std::string& bytes) {
  for (std::size_t i = from; i < to; ++i) append_value(bytes, counts_[i]);
  if (whom == For::checkpoint) {
    is_final_ = true;
    values_ = {};
    return;
  }
  std::vector<std::uint64_t> at(to - from + 1);
  for (std::size_t i = from; i < to; ++i) at[i - from + 1] = at[i - from] + counts_[i];
  const std::size_t begin = bytes.size();
  bytes.resize(begin + at.back() * sizeof(KeyHash));
  for (const Value& value : values_) {
    std::uint64_t& place = at[value.group - from];
    std::memcpy(bytes.data() + begin + place++ * sizeof(KeyHash), &value.hash, sizeof(KeyHash));
  }
}

void Distinct::unpack(Unpacker& from, std::span<const std::uint32_t> groups, For whom) {
  is_final_ = true;
  values_ = {};
  std::vector<std::uint64_t> counts;
  for (std::size_t i = 0; i < groups.size(); ++i) counts.push_back(from.take<std::uint64_t>());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (whom == For::checkpoint) {
      counts_[groups[i]] += counts[i];
      continue;
    }
    for (std::uint64_t value = 0; value < counts[i]; ++value) put(groups[i], from.take<KeyHash>());
  }
}

Array Distinct::finish(std::size_t from, std::size_t to) const {
  NumberBuilder<std::int64_t> builder;
  for (std::size_t i = from; i < to; ++i) builder.append(static_cast<std::int64_t>(counts_[i]));
  return builder.finish();
}

std::uint64_t Distinct::bytes() const {
  return counts_.capacity() * sizeof(std::uint64_t) + values_.capacity() * sizeof(Value) + seen_->bytes();
}

bool Distinct::restore(std::string_view key, std::string_view value, const std::string& name) {
  if (!KeySet::is_item(key, name)) return false;
  const KeySet::Restored restored = seen_->restore(value);
  if (restored == KeySet::Restored::full) throw NoMoreValues();
  return restored == KeySet::Restored::all;
}

}  // namespace weir::aggregate
