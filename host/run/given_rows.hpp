// Given rows: what a test gives in place of the extractor's rows, made into columns.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipeline/source.hpp"
#include "run/given_types.hpp"

namespace weir::run {

struct GivenRows {
  weir::Schema schema;
  weir::Array rows;
  std::vector<std::uint32_t> offsets;              // where each row begins in `source`
  std::shared_ptr<const manifest::Source> source;  // the manifest; null: nobody wrote a row
};

// Makes columns of a list of objects. A column's type is what `types` says (of two, the later), else what its values show:
// bool, int64, double, date, timestamp, string, structs and lists of those; nothing: null. Columns stand in the order in
// which rows, then `types.wanted`, name them. Errors: manifest.type, at the value or the type's name.
base::Result<GivenRows> make_given_rows(const manifest::Node& rows, const GivenTypes& types);

// A source that reads them once, under the name of `link`.
std::unique_ptr<pipeline::Source> make_given_source(GivenRows rows, std::string link);

}  // namespace weir::run
