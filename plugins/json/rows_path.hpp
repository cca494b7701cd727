// Where the rows are in a document.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::json {

// Where the rows are in a document: a JSON Pointer (RFC 6901), taken apart.
struct RowsPath {
  std::string pointer;              // as it was given
  std::vector<std::string> tokens;  // keys, or indices of arrays
  std::vector<bool> objects;        // of each token: whether what it is of is an object; known once the rows are found

  // Takes a pointer apart; throws a Failure of the option /rows.
  static RowsPath parse(std::string_view pointer);
  // The pointer of the first `count` tokens.
  std::string upto(std::size_t count) const;
};

}  // namespace weir::json
