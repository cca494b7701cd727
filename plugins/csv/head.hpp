// The head of a CSV file: what stands before its first row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dialect.hpp"

namespace weir::csv {

// Behind the first `count` lines of `text`, which begin at `from`; npos: they do not end here.
std::size_t behind_lines(std::string_view text, std::size_t from, std::size_t count);

// The delimiter that a line "sep=;" at `from` names, as Excel writes and reads it; `from` is then behind it. 0: there is none.
char separator_line(std::string_view text, std::size_t& from);

// The end of the first record of `text` that is neither a blank line nor a comment; `begin` is where it begins. 0: it does
// not end here.
std::size_t first_record(std::string_view text, const Lexer& lexer, std::size_t& begin);

// What the fields of one record say. `offset`: of the record, for the Failure of one that is none.
std::vector<std::string> fields_of(const Lexer& lexer, std::string_view record, std::int64_t offset);

// "id, name"
std::string listed(const std::vector<std::string>& names);

}  // namespace weir::csv
