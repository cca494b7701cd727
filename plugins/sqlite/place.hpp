// Place: how far a table or a result was read; and which results come the same way again, so that it means something later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "database.hpp"
#include "query.hpp"

namespace weir::sqlite {

struct Place {
  std::int64_t rows = 0;              // that were passed
  std::optional<std::int64_t> rowid;  // of the last of them; none: it has none that can be told

  std::string text() const;
};

// Takes a Place's text() apart; empty: the beginning. Throws for another text, and for a count of rows of another library of
// SQLite, which may give them in another order.
Place place_in(std::string_view text, const Wanted& wanted);

// False for a query that asks for what changes by itself: the time, chance, what the connection did before. Only its words are
// looked at: one that merely has a column of such a name is taken for one too.
bool gives_the_same_again(std::string_view sql);

// Throws if the query, or a view that it reads, asks for that.
void check_repeats(const Database& database, const Wanted& wanted);

}  // namespace weir::sqlite
