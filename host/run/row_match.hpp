// Row match: rows that a test expects, against those that came.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "manifest/tree.hpp"
#include "run/capture.hpp"

namespace weir::run {

struct MatchOptions {
  std::string what;          // begins each message: "branch 'big': "; empty: nothing
  bool ordered = false;      // else rows may come in any order
  bool all_columns = false;  // else columns that no expected row names are not looked at
  bool parts = false;        // objects in the rows need only have what is expected of them
};

// Tells each difference at the place of what was expected: a value, a row that did not come, a row too many, a column that is
// not there. A column that a row does not name is not compared in that row. Numbers are compared exactly, however they are
// spelled; doubles as doubles; dates and timestamps by what they mean. None: all is as expected.
std::vector<base::Error> differences(const manifest::Node& expected, const Captured& found,
                                     const MatchOptions& options);

// A value as it is shown in a difference: on one line, not too long.
std::string shown(const manifest::Node& value);

}  // namespace weir::run
