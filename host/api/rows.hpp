// Rows: what a DatasetSnapshot holds.
#pragma once

#include <cstdint>
#include <vector>

#include <weir/api/record.hpp>
#include <weir/arrow.hpp>

#include "run/preview.hpp"

namespace weir::api {

struct DatasetSnapshot::Rows {
  weir::Schema schema;
  std::vector<ColumnInfo> columns;
  std::vector<weir::Array> batches;  // none is empty; the host's own: no plugin need be there
  std::uint64_t total_count = 0;
  bool complete = false;
  std::int64_t taken_unix_ns = 0;
};

// The rows of a preview's table; `complete`: all there are.
DatasetSnapshot make_snapshot(run::PreviewTable table, bool complete, std::int64_t taken_unix_ns);

}  // namespace weir::api
