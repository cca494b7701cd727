// Totals as text, for a checkpoint.
#pragma once

#include <string>

#include "base/result.hpp"
#include "run/cut.hpp"

namespace weir::run {

std::string text_of(const Totals& totals);
// Of text_of(); anything else is DATA_LOSS.
base::Result<Totals> totals_of(const std::string& text);

}  // namespace weir::run
