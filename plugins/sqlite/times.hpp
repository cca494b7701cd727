// Times: when a row's change counts, of versions and of marks: a column of the rows says it, or it is the time of the run.
//
//   _weir_times(id INTEGER PRIMARY KEY, run TEXT, target TEXT, time INTEGER, UNIQUE(run, target))
//
// The time of a run, in microseconds since 1970 (UTC), is one for all rows of a table. It is noted in the transaction of the first
// epoch, so that a run that was killed and goes on has it still; and it is behind those of all runs before, whatever the clock says.
#pragma once

#include <weir/weir.hpp>

#include <memory>
#include <string>

#include "column.hpp"
#include "database.hpp"
#include "settings.hpp"

namespace weir::sqlite {

// The time of context's run for a table, as it is kept; it gets one if it has none. Precondition: a transaction is open.
std::string time_of_run(Database& database, const Context& context, const std::string& table);

// Gives the times of rows. Threads: one caller at a time.
class Times {
 public:
  Times(const ArrowSchema& input, const Layout& layout);

  // Finds the time of context's run, or gives it one, if the rows don't have theirs. Precondition: a transaction is open.
  void begin(Database& database, const Context& context, const std::string& table);
  void attach(const Batch& batch);
  // The time of a row: a null or refused value is one that the row may not have. Lent until the next call.
  Value at(std::int64_t row) { return column_ ? column_->at(row) : Value::text(of_run_); }
  // Whether the table's times can be compared with these: texts of the same length, with or without a zone alike.
  bool sorts_with(const std::string& text) const;

 private:
  std::int64_t input_column_;
  std::string type_;
  Schema field_;
  std::unique_ptr<Column> column_;  // of field_
  std::string of_run_;
  std::size_t length_ = 0;
  bool zoned_ = true;
};

}  // namespace weir::sqlite
