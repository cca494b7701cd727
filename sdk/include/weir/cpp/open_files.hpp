// How a format says that files of a stream may differ more than those of another.
#pragma once

#include <string_view>

namespace weir {

// A key of metadata on a schema of rows, with any value: the format gives null for a column that a file lacks, and can read
// any column as JSON text (kExtensionKey, "arrow.json"). So the host takes the union of the files' columns, and JSON text
// where nothing else holds the values of all.
inline constexpr std::string_view kOpenKey = "weir.open";

}  // namespace weir
