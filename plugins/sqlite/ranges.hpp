// Ranges of rowids: the parts in which a table is read side by side.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database.hpp"
#include "query.hpp"

namespace weir::sqlite {

// Rowids from first to last, both included.
struct Range {
  std::int64_t first = 0, last = 0;

  std::string text() const { return std::to_string(first) + ".." + std::to_string(last); }
  // Reads text(); nothing if it is something else.
  static std::optional<Range> of(std::string_view text);
};

// The name by which a table's rowid can be selected; empty if it has none: a view, a virtual table, one WITHOUT ROWID, one
// whose columns have taken all three names.
std::string rowid_name(const Database& database, const std::string& table);

// Parts of the table of about equally many rowids, in their order; less than two: it is not worth it, or can't be.
// `bytes`: of the database.
std::vector<Range> ranges_of(const Database& database, const Wanted& wanted, std::uint64_t bytes);

}  // namespace weir::sqlite
