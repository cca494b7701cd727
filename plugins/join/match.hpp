// Match: which columns of the two sides must be equal, and what comes of the right side, as the options say.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <weir/weir.hpp>

namespace weir::join {

struct Match {
  std::vector<std::int64_t> left, right;  // the columns of the keys, in pairs
  std::vector<std::int64_t> added;        // columns of the right side
  std::vector<std::string> names;         // what they are called
  bool is_left = false;                   // rows without a match stay

  // Reads the options. Throws a Failure, with its place, for a column that is not there, a pair that can't be equal, a name that is
  // taken.
  Match(const Config& config, const ArrowSchema& left_rows, const ArrowSchema& right_rows);
  // The schema of what comes out.
  Schema output(const ArrowSchema& left_rows, const ArrowSchema& right_rows) const;
};

}  // namespace weir::join
