// Rows: what a DatasetSnapshot holds.
#pragma once

#include <cstdint>
#include <vector>

#include <weir/api/record.hpp>
#include <weir/arrow.hpp>

#include "arrow/shared.hpp"

namespace weir::api {

struct DatasetSnapshot::Rows {
  weir::Schema schema;
  std::vector<ColumnInfo> columns;
  std::vector<arrow::SharedArray> batches;  // none is empty
  std::uint64_t total_count = 0;
  bool complete = false;
  std::int64_t taken_unix_ns = 0;
};

// `batches` of `schema`, which is copied; empty ones are left out.
DatasetSnapshot make_snapshot(const ArrowSchema& schema, std::vector<arrow::SharedArray> batches, bool complete,
                              std::int64_t taken_unix_ns);

}  // namespace weir::api
