// Given types: what is known, before a row is looked at, of the types of the rows that a test gives.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "manifest/manifest.hpp"
#include "plugins/registry.hpp"
#include "run/naive_zone.hpp"

namespace weir::run {

// A type by column: a text that names it.
using ColumnTypes = std::vector<std::pair<std::string, manifest::Node>>;

struct GivenTypes {
  ColumnTypes wanted;  // by the test; such a column is there even if no row has it
  ColumnTypes known;   // by the extractor or its format
  std::optional<NaiveZone>
      zone;  // of timestamps without one, where whoever reads the extractor's texts has `times: naive`
};

// Errors: manifest.type, of a zone that this machine does not know.
base::Result<GivenTypes> given_types(const manifest::Manifest& manifest, const manifest::Case& one,
                                     const plugins::Registry& registry);

}  // namespace weir::run
