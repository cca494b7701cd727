// Preview: the first rows after each link of a plan. Nothing is written, committed or remembered.
#pragma once

#include <string>
#include <vector>

#include "run/plan.hpp"

namespace weir::run {

struct PreviewOptions {
  std::size_t rows = 10;  // of each table
  std::string link;       // what leaves it alone; empty: all
};

// What leaves the sources, or a link by one output.
struct PreviewTable {
  std::string link, component;
  std::uint64_t output = 0;
  weir::Schema schema;
  std::vector<weir::Array> rows;  // batches of it, one row at least each; the host's own: no plugin need be there
  std::uint64_t count = 0;        // rows in them
  bool loaded = false;            // whether a load gets them
};

struct Preview {
  std::string name;                  // of the pipeline
  std::vector<PreviewTable> tables;  // the sources', then each link's
  std::vector<pipeline::Reject> rejects;
  std::uint64_t rejected = 0;  // of the rows that were read; rejects has the first of them
  std::uint64_t rows_read = 0;
  bool whole = false;  // all rows there are were read
  std::string stream;  // which of the pipeline's; empty: it has none
};

// Reads until each table has its rows, all is read, or enough was read in vain. Links that keep rows back are told that
// the input has ended: what they then give is of the rows that were read. Errors: usage.link; as a run. Threads: [main].
base::Result<Preview> preview(Plan& plan, const PreviewOptions& options);

}  // namespace weir::run
