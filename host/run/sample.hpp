// Sample: the first rows at each place of a pipeline, in memory. Nothing is loaded, and no state is touched.
#pragma once

#include <string>
#include <vector>

#include "arrow/shared.hpp"
#include "run/plan.hpp"
#include "run/run.hpp"

namespace weir::run {

// The rows that left the sources or a link by one of its outputs.
struct SampledPort {
  std::string link;
  std::uint64_t output = 0;
  std::uint64_t outputs = 1;  // of the link
  bool loaded = false;        // whether a load gets them
  weir::Schema schema;
  std::vector<arrow::SharedArray> batches;
  std::uint64_t rows = 0;
  bool complete = false;  // whether these are all rows that there were
};

struct Sample {
  std::vector<std::shared_ptr<const plugins::Library>> libraries;  // whose code lets go of the rows: gone after them
  std::vector<SampledPort> ports;                                  // the sources' first, then the links' in their order
};

// Takes the first rows at each port of the pipeline that `options` ask for, at most `rows` of each: reads until all have
// theirs, or the input is at its end. Rejects are left out where the manifest keeps them, else the first is the error.
base::Result<Sample> sample_manifest(const RunOptions& options, const RunWatch& watch, std::uint64_t rows);

// The same of a plan that was settled; its loads are replaced. The rows must go before the plan.
base::Result<std::vector<SampledPort>> sample(Plan& plan, std::uint64_t rows);

}  // namespace weir::run
