// Unique: keys that no row before had. A key is remembered as 128 bits of its values' hash, which is as small for long texts as
// for numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <weir/arrow.hpp>
#include <weir/cpp/failure.hpp>
#include <weir/cpp/key_set.hpp>

#include "check.hpp"

namespace weir::validate {

// The columns that make a key. A key with a null in it is no key, and breaks nothing.
class UniqueKey {
 public:
  // `option`: where it stands, for errors. `types`: of the columns, as they leave. Throws a Failure if a type has no keys.
  UniqueKey(Problem problem, std::vector<std::int64_t> columns, std::vector<ColumnType> types,
            std::uint64_t most_bytes);
  const std::vector<std::int64_t>& columns() const { return columns_; }
  // The finding that it may add.
  const Problem& problem() const { return problem_; }
  // Adds the rows whose key an earlier row had. Rows that have a finding already are no earlier rows. `columns`: one for each
  // of the key's. Throws a Failure when memory is spent.
  void run(const std::vector<ColumnView>& columns, Findings& findings);

  // What a checkpoint keeps, as items of that name; kept() follows when all are told or given back.
  void snapshot(const StateSink& changes, std::string_view name) const { seen_.snapshot(changes, name); }
  void kept() { seen_.kept(); }
  // Throws a Failure when memory is spent, or for what another release kept.
  void restore(std::string_view value);

 private:
  void hash(const std::vector<ColumnView>& columns);
  Failure full() const;

  Problem problem_;
  std::vector<std::int64_t> columns_;
  std::vector<ColumnType> types_;
  std::uint64_t most_bytes_;
  KeySet seen_;
  std::vector<KeyHash> hashes_;
  std::vector<std::uint8_t> null_;
};

// The error for an item of a checkpoint that nothing here has told.
Failure foreign_state();

// The name of the items that a checkpoint keeps for key i.
inline std::string name_of_key(std::size_t i) { return "unique" + std::to_string(i); }

}  // namespace weir::validate
