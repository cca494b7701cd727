// Reader: the extractor: the rows of a table, or of a query, in one split.
//
// There is one split because there is one snapshot: a statement sees the database as it was when it began, whatever others
// write meanwhile; two connections would see two states, and rows could be missing, or twice, between them.
#pragma once

#include <weir/weir.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "database.hpp"
#include "query.hpp"
#include "result_column.hpp"
#include "sample.hpp"

namespace weir::sqlite {

// Threads: one caller at a time, but cancel().
class SqliteReader : public Reader {
 public:
  static bool plan(const Context& context, std::string_view state, const Plan& plan);

  // Opens the database and runs the statement as far as it takes to tell the types.
  SqliteReader(const Context& context, const weir_split& split, std::string_view position, const Outputs& outputs);

  // Pushes one batch: 65,536 rows or 4 MiB, or all that are left.
  std::int32_t read(std::int64_t deadline, const Next& next) override;
  void cancel() noexcept override { database_.cancel(); }

 private:
  // Takes rows into the sample while columns are open; true if that was all of them.
  bool take_sample(bool open);
  void choose_types();
  // Steps to the next row; false behind the last one.
  bool step();
  // Where the row's values come from: the sample first, then the statement.
  Value value(std::size_t column) const;
  // Puts the row's values at `row`; false if it was rejected.
  bool put_row(std::size_t row, const Next& next);
  void reject(std::size_t column, const char* reason, const Next& next) const;
  void push(std::size_t rows, const Next& next);

  Wanted wanted_;
  Database database_;
  Statement statement_;  // after its database: goes before it
  Sample sample_;
  Schema schema_;
  std::vector<ResultColumn> columns_;
  std::vector<std::uint32_t> origins_;  // of the batch's rows, once one was rejected
  std::int64_t base_ = 0;               // rows of the result before the batch
  std::int64_t at_ = 0;                 // rows of the result so far
  bool rejected_ = false;               // some row of the batch
  bool sampled_all_ = false;
};

}  // namespace weir::sqlite
