// Sample: what a component is tried with. A component says it in `conformance`, beside its schema (docs/conformance.md); of one
// that does not, options are the first examples of what its schema requires, and rows have a column of each common type.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <weir/arrow.hpp>

#include "base/result.hpp"
#include "plugins/info.hpp"

namespace weir::conformance {

struct SampleFile {
  std::string name;  // below the folder that the options start from
  std::string bytes;
};

struct Sample {
  nlohmann::ordered_json options;  // as a manifest has them
  weir::Schema columns;            // of the rows that it is given
  std::vector<SampleFile> files;   // there before it is asked
  std::string document;            // what a format reads, a codec expands, if it makes none itself
  std::string filled_by;           // a loader of the same plugin that fills its place with rows; empty: none does
};

// Reads it of what a component says of itself. The error says what is wrong with `conformance`.
base::Result<Sample> sample_of(const plugins::ComponentInfo& component);

// Checks and completes options as a manifest's are that stands in `folder`.
base::Result<nlohmann::ordered_json> completed(const plugins::ComponentInfo& component,
                                               const nlohmann::ordered_json& options,
                                               const std::filesystem::path& folder);

enum class Nulls { none, some, all };

struct RowStyle {
  Nulls nulls = Nulls::some;   // of columns that may be null, but the first
  std::size_t text_bytes = 0;  // to which texts are made longer
};

// Makes rows [first, first + count) of an endless table of these columns: small values, the first column different in
// each row. Any type that crosses; the same each time.
weir::Array sample_rows(const ArrowSchema& columns, std::int64_t first, std::int64_t count, RowStyle style = {});

}  // namespace weir::conformance
