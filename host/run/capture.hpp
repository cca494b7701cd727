// Capture: a load that keeps its rows in memory, for tests of a manifest.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "manifest/tree.hpp"
#include "pipeline/load.hpp"

namespace weir::run {

// What came to one load, in order. Read it when the writers are closed.
struct Captured {
  weir::Schema schema;
  std::vector<manifest::Node> rows;  // objects; numbers as weir spells them
};

// `captured` is lent, and outlives the load and its writers.
std::unique_ptr<pipeline::Load> make_capture(std::string link, Captured& captured);

}  // namespace weir::run
