// Cursor: the rows of a table or query that came since the last complete run, told by a column whose values grow: a number, or a
// time as text. What the plan of a run finds out stands in its CursorRead; what the next plan is to know, in a text that the host
// keeps: the greatest value, and digests of the rows of the window before it, which have been read.
//
// All of it is of the snapshot that is read, so rows of the window that come later are told from those that were there.
#pragma once

#include <weir/weir.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cursor_value.hpp"
#include "database.hpp"
#include "query.hpp"

namespace weir::sqlite {

// 128 bits of a row's identity.
using RowDigest = std::array<std::uint64_t, 2>;

// What a run reads. Constant once it is planned.
struct CursorRead {
  std::string column;            // as the database spells it
  std::vector<std::string> key;  // the columns that tell rows of one value apart; empty: all there are
  std::vector<std::string> all;  // columns
  CursorValue from;              // the least value to read; null: all
  CursorValue to;                // the greatest; null: no row has one
  CursorValue kept;              // the greatest that was read before; null: none was
  std::vector<RowDigest>
      seen;  // sorted; of the rows from `from` on that were read before, each as often as it was there

  // Whether a row of one identity can come only once, so that the order of rows says nothing.
  bool by_key() const { return !key.empty() || seen.empty(); }
  // Which rows are read, by the SQL function `is_new` where some were seen.
  std::string condition(const std::string& is_new) const;
};

// Looks into the database, all within one transaction of it, which must be open. `left`: what the last run's plan left, empty: there
// was none; becomes what this one leaves. Throws for a column that can't be a cursor, and for what was left by another.
std::shared_ptr<const CursorRead> plan_cursor(const Database& database, const Wanted& wanted, std::string& left);

// Makes the SQL function for condition() at a connection, and gives its name, which nobody else has.
std::string add_is_new(Database& database, std::shared_ptr<const CursorRead> read);

// Holds what was planned for those who open its splits, until it is planned anew. [any]
namespace cursors {
void keep(const Context& whose, std::shared_ptr<const CursorRead> read);
std::shared_ptr<const CursorRead> find(const Context& whose);
}  // namespace cursors

}  // namespace weir::sqlite
