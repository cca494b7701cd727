// The options of `mask`, checked against the columns of the input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <weir/weir.hpp>

#include "detect.hpp"
#include "masker.hpp"

namespace weir::mask {

struct MaskedColumn {
  std::int64_t column = 0;
  Method method;
};

struct Settings {
  std::vector<MaskedColumn> columns;
  std::vector<std::int64_t> searched;   // columns of text in which personal data is looked for
  std::vector<std::string> unsearched;  // those that may hold some, but not as plain text
  Kinds kinds;
  Method detected;
};

// Throws a Failure (fault manifest) that points to the option at fault. Never shows the key.
Settings settings_of(const Config& config, const ArrowSchema& input);

// The types of text that a column may have.
bool is_text(const ArrowSchema& field);

}  // namespace weir::mask
