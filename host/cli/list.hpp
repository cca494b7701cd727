// Lists: rows of short texts in columns, for a terminal of any width; nothing is cut.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace weir::cli {

using ListRow = std::vector<std::string>;

// Each row a line, columns as wide as what stands in them, two blanks between. From column `numbers` on texts stand at the right.
std::string list_text(const std::vector<ListRow>& rows, std::size_t numbers, const std::string& indent = {});

}  // namespace weir::cli
