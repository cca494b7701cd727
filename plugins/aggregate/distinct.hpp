// Distinct: how many different values a group has.
#pragma once

#include <optional>
#include <vector>

#include <weir/cpp/key_set.hpp>

#include "measure.hpp"

namespace weir::aggregate {

// Thrown where the memory that is there for values is spent.
struct NoMoreValues {};

// Remembers values as 128 bits, the XXH3 hash of each, together with the number of the group. Nulls don't count.
class Distinct final : public Measure {
 public:
  Distinct(const ArrowSchema& input, std::int64_t column, std::uint64_t most_bytes)
      : field_(*input.children[column]), column_(column), most_bytes_(most_bytes) {
    resize(0);
  }
  void resize(std::size_t groups) override;
  void add(const Batch& batch, std::span<const std::uint32_t> groups) override;
  void pack(std::size_t from, std::size_t to, For whom, std::string& bytes) override;
  void unpack(Unpacker& from, std::span<const std::uint32_t> groups, For whom) override;
  Array finish(std::size_t from, std::size_t to) const override;
  std::uint64_t bytes() const override;
  void snapshot(const StateSink& changes, const std::string& name) override { seen_->snapshot(changes, name); }
  void kept() override { seen_->kept(); }
  bool restore(std::string_view key, std::string_view value, const std::string& name) override;

 private:
  struct Value {
    std::uint32_t group;
    KeyHash hash;
  };
  void put(std::uint32_t group, KeyHash hash);

  const ArrowSchema& field_;
  std::int64_t column_;
  std::uint64_t most_bytes_;
  std::optional<KeySet> seen_;
  std::vector<std::uint64_t> counts_;
  // What an instance that is merged into another has to tell of each value. One that others are merged into, or that is kept in
  // a checkpoint, needs none of it.
  std::vector<Value> values_;
  bool is_final_ = false;
};

}  // namespace weir::aggregate
