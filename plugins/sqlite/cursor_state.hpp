// CursorState: what a plan with a cursor leaves for the next run's, as a text that the host keeps.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cursor.hpp"

namespace weir::sqlite {

struct CursorState {
  CursorValue from;             // where the window begins
  CursorValue greatest;         // that was read; null: nothing was
  std::vector<RowDigest> seen;  // sorted: the rows from `from` to `greatest`
};

RowDigest digest_of(std::string_view bytes);

// Writes what a plan leaves.
std::string state_text(const Wanted& wanted, const CursorRead& read, const CursorState& state);
// Takes state_text() apart; empty: there is none. Throws for what was left by a plan for another table, query, cursor or key, by which
// rows would be lost or come twice.
CursorState state_in(std::string_view text, const Wanted& wanted, const CursorRead& read);

}  // namespace weir::sqlite
