// Rows: what a DatasetSnapshot holds.
#pragma once

#include <cstdint>
#include <vector>

#include <weir/api/record.hpp>
#include <weir/arrow.hpp>

#include "arrow/shared.hpp"
#include "run/sample.hpp"

namespace weir::api {

struct DatasetSnapshot::Rows {
  std::vector<std::shared_ptr<const plugins::Library>> libraries;  // whose code lets go of the batches: gone after them
  weir::Schema schema;
  std::vector<ColumnInfo> columns;
  std::vector<arrow::SharedArray> batches;  // none is empty
  std::uint64_t total_count = 0;
  bool complete = false;
  std::int64_t taken_unix_ns = 0;
};

// The rows of one port of a sample.
DatasetSnapshot make_snapshot(run::Sample sample, std::size_t port, std::int64_t taken_unix_ns);

}  // namespace weir::api
