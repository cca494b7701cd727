// Tokens: the table _weir_tokens, in which a database remembers the last epoch that it holds of each lane.
//
//   _weir_tokens(id INTEGER PRIMARY KEY, run, link, lane TEXT, epoch, fence INTEGER, UNIQUE(run, link, lane))
#pragma once

#include "database.hpp"

namespace weir::sqlite {

inline constexpr std::string_view kOwnPrefix = "_weir_";  // of tables that are weir's own
inline constexpr std::string_view kTokensTable = "_weir_tokens";

struct Token {
  std::uint64_t epoch = 0;
  std::uint64_t fence = 0;
};

// Reads the token of context's run, link and lane; zeros if there is none.
Token read_token(const Database& database, const Context& context);
// Writes it, making the table if need be. Precondition: a transaction is open, if it is to be part of one.
void write_token(Database& database, const Context& context, const Token& token);
// Removes the oldest tokens of the link beyond the newest 1,000: runs that ended long ago. Writes nothing otherwise.
void forget_old_tokens(Database& database, const Context& context);
// Throws ABORTED if the lane was granted to somebody else since: the token holds a higher fence.
void check_fence(const Token& token, const Context& context);

}  // namespace weir::sqlite
