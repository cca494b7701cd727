// The options of `select`, checked against the columns of the input.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <weir/weir.hpp>

namespace weir::expr {

struct PickedColumn {
  std::int64_t from;  // column of the input
  std::string name;   // in the output
  std::string type;   // as `cast` says it; empty: as it is
};

// The columns of the output, in order. Throws Failure.
std::vector<PickedColumn> picked_columns(const Config& config, const ArrowSchema& input);

}  // namespace weir::expr
