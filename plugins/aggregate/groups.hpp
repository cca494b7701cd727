// Groups: the keys of all rows so far, each once, numbered in the order in which they came.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <weir/cpp/key_table.hpp>
#include <weir/weir.hpp>

#include "packed.hpp"

namespace weir::aggregate {

struct KeyHashing {
  static std::uint64_t of(std::string_view key);
};

// Keys are equal as their values are: a null is a value like others, numbers count by value (-0 is 0, one NaN another).
// Threads: one at a time.
class Groups {
 public:
  // `input`: lent. Of the columns that the option /by names; without any all rows are one group, which is there from the
  // beginning. Throws a Failure for a column that is not there, stands twice, or can't be in a key.
  Groups(const Config& config, const ArrowSchema& input);
  const std::vector<std::int64_t>& columns() const { return batch_.columns(); }

  // The group of each row of the batch; new ones are added. Valid until the next call.
  std::span<const std::uint32_t> find(const Batch& batch);
  // The same of `count` keys that pack() told.
  std::span<const std::uint32_t> unpack(Unpacker& from, std::size_t count);

  std::size_t size() const { return table_.size(); }
  // What the keys take.
  std::uint64_t bytes() const { return table_.bytes(); }
  // Forgets all.
  void clear();
  // Appends the keys of groups [from, to).
  void pack(std::size_t from, std::size_t to, std::string& bytes) const;
  // The key columns of groups [from, to).
  std::vector<Array> finish(std::size_t from, std::size_t to) const;
  // What its keys are of: other keys can't be among them.
  std::string signature() const;

 private:
  void start();

  const ArrowSchema& input_;
  KeyBytes batch_, told_;
  KeyTable<KeyHashing> table_;
  std::vector<std::uint32_t> all_;  // of a batch whose rows are one group
};

}  // namespace weir::aggregate
